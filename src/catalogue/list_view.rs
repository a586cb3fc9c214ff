//! `/catalogue`: measures, types and themes with who owns each, and the forms that add to them.

use super::{
    action::{EntryKind, read_unit},
    store,
    view::{
        Owners, address, asked, evidence_name, measure_fields, nature, new_fields, owner_name, retired_tag,
        theme_fields, type_fields,
    },
};
use crate::{
    domain::{catalogue::Catalogue, unit::Unit},
    error::Result,
    locale::Locale,
    server::context::Ctx,
    ui::{
        field::{Form, Problems},
        page::Page,
    },
    unit,
};
use leptos::prelude::*;

/// The page.
pub async fn list(ctx: Ctx) -> Result<Page> {
    let actor = ctx.actor()?;
    let locale = ctx.locale;
    let mut conn = ctx.db.read().await?;
    let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
    let owners = Owners::load(&ctx, &mut conn, &unit).await?;
    // Beside what the unit sees also what units below the reader have added.
    let mut all = store::everything(&mut conn).await?;
    let offered = match unit::action::managed_home(actor) {
        Some(id) => {
            let home = unit::store::by_id(&mut conn, &ctx.scope()?, id).await?;
            Some(store::visible(&mut conn, &home).await?)
        }
        None => None,
    };
    drop(conn);
    all.measures.retain(|one| owners.knows(one.unit_id));
    all.types.retain(|one| owners.knows(one.unit_id));
    all.themes.retain(|one| owners.knows(one.unit_id));
    let to_own = owners.to_own(&ctx)?;
    let refused = ctx.refused.as_ref().map(|refused| refused.form.get("do").to_owned()).unwrap_or_default();
    let (measure_form, type_form, theme_form) = match &offered {
        Some(offered) => {
            let (measures, types) = (to_own.clone(), to_own.clone());
            let measure = view! {
                <details open=refused == "measure">
                    <summary class="button">{locale.catalogue_add_measure()}</summary>
                    {measure_form(locale, measures)}
                </details>
            };
            let kind = view! {
                <details open=refused == "type">
                    <summary class="button">{locale.catalogue_add_type()}</summary>
                    {type_form(locale, types, offered)}
                </details>
            };
            let theme = view! {
                <details open=refused == "theme">
                    <summary class="button">{locale.catalogue_add_theme()}</summary>
                    {theme_form(locale, to_own)}
                </details>
            };
            (Some(measure), Some(kind), Some(theme))
        }
        None => (None, None, None),
    };
    let body = view! {
        <p class="lead">{locale.catalogue_lead()}</p>
        <Problems/>
        <nav class="toolbar" aria-label=locale.catalogue_title()>
            <a href="#measures">{locale.catalogue_measures()}</a>" "
            <a href="#types">{locale.catalogue_types()}</a>" "
            <a href="#themes">{locale.catalogue_themes()}</a>
        </nav>
        <section id="measures">
            <h2>{locale.catalogue_measures()}</h2>
            {measure_form}
            {measures(locale, &all, &owners)}
        </section>
        <section id="types">
            <h2>{locale.catalogue_types()}</h2>
            {type_form}
            {types(locale, &all, &owners)}
        </section>
        <section id="themes">
            <h2>{locale.catalogue_themes()}</h2>
            {theme_form}
            {themes(locale, &all, &owners)}
        </section>
    };
    Ok(Page::new("/settings", locale.catalogue_title(), body))
}

fn measure_form(locale: Locale, owners: Vec<(String, String)>) -> impl IntoView + use<> {
    let fields = measure_fields(locale, "m_", "m_nature", None);
    let new = new_fields(locale, "m_", owners);
    view! {
        <Form action="measure">
            {fields}
            {new}
            <p><button class="button primary">{locale.catalogue_add_measure_do()}</button></p>
        </Form>
    }
}

fn type_form(locale: Locale, owners: Vec<(String, String)>, offered: &Catalogue) -> impl IntoView + use<> {
    let fields = type_fields(locale, "t_", "t_measures", offered, None);
    let new = new_fields(locale, "t_", owners);
    view! {
        <Form action="type">
            {fields}
            {new}
            <p><button class="button primary">{locale.catalogue_add_type_do()}</button></p>
        </Form>
    }
}

fn theme_form(locale: Locale, owners: Vec<(String, String)>) -> impl IntoView + use<> {
    let fields = theme_fields(locale, "h_", None);
    let new = new_fields(locale, "h_", owners);
    view! {
        <Form action="theme">
            {fields}
            {new}
            <p><button class="button primary">{locale.catalogue_add_theme_do()}</button></p>
        </Form>
    }
}

/// The first cell of a row: the entry's name as a link.
fn name_cell(
    locale: Locale,
    kind: EntryKind,
    (key, name, name_en): (&str, &str, Option<&str>),
    owner: Option<&Unit>,
    retired: bool,
) -> impl IntoView + use<> {
    let name = locale.name(name, name_en).to_owned();
    view! { <th scope="row"><a href=address(kind, key, owner)>{name}</a>{retired_tag(locale, retired)}</th> }
}

fn measures(locale: Locale, all: &Catalogue, owners: &Owners) -> impl IntoView + use<> {
    let rows = all
        .measures
        .iter()
        .map(|one| {
            let owner = owners.get(one.unit_id);
            let names = (one.key.as_str(), one.name.as_str(), one.name_en.as_deref());
            let word = locale.name(&one.unit_word, one.unit_word_en.as_deref()).to_owned();
            view! {
                <tr>
                    {name_cell(locale, EntryKind::Measure, names, owner, one.retired)}
                    <td>{word}</td>
                    <td>{nature(locale, one)}</td>
                    <td>{one.counting_rule.clone()}</td>
                    <td><code>{one.key.clone()}</code></td>
                    <td>{owner_name(locale, owner)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.catalogue_measures()}</caption>
                <thead><tr>
                    <th scope="col">{locale.catalogue_name()}</th>
                    <th scope="col">{locale.catalogue_unit_word()}</th>
                    <th scope="col">{locale.catalogue_properties()}</th>
                    <th scope="col">{locale.catalogue_rule()}</th>
                    <th scope="col">{locale.catalogue_key()}</th>
                    <th scope="col">{locale.catalogue_owner()}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn types(locale: Locale, all: &Catalogue, owners: &Owners) -> impl IntoView + use<> {
    let rows = all
        .types
        .iter()
        .map(|one| {
            let owner = owners.get(one.unit_id);
            let names = (one.key.as_str(), one.name.as_str(), one.name_en.as_deref());
            view! {
                <tr>
                    {name_cell(locale, EntryKind::Type, names, owner, one.retired)}
                    <td>{asked(locale, all, one)}</td>
                    <td>{evidence_name(locale, one.evidence)}</td>
                    <td><code>{one.key.clone()}</code></td>
                    <td>{owner_name(locale, owner)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.catalogue_types()}</caption>
                <thead><tr>
                    <th scope="col">{locale.catalogue_name()}</th>
                    <th scope="col">{locale.catalogue_asks()}</th>
                    <th scope="col">{locale.catalogue_evidence()}</th>
                    <th scope="col">{locale.catalogue_key()}</th>
                    <th scope="col">{locale.catalogue_owner()}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn themes(locale: Locale, all: &Catalogue, owners: &Owners) -> impl IntoView + use<> {
    let rows = all
        .themes
        .iter()
        .map(|one| {
            let owner = owners.get(one.unit_id);
            let names = (one.key.as_str(), one.name.as_str(), one.name_en.as_deref());
            view! {
                <tr>
                    {name_cell(locale, EntryKind::Theme, names, owner, one.retired)}
                    <td><code>{one.key.clone()}</code></td>
                    <td>{owner_name(locale, owner)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.catalogue_themes()}</caption>
                <thead><tr>
                    <th scope="col">{locale.catalogue_name()}</th>
                    <th scope="col">{locale.catalogue_key()}</th>
                    <th scope="col">{locale.catalogue_owner()}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
