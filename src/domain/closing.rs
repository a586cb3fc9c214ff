//! Closing (关账): what was reported of a month or a year stays as it was, and what comes later needs an unlock.
//!
//! Rules (the contract's "Periods"): open until an officer closes them, for a unit and all below it. An unlock opens a
//! part of one closing for a unit and all below it until a day, and ends by itself; what is entered under it is late.

use super::period::{Day, Month, Period};
use chrono::{DateTime, Datelike, Utc};

/// The years in which a period is closed.
pub const YEARS: std::ops::RangeInclusive<i32> = 1990..=2199;

/// A month or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Span {
    Month(Month),
    Year(i32),
}

impl Span {
    /// Reads 2025 and 2025-12.
    pub fn parse(text: &str) -> Option<Span> {
        let span = match text.split_once('-') {
            None => Span::Year(text.parse().ok()?),
            Some(_) => Span::Month(Month::parse(text)?),
        };
        YEARS.contains(&span.year()).then_some(span)
    }

    /// The span that a stored closing has; whatever is not one month is its year.
    pub fn of(period: Period) -> Span {
        let month = Month::of(period.from);
        if month.period() == period { Span::Month(month) } else { Span::Year(period.from.year()) }
    }

    pub fn year(self) -> i32 {
        match self {
            Span::Month(month) => month.year(),
            Span::Year(year) => year,
        }
    }

    pub fn period(self) -> Period {
        match self {
            Span::Month(month) => month.period(),
            Span::Year(year) => Period::year(year),
        }
    }
}

/// 2025, 2025-12.
impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Span::Month(month) => write!(f, "{month}"),
            Span::Year(year) => write!(f, "{year:04}"),
        }
    }
}

/// A period that is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    pub id: i64,
    /// The unit that closed it, for itself and all below.
    pub unit_id: i64,
    pub unit_path: String,
    pub unit_name: String,
    pub period: Period,
    /// Whose name stands for it.
    pub closed_by: String,
    pub closed_at: DateTime<Utc>,
    pub unlocks: Vec<Unlock>,
}

/// Part of a closing that takes late entries for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlock {
    pub id: i64,
    pub unit_path: String,
    pub unit_name: String,
    pub period: Period,
    /// The last day on which it holds.
    pub until: Day,
    pub reason: String,
    pub unlocked_by: String,
    /// Ended before its day.
    pub ended: bool,
}

impl Unlock {
    /// Whether it holds today.
    pub fn holds(&self, today: Day) -> bool {
        !self.ended && today <= self.until
    }
}

impl Closing {
    /// Whether an entry of these days at the unit with this path lies in it.
    pub fn covers(&self, path: &str, days: Period) -> bool {
        path.starts_with(&self.unit_path) && self.period.intersection(days).is_some()
    }

    /// Whether such an entry is let in today: by one unlock for all of its days that are closed here.
    pub fn lets_in(&self, path: &str, days: Period, today: Day) -> bool {
        let Some(closed) = self.period.intersection(days) else { return true };
        self.unlocks.iter().any(|unlock| {
            unlock.holds(today)
                && path.starts_with(&unlock.unit_path)
                && unlock.period.intersection(closed) == Some(closed)
        })
    }
}

/// What becomes of an entry.
#[derive(Debug, PartialEq, Eq)]
pub enum Gate<'a> {
    Open,
    /// Let in by an unlock: it is late.
    Unlocked,
    Closed(&'a Closing),
}

/// Holds an entry of these days at the unit with this path against all closings that may concern it: each of them has to
/// let it in.
pub fn gate<'a>(closings: &'a [Closing], path: &str, days: Period, today: Day) -> Gate<'a> {
    let mut gate = Gate::Open;
    for closing in closings.iter().filter(|closing| closing.covers(path, days)) {
        if !closing.lets_in(path, days, today) {
            return Gate::Closed(closing);
        }
        gate = Gate::Unlocked;
    }
    gate
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn on(text: &str) -> Period {
        Period { from: day(text), to: day(text) }
    }

    fn closing(path: &str, span: &str, unlocks: Vec<Unlock>) -> Closing {
        Closing {
            id: 1,
            unit_id: 5,
            unit_path: path.into(),
            unit_name: "青山镇".into(),
            period: Span::parse(span).expect("a span").period(),
            closed_by: "钱芳".into(),
            closed_at: DateTime::UNIX_EPOCH,
            unlocks,
        }
    }

    fn unlock(path: &str, span: &str, until: &str) -> Unlock {
        Unlock {
            id: 1,
            unit_path: path.into(),
            unit_name: "天坪村".into(),
            period: Span::parse(span).expect("a span").period(),
            until: day(until),
            reason: "漏报".into(),
            unlocked_by: "钱芳".into(),
            ended: false,
        }
    }

    #[test]
    fn a_closed_year_takes_nothing_of_its_own_and_the_next_year_is_open() {
        let all = [closing("/1/5/", "2025", vec![])];
        let ask = |path: &str, days: &str| gate(&all, path, on(days), day("2026-01-05"));
        assert!(matches!(ask("/1/5/17/", "2025-12-31"), Gate::Closed(_)));
        assert_eq!(ask("/1/5/17/", "2026-01-01"), Gate::Open);
        assert_eq!(ask("/1/6/", "2025-12-31"), Gate::Open, "another town");
        assert_eq!(ask("/1/", "2025-12-31"), Gate::Open, "the county above it");
        assert_eq!(ask("/1/55/", "2025-12-31"), Gate::Open, "a path that only begins alike");
    }

    #[test]
    fn an_entry_over_several_days_is_closed_out_by_any_of_its_months() {
        let all = [closing("/1/", "2021-12", vec![])];
        let days = Period { from: day("2021-11-29"), to: day("2021-12-05") };
        assert!(matches!(gate(&all, "/1/5/", days, day("2022-01-05")), Gate::Closed(_)));
    }

    #[test]
    fn an_unlock_lets_in_its_own_unit_and_months_until_its_day_and_what_it_lets_in_is_late() {
        let all = [closing("/1/5/", "2025", vec![unlock("/1/5/17/", "2025-12", "2026-01-10")])];
        let ask = |path: &str, days: &str, today: &str| gate(&all, path, on(days), day(today));
        assert_eq!(ask("/1/5/17/", "2025-12-31", "2026-01-10"), Gate::Unlocked);
        assert!(matches!(ask("/1/5/17/", "2025-12-31", "2026-01-11"), Gate::Closed(_)), "it ended by itself");
        assert!(matches!(ask("/1/5/17/", "2025-11-30", "2026-01-10"), Gate::Closed(_)), "another month");
        assert!(matches!(ask("/1/5/18/", "2025-12-31", "2026-01-10"), Gate::Closed(_)), "another village");
    }

    #[test]
    fn whoever_is_unlocked_by_the_town_is_still_closed_out_by_the_county() {
        let town = closing("/1/5/", "2025-12", vec![unlock("/1/5/", "2025-12", "2026-01-10")]);
        let all = [town, closing("/1/", "2025", vec![])];
        let found = gate(&all, "/1/5/17/", on("2025-12-31"), day("2026-01-05"));
        assert!(matches!(found, Gate::Closed(closing) if closing.unit_path == "/1/"));
    }

    #[test]
    fn a_span_survives_its_text_and_its_period() {
        for text in ["2025", "2025-02", "2024-12"] {
            let span = Span::parse(text).expect("a span");
            assert_eq!((span.to_string(), Span::of(span.period())), (text.to_owned(), span));
        }
        for text in ["", "2025-13", "25", "+262142-12", "1e3", "9999"] {
            assert_eq!(Span::parse(text), None, "{text}");
        }
    }
}
