//! `/tables`: a table of any month, quarter or year; sending it, who has not reported, where months end.

use super::{
    action::{self, Asked, Question},
    address, form_action, form_page, reckon, sent_action, store, template_page, view, xlsx,
};
use crate::{
    domain::{
        table::{Rows, Span, Time},
        unit::Unit,
    },
    error::{Error, Result},
    figure,
    locale::Locale,
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData, form, form_with_files},
        multipart::Limits,
        state::AppState,
    },
    ui::{
        copy::CopyText,
        field::{Field, Form, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
};
use axum::{Router, routing::get};
use chrono::Datelike;
use leptos::prelude::*;
use std::collections::BTreeSet;

pub use super::{
    form_page::forms as table_forms,
    sent_page::sent,
    template_page::{template, templates},
};

/// The forms and files of these pages.
pub fn forms() -> Router<AppState> {
    let limits = Limits {
        file: super::template_action::LARGEST_FILE,
        body: super::template_action::LARGEST_FILE + 5 * 1024 * 1024,
    };
    Router::new()
        .route("/tables", form(posted))
        .route("/tables.xlsx", get(xlsx::export))
        .route("/tables/forms", form(form_page::posted))
        .route("/tables/sent/{id}", get(crate::server::page::render))
        .route("/tables/sent/{id}/table.xlsx", get(xlsx::export_sent))
        .route("/tables/templates", form_with_files(limits, template_page::uploaded))
        .route("/tables/templates/{id}", form(template_page::posted))
        .route("/tables/templates/{id}/filled.xlsx", get(template_page::filled))
}

async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let locale = ctx.locale;
    match form.get("do") {
        "cutoff" => {
            form_action::set_cutoff(&ctx, ctx.query.filled("unit"), form.get("cutoff")).await?;
            Ok(Done::to(ctx.here()).say(locale.table_cutoff_said()))
        }
        "send" => {
            let id = sent_action::send(&ctx, form.get("note")).await?;
            Ok(Done::to(format!("/tables/sent/{id}")).say(locale.table_sent_said()))
        }
        _ => Err(Error::NotFound),
    }
}

/// `/tables`.
pub fn tables() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let asked = action::asked(&ctx, &mut conn).await?;
        let table = action::table(&ctx, &mut conn, &asked).await?;
        let logged = figure::store::years(&mut conn, &asked.unit).await?;
        let silent = reckon::silent(&mut conn, &asked.unit, table.period).await?;
        let sent = store::sent(&mut conn, &asked.unit).await?;
        drop(conn);
        let title = action::title(&ctx, &asked.unit, &asked.question);
        let manages = ctx.actor()?.may_manage(&asked.unit);
        let export = address::table("/tables.xlsx", &asked.unit.code, &asked.question, asked.form_id);
        let code = asked.unit.code.clone();
        let folded = view::folded(&asked.question, &table, ctx.query.filled("all").is_some());
        let all = format!("{}&all=1", address::table("/tables", &asked.unit.code, &asked.question, asked.form_id));
        let caption = caption(locale, &asked.question, table.period);
        let nothing = table.total.activities == 0;
        let body = view! {
            <div class="tables-page">
                {filters(&ctx, &asked, logged)}
                {nothing.then(|| view! { <p class="notice">{locale.table_nothing()}</p> })}
                {view::table(locale, caption, &asked.unit, &asked.question, &table, &folded)}
                {view::folded_note(locale, &table, &folded, all)}
                <p class="hint">{locale.table_hint()}</p>
                <p class="toolbar">
                    <a class="button" href=export>{locale.table_xlsx()}</a>" "
                    <a href=format!("/tables/forms?unit={code}")>{locale.table_forms()}</a>" "
                    <a href=format!("/tables/templates?unit={code}")>{locale.table_templates()}</a>
                </p>
                {not_reported(locale, &asked.question, &silent)}
                {manages.then(|| send_form(locale))}
                {sent_list(locale, sent)}
                {manages.then(|| cutoff_form(locale, &asked))}
            </div>
        };
        Ok(Page::new("/report", title, body))
    })
}

/// What the table tells of, and from which day to which.
pub fn caption(locale: Locale, question: &Question, period: crate::domain::period::Period) -> String {
    let time = action::time_name(locale, question.time);
    match question.cutoff {
        None => locale.table_caption(time),
        Some(day) => locale.table_caption_cutoff(day, period.from, time, period.to),
    }
}

/// `logged`: the years in which anything was.
fn filters(ctx: &Ctx, asked: &Asked, logged: Vec<i32>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let question = &asked.question;
    let units: Vec<(String, String)> = asked
        .units
        .iter()
        .map(|unit| {
            let depth = unit.path.matches('/').count().saturating_sub(2);
            (unit.code.clone(), format!("{}{}", "\u{3000}".repeat(depth), unit.short_name))
        })
        .collect();
    // Years without anything are not offered, but this one and the one that is shown.
    let mut years: BTreeSet<i32> = logged.into_iter().collect();
    years.extend([ctx.today.year(), question.time.year]);
    let years: Vec<(String, String)> =
        years.into_iter().rev().map(|year| (year.to_string(), year.to_string())).collect();
    let rows = Rows::ALL.iter().map(|rows| {
        let name = view::row_head(locale, &Question { rows: *rows, ..question.clone() });
        (rows.key().to_owned(), name.to_owned())
    });
    let mut forms = vec![(String::new(), locale.table_built_in().to_owned())];
    let usable = asked.forms.iter().filter(|form| form.retired_at.is_none() || Some(form.id) == asked.form_id);
    forms.extend(usable.map(|form| (form.id.to_string(), form.name.clone())));
    view! {
        <form method="get" class="filters" aria-label=locale.report_elsewhere()>
            <Select name="unit" label=locale.report_unit() options=units value=asked.unit.code.clone()/>
            <Select name="year" label=locale.report_year() options=years value=question.time.year.to_string()/>
            <Select name="part" label=locale.table_time() options=parts(locale) value=address::part(question.time)/>
            <Select name="rows" label=locale.table_rows() options=rows.collect() value=question.rows.key()/>
            <Select name="form" label=locale.table_form() options=forms value=asked.form_id.map(|id| id.to_string()).unwrap_or_default()/>
            <button class="button" type="submit">{locale.show()}</button>
        </form>
    }
}

/// The parts of a year to choose from: the whole, its quarters, its months.
pub fn parts(locale: Locale) -> Vec<(String, String)> {
    let of = |span: Span, most: u32, name: fn(Locale, u32) -> String| {
        (1..=most).filter_map(move |part| Some((address::part(Time::new(span, 2000, part)?), name(locale, part))))
    };
    let mut all = vec![(String::new(), locale.table_whole_year().to_owned())];
    all.extend(of(Span::Quarter, 4, |locale, part| locale.table_quarter_short(part)));
    all.extend(of(Span::Month, 12, |locale, part| locale.table_month_short(part)));
    all
}

/// The villages that logged nothing, as a list to copy.
fn not_reported(locale: Locale, question: &Question, silent: &[Unit]) -> Option<AnyView> {
    if silent.is_empty() {
        return None;
    }
    let names: Vec<&str> = silent.iter().map(|unit| unit.short_name.as_str()).collect();
    let time = action::time_name(locale, question.time);
    let text = locale.table_silent_text(silent.len(), names.join(locale.claim_and()), time);
    Some(
        view! {
            <section class="copy">
                <h2>{locale.table_silent(silent.len())}</h2>
                <CopyText id="silent" label=locale.table_silent_label() hint=locale.table_silent_hint() text/>
            </section>
        }
        .into_any(),
    )
}

fn send_form(locale: Locale) -> impl IntoView {
    view! {
        <section>
            <h2>{locale.table_send()}</h2>
            <p class="hint">{locale.table_send_hint()}</p>
            <Problems/>
            <Form action="send">
                <Field name="note" label=locale.table_note()/>
                <div><button class="primary" type="submit">{locale.table_send_button()}</button></div>
            </Form>
        </section>
    }
}

fn sent_list(locale: Locale, sent: Vec<store::Sent>) -> Option<AnyView> {
    if sent.is_empty() {
        return None;
    }
    let heads = vec![
        Head::Text(locale.table_sent_title()),
        Head::Text(locale.report_unit()),
        Head::Text(locale.table_sent_by()),
        Head::Text(locale.table_note()),
    ];
    let rows = sent.into_iter().map(|one| {
        view! {
            <tr>
                <th scope="row"><a href=format!("/tables/sent/{}", one.id)>{one.title}</a></th>
                <td>{one.unit_name}</td>
                <td>{one.sent_by}" · "{clock::minute(one.sent_at)}</td>
                <td>{one.note}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <section>
                <h2>{locale.table_sent()}</h2>
                <Table caption=locale.table_sent_caption() heads>{rows}</Table>
            </section>
        }
        .into_any(),
    )
}

fn cutoff_form(locale: Locale, asked: &Asked) -> impl IntoView + use<> {
    let mut days = vec![("0".to_owned(), locale.table_cutoff_calendar().to_owned())];
    days.extend((1..=28).map(|day: u32| (day.to_string(), locale.table_cutoff_day(day))));
    let value = asked.question.cutoff.unwrap_or_default().to_string();
    let whose = match asked.cutoff_by {
        Some(id) if id != asked.unit.id => locale.table_cutoff_above(),
        _ => "",
    };
    let label = locale.table_cutoff_label(&asked.unit.short_name);
    let hint = format!("{}{whose}", locale.table_cutoff_hint());
    view! {
        <details>
            <summary>{locale.table_cutoff()}</summary>
            <Form action="cutoff">
                <Select name="cutoff" label hint options=days value/>
                <div><button class="button" type="submit">{locale.save()}</button></div>
            </Form>
        </details>
    }
}
