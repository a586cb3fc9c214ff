//! A week: its days as columns, villages or the people who lead as rows.

use super::{
    By, Shown, View,
    cell::{item, key_dates, lunar_text, tags},
};
use crate::{
    campaign::view::{day_text, weekday},
    domain::{
        clash::people,
        event::Event,
        period::Day,
        unit::{Unit, UnitKind},
    },
    server::context::Ctx,
};
use chrono::Datelike;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// With more villages than this only those with an event stand in the week.
const ROWS: usize = 40;

/// A row: its name, the unit to plan at, its events.
struct Row<'a> {
    name: String,
    unit: Option<&'a Unit>,
    events: Vec<&'a Event>,
}

fn rows<'a>(ctx: &Ctx, shown: &'a Shown) -> Vec<Row<'a>> {
    match shown.asked.by {
        By::Village => {
            let here = |unit: &&Unit| shown.asked.unit.as_ref().is_none_or(|asked| unit.path.starts_with(&asked.path));
            let villages =
                shown.units.iter().filter(here).filter(|unit| unit.kind.answers_to(UnitKind::Village)).count();
            let mut rows = Vec::new();
            for unit in shown.units.iter().filter(here) {
                let events: Vec<&Event> = shown.events.iter().filter(|event| event.unit.id == unit.id).collect();
                let stands = unit.kind.answers_to(UnitKind::Village) && villages <= ROWS;
                if !events.is_empty() || stands && unit.is_active(shown.asked.day) {
                    rows.push(Row { name: unit.short_name.clone(), unit: Some(unit), events });
                }
            }
            rows
        }
        By::Officer => {
            let mut by_lead: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
            for event in &shown.events {
                let mut leads: Vec<&str> = people(&event.lead).collect();
                if leads.is_empty() {
                    leads.push(event.lead.as_str());
                }
                for lead in leads {
                    by_lead.entry(lead).or_default().push(event);
                }
            }
            // Who is not named yet stands last.
            let nobody = by_lead.remove("");
            let named = by_lead.into_iter().map(|(lead, events)| Row { name: lead.to_owned(), unit: None, events });
            let nobody = nobody.map(|events| Row { name: ctx.locale.calendar_nobody().to_owned(), unit: None, events });
            named.chain(nobody).collect()
        }
    }
}

pub(super) fn view(ctx: &Ctx, shown: &Shown) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let days: Vec<Day> = shown.asked.period().each_day().collect();
    let rows = rows(ctx, shown);
    let heads = days
        .iter()
        .map(|day| {
            let day = *day;
            let is_today = day == ctx.today;
            view! {
                <th scope="col" class:today=is_today class:off=shown.marks.is_rest(day) aria-current=is_today.then_some("date")>
                    <a href=format!("{}#d-{day}", shown.asked.address(View::List, day))>
                        {weekday(locale, day)}" "{day.month()}"/"{day.day()}
                    </a>
                    " "<span class="lunar">{lunar_text(locale, day)}</span>" "{tags(ctx, shown, day)}
                    {key_dates(ctx, shown, day)}
                </th>
            }
        })
        .collect_view();
    let by_officer = shown.asked.by == By::Officer;
    let empty = rows.is_empty();
    let lines = rows
        .into_iter()
        .map(|row| {
            let cells = days.iter().map(|day| cell(ctx, shown, &row, *day, by_officer)).collect_view();
            let none = row.events.is_empty();
            view! { <tr class:no-events=none><th scope="row">{row.name.clone()}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        {switch(ctx, shown)}
        {themes(ctx, shown)}
        <table class="week-table">
            <caption class="visually-hidden">
                {if by_officer { locale.calendar_by_officer() } else { locale.calendar_by_village() }}
            </caption>
            <thead>
                <tr>
                    <th scope="col">{if by_officer { locale.event_lead() } else { locale.event_unit() }}</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
        {empty.then(|| view! { <p class="quiet-month">{locale.calendar_week_quiet()}</p> })}
    }
}

/// Rows by village or by who leads.
fn switch(ctx: &Ctx, shown: &Shown) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let links = By::ALL
        .iter()
        .map(|by| {
            let by = *by;
            let text = match by {
                By::Village => locale.calendar_by_village(),
                By::Officer => locale.calendar_by_officer(),
            };
            let asked = super::Asked { by, ..shown.asked.clone() };
            let current = (by == shown.asked.by).then_some("true");
            view! { <li><a class="button" href=asked.address(View::Week, asked.day) aria-current=current>{text}</a></li> }
        })
        .collect_view();
    view! { <nav class="by" aria-label=locale.calendar_by()><ul class="views">{links}</ul></nav> }
}

/// The key dates of more than a day that the week lies in.
fn themes(ctx: &Ctx, shown: &Shown) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let week = shown.asked.period();
    let items: Vec<_> = shown
        .key_dates
        .iter()
        .filter(|one| one.period.days() > 1 && one.period.intersection(week).is_some())
        .map(|one| {
            let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
            view! { <li><a href=format!("/key-dates/{}", one.key)>{name}</a></li> }
        })
        .collect();
    (!items.is_empty())
        .then(|| view! { <div class="themes"><h2>{locale.calendar_themes_week()}</h2><ul>{items}</ul></div> })
}

fn cell(ctx: &Ctx, shown: &Shown, row: &Row<'_>, day: Day, with_unit: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let own: Vec<&&Event> = row.events.iter().filter(|event| event.day == day).collect();
    let items = own.iter().map(|event| item(ctx, shown, event, with_unit)).collect_view();
    let list = (!own.is_empty()).then(|| view! { <ul>{items}</ul> });
    let plan = row.unit.filter(|_| shown.plans && day >= ctx.today).map(|unit| {
        let pairs = [("first", day.to_string()), ("units", unit.code.clone())];
        let address = format!("/events/new?{}", serde_html_form::to_string(pairs).unwrap_or_default());
        let label = locale.calendar_plan_at(day_text(locale, day), &unit.short_name);
        let title = label.clone();
        view! { <a class="plan-here" href=address title=title><span aria-hidden="true">"+"</span><span class="visually-hidden">{label}</span></a> }
    });
    view! {
        <td class:today={day == ctx.today} class:off=shown.marks.is_rest(day) class:empty-day=own.is_empty() data-day=day.to_string()>
            <span class="weekday" aria-hidden="true">{day_text(locale, day)}</span>
            {list}{plan}
        </td>
    }
}
