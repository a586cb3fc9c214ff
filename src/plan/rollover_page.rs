//! 规划衔接: the form that begins the next plan with the former one's indicators, and what was settled.

use super::{
    action::{self, PlanDraft},
    rollover_action::{self, COPY, DROP, Ground, RolloverDraft, SAME},
    target_page::{value_words, year_words},
    view::{neighbours, unit_filter},
};
use crate::{
    domain::{
        indicator::Indicator,
        problem::Problems as Faults,
        rollover::{Mapping, Relation},
        target::Plan,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Choices, Field, Form, Problems, Select},
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use chrono::{Datelike, Days};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

fn plan_name(locale: Locale, plan: &Plan) -> String {
    locale.name(&plan.name, plan.name_en.as_deref()).to_owned()
}

fn indicator_name(locale: Locale, one: &Indicator) -> String {
    locale.name(&one.name, one.name_en.as_deref()).to_owned()
}

/// `/plans/:key/next?unit=&next=`
pub fn rollover() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = action::read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        if !ctx.actor()?.may_manage(&unit) {
            return Err(Error::Forbidden);
        }
        let ground = rollover_action::ground(&mut conn, &unit, &key).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        drop(conn);
        let title = locale.rollover_title(plan_name(locale, &ground.former));
        let back = format!("/plans/{key}?unit={}", unit.code);
        let body = view! {
            <p><a href=back>{plan_name(locale, &ground.former)}</a></p>
            <Problems/>
            <p class="lead">{locale.rollover_lead()}</p>
            {unit_filter(&ctx, &units, &unit)}
            {form(&ctx, &unit, &ground)}
            {back_form(&ctx, &unit, &ground)}
            {neighbours(&ctx, &unit)}
        };
        Ok(Page::new("/goals", title, body))
    })
}

fn form(ctx: &Ctx, unit: &Unit, ground: &Ground) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let mut nexts: Vec<(String, String)> =
        ground.nexts.iter().map(|plan| (plan.key.clone(), plan_name(locale, plan))).collect();
    let chosen = ctx.query.filled("next").map(str::to_owned).or_else(|| nexts.first().map(|(key, _)| key.clone()));
    let chosen = chosen.unwrap_or_default();
    nexts.push((String::new(), locale.rollover_new_plan().to_owned()));
    let is_new = chosen.is_empty() || ctx.refused.as_ref().is_some_and(|refused| refused.form.get("next").is_empty());
    let from = ground.former.period.to + Days::new(1);
    let years = ground.former.period.to.year() - ground.former.period.from.year();
    let to = from.with_year(from.year() + years).map(|day| day.with_month(12).and_then(|day| day.with_day(31)));
    let (from, to) = (from.to_string(), to.flatten().map(|day| day.to_string()).unwrap_or_default());
    let plan_id = ground.nexts.iter().find(|plan| plan.key == chosen).map(|plan| plan.id);
    let settled = |id: i64| {
        let own = |one: &&Mapping| {
            one.former_plan_id == ground.former.id
                && Some(one.plan_id) == plan_id
                && one.former_indicator_id == Some(id)
        };
        ground.mappings.iter().find(own)
    };
    let all: Vec<&Indicator> = ground.asked.iter().chain(&ground.others).collect();
    let lines = ground
        .asked
        .iter()
        .map(|one| {
            let mut options: Vec<(String, String)> =
                [(SAME, locale.rollover_same()), (COPY, locale.rollover_copy()), (DROP, locale.rollover_drop())]
                    .map(|(key, text)| (key.to_owned(), text.to_owned()))
                    .to_vec();
            let others = all.iter().filter(|other| other.id != one.id);
            options.extend(others.map(|other| (other.key.clone(), locale.rollover_to(indicator_name(locale, other)))));
            let value = match settled(one.id) {
                Some(Mapping { indicator_id: None, .. }) => DROP.to_owned(),
                Some(Mapping { indicator_id: Some(id), .. }) if *id != one.id => {
                    all.iter().find(|other| other.id == *id).map_or(SAME.to_owned(), |other| other.key.clone())
                }
                _ => SAME.to_owned(),
            };
            view! { <Select name=format!("map.{}", one.key) label=indicator_name(locale, one) options value/> }
        })
        .collect_view();
    let added: Vec<(String, String)> =
        ground.others.iter().map(|one| (one.key.clone(), indicator_name(locale, one))).collect();
    let new = |id: i64| {
        ground.mappings.iter().any(|one| {
            Some(one.plan_id) == plan_id && one.former_indicator_id.is_none() && one.indicator_id == Some(id)
        })
    };
    let added_before: Vec<String> = ground.others.iter().filter(|one| new(one.id)).map(|one| one.key.clone()).collect();
    let targets: Vec<(String, String)> = ground
        .targets
        .iter()
        .filter_map(|(target, owner)| {
            let one = ground.asked.iter().find(|one| one.id == target.indicator_id)?;
            let value = value_words(locale, one.kind, target.value);
            let year = year_words(locale, one, target.year);
            let name = indicator_name(locale, one);
            Some((target.id.to_string(), locale.rollover_target(name, &owner.short_name, value, year)))
        })
        .collect();
    let (has_others, has_targets) = (!added.is_empty(), !targets.is_empty());
    let code = unit.code.clone();
    view! {
        <Form action="settle">
            <input type="hidden" name="unit" value=code/>
            <Select name="next" label=locale.rollover_next() options=nexts value=chosen/>
            <details open=is_new>
                <summary>{locale.rollover_new_plan()}</summary>
                <Field name="name" label=locale.plan_name()/>
                <Field name="from" label=locale.plan_from() kind="date" value=from/>
                <Field name="to" label=locale.plan_to() kind="date" value=to/>
            </details>
            <h2>{locale.rollover_lines()}</h2>
            <div class="grid">{lines}</div>
            {has_others.then(|| view! {
                <Choices name="new" label=locale.rollover_added() options=added chosen=added_before first=8/>
            })}
            {has_targets.then(|| view! {
                <Choices name="take" label=locale.rollover_targets() options=targets hint=locale.rollover_targets_hint()/>
            })}
            <p><button class="button primary">{locale.rollover_save()}</button></p>
        </Form>
    }
}

/// Takes back what the unit itself settled with the plan that is shown.
fn back_form(ctx: &Ctx, unit: &Unit, ground: &Ground) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let chosen = ctx.query.filled("next");
    let next = ground.nexts.iter().find(|plan| chosen.is_none_or(|key| key == plan.key));
    next.filter(|next| rollover_action::may_take_back(ground, unit, next)).map(|next| {
        let (code, key) = (unit.code.clone(), next.key.clone());
        let hint = locale.rollover_back_hint(&unit.short_name);
        view! {
            <Form action="take_back">
                <input type="hidden" name="unit" value=code/>
                <input type="hidden" name="next" value=key/>
                <p class="hint">{hint}</p>
                <p><button class="button">{locale.rollover_back()}</button></p>
            </Form>
        }
    })
}

/// POST `/plans/{key}/next`
pub async fn post_rollover(ctx: Ctx, form: FormData) -> Result<Done> {
    let key = ctx.path.strip_prefix("/plans/").and_then(|rest| rest.strip_suffix("/next")).unwrap_or_default();
    match form.get("do") {
        "settle" => {}
        "take_back" => {
            let unit = form.get("unit");
            let next = rollover_action::take_back(&ctx, key, unit, form.get("next")).await?;
            return Ok(Done::to(format!("/plans/{}?unit={unit}", next.key)).say(ctx.locale.rollover_taken_back()));
        }
        _ => return Err(Error::NotFound),
    }
    let mut problems = Faults::default();
    let is_new = form.get("next").is_empty();
    let mut day = |name: &str| match is_new {
        true => form.optional(name, &mut problems, ctx.locale.plan_day_wanted()),
        false => None,
    };
    let (from, to) = (day("from"), day("to"));
    problems.into_result(())?;
    let draft = RolloverDraft {
        unit: form.get("unit").into(),
        next: form.get("next").into(),
        plan: PlanDraft { key: None, name: form.get("name").into(), from, to, unit: None },
        lines: form.with_prefix("map.").map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        added: form.all("new").into_iter().map(str::to_owned).collect(),
        targets: form.all("take").into_iter().map(|id| id.parse().unwrap_or_default()).collect(),
    };
    let unit = draft.unit.clone();
    let next = rollover_action::settle(&ctx, key, draft).await?;
    Ok(Done::to(format!("/plans/{}?unit={unit}", next.key)).say(ctx.locale.rollover_saved()))
}

/// On a plan's page: what was settled between it and the plan before it, and the ways to settle it.
pub fn settled(
    ctx: &Ctx,
    unit: &Unit,
    plan: &Plan,
    plans: &[Plan],
    indicators: &[Indicator],
    mappings: &[Mapping],
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let former = plans.iter().filter(|other| other.period.to < plan.period.from).max_by_key(|other| other.period.to);
    let may = ctx.someone.as_deref().is_some_and(|actor| actor.may_manage(unit));
    let begin = former.filter(|_| may).map(|former| {
        let address = format!("/plans/{}/next?unit={}&next={}", former.key, unit.code, plan.key);
        view! { <a class="button" href=address>{locale.rollover_from_former()}</a>" " }
    });
    let next = may.then(|| {
        let address = format!("/plans/{}/next?unit={}", plan.key, unit.code);
        view! { <a class="button" href=address>{locale.rollover_begin_next()}</a> }
    });
    let name = |id: Option<i64>| {
        let one = indicators.iter().find(|one| Some(one.id) == id)?;
        let address = format!("/indicators/{}?unit={}", one.key, unit.code);
        Some(view! { <a href=address>{indicator_name(locale, one)}</a> })
    };
    let rows: Vec<_> = mappings
        .iter()
        .filter(|one| one.plan_id == plan.id)
        .map(|one| {
            let relation = match one.relation() {
                Relation::Same => locale.rollover_relation_same(),
                Relation::Changed => locale.rollover_relation_changed(),
                Relation::Dropped => locale.rollover_relation_dropped(),
                Relation::New => locale.rollover_relation_new(),
            };
            let (before, now) = (name(one.former_indicator_id), name(one.indicator_id));
            view! { <tr><td>{before}</td><td>{relation}</td><td>{now}</td></tr> }
        })
        .collect();
    let table = former.filter(|_| !rows.is_empty()).map(|former| {
        let caption = locale.rollover_caption(plan_name(locale, former));
        let heads = vec![
            Head::Text(locale.rollover_before()),
            Head::Text(locale.rollover_relation()),
            Head::Text(locale.rollover_now()),
        ];
        view! { <Table caption heads>{rows}</Table> }
    });
    view! { <section id="rollover">{table}<p>{begin}{next}</p></section> }
}
