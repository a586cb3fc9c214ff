//! The calendar: a month as a table of weeks, or as a list.

use super::{
    event_page::task,
    event_store,
    store::{self, PAGE_LIMIT},
    view::{day_text, month_text, period_text, state_text, type_text, unit_filter, weekday, weekdays},
};
use crate::{
    domain::{
        campaign::Campaign,
        event::{Event, State},
        period::{Day, Each, Month, Period},
    },
    server::context::Ctx,
    ui::page::{Page, page},
    unit,
};
use chrono::{Datelike, Days};
use leptos::prelude::*;

/// More events on one day than this are counted, not listed, in the month's table.
const DAY_SHOWN: usize = 6;

/// A month of events and campaigns. `?month=2026-06&unit=CODE&view=list`.
pub fn month() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let scope = ctx.scope()?;
        let mut conn = ctx.db.read().await?;
        let month = Month::parse(ctx.query.get("month"))
            .filter(|month| (2000..=2100).contains(&month.year()))
            .unwrap_or(Month::of(ctx.today));
        let unit = match ctx.query.filled("unit") {
            Some(code) => Some(unit::store::by_code(&mut conn, &scope, code).await?),
            None => None,
        };
        let units = unit::store::all(&mut conn, &scope).await?;
        let is_list = ctx.query.get("view") == "list";
        let shown = if is_list { month.period() } else { weeks_around(month) };
        let drafts = Some(ctx.actor()?.planning_scope());
        let filter = event_store::Filter { unit: unit.clone(), drafts, ..event_store::Filter::default() };
        let events = event_store::in_period(&mut conn, &scope, shown, &filter).await?;
        let filter = store::Filter { unit: unit.clone(), period: Some(shown), theme: None };
        let mut campaigns = store::list(&mut conn, &scope, &filter, None, PAGE_LIMIT).await?;
        campaigns.retain(|campaign| !campaign.cancelled);
        let calendar = match is_list {
            true => list(&ctx, month, &events, &campaigns).into_any(),
            false => grid(&ctx, month, shown, &events, &campaigns).into_any(),
        };
        let title = month_text(locale, month);
        let mut kept = vec![("month", month.to_string())];
        if is_list {
            kept.push(("view", "list".to_owned()));
        }
        let body = view! {
            {toolbar(&ctx, month, is_list)}
            {(units.len() > 1).then(|| unit_filter(&ctx, "/calendar", kept, units, unit))}
            {calendar}
        };
        Ok(Page::new("/calendar", title, body))
    })
}

/// The weeks, Monday to Sunday, in which a month lies.
fn weeks_around(month: Month) -> Period {
    let week = |day: Day| Each::Week.around(day).unwrap_or(Period { from: day, to: day });
    Period { from: week(month.first()).from, to: week(month.last()).to }
}

fn toolbar(ctx: &Ctx, month: Month, is_list: bool) -> impl IntoView {
    let locale = ctx.locale;
    let to = |month: Month| format!("/calendar?{}", ctx.query.with("month", Some(&month.to_string())));
    let (view, text) =
        if is_list { (None, locale.calendar_as_table()) } else { (Some("list"), locale.calendar_as_list()) };
    let other = format!("/calendar?{}", ctx.query.with("view", view));
    view! {
        <nav class="toolbar" aria-label=locale.calendar_months()>
            <a class="button" rel="prev" href=to(month.previous())>{locale.calendar_previous()}</a>
            <a class="button" href=to(Month::of(ctx.today))>{locale.calendar_this_month()}</a>
            <a class="button" rel="next" href=to(month.next())>{locale.calendar_next()}</a>
            <a class="button" href=other>{text}</a>
            <a class="button" href="/key-dates">{locale.key_dates_title()}</a>
        </nav>
    }
}

fn state_class(state: State) -> &'static str {
    match state {
        State::Planned => "event planned",
        State::Done => "event done",
        State::Cancelled => "event cancelled",
        State::Missed => "event missed",
    }
}

/// Weeks as rows; the campaigns of a week stand below its days as bars.
fn grid(ctx: &Ctx, month: Month, shown: Period, events: &[Event], campaigns: &[Campaign]) -> impl IntoView {
    let locale = ctx.locale;
    let heads = weekdays(locale).into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    let weeks = Each::Week
        .split(shown)
        .into_iter()
        .map(|week| {
            let days = week.each_day().map(|day| cell(ctx, month, day, events)).collect_view();
            let bars = campaigns.iter().filter_map(|campaign| bar(week, campaign)).collect_view();
            view! { <tbody class="week"><tr class="days">{days}</tr>{bars}</tbody> }
        })
        .collect_view();
    view! {
        <table class="month">
            <caption class="visually-hidden">{month_text(locale, month)}</caption>
            <thead><tr>{heads}</tr></thead>
            {weeks}
        </table>
    }
}

fn cell(ctx: &Ctx, month: Month, day: Day, events: &[Event]) -> impl IntoView {
    let locale = ctx.locale;
    let own: Vec<&Event> = events.iter().filter(|event| event.day == day).collect();
    let more = own.len().saturating_sub(DAY_SHOWN);
    let items = own
        .iter()
        .take(DAY_SHOWN)
        .map(|event| {
            let state = event.state(ctx.today);
            let words =
                (state != State::Planned).then(|| view! { <span class="state">{state_text(locale, state)}</span> });
            let time = event.starts().format("%H:%M").to_string();
            let title = format!("{} {}", event.campaign_title, type_text(locale, event));
            view! {
                <li class=state_class(state)>
                    <a href=format!("/events/{}", event.id) title=title>
                        <span class="time">{time}</span>" "{event.unit.short_name.clone()}" "
                        <span class="campaign-title">{event.campaign_title.clone()}</span>
                    </a>
                    " "{words}
                </li>
            }
        })
        .collect_view();
    let more = (more > 0).then(|| {
        let query = ctx.query.with("view", Some("list"));
        let address = match ctx.query.has("month") {
            true => format!("/calendar?{query}#d-{day}"),
            false => format!("/calendar?{query}&month={month}#d-{day}"),
        };
        view! { <p class="more"><a href=address>{locale.calendar_more(more)}</a></p> }
    });
    let list = (!own.is_empty()).then(|| view! { <ul>{items}</ul>{more} });
    let is_today = day == ctx.today;
    view! {
        <td
            class="day"
            class:today=is_today
            class:outside=Month::of(day) != month
            class:empty-day=own.is_empty()
            aria-current=is_today.then_some("date")
        >
            <time datetime=day.to_string()>
                {day.day()}" "<span class="weekday">{weekday(locale, day)}</span>
            </time>
            {list}
        </td>
    }
}

/// A campaign's days of a week, as one cell as wide as they are.
fn bar(week: Period, campaign: &Campaign) -> Option<impl IntoView> {
    let shown = week.intersection(campaign.period)?;
    let before = (shown.from - week.from).num_days();
    let after = (week.to - shown.to).num_days();
    let class = match (shown.from == campaign.period.from, shown.to == campaign.period.to) {
        (true, true) => "span starts ends",
        (true, false) => "span starts",
        (false, true) => "span ends",
        (false, false) => "span",
    };
    Some(view! {
        <tr class="spans">
            {(before > 0).then(|| view! { <td class="gap" colspan=before.to_string()></td> })}
            <td class=class colspan=shown.days().to_string()>
                <a href=format!("/campaigns/{}", campaign.key)>{campaign.title.clone()}</a>
            </td>
            {(after > 0).then(|| view! { <td class="gap" colspan=after.to_string()></td> })}
        </tr>
    })
}

/// The month's campaigns, then its days with events one below the other.
fn list(ctx: &Ctx, month: Month, events: &[Event], campaigns: &[Campaign]) -> impl IntoView {
    let locale = ctx.locale;
    let running = (!campaigns.is_empty()).then(|| {
        let items = campaigns
            .iter()
            .map(|campaign| {
                view! {
                    <li>
                        <a href=format!("/campaigns/{}", campaign.key)>{campaign.title.clone()}</a>
                        " "<span class="muted">{period_text(locale, campaign.period)}</span>
                    </li>
                }
            })
            .collect_view();
        view! { <section><h2>{locale.calendar_campaigns()}</h2><ul>{items}</ul></section> }
    });
    let period = month.period();
    let mut days = Vec::new();
    let mut day = period.from;
    while day <= period.to {
        let own: Vec<&Event> = events.iter().filter(|event| event.day == day).collect();
        if !own.is_empty() {
            let items = own.into_iter().map(|event| task(ctx, event)).collect_view();
            let id = format!("d-{day}");
            days.push(
                view! { <section id=id><h2>{day_text(locale, day)}</h2><ul class="tasks">{items}</ul></section> },
            );
        }
        day = day + Days::new(1);
    }
    let empty = (days.is_empty() && campaigns.is_empty()).then(|| {
        view! {
            <div class="empty">
                <p>{locale.calendar_empty()}</p>
                <p><a class="button" href="/campaigns">{locale.nav_campaigns()}</a></p>
            </div>
        }
    });
    view! { {running}{days.into_iter().collect_view()}{empty} }
}
