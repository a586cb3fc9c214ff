//! Being built.
use crate::{error::Error, ui::page::page};
use leptos::prelude::*;

pub fn setup() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn log_in() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn login_link() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn me() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn accounts() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn account() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}

/// The forms of these pages.
pub fn forms() -> axum::Router<crate::server::state::AppState> {
    axum::Router::new()
}
