//! `/events/:id/sheet?rows=&class=`: a sign-in sheet to print. Blank rows, or for a class its pupils by number alone: no child's
//! name is kept here. Filled in and photographed it is evidence; the headcount is typed.

use super::{
    event_store,
    view::{dated_text, time_text, type_text},
};
use crate::{
    domain::{event::Event, unit::Class},
    error::Error,
    plan::view::filter_select,
    server::context::Ctx,
    ui::page::{Page, page},
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// As many rows fill one page of A4.
const ROWS: usize = 20;
const MOST_ROWS: usize = 200;

/// The sheet of one event.
pub fn sheet() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id = id.parse().map_err(|_| Error::NotFound)?;
        let actor = ctx.actor()?;
        let mut conn = ctx.db.read().await?;
        let event = event_store::of_id(&mut conn, &ctx.scope()?, Some(&actor.planning_scope()), id).await?;
        let mut classes = unit::store::classes(&mut conn, event.unit.id).await?;
        drop(conn);
        classes.retain(|class| class.is_active(event.day));
        let class = classes.iter().find(|class| class.name == ctx.query.get("class"));
        let rows = ctx.query.get("rows").parse().unwrap_or(ROWS).clamp(1, MOST_ROWS);
        let choose = choose(&ctx, &classes, class, rows);
        let table = match class {
            Some(class) => pupils(&ctx, class).into_any(),
            None => blank(&ctx, rows).into_any(),
        };
        let head = head(&ctx, &event, class);
        let title = locale.sheet_title();
        Ok(Page::new("/calendar", title, view! { {choose} <div class="sign-in">{head} {table} {foot(&ctx)}</div> }))
    })
}

fn choose(ctx: &Ctx, classes: &[Class], class: Option<&Class>, rows: usize) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let mut options = vec![(String::new(), locale.sheet_blank().to_owned())];
    options.extend(classes.iter().map(|class| (class.name.clone(), locale.sheet_class(&class.name, class.pupils))));
    let chosen = class.map(|class| class.name.clone()).unwrap_or_default();
    view! {
        <form method="get" class="filters">
            {(!classes.is_empty()).then(|| filter_select("class", locale.sheet_rows_of(), options, chosen))}
            <div class="field">
                <label for="filter-rows">{locale.sheet_rows()}</label>
                <input id="filter-rows" name="rows" type="number" min="1" max=MOST_ROWS value=rows/>
            </div>
            <button class="button">{locale.show()}</button>
            <p class="hint">{locale.sheet_print_hint()}</p>
        </form>
    }
}

fn head(ctx: &Ctx, event: &Event, class: Option<&Class>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let place = if event.place.is_empty() { event.unit.short_name.clone() } else { event.place.clone() };
    let unit = match class {
        Some(class) => format!("{} {}", event.unit.short_name, class.name),
        None => event.unit.short_name.clone(),
    };
    view! {
        <h2>{event.campaign_title.clone()}</h2>
        <dl class="meta">
            <dt>{locale.event_when()}</dt><dd>{dated_text(locale, event.day)}" "{time_text(event)}</dd>
            <dt>{locale.event_unit()}</dt><dd>{unit}</dd>
            <dt>{locale.sheet_place()}</dt><dd>{place}</dd>
            <dt>{locale.event_type()}</dt><dd>{type_text(locale, event)}</dd>
            <dt>{locale.event_lead()}</dt><dd>{event.lead.clone()}</dd>
        </dl>
    }
}

fn blank(ctx: &Ctx, rows: usize) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let lines = (1..=rows)
        .map(|number| view! { <tr><th scope="row" class="num">{number}</th><td></td><td></td><td></td></tr> })
        .collect_view();
    view! {
        <table class="table">
            <caption class="visually-hidden">{locale.sheet_title()}</caption>
            <thead><tr>
                <th scope="col" class="num">{locale.sheet_number()}</th><th scope="col">{locale.sheet_name()}</th>
                <th scope="col">{locale.sheet_from()}</th><th scope="col">{locale.sheet_signature()}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
    }
}

/// Two columns of numbers, to be ticked.
fn pupils(ctx: &Ctx, class: &Class) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let half = (class.pupils + 1) / 2;
    let cell = |number: i64| (number <= class.pupils).then_some(number);
    let lines = (1..=half)
        .map(|number| {
            view! {
                <tr>
                    <th scope="row" class="num">{number}</th><td></td>
                    <td class="num">{cell(number + half)}</td><td></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table">
            <caption class="visually-hidden">{locale.sheet_class(&class.name, class.pupils)}</caption>
            <thead><tr>
                <th scope="col" class="num">{locale.sheet_number()}</th><th scope="col">{locale.sheet_present()}</th>
                <th scope="col" class="num">{locale.sheet_number()}</th><th scope="col">{locale.sheet_present()}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
    }
}

fn foot(ctx: &Ctx) -> impl IntoView + use<> {
    let locale = ctx.locale;
    view! {
        <p class="sum">
            <span>{locale.sheet_headcount()}</span> <span>{locale.sheet_handler()}</span> <span>{locale.sheet_day()}</span>
        </p>
    }
}
