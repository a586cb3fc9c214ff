//! `/rosters/erase`: for which purpose names are kept and how long, and the page that takes them out.

use super::{action, store, words};
use crate::{
    domain::{access::Role, roster::MOST_RETENTION_YEARS},
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
};
use leptos::prelude::*;

/// The entries whose names are due.
pub fn erase() -> impl IntoView {
    page(|ctx| async move {
        managed(&ctx)?;
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let years = action::retention(&mut conn).await?;
        let before = action::kept_since(&ctx, years);
        let scope = ctx.actor()?.planning_scope();
        let entries = store::erasable(&mut conn, &scope, before, action::ERASABLE).await?;
        drop(conn);
        let none = entries.is_empty();
        let rows = rows(locale, &entries);
        let heads = vec![
            Head::Text(locale.roster_choose()),
            Head::Text(locale.roster_person_name()),
            Head::Text(locale.roster_kind()),
            Head::Text(locale.roster_unit()),
            Head::Text(locale.roster_period()),
        ];
        let caption = locale.roster_erase_caption(entries.len());
        let setting = action::may_set_retention(&ctx).then(|| {
            view! {
                <section>
                    <h2>{locale.roster_retention()}</h2>
                    <Form action="years">
                        <Field name="years" kind="number" label=locale.roster_retention_years() value=years.to_string()
                            min="1" max=MOST_RETENTION_YEARS.to_string() hint=locale.roster_retention_hint()/>
                        <div><button class="button">{locale.save()}</button></div>
                    </Form>
                </section>
            }
        });
        let body = view! {
            <p class="toolbar"><a class="button" href="/rosters">{locale.rosters_title()}</a></p>
            <p class="lead">{locale.roster_purpose()}</p>
            <p>{locale.roster_erase_lead(years)}</p>
            <Problems/>
            {match none {
                true => view! { <p class="empty">{locale.roster_erase_none(before)}</p> }.into_any(),
                false => view! {
                    <Form action="erase">
                        <Table caption heads>{rows}</Table>
                        <p class="hint">{locale.roster_erase_hint()}</p>
                        <div><button class="button danger">{locale.roster_erase_do()}</button></div>
                    </Form>
                }
                .into_any(),
            }}
            {setting}
        };
        Ok(Page::new("/goals", locale.roster_erase_title(), body))
    })
}

fn rows(locale: Locale, entries: &[store::Entry]) -> impl IntoView + use<> {
    entries
        .iter()
        .map(|entry| {
            let id = format!("f-entry-{}", entry.id);
            let name = words::name(locale, entry);
            view! {
                <tr>
                    <td><input type="checkbox" id=id.clone() name="entry" value=entry.id checked=true aria-label=name.clone()/></td>
                    <th scope="row"><a href=format!("/rosters/{}/{}", entry.kind, entry.id)>{name}</a></th>
                    <td>{words::title(locale, entry.kind)}</td>
                    <td>{entry.unit_name.clone()}</td>
                    <td>{words::days(locale, entry)}</td>
                </tr>
            }
        })
        .collect_view()
}

/// The page is for those who keep rosters.
fn managed(ctx: &Ctx) -> Result<()> {
    match ctx.actor()?.is_any(&[Role::Admin, Role::Officer]) {
        true => Ok(()),
        false => Err(Error::Forbidden),
    }
}

/// POST `/rosters/erase`.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    managed(&ctx)?;
    let said = match form.get("do") {
        "years" => {
            action::set_retention(&ctx, form.get("years")).await?;
            ctx.locale.roster_saved().to_owned()
        }
        "erase" => {
            let ids: Vec<i64> = form.all("entry").into_iter().filter_map(|id| id.parse().ok()).collect();
            ctx.locale.roster_erased_many(action::erase(&ctx, &ids).await?)
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Done::to(ctx.path.clone()).say(said))
}

/// Whether the reader is offered the page.
pub(super) fn link(ctx: &Ctx) -> Option<impl IntoView + use<>> {
    managed(ctx).is_ok().then(|| view! { <a href="/rosters/erase">{ctx.locale.roster_erase_title()}</a> })
}
