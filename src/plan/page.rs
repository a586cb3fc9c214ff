//! Being built.
use crate::{error::Error, ui::page::page};
use leptos::prelude::*;

pub fn goals() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn plans() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn plan() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn indicators() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}
pub fn stocks() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}

/// The forms of these pages.
pub fn forms() -> axum::Router<crate::server::state::AppState> {
    axum::Router::new()
}
