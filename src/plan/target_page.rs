//! One target: its value and basis, and its end.

use super::{
    store,
    target_action::{self, change_target, end_target},
    view::neighbours,
    words,
};
use crate::{
    domain::{
        goal::Status,
        indicator::{Indicator, Kind},
        target::{Plan, Target},
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Field, Form, Problems},
        page::{Page, page},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// A target's value as people read it: a share in percent, a milestone as done.
pub fn value_words(locale: Locale, kind: Kind, value: f64) -> String {
    match kind {
        kind if kind.is_share() => words::percent(value),
        Kind::Milestone => words::status(locale, Status::Reached).0.to_owned(),
        _ => words::number(value),
    }
}

/// When a target holds: its year, every year, the whole plan.
pub fn year_words(locale: Locale, indicator: &Indicator, year: Option<i32>) -> String {
    year.map_or_else(|| words::each_year(locale, indicator.each).to_owned(), |year| year.to_string())
}

/// What somebody typed as a target's value: people write shares in percent, 95 or 95%, and numbers with commas.
pub fn typed_value(form: &FormData, kind: Option<Kind>) -> Option<f64> {
    let value = words::typed_number(form.get("value"))?;
    Some(if kind.is_some_and(Kind::is_share) { value / 100.0 } else { value })
}

/// `/targets/:id`
pub fn target() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").and_then(|id| id.parse::<i64>().ok());
    page(move |ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let (target, unit, indicator) = target_action::seen(&ctx, &mut conn, id.ok_or(Error::NotFound)?).await?;
        let plan = plan_of(store::plans(&mut conn, &unit, false).await?, &target)?;
        drop(conn);
        let may = ctx.actor()?.may_manage(&unit);
        let name = locale.name(&indicator.name, indicator.name_en.as_deref()).to_owned();
        let plan_name = locale.name(&plan.name, plan.name_en.as_deref()).to_owned();
        let value = value_words(locale, indicator.kind, target.value);
        let body = view! {
            <p><a href=plan_address(&plan, &unit)>{plan_name}</a></p>
            <Problems/>
            <dl class="meta">
                <dt>{locale.goal_target()}</dt><dd>{value}</dd>
                <dt>{locale.target_year()}</dt><dd>{year_words(locale, &indicator, target.year)}</dd>
                <dt>{locale.target_for()}</dt><dd>{unit.short_name.clone()}</dd>
                <dt>{locale.goal_basis()}</dt><dd>{target.basis.clone()}</dd>
            </dl>
            {may.then(|| forms(locale, &target, &indicator))}
            {neighbours(&ctx, &unit)}
        };
        Ok(Page::new("/goals", name, body))
    })
}

fn plan_of(plans: Vec<Plan>, target: &Target) -> Result<Plan> {
    plans.into_iter().find(|plan| plan.id == target.plan_id).ok_or(Error::NotFound)
}

fn plan_address(plan: &Plan, unit: &Unit) -> String {
    format!("/plans/{}?unit={}", plan.key, unit.code)
}

fn forms(locale: Locale, target: &Target, indicator: &Indicator) -> impl IntoView + use<> {
    let is_milestone = indicator.kind == Kind::Milestone;
    let value = if indicator.kind.is_share() { words::percent(target.value) } else { target.value.to_string() };
    let basis = target.basis.clone();
    view! {
        <section>
            <h2>{locale.target_edit()}</h2>
            <Form action="edit">
                {if is_milestone {
                    view! { <input type="hidden" name="value" value=value/> }.into_any()
                } else {
                    view! {
                        <Field name="value" label=locale.target_value() value=value hint=locale.target_value_hint()
                            required=true/>
                    }
                    .into_any()
                }}
                <Field name="basis" label=locale.goal_basis() value=basis hint=locale.target_basis_hint() required=true/>
                <p><button class="button primary">{locale.target_save()}</button></p>
            </Form>
            <details>
                <summary class="button">{locale.target_remove()}</summary>
                <Form action="end">
                    <p class="hint">{locale.target_remove_sure()}</p>
                    <p><button class="button danger">{locale.target_remove()}</button></p>
                </Form>
            </details>
        </section>
    }
}

/// POST `/targets/{id}`
pub async fn post_target(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = ctx.path.strip_prefix("/targets/").and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let (target, unit, indicator) = target_action::seen(&ctx, &mut conn, id).await?;
    let plan = plan_of(store::plans(&mut conn, &unit, false).await?, &target)?;
    drop(conn);
    let back = Done::to(plan_address(&plan, &unit));
    match form.get("do") {
        "edit" => {
            change_target(&ctx, id, typed_value(&form, Some(indicator.kind)), form.get("basis")).await?;
            Ok(back.say(ctx.locale.target_saved()))
        }
        "end" => {
            end_target(&ctx, id).await?;
            Ok(back.say(ctx.locale.target_removed()))
        }
        _ => Err(Error::NotFound),
    }
}
