//! Which part of a period the stored totals answer for, and which days are left for the ledger.
//!
//! A period that ends within a month takes the whole month less what the ledger has after the period's end: up to today
//! that is nothing, however much was logged this month.

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
    /// The days before the first whole month, which the ledger adds.
    pub before: Option<Period>,
    /// The days behind the period's end that the stored totals count too, and that the ledger takes off again.
    pub beyond: Option<Period>,
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
        let before = if period.from == first.first() { None } else { period.intersection(first.period()) };
        let from = if before.is_some() { first.next() } else { first };
        if from > last {
            return Pieces { stored: None, before, beyond: None };
        }
        let listed = if years && time != Time::Month { list(from, last) } else { None };
        let stored = Some(listed.unwrap_or(Stored::Months(from.index(), last.index())));
        let beyond = period.to.succ_opt().and_then(|next| Period::new(next, last.last()));
        Pieces { stored, before, beyond }
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
        assert_eq!(pieces.stored, Some(Stored::Listed(vec![202012, 202100, 202201, 202202])));
        assert_eq!(pieces.before, Some(period("2020-11-15", "2020-11-30")));
        assert_eq!(pieces.beyond, Some(period("2022-02-04", "2022-02-28")));
        let pieces = Pieces::of(period("2020-11-15", "2022-02-03"), Time::Month, true);
        assert_eq!(pieces.stored, Some(Stored::Months(202012, 202202)));
        let pieces = Pieces::of(period("2021-03-02", "2021-03-30"), Time::Whole, true);
        let days = Some(period("2021-03-02", "2021-03-30"));
        assert_eq!(pieces, Pieces { stored: None, before: days, beyond: None });
        let pieces = Pieces::of(period("2021-01-01", "2021-12-20"), Time::Whole, true);
        let beyond = Some(period("2021-12-21", "2021-12-31"));
        assert_eq!(pieces, Pieces { stored: Some(Stored::Listed(vec![202100])), before: None, beyond });
        let pieces = Pieces::of(Period::year(2021), Time::Whole, true);
        assert_eq!(pieces, Pieces { stored: Some(Stored::Listed(vec![202100])), before: None, beyond: None });
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
            let days_of = |piece: Option<Period>| piece.map_or(0, Period::days);
            let mut days = days_of(pieces.before) - days_of(pieces.beyond);
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
