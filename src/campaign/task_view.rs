//! The countdown on a campaign's page: its tasks, ticked off one by one, changed and added.

use super::{
    task_action::{self, Deed, TaskDraft},
    view::day_text,
};
use crate::{
    domain::{campaign::Campaign, countdown::Task},
    error::{Error, Result},
    locale::Locale,
    server::{context::Ctx, form::FormData},
    ui::field::{Field, Form},
};
use leptos::prelude::*;

/// D−20, D, D+3.
fn offset_text(days: i64) -> String {
    match days {
        0 => "D".into(),
        days if days < 0 => format!("D−{}", -days),
        days => format!("D+{days}"),
    }
}

/// What somebody did with a task on a campaign's page.
pub async fn posted(ctx: &Ctx, key: &str, form: &FormData) -> Result<()> {
    let id = || form.get("task").parse::<i64>().map_err(|_| Error::NotFound);
    let draft = || TaskDraft {
        offset: form.get("offset").parse().ok(),
        what: form.get("what").into(),
        owner: form.get("owner").into(),
    };
    let deed = match form.get("do") {
        "task_done" => Deed::Done(id()?),
        "task_open" => Deed::Open(id()?),
        "task_drop" => Deed::Drop(id()?),
        "task_change" => Deed::Change(id()?, draft()),
        "task_add" => Deed::Add(draft()),
        "task_template" => Deed::Template,
        _ => return Err(Error::NotFound),
    };
    task_action::act(ctx, key, deed).await
}

/// The section of a campaign's page.
pub fn section(ctx: &Ctx, campaign: &Campaign, tasks: &[Task], may: bool) -> Option<AnyView> {
    let locale = ctx.locale;
    if tasks.is_empty() && !may {
        return None;
    }
    let d = day_text(locale, task_action::day_d(campaign, tasks));
    let items = tasks.iter().map(|task| line(ctx, task, may)).collect_view();
    let list = match tasks.is_empty() {
        true => view! {
            <p class="muted">{locale.tasks_none()}</p>
            <Form action="task_template"><p><button class="button" type="submit">{locale.tasks_template()}</button></p></Form>
        }
        .into_any(),
        false => view! { <p class="hint">{locale.tasks_day_d(d)}</p><ol class="countdown">{items}</ol> }.into_any(),
    };
    let is_refused = |what: &str| ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == what);
    let open = is_refused("task_add") || is_refused("task_change");
    let changed = ctx.refused.as_ref().filter(|refused| refused.form.get("do") == "task_change");
    let changed = changed.map(|refused| refused.form.get("task").to_owned());
    let add = may.then(|| {
        // What was refused is mended where it was typed: the form of a change keeps its task.
        let action = if changed.is_some() { "task_change" } else { "task_add" };
        let task = changed.map(|id| view! { <input type="hidden" name="task" value=id/> });
        view! {
            <details open=open>
                <summary>{locale.task_add()}</summary>
                <Form action=action>
                    {task}
                    {task_fields(locale)}
                    <p><button class="button" type="submit">{locale.task_save()}</button></p>
                </Form>
            </details>
        }
    });
    Some(view! { <section id="tasks"><h2>{locale.tasks_title()}</h2>{list}{add}</section> }.into_any())
}

fn task_fields(locale: Locale) -> impl IntoView {
    view! {
        <Field name="offset" kind="number" label=locale.task_offset() hint=locale.task_offset_hint() required=true/>
        <Field name="what" label=locale.task_what() required=true/>
        <Field name="owner" label=locale.task_owner()/>
    }
}

fn line(ctx: &Ctx, task: &Task, may: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let id = task.id.to_string();
    let what = task.plan.what.clone();
    let state = match &task.done {
        Some((by, at)) => {
            let day = crate::domain::event::day_of(*at);
            view! { <span class="tag good">{locale.task_done_by(by, day)}</span> }.into_any()
        }
        None if task.is_due(ctx.today) => view! { <span class="tag bad">{locale.task_due()}</span> }.into_any(),
        None => view! { <span class="tag quiet">{locale.task_open()}</span> }.into_any(),
    };
    let (action, text) =
        if task.done.is_some() { ("task_open", locale.task_reopen()) } else { ("task_done", locale.task_tick()) };
    let forms = may.then(|| {
        let (offset, owner) = (task.plan.offset.to_string(), task.plan.owner.clone());
        let (label, typed) = (format!(" {what}"), what.clone());
        let (for_edit, for_drop) = (label.clone(), label.clone());
        let (ids, named) = ([id.clone(), id.clone(), id.clone()], |part: &str| format!("task-{id}-{part}"));
        let [a, b, c] = ids;
        let (f_offset, f_what, f_owner) = (named("offset"), named("what"), named("owner"));
        view! {
            <Form action=action class="inline">
                <input type="hidden" name="task" value=a/>
                <button class="button" type="submit">{text}<span class="visually-hidden">{label}</span></button>
            </Form>
            <details>
                <summary>{locale.edit()}<span class="visually-hidden">{for_edit}</span></summary>
                <Form action="task_change">
                    <input type="hidden" name="task" value=b/>
                    <div class="field"><label for=f_offset.clone()>{locale.task_offset()}</label>
                        <input id=f_offset name="offset" type="number" value=offset/></div>
                    <div class="field"><label for=f_what.clone()>{locale.task_what()}</label>
                        <input id=f_what name="what" value=typed/></div>
                    <div class="field"><label for=f_owner.clone()>{locale.task_owner()}</label>
                        <input id=f_owner name="owner" value=owner/></div>
                    <p><button class="button" type="submit">{locale.task_save()}</button></p>
                </Form>
                <Form action="task_drop" class="inline">
                    <input type="hidden" name="task" value=c/>
                    <button class="button danger" type="submit">{locale.task_drop()}<span class="visually-hidden">{for_drop}</span></button>
                </Form>
            </details>
        }
    });
    view! {
        <li>
            <span class="when">{offset_text(task.plan.offset)}" · "{day_text(locale, task.plan.due)}</span>
            <span class="what">{what.clone()}" "<span class="muted">{task.plan.owner.clone()}</span>" "{state}</span>
            {forms}
        </li>
    }
}
