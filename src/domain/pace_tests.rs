//! The calendar of a target, and what its forecast promises whatever the figures.

use super::{
    pace::*,
    period::{Day, Month, Period},
};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn span(from: &str, to: &str) -> Period {
    Period { from: day(from), to: day(to) }
}

fn year() -> Period {
    Period::year(2026)
}

#[test]
fn where_nothing_is_known_each_day_counts_the_same() {
    let pace = Pace::of(year(), 100.0, &Course::default());
    assert_eq!((pace.basis, pace.due(day("2026-03-31"))), (Basis::Even, 90.0 / 365.0));
    assert_eq!((pace.due(day("2025-12-31")), pace.due(day("2026-12-31"))), (0.0, 1.0));
}

#[test]
fn days_ahead_are_counted_by_the_calendar_and_not_by_a_straight_line() {
    let even = Pace::even(year());
    assert_eq!(even.days_ahead(0.5, day("2026-06-01")), 31, "half is due on 2 July");
    assert_eq!(even.days_ahead(0.5, day("2026-07-12")), -10);
    assert_eq!((even.days_ahead(0.0, day("2026-01-10")), even.days_ahead(1.0, day("2026-12-21"))), (-10, 10));
    // Everything on one day in June: who has half of it in May is ahead until then, and not by half a year.
    let planned = vec![(span("2026-06-26", "2026-06-26"), 100.0)];
    let pace = Pace::of(year(), 100.0, &Course { planned, ..Course::default() });
    assert_eq!((pace.days_ahead(0.5, day("2026-05-27")), pace.days_ahead(0.5, day("2026-07-06"))), (30, -10));
}

#[test]
fn what_is_planned_is_due_on_its_day_and_the_rest_evenly() {
    let planned = vec![(span("2026-06-26", "2026-06-26"), 60.0)];
    let pace = Pace::of(year(), 100.0, &Course { planned, ..Course::default() });
    assert_eq!((pace.basis, pace.rest, pace.planned), (Basis::Planned, Basis::Even, 0.6));
    let before = pace.due(day("2026-06-25"));
    assert!((before - 0.4 * 176.0 / 365.0).abs() < 1e-9, "{before}");
    assert!((pace.due(day("2026-06-26")) - before - 0.6 - 0.4 / 365.0).abs() < 1e-9);
}

#[test]
fn a_plan_above_the_target_is_the_whole_calendar() {
    let planned = vec![(span("2026-03-01", "2026-03-31"), 150.0), (span("2026-09-01", "2026-09-10"), 50.0)];
    let pace = Pace::of(year(), 100.0, &Course { planned, ..Course::default() });
    assert_eq!((pace.planned, pace.due(day("2026-02-28"))), (1.0, 0.0));
    assert!((pace.due(day("2026-08-31")) - 0.75).abs() < 1e-9);
}

#[test]
fn a_plan_for_next_to_nothing_is_no_calendar() {
    let planned = vec![(span("2026-03-01", "2026-03-31"), 4.0)];
    assert_eq!(Pace::of(year(), 100.0, &Course { planned, ..Course::default() }).basis, Basis::Even);
}

#[test]
fn half_of_a_themed_target_is_due_on_its_key_dates() {
    let key_dates = vec![span("2026-06-01", "2026-06-30"), span("2026-06-26", "2026-06-26")];
    let pace = Pace::of(year(), 100.0, &Course { key_dates, ..Course::default() });
    assert_eq!(pace.basis, Basis::KeyDates);
    assert!((pace.due(day("2026-05-31")) - 0.5 * 151.0 / 365.0).abs() < 1e-9);
    assert!((pace.weight(span("2026-06-26", "2026-06-26")) - (0.25 / 30.0 + 0.25 + 0.5 / 365.0)).abs() < 1e-9);
}

#[test]
fn last_year_speaks_only_when_half_of_its_months_had_something() {
    let months = |numbers: std::ops::RangeInclusive<u32>| numbers.map(|number| (number, 10.0)).collect::<Vec<_>>();
    let late = Course { last_year: months(9..=12), ..Course::default() };
    assert_eq!(Pace::of(year(), 100.0, &late).basis, Basis::Even);
    let second_half = Course { last_year: months(7..=12), ..Course::default() };
    let pace = Pace::of(year(), 100.0, &second_half);
    assert_eq!((pace.basis, pace.due(day("2026-06-30"))), (Basis::LastYear, 0.0));
    assert!((pace.due(day("2026-09-30")) - 0.5).abs() < 1e-9);
}

#[test]
fn a_stock_is_due_every_day_and_a_milestone_on_the_last() {
    let due = |basis, text| Pace::flat(year(), basis).due(day(text));
    assert_eq!((due(Basis::Always, "2026-01-01"), due(Basis::Deadline, "2026-12-30")), (1.0, 0.0));
    assert_eq!(due(Basis::Deadline, "2026-12-31"), 1.0);
}

#[test]
fn a_forecast_is_what_was_done_against_what_was_due() {
    let found = forecast(2_000.0, 0.25, &[], 9).expect("a forecast");
    assert_eq!((found.low, found.likely, found.high), (5_000.0, 8_000.0, 11_000.0));
    let past: Vec<Past> = [10.0, 20.0, 30.0, 20.0].map(|done| Past { due: 0.1, done }).into();
    let found = forecast(80.0, 0.4, &past, 4).expect("a forecast");
    // Paces 100, 200, 200, 300: their middle half is 175 to 225, halved by four months that still come.
    assert_eq!((found.low, found.likely, found.high), (80.0 + 187.5 * 0.6, 200.0, 80.0 + 212.5 * 0.6));
    assert_eq!(forecast(5.0, 0.0, &[], 12), None);
}

#[test]
fn at_the_end_the_forecast_is_what_is_there() {
    assert_eq!(forecast(7.0, 1.0, &[], 0), Some(Forecast { low: 7.0, likely: 7.0, high: 7.0 }));
}

#[test]
fn what_a_month_needs_is_rounded_up() {
    assert_eq!(
        [per_month(1.0, 41), per_month(3_000.0, 41), per_month(0.0, 41), per_month(4.0, 0)],
        [Some(0.8), Some(2_224.4), None, None]
    );
    assert_eq!(per_month(4.0, 10), Some(4.0), "within a month all of it");
}

prop_compose! {
    fn course()(
        planned in proptest::collection::vec((0i64..400, 0i64..60, 0.0f64..50.0), 0..6),
        dates in proptest::collection::vec((0i64..360, 0i64..31), 0..4),
        months in proptest::collection::vec(0.0f64..100.0, 12),
        which in 0u8..8,
    ) -> Course {
        let at = |from: i64, length: i64| {
            let from = day("2026-01-01") + chrono::Duration::days(from - 20);
            Period { from, to: from + chrono::Duration::days(length) }
        };
        Course {
            planned: if which & 1 == 0 { Vec::new() } else { planned.iter().map(|one| (at(one.0, one.1), one.2)).collect() },
            key_dates: if which & 2 == 0 { Vec::new() } else { dates.iter().map(|one| at(one.0, one.1)).collect() },
            last_year: if which & 4 == 0 { Vec::new() } else { (1..).zip(months).collect() },
        }
    }
}

proptest! {
    #[test]
    fn a_calendar_never_runs_backwards_and_ends_with_the_whole(course in course(), target in 1.0f64..200.0) {
        let pace = Pace::of(year(), target, &course);
        let mut before = 0.0;
        for day in year().each_day() {
            let due = pace.due(day);
            prop_assert!((0.0..=1.0).contains(&due) && due + 1e-9 >= before, "{day}: {due} after {before}");
            before = due;
        }
        prop_assert_eq!(before, 1.0);
        let december = Month::new(2026, 12).expect("a month").period();
        let months: f64 = year().months().map(|month| pace.weight(month.period())).sum();
        prop_assert!((months - 1.0).abs() < 1e-6 && pace.weight(december) <= 1.0);
    }

    #[test]
    fn a_forecast_lies_within_its_range_and_never_below_what_is_done(
        past in proptest::collection::vec((0.0f64..0.2, 0.0f64..100.0), 0..8), more in 0.0f64..50.0, left in 0usize..12,
    ) {
        let past: Vec<Past> = past.into_iter().map(|(due, done)| Past { due, done }).collect();
        let due = past.iter().map(|one| one.due).sum::<f64>().min(1.0);
        let done = past.iter().map(|one| one.done).sum::<f64>() + more;
        let found = forecast(done, due, &past, left);
        prop_assert_eq!(found.is_some(), due > 0.0);
        if let Some(found) = found {
            prop_assert!(found.low <= found.likely && found.likely <= found.high, "{found:?}");
            prop_assert!(found.low + 1e-9 >= done, "{found:?} below {done}");
        }
    }

    #[test]
    fn whoever_does_more_is_never_promised_less(
        past in proptest::collection::vec((0.01f64..0.1, 0.0f64..100.0), 1..9), which in 0usize..9, more in 0.1f64..80.0,
        left in 1usize..12,
    ) {
        let mut past: Vec<Past> = past.into_iter().map(|(due, done)| Past { due, done }).collect();
        let due = past.iter().map(|one| one.due).sum::<f64>().min(1.0);
        let done = |past: &[Past]| past.iter().map(|one| one.done).sum::<f64>();
        let before = forecast(done(&past), due, &past, left).expect("something was due");
        let index = which % past.len();
        past[index].done += more;
        let after = forecast(done(&past), due, &past, left).expect("something was due");
        prop_assert!(after.low + 1e-9 >= before.low && after.likely >= before.likely && after.high + 1e-9 >= before.high);
    }
}
