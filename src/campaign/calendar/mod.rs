//! The calendar: a year, a month, a week or a list of days, with what the law and the almanac say of each day.

mod cell;
mod list;
mod month;
mod span;
mod week;
mod year;

use super::{
    clash_action::{self, Warnings},
    event_action, event_store,
    store::{self, PAGE_LIMIT},
    view::{day_text, month_text, unit_filter},
};
use crate::{
    domain::{
        access::Role,
        clash::Slot,
        day_mark::DayMarks,
        event::Event,
        key_date::Occurrence,
        period::{Day, Each, Month, Period},
        unit::Unit,
    },
    error::{Error, Result},
    island::DayGrid,
    key_date,
    server::{
        context::Ctx,
        form::{self, Done, FormData},
        state::AppState,
    },
    ui::page::{Page, page},
    unit,
};
use axum::routing::MethodRouter;
use chrono::{Datelike, Days, Months};
use leptos::prelude::*;
use span::{Span, spans};
use std::collections::BTreeSet;

/// The years that the calendar shows.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

crate::keyed! {
    /// How much the calendar shows at once.
    View { Year => "year", Month => "month", Week => "week", List => "list" }
}

crate::keyed! {
    /// What the rows of a week are.
    By { Village => "village", Officer => "officer" }
}

/// What the address asks for.
#[derive(Clone, Debug)]
struct Asked {
    view: View,
    /// A day of what is shown.
    day: Day,
    unit: Option<Unit>,
    by: By,
}

impl Asked {
    /// Reads `view`, `year`, `month` or `week` (any day of it) and `by`; what is missing is today's.
    fn read(ctx: &Ctx) -> Asked {
        let query = &ctx.query;
        let year = query.get("year").parse().ok().and_then(|year| Month::new(year, 1)).map(Month::first);
        let month = Month::parse(query.get("month")).map(Month::first);
        let week = query.get("week").parse::<Day>().ok();
        let shown = |day: &Day| YEARS.contains(&day.year());
        let view = View::from_key(query.get("view")).unwrap_or(View::Month);
        let day = [week, month, year].into_iter().flatten().find(shown).unwrap_or(ctx.today);
        Asked { view, day, unit: None, by: By::from_key(query.get("by")).unwrap_or(By::Village) }
    }

    /// The days that are shown.
    fn period(&self) -> Period {
        let each = match self.view {
            View::Year => Each::Year,
            View::Week => Each::Week,
            View::Month | View::List => Each::Month,
        };
        each.around(self.day).unwrap_or(Period { from: self.day, to: self.day })
    }

    /// The address of a view of `day`; the unit and the rows stay.
    fn address(&self, view: View, day: Day) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if view != View::Month {
            pairs.push(("view", view.key().to_owned()));
        }
        pairs.push(match view {
            View::Year => ("year", day.year().to_string()),
            View::Week => ("week", day.to_string()),
            View::Month | View::List => ("month", Month::of(day).to_string()),
        });
        pairs.extend(self.unit.as_ref().map(|unit| ("unit", unit.code.clone())));
        if self.by != By::Village {
            pairs.push(("by", self.by.key().to_owned()));
        }
        format!("/calendar?{}", serde_html_form::to_string(pairs).unwrap_or_default())
    }

    /// The span before or after, in the same view.
    fn step(&self, forward: bool) -> String {
        let from = self.period().from;
        let day = match (self.view, forward) {
            (View::Week, true) => from.checked_add_days(Days::new(7)),
            (View::Week, false) => from.checked_sub_days(Days::new(7)),
            (View::Year, true) => from.checked_add_months(Months::new(12)),
            (View::Year, false) => from.checked_sub_months(Months::new(12)),
            (_, true) => from.checked_add_months(Months::new(1)),
            (_, false) => from.checked_sub_months(Months::new(1)),
        };
        self.address(self.view, day.unwrap_or(from))
    }
}

/// What the views of days are made of.
struct Shown {
    asked: Asked,
    /// The events of the unit that is asked for, by time.
    events: Vec<Event>,
    /// What concerns that unit, cancelled ones left out.
    campaigns: Vec<Span>,
    key_dates: Vec<Occurrence>,
    marks: DayMarks,
    warnings: Warnings,
    units: Vec<Unit>,
    /// Whether the reader plans anywhere: who does is told of clashes, and may move.
    plans: bool,
}

impl Shown {
    fn on(&self, day: Day) -> impl Iterator<Item = &Event> {
        self.events.iter().filter(move |event| event.day == day)
    }
}

/// The weeks, Monday to Sunday, in which a period lies.
fn weeks_around(period: Period) -> Period {
    let week = |day: Day| Each::Week.around(day).unwrap_or(Period { from: day, to: day });
    Period { from: week(period.from).from, to: week(period.to).to }
}

/// The months in which a period lies.
fn months_around(period: Period) -> Period {
    Period { from: Month::of(period.from).first(), to: Month::of(period.to).last() }
}

/// The calendar's page. `?view=year|month|week|list`, `year`, `month` or `week`, `unit`, `by=village|officer`.
pub fn calendar() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let actor = ctx.actor()?;
        let scope = actor.scope();
        let plans = actor.is_any(&[Role::Admin, Role::Officer]);
        let mut asked = Asked::read(&ctx);
        let mut conn = ctx.db.read().await?;
        let units = unit::store::all(&mut conn, &scope).await?;
        asked.unit = match ctx.query.filled("unit") {
            Some(code) => Some(units.iter().find(|unit| unit.code == code).cloned().ok_or(Error::NotFound)?),
            None => None,
        };
        let home = units.iter().find(|unit| Some(unit.id) == actor.home_unit_id());
        let home = asked.unit.as_ref().or(home).cloned().ok_or(Error::NotFound)?;
        let drafts = Some(actor.planning_scope());
        let (title, body) = match asked.view {
            View::Year => {
                let filter = event_store::Filter { unit: asked.unit.clone(), drafts, ..Default::default() };
                let year = year::load(&mut conn, &scope, &asked, &home, &filter).await?;
                (locale.calendar_year(asked.day.year()), year::view(&ctx, &asked, year, plans).into_any())
            }
            _ => {
                // Whole months and weeks, of all units: a clash with somebody next door is one too.
                let known = weeks_around(months_around(asked.period()));
                let known = if asked.view == View::Month { weeks_around(asked.period()) } else { known };
                let filter = event_store::Filter { drafts, ..Default::default() };
                let mut events = event_store::in_period(&mut conn, &scope, known, &filter).await?;
                let filter = store::Filter { unit: asked.unit.clone(), period: Some(known), theme: None };
                let campaigns = spans(&store::outlines(&mut conn, &scope, &filter, PAGE_LIMIT).await?);
                let marks = key_date::action::marks(&mut conn, &home, known).await?;
                let key_dates = key_date::action::occurrences(&mut conn, &home, known).await?;
                let slots: Vec<Slot> = events.iter().filter_map(Slot::of).collect();
                let warnings = match plans {
                    true => {
                        let ids: BTreeSet<i64> = slots.iter().map(|slot| slot.campaign_id).collect();
                        let ids: Vec<i64> = ids.into_iter().collect();
                        let of_events = match ids.is_empty() {
                            true => Vec::new(),
                            false => store::by_ids(&mut conn, &scope, &ids).await?,
                        };
                        clash_action::warnings(locale, &slots, known, &marks, &units, &of_events)
                    }
                    false => Warnings::new(),
                };
                let shown = if asked.view == View::Month { known } else { asked.period() };
                events.retain(|event| {
                    shown.contains(event.day)
                        && asked.unit.as_ref().is_none_or(|unit| event.unit.path.starts_with(&unit.path))
                });
                let title = match asked.view {
                    View::Week => {
                        let week = asked.period();
                        locale.calendar_week(day_text(locale, week.from), day_text(locale, week.to), week.from.year())
                    }
                    _ => month_text(locale, Month::of(asked.day)),
                };
                let units = units.clone();
                let shown = Shown { asked: asked.clone(), events, campaigns, key_dates, marks, warnings, units, plans };
                let body = match asked.view {
                    View::Week => week::view(&ctx, &shown).into_any(),
                    View::List => list::view(&ctx, &shown).into_any(),
                    _ => month::view(&ctx, &shown).into_any(),
                };
                (title, view! { {release(&ctx, &shown)} {body} }.into_any())
            }
        };
        let unit = asked.unit.clone();
        let kept = kept(&asked);
        let body = view! {
            {toolbar(&ctx, &asked)}
            {(units.len() > 1).then(|| unit_filter(&ctx, "/calendar", kept, units, unit))}
            {body}
            {(plans && asked.view != View::Year).then(|| move_form(&ctx))}
        };
        let page = Page::new("/calendar", title, body);
        Ok(if plans && asked.view != View::Year { page.with_islands() } else { page })
    })
}

/// The fields that a filter by unit keeps.
fn kept(asked: &Asked) -> Vec<(&'static str, String)> {
    let mut kept = match asked.view {
        View::Year => vec![("view", "year".to_owned()), ("year", asked.day.year().to_string())],
        View::Month => vec![("month", Month::of(asked.day).to_string())],
        View::Week => vec![("view", "week".to_owned()), ("week", asked.day.to_string())],
        View::List => vec![("view", "list".to_owned()), ("month", Month::of(asked.day).to_string())],
    };
    if asked.by != By::Village {
        kept.push(("by", asked.by.key().to_owned()));
    }
    kept
}

/// The views, and the way to the span before, to today and to the span after.
fn toolbar(ctx: &Ctx, asked: &Asked) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let (before, now, after) = match asked.view {
        View::Year => (locale.calendar_year_before(), locale.calendar_this_year(), locale.calendar_year_after()),
        View::Week => (locale.calendar_week_before(), locale.calendar_this_week(), locale.calendar_week_after()),
        View::Month | View::List => (locale.calendar_previous(), locale.calendar_this_month(), locale.calendar_next()),
    };
    let views = View::ALL
        .iter()
        .map(|view| {
            let text = match view {
                View::Year => locale.calendar_view_year(),
                View::Month => locale.calendar_view_month(),
                View::Week => locale.calendar_view_week(),
                View::List => locale.calendar_view_list(),
            };
            // From a year's view one comes to the month of today, where it lies in the year.
            let day = match asked.view == View::Year && asked.day.year() == ctx.today.year() {
                true => ctx.today,
                false => asked.day,
            };
            let current = (*view == asked.view).then_some("page");
            view! { <li><a class="button" href=asked.address(*view, day) aria-current=current>{text}</a></li> }
        })
        .collect_view();
    view! {
        <div class="toolbar calendar-bar">
            <nav aria-label=locale.calendar_views()><ul class="views">{views}</ul></nav>
            <nav class="steps" aria-label=locale.calendar_months()>
                <a class="button" rel="prev" href=asked.step(false)>{before}</a>
                <a class="button" href=asked.address(asked.view, ctx.today)>{now}</a>
                <a class="button" rel="next" href=asked.step(true)>{after}</a>
            </nav>
        </div>
    }
}

/// Drafts among what is shown, and their release.
fn release(ctx: &Ctx, shown: &Shown) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let period = shown.asked.period();
    let waits = |event: &&Event| event.draft && !event.cancelled && period.contains(event.day);
    let drafts = shown.events.iter().filter(waits).count();
    (drafts > 0 && shown.asked.unit.is_none()).then(|| {
        view! {
            <form method="post" class="form row drafts">
                <input type="hidden" name="do" value="release"/>
                <input type="hidden" name="from" value=period.from.to_string()/>
                <input type="hidden" name="to" value=period.to.to_string()/>
                <p>{locale.event_drafts_wait(drafts)}</p>
                <button type="submit">{locale.event_release_all(drafts)}</button>
            </form>
        }
    })
}

/// What the island fills in when an event was dropped on another day; the event's own page has the same as a form.
fn move_form(ctx: &Ctx) -> impl IntoView + use<> {
    view! {
        <form id="move-day" method="post" hidden=true>
            <input type="hidden" name="do" value="day"/>
            <input type="hidden" name="day" value=""/>
            <input type="hidden" name="back" value=ctx.here()/>
        </form>
        <DayGrid/>
    }
}

/// The calendar's form.
pub fn form() -> MethodRouter<AppState> {
    form::form(posted)
}

async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    if !ctx.actor()?.is_any(&[Role::Admin, Role::Officer]) {
        return Err(Error::Forbidden);
    }
    let period = form.get("from").parse().ok().zip(form.get("to").parse().ok());
    let period = period.and_then(|(from, to)| Period::new(from, to));
    let Some(period) = period.filter(|_| form.get("do") == "release") else { return Err(Error::NotFound) };
    let count = event_action::release(&ctx, None, Some(period)).await?;
    Ok(Done::to(ctx.here()).say(ctx.locale.event_released(count)))
}
