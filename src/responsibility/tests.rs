//! The responsibility list as the town keeps it.

use crate::server::testing::{World, each_engine, sqlite};
use axum::http::StatusCode;
use serde_json::json;

const TOWN: &str = "500999001";
const LIST: &str = "/responsibilities?unit=500999001&year=2021";

#[tokio::test]
async fn a_row_follows_what_is_logged_for_its_campaign() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let campaign = json!({ "key": "drugs", "title": "禁毒宣传月", "unit": TOWN, "from": "2021-06-01",
            "to": "2021-06-30", "themes": ["drugs"] });
        assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, StatusCode::CREATED);
        let row = [
            ("content", "禁毒法"), ("lead", "禁毒办"), ("audience", "青少年"), ("medium", "进校园"),
            ("standard", "每校一场"), ("deadline", "2021-06-26"), ("campaigns", "drugs"),
        ];
        let refused = world.submit("qian", LIST, &row.map(|(name, value)| (name, if name == "deadline" { "2025-01-01" } else { value }))).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("每校一场"), "what was typed stays");
        assert_eq!(world.submit("qian", LIST, &row).await.status, StatusCode::SEE_OTHER);
        let page = world.get("zhou", LIST).await.text;
        assert!(page.contains("禁毒办") && page.contains("未开展（已超期）"), "{page}");

        let body = json!({ "id": uuid::Uuid::now_v7(), "unit": "500999001201", "date": "2021-06-10", "campaigns": ["drugs"],
            "quantities": [{ "measure": "lecture", "value": 1, "precision": "exact" }] });
        assert_eq!(world.post("sun", "/api/v1/activities", body).await.status, StatusCode::CREATED);
        let page = world.get("zhou", LIST).await.text;
        assert!(page.contains("tag good") && page.contains("已完成"), "{page}");
        assert!(world.get("zhou", &format!("{LIST}&lead=x")).await.text.contains("还没有"), "no other department's");
    })
    .await;
}

#[tokio::test]
async fn the_officer_alone_writes_and_a_closed_row_stays() {
    let world = World::new(sqlite().await).await;
    let row = [("content", "民法典"), ("lead", "司法所"), ("deadline", "2021-05-31")];
    for who in ["zhou", "sun"] {
        assert_eq!(world.submit(who, LIST, &row).await.status, if who == "sun" { 404 } else { 403 }, "{who}");
    }
    assert_eq!(world.submit("qian", LIST, &row).await.status, StatusCode::SEE_OTHER);
    let page = world.get("qian", LIST).await.text;
    let (_, rest) = page.split_once("href=\"/responsibilities/").expect("a link");
    let one = format!("/responsibilities/{}", rest.split('"').next().expect("an id"));
    assert_eq!(world.get("sun", &one).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.submit("zhou", &one, &[("do", "close")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.submit("qian", &one, &[("do", "close")]).await.status, StatusCode::SEE_OTHER);
    let page = world.get("qian", LIST).await.text;
    assert!(page.contains("民法典") && page.contains("tag quiet"), "{page}");
}
