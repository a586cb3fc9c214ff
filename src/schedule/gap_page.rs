//! What is still missing, unit by unit: `/gaps?unit=&plan=&as_of=&indicator=`.

use super::{
    gap_action::{self, GapRow},
    words,
};
use crate::{
    domain::{indicator::Kind, period::Day, unit::Unit},
    plan::view::{filter_select, manages},
    plan::{action::read_unit, link, need::is_held, view::unit_options},
    server::context::Ctx,
    ui::{
        page::{Page, page},
        table::{Head, Table},
    },
    unit,
};
use chrono::Days;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The gaps of a unit and all below it, by indicator.
pub fn gaps() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let mut conn = ctx.db.read().await?;
        let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
        let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
        drop(conn);
        let as_of = ctx.query.filled("as_of").and_then(|day| day.parse().ok());
        let found = gap_action::gaps(&ctx, &unit, ctx.query.filled("plan"), as_of).await?;
        // In the order of what closes first; each indicator once.
        let mut groups: Vec<(String, Vec<GapRow>)> = Vec::new();
        for row in found.rows {
            match groups.iter_mut().find(|(key, _)| *key == row.indicator) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((row.indicator.clone(), vec![row])),
            }
        }
        let lost: i64 = groups.iter().flat_map(|(_, rows)| rows).map(|row| row.irrecoverable).sum();
        let summary = match groups.len() {
            0 if found.plan.is_none() => locale.goals_no_plan().to_owned(),
            0 => locale.gaps_none(found.as_of),
            count => locale.gaps_summary(found.as_of, count),
        };
        let lost = (lost > 0).then(|| view! { <p class="hint">{locale.gaps_lost(lost)}</p> });
        let towns = towns(&units, &unit);
        let sections =
            groups.into_iter().map(|(_, rows)| section(&ctx, &unit, found.as_of, rows, &towns)).collect_view();
        let filters = (units.len() > 1).then(|| {
            view! {
                <form method="get" class="filters">
                    {filter_select("unit", locale.goals_unit(), unit_options(&units), unit.code.clone())}
                    <button class="button">{locale.show()}</button>
                </form>
            }
        });
        let title = locale.gaps_title(&unit.short_name);
        let goals = format!("/goals?unit={}", unit.code);
        Ok(Page::new(
            "/goals",
            title,
            view! {
                {filters}
                <p class="lead">{summary}</p>
                {lost}
                {sections}
                <nav class="toolbar" aria-label=locale.goals_related()><a href=goals>{locale.nav_goals()}</a></nav>
            },
        ))
    })
}

/// Seen from above a town: the name of the unit above each, by the unit's code. Villages of different towns share names.
fn towns(units: &[Unit], asked: &Unit) -> BTreeMap<String, String> {
    let names: BTreeMap<i64, &str> = units.iter().map(|unit| (unit.id, unit.short_name.as_str())).collect();
    let below = units.iter().filter(|unit| unit.parent_id.is_some_and(|id| id != asked.id));
    below.filter_map(|unit| Some((unit.code.clone(), (*names.get(&unit.parent_id?)?).to_owned()))).collect()
}

fn section(
    ctx: &Ctx,
    unit: &Unit,
    as_of: Day,
    rows: Vec<GapRow>,
    towns: &BTreeMap<String, String>,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let (Some(first), count) = (rows.first().cloned(), rows.len()) else { return ().into_any() };
    let behind = |row: &GapRow| link::page(&row.unit, &row.indicator, &row.plan, as_of);
    let open = rows.iter().any(|row| row.missing > row.irrecoverable as f64);
    let closes = match first.days_left {
        0 => locale.gaps_over(first.closes),
        _ => locale.gaps_closes(first.closes, (first.closes - as_of).num_days().max(0)),
    };
    let from = as_of + Days::new(1);
    let to = first.closes.max(from);
    let plan = (manages(ctx) && is_held(first.kind) && open).then(|| {
        let address = format!("/schedule/propose?unit={}&indicator={}&from={from}&to={to}", unit.code, first.indicator);
        view! { <p><a class="button" href=address>{locale.gaps_plan()}</a></p> }
    });
    let of_units = count > 1 || first.unit != unit.code;
    let body = match of_units {
        false => view! { <p><a href=behind(&first)>{sentence(ctx, &first)}</a></p> }.into_any(),
        true => {
            let with_months = rows.iter().any(|row| row.per_month.is_some());
            let with_lost = rows.iter().any(|row| row.irrecoverable > 0);
            let mut heads = vec![Head::Text(locale.goals_unit()), Head::Number(locale.gaps_missing())];
            if with_lost {
                heads.push(Head::Number(locale.gaps_irrecoverable()));
            }
            if with_months {
                heads.push(Head::Number(locale.gaps_per_month()));
            }
            let lines = rows
                .into_iter()
                .map(|row| {
                    let town = towns.get(&row.unit).map(|name| view! { " "<span class="muted">{name.clone()}</span> });
                    let months = row.per_month.map(|value| value.to_string()).unwrap_or_default();
                    view! {
                        <tr>
                            <th scope="row"><a href=format!("/units/{}", row.unit)>{row.unit_name.clone()}</a>{town}</th>
                            <td class="num"><a href=behind(&row)>{words::missing(&row)}</a></td>
                            {with_lost.then(|| view! { <td class="num">{row.irrecoverable}</td> })}
                            {with_months.then(|| view! { <td class="num">{months}</td> })}
                        </tr>
                    }
                })
                .collect_view();
            // Two indicators may lack in as many units; each table has a name of its own.
            let caption = locale.gaps_units(count, &first.name);
            view! { <Table caption heads>{lines}</Table> }.into_any()
        }
    };
    view! {
        <section class="gap" id=format!("gap-{}", first.indicator)>
            <h2>{first.name.clone()}</h2>
            <p class="hint">{closes}</p>
            {body}
            {plan}
        </section>
    }
    .into_any()
}

/// What one unit lacks, in a sentence.
fn sentence(ctx: &Ctx, row: &GapRow) -> String {
    let locale = ctx.locale;
    let mut text = match row.kind {
        Kind::Milestone => locale.gaps_milestone().to_owned(),
        _ => locale.gaps_sentence(words::missing(row)),
    };
    if row.irrecoverable > 0 {
        text += locale.gaps_sentence_lost(row.irrecoverable).as_str();
    }
    if let Some(value) = row.per_month {
        text += locale.gaps_sentence_month(row.unit_word.as_str(), value).as_str();
    }
    text
}
