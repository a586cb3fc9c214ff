//! The pages of this room.

use crate::server::state::AppState;
use axum::Router;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
}
