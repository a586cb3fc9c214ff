//! Running Pufa: the command line, serving, settings page, audit page, feedback, health.

pub mod cli;
mod config;
pub mod page;
mod serve;

use crate::server::state::AppState;
use axum::Router;

/// Health, readiness, metrics.
pub fn routes() -> Router<AppState> {
    Router::new()
}
