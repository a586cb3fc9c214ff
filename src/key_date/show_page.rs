//! One key date: its rule, its days of some years, the notices that moved it, and what can be done with it.

use super::{
    action::{self, seen},
    page::{theme_tags, unit_code},
    store,
    view::{fields, layer_text, neighbours, read, rule_text, span_text, year},
};
use crate::{
    catalogue,
    domain::key_date::{KeyDate, Known},
    error::{Error, Result},
    plan::action::read_unit,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
};
use chrono::Datelike;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// How many years before and after this one the table shows.
const BACK: i32 = 1;
const AHEAD: i32 = 4;

/// What somebody did on a key date's page.
pub(super) async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let key = ctx.path.trim_start_matches("/key-dates/").to_owned();
    let code = unit_code(&ctx).await?;
    let here = Done::to(ctx.here());
    match form.get("do") {
        "notice" => {
            let days = (form.get("from"), form.get("to"));
            let year = action::put_notice(&ctx, &code, &key, days, form.get("notice")).await?;
            Ok(here.say(ctx.locale.key_date_noticed(year)))
        }
        "withdraw" => {
            let year = form.get("year").parse().map_err(|_| Error::NotFound)?;
            action::withdraw_notice(&ctx, &code, &key, year).await?;
            Ok(here.say(ctx.locale.key_date_notice_withdrawn(year)))
        }
        "off" | "on" => {
            action::switch(&ctx, &code, &key, form.get("do") == "off").await?;
            Ok(here.say(ctx.locale.saved()))
        }
        "edit" => {
            action::change(&ctx, &code, &key, read(&form)).await?;
            Ok(here.say(ctx.locale.saved()))
        }
        "retire" | "resume" => {
            action::retire(&ctx, &code, &key, form.get("do") == "retire").await?;
            Ok(here.say(ctx.locale.saved()))
        }
        _ => Err(Error::NotFound),
    }
}

/// `/key-dates/:key?unit=`
pub fn key_date() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let known = store::known(&mut conn, &unit).await?;
        let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
        drop(conn);
        let one = seen(&known, &key)?;
        let may = ctx.actor()?.may_manage(&unit);
        let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
        let state = match (one.retired, known.is_off(one.id)) {
            (true, _) => Some(locale.key_date_retired()),
            (false, true) => Some(locale.key_date_is_off()),
            (false, false) => None,
        };
        let own = one.unit_id == Some(unit.id);
        let basis = Some(one.told_basis()).filter(|text| !text.is_empty());
        let edit = (may && own).then(|| {
            let fields = fields(&ctx, &catalogue, &unit, Some(one));
            view! {
                <details open=ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == "edit")>
                    <summary class="button">{locale.edit()}</summary>
                    <Form action="edit">
                        {fields}
                        <p><button class="button primary" type="submit">{locale.save()}</button></p>
                    </Form>
                </details>
                {match one.retired {
                    true => view! { <Form action="resume"><p><button class="button">{locale.key_date_resume()}</button></p></Form> }.into_any(),
                    false => view! { <Form action="retire"><p><button class="button danger">{locale.key_date_retire()}</button></p></Form> }.into_any(),
                }}
            }
        });
        let body = view! {
            <Problems/>
            {state.map(|text| view! { <p><span class="tag quiet">{text}</span></p> })}
            <dl class="meta">
                <dt>{locale.key_date_rule()}</dt><dd>{rule_text(locale, &one.rule)}</dd>
                <dt>{locale.campaign_themes()}</dt><dd>{theme_tags(&ctx, &catalogue, &one.themes)}</dd>
                <dt>{locale.campaign_lead()}</dt><dd>{one.lead.clone()}</dd>
                <dt>{locale.key_date_layer()}</dt><dd>{layer_text(locale, one.layer)}</dd>
                {basis.map(|text| view! { <dt>{locale.key_date_basis()}</dt><dd>{text}</dd> })}
                {one.since.map(|year| view! { <dt>{locale.key_date_since()}</dt><dd>{year}</dd> })}
            </dl>
            <p><a href=format!("/countdowns/{}?unit={}", one.key, unit.code)>{locale.template_link()}</a></p>
            {years(&ctx, &known, one, may.then_some(unit.id))}
            {may.then(|| notice_form(&ctx))}
            {(may && !own).then(|| switch_form(&ctx, known.is_off(one.id), &unit.short_name))}
            {edit}
            {neighbours(&ctx, &unit, year(&ctx))}
        };
        Ok(Page::new("/calendar", name, body))
    })
}

/// Its days of the years around this one, and of those that a notice moved.
fn years(ctx: &Ctx, known: &Known, one: &KeyDate, manages: Option<i64>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let this_year = ctx.today.year();
    let mut years: Vec<i32> = (this_year - BACK..=this_year + AHEAD).collect();
    years.extend(known.overrides.iter().filter(|notice| notice.key_date_id == one.id).map(|notice| notice.year));
    years.sort_unstable();
    years.dedup();
    let rows = years
        .into_iter()
        .map(|year| {
            let days: Vec<String> = known.of(one, year).iter().map(|one| span_text(locale, one.period)).collect();
            let notice = known.notice(one.id, year);
            let withdraw = notice.filter(|notice| manages.is_some() && notice.unit_id == manages).map(|_| {
                view! {
                    <Form action="withdraw">
                        <input type="hidden" name="year" value=year.to_string()/>
                        <button class="button">{locale.key_date_withdraw(year)}</button>
                    </Form>
                }
            });
            let text = notice.map_or_else(|| locale.key_date_by_rule().to_owned(), |notice| notice.notice.clone());
            view! {
                <tr>
                    <th scope="row">{year}</th>
                    <td>{days.join(locale.key_date_comma())}</td>
                    <td>{text}</td>
                    <td>{withdraw}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.ledger_year()),
        Head::Text(locale.key_date_days()),
        Head::Text(locale.key_date_notice()),
        Head::Text(locale.event_what_next()),
    ];
    view! { <Table caption=locale.key_date_years() heads>{rows}</Table> }
}

fn notice_form(ctx: &Ctx) -> impl IntoView + use<> {
    let locale = ctx.locale;
    view! {
        <details open=ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == "notice")>
            <summary class="button">{locale.key_date_notice_add()}</summary>
            <Form action="notice">
                <p class="hint">{locale.key_date_notice_hint()}</p>
                <div class="two">
                    <Field name="from" kind="date" label=locale.campaign_from() required=true/>
                    <Field name="to" kind="date" label=locale.campaign_to() required=true/>
                </div>
                <Field name="notice" label=locale.key_date_notice() required=true/>
                <p><button class="button primary" type="submit">{locale.key_date_notice_add()}</button></p>
            </Form>
        </details>
    }
}

fn switch_form(ctx: &Ctx, off: bool, unit: &str) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let (action, text) = match off {
        true => ("on", locale.key_date_on_for(unit)),
        false => ("off", locale.key_date_off_for(unit)),
    };
    view! { <Form action=action><p><button class="button">{text}</button></p></Form> }
}
