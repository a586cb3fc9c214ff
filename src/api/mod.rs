//! The JSON API under /api/v1: thin, over the same actions as the pages. The contract's shapes live here as types;
//! `/api/openapi.json` is made from them.

pub mod activities;
pub mod campaigns;
pub mod catalogue;
pub mod claims;
pub mod description;
pub mod events;
pub mod evidence;
pub mod figures;
pub mod goals;
pub mod json;
pub mod key_dates;
pub mod plans;
pub mod reports;
pub mod schedule;
pub mod units;

use crate::server::state::AppState;
use axum::{Json, Router, routing::get};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;

/// Every route of the API, and their description.
pub fn routes() -> Router<AppState> {
    let info = InfoBuilder::new().title("Pufa").version(env!("CARGO_PKG_VERSION")).build();
    let description: OpenApi = OpenApiBuilder::new().info(info).build();
    let (router, description) = OpenApiRouter::<AppState>::with_openapi(description)
        .merge(units::routes())
        .merge(catalogue::routes())
        .merge(plans::routes())
        .merge(goals::routes())
        .merge(activities::routes())
        .merge(evidence::routes())
        .merge(figures::routes())
        .merge(campaigns::routes())
        .merge(events::routes())
        .merge(key_dates::routes())
        .merge(reports::routes())
        .merge(claims::routes())
        .merge(schedule::routes())
        .split_for_parts();
    // A description that cannot be written would be a fault of the types alone, found by its test.
    let description = description::complete(serde_json::to_value(&description).unwrap_or_default());
    router
        .route("/api/openapi.json", get(move || async move { Json(description) }))
        .route("/api/{*rest}", axum::routing::any(|| async { crate::error::Error::NotFound }))
        .method_not_allowed_fallback(|| async { crate::error::Error::Method })
}

#[cfg(test)]
mod tests {
    use crate::server::testing::{World, each_engine, sqlite};
    use axum::{
        body::Body,
        http::{Method, Request, StatusCode, header},
    };
    use serde_json::json;

    #[tokio::test]
    async fn who_is_not_logged_in_is_told_so_before_anything_about_the_body_or_the_query() {
        let world = World::new(sqlite().await).await;
        for address in ["/api/v1/units", "/api/v1/activities", "/api/v1/themes", "/api/v1/surveys"] {
            assert_eq!(world.post("", address, json!({})).await.status, StatusCode::UNAUTHORIZED, "{address}");
        }
        assert_eq!(world.get("", "/api/v1/totals").await.status, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn ten_megabytes_are_refused_by_field_once_they_are_sent() {
        let world = World::new(sqlite().await).await;
        let request = Request::post("/api/v1/activities")
            .header(header::AUTHORIZATION, format!("Bearer {}", crate::server::testing::token("sun")))
            .body(Body::from(vec![b' '; 10_000_000]))
            .expect("a request");
        let answer = world.send(request).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(answer.json()["errors"][0]["field"], "body");
    }

    #[tokio::test]
    async fn a_method_that_an_address_does_not_take_is_a_problem_too() {
        let world = World::new(sqlite().await).await;
        let answer = world.ask("sun", Method::DELETE, "/api/v1/activities", None).await;
        assert_eq!((answer.status, &answer.json()["status"]), (StatusCode::METHOD_NOT_ALLOWED, &json!(405)));
    }

    #[tokio::test]
    async fn of_several_who_choose_the_same_key_at_once_one_gets_it() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let days = |mut body: serde_json::Value| {
                body["from"] = json!("2031-01-01");
                body["to"] = json!("2031-12-31");
                body
            };
            for (address, body) in [
                ("/api/v1/themes", json!({"key": "same", "name": "同"})),
                ("/api/v1/measures", json!({"key": "same", "name": "同", "unit_word": "个"})),
                ("/api/v1/activity-types", json!({"key": "same", "name": "同", "measures": ["banner"]})),
                ("/api/v1/plans", days(json!({"key": "same", "name": "同"}))),
                ("/api/v1/indicators", json!({"key": "same", "name": "同", "kind": "sum", "measure": "banner"})),
                (
                    "/api/v1/campaigns",
                    days(json!({"key": "same", "title": "同", "themes": ["drugs"], "lead": "司法所"})),
                ),
            ] {
                let answers =
                    futures::future::join_all((0..6).map(|_| world.post("zhao", address, body.clone()))).await;
                let count = |status| answers.iter().filter(|answer| answer.status == status).count();
                let told = (count(StatusCode::CREATED), count(StatusCode::UNPROCESSABLE_ENTITY));
                assert_eq!(told, (1, 5), "{address} {answers:?}");
            }
        })
        .await;
    }
}
