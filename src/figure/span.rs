//! Which part of a period the stored totals answer for, and which days are left for the ledger.

use super::Time;
use crate::domain::{
    activity::spread,
    period::{Day, Month, Period},
};

/// More year and month rows than this are asked for as one range of months.
const LISTED: usize = 64;

/// A period taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    /// The whole months, as the stored totals name them.
    pub stored: Option<Stored>,
    /// What is left at either end: at most two, each within one month.
    pub ragged: Vec<Period>,
}

/// The stored periods that together are the whole months of a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// These: 202100 for a year, 202106 for a month.
    Listed(Vec<i64>),
    /// Every month from the first to the last; rows of whole years lie between and do not belong.
    Months(i64, i64),
}

impl Pieces {
    /// Takes a period apart. `years`: whether rows of whole years may be used, which only stand for all activities.
    pub fn of(period: Period, time: Time, years: bool) -> Pieces {
        let (first, last) = (Month::of(period.from), Month::of(period.to));
        let mut ragged = Vec::new();
        let mut from = first;
        if period.from != first.first() || (first == last && period.to != last.last()) {
            ragged.extend(period.intersection(first.period()));
            from = first.next();
        }
        let mut to = last;
        if period.to != last.last() {
            if last != first {
                ragged.extend(period.intersection(last.period()));
            }
            to = last.previous();
        }
        let stored = (from <= to).then(|| {
            let listed = if years && time != Time::Month { list(from, to) } else { None };
            listed.unwrap_or(Stored::Months(from.index(), to.index()))
        });
        Pieces { stored, ragged }
    }
}

/// Whole years as years, what is left as months.
fn list(from: Month, to: Month) -> Option<Stored> {
    let mut periods = Vec::new();
    let mut month = from;
    while month <= to {
        let december = Month::new(month.year(), 12)?;
        if month.number() == 1 && december <= to {
            periods.push(i64::from(month.year()) * 100);
            month = december.next();
        } else {
            periods.push(month.index());
            month = month.next();
        }
        if periods.len() > LISTED {
            return None;
        }
    }
    Some(Stored::Listed(periods))
}

/// What of `value`, spread over the days of `span`, falls into `window`.
pub fn within(value: i64, span: Period, window: Period) -> i64 {
    let Some(common) = span.intersection(window) else { return 0 };
    let day = |day: Day| (day - span.from).num_days();
    spread(value, span.days(), day(common.from), day(common.to))
}

/// `period` cut into months or years.
pub fn split(period: Period, time: Time) -> Vec<Period> {
    let each = match time {
        Time::Whole => return vec![period],
        Time::Month => crate::domain::period::Each::Month,
        Time::Year => crate::domain::period::Each::Year,
    };
    each.split(period)
}

/// The name of the time a day lies in: 0, 202106 or 202100.
pub fn name(time: Time, day: Day) -> i64 {
    let month = Month::of(day);
    match time {
        Time::Whole => 0,
        Time::Month => month.index(),
        Time::Year => i64::from(month.year()) * 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn period(from: &str, to: &str) -> Period {
        Period::new(from.parse().expect("a day"), to.parse().expect("a day")).expect("a period")
    }

    #[test]
    fn whole_years_come_as_one_row_and_ragged_ends_from_the_ledger() {
        let pieces = Pieces::of(period("2020-11-15", "2022-02-03"), Time::Whole, true);
        assert_eq!(pieces.stored, Some(Stored::Listed(vec![202012, 202100, 202201])));
        assert_eq!(pieces.ragged, [period("2020-11-15", "2020-11-30"), period("2022-02-01", "2022-02-03")]);
        let pieces = Pieces::of(period("2020-11-15", "2022-02-03"), Time::Month, true);
        assert_eq!(pieces.stored, Some(Stored::Months(202012, 202201)));
        let pieces = Pieces::of(period("2021-03-02", "2021-03-30"), Time::Whole, true);
        assert_eq!((pieces.stored, pieces.ragged), (None, vec![period("2021-03-02", "2021-03-30")]));
        let pieces = Pieces::of(period("2021-03-01", "2021-03-30"), Time::Whole, true);
        assert_eq!((pieces.stored, pieces.ragged), (None, vec![period("2021-03-01", "2021-03-30")]));
    }

    fn value_by_day(value: i64, span: Period) -> Vec<(Day, i64)> {
        let days = span.days();
        let day_value = |n: i64| value / days + i64::from(n < value % days);
        span.each_day().enumerate().map(|(n, day)| (day, day_value(i64::try_from(n).expect("few days")))).collect()
    }

    proptest! {
        #[test]
        fn pieces_tile_the_period(start in 0i64..900, length in 0i64..1500, years: bool) {
            let from: Day = "2020-01-01".parse().expect("a day");
            let from = from + chrono::Duration::days(start);
            let period = Period { from, to: from + chrono::Duration::days(length) };
            let pieces = Pieces::of(period, Time::Whole, years);
            let mut days: i64 = pieces.ragged.iter().map(|ragged| ragged.days()).sum();
            days += match pieces.stored {
                None => 0,
                Some(Stored::Listed(list)) => list
                    .into_iter()
                    .map(|index| match Month::from_index(index) {
                        Some(month) => month.period().days(),
                        None => Period::year(i32::try_from(index / 100).expect("a year")).days(),
                    })
                    .sum(),
                Some(Stored::Months(from, to)) => {
                    let month = |index| Month::from_index(index).expect("a month");
                    Period { from: month(from).first(), to: month(to).last() }.days()
                }
            };
            prop_assert_eq!(days, period.days());
        }

        #[test]
        fn a_window_holds_the_sum_of_its_days(
            value in 1i64..500, length in 0i64..80, start in -30i64..90, window in 0i64..60,
        ) {
            let from: Day = "2021-02-10".parse().expect("a day");
            let span = Period { from, to: from + chrono::Duration::days(length) };
            let start = from + chrono::Duration::days(start);
            let window = Period { from: start, to: start + chrono::Duration::days(window) };
            let expected: i64 =
                value_by_day(value, span).into_iter().filter(|(day, _)| window.contains(*day)).map(|(_, n)| n).sum();
            prop_assert_eq!(within(value, span, window), expected);
            prop_assert_eq!(within(value, span, span), value);
        }
    }
}
