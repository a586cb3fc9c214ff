//! Towns side by side, in the order of their codes: how many of its villages each reached, month by month, and what it did.

use super::{
    action::{Home, Town},
    link::Behind,
    months::{counted, linked, name, of_year},
    parts::{fold, measure_heads, plot},
};
use crate::{
    chart::{
        Touch,
        grid::{Cell, Grid, Group, Row, grid},
    },
    domain::{measure::Measure, wording::grouped},
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;

/// How many measures stand beside the activities: those most often counted in the county.
const MEASURES: usize = 6;

/// 316个村、社区和学校中，8个还没有活动.
pub fn finding(locale: Locale, towns: &[Town]) -> String {
    let (left_out, places) =
        towns.iter().fold((0, 0), |(left_out, places), town| (left_out + town.left_out(), places + town.places));
    match left_out {
        0 => locale.dash_all_reached_county(places),
        left_out => locale.dash_some_left_out(places, left_out),
    }
}

/// Towns × months: how many places were reached in each. Those with places left out first, by code in both groups.
pub fn picture(ctx: &Ctx, home: &Home, towns: &[Town]) -> Grid {
    let locale = ctx.locale;
    let months = of_year(home.year);
    let group = |title: fn(Locale, usize) -> String, is_in: fn(&Town) -> bool| {
        let towns: Vec<&Town> = towns.iter().filter(|town| town.places > 0 && is_in(town)).collect();
        let rows = towns.iter().map(|town| {
            let cells = months.iter().zip(&town.months).map(|(month, (reached, places))| {
                let behind = Behind::new(&town.unit.code, month.period()).theme(home.theme_key());
                let name = name(locale, *month);
                let touch = |title: String| Touch { title, href: Some(behind.address()) };
                match (*reached, *places) {
                    (_, 0) => Cell::Absent,
                    (0, _) if month.first() > ctx.today => {
                        Cell::Ahead(Touch { title: locale.dash_cell_ahead(name, &town.unit.short_name), href: None })
                    }
                    // A month that still runs can be planned for.
                    (0, _) if home.manages && month.last() >= ctx.today => {
                        let href = Some(format!("/calendar?month={month}&unit={}", town.unit.code));
                        Cell::Gap(Touch { title: locale.dash_cell_gap(name, &town.unit.short_name), href })
                    }
                    (0, _) => Cell::Gap(touch(locale.dash_cell_gap(name, &town.unit.short_name))),
                    (reached, places) => Cell::Share(
                        count(reached),
                        count(places),
                        touch(locale.dash_town_cell(places, reached, name, &town.unit.short_name)),
                    ),
                }
            });
            let address = format!("/?unit={}&year={}", town.unit.code, home.year);
            let title = match town.left_out() {
                0 => locale.dash_all_reached_county(town.places),
                left_out => locale.dash_some_left_out(town.places, left_out),
            };
            let title = locale.dash_goal_says(&town.unit.short_name, title);
            Row {
                name: town.unit.short_name.clone(),
                touch: Touch { title, href: Some(address) },
                cells: cells.collect(),
            }
        });
        Group { title: title(locale, towns.len()), rows: rows.collect() }
    };
    Grid {
        label: finding(locale, towns),
        columns: months.iter().map(|month| name(locale, *month)).collect(),
        groups: vec![
            group(|locale, count| locale.dash_group_towns_some(count), |town| town.left_out() > 0),
            group(|locale, count| locale.dash_group_towns_all(count), |town| town.left_out() == 0),
        ],
    }
}

/// Which towns have places left out.
pub fn coverage(ctx: &Ctx, home: &Home, towns: &[Town]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let chart = grid(&picture(ctx, home, towns));
    view! {
        <section class="finding">
            <h2>{locale.dash_left_out()}</h2>
            <h3>{finding(locale, towns)}</h3>
            {super::goals::lacking_list(locale, home, super::goals::LACKING)}
            {left_out_list(locale, home, towns)}
            <details class="brief">
                <summary>{locale.dash_months_heading()}</summary>
                <p class="muted">{locale.dash_towns_grid_subtitle(&home.unit.short_name, home.year)}</p>
                {plot(locale, "coverage", &chart)}
                <details>
                    <summary>{locale.dash_table()}</summary>
                    {months_table(ctx, home, towns)}
                </details>
            </details>
        </section>
    }
}

/// The towns with places left out, and how many.
fn left_out_list(locale: Locale, home: &Home, towns: &[Town]) -> Option<impl IntoView + use<>> {
    let items: Vec<_> = towns
        .iter()
        .filter(|town| town.left_out() > 0)
        .map(|town| {
            let address = format!("/?unit={}&year={}", town.unit.code, home.year);
            let text = locale.dash_town_lacks(town.left_out(), &town.unit.short_name);
            view! { <li><a href=address>{text}</a></li> }
        })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="gaps">{items}</ul> })
}

fn months_table(ctx: &Ctx, home: &Home, towns: &[Town]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let months = of_year(home.year);
    let head =
        months.iter().map(|month| view! { <th scope="col" class="num">{name(locale, *month)}</th> }).collect_view();
    let rows = towns
        .iter()
        .filter(|town| town.places > 0)
        .map(|town| {
            let cells = months
                .iter()
                .zip(&town.months)
                .map(|(month, (reached, places))| {
                    let behind = Behind::new(&town.unit.code, month.period()).theme(home.theme_key());
                    let is_ahead = *places == 0 || (*reached == 0 && month.first() > ctx.today);
                    let cell =
                        (!is_ahead).then(|| view! { {linked(count(*reached), Some(behind.address()))} "/" {*places} });
                    view! { <td class="num">{cell}</td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{town.unit.short_name.clone()}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.dash_reached_places()}</caption>
                <thead><tr><th scope="col">{locale.dash_unit()}</th>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// What each did: the table.
pub fn towns(ctx: &Ctx, home: &Home, towns: &[Town]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let counted = counted(home);
    let mut frequent: Vec<_> = counted.iter().collect();
    frequent.sort_by_key(|(_, total)| std::cmp::Reverse(total.activities));
    frequent.truncate(MEASURES);
    let shown: Vec<&Measure> =
        counted.iter().map(|own| own.0).filter(|own| frequent.iter().any(|other| other.0.id == own.id)).collect();
    let head = measure_heads(locale, shown.iter().copied());
    let rows = towns
        .iter()
        .map(|town| {
            let is_own = town.unit.id == home.unit.id;
            let mut behind = Behind::new(&town.unit.code, home.period()).theme(home.theme_key());
            if is_own {
                behind = behind.own();
            }
            let value = |measure: i64| town.totals.get(&measure).copied().unwrap_or_default();
            let cells = shown
                .iter()
                .map(|measure| {
                    let address = behind.measure(Some(&measure.key)).address();
                    view! { <td class="num">{linked(value(measure.id).total(), Some(address))}</td> }
                })
                .collect_view();
            let name = match is_own {
                true => locale.dash_own_level(&town.unit.short_name).into_any(),
                false => {
                    let address = format!("/?unit={}&year={}", town.unit.code, home.year);
                    view! { <a href=address>{town.unit.short_name.clone()}</a> }.into_any()
                }
            };
            let reached = match town.places {
                0 => "–".to_owned(),
                places => format!("{}/{}", grouped(count(town.reached)), grouped(count(places))),
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num">{linked(value(0).activities, Some(behind.address()))}</td>
                    <td class="num">{reached}</td>
                    <td class="num">{(town.places > 0).then(|| grouped(count(town.left_out())))}</td>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    fold(
        locale.dash_towns_caption().to_owned(),
        view! {
            <p class="muted">{locale.dash_towns_subtitle(home.year)}</p>
            <div class="scroll">
                <table class="table">
                    <caption>{locale.dash_towns_caption()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{locale.dash_unit()}</th>
                            <th scope="col" class="num">{locale.dash_activities()}</th>
                            <th scope="col" class="num">{locale.dash_reached_places()}</th>
                            <th scope="col" class="num">{locale.dash_town_left_out()}</th>
                            {head}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        },
    )
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
