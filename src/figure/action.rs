//! Totals and coverage as programs and pages ask for them: by code and key, within the reader's scope.

use super::{Cut, Filter, Part, Time, Units, store};
use crate::{
    campaign, catalogue,
    domain::{
        access::Scope,
        catalogue::Catalogue,
        measure::Total,
        period::{Day, Month, Period},
        problem::Problems,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};
use std::collections::{BTreeMap, BTreeSet};

/// The longest period whose coverage is listed, in months.
const LONGEST: usize = 120;

/// The word for activities with no theme, or of no campaign.
pub const NONE: &str = "none";

/// What is asked for, as it was typed. Dates are ISO 8601; without, the current year.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub unit: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub by: Option<String>,
    pub measure: Option<String>,
    pub theme: Option<String>,
    pub campaign: Option<String>,
}

/// How the rows are told apart besides by measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct By {
    cut: Cut,
    quarters: bool,
}

/// One sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The measure's key.
    pub measure: String,
    /// 2021-06, 2021-Q2 or 2021.
    pub month: Option<String>,
    pub quarter: Option<String>,
    pub year: Option<i64>,
    /// A unit's code.
    pub unit: Option<String>,
    /// A key, or [`NONE`].
    pub theme: Option<String>,
    pub campaign: Option<String>,
    pub total: Total,
}

/// Sums, and what stands in several of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub rows: Vec<Sum>,
    /// By measure: parts − overlaps = whole.
    pub overlaps: BTreeMap<String, Total>,
    /// How many more parts than activities there are.
    pub activities_overlap: i64,
    /// Every activity once.
    pub activities: i64,
}

/// One unit in one month.
#[derive(Clone, Debug, PartialEq)]
pub struct Covered {
    pub unit: Unit,
    pub month: Month,
    pub activities: i64,
    /// Of the measure asked for; without one, the activities.
    pub total: i64,
}

/// The totals of a unit and all below it.
///
/// # Errors
/// A unit outside the scope is not found; what cannot be read is told by field.
pub async fn totals(ctx: &Ctx, ask: &Ask) -> Result<Totals> {
    let mut conn = ctx.db.read().await?;
    let unit = unit::store::by_code(&mut conn, &ctx.scope()?, &ask.unit).await?;
    let mut problems = Problems::default();
    let catalogue = catalogue::store::everything(&mut conn).await?;
    let period = period(ctx, ask, &mut problems);
    let by = by(ctx, ask, &mut problems);
    let filter = filter(ctx, &mut conn, ask, &catalogue, &unit, &mut problems).await?;
    let (period, by) = match (period, by) {
        (Some(period), Some(by)) => problems.into_result((period, by))?,
        _ => return Err(problems.into_inner().into()),
    };
    // The activities themselves are counted too, whatever measure is asked for.
    let everything = Filter { measure: None, ..filter };
    let parts = store::read(&mut conn, &unit, period, &everything, by.cut).await?;
    let whole = match by.cut.part {
        Part::Whole => BTreeMap::new(),
        _ => store::total_by_measure(&mut conn, &unit, period, &everything).await?,
    };
    let names = Names::load(&mut conn, &unit, by, &parts, catalogue).await?;
    let asked = |id: i64| id != 0 && filter.measure.is_none_or(|measure| measure == id);
    let mut sums: BTreeMap<(i64, i64, String, String), Total> = BTreeMap::new();
    let mut by_measure: BTreeMap<i64, Total> = BTreeMap::new();
    for (place, total) in &parts {
        *by_measure.entry(place.measure_id).or_default() += *total;
        if asked(place.measure_id) {
            let time = if by.quarters { place.time / 100 * 100 + (place.time % 100 + 2) / 3 } else { place.time };
            let key = (time, place.measure_id, names.unit(place.unit_id), names.part(by.cut.part, place.part_id));
            *sums.entry(key).or_default() += *total;
        }
    }
    let mut rows: Vec<Sum> = sums.into_iter().map(|(key, total)| names.sum(by, key, total)).collect();
    rows.sort_by_cached_key(|row| (names.position(&row.measure), row.unit.clone()));
    let mut overlaps: BTreeMap<String, Total> = BTreeMap::new();
    let whole_of = |id: i64, parts: Total| match by.cut.part {
        Part::Whole => parts,
        _ => whole.get(&id).copied().unwrap_or_default(),
    };
    for (id, parts) in by_measure.iter().filter(|(id, _)| asked(**id)) {
        *overlaps.entry(names.measure(*id)).or_default() += *parts - whole_of(*id, *parts);
    }
    let counted = by_measure.get(&0).copied().unwrap_or_default();
    let activities = whole_of(0, counted).activities;
    Ok(Totals { rows, overlaps, activities_overlap: counted.activities - activities, activities })
}

/// What every village, community and school below a unit did in every month in which it existed, nothing included;
/// and the unit itself, where it is one of these or has none below.
///
/// # Errors
/// As [`totals`]; a period of more than ten years.
pub async fn coverage(ctx: &Ctx, ask: &Ask) -> Result<Vec<Covered>> {
    let mut conn = ctx.db.read().await?;
    let root = unit::store::by_code(&mut conn, &ctx.scope()?, &ask.unit).await?;
    let mut problems = Problems::default();
    let catalogue = catalogue::store::everything(&mut conn).await?;
    let period = period(ctx, ask, &mut problems);
    if period.is_some_and(|period| period.months().take(LONGEST + 1).count() > LONGEST) {
        problems.add("to", ctx.locale.figure_period_too_long(LONGEST / 12));
    }
    let filter = filter(ctx, &mut conn, ask, &catalogue, &root, &mut problems).await?;
    let Some(period) = period else { return Err(problems.into_inner().into()) };
    problems.into_result(())?;
    let filter = Filter { measure: Some(filter.measure.unwrap_or(0)), ..filter };
    let units = unit::store::at_and_below(&mut conn, &root).await?;
    covered(&mut conn, &root, units, period, &filter).await
}

/// As [`coverage`], for a unit that the caller found within the reader's scope, and all `units` at and below it.
pub async fn covered(
    conn: &mut Conn,
    root: &Unit,
    units: Vec<Unit>,
    period: Period,
    filter: &Filter,
) -> Result<Vec<Covered>> {
    let figures = store::own_by_unit_month(conn, root, period, filter).await?;
    Ok(cover(root, units, period, filter.measure.unwrap_or(0), &figures))
}

/// As [`covered`], for who has read the figures: what stands at each unit itself by month and measure.
pub fn cover(
    root: &Unit,
    units: Vec<Unit>,
    period: Period,
    measure: i64,
    figures: &BTreeMap<(i64, Month, i64), Total>,
) -> Vec<Covered> {
    let units = coverable(units, root);
    let mut rows = Vec::new();
    for unit in units {
        for month in period.months() {
            if exists_in(&unit, month) {
                let total = figures.get(&(unit.id, month, measure)).copied().unwrap_or_default();
                let activities = total.activities;
                let total = if measure == 0 { activities } else { total.total() };
                rows.push(Covered { unit: unit.clone(), month, activities, total });
            }
        }
    }
    rows
}

/// The units whose coverage is looked at: villages and communities by code, then schools; `root` where there are none.
fn coverable(mut units: Vec<Unit>, root: &Unit) -> Vec<Unit> {
    let mut kept: Vec<Unit> = units
        .extract_if(.., |unit| matches!(unit.kind, UnitKind::Village | UnitKind::Community | UnitKind::School))
        .collect();
    if kept.is_empty() {
        kept.push(root.clone());
    }
    kept.sort_by(|a, b| (a.kind == UnitKind::School, &a.code).cmp(&(b.kind == UnitKind::School, &b.code)));
    kept
}

/// Whether a unit exists on any day of a month.
pub fn exists_in(unit: &Unit, month: Month) -> bool {
    unit.active_from.is_none_or(|from| from <= month.last()) && unit.active_to.is_none_or(|to| month.first() <= to)
}

fn period(ctx: &Ctx, ask: &Ask, problems: &mut Problems) -> Option<Period> {
    let year = Period::year(Month::of(ctx.today).year());
    let mut read = |field: &str, text: &Option<String>, default: Day| match text.as_deref().map(str::trim) {
        None | Some("") => Some(default),
        Some(text) => {
            let day = text.parse().ok();
            if day.is_none() {
                problems.add(field, ctx.locale.figure_day_wrong(text));
            }
            day
        }
    };
    let (from, to) = (read("from", &ask.from, year.from), read("to", &ask.to, year.to));
    let period = Period::new(from?, to?);
    if period.is_none() {
        problems.add("to", ctx.locale.figure_ends_before());
    }
    period
}

fn by(ctx: &Ctx, ask: &Ask, problems: &mut Problems) -> Option<By> {
    let mut by = By::default();
    let mut told = BTreeSet::new();
    for word in ask.by.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty()) {
        // What a word tells apart may be told apart once.
        let group = match word {
            "measure" => "measure",
            "month" | "quarter" | "year" => "time",
            "unit" | "child" => "unit",
            "theme" | "campaign" => "part",
            _ => "",
        };
        if group.is_empty() || !told.insert(group) {
            problems.add("by", ctx.locale.figure_by_wrong(word));
            return None;
        }
        match word {
            "month" => by.cut.time = Time::Month,
            "quarter" => {
                by.cut.time = Time::Month;
                by.quarters = true;
            }
            "year" => by.cut.time = Time::Year,
            "unit" => by.cut.units = Units::Own,
            "child" => by.cut.units = Units::Children,
            "theme" => by.cut.part = Part::Theme,
            "campaign" => by.cut.part = Part::Campaign,
            _ => {}
        }
    }
    Some(by)
}

async fn filter(
    ctx: &Ctx,
    conn: &mut Conn,
    ask: &Ask,
    catalogue: &Catalogue,
    unit: &Unit,
    problems: &mut Problems,
) -> Result<Filter> {
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let ancestry = unit.ancestry();
    // A key is unique within what a unit sees; a unit below may have one of its own.
    let rank = |owner: Option<i64>| match owner {
        None => 0,
        Some(id) if ancestry.contains(&id) => 0,
        Some(_) => 1,
    };
    let mut filter = Filter::all();
    if let Some(key) = given(&ask.measure) {
        let found = catalogue.measures.iter().filter(|measure| measure.key == key).min_by_key(|m| rank(m.unit_id));
        match found {
            Some(measure) => filter.measure = Some(measure.id),
            None => problems.add("measure", ctx.locale.figure_measure_unknown(key)),
        }
    }
    if let Some(key) = given(&ask.theme) {
        let found = catalogue.themes.iter().filter(|theme| theme.key == key).min_by_key(|theme| rank(theme.unit_id));
        match found {
            Some(theme) => filter.theme = Some(theme.id),
            None if key == NONE => filter.theme = Some(0),
            None => problems.add("theme", ctx.locale.figure_theme_unknown(key)),
        }
    }
    if let Some(key) = given(&ask.campaign) {
        match campaign::store::by_key(conn, &ctx.scope()?, &key).await {
            Ok(campaign) => filter.campaign = Some(campaign.id),
            Err(Error::NotFound) if key == NONE => filter.campaign = Some(0),
            Err(Error::NotFound) => problems.add("campaign", ctx.locale.figure_campaign_unknown(key)),
            Err(error) => return Err(error),
        }
    }
    Ok(filter)
}

/// Ids → codes and keys.
struct Names {
    catalogue: Catalogue,
    units: BTreeMap<i64, String>,
    campaigns: BTreeMap<i64, String>,
}

impl Names {
    async fn load(conn: &mut Conn, root: &Unit, by: By, parts: &store::Totals, catalogue: Catalogue) -> Result<Names> {
        let units = match by.cut.units {
            Units::Whole => Vec::new(),
            Units::Own => unit::store::at_and_below(conn, root).await?,
            Units::Children => {
                let mut units = unit::store::children(conn, root).await?;
                units.push(root.clone());
                units
            }
        };
        let campaigns = match by.cut.part {
            Part::Campaign => {
                let ids: BTreeSet<i64> = parts.keys().map(|place| place.part_id).collect();
                let ids: Vec<i64> = ids.into_iter().collect();
                // Whoever reads an activity reads the keys of its campaigns.
                campaign::store::by_ids(conn, &Scope::everything(), &ids).await?
            }
            _ => Vec::new(),
        };
        Ok(Names {
            catalogue,
            units: units.into_iter().map(|unit| (unit.id, unit.code)).collect(),
            campaigns: campaigns.into_iter().map(|campaign| (campaign.id, campaign.key)).collect(),
        })
    }

    fn measure(&self, id: i64) -> String {
        self.catalogue.measure_by_id(id).map(|measure| measure.key.clone()).unwrap_or_default()
    }

    /// Where a measure stands in every list.
    fn position(&self, key: &str) -> usize {
        self.catalogue.measures.iter().position(|measure| measure.key == key).unwrap_or(usize::MAX)
    }

    fn unit(&self, id: i64) -> String {
        self.units.get(&id).cloned().unwrap_or_default()
    }

    fn part(&self, part: Part, id: i64) -> String {
        let key = match part {
            Part::Whole => return String::new(),
            Part::Theme => self.catalogue.theme_by_id(id).map(|theme| theme.key.clone()),
            Part::Campaign => self.campaigns.get(&id).cloned(),
        };
        key.unwrap_or_else(|| NONE.to_owned())
    }

    fn sum(&self, by: By, (time, measure, unit, part): (i64, i64, String, String), total: Total) -> Sum {
        let (year, number) = (time / 100, time % 100);
        Sum {
            measure: self.measure(measure),
            month: (by.cut.time == Time::Month && !by.quarters).then(|| format!("{year:04}-{number:02}")),
            quarter: by.quarters.then(|| format!("{year:04}-Q{number}")),
            year: (by.cut.time == Time::Year).then_some(year),
            unit: (by.cut.units != Units::Whole).then_some(unit),
            theme: (by.cut.part == Part::Theme).then(|| part.clone()),
            campaign: (by.cut.part == Part::Campaign).then_some(part),
            total,
        }
    }
}
