//! Units side by side in little charts on one scale: how many people each reached, month by month.

use super::{
    action::Home,
    link::Behind,
    months::{linked, name, of_year},
    parts::{fold, plot_panels},
};
use crate::{
    chart::{
        Touch,
        panels::{Column, Panel, panels},
    },
    domain::{
        measure::{Measure, Total},
        period::Month,
        unit::{Unit, UnitKind},
        wording::grouped,
    },
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;

/// The measure that tells how many were reached.
pub const REACHED: &str = "attendance";

/// What is drawn: a measure's quantities, or the activities where nobody counted people.
#[derive(Clone, Copy)]
enum What<'a> {
    Measure(&'a Measure),
    Activities,
}

impl What<'_> {
    fn id(self) -> i64 {
        match self {
            What::Measure(measure) => measure.id,
            What::Activities => 0,
        }
    }

    fn key(&self) -> Option<&str> {
        match self {
            What::Measure(measure) => Some(&measure.key),
            What::Activities => None,
        }
    }

    fn name(self, locale: Locale) -> String {
        match self {
            What::Measure(measure) => locale.name(&measure.name, measure.name_en.as_deref()).to_owned(),
            What::Activities => locale.dash_activities().to_owned(),
        }
    }

    fn word(self, locale: Locale, value: i64) -> String {
        match self {
            What::Measure(measure) => crate::plan::words::with_word(
                value as f64,
                locale.name(&measure.unit_word, measure.unit_word_en.as_deref()),
            ),
            What::Activities => locale.dash_times(grouped(value)),
        }
    }

    fn whole(self, total: Total) -> i64 {
        match self {
            What::Measure(_) => total.total(),
            What::Activities => total.activities,
        }
    }
}

/// 17个单位中5个今年没有受教育人次.
pub fn finding(locale: Locale, what: &str, all: usize, without: usize) -> String {
    match without {
        0 => locale.dash_many_all(all, what),
        without => locale.dash_many_without(all, what, without),
    }
}

fn behind<'a>(home: &'a Home, unit: &'a Unit) -> Behind<'a> {
    Behind::new(&unit.code, home.period()).theme(home.theme_key())
}

/// The charts and their table; nothing where no units stand side by side.
pub fn many(ctx: &Ctx, home: &Home) -> Option<AnyView> {
    let locale = ctx.locale;
    // Schools are full when villages are not: on one scale with them no village could be read.
    let units: Vec<&Unit> = home.beside().into_iter().filter(|unit| unit.kind != UnitKind::School).collect();
    if units.len() < 2 {
        return None;
    }
    let totals = &home.figures.units;
    let reached = home.catalogue.measure(REACHED);
    let what =
        match reached.filter(|measure| totals.iter().any(|((_, id), total)| *id == measure.id && total.total() > 0)) {
            Some(measure) => What::Measure(measure),
            None => What::Activities,
        };
    let months = of_year(home.year);
    let total_of =
        |unit: &Unit, month: Month| home.figures.by_unit.get(&(unit.id, month, what.id())).copied().unwrap_or_default();
    let year_of = |unit: &Unit| what.whole(totals.get(&(unit.id, what.id())).copied().unwrap_or_default());
    let drawn: Vec<Panel> = units
        .iter()
        .map(|unit| {
            let columns = months.iter().map(|month| {
                let total = total_of(unit, *month);
                let address = behind(home, unit).during(month.period()).measure(what.key()).address();
                let said = what.word(locale, what.whole(total));
                let touch = Touch {
                    title: locale.dash_many_month(name(locale, *month), &unit.short_name, said),
                    href: Some(address),
                };
                match what {
                    What::Measure(_) => {
                        Column { exact: total.exact, at_least: total.at_least, estimate: total.estimate, touch }
                    }
                    What::Activities => Column { exact: total.activities, touch, ..Column::default() },
                }
            });
            let figure = what.word(locale, year_of(unit));
            let touch = Touch {
                title: locale.dash_many_year(&unit.short_name, &figure),
                href: Some(behind(home, unit).measure(what.key()).address()),
            };
            Panel { name: unit.short_name.clone(), figure, touch, months: columns.collect() }
        })
        .collect();
    let without = units.iter().filter(|unit| year_of(unit) == 0).count();
    let what_name = what.name(locale);
    let finding = finding(locale, &what_name, units.len(), without);
    // The chart leaves them out, and says so.
    let finding = if home.beside().len() > units.len() { locale.dash_many_no_schools(finding) } else { finding };
    let most = units.iter().flat_map(|unit| months.iter().map(|month| what.whole(total_of(unit, *month)))).max();
    let scale = what.word(locale, most.unwrap_or_default());
    let table = table(locale, home, &units, &months, what);
    Some(fold(
        finding,
        view! {
                <p class="muted">{locale.dash_many_subtitle(scale, &home.unit.short_name, what_name, home.year)}</p>
                {plot_panels(locale, "many", &panels(&drawn))}
                <details>
                    <summary>{locale.dash_table()}</summary>
                    {table}
                </details>
        },
    ))
}

fn table(locale: Locale, home: &Home, units: &[&Unit], months: &[Month], what: What) -> impl IntoView + use<> {
    let head =
        months.iter().map(|month| view! { <th scope="col" class="num">{name(locale, *month)}</th> }).collect_view();
    let rows = units
        .iter()
        .map(|unit| {
            let behind = behind(home, unit).measure(what.key());
            let mut sum = 0;
            let cells: Vec<_> = months
                .iter()
                .map(|month| {
                    let total = home.figures.by_unit.get(&(unit.id, *month, what.id())).copied().unwrap_or_default();
                    let value = what.whole(total);
                    sum += value;
                    view! { <td class="num">{linked(value, Some(behind.during(month.period()).address()))}</td> }
                })
                .collect();
            view! {
                <tr>
                    <th scope="row">{unit.short_name.clone()}</th>
                    {cells}
                    <td class="num">{linked(sum, Some(behind.address()))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll">
            <table class="table">
                <caption>{locale.dash_many_caption(what.name(locale))}</caption>
                <thead>
                    <tr>
                        <th scope="col">{locale.dash_unit()}</th>
                        {head}
                        <th scope="col" class="num">{locale.dash_whole_year()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::finding;
    use crate::locale::Locale;

    #[test]
    fn the_finding_says_how_many_reached_nobody() {
        assert_eq!(finding(Locale::Zh, "受教育", 17, 5), "17个单位中，5个没有“受教育”的记录");
        assert_eq!(finding(Locale::Zh, "受教育", 17, 0), "17个单位都有“受教育”的记录");
        assert_eq!(finding(Locale::En, "Attendances", 17, 1), "1 of 17 units: no “Attendances” recorded");
    }
}
