//! Plans, and the targets of one: in layers, each with its basis.

use super::{
    action::{self, PlanDraft, TargetDraft},
    rollover_page, rollover_store, store,
    target_page::{typed_value, value_words, year_words},
    target_store,
    view::{by_id, managed_options, manages, neighbours, unit_filter},
    words,
};
use crate::{
    domain::{
        indicator::Indicator,
        period::Day,
        problem::Problems as Faults,
        rollover,
        target::{Plan, Target, held},
        unit::Unit,
    },
    error::Result,
    locale::Locale,
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::BTreeMap;

/// `/plans`
pub fn plans() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::home(&ctx, &mut conn).await?;
        let plans = store::plans(&mut conn, &unit, true).await?;
        drop(conn);
        let rows = plans.into_iter().map(|plan| plan_card(&ctx, &plan)).collect_view();
        let body = view! {
            <Problems/>
            <ul class="cards">{rows}</ul>
            {manages(&ctx).then(|| view! {
                <details open=ctx.refused.is_some()>
                    <summary>{locale.plan_add()}</summary>
                    <Form action="add">
                        {plan_fields(locale, None)}
                        <button class="button primary">{locale.plan_add_do()}</button>
                    </Form>
                </details>
            })}
            {neighbours(&ctx, &unit)}
        };
        Ok(Page::new("/goals", locale.plans_title(), body))
    })
}

fn plan_card(ctx: &Ctx, plan: &Plan) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = locale.name(&plan.name, plan.name_en.as_deref()).to_owned();
    let runs = plan.period.contains(ctx.today);
    let years = locale.plan_period(plan.period.from, plan.period.to);
    let address = format!("/plans/{}", plan.key);
    let goals = format!("/goals?plan={}", plan.key);
    view! {
        <li class="card">
            <h2><a href=address>{name}</a> {runs.then(|| view! { " " <span class="tag good">{locale.plan_runs()}</span> })}</h2>
            <p>{years}</p>
            <p><a href=goals>{locale.plan_goals()}</a></p>
        </li>
    }
}

fn plan_fields(locale: Locale, former: Option<&Plan>) -> impl IntoView + use<> {
    let day = |read: fn(&Plan) -> Day| former.map(|plan| read(plan).to_string()).unwrap_or_default();
    let name = former.map(|plan| plan.name.clone()).unwrap_or_default();
    let (from, to) = (day(|plan| plan.period.from), day(|plan| plan.period.to));
    view! {
        <Field name="name" label=locale.plan_name() value=name required=true/>
        <Field name="from" label=locale.plan_from() kind="date" value=from required=true/>
        <Field name="to" label=locale.plan_to() kind="date" value=to required=true/>
    }
}

/// A plan's form.
///
/// # Errors
/// A day that is none.
fn read_plan(ctx: &Ctx, form: &FormData) -> Result<PlanDraft> {
    let mut problems = Faults::default();
    let from = form.optional("from", &mut problems, ctx.locale.plan_day_wanted());
    let to = form.optional("to", &mut problems, ctx.locale.plan_day_wanted());
    problems.into_result(())?;
    Ok(PlanDraft { key: None, name: form.get("name").into(), from, to, unit: None })
}

/// POST `/plans`
pub async fn post_plans(ctx: Ctx, form: FormData) -> Result<Done> {
    let plan = action::add_plan(&ctx, read_plan(&ctx, &form)?).await?;
    Ok(Done::to(format!("/plans/{}", plan.key)).say(ctx.locale.saved()))
}

/// `/plans/:key?unit=`
pub fn plan() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let plan = action::seen_plan(&mut conn, &unit, &key).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let names = by_id(&mut conn, &units, &unit).await?;
        let indicators = store::indicators(&mut conn, &unit, true).await?;
        let targets = target_store::targets(&mut conn, &unit, Some(plan.id), true).await?;
        let ended = target_store::ended(&mut conn, &unit, plan.id).await?;
        let plans = store::plans(&mut conn, &unit, true).await?;
        let mappings = rollover::holding(rollover_store::mappings(&mut conn, &unit).await?, &unit.ancestry());
        drop(conn);
        let name = locale.name(&plan.name, plan.name_en.as_deref()).to_owned();
        let period = locale.plan_period(plan.period.from, plan.period.to);
        let filter = unit_filter(&ctx, &units, &unit);
        let table = target_table(&ctx, &unit, &names, &indicators, &targets);
        let ended = ended_table(locale, &names, &indicators, ended);
        let form = manages(&ctx).then(|| target_form(&ctx, &unit, &units, &plan, &indicators));
        let owner = plan.unit_id.and_then(|id| names.get(&id)).cloned();
        let may_edit = owner.is_some_and(|owner| ctx.someone.as_deref().is_some_and(|one| one.may_manage(&owner)));
        let edit = may_edit.then(|| edit_form(&ctx, &plan));
        let goals = format!("/goals?plan={}&unit={}", plan.key, unit.code);
        let settled = rollover_page::settled(&ctx, &unit, &plan, &plans, &indicators, &mappings);
        let body = view! {
            <Problems/>
            <p class="lead">{period} " " <a href=goals>{locale.plan_goals()}</a></p>
            {filter}
            {table}
            {form}
            {ended}
            {settled}
            {edit}
            {neighbours(&ctx, &unit)}
        };
        Ok(Page::new("/goals", name, body))
    })
}

fn target_table(
    ctx: &Ctx,
    unit: &Unit,
    names: &BTreeMap<i64, Unit>,
    indicators: &[Indicator],
    targets: &[Target],
) -> AnyView {
    let locale = ctx.locale;
    if targets.is_empty() {
        return view! { <p class="empty">{locale.targets_none()}</p> }.into_any();
    }
    let ancestry = unit.ancestry();
    let actor = ctx.someone.clone();
    let mut sorted: Vec<&Target> = targets.iter().collect();
    let place = |target: &Target| indicators.iter().position(|one| one.id == target.indicator_id);
    sorted.sort_by_key(|target| (place(target), target.year, names.get(&target.unit_id).map(|unit| unit.path.clone())));
    let rows = sorted
        .into_iter()
        .filter_map(|target| {
            let indicator = indicators.iter().find(|one| one.id == target.indicator_id)?;
            let owner = names.get(&target.unit_id)?;
            let layers =
                targets.iter().filter(|other| other.indicator_id == target.indicator_id && other.year == target.year);
            let held = held(indicator, layers, &ancestry);
            let state = match held {
                Some(held) if held.target.id == target.id && held.shared => {
                    Some(locale.target_takes_part(&owner.short_name))
                }
                Some(held) if held.target.id == target.id => Some(locale.target_holds().to_owned()),
                Some(held) if ancestry.contains(&target.unit_id) => {
                    let winner =
                        names.get(&held.target.unit_id).map(|unit| unit.short_name.as_str()).unwrap_or_default();
                    Some(locale.target_yields(winner))
                }
                _ => None,
            };
            let may = actor.as_deref().is_some_and(|actor| actor.may_manage(owner));
            Some(target_row(locale, target, indicator, owner, state, may))
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.target_indicator()),
        Head::Text(locale.target_year()),
        Head::Number(locale.goal_target()),
        Head::Text(locale.target_set_by()),
        Head::Text(locale.goal_basis()),
        Head::Text(locale.target_state()),
    ];
    view! {
        <Table caption=locale.targets_caption(&unit.short_name) heads>{rows}</Table>
    }
    .into_any()
}

fn target_row(
    locale: Locale,
    target: &Target,
    indicator: &Indicator,
    owner: &Unit,
    state: Option<String>,
    may: bool,
) -> impl IntoView + use<> {
    let name = locale.name(&indicator.name, indicator.name_en.as_deref()).to_owned();
    let edit = format!("/targets/{}", target.id);
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{year_words(locale, indicator, target.year)}</td>
            <td class="num">{value_words(locale, indicator.kind, target.value)}</td>
            <td>{owner.short_name.clone()}</td>
            <td>{target.basis.clone()}</td>
            <td>
                {state.map(|text| view! { <span class="tag quiet">{text}</span> " " })}
                {may.then(|| view! { <a href=edit>{locale.target_edit_or_end()}</a> })}
            </td>
        </tr>
    }
}

/// The targets that were ended, folded away.
fn ended_table(
    locale: Locale,
    names: &BTreeMap<i64, Unit>,
    indicators: &[Indicator],
    ended: Vec<(Target, DateTime<Utc>)>,
) -> Option<impl IntoView + use<>> {
    if ended.is_empty() {
        return None;
    }
    let summary = locale.targets_ended(ended.len());
    let heads = vec![
        Head::Text(locale.target_indicator()),
        Head::Text(locale.target_year()),
        Head::Number(locale.goal_target()),
        Head::Text(locale.target_set_by()),
        Head::Text(locale.goal_basis()),
        Head::Text(locale.target_ended_on()),
    ];
    let rows = ended
        .into_iter()
        .filter_map(|(target, at)| {
            let indicator = indicators.iter().find(|one| one.id == target.indicator_id)?;
            let owner = names.get(&target.unit_id)?.short_name.clone();
            let name = locale.name(&indicator.name, indicator.name_en.as_deref()).to_owned();
            Some(view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{year_words(locale, indicator, target.year)}</td>
                    <td class="num">{value_words(locale, indicator.kind, target.value)}</td>
                    <td>{owner}</td>
                    <td>{target.basis.clone()}</td>
                    <td>{clock::day_of(at).to_string()}</td>
                </tr>
            })
        })
        .collect_view();
    let caption = summary.clone();
    Some(view! { <details><summary>{summary}</summary><Table caption heads>{rows}</Table></details> })
}

fn edit_form(ctx: &Ctx, plan: &Plan) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let is_refused = ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == "edit");
    let fields = plan_fields(locale, Some(plan));
    view! {
        <details open=is_refused>
            <summary>{locale.plan_edit()}</summary>
            <Form action="edit">
                {fields}
                <button class="button primary">{locale.plan_save()}</button>
            </Form>
        </details>
    }
}

fn target_form(ctx: &Ctx, unit: &Unit, units: &[Unit], plan: &Plan, indicators: &[Indicator]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let options = indicators
        .iter()
        .filter(|one| !one.retired)
        .map(|one| {
            let name = locale.name(&one.name, one.name_en.as_deref());
            (one.key.clone(), format!("{name} · {}", words::kind(locale, one.kind)))
        })
        .collect::<Vec<_>>();
    let mut years = vec![(String::new(), locale.target_every_year().to_owned())];
    years.extend(plan.years().map(|year| (year.to_string(), year.to_string())));
    let (managed, code) = (managed_options(ctx, units), unit.code.clone());
    view! {
        <section id="target">
            <h2>{locale.target_set()}</h2>
            <p class="hint">{locale.target_hint()}</p>
            <Form action="set">
                <Select name="indicator" label=locale.target_indicator() options=options/>
                <Select name="unit" label=locale.target_for() options=managed value=code/>
                <Select name="year" label=locale.target_year() options=years/>
                <Field name="value" label=locale.target_value() hint=locale.target_value_hint() required=true/>
                <Field name="basis" label=locale.goal_basis() hint=locale.target_basis_hint() required=true/>
                <button class="button primary">{locale.target_save()}</button>
            </Form>
        </section>
    }
}

/// POST `/plans/{key}`
pub async fn post_plan(ctx: Ctx, form: FormData) -> Result<Done> {
    let key = ctx.path.strip_prefix("/plans/").unwrap_or_default().to_owned();
    let mut conn = ctx.db.read().await?;
    if form.get("do") == "edit" {
        let seen_from = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        drop(conn);
        action::change_plan(&ctx, &seen_from, &key, read_plan(&ctx, &form)?).await?;
        return Ok(Done::to(ctx.here()).say(ctx.locale.saved()));
    }
    let unit = action::read_unit(&ctx, &mut conn, form.filled("unit")).await?;
    let indicators = store::indicators(&mut conn, &unit, false).await?;
    drop(conn);
    let kind = indicators.iter().find(|one| one.key == form.get("indicator")).map(|one| one.kind);
    let value = typed_value(&form, kind);
    let mut problems = Faults::default();
    let year = form.optional("year", &mut problems, ctx.locale.target_value_wanted());
    problems.into_result(())?;
    let draft = TargetDraft {
        plan: key.clone(),
        indicator: form.get("indicator").into(),
        unit: unit.code.clone(),
        value,
        year,
        basis: form.get("basis").into(),
    };
    action::set_target(&ctx, draft).await?;
    Ok(Done::to(format!("/plans/{key}?unit={}", unit.code)).say(ctx.locale.target_saved()))
}
