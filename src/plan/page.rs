//! The goals page: how far every target is, and which units lack what.

use super::{
    action::{self, GoalRow},
    below_view,
    goal_view::{Place, card},
    store,
    view::{filter_select, manages, neighbours, unit_options},
};
use crate::{
    domain::{
        goal::Status,
        period::{Day, Period},
        target::Plan,
        unit::Unit,
    },
    server::{context::Ctx, form::form, state::AppState},
    ui::page::{Page, page},
    unit,
};
use chrono::Datelike;
use leptos::prelude::*;
use std::collections::BTreeMap;

pub use super::{
    drill_page::goal,
    entry_page::{milestones, surveys},
    indicator_page::{indicator, indicators},
    plan_page::{plan, plans},
    rollover_page::rollover,
    stock_page::stocks,
    target_page::target,
};

/// The forms of these pages.
pub fn forms() -> axum::Router<AppState> {
    axum::Router::new()
        .route("/plans", form(super::plan_page::post_plans))
        .route("/plans/{key}", form(super::plan_page::post_plan))
        .route("/plans/{key}/next", form(super::rollover_page::post_rollover))
        .route("/indicators", form(super::indicator_page::post_indicators))
        .route("/indicators/{key}", form(super::indicator_page::post_indicator))
        .route("/targets/{id}", form(super::target_page::post_target))
        .route("/stocks", form(super::stock_page::post_stocks))
        .route("/surveys", form(super::entry_page::post_survey))
        .route("/milestones", form(super::entry_page::post_milestone))
}

/// `/goals?unit=&plan=&year=&as_of=`
pub fn goals() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let plans = store::plans(&mut conn, &unit, false).await?;
        drop(conn);
        let asked = ctx.query.filled("as_of").and_then(|day| day.parse().ok());
        let year = ctx.query.filled("year").and_then(|year| year.parse::<i32>().ok());
        let plan_key = ctx.query.filled("plan");
        let as_of = asked.or_else(|| Some(day_of_year(year?, ctx.today)));
        let found = action::look(&ctx, &unit, plan_key, as_of).await?;
        let title = locale.goals_title(&unit.short_name);
        let filters = filters(&ctx, &unit, &units, &plans, found.plan.as_ref(), found.as_of);
        let body = match &found.plan {
            None => view! { <p class="empty">{locale.goals_no_plan()}</p> }.into_any(),
            Some(plan) if found.rows.is_empty() => {
                let address = format!("/plans/{}?unit={}", plan.key, unit.code);
                let below = below_view::below(&ctx, &unit, plan, found.as_of).await?;
                // Whoever only reads has read what there is.
                let is_told = below.is_some() && !manages(&ctx);
                let empty = (!is_told).then(|| view! {
                    <div class="empty">
                        <p>{locale.goals_none(locale.name(&plan.name, plan.name_en.as_deref()))}</p>
                        {manages(&ctx).then(|| view! { <a class="button primary" href=address>{locale.target_set()}</a> })}
                    </div>
                });
                view! { {below} {empty} }.into_any()
            }
            Some(plan) => list(&ctx, &unit, plan, found.as_of, found.rows).into_any(),
        };
        let related = neighbours(&ctx, &unit);
        Ok(Page::new("/goals", title, view! { {filters} {body} {related} }))
    })
}

/// The day a year is looked at: today, or its last day when it is over, or its first when it has not begun.
fn day_of_year(year: i32, today: Day) -> Day {
    let period = Period::year(year);
    today.clamp(period.from, period.to)
}

fn filters(
    ctx: &Ctx,
    unit: &Unit,
    units: &[Unit],
    plans: &[Plan],
    plan: Option<&Plan>,
    as_of: Day,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let plan_options: Vec<(String, String)> = plans
        .iter()
        .map(|plan| (plan.key.clone(), locale.name(&plan.name, plan.name_en.as_deref()).to_owned()))
        .collect();
    let years: Vec<(String, String)> = match plan {
        Some(plan) => plan.years().map(|year| (year.to_string(), year.to_string())).collect(),
        None => Vec::new(),
    };
    let key = plan.map(|plan| plan.key.clone()).unwrap_or_default();
    view! {
        <form method="get" class="filters">
            {filter_select("unit", locale.goals_unit(), unit_options(units), unit.code.clone())}
            {filter_select("plan", locale.goals_plan(), plan_options, key)}
            {(!years.is_empty()).then(|| filter_select("year", locale.goals_year(), years, as_of.year().to_string()))}
            <button class="button">{locale.show()}</button>
        </form>
    }
}

fn list(ctx: &Ctx, unit: &Unit, plan: &Plan, as_of: Day, rows: Vec<GoalRow>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let plan_name = locale.name(&plan.name, plan.name_en.as_deref()).to_owned();
    // What is asked below the level above, and has nobody here to ask, is no goal of this unit.
    let rows = rows
        .into_iter()
        .filter(|row| row.shared || !(row.inherited && row.status == Status::NoData && row.units.is_empty()));
    let (shared, own): (Vec<GoalRow>, Vec<GoalRow>) = rows.partition(|row| row.shared);
    let reached = own.iter().filter(|row| row.status == Status::Reached).count();
    let summary = locale.goals_summary(as_of, plan_name, reached, own.len());
    let own = groups(own).into_iter().map(|rows| group(ctx, unit, rows)).collect_view();
    let cards = |rows: Vec<GoalRow>| {
        rows.into_iter().map(|row| card(ctx, unit, row, Place::Group { with_basis: true })).collect_view()
    };
    let shared = (!shared.is_empty()).then(|| {
        view! {
            <details class="shared">
                <summary><h2>{locale.goals_shared(shared.len())}</h2></summary>
                <p class="hint">{locale.goals_shared_hint()}</p>
                <div class="cards goals">{cards(shared)}</div>
            </details>
        }
    });
    view! { <p class="lead">{summary}</p> {own} {shared} }
}

/// Goals by where they stand, behind first; within a group in the order of the indicators.
fn groups(rows: Vec<GoalRow>) -> Vec<Vec<GoalRow>> {
    let mut groups: BTreeMap<u8, Vec<GoalRow>> = BTreeMap::new();
    for row in rows {
        groups.entry(row.status.rank()).or_default().push(row);
    }
    groups.into_values().collect()
}

/// The basis that most of several goals have in common, and whose it is; none where no two agree.
fn common_basis(rows: &[GoalRow]) -> Option<(String, String, usize)> {
    let mut counts: Vec<(&str, &str, usize)> = Vec::new();
    for row in rows.iter().filter(|row| !row.basis.is_empty()) {
        match counts.iter_mut().find(|(basis, unit, _)| (*basis, *unit) == (&row.basis, &row.target_unit_name)) {
            Some((.., count)) => *count += 1,
            None => counts.push((&row.basis, &row.target_unit_name, 1)),
        }
    }
    let most = counts.into_iter().rev().max_by_key(|(.., count)| *count).filter(|(.., count)| *count > 1)?;
    Some((most.0.to_owned(), most.1.to_owned(), most.2))
}

/// Goals that stand alike: what they have in common is said once.
fn group(ctx: &Ctx, unit: &Unit, rows: Vec<GoalRow>) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let count = rows.len();
    let heading = match rows.first().map(|row| row.status) {
        Some(Status::Behind | Status::Missed) => locale.goals_group_behind(count),
        Some(Status::OnPace) => locale.goals_group_on_pace(count),
        Some(Status::Reached) => locale.goals_group_reached(count),
        Some(Status::NoData) | None => locale.goals_group_no_data(count),
    };
    let common = common_basis(&rows);
    let is_common = |row: &GoalRow| {
        common.as_ref().is_some_and(|(basis, unit, _)| (basis, unit) == (&row.basis, &row.target_unit_name))
    };
    let said = common.as_ref().map(|(basis, unit, times)| match *times == count {
        true => locale.goals_basis_of_all(basis, unit),
        false => locale.goals_basis_of_most(basis, times, unit),
    });
    let cards: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let with_basis = !is_common(&row);
            card(ctx, unit, row, Place::Group { with_basis })
        })
        .collect();
    view! {
        <section>
            <h2>{heading}</h2>
            {said.map(|text| view! { <p class="hint basis">{text}</p> })}
            <div class="cards goals">{cards}</div>
        </section>
    }
}
