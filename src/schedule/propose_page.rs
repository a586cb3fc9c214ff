//! A schedule proposed from the gaps: `/schedule/propose?unit=&indicator=&from=&to=…`. The question is the address, so that
//! it can be asked again and passed on.

use super::{
    action::{self, Proposal, Proposed, Wish},
    words,
};
use crate::{
    campaign::view::day_text,
    domain::{
        indicator::Indicator,
        period::{Day, Each, Period},
        unit::Unit,
    },
    error::Error,
    plan::{
        self,
        action::read_unit,
        need::is_held,
        view::{filter_select, managed_options},
    },
    server::{context::Ctx, form::FormData},
    ui::{
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use chrono::{Datelike, Days};
use leptos::prelude::*;

/// The question and, once it was asked, the proposal.
pub fn propose() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        if !ctx.actor()?.may_manage(&unit) {
            return Err(Error::Forbidden);
        }
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        let mut indicators = plan::store::indicators(&mut conn, &unit, false).await?;
        indicators.retain(|one| !one.retired && is_held(one.kind));
        drop(conn);
        let asked = ctx.query.has("from");
        let wish = wish(&ctx.query, &unit);
        let (proposal, problems) = match asked {
            false => (None, Vec::new()),
            true => match action::propose(&ctx, &wish).await {
                Ok(proposal) => (Some(proposal), Vec::new()),
                Err(Error::Invalid(problems)) => (None, problems.into_iter().map(|one| one.message).collect()),
                Err(other) => return Err(other),
            },
        };
        let question = question(&ctx, &unit, &units, &indicators, &wish, asked, problems);
        let answer = proposal.map(|proposal| answer(&ctx, proposal));
        Ok(Page::new("/goals", locale.schedule_title(&unit.short_name), view! { {question} {answer} }))
    })
}

/// What the address asks. Days and numbers that cannot be read are missing, and the answer says so.
fn wish(query: &FormData, unit: &Unit) -> Wish {
    let number = |name: &str| query.filled(name).map(|text| text.parse().unwrap_or(-1));
    let day = |text: &str| text.trim().parse::<Day>().ok();
    let list = |name: &str| -> Vec<String> {
        let parts = query.get(name).split(['、', ',', '，', ' ', '\n', ';', '；']);
        parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    };
    let mut indicators: Vec<String> = query.all("indicator").into_iter().map(str::to_owned).collect();
    indicators.dedup();
    Wish {
        unit: unit.code.clone(),
        from: day(query.get("from")),
        to: day(query.get("to")),
        indicators,
        per_day: number("per_day"),
        per_week: number("per_week"),
        avoid: list("avoid").iter().filter_map(|text| day(text)).collect(),
        holidays: query.has("holidays"),
        people: list("people"),
        together: query.has("together"),
    }
}

fn question(
    ctx: &Ctx,
    unit: &Unit,
    units: &[Unit],
    indicators: &[Indicator],
    wish: &Wish,
    asked: bool,
    problems: Vec<String>,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let year = Period::year(ctx.today.year());
    let from = wish.from.unwrap_or(ctx.today + Days::new(1)).to_string();
    let to = wish.to.unwrap_or(year.to.max(ctx.today + Days::new(31))).to_string();
    let field = |name: &'static str, label: &'static str, kind: &'static str, value: String, hint: &'static str| {
        let id = format!("filter-{name}");
        let hint_id = format!("{id}-hint");
        let described = (!hint.is_empty()).then(|| hint_id.clone());
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
                <input id=id name=name type=kind value=value aria-describedby=described
                    min=(kind == "number").then_some("1")/>
            </div>
        }
    };
    let tick = |name: &'static str, label: &'static str, checked: bool| {
        let id = format!("filter-{name}");
        view! {
            <span class="chip"><input type="checkbox" id=id.clone() name=name value="1" checked=checked/>
            <label for=id>{label}</label></span>
        }
    };
    let choices = indicators
        .iter()
        .map(|one| {
            let id = format!("indicator-{}", one.key);
            let checked = wish.indicators.contains(&one.key);
            let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
            view! {
                <span class="chip">
                    <input type="checkbox" id=id.clone() name="indicator" value=one.key.clone() checked=checked/>
                    <label for=id>{name}</label>
                </span>
            }
        })
        .collect_view();
    let written = |name: &str| ctx.query.get(name).to_owned();
    let wrong = !problems.is_empty();
    let problems = problems.into_iter().map(|text| view! { <li>{text}</li> }).collect_view();
    view! {
        {wrong.then(|| view! { <div class="problems" role="alert"><ul>{problems}</ul></div> })}
        <form method="get" class="form">
            <div class="two">
                {filter_select("unit", locale.goals_unit(), managed_options(ctx, units), unit.code.clone())}
                <fieldset class="choices"><legend>{locale.schedule_indicators()}</legend><div class="chips">{choices}</div></fieldset>
            </div>
            <div class="two">
                {field("from", locale.schedule_from(), "date", from, "")}
                {field("to", locale.schedule_to(), "date", to, "")}
            </div>
            <div class="two">
                {field("per_day", locale.schedule_per_day(), "number", written("per_day"), "")}
                {field("per_week", locale.schedule_per_week(), "number", written("per_week"), "")}
            </div>
            <details open=asked && (wish.holidays || wish.together || !wish.people.is_empty() || !wish.avoid.is_empty())>
                <summary>{locale.more()}</summary>
                {field("people", locale.schedule_people(), "text", written("people"), locale.schedule_people_hint())}
                {field("avoid", locale.schedule_avoid(), "text", written("avoid"), locale.schedule_avoid_hint())}
                <div class="chips">
                    {tick("together", locale.schedule_together(), wish.together)}
                    {tick("holidays", locale.schedule_holidays(), wish.holidays)}
                </div>
            </details>
            <div><button class="primary" type="submit">{locale.schedule_ask()}</button></div>
        </form>
    }
}

fn answer(ctx: &Ctx, proposal: Proposal) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let left: u32 = proposal.unplaced.iter().map(|one| one.missing).sum();
    let count = proposal.events.len();
    let summary = match (count, left) {
        (0, 0) => locale.schedule_nothing_missing().to_owned(),
        (_, 0) => locale.schedule_all_fit(count),
        _ => locale.schedule_some_fit(count, left),
    };
    let unplaced = (left > 0).then(|| {
        let heads = vec![
            Head::Text(locale.goals_unit()),
            Head::Text(locale.schedule_indicator()),
            Head::Number(locale.schedule_missing()),
            Head::Text(locale.schedule_why()),
        ];
        let names = names(ctx, &proposal.indicators);
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
    });
    let weeks = weeks(ctx, &proposal);
    view! {
        <section id="proposal">
            <h2>{locale.schedule_proposal()}</h2>
            <p class="lead">{summary}</p>
            {weeks}
            {unplaced}
        </section>
    }
}

/// Indicators' keys and names.
fn names(ctx: &Ctx, indicators: &[Indicator]) -> Vec<(String, String)> {
    let name = |one: &Indicator| ctx.locale.name(&one.name, one.name_en.as_deref()).to_owned();
    indicators.iter().map(|one| (one.key.clone(), name(one))).collect()
}

fn name_of(names: &[(String, String)], key: &str) -> String {
    names.iter().find(|(own, _)| own == key).map(|(_, name)| name.clone()).unwrap_or_default()
}

/// The sessions, week by week.
fn weeks(ctx: &Ctx, proposal: &Proposal) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let names = names(ctx, &proposal.indicators);
    let mut weeks: Vec<(Period, Vec<&Proposed>)> = Vec::new();
    for event in &proposal.events {
        let week = Each::Week.around(event.day).unwrap_or(proposal.period);
        match weeks.last_mut() {
            Some((last, events)) if *last == week => events.push(event),
            _ => weeks.push((week, vec![event])),
        }
    }
    let several = proposal.indicators.len() > 1;
    weeks
        .into_iter()
        .map(|(week, events)| {
            let lines = events
                .into_iter()
                .map(|event| {
                    let occasion = event.key_date.as_ref().map(|one| {
                        let name = locale.name(&one.name, one.name_en.as_deref()).to_owned();
                        view! { " " <span class="tag">{name}</span> }
                    });
                    let market = event
                        .is_market
                        .then(|| view! { " " <span class="tag quiet">{locale.schedule_market()}</span> });
                    let what =
                        several.then(|| view! { " " <span class="muted">{name_of(&names, &event.indicator)}</span> });
                    let lead =
                        (!event.lead.is_empty()).then(|| view! { " " <span class="muted">{event.lead.clone()}</span> });
                    view! {
                        <li>
                            <span class="when">{day_text(locale, event.day)}</span> " "
                            <strong>{event.unit.short_name.clone()}</strong>
                            {what} {lead} {occasion} {market}
                        </li>
                    }
                })
                .collect_view();
            view! {
                <h3>{locale.schedule_week(week.from, week.to)}</h3>
                <ul class="plain">{lines}</ul>
            }
        })
        .collect_view()
}
