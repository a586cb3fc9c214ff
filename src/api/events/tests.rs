//! The events' contract: times, states, sequence, refusals by field, who may what.

use crate::server::testing::{World, sqlite};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/events";
const TIANPING: &str = "500999001201";

/// A world with the campaign `drugs` of the town in June 2090, and `past` in June 2021.
async fn world() -> World {
    let world = World::new(sqlite().await).await;
    for (key, year) in [("drugs", 2090), ("past", 2021)] {
        let body = json!({"key": key, "title": "禁毒", "from": format!("{year}-06-01"), "to": format!("{year}-06-30")});
        let answer = world.post("qian", "/api/v1/campaigns", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    }
    world
}

fn event() -> Value {
    json!({
        "campaign": "drugs", "unit": TIANPING, "starts_at": "2090-06-23T09:00", "ends_at": "2090-06-23T11:00:00+08:00",
        "lead": "孙丽", "type": "lecture",
    })
}

fn with(mut body: Value, field: &str, value: &str) -> Value {
    body[field] = json!(value);
    body
}

fn fields(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().expect("errors by field");
    errors.iter().map(|error| error["field"].as_str().expect("a field")).collect()
}

#[tokio::test]
async fn an_event_is_planned_moved_and_cancelled_and_its_sequence_rises() {
    let world = world().await;
    let posted = world.post("qian", PATH, event()).await;
    assert_eq!(posted.status, StatusCode::CREATED, "{}", posted.text);
    let posted = posted.json();
    assert_eq!(posted["starts_at"], "2090-06-23T09:00:00+08:00");
    assert_eq!((&posted["state"], &posted["sequence"]), (&json!("planned"), &json!(0)));
    let address = format!("{PATH}/{}", posted["id"].as_str().expect("an id"));
    let change = |body: Value| world.ask("qian", Method::PATCH, &address, Some(body));
    let moved = change(json!({"starts_at": "2090-06-24T01:00:00Z"})).await.json();
    assert_eq!(moved["ends_at"], "2090-06-24T11:00:00+08:00", "the end moves along");
    assert_eq!((&moved["id"], &moved["sequence"]), (&posted["id"], &json!(1)));
    assert_eq!(change(json!({"lead": "孙丽"})).await.json()["sequence"], 1, "nothing changed");
    let cancelled = change(json!({"state": "cancelled"})).await.json();
    assert_eq!((&cancelled["state"], &cancelled["sequence"]), (&json!("cancelled"), &json!(2)));
    assert_eq!(change(json!({"cancelled": false})).await.json()["state"], "planned");
    assert_eq!(fields(&change(json!({"state": "done"})).await.json()), ["state"]);
    let list = world.get("sun", &format!("{PATH}?campaign=drugs&unit={TIANPING}&from=2090-06-24&state=planned")).await;
    assert_eq!(list.json()["items"].as_array().map(Vec::len), Some(1), "{}", list.text);
}

#[tokio::test]
async fn a_day_gone_by_without_an_activity_is_missed() {
    let world = world().await;
    let past =
        json!({"campaign": "past", "unit": TIANPING, "starts_at": "2021-06-23T09:00", "ends_at": "2021-06-23T10:00"});
    assert_eq!(world.post("qian", PATH, past).await.json()["state"], "missed");
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_field() {
    let world = world().await;
    for (field, value, expected) in [
        ("campaign", "nothing", "campaign"),
        ("unit", "1", "unit"),
        ("starts_at", "2090-06-31T09:00", "starts_at"),
        ("starts_at", "2090-05-31T09:00", "starts_at"),
        ("ends_at", "2090-06-23T08:00", "ends_at"),
        ("ends_at", "", "ends_at"),
        ("ends_at", "2090-07-02T08:00", "starts_at"),
        ("type", "magic", "type"),
    ] {
        let answer = world.post("qian", PATH, with(event(), field, value)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert_eq!(fields(&answer.json()), [expected], "{field} {value}");
    }
    let nothing = world.post("qian", PATH, json!({})).await;
    assert_eq!(fields(&nothing.json()), ["unit", "campaign", "starts_at", "ends_at"]);
    assert_eq!(world.get("qian", PATH).await.json(), json!({"items": [], "next": null}));
    assert_eq!(world.get("qian", &format!("{PATH}/7")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_cadre_reads_own_events_and_plans_none() {
    let world = world().await;
    let id = world.post("qian", PATH, event()).await.json()["id"].as_str().expect("an id").to_owned();
    let address = format!("{PATH}/{id}");
    assert_eq!(world.get("sun", &address).await.status, StatusCode::OK);
    assert_eq!(world.get("zhou", &address).await.status, StatusCode::OK);
    assert_eq!(world.get("li", &address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("li", PATH).await.json()["items"], json!([]));
    assert_eq!(world.get("li", &format!("{PATH}?unit={TIANPING}")).await.status, StatusCode::NOT_FOUND);
    let cancel = || Some(json!({"cancelled": true}));
    for (who, expected) in [("li", 404), ("sun", 403), ("zhou", 403), ("", 401), ("zhao", 200)] {
        assert_eq!(world.ask(who, Method::PATCH, &address, cancel()).await.status, expected, "{who}");
    }
    for (who, expected) in [("li", 403), ("sun", 403), ("zhou", 403), ("zhao", 201)] {
        assert_eq!(world.post(who, PATH, event()).await.status, expected, "{who}");
    }
}

#[tokio::test]
async fn a_campaign_is_not_cut_off_from_its_events() {
    let world = world().await;
    world.post("qian", PATH, event()).await;
    let address = "/api/v1/campaigns/drugs";
    let shorter = world.ask("qian", Method::PATCH, address, Some(json!({"to": "2090-06-20"}))).await;
    assert_eq!(fields(&shorter.json()), ["to"]);
    world.ask("qian", Method::PATCH, address, Some(json!({"cancelled": true}))).await;
    assert_eq!(world.get("qian", PATH).await.json()["items"][0]["state"], "cancelled");
    assert_eq!(fields(&world.post("qian", PATH, event()).await.json()), ["campaign"]);
}
