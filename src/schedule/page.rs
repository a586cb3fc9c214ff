//! The pages of gaps and of proposed schedules.

pub use super::{gap_page::gaps, propose_page::propose};
use crate::server::{form::form, state::AppState};

/// The forms of these pages.
pub fn forms() -> axum::Router<AppState> {
    axum::Router::new().route("/schedule/propose", form(super::propose_page::posted))
}
