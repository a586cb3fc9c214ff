//! The yearly report through the whole server.

use crate::server::testing::{World, each_engine, sqlite};
use axum::http::StatusCode;

const ADDRESS: &str = "/api/v1/reports/annual?unit=500999001&year=2021";

#[tokio::test]
async fn a_year_without_records_is_said_so_and_never_in_zeros() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let answer = world.get("zhou", ADDRESS).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let report = answer.json();
        assert_eq!(report["sentence"], "2021年，青山镇没有普法活动记录。");
        assert_eq!(report["figures"], serde_json::json!([]));
        let page = world.get("zhou", "/report?unit=500999001&year=2021").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("2021年，青山镇没有普法活动记录。"), "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_question_is_told_by_field() {
    let world = World::new(sqlite().await).await;
    for (query, field) in [
        ("year=2021", "unit"),
        ("unit=500999001", "year"),
        ("unit=500999001&year=twenty", "year"),
        ("unit=500999001&year=99999", "year"),
        ("unit=500999001&year=2021&style=poetic", "style"),
        ("unit=500999001&year=2021&format=pdf", "format"),
    ] {
        let answer = world.get("qian", &format!("/api/v1/reports/annual?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.text);
        assert_eq!(answer.json()["errors"][0]["field"], field, "{query}");
    }
    for format in ["docx", "xlsx"] {
        let answer = world.get("qian", &format!("{ADDRESS}&format={format}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{format} comes with a later issue");
    }
}

#[tokio::test]
async fn who_may_not_read_a_unit_finds_no_report_of_it() {
    let world = World::new(sqlite().await).await;
    for (who, unit, status) in [
        ("", "500999001", StatusCode::UNAUTHORIZED),
        ("sun", "500999001", StatusCode::NOT_FOUND),
        ("sun", "500999001202", StatusCode::NOT_FOUND),
        ("sun", "500999001201", StatusCode::OK),
        ("zhou", "500999001202", StatusCode::OK),
        ("zhou", "500999", StatusCode::NOT_FOUND),
    ] {
        let answer = world.get(who, &format!("/api/v1/reports/annual?unit={unit}&year=2021")).await;
        assert_eq!(answer.status, status, "{who} {unit}: {}", answer.text);
    }
    assert_eq!(world.get("sun", "/report?unit=500999001202&year=2021").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("sun", "/report").await.status, StatusCode::OK);
}
