//! `/materials/:id`: one item, to change and to close, and each time that somebody fetched of it.

use super::{
    action,
    page::{address, draft, fields, name_of},
    store::{self, Fetch},
};
use crate::{
    domain::material::{Draft, yuan},
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// One item, for those who may change it.
pub fn material() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let (item, campaign, _) = action::item_to_change(&ctx, &mut conn, id).await?;
        let fetches = store::fetches(&mut conn, id).await?;
        drop(conn);
        let title = name_of(locale, &item);
        let back = locale.materials_title(&campaign.title);
        let (what, label) = match item.closed_at {
            Some(_) => ("reopen", locale.material_reopen()),
            None => ("close", locale.material_close()),
        };
        let draft = Draft {
            measure: item.measure.unwrap_or_default(),
            name: item.name,
            unit_word: item.unit_word,
            planned: item.planned.to_string(),
            prepared: item.prepared.to_string(),
            budget: yuan(item.budget_fen),
            spent: yuan(item.spent_fen),
        };
        let body = view! {
            <p><a href=address(&campaign.key)>{back}</a></p>
            <Problems/>
            {fetches_table(locale, fetches)}
            <section>
                <h2>{locale.material_change()}</h2>
                <Form action="change">
                    {fields(locale, draft, None)}
                    <div><button class="primary" type="submit">{locale.save()}</button></div>
                </Form>
                <Form action=what class="inline"><button class="button">{label}</button></Form>
            </section>
        };
        Ok(Page::new("/campaigns", title, body))
    })
}

fn fetches_table(locale: Locale, fetches: Vec<Fetch>) -> AnyView {
    if fetches.is_empty() {
        return view! { <p class="empty">{locale.material_fetches_none()}</p> }.into_any();
    }
    let heads = vec![
        Head::Text(locale.material_day()),
        Head::Text(locale.material_unit()),
        Head::Number(locale.material_pieces()),
        Head::Text(locale.material_fetched_by()),
        Head::Text(locale.material_state()),
    ];
    let rows = fetches
        .into_iter()
        .map(|fetch| {
            let state = match fetch.withdrawn_at {
                Some(_) => view! { <span class="tag quiet">{locale.material_withdrawn()}</span> }.into_any(),
                None => {
                    let label = locale.material_withdraw_of(fetch.day, &fetch.unit_name);
                    view! {
                        <Form action="withdraw" class="inline">
                            <input type="hidden" name="fetch" value=fetch.id.to_string()/>
                            <button class="button" aria-label=label>{locale.material_withdraw()}</button>
                        </Form>
                    }
                    .into_any()
                }
            };
            view! {
                <tr>
                    <th scope="row">{fetch.day.to_string()}</th>
                    <td>{fetch.unit_name}</td>
                    <td class="num">{fetch.quantity}</td>
                    <td>{fetch.fetched_by}</td>
                    <td>{state}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=locale.material_fetches() heads>{rows}</Table> }.into_any()
}

pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let here = ctx.path.clone();
    let id: i64 = here.trim_start_matches("/materials/").parse().map_err(|_| Error::NotFound)?;
    let locale = ctx.locale;
    match form.get("do") {
        "withdraw" => {
            let fetch = form.get("fetch").parse().map_err(|_| Error::NotFound)?;
            action::withdraw(&ctx, id, fetch).await?;
            return Ok(Done::to(here).say(locale.material_withdrawn_said()));
        }
        "close" => action::close(&ctx, id, true).await?,
        "reopen" => action::close(&ctx, id, false).await?,
        "change" => action::change(&ctx, id, draft(&form)).await?,
        _ => return Err(Error::NotFound),
    };
    Ok(Done::to(here).say(locale.material_saved()))
}
