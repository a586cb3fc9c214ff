//! The reports that were made, on the page of reports.

use super::{step_view::state_tag, store};
use crate::{
    domain::unit::Unit,
    error::Result,
    server::{clock, context::Ctx, db::Conn},
    ui::table::{Head, Table},
};
use leptos::prelude::*;

/// The most that are listed.
const MOST: i64 = 100;

/// The reports of a unit and below, with the way to a new one for whoever may make it.
pub async fn section(ctx: &Ctx, conn: &mut Conn, unit: &Unit) -> Result<AnyView> {
    let locale = ctx.locale;
    let reports = store::list(conn, unit, MOST).await?;
    let new = ctx.actor()?.may_manage(unit).then(|| {
        let address = format!("/reports/new?unit={}", unit.code);
        view! { <p><a class="button primary" href=address>{locale.paper_new()}</a></p> }
    });
    let list = if reports.is_empty() {
        view! { <p class="hint">{locale.paper_reports_none()}</p> }.into_any()
    } else {
        let rows = reports
            .into_iter()
            .map(|report| {
                view! {
                    <tr>
                        <th scope="row"><a href=format!("/reports/{}", report.id)>{report.title}</a></th>
                        <td>{report.unit_name}</td>
                        <td>{state_tag(locale, report.state)}</td>
                        <td>{report.made_by}" "<small class="muted">{clock::day_of(report.made_at).to_string()}</small></td>
                    </tr>
                }
            })
            .collect_view();
        let heads = vec![
            Head::Text(locale.paper_title_field()),
            Head::Text(locale.report_unit()),
            Head::Text(locale.paper_state()),
            Head::Text(locale.paper_made_by()),
        ];
        view! { <Table caption=locale.paper_reports_caption(&unit.short_name) heads>{rows}</Table> }.into_any()
    };
    Ok(view! {
        <section>
            <h2>{locale.paper_reports()}</h2>
            {new}
            {list}
        </section>
    }
    .into_any())
}
