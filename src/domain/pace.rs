//! The plan's own calendar: how much of a target is due by which day, what the period ends with at the pace so far, and
//! what each month that is left would need.
//!
//! A target is not due by a straight line where the work is not: a drug campaign lies in June, a town lays its visits into
//! the market days. So each day of a target's period has a weight, found in this order:
//!
//! 1. **Planned.** What is planned for a day is due on it: the sessions laid, and a campaign's planned quantity, shared by
//!    its sessions, or spread over its days where it has none. The part of the target that nobody planned yet follows one
//!    of the rules below; a plan for less than [`A_PLAN`] of the target says nothing of its course.
//! 2. **Key dates** of the indicator's theme: [`ON_KEY_DATES`] of the weight lies on them, each date counting the same
//!    however long it lasts, the rest evenly, for publicity goes on all year.
//! 3. **Last year's months**, where at least [`MONTHS_THAT_SPEAK`] of them had anything: a unit that logged for the first
//!    time in November says nothing of a year's course.
//! 4. **Evenly**, day by day.
//!
//! Where the whole is asked once (a milestone) it is due on the last day; what has to be there every day (a stock, a
//! survey's share) is due always.

use super::period::{Day, Month, Period};
use chrono::Datelike;

/// The part of a themed target that is due on its theme's key dates.
pub const ON_KEY_DATES: f64 = 0.5;
/// The part of a target for which something has to be planned before the plan is its calendar.
pub const A_PLAN: f64 = 0.05;
/// So many months of the year before have to have something before its course is followed.
pub const MONTHS_THAT_SPEAK: usize = 6;
/// So many past months show a spread.
const MONTHS_OF_A_SPREAD: usize = 3;
/// Days of a month, on average.
const DAYS_OF_A_MONTH: f64 = 30.4;

crate::keyed! {
    /// By which calendar a target is due.
    Basis {
        Planned => "planned",
        KeyDates => "key_dates",
        LastYear => "last_year",
        Even => "even",
        /// It has to be there every day.
        Always => "always",
        /// By the last day.
        Deadline => "deadline",
    }
}

/// What is known of a period's course.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// What is planned, in the target's unit, over the days on which it is held.
    pub planned: Vec<(Period, f64)>,
    /// The key dates of the indicator's theme.
    pub key_dates: Vec<Period>,
    /// The year before, by number of the month.
    pub last_year: Vec<(u32, f64)>,
}

/// A target's calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    period: Period,
    /// The rule that says most.
    pub basis: Basis,
    /// Of the target, what is planned already; the rest goes by `rest`.
    pub planned: f64,
    pub rest: Basis,
    /// What is due up to and with each day, 0 to 1; empty where it is even.
    due: Vec<f64>,
}

impl Pace {
    /// Day by day the same.
    pub fn even(period: Period) -> Pace {
        Pace { period, basis: Basis::Even, planned: 0.0, rest: Basis::Even, due: Vec::new() }
    }

    /// What has no course: a stock, a survey, a milestone.
    pub fn flat(period: Period, basis: Basis) -> Pace {
        Pace { basis, rest: basis, ..Pace::even(period) }
    }

    /// The calendar of `target` in `period`, by what is known of its course.
    pub fn of(period: Period, target: f64, course: &Course) -> Pace {
        let days = usize::try_from(period.days()).unwrap_or(1);
        let (rest, mut weights) = match () {
            () if course.key_dates.iter().any(|date| date.intersection(period).is_some()) => {
                (Basis::KeyDates, on_key_dates(period, days, &course.key_dates))
            }
            () => match by_months(period, &course.last_year) {
                Some(weights) => (Basis::LastYear, weights),
                None => (Basis::Even, vec![1.0; days]),
            },
        };
        scale(&mut weights, 1.0);
        let mut plan = vec![0.0; days];
        for (span, amount) in course.planned.iter().filter(|(_, amount)| *amount > 0.0) {
            // What of a campaign lies outside the period is due outside it.
            if let Some(common) = span.intersection(period) {
                spread(&mut plan, period, common, amount * common.days() as f64 / span.days() as f64);
            }
        }
        let amount: f64 = plan.iter().sum();
        let planned = if amount >= A_PLAN * target && target > 0.0 { (amount / target).min(1.0) } else { 0.0 };
        if planned <= 0.0 && rest == Basis::Even {
            return Pace::even(period);
        }
        scale(&mut plan, planned);
        let mut sum = 0.0;
        let due = plan.iter().zip(&weights).map(|(own, weight)| {
            sum += own + weight * (1.0 - planned);
            sum.min(1.0)
        });
        let due = due.collect();
        Pace { period, basis: if planned > 0.0 { Basis::Planned } else { rest }, planned, rest, due }
    }

    /// The share of the target that is due with the end of `day`: 0 before the period, 1 from its last day on.
    pub fn due(&self, day: Day) -> f64 {
        if day < self.period.from {
            return 0.0;
        }
        if day >= self.period.to || self.basis == Basis::Always {
            return 1.0;
        }
        let gone = (day - self.period.from).num_days();
        match self.basis {
            Basis::Deadline => 0.0,
            _ if self.due.is_empty() => (gone + 1) as f64 / self.period.days() as f64,
            _ => usize::try_from(gone).ok().and_then(|index| self.due.get(index)).copied().unwrap_or(1.0),
        }
    }

    /// By how many days a share of the target is ahead of the calendar on a day of the period; less than 0 when it is behind.
    pub fn days_ahead(&self, share: f64, day: Day) -> i64 {
        if matches!(self.basis, Basis::Always | Basis::Deadline) {
            return 0;
        }
        // The first day with whose end so much is due; nothing is due the day before the period.
        let mut days = self.period.from.iter_days().take_while(|day| *day <= self.period.to);
        let due = days.find(|day| share > 0.0 && self.due(*day) + 1e-9 >= share);
        let when = due.or_else(|| if share > 0.0 { Some(self.period.to) } else { self.period.from.pred_opt() });
        when.map_or(0, |when| (when - day).num_days())
    }

    /// The share that is due on the days of `span`.
    pub fn weight(&self, span: Period) -> f64 {
        let before = span.from.pred_opt().map_or(0.0, |day| self.due(day));
        (self.due(span.to) - before).max(0.0)
    }
}

/// Adds an amount to the days of `span`, the same to each.
fn spread(weights: &mut [f64], period: Period, span: Period, amount: f64) {
    let Some(common) = span.intersection(period) else { return };
    let first = usize::try_from((common.from - period.from).num_days()).unwrap_or_default();
    let days = usize::try_from(common.days()).unwrap_or_default();
    for weight in weights.iter_mut().skip(first).take(days) {
        *weight += amount / days as f64;
    }
}

/// Makes the weights add up to `whole`; nothing stays nothing.
fn scale(weights: &mut [f64], whole: f64) {
    let sum: f64 = weights.iter().sum();
    if sum > 0.0 {
        weights.iter_mut().for_each(|weight| *weight *= whole / sum);
    }
}

fn on_key_dates(period: Period, days: usize, dates: &[Period]) -> Vec<f64> {
    let mut weights = vec![0.0; days];
    for date in dates {
        spread(&mut weights, period, *date, 1.0);
    }
    scale(&mut weights, ON_KEY_DATES);
    weights.iter().map(|weight| weight + (1.0 - ON_KEY_DATES) / days as f64).collect()
}

/// Each month of the period by its number's share of the year before; `None` where that says nothing.
fn by_months(period: Period, last_year: &[(u32, f64)]) -> Option<Vec<f64>> {
    let of = |number: u32| last_year.iter().filter(|(own, _)| *own == number).map(|(_, amount)| amount).sum::<f64>();
    if (1..=12).filter(|number| of(*number) > 0.0).count() < MONTHS_THAT_SPEAK {
        return None;
    }
    let day = |day: Day| {
        let month = Month::of(day);
        of(day.month()) / month.period().days() as f64
    };
    let weights: Vec<f64> = period.each_day().map(day).collect();
    weights.iter().any(|weight| *weight > 0.0).then_some(weights)
}

/// What a period ends with at the pace so far, and between what that lies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Forecast {
    pub low: f64,
    pub likely: f64,
    pub high: f64,
}

/// A part of the period that is over: the share of the target that was due in it, and what was done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past {
    pub due: f64,
    pub done: f64,
}

/// The forecast. `due` is the share due so far, `past` the months that are over, `left` how many still come.
///
/// *Likely* is what was done, held against what was due: who did 2,000 by the day when a quarter was due ends with 8,000.
/// The range is the middle half of the past months' own paces; over several months good ones and bad ones even out, so it
/// narrows with the square root of those that come. Before three months show a spread, what comes is from half to one and a
/// half times the pace so far. What is logged stays: the forecast is never below it. `None` while nothing was due.
pub fn forecast(done: f64, due: f64, past: &[Past], left: usize) -> Option<Forecast> {
    if due <= 0.0 {
        return None;
    }
    let (pace, rest) = (done / due, (1.0 - due).max(0.0));
    let mut paces: Vec<f64> = past.iter().filter(|one| one.due > 0.0).map(|one| one.done / one.due).collect();
    paces.sort_by(f64::total_cmp);
    let (low, high) = if paces.len() < MONTHS_OF_A_SPREAD {
        (pace * 0.5, pace * 1.5)
    } else {
        let evened = |quarter: f64| pace + (quarter - pace) / (left.max(1) as f64).sqrt();
        (evened(quantile(&paces, 0.25).min(pace)), evened(quantile(&paces, 0.75).max(pace)))
    };
    let likely = done + pace * rest;
    Some(Forecast { low: (done + low.max(0.0) * rest).min(likely), likely, high: (done + high * rest).max(likely) })
}

/// The value below which a share of sorted values lies, between two of them in proportion.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * sorted.len().saturating_sub(1) as f64;
    let below = sorted.get(at.floor() as usize).copied().unwrap_or_default();
    let above = sorted.get(at.ceil() as usize).copied().unwrap_or(below);
    below + (above - below) * at.fract()
}

/// What each month to the period's end would need, the running one among them: rounded up to a tenth. `None` where no day is
/// left, or nothing is missing.
pub fn per_month(missing: f64, days_left: i64) -> Option<f64> {
    if missing <= 0.0 || days_left <= 0 {
        return None;
    }
    let months = (days_left as f64 / DAYS_OF_A_MONTH).max(1.0);
    Some((missing / months * 10.0 - 1e-9).ceil() / 10.0)
}
