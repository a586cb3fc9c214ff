//! The indicators: the built-in ones and those an office adds and retires.

use super::{
    action::{self, IndicatorDraft},
    store,
    view::{manages, neighbours},
    words,
};
use crate::{
    catalogue,
    domain::{
        catalogue::Catalogue,
        indicator::{Indicator, Kind},
        period::Each,
        problem::Problems as Faults,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Choices, Field, Form, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use leptos::prelude::*;
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
        let units: BTreeMap<i64, Unit> =
            unit::store::all(&mut conn, &ctx.scope()?).await?.into_iter().map(|unit| (unit.id, unit)).collect();
        drop(conn);
        let (retired, used): (Vec<Indicator>, Vec<Indicator>) = indicators.into_iter().partition(|one| one.retired);
        let rows = |list: Vec<Indicator>| list.into_iter().map(|one| row(&ctx, &catalogue, &units, one)).collect_view();
        let (is_any_retired, used, retired) = (!retired.is_empty(), rows(used), rows(retired));
        let body = view! {
            <Problems/>
            {table(locale, locale.indicators_in_use(), used)}
            {manages(&ctx).then(|| add_form(&ctx, &here))}
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

fn row(ctx: &Ctx, catalogue: &Catalogue, units: &BTreeMap<i64, Unit>, one: Indicator) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
    let owner = one.unit_id.and_then(|id| units.get(&id));
    let may = owner.is_some_and(|unit| ctx.someone.as_deref().is_some_and(|actor| actor.may_manage(unit)));
    let owner_name = match (one.unit_id, owner) {
        (None, _) => locale.indicator_built_in().to_owned(),
        (_, Some(unit)) => unit.short_name.clone(),
        (_, None) => locale.indicator_from_above().to_owned(),
    };
    let (id, retired) = (one.id, one.retired);
    let action = if retired { "resume" } else { "retire" };
    let word = if retired { locale.indicator_resume() } else { locale.indicator_retire() };
    view! {
        <tr>
            <th scope="row">{name} " " <small class="muted">{one.key.clone()}</small></th>
            <td>{words::kind(locale, one.kind)}</td>
            <td>{counted(locale, catalogue, &one)}</td>
            <td>{words::each(locale, one.each)}</td>
            <td>
                {owner_name}
                {may.then(|| view! {
                    <Form action=action class="inline">
                        <input type="hidden" name="indicator" value=id/>
                        <button class="button">{word}</button>
                    </Form>
                })}
            </td>
        </tr>
    }
}

/// What an indicator counts, in words: 广播、LED · 村（社区） · 每个至少4.
fn counted(locale: Locale, catalogue: &Catalogue, one: &Indicator) -> String {
    let measure = |id: Option<i64>| {
        let measure = catalogue.measure_by_id(id?)?;
        Some(locale.name(&measure.name, measure.name_en.as_deref()).to_owned())
    };
    let mut parts = Vec::new();
    match (one.kind, measure(one.numerator_id), measure(one.denominator_id)) {
        (Kind::Ratio, Some(part), Some(whole)) => parts.push(format!("{part} ÷ {whole}")),
        (Kind::Ratio, _, _) => parts.push(locale.indicator_counts_pupils().to_owned()),
        (Kind::Sum, _, _) if one.measure_id.is_none() => parts.push(locale.indicator_counts_campaigns().to_owned()),
        (Kind::Frequency | Kind::Coverage, _, _) if one.measure_id.is_none() => {
            parts.push(locale.indicator_counts_activities().to_owned());
        }
        _ => {
            let names: Vec<String> =
                [measure(one.measure_id), measure(one.also_measure_id)].into_iter().flatten().collect();
            parts.extend((!names.is_empty()).then(|| names.join(" + ")));
        }
    }
    if let Some(theme) = one.theme_id.and_then(|id| catalogue.theme_by_id(id)) {
        parts.push(locale.name(&theme.name, theme.name_en.as_deref()).to_owned());
    }
    if let Some(kind) = one.unit_kind {
        parts.push(words::unit_kind(locale, kind).to_owned());
    }
    if let Some(number) = one.at_least {
        parts.push(locale.indicator_at_least_each(number));
    }
    parts.join(" · ")
}

fn add_form(ctx: &Ctx, catalogue: &Catalogue) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let none = || (String::new(), locale.none().to_owned());
    let mut measures = vec![none()];
    measures.extend(catalogue.measures.iter().filter(|measure| !measure.retired).map(|measure| {
        let name = locale.name(&measure.name, measure.name_en.as_deref());
        let mark = if measure.is_stock { locale.indicator_stock_mark() } else { "" };
        (measure.key.clone(), format!("{name}{mark}"))
    }));
    let mut themes = vec![none()];
    themes.extend(
        catalogue
            .themes
            .iter()
            .filter(|theme| !theme.retired)
            .map(|theme| (theme.key.clone(), locale.name(&theme.name, theme.name_en.as_deref()).to_owned())),
    );
    let mut kinds_of_unit = vec![none()];
    kinds_of_unit
        .extend(UnitKind::ALL.iter().map(|kind| (kind.key().to_owned(), words::unit_kind(locale, *kind).to_owned())));
    let kinds = Kind::ALL.iter().map(|kind| (kind.key().to_owned(), words::kind(locale, *kind).to_owned())).collect();
    let mut each = vec![(String::new(), locale.indicator_each_usual().to_owned())];
    each.extend(Each::ALL.iter().map(|each| (each.key().to_owned(), words::each(locale, *each).to_owned())));
    view! {
        <details id="add" open=ctx.refused.is_some()>
            <summary>{locale.indicator_add()}</summary>
            <Form action="add">
                <Field name="name" label=locale.indicator_name() required=true hint=locale.indicator_name_hint()/>
                <Choices name="kind" label=locale.indicator_kind() options=kinds single=true/>
                <Select name="measure" label=locale.indicator_measure() options=measures.clone()
                    hint=locale.indicator_measure_hint()/>
                <Select name="unit_kind" label=locale.indicator_unit_kind() options=kinds_of_unit
                    hint=locale.indicator_unit_kind_hint()/>
                <Field name="at_least" label=locale.indicator_at_least() kind="number" min="1"
                    hint=locale.indicator_at_least_hint()/>
                <Select name="each" label=locale.indicator_each() options=each/>
                <details>
                    <summary>{locale.indicator_more()}</summary>
                    <Select name="theme" label=locale.indicator_theme() options=themes/>
                    <Select name="also_measure" label=locale.indicator_also_measure() options=measures.clone()/>
                    <Select name="numerator" label=locale.indicator_numerator() options=measures.clone()/>
                    <Select name="denominator" label=locale.indicator_denominator() options=measures/>
                </details>
                <button class="button primary">{locale.indicator_add()}</button>
            </Form>
        </details>
    }
}

/// POST `/indicators`
pub async fn post_indicators(ctx: Ctx, form: FormData) -> Result<Done> {
    let retires = match form.get("do") {
        "retire" => Some(true),
        "resume" => Some(false),
        _ => None,
    };
    if let Some(retired) = retires {
        let id = form.get("indicator").parse().map_err(|_| Error::NotFound)?;
        action::retire_indicator(&ctx, id, retired).await?;
        return Ok(Done::to("/indicators").say(ctx.locale.saved()));
    }
    let text = |name: &str| form.filled(name).map(str::to_owned);
    let mut problems = Faults::default();
    let at_least = form.optional("at_least", &mut problems, ctx.locale.indicator_at_least_wrong());
    problems.into_result(())?;
    let draft = IndicatorDraft {
        key: None,
        name: form.get("name").into(),
        kind: form.get("kind").into(),
        measure: text("measure"),
        also_measure: text("also_measure"),
        theme: text("theme"),
        unit_kind: text("unit_kind"),
        each: text("each"),
        at_least,
        numerator: text("numerator"),
        denominator: text("denominator"),
        unit: None,
    };
    action::add_indicator(&ctx, draft).await?;
    Ok(Done::to("/indicators").say(ctx.locale.saved()))
}
