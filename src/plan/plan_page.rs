//! Plans, and the targets of one: in layers, each with its basis.

use super::{
    action::{self, PlanDraft, TargetDraft},
    store,
    view::{by_id, managed_options, manages, neighbours, unit_filter},
    words,
};
use crate::{
    domain::{
        goal::Status,
        indicator::{Indicator, Kind},
        problem::Problems as Faults,
        target::{Plan, Target, strictest},
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, NamedField, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
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
                        <Field name="name" label=locale.plan_name() required=true/>
                        <Field name="from" label=locale.plan_from() kind="date" required=true/>
                        <Field name="to" label=locale.plan_to() kind="date" required=true/>
                        <button class="button primary">{locale.plan_add()}</button>
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

/// POST `/plans`
pub async fn post_plans(ctx: Ctx, form: FormData) -> Result<Done> {
    let mut problems = Faults::default();
    let from = form.optional("from", &mut problems, ctx.locale.plan_day_wanted());
    let to = form.optional("to", &mut problems, ctx.locale.plan_day_wanted());
    problems.into_result(())?;
    let draft = PlanDraft { key: None, name: form.get("name").into(), from, to, unit: None };
    let plan = action::add_plan(&ctx, draft).await?;
    Ok(Done::to(format!("/plans/{}", plan.key)).say(ctx.locale.saved()))
}

/// `/plans/:key?unit=&edit=`
pub fn plan() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let plans = store::plans(&mut conn, &unit, true).await?;
        let plan = plans.into_iter().find(|plan| plan.key == key).ok_or(Error::NotFound)?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let names = by_id(&mut conn, &units, &unit).await?;
        let indicators = store::indicators(&mut conn, &unit, true).await?;
        let targets = store::targets(&mut conn, &unit, Some(plan.id), true).await?;
        drop(conn);
        let name = locale.name(&plan.name, plan.name_en.as_deref()).to_owned();
        let period = locale.plan_period(plan.period.from, plan.period.to);
        let filter = unit_filter(&ctx, &units, &unit);
        let table = target_table(&ctx, &unit, &names, &indicators, &targets);
        let form = manages(&ctx).then(|| target_form(&ctx, &unit, &units, &plan, &indicators, &targets));
        let goals = format!("/goals?plan={}&unit={}", plan.key, unit.code);
        let body = view! {
            <Problems/>
            <p class="lead">{period} " " <a href=goals>{locale.plan_goals()}</a></p>
            {filter}
            {table}
            {form}
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
            let holds = strictest(layers, &ancestry).is_some_and(|held| held.id == target.id);
            let may = actor.as_deref().is_some_and(|actor| actor.may_manage(owner));
            Some(target_row(locale, target, indicator, owner, holds, may))
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
    holds: bool,
    may: bool,
) -> impl IntoView + use<> {
    let name = locale.name(&indicator.name, indicator.name_en.as_deref()).to_owned();
    let year = match target.year {
        Some(year) => year.to_string(),
        None => words::each_year(locale, indicator.each).to_owned(),
    };
    let value = match indicator.kind {
        kind if kind.is_share() => words::percent(target.value),
        Kind::Milestone => words::status(locale, Status::Reached).0.to_owned(),
        _ => words::number(target.value),
    };
    let id = target.id;
    let edit = format!("?unit={}&edit={id}#target", owner.code);
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{year}</td>
            <td class="num">{value}</td>
            <td>{owner.short_name.clone()}</td>
            <td>{target.basis.clone()}</td>
            <td>
                {holds.then(|| view! { <span class="tag good">{locale.target_holds()}</span> " " })}
                {may.then(|| view! {
                    <a href=edit>{locale.edit()}</a>
                    <details>
                        <summary>{locale.target_remove()}</summary>
                        <Form action="remove">
                            <input type="hidden" name="target" value=id/>
                            <p>{locale.target_remove_sure()}</p>
                            <button class="button danger">{locale.target_remove()}</button>
                        </Form>
                    </details>
                })}
            </td>
        </tr>
    }
}

fn target_form(
    ctx: &Ctx,
    unit: &Unit,
    units: &[Unit],
    plan: &Plan,
    indicators: &[Indicator],
    targets: &[Target],
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let edited = ctx
        .query
        .filled("edit")
        .and_then(|id| id.parse::<i64>().ok())
        .and_then(|id| targets.iter().find(|target| target.id == id));
    let indicator_of = |target: &Target| indicators.iter().find(|one| one.id == target.indicator_id);
    let (indicator, year, value, basis) = match edited {
        Some(target) => {
            let indicator = indicator_of(target);
            let is_share = indicator.is_some_and(|one| one.kind.is_share());
            let value = if is_share { words::percent(target.value) } else { target.value.to_string() };
            let key = indicator.map(|one| one.key.clone()).unwrap_or_default();
            (key, target.year.map(|year| year.to_string()).unwrap_or_default(), value, target.basis.clone())
        }
        None => Default::default(),
    };
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
    let managed = managed_options(ctx, units);
    let code = unit.code.clone();
    let title = if edited.is_some() { locale.target_edit() } else { locale.target_set() };
    view! {
        <section id="target">
            <h2>{title}</h2>
            <p class="hint">{locale.target_hint()}</p>
            <Form action="set">
                <Select name="indicator" label=locale.target_indicator() options=options value=indicator/>
                <Select name="unit" label=locale.target_for() options=managed value=code/>
                <Select name="year" label=locale.target_year() options=years value=year/>
                <NamedField name="value".to_owned() label=locale.target_value() value=value hint=locale.target_value_hint()
                    required=true/>
                <Field name="basis" label=locale.goal_basis() value=basis hint=locale.target_basis_hint() required=true/>
                <button class="button primary">{locale.target_save()}</button>
            </Form>
        </section>
    }
}

/// POST `/plans/{key}`
pub async fn post_plan(ctx: Ctx, form: FormData) -> Result<Done> {
    let key = ctx.path.strip_prefix("/plans/").unwrap_or_default().to_owned();
    if form.get("do") == "remove" {
        let id = form.get("target").parse().map_err(|_| Error::NotFound)?;
        action::remove_target(&ctx, id).await?;
        let query = ctx.query.with("edit", None);
        return Ok(Done::to(format!("/plans/{key}?{query}")).say(ctx.locale.target_removed()));
    }
    let mut conn = ctx.db.read().await?;
    let unit = action::read_unit(&ctx, &mut conn, form.filled("unit")).await?;
    let indicators = store::indicators(&mut conn, &unit, false).await?;
    drop(conn);
    let is_share = indicators.iter().any(|one| one.key == form.get("indicator") && one.kind.is_share());
    let mut problems = Faults::default();
    let value = words::typed_number(form.get("value")).map(|value| if is_share { value / 100.0 } else { value });
    if value.is_none() {
        problems.add("value", ctx.locale.target_value_wanted());
    }
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
