//! `/campaigns/year?unit=&year=&tick=all`: every key date of a year, what became of it, and campaigns made of many at once.

use super::draft_action::{self, Fate, YearRow};
use crate::{
    catalogue,
    domain::{catalogue::Catalogue, key_date::Occurrence, period::Month, unit::Unit},
    error::Result,
    key_date::view::span_text,
    plan::{
        action::read_unit,
        view::{filter_select, unit_options},
    },
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
    },
    unit,
};
use chrono::Datelike;
use leptos::prelude::*;

/// How many years ahead may be chosen.
const AHEAD: i32 = 4;

/// The year that the address names, else this one.
fn year_of(ctx: &Ctx) -> i32 {
    ctx.query.get("year").parse().ok().filter(|year| (1_900..=9_000).contains(year)).unwrap_or(ctx.today.year())
}

/// Makes campaigns of what was ticked.
pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let year = year_of(&ctx);
    let unit = read_unit(&ctx, &mut ctx.db.read().await?, ctx.query.filled("unit")).await?;
    let count = draft_action::accept_all(&ctx, &unit.code, year, &form.all("key_date")).await?;
    let there = format!("/campaigns?unit={}&year={year}", unit.code);
    Ok(Done::to(there).say(ctx.locale.draft_accepted_all(count)))
}

/// The year's key dates with their campaigns.
pub fn draft_year() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let year = year_of(&ctx);
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        let rows = draft_action::of_year(&mut conn, &unit, year).await?;
        drop(conn);
        let may = ctx.actor()?.may_manage(&unit);
        let open = rows.iter().filter(|row| row.fate == Fate::Waiting).count();
        let months = (1..=12)
            .filter_map(|number| {
                let month = Month::new(year, number)?;
                let own: Vec<&YearRow> =
                    rows.iter().filter(|row| Month::of(row.occurrence.period.from) == month).collect();
                let lines = own.iter().map(|row| line(&ctx, &catalogue, row, may)).collect_view();
                let title = locale.key_dates_month(number);
                (!own.is_empty())
                    .then(|| view! { <section><h2>{title}</h2><ul class="key-dates lined">{lines}</ul></section> })
            })
            .collect_view();
        let list = match may && open > 0 {
            true => {
                let all = format!("/campaigns/year?{}", ctx.query.with("tick", Some("all")));
                let hint = locale.draft_year_hint(&unit.short_name);
                view! {
                    <p class="hint">{hint}</p>
                    <p><a href=all>{locale.draft_tick_all()}</a></p>
                    <Form action="accept">
                        {months}
                        <p><button class="button primary" type="submit">{locale.draft_accept_ticked()}</button></p>
                    </Form>
                }
                .into_any()
            }
            false => months.into_any(),
        };
        let summary = locale.draft_year_summary(rows.len(), rows.len() - open);
        let filters = filters(&ctx, &unit, &units, year);
        let title = locale.draft_year_title(&unit.short_name, year);
        Ok(Page::new("/campaigns", title, view! { {filters} <p class="lead">{summary}</p> <Problems/> {list} }))
    })
}

fn filters(ctx: &Ctx, unit: &Unit, units: &[Unit], year: i32) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let this = ctx.today.year();
    let mut years: Vec<i32> = (this - 1..=this + AHEAD).collect();
    if !years.contains(&year) {
        years.push(year);
    }
    let years = years.into_iter().map(|year| (year.to_string(), year.to_string())).collect();
    view! {
        <form method="get" class="filters">
            {filter_select("unit", locale.goals_unit(), unit_options(units), unit.code.clone())}
            {filter_select("year", locale.goals_year(), years, year.to_string())}
            <button class="button" type="submit">{locale.show()}</button>
        </form>
    }
}

fn line(ctx: &Ctx, catalogue: &Catalogue, row: &YearRow, may: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let Occurrence { key, period, lead, themes, .. } = &row.occurrence;
    let name = locale.name(&row.occurrence.name, row.occurrence.name_en.as_deref()).to_owned();
    let when = span_text(locale, *period);
    let ticked = match &ctx.refused {
        Some(refused) => refused.form.all("key_date").contains(&key.as_str()),
        None => ctx.query.get("tick") == "all",
    };
    let head = match (&row.fate, may) {
        (Fate::Made(made), _) => {
            view! { <a href=format!("/campaigns/{}", made.key)>{made.title.clone()}</a> }.into_any()
        }
        (_, false) => name.clone().into_any(),
        (_, true) => view! {
            <label class="check"><input type="checkbox" name="key_date" value=key.clone() checked=ticked/>" "{name.clone()}</label>
        }
        .into_any(),
    };
    let (tag, word) = match &row.fate {
        Fate::Made(made) if made.cancelled => ("tag quiet", locale.event_cancelled()),
        Fate::Made(_) => ("tag good", locale.draft_made()),
        Fate::Dismissed => ("tag quiet", locale.draft_was_dismissed()),
        Fate::Waiting if period.to < ctx.today => ("tag quiet", locale.draft_over()),
        Fate::Waiting => ("tag", locale.draft_open()),
    };
    let before = row.year_before.as_ref().map(|made| {
        let label = locale.draft_year_before(&made.title);
        view! { " · "<a href=format!("/campaigns/{}", made.key)>{label}</a> }
    });
    let themes = themes
        .iter()
        .filter_map(|key| catalogue.theme(key))
        .map(|theme| locale.name(&theme.name, theme.name_en.as_deref()).to_owned())
        .map(|name| view! { <span class="tag">{name}</span>" " })
        .collect_view();
    view! {
        <li>
            <span class="when">{when}</span>
            <div>{head}" "<span class=tag>{word}</span>" "{themes}<span class="muted">{lead.clone()}{before}</span></div>
        </li>
    }
}
