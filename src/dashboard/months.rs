//! The year month by month: activities stacked by what was counted, and every figure in the table below. Where a plan begins
//! with the year, the year before stands to its left.

use super::{
    action::{Home, Place},
    figures::begins_with,
    link::Behind,
    parts::{fold, measure_heads, plot, tied},
};
use crate::{
    chart::{
        Boundary, Touch,
        months::{Months, SERIES, Series, months as draw},
    },
    domain::{
        measure::{Measure, Total},
        period::{Day, Month},
        wording::grouped,
    },
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

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
    let of = |months: &BTreeMap<(Month, i64), Total>| months.get(&(month, measure)).copied();
    of(&home.months).or_else(|| of(&home.figures.before)).unwrap_or_default()
}

/// What stands between the year before and this one, where the chart shows both.
fn boundary(locale: Locale, home: &Home) -> Option<Boundary> {
    if home.figures.before.is_empty() {
        return None;
    }
    let named = |year: i32| {
        home.plan_of(year).map(|plan| locale.name(&plan.name, plan.name_en.as_deref()).to_owned()).unwrap_or_default()
    };
    let begins = home.plans.iter().any(|plan| begins_with(plan.period, home.year));
    begins.then(|| Boundary { before: 12, left: named(home.year - 1), right: named(home.year) })
}

/// The measures that were counted this year, in the catalogue's order.
pub fn counted(home: &Home) -> Vec<(&Measure, Total)> {
    counted_in(home, &home.totals())
}

fn counted_in<'a>(home: &'a Home, totals: &BTreeMap<i64, Total>) -> Vec<(&'a Measure, Total)> {
    home.catalogue
        .measures
        .iter()
        .filter_map(|measure| Some((measure, *totals.get(&measure.id).filter(|total| !total.is_zero())?)))
        .collect()
}

/// The chart, and the tables of the same numbers.
pub fn months(ctx: &Ctx, home: &Home) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let boundary = boundary(locale, home);
    let mut months = if boundary.is_some() { of_year(home.year - 1) } else { Vec::new() };
    months.extend(of_year(home.year));
    // With its year, where there are two of them.
    let title_of = |month: Month| match boundary.is_some() {
        true => locale.dash_in_year(name(locale, month), month.year()),
        false => name(locale, month),
    };
    let this_year = counted(home);
    let mut totals = home.totals();
    for ((_, measure), total) in &home.figures.before {
        *totals.entry(*measure).or_default() += *total;
    }
    let counted = counted_in(home, &totals);
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
                    let title = locale.dash_month_of_measure(count, name_of, title_of(*month));
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
                let title = locale.dash_month_of_measure(count, locale.dash_others(), title_of(*month));
                // No list of the ledger has just these.
                (count, Touch { title, href: None })
            })
            .collect();
        series.push(Series { name: locale.dash_others().to_owned(), values });
    }
    let once: Vec<i64> = months.iter().map(|month| total(home, *month, 0).activities).collect();
    let own = months.len() - 12;
    let is_village = matches!(home.place, Place::Village(_));
    let finding = finding(locale, &months[own..], &once[own..], ctx.today, is_village);
    let chart = draw(&Months {
        label: finding.clone(),
        months: months.iter().map(|month| name(locale, *month)).collect(),
        columns: once.clone(),
        series: series.clone(),
        boundary,
    });
    let subtitle = match own {
        0 => locale.dash_months_subtitle(&home.unit.short_name, home.year),
        _ => locale.dash_months_with_before(&home.unit.short_name, home.year),
    };
    // The tables are of the year: twelve months that add up to it.
    let series: Vec<Series> =
        series.into_iter().map(|one| Series { values: one.values.into_iter().skip(own).collect(), ..one }).collect();
    let (months, once) = (&months[own..], &once[own..]);
    let records = records_table(locale, home, months, &series, once);
    let figures = figures_table(locale, home, months, &this_year);
    fold(
        finding,
        view! {
            <p class="muted">{subtitle}</p>
            {plot(locale, "months", &chart)}
            <details>
                <summary>{locale.dash_months_table()}</summary>
                {records}
                {figures}
            </details>
        },
    )
}

/// 6月活动最多，24次；2个月没有活动. Months that have not begun are not missing, and nothing is said of them. Where all
/// months are alike none is named; `brief`: which months are empty stands beside it already.
pub fn finding(locale: Locale, months: &[Month], once: &[i64], today: Day, brief: bool) -> String {
    let begun = months.iter().filter(|month| month.first() <= today).count();
    let is_over = months.last().is_none_or(|month| month.last() <= today);
    let once = once.get(..begun).unwrap_or(once);
    let most = once.iter().copied().max().unwrap_or_default();
    if most == 0 {
        return locale.dash_months_nothing().to_owned();
    }
    let fullest: Vec<String> =
        months.iter().zip(once).filter(|(_, count)| **count == most).map(|(month, _)| name(locale, *month)).collect();
    let with = once.iter().filter(|count| **count > 0).count();
    let empty = once.len() - with;
    if with > 1 && fullest.len() == with {
        return match empty {
            empty if empty == 0 || brief => locale.dash_months_even(most, with),
            empty => locale.dash_months_even_and_empty(most, empty, with),
        };
    }
    let month = tied(locale, &fullest);
    match empty {
        _ if brief => locale.dash_months_most(most, month),
        0 if is_over => locale.dash_months_all(most, month),
        0 => locale.dash_months_so_far(most, today, month),
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
    let head = measure_heads(locale, counted.iter().map(|(measure, _)| *measure));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_still_to_come_are_not_missing() {
        let months = of_year(2026);
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let counts = [3, 5, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let said = |today: &str| finding(Locale::Zh, &months, &counts, day(today), false);
        assert_eq!(said("2026-03-31"), "截至2026-03-31月月有活动，2月最多，5次");
        assert_eq!(said("2026-05-01"), "2月活动最多，5次；2个月没有活动");
        assert_eq!(finding(Locale::Zh, &months, &[1; 12], day("2026-12-31"), false), "12个月有活动，每月1次");
        // The last month has begun and is not over yet; what is dated later is no part of what is said.
        assert_eq!(finding(Locale::Zh, &months, &[1; 12], day("2026-12-30"), false), "12个月有活动，每月1次");
        let ahead = [3, 5, 4, 9, 0, 0, 0, 0, 0, 0, 0, 0];
        let words = finding(Locale::Zh, &months, &ahead, day("2026-03-31"), false);
        assert_eq!(words, "截至2026-03-31月月有活动，2月最多，5次");
        assert_eq!(finding(Locale::Zh, &months, &[0; 12], day("2026-12-31"), false), "今年还没有活动");
    }

    #[test]
    fn no_month_is_called_the_fullest_that_shares_its_place() {
        let months = of_year(2021);
        let today = "2021-12-20".parse::<Day>().expect("a day");
        let said = |counts: [i64; 12], brief: bool| finding(Locale::Zh, &months, &counts, today, brief);
        let five = [0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0];
        assert_eq!(said(five, false), "5个月有活动，每月1次；7个月没有活动");
        assert_eq!(said(five, true), "5个月有活动，每月1次");
        let two = [0, 0, 3, 1, 0, 3, 0, 0, 1, 0, 1, 0];
        assert_eq!(said(two, false), "3月、6月并列活动最多，3次；7个月没有活动");
        let four = [0, 0, 3, 3, 0, 3, 0, 0, 3, 0, 1, 0];
        assert_eq!(said(four, true), "3月、4月、6月等4个并列活动最多，3次");
        let one = [0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        assert_eq!(said(one, false), "3月活动最多，3次；11个月没有活动");
        assert_eq!(said(one, true), "3月活动最多，3次");
    }
}
