//! The indicators: the built-in ones, and those an office adds, changes and retires.

use super::{
    action::{self, IndicatorDraft},
    indicator_action::seen_indicator,
    indicator_view::{change_fields, counted, new_fields, owner_name},
    series, series_view, store,
    view::{by_id, manages, neighbours, unit_filter},
    words,
};
use crate::{
    catalogue,
    domain::{
        catalogue::Catalogue,
        indicator::{Indicator, Kind},
        problem::Problems as Faults,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Form, Problems},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::BTreeMap;

/// `/indicators`
pub fn indicators() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::home(&ctx, &mut conn).await?;
        let indicators = store::indicators(&mut conn, &unit, true).await?;
        let catalogue = catalogue::store::everything(&mut conn).await?;
        let here = catalogue::store::visible(&mut conn, &unit).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let units = by_id(&mut conn, &units, &unit).await?;
        drop(conn);
        let (retired, used): (Vec<Indicator>, Vec<Indicator>) = indicators.into_iter().partition(|one| one.retired);
        let rows = |list: Vec<Indicator>| list.iter().map(|one| row(&ctx, &catalogue, &units, one)).collect_view();
        let (is_any_retired, used, retired) = (!retired.is_empty(), rows(used), rows(retired));
        let body = view! {
            <Problems/>
            {table(locale, locale.indicators_in_use(), used)}
            {manages(&ctx).then(|| view! {
                <details id="add" open=ctx.refused.is_some()>
                    <summary>{locale.indicator_add()}</summary>
                    <Form action="add">
                        {new_fields(locale, &here)}
                        <button class="button primary">{locale.indicator_add_do()}</button>
                    </Form>
                </details>
            })}
            {is_any_retired.then(|| view! {
                <details>
                    <summary>{locale.indicators_retired()}</summary>
                    {table(locale, locale.indicators_retired(), retired)}
                </details>
            })}
            {neighbours(&ctx, &unit)}
        };
        Ok(Page::new("/goals", locale.indicators_title(), body))
    })
}

fn table(locale: Locale, caption: &'static str, rows: impl IntoView + 'static) -> impl IntoView {
    let heads = vec![
        Head::Text(locale.target_indicator()),
        Head::Text(locale.indicator_kind()),
        Head::Text(locale.indicator_counts()),
        Head::Text(locale.indicator_each()),
        Head::Text(locale.indicator_owner()),
    ];
    view! { <Table caption heads>{rows}</Table> }
}

/// The address of an indicator's page, as its owner sees it.
fn address(one: &Indicator, owner: Option<&Unit>) -> String {
    match owner {
        Some(unit) => format!("/indicators/{}?unit={}", one.key, unit.code),
        None => format!("/indicators/{}", one.key),
    }
}

fn row(ctx: &Ctx, catalogue: &Catalogue, units: &BTreeMap<i64, Unit>, one: &Indicator) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
    let owner = one.unit_id.and_then(|id| units.get(&id));
    // What a unit above the reader owns is opened as the reader's own unit sees it.
    let opened = owner.filter(|unit| ctx.someone.as_deref().is_some_and(|actor| actor.may_read(unit)));
    let address = address(one, opened);
    view! {
        <tr>
            <th scope="row"><a href=address>{name}</a> " " <small class="muted">{one.key.clone()}</small></th>
            <td>{words::kind(locale, one.kind)}</td>
            <td>{counted(locale, catalogue, one)}</td>
            <td>{words::each(locale, one.each)}</td>
            <td>{owner_name(locale, one, owner)}</td>
        </tr>
    }
}

/// `/indicators/:key?unit=`
pub fn indicator() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let one = seen_indicator(&mut conn, &unit, &key).await?;
        let readable = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let units = by_id(&mut conn, &readable, &unit).await?;
        let owner = one.unit_id.and_then(|id| units.get(&id));
        let catalogue = catalogue::store::visible(&mut conn, owner.unwrap_or(&unit)).await?;
        let years = series::years(ctx.today, None, None);
        let series = series::series(&ctx, &mut conn, &unit, &one, years).await?;
        drop(conn);
        let series = series_view::view(&ctx, &unit, &series.since_anything());
        let filter = unit_filter(&ctx, &readable, &unit);
        let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
        let retired = one.retired.then(|| view! { " "<span class="tag quiet">{locale.indicator_is_retired()}</span> });
        let change = match owner {
            None => view! { <p class="hint">{locale.indicator_read_only()}</p> }.into_any(),
            Some(owner) if !ctx.actor()?.may_manage(owner) => {
                view! { <p class="hint">{locale.indicator_not_yours(&owner.short_name)}</p> }.into_any()
            }
            Some(_) => change_forms(locale, &catalogue, &one).into_any(),
        };
        let documents = format!("/indicators/{key}/evidence?unit={}", unit.code);
        let enter = enter_address(locale, &catalogue, &one).filter(|_| manages(&ctx));
        let enter = enter.map(|(address, text)| view! { <p><a class="button" href=address>{text}</a></p> });
        let body = view! {
            <p><a href="/indicators">{locale.indicators_title()}</a></p>
            <Problems/>
            <p><a class="button" href=documents>{locale.evidence_documents()}</a></p>
            <dl class="meta">
                <dt>{locale.indicator_kind()}</dt><dd>{words::kind(locale, one.kind)}{retired}</dd>
                <dt>{locale.indicator_counts()}</dt><dd>{counted(locale, &catalogue, &one)}</dd>
                <dt>{locale.indicator_each()}</dt><dd>{words::each(locale, one.each)}</dd>
                <dt>{locale.indicator_owner()}</dt><dd>{owner_name(locale, &one, owner)}</dd>
            </dl>
            {enter}
            {filter}
            {series}
            {change}
            {neighbours(&ctx, &unit)}
        };
        Ok(Page::new("/goals", name, body))
    })
}

/// Where the figures of an indicator are entered that no activity brings, and what the link says.
fn enter_address(locale: Locale, catalogue: &Catalogue, one: &Indicator) -> Option<(String, &'static str)> {
    match one.kind {
        _ if one.retired => None,
        Kind::Stock => {
            let measure = catalogue.measure_by_id(one.measure_id?)?;
            Some((format!("/stocks?measure={}", measure.key), locale.stock_enter()))
        }
        Kind::Survey => Some((format!("/surveys?indicator={}", one.key), locale.survey_enter())),
        Kind::Milestone => Some((format!("/milestones?indicator={}", one.key), locale.milestone_enter())),
        Kind::Sum | Kind::Frequency | Kind::Coverage | Kind::Ratio => None,
    }
}

fn change_forms(locale: Locale, catalogue: &Catalogue, one: &Indicator) -> impl IntoView + use<> {
    let retire = if one.retired {
        view! { <Form action="resume"><p><button class="button">{locale.indicator_resume()}</button></p></Form> }
            .into_any()
    } else {
        let label = locale.indicator_retire_do(&one.name);
        view! {
            <details>
                <summary class="button">{locale.indicator_retire()}</summary>
                <Form action="retire">
                    <p class="hint">{locale.indicator_retire_hint()}</p>
                    <p><button class="button danger">{label}</button></p>
                </Form>
            </details>
        }
        .into_any()
    };
    let fields = change_fields(locale, catalogue, one);
    view! {
        <section>
            <h2>{locale.indicator_edit()}</h2>
            <p class="hint">{locale.indicator_edit_hint()}</p>
            <Form action="edit">
                {fields}
                <p><button class="button primary">{locale.indicator_save()}</button></p>
            </Form>
            {retire}
        </section>
    }
}

/// An indicator's form.
///
/// # Errors
/// A number that is none.
fn read_form(ctx: &Ctx, form: &FormData) -> Result<IndicatorDraft> {
    let text = |name: &str| form.filled(name).map(str::to_owned);
    let mut problems = Faults::default();
    let at_least = form.optional("at_least", &mut problems, ctx.locale.indicator_at_least_wrong());
    problems.into_result(())?;
    Ok(IndicatorDraft {
        key: None,
        name: form.get("name").into(),
        kind: form.get("kind").into(),
        measure: text("measure"),
        also_measure: text("also_measure"),
        theme: text("theme"),
        activity_type: text("activity_type"),
        interactive: form.filled("interactive").map(|how| how == "1"),
        unit_kind: text("unit_kind"),
        each: text("each"),
        at_least,
        numerator: text("numerator"),
        denominator: text("denominator"),
        unit: None,
    })
}

/// POST `/indicators`
pub async fn post_indicators(ctx: Ctx, form: FormData) -> Result<Done> {
    let added = action::add_indicator(&ctx, read_form(&ctx, &form)?).await?;
    Ok(Done::to("/indicators").say(ctx.locale.indicator_added(added.name)))
}

/// POST `/indicators/{key}`
pub async fn post_indicator(ctx: Ctx, form: FormData) -> Result<Done> {
    let key = ctx.path.strip_prefix("/indicators/").unwrap_or_default();
    let mut conn = ctx.db.read().await?;
    let seen_from = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
    drop(conn);
    match form.get("do") {
        "edit" => action::change_indicator(&ctx, &seen_from, key, read_form(&ctx, &form)?).await?,
        "retire" => action::retire_indicator(&ctx, &seen_from, key, true).await?,
        "resume" => action::retire_indicator(&ctx, &seen_from, key, false).await?,
        _ => return Err(Error::NotFound),
    }
    Ok(Done::to(ctx.here()).say(ctx.locale.saved()))
}
