//! On which days of a year a key date falls: eight kinds of rule.

use crate::domain::{
    day_mark::{self, Calendar},
    period::{Day, Each, Month, Period},
};
use chrono::{Datelike, Days, Weekday};
use serde::{Deserialize, Serialize};
use tyme4rs::tyme::{
    Culture,
    lunar::{LunarDay, LunarMonth},
    solar::{SOLAR_TERM_NAMES, SolarTerm},
};

/// A rule. Months are 1–12, days 1–31, weekdays 1 (Monday) to 7 (Sunday); weeks start on Monday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// The same day every year; 29 February only in the years that have one.
    Day { month: u32, day: u32 },
    /// From a day to a day. An end before the beginning lies in the next year; 29 February ends a common year's
    /// February on the 28th.
    Range { from_month: u32, from_day: u32, to_month: u32, to_day: u32 },
    /// The third Sunday of May. A month without a fifth one has none.
    NthWeekday { month: u32, nth: u32, weekday: u32 },
    /// The last Monday of March.
    LastWeekday { month: u32, weekday: u32 },
    /// The nth week of a month: Monday to Sunday, from the month's nth Monday on. Notices that say "第三周" mean it so
    /// more often than not; where one means another week, it is entered as an override.
    NthWeek { month: u32, nth: u32 },
    /// The week, Monday to Sunday, that contains a day; it belongs to that day's year.
    WeekOf { month: u32, day: u32 },
    /// A day of a lunar month, never of a leap month; the 30th of a month with 29 days is its last.
    LunarDay { month: u32, day: u32 },
    /// The day on which a solar term (节气) begins, by its Chinese name.
    SolarTerm { term: String },
    /// Market days (赶场日): every day that ends in one of the digits, by the solar or the lunar calendar.
    Market { calendar: Calendar, digits: Vec<u32> },
}

crate::keyed! {
    /// The kinds of rule that a key date can have. Market days are a town's own and stand apart.
    RuleKind {
        Day => "day",
        Range => "range",
        NthWeekday => "nth_weekday",
        LastWeekday => "last_weekday",
        NthWeek => "nth_week",
        WeekOf => "week_of",
        LunarDay => "lunar_day",
        SolarTerm => "solar_term",
        Market => "market",
    }
}

/// The names of the 24 solar terms, in the year's order from 小寒 on.
pub fn solar_terms() -> impl Iterator<Item = &'static str> {
    (1..=SOLAR_TERM_NAMES.len()).map(|index| SOLAR_TERM_NAMES[index % SOLAR_TERM_NAMES.len()])
}

/// The most days that a month of this number has.
fn most_days(month: u32) -> u32 {
    match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=most_days(month)).contains(&day)
}

/// The day in this year; of 29 February the last one there is.
fn day_or_last(year: i32, month: u32, day: u32) -> Option<Day> {
    Day::from_ymd_opt(year, month, day).or_else(|| Some(Month::new(year, month)?.last()))
}

fn weekday_of(number: u32) -> Option<Weekday> {
    Weekday::try_from(u8::try_from(number.checked_sub(1)?).ok()?).ok()
}

fn week_from(monday: Day) -> Option<Period> {
    Period::new(monday, monday.checked_add_days(Days::new(6))?)
}

/// A solar day of the almanac as ours.
fn plain(day: tyme4rs::tyme::solar::SolarDay) -> Option<Day> {
    let (month, number) = (u32::try_from(day.get_month()).ok()?, u32::try_from(day.get_day()).ok()?);
    Day::from_ymd_opt(i32::try_from(day.get_year()).ok()?, month, number)
}

impl Rule {
    pub fn kind(&self) -> RuleKind {
        match self {
            Rule::Day { .. } => RuleKind::Day,
            Rule::Range { .. } => RuleKind::Range,
            Rule::NthWeekday { .. } => RuleKind::NthWeekday,
            Rule::LastWeekday { .. } => RuleKind::LastWeekday,
            Rule::NthWeek { .. } => RuleKind::NthWeek,
            Rule::WeekOf { .. } => RuleKind::WeekOf,
            Rule::LunarDay { .. } => RuleKind::LunarDay,
            Rule::SolarTerm { .. } => RuleKind::SolarTerm,
            Rule::Market { .. } => RuleKind::Market,
        }
    }

    /// Whether every number of the rule can be: month 13 or 31 April cannot.
    pub fn is_possible(&self) -> bool {
        let (months, weekdays, nths) = (1..=12, 1..=7, 1..=5);
        match self {
            Rule::Day { month, day } | Rule::WeekOf { month, day } => is_day(*month, *day),
            Rule::Range { from_month, from_day, to_month, to_day } => {
                is_day(*from_month, *from_day) && is_day(*to_month, *to_day)
            }
            Rule::NthWeekday { month, nth, weekday } => {
                months.contains(month) && nths.contains(nth) && weekdays.contains(weekday)
            }
            Rule::LastWeekday { month, weekday } => months.contains(month) && weekdays.contains(weekday),
            Rule::NthWeek { month, nth } => months.contains(month) && nths.contains(nth),
            Rule::LunarDay { month, day } => months.contains(month) && (1..=30).contains(day),
            Rule::SolarTerm { term } => SOLAR_TERM_NAMES.contains(&term.as_str()),
            Rule::Market { digits, .. } => !digits.is_empty() && digits.iter().all(|digit| *digit <= 9),
        }
    }

    /// The spans that begin in `year` (a week: whose named day lies in it), in order. Most rules have one; a lunar day
    /// of the winter may have none or two, market days have many.
    pub fn in_year(&self, year: i32) -> Vec<Period> {
        if !self.is_possible() || !(1901..=2198).contains(&year) {
            return Vec::new();
        }
        match self {
            Rule::LunarDay { month, day } => lunar_days(year, *month, *day),
            Rule::SolarTerm { term } => {
                solar_term(year, term).map(|day| Period { from: day, to: day }).into_iter().collect()
            }
            Rule::Market { calendar, digits } => Period::year(year)
                .each_day()
                .filter(|day| digits.contains(&(calendar.number(*day) % 10)))
                .map(|day| Period { from: day, to: day })
                .collect(),
            other => other.single(year).into_iter().collect(),
        }
    }

    /// The one span of a rule of the solar calendar.
    fn single(&self, year: i32) -> Option<Period> {
        match self {
            Rule::Day { month, day } => {
                let day = Day::from_ymd_opt(year, *month, *day)?;
                Period::new(day, day)
            }
            Rule::Range { from_month, from_day, to_month, to_day } => {
                let ends_next_year = (to_month, to_day) < (from_month, from_day);
                let from = day_or_last(year, *from_month, *from_day)?;
                Period::new(from, day_or_last(year + i32::from(ends_next_year), *to_month, *to_day)?)
            }
            Rule::NthWeekday { month, nth, weekday } => {
                let day =
                    Day::from_weekday_of_month_opt(year, *month, weekday_of(*weekday)?, u8::try_from(*nth).ok()?)?;
                Period::new(day, day)
            }
            Rule::LastWeekday { month, weekday } => {
                let last = Month::new(year, *month)?.last();
                let back = (7 + last.weekday().number_from_monday() - weekday) % 7;
                let day = last.checked_sub_days(Days::new(u64::from(back)))?;
                Period::new(day, day)
            }
            Rule::NthWeek { month, nth } => {
                week_from(Day::from_weekday_of_month_opt(year, *month, Weekday::Mon, u8::try_from(*nth).ok()?)?)
            }
            Rule::WeekOf { month, day } => Each::Week.around(day_or_last(year, *month, *day)?),
            Rule::LunarDay { .. } | Rule::SolarTerm { .. } | Rule::Market { .. } => None,
        }
    }
}

/// The days of the solar year on which a lunar day falls.
fn lunar_days(year: i32, month: u32, day: u32) -> Vec<Period> {
    let in_lunar_year = |lunar_year: i32| {
        let (lunar_year, lunar_month) = (isize::try_from(lunar_year).ok()?, isize::try_from(month).ok()?);
        let days = LunarMonth::new(lunar_year, lunar_month).ok()?.get_day_count();
        let day = days.min(usize::try_from(day).ok()?);
        plain(LunarDay::new(lunar_year, lunar_month, day).ok()?.get_solar_day())
    };
    let days = [year - 1, year].into_iter().filter_map(in_lunar_year);
    days.filter(|day| day.year() == year).map(|day| Period { from: day, to: day }).collect()
}

/// The day of the solar year on which a term begins. The almanac's years begin with 冬至, in the December before.
fn solar_term(year: i32, term: &str) -> Option<Day> {
    let of = |year: i32| plain(SolarTerm::new(isize::try_from(year).ok()?, term).ok()?.get_solar_day());
    [of(year), of(year + 1)].into_iter().flatten().find(|day| day.year() == year)
}

/// The name of the solar term that begins on `day`.
pub(in crate::domain) fn term_on(day: Day) -> Option<String> {
    let term = day_mark::almanac(day)?.get_term_day();
    (term.get_day_index() == 0).then(|| term.get_solar_term().get_name())
}
