//! The JSON API under /api/v1: thin, over the same actions as the pages. The contract's shapes live here as types;
//! `/api/openapi.json` is made from them.

pub mod activities;
pub mod campaigns;
pub mod catalogue;
pub mod events;
pub mod figures;
pub mod goals;
pub mod json;
pub mod plans;
pub mod reports;
pub mod units;

use crate::server::state::AppState;
use axum::{Json, Router, http::StatusCode, routing::get};
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
        .merge(figures::routes())
        .merge(campaigns::routes())
        .merge(events::routes())
        .merge(reports::routes())
        .split_for_parts();
    router
        .route("/api/openapi.json", get(move || async move { Json(description) }))
        .route("/api/{*rest}", axum::routing::any(|| async { crate::error::Error::NotFound }))
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
}
