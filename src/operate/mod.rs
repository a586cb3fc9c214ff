//! Running Pufa: the command line, serving, settings page, audit page, feedback, health, backup.

pub mod action;
mod audit_page;
mod backup;
mod backup_file;
mod backup_store;
pub mod check;
pub mod cli;
mod config;
pub mod health;
pub mod page;
mod serve;
pub mod store;

use crate::server::state::AppState;
use axum::{Router, routing::get};

/// Health, readiness, metrics.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(health::health))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::prometheus))
}
