//! A feed's content as iCalendar (RFC 5545).

use super::action::Content;
use crate::{
    campaign::countdown::task_store::Dated,
    domain::{campaign::Campaign, event::Event as Session, key_date::Occurrence, period::Period},
    locale::Locale,
};
use chrono::{DateTime, Days, Duration, Utc};
use icalendar::{Alarm, Calendar, Component, Event, EventLike, EventStatus};

/// The calendar's name, and everything in it. `stamp` is when it was made: the same for a whole day, so that a program that
/// asks again is told that nothing changed. `origin` is the server's own address, for links; empty where it is unknown.
pub(super) fn calendar(content: &Content, locale: Locale, origin: &str, stamp: DateTime<Utc>) -> String {
    let name = match &content.feed.unit_name {
        Some(unit) => locale.feed_name_unit(unit),
        None => locale.feed_name_own(&content.feed.account_name),
    };
    let mut calendar = Calendar::new();
    calendar.name(&name).ttl(&Duration::hours(1));
    for event in &content.events {
        calendar.push(session(content, event, locale, origin, stamp));
    }
    for one in &content.tasks {
        calendar.push(task(one, locale, origin, stamp));
    }
    if content.feed.unit_id.is_some() {
        for campaign in &content.campaigns {
            calendar.push(campaign_days(content, campaign, locale, origin, stamp));
        }
        for one in &content.key_dates {
            calendar.push(key_date(content, one, locale, stamp));
        }
    }
    calendar.done().to_string()
}

fn themes(content: &Content, locale: Locale, keys: impl Iterator<Item = String>) -> Vec<String> {
    keys.map(|key| match content.catalogue.theme(&key) {
        Some(theme) => locale.name(&theme.name, theme.name_en.as_deref()).to_owned(),
        None => key,
    })
    .collect()
}

fn session(content: &Content, event: &Session, locale: Locale, origin: &str, stamp: DateTime<Utc>) -> Event {
    let what = match &event.activity_type {
        Some(own) => locale.name(&own.name, own.name_en.as_deref()).to_owned(),
        None => event.campaign_title.clone(),
    };
    let summary = format!("{what} · {}", event.unit.short_name);
    let place = if event.place.is_empty() { event.unit.short_name.clone() } else { event.place.clone() };
    let mut description = event.campaign_title.clone();
    if !event.lead.is_empty() {
        description += &format!("\n{}: {}", locale.event_lead(), event.lead);
    }
    let campaign = content.campaigns.iter().find(|campaign| campaign.id == event.campaign_id);
    let themes =
        themes(content, locale, campaign.into_iter().flat_map(|one| one.themes.iter().map(|theme| theme.key.clone())));
    let mut component = Event::with_uid(&event.id.to_string());
    component
        .timestamp(stamp)
        .sequence(u32::try_from(event.sequence).unwrap_or(u32::MAX))
        .summary(&summary)
        .description(&description)
        .location(&place)
        .starts(event.starts_at)
        .ends(event.ends_at)
        .status(if event.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
    if !themes.is_empty() {
        component.categories(themes);
    }
    if !origin.is_empty() {
        component.url(&format!("{origin}/events/{}", event.id));
    }
    if !event.cancelled && event.activity.is_none() {
        // With an id and a time of its own, else each reading would be another text.
        let mut alarm = Alarm::display(&summary, -Duration::days(1));
        alarm.uid(&format!("{}-alarm", event.id)).timestamp(stamp);
        component.alarm(alarm);
    }
    component.done()
}

/// Whole days: the end is the day after the last one.
fn days(component: &mut Event, period: Period) {
    component.starts(period.from).ends(period.to + Days::new(1));
}

fn campaign_days(content: &Content, campaign: &Campaign, locale: Locale, origin: &str, stamp: DateTime<Utc>) -> Event {
    let mut component = Event::with_uid(&format!("campaign-{}", campaign.key));
    days(&mut component, campaign.period);
    component.timestamp(stamp).summary(&campaign.title).description(&campaign.lead);
    component.status(if campaign.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
    let themes = themes(content, locale, campaign.themes.iter().map(|theme| theme.key.clone()));
    if !themes.is_empty() {
        component.categories(themes);
    }
    if !origin.is_empty() {
        component.url(&format!("{origin}/campaigns/{}", campaign.key));
    }
    component.done()
}

/// A task of a countdown stands on its day; calendars on phones do not show to-do items of feeds.
fn task(one: &Dated, locale: Locale, origin: &str, stamp: DateTime<Utc>) -> Event {
    let what = if one.done { locale.feed_task_done(&one.what) } else { one.what.clone() };
    let summary = format!("{what} · {}", one.title);
    let mut component = Event::with_uid(&format!("task-{}", one.id));
    days(&mut component, Period { from: one.due_day, to: one.due_day });
    component
        .timestamp(stamp)
        .sequence(u32::try_from(one.sequence).unwrap_or(u32::MAX))
        .summary(&summary)
        .description(&one.owner)
        .status(if one.cancelled { EventStatus::Cancelled } else { EventStatus::Confirmed });
    if !origin.is_empty() {
        component.url(&format!("{origin}/campaigns/{}#tasks", one.campaign));
    }
    if !one.cancelled && !one.done {
        // Nine in the morning of its day: a whole day begins at midnight.
        let mut alarm = Alarm::display(&summary, Duration::hours(9));
        alarm.uid(&format!("task-{}-alarm", one.id)).timestamp(stamp);
        component.alarm(alarm);
    }
    component.done()
}

fn key_date(content: &Content, one: &Occurrence, locale: Locale, stamp: DateTime<Utc>) -> Event {
    let mut component = Event::with_uid(&format!("key-date-{}-{}", one.key, one.period.from));
    days(&mut component, one.period);
    component.timestamp(stamp).summary(locale.name(&one.name, one.name_en.as_deref())).description(&one.lead);
    let themes = themes(content, locale, one.themes.iter().cloned());
    if !themes.is_empty() {
        component.categories(themes);
    }
    component.done()
}
