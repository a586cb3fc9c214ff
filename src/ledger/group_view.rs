//! The entries in groups: what each adds up to, opening to its entries; and how the parts make the whole.

use super::{
    address,
    condition::Titles,
    filter::{Asked, NONE},
    filter_view::group_name,
    words::{cell_text, measure_text},
};
use crate::{
    activity::list_store::{Group, GroupBy, Summary},
    domain::{
        measure::{Measure, Total},
        period::Month,
        unit::Unit,
        wording::grouped,
    },
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// More groups than these are not shown: a handler's name is typed, not chosen.
const MOST: usize = 500;

/// A group with what people read of it, and the address of its entries.
struct Line {
    name: String,
    address: String,
    group: Group,
}

/// What the parts add up to; and by how much that is more than the whole, because an entry stands in several groups.
pub fn parts_of(groups: &[Group]) -> (i64, BTreeMap<i64, Total>) {
    let mut totals: BTreeMap<i64, Total> = BTreeMap::new();
    for (id, total) in groups.iter().flat_map(|group| &group.totals) {
        *totals.entry(*id).or_default() += *total;
    }
    (groups.iter().map(|group| group.count).sum(), totals)
}

/// The groups in words, in the order of the calendar, of codes or of the catalogue: nobody is ranked.
fn lines(ctx: &Ctx, asked: &Asked, by: GroupBy, groups: Vec<Group>, units: &[Unit], titles: &Titles) -> Vec<Line> {
    let locale = ctx.locale;
    let catalogue = &asked.catalogue;
    let mut lines: Vec<(i64, Line)> = groups
        .into_iter()
        .map(|group| {
            let key = group.key.as_str();
            let to = |changes: &[(&str, Option<&str>)]| {
                let plain = [("group", None)];
                address::with(&ctx.query, &[&plain[..], changes].concat())
            };
            let (place, name, address) = match by {
                GroupBy::Month => {
                    let month = Month::parse(key);
                    let name = month.map_or(key.to_owned(), |month| locale.ledger_month(month.number(), month.year()));
                    let days = month.map(|month| (month.first().to_string(), month.last().to_string()));
                    let (from, to_day) = days.unwrap_or_default();
                    let address = to(&[("year", None), ("from", Some(&from)), ("to", Some(&to_day))]);
                    // Newest first, as the list.
                    (month.map_or(0, |month| -month.index()), name, address)
                }
                GroupBy::Unit => {
                    let name = units.iter().find(|unit| unit.code == key).map_or(key, |unit| &unit.short_name);
                    (0, name.to_owned(), to(&[("unit", Some(key)), ("own", Some("1"))]))
                }
                GroupBy::Type => {
                    let kind = key.parse().ok().and_then(|id| catalogue.activity_type_by_id(id));
                    let name = kind.map_or(key, |one| locale.name(&one.name, one.name_en.as_deref()));
                    let of = kind.map(|one| one.key.as_str());
                    (kind.map_or(0, |one| one.position), name.to_owned(), to(&[("type", of)]))
                }
                GroupBy::Theme => {
                    let theme = key.parse().ok().and_then(|id| catalogue.theme_by_id(id));
                    let name = theme
                        .map_or(locale.ledger_without_theme(), |one| locale.name(&one.name, one.name_en.as_deref()));
                    let of = theme.map_or(NONE, |one| &one.key);
                    (theme.map_or(i64::MAX, |one| one.position), name.to_owned(), to(&[("theme", Some(of))]))
                }
                GroupBy::Campaign => {
                    let place = titles.keys().position(|own| own == key).unwrap_or(titles.len());
                    let name = if key.is_empty() { locale.ledger_without_campaign() } else { key };
                    let name = titles.get(key).map_or(name, String::as_str);
                    let of = if key.is_empty() { NONE } else { key };
                    let place = if key.is_empty() { i64::MAX } else { i64::try_from(place).unwrap_or(i64::MAX) };
                    (place, name.to_owned(), to(&[("campaign", Some(of))]))
                }
                GroupBy::Handler => {
                    let name = if key.is_empty() { locale.ledger_without_handler() } else { key };
                    let of = if key.is_empty() { NONE } else { key };
                    (if key.is_empty() { 1 } else { 0 }, name.to_owned(), to(&[("handler", Some(of))]))
                }
            };
            (place, Line { name, address, group })
        })
        .collect();
    // What has the same place stays in the order of its key.
    lines.sort_by_key(|(place, _)| *place);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn cells(
    locale: Locale,
    measures: &[&Measure],
    totals: &BTreeMap<i64, Total>,
    sign: &str,
    address: Option<&str>,
) -> impl IntoView + use<> {
    measures
        .iter()
        .map(|measure| {
            let total = totals.get(&measure.id).copied().unwrap_or_default();
            let text = (!total.is_zero()).then(|| format!("{sign}{}", cell_text(locale, total)));
            let label = measure_text(locale, Some(measure), &measure.key).to_owned();
            let text = match (text, address) {
                (Some(text), Some(address)) => {
                    view! { <a href=format!("{address}&measure={}", measure.key)>{text}</a> }.into_any()
                }
                (text, _) => text.into_any(),
            };
            view! { <td class="num" data-label=label>{text}</td> }
        })
        .collect_view()
}

/// The table of groups.
pub fn table(
    ctx: &Ctx,
    asked: &Asked,
    by: (&str, GroupBy),
    groups: Vec<Group>,
    whole: &Summary,
    units: &[Unit],
    titles: &Titles,
) -> AnyView {
    let locale = ctx.locale;
    let (key, by) = by;
    let measures: Vec<&Measure> =
        asked.catalogue.measures.iter().filter(|measure| whole.totals.contains_key(&measure.id)).collect();
    let (count, parts) = parts_of(&groups);
    let number = groups.len();
    let several = matches!(by, GroupBy::Theme | GroupBy::Campaign);
    let overlap: BTreeMap<i64, Total> = parts
        .iter()
        .map(|(id, total)| (*id, *total - whole.totals.get(id).copied().unwrap_or_default()))
        .filter(|(_, total)| !total.is_zero())
        .collect();
    let is_shared = count != whole.count || !overlap.is_empty();
    let rows = lines(ctx, asked, by, groups, units, titles)
        .into_iter()
        .take(MOST)
        .map(|line| {
            // Where a measure is asked for already, and in months, whose entries over several days stand here whole, the
            // group's name leads on.
            let leads = by != GroupBy::Month && asked.filter.measure_id.is_none();
            let address = Some(line.address.as_str()).filter(|_| leads);
            let cells = cells(locale, &measures, &line.group.totals, "", address);
            view! {
                <tr>
                    <th scope="row" data-label=group_name(locale, key)><a href=line.address>{line.name}</a></th>
                    <td class="num" data-label=locale.ledger_entries()>{grouped(line.group.count)}</td>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let heads = measures
        .iter()
        .map(|measure| {
            let name = measure_text(locale, Some(measure), &measure.key).to_owned();
            let word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
            view! { <th scope="col" class="num">{name}" "<small>{word}</small></th> }
        })
        .collect_view();
    let overlaps = several.then(|| {
        view! {
            <tr class="parts">
                <th scope="row">{locale.ledger_parts()}</th>
                <td class="num" data-label=locale.ledger_entries()>{grouped(count)}</td>
                {cells(locale, &measures, &parts, "", None)}
            </tr>
            {is_shared.then(|| view! {
                <tr class="overlap">
                    <th scope="row">{locale.ledger_overlap()}</th>
                    <td class="num" data-label=locale.ledger_entries()>{format!("−{}", grouped(count - whole.count))}</td>
                    {cells(locale, &measures, &overlap, "−", None)}
                </tr>
            })}
        }
    });
    let note = match by {
        GroupBy::Theme | GroupBy::Campaign => Some(locale.ledger_overlap_note()),
        GroupBy::Month => Some(locale.ledger_month_note()),
        _ => None,
    };
    let title = locale.ledger_grouped(group_name(locale, key));
    let label = title.clone();
    view! {
        {note.map(|note| view! { <p class="muted">{note}</p> })}
        {(number > MOST).then(|| view! { <p class="muted">{locale.ledger_too_many_groups(MOST, number)}</p> })}
        <div class="scroll" tabindex="0" role="region" aria-label=label>
            <table class="table groups">
                <caption class="visually-hidden">{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{group_name(locale, key)}</th>
                        <th scope="col" class="num">{locale.ledger_entries()}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    {overlaps}
                    <tr>
                        <th scope="row">{locale.ledger_sums()}</th>
                        <td class="num" data-label=locale.ledger_entries()>{grouped(whole.count)}</td>
                        {cells(locale, &measures, &whole.totals, "", None)}
                    </tr>
                </tfoot>
            </table>
        </div>
    }
    .into_any()
}
