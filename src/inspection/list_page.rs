//! `/inspection`: the schemes that the reader sees, and a new one.

use super::{
    action,
    page::scheme,
    store::{self, Scheme},
};
use crate::{
    domain::period::Period,
    error::Result,
    plan::view::managed_options,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use chrono::Datelike;
use leptos::prelude::*;

/// All schemes.
pub fn inspections() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let scope = ctx.scope()?;
        let mut conn = ctx.db.read().await?;
        let schemes = store::list(&mut conn, &scope).await?;
        let units = unit::store::all(&mut conn, &scope).await?;
        drop(conn);
        let options = managed_options(&ctx, &units);
        let table = table(&ctx, schemes);
        let year = Period::year(ctx.today.year());
        let add = (!options.is_empty()).then(|| {
            view! {
                <section>
                    <h2>{locale.inspection_add()}</h2>
                    <Problems/>
                    <Form>
                        <Select name="unit" label=locale.goals_unit() options/>
                        <Field name="title" label=locale.inspection_title_field() hint=locale.inspection_title_hint() required=true/>
                        <div class="two">
                            <Field name="from" kind="date" label=locale.inspection_from() value=year.from.to_string()/>
                            <Field name="to" kind="date" label=locale.inspection_to() value=year.to.to_string()/>
                        </div>
                        <div><button class="primary" type="submit">{locale.inspection_add_do()}</button></div>
                    </Form>
                </section>
            }
        });
        let body = view! { <p class="lead">{locale.inspections_lead()}</p> {table} {add} };
        Ok(Page::new("/report", locale.inspections_title(), body))
    })
}

fn table(ctx: &Ctx, schemes: Vec<Scheme>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    if schemes.is_empty() {
        return view! { <p class="empty">{locale.inspections_none()}</p> }.into_any();
    }
    let rows = schemes
        .into_iter()
        .map(|one| {
            let closed =
                one.closed_at.map(|_| view! { " "<span class="tag quiet">{locale.inspection_closed()}</span> });
            view! {
                <tr>
                    <th scope="row"><a href=format!("/inspection/{}", one.id)>{one.title}</a>{closed}</th>
                    <td>{one.unit_name}</td>
                    <td>{locale.inspection_period_of(one.from_day, one.to_day)}</td>
                    <td class="num">{one.items}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.inspection_title_field()),
        Head::Text(locale.goals_unit()),
        Head::Text(locale.inspection_period()),
        Head::Number(locale.inspection_items()),
    ];
    view! { <Table caption=locale.inspections_title() heads>{rows}</Table> }.into_any()
}

/// POST `/inspection`: a new scheme.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = action::add(&ctx, form.get("unit"), &scheme(&form)).await?;
    Ok(Done::to(format!("/inspection/{id}")).say(ctx.locale.inspection_saved()))
}
