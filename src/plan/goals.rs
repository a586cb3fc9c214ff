//! How far every target of a unit is: the one answer behind the goals page, the dashboard and the API.

use super::{pace::Calendars, source::Source, store, target_store, words};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        catalogue::Catalogue,
        goal::{Outcome, Question, Status},
        indicator::{Indicator, Kind},
        measure::Total,
        pace::{self, Basis},
        period::{Day, Period},
        target::{Plan, Target, period_of, strictest},
        unit::Unit,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::{BTreeMap, btree_map::Entry};

/// How far one target is.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct GoalRow {
    /// The indicator's key.
    pub indicator: String,
    /// Its name in the reader's language.
    pub name: String,
    #[schema(value_type = String)]
    pub kind: Kind,
    /// As it was set: a total, a minimum per unit and sub-period, a share, 1.
    pub target: f64,
    pub basis: String,
    /// Whose target it is: the code and name of the unit it was set for.
    pub target_unit: String,
    pub target_unit_name: String,
    /// Whether it was set for a unit above the one asked about.
    pub inherited: bool,
    /// Whether that unit answers for it as a whole (a total, its own study), so that this one only takes part.
    pub shared: bool,
    /// The days it is for.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// A number, or a share of 0 to 1; null without data.
    pub actual: Option<f64>,
    /// The part of the target that is there; 1 and above when reached.
    pub progress: Option<f64>,
    /// What should be there on the day, by the target's own calendar.
    pub expected: f64,
    /// By what calendar: what is planned, the theme's key dates, last year's months, day by day …
    #[schema(value_type = String)]
    pub basis_of_pace: Basis,
    /// The calendar in words.
    pub pace: String,
    /// What the period ends with at the pace so far, and between what it lies.
    pub forecast: Option<f64>,
    pub forecast_low: Option<f64>,
    pub forecast_high: Option<f64>,
    /// What each month that is left would need; null where nothing is missing, can be made up or adds up by months.
    pub per_month: Option<f64>,
    /// In the measure's unit; in units for coverage and stock; in pupils for the pupils' ratio.
    pub missing: f64,
    /// The part of it that cannot be made up any more.
    pub irrecoverable: i64,
    pub days_left: i64,
    /// The last day of the sub-period that runs: of a frequency by quarter the quarter's, else `to`.
    pub closes: NaiveDate,
    #[schema(value_type = String)]
    pub status: Status,
    /// The whole numbers behind a share.
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// The sum behind it: of a sum, or of all units of a stock.
    pub total: Option<i64>,
    /// The parts of a sum by precision.
    pub exact: Option<i64>,
    pub at_least: Option<i64>,
    pub estimate: Option<i64>,
    /// How many each unit needs.
    pub needed: Option<i64>,
    /// The counter behind the figures: 份, 次, 村.
    pub unit_word: String,
    /// The counter of what a single unit lacks: 次 where a share of villages is asked for.
    pub unit_word_of_each: String,
    /// The keys of the measures counted.
    pub measures: Vec<String>,
    pub theme: Option<String>,
    /// Of a sum: what each measure adds.
    pub parts: Vec<PartRow>,
    /// The last day whose figures are in.
    pub as_of: NaiveDate,
    /// How each unit stands, those that lack most first.
    pub units: Vec<UnitRow>,
    /// What is still to do, in words: 还差1次，剩41天.
    pub words: String,
}

/// What one measure adds to a sum.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PartRow {
    pub measure: String,
    pub name: String,
    pub total: i64,
}

/// How one unit stands.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct UnitRow {
    pub unit: String,
    pub name: String,
    /// Null where no stock was ever entered.
    pub done: Option<i64>,
    pub required: i64,
    pub missing: i64,
    pub irrecoverable: i64,
    pub behind: bool,
}

/// A unit's goals, and what they were looked at with.
#[derive(Clone, Debug)]
pub struct Goals {
    /// `None` where no plan contains the day.
    pub plan: Option<Plan>,
    /// The day asked for, brought into the plan.
    pub as_of: Day,
    pub rows: Vec<GoalRow>,
}

/// How far every target is that holds at a unit, which the caller has found within the reader's scope. `plan` is a
/// plan's key, by default the one that contains the day; `as_of` is by default today.
///
/// # Errors
/// A plan that does not hold at the unit.
pub async fn goals(ctx: &Ctx, unit: &Unit, plan: Option<&str>, as_of: Option<Day>) -> Result<Vec<GoalRow>> {
    Ok(look(ctx, unit, plan, as_of).await?.rows)
}

/// As [`goals`], with the plan and the day.
///
/// # Errors
/// A plan that does not hold at the unit.
pub async fn look(ctx: &Ctx, unit: &Unit, plan: Option<&str>, as_of: Option<Day>) -> Result<Goals> {
    let mut conn = ctx.db.read().await?;
    let units = unit::store::at_and_below(&mut conn, unit).await?;
    let catalogue = catalogue::store::visible(&mut conn, unit).await?;
    look_with(ctx, &mut conn, unit, (units, &catalogue), plan, as_of).await
}

/// As [`look`], for whoever has read the unit with all below it and what it sees of the catalogue.
///
/// # Errors
/// A plan that does not hold at the unit.
pub async fn look_with(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    known: (Vec<Unit>, &Catalogue),
    plan: Option<&str>,
    as_of: Option<Day>,
) -> Result<Goals> {
    let plans = store::plans(conn, unit, false).await?;
    let asked = as_of.unwrap_or(ctx.today);
    let plan = match plan.filter(|key| !key.is_empty()) {
        Some(key) => match plans.into_iter().find(|plan| plan.key == key) {
            Some(plan) => Some(plan),
            None => return Err(Error::invalid("plan", ctx.locale.plan_unknown())),
        },
        None => current(conn, unit, plans, asked).await?,
    };
    let Some(plan) = plan else { return Ok(Goals { plan: None, as_of: asked, rows: Vec::new() }) };
    let as_of = asked.clamp(plan.period.from, plan.period.to);
    let rows = rows(ctx, conn, unit, known, &plan, as_of).await?;
    Ok(Goals { plan: Some(plan), as_of, rows })
}

/// The plan that is looked at on a day where nobody names one.
pub(super) async fn plan_on(conn: &mut Conn, unit: &Unit, day: Day) -> Result<Option<Plan>> {
    let plans = store::plans(conn, unit, false).await?;
    current(conn, unit, plans, day).await
}

/// The plan that contains the day. Of several, one that asks something of the unit; then the nearest unit's own.
async fn current(conn: &mut Conn, unit: &Unit, mut plans: Vec<Plan>, day: Day) -> Result<Option<Plan>> {
    plans.retain(|plan| plan.period.contains(day));
    if plans.len() > 1 {
        let targets = target_store::targets(conn, unit, None, false).await?;
        let ancestry = unit.ancestry();
        plans.sort_by_key(|plan| {
            let asks = targets.iter().any(|target| target.plan_id == plan.id);
            let level = plan.unit_id.and_then(|id| ancestry.iter().position(|own| *own == id));
            (!asks, std::cmp::Reverse(level))
        });
    }
    Ok(plans.into_iter().next())
}

async fn rows(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    (units, catalogue): (Vec<Unit>, &Catalogue),
    plan: &Plan,
    as_of: Day,
) -> Result<Vec<GoalRow>> {
    let (mut indicators, mut targets): (Vec<Indicator>, Vec<Target>) = (Vec::new(), Vec::new());
    for (indicator, target) in store::asked(conn, unit, plan.id).await? {
        targets.push(target);
        if indicators.last().is_none_or(|last| last.id != indicator.id) {
            indicators.push(indicator);
        }
    }
    let ancestry = unit.ancestry();
    let mut owners = BTreeMap::from([(unit.id, unit.clone())]);
    for target in &targets {
        if let Entry::Vacant(vacant) = owners.entry(target.unit_id) {
            vacant.insert(unit::store::by_id(conn, &Scope::everything(), target.unit_id).await?);
        }
    }
    let stocks = catalogue.measures.iter().filter(|measure| measure.is_stock).map(|measure| measure.id).collect();
    let held: Vec<(&Indicator, Period, &Target)> = indicators
        .iter()
        .flat_map(|indicator| {
            let holding = holding(indicator, &targets, plan, as_of, &ancestry);
            holding.into_iter().map(move |(period, target)| (indicator, period, target))
        })
        .collect();
    // What is over has no pace any more.
    let running = held.iter().filter(|(_, period, _)| period.to > as_of);
    let asked: Vec<(&Indicator, Period)> = running.map(|(indicator, period, _)| (*indicator, *period)).collect();
    let calendars = Calendars::load(conn, unit, catalogue, &asked, as_of).await?;
    let mut source = Source::new(conn, unit, units, stocks);
    let mut rows = Vec::new();
    for (indicator, period, target) in held {
        let calendar = calendars.pace(indicator, period, source.whole(indicator, target.value, as_of));
        let question = Question {
            due: (calendar.basis != Basis::Even).then(|| calendar.due(as_of)),
            ..Question::new(target.value, period, as_of)
        };
        let (past, left) = calendars.past(indicator, &calendar, period);
        let found = source.answer(indicator, &question, target.unit_id, plan.period, (&past, left)).await?;
        let outcome = found.outcome;
        let owner = owners.get(&target.unit_id);
        let measure = indicator.measure_id.and_then(|id| catalogue.measure_by_id(id));
        let unit_word = words::unit_word(ctx.locale, indicator, measure);
        let unit_word_of_each = words::unit_word_of_each(ctx.locale, indicator, measure);
        let precise: Option<Total> = found.total.filter(|_| indicator.kind == Kind::Sum);
        let mut row = GoalRow {
            indicator: indicator.key.clone(),
            name: ctx.locale.name(&indicator.name, indicator.name_en.as_deref()).to_owned(),
            kind: indicator.kind,
            target: target.value,
            basis: target.basis.clone(),
            target_unit: owner.map(|unit| unit.code.clone()).unwrap_or_default(),
            target_unit_name: owner.map(|unit| unit.short_name.clone()).unwrap_or_default(),
            inherited: target.unit_id != unit.id,
            shared: target.unit_id != unit.id && is_for_the_whole(indicator),
            from: period.from,
            to: period.to,
            actual: outcome.actual,
            progress: outcome.progress,
            expected: outcome.expected,
            basis_of_pace: calendar.basis,
            pace: words::pace(ctx.locale, indicator, &calendar),
            forecast: outcome.forecast.map(|it| it.likely),
            forecast_low: outcome.forecast.map(|it| it.low),
            forecast_high: outcome.forecast.map(|it| it.high),
            per_month: per_month(indicator, &outcome),
            missing: outcome.missing,
            irrecoverable: outcome.irrecoverable,
            days_left: outcome.days_left,
            closes: match indicator.each.around(as_of.clamp(period.from, period.to)) {
                Some(part) if indicator.kind == Kind::Frequency => part.to.min(period.to),
                _ => period.to,
            },
            status: outcome.status,
            numerator: outcome.fraction.map(|fraction| fraction.part),
            denominator: outcome.fraction.map(|fraction| fraction.whole),
            total: found.total.map(Total::total),
            exact: precise.map(|total| total.exact),
            at_least: precise.map(|total| total.at_least),
            estimate: precise.map(|total| total.estimate),
            needed: match indicator.kind {
                Kind::Coverage | Kind::Stock => Some(indicator.at_least.unwrap_or(1)),
                Kind::Frequency => Some(target.value.ceil() as i64),
                _ => None,
            },
            unit_word,
            unit_word_of_each,
            measures: [indicator.measure_id, indicator.also_measure_id, indicator.numerator_id]
                .into_iter()
                .flatten()
                .filter_map(|id| Some(catalogue.measure_by_id(id)?.key.clone()))
                .collect(),
            theme: indicator.theme_id.and_then(|id| Some(catalogue.theme_by_id(id)?.key.clone())),
            parts: found
                .by_measure
                .iter()
                .filter_map(|(id, total)| {
                    let measure = catalogue.measure_by_id(*id)?;
                    let name = ctx.locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
                    Some(PartRow { measure: measure.key.clone(), name, total: total.total() })
                })
                .collect(),
            as_of: as_of.min(period.to),
            units: unit_rows(source.units(), &found.needs),
            words: String::new(),
        };
        row.words = words::to_do(ctx.locale, &row, indicator);
        rows.push(row);
    }
    Ok(rows)
}

/// Whether one unit answers for the indicator's target as a whole, and not each unit below it for itself.
fn is_for_the_whole(indicator: &Indicator) -> bool {
    match indicator.kind {
        Kind::Sum | Kind::Survey | Kind::Milestone => true,
        Kind::Frequency => indicator.unit_kind.is_none(),
        Kind::Coverage | Kind::Stock | Kind::Ratio => false,
    }
}

/// The targets of an indicator that hold on a day: for each span of days the strictest.
pub(super) fn holding<'a>(
    indicator: &Indicator,
    targets: &'a [Target],
    plan: &Plan,
    as_of: NaiveDate,
    ancestry: &[i64],
) -> Vec<(Period, &'a Target)> {
    let mut spans: Vec<(Period, Vec<&Target>)> = Vec::new();
    for target in targets.iter().filter(|target| target.indicator_id == indicator.id) {
        let Some(period) = period_of(plan.period, indicator.each, target.year, as_of) else { continue };
        match spans.iter_mut().find(|(own, _)| *own == period) {
            Some((_, layers)) => layers.push(target),
            None => spans.push((period, vec![target])),
        }
    }
    spans.sort_by_key(|(period, _)| period.to);
    spans.into_iter().filter_map(|(period, layers)| Some((period, strictest(layers, ancestry)?))).collect()
}

/// What a month needs of what can still be made up.
fn per_month(indicator: &Indicator, outcome: &Outcome) -> Option<f64> {
    let adds_up = matches!(indicator.kind, Kind::Sum | Kind::Frequency | Kind::Coverage | Kind::Ratio);
    let still = outcome.missing - outcome.irrecoverable as f64;
    pace::per_month(still, outcome.days_left).filter(|_| adds_up && outcome.status != Status::Reached)
}

fn unit_rows(units: &[Unit], needs: &[crate::domain::goal::UnitNeed]) -> Vec<UnitRow> {
    let mut rows: Vec<UnitRow> = needs
        .iter()
        .filter_map(|need| {
            let unit = units.iter().find(|unit| unit.id == need.unit_id)?;
            Some(UnitRow {
                unit: unit.code.clone(),
                name: unit.short_name.clone(),
                done: need.done,
                required: need.required,
                missing: need.missing,
                irrecoverable: need.irrecoverable,
                behind: need.behind,
            })
        })
        .collect();
    // Grouped by need, and within it in the tree's own order: nobody is ranked.
    rows.sort_by_key(|row| std::cmp::Reverse(row.missing.signum()));
    rows
}
