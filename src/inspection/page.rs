//! The pages of this room: the schemes, one scheme with what shows its items, one item, and all of it to print.

pub use super::{item_page::item, list_page::inspections, print_page::print, show_page::inspection};

use super::{folder, item_page, list_page, show_page};
use crate::{
    domain::inspection::{ItemDraft, SchemeDraft},
    error::{Error, Result},
    server::{
        form::{FormData, form},
        state::AppState,
    },
};
use axum::{Router, routing::get};

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/inspection", form(list_page::posted))
        .route("/inspection/{id}", form(show_page::posted))
        .route("/inspection/{id}/items/{item}", form(item_page::posted))
        .route("/inspection/{id}/folder.zip", get(folder::export))
}

/// A number in an address.
pub(super) fn number(path: &str, place: usize) -> Result<i64> {
    path.split('/').nth(place).and_then(|id| id.parse().ok()).ok_or(Error::NotFound)
}

/// What a form has of a scheme.
pub(super) fn scheme(form: &FormData) -> SchemeDraft {
    let text = |name: &str| form.get(name).to_owned();
    SchemeDraft { title: text("title"), from: text("from"), to: text("to") }
}

/// What a form has of an item.
pub(super) fn item_draft(form: &FormData) -> ItemDraft {
    let text = |name: &str| form.get(name).to_owned();
    ItemDraft {
        number: text("number"),
        name: text("name"),
        points: text("points"),
        own_points: text("own_points"),
        reason: text("reason"),
        materials: form.all("materials").into_iter().map(str::to_owned).collect(),
        others: text("others"),
    }
}
