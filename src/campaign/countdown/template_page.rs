//! `/countdowns/:key?unit=`: the template by which campaigns on a key date count down; `general` is for any campaign.

use super::{
    super::view::{day_text, period_text},
    task_view::offset_text,
    template_action::{self, GENERAL, Shown},
};
use crate::{
    domain::countdown::{From, Step, StepDraft},
    error::{Error, Result},
    locale::Locale,
    server::{
        context::Ctx,
        form::{Done, FormData},
    },
    ui::{
        field::{Form, NamedField, Problems, Select},
        page::{Page, page},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Empty rows below the steps of the form.
const SPARE: usize = 3;
/// The most rows that a posted form is read for; more than a template may have, so that too many are told of.
const ROWS: usize = 100;

/// What somebody did with a template.
pub async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let key = ctx.path.trim_start_matches("/countdowns/").to_owned();
    let code = ctx.query.filled("unit").map(str::to_owned);
    let code = code.as_deref();
    let said = match form.get("do") {
        "put" => {
            let text = |name: &str, row: usize| form.get(&format!("{name}.{row}")).to_owned();
            let step = |row| StepDraft {
                row,
                from: text("from", row),
                days: text("days", row),
                what: text("what", row),
                owner: text("owner", row),
            };
            let steps: Vec<StepDraft> = (0..ROWS).map(step).collect();
            let unit = template_action::put(&ctx, code, &key, form.get("day_d"), &steps).await?;
            ctx.locale.template_saved(&unit.short_name)
        }
        "withdraw" => {
            template_action::withdraw(&ctx, code, &key).await?;
            ctx.locale.template_withdrawn().to_owned()
        }
        _ => return Err(Error::NotFound),
    };
    Ok(Done::to(ctx.here()).say(said))
}

/// One template.
pub fn countdown() -> impl IntoView {
    let key = use_params_map().get_untracked().get("key").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let shown = template_action::show(&ctx, ctx.query.filled("unit"), &key).await?;
        let may = ctx.actor()?.may_manage(&shown.unit);
        let name = match &shown.key_date {
            Some(one) => locale.name(&one.name, one.name_en.as_deref()).to_owned(),
            None => locale.template_any().to_owned(),
        };
        let keeper = match &shown.keeper {
            Some(unit) => locale.template_of(&unit.short_name),
            None => locale.template_built_in().to_owned(),
        };
        let is_general = shown.key_date.is_some() && shown.template.key_date_id.is_none();
        let lent = is_general.then(|| {
            let address = format!("/countdowns/{GENERAL}?unit={}", shown.unit.code);
            view! { " "<a href=address>{locale.template_lent()}</a> }
        });
        let edit = may.then(|| form(&ctx, &shown));
        let body = view! {
            <p class="lead">{locale.template_lead()}</p>
            <p>{keeper}{lent}</p>
            {steps(&ctx, &shown)}
            {edit}
            <p>{shown.key_date.as_ref().map(|one| {
                let address = format!("/key-dates/{}?unit={}", one.key, shown.unit.code);
                view! { <a href=address>{locale.key_dates_title()}": "{name.clone()}</a> }
            })}</p>
        };
        Ok(Page::new("/calendar", locale.template_title(&name), body))
    })
}

/// When a step is due, counted from day D or from the end.
fn when(locale: Locale, step: &Step) -> String {
    match (step.from, step.days) {
        (From::Day, days) => offset_text(days),
        (From::End, days) if days < 0 => locale.template_before_end(-days),
        (From::End, days) => locale.template_after_end(days),
    }
}

/// The steps as they hold, with their days for the key date's next time.
fn steps(ctx: &Ctx, shown: &Shown) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let next = shown.next.as_ref().map(|one| one.period);
    let mut ordered = shown.template.steps.clone();
    ordered.sort_by_key(|step| (step.from == From::End, step.days));
    let items = ordered
        .iter()
        .map(|step| {
            let one = crate::domain::countdown::Template { steps: vec![step.clone()], ..shown.template.clone() };
            let due = next.and_then(|period| one.plan(period).first().map(|task| day_text(locale, task.due)));
            view! {
                <li>
                    <span class="when">{when(locale, step)}{due.map(|due| format!(" · {due}"))}</span>
                    <span class="what">{step.what.clone()}" "<span class="muted">{step.owner.clone()}</span></span>
                </li>
            }
        })
        .collect_view();
    let day = next.map(|period| {
        let day = day_text(locale, shown.template.day_d(period));
        view! { <p class="hint">{locale.template_next(period_text(locale, period))}" · "{locale.tasks_day_d(day)}</p> }
    });
    view! { <section><h2>{locale.tasks_title()}</h2>{day}<ol class="countdown">{items}</ol></section> }
}

/// The form of the unit's own template, filled with what holds.
fn form(ctx: &Ctx, shown: &Shown) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let own = shown.is_own();
    let typed = ctx
        .refused
        .as_ref()
        .map(|refused| (0..ROWS).rev().find(|row| refused.form.has(&format!("what.{row}"))).map_or(0, |last| last + 1));
    let steps = &shown.template.steps;
    let rows = typed.unwrap_or(steps.len() + SPARE);
    let froms = vec![
        (From::Day.key().to_owned(), locale.template_from_day().to_owned()),
        (From::End.key().to_owned(), locale.template_from_end().to_owned()),
    ];
    let fields = (0..rows)
        .map(|row| {
            let step = steps.get(row);
            let text = |of: fn(&Step) -> String| step.map(of).unwrap_or_default();
            let (days, from) = (text(|step| step.days.to_string()), text(|step| step.from.key().to_owned()));
            let (what, owner) = (text(|step| step.what.clone()), text(|step| step.owner.clone()));
            view! {
                <fieldset>
                    <legend>{row + 1}</legend>
                    <Select name=format!("from.{row}") label=locale.template_from() options=froms.clone() value=from/>
                    <NamedField name=format!("days.{row}") kind="number" label=locale.template_days() value=days/>
                    <NamedField name=format!("what.{row}") label=locale.task_what() value=what/>
                    <NamedField name=format!("owner.{row}") label=locale.task_owner() value=owner/>
                </fieldset>
            }
        })
        .collect_view();
    let day = shown.template.day_d.map(|(month, day)| format!("{month:02}-{day:02}")).unwrap_or_default();
    let withdraw = own.then(|| {
        view! { <Form action="withdraw"><p><button class="button">{locale.template_withdraw()}</button></p></Form> }
    });
    let (change, save) = (locale.template_change(&shown.unit.short_name), locale.template_save(&shown.unit.short_name));
    view! {
        <details id="own" open=ctx.refused.is_some()>
            <summary class="button">{change}</summary>
            <Problems/>
            <Form action="put">
                <NamedField name="day_d".to_owned() label=locale.template_day() hint=locale.template_day_hint() value=day/>
                <p class="hint">{locale.template_hint()}</p>
                <div class="steps">{fields}</div>
                <p><button class="button primary" type="submit">{save}</button></p>
            </Form>
        </details>
        {withdraw}
    }
}
