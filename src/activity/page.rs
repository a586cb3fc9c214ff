//! The pages of the ledger's entries: log one, see one, correct or withdraw it.

pub use super::{
    correct_page::correct,
    log_page::{log, log_type},
    shell_page::shell,
    show_page::activity,
};

use super::{correct_page, log_page, show_page};
use crate::server::{form::form, state::AppState};
use axum::Router;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/log/{type}", form(log_page::submit))
        .route("/activities/{id}", form(show_page::submit))
        .route("/activities/{id}/correct", form(correct_page::submit))
}
