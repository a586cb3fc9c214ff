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

#[tokio::test]
async fn the_same_entry_on_many_connections_at_once_is_stored_once() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let body = lecture();
        let answers =
            futures::future::join_all((0..12).map(|_| world.post("sun", "/api/v1/activities", body.clone()))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(StatusCode::CREATED), count(StatusCode::OK)), (1, 11), "{answers:?}");
        let path = format!("/api/v1/activities/{}/withdraw", body["id"].as_str().expect("an id"));
        let answers =
            futures::future::join_all((0..6).map(|_| world.post("sun", &path, json!({"reason": "重复"})))).await;
        let count = |status| answers.iter().filter(|answer| answer.status == status).count();
        assert_eq!((count(StatusCode::OK), count(StatusCode::CONFLICT)), (1, 5), "{answers:?}");
        assert!(check(&world.db).await.expect("a check").differences.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_entry_comes_back_as_posted_and_can_be_sent_back_as_it_was_read() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut body = lecture();
        body["themes"] = json!(["safety", "constitution", "drugs"]);
        body["co_organisers"] = json!(["派出所", "500999001202", "学校"]);
        body["quantities"].as_array_mut().expect("quantities").reverse();
        let answer = world.post("sun", "/api/v1/activities", body.clone()).await.json();
        for (member, value) in body.as_object().expect("an object") {
            assert_eq!(&answer[member], value, "{member}");
        }
        let id = body["id"].as_str().expect("an id");
        let mut read = world.get("sun", &format!("/api/v1/activities/{id}")).await.json();
        read["note"] = json!("院坝会");
        read["reason"] = json!("补充");
        let (status, answer) = patch(&world, "sun", id, Some("1"), read.clone()).await;
        assert_eq!((status, &answer["note"], &answer["version"]), (StatusCode::OK, &json!("院坝会"), &json!(2)));
        // What only follows cannot be set.
        read["status"] = json!("accepted");
        let (status, answer) = patch(&world, "sun", id, Some("2"), read).await;
        assert_eq!((status, &answer["errors"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("status")));
    })
    .await;
}

#[tokio::test]
async fn a_correction_that_is_doubtful_is_asked_about_like_a_new_entry() {
    let world = World::new(sqlite().await).await;
    let unit = format!("/api/v1/units/{TIANPING}");
    let households = Some(json!({"households": 312}));
    assert_eq!(world.ask("qian", Method::PATCH, &unit, households).await.status, StatusCode::OK);
    let body = lecture();
    let answer = world.post("sun", "/api/v1/activities", body.clone()).await.json();
    assert_eq!(answer["questions"], json!([]));
    let more = json!({
        "quantities": [{"measure": "leaflet", "value": 2000, "precision": "exact"}], "reason": "少写了一个零",
    });
    let (status, answer) = patch(&world, "sun", body["id"].as_str().expect("an id"), Some("1"), more).await;
    assert_eq!(status, StatusCode::OK);
    assert!(answer["questions"][0].as_str().is_some_and(|asked| asked.contains("312")), "{answer}");
}

#[tokio::test]
async fn without_a_unit_the_list_has_all_that_the_reader_may_see_and_a_large_limit_is_cut() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        let (sun, other): (i64, i64) = (
            world.actor("sun").await.account_id,
            crate::unit::store::by_code(&mut conn, &crate::domain::access::Scope::everything(), "500999001202")
                .await
                .expect("a village")
                .id,
        );
        crate::account::store::give(&mut conn, sun, crate::domain::access::Role::Cadre, other).await.expect("a role");
        conn.commit().await.expect("stored");
        for unit in [TIANPING, "500999001202", "500999001203"] {
            let mut body = lecture();
            body["unit"] = json!(unit);
            assert_eq!(world.post("qian", "/api/v1/activities", body).await.status, StatusCode::CREATED);
        }
        let list = world.get("sun", "/api/v1/activities?limit=100000").await.json();
        let mut units: Vec<_> = list["items"].as_array().expect("items").iter().map(|own| &own["unit"]).collect();
        units.sort_by_key(|unit| unit.to_string());
        assert_eq!(units, [TIANPING, "500999001202"]);
        let answer = world.get("sun", "/api/v1/activities?limit=0").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}
