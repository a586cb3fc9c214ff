//! `/catalogue/{kind}`: the order in which a unit and all below it read a kind of entry.

use super::{
    action::read_unit,
    store,
    view::{Owners, kind_name, owner_name, unit_filter},
    word_store,
};
use crate::{
    domain::catalogue::{Catalogue, EntryKind},
    error::{Error, Result},
    locale::Locale,
    server::context::Ctx,
    ui::{
        field::{Form, Problems},
        page::Page,
        table::{Head, Table},
    },
};
use leptos::prelude::*;

/// The page.
pub async fn order(ctx: Ctx, kind: String) -> Result<Page> {
    let locale = ctx.locale;
    let kind = EntryKind::from_key(&kind).ok_or(Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let seen = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
    let catalogue = store::visible(&mut conn, &seen).await?;
    let owners = Owners::load(&ctx, &mut conn, &seen).await?;
    let chosen = word_store::order_of(&mut conn, &seen, kind).await?;
    drop(conn);
    let may = ctx.actor()?.may_manage(&seen);
    let rows = names(locale, kind, &catalogue);
    let last = rows.len();
    let rows = (1..).zip(rows).map(|(place, (key, name))| row(locale, place, last, key, name, may)).collect_view();
    let mut heads = vec![Head::Number(locale.catalogue_order_place()), Head::Text(locale.catalogue_name())];
    heads.extend(may.then(|| Head::Text(locale.catalogue_order_move())));
    let whose = locale.catalogue_order_whose(owner_name(locale, owners.get(chosen)));
    let as_above = (may && chosen == Some(seen.id)).then(|| {
        view! {
            <Form action="as_above" class="inline">
                <button class="button">{locale.catalogue_as_above()}</button>
            </Form>
        }
    });
    let hint = match kind {
        EntryKind::Measure => locale.catalogue_order_measures_hint(&seen.short_name),
        EntryKind::Type => locale.catalogue_order_types_hint(&seen.short_name),
        EntryKind::Theme => locale.catalogue_order_themes_hint(&seen.short_name),
    };
    let filter = unit_filter(locale, owners.to_own(&ctx)?, &seen);
    let caption = kind_name(locale, kind);
    let body = view! {
        <p><a href="/catalogue">{locale.catalogue_title()}</a></p>
        <Problems/>
        <p class="lead">{hint}</p>
        {filter}
        <p>{whose} {as_above}</p>
        <Table caption heads>{rows}</Table>
    };
    Ok(Page::new("/settings", locale.catalogue_order_title(kind_name(locale, kind)), body))
}

/// The entries in use, in the order of the catalogue: (key, name).
fn names(locale: Locale, kind: EntryKind, all: &Catalogue) -> Vec<(String, String)> {
    let name = |key: &str, name: &str, name_en: Option<&str>| (key.to_owned(), locale.name(name, name_en).to_owned());
    match kind {
        EntryKind::Measure => {
            all.active_measures().map(|one| name(&one.key, &one.name, one.name_en.as_deref())).collect()
        }
        EntryKind::Type => all.active_types().map(|one| name(&one.key, &one.name, one.name_en.as_deref())).collect(),
        EntryKind::Theme => all.active_themes().map(|one| name(&one.key, &one.name, one.name_en.as_deref())).collect(),
    }
}

fn row(locale: Locale, place: usize, last: usize, key: String, name: String, may: bool) -> impl IntoView + use<> {
    let button = |how: &'static str, text: &'static str, shown: bool| {
        let label = format!("{text} {name}");
        shown.then(|| view! { <button class="button" name="do" value=how aria-label=label>{text}</button>" " })
    };
    let buttons = may.then(|| {
        let first = button("first", locale.catalogue_order_first(), place > 2);
        let up = button("up", locale.catalogue_order_up(), place > 1);
        let down = button("down", locale.catalogue_order_down(), place < last);
        let key = key.clone();
        view! {
            <td>
                <Form class="inline">
                    <input type="hidden" name="key" value=key/>
                    {first}{up}{down}
                </Form>
            </td>
        }
    });
    let id = format!("entry-{key}");
    view! {
        <tr id=id>
            <td class="num">{place}</td>
            <th scope="row">{name.clone()}</th>
            {buttons}
        </tr>
    }
}

/// Where an entry stands on the page, to come back to after it was moved.
pub fn place_of(key: &str) -> String {
    format!("#entry-{key}")
}
