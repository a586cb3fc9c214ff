//! Days, months and spans of days. A day is `chrono::NaiveDate`: the calendar day in UTC+8, without a time.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A calendar day in UTC+8.
pub type Day = NaiveDate;

/// Whether anybody speaks of the day in earnest: another one is a slip, or meant to harm.
pub fn is_near(day: Day) -> bool {
    (1900..=2199).contains(&day.year())
}

/// A month of the solar calendar, written 2021-06.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    number: u32,
}

impl Month {
    /// `number` is 1 to 12.
    pub fn new(year: i32, number: u32) -> Option<Month> {
        (1..=12).contains(&number).then_some(Month { year, number })
    }

    pub fn of(day: Day) -> Month {
        Month { year: day.year(), number: day.month() }
    }

    pub fn year(self) -> i32 {
        self.year
    }

    /// 1 to 12.
    pub fn number(self) -> u32 {
        self.number
    }

    /// The month as an integer that sorts: 202106.
    pub fn index(self) -> i64 {
        i64::from(self.year) * 100 + i64::from(self.number)
    }

    pub fn from_index(index: i64) -> Option<Month> {
        Month::new(i32::try_from(index / 100).ok()?, u32::try_from(index % 100).ok()?)
    }

    pub fn first(self) -> Day {
        // Every year that a `Day` can hold has its twelve first days.
        Day::from_ymd_opt(self.year, self.number, 1).unwrap_or(Day::MIN)
    }

    pub fn last(self) -> Day {
        self.next().first().pred_opt().unwrap_or(Day::MAX)
    }

    pub fn next(self) -> Month {
        if self.number == 12 {
            Month { year: self.year + 1, number: 1 }
        } else {
            Month { year: self.year, number: self.number + 1 }
        }
    }

    pub fn previous(self) -> Month {
        if self.number == 1 {
            Month { year: self.year - 1, number: 12 }
        } else {
            Month { year: self.year, number: self.number - 1 }
        }
    }

    pub fn period(self) -> Period {
        Period { from: self.first(), to: self.last() }
    }

    /// Reads 2021-06.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, number) = text.split_once('-')?;
        Month::new(year.parse().ok()?, number.parse().ok()?)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.number)
    }
}

/// A span of days, both ends included; `from` never lies after `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    pub from: Day,
    pub to: Day,
}

impl Period {
    /// `None` where `from` lies after `to`, and where a year has not four digits: no engine reckons with those.
    pub fn new(from: Day, to: Day) -> Option<Period> {
        let years = 0..=9999;
        (from <= to && years.contains(&from.year()) && years.contains(&to.year())).then_some(Period { from, to })
    }

    pub fn year(year: i32) -> Period {
        Period {
            from: Day::from_ymd_opt(year, 1, 1).unwrap_or(Day::MIN),
            to: Day::from_ymd_opt(year, 12, 31).unwrap_or(Day::MAX),
        }
    }

    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// Number of days, both ends counted: at least 1.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// What two periods have in common.
    pub fn intersection(self, other: Period) -> Option<Period> {
        Period::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// Every month that has a day in the period.
    pub fn months(self) -> impl Iterator<Item = Month> {
        let last = Month::of(self.to);
        std::iter::successors(Some(Month::of(self.from)), |month| Some(month.next())).take_while(move |m| *m <= last)
    }

    /// Every day of the period.
    pub fn each_day(self) -> impl Iterator<Item = Day> {
        self.from.iter_days().take_while(move |day| *day <= self.to)
    }

    /// Whether the period is made of whole months, so that monthly totals answer for it.
    pub fn is_whole_months(self) -> bool {
        self.from.day() == 1 && self.to == Month::of(self.to).last()
    }
}

/// The sub-periods in which a frequency is asked for.
pub use each::Each;

mod each {
    crate::keyed! {
        /// How often an indicator asks for something: once in the whole period, or in every week, month, quarter, year.
        Each { None => "none", Week => "week", Month => "month", Quarter => "quarter", Year => "year" }
    }
}

impl Each {
    /// The sub-period that `day` lies in; weeks run Monday to Sunday. `None` for [`Each::None`].
    pub fn around(self, day: Day) -> Option<Period> {
        let month = Month::of(day);
        match self {
            Each::None => None,
            Each::Week => {
                let from = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
                Some(Period { from, to: from + Days::new(6) })
            }
            Each::Month => Some(month.period()),
            Each::Quarter => {
                let from = Month::new(month.year(), (month.number() - 1) / 3 * 3 + 1)?.first();
                Some(Period { from, to: from + Months::new(3) - Days::new(1) })
            }
            Each::Year => Some(Period::year(day.year())),
        }
    }

    /// The sub-periods of `period`, in order, each cut to it; the whole of it for [`Each::None`].
    pub fn split(self, period: Period) -> Vec<Period> {
        let mut parts = Vec::new();
        let mut from = period.from;
        while from <= period.to {
            let to = self.around(from).map_or(period.to, |part| part.to).min(period.to);
            parts.push(Period { from, to });
            from = to + Days::new(1);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_period_reaches_where_no_engine_reckons() {
        assert_eq!((Period::new(Day::MIN, Day::MAX), is_near(Day::MAX)), (None, false));
    }
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn weeks_run_monday_to_sunday() {
        let week = Each::Week.around(day("2026-05-15")).expect("a week");
        assert_eq!((week.from, week.to), (day("2026-05-11"), day("2026-05-17")));
    }

    #[test]
    fn a_quarter_ends_with_its_third_month() {
        let quarter = Each::Quarter.around(day("2021-11-30")).expect("a quarter");
        assert_eq!((quarter.from, quarter.to), (day("2021-10-01"), day("2021-12-31")));
    }

    proptest! {
        #[test]
        fn sub_periods_tile_the_period(start in 0i64..4000, length in 0i64..900, each in 0usize..5) {
            let from = day("2020-01-01") + chrono::Duration::days(start);
            let period = Period { from, to: from + chrono::Duration::days(length) };
            let parts = Each::ALL[each].split(period);
            prop_assert_eq!(parts.iter().map(|p| p.days()).sum::<i64>(), period.days());
            prop_assert_eq!(parts[0].from, period.from);
            prop_assert_eq!(parts[parts.len() - 1].to, period.to);
        }

        #[test]
        fn a_month_survives_its_text_and_its_index(year in 1900i32..2200, number in 1u32..13) {
            let month = Month::new(year, number).expect("a month");
            prop_assert_eq!(Month::parse(&month.to_string()), Some(month));
            prop_assert_eq!(Month::from_index(month.index()), Some(month));
            prop_assert_eq!(month.next().previous(), month);
            prop_assert_eq!(Month::of(month.last()), month);
        }
    }
}
