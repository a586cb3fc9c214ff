//! Which village is left out: villages × months, grouped by need, by code within a group. Nobody is ranked.

use super::{
    action::Home,
    link::Behind,
    months::{linked, name, of_year},
    parts::plot,
};
use crate::{
    chart::{
        Touch,
        grid::{Cell, Grid, Group, Row, grid},
    },
    domain::{
        period::{Day, Month},
        unit::{Unit, UnitKind},
        wording::grouped,
    },
    figure::action::Covered,
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;

/// How far a unit is covered in the months gone by in which it existed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// 未覆盖: nothing in any month.
    Nothing,
    /// 部分
    Some,
    /// 全覆盖: something in every month.
    Every,
}

/// One unit's year.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub unit: &'a Unit,
    pub need: Need,
    /// One per month of the year; `None` where the unit did not exist.
    pub months: Vec<Option<i64>>,
}

impl Line<'_> {
    fn is_school(&self) -> bool {
        self.unit.kind == UnitKind::School
    }
}

/// Units with their months, schools after villages, those in need first, in the order given within a group. Units that did not exist this year, and
/// every unit where no month has begun, are left out.
pub fn lines<'a>(rows: &'a [Covered], months: &[Month], today: Day) -> Vec<Line<'a>> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        if lines.last().is_none_or(|line| line.unit.id != row.unit.id) {
            lines.push(Line { unit: &row.unit, need: Need::Nothing, months: vec![None; months.len()] });
        }
        let at = months.iter().position(|month| *month == row.month);
        if let (Some(line), Some(at)) = (lines.last_mut(), at) {
            line.months[at] = Some(row.activities);
        }
    }
    for line in &mut lines {
        let begun = |month: &Month| month.first() <= today;
        let past = || months.iter().zip(&line.months).filter(|(month, _)| begun(month)).filter_map(|(_, count)| *count);
        line.need = match (past().any(|count| count > 0), past().all(|count| count > 0)) {
            (false, _) => Need::Nothing,
            (true, false) => Need::Some,
            (true, true) => Need::Every,
        };
    }
    lines
        .retain(|line| months.iter().zip(&line.months).any(|(month, count)| count.is_some() && month.first() <= today));
    // Stable: within a group the order stays, and nobody is ranked.
    lines.sort_by_key(|line| (line.is_school(), line.need));
    lines
}

/// The grid, the list of those left out, and the table of the same numbers.
pub fn coverage(ctx: &Ctx, home: &Home, rows: &[Covered]) -> AnyView {
    let locale = ctx.locale;
    let months = of_year(home.year);
    let lines = lines(rows, &months, ctx.today);
    let is_village = matches!(home.place, super::action::Place::Village(_));
    // A village's stands below the heading of its year.
    let heading = (!is_village).then(|| view! { <h2>{locale.dash_left_out()}</h2> });
    if lines.is_empty() {
        let text = if home.period().from > ctx.today { locale.dash_year_ahead() } else { locale.dash_no_villages() };
        let action = (home.manages && !is_village)
            .then(|| view! { <p><a class="button" href="/units">{locale.dash_step_units()}</a></p> });
        return view! { <section>{heading}<div class="empty"><p>{text}</p>{action}</div></section> }.into_any();
    }
    let of = |need: Need| lines.iter().filter(move |line| line.need == need);
    let finding = finding(ctx, home, &lines, &months);
    let chart = grid(&picture(ctx, home, &lines, &months, finding.clone()));
    let hint = if home.manages && ctx.today <= home.period().to {
        locale.dash_grid_hint_plan()
    } else {
        locale.dash_grid_hint()
    };
    let left_out = (!is_village && of(Need::Nothing).next().is_some()).then(|| {
        let month = Month::of(ctx.today.clamp(home.period().from, home.period().to));
        let items = of(Need::Nothing)
            .map(|line| {
                let plan = (home.manages && ctx.today <= home.period().to).then(|| {
                    view! {
                        <a class="button" href=plan_address(line.unit, month)>
                            {locale.dash_plan_here()}<span class="visually-hidden">" "{line.unit.short_name.clone()}</span>
                        </a>
                    }
                });
                let address = format!("/?unit={}&year={}", line.unit.code, home.year);
                view! { <li><a href=address>{line.unit.short_name.clone()}</a>" "{plan}</li> }
            })
            .collect_view();
        view! { <h3>{locale.dash_left_out_list()}</h3> <ul class="gaps">{items}</ul> }
    });
    let table = table(ctx, home, &lines, &months);
    let grid = view! {
        <p class="muted">{locale.dash_grid_subtitle(hint, &home.unit.short_name, home.year)}</p>
        {plot(locale, "coverage", &chart)}
        <details>
            <summary>{locale.dash_table()}</summary>
            {table}
        </details>
    };
    // A village's is one row.
    let grid = match is_village {
        true => grid.into_any(),
        false => view! { <details class="brief"><summary>{locale.dash_months_heading()}</summary>{grid}</details> }
            .into_any(),
    };
    view! {
        <section class="finding">
            {heading}
            <h3>{finding}</h3>
            {(!is_village).then(|| super::goals::lacking_list(locale, home, super::goals::LACKING))}
            {left_out}
            {grid}
            {(!is_village).then(|| view! { <p><a href=format!("/gaps?unit={}", home.unit.code)>{locale.tasks_gaps()}</a></p> })}
        </section>
    }
    .into_any()
}

/// 14个村、社区和学校中，3个还没有活动.
pub fn finding(ctx: &Ctx, home: &Home, lines: &[Line], months: &[Month]) -> String {
    let locale = ctx.locale;
    let count = |need: Need| lines.iter().filter(|line| line.need == need).count();
    match lines {
        [] => locale.dash_no_villages().to_owned(),
        [line, ..] if matches!(home.place, super::action::Place::Village(_)) => {
            own_finding(locale, line, months, home.as_of)
        }
        _ => match (count(Need::Nothing), count(Need::Every)) {
            (0, 0) => locale.dash_all_reached_county(lines.len()),
            (0, every) => locale.dash_all_reached(lines.len(), every),
            (left_out, _) => locale.dash_some_left_out(lines.len(), left_out),
        },
    }
}

/// The grid, its villages grouped by need, schools behind them.
pub fn picture(ctx: &Ctx, home: &Home, lines: &[Line], months: &[Month], label: String) -> Grid {
    let locale = ctx.locale;
    let is_village = matches!(home.place, super::action::Place::Village(_));
    let villages = |need: Need| lines.iter().filter(move |line| line.need == need && (is_village || !line.is_school()));
    let group = |need: Need, title: fn(Locale, usize) -> String| Group {
        title: if is_village { String::new() } else { title(locale, villages(need).count()) },
        rows: villages(need).map(|line| row(ctx, home, line, months)).collect(),
    };
    let schools: Vec<&Line> = lines.iter().filter(|line| !is_village && line.is_school()).collect();
    Grid {
        label,
        columns: months.iter().map(|month| name(locale, *month)).collect(),
        groups: vec![
            group(Need::Nothing, |locale, count| locale.dash_group_nothing(count)),
            group(Need::Some, |locale, count| locale.dash_group_some(count)),
            group(Need::Every, |locale, count| locale.dash_group_every(count)),
            Group {
                title: locale.dash_group_schools(schools.len()),
                rows: schools.into_iter().map(|line| row(ctx, home, line, months)).collect(),
            },
        ],
    }
}

fn own_finding(locale: Locale, line: &Line, months: &[Month], today: Day) -> String {
    let empty: Vec<String> = months
        .iter()
        .zip(&line.months)
        .filter(|(month, count)| month.first() <= today && **count == Some(0))
        .map(|(month, _)| name(locale, *month))
        .collect();
    match line.need {
        Need::Nothing => locale.dash_own_nothing().to_owned(),
        Need::Every if months.last().is_none_or(|month| month.last() <= today) => locale.dash_own_every().to_owned(),
        Need::Every => locale.dash_own_every_so_far(today),
        Need::Some => locale.dash_own_some(empty.join(locale.dash_comma())),
    }
}

/// Where an event is put on a unit in a month.
fn plan_address(unit: &Unit, month: Month) -> String {
    format!("/calendar?month={month}&unit={}", unit.code)
}

fn own(home: &Home, unit: &Unit, month: Month) -> String {
    Behind::new(&unit.code, month.period()).theme(home.theme_key()).own().address()
}

fn row(ctx: &Ctx, home: &Home, line: &Line, months: &[Month]) -> Row {
    let locale = ctx.locale;
    let unit = line.unit;
    let year = Behind::new(&unit.code, home.period()).theme(home.theme_key()).own().address();
    let cells = months
        .iter()
        .zip(&line.months)
        .map(|(month, count)| {
            let month_name = name(locale, *month);
            let touch = |title: String, href: Option<String>| Touch { title, href };
            let plan = || home.manages.then(|| plan_address(unit, *month));
            match count {
                None => Cell::Absent,
                Some(0) if month.first() > ctx.today => {
                    Cell::Ahead(touch(locale.dash_cell_ahead(month_name, &unit.short_name), plan()))
                }
                // A month gone by is not planned any more; its empty list says so.
                Some(0) => {
                    let open = month.last() >= ctx.today;
                    let href = if open { plan() } else { None }.unwrap_or_else(|| own(home, unit, *month));
                    Cell::Gap(touch(locale.dash_cell_gap(month_name, &unit.short_name), Some(href)))
                }
                Some(count) => {
                    let title = locale.dash_cell(count, month_name, &unit.short_name);
                    Cell::Figure(*count, touch(title, Some(own(home, unit, *month))))
                }
            }
        })
        .collect();
    Row { name: unit.short_name.clone(), touch: Touch { title: unit.short_name.clone(), href: Some(year) }, cells }
}

fn table(ctx: &Ctx, home: &Home, lines: &[Line], months: &[Month]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let head =
        months.iter().map(|month| view! { <th scope="col" class="num">{name(locale, *month)}</th> }).collect_view();
    let rows = lines
        .iter()
        .map(|line| {
            let cells = months
                .iter()
                .zip(&line.months)
                .map(|(month, count)| {
                    let cell = match count {
                        None => ().into_any(),
                        Some(0) if month.first() > ctx.today => ().into_any(),
                        Some(count) => linked(*count, Some(own(home, line.unit, *month))),
                    };
                    view! { <td class="num">{cell}</td> }
                })
                .collect_view();
            let sum: i64 = line.months.iter().flatten().sum();
            let year = Behind::new(&line.unit.code, home.period()).theme(home.theme_key()).own().address();
            let need = match line.need {
                Need::Nothing => locale.dash_need_nothing(),
                Need::Some => locale.dash_need_some(),
                Need::Every => locale.dash_need_every(),
            };
            view! {
                <tr>
                    <th scope="row">{line.unit.short_name.clone()}</th>
                    <td>{need}</td>
                    {cells}
                    <td class="num">{linked(sum, Some(year))}</td>
                </tr>
            }
        })
        .collect_view();
    let sums = (0..months.len())
        .map(|n| {
            let sum: i64 = lines.iter().filter_map(|line| line.months[n]).sum();
            view! { <td class="num">{grouped(sum)}</td> }
        })
        .collect_view();
    let all: i64 = lines.iter().flat_map(|line| line.months.iter().flatten()).sum();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.dash_grid_caption()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{locale.dash_unit()}</th>
                        <th scope="col">{locale.dash_state()}</th>
                        {head}
                        <th scope="col" class="num">{locale.dash_whole_year()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr><th scope="row">{locale.dash_sum()}</th><td></td>{sums}<td class="num">{grouped(all)}</td></tr>
                </tfoot>
            </table>
        </div>
    }
}
