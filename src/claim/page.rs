//! `/claims`: a draft is pasted or sent as a file, and comes back with every figure held against the log.

use super::{
    action::{self, Checked},
    draft::{self, LARGEST_FILE},
    view,
};
use crate::{
    domain::evidence::Refusal,
    error::{Error, Result},
    server::{
        context::Ctx,
        form::{Done, FormData, form_that_reads_files},
        multipart::{Limits, Upload},
        state::AppState,
    },
    table,
    ui::{
        field::{FileField, Problems, Select, TextArea},
        page::{Page, page},
    },
    unit,
};
use axum::Router;
use chrono::Datelike;
use leptos::prelude::*;

/// How many years back are offered.
const YEARS_BACK: i32 = 10;

/// The form of this page.
pub fn forms() -> Router<AppState> {
    let limits = Limits { file: LARGEST_FILE, body: LARGEST_FILE + 5 * 1024 * 1024 };
    Router::new().route("/claims", form_that_reads_files(limits, posted))
}

/// The text as it is checked: one kind of line end.
fn one_line_end(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Puts the words of a file into the form, and checks that they can be read.
async fn posted(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let mut text = one_line_end(form.raw("text"));
    let mut typed =
        FormData::from_pairs([("unit", form.get("unit")), ("year", form.get("year")), ("text", text.as_str())]);
    if let Some(file) = files.iter().find(|file| file.size > 0 || file.too_large) {
        let read = if file.too_large { Err(Refusal::TooLarge) } else { draft::text(&file.bytes().await?) };
        let refused = |refusal: Refusal| {
            Error::invalid(
                "file",
                match refusal {
                    Refusal::TooLarge => ctx.locale.claim_file_too_large(LARGEST_FILE / 1024 / 1024),
                    Refusal::Unknown => ctx.locale.claim_file_unknown().to_owned(),
                    other => other.words(ctx.locale),
                },
            )
        };
        text = one_line_end(&read.map_err(refused)?);
        typed = FormData::from_pairs([("unit", form.get("unit")), ("year", form.get("year")), ("text", text.as_str())])
            .without_controls();
    }
    let length = text.chars().count();
    if length > action::LONGEST {
        return Err(Error::invalid("text", ctx.locale.claim_too_long(action::LONGEST)));
    }
    // What is wrong is told with what was typed; what is right is read again by the page.
    action::check(&ctx, typed.get("unit"), typed.get("year"), typed.raw("text")).await?;
    Ok(Done::again_with(typed))
}

/// `/claims`.
pub fn claims() -> impl IntoView {
    page(|ctx| async move {
        let actor = ctx.actor()?;
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let units = unit::store::all(&mut conn, &actor.scope()).await?;
        let home = units.iter().find(|unit| Some(unit.id) == actor.home_unit_id()).or(units.first());
        let chosen = ctx.query.filled("unit").or(home.map(|unit| unit.code.as_str())).unwrap_or_default().to_owned();
        if ctx.query.has("unit") && !units.iter().any(|unit| unit.code == chosen) {
            return Err(Error::NotFound);
        }
        let months_end = match units.iter().find(|unit| unit.code == chosen) {
            Some(unit) => table::store::cutoff(&mut conn, unit).await?.0,
            None => None,
        };
        let months_end = months_end.map(|day| view! { <p class="hint">{locale.claim_months_end(day)}</p> });
        drop(conn);
        let checked = read(&ctx).await?;
        let options: Vec<(String, String)> = units
            .iter()
            .map(|unit| {
                let depth = unit.path.matches('/').count().saturating_sub(2);
                (unit.code.clone(), format!("{}{}", "\u{3000}".repeat(depth), unit.short_name))
            })
            .collect();
        let this_year = ctx.today.year();
        let typed = ctx.refused.as_ref().map(|refused| refused.form.get("year").to_owned());
        let year = typed.or(ctx.query.filled("year").map(str::to_owned)).unwrap_or_else(|| this_year.to_string());
        let mut years: Vec<String> =
            ((this_year - YEARS_BACK)..=this_year).rev().map(|year| year.to_string()).collect();
        if !years.contains(&year) && year.parse::<i32>().is_ok() {
            years.push(year.clone());
        }
        let years = years.into_iter().map(|year| (year.clone(), year)).collect::<Vec<_>>();
        let rows = if checked.is_some() { 6 } else { 12 };
        let form = view! {
            <form method="post" class="form" enctype="multipart/form-data" novalidate=true>
                <div class="two">
                    <Select name="unit" label=locale.report_unit() options value=chosen/>
                    <Select name="year" label=locale.report_year() options=years value=year/>
                </div>
                <TextArea name="text" label=locale.claim_text() hint=locale.claim_text_hint() rows/>
                <FileField label=locale.claim_file() hint=locale.claim_file_hint(LARGEST_FILE / 1024 / 1024) accept=".docx,.txt"/>
                <div><button class="primary" type="submit">{locale.claim_check()}</button></div>
            </form>
        };
        let body = match checked {
            None => view! { <p class="lead">{locale.claim_lead()}</p>{months_end}<Problems/>{form} }.into_any(),
            Some(checked) => view! {
                {view::result(locale, &checked)}
                {months_end}
                <section><h2>{locale.claim_again()}</h2>{form}</section>
            }
            .into_any(),
        };
        Ok(Page::new("/report", locale.claim_title(), body))
    })
}

/// What was posted and can be read, checked.
async fn read(ctx: &Ctx) -> Result<Option<Checked>> {
    match &ctx.refused {
        Some(refused) if refused.problems.is_empty() => {
            let form = &refused.form;
            action::check(ctx, form.get("unit"), form.get("year"), form.raw("text")).await.map(Some)
        }
        _ => Ok(None),
    }
}
