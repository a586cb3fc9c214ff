//! What is logged of what a figure is about. Sums are read by the handful: all months of a year at once, all units at once, and
//! each only the first time that it is asked for.

use super::{
    action::{Against, Figure},
    sight::Sight,
};
use crate::{
    domain::{
        claim::{
            self, Claim, Number, Said, Subject, When, Why,
            about::{Doubt, Place, Topic},
            verdict::{self, Grown, Verdict, hold},
        },
        measure::{Measure, Total},
        period::{Day, Month, Period},
        unit::{Unit, UnitKind},
        wording,
    },
    error::{Error, Result},
    figure::{self, Cut, Filter, Time, Units},
    locale::Locale,
    plan, report,
    server::db::Conn,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most sums, each of one time, theme and campaign, that one draft is held against: more than a report of a hundred pages
/// asks for.
pub const MOST_SUMS: usize = 200;

/// The measure whose sums count activities.
const ACTIVITIES: i64 = 0;

/// Which sums are read together.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Asked {
    period: Period,
    /// Whole months of one year are read with all its other months.
    monthly: bool,
    /// Whether units are told apart.
    by_unit: bool,
    filter: Filter,
}

type Sums = BTreeMap<figure::store::Place, Total>;

/// What is logged at a unit and below.
pub struct Log<'a> {
    conn: &'a mut Conn,
    unit: &'a Unit,
    below: &'a [Unit],
    today: Day,
    sums: HashMap<Asked, Sums>,
    stocks: HashMap<Day, Stocks>,
    campaigns: HashMap<(i64, Period), Vec<i64>>,
}

/// The same figure's sum: at its place, and wherever.
struct Both {
    own: Total,
    wide: Total,
}

impl<'a> Log<'a> {
    pub fn new(conn: &'a mut Conn, unit: &'a Unit, below: &'a [Unit], today: Day) -> Log<'a> {
        Log { conn, unit, below, today, sums: HashMap::new(), stocks: HashMap::new(), campaigns: HashMap::new() }
    }

    /// Holds a figure of a draft on `year` against what is logged. Of several readings of its words one that is carried is
    /// taken, else the one of which most is logged.
    pub async fn hold(&mut self, claim: Claim, text: String, year: i32, sight: &Sight) -> Result<Figure> {
        let worth = |figure: &Figure| {
            let verdict = match figure.verdict {
                Verdict::Supported => 2,
                Verdict::Unknown => 1,
                Verdict::HigherThanLogged => 0,
            };
            (verdict, figure.logged.map(|total| total.total()))
        };
        let mut readings = claim.subject.readings().into_iter();
        let first = readings.next().unwrap_or(Subject::Unknown(Why::NoMeasure));
        let mut best = self.hold_one(Claim { subject: first, ..claim.clone() }, text.clone(), year, sight).await?;
        for subject in readings {
            let other = self.hold_one(Claim { subject, ..claim.clone() }, text.clone(), year, sight).await?;
            if worth(&other) > worth(&best) {
                best = other;
            }
        }
        Ok(best)
    }

    async fn hold_one(&mut self, mut claim: Claim, text: String, year: i32, sight: &Sight) -> Result<Figure> {
        let period = match claim.when {
            When::Within(period, ..) => period,
            When::Year | When::Unclear(..) => Period::year(year),
        };
        let mut against = self.against(&claim, period, sight);
        let mut figure = Figure {
            text,
            verdict: Verdict::Unknown,
            why: None,
            measures: Vec::new(),
            logged: None,
            wide: None,
            former: None,
            proposed: None,
            against: against.clone(),
            claim: claim.clone(),
        };
        match &claim.subject {
            Subject::Unknown(_) => {}
            Subject::Activities { .. } => {
                let Some(both) = self.both(ACTIVITIES, &against).await? else {
                    return Ok(Figure { why: Some(Why::TooMany), ..figure });
                };
                let count = both.own.exact;
                figure.logged = Some(both.own);
                figure.wide = against.is_narrow().then_some(both.wide);
                let word = claim.unit_word.clone().unwrap_or_default();
                figure.proposed = (count > 0).then(|| format!("{count}{word}"));
            }
            Subject::Campaigns => {
                // 禁毒专项行动3次 are no three campaigns.
                if claim.about.doubt.is_none() && matches!(claim.about.topic, Topic::Campaign(_)) {
                    claim.about.doubt = Some(Doubt { why: Why::Wider, start: claim.start, end: claim.end });
                    against.campaign = None;
                }
                against.kind = None;
                let count = self.campaigns(&against, sight).await?;
                figure.logged = Some(Total { exact: count, ..Total::default() });
                let word = claim.unit_word.clone().unwrap_or_default();
                figure.proposed = (count > 0).then(|| format!("{count}{word}"));
            }
            Subject::Measures { keys, each, .. } => {
                figure.measures = measures(sight, keys);
                // A stock is of no theme and no campaign.
                if figure.measures.iter().all(|one| one.is_stock) {
                    (against.theme, against.campaign) = (None, None);
                }
                let Some(both) = self.total(&figure.measures, *each, &against).await? else {
                    return Ok(Figure { why: Some(Why::TooMany), ..figure });
                };
                figure.logged = Some(both.own);
                figure.wide = against.is_narrow().then_some(both.wide);
                figure.proposed = proposed(&claim, &figure, sight);
            }
            Subject::Growth { keys, .. } => {
                figure.measures = measures(sight, keys);
                let before = Against { period: year_before(period), ..against.clone() };
                let now = self.total(&figure.measures, false, &against).await?;
                let then = self.total(&figure.measures, false, &before).await?;
                let (Some(now), Some(then)) = (now, then) else {
                    return Ok(Figure { why: Some(Why::TooMany), ..figure });
                };
                let (verdict, why, grown) = verdict::grow(&claim, now.own, then.own);
                figure.proposed = grown.map(|grown| grown_words(&claim, grown));
                (figure.logged, figure.former) = (Some(now.own), Some(then.own));
                return Ok(Figure { verdict, why, against, claim, ..figure });
            }
        }
        let (verdict, why) = hold(&claim, figure.logged, figure.wide);
        Ok(Figure { verdict, why, against, claim, ..figure })
    }

    fn against(&self, claim: &Claim, period: Period, sight: &Sight) -> Against {
        let (place, topic) = (&claim.about.place, &claim.about.topic);
        let unit = self.below.iter().find(|one| *place == Place::At(one.id)).cloned();
        let kind = if let Place::Kind(kind) = place { Some(*kind) } else { None };
        let theme = if let Topic::Theme(key) = topic { sight.catalogue.theme(key).cloned() } else { None };
        let campaign = sight.campaigns.iter().find(|one| *topic == Topic::Campaign(one.id)).cloned();
        Against { period, unit, kind, theme, campaign }
    }

    /// What is logged of these measures; `None` where a draft has asked for too much.
    async fn total(&mut self, measures: &[Measure], each: bool, against: &Against) -> Result<Option<Both>> {
        let (mut own, mut wide) = (Vec::new(), Vec::new());
        for measure in measures {
            if measure.is_stock {
                let day = against.period.to.min(self.today.max(against.period.from));
                own.push(self.stock(measure, day, against).await?);
                wide.push(self.stock(measure, day, &Against { unit: None, kind: None, ..against.clone() }).await?);
                continue;
            }
            let Some(both) = self.both(measure.id, against).await? else { return Ok(None) };
            own.push(both.own);
            wide.push(both.wide);
        }
        let whole = |parts: Vec<Total>| match each {
            true => parts.into_iter().min_by_key(|total| total.lower_bound()).unwrap_or_default(),
            false => parts.into_iter().sum(),
        };
        Ok(Some(Both { own: whole(own), wide: whole(wide) }))
    }

    /// What is logged of a measure, or of activities, at its place and wherever.
    async fn both(&mut self, measure: i64, against: &Against) -> Result<Option<Both>> {
        let filter = Filter {
            theme: against.theme.as_ref().map(|one| one.id),
            campaign: against.campaign.as_ref().map(|one| one.id),
            ..Filter::default()
        };
        let narrow = self.sum(measure, against.period, filter, against).await?;
        let whole = Against { unit: None, kind: None, ..against.clone() };
        // What all units logged on the theme; of a theme alone, what was logged on any.
        let is_placed = against.unit.is_some() || against.kind.is_some();
        let all = if is_placed { filter } else { Filter::default() };
        let all = self.sum(measure, against.period, all, &whole).await?;
        Ok(narrow.zip(all).map(|(own, wide)| Both { own, wide }))
    }

    async fn sum(&mut self, measure: i64, period: Period, filter: Filter, against: &Against) -> Result<Option<Total>> {
        let (first, last) = (Month::of(period.from), Month::of(period.to));
        let is_year = period == Period::year(first.year());
        let monthly =
            !is_year && period.from == first.first() && period.to == last.last() && first.year() == last.year();
        let read = if monthly { Period::year(first.year()) } else { period };
        let by_unit = against.unit.is_some() || against.kind.is_some();
        let asked = Asked { period: read, monthly, by_unit, filter };
        if !self.sums.contains_key(&asked) {
            if self.sums.len() >= MOST_SUMS {
                return Ok(None);
            }
            let cut = Cut {
                units: if by_unit { Units::Own } else { Units::Whole },
                time: if monthly { Time::Month } else { Time::Whole },
                ..Cut::default()
            };
            let sums = figure::store::read(self.conn, self.unit, read, &filter, cut).await?;
            self.sums.insert(asked, sums);
        }
        let path = |id: i64| self.below.iter().find(|one| one.id == id);
        let belongs = |id: i64| match (&against.unit, against.kind) {
            (Some(unit), _) => path(id).is_some_and(|one| one.path.starts_with(&unit.path)),
            (None, Some(kind)) => path(id).is_some_and(|one| one.kind.answers_to(kind)),
            (None, None) => true,
        };
        let within = |time: i64| !monthly || (first.index()..=last.index()).contains(&time);
        let sums = self.sums.get(&asked).into_iter().flatten();
        let parts =
            sums.filter(|(place, _)| place.measure_id == measure && within(place.time) && belongs(place.unit_id));
        let sum: Total = parts.map(|(_, total)| *total).sum();
        let counted = Total { exact: sum.activities, activities: sum.activities, ..Total::default() };
        Ok(Some(if measure == ACTIVITIES { counted } else { sum }))
    }

    async fn stock(&mut self, measure: &Measure, day: Day, against: &Against) -> Result<Total> {
        if !self.stocks.contains_key(&day) {
            let stocks = Stocks::read(self.conn, self.unit, self.below, day).await?;
            self.stocks.insert(day, stocks);
        }
        let Some(stocks) = self.stocks.get(&day) else { return Ok(Total::default()) };
        let exact = match (&against.unit, against.kind) {
            (Some(unit), _) => stocks.whole(measure.id, unit.id),
            (None, Some(kind)) => stocks.of_kind(measure.id, kind, self.below),
            (None, None) => stocks.whole(measure.id, self.unit.id),
        };
        Ok(Total { exact, ..Total::default() })
    }

    /// How many campaigns the report counts, on the theme where one is named.
    async fn campaigns(&mut self, against: &Against, sight: &Sight) -> Result<i64> {
        let unit = against.unit.as_ref().unwrap_or(self.unit);
        let asked = (unit.id, against.period);
        if !self.campaigns.contains_key(&asked) {
            let joined = figure::store::by_campaign(self.conn, unit, against.period, &Filter::default()).await?;
            let joined: BTreeSet<i64> = joined.keys().map(|(campaign, _)| *campaign).collect();
            let found = report::store::campaigns(self.conn, unit, against.period, self.today, &joined).await?;
            self.campaigns.insert(asked, found);
        }
        let on_theme = |id: &&i64| match &against.theme {
            None => true,
            Some(theme) => {
                sight.campaigns.iter().any(|one| one.id == **id && one.themes.iter().any(|own| own.id == theme.id))
            }
        };
        let found = self.campaigns.get(&asked).into_iter().flatten().filter(on_theme).count();
        i64::try_from(found).map_err(Error::internal)
    }
}

/// In the catalogue's order, as the report puts a figure that several share.
fn measures(sight: &Sight, keys: &[String]) -> Vec<Measure> {
    sight.catalogue.active_measures().filter(|one| keys.contains(&one.key)).cloned().collect()
}

/// The same days of the year before.
fn year_before(period: Period) -> Period {
    let back = |day: Day| day.checked_sub_months(chrono::Months::new(12)).unwrap_or(day);
    let is_month_end = Month::of(period.to).last() == period.to;
    let to = back(period.to);
    let to = if is_month_end { Month::of(to).last() } else { to };
    Period::new(back(period.from), to).unwrap_or(period)
}

/// The figure in official words; of people the draft's own figure as attendances where there are so many.
fn proposed(claim: &Claim, figure: &Figure, sight: &Sight) -> Option<String> {
    let (first, total) = (figure.measures.first()?, figure.logged?);
    if total.total() == 0 {
        return None;
    }
    if let (Subject::Measures { people: true, .. }, Number::Count(value, said)) = (&claim.subject, claim.number)
        && verdict::carries(total, value, said)
        && said != Said::Below
    {
        let number = figure.text.trim_end();
        let number = claim.unit_word.as_deref().and_then(|word| number.strip_suffix(word)).unwrap_or(number);
        return Some(format!("{number}{}", first.unit_word));
    }
    let word = claim::unit_word(claim, &first.unit_word);
    Some(wording::official(total, sight.wording(first), word, Locale::Zh))
}

/// A growth as it may be written: rounded down, with as many places as the draft has.
fn grown_words(claim: &Claim, grown: Grown) -> String {
    match (grown, claim.number) {
        (Grown::By(more), _) => format!("{more}{}", claim.unit_word.as_deref().unwrap_or_default()),
        (Grown::Percent(percent), number) => {
            let said = if let Number::Share(said) = number { said } else { 0.0 };
            let places = [0, 1].into_iter().find(|places| (said * 10_f64.powi(*places)).fract() == 0.0).unwrap_or(2);
            let step = 10_f64.powi(places);
            format!("{}%", (percent * step + 1e-9).floor() / step)
        }
    }
}

/// The stocks as of a day, by measure and unit.
struct Stocks {
    own: BTreeMap<i64, BTreeMap<i64, i64>>,
    whole: BTreeMap<i64, HashMap<i64, i64>>,
}

impl Stocks {
    /// Of each unit what stands below it added up, or its own value where that is more, so that what a town typed and what its
    /// villages typed is not counted twice.
    async fn read(conn: &mut Conn, root: &Unit, below: &[Unit], day: Day) -> Result<Stocks> {
        let own = plan::entry_store::stocks_as_of(conn, root, day).await?;
        let mut units: Vec<&Unit> = below.iter().collect();
        units.sort_by_key(|unit| std::cmp::Reverse(unit.path.matches('/').count()));
        let mut all = BTreeMap::new();
        for (measure, own) in &own {
            let (mut sums, mut whole): (HashMap<i64, i64>, HashMap<i64, i64>) = (HashMap::new(), HashMap::new());
            for unit in &units {
                let sum = sums.get(&unit.id).copied().unwrap_or_default();
                let value = sum.max(own.get(&unit.id).copied().unwrap_or_default());
                whole.insert(unit.id, value);
                if let Some(parent) = unit.parent_id {
                    *sums.entry(parent).or_default() += value;
                }
            }
            all.insert(*measure, whole);
        }
        Ok(Stocks { own, whole: all })
    }

    fn whole(&self, measure: i64, unit: i64) -> i64 {
        self.whole.get(&measure).and_then(|all| all.get(&unit)).copied().unwrap_or_default()
    }

    fn of_kind(&self, measure: i64, kind: UnitKind, below: &[Unit]) -> i64 {
        let Some(own) = self.own.get(&measure) else { return 0 };
        let asked = below.iter().filter(|one| one.kind.answers_to(kind));
        asked.filter_map(|one| own.get(&one.id)).sum()
    }
}
