//! What each unit still lacks, when it closes, and what can no longer be made up.

use crate::{
    domain::{goal::Status, indicator::Kind, pace, period::Day, unit::Unit},
    error::Result,
    plan::{self, action::GoalRow},
    server::context::Ctx,
};
use chrono::NaiveDate;
use serde::Serialize;

/// What one unit lacks of one indicator.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct GapRow {
    /// The unit's code and name.
    pub unit: String,
    pub unit_name: String,
    /// The indicator's key and name.
    pub indicator: String,
    pub name: String,
    #[schema(value_type = String)]
    pub kind: Kind,
    /// In the measure's unit; of a survey a share of 0 to 1. The irrecoverable part is in it.
    pub missing: f64,
    /// The part of it that lies in sub-periods that are over.
    pub irrecoverable: i64,
    /// Until the target's period ends.
    pub days_left: i64,
    /// The last day of what closes next: the quarter's, where something is asked every quarter.
    pub closes: NaiveDate,
    /// What each month that is left would need; null where nothing can be made up any more or nothing adds up by months.
    pub per_month: Option<f64>,
    pub unit_word: String,
    /// The plan's key.
    pub plan: String,
}

/// A unit's gaps, and what they were looked at with.
#[derive(Clone, Debug)]
pub struct Gaps {
    /// The plan's key.
    pub plan: Option<String>,
    pub as_of: Day,
    /// What closes soonest first, then in the order of the units' codes.
    pub rows: Vec<GapRow>,
}

/// The gaps of a unit, which the caller has found within the reader's scope, and of all below it.
///
/// # Errors
/// A plan that does not hold at the unit.
pub async fn gaps(ctx: &Ctx, unit: &Unit, plan: Option<&str>, as_of: Option<Day>) -> Result<Gaps> {
    let goals = plan::action::look(ctx, unit, plan, as_of).await?;
    let mut rows: Vec<GapRow> = goals.rows.iter().flat_map(|goal| of_goal(unit, goal)).collect();
    rows.sort_by(|one, other| {
        (one.closes, &one.unit, &one.indicator).cmp(&(other.closes, &other.unit, &other.indicator))
    });
    Ok(Gaps { plan: goals.plan.map(|plan| plan.key), as_of: goals.as_of, rows })
}

/// The gaps in one goal: each unit's where it looks at units, else the unit's own. Where a level above answers for the
/// whole, its target is no gap of this unit.
fn of_goal(unit: &Unit, goal: &GoalRow) -> Vec<GapRow> {
    if goal.status == Status::Reached || goal.shared {
        return Vec::new();
    }
    let row = |code: &str, name: &str, missing: f64, irrecoverable: i64, word: &str| GapRow {
        unit: code.to_owned(),
        unit_name: name.to_owned(),
        indicator: goal.indicator.clone(),
        name: goal.name.clone(),
        kind: goal.kind,
        missing,
        irrecoverable,
        days_left: goal.days_left,
        closes: goal.closes,
        per_month: per_month(goal, missing - irrecoverable as f64),
        unit_word: word.to_owned(),
        plan: goal.plan.clone(),
    };
    if !goal.units.is_empty() {
        return goal
            .units
            .iter()
            .filter(|unit| unit.missing > 0)
            .map(|unit| row(&unit.unit, &unit.name, unit.missing as f64, unit.irrecoverable, &goal.unit_word_of_each))
            .collect();
    }
    // A survey that was never taken lacks no number, and is missing all the same.
    if goal.missing > 0.0 || goal.status == Status::NoData && goal.kind == Kind::Survey {
        let missing = if goal.kind == Kind::Survey && goal.actual.is_none() { goal.target } else { goal.missing };
        return vec![row(&unit.code, &unit.short_name, missing, goal.irrecoverable, &goal.unit_word)];
    }
    Vec::new()
}

/// What each month to the period's end would need; nothing where nothing adds up by months.
fn per_month(goal: &GoalRow, still: f64) -> Option<f64> {
    let adds_up = matches!(goal.kind, Kind::Sum | Kind::Frequency | Kind::Coverage | Kind::Ratio);
    pace::per_month(still, goal.days_left).filter(|_| adds_up)
}
