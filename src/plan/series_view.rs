//! An indicator year by year: the columns of the plans side by side, and the table of the same figures.

use super::{
    link,
    series::{Series, YearRow},
    words,
};
use crate::{
    chart::{
        Boundary, Chart, Touch,
        years::{Year, Years, years},
    },
    domain::{indicator::Kind, period::Day, unit::Unit},
    locale::Locale,
    server::context::Ctx,
    ui::table::{Head, Table},
};
use chrono::Datelike;
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
    // One point is no line: it is said, and stands in the table.
    let known = series.rows.iter().filter(|row| row.actual.is_some()).count();
    let drawings = (series.kind != Kind::Milestone && known > 1)
        .then(|| chart(ctx.today, unit, series, &finding).drawings.concat());
    let alone = (series.kind != Kind::Milestone && known == 1).then(|| locale.series_alone(last.year));
    let table = table(locale, unit, series);
    Some(view! {
        <section class="finding" id="series">
            <h2>{locale.series_title()}</h2>
            <p class="lead">{finding}</p>
            {(!subtitle.is_empty()).then(|| view! { <p class="muted">{subtitle}</p> })}
            {drawings.map(|drawings| view! { <div class="plot" inner_html=drawings></div> })}
            {alone.map(|text| view! { <p class="muted">{text}</p> })}
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

/// A point a year, and the boundary of the plans.
fn chart(today: Day, unit: &Unit, series: &Series, label: &str) -> Chart {
    let height = |row: &YearRow| {
        let value = row.actual?;
        Some((if series.kind.is_share() { value * 1_000.0 } else { value }).round() as i64)
    };
    let plan = |row: &YearRow| row.plan_name.clone().unwrap_or_default();
    let begins = series.rows.iter().rposition(|row| row.begins_plan);
    let boundary = begins.map(|before| Boundary {
        before,
        left: before.checked_sub(1).map(|at| plan(&series.rows[at])).unwrap_or_default(),
        right: plan(&series.rows[before]),
    });
    let year = |row: &YearRow| {
        let text = row.actual.map(|value| figure(series, value)).unwrap_or_else(|| "–".into());
        let title = [plan(row), row.year.to_string(), text.clone()].join(" ");
        Year {
            name: row.year.to_string(),
            value: height(row),
            figure: text,
            runs: row.year == today.year(),
            touch: Touch { title, href: link::of_year(unit, series, row) },
        }
    };
    years(&Years { label: label.to_owned(), boundary, years: series.rows.iter().map(year).collect() })
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
