//! How far every target of a unit is: the one answer behind the goals page, the dashboard and the API.

use super::{pace::Calendars, source::Source, store, target_store, words};

pub use super::goal_row::{GoalRow, LayerRow, PartRow, UnitRow};
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
        target::{Held, Plan, Target, held, period_of},
        unit::Unit,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, btree_map::Entry};

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
    let targets = match plans.len() {
        0 | 1 => Vec::new(),
        _ => target_store::targets(conn, unit, None, false).await?,
    };
    Ok(plan_of(plans, &targets, unit, day))
}

/// As [`current`], among plans whose targets at the unit are known.
pub(super) fn plan_of(mut plans: Vec<Plan>, targets: &[Target], unit: &Unit, day: Day) -> Option<Plan> {
    let ancestry = unit.ancestry();
    plans.retain(|plan| plan.period.contains(day));
    plans.sort_by_key(|plan| {
        let asks = targets.iter().any(|target| target.plan_id == plan.id);
        let level = plan.unit_id.and_then(|id| ancestry.iter().position(|own| *own == id));
        (!asks, std::cmp::Reverse(level))
    });
    plans.into_iter().next()
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
    let held: Vec<(&Indicator, Period, Held<'_>)> = indicators
        .iter()
        .flat_map(|indicator| {
            let holding = holding(indicator, &targets, plan, as_of, &ancestry);
            holding.into_iter().map(move |(period, held)| (indicator, period, held))
        })
        .collect();
    // What is over has no pace any more.
    let running = held.iter().filter(|(_, period, _)| period.to > as_of);
    let asked: Vec<(&Indicator, Period)> = running.map(|(indicator, period, _)| (*indicator, *period)).collect();
    let calendars = Calendars::load(conn, unit, catalogue, &asked, as_of).await?;
    let mut source = Source::new(conn, unit, units, stocks);
    let mut rows = Vec::new();
    for (indicator, period, held) in held {
        let Held { target, shared, layers } = held;
        let calendar = calendars.pace(indicator, period, source.whole(indicator, target.value, as_of));
        let question = Question {
            due: (calendar.basis != Basis::Even).then(|| calendar.due(as_of)),
            ..Question::new(target.value, period, as_of)
        };
        let (past, left) = calendars.past(indicator, &calendar, period);
        let found = source.answer(indicator, &question, target.unit_id, plan.period, (&past, left)).await?;
        // Nobody is held against a total that a unit above answers for.
        let takes_part = shared && matches!(indicator.kind, Kind::Sum | Kind::Frequency);
        let outcome = if takes_part { found.outcome.of_a_part() } else { found.outcome };
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
            shared,
            layers: layers
                .iter()
                .map(|layer| LayerRow {
                    unit: owners.get(&layer.unit_id).map(|unit| unit.code.clone()).unwrap_or_default(),
                    name: owners.get(&layer.unit_id).map(|unit| unit.short_name.clone()).unwrap_or_default(),
                    value: layer.value,
                    basis: layer.basis.clone(),
                    holds: layer.id == target.id,
                })
                .collect(),
            plan: plan.key.clone(),
            from: period.from,
            to: period.to,
            actual: outcome.actual,
            progress: outcome.progress,
            expected: outcome.expected,
            days_ahead: outcome
                .progress
                .filter(|_| indicator.kind == Kind::Sum)
                .map(|progress| calendar.days_ahead(progress.min(1.0), as_of)),
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
            measures: words::measure_keys(catalogue, indicator),
            theme: indicator.theme_id.and_then(|id| Some(catalogue.theme_by_id(id)?.key.clone())),
            activity_type: indicator.type_id.and_then(|id| Some(catalogue.activity_type_by_id(id)?.key.clone())),
            interactive: indicator.interactive,
            of_campaigns: indicator.counts_campaigns(),
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
            units: unit_rows(source.units(), if takes_part { &[] } else { found.needs.as_slice() }),
            words: String::new(),
            own: false,
        };
        let own = row.only(&unit.code).is_some().then(|| row.clone().as_own(&unit.code));
        row.words = words::to_do(ctx.locale, own.as_ref().unwrap_or(&row), indicator);
        rows.push(row);
    }
    Ok(rows)
}

/// The targets of an indicator that hold on a day: one for each span of days.
pub(super) fn holding<'a>(
    indicator: &Indicator,
    targets: &'a [Target],
    plan: &Plan,
    as_of: NaiveDate,
    ancestry: &[i64],
) -> Vec<(Period, Held<'a>)> {
    let mut spans: Vec<(Period, Vec<&Target>)> = Vec::new();
    for target in targets.iter().filter(|target| target.indicator_id == indicator.id) {
        let Some(period) = period_of(plan.period, indicator.each, target.year, as_of) else { continue };
        match spans.iter_mut().find(|(own, _)| *own == period) {
            Some((_, layers)) => layers.push(target),
            None => spans.push((period, vec![target])),
        }
    }
    spans.sort_by_key(|(period, _)| period.to);
    spans.into_iter().filter_map(|(period, layers)| Some((period, held(indicator, layers, ancestry)?))).collect()
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
