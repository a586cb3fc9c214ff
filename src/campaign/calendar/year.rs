//! A year on one screen: its months with their key dates and how much is planned, its campaigns as bars across them.

use super::{
    Asked, View,
    span::{Span, spans},
};
use crate::{
    campaign::{event_count_store, event_store::Filter, store, view::period_text},
    domain::{
        access::Scope,
        key_date::Occurrence,
        period::{Day, Month, Period},
        unit::Unit,
    },
    error::Result,
    key_date,
    locale::Locale,
    server::{context::Ctx, db::Conn},
};
use chrono::Datelike;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// More campaigns than this are counted, not drawn.
const BARS: usize = 40;

/// Months with less than this share of a usual month's events are called thin.
const THIN: f64 = 1.0 / 3.0;

/// Bars that begin after this share of the year bear their names on the left.
const LATE: f64 = 62.0;
/// After this share of the year no name has room on a bar's right.
const FULL: f64 = 80.0;

pub(super) struct Year {
    days: BTreeMap<Day, (i64, i64)>,
    campaigns: Vec<Span>,
    key_dates: Vec<Occurrence>,
}

pub(super) async fn load(conn: &mut Conn, scope: &Scope, asked: &Asked, home: &Unit, filter: &Filter) -> Result<Year> {
    let period = asked.period();
    let days = event_count_store::by_day(conn, scope, period, filter).await?;
    let of = store::Filter { unit: asked.unit.clone(), period: Some(period), theme: None };
    let campaigns = spans(&store::outlines(conn, scope, &of, store::PAGE_LIMIT).await?);
    let key_dates = key_date::action::occurrences(conn, home, period).await?;
    Ok(Year { days, campaigns, key_dates })
}

/// How full a month is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fullness {
    Nothing,
    Thin,
    Usual,
}

struct MonthRow {
    month: Month,
    events: i64,
    drafts: i64,
    fullness: Fullness,
}

fn months(year: &Year, period: Period) -> Vec<MonthRow> {
    let count = |month: Month| {
        let own = year.days.range(month.first()..=month.last());
        own.fold((0, 0), |(events, drafts), (_, day)| (events + day.0, drafts + day.1))
    };
    let total: i64 = year.days.values().map(|day| day.0).sum();
    // Of what a month would have if all had the same.
    let usual = total as f64 / 12.0;
    period
        .months()
        .map(|month| {
            let (events, drafts) = count(month);
            let fullness = match events {
                0 => Fullness::Nothing,
                events if (events as f64) < usual * THIN => Fullness::Thin,
                _ => Fullness::Usual,
            };
            MonthRow { month, events, drafts, fullness }
        })
        .collect()
}

pub(super) fn view(ctx: &Ctx, asked: &Asked, year: Year, plans: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let period = asked.period();
    let rows = months(&year, period);
    let most = rows.iter().map(|row| row.events).max().unwrap_or_default().max(1);
    let cards = rows.iter().map(|row| card(ctx, asked, &year, row, most)).collect_view();
    view! {
        {finding(locale, &rows, ctx.today)}
        <ol class="year-months">{cards}</ol>
        {bars(ctx, &year, period, plans)}
    }
}

/// Which months have nothing, in words.
fn finding(locale: Locale, rows: &[MonthRow], today: Day) -> impl IntoView + use<> {
    let ahead = |row: &&MonthRow| row.month.last() >= today;
    let list = |fullness: Fullness| -> String {
        let own = rows.iter().filter(ahead).filter(|row| row.fullness == fullness);
        own.map(|row| month_name(locale, row.month)).collect::<Vec<_>>().join(locale.campaign_comma())
    };
    let total: i64 = rows.iter().map(|row| row.events).sum();
    let (none, thin) = (list(Fullness::Nothing), list(Fullness::Thin));
    let mut words = vec![locale.calendar_year_total(total)];
    if !none.is_empty() {
        words.push(locale.calendar_year_nothing(none));
    }
    if !thin.is_empty() {
        words.push(locale.calendar_year_thin(thin));
    }
    view! { <p class="lead">{words.join(locale.calendar_stop())}{locale.calendar_full_stop()}</p> }
}

/// 6月 · Jun.
fn month_name(locale: Locale, month: Month) -> String {
    match locale {
        Locale::Zh => format!("{}月", month.number()),
        Locale::En => month.first().format("%b").to_string(),
    }
}

fn card(ctx: &Ctx, asked: &Asked, year: &Year, row: &MonthRow, most: i64) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let month = row.month;
    let (is_now, is_past) = (Month::of(ctx.today) == month, month.last() < ctx.today);
    let dates = year
        .key_dates
        .iter()
        .filter(|one| {
            let begins = one.period.from.max(asked.period().from);
            Month::of(begins) == month
        })
        .map(|one| {
            let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
            let day = days_of(one.period, month);
            view! {
                <li><span class="when">{day}</span>" "<a href=format!("/key-dates/{}", one.key)>{name}</a></li>
            }
        })
        .collect_view();
    let (class, words) = match row.fullness {
        Fullness::Nothing => ("none", Some(locale.calendar_nothing_planned())),
        Fullness::Thin => ("thin", Some(locale.calendar_few_planned())),
        Fullness::Usual => ("", None),
    };
    let style = format!("--share:{:.3}", row.events as f64 / most as f64);
    view! {
        <li class=class class:now=is_now class:past=is_past>
            <h2>
                <a href=asked.address(View::Month, month.first()) aria-current=is_now.then_some("date")>
                    {month_name(locale, month)}
                </a>
            </h2>
            <p class="count">
                {(row.events > 0).then(|| view! { <strong class="figure">{row.events}<small>{locale.calendar_events_word()}</small></strong> })}
                {words.map(|words| view! { <span class="fullness">{words}</span> })}
                {(row.drafts > 0).then(|| view! { <span class="muted">{locale.calendar_drafts_of(row.drafts)}</span> })}
            </p>
            <span class="load" aria-hidden="true"><span style=style></span></span>
            <ul class="key-dates">{dates}</ul>
        </li>
    }
}

/// 4 · 1–7 · 整月: the days of a key date in the month where it begins.
fn days_of(period: Period, month: Month) -> String {
    let from = period.from.max(month.first());
    match (from == period.to, period.to <= month.last()) {
        (true, _) => from.day().to_string(),
        (_, true) => format!("{}–{}", from.day(), period.to.day()),
        _ => format!("{}–{}/{}", from.day(), period.to.month(), period.to.day()),
    }
}

/// The campaigns of the year, each where it lies.
fn bars(ctx: &Ctx, year: &Year, period: Period, plans: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let share = |days: i64| 100.0 * days as f64 / period.days() as f64;
    let more = year.campaigns.len().saturating_sub(BARS);
    let items = year
        .campaigns
        .iter()
        .take(BARS)
        .filter_map(|campaign| {
            let shown = period.intersection(campaign.period)?;
            let from = share((shown.from - period.from).num_days());
            let length = share(shown.days());
            // Where there is room on neither side, the name stands on the bar.
            let is_long = from <= LATE && from + length > FULL;
            let style = format!("--from:{from:.2}%;--length:{:.2}%", length);
            let text = campaign.text(locale);
            let title = format!("{text} {}", period_text(locale, campaign.period));
            Some(view! {
                <li class:late={from > LATE} class:long=is_long style=style>
                    <span class="bar-of" aria-hidden="true"></span>
                    <a href=campaign.address.clone() title=title>{text}</a>
                </li>
            })
        })
        .collect_view();
    let year_number = period.from.year();
    let empty = year.campaigns.is_empty();
    view! {
        <section class="year-campaigns">
            <h2>{locale.calendar_year_campaigns()}</h2>
            {empty.then(|| view! { <p class="empty">{locale.campaigns_empty(year_number)}</p> })}
            <ul class="year-bars">{items}</ul>
            {(more > 0).then(|| view! { <p><a href=format!("/campaigns?year={year_number}")>{locale.calendar_more_campaigns(more)}</a></p> })}
            {plans.then(|| view! {
                <p class="toolbar">
                    <a class="button" href="/campaigns/new">{locale.campaign_new()}</a>
                    <a class="button" href="/events/new">{locale.events_plan()}</a>
                    <a class="button" href="/schedule/propose">{locale.calendar_fill_gaps()}</a>
                </p>
            })}
        </section>
    }
}
