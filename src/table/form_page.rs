//! `/tables/forms`: the forms of a unit, and one to fill in or change.

use super::{
    action,
    form_action::{self, MOST_COLUMNS},
    store,
};
use crate::{
    domain::table::{Column, built_in},
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, NamedField, Problems},
        page::{Page, page},
    },
};
use leptos::prelude::*;

/// How many empty rows are offered besides those that are filled.
const SPARE: usize = 4;

pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let code = ctx.query.filled("unit");
    let back = match code {
        Some(code) => format!("/tables/forms?{}", FormData::from_pairs([("unit", code)]).with("", None)),
        None => "/tables/forms".to_owned(),
    };
    match form.get("do") {
        "retire" => form_action::retire(&ctx, code, form.get("id"), true).await?,
        "return" => form_action::retire(&ctx, code, form.get("id"), false).await?,
        "save" => form_action::save(&ctx, code, &form).await?,
        _ => return Err(Error::NotFound),
    }
    Ok(Done::to(back).say(ctx.locale.table_form_saved()))
}

/// `/tables/forms?unit=&id=`
pub fn forms() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let (unit, _) = action::unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let forms = store::forms(&mut conn, &unit).await?;
        let catalogue = action::catalogue(&mut conn, &unit).await?;
        drop(conn);
        let actor = ctx.actor()?;
        let typed = ctx.refused.as_ref().and_then(|refused| refused.form.filled("id").map(str::to_owned));
        let chosen = typed.or(ctx.query.filled("id").map(str::to_owned));
        let chosen = forms.iter().find(|form| chosen.as_deref() == Some(form.id.to_string().as_str())).cloned();
        let code = unit.code.clone();
        let items = forms
            .iter()
            .map(|form| {
                let columns: Vec<String> =
                    form.columns.iter().map(|column| format!("{} = {}", column.name, column.formula)).collect();
                let own = form.unit_id == unit.id && actor.may_manage(&unit);
                let id = form.id.to_string();
                let retired = form.retired_at.is_some();
                let (what, label) =
                    if retired { ("return", locale.table_form_return()) } else { ("retire", locale.table_form_retire()) };
                view! {
                    <li>
                        <strong>{form.name.clone()}</strong>" "<span class="muted">{form.unit_name.clone()}</span>
                        {retired.then(|| view! { " "<span class="tag quiet">{locale.table_form_retired()}</span> })}
                        <p class="hint">{columns.join(locale.wording_semicolon())}</p>
                        <p>
                            <a href=format!("/tables?unit={code}&form={id}")>{locale.table_form_use()}</a>" "
                            {own.then(|| view! { <a href=format!("/tables/forms?unit={code}&id={id}")>{locale.table_form_change()}</a> })}
                        </p>
                        {own.then(|| view! {
                            <Form action=what class="inline">
                                <input type="hidden" name="id" value=id.clone()/>
                                <button class="button" type="submit">{label}</button>
                            </Form>
                        })}
                    </li>
                }
            })
            .collect_view();
        let empty = forms.is_empty();
        let measures: Vec<String> = catalogue
            .active_measures()
            .filter(|one| !one.is_stock)
            .map(|one| format!("{} [{}]", one.key, one.name))
            .collect();
        let manage = actor.may_manage(&unit).then(|| {
            let columns = match &chosen {
                Some(form) => form.columns.clone(),
                None => built_in(locale, catalogue.active_measures()).into_iter().take(3).collect(),
            };
            let (heading, name) = match &chosen {
                Some(form) => (locale.table_form_change_heading(), form.name.clone()),
                None => (locale.table_form_new(), String::new()),
            };
            let id = chosen.as_ref().map(|form| form.id.to_string());
            let fields = column_fields(&ctx, columns);
            view! {
                <section>
                    <h2>{heading}</h2>
                    <Problems/>
                    <Form action="save">
                        {id.map(|id| view! { <input type="hidden" name="id" value=id/> })}
                        <Field name="name" label=locale.table_form_name() value=name/>
                        <p class="hint">{locale.table_formula_hint()}</p>
                        {fields}
                        <details>
                            <summary>{locale.table_measures()}</summary>
                            <p class="hint">{measures.join(locale.claim_and())}</p>
                        </details>
                        <div><button class="primary" type="submit">{locale.save()}</button></div>
                    </Form>
                </section>
            }
        });
        let body = view! {
            <p><a href=format!("/tables?unit={}", unit.code)>{locale.table_back()}</a></p>
            <p class="lead">{locale.table_forms_lead()}</p>
            {empty.then(|| view! { <p class="empty">{locale.table_forms_none()}</p> })}
            <ul class="table-forms">{items}</ul>
            {manage}
        };
        Ok(Page::new("/report", locale.table_forms_title(&unit.short_name), body))
    })
}

/// A row of fields for each column, as it was typed where the form was refused.
fn column_fields(ctx: &Ctx, columns: Vec<Column>) -> impl IntoView + use<> {
    let locale: Locale = ctx.locale;
    let typed = ctx.refused.as_ref().map_or(0, |refused| {
        let filled = |index: &usize| {
            ["name", "formula"].iter().any(|part| refused.form.filled(&format!("c.{index}.{part}")).is_some())
        };
        (0..MOST_COLUMNS).filter(filled).max().map_or(0, |most| most + 1)
    });
    let rows = (columns.len().max(typed) + SPARE).min(MOST_COLUMNS);
    (0..rows)
        .map(|index| {
            let column = columns.get(index).cloned().unwrap_or(Column {
                name: String::new(),
                unit_word: String::new(),
                formula: String::new(),
            });
            let name = |part: &str| format!("c.{index}.{part}");
            let place = index + 1;
            view! {
                <div class="formula-row">
                    <NamedField name=name("name") label=locale.table_column_name(place) value=column.name/>
                    <NamedField name=name("word") label=locale.table_column_word() value=column.unit_word/>
                    <NamedField name=name("formula") label=locale.table_column_formula() value=column.formula/>
                </div>
            }
        })
        .collect_view()
}
