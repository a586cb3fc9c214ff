//! What a day and an event look like in every view.

use super::{Shown, View, span::Span};
use crate::{
    campaign::{
        clash_action::mark,
        view::{draft_tag, state_text, type_text, weekday},
    },
    domain::{
        day_mark::lunar,
        event::{Event, State},
        key_date::Occurrence,
        period::{Day, Period},
    },
    locale::Locale,
    server::context::Ctx,
};
use chrono::Datelike;
use leptos::prelude::*;

fn state_class(event: &Event, state: State) -> &'static str {
    match (state, event.draft) {
        (State::Done, _) => "event done",
        (State::Cancelled, _) => "event cancelled",
        (State::Missed, _) => "event missed",
        (State::Planned, true) => "event planned draft",
        (State::Planned, false) => "event planned",
    }
}

/// An event in a day's cell: when, where, what; how it stands in words, and what speaks against it.
pub(super) fn item(ctx: &Ctx, shown: &Shown, event: &Event, with_unit: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let state = event.state(ctx.today);
    let words = match (event.draft && state == State::Planned, state) {
        (true, _) => Some(draft_tag(locale).into_any()),
        (_, State::Planned) => None,
        _ => Some(view! { <span class="state">{state_text(locale, state)}</span> }.into_any()),
    };
    let warnings = shown.warnings.get(&event.id).filter(|_| state == State::Planned);
    let clash = warnings.and_then(|own| {
        let first = own.first()?;
        let title = own.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join("\n");
        Some(view! { <span class="clash" title=title>"▲ "{mark(locale, first.kind)}</span> })
    });
    let may_move = shown.plans && matches!(state, State::Planned | State::Missed);
    let time = event.starts().format("%H:%M").to_string();
    let title = format!("{} {}", event.campaign_title, type_text(locale, event));
    view! {
        <li
            class=state_class(event, state)
            data-event=may_move.then(|| event.id.to_string())
            draggable=may_move.then_some("true")
        >
            <a href=format!("/events/{}", event.id) title=title>
                <span class="time">{time}</span>" "
                {with_unit.then(|| view! { {event.unit.short_name.clone()}" " })}
                <span class="campaign-title">{event.campaign_title.clone()}</span>
            </a>
            " "{words}" "{clash}
        </li>
    }
}

/// 休, 班, 场: a day off, a working day made up for one, a market day. Each says in words what it means.
pub(super) fn tags(ctx: &Ctx, shown: &Shown, day: Day) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let holiday = shown.marks.holiday(day).map(|holiday| {
        let name = locale.name(&holiday.name, holiday.name_en.as_deref()).to_owned();
        match holiday.rest {
            true => view! { <abbr class="rest" title=name>{locale.day_rest()}</abbr> },
            false => view! { <abbr class="work" title=locale.day_work_title(name)>{locale.day_work()}</abbr> },
        }
    });
    let market = shown
        .marks
        .is_market(day)
        .then(|| view! { <abbr class="market" title=locale.day_market_title()>{locale.day_market()}</abbr> });
    view! { {holiday}{market} }
}

/// The head of a day: its number as a link to its week, the lunar day, what it is.
pub(super) fn day_head(ctx: &Ctx, shown: &Shown, day: Day) -> impl IntoView + use<> {
    let locale = ctx.locale;
    view! {
        <p class="date">
            <a class="day-link" href=shown.asked.address(View::Week, day)>
                <time datetime=day.to_string()>
                    {day.day()}" "<span class="weekday">{weekday(locale, day)}</span>
                </time>
            </a>
            <span class="lunar">{lunar_text(locale, day)}</span>
            {tags(ctx, shown, day)}
        </p>
    }
}

/// The lunar day; English readers get it too, for villages go by it.
pub(super) fn lunar_text(_: Locale, day: Day) -> String {
    lunar(day)
}

/// What a day is for: its key dates, and the campaigns of just that day; one that stands for a key date is named once.
pub(super) fn key_dates(ctx: &Ctx, shown: &Shown, day: Day) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let is_today = |period: Period| period.from == day && period.to == day;
    let campaigns: Vec<&Span> = shown.campaigns.iter().filter(|span| is_today(span.period)).collect();
    let is_taken = |one: &Occurrence| campaigns.iter().any(|span| span.is_for(one));
    let dates = shown.key_dates.iter().filter(|one| is_today(one.period) && !is_taken(one)).map(|one| {
        let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
        (format!("/key-dates/{}", one.key), name, "")
    });
    let own = campaigns.iter().map(|span| (span.address.clone(), span.text(locale), "campaign"));
    let items: Vec<_> = dates
        .chain(own)
        .map(|(address, text, class)| view! { <li class=class><a href=address>{text}</a></li> })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="key-dates">{items}</ul> })
}
