//! An indicator year by year: the columns of the plans side by side, and the table of the same figures.

use super::{
    link,
    series::{Series, YearRow},
    words,
};
use crate::{
    chart::{
        Chart, Touch,
        months::{Months, Series as Columns, months},
    },
    domain::{indicator::Kind, unit::Unit},
    locale::Locale,
    server::context::Ctx,
    ui::table::{Head, Table},
};
use leptos::prelude::*;

/// The chart and its table; nothing where no year has anything.
pub fn view(ctx: &Ctx, unit: &Unit, series: &Series) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let last = series.rows.iter().rev().find(|row| row.actual.is_some())?;
    let latest = last.actual.map(|value| figure(series, value)).unwrap_or_default();
    let finding = locale.series_finding(latest, last.year);
    let boundaries: Vec<String> = series
        .rows
        .iter()
        .filter(|row| row.begins_plan)
        .filter_map(|row| Some(locale.series_boundary(row.plan_name.as_ref()?, row.year)))
        .collect();
    let subtitle = boundaries.join("；");
    let percent = series.kind.is_share().then(|| view! { <p class="muted">{locale.series_percent()}</p> });
    let drawings = chart(unit, series, &finding).drawings.concat();
    let table = table(locale, unit, series);
    Some(view! {
        <section class="finding" id="series">
            <h2>{locale.series_title()}</h2>
            <p class="lead">{finding}</p>
            {(!subtitle.is_empty()).then(|| view! { <p class="muted">{subtitle}</p> })}
            {(series.kind != Kind::Milestone).then(|| view! { <div class="plot" inner_html=drawings></div> {percent} })}
            {table}
        </section>
    })
}

fn figure(series: &Series, value: f64) -> String {
    match series.kind {
        kind if kind.is_share() => words::percent(value),
        Kind::Milestone => String::new(),
        _ => words::with_word(value, &series.unit_word),
    }
}

/// A column a year; each plan is a part of its own, so that the boundary shows.
fn chart(unit: &Unit, series: &Series, label: &str) -> Chart {
    let height = |row: &YearRow| {
        let value = row.actual.unwrap_or_default();
        (if series.kind.is_share() { value * 100.0 } else { value }).round() as i64
    };
    let mut plans: Vec<&Option<String>> = Vec::new();
    for row in &series.rows {
        if !plans.contains(&&row.plan_name) {
            plans.push(&row.plan_name);
        }
    }
    let parts = plans
        .iter()
        .map(|plan| {
            let values = series.rows.iter().map(|row| {
                let value = if row.plan_name == **plan { height(row) } else { 0 };
                let text = row.actual.map(|value| figure(series, value)).unwrap_or_default();
                let title = [row.plan_name.clone().unwrap_or_default(), row.year.to_string(), text].join(" ");
                (value, Touch { title, href: link::of_year(unit, series, row) })
            });
            Columns { name: plan.as_deref().unwrap_or("–").to_owned(), values: values.collect() }
        })
        .collect();
    months(&Months {
        label: label.to_owned(),
        months: series.rows.iter().map(|row| row.year.to_string()).collect(),
        columns: series.rows.iter().map(height).collect(),
        series: parts,
    })
}

fn table(locale: Locale, unit: &Unit, series: &Series) -> impl IntoView + use<> {
    let has_late = series.rows.iter().any(|row| row.late.is_some_and(|late| late > 0));
    let line = |row: &YearRow| {
        let value = row.actual.map(|value| figure(series, value)).unwrap_or_else(|| "–".into());
        let fraction = match (series.kind.is_share(), row.numerator, row.denominator) {
            (true, Some(part), Some(whole)) => format!(" ({part}/{whole})"),
            _ => String::new(),
        };
        let value = format!("{value}{fraction}");
        let value = match link::of_year(unit, series, row).filter(|_| row.actual.is_some()) {
            Some(address) => view! { <a href=address>{value}</a> }.into_any(),
            None => value.into_any(),
        };
        let target = row.target.map(|value| figure(series, value)).unwrap_or_else(|| "–".into());
        let plan = match (&row.plan_name, &row.indicator) {
            (None, _) => locale.series_no_plan().to_owned(),
            (Some(plan), None) => format!("{plan} · {}", locale.series_dropped()),
            (Some(plan), Some(_)) => plan.clone(),
        };
        let late = row.late.filter(|late| *late > 0).map(|late| words::number(late as f64)).unwrap_or_default();
        let state = row.status.map(|status| {
            let (word, class) = words::status(locale, status);
            view! { <span class=class>{word}</span> }
        });
        view! {
            <tr class:boundary=row.begins_plan>
                <th scope="row">{row.year}</th>
                <td>{plan}</td>
                <td class="num">{value}</td>
                <td class="num">{target}</td>
                {has_late.then(|| view! { <td class="num">{late}</td> })}
                <td>{state}</td>
            </tr>
        }
    };
    let rows = series.rows.iter().map(line).collect_view();
    let mut heads = vec![
        Head::Text(locale.series_year()),
        Head::Text(locale.series_plan()),
        Head::Number(locale.series_value()),
        Head::Number(locale.goal_target()),
    ];
    heads.extend(has_late.then(|| Head::Number(locale.series_late())));
    heads.push(Head::Text(locale.target_state()));
    let caption = locale.series_caption(&series.name, &unit.short_name);
    view! { <Table caption heads>{rows}</Table> }
}
