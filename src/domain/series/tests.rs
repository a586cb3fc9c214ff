//! Series as stories, and what holds for all of them.

use super::*;
use crate::domain::{campaign::UnitName, event::at};
use chrono::NaiveTime;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn days(texts: &[&str]) -> Vec<Day> {
    texts.iter().map(|text| day(text)).collect()
}

#[test]
fn a_series_comes_every_other_wednesday() {
    // 2026-06-03 is a Wednesday; from Monday on the first one is two days away.
    let rule = Rule::Weeks { every: 2, weekday: 3 };
    assert_eq!(rule.days(day("2026-06-01"), End::Times(3)), days(&["2026-06-03", "2026-06-17", "2026-07-01"]));
    assert_eq!(rule.days(day("2026-06-01"), End::Until(day("2026-06-30"))), days(&["2026-06-03", "2026-06-17"]));
}

#[test]
fn a_month_without_a_fifth_monday_has_none() {
    let rule = Rule::MonthWeekday { nth: 5, weekday: 1 };
    assert_eq!(rule.days(day("2026-01-01"), End::Times(3)), days(&["2026-03-30", "2026-06-29", "2026-08-31"]));
    let second = Rule::MonthWeekday { nth: 2, weekday: 4 };
    assert_eq!(second.days(day("2026-06-12"), End::Times(1)), days(&["2026-07-09"]));
}

#[test]
fn a_year_brings_its_day_and_a_leap_year_its_29th() {
    let constitution = Rule::Year { month: 12, day: 4 };
    assert_eq!(constitution.days(day("2026-12-05"), End::Times(2)), days(&["2027-12-04", "2028-12-04"]));
    assert_eq!(
        Rule::Year { month: 2, day: 29 }.days(day("2026-01-01"), End::Times(2)),
        days(&["2028-02-29", "2032-02-29"])
    );
}

/// Source: domain.md, 老年节.
#[test]
fn the_ninth_of_the_ninth_moves_through_the_solar_year() {
    let rule = Rule::LunarYear { month: 9, day: 9 };
    assert_eq!(rule.days(day("2026-01-01"), End::Times(2)), days(&["2026-10-18", "2027-10-08"]));
    assert_eq!(Rule::from_first(Kind::LunarYear, day("2026-10-18"), 1), rule);
}

#[test]
fn the_first_of_each_lunar_month_is_a_market_day_talk() {
    let rule = Rule::LunarMonth { day: 1 };
    // 2026-02-17 is the first day of the lunar year.
    assert_eq!(rule.days(day("2026-02-01"), End::Times(2)), days(&["2026-02-17", "2026-03-19"]));
}

#[test]
fn a_rule_that_cannot_be_has_no_days() {
    for rule in [
        Rule::Weeks { every: 0, weekday: 1 },
        Rule::MonthWeekday { nth: 6, weekday: 1 },
        Rule::Year { month: 4, day: 31 },
        Rule::LunarYear { month: 13, day: 1 },
        Rule::LunarMonth { day: 31 },
    ] {
        assert_eq!(rule.days(day("2026-01-01"), End::Times(5)), Vec::new(), "{rule:?}");
    }
    let weekly = Rule::Weeks { every: 1, weekday: 1 };
    assert_eq!(weekly.days(Day::MAX, End::Times(5)), Vec::new());
    assert_eq!(weekly.days(day("2026-01-01"), End::Until(Day::MAX)).len(), MOST);
}

fn event(number: u128, on: &str) -> Event {
    let starts_at = at(day(on), NaiveTime::from_hms_opt(9, 0, 0).expect("a time")).expect("an instant");
    Event {
        id: Uuid::from_u128(number),
        campaign_id: 1,
        campaign: "a".into(),
        campaign_title: "a".into(),
        unit: UnitName { id: 1, code: "1".into(), path: "/1/".into(), short_name: "天坪村".into() },
        activity_type: None,
        day: day(on),
        starts_at,
        ends_at: starts_at + chrono::Duration::hours(2),
        lead: String::new(),
        place: String::new(),
        draft: false,
        series_id: Some(Uuid::from_u128(1)),
        sequence: 0,
        cancelled: false,
        activity: None,
    }
}

#[test]
fn a_change_touches_this_one_those_after_it_or_all_that_are_still_to_be_held() {
    let mut series: Vec<Event> = ["2026-05-01", "2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"]
        .iter()
        .zip(1..)
        .map(|(on, number)| event(number, on))
        .collect();
    series[3].activity = Some(Uuid::nil());
    let mut other = event(9, "2026-09-01");
    other.series_id = Some(Uuid::from_u128(2));
    series.push(other);
    let today = day("2026-05-15");
    let ids = |reach| -> Vec<u128> {
        touched_ids(&series, &series[2], reach, today).into_iter().map(|id| id.as_u128()).collect()
    };
    assert_eq!(ids(Reach::This), [3]);
    assert_eq!(ids(Reach::Following), [3, 5], "the fourth is done");
    assert_eq!(ids(Reach::All), [3, 2, 5], "the first is gone by");
    let lone = Event { series_id: None, ..event(7, "2026-09-01") };
    assert_eq!(touched_ids(&series, &lone, Reach::All, today), [lone.id]);
}

fn any_rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        (1u32..6, 1u32..8).prop_map(|(every, weekday)| Rule::Weeks { every, weekday }),
        (1u32..6, 1u32..8).prop_map(|(nth, weekday)| Rule::MonthWeekday { nth, weekday }),
        (1u32..13, 1u32..29).prop_map(|(month, day)| Rule::Year { month, day }),
        (1u32..13, 1u32..31).prop_map(|(month, day)| Rule::LunarYear { month, day }),
        (1u32..30).prop_map(|day| Rule::LunarMonth { day }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_series_rises_keeps_its_rule_and_its_end(rule in any_rule(), start in 0i64..3000, times in 0usize..12, span in 0i64..800) {
        let first = day("2020-01-01") + chrono::Duration::days(start);
        let counted = rule.days(first, End::Times(times));
        prop_assert!(counted.len() <= times);
        let last = first + chrono::Duration::days(span);
        let until = rule.days(first, End::Until(last));
        for days in [&counted, &until] {
            prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(days.iter().all(|day| *day >= first && rule.falls_on(first, *day)));
        }
        prop_assert!(until.iter().all(|day| *day <= last));
        // Both ways of ending tell of the same series.
        let both = counted.len().min(until.len());
        prop_assert_eq!(&counted[..both], &until[..both]);
    }

    #[test]
    fn the_rule_made_from_a_day_falls_on_it_first(kind in 0usize..5, start in 0i64..3000, every in 1u32..5) {
        let first = day("2020-01-01") + chrono::Duration::days(start);
        let rule = Rule::from_first(Kind::ALL[kind], first, every);
        let found = rule.days(first, End::Times(1));
        // A leap month's days and the 29 February come again where the calendar has them; all others begin at once.
        if Kind::ALL[kind] != Kind::LunarYear {
            prop_assert_eq!(found, vec![first]);
        }
        prop_assert!(rule.is_possible());
    }
}
