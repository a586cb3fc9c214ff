//! A month as a table of weeks; on a phone as its days one below the other.

use super::{
    Shown, View,
    cell::{day_head, item, key_dates},
    span::Span,
    weeks_around,
};
use crate::{
    campaign::view::{day_text, month_text, weekdays},
    domain::{
        event::Event,
        key_date::Occurrence,
        period::{Day, Each, Month, Period},
    },
    server::context::Ctx,
};
use leptos::prelude::*;

/// More events on one day than this are counted, not listed.
const DAY_SHOWN: usize = 6;

/// A key date longer than this stands above the month, not in its weeks.
const WEEK: i64 = 7;
/// A campaign longer than this too.
const LONG: i64 = 14;
/// More bars than this below a week are counted.
const BARS: usize = 8;

/// Weeks as rows; the campaigns and theme weeks of a week stand below its days as bars.
pub(super) fn view(ctx: &Ctx, shown: &Shown) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let month = Month::of(shown.asked.day);
    let heads = weekdays(locale).into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    let weeks = Each::Week
        .split(weeks_around(month.period()))
        .into_iter()
        .map(|week| {
            let days = week.each_day().map(|day| cell(ctx, shown, month, day)).collect_view();
            // A campaign on a key date's own days stands for it.
            let is_taken = |one: &Occurrence| shown.campaigns.iter().any(|span| span.is_for(one));
            let themed = shown
                .key_dates
                .iter()
                .filter(|one| (2..=WEEK).contains(&one.period.days()) && !is_taken(one))
                .filter_map(|one| {
                    let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
                    bar(week, one.period, "theme", format!("/key-dates/{}", one.key), name)
                })
                .collect_view();
            let own: Vec<&Span> = shown
                .campaigns
                .iter()
                .filter(|span| (2..=LONG).contains(&span.period.days()) && week.intersection(span.period).is_some())
                .collect();
            let more = own.len().saturating_sub(BARS);
            let bars = own
                .iter()
                .take(BARS)
                .filter_map(|span| bar(week, span.period, "", span.address.clone(), span.text(locale)))
                .collect_view();
            let more = (more > 0).then(|| {
                let address = shown.asked.address(View::List, week.from);
                bar(week, week, "more", address, locale.calendar_more_campaigns(more))
            });
            let bars = view! { {bars} {more} };
            view! { <tbody class="week"><tr class="days">{days}</tr>{themed}{bars}</tbody> }
        })
        .collect_view();
    view! {
        {themes(ctx, shown, month)}
        <table class="month">
            <caption class="visually-hidden">{month_text(locale, month)}</caption>
            <thead><tr>{heads}</tr></thead>
            {weeks}
        </table>
        {quiet(ctx, shown, month)}
    }
}

/// What lasts longer than bars are good for: the month's themes, and its long campaigns.
fn themes(ctx: &Ctx, shown: &Shown, month: Month) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let here = |period: Period| period.intersection(month.period()).is_some();
    let is_taken = |one: &Occurrence| shown.campaigns.iter().any(|span| span.is_for(one));
    let themes =
        shown.key_dates.iter().filter(|one| one.period.days() > WEEK && here(one.period) && !is_taken(one)).map(
            |one| {
                let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
                (format!("/key-dates/{}", one.key), name, "theme")
            },
        );
    let campaigns = shown
        .campaigns
        .iter()
        .filter(|span| span.period.days() > LONG && here(span.period))
        .map(|span| (span.address.clone(), span.text(locale), ""));
    let items: Vec<_> = themes
        .chain(campaigns)
        .map(|(address, text, class)| view! { <li><a class=class href=address>{text}</a></li> })
        .collect();
    (!items.is_empty()).then(|| {
        view! { <div class="themes"><h2>{locale.calendar_themes()}</h2><ul>{items}</ul></div> }
    })
}

fn cell(ctx: &Ctx, shown: &Shown, month: Month, day: Day) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let own: Vec<&Event> = shown.on(day).collect();
    let more = own.len().saturating_sub(DAY_SHOWN);
    let items = own.iter().take(DAY_SHOWN).map(|event| item(ctx, shown, event, true)).collect_view();
    let more = (more > 0).then(|| {
        let address = format!("{}#d-{day}", shown.asked.address(View::List, day));
        view! { <p class="more"><a href=address>{locale.calendar_more(more)}</a></p> }
    });
    let list = (!own.is_empty()).then(|| view! { <ul>{items}</ul>{more} });
    let dates = key_dates(ctx, shown, day);
    let is_today = day == ctx.today;
    let says_nothing = own.is_empty() && dates.is_none() && !is_today && !shown.marks.is_rest(day);
    let plan = (shown.plans && day >= ctx.today).then(|| {
        let mut pairs = vec![("first", day.to_string())];
        pairs.extend(shown.asked.unit.as_ref().map(|unit| ("units", unit.code.clone())));
        let address = format!("/events/new?{}", serde_html_form::to_string(pairs).unwrap_or_default());
        let label = locale.calendar_plan_on(day_text(locale, day));
        let title = label.clone();
        view! { <a class="plan-here" href=address title=title><span aria-hidden="true">"+"</span><span class="visually-hidden">{label}</span></a> }
    });
    view! {
        <td
            class="day"
            class:today=is_today
            class:off=shown.marks.is_rest(day)
            class:outside=Month::of(day) != month
            class:empty-day=says_nothing
            data-day=day.to_string()
            aria-current=is_today.then_some("date")
        >
            {day_head(ctx, shown, day)}
            {dates}
            {list}
            {plan}
        </td>
    }
}

/// A span's days of a week, as one cell as wide as they are.
fn bar(week: Period, period: Period, kind: &'static str, address: String, title: String) -> Option<impl IntoView> {
    let shown = week.intersection(period)?;
    let before = (shown.from - week.from).num_days();
    let after = (week.to - shown.to).num_days();
    let ends = match (shown.from == period.from, shown.to == period.to) {
        (true, true) => "span starts ends",
        (true, false) => "span starts",
        (false, true) => "span ends",
        (false, false) => "span",
    };
    Some(view! {
        <tr class="spans">
            {(before > 0).then(|| view! { <td class="gap" colspan=before.to_string()></td> })}
            <td class=format!("{ends} {kind}") colspan=shown.days().to_string()><a href=address>{title}</a></td>
            {(after > 0).then(|| view! { <td class="gap" colspan=after.to_string()></td> })}
        </tr>
    })
}

/// Where nothing is planned, that is said, with the way on.
fn quiet(ctx: &Ctx, shown: &Shown, month: Month) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let is_quiet = !shown.events.iter().any(|event| Month::of(event.day) == month);
    is_quiet.then(|| {
        view! {
            <p class="quiet-month">
                {locale.calendar_month_quiet()}" "
                {shown.plans.then(|| view! { <a href="/events/new">{locale.events_plan()}</a> })}
            </p>
        }
    })
}
