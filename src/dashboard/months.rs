//! The year month by month: activities stacked by what was counted, and every figure in the table below.

use super::{action::Home, link::Behind, parts::plot};
use crate::{
    chart::{
        Touch,
        months::{Months, SERIES, Series, months as draw},
    },
    domain::{
        measure::{Measure, Total},
        period::Month,
        wording::grouped,
    },
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;

/// The twelve months of the page's year.
pub fn of_year(year: i32) -> Vec<Month> {
    (1..=12).filter_map(|number| Month::new(year, number)).collect()
}

/// 6月 · Jun.
pub fn name(locale: Locale, month: Month) -> String {
    match locale {
        Locale::Zh => format!("{}月", month.number()),
        Locale::En => month.first().format("%b").to_string(),
    }
}

fn total(home: &Home, month: Month, measure: i64) -> Total {
    home.months.get(&(month, measure)).copied().unwrap_or_default()
}

/// The measures that were counted this year, in the catalogue's order.
pub fn counted(home: &Home) -> Vec<(&Measure, Total)> {
    let totals = home.totals();
    home.catalogue
        .measures
        .iter()
        .filter_map(|measure| Some((measure, *totals.get(&measure.id).filter(|total| !total.is_zero())?)))
        .collect()
}

/// The chart, and the tables of the same numbers.
pub fn months(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let months = of_year(home.year);
    let counted = counted(home);
    // The parts that can be told apart: the measures most often counted; what is left stands together.
    let mut frequent: Vec<&(&Measure, Total)> = counted.iter().filter(|(_, total)| total.activities > 0).collect();
    let room = if frequent.len() > SERIES { SERIES - 1 } else { SERIES };
    frequent.sort_by_key(|(_, total)| std::cmp::Reverse(total.activities));
    let shown: Vec<&Measure> = counted
        .iter()
        .filter(|own| frequent.iter().take(room).any(|other| other.0.id == own.0.id))
        .map(|own| own.0)
        .collect();
    let rest: Vec<&Measure> =
        counted.iter().map(|own| own.0).filter(|own| shown.iter().all(|other| other.id != own.id)).collect();
    let behind = |month: Month| Behind::new(&home.unit.code, month.period()).theme(home.theme_key());
    let mut series: Vec<Series> = shown
        .iter()
        .map(|measure| {
            let name_of = locale.name(&measure.name, measure.name_en.as_deref());
            let values = months
                .iter()
                .map(|month| {
                    let count = total(home, *month, measure.id).activities;
                    let title = locale.dash_month_of_measure(count, name_of, name(locale, *month));
                    (count, Touch { title, href: Some(behind(*month).measure(Some(&measure.key)).address()) })
                })
                .collect();
            Series { name: name_of.to_owned(), values }
        })
        .collect();
    let rest_of = |month: Month| rest.iter().map(|measure| total(home, month, measure.id).activities).sum::<i64>();
    if months.iter().any(|month| rest_of(*month) > 0) {
        let values = months
            .iter()
            .map(|month| {
                let count = rest_of(*month);
                let title = locale.dash_month_of_measure(count, locale.dash_others(), name(locale, *month));
                (count, Touch { title, href: Some(behind(*month).address()) })
            })
            .collect();
        series.push(Series { name: locale.dash_others().to_owned(), values });
    }
    let once: Vec<i64> = months.iter().map(|month| total(home, *month, 0).activities).collect();
    let finding = finding(locale, &months, &once);
    let chart = draw(&Months {
        label: finding.clone(),
        months: months.iter().map(|month| name(locale, *month)).collect(),
        columns: once.clone(),
        series: series.clone(),
    });
    let records = records_table(locale, home, &months, &series, &once);
    let figures = figures_table(locale, home, &months, &counted);
    view! {
        <section class="finding">
            <h3>{finding}</h3>
            <p class="muted">{locale.dash_months_subtitle(&home.unit.short_name, home.year)}</p>
            {plot(&chart)}
            <details>
                <summary>{locale.dash_months_table()}</summary>
                {records}
                {figures}
            </details>
        </section>
    }
}

/// 6月活动最多，24次；2个月没有活动.
fn finding(locale: Locale, months: &[Month], once: &[i64]) -> String {
    let most = once.iter().copied().max().unwrap_or_default();
    let Some(at) = once.iter().position(|count| *count == most && most > 0) else {
        return locale.dash_months_nothing().to_owned();
    };
    let month = name(locale, months[at]);
    match once.iter().filter(|count| **count == 0).count() {
        0 => locale.dash_months_all(most, month),
        empty => locale.dash_months_finding(most, empty, month),
    }
}

fn records_table(
    locale: Locale,
    home: &Home,
    months: &[Month],
    series: &[Series],
    once: &[i64],
) -> impl IntoView + use<> {
    let head = series.iter().map(|one| view! { <th scope="col" class="num">{one.name.clone()}</th> }).collect_view();
    let rows = months
        .iter()
        .enumerate()
        .map(|(n, month)| {
            let address = Behind::new(&home.unit.code, month.period()).theme(home.theme_key()).address();
            let cells = series
                .iter()
                .filter_map(|one| one.values.get(n))
                .map(|(count, touch)| view! { <td class="num">{linked(*count, touch.href.clone())}</td> })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{name(locale, *month)}</th>
                    {cells}
                    <td class="num">{linked(once[n], Some(address))}</td>
                </tr>
            }
        })
        .collect_view();
    let foot = series
        .iter()
        .map(|one| view! { <td class="num">{grouped(one.values.iter().map(|value| value.0).sum())}</td> })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.dash_records_caption()}</caption>
                <thead>
                    <tr><th scope="col">{locale.dash_month()}</th>{head}<th scope="col" class="num">{locale.dash_once()}</th></tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr><th scope="row">{locale.dash_whole_year()}</th>{foot}<td class="num">{grouped(once.iter().sum())}</td></tr>
                </tfoot>
            </table>
        </div>
    }
}

fn figures_table(
    locale: Locale,
    home: &Home,
    months: &[Month],
    counted: &[(&Measure, Total)],
) -> impl IntoView + use<> {
    let head = counted
        .iter()
        .map(|(measure, _)| {
            let unit_word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
            let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
            view! { <th scope="col" class="num">{name}" "<small>{unit_word}</small></th> }
        })
        .collect_view();
    let rows = months
        .iter()
        .map(|month| {
            let cells = counted
                .iter()
                .map(|(measure, _)| {
                    let behind = Behind::new(&home.unit.code, month.period()).theme(home.theme_key());
                    let address = behind.measure(Some(&measure.key)).address();
                    let value = total(home, *month, measure.id).total();
                    view! { <td class="num">{linked(value, Some(address))}</td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{name(locale, *month)}</th>{cells}</tr> }
        })
        .collect_view();
    let foot = counted
        .iter()
        .map(|(measure, total)| {
            let behind = Behind::new(&home.unit.code, home.period()).theme(home.theme_key());
            let address = behind.measure(Some(&measure.key)).address();
            view! { <td class="num">{linked(total.total(), Some(address))}</td> }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.dash_figures_caption()}</caption>
                <thead><tr><th scope="col">{locale.dash_month()}</th>{head}</tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">{locale.dash_whole_year()}</th>{foot}</tr></tfoot>
            </table>
        </div>
    }
}

/// A figure that leads to its records; nothing leads nowhere.
pub fn linked(value: i64, address: Option<String>) -> AnyView {
    match address.filter(|_| value != 0) {
        Some(address) => view! { <a href=address>{grouped(value)}</a> }.into_any(),
        None => grouped(value).into_any(),
    }
}
