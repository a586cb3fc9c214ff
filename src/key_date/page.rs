//! The year's key dates, and what the forms of these pages do.

use super::{
    action, day_page, show_page, store,
    view::{fields, filters, neighbours, read, rule_text, span_text, year},
};
pub use super::{
    day_page::{blackouts, holidays},
    show_page::key_date,
};
use crate::{
    catalogue,
    domain::{
        catalogue::Catalogue,
        key_date::{KeyDate, Occurrence},
        period::Month,
    },
    error::Result,
    plan::action::read_unit,
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
    },
    unit,
};
use axum::Router;
use leptos::prelude::*;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/key-dates", form(add))
        .route("/key-dates/{key}", form(show_page::posted))
        .route("/holidays", form(day_page::post_holidays))
        .route("/blackouts", form(day_page::post_blackouts))
}

/// The code of the unit that a page is about: the address's, else the reader's own.
pub(super) async fn unit_code(ctx: &Ctx) -> Result<String> {
    Ok(read_unit(ctx, &mut ctx.db.read().await?, ctx.query.filled("unit")).await?.code)
}

async fn add(ctx: Ctx, form: FormData) -> Result<Done> {
    let code = unit_code(&ctx).await?;
    let one = action::add(&ctx, &code, read(&form)).await?;
    Ok(Done::to(format!("/key-dates?unit={code}")).say(ctx.locale.key_date_added(one.name)))
}

/// Themes as tags.
pub(super) fn theme_tags(ctx: &Ctx, catalogue: &Catalogue, keys: &[String]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    keys.iter()
        .map(|key| {
            let name = catalogue
                .theme(key)
                .map_or_else(|| key.clone(), |theme| locale.name(&theme.name, theme.name_en.as_deref()).to_owned());
            view! { <span class="tag">{name}</span>" " }
        })
        .collect_view()
}

/// `/key-dates?unit=&year=`
pub fn key_dates() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let year = year(&ctx);
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        let known = store::known(&mut conn, &unit).await?;
        drop(conn);
        let may = ctx.actor()?.may_manage(&unit);
        let found = known.in_year(year);
        let off: Vec<&KeyDate> = known.dates.iter().filter(|one| one.retired || known.is_off(one.id)).collect();
        let line = |one: &Occurrence| line(&ctx, &catalogue, &unit.code, one);
        let months = (1..=12)
            .filter_map(|number| {
                let month = Month::new(year, number)?;
                let own: Vec<_> = found.iter().filter(|one| Month::of(one.period.from) == month).map(line).collect();
                let title = locale.key_dates_month(number);
                (!own.is_empty()).then(|| view! { <section><h2>{title}</h2><ul class="key-dates">{own}</ul></section> })
            })
            .collect_view();
        let outside = found.iter().filter(|one| Month::of(one.period.from).year() != year).map(line).collect_view();
        let off_list = (!off.is_empty()).then(|| {
            let items = off
                .into_iter()
                .map(|one| {
                    let address = format!("/key-dates/{}?unit={}", one.key, unit.code);
                    let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
                    view! { <li><a href=address>{name}</a>" "<span class="muted">{rule_text(locale, &one.rule)}</span></li> }
                })
                .collect_view();
            view! { <details><summary>{locale.key_dates_off()}</summary><ul>{items}</ul></details> }
        });
        let form = may.then(|| {
            let fields = fields(&ctx, &catalogue, &unit, None);
            let open = ctx.refused.is_some();
            view! {
                <details id="add" open=open>
                    <summary class="button">{locale.key_date_add()}</summary>
                    <Form action="add">
                        {fields}
                        <p><button class="button primary" type="submit">{locale.key_date_add()}</button></p>
                    </Form>
                </details>
            }
        });
        let body = view! {
            {filters(&ctx, &units, &unit, year)}
            <Problems/>
            {form}
            {months}
            {(!outside.is_empty()).then(|| view! { <ul class="key-dates">{outside}</ul> })}
            {off_list}
            {neighbours(&ctx, &unit, year)}
        };
        Ok(Page::new("/calendar", locale.key_dates_of(&unit.short_name, year), body))
    })
}

fn line(ctx: &Ctx, catalogue: &Catalogue, code: &str, one: &Occurrence) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let address = format!("/key-dates/{}?unit={code}", one.key);
    let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
    let moved = one.overridden.then(|| view! { <span class="tag warn">{locale.key_date_moved()}</span>" " });
    view! {
        <li>
            <span class="when">{span_text(locale, one.period)}</span>" "
            <a href=address>{name}</a>" "
            {moved}{theme_tags(ctx, catalogue, &one.themes)}
            <span class="muted">{one.lead.clone()}{(!one.basis.is_empty()).then(|| format!(" · {}", one.basis))}</span>
        </li>
    }
}
