//! What is to be done today, what comes next, and what was logged last.

use super::action::{BACK, Home, Place, WAITING};
use crate::{
    domain::{
        access::Actor,
        event::{Event, State},
        goal::Status,
        indicator::Kind,
        period::{Day, Each, Month, Period},
    },
    locale::Locale,
    plan::action::GoalRow,
    server::context::Ctx,
};
use chrono::{Datelike, Days};
use leptos::prelude::*;

/// How many events stand in a list before it leads to the calendar.
const SHOWN: usize = 5;
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

/// How soon something has to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Urgency {
    Overdue,
    Today,
    Week,
    Later,
}

impl Urgency {
    /// By the day on which it is due. Weeks end on Sunday.
    fn of(day: Day, today: Day) -> Urgency {
        let week = Each::Week.around(today).map_or(today, |week| week.to);
        match day {
            _ if day < today => Urgency::Overdue,
            _ if day == today => Urgency::Today,
            _ if day <= week => Urgency::Week,
            _ => Urgency::Later,
        }
    }

    fn heading(self, locale: Locale) -> &'static str {
        match self {
            Urgency::Overdue => locale.dash_to_do_overdue(),
            Urgency::Today => locale.dash_today(),
            Urgency::Week => locale.dash_to_do_week(),
            Urgency::Later => locale.dash_to_do_later(),
        }
    }
}

/// One thing to do, how soon, and where it is done.
struct ToDo {
    when: Urgency,
    text: String,
    action: &'static str,
    address: String,
}

/// What is to be done besides the events of today: events gone by without an entry, tasks, drafts, entries to look at, late
/// ones, goals that close soonest, villages without anything this month. What has no day waits since today.
fn to_do(ctx: &Ctx, home: &Home) -> Vec<ToDo> {
    let locale = ctx.locale;
    let code = &home.unit.code;
    let month = Month::of(ctx.today);
    let missed = home.events.iter().filter(|event| event.state(ctx.today) == State::Missed).count();
    let quiet = match &home.place {
        Place::Town(rows) => rows.iter().filter(|row| row.month == month && row.activities == 0).count(),
        _ => 0,
    };
    let by = |day: Day| Urgency::of(day, ctx.today);
    let mut all = Vec::new();
    let mut add = |when: Urgency, text: String, action: &'static str, address: String| {
        all.push(ToDo { when, text, action, address });
    };
    if missed > 0 {
        add(Urgency::Overdue, locale.dash_missed_events(missed, BACK), locale.dash_log_events(), "/tasks".into());
    }
    for task in &home.due {
        let text = locale.dash_task_due(day_text(locale, task.due_day), &task.title, &task.what);
        add(by(task.due_day), text, locale.dash_task_see(), format!("/campaigns/{}#tasks", task.campaign));
    }
    let drafts = format!("/campaigns?unit={code}#drafts");
    for one in home.drafts.iter().take(DRAFTS) {
        let name = locale.name(&one.name, one.name_en.as_deref());
        let text = match (one.period.from - ctx.today).num_days() {
            0 => locale.dash_draft_today(name),
            days => locale.dash_draft(days, name),
        };
        add(by(one.period.from.max(ctx.today)), text, locale.dash_draft_see(), drafts.clone());
    }
    if home.drafts.len() > DRAFTS {
        let text = locale.dash_drafts_more(home.drafts.len() - DRAFTS);
        add(Urgency::Later, text, locale.dash_draft_see(), drafts);
    }
    for entry in home.asked.iter().take(ASKED) {
        let kind = locale.name(&entry.type_name, entry.type_name_en.as_deref());
        let text = locale.dash_asked(day_text(locale, entry.day), kind, &entry.unit_name);
        add(Urgency::Today, text, locale.dash_asked_see(), format!("/activities/{}", entry.id));
    }
    if home.waiting > 0 {
        let text = match home.waiting {
            WAITING.. => locale.dash_review_many(WAITING),
            few => locale.dash_review(few),
        };
        add(Urgency::Today, text, locale.dash_review_see(), format!("/review?unit={code}"));
    }
    if home.rosters > 0 {
        let address = format!("/rosters?unit={code}#reminders");
        add(Urgency::Later, locale.roster_mind_many(home.rosters), locale.roster_mind_see(), address);
    }
    if home.late > 0 {
        let address = format!("/activities?unit={code}&year={}&late=1", home.year);
        add(Urgency::Later, locale.dash_late_entries(home.late, home.year), locale.dash_late_see(), address);
    }
    for goal in closing(home) {
        let (action, address) = match goal.kind {
            Kind::Stock => (locale.dash_closing_enter(), format!("/stocks?unit={code}")),
            _ => (locale.dash_closing_see(), format!("/gaps?unit={code}#gap-{}", goal.indicator)),
        };
        add(by(goal.closes.max(ctx.today)), locale.dash_closing(&goal.name, &goal.words), action, address);
    }
    if quiet > 0 {
        let address = format!("/calendar?month={month}&unit={code}");
        add(by(month.last()), locale.dash_quiet_villages(quiet), locale.dash_plan_here(), address);
    }
    // Stable: within a group the order stays.
    all.sort_by_key(|one| one.when);
    all
}

/// 今天要办: what is overdue, what is for today, for this week, and what comes after; each with its one action.
pub fn today(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let is_open = |event: &&Event| event.state(ctx.today) != State::Cancelled && event.activity.is_none();
    let now: Vec<&Event> = home.events.iter().filter(|event| event.day == ctx.today).filter(is_open).collect();
    let calendar = format!("/calendar?month={}&unit={}", Month::of(ctx.today), home.unit.code);
    let mut events = (!now.is_empty()).then(|| list(ctx, &now, calendar).into_any());
    let to_do = to_do(ctx, home);
    let nothing = now.is_empty() && to_do.is_empty();
    let unnamed = home.asked.len().saturating_sub(ASKED);
    let groups: Vec<_> = [Urgency::Overdue, Urgency::Today, Urgency::Week, Urgency::Later]
        .into_iter()
        .filter_map(|when| {
            let own: Vec<&ToDo> = to_do.iter().filter(|one| one.when == when).collect();
            let events = if when == Urgency::Today { events.take() } else { None };
            let count = own.len() + if events.is_some() { now.len() } else { 0 };
            if count == 0 {
                return None;
            }
            let lines = own.iter().map(|one| to_do_line(one)).collect_view();
            let lines = (!own.is_empty()).then(|| view! { <ul class="todo-list">{lines}</ul> });
            let more = (when == Urgency::Today && unnamed > 0)
                .then(|| view! { <p class="muted">{locale.dash_asked_more(unnamed)}</p> });
            let heading = view! { {when.heading(locale)}" "<span class="muted">{count}</span> };
            Some(match when {
                Urgency::Later => view! {
                    <details class="brief"><summary><h3>{heading}</h3></summary>{lines}</details>
                }
                .into_any(),
                _ => {
                    let class = if when == Urgency::Overdue { "overdue" } else { "" };
                    view! { <h3 class=class>{heading}</h3> {events} {lines} {more} }.into_any()
                }
            })
        })
        .collect();
    view! {
        <section class="today">
            <h2>{locale.dash_to_do()}</h2>
            {nothing.then(|| view! { <p class="muted">{locale.dash_nothing_today()}</p> })}
            {groups}
        </section>
    }
}

fn to_do_line(one: &ToDo) -> impl IntoView + use<> {
    let ToDo { text, action, address, .. } = one;
    let (text, what) = (text.clone(), text.clone());
    view! {
        <li>
            <span>{text}</span>
            <a class="button" href=address.clone()>{*action}<span class="visually-hidden">" "{what}</span></a>
        </li>
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
        true => key_dates(ctx, home),
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

/// Where no campaign is next: the key dates that one could be planned for.
pub fn key_dates(ctx: &Ctx, home: &Home) -> AnyView {
    let locale = ctx.locale;
    if home.key_dates.is_empty() {
        return view! { <p class="muted">{locale.dash_no_campaigns()}</p> }.into_any();
    }
    let items = home
        .key_dates
        .iter()
        .map(|one| {
            let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
            let address = format!("/key-dates/{}?unit={}", one.key, home.unit.code);
            let day = if one.period.contains(ctx.today) { ctx.today } else { one.period.from };
            let day = if day == ctx.today { locale.dash_today().to_owned() } else { day_text(locale, day) };
            view! { <li><span class="when">{day}</span>" "<a href=address>{name}</a></li> }
        })
        .collect_view();
    view! { <p class="muted">{locale.dash_key_dates_instead()}</p> <ul class="agenda">{items}</ul> }.into_any()
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
            <details class="brief">
                <summary><h2>{locale.dash_recent()}</h2></summary>
                <ul class="agenda">{items}</ul>
                <p><a href=all>{locale.dash_whole_ledger()}</a></p>
            </details>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::Urgency;
    use crate::domain::period::Day;

    #[test]
    fn what_is_overdue_stands_before_today_and_this_week_ends_on_sunday() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        // A Saturday.
        let today = day("2021-11-20");
        let of = |text: &str| Urgency::of(day(text), today);
        assert_eq!(
            ["2021-11-19", "2021-11-20", "2021-11-21", "2021-11-22"].map(of),
            [Urgency::Overdue, Urgency::Today, Urgency::Week, Urgency::Later]
        );
        assert!(Urgency::Overdue < Urgency::Today && Urgency::Week < Urgency::Later);
    }
}
