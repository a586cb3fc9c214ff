//! `/tasks`: everybody's own list. What is to be done this week: events, tasks of countdowns, goals that close; what was
//! missed, and what comes next.

use super::action::BACK;
use crate::{
    campaign::{
        countdown::task_store::{self, Due},
        event_store,
        view::{day_text, event_task},
    },
    domain::{
        access::{Role, Scope},
        event::Event,
        period::{Day, Each, Period},
        unit::Unit,
    },
    error::Result,
    locale::Locale,
    plan::words::with_word,
    review, roster,
    schedule::gap_action::{self, GapRow},
    server::{context::Ctx, db::Conn},
    ui::page::{Page, page},
    unit,
};
use chrono::Days;
use leptos::prelude::*;

/// How far ahead the next events are shown, in days; missed ones stand as long as on the first page.
const AHEAD_DAYS: u64 = 30;
/// How many tasks of countdowns and how many gaps are listed.
const TASKS: i64 = 30;
const GAPS: usize = 8;

/// The reader's list.
pub fn tasks() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let actor = ctx.actor()?;
        let mut conn = ctx.db.read().await?;
        let week = Each::Week.around(ctx.today).unwrap_or(Period { from: ctx.today, to: ctx.today });
        let asked = Period { from: ctx.today - Days::new(BACK), to: ctx.today + Days::new(AHEAD_DAYS) };
        let events = event_store::waiting(&mut conn, &actor.scope(), asked).await?;
        let home = home(&ctx, &mut conn).await?;
        let due = match &home {
            Some(unit) if actor.may_manage(unit) => task_store::due(&mut conn, unit, week.to, TASKS).await?,
            _ => Vec::new(),
        };
        let returned = review::entry_view::returned(&ctx, &mut conn).await?;
        let minded = match &home {
            Some(unit) => roster::mind::reminders(&ctx, &mut conn, unit).await?,
            None => Vec::new(),
        };
        drop(conn);
        let mut gaps = match &home {
            Some(unit) => gap_action::gaps(&ctx, unit, None, None).await?.rows,
            None => Vec::new(),
        };
        gaps.retain(|gap| gap.closes <= week.to && gap.missing > gap.irrecoverable as f64);
        let part = |from: Day, to: Day| -> Vec<Event> {
            events.iter().filter(|event| from <= event.day && event.day <= to).cloned().collect()
        };
        let yesterday = ctx.today - Days::new(1);
        let (overdue, now, next) =
            (part(asked.from, yesterday), part(ctx.today, week.to), part(week.to + Days::new(1), asked.to));
        let manages = actor.is_any(&[Role::Admin, Role::Officer]);
        let nothing = events.is_empty() && due.is_empty() && gaps.is_empty() && returned.is_none() && minded.is_empty();
        let empty = nothing.then(|| {
            let (address, text) = match manages {
                true => ("/campaigns", locale.tasks_plan()),
                false => ("/log", locale.log_activity()),
            };
            view! {
                <div class="empty">
                    <p>{locale.tasks_empty()}</p>
                    <p><a class="button primary" href=address>{text}</a></p>
                </div>
            }
        });
        let earlier = (!overdue.is_empty()).then(|| {
            view! {
                {section(&ctx, locale.tasks_overdue(), overdue)}
                <p class="hint">{locale.tasks_overdue_window(BACK)}" "<a href="/campaigns">{locale.tasks_overdue_all()}</a></p>
            }
        });
        let body = view! {
            {empty}
            {returned}
            {section(&ctx, locale.tasks_this_week(), now)}
            {countdown(&ctx, &due)}
            {home.as_ref().and_then(|unit| closing(locale, unit, &gaps))}
            {home.as_ref().and_then(|unit| roster::mind::tasks(&ctx, unit, &minded))}
            {earlier}
            {section(&ctx, locale.tasks_next(), next)}
            <p><a href="/calendar">{locale.tasks_calendar()}</a> " · " <a href="/feeds">{locale.feeds_title()}</a>
                {manages.then(|| view! { " · " <a href="/review">{locale.review_title()}</a> })}</p>
        };
        let section = if manages { "/campaigns" } else { "/tasks" };
        Ok(Page::new(section, locale.nav_tasks(), body))
    })
}

/// Where the reader is at home.
async fn home(ctx: &Ctx, conn: &mut Conn) -> Result<Option<Unit>> {
    Ok(match ctx.actor()?.home_unit_id() {
        Some(id) => Some(unit::store::by_id(conn, &Scope::everything(), id).await?),
        None => None,
    })
}

fn section(ctx: &Ctx, title: &'static str, events: Vec<Event>) -> Option<impl IntoView> {
    if events.is_empty() {
        return None;
    }
    Some(view! {
        <section>
            <h2>{title}" "<span class="muted">{events.len()}</span></h2>
            <ul class="tasks">{events.iter().map(|event| event_task(ctx, event)).collect_view()}</ul>
        </section>
    })
}

/// The tasks of countdowns that are due by the week's end, ticked off on their campaign's page.
fn countdown(ctx: &Ctx, due: &[Due]) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let items = due
        .iter()
        .map(|task| {
            let late = (task.due_day < ctx.today).then(|| view! { " "<span class="tag bad">{locale.task_due()}</span> });
            view! {
                <li class="task">
                    <p class="when"><time datetime=task.due_day.to_string()>{day_text(locale, task.due_day)}</time>{late}</p>
                    <p class="what">{task.what.clone()}" "<span class="muted">{task.owner.clone()}" · "{task.title.clone()}</span></p>
                    <p class="action">
                        <a class="button" href=format!("/campaigns/{}#tasks", task.campaign)>
                            {locale.dash_task_see()}<span class="visually-hidden">" "{task.what.clone()}</span>
                        </a>
                    </p>
                </li>
            }
        })
        .collect_view();
    (!due.is_empty()).then(|| {
        view! {
            <section>
                <h2>{locale.tasks_countdown()}" "<span class="muted">{due.len()}</span></h2>
                <ul class="tasks">{items}</ul>
            </section>
        }
    })
}

/// What is still missing of goals that close by the week's end.
fn closing(locale: Locale, unit: &Unit, gaps: &[GapRow]) -> Option<impl IntoView + use<>> {
    let items = gaps
        .iter()
        .take(GAPS)
        .map(|gap| {
            let missing = with_word(gap.missing - gap.irrecoverable as f64, &gap.unit_word);
            view! {
                <li class="task">
                    <p class="when">{locale.tasks_closes(day_text(locale, gap.closes))}</p>
                    <p class="what">{gap.unit_name.clone()}" · "{locale.tasks_missing(missing, &gap.name)}</p>
                </li>
            }
        })
        .collect_view();
    let left = gaps.len().saturating_sub(GAPS);
    let more = if left > 0 { locale.dash_more(left) } else { locale.tasks_gaps().to_owned() };
    let address = format!("/gaps?unit={}", unit.code);
    (!gaps.is_empty()).then(|| {
        view! {
            <section>
                <h2>{locale.tasks_closing()}" "<span class="muted">{gaps.len()}</span></h2>
                <ul class="tasks">{items}</ul>
                <p><a href=address>{more}</a></p>
            </section>
        }
    })
}
