//! `/import`: a ledger is uploaded or pasted; and what was imported before. `/import/:id` is in `show_page`.

use super::{
    action,
    book::{LARGEST_FILE, Refusal},
    show_page,
    store::Import,
};
use crate::{
    error::{Error, Result},
    locale::Locale,
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData, form, form_with_files},
        multipart::{Limits, Upload},
        state::AppState,
    },
    ui::{
        field::{FileField, Problems, Select, TextArea},
        page::{Page, page},
        table::{Head, Table},
    },
};
use axum::Router;
use leptos::prelude::*;

pub use super::show_page::import;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    // A file, or rows that were pasted.
    let limits = Limits { file: LARGEST_FILE, body: LARGEST_FILE + 5 * 1024 * 1024 };
    Router::new().route("/import", form_with_files(limits, posted)).route("/import/{id}", form(show_page::posted))
}

async fn posted(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let (name, bytes) = match files.iter().find(|file| file.size > 0 || file.too_large) {
        Some(file) if file.too_large => {
            return Err(Error::invalid("file", Refusal::TooLarge.message(ctx.locale)));
        }
        Some(file) => (file.name.clone(), file.bytes().await?),
        None if !form.get("rows").is_empty() => {
            (ctx.locale.import_pasted_name().to_owned(), form.raw("rows").as_bytes().to_vec())
        }
        None => {
            action::may_import(&ctx)?;
            return Err(Error::invalid("file", ctx.locale.import_file_missing()));
        }
    };
    let id = action::upload(&ctx, form.get("unit"), &name, bytes).await?;
    Ok(Done::to(format!("/import/{id}")))
}

/// `/import`.
pub fn imports() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let units = action::units(&mut conn, &ctx).await?;
        let list = action::list(&mut conn, &ctx).await?;
        drop(conn);
        let chosen = ctx.query.filled("unit").filter(|code| units.iter().any(|unit| unit.code == *code));
        let unit =
            chosen.map(str::to_owned).or_else(|| units.first().map(|unit| unit.code.clone())).unwrap_or_default();
        let options: Vec<(String, String)> = units.into_iter().map(|unit| (unit.code, unit.short_name)).collect();
        let body = view! {
            <p class="lead">{locale.import_lead()}</p>
            <Problems/>
            <form method="post" class="form" enctype="multipart/form-data" novalidate=true>
                <Select name="unit" label=locale.import_unit() hint=locale.import_unit_hint() options value=unit/>
                <FileField label=locale.import_file() hint=locale.import_file_hint(LARGEST_FILE / 1024 / 1024) accept=".xlsx,.xls,.csv,.txt"/>
                <TextArea name="rows" label=locale.import_rows() hint=locale.import_rows_hint() rows=5/>
                <div><button class="primary" type="submit">{locale.import_look()}</button></div>
            </form>
            {past(locale, list)}
        };
        Ok(Page::new("/activities", locale.import_title(), body))
    })
}

/// What was imported before.
fn past(locale: Locale, list: Vec<Import>) -> AnyView {
    if list.is_empty() {
        return ().into_any();
    }
    let heads = vec![
        Head::Text(locale.import_file()),
        Head::Text(locale.import_unit()),
        Head::Number(locale.import_entries()),
        Head::Number(locale.import_refused()),
        Head::Text(locale.import_by()),
        Head::Text(locale.import_state()),
    ];
    let rows = list
        .into_iter()
        .map(|one| {
            let state = state(locale, &one);
            // What was only looked at has no figures: they are told when it is opened.
            let figure = |count: i64| if one.stored_at.is_some() { count.to_string() } else { "–".into() };
            view! {
                <tr>
                    <th scope="row"><a href=format!("/import/{}", one.id)>{one.name.clone()}</a></th>
                    <td>{one.unit_name.clone()}</td>
                    <td class="num">{figure(one.entries)}</td>
                    <td class="num">{figure(one.refused)}</td>
                    <td>{by(locale, &one)}" · "{clock::minute(one.created_at)}</td>
                    <td>{state}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2>{locale.import_past()}</h2>
            <Table caption=locale.import_past_caption() heads>{rows}</Table>
        </section>
    }
    .into_any()
}

/// Who imported it.
pub(super) fn by(locale: Locale, import: &Import) -> String {
    if import.by_program { locale.import_by_program().into() } else { import.account_name.clone() }
}

/// How far an import is, as a mark.
pub(super) fn state(locale: Locale, import: &Import) -> AnyView {
    let (class, text) = match (import.stored_at, import.undone_at) {
        (_, Some(_)) => ("tag quiet", locale.import_state_undone()),
        (Some(_), None) => ("tag good", locale.import_state_stored()),
        (None, None) => ("tag warn", locale.import_state_waiting()),
    };
    view! { <span class=class>{text}</span> }.into_any()
}
