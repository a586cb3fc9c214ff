//! The pages of this room.

use super::serve;
use crate::server::state::AppState;
use axum::{Router, routing::get};

/// The forms of these pages, and the bytes themselves.
pub fn forms() -> Router<AppState> {
    Router::new().route("/evidence/{id}", get(serve::full)).route("/evidence/{id}/thumb", get(serve::thumb))
}
