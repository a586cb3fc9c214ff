//! Events that come again (系列): on which days, and which of them a change touches.

use super::{
    day_mark::Calendar,
    event::{Event, State},
    key_date::rule,
    period::{Day, is_near},
};
use chrono::{Datelike, Days, Weekday};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The most events of one series.
pub const MOST: usize = 200;

/// How far a series reaches from its first day, in days: ten years.
const FARTHEST: u64 = 3_653;

/// How a series comes again. Weekdays are 1 (Monday) to 7 (Sunday).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// Every n weeks on a weekday, from the first such weekday on.
    Weeks { every: u32, weekday: u32 },
    /// The nth weekday of every month; a month without a fifth one has none.
    MonthWeekday { nth: u32, weekday: u32 },
    /// A day of every year; 29 February only in the years that have one.
    Year { month: u32, day: u32 },
    /// A lunar day of every year, never of a leap month; the 30th of a month with 29 days is its last.
    LunarYear { month: u32, day: u32 },
    /// A day of every lunar month; a month of 29 days has no 30th.
    LunarMonth { day: u32 },
}

crate::keyed! {
    /// The kinds of [`Rule`].
    Kind {
        Weeks => "weeks",
        MonthWeekday => "month_weekday",
        Year => "year",
        LunarYear => "lunar_year",
        LunarMonth => "lunar_month",
    }
}

/// Where a series ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With the last of its days on or before this one.
    Until(Day),
    /// After so many.
    Times(usize),
}

impl Rule {
    /// The rule of this kind whose days `first` is one of: "every second week on first's weekday".
    pub fn from_first(kind: Kind, first: Day, every: u32) -> Rule {
        let weekday = first.weekday().number_from_monday();
        let (month, day) = (first.month(), first.day());
        match kind {
            Kind::Weeks => Rule::Weeks { every, weekday },
            Kind::MonthWeekday => Rule::MonthWeekday { nth: (day - 1) / 7 + 1, weekday },
            Kind::Year => Rule::Year { month, day },
            Kind::LunarYear => match Calendar::lunar_month_and_day(first) {
                Some((month, day)) => Rule::LunarYear { month, day },
                None => Rule::Year { month, day },
            },
            Kind::LunarMonth => Rule::LunarMonth { day: Calendar::Lunar.number(first) },
        }
    }

    /// Whether every number of the rule can be.
    pub fn is_possible(self) -> bool {
        let (weekdays, months) = (1..=7, 1..=12);
        match self {
            Rule::Weeks { every, weekday } => (1..=52).contains(&every) && weekdays.contains(&weekday),
            Rule::MonthWeekday { nth, weekday } => (1..=5).contains(&nth) && weekdays.contains(&weekday),
            Rule::Year { month, day } => rule::Rule::Day { month, day }.is_possible(),
            Rule::LunarYear { month, day } => months.contains(&month) && (1..=30).contains(&day),
            Rule::LunarMonth { day } => (1..=30).contains(&day),
        }
    }

    /// Whether the series falls on `day`; `first` is the day from which it is reckoned.
    pub fn falls_on(self, first: Day, day: Day) -> bool {
        let is = |number: u32| day.weekday() == weekday_of(number);
        match self {
            Rule::Weeks { every, weekday } => {
                let wait = (7 + weekday - first.weekday().number_from_monday()) % 7;
                let since = (day - first).num_days() - i64::from(wait);
                is(weekday) && since >= 0 && since % (7 * i64::from(every.max(1))) == 0
            }
            Rule::MonthWeekday { nth, weekday } => is(weekday) && (day.day() - 1) / 7 + 1 == nth,
            Rule::Year { month, day: number } => day.month() == month && day.day() == number,
            Rule::LunarYear { month, day: number } => {
                let rule = rule::Rule::LunarDay { month, day: number };
                rule.in_year(day.year()).iter().any(|period| period.from == day)
            }
            Rule::LunarMonth { day: number } => Calendar::Lunar.number(day) == number,
        }
    }

    /// The days of a series from `first` on, rising, at most [`MOST`] and for ten years at most.
    pub fn days(self, first: Day, end: End) -> Vec<Day> {
        if !self.is_possible() || !is_near(first) {
            return Vec::new();
        }
        let farthest = first + Days::new(FARTHEST);
        let (last, most) = match end {
            End::Until(day) => (day.min(farthest), MOST),
            End::Times(times) => (farthest, times.min(MOST)),
        };
        first.iter_days().take_while(|day| *day <= last).filter(|day| self.falls_on(first, *day)).take(most).collect()
    }
}

fn weekday_of(number: u32) -> Weekday {
    match number {
        1 => Weekday::Mon,
        2 => Weekday::Tue,
        3 => Weekday::Wed,
        4 => Weekday::Thu,
        5 => Weekday::Fri,
        6 => Weekday::Sat,
        _ => Weekday::Sun,
    }
}

crate::keyed! {
    /// Which events of a series a change is meant for.
    Reach {
        This => "this",
        /// This one and those after it.
        Following => "following",
        All => "all",
    }
}

/// The events that a change of `from` touches, `from` first. Of the others those that are still to be held: what is
/// done, cancelled or gone by stays as it was.
pub fn touched<'a>(series: &'a [Event], from: &'a Event, reach: Reach, today: Day) -> Vec<&'a Event> {
    let is_meant = |event: &&Event| {
        let waits = event.state(today) == State::Planned && event.day >= today;
        let after = (event.starts_at, event.id) > (from.starts_at, from.id);
        event.id != from.id && waits && (reach == Reach::All || reach == Reach::Following && after)
    };
    let same = |event: &Event| from.series_id.is_some() && event.series_id == from.series_id;
    std::iter::once(from).chain(series.iter().filter(|event| same(event)).filter(is_meant)).collect()
}

/// The ids of what a change touches.
pub fn touched_ids(series: &[Event], from: &Event, reach: Reach, today: Day) -> Vec<Uuid> {
    touched(series, from, reach, today).into_iter().map(|event| event.id).collect()
}

#[cfg(test)]
mod tests;
