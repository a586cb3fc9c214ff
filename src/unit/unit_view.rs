//! `/units/{code}`: a unit's facts, what stands below it, what happened to it, and the forms that change it.

use super::{
    class_view::classes,
    store::{self, Change},
    view::{add_form, address, closed_tag, kind_name, refused_form},
};
use crate::{
    domain::{
        access::Scope,
        unit::{ChangeKind, Unit, UnitKind},
    },
    error::Result,
    locale::Locale,
    server::context::Ctx,
    ui::{
        field::{Field, Form, Problems, Select},
        page::Page,
    },
};
use leptos::prelude::*;

/// The page.
pub async fn unit(ctx: Ctx, code: String) -> Result<Page> {
    let actor = ctx.actor()?;
    let scope = ctx.scope()?;
    let locale = ctx.locale;
    let mut conn = ctx.db.read().await?;
    let unit = store::by_code(&mut conn, &scope, &code).await?;
    let above = match unit.parent_id {
        Some(id) => Some(store::by_id(&mut conn, &Scope::everything(), id).await?),
        None => None,
    };
    let children = store::children(&mut conn, &unit).await?;
    let changes = store::changes(&mut conn, unit.id).await?;
    let all_classes = store::classes(&mut conn, unit.id).await?;
    let manages = actor.may_manage(&unit);
    let targets = match &above {
        Some(above) if manages => merge_targets(&ctx, &unit, store::children(&mut conn, above).await?),
        _ => Vec::new(),
    };
    drop(conn);
    let readable = above.as_ref().is_some_and(|above| scope.contains(&above.path));
    let school = (unit.kind == UnitKind::School).then(|| classes(&ctx, all_classes, manages));
    let ledger = format!("/activities?unit={}", unit.code);
    let statement = format!("/statement?unit={}", unit.code);
    let log = format!("/log?unit={}", unit.code);
    let logs = actor.may_log(&unit) && unit.is_active(ctx.today);
    let catalogue = format!("/catalogue?unit={}", unit.code);
    let accounts = format!("/accounts?unit={}", unit.code);
    let title = unit.short_name.clone();
    let body = view! {
        <Problems/>
        {facts(&ctx, &unit, above.as_ref(), readable)}
        <p class="toolbar">
            {logs.then(|| view! { <a class="button primary" href=log>{locale.log_activity()}</a>" " })}
            <a class="button" href=ledger>{locale.unit_ledger()}</a>" "
            <a class="button" href=statement>{locale.ledger_statement()}</a>
            {manages.then(|| view! {
                " "<a class="button" href=accounts>{locale.unit_accounts()}</a>
                " "<a class="button" href=catalogue>{locale.unit_catalogue()}</a>
            })}
        </p>
        {school}
        {below(&ctx, &unit, &children)}
        {manages.then(|| forms(&ctx, &unit, targets))}
        {history(locale, &changes)}
    };
    Ok(Page::new("/settings", title, body))
}

fn facts(ctx: &Ctx, unit: &Unit, above: Option<&Unit>, readable: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let above = above.map(|above| {
        let name = above.short_name.clone();
        let name = match readable {
            true => view! { <a href=address(&above.code)>{name}</a> }.into_any(),
            false => name.into_any(),
        };
        view! { <dt>{locale.unit_parent()}</dt><dd>{name}</dd> }
    });
    let figure = |value: Option<i64>, word: &'static str| match value {
        Some(value) => view! { {value}" "<span class="unit-word">{word}</span> }.into_any(),
        None => view! { <span class="muted">{locale.unit_unknown_figure()}</span> }.into_any(),
    };
    let sized = !matches!(unit.kind, UnitKind::School | UnitKind::Department);
    let size = sized.then(|| {
        view! {
            <dt>{locale.unit_households()}</dt><dd>{figure(unit.households, locale.unit_household_word())}</dd>
            <dt>{locale.unit_population()}</dt><dd>{figure(unit.population, locale.unit_people_word())}</dd>
        }
    });
    let from = unit.active_from.map(|day| view! { <dt>{locale.unit_active_from()}</dt><dd>{day.to_string()}</dd> });
    let to = unit.active_to.map(|day| view! { <dt>{locale.unit_active_to()}</dt><dd>{day.to_string()}</dd> });
    view! {
        <section>
            <h2>{locale.unit_facts()}{closed_tag(ctx, unit)}</h2>
            <dl class="meta">
                <dt>{locale.unit_name()}</dt><dd>{unit.name.clone()}</dd>
                <dt>{locale.unit_code()}</dt><dd>{unit.code.clone()}</dd>
                <dt>{locale.unit_kind()}</dt><dd>{kind_name(locale, unit.kind)}</dd>
                {above}
                {size}
                {from}
                {to}
            </dl>
        </section>
    }
}

/// The units right below.
fn below(ctx: &Ctx, unit: &Unit, children: &[Unit]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let may_have = UnitKind::ALL.iter().any(|kind| kind.fits_below(Some(unit.kind)));
    let list = if children.is_empty() {
        view! { <p class="muted">{locale.unit_no_children()}</p> }.into_any()
    } else {
        let items = children.iter().map(|child| {
            let kind = kind_name(locale, child.kind);
            view! {
                <li>
                    <a href=address(&child.code)>{child.short_name.clone()}</a>
                    " "<small class="muted">{kind}" "{child.code.clone()}</small>
                    {closed_tag(ctx, child)}
                </li>
            }
        });
        view! { <ul class="tree">{items.collect_view()}</ul> }.into_any()
    };
    may_have.then(|| view! { <section><h2>{locale.unit_children()}</h2>{list}</section> })
}

/// The open units of the same kind beside this one: (code, name).
fn merge_targets(ctx: &Ctx, unit: &Unit, beside: Vec<Unit>) -> Vec<(String, String)> {
    let alike = |other: &Unit| other.kind.answers_to(unit.kind) || unit.kind.answers_to(other.kind);
    let fits = |other: &Unit| other.id != unit.id && alike(other) && other.is_active(ctx.today);
    beside.into_iter().filter(fits).map(|other| (other.code, other.short_name)).collect()
}

/// What changes the unit.
fn forms(ctx: &Ctx, unit: &Unit, targets: Vec<(String, String)>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let refused = refused_form(ctx);
    let kinds: Vec<UnitKind> = UnitKind::ALL.iter().copied().filter(|kind| kind.fits_below(Some(unit.kind))).collect();
    let add = (!kinds.is_empty() && unit.active_to.is_none()).then(|| {
        let form = add_form(ctx, vec![(unit.code.clone(), String::new())], kinds);
        view! { <details open=refused == "add"><summary class="button">{locale.unit_add_below()}</summary>{form}</details> }
    });
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let (households, population, name) = (number(unit.households), number(unit.population), unit.name.clone());
    let sized = !matches!(unit.kind, UnitKind::School | UnitKind::Department);
    let size = sized.then(|| {
        view! {
            <details open=refused == "size">
                <summary class="button">{locale.unit_size()}</summary>
                <Form action="size">
                    <p class="hint">{locale.unit_size_hint()}</p>
                    <Field name="households" label=locale.unit_households() kind="number" min="0"
                        value=households unit_word=locale.unit_household_word()/>
                    <Field name="population" label=locale.unit_population() kind="number" min="0"
                        value=population unit_word=locale.unit_people_word()/>
                    <p><button class="button primary">{locale.unit_size_do()}</button></p>
                </Form>
            </details>
        }
    });
    let ending = if unit.active_to.is_some() {
        view! { <Form action="reopen"><p><button class="button">{locale.unit_reopen()}</button></p></Form> }.into_any()
    } else {
        let merge = (!targets.is_empty()).then(|| {
            view! {
                <details open=refused == "merge">
                    <summary class="button">{locale.unit_merge()}</summary>
                    <Form action="merge">
                        <p class="hint">{locale.unit_merge_hint()}</p>
                        <Select name="merged_into" label=locale.unit_merge_target() options=targets/>
                        <Field name="merge_day" label=locale.unit_active_to() kind="date" required=true/>
                        <p><button class="button danger">{locale.unit_merge_do()}</button></p>
                    </Form>
                </details>
            }
        });
        view! {
            {merge}
            <details open=refused == "close">
                <summary class="button">{locale.unit_close()}</summary>
                <Form action="close">
                    <p class="hint">{locale.unit_close_hint()}</p>
                    <Field name="active_to" label=locale.unit_active_to() kind="date" required=true/>
                    <p><button class="button danger">{locale.unit_close_do()}</button></p>
                </Form>
            </details>
        }
        .into_any()
    };
    view! {
        <section>
            <h2>{locale.edit()}</h2>
            {add}
            <details open=refused == "rename">
                <summary class="button">{locale.unit_rename()}</summary>
                <Form action="rename">
                    <Field name="name" label=locale.unit_name() hint=locale.unit_name_hint() value=name required=true/>
                    <Field name="short_name" label=locale.unit_short_name() hint=locale.unit_short_name_hint()/>
                    <p><button class="button primary">{locale.unit_rename_do()}</button></p>
                </Form>
            </details>
            {size}
            {ending}
        </section>
    }
}

/// What happened to the unit.
fn history(locale: Locale, changes: &[Change]) -> impl IntoView + use<> {
    (!changes.is_empty()).then(|| {
        let items = changes.iter().map(|change| {
            let what = match change.what {
                ChangeKind::Renamed => locale.unit_was_renamed(&change.detail),
                ChangeKind::Closed => locale.unit_was_closed().to_owned(),
                ChangeKind::Merged => locale.unit_was_merged(&change.detail),
                ChangeKind::Received => locale.unit_has_received(&change.detail),
                ChangeKind::Reopened => locale.unit_was_reopened().to_owned(),
            };
            let day = change.day.to_string();
            view! { <li><time datetime=day.clone()>{day.clone()}</time>" "{what}</li> }
        });
        view! { <section><h2>{locale.unit_history()}</h2><ul>{items.collect_view()}</ul></section> }
    })
}
