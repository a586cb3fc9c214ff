//! `/units`: the tree, folded where it is big; the search; adding one unit or a list of them.

use super::{
    action::{managed_home, may_add_root},
    store,
    view::{add_form, address, closed_tag, kind_name, refused_form},
};
use crate::{
    domain::{
        access::Actor,
        unit::{Unit, UnitKind},
    },
    error::Result,
    server::context::Ctx,
    ui::{
        field::{Form, Problems, TextArea},
        page::Page,
    },
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Up to so many units the whole tree is unfolded.
const UNFOLDED: usize = 60;

/// The page.
pub async fn tree(ctx: Ctx) -> Result<Page> {
    let actor = ctx.actor()?;
    let locale = ctx.locale;
    let mut conn = ctx.db.read().await?;
    let units = store::all(&mut conn, &ctx.scope()?).await?;
    drop(conn);
    let closed = units.iter().filter(|unit| unit.active_to.is_some_and(|last| last < ctx.today)).count();
    let open = units.len() - closed;
    let lead = if closed > 0 { locale.units_lead_closed(closed, open) } else { locale.units_lead(open) };
    let query = ctx.query.get("q").to_owned();
    let list = if query.is_empty() { whole(&ctx, &units) } else { found(&ctx, &units, &query) };
    let forms = managed_home(actor).map(|_| forms(&ctx, actor, &units));
    let body = view! {
        <p class="lead">{lead}</p>
        <Problems/>
        <form class="filters" method="get" role="search">
            <label for="units-q">{locale.units_search()}</label>
            <input id="units-q" type="search" name="q" value=query/>
            <button class="button">{locale.units_search_do()}</button>
        </form>
        {list}
        {forms}
    };
    Ok(Page::new("/settings", locale.units_title(), body))
}

/// What adds units.
fn forms(ctx: &Ctx, actor: &Actor, units: &[Unit]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let refused = refused_form(ctx);
    let mut parents: Vec<(String, String)> = units
        .iter()
        .filter(|unit| matches!(unit.kind, UnitKind::County | UnitKind::Town))
        .filter(|unit| actor.may_manage(unit) && unit.is_active(ctx.today))
        .map(|unit| (unit.code.clone(), format!("{} {}", unit.short_name, unit.code)))
        .collect();
    if may_add_root(actor) {
        parents.push((String::new(), locale.unit_no_parent().to_owned()));
    }
    let add = (!parents.is_empty()).then(|| {
        let form = add_form(ctx, parents, UnitKind::ALL.to_vec());
        view! { <details open=refused == "add"><summary class="button">{locale.unit_add()}</summary>{form}</details> }
    });
    view! {
        {add}
        <details open=refused == "import">
            <summary class="button">{locale.unit_import()}</summary>
            <Form action="import">
                <TextArea name="csv" label=locale.unit_import_label() hint=locale.unit_import_hint() rows=10/>
                <p><button class="button primary">{locale.unit_import_do()}</button></p>
            </Form>
        </details>
    }
}

/// The tree of all units.
fn whole(ctx: &Ctx, units: &[Unit]) -> AnyView {
    let ids: Vec<i64> = units.iter().map(|unit| unit.id).collect();
    let mut below: BTreeMap<i64, Vec<&Unit>> = BTreeMap::new();
    let mut tops = Vec::new();
    for unit in units {
        match unit.parent_id.filter(|id| ids.contains(id)) {
            Some(id) => below.entry(id).or_default().push(unit),
            None => tops.push(unit),
        }
    }
    let unfolded = units.len() <= UNFOLDED;
    let items = tops.into_iter().map(|unit| branch(ctx, unit, &below, true, unfolded)).collect_view();
    view! { <ul class="tree">{items}</ul> }.into_any()
}

/// A unit and all below it.
fn branch(ctx: &Ctx, unit: &Unit, below: &BTreeMap<i64, Vec<&Unit>>, open: bool, unfolded: bool) -> AnyView {
    let line = line(ctx, unit);
    let Some(children) = below.get(&unit.id) else { return view! { <li>{line}</li> }.into_any() };
    let count = ctx.locale.units_below(children.len());
    let items = children.iter().map(|child| branch(ctx, child, below, unfolded, unfolded)).collect_view();
    view! {
        <li>
            <details open=open>
                <summary>{unit.short_name.clone()}" "<small class="muted">{count}</small></summary>
                <p>{line}</p>
                <ul>{items}</ul>
            </details>
        </li>
    }
    .into_any()
}

fn line(ctx: &Ctx, unit: &Unit) -> impl IntoView + use<> {
    let kind = kind_name(ctx.locale, unit.kind);
    view! {
        <a href=address(&unit.code)>{unit.short_name.clone()}</a>
        " "<small class="muted">{kind}" "{unit.code.clone()}</small>
        {closed_tag(ctx, unit)}
    }
}

/// The units whose name or code holds the words searched for.
fn found(ctx: &Ctx, units: &[Unit], query: &str) -> AnyView {
    let locale = ctx.locale;
    let wanted = query.to_lowercase();
    let fits = |text: &str| text.to_lowercase().contains(&wanted);
    let hits: Vec<&Unit> =
        units.iter().filter(|unit| fits(&unit.name) || fits(&unit.short_name) || fits(&unit.code)).collect();
    let all = view! { <p><a href="/units">{locale.units_all()}</a></p> };
    if hits.is_empty() {
        return view! { <p class="empty">{locale.units_found_none(query)}</p>{all} }.into_any();
    }
    let names: BTreeMap<i64, &str> = units.iter().map(|unit| (unit.id, unit.short_name.as_str())).collect();
    let caption = locale.units_found(hits.len(), query);
    let rows = hits
        .into_iter()
        .map(|unit| {
            let parent = unit.parent_id.and_then(|id| names.get(&id)).map(|name| (*name).to_owned());
            view! {
                <tr>
                    <th scope="row"><a href=address(&unit.code)>{unit.short_name.clone()}</a>{closed_tag(ctx, unit)}</th>
                    <td>{unit.code.clone()}</td>
                    <td>{kind_name(locale, unit.kind)}</td>
                    <td>{parent}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{caption}</caption>
                <thead><tr>
                    <th scope="col">{locale.unit_name()}</th>
                    <th scope="col">{locale.unit_code()}</th>
                    <th scope="col">{locale.unit_kind()}</th>
                    <th scope="col">{locale.unit_parent()}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {all}
    }
    .into_any()
}
