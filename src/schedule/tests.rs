//! Gaps and proposals as the town asks for them: 青山镇 with twelve villages, of which nine held 3 sessions of study, two held 2
//! and one held none; 4 a year are asked for.

use crate::server::{
    db::Db,
    testing::{World, each_engine, sqlite},
};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const TOWN: &str = "500999001";
const PROPOSE: &str = "/api/v1/schedule/propose";

/// The code of the nth village.
fn village(number: usize) -> String {
    format!("500999001{}", 200 + number)
}

async fn made(world: &World, who: &str, address: &str, body: Value) -> Value {
    let answer = world.post(who, address, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{address}: {}", answer.text);
    answer.json()
}

async fn log(world: &World, unit: &str, date: &str) {
    let body = json!({ "id": uuid::Uuid::now_v7(), "unit": unit, "date": date, "type": "study",
        "quantities": [{ "measure": "study", "value": 1, "precision": "exact" }] });
    made(world, "qian", "/api/v1/activities", body).await;
}

async fn twelve_villages(db: Db) -> World {
    let world = World::new(db).await;
    for number in 4..=12 {
        let body = json!({ "code": village(number), "name": format!("{number}村"), "parent": TOWN, "kind": "village" });
        made(&world, "zhao", "/api/v1/units", body).await;
    }
    let indicator = json!({ "key": "sessions", "name": "村级学法", "kind": "frequency", "measure": "study",
        "unit_kind": "village", "each": "year", "unit": TOWN });
    made(&world, "qian", "/api/v1/indicators", indicator).await;
    let target = json!({ "plan": "plan-8", "indicator": "sessions", "unit": TOWN, "value": 4, "basis": "镇里的通知" });
    made(&world, "qian", "/api/v1/targets", target).await;
    for number in 1..=12 {
        for month in 1..=[3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 0][number - 1] {
            log(&world, &village(number), &format!("2021-{month:02}-15")).await;
        }
    }
    world
}

fn question() -> Value {
    json!({ "unit": TOWN, "from": "2021-10-01", "to": "2021-12-31", "indicator": "sessions" })
}

async fn propose(world: &World, question: Value) -> Value {
    let answer = world.post("qian", PROPOSE, question).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

fn with(mut question: Value, field: &str, value: Value) -> Value {
    question[field] = value;
    question
}

/// How many events a proposal has, by day.
fn by_day(proposal: &Value) -> BTreeMap<String, usize> {
    let mut days = BTreeMap::new();
    for event in proposal["events"].as_array().expect("events") {
        *days.entry(event["date"].as_str().expect("a date").to_owned()).or_default() += 1;
    }
    days
}

fn left(proposal: &Value) -> u64 {
    proposal["unplaced"].as_array().expect("what is left").iter().filter_map(|one| one["missing"].as_u64()).sum()
}

#[tokio::test]
async fn what_twelve_villages_lack_is_laid_on_days_that_can_be_used() {
    each_engine(|db| async move {
        let world = twelve_villages(db).await;
        let proposal = propose(&world, with(question(), "per_day", json!(2))).await;
        let days = by_day(&proposal);
        assert_eq!((days.values().sum::<usize>(), left(&proposal)), (17, 0));
        assert!(days.values().all(|count| *count <= 2), "{days:?}");
        // The days off of National Day.
        assert!(days.keys().all(|day| day.as_str() >= "2021-10-08"), "{days:?}");
        let events = proposal["events"].as_array().expect("events");
        let of = |code: &str| events.iter().filter(|event| event["unit"] == code).count();
        assert_eq!((of(&village(1)), of(&village(10)), of(&village(12))), (1, 2, 4));
        let on_key_dates = events.iter().filter(|event| event["key_date"].is_string()).count();
        assert!(on_key_dates >= 10, "key dates come first: {events:#?}");
        assert!(days.contains_key("2021-12-04"), "the day of the constitution: {days:?}");
        assert_eq!(propose(&world, with(question(), "per_day", json!(2))).await, proposal, "the same answer again");

        let weekly = propose(&world, with(question(), "per_week", json!(1))).await;
        assert_eq!((by_day(&weekly).values().sum::<usize>(), left(&weekly)), (13, 4));
        assert!(weekly["unplaced"][0]["reason"].as_str().is_some_and(|reason| reason.contains("上限")), "{weekly}");
    })
    .await;
}

#[tokio::test]
async fn what_is_planned_counts_and_its_day_is_used_up() {
    let world = twelve_villages(sqlite().await).await;
    let campaign = json!({ "key": "study", "title": "学法", "unit": TOWN, "from": "2021-01-01", "to": "2021-12-31" });
    made(&world, "qian", "/api/v1/campaigns", campaign).await;
    let event = |type_key: &str, day: &str| {
        json!({ "campaign": "study", "unit": village(12), "type": type_key,
            "starts_at": format!("{day}T09:00"), "ends_at": format!("{day}T10:00") })
    };
    made(&world, "qian", "/api/v1/events", event("study", "2021-11-11")).await;
    // A session that asks for no study is none.
    made(&world, "qian", "/api/v1/events", event("banner", "2021-11-12")).await;
    let one_day = with(with(question(), "from", json!("2021-11-11")), "to", json!("2021-11-13"));
    let proposal = propose(&world, with(one_day, "per_day", json!(1))).await;
    let days = by_day(&proposal);
    assert_eq!(days.keys().collect::<Vec<_>>(), ["2021-11-13"], "two days are full");
    assert_eq!(days.values().sum::<usize>() as u64 + left(&proposal), 16);
}

#[tokio::test]
async fn holidays_avoided_days_and_blackouts_are_left_out_and_holidays_can_be_switched_on() {
    let world = twelve_villages(sqlite().await).await;
    let week = with(with(question(), "from", json!("2021-10-01")), "to", json!("2021-10-07"));
    let none = propose(&world, week.clone()).await;
    assert_eq!((by_day(&none).len(), left(&none)), (0, 17));
    assert!(none["unplaced"].as_array().expect("rows").iter().all(|row| row["reason_code"] == "no_day"));
    let some = propose(&world, with(week, "holidays", json!(true))).await;
    assert_eq!(left(&some), 0, "{some}");
    let avoid = with(question(), "avoid", json!(["2021-12-04", "2021-12-05"]));
    assert!(by_day(&propose(&world, avoid).await).keys().all(|day| day != "2021-12-04" && day != "2021-12-05"));
}

#[tokio::test]
async fn people_take_turns_and_nobody_is_at_two_places_on_a_day() {
    let world = twelve_villages(sqlite().await).await;
    let proposal = propose(&world, with(question(), "people", json!(["周波", "孙丽"]))).await;
    let mut days: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for event in proposal["events"].as_array().expect("events") {
        let (day, lead) = (event["date"].to_string(), event["lead"].as_str().expect("a lead").to_owned());
        *held.entry(lead.clone()).or_default() += 1;
        *days.entry((day, lead)).or_default() += 1;
    }
    assert!(days.values().all(|count| *count == 1), "{days:?}");
    assert!(held.values().all(|count| (8..=9).contains(count)) && held.len() == 2, "{held:?}");
}

#[tokio::test]
async fn a_quarter_that_is_over_is_named_and_not_made_up() {
    let world = twelve_villages(sqlite().await).await;
    let indicator = json!({ "key": "boards", "name": "宣传栏更新", "kind": "frequency", "measure": "bulletin",
        "unit_kind": "village", "each": "quarter", "unit": TOWN });
    made(&world, "qian", "/api/v1/indicators", indicator).await;
    let target = json!({ "plan": "plan-8", "indicator": "boards", "unit": TOWN, "value": 1, "basis": "镇里的通知" });
    made(&world, "qian", "/api/v1/targets", target).await;
    let proposal = propose(&world, with(question(), "indicator", json!("boards"))).await;
    assert_eq!(by_day(&proposal).values().sum::<usize>(), 12, "the running quarter");
    assert_eq!(left(&proposal), 36, "three quarters of twelve villages");
    assert!(proposal["unplaced"].as_array().expect("rows").iter().all(|row| row["reason_code"] == "past"));

    let gaps = world.get("qian", &format!("/api/v1/gaps?unit={TOWN}&plan=plan-8&as_of=2021-11-20")).await.json();
    let rows = gaps["rows"].as_array().expect("rows");
    let row = |indicator: &str, unit: &str| {
        rows.iter().find(|row| row["indicator"] == indicator && row["unit"] == unit).expect("a gap").clone()
    };
    let board = row("boards", &village(1));
    assert_eq!((board["missing"].as_f64(), board["irrecoverable"].as_i64()), (Some(4.0), Some(3)));
    let study = row("sessions", &village(12));
    assert_eq!((study["missing"].as_f64(), study["irrecoverable"].as_i64()), (Some(4.0), Some(0)));
    assert_eq!((study["days_left"].as_i64(), study["per_month"].as_f64()), (Some(41), Some(3.0)));
    assert_eq!(rows.iter().filter(|row| row["indicator"] == "sessions").count(), 12);
    let page = world.get("qian", &format!("/gaps?unit={TOWN}&as_of=2021-11-20")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("村级学法") && page.text.contains("补不上"), "{}", page.text);
    let asked = format!("/schedule/propose?unit={TOWN}&indicator=sessions&from=2021-11-21&to=2021-12-31&per_day=2");
    assert!(page.text.contains("/schedule/propose?unit=500999001&amp;indicator=sessions&amp;from=2021-11-21"));
    let page = world.get("qian", &asked).await;
    assert!(page.text.contains("17场都排得下"), "{}", page.text);
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_is_refused_by_field() {
    let world = twelve_villages(sqlite().await).await;
    for (field, value, named) in [
        ("from", json!(null), "from"),
        ("to", json!("2021-09-30"), "to"),
        ("to", json!("2121-12-31"), "to"),
        ("indicator", json!("nonsense"), "indicator"),
        ("indicator", json!(null), "indicator"),
        ("indicator", json!("law_literate"), "indicator"),
        ("per_day", json!(0), "per_day"),
        ("per_week", json!(-3), "per_week"),
        ("people", json!(vec!["周波"; 101]), "people"),
    ] {
        let answer = world.post("qian", PROPOSE, with(question(), field, value.clone())).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}: {}", answer.text);
        let problems = answer.json();
        assert_eq!(problems["errors"][0]["field"], named, "{field} {value}: {problems}");
    }
}

#[tokio::test]
async fn what_the_officer_keeps_of_a_proposal_becomes_drafts_that_villages_do_not_see_yet() {
    each_engine(|db| async move {
        let world = twelve_villages(db).await;
        let address = format!("/schedule/propose?unit={TOWN}&indicator=sessions&from=2021-10-08&to=2021-12-31");
        let (one, two) = (village(1), village(2));
        let fields = [
            ("do", "accept"),
            ("title", "四季度学法"),
            ("themes", "constitution"),
            ("starts", "09:00"),
            ("ends", "10:00"),
            ("unit.0", one.as_str()),
            ("name.0", "天坪村"),
            ("type.0", "study"),
            ("take.0", "1"),
            ("day.0", "2021-11-30"),
            ("unit.1", two.as_str()),
            ("name.1", "两河村"),
            ("type.1", "study"),
            ("take.1", "1"),
            ("day.1", "三十号"),
            ("unit.2", one.as_str()),
            ("name.2", "天坪村"),
            ("type.2", "study"),
            ("day.2", "2021-12-10"),
        ];
        // A day that is none: the whole form comes back, and nothing is stored.
        let refused = world.submit("qian", &address, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("三十号") && refused.text.contains("四季度学法"), "{}", refused.text);
        let fields = fields.map(|(name, value)| (name, if name == "day.1" { "2021-12-02" } else { value }));
        let kept = world.submit("qian", &address, &fields).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        let campaign = kept.header("location").trim_start_matches("/campaigns/").trim_end_matches("#events").to_owned();
        let planned = world.get("qian", &format!("/api/v1/campaigns/{campaign}")).await.json();
        // It spans what was asked about, so that a session can still be moved within it.
        assert_eq!((&planned["from"], &planned["to"]), (&json!("2021-10-08"), &json!("2021-12-31")), "{planned}");
        // Who asks again is proposed two fewer.
        let again = propose(&world, question()).await;
        assert_eq!(by_day(&again).values().sum::<usize>(), 15);
        let events = format!("/api/v1/events?campaign={campaign}");
        let seen = async |who| world.get(who, &events).await.json()["items"].as_array().expect("events").len();
        assert_eq!((seen("qian").await, seen("sun").await), (2, 0), "a draft is no village's business yet");
    })
    .await;
}
