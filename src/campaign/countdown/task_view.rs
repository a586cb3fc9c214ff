//! The countdown on a campaign's page: its tasks, ticked off one by one, changed and added.

use super::{
    super::view::day_text,
    task_action::{self, Deed, TaskDraft},
};
use crate::{
    domain::{
        campaign::Campaign,
        countdown::{Planned, Task},
    },
    error::{Error, Result},
    locale::Locale,
    server::{context::Ctx, form::FormData},
    ui::field::{Form, NamedField},
};
use leptos::prelude::*;

/// What stands for a task's number in the fields of one that is not there yet.
const NEW: &str = "new";

/// D−20, D, D+3.
pub(super) fn offset_text(days: i64) -> String {
    match days {
        0 => "D".into(),
        days if days < 0 => format!("D−{}", -days),
        days => format!("D+{days}"),
    }
}

/// What somebody did with a task on a campaign's page.
pub async fn posted(ctx: &Ctx, key: &str, form: &FormData) -> Result<()> {
    let id = || form.get("task").parse::<i64>().map_err(|_| Error::NotFound);
    // Each task's fields bear its number, so that what was refused comes back where it was typed.
    let suffix = if form.get("do") == "task_add" { NEW } else { form.get("task") };
    let text = |name: &str| form.get(&format!("{name}.{suffix}"));
    let draft =
        || TaskDraft { offset: text("offset").parse().ok(), what: text("what").into(), owner: text("owner").into() };
    let deed = match form.get("do") {
        "task_done" => Deed::Done(id()?),
        "task_open" => Deed::Open(id()?),
        "task_drop" => Deed::Drop(id()?),
        "task_change" => Deed::Change(id()?, draft()),
        "task_add" => Deed::Add(draft()),
        "task_template" => Deed::Template,
        _ => return Err(Error::NotFound),
    };
    task_action::act(ctx, key, deed).await.map_err(|error| match error {
        Error::Invalid(mut problems) => {
            for problem in &mut problems {
                problem.field = format!("{}.{suffix}", problem.field);
            }
            Error::Invalid(problems)
        }
        other => other,
    })
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
    let open = ctx.refused.as_ref().is_some_and(|refused| refused.form.get("do") == "task_add");
    let add = may.then(|| {
        view! {
            <details open=open>
                <summary>{locale.task_add()}</summary>
                <Form action="task_add">
                    {task_fields(locale, NEW, None)}
                    <p><button class="button" type="submit">{locale.task_save()}</button></p>
                </Form>
            </details>
        }
    });
    Some(view! { <section id="tasks"><h2>{locale.tasks_title()}</h2>{list}{add}</section> }.into_any())
}

/// The fields of a task; `suffix` is its number, or [`NEW`].
fn task_fields(locale: Locale, suffix: &str, task: Option<&Planned>) -> impl IntoView + use<> {
    let offset = task.map(|task| task.offset.to_string()).unwrap_or_default();
    let what = task.map(|task| task.what.clone()).unwrap_or_default();
    let owner = task.map(|task| task.owner.clone()).unwrap_or_default();
    let named = |part: &str| format!("{part}.{suffix}");
    view! {
        <NamedField name=named("offset") kind="number" label=locale.task_offset() hint=locale.task_offset_hint() value=offset required=true/>
        <NamedField name=named("what") label=locale.task_what() value=what required=true/>
        <NamedField name=named("owner") label=locale.task_owner() value=owner/>
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
        let label = format!(" {what}");
        let (for_edit, for_drop) = (label.clone(), label.clone());
        let [a, b, c] = [id.clone(), id.clone(), id.clone()];
        let fields = task_fields(locale, &id, Some(&task.plan));
        let open = ctx.refused.as_ref().is_some_and(|refused| {
            refused.form.get("do") == "task_change" && refused.form.get("task") == id
        });
        view! {
            <Form action=action class="inline">
                <input type="hidden" name="task" value=a/>
                <button class="button" type="submit">{text}<span class="visually-hidden">{label}</span></button>
            </Form>
            <details open=open>
                <summary>{locale.edit()}<span class="visually-hidden">{for_edit}</span></summary>
                <Form action="task_change">
                    <input type="hidden" name="task" value=b/>
                    {fields}
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
