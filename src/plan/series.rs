//! One indicator year by year, across the plans that follow each other: what was done, what was asked, where a plan ends.

use super::{
    goals::{self, holding},
    rollover_store, series_store,
    source::{Source, filter, measures},
    store, target_store, words,
};
use crate::{
    catalogue,
    domain::{
        goal::{Question, Status},
        indicator::{Indicator, Kind},
        measure::Total,
        period::{Day, Each, Period},
        rollover,
        target::{Plan, Target},
        unit::Unit,
    },
    error::Result,
    server::{context::Ctx, db::Conn},
    unit,
};
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use std::{collections::BTreeMap, ops::RangeInclusive};

/// So many years before this one are shown where nobody asks for others, and so many at most.
const BEFORE: i32 = 5;
const MOST: i32 = 30;

/// An indicator, year by year.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Series {
    /// The unit's code.
    pub unit: String,
    /// The indicator's key and name.
    pub indicator: String,
    pub name: String,
    #[schema(value_type = String)]
    pub kind: Kind,
    pub unit_word: String,
    pub rows: Vec<YearRow>,
}

impl Series {
    /// Without the first years that lie in no plan and have nothing.
    pub fn since_anything(mut self) -> Series {
        let has = |row: &YearRow| row.plan.is_some() || row.actual.is_some_and(|actual| actual > 0.0);
        let first = self.rows.iter().position(has).unwrap_or(0);
        self.rows.drain(..first);
        if let Some(row) = self.rows.first_mut() {
            row.begins_plan = false;
        }
        self
    }
}

/// One year.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct YearRow {
    pub year: i32,
    /// The days whose figures are in.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The plan's key and name; null in no plan.
    pub plan: Option<String>,
    pub plan_name: Option<String>,
    /// Whether another plan begins here.
    pub begins_plan: bool,
    /// The key of the indicator that stands for it in that plan; null where it was dropped, or is new since.
    pub indicator: Option<String>,
    /// A number, or a share of 0 to 1.
    pub actual: Option<f64>,
    /// What the plan asks of this unit for the year.
    pub target: Option<f64>,
    #[schema(value_type = Option<String>)]
    pub status: Option<Status>,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    /// The parts of a sum by precision.
    pub exact: Option<i64>,
    pub at_least: Option<i64>,
    pub estimate: Option<i64>,
    /// What of it was entered late: in the measure's unit.
    pub late: Option<i64>,
    /// The keys of the measures counted, of the theme and of the type.
    pub measures: Vec<String>,
    pub theme: Option<String>,
    pub activity_type: Option<String>,
    pub interactive: Option<bool>,
}

/// The years that are shown: those asked for, as far as they have begun.
pub fn years(today: Day, from: Option<i32>, to: Option<i32>) -> RangeInclusive<i32> {
    let to = to.unwrap_or(today.year()).clamp(1949, today.year());
    let from = from.unwrap_or(to - BEFORE).clamp(1949, to);
    from.max(to - MOST)..=to
}

/// An indicator's years at a unit, which the caller found within the reader's scope.
///
/// # Errors
/// What the database says.
pub async fn series(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    indicator: &Indicator,
    years: RangeInclusive<i32>,
) -> Result<Series> {
    let locale = ctx.locale;
    let plans = store::plans(conn, unit, false).await?;
    let targets = target_store::targets(conn, unit, None, false).await?;
    let indicators = store::indicators(conn, unit, true).await?;
    let mappings = rollover::holding(rollover_store::mappings(conn, unit).await?, &unit.ancestry());
    let catalogue = catalogue::store::visible(conn, unit).await?;
    let units = unit::store::at_and_below(conn, unit).await?;
    // Each year by the plan that holds at its end.
    let looked: Vec<(i32, Day, Option<Plan>)> = years
        .map(|year| {
            let day = Period::year(year).to.min(ctx.today);
            (year, day, goals::plan_of(plans.clone(), &targets, unit, day))
        })
        .collect();
    let mut in_turn: Vec<Plan> = Vec::new();
    for plan in looked.iter().filter_map(|(_, _, plan)| plan.as_ref()) {
        if in_turn.last().is_none_or(|last| last.id != plan.id) {
            in_turn.push(plan.clone());
        }
    }
    let line = rollover::line(&in_turn, &mappings, indicator.id);
    let stands = |plan: &Plan| {
        let place = in_turn.iter().position(|own| own.id == plan.id)?;
        let id = line.get(place).copied().flatten()?;
        indicators.iter().find(|one| one.id == id)
    };
    let mut by_plan: BTreeMap<i64, Vec<Target>> = BTreeMap::new();
    for target in targets {
        by_plan.entry(target.plan_id).or_default().push(target);
    }
    let stocks = catalogue.measures.iter().filter(|measure| measure.is_stock).map(|measure| measure.id).collect();
    let ancestry = unit.ancestry();
    let mut late: BTreeMap<i64, BTreeMap<i32, i64>> = BTreeMap::new();
    if let (Some(first), Some(last)) = (looked.first(), looked.last()) {
        let span = Period { from: Period::year(first.0).from, to: last.1 };
        let mut known: Vec<&Indicator> = in_turn.iter().filter_map(stands).collect();
        known.push(indicator);
        for one in known.into_iter().filter(|one| is_logged(one)) {
            if let std::collections::btree_map::Entry::Vacant(place) = late.entry(one.id) {
                let ids: Vec<i64> = measures(one).collect();
                place.insert(series_store::late(conn, unit, span, &ids, &filter(one)).await?);
            }
        }
    }
    let mut source = Source::new(conn, unit, units, stocks);
    let mut rows: Vec<YearRow> = Vec::new();
    for (year, day, plan) in &looked {
        let one = match plan {
            Some(plan) => stands(plan),
            None => Some(indicator),
        };
        let whole = Period::year(*year);
        let span = plan.as_ref().and_then(|plan| plan.period.intersection(whole)).unwrap_or(whole);
        let key = plan.as_ref().map(|plan| plan.key.clone());
        let former = rows.last().map(|row| row.plan.clone());
        let mut row = YearRow {
            year: *year,
            from: span.from,
            to: *day,
            begins_plan: key.is_some() && former.is_some_and(|former| former != key),
            plan: key,
            plan_name: plan.as_ref().map(|plan| locale.name(&plan.name, plan.name_en.as_deref()).to_owned()),
            indicator: one.map(|one| one.key.clone()),
            actual: None,
            target: None,
            status: None,
            numerator: None,
            denominator: None,
            exact: None,
            at_least: None,
            estimate: None,
            late: None,
            measures: Vec::new(),
            theme: None,
            activity_type: None,
            interactive: None,
        };
        if let Some(one) = one {
            let asked = plan.as_ref().and_then(|plan| {
                let targets = by_plan.get(&plan.id).map(Vec::as_slice).unwrap_or_default();
                asked(one, targets, plan, span, *day, &ancestry)
            });
            let value = asked.map_or(1.0, |target| target.value);
            let question = Question::new(value, span, *day);
            let since = plan.as_ref().map_or(span, |plan| plan.period);
            let owner = asked.map_or(unit.id, |target| target.unit_id);
            let found = source.answer(one, &question, owner, since, (&[], 1)).await?;
            let precise: Option<Total> = found.total.filter(|_| one.kind == Kind::Sum);
            row.actual = found.outcome.actual;
            row.target = asked.map(|target| target.value);
            row.status = asked.map(|_| found.outcome.status);
            row.numerator = found.outcome.fraction.map(|fraction| fraction.part);
            row.denominator = found.outcome.fraction.map(|fraction| fraction.whole);
            (row.exact, row.at_least) = (precise.map(|it| it.exact), precise.map(|it| it.at_least));
            row.estimate = precise.map(|total| total.estimate);
            row.late = late.get(&one.id).map(|by_year| by_year.get(year).copied().unwrap_or_default());
            row.measures = words::measure_keys(&catalogue, one);
            row.theme = one.theme_id.and_then(|id| Some(catalogue.theme_by_id(id)?.key.clone()));
            row.activity_type = one.type_id.and_then(|id| Some(catalogue.activity_type_by_id(id)?.key.clone()));
            row.interactive = one.interactive;
        }
        rows.push(row);
    }
    let measure = indicator.measure_id.and_then(|id| catalogue.measure_by_id(id));
    Ok(Series {
        unit: unit.code.clone(),
        indicator: indicator.key.clone(),
        name: locale.name(&indicator.name, indicator.name_en.as_deref()).to_owned(),
        kind: indicator.kind,
        unit_word: words::unit_word(locale, indicator, measure),
        rows,
    })
}

/// Whether its figure comes from the ledger, so that part of it may be late.
fn is_logged(one: &Indicator) -> bool {
    matches!(one.kind, Kind::Sum | Kind::Frequency | Kind::Coverage) && !one.counts_campaigns()
}

/// The target that holds at the unit for a year: one for the plan from end to end is no year's, except of what is true as of
/// a day.
fn asked<'a>(
    one: &Indicator,
    targets: &'a [Target],
    plan: &Plan,
    span: Period,
    day: Day,
    ancestry: &[i64],
) -> Option<&'a Target> {
    let as_of_a_day = matches!(one.kind, Kind::Stock | Kind::Survey | Kind::Milestone);
    holding(one, targets, plan, day, ancestry)
        .into_iter()
        .filter(|(period, held)| !held.shared && (as_of_a_day || *period == span || one.each != Each::None))
        .map(|(_, held)| held.target)
        .next_back()
}
