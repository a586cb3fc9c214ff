//! Being built.
use crate::{error::Error, ui::page::page};
use leptos::prelude::*;

pub fn log() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn log_type() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn activity() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn correct() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}

/// The forms of these pages.
pub fn forms() -> axum::Router<crate::server::state::AppState> {
    axum::Router::new()
}
