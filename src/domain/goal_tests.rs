//! The rules of the seven kinds, with the figures of the acceptance scenarios and laws that hold for all figures.

use super::{
    goal::*,
    period::{Day, Each, Period},
    unit::{Unit, UnitKind},
};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn asked(target: f64, year: i32, as_of: &str) -> Question {
    Question::new(target, Period::year(year), day(as_of))
}

fn cells(question: &Question, each: Each, done: &[(i64, &[i64])]) -> Vec<Cell> {
    done.iter()
        .flat_map(|(unit_id, counts)| {
            each.split(question.period).into_iter().enumerate().map(move |(index, part)| Cell {
                unit_id: *unit_id,
                part,
                done: counts.get(index).copied().unwrap_or(0),
            })
        })
        .collect()
}

#[test]
fn scenario_4_one_session_is_missing_and_41_days_are_left() {
    let question = asked(4.0, 2026, "2026-11-20");
    let (outcome, units) = frequency(&question, &cells(&question, Each::Year, &[(1, &[3])]));
    assert_eq!((outcome.missing, outcome.days_left), (1.0, 41));
    assert_eq!((outcome.actual, outcome.progress), (Some(3.0), Some(0.75)));
    assert_eq!((outcome.status, outcome.irrecoverable), (Status::Behind, 0));
    assert_eq!((units.len(), units[0].missing), (1, 1));
    let (outcome, _) = frequency(&question, &cells(&question, Each::Year, &[(1, &[5])]));
    assert_eq!((outcome.status, outcome.progress, outcome.missing), (Status::Reached, Some(1.25), 0.0));
}

#[test]
fn scenario_3_three_classes_of_40_are_missing() {
    let outcome = ratio(&asked(1.0, 2026, "2026-11-20"), 2_020, 2_140);
    assert_eq!(outcome.fraction, Some(Fraction { part: 2_020, whole: 2_140 }));
    assert_eq!(format!("{:.1}", outcome.actual.expect("a share") * 100.0), "94.4");
    assert_eq!(outcome.missing, 120.0);
    assert_eq!(ratio(&asked(1.0, 2026, "2026-11-20"), 5_300, 2_140).actual, Some(1.0));
}

#[test]
fn scenario_8_a_village_that_falls_below_is_missing() {
    let question = asked(1.0, 2026, "2026-09-30");
    let mut values: Vec<(i64, Option<i64>)> = (0..12).map(|id| (id, Some(3))).collect();
    values[0].1 = Some(2);
    let (before, _) = stock(&question, 3, &values);
    assert_eq!(before.fraction, Some(Fraction { part: 11, whole: 12 }));
    values[1].1 = Some(2);
    let (after, units) = stock(&question, 3, &values);
    assert_eq!(after.fraction, Some(Fraction { part: 10, whole: 12 }));
    assert_eq!((after.status, after.missing), (Status::Behind, 2.0));
    assert_eq!(units.iter().map(|unit| unit.missing).sum::<i64>(), 2);
}

#[test]
fn a_missed_quarter_cannot_be_made_up() {
    let question = asked(1.0, 2026, "2026-05-10");
    let (outcome, units) = frequency(&question, &cells(&question, Each::Quarter, &[(1, &[0, 5]), (2, &[1, 0])]));
    assert_eq!((outcome.status, outcome.irrecoverable, outcome.missing), (Status::Missed, 1, 6.0));
    assert_eq!((units[0].irrecoverable, units[0].missing), (1, 3));
    assert_eq!((units[1].irrecoverable, units[1].missing), (0, 3));
    assert_eq!(outcome.fraction, Some(Fraction { part: 2, whole: 8 }));
}

#[test]
fn on_the_first_days_nobody_is_behind() {
    let question = asked(4.0, 2026, "2026-01-05");
    assert_eq!(sum(&question, 0, &[], 12).status, Status::OnPace);
    let (outcome, _) = frequency(&question, &cells(&question, Each::Year, &[(1, &[0])]));
    assert_eq!(outcome.status, Status::OnPace);
}

#[test]
fn a_sum_is_measured_by_the_days_gone() {
    let outcome = sum(&asked(7_300.0, 2026, "2026-03-31"), 2_000, &[], 9);
    assert_eq!((outcome.expected, outcome.missing), (1_800.0, 5_300.0));
    assert_eq!(outcome.status, Status::OnPace);
    assert_eq!(outcome.forecast.expect("a pace").likely.round(), 8_111.0);
    assert_eq!(sum(&asked(7_300.0, 2026, "2026-12-31"), 7_299, &[], 0).status, Status::Missed);
    assert_eq!(sum(&asked(7_300.0, 2026, "2026-03-31"), 7_300, &[], 9).status, Status::Reached);
}

#[test]
fn coverage_is_on_pace_while_each_unit_is() {
    let question = asked(1.0, 2026, "2026-06-30");
    let (outcome, _) = coverage(&question, 4, &[(1, 2), (2, 2)]);
    assert_eq!((outcome.actual, outcome.status, outcome.missing), (Some(0.0), Status::OnPace, 2.0));
    assert_eq!(outcome.forecast.map(|it| it.likely), Some(1.0));
    let (outcome, units) = coverage(&question, 4, &[(1, 4), (2, 0), (3, 2)]);
    assert_eq!((outcome.status, units[1].behind, units[2].behind), (Status::Behind, true, false));
    assert_eq!(coverage(&question, 4, &[]).0.status, Status::NoData);
}

#[test]
fn a_stock_that_nobody_entered_is_no_data() {
    let question = asked(1.0, 2026, "2026-06-30");
    assert_eq!(stock(&question, 1, &[(1, None), (2, None)]).0.status, Status::NoData);
    let (outcome, _) = stock(&question, 1, &[(1, None), (2, Some(1))]);
    assert_eq!((outcome.actual, outcome.status), (Some(0.5), Status::Behind));
}

#[test]
fn surveys_and_milestones_speak_when_they_are_there() {
    let question = asked(0.9, 2026, "2026-06-30");
    assert_eq!(survey(&question, None).status, Status::NoData);
    assert_eq!(survey(&question, Some(0.91)).status, Status::Reached);
    assert_eq!(survey(&question, Some(0.8)).status, Status::Behind);
    let question = asked(1.0, 2026, "2026-06-30");
    assert_eq!(milestone(&question, None).status, Status::OnPace);
    assert_eq!(milestone(&question, Some(day("2026-06-30"))).status, Status::Reached);
    assert_eq!(milestone(&question, Some(day("2026-07-01"))).status, Status::OnPace);
    assert_eq!(milestone(&asked(1.0, 2026, "2026-12-31"), None).status, Status::Missed);
}

#[test]
fn who_was_merged_away_is_not_asked_any_more() {
    let village = Unit {
        id: 1,
        code: "500999001201".into(),
        parent_id: None,
        path: "/1/".into(),
        kind: UnitKind::Village,
        name: "天坪村".into(),
        short_name: "天坪村".into(),
        households: None,
        population: None,
        active_from: None,
        active_to: Some(day("2026-06-15")),
    };
    let quarters = Each::Quarter.split(Period::year(2026));
    let asked: Vec<bool> = quarters.iter().map(|quarter| is_asked(&village, *quarter, day("2026-08-01"))).collect();
    assert_eq!(asked, [true, false, false, false]);
    assert!(is_asked(&village, quarters[1], day("2026-05-01")));
}

proptest! {
    #[test]
    fn a_sum_and_what_is_missing_make_at_least_the_target(target in 1i64..10_000, total in 0i64..20_000, gone in 0i64..365) {
        let as_of = day("2026-01-01") + chrono::Duration::days(gone);
        let question = Question::new(target as f64, Period::year(2026), as_of);
        let outcome = sum(&question, total, &[], 1);
        prop_assert!(total as f64 + outcome.missing >= target as f64);
        prop_assert!(outcome.expected > 0.0 && outcome.expected <= target as f64 + 1e-6);
        prop_assert_eq!(outcome.status == Status::Reached, total >= target);
        prop_assert_eq!(outcome.days_left + gone + 1, 365);
    }

    #[test]
    fn a_ratio_is_never_above_one(part in -5i64..5_000, whole in 1i64..3_000) {
        let outcome = ratio(&asked(1.0, 2026, "2026-06-30"), part, whole);
        let actual = outcome.actual.expect("a share");
        prop_assert!((0.0..=1.0).contains(&actual));
        prop_assert_eq!(outcome.missing as i64, whole - part.clamp(0, whole));
    }

    #[test]
    fn a_surplus_in_one_month_makes_up_for_nothing_in_another(
        counts in proptest::collection::vec(0i64..5, 12), need in 1i64..4, month in 0usize..12,
    ) {
        let question = asked(need as f64, 2026, "2026-12-31");
        let (before, _) = frequency(&question, &cells(&question, Each::Month, &[(1, &counts)]));
        let short: i64 = counts.iter().map(|count| (need - count).max(0)).sum();
        prop_assert_eq!(before.missing as i64, short);
        let mut more = counts.clone();
        more[month] += 10;
        let (after, units) = frequency(&question, &cells(&question, Each::Month, &[(1, &more)]));
        prop_assert_eq!(after.missing as i64, short - (need - counts[month]).max(0));
        prop_assert_eq!(units[0].irrecoverable, units[0].missing);
        prop_assert!(after.progress.expect("a share") <= 1.0);
    }

    #[test]
    fn one_more_never_makes_coverage_worse(counts in proptest::collection::vec(0i64..8, 1..20), which in 0usize..20) {
        let question = asked(0.9, 2026, "2026-08-01");
        let units: Vec<(i64, i64)> = counts.iter().enumerate().map(|(id, count)| (id as i64, *count)).collect();
        let mut more = units.clone();
        let index = which % more.len();
        more[index].1 += 1;
        let (before, after) = (coverage(&question, 4, &units).0, coverage(&question, 4, &more).0);
        prop_assert!(after.actual >= before.actual && after.missing <= before.missing);
        let both = before.forecast.zip(after.forecast).expect("forecasts");
        prop_assert!(both.1.low >= both.0.low && both.1.likely >= both.0.likely && both.1.high >= both.0.high);
        prop_assert!(both.0.low >= before.actual.expect("a share") && both.0.high >= both.0.likely);
    }
}

#[test]
fn what_the_calendar_says_is_due_is_due() {
    // By 30 June the town planned nothing yet: nobody is behind.
    let question = Question { due: Some(0.0), ..asked(1.0, 2026, "2026-06-30") };
    let (outcome, units) = coverage(&question, 4, &[(1, 0), (2, 0)]);
    assert_eq!((outcome.status, outcome.expected, units[0].behind), (Status::OnPace, 0.0, false));
    let question = Question { due: Some(0.9), ..asked(4.0, 2026, "2026-06-30") };
    let (outcome, _) = frequency(&question, &cells(&question, Each::Year, &[(1, &[3])]));
    assert_eq!((outcome.status, outcome.expected), (Status::Behind, 3.6));
    // Each month is due by its own days, whatever the year's calendar says.
    let question = Question { due: Some(0.9), ..asked(1.0, 2026, "2026-03-15") };
    let (outcome, _) = frequency(&question, &cells(&question, Each::Month, &[(1, &[1, 1, 0])]));
    assert_eq!(outcome.expected, 2.0 + 15.0 / 31.0);
}
