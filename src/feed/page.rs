//! `/feeds`: the calendar feeds of the reader, and those of others on units that the reader looks after.

use super::{
    action,
    store::{self, Feed},
};
use crate::{
    account::once::{self, Once},
    error::{Error, Result},
    plan::view::unit_options,
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Form, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use axum::Router;
use leptos::prelude::*;

/// The forms of this page, and the feeds themselves.
pub fn forms() -> Router<AppState> {
    Router::new().route("/feeds", form(posted)).merge(super::serve::routes())
}

/// `/feeds`
pub fn feeds() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let actor = ctx.actor()?;
        let mut conn = ctx.db.read().await?;
        let feeds = store::seen_by(&mut conn, actor.account_id, &actor.planning_scope()).await?;
        let units = unit::store::all(&mut conn, &actor.scope()).await?;
        drop(conn);
        let mut options = vec![(String::new(), locale.feed_own().to_owned())];
        options.extend(unit_options(&units));
        let fresh = once::take("/feeds").map(|secret| {
            let address = format!("{}/calendar/{secret}.ics", ctx.origin);
            view! { <Once label=locale.feed_once() hint=locale.feed_once_hint() secret=address/> }
        });
        let chosen = ctx.query.get("unit").to_owned();
        let list = list(&ctx, feeds);
        Ok(Page::new(
            "/me",
            locale.feeds_title(),
            view! {
                {fresh}
                <p class="lead">{locale.feeds_lead()}</p>
                <Problems/>
                {list}
                <section>
                    <h2>{locale.feed_add()}</h2>
                    <Form action="add">
                        <Select name="unit" label=locale.feed_of() options=options value=chosen/>
                        <div><button class="primary" type="submit">{locale.feed_add_do()}</button></div>
                    </Form>
                </section>
            },
        ))
    })
}

fn list(ctx: &Ctx, feeds: Vec<Feed>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    if feeds.is_empty() {
        return view! { <p class="empty">{locale.feeds_none()}</p> }.into_any();
    }
    let rows = feeds
        .into_iter()
        .map(|feed| {
            let name = feed.unit_name.clone().unwrap_or_else(|| locale.feed_own().to_owned());
            let label = locale.feed_revoke_of(&name, &feed.account_name);
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{feed.account_name}</td>
                    <td>{clock::minute(feed.created_at)}</td>
                    <td>
                        <Form action="revoke" class="inline">
                            <input type="hidden" name="id" value=feed.id/>
                            <button class="button danger" aria-label=label>{locale.feed_revoke()}</button>
                        </Form>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.feed_of()),
        Head::Text(locale.feed_owner()),
        Head::Text(locale.feed_since()),
        Head::Text(locale.feed_revoke()),
    ];
    view! { <Table caption=locale.feeds_caption() heads>{rows}</Table> }.into_any()
}

async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    match form.get("do") {
        "add" => {
            let secret = action::add(&ctx, form.get("unit")).await?;
            Ok(Done::to("/feeds").cookie(once::cookie(&ctx.settings, "/feeds", &secret)))
        }
        "revoke" => {
            action::revoke(&ctx, form.get("id").parse().map_err(|_| Error::NotFound)?).await?;
            Ok(Done::to("/feeds").say(ctx.locale.feed_revoked()))
        }
        _ => Err(Error::NotFound),
    }
}
