//! Key dates held against an almanac, notices and laws that hold for every year.

use super::{built_in::*, rule::*, *};
use crate::domain::{
    catalogue::{built_in::THEMES, is_key},
    day_mark::{Calendar, almanac},
    period::{Day, Month},
};
use chrono::Weekday;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// What a fresh installation knows.
fn known() -> Known {
    let dates: Vec<KeyDate> = (1..)
        .zip(key_dates())
        .map(|(id, one)| KeyDate {
            id,
            key: one.key.into(),
            unit_id: None,
            layer: Layer::Nation,
            name: one.name.into(),
            name_en: Some(one.name_en.into()),
            rule: one.rule,
            themes: one.themes.iter().map(|theme| (*theme).to_owned()).collect(),
            lead: one.lead.into(),
            basis: one.basis.into(),
            unverified: one.unverified,
            since: one.since,
            retired: false,
        })
        .collect();
    let overrides = NOTICES
        .iter()
        .map(|(key, year, from, to, notice)| {
            let date = |(month, day): (u32, u32)| Day::from_ymd_opt(*year, month, day).expect("a day");
            Override {
                key_date_id: dates.iter().find(|one| one.key == *key).expect("a built-in key").id,
                unit_id: None,
                year: *year,
                period: Period::new(date(*from), date(*to)).expect("a period"),
                notice: (*notice).into(),
            }
        })
        .collect();
    Known { dates, overrides, switches: Vec::new(), ancestry: vec![1, 2, 9] }
}

fn of(key: &str, year: i32) -> Vec<(String, String, bool)> {
    let known = known();
    let date = known.dates.iter().find(|one| one.key == key).unwrap_or_else(|| panic!("no {key}"));
    let text = |one: Occurrence| (one.period.from.to_string(), one.period.to.to_string(), one.overridden);
    known.of(date, year).into_iter().map(text).collect()
}

/// Computed by borax 4.1.3 (lunar days and terms, from the Purple Mountain Observatory's tables) and Python's `calendar`
/// (weekdays), not by this program: 老年节 (lunar 9-9), 清明, 秋分, last Monday of March, third Sunday of May, third
/// Saturday of September, Monday of the week with 05-15. 2026-03-30, 05-11, 05-17, 09-19, 10-18 and 2027-10-08 also
/// stand in the domain's description.
const ALMANAC: [[&str; 7]; 10] = [
    ["2021-10-14", "2021-04-04", "2021-09-23", "2021-03-29", "2021-05-16", "2021-09-18", "2021-05-10"],
    ["2022-10-04", "2022-04-05", "2022-09-23", "2022-03-28", "2022-05-15", "2022-09-17", "2022-05-09"],
    ["2023-10-23", "2023-04-05", "2023-09-23", "2023-03-27", "2023-05-21", "2023-09-16", "2023-05-15"],
    ["2024-10-11", "2024-04-04", "2024-09-22", "2024-03-25", "2024-05-19", "2024-09-21", "2024-05-13"],
    ["2025-10-29", "2025-04-04", "2025-09-23", "2025-03-31", "2025-05-18", "2025-09-20", "2025-05-12"],
    ["2026-10-18", "2026-04-05", "2026-09-23", "2026-03-30", "2026-05-17", "2026-09-19", "2026-05-11"],
    ["2027-10-08", "2027-04-05", "2027-09-23", "2027-03-29", "2027-05-16", "2027-09-18", "2027-05-10"],
    ["2028-10-26", "2028-04-04", "2028-09-22", "2028-03-27", "2028-05-21", "2028-09-16", "2028-05-15"],
    ["2029-10-16", "2029-04-04", "2029-09-23", "2029-03-26", "2029-05-20", "2029-09-15", "2029-05-14"],
    ["2030-10-05", "2030-04-05", "2030-09-23", "2030-03-25", "2030-05-19", "2030-09-21", "2030-05-13"],
];

#[test]
fn the_key_dates_of_ten_years_are_those_of_the_almanac() {
    let keys = [
        "elderly-day",
        "qingming",
        "harvest-festival",
        "school-safety-day",
        "disabled-day",
        "defence-day",
        "family-education-week",
    ];
    for (year, row) in (2021..).zip(ALMANAC) {
        for (key, expected) in keys.into_iter().zip(row) {
            let found = of(key, year);
            assert_eq!(found.len(), 1, "{key} {year}");
            assert_eq!(found[0].0, expected, "{key} {year}");
            let length = if key == "family-education-week" { 7 } else { 1 };
            assert_eq!((day(&found[0].1) - day(&found[0].0)).num_days() + 1, length, "{key} {year}");
        }
        assert_eq!(of("drugs-day", year)[0].0, format!("{year}-06-26"));
        assert_eq!(of("migrant-workers", year)[0].1, format!("{}-01-31", year + 1), "it runs across New Year");
    }
}

/// Source: the domain's description.
#[test]
fn a_notice_puts_other_days_in_the_rules_place() {
    let moved = |key: &str, year: i32, from: &str, to: &str| {
        assert_eq!(of(key, year), [(from.to_owned(), to.to_owned(), true)], "{key} {year}");
    };
    moved("constitution-week", 2021, "2021-11-29", "2021-12-05");
    moved("constitution-week", 2022, "2022-12-04", "2022-12-10");
    moved("constitution-week", 2025, "2025-12-01", "2025-12-07");
    moved("network-week", 2021, "2021-10-11", "2021-10-17");
    assert_eq!(of("constitution-week", 2023), [("2023-12-04".into(), "2023-12-10".into(), false)]);
    assert_eq!(of("network-week", 2025), [("2025-09-15".into(), "2025-09-21".into(), false)]);
    assert_eq!(of("civil-code-month", 2020), [], "it began in 2021");
}

#[test]
fn the_nearest_units_notice_and_switch_hold() {
    let mut known = known();
    let week = known.dates.iter().find(|one| one.key == "constitution-week").expect("built in").clone();
    let notice = |unit_id, from: &str| Override {
        key_date_id: week.id,
        unit_id: Some(unit_id),
        year: 2026,
        period: Period { from: day(from), to: day("2026-12-10") },
        notice: "通知".into(),
    };
    known.overrides.extend([notice(2, "2026-12-02"), notice(1, "2026-12-01"), notice(77, "2026-12-03")]);
    assert_eq!(known.of(&week, 2026)[0].period.from, day("2026-12-02"), "the town's before the county's");
    for (unit_id, off, expected) in [(77, true, false), (1, true, true), (2, false, false), (9, true, true)] {
        known.switches.push(Switch { key_date_id: week.id, unit_id, off });
        assert_eq!(known.is_off(week.id), expected, "after unit {unit_id}");
    }
    assert!(known.in_year(2026).iter().all(|one| one.key != "constitution-week"));
}

#[test]
fn what_began_last_year_and_still_runs_is_found() {
    let january = Month::new(2026, 1).expect("a month").period();
    let keys: Vec<String> = known().within(january).into_iter().map(|one| one.key).collect();
    assert_eq!(keys, ["migrant-workers", "police-day"]);
}

#[test]
fn every_built_in_key_date_is_possible_and_names_themes_that_are_there() {
    let dates = key_dates();
    for one in &dates {
        assert!(is_key(one.key) && one.rule.is_possible() && !one.lead.is_empty(), "{}", one.key);
        assert!(one.themes.iter().all(|theme| THEMES.iter().any(|own| own.0 == *theme)), "{}", one.key);
        assert_eq!(one.rule.in_year(2026).len(), 1, "{}", one.key);
        assert_eq!(dates.iter().filter(|other| other.key == one.key).count(), 1, "{}", one.key);
        let json = serde_json::to_string(&one.rule).expect("JSON");
        assert_eq!(serde_json::from_str::<Rule>(&json).expect("the same"), one.rule);
    }
    let basis = |key: &str| known().dates.iter().find(|one| one.key == key).map(KeyDate::told_basis);
    assert_eq!(basis("national-security-day").as_deref(), Some("国家安全法第十四条"));
    assert_eq!(basis("police-day").as_deref(), Some(UNVERIFIED));
}

#[test]
fn what_no_calendar_has_is_no_rule() {
    for impossible in [
        Rule::Day { month: 13, day: 1 },
        Rule::Day { month: 4, day: 31 },
        Rule::NthWeekday { month: 5, nth: 6, weekday: 7 },
        Rule::LastWeekday { month: 3, weekday: 0 },
        Rule::NthWeek { month: 0, nth: 1 },
        Rule::WeekOf { month: 2, day: 30 },
        Rule::LunarDay { month: 1, day: 31 },
        Rule::SolarTerm { term: "清明节".into() },
        Rule::Market { calendar: Calendar::Solar, digits: vec![] },
    ] {
        assert!(!impossible.is_possible() && impossible.in_year(2026).is_empty(), "{impossible:?}");
    }
    assert_eq!(Rule::Day { month: 2, day: 29 }.in_year(2026), []);
    assert_eq!(Rule::NthWeekday { month: 2, nth: 5, weekday: 1 }.in_year(2026), []);
}

/// Source: borax 4.1.3: 正月初一 of 2021–2030.
#[test]
fn a_lunar_day_of_winter_falls_once_twice_or_never_in_a_year() {
    let eves = |year| Rule::LunarDay { month: 12, day: 30 }.in_year(year);
    assert_eq!(eves(2026)[0].from, day("2026-02-16"), "除夕, the 29th of a short month");
    let new_year = ["2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06"];
    for (year, expected) in (2021..).zip(new_year) {
        assert_eq!(Rule::LunarDay { month: 1, day: 1 }.in_year(year)[0].from, day(expected));
    }
    let counts: Vec<usize> =
        (2021..2040).map(|year| Rule::LunarDay { month: 11, day: 25 }.in_year(year).len()).collect();
    assert!(counts.contains(&0) && counts.contains(&2), "{counts:?}");
}

fn period_in(rule: &Rule, year: i32) -> Period {
    let found = rule.in_year(year);
    assert_eq!(found.len(), 1, "{rule:?} in {year}");
    found[0]
}

proptest! {
    #[test]
    fn the_nth_weekday_is_that_weekday_of_that_month(year in 1950i32..2150, month in 1u32..13, nth in 1u32..5, weekday in 1u32..8) {
        let found = period_in(&Rule::NthWeekday { month, nth, weekday }, year).from;
        prop_assert_eq!((found.year(), found.month(), found.weekday().number_from_monday()), (year, month, weekday));
        prop_assert_eq!((found.day() - 1) / 7 + 1, nth);
    }

    #[test]
    fn no_such_weekday_follows_the_last_one_in_its_month(year in 1950i32..2150, month in 1u32..13, weekday in 1u32..8) {
        let found = period_in(&Rule::LastWeekday { month, weekday }, year).from;
        prop_assert_eq!((found.year(), found.month(), found.weekday().number_from_monday()), (year, month, weekday));
        prop_assert_ne!((found + chrono::Days::new(7)).month(), month);
    }

    #[test]
    fn a_week_runs_monday_to_sunday_and_contains_its_day(year in 1950i32..2150, month in 1u32..13, number in 1u32..29) {
        let week = period_in(&Rule::WeekOf { month, day: number }, year);
        prop_assert_eq!((week.from.weekday(), week.to.weekday(), week.days()), (Weekday::Mon, Weekday::Sun, 7));
        prop_assert!(week.contains(Day::from_ymd_opt(year, month, number).expect("a day")));
    }

    #[test]
    fn the_nth_week_begins_on_the_nth_monday(year in 1950i32..2150, month in 1u32..13, nth in 1u32..5) {
        let week = period_in(&Rule::NthWeek { month, nth }, year);
        let monday = period_in(&Rule::NthWeekday { month, nth, weekday: 1 }, year).from;
        prop_assert_eq!((week.from, week.days()), (monday, 7));
    }

    #[test]
    fn a_range_begins_in_its_year_and_ends_within_twelve_months(
        year in 1950i32..2150, a in 1u32..13, b in 1u32..29, c in 1u32..13, d in 1u32..29,
    ) {
        let range = period_in(&Rule::Range { from_month: a, from_day: b, to_month: c, to_day: d }, year);
        prop_assert_eq!((range.from.year(), range.from.month(), range.to.month(), range.to.day()), (year, a, c, d));
        prop_assert!(range.days() <= 366);
    }

    #[test]
    fn a_lunar_day_converts_back(year in 1950i32..2150, month in 1u32..13, number in 1u32..30) {
        for found in (Rule::LunarDay { month, day: number }).in_year(year) {
            prop_assert_eq!(found.from.year(), year);
            let lunar = almanac(found.from).expect("in the almanac").get_lunar_day();
            prop_assert_eq!((lunar.get_day() as u32, lunar.get_lunar_month().get_month_with_leap()), (number, month as isize));
        }
    }

    #[test]
    fn market_days_end_in_their_digits_and_are_all_there(year in 2000i32..2100, digit in 0u32..10) {
        let days = Rule::Market { calendar: Calendar::Solar, digits: vec![digit] }.in_year(year);
        prop_assert!(days.iter().all(|one| one.from == one.to && one.from.day() % 10 == digit));
        let all = Period::year(year).each_day().filter(|day| day.day() % 10 == digit).count();
        prop_assert_eq!(days.len(), all);
    }
}

#[test]
fn every_term_falls_once_in_each_year() {
    assert_eq!(solar_terms().count(), 24);
    for year in 2021..=2030 {
        let days: Vec<Day> =
            solar_terms().map(|term| period_in(&Rule::SolarTerm { term: term.into() }, year).from).collect();
        assert!(days.is_sorted() && days[0].month() == 1 && days[23].month() == 12, "{days:?}");
    }
}
