//! `/catalogue`: measures, types and themes with who owns each, and the forms that add to them.

use super::{
    action::read_unit,
    store,
    view::{
        Owners, address, asked, evidence_name, kind_name, measure_fields, nature, new_fields, owner_name, retired_tag,
        theme_fields, type_fields,
    },
};
use crate::{
    domain::{
        catalogue::{Catalogue, EntryKind},
        unit::Unit,
    },
    error::Result,
    server::context::Ctx,
    ui::{
        field::{Form, Problems},
        page::Page,
        table::{Head, Table},
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
    let mut all = store::everything_for(&mut conn, &unit).await?;
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
    let sections = EntryKind::ALL
        .iter()
        .map(|kind| {
            let add = offered.as_ref().map(|offered| add_form(&ctx, *kind, to_own.clone(), offered));
            let table = table(&ctx, *kind, &all, &owners);
            view! {
                <section id=anchor(*kind)>
                    <h2>{kind_name(locale, *kind)}</h2>
                    {add}
                    <p><a href=format!("/catalogue/{kind}?unit={}", unit.code)>{locale.catalogue_order_link()}</a></p>
                    {table}
                </section>
            }
        })
        .collect_view();
    let links = EntryKind::ALL
        .iter()
        .map(|kind| view! { <a href=format!("#{}", anchor(*kind))>{kind_name(locale, *kind)}</a>" " })
        .collect_view();
    let body = view! {
        <p class="lead">{locale.catalogue_lead()}</p>
        <Problems/>
        <nav class="toolbar" aria-label=locale.catalogue_title()>{links}</nav>
        {sections}
    };
    Ok(Page::new("/settings", locale.catalogue_title(), body))
}

/// Where a kind stands on the page.
pub fn anchor(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Measure => "measures",
        EntryKind::Type => "types",
        EntryKind::Theme => "themes",
    }
}

/// The form that adds an entry, folded away. The fields of each kind have a prefix of their own, for all three stand on
/// one page.
fn add_form(ctx: &Ctx, kind: EntryKind, to_own: Vec<(String, String)>, offered: &Catalogue) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let is_refused = ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == kind.key());
    let (prefix, add, button) = match kind {
        EntryKind::Measure => ("m_", locale.catalogue_add_measure(), locale.catalogue_add_measure_do()),
        EntryKind::Type => ("t_", locale.catalogue_add_type(), locale.catalogue_add_type_do()),
        EntryKind::Theme => ("h_", locale.catalogue_add_theme(), locale.catalogue_add_theme_do()),
    };
    let fields = match kind {
        EntryKind::Measure => measure_fields(locale, prefix, "m_nature", None).into_any(),
        EntryKind::Type => type_fields(locale, prefix, "t_measures", offered, None).into_any(),
        EntryKind::Theme => theme_fields(locale, prefix, None).into_any(),
    };
    let new = new_fields(locale, prefix, to_own);
    view! {
        <details open=is_refused>
            <summary class="button">{add}</summary>
            <Form action=kind.key()>
                {fields}
                {new}
                <p><button class="button primary">{button}</button></p>
            </Form>
        </details>
    }
}

/// The entries of a kind: the name, what is special to the kind, the key, the owner.
fn table(ctx: &Ctx, kind: EntryKind, all: &Catalogue, owners: &Owners) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let row =
        |(key, name, name_en): (&str, &str, Option<&str>), owner: Option<i64>, retired: bool, more: Vec<String>| {
            row(ctx, kind, (key, name, name_en), owners.get(owner), retired, more)
        };
    let (heads, rows) = match kind {
        EntryKind::Measure => {
            let heads = vec![locale.catalogue_unit_word(), locale.catalogue_properties(), locale.catalogue_rule()];
            let rows = all.measures.iter().map(|one| {
                let word = locale.name(&one.unit_word, one.unit_word_en.as_deref()).to_owned();
                let more = vec![word, nature(locale, one).to_owned(), one.counting_rule.clone()];
                row((&one.key, &one.name, one.name_en.as_deref()), one.unit_id, one.retired, more)
            });
            (heads, rows.collect_view().into_any())
        }
        EntryKind::Type => {
            let heads = vec![locale.catalogue_asks(), locale.catalogue_evidence()];
            let rows = all.types.iter().map(|one| {
                let more = vec![asked(locale, all, one), evidence_name(locale, one.evidence).to_owned()];
                row((&one.key, &one.name, one.name_en.as_deref()), one.unit_id, one.retired, more)
            });
            (heads, rows.collect_view().into_any())
        }
        EntryKind::Theme => {
            let rows = all
                .themes
                .iter()
                .map(|one| row((&one.key, &one.name, one.name_en.as_deref()), one.unit_id, one.retired, Vec::new()));
            (Vec::new(), rows.collect_view().into_any())
        }
    };
    let ends = [locale.catalogue_key(), locale.catalogue_owner()];
    let heads = std::iter::once(locale.catalogue_name()).chain(heads).chain(ends).map(Head::Text).collect();
    view! { <Table caption=kind_name(locale, kind) heads>{rows}</Table> }
}

fn row(
    ctx: &Ctx,
    kind: EntryKind,
    (key, name, name_en): (&str, &str, Option<&str>),
    owner: Option<&Unit>,
    retired: bool,
    more: Vec<String>,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = locale.name(name, name_en).to_owned();
    // What a unit above the reader owns is opened as the reader's own unit sees it.
    let opened = owner.filter(|unit| ctx.someone.as_deref().is_some_and(|actor| actor.may_read(unit)));
    let (address, key) = (address(kind, key, opened), key.to_owned());
    view! {
        <tr>
            <th scope="row"><a href=address>{name}</a>{retired_tag(locale, retired)}</th>
            {more.into_iter().map(|text| view! { <td>{text}</td> }).collect_view()}
            <td><code>{key}</code></td>
            <td>{owner_name(locale, owner)}</td>
        </tr>
    }
}
