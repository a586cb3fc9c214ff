//! Being built.

pub mod page;

use crate::server::state::AppState;
use axum::Router;

/// Health, readiness, metrics.
pub fn routes() -> Router<AppState> {
    Router::new()
}
