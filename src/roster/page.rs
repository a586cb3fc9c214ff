//! The pages of this room: all rosters of a unit, one roster, one entry, rows pasted in, names erased.

pub use super::{entry_page::entry, erase_page::erase, list_page::roster, overview_page::rosters, paste_page::paste};

use super::{entry_page, erase_page, list_page, paste_page, workbook};
use crate::{
    domain::roster::{Draft, Kind},
    error::{Error, Result},
    import::book::LARGEST_FILE,
    server::{
        form::{FormData, form, form_with_files},
        multipart::Limits,
        state::AppState,
    },
};
use axum::{Router, routing::get};

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    let limits = Limits { file: LARGEST_FILE, body: LARGEST_FILE + 5 * 1024 * 1024 };
    Router::new()
        .route("/rosters.xlsx", get(workbook::export))
        .route("/rosters/erase", form(erase_page::posted))
        .route("/rosters/{kind}", form(list_page::posted))
        .route("/rosters/{kind}/import", form_with_files(limits, paste_page::posted))
        .route("/rosters/{kind}/{id}", form(entry_page::posted))
}

/// The roster that an address names.
///
/// # Errors
/// [`Error::NotFound`] where there is none of this name.
pub(super) fn kind_of(path: &str) -> Result<Kind> {
    path.split('/').nth(2).and_then(Kind::from_key).ok_or(Error::NotFound)
}

/// The entry that an address names.
pub(super) fn id_of(path: &str) -> Result<i64> {
    path.split('/').nth(3).and_then(|id| id.parse().ok()).ok_or(Error::NotFound)
}

/// What a form has of an entry.
pub(super) fn draft(form: &FormData) -> Draft {
    let text = |name: &str| form.get(name).to_owned();
    Draft {
        unit: text("unit"),
        name: text("name"),
        category: text("category"),
        body: text("body"),
        certificate: text("certificate"),
        certificate_to: text("certificate_to"),
        from: text("from"),
        to: text("to"),
        left: text("left"),
        renews: form.has("renews"),
    }
}
