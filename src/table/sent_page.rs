//! `/tables/sent/:id`: a table as it was sent, and what was corrected since (更正).

use super::{page::caption, sent_action, view};
use crate::{
    error::Error,
    server::clock,
    ui::{
        page::{Page, page},
        table::{Head, Table},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/tables/sent/:id`.
pub fn sent() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let (sent, unit, table, changes) = sent_action::sent(&ctx, id).await?;
        let folded = view::folded(&sent.question, &table, ctx.query.filled("all").is_some());
        let heads = vec![
            Head::Text(locale.table_change_row()),
            Head::Text(locale.table_change_column()),
            Head::Number(locale.table_change_was()),
            Head::Number(locale.table_change_is()),
        ];
        let count = changes.len();
        let rows = changes
            .into_iter()
            .map(|change| {
                view! {
                    <tr>
                        <th scope="row">{change.line}</th>
                        <td>{change.column}</td>
                        <td class="num">{view::number(change.was)}</td>
                        <td class="num">{view::number(change.is)}</td>
                    </tr>
                }
            })
            .collect_view();
        let corrections = match count {
            0 => view! { <p class="good">{locale.table_unchanged()}</p> }.into_any(),
            _ => view! {
                <section>
                    <h2>{locale.table_changes(count)}</h2>
                    <Table caption=locale.table_changes_caption() heads>{rows}</Table>
                </section>
            }
            .into_any(),
        };
        let body = view! {
            <div class="tables-page">
                <p><a href=format!("/tables?unit={}", unit.code)>{locale.table_back()}</a></p>
                <p class="lead">{locale.table_sent_line(clock::minute(sent.sent_at), sent.sent_by)}</p>
                {(!sent.note.is_empty()).then(|| view! { <p>{sent.note}</p> })}
                {view::table(locale, caption(locale, &sent.question, table.period), &unit, &sent.question, &table, &folded)}
                {view::folded_note(locale, &table, &folded, format!("/tables/sent/{id}?all=1"))}
                <p class="hint">{locale.table_hint()}</p>
                <p class="toolbar"><a class="button" href=format!("/tables/sent/{id}/table.xlsx")>{locale.table_xlsx()}</a></p>
                {corrections}
            </div>
        };
        Ok(Page::new("/report", sent.title, body))
    })
}
