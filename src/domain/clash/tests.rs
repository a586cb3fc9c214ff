//! Clashes as stories, and what holds for all of them.

use super::*;
use crate::domain::{
    day_mark::{Blackout, known_holidays},
    event::parse_instant,
    period::Period,
};
use proptest::prelude::*;

fn unit(id: i64) -> UnitName {
    UnitName { id, code: id.to_string(), path: format!("/1/{id}/"), short_name: format!("村{id}") }
}

fn slot(number: u128, unit_id: i64, from: &str, to: &str, lead: &str, place: &str) -> Slot {
    Slot {
        id: Uuid::from_u128(number),
        campaign_id: 1,
        unit: unit(unit_id),
        starts_at: parse_instant(from).expect("a time"),
        ends_at: parse_instant(to).expect("a time"),
        lead: lead.into(),
        place: place.into(),
    }
}

fn marks() -> DayMarks {
    let exam = Period { from: day("2026-06-22"), to: day("2026-06-30") };
    DayMarks {
        path: "/1/".into(),
        holidays: known_holidays().into_iter().collect(),
        markets: Vec::new(),
        blackouts: vec![Blackout { path: "/1/3/".into(), period: exam, reason: "期末考试".into() }],
    }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn campaign() -> Campaign {
    Campaign {
        id: 1,
        key: "a".into(),
        unit: UnitName { id: 1, code: "1".into(), path: "/1/".into(), short_name: "镇".into() },
        title: "禁毒".into(),
        period: Period::year(2026),
        lead: String::new(),
        note: String::new(),
        cancelled: false,
        themes: Vec::new(),
        units: Vec::new(),
        quantities: Vec::new(),
    }
}

/// What speaks against each: number, kind, the other's number.
fn told(slots: &[Slot]) -> Vec<(u128, Kind, Option<u128>)> {
    let (marks, villages, campaigns) = (marks(), [unit(2), unit(3), unit(4)], [campaign()]);
    let found =
        all(slots, Ground { marks: &marks, known: Period::year(2026), villages: &villages, campaigns: &campaigns });
    let flat = |(id, clashes): (Uuid, Vec<Clash>)| {
        clashes.into_iter().map(move |clash| (id.as_u128(), clash.kind, clash.other.map(|id| id.as_u128())))
    };
    found.into_iter().flat_map(flat).collect()
}

#[test]
fn one_person_cannot_be_in_two_villages_at_once() {
    let first = slot(1, 2, "2026-06-10T09:00", "2026-06-10T11:00", "李强", "");
    let second = slot(2, 4, "2026-06-10T10:30", "2026-06-10T12:00", "孙丽、李强", "");
    assert_eq!(told(&[first.clone(), second.clone()]), [(1, Kind::Person, Some(2)), (2, Kind::Person, Some(1))]);
    let after = Slot { starts_at: first.ends_at, ..second.clone() };
    assert_eq!(told(&[first.clone(), after]), [], "one ends as the other begins");
    let office = Slot { lead: "司法所".into(), ..first };
    let office_too = Slot { lead: "司法所".into(), ..second };
    assert_eq!(told(&[office, office_too]), [], "an office has several people");
}

#[test]
fn one_hall_holds_one_event_but_every_village_has_its_own_yard() {
    let hall = |number, unit| slot(number, unit, "2026-06-10T09:00", "2026-06-10T11:00", "", "镇文化活动中心");
    assert_eq!(told(&[hall(1, 2), hall(2, 4)]), [(1, Kind::Place, Some(2)), (2, Kind::Place, Some(1))]);
    let yard = |number, unit| slot(number, unit, "2026-06-10T09:00", "2026-06-10T11:00", "", "村委会院坝");
    assert_eq!(told(&[yard(1, 2), yard(2, 4)]), []);
}

#[test]
fn a_village_twice_a_day_is_told_and_a_town_twice_a_day_is_usual() {
    let at = |number, unit, from: &str, to: &str| slot(number, unit, from, to, "", "");
    let pair = |unit| {
        [at(1, unit, "2026-06-10T09:00", "2026-06-10T11:00"), at(2, unit, "2026-06-10T14:00", "2026-06-10T16:00")]
    };
    assert_eq!(told(&pair(2)), [(1, Kind::Village, Some(2)), (2, Kind::Village, Some(1))]);
    assert_eq!(told(&pair(1)), []);
}

#[test]
fn a_holiday_and_an_exam_week_are_told() {
    let holiday = slot(1, 2, "2026-10-01T09:00", "2026-10-01T11:00", "", "");
    let made_up = slot(2, 2, "2026-10-10T09:00", "2026-10-10T11:00", "", "");
    let exam = slot(3, 3, "2026-06-24T09:00", "2026-06-24T11:00", "", "");
    assert_eq!(told(&[holiday, made_up, exam]), [(1, Kind::Holiday, None), (3, Kind::Blackout, None)]);
}

#[test]
fn a_fifth_event_in_a_month_is_told_while_another_village_has_none() {
    let mut slots: Vec<Slot> = (1..=5)
        .map(|n| slot(n, 2, &format!("2026-09-{:02}T09:00", n + 1), &format!("2026-09-{:02}T10:00", n + 1), "", ""))
        .collect();
    assert_eq!(told(&slots), [(5, Kind::Load, None)]);
    slots.push(slot(6, 3, "2026-09-15T09:00", "2026-09-15T10:00", "", ""));
    assert_eq!(told(&slots), [(5, Kind::Load, None)], "village 4 still has none");
    slots.push(slot(7, 4, "2026-09-15T09:00", "2026-09-15T10:00", "", ""));
    assert_eq!(told(&slots), []);
}

prop_compose! {
    fn any_slot()(unit in 1i64..5, day in 1u32..15, hour in 8u32..18, length in 1u32..4, lead in 0usize..4, place in 0usize..3)
        -> (i64, String, String, &'static str, &'static str)
    {
        let time = |hour: u32| format!("2026-09-{day:02}T{hour:02}:00");
        (unit, time(hour), time(hour + length), ["", "李强", "孙丽", "孙丽、李强"][lead], ["", "院坝", "镇礼堂"][place])
    }
}

proptest! {
    #[test]
    fn clashes_are_mutual_no_event_clashes_with_itself_and_order_does_not_matter(
        drawn in prop::collection::vec(any_slot(), 0..24)
    ) {
        let mut slots: Vec<Slot> = drawn.iter().zip(1..)
            .map(|((unit, from, to, lead, place), number)| slot(number, *unit, from, to, lead, place))
            .collect();
        let found = told(&slots);
        for (one, kind, other) in &found {
            prop_assert_ne!(Some(*one), *other);
            if let (Kind::Person | Kind::Place, Some(other)) = (kind, other) {
                prop_assert!(found.contains(&(*other, *kind, Some(*one))));
            }
            if *kind == Kind::Village {
                prop_assert!(found.iter().any(|(id, kind, _)| Some(*id) == *other && *kind == Kind::Village));
            }
        }
        // The quadratic way finds the same people.
        for one in &slots {
            for other in &slots {
                let common = people(&one.lead).any(|person| people(&other.lead).any(|own| own == person));
                let expected = one.id != other.id && common && one.overlaps(other);
                let pair = (one.id.as_u128(), Kind::Person, Some(other.id.as_u128()));
                prop_assert_eq!(found.contains(&pair), expected);
            }
        }
        let kinds = |mut found: Vec<(u128, Kind, Option<u128>)>| {
            found.iter_mut().for_each(|one| if one.1 == Kind::Village { one.2 = None });
            found.sort();
            found
        };
        slots.reverse();
        prop_assert_eq!(kinds(told(&slots)), kinds(found));
    }
}
