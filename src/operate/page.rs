//! Being built.
use crate::{error::Error, ui::page::page};
use leptos::prelude::*;

pub fn settings() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn audit() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn feedback() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}

/// The forms of these pages.
pub fn forms() -> axum::Router<crate::server::state::AppState> {
    axum::Router::new()
}
