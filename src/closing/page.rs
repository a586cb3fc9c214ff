//! `/closing?unit=&year=&period=`: the months of a year, open or closed, and what came late; one of them in full.

use super::{action, view};
use crate::{
    catalogue,
    domain::closing::{Span, YEARS},
    error::{Error, Result},
    figure,
    plan::view::{filter_select, unit_options},
    server::{
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    ui::{
        field::Problems,
        page::{Page, page},
    },
};
use axum::Router;
use chrono::Datelike;
use leptos::prelude::*;

/// The forms of these pages.
pub fn forms() -> Router<AppState> {
    Router::new().route("/closing", form(posted))
}

/// The page.
pub fn closing() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let span = Span::parse(ctx.query.get("period"));
        let asked = ctx.query.get("year").parse().ok().filter(|year| YEARS.contains(year));
        let year = span.map(Span::year).or(asked).unwrap_or(ctx.today.year());
        let board = action::board(&ctx, ctx.query.filled("unit"), year).await?;
        let detail = match span.and_then(|span| board.lines.iter().find(|line| line.span == span)) {
            Some(line) => {
                let mut conn = ctx.db.read().await?;
                let period = line.span.period();
                let catalogue = catalogue::store::visible(&mut conn, &board.unit).await?;
                let all = figure::Filter::all();
                let totals = figure::store::total_by_measure(&mut conn, &board.unit, period, &all).await?;
                let late = action::late_totals(&mut conn, &board.unit, period).await?;
                Some(view::detail(&ctx, &board, line, &catalogue, &totals, &late))
            }
            None => None,
        };
        let this = ctx.today.year();
        let mut years: Vec<i32> = (this - 5..=this).rev().collect();
        if !years.contains(&year) {
            years.push(year);
        }
        let years = years.into_iter().map(|year| (year.to_string(), year.to_string())).collect();
        let body = view! {
            <Problems/>
            <p>{locale.closing_how()}</p>
            <form method="get" class="filters">
                {filter_select("unit", locale.goals_unit(), unit_options(&board.units), board.unit.code.clone())}
                {filter_select("year", locale.closing_which_year(), years, year.to_string())}
                <button class="button">{locale.show()}</button>
            </form>
            {detail}
            {view::table(&ctx, &board, year)}
            {view::past(&ctx, &board.past)}
        };
        Ok(Page::new("/settings", locale.closing_title_of(&board.unit.short_name, year), body))
    })
}

/// POST `/closing`: close, open again, unlock, end an unlock.
async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let (unit, period) = (form.get("unit"), form.get("period"));
    let locale = ctx.locale;
    let (span, said): (Span, fn(crate::locale::Locale, String) -> String) = match form.get("do") {
        "close" => (action::close(&ctx, unit, period).await?, |locale, span| locale.closing_closed_said(span)),
        "reopen" => {
            let span = action::reopen(&ctx, unit, period, form.get("why")).await?;
            (span, |locale, span| locale.closing_reopened_said(span))
        }
        "unlock" => {
            let span = action::unlock(&ctx, unit, period, form.get("until"), form.get("reason")).await?;
            (span, |locale, span| locale.closing_unlocked_said(span))
        }
        "end" => {
            let span = action::end_unlock(&ctx, unit, period, form.get("id")).await?;
            (span, |locale, span| locale.closing_ended_said(span))
        }
        _ => return Err(Error::NotFound),
    };
    // An unlock for a village is decided on the page of the town.
    let here = form.filled("here").unwrap_or(unit);
    let query = [("unit", here.to_owned()), ("period", span.to_string())];
    let address = format!("/closing?{}", serde_html_form::to_string(query).unwrap_or_default());
    Ok(Done::to(address).say(said(locale, action::span_text(&ctx, span))))
}
