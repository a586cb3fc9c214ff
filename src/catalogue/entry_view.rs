//! `/catalogue/{kind}/{key}`: one entry, its rule's versions, and the forms that change, word or retire it.

use super::{
    action::read_unit,
    store,
    view::{Owners, asked, evidence_name, measure_fields, nature, owner_name, retired_tag, theme_fields, type_fields},
    word_view::words,
};
use crate::{
    domain::{
        catalogue::{Catalogue, EntryKind},
        measure::Measure,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::context::Ctx,
    ui::{
        field::{Form, Problems},
        page::Page,
    },
};
use leptos::prelude::*;

/// The page.
pub async fn entry(ctx: Ctx, kind: String, key: String) -> Result<Page> {
    let actor = ctx.actor()?;
    let locale = ctx.locale;
    let kind = EntryKind::from_key(&kind).ok_or(Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let seen = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
    let catalogue = store::visible(&mut conn, &seen).await?;
    let owners = Owners::load(&ctx, &mut conn, &seen).await?;
    let (name, owner_id, retired, facts, fields) = match kind {
        EntryKind::Measure => {
            let one = catalogue.measure(&key).ok_or(Error::NotFound)?;
            let rules = store::rules(&mut conn, one.id).await?;
            let words = words(&ctx, &mut conn, &owners, &seen, &catalogue, one).await?;
            let facts = view! { {measure_facts(locale, one)}{versions(locale, rules)}{words} }.into_any();
            let fields = measure_fields(locale, "", "nature", Some(one)).into_any();
            (locale.name(&one.name, one.name_en.as_deref()), one.unit_id, one.retired, facts, fields)
        }
        EntryKind::Type => {
            let one = catalogue.activity_type(&key).ok_or(Error::NotFound)?;
            let facts = view! {
                <dl class="meta">
                    <dt>{locale.catalogue_asks()}</dt><dd>{asked(locale, &catalogue, one)}</dd>
                    <dt>{locale.catalogue_evidence()}</dt><dd>{evidence_name(locale, one.evidence)}</dd>
                </dl>
            };
            // What the owner sees may be asked, not what only a unit below it has.
            let offered = offered(&catalogue, owners.get(one.unit_id));
            let fields = type_fields(locale, "", "measures", &offered, Some(one)).into_any();
            (locale.name(&one.name, one.name_en.as_deref()), one.unit_id, one.retired, facts.into_any(), fields)
        }
        EntryKind::Theme => {
            let one = catalogue.theme(&key).ok_or(Error::NotFound)?;
            let fields = theme_fields(locale, "", Some(one)).into_any();
            (locale.name(&one.name, one.name_en.as_deref()), one.unit_id, one.retired, ().into_any(), fields)
        }
    };
    drop(conn);
    let owner = owners.get(owner_id);
    let name = name.to_owned();
    let change = match owner {
        None => view! { <p class="hint">{locale.catalogue_read_only()}</p> }.into_any(),
        Some(owner) if !actor.may_manage(owner) => {
            view! { <p class="hint">{locale.catalogue_not_yours(&owner.short_name)}</p> }.into_any()
        }
        Some(_) => change_forms(&ctx, name.clone(), retired, fields).into_any(),
    };
    let body = view! {
        <p><a href="/catalogue">{locale.catalogue_title()}</a></p>
        <Problems/>
        <dl class="meta">
            <dt>{locale.catalogue_key()}</dt><dd><code>{key}</code>{retired_tag(locale, retired)}</dd>
            <dt>{locale.catalogue_owner()}</dt><dd>{owner_name(locale, owner)}</dd>
        </dl>
        {facts}
        {change}
    };
    Ok(Page::new("/settings", name, body))
}

/// What the owner of a type sees.
fn offered(catalogue: &Catalogue, owner: Option<&Unit>) -> Catalogue {
    let above = owner.map(Unit::ancestry).unwrap_or_default();
    let mut offered = catalogue.clone();
    offered.measures.retain(|measure| measure.unit_id.is_none_or(|id| above.contains(&id)));
    offered
}

fn measure_facts(locale: Locale, one: &Measure) -> impl IntoView + use<> {
    let word = locale.name(&one.unit_word, one.unit_word_en.as_deref()).to_owned();
    view! {
        <dl class="meta">
            <dt>{locale.catalogue_unit_word()}</dt><dd>{word}</dd>
            <dt>{locale.catalogue_properties()}</dt><dd>{nature(locale, one)}</dd>
            <dt>{locale.catalogue_rule()}</dt><dd>{one.counting_rule.clone()}</dd>
        </dl>
    }
}

fn versions(locale: Locale, rules: Vec<store::RuleVersion>) -> impl IntoView + use<> {
    (rules.len() > 1).then(|| {
        let items = rules.into_iter().map(|rule| {
            let head = locale.catalogue_rule_version(rule.version);
            let since = locale.catalogue_rule_since(rule.valid_from);
            view! { <li>{head}" "<small class="muted">{since}</small><br/>{rule.counting_rule}</li> }
        });
        view! {
            <details>
                <summary>{locale.catalogue_rules()}</summary>
                <ul>{items.collect_view()}</ul>
            </details>
        }
    })
}

/// What changes or retires an own entry.
fn change_forms(ctx: &Ctx, name: String, retired: bool, fields: AnyView) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let retire = if retired {
        view! {
            <Form action="unretire"><p><button class="button">{locale.catalogue_unretire_do()}</button></p></Form>
        }
        .into_any()
    } else {
        let label = locale.catalogue_retire_do(&name);
        view! {
            <details>
                <summary class="button">{locale.catalogue_retire()}</summary>
                <Form action="retire">
                    <p class="hint">{locale.catalogue_retire_hint()}</p>
                    <p><button class="button danger">{label}</button></p>
                </Form>
            </details>
        }
        .into_any()
    };
    view! {
        <section>
            <h2>{locale.catalogue_edit(name)}</h2>
            <Form action="edit">
                {fields}
                <p><button class="button primary">{locale.catalogue_edit_do()}</button></p>
            </Form>
            {retire}
        </section>
    }
}
