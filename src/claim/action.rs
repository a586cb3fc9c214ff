//! Holding the figures of a draft against what a unit logged in a year. Nothing is stored.

use crate::{
    catalogue,
    domain::{
        alias::Vocabulary,
        catalogue::Catalogue,
        claim::{
            self, Claim, Known, Number, Subject, When, Why,
            place::{Place, place},
            verdict::{Verdict, judge},
        },
        measure::{Measure, Total, Wording},
        period::{Day, Period},
        problem::Problems,
        unit::Unit,
        wording,
    },
    error::{Error, Result},
    figure::{self, Filter},
    key_date,
    locale::Locale,
    plan,
    report::{self, action::YEARS},
    server::{context::Ctx, db::Conn},
    unit,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The most characters of a draft: some sixty pages.
pub const LONGEST: usize = 60_000;

/// The measure's name under which the number of campaigns is told, as the indicator's.
pub const CAMPAIGNS: &str = "campaigns";

/// A draft with its figures.
#[derive(Debug)]
pub struct Checked {
    pub unit: Unit,
    pub year: i32,
    /// The draft with its line ends made one kind: places are counted in it.
    pub text: String,
    pub figures: Vec<Figure>,
}

/// A figure of a draft, held against the log.
#[derive(Debug)]
pub struct Figure {
    pub claim: Claim,
    /// As it stands in the draft.
    pub text: String,
    pub verdict: Verdict,
    pub why: Option<Why>,
    /// The measures that it counts; none for campaigns and what is unknown.
    pub measures: Vec<Measure>,
    /// The theme on which alone they are counted: its key and name.
    pub theme: Option<(String, String)>,
    /// What is logged; none for what is unknown.
    pub logged: Option<Total>,
    /// The figure in official words; none where nothing is logged.
    pub proposed: Option<String>,
    /// The time that was looked at.
    pub period: Period,
    /// The unit below the draft's own that the sentence names: its code and name.
    pub unit: Option<(String, String)>,
}

impl Figure {
    /// The key of the first measure.
    pub fn measure(&self) -> Option<&str> {
        match self.claim.subject {
            Subject::Campaigns => Some(CAMPAIGNS),
            _ => self.measures.first().map(|measure| measure.key.as_str()),
        }
    }
}

impl Checked {
    /// The draft with every figure that the log does not carry in the words that it carries.
    pub fn corrected(&self) -> String {
        let chars: Vec<char> = self.text.chars().collect();
        let (mut text, mut place) = (String::new(), 0);
        for figure in &self.figures {
            let Some(proposed) = figure.proposed.as_ref().filter(|_| figure.verdict == Verdict::HigherThanLogged)
            else {
                continue;
            };
            text.extend(&chars[place..figure.claim.start]);
            text.push_str(proposed);
            place = figure.claim.end;
        }
        text.extend(&chars[place..]);
        text
    }

    pub fn count(&self, verdict: Verdict) -> usize {
        self.figures.iter().filter(|figure| figure.verdict == verdict).count()
    }
}

/// Checks a draft for somebody who may read the unit.
///
/// # Errors
/// What is missing or cannot be read, by field; [`Error::NotFound`] for a unit that may not be read.
pub async fn check(ctx: &Ctx, unit: &str, year: &str, text: &str) -> Result<Checked> {
    let locale = ctx.locale;
    let scope = ctx.scope()?;
    let mut problems = Problems::default();
    if unit.is_empty() {
        problems.add("unit", locale.report_unit_missing());
    }
    let year = year.trim().parse::<i32>().ok().filter(|year| YEARS.contains(year));
    if year.is_none() {
        problems.add("year", locale.report_year_odd(YEARS.start(), YEARS.end()));
    }
    if text.trim().is_empty() {
        problems.add("text", locale.claim_empty());
    } else if text.chars().count() > LONGEST {
        problems.add("text", locale.claim_too_long(LONGEST));
    }
    problems.into_result(())?;
    let year = year.ok_or_else(|| Error::internal("a checked year"))?;
    let mut conn = ctx.db.read().await?;
    let unit = unit::store::by_code(&mut conn, &scope, unit).await?;
    let sight = Sight::load(&mut conn, &unit, year).await?;
    let known = Known {
        year,
        catalogue: &sight.catalogue,
        vocabulary: &sight.vocabulary,
        phrases: &sight.phrases,
        key_dates: &sight.key_dates,
    };
    let claims = claim::find(text, &known);
    let chars: Vec<char> = text.chars().collect();
    let mut log =
        Log { conn: &mut conn, unit: &unit, today: ctx.today, totals: HashMap::new(), stocks: HashMap::new() };
    let below = unit::store::at_and_below(log.conn, &unit).await?;
    let below: Vec<Unit> = below.into_iter().filter(|one| one.id != unit.id).collect();
    let names: Vec<(i64, String)> = below.iter().map(|one| (one.id, one.short_name.clone())).collect();
    let mut figures = Vec::new();
    for claim in claims {
        let period = match claim.when {
            When::Within(period, ..) => period,
            When::Year | When::Unclear(..) => Period::year(year),
        };
        let text: String = chars[claim.start..claim.end].iter().collect();
        figures.push(match place(&chars[..claim.start], &names) {
            Place::At(id) if let Some(named) = below.iter().find(|one| one.id == id) => {
                let mut own = Log {
                    conn: &mut *log.conn,
                    unit: named,
                    today: ctx.today,
                    totals: HashMap::new(),
                    stocks: HashMap::new(),
                };
                let figure = own.hold(claim, text, period, &sight).await?;
                Figure { unit: Some((named.code.clone(), named.short_name.clone())), ..figure }
            }
            found => {
                let figure = log.hold(claim, text, period, &sight).await?;
                match (found, figure.verdict) {
                    // What is above the whole is above its parts too; what is not, may be.
                    (Place::Several, Verdict::Supported) => {
                        Figure { verdict: Verdict::Unknown, why: Some(Why::Places), ..figure }
                    }
                    _ => figure,
                }
            }
        });
    }
    drop(conn);
    Ok(Checked { unit, year, text: text.to_owned(), figures })
}

/// What a unit reads drafts with.
struct Sight {
    catalogue: Catalogue,
    vocabulary: Vocabulary,
    phrases: Vec<claim::Phrase>,
    wordings: BTreeMap<i64, Wording>,
    key_dates: Vec<(String, Period)>,
}

impl Sight {
    async fn load(conn: &mut Conn, unit: &Unit, year: i32) -> Result<Sight> {
        let mut catalogue = catalogue::store::everything_for(conn, unit).await?;
        // What is in force for the unit, and what those below it count besides: the report tells it too.
        let mut owners: BTreeSet<i64> = unit.ancestry().into_iter().collect();
        owners.extend(unit::store::at_and_below(conn, unit).await?.into_iter().map(|unit| unit.id));
        catalogue.measures.retain(|one| one.unit_id.is_none_or(|owner| owners.contains(&owner)));
        let wordings = catalogue::store::wordings(conn, unit).await?;
        let worded = catalogue.active_measures().map(|one| (one, wordings.get(&one.id).unwrap_or(&one.wording)));
        let phrases = claim::phrases(worded);
        let occurrences = key_date::action::occurrences(conn, unit, Period::year(year)).await?;
        let key_dates = occurrences.into_iter().map(|one| (one.name, one.period)).collect();
        let vocabulary = Vocabulary::of(&catalogue);
        Ok(Sight { catalogue, vocabulary, phrases, wordings, key_dates })
    }

    fn wording<'a>(&'a self, measure: &'a Measure) -> &'a Wording {
        self.wordings.get(&measure.id).unwrap_or(&measure.wording)
    }
}

/// What is logged, each period read once.
struct Log<'a> {
    conn: &'a mut Conn,
    unit: &'a Unit,
    today: Day,
    totals: HashMap<(Period, Option<i64>), BTreeMap<i64, Total>>,
    stocks: HashMap<Day, BTreeMap<i64, i64>>,
}

impl Log<'_> {
    async fn hold(&mut self, claim: Claim, text: String, period: Period, sight: &Sight) -> Result<Figure> {
        let (mut measures, mut theme, mut logged, mut proposed) = (Vec::new(), None, None, None);
        match &claim.subject {
            Subject::Unknown(_) => {}
            Subject::Campaigns => {
                let count = self.campaigns(period).await?;
                logged = Some(Total { exact: count, ..Total::default() });
                let word = claim.unit_word.clone().unwrap_or_default();
                proposed = (count > 0).then(|| format!("{count}{word}"));
            }
            Subject::Measures { keys, each, theme: on, .. } => {
                let found = on.as_ref().and_then(|key| sight.catalogue.theme(key));
                theme = found.map(|one| (one.key.clone(), one.name.clone()));
                let theme_id = found.map(|one| one.id);
                // In the catalogue's order, as the report puts a figure that several share.
                let found = sight.catalogue.active_measures().filter(|one| keys.contains(&one.key));
                measures = found.cloned().collect::<Vec<_>>();
                let mut parts = Vec::new();
                for measure in &measures {
                    parts.push(self.total(measure, period, theme_id).await?);
                }
                let total = match each {
                    true => parts.into_iter().min_by_key(|total| total.lower_bound()).unwrap_or_default(),
                    false => parts.into_iter().sum(),
                };
                logged = Some(total);
                proposed = measures.first().filter(|_| total.total() > 0).map(|first| {
                    let word = claim::unit_word(&claim, &first.unit_word);
                    wording::official(total, sight.wording(first), word, Locale::Zh)
                });
            }
        }
        let (verdict, why) = judge(&claim, logged);
        Ok(Figure { claim, text, verdict, why, measures, theme, logged, proposed, period, unit: None })
    }

    async fn total(&mut self, measure: &Measure, period: Period, theme: Option<i64>) -> Result<Total> {
        if measure.is_stock {
            let day = period.to.min(self.today.max(period.from));
            if !self.stocks.contains_key(&day) {
                let stocks = stocks(self.conn, self.unit, day).await?;
                self.stocks.insert(day, stocks);
            }
            let exact = self.stocks.get(&day).and_then(|all| all.get(&measure.id)).copied().unwrap_or_default();
            return Ok(Total { exact, ..Total::default() });
        }
        let place = (period, theme);
        if !self.totals.contains_key(&place) {
            let filter = Filter { theme, ..Filter::default() };
            let totals = figure::store::total_by_measure(self.conn, self.unit, period, &filter).await?;
            self.totals.insert(place, totals);
        }
        Ok(self.totals.get(&place).and_then(|all| all.get(&measure.id)).copied().unwrap_or_default())
    }

    /// How many campaigns the report counts.
    async fn campaigns(&mut self, period: Period) -> Result<i64> {
        let joined = figure::store::by_campaign(self.conn, self.unit, period, &Filter::default()).await?;
        let joined: BTreeSet<i64> = joined.keys().map(|(campaign, _)| *campaign).collect();
        let campaigns = report::store::campaigns(self.conn, self.unit, period, self.today, &joined).await?;
        i64::try_from(campaigns.len()).map_err(Error::internal)
    }
}

/// The stocks of a unit as of a day: of each unit what stands below it added up, or its own value where that is more, so that
/// what a town typed and what its villages typed is not counted twice.
async fn stocks(conn: &mut Conn, root: &Unit, day: Day) -> Result<BTreeMap<i64, i64>> {
    let rows = plan::entry_store::stocks_as_of(conn, root, day).await?;
    let mut units = unit::store::at_and_below(conn, root).await?;
    units.sort_by_key(|unit| std::cmp::Reverse(unit.path.matches('/').count()));
    let mut all = BTreeMap::new();
    for (measure, own) in rows {
        let mut below: HashMap<i64, i64> = HashMap::new();
        let mut whole = 0;
        for unit in &units {
            let sum = below.get(&unit.id).copied().unwrap_or_default();
            whole = sum.max(own.get(&unit.id).copied().unwrap_or_default());
            if let Some(parent) = unit.parent_id {
                *below.entry(parent).or_default() += whole;
            }
        }
        all.insert(measure, whole);
    }
    Ok(all)
}

/// What a figure says, as a number.
pub fn value(number: Number) -> f64 {
    match number {
        Number::Count(value, _) => value as f64,
        Number::Share(value) => value,
    }
}
