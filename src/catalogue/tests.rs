//! The catalogue by API and by page, on both engines.

use crate::server::testing::{Answer, World, each_engine, sqlite};
use axum::http::StatusCode;
use serde_json::{Value, json};

fn fields(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let errors = json["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().filter_map(|error| error["field"].as_str().map(str::to_owned)).collect()
}

/// The entry with this key in a list.
async fn entry(world: &World, who: &str, list: &str, key: &str) -> Option<Value> {
    let json = world.get(who, &format!("/api/v1/{list}")).await.json();
    json["items"].as_array().and_then(|items| items.iter().find(|item| item["key"] == key)).cloned()
}

#[tokio::test]
async fn what_an_administrator_adds_is_known_below_at_once() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let poster = json!({
            "key": "poster", "name": "海报", "unit_word": "张", "counting_rule": "每张贴一张计1张", "interactive": false,
            "phrase": "张贴海报", "form": "above", "name_en": "Posters",
        });
        let answer = world.post("zhao", "/api/v1/measures", poster).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let seen = entry(&world, "sun", "measures", "poster").await.expect("the village sees it");
        assert_eq!((&seen["phrase"], &seen["form"], &seen["unit"]), (&json!("张贴海报"), &json!("above"), &json!("500999")));
        let kind = json!({"key": "poster", "name": "贴海报", "measures": ["poster", "attendance"], "evidence": "none"});
        let answer = world.post("qian", "/api/v1/activity-types", kind).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let seen = entry(&world, "li", "activity-types", "poster").await.expect("the village sees it");
        assert_eq!((&seen["measures"], &seen["evidence"]), (&json!(["poster", "attendance"]), &json!("none")));
        let theme = json!({"key": "wildlife", "name": "野生动物保护", "unit": "500999001201"});
        assert_eq!(world.post("qian", "/api/v1/themes", theme).await.status, StatusCode::CREATED);
        assert!(entry(&world, "sun", "themes", "wildlife").await.is_some());
        assert!(entry(&world, "li", "themes", "wildlife").await.is_none(), "it belongs to the other village");
        assert!(entry(&world, "zhou", "themes", "drugs").await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_key_is_unique_within_what_a_unit_sees() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let theme = |key: &str, unit: &str| json!({"key": key, "name": "主题", "unit": unit});
        for (key, unit, expected) in [
            ("drugs", "500999", 422),
            ("x", "500999001201", 201),
            ("x", "500999001202", 201),
            ("x", "500999001201", 422),
            ("x", "500999001", 422),
            ("y", "500999", 201),
            ("y", "500999001202", 422),
            ("主题", "500999", 422),
        ] {
            let answer = world.post("zhao", "/api/v1/themes", theme(key, unit)).await;
            assert_eq!(answer.status.as_u16(), expected, "{key} at {unit}: {}", answer.text);
            assert!(expected == 201 || fields(&answer) == ["key"]);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_an_entry_is_told_by_field() {
    let world = World::new(sqlite().await).await;
    let kind = json!({"key": "k", "name": "", "measures": ["nothing", "banner", "neither"], "evidence": "forced"});
    let mut told = fields(&world.post("zhao", "/api/v1/activity-types", kind).await);
    told.sort();
    assert_eq!(told, ["evidence", "measures[0]", "measures[2]", "name"]);
    let none = json!({"key": "k", "name": "空", "measures": []});
    assert_eq!(fields(&world.post("zhao", "/api/v1/activity-types", none).await), ["measures"]);
    let measure = json!({"key": "k", "name": "空", "unit_word": "", "form": "odd", "step": -1, "unit": "500999"});
    let mut told = fields(&world.post("zhao", "/api/v1/measures", measure).await);
    told.sort();
    assert_eq!(told, ["form", "step", "unit_word"]);
    let missing = json!({"key": "k", "name": "空"});
    assert_eq!(fields(&world.post("zhao", "/api/v1/measures", missing).await), ["unit_word"]);
    let nowhere = json!({"key": "k", "name": "空", "unit": "nowhere"});
    assert_eq!(fields(&world.post("zhao", "/api/v1/themes", nowhere).await), ["unit"]);
}

#[tokio::test]
async fn scenario_13_only_who_manages_a_unit_adds_to_its_catalogue() {
    let world = World::new(sqlite().await).await;
    let theme = json!({"key": "own", "name": "自己的"});
    for who in ["sun", "li", "zhou"] {
        assert_eq!(world.post(who, "/api/v1/themes", theme.clone()).await.status, StatusCode::FORBIDDEN, "{who}");
        let measure = json!({"key": "own", "name": "自己的", "unit_word": "个"});
        assert_eq!(world.post(who, "/api/v1/measures", measure).await.status, StatusCode::FORBIDDEN, "{who}");
        let kind = json!({"key": "own", "name": "自己的", "measures": ["banner"]});
        assert_eq!(world.post(who, "/api/v1/activity-types", kind).await.status, StatusCode::FORBIDDEN, "{who}");
    }
    let above = json!({"key": "own", "name": "自己的", "unit": "500999"});
    assert_eq!(world.post("qian", "/api/v1/themes", above).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("sun", "/api/v1/themes?unit=500999001202").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("", "/api/v1/themes").await.status, StatusCode::UNAUTHORIZED);
}
