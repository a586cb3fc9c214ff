//! How far a target is: the rules of all seven kinds of indicator, over figures that are passed in.
//!
//! The words of every kind: *actual* is what is there, *progress* its part of the target (1 when reached, more when
//! exceeded), *expected* what should be there on the day (by the plan's own calendar, see [`super::pace`]; a stock and a
//! survey are due every day, a milestone on the last), *forecast* what the period ends with at the pace so far, with its
//! range, *missing* what is still needed: in the measure's unit, in units for coverage and stock, in pupils for the pupils'
//! ratio.

use super::{
    pace::{self, Forecast, Past},
    period::{Day, Period},
    unit::Unit,
};
use std::collections::BTreeMap;

crate::keyed! {
    /// Where a target stands, in one word.
    Status {
        Reached => "reached",
        OnPace => "on_pace",
        Behind => "behind",
        /// The period is over, or a part of it that cannot be made up.
        Missed => "missed",
        /// Nothing to judge by: no units, nobody enrolled, nothing entered.
        NoData => "no_data",
    }
}

impl Status {
    /// In which order goals are read: what is behind or lost first, then what is on its way, what nothing is known of, and
    /// what is reached.
    pub fn rank(self) -> u8 {
        match self {
            Status::Behind | Status::Missed => 0,
            Status::OnPace => 1,
            Status::NoData => 2,
            Status::Reached => 3,
        }
    }
}

/// Figures closer than this are equal: shares are quotients of whole numbers.
const EPSILON: f64 = 1e-9;

/// What is asked, and the day on which it is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    pub target: f64,
    /// The days the target is for.
    pub period: Period,
    pub as_of: Day,
    /// The share of the target that is due on `as_of` by its calendar; without one it is due day by day.
    pub due: Option<f64>,
}

impl Question {
    /// A target that is due day by day.
    pub fn new(target: f64, period: Period, as_of: Day) -> Question {
        Question { target, period, as_of, due: None }
    }

    /// The share of the target that is due, 0 to 1.
    pub fn due(&self) -> f64 {
        self.due.unwrap_or_else(|| self.gone())
    }

    /// The share of the period gone, 0 to 1; `as_of` counts as gone, because its figures are in.
    pub fn gone(&self) -> f64 {
        match Period::new(self.period.from, self.as_of.min(self.period.to)) {
            Some(past) => past.days() as f64 / self.period.days() as f64,
            None => 0.0,
        }
    }

    /// Days after `as_of` until the period ends: from 2026-11-20 to the year's end 41.
    pub fn days_left(&self) -> i64 {
        (self.period.to - self.as_of).num_days().max(0)
    }

    /// Whether no day is left. On the last day its figures are in.
    pub fn is_over(&self) -> bool {
        self.as_of >= self.period.to
    }

    /// The days whose figures count: from the period's beginning to `as_of`. `None` before it begins.
    pub fn past(&self) -> Option<Period> {
        Period::new(self.period.from, self.as_of.min(self.period.to))
    }

    fn status(&self, reached: bool, on_pace: bool) -> Status {
        match () {
            () if reached => Status::Reached,
            () if self.is_over() => Status::Missed,
            () if on_pace => Status::OnPace,
            () => Status::Behind,
        }
    }

    fn no_data(&self, expected: f64) -> Outcome {
        Outcome {
            actual: None,
            progress: None,
            expected,
            forecast: None,
            missing: 0.0,
            irrecoverable: 0,
            days_left: self.days_left(),
            status: Status::NoData,
            fraction: None,
        }
    }
}

/// How far a target is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// In the target's own terms: a number, or a share of 0 to 1. `None` without data.
    pub actual: Option<f64>,
    /// The part of the target that is there: 0 to 1, and above.
    pub progress: Option<f64>,
    pub expected: f64,
    pub forecast: Option<Forecast>,
    pub missing: f64,
    /// The part of `missing` that lies in sub-periods that are over and cannot be made up.
    pub irrecoverable: i64,
    /// Until the period ends.
    pub days_left: i64,
    pub status: Status,
    /// The whole numbers behind a share, or behind a frequency over several units and sub-periods.
    pub fraction: Option<Fraction>,
}

impl Outcome {
    /// Of a unit that only takes part in what one above answers for: what it adds, and what part of the whole that is. It
    /// is neither ahead nor behind.
    pub fn of_a_part(self) -> Outcome {
        let (expected, missing, forecast, irrecoverable) = (0.0, 0.0, None, 0);
        Outcome { expected, missing, forecast, irrecoverable, status: Status::NoData, ..self }
    }
}

/// Numerator and denominator of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    pub part: i64,
    pub whole: i64,
}

/// The forecast of something that lies between what it is and `most`.
fn capped(forecast: Option<Forecast>, most: f64) -> Option<Forecast> {
    let Forecast { low, likely, high } = forecast?;
    Some(Forecast { low: low.min(most), likely: likely.min(most), high: high.min(most) })
}

/// A forecast of what does not change by itself.
fn settled(value: f64) -> Forecast {
    Forecast { low: value, likely: value, high: value }
}

/// A due number is rounded to the nearest whole one: nobody is behind because a third of a session is missing.
fn due(need: f64, gone: f64) -> f64 {
    (need * gone + EPSILON).round()
}

/// A total in the period. `past` are its months that are over, `left` how many still come.
pub fn sum(question: &Question, total: i64, past: &[Past], left: usize) -> Outcome {
    let (actual, target, gone) = (total as f64, question.target, question.due());
    Outcome {
        actual: Some(actual),
        progress: Some(actual / target),
        expected: target * gone,
        forecast: pace::forecast(actual, gone, past, left),
        missing: (target - actual).max(0.0),
        irrecoverable: 0,
        days_left: question.days_left(),
        status: question.status(actual + EPSILON >= target, actual >= due(target, gone)),
        fraction: None,
    }
}

/// What was done at one unit in one sub-period. Only for sub-periods in which the unit is asked: [`is_asked`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub unit_id: i64,
    pub part: Period,
    /// Exact + at least: what is certain.
    pub done: i64,
}

/// How one unit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitNeed {
    pub unit_id: i64,
    /// What was done, or the stock; `None` where no stock was ever entered.
    pub done: Option<i64>,
    /// What is required in the whole period.
    pub required: i64,
    /// What is still missing, the irrecoverable part included.
    pub missing: i64,
    pub irrecoverable: i64,
    /// Whether it has less than it should have on the day.
    pub behind: bool,
}

/// Whether a unit is asked in a sub-period: it has to exist at its end, or on `as_of` while it runs. Who was merged
/// away in June owes nothing for the second quarter and is not asked to make up for it.
pub fn is_asked(unit: &Unit, part: Period, as_of: Day) -> bool {
    unit.is_active(if part.contains(as_of) { as_of } else { part.to })
}

/// A minimum for each unit in each sub-period. A unit's surplus in one sub-period makes up for nothing in another; so
/// `progress` counts no more than the minimum of each cell, and `actual`, which the ledger has to show, counts all.
/// The units come back in the order of their first cell.
pub fn frequency(question: &Question, cells: &[Cell]) -> (Outcome, Vec<UnitNeed>) {
    let need = question.target.ceil() as i64;
    let mut units: Vec<UnitNeed> = Vec::new();
    let (mut done, mut fulfilled, mut expected, mut on_pace) = (0, 0, 0.0, true);
    // What is asked once in the whole period follows its calendar; a month or a quarter is a calendar of its own.
    let due_in = |part: Period| if part == question.period { question.due } else { None };
    // By a sub-period's last day: what was asked in it, and what was done.
    let mut parts: BTreeMap<Day, (f64, f64)> = BTreeMap::new();
    for cell in cells {
        let own = Question { period: cell.part, due: due_in(cell.part), ..*question };
        let is_past = cell.part.to < question.as_of || question.is_over();
        let missing = (need - cell.done).max(0);
        let is_late = (cell.done as f64) < due(need as f64, own.due());
        done += cell.done;
        fulfilled += cell.done.min(need);
        expected += need as f64 * own.due();
        let part = parts.entry(cell.part.to).or_default();
        (part.0, part.1) = (part.0 + need as f64, part.1 + cell.done as f64);
        on_pace &= !is_late;
        let index = units.iter().position(|unit| unit.unit_id == cell.unit_id).unwrap_or_else(|| {
            let unit_id = cell.unit_id;
            units.push(UnitNeed { unit_id, done: Some(0), required: 0, missing: 0, irrecoverable: 0, behind: false });
            units.len() - 1
        });
        let unit = &mut units[index];
        unit.done = unit.done.map(|sum| sum + cell.done);
        unit.required += need;
        unit.missing += missing;
        unit.irrecoverable += if is_past { missing } else { 0 };
        unit.behind |= is_late;
    }
    if cells.is_empty() {
        return (question.no_data(0.0), units);
    }
    let required = need * cells.len() as i64;
    let irrecoverable = units.iter().map(|unit| unit.irrecoverable).sum();
    let reached = fulfilled == required;
    let counted = if cells.len() == 1 { done } else { fulfilled };
    let left = parts.range(question.as_of..).count();
    let over = parts.range(..question.as_of);
    let over: Vec<Past> = over.map(|(_, (asked, done))| Past { due: asked / required as f64, done: *done }).collect();
    let outcome = Outcome {
        actual: Some(done as f64),
        progress: Some(counted as f64 / required as f64),
        expected,
        forecast: pace::forecast(done as f64, expected / required as f64, &over, left),
        missing: (required - fulfilled) as f64,
        irrecoverable,
        days_left: question.days_left(),
        status: if irrecoverable > 0 { Status::Missed } else { question.status(reached, on_pace) },
        fraction: Some(Fraction { part: fulfilled, whole: required }),
    };
    (outcome, units)
}

/// The share of units with at least `at_least` in the period. `counts` are the units that exist on `as_of`, or at the
/// period's end once it is over, with what is certain (exact + at least).
///
/// On pace is who has the share that is due, or whose units each have the number that is due, in the required share.
pub fn coverage(question: &Question, at_least: i64, counts: &[(i64, i64)]) -> (Outcome, Vec<UnitNeed>) {
    let gone = question.due();
    let due_now = due(at_least as f64, gone);
    let units: Vec<UnitNeed> = counts
        .iter()
        .map(|(unit_id, count)| {
            let missing = (at_least - count).max(0);
            UnitNeed {
                unit_id: *unit_id,
                done: Some(*count),
                required: at_least,
                missing,
                irrecoverable: if question.is_over() { missing } else { 0 },
                behind: (*count as f64) < due_now,
            }
        })
        .collect();
    let share_with = |enough: &dyn Fn(f64) -> bool| {
        counts.iter().filter(|(_, count)| enough(*count as f64)).count() as f64 / counts.len() as f64
    };
    // Each unit at its own pace; its months are too few to show a spread.
    let ends = |pick: fn(Forecast) -> f64| {
        share_with(&|count| {
            let end = pace::forecast(count, gone, &[], 1).map_or(count, pick);
            end + EPSILON >= at_least as f64
        })
    };
    let forecast = Forecast { low: ends(|it| it.low), likely: ends(|it| it.likely), high: ends(|it| it.high) };
    let paced = share_with(&|count| count >= due_now);
    let outcome = share(question, &units, question.target * gone, Some(forecast), paced);
    (outcome, units)
}

/// The share of units with at least `at_least` as of a day. `values` are the units that exist on that day with their
/// latest value on or before it; a unit for which nothing was ever entered has none and lacks all.
pub fn stock(question: &Question, at_least: i64, values: &[(i64, Option<i64>)]) -> (Outcome, Vec<UnitNeed>) {
    let units: Vec<UnitNeed> = values
        .iter()
        .map(|(unit_id, value)| {
            let missing = (at_least - value.unwrap_or(0)).max(0);
            UnitNeed {
                unit_id: *unit_id,
                done: *value,
                required: at_least,
                missing,
                irrecoverable: 0,
                behind: missing > 0,
            }
        })
        .collect();
    if values.iter().all(|(_, value)| value.is_none()) {
        return (question.no_data(question.target), units);
    }
    let outcome = share(question, &units, question.target, None, 0.0);
    (Outcome { forecast: outcome.actual.map(settled), ..outcome }, units)
}

/// A share of units; `paced` is the share that has what is due today.
fn share(question: &Question, units: &[UnitNeed], expected: f64, forecast: Option<Forecast>, paced: f64) -> Outcome {
    if units.is_empty() {
        return question.no_data(expected);
    }
    let whole = units.len() as i64;
    let part = units.iter().filter(|unit| unit.missing == 0).count() as i64;
    let actual = part as f64 / whole as f64;
    let on_pace = actual + EPSILON >= expected || paced + EPSILON >= question.target;
    Outcome {
        actual: Some(actual),
        progress: Some(actual / question.target),
        expected,
        forecast,
        missing: still_needed(question.target, part, whole),
        irrecoverable: 0,
        days_left: question.days_left(),
        status: question.status(actual + EPSILON >= question.target, on_pace),
        fraction: Some(Fraction { part, whole }),
    }
}

/// How many of the whole are missing until the share is reached.
fn still_needed(target: f64, part: i64, whole: i64) -> f64 {
    ((target * whole as f64 - EPSILON).ceil() - part as f64).max(0.0)
}

/// One figure divided by another, never above 1: pupils of distinct classes reached ÷ enrolled, passed ÷ sat.
pub fn ratio(question: &Question, part: i64, whole: i64) -> Outcome {
    let gone = question.due();
    let expected = question.target * gone;
    if whole <= 0 {
        return question.no_data(expected);
    }
    let part = part.clamp(0, whole);
    let actual = part as f64 / whole as f64;
    Outcome {
        actual: Some(actual),
        progress: Some(actual / question.target),
        expected,
        forecast: capped(pace::forecast(actual, gone, &[], 1), 1.0),
        missing: still_needed(question.target, part, whole),
        irrecoverable: 0,
        days_left: question.days_left(),
        status: question.status(actual + EPSILON >= question.target, actual + EPSILON >= expected),
        fraction: Some(Fraction { part, whole }),
    }
}

/// What the latest survey found: a share of 0 to 1, `None` where none was made. `missing` is a share too.
pub fn survey(question: &Question, found: Option<f64>) -> Outcome {
    let Some(actual) = found else { return question.no_data(question.target) };
    let actual = actual.clamp(0.0, 1.0);
    Outcome {
        actual: Some(actual),
        progress: Some(actual / question.target),
        expected: question.target,
        forecast: Some(settled(actual)),
        missing: (question.target - actual).max(0.0),
        irrecoverable: 0,
        days_left: question.days_left(),
        status: question.status(actual + EPSILON >= question.target, false),
        fraction: None,
    }
}

/// Done, or not yet: due by the last day of the period.
pub fn milestone(question: &Question, done_on: Option<Day>) -> Outcome {
    let done = done_on.is_some_and(|day| day <= question.as_of);
    let actual = if done { 1.0 } else { 0.0 };
    Outcome {
        actual: Some(actual),
        progress: Some(actual),
        expected: if question.is_over() { 1.0 } else { 0.0 },
        forecast: None,
        missing: 1.0 - actual,
        irrecoverable: 0,
        days_left: question.days_left(),
        status: question.status(done, true),
        fraction: None,
    }
}
