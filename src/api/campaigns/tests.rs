//! The campaigns' contract: shapes, refusals by field, who may what.

use crate::server::testing::{World, sqlite};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/campaigns";
const TIANPING: &str = "500999001201";

fn drugs() -> Value {
    json!({
        "title": "禁毒宣传月", "themes": ["drugs"], "from": "2090-06-01", "to": "2090-06-30", "lead": "禁毒办",
        "units": ["school-1", TIANPING],
        "quantities": [{"measure": "leaflet", "value": 500}, {"measure": "banner", "value": 20}],
    })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

fn fields(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().expect("errors by field");
    errors.iter().map(|error| error["field"].as_str().expect("a field")).collect()
}

#[tokio::test]
async fn a_campaign_comes_back_as_it_was_posted() {
    let world = World::new(sqlite().await).await;
    let posted = world.post("qian", PATH, with(drugs(), "key", json!("2090-drugs"))).await;
    assert_eq!(posted.status, StatusCode::CREATED, "{}", posted.text);
    let campaign = posted.json();
    assert_eq!(campaign["unit"], "500999001", "the officer's own town");
    assert_eq!(campaign["cancelled"], false);
    for (field, value) in drugs().as_object().expect("an object") {
        assert_eq!(&campaign[field], value, "{field}");
    }
    for address in [format!("{PATH}/2090-drugs"), format!("{PATH}/{}", campaign["id"])] {
        assert_eq!(world.get("sun", &address).await.json(), campaign);
    }
    let list = world.get("qian", &format!("{PATH}?year=2090&theme=drugs&unit={TIANPING}")).await.json();
    assert_eq!(list, json!({"items": [campaign], "next": null}));
    let other = world.get("qian", &format!("{PATH}?year=2091")).await.json();
    assert_eq!(other, json!({"items": [], "next": null}));
}

#[tokio::test]
async fn a_key_is_made_from_the_year_and_stands_only_once() {
    let world = World::new(sqlite().await).await;
    let made = world.post("qian", PATH, drugs()).await.json();
    assert!(made["key"].as_str().is_some_and(|key| key.starts_with("2090-")), "{made}");
    let again = world.post("qian", PATH, with(drugs(), "key", made["key"].clone())).await;
    assert_eq!((again.status, fields(&again.json())), (StatusCode::UNPROCESSABLE_ENTITY, vec!["key"]));
}

#[tokio::test]
async fn all_that_is_wrong_is_told_by_field_and_nothing_is_stored() {
    let world = World::new(sqlite().await).await;
    let wrong = json!({
        "title": " ", "themes": ["dragons"], "from": "2090-06-31", "to": "soon", "units": ["999"],
        "quantities": [{"measure": "swords", "value": 1}, {"measure": "banner", "value": -1}],
    });
    let answer = world.post("qian", PATH, wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        fields(&answer.json()),
        ["title", "from", "to", "quantities[1].value", "themes", "quantities[0].measure", "units"]
    );
    let backwards = world.post("qian", PATH, with(drugs(), "to", json!("2090-05-31"))).await;
    assert_eq!(fields(&backwards.json()), ["to"]);
    let nothing = world.post("qian", PATH, json!({})).await;
    assert_eq!(fields(&nothing.json()), ["title", "from", "to"]);
    let text =
        world.post("qian", PATH, with(drugs(), "quantities", json!([{"measure": "banner", "value": "many"}]))).await;
    assert_eq!(fields(&text.json()), ["quantities[0].value"]);
    assert_eq!(world.get("qian", PATH).await.json()["items"], json!([]));
}

#[tokio::test]
async fn only_officers_and_administrators_plan_and_only_below_their_units() {
    let world = World::new(sqlite().await).await;
    for (who, expected) in [("", 401), ("sun", 403), ("zhou", 403), ("qian", 201), ("zhao", 201)] {
        assert_eq!(world.post(who, PATH, drugs()).await.status, expected, "{who}");
    }
    let above = world.post("qian", PATH, with(drugs(), "unit", json!("500999"))).await;
    assert_eq!(above.status, StatusCode::FORBIDDEN);
    let unknown = world.post("qian", PATH, with(drugs(), "unit", json!("1"))).await;
    assert_eq!(fields(&unknown.json()), ["unit"]);
    let elsewhere = with(with(drugs(), "unit", json!(TIANPING)), "units", json!(["500999001202"]));
    assert_eq!(fields(&world.post("qian", PATH, elsewhere).await.json()), ["units"]);
}

#[tokio::test]
async fn a_campaign_is_changed_and_cancelled_by_its_owner_only() {
    let world = World::new(sqlite().await).await;
    world.post("zhao", PATH, with(drugs(), "key", json!("county"))).await;
    let address = format!("{PATH}/county");
    let change = |who: &'static str, body: Value| world.ask(who, Method::PATCH, &address, Some(body));
    assert_eq!(change("qian", json!({"title": "别的"})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(change("li", json!({"title": "别的"})).await.status, StatusCode::NOT_FOUND);
    let changed = change("zhao", json!({"title": "禁毒", "themes": [], "to": "2090-07-31"})).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let changed = changed.json();
    assert_eq!(
        (&changed["title"], &changed["to"], &changed["themes"]),
        (&json!("禁毒"), &json!("2090-07-31"), &json!([]))
    );
    assert_eq!(changed["quantities"], drugs()["quantities"], "what was not named stays");
    assert_eq!(change("zhao", json!({"cancelled": true})).await.json()["cancelled"], true);
    assert_eq!(change("zhao", json!({"cancelled": false})).await.json()["cancelled"], false);
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let world = World::new(sqlite().await).await;
    for month in ["09", "03", "03"] {
        let body = with(with(drugs(), "from", json!(format!("2090-{month}-01"))), "to", json!("2090-12-31"));
        world.post("qian", PATH, body).await;
    }
    let mut from = Vec::new();
    let mut address = format!("{PATH}?limit=2");
    for _ in 0..5 {
        let page = world.get("qian", &address).await.json();
        from.extend(page["items"].as_array().expect("items").iter().map(|item| item["from"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        address = format!("{PATH}?limit=2&cursor={next}");
    }
    assert_eq!(from, ["2090-03-01", "2090-03-01", "2090-09-01"]);
    let wrong = world.get("qian", &format!("{PATH}?cursor=x")).await;
    assert_eq!(fields(&wrong.json()), ["cursor"]);
}
