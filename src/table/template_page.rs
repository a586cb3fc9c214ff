//! `/tables/templates`: a county's own forms; `/tables/templates/:id`: what its cells mean, and the file with its cells filled.

use super::{action, page::parts, template_action, template_store};
use crate::{
    domain::table::Time,
    error::{Error, Result},
    figure,
    locale::Locale,
    server::{
        context::Ctx,
        document::as_download,
        form::{Done, FormData},
        multipart::Upload,
    },
    ui::{
        field::{FileField, Form, NamedField, Problems, Select},
        page::{Page, page},
    },
    unit,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use chrono::Datelike;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::BTreeSet;

pub async fn uploaded(ctx: Ctx, form: FormData, files: Vec<Upload>) -> Result<Done> {
    let locale = ctx.locale;
    let code = ctx.query.filled("unit").or(form.filled("unit"));
    let Some(file) = files.iter().find(|file| file.size > 0 || file.too_large) else {
        let mut conn = ctx.db.read().await?;
        super::form_action::managed(&ctx, &mut conn, code).await?;
        return Err(Error::invalid("file", locale.table_file_missing()));
    };
    if file.too_large {
        let limit = template_action::LARGEST_FILE / 1024 / 1024;
        return Err(Error::invalid("file", locale.table_file_too_large(limit)));
    }
    let id = template_action::add(&ctx, code, &file.name, file.bytes().await?).await?;
    Ok(Done::to(format!("/tables/templates/{id}")).say(locale.table_template_said()))
}

/// `/tables/templates?unit=`
pub fn templates() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let (unit, _) = action::unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let list = template_store::list(&mut conn, &unit).await?;
        drop(conn);
        let empty = list.is_empty();
        let scope = ctx.scope()?;
        let items = list
            .into_iter()
            .map(|one| {
                // What the county keeps above is listed for its towns, and opened where it may be read.
                let name = match scope.contains(&one.unit_path) {
                    true => view! { <a href=format!("/tables/templates/{}", one.id)>{one.name}</a> }.into_any(),
                    false => one.name.into_any(),
                };
                view! { <li>{name}" "<span class="muted">{one.unit_name}</span></li> }
            })
            .collect_view();
        let manage = ctx.actor()?.may_manage(&unit).then(|| {
            view! {
                <section>
                    <h2>{locale.table_template_new()}</h2>
                    <Problems/>
                    <form method="post" class="form" enctype="multipart/form-data" novalidate=true>
                        <FileField label=locale.table_template_file() hint=locale.table_template_hint() accept=".xlsx"/>
                        <div><button class="primary" type="submit">{locale.table_template_take()}</button></div>
                    </form>
                </section>
            }
        });
        let body = view! {
            <p><a href=format!("/tables?unit={}", unit.code)>{locale.table_back()}</a></p>
            <p class="lead">{locale.table_templates_lead()}</p>
            {empty.then(|| view! { <p class="empty">{locale.table_templates_none()}</p> })}
            <ul>{items}</ul>
            {manage}
        };
        Ok(Page::new("/report", locale.table_templates_title(&unit.short_name), body))
    })
}

pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = ctx.path.trim_start_matches("/tables/templates/").to_owned();
    match form.get("do") {
        "retire" => {
            template_action::retire(&ctx, &id).await?;
            Ok(Done::to("/tables/templates").say(ctx.locale.table_template_retired()))
        }
        "settle" => {
            template_action::settle(&ctx, &id, &form).await?;
            Ok(Done::to(ctx.path.clone()).say(ctx.locale.table_template_settled()))
        }
        _ => Err(Error::NotFound),
    }
}

/// `GET /tables/templates/{id}/filled.xlsx?year=&part=`
pub async fn filled(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login").into_response());
    }
    let year = ctx.query.filled("year").map_or_else(|| ctx.today.year().to_string(), str::to_owned);
    let time = Time::parse(&ctx.query.filled("part").map_or(year.clone(), |part| format!("{year}-{part}")));
    let time = time.filter(|time| action::YEARS.contains(&time.year)).ok_or(Error::NotFound)?;
    let (bytes, name) = template_action::filled(&ctx, &id, time).await?;
    let mut response = bytes.into_response();
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    as_download(&mut response, kind, &name, "table.xlsx")?;
    Ok(response)
}

/// `/tables/templates/:id`.
pub fn template() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let (template, owner, catalogue) = template_action::one(&ctx, &mut conn, &id).await?;
        let units = unit::store::at_and_below(&mut conn, &owner).await?;
        let logged = figure::store::years(&mut conn, &owner).await?;
        drop(conn);
        let manages = ctx.actor()?.may_manage(&owner);
        let this_year = ctx.today.year();
        let years: BTreeSet<i32> = logged.into_iter().chain([this_year]).collect();
        let years = years.into_iter().rev().map(|year| (year.to_string(), year.to_string())).collect();
        let is_across = template.mapping.is_across();
        let targets = targets(locale, &units, &owner.code);
        let columns = template.mapping.columns.iter().map(|column| {
            let label = format!("{} · {}", column.letters(), column.head);
            match is_across {
                true => view! {
                    <Select name=format!("t.{}", column.index) label options=targets.clone() value=column.target.clone()/>
                }
                .into_any(),
                false => view! { <NamedField name=format!("c.{}", column.index) label value=column.formula.clone()/> }
                    .into_any(),
            }
        });
        let columns = columns.collect_view();
        // Villages month by month have a unit and what is counted of it.
        let whose = !is_across || template.mapping.rows.iter().any(|row| !row.target.is_empty());
        let rows = template.mapping.rows.iter().map(|row| {
            let label = format!("{} · {}", row.number, row.label);
            let whose = whose.then(|| {
                let label = label.clone();
                view! { <Select name=format!("r.{}", row.number) label options=targets.clone() value=row.target.clone()/> }
            });
            let counted = is_across.then(|| {
                let label = locale.table_row_formula(&label);
                view! { <NamedField name=format!("f.{}", row.number) label value=row.formula.clone()/> }
            });
            view! { {whose} {counted} }
        });
        let rows = rows.collect_view();
        let measures: Vec<String> = catalogue
            .active_measures()
            .filter(|one| !one.is_stock)
            .map(|one| format!("{} [{}]", one.key, one.name))
            .collect();
        let address = format!("/tables/templates/{}/filled.xlsx", template.id);
        let body = view! {
            <p><a href=format!("/tables/templates?unit={}", owner.code)>{locale.table_templates()}</a></p>
            <p class="lead">{locale.table_template_lead(&template.mapping.sheet)}</p>
            <form method="get" action=address class="filters" aria-label=locale.table_fill()>
                <Select name="year" label=locale.report_year() options=years value=this_year.to_string()/>
                <Select name="part" label=locale.table_time() options=parts(locale) value=String::new()/>
                <button class="button" type="submit">{locale.table_fill()}</button>
            </form>
            {manages.then(|| view! {
                <Problems/>
                <Form action="settle">
                    <fieldset class="mapping"><legend>{locale.table_map_columns()}</legend>
                        <p class="hint">{if is_across { locale.table_map_across_hint() } else { locale.table_map_columns_hint() }}</p>{columns}
                        <details><summary>{locale.table_measures()}</summary><p class="hint">{measures.join(locale.claim_and())}</p></details>
                    </fieldset>
                    <fieldset class="mapping"><legend>{locale.table_map_rows()}</legend>{rows}</fieldset>
                    <div><button class="primary" type="submit">{locale.table_map_save()}</button></div>
                </Form>
                <Form action="retire" class="inline"><button class="button" type="submit">{locale.table_template_retire()}</button></Form>
            })}
        };
        Ok(Page::new("/report", template.name, body))
    })
}

/// What a row may ask for.
fn targets(locale: Locale, units: &[crate::domain::unit::Unit], own: &str) -> Vec<(String, String)> {
    let mut all = vec![
        (String::new(), locale.table_row_none().to_owned()),
        ("total".to_owned(), locale.table_total().to_owned()),
        ("own".to_owned(), locale.table_row_own().to_owned()),
    ];
    let below = units.iter().filter(|unit| unit.code != own);
    all.extend(below.map(|unit| (format!("unit:{}", unit.code), unit.short_name.clone())));
    all.extend((1..=12).map(|number: u32| (format!("month:{number}"), locale.table_month_short(number))));
    all.extend((1..=4).map(|number: u32| (format!("quarter:{number}"), locale.table_quarter_short(number))));
    all
}
