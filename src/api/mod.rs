//! The JSON API under /api/v1: thin, over the same actions as the pages.

use crate::server::state::AppState;
use axum::Router;

/// Every route of the API.
pub fn routes() -> Router<AppState> {
    Router::new()
}
