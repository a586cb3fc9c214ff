//! A proposal as a form: each session can be moved or left out, then all become draft events.

use super::{accept_action::Kept, action::Proposal, words};
use crate::{
    campaign::view::period_text,
    domain::{
        campaign::Campaign,
        catalogue::Catalogue,
        indicator::Indicator,
        period::{Day, Each, Period},
    },
    server::{context::Ctx, form::FormData},
    ui::{
        field::{Choices, Field, Form, NamedField, Problems, Select},
        table::{Head, Table},
    },
};
use leptos::prelude::*;

/// A line of the form.
struct Line {
    kept: Kept,
    taken: bool,
    unit_name: String,
    /// What the day is, and for which of several indicators the session is.
    tags: Vec<String>,
}

/// The lines of a form that was posted; those that are to be kept are the sessions.
fn lines_of(form: &FormData) -> Vec<Line> {
    let mut lines: Vec<Line> = form
        .with_prefix("unit.")
        .filter_map(|(number, unit)| {
            let of = |field: &str| form.get(&format!("{field}.{number}")).to_owned();
            Some(Line {
                kept: Kept {
                    number: number.parse().ok()?,
                    unit: unit.to_owned(),
                    day: of("day"),
                    lead: of("lead"),
                    activity_type: of("type"),
                },
                taken: form.get(&format!("take.{number}")) == "1",
                unit_name: of("name"),
                tags: of("tags").split('·').filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
            })
        })
        .collect();
    lines.sort_by_key(|line| line.kept.number);
    lines
}

/// The sessions that a posted form keeps.
pub(super) fn kept(form: &FormData) -> Vec<Kept> {
    lines_of(form).into_iter().filter(|line| line.taken).map(|line| line.kept).collect()
}

fn lines(ctx: &Ctx, proposal: &Proposal) -> Vec<Line> {
    let locale = ctx.locale;
    let several = proposal.indicators.len() > 1;
    let names = names(ctx, &proposal.indicators);
    proposal
        .events
        .iter()
        .enumerate()
        .map(|(number, event)| {
            let mut tags = Vec::new();
            if several {
                tags.push(name_of(&names, &event.indicator));
            }
            tags.extend(event.key_date.as_ref().map(|one| locale.name(&one.name, one.name_en.as_deref()).to_owned()));
            if event.is_market {
                tags.push(locale.schedule_market().to_owned());
            }
            Line {
                kept: Kept {
                    number,
                    unit: event.unit.code.clone(),
                    day: event.day.to_string(),
                    lead: event.lead.clone(),
                    activity_type: event.activity_type.clone(),
                },
                taken: true,
                unit_name: event.unit.short_name.clone(),
                tags,
            }
        })
        .collect()
}

/// The whole answer to a question.
pub(super) fn answer(
    ctx: &Ctx,
    proposal: Proposal,
    campaigns: &[Campaign],
    catalogue: &Catalogue,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let left: u32 = proposal.unplaced.iter().map(|one| one.missing).sum();
    let count = proposal.events.len();
    let summary = match (count, left) {
        (0, 0) => locale.schedule_nothing_missing().to_owned(),
        (_, 0) => locale.schedule_all_fit(count),
        _ => locale.schedule_some_fit(count, left),
    };
    let unplaced = (left > 0).then(|| unplaced(ctx, &proposal, left));
    let form = (count > 0).then(|| keep_form(ctx, lines(ctx, &proposal), proposal.period, campaigns, catalogue));
    view! {
        <section id="proposal">
            <h2>{locale.schedule_proposal()}</h2>
            <p class="lead">{summary}</p>
            {unplaced}
            {form}
        </section>
    }
}

/// The form as it was posted and refused.
pub(super) fn refused(
    ctx: &Ctx,
    form: &FormData,
    period: Period,
    campaigns: &[Campaign],
    catalogue: &Catalogue,
) -> impl IntoView + use<> {
    let form = keep_form(ctx, lines_of(form), period, campaigns, catalogue);
    view! { <section id="proposal"><h2>{ctx.locale.schedule_proposal()}</h2> <Problems/> {form}</section> }
}

fn keep_form(
    ctx: &Ctx,
    lines: Vec<Line>,
    period: Period,
    campaigns: &[Campaign],
    catalogue: &Catalogue,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let mut options = vec![(String::new(), locale.schedule_new_campaign().to_owned())];
    options.extend(campaigns.iter().map(|campaign| {
        (campaign.key.clone(), format!("{}（{}）", campaign.title, period_text(locale, campaign.period)))
    }));
    let themes: Vec<(String, String)> = catalogue
        .active_themes()
        .map(|theme| (theme.key.clone(), locale.name(&theme.name, theme.name_en.as_deref()).to_owned()))
        .collect();
    let mut weeks: Vec<(Option<Period>, Vec<Line>)> = Vec::new();
    for line in lines {
        let week = line.kept.day.parse::<Day>().ok().and_then(|day| Each::Week.around(day));
        match weeks.last_mut() {
            Some((last, lines)) if *last == week => lines.push(line),
            _ => weeks.push((week, vec![line])),
        }
    }
    let weeks = weeks
        .into_iter()
        .map(|(week, lines)| {
            let head = week.map(|week| view! { <h3>{locale.schedule_week(week.from, week.to)}</h3> });
            let lines = lines.into_iter().map(|line| row(ctx, line, period)).collect_view();
            view! { {head} <ul class="proposal">{lines}</ul> }
        })
        .collect_view();
    view! {
        <Form action="accept">
            <p class="hint">{locale.schedule_adjust()}</p>
            {weeks}
            <h3>{locale.schedule_accept_as()}</h3>
            <Select name="campaign" label=locale.event_campaign() options=options/>
            <Field name="title" label=locale.schedule_new_title() hint=locale.schedule_new_hint()/>
            <Choices name="themes" label=locale.schedule_new_themes() options=themes first=8/>
            <div class="two">
                <Field name="starts" kind="time" label=locale.event_starts() value="09:00"/>
                <Field name="ends" kind="time" label=locale.event_ends() value="10:00"/>
            </div>
            <div><button class="primary" type="submit">{locale.schedule_accept()}</button></div>
        </Form>
    }
}

fn row(ctx: &Ctx, line: Line, period: Period) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let Line { kept: Kept { number, unit, day, lead, activity_type }, taken, unit_name, tags } = line;
    let id = format!("take-{number}");
    let label = locale.schedule_day_of(&unit_name);
    let hidden = [
        ("unit", unit),
        ("type", activity_type),
        ("lead", lead.clone()),
        ("name", unit_name.clone()),
        ("tags", tags.join("·")),
    ]
    .map(|(field, value)| view! { <input type="hidden" name=format!("{field}.{number}") value=value/> })
    .collect_view();
    let tags = tags.into_iter().map(|tag| view! { " " <span class="tag quiet">{tag}</span> }).collect_view();
    view! {
        <li>
            {hidden}
            <span class="chip">
                <input type="checkbox" id=id.clone() name=format!("take.{number}") value="1" checked=taken/>
                <label for=id>{unit_name}</label>
            </span>
            <NamedField name=format!("day.{number}") kind="date" label value=day
                min=period.from.to_string() max=period.to.to_string()/>
            <span>{(!lead.is_empty()).then_some(lead)} {tags}</span>
        </li>
    }
}

fn unplaced(ctx: &Ctx, proposal: &Proposal, left: u32) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let names = names(ctx, &proposal.indicators);
    let heads = vec![
        Head::Text(locale.goals_unit()),
        Head::Text(locale.schedule_indicator()),
        Head::Number(locale.schedule_missing()),
        Head::Text(locale.schedule_why()),
    ];
    let rows = proposal
        .unplaced
        .iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row">{one.unit.short_name.clone()}</th>
                    <td>{name_of(&names, &one.indicator)}</td>
                    <td class="num">{one.missing}</td>
                    <td>{words::reason(locale, one.reason)}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=locale.schedule_unplaced(left) heads>{rows}</Table> }
}

/// Indicators' keys and names.
fn names(ctx: &Ctx, indicators: &[Indicator]) -> Vec<(String, String)> {
    let name = |one: &Indicator| ctx.locale.name(&one.name, one.name_en.as_deref()).to_owned();
    indicators.iter().map(|one| (one.key.clone(), name(one))).collect()
}

fn name_of(names: &[(String, String)], key: &str) -> String {
    names.iter().find(|(own, _)| own == key).map(|(_, name)| name.clone()).unwrap_or_default()
}
