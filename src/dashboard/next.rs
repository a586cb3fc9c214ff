//! What is to be done today, what comes next, and what was logged last.

use super::action::{Home, Place, WAITING};
use crate::{
    domain::{
        access::Actor,
        event::{Event, State},
        goal::Status,
        indicator::Kind,
        period::{Day, Month, Period},
    },
    locale::Locale,
    plan::action::GoalRow,
    server::context::Ctx,
};
use chrono::{Datelike, Days};
use leptos::prelude::*;

/// How many events stand in a list before it leads to the calendar.
const SHOWN: usize = 8;
/// How many entries with open questions are named; the others are counted.
const ASKED: usize = 4;
/// How many gaps stand among what is to be done today.
const CLOSING: usize = 3;
/// How many key dates with a draft campaign are named; the others are counted.
const DRAFTS: usize = 3;

/// 6月24日 · 24 Jun.
pub fn day_text(locale: Locale, day: Day) -> String {
    match locale {
        Locale::Zh => format!("{}月{}日", day.month(), day.day()),
        Locale::En => day.format("%-d %b").to_string(),
    }
}

/// What is planned, in a word.
pub fn type_text(locale: Locale, event: &Event) -> String {
    match &event.activity_type {
        Some(own) => locale.name(&own.name, own.name_en.as_deref()).to_owned(),
        None => event.campaign_title.clone(),
    }
}

/// Whether the reader completes events at the event's unit.
fn may_log(actor: Option<&Actor>, event: &Event) -> bool {
    use crate::domain::access::Role;
    actor.is_some_and(|actor| {
        actor.grants.iter().any(|grant| grant.role != Role::Leader && event.unit.path.starts_with(&grant.path))
    })
}

/// An event in one line, with its one action.
fn line(ctx: &Ctx, event: &Event) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let what = type_text(locale, event);
    let log =
        (event.activity.is_none() && event.day <= ctx.today && may_log(ctx.someone.as_deref(), event)).then(|| {
            let address = match &event.activity_type {
                Some(own) => format!("/log/{}?event={}", own.key, event.id),
                None => format!("/log?event={}", event.id),
            };
            view! {
                <a class="button" href=address>
                    {locale.dash_log_event()}
                    <span class="visually-hidden">" "{event.unit.short_name.clone()}" "{what.clone()}</span>
                </a>
            }
        });
    let is_today = event.day == ctx.today;
    view! {
        <li>
            <span class="when">
                {if is_today { locale.dash_today().to_owned() } else { day_text(locale, event.day) }}
                " "{event.starts().format("%H:%M").to_string()}
            </span>
            " "
            <a href=format!("/events/{}", event.id)>{event.unit.short_name.clone()}" "{what.clone()}</a>
            " "
            <span class="muted">{event.campaign_title.clone()}</span>
            " "
            {log}
        </li>
    }
}

fn list(ctx: &Ctx, events: &[&Event], more: String) -> impl IntoView + use<> {
    let left = events.len().saturating_sub(SHOWN);
    let items = events.iter().take(SHOWN).map(|event| line(ctx, event)).collect_view();
    view! {
        <ul class="agenda">{items}</ul>
        {(left > 0).then(|| view! { <p><a href=more>{ctx.locale.dash_more(left)}</a></p> })}
    }
}

/// One thing to do and where it is done.
struct ToDo {
    text: String,
    action: &'static str,
    address: String,
}

/// 今天要办: events of today, those gone by without an entry, entries to look at, late ones, the gaps that close soonest,
/// villages without anything this month; each with its one action.
pub fn today(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let code = &home.unit.code;
    let is_open = |event: &&Event| event.state(ctx.today) != State::Cancelled && event.activity.is_none();
    let now: Vec<&Event> = home.events.iter().filter(|event| event.day == ctx.today).filter(is_open).collect();
    let missed: Vec<&Event> = home.events.iter().filter(|event| event.state(ctx.today) == State::Missed).collect();
    let month = Month::of(ctx.today);
    let quiet = match &home.place {
        Place::Town(rows) => rows.iter().filter(|row| row.month == month && row.activities == 0).count(),
        _ => 0,
    };
    let calendar = format!("/calendar?month={month}&unit={code}");
    let mut to_do = Vec::new();
    let mut add = |text: String, action: &'static str, address: String| to_do.push(ToDo { text, action, address });
    if !missed.is_empty() {
        add(locale.dash_missed_events(missed.len()), locale.dash_log_events(), "/tasks".into());
    }
    for task in &home.due {
        let text = locale.dash_task_due(day_text(locale, task.due_day), &task.title, &task.what);
        add(text, locale.dash_task_see(), format!("/campaigns/{}#tasks", task.campaign));
    }
    let drafts = format!("/campaigns?unit={code}#drafts");
    for one in home.drafts.iter().take(DRAFTS) {
        let name = locale.name(&one.name, one.name_en.as_deref());
        let text = match (one.period.from - ctx.today).num_days() {
            0 => locale.dash_draft_today(name),
            days => locale.dash_draft(days, name),
        };
        add(text, locale.dash_draft_see(), drafts.clone());
    }
    if home.drafts.len() > DRAFTS {
        add(locale.dash_drafts_more(home.drafts.len() - DRAFTS), locale.dash_draft_see(), drafts);
    }
    for entry in home.asked.iter().take(ASKED) {
        let kind = locale.name(&entry.type_name, entry.type_name_en.as_deref());
        let text = locale.dash_asked(day_text(locale, entry.day), kind, &entry.unit_name);
        add(text, locale.dash_asked_see(), format!("/activities/{}", entry.id));
    }
    if home.waiting > 0 {
        let count = match home.waiting {
            WAITING.. => locale.review_many(WAITING),
            few => few.to_string(),
        };
        add(locale.dash_review(count), locale.dash_review_see(), format!("/review?unit={code}"));
    }
    if home.rosters > 0 {
        let address = format!("/rosters?unit={code}#reminders");
        add(locale.roster_mind_many(home.rosters), locale.roster_mind_see(), address);
    }
    if home.late > 0 {
        let address = format!("/activities?unit={code}&year={}&late=1", home.year);
        add(locale.dash_late_entries(home.late, home.year), locale.dash_late_see(), address);
    }
    for goal in closing(home) {
        let (action, address) = match goal.kind {
            Kind::Stock => (locale.dash_closing_enter(), format!("/stocks?unit={code}")),
            _ => (locale.dash_closing_see(), format!("/gaps?unit={code}#gap-{}", goal.indicator)),
        };
        add(locale.dash_closing(&goal.name, &goal.words), action, address);
    }
    if quiet > 0 {
        add(locale.dash_quiet_villages(quiet), locale.dash_plan_here(), calendar.clone());
    }
    let has_lines = !to_do.is_empty();
    let nothing = now.is_empty() && !has_lines;
    let unnamed = home.asked.len().saturating_sub(ASKED);
    let lines = to_do
        .into_iter()
        .map(|ToDo { text, action, address }| {
            let what = text.clone();
            view! {
                <li>
                    <span>{text}</span>
                    <a class="button" href=address>{action}<span class="visually-hidden">" "{what}</span></a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="today">
            <h2>{locale.dash_to_do()}</h2>
            {(!now.is_empty()).then(|| list(ctx, &now, calendar.clone()))}
            {nothing.then(|| view! { <p class="muted">{locale.dash_nothing_today()}</p> })}
            {has_lines.then(|| view! { <ul class="todo-list">{lines}</ul> })}
            {(unnamed > 0).then(|| view! { <p class="muted">{locale.dash_asked_more(unnamed)}</p> })}
        </section>
    }
}

/// The goals of a year that still runs which lack something and close soonest.
fn closing(home: &Home) -> Vec<&GoalRow> {
    let mut open: Vec<&GoalRow> = home
        .goals
        .iter()
        .filter(|goal| goal.status == Status::Behind && goal.days_left > 0 && goal.missing > 0.0)
        .collect();
    open.sort_by_key(|goal| goal.days_left);
    open.truncate(CLOSING);
    open
}

/// 接下来是什么: events and campaigns ahead; for a village also what is still to be logged.
pub fn next(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    view! {
        <section>
            <h2>{ctx.locale.dash_next()}</h2>
            {planned(ctx, home)}
        </section>
    }
}

/// Its lists.
pub fn planned(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let code = &home.unit.code;
    let from = match home.place {
        Place::Village(_) => ctx.today - Days::new(31),
        _ => ctx.today,
    };
    let ahead: Vec<&Event> =
        home.events.iter().filter(|event| event.day >= from && !event.cancelled && event.activity.is_none()).collect();
    let calendar = format!("/calendar?unit={code}");
    let events = match ahead.is_empty() {
        true => view! { <p class="muted">{locale.dash_no_events()}</p> }.into_any(),
        false => list(ctx, &ahead, calendar.clone()).into_any(),
    };
    let campaigns = match home.campaigns.is_empty() {
        true => view! { <p class="muted">{locale.dash_no_campaigns()}</p> }.into_any(),
        false => {
            let items = home
                .campaigns
                .iter()
                .map(|campaign| {
                    let Period { from, to } = campaign.period;
                    let when = match (from > ctx.today, from == to) {
                        (true, _) => locale.dash_in_days((from - ctx.today).num_days()),
                        (false, _) => locale.dash_until(day_text(locale, to)),
                    };
                    view! {
                        <li>
                            <a href=format!("/campaigns/{}", campaign.key)>{campaign.title.clone()}</a>" "
                            <span class="muted">{day_text(locale, from)}"–"{day_text(locale, to)}" · "{when}</span>
                        </li>
                    }
                })
                .collect_view();
            view! { <ul class="agenda">{items}</ul> }.into_any()
        }
    };
    let plan = home.manages.then(|| {
        view! { <p><a class="button" href=format!("/campaigns/new?unit={code}")>{locale.dash_step_campaign()}</a></p> }
    });
    view! {
        <div class="stack">
            <div>
                <h3>{locale.dash_events()}</h3>
                {events}
                <p><a href=calendar>{locale.dash_calendar()}</a></p>
            </div>
            <div>
                <h3>{locale.dash_campaigns()}</h3>
                {campaigns}
                {plan}
            </div>
        </div>
    }
}

/// What was logged last.
pub fn recent(ctx: &Ctx, home: &Home) -> Option<AnyView> {
    let locale = ctx.locale;
    if home.recent.is_empty() {
        return None;
    }
    let items = home
        .recent
        .iter()
        .map(|entry| {
            let what = locale.name(&entry.type_name, entry.type_name_en.as_deref()).to_owned();
            view! {
                <li>
                    <span class="when">{day_text(locale, entry.day)}</span>" "
                    <a href=format!("/activities/{}", entry.id)>{entry.unit_name.clone()}" "{what}</a>
                    {entry.late.then(|| view! { " "<span class="tag warn">{locale.dash_late()}</span> })}
                </li>
            }
        })
        .collect_view();
    let all = super::link::Behind::new(&home.unit.code, home.period()).address();
    Some(
        view! {
            <section>
                <h2>{locale.dash_recent()}</h2>
                <ul class="agenda">{items}</ul>
                <p><a href=all>{locale.dash_whole_ledger()}</a></p>
            </section>
        }
        .into_any(),
    )
}
