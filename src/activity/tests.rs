//! The ledger over HTTP and on both engines: logged once, corrected, withdrawn, counted right.

use super::{check::check, generate::generate};
use crate::server::testing::{World, each_engine, sqlite};
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

const TIANPING: &str = "500999001201";

fn lecture() -> Value {
    json!({
        "id": Uuid::now_v7(), "unit": TIANPING, "date": "2021-06-24", "type": "lecture", "themes": ["drugs", "safety"],
        "quantities": [
            {"measure": "lecture", "value": 1, "precision": "exact"},
            {"measure": "leaflet", "value": 200, "precision": "exact"},
            {"measure": "attendance", "value": 85, "precision": "at_least"},
        ],
    })
}

async fn patch(world: &World, who: &str, id: &str, version: Option<&str>, body: Value) -> (StatusCode, Value) {
    let mut request = Request::builder()
        .method(Method::PATCH)
        .uri(format!("/api/v1/activities/{id}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", crate::server::testing::token(who)));
    if let Some(version) = version {
        request = request.header(header::IF_MATCH, version);
    }
    let answer = world.send(request.body(body.to_string().into()).expect("a request")).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn the_same_entry_sent_a_hundred_times_is_stored_once() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let body = lecture();
        assert_eq!(world.post("sun", "/api/v1/activities", body.clone()).await.status, StatusCode::CREATED);
        for _ in 0..100 {
            assert_eq!(world.post("sun", "/api/v1/activities", body.clone()).await.status, StatusCode::OK);
        }
        let list = world.get("qian", "/api/v1/activities?unit=500999001").await.json();
        assert_eq!(list["items"].as_array().expect("items").len(), 1);
        assert_eq!(list["items"][0]["late"], true);
        let mut other = body.clone();
        other["date"] = json!("2021-06-25");
        assert_eq!(world.post("sun", "/api/v1/activities", other).await.status, StatusCode::CONFLICT);
        // Who may not see the entry learns no more than that the id is taken.
        let mut foreign = body;
        foreign["unit"] = json!("500999001202");
        assert_eq!(world.post("li", "/api/v1/activities", foreign).await.status, StatusCode::CONFLICT);
        assert!(check(&world.db).await.expect("a check").differences.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_correction_keeps_the_former_version_and_needs_a_reason_and_the_version_seen() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let body = lecture();
        let id = body["id"].as_str().expect("an id").to_owned();
        world.post("sun", "/api/v1/activities", body.clone()).await;
        let changed =
            json!({"quantities": [{"measure": "leaflet", "value": 150, "precision": "exact"}], "reason": "数错了"});
        assert_eq!(patch(&world, "sun", &id, None, changed.clone()).await.0, StatusCode::PRECONDITION_REQUIRED);
        let (status, problem) = patch(&world, "sun", &id, Some("1"), json!({"note": "x"})).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason")));
        let (status, now) = patch(&world, "sun", &id, Some("\"1\""), changed.clone()).await;
        assert_eq!((status, &now["version"]), (StatusCode::OK, &json!(2)));
        assert_eq!(now["themes"], json!(["drugs", "safety"]));
        assert_eq!(patch(&world, "sun", &id, Some("1"), changed).await.0, StatusCode::PRECONDITION_FAILED);
        // A replay is held against what was first posted.
        assert_eq!(world.post("sun", "/api/v1/activities", body).await.status, StatusCode::OK);
        let totals =
            world.get("qian", "/api/v1/totals?unit=500999001&from=2021-01-01&to=2021-12-31&by=measure").await.json();
        let leaflets =
            totals["rows"].as_array().expect("rows").iter().find(|row| row["measure"] == "leaflet").expect("leaflets");
        assert_eq!(leaflets["total"], 150);
        assert!(check(&world.db).await.expect("a check").differences.is_empty());

        let answer = world.post("sun", &format!("/api/v1/activities/{id}/withdraw"), json!({"reason": "重复"})).await;
        assert_eq!((answer.status, &answer.json()["status"]), (StatusCode::OK, &json!("withdrawn")));
        let again = world.post("sun", &format!("/api/v1/activities/{id}/withdraw"), json!({"reason": "重复"})).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(check(&world.db).await.expect("a check").differences.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_cadre_of_another_village_reads_and_writes_nothing_and_a_leader_writes_nothing() {
    let world = World::new(sqlite().await).await;
    let body = lecture();
    let address = format!("/api/v1/activities/{}", body["id"].as_str().expect("an id"));
    world.post("sun", "/api/v1/activities", body).await;
    assert_eq!(world.get("li", &address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("li", &format!("/api/v1/activities?unit={TIANPING}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.post("li", &format!("{address}/withdraw"), json!({"reason": "x"})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(world.post("li", "/api/v1/activities", lecture()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("zhou", &address).await.status, StatusCode::OK);
    assert_eq!(world.post("zhou", "/api/v1/activities", lecture()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        world.post("zhou", &format!("{address}/withdraw"), json!({"reason": "x"})).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(world.post("", "/api/v1/activities", lecture()).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn wrong_input_is_told_by_field_and_nothing_is_stored() {
    let world = World::new(sqlite().await).await;
    let quantity = |value: Value| json!([{"measure": "leaflet", "value": value, "precision": "exact"}]);
    let twice = json!([
        {"measure": "leaflet", "value": 1, "precision": "exact"}, {"measure": "leaflet", "value": 2, "precision": "exact"},
    ]);
    for (member, value, field) in [
        ("quantities", quantity(json!(-1)), "quantities[0].value"),
        ("quantities", quantity(json!(0)), "quantities[0].value"),
        ("quantities", quantity(json!(10_000_001)), "quantities[0].value"),
        ("quantities", quantity(json!("abc")), "quantities[0].value"),
        ("quantities", json!([]), "quantities"),
        ("quantities", twice, "quantities[1].measure"),
        ("quantities", json!([{"measure": "spoons", "value": 1, "precision": "exact"}]), "quantities[0].measure"),
        ("quantities", json!([{"measure": "venue", "value": 1, "precision": "exact"}]), "quantities[0].measure"),
        ("date", json!("2021-02-30"), "date"),
        ("date", json!("2999-01-01"), "date"),
        ("date_to", json!("2021-06-01"), "date_to"),
        ("unit", json!("999"), "unit"),
        ("themes", json!(["none such"]), "themes[0]"),
        ("campaigns", json!(["none such"]), "campaigns[0]"),
        ("type", json!("party"), "type"),
        ("event", json!(Uuid::nil()), "event"),
        ("colour", json!("red"), "colour"),
    ] {
        let mut body = lecture();
        body[member] = value;
        let answer = world.post("qian", "/api/v1/activities", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{member}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.json()["errors"][0]["field"], field, "{}", answer.text);
    }
    let huge = json!({"id": Uuid::now_v7(), "note": "x".repeat(10_000_000)});
    assert_eq!(world.post("qian", "/api/v1/activities", huge).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(check(&world.db).await.expect("a check").activities, 0);
}

#[tokio::test]
async fn what_is_generated_adds_up() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        generate(&world.db, Some("500999001"), 700, 7).await.expect("activities");
        let findings = check(&world.db).await.expect("a check");
        assert_eq!((findings.activities, findings.differences), (700, Vec::new()));
    })
    .await;
}
