//! Pieces that the pages about goals share.

use crate::{
    domain::{
        access::{Role, Scope},
        unit::Unit,
    },
    error::Result,
    server::{context::Ctx, db::Conn},
    unit,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A drop-down list of a filter: it shows the address's value and nothing of a refused form.
pub fn filter_select(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: String,
) -> impl IntoView + use<> {
    let id = format!("filter-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id name=name>
                {options.into_iter().map(|(key, text)| {
                    let selected = key == chosen;
                    view! { <option value=key selected=selected>{text}</option> }
                }).collect_view()}
            </select>
        </div>
    }
}

/// A filter of one question: which unit.
pub fn unit_filter(ctx: &Ctx, units: &[Unit], chosen: &Unit) -> impl IntoView + use<> {
    let locale = ctx.locale;
    view! {
        <form method="get" class="filters">
            {filter_select("unit", locale.goals_unit(), unit_options(units), chosen.code.clone())}
            <button class="button">{locale.show()}</button>
        </form>
    }
}

/// The units that may be chosen, set in by their depth.
pub fn unit_options(units: &[Unit]) -> Vec<(String, String)> {
    let depth = |unit: &Unit| unit.path.matches('/').count();
    let top = units.iter().map(depth).min().unwrap_or_default();
    let mut sorted: Vec<&Unit> = units.iter().collect();
    sorted.sort_by_key(|unit| unit.ancestry());
    sorted
        .into_iter()
        .map(|unit| (unit.code.clone(), format!("{}{}", "　".repeat(depth(unit) - top), unit.short_name)))
        .collect()
}

/// Those of the units that the reader manages, to be chosen in a form.
pub fn managed_options(ctx: &Ctx, units: &[Unit]) -> Vec<(String, String)> {
    let managed: Vec<Unit> = units
        .iter()
        .filter(|unit| ctx.someone.as_deref().is_some_and(|actor| actor.may_manage(unit)))
        .cloned()
        .collect();
    unit_options(&managed)
}

/// Whether the reader is offered the forms of these pages; the actions decide what is allowed.
pub fn manages(ctx: &Ctx) -> bool {
    ctx.someone.as_deref().is_some_and(|actor| actor.is_any(&[Role::Admin, Role::Officer]))
}

/// Units by id: those given, and the levels above `unit`, which are named also where the reader may not open them.
pub async fn by_id(conn: &mut Conn, units: &[Unit], unit: &Unit) -> Result<BTreeMap<i64, Unit>> {
    let mut names: BTreeMap<i64, Unit> = units.iter().map(|unit| (unit.id, unit.clone())).collect();
    for id in unit.ancestry() {
        if let std::collections::btree_map::Entry::Vacant(place) = names.entry(id) {
            place.insert(unit::store::by_id(conn, &Scope::everything(), id).await?);
        }
    }
    Ok(names)
}

/// The page's neighbours.
pub fn neighbours(ctx: &Ctx, unit: &Unit) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let code = unit.code.clone();
    view! {
        <nav class="toolbar" aria-label=locale.goals_related()>
            <a href=format!("/goals?unit={code}")>{locale.nav_goals()}</a>
            <a href=format!("/gaps?unit={code}")>{locale.gaps_link()}</a>
            <a href="/plans">{locale.plans_title()}</a>
            <a href="/indicators">{locale.indicators_title()}</a>
            <a href=format!("/rosters?unit={code}")>{locale.rosters_title()}</a>
            <a href=format!("/stocks?unit={code}")>{locale.stocks_title()}</a>
            <a href=format!("/surveys?unit={code}")>{locale.surveys_title()}</a>
            <a href=format!("/milestones?unit={code}")>{locale.milestones_title()}</a>
        </nav>
    }
}
