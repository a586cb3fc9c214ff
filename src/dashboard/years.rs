//! The years in a line, and where one plan ends and the next begins.

use super::{
    action::Home,
    figures::begins_with,
    link::Behind,
    months::linked,
    parts::{fold, measure_heads, plot, tied},
};
use crate::{
    chart::{
        Boundary, Touch,
        years::{Year, Years, years as draw},
    },
    domain::{
        measure::Measure,
        period::{Month, Period},
        target::Plan,
        wording::grouped,
    },
    locale::Locale,
    server::context::Ctx,
};
use leptos::prelude::*;

/// 2021至2025年共2,345次活动，2023年最多，611次.
pub fn finding(locale: Locale, years: &[(i32, i64)]) -> String {
    let sum: i64 = years.iter().map(|year| year.1).sum();
    let most = years.iter().map(|year| year.1).max();
    let fullest: Vec<String> =
        years.iter().filter(|year| Some(year.1) == most).map(|year| locale.dash_year(year.0)).collect();
    match (years.first(), years.last(), most) {
        (Some((first, _)), Some((last, _)), Some(count)) => {
            locale.dash_years_finding(grouped(count), first, last, grouped(sum), tied(locale, &fullest))
        }
        _ => locale.dash_months_nothing().to_owned(),
    }
}

/// The boundary of two plans among these years: where a plan begins with one of them that is not the first; else, at the
/// left edge, the plan that they all lie in.
pub fn boundary(locale: Locale, years: &[i32], plans: &[Plan]) -> Option<Boundary> {
    let named = |year: i32| {
        let plan = plans.iter().find(|plan| plan.period.contains(Period::year(year).to));
        plan.map(|plan| locale.name(&plan.name, plan.name_en.as_deref()).to_owned()).unwrap_or_default()
    };
    let begins = |year: i32| plans.iter().any(|plan| begins_with(plan.period, year));
    let before = years.iter().rposition(|year| begins(*year))?;
    let left = before.checked_sub(1).map(|at| named(years[at])).unwrap_or_default();
    Some(Boundary { before, left, right: named(years[before]) })
}

/// The chart and its table; nothing where only one year was ever logged.
pub fn years(ctx: &Ctx, home: &Home) -> Option<AnyView> {
    let locale = ctx.locale;
    let this_year = Month::of(ctx.today).year();
    let years = &home.years_shown;
    if years.len() < 2 {
        return None;
    }
    let total = |year: i32, measure: i64| home.figures.by_year.get(&(year, measure)).copied().unwrap_or_default();
    let behind = |year: i32| Behind::new(&home.unit.code, Period::year(year)).theme(home.theme_key());
    let counts: Vec<(i32, i64)> = years.iter().map(|year| (*year, total(*year, 0).activities)).collect();
    let finding = finding(locale, &counts);
    let chart = draw(&Years {
        label: finding.clone(),
        boundary: boundary(locale, years, &home.plans),
        years: counts
            .iter()
            .map(|(year, count)| Year {
                name: locale.dash_year(year),
                value: Some(*count),
                figure: grouped(*count),
                runs: *year == this_year,
                touch: Touch {
                    title: match *year == this_year {
                        true => locale.dash_years_so_far(count, year),
                        false => locale.dash_years_title(count, year),
                    },
                    href: Some(behind(*year).address()),
                },
            })
            .collect(),
    });
    let measures: Vec<&Measure> = home
        .catalogue
        .measures
        .iter()
        .filter(|measure| years.iter().any(|year| !total(*year, measure.id).is_zero()))
        .collect();
    let head = measure_heads(locale, measures.iter().copied());
    let rows = counts
        .iter()
        .map(|(year, count)| {
            let cells = measures
                .iter()
                .map(|measure| {
                    let address = behind(*year).measure(Some(&measure.key)).address();
                    view! { <td class="num">{linked(total(*year, measure.id).total(), Some(address))}</td> }
                })
                .collect_view();
            let plan = home.plan_of(*year).map(|plan| locale.name(&plan.name, plan.name_en.as_deref()).to_owned());
            view! {
                <tr>
                    <th scope="row">{locale.dash_year(year)}</th>
                    <td>{plan}</td>
                    <td class="num">{linked(*count, Some(behind(*year).address()))}</td>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    Some(fold(
        finding,
        view! {
                <p class="muted">{locale.dash_years_subtitle(&home.unit.short_name)}</p>
                {plot(locale, "years", &chart)}
                <details>
                    <summary>{locale.dash_table()}</summary>
                    <div class="scroll">
                        <table class="table">
                            <caption>{locale.dash_years_caption()}</caption>
                            <thead>
                                <tr>
                                    <th scope="col">{locale.dash_filter_year()}</th>
                                    <th scope="col">{locale.dash_plan()}</th>
                                    <th scope="col" class="num">{locale.dash_activities()}</th>
                                    {head}
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                </details>
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(name: &str, from: i32) -> Plan {
        let period = Period { from: Period::year(from).from, to: Period::year(from + 4).to };
        Plan { id: 1, key: name.into(), unit_id: None, name: name.into(), name_en: None, period }
    }

    #[test]
    fn the_finding_adds_the_years_up_and_names_the_fullest() {
        let years = [(2021, 292), (2022, 611), (2023, 611), (2024, 1_204)];
        assert_eq!(finding(Locale::Zh, &years), "2021至2024年共2,718次活动，2024年最多，1,204次");
        assert_eq!(finding(Locale::Zh, &years[..3]), "2021至2023年共1,514次活动，2022年、2023年并列最多，611次");
    }

    #[test]
    fn between_the_last_year_of_a_plan_and_the_first_of_the_next_stands_their_boundary() {
        let plans = [plan("九五普法", 2026), plan("八五普法", 2021)];
        let boundary = |years: &[i32]| boundary(Locale::Zh, years, &plans);
        let at = boundary(&[2024, 2025, 2026]).expect("a boundary");
        assert_eq!((at.before, at.left.as_str(), at.right.as_str()), (2, "八五普法", "九五普法"));
        let all_in_one = boundary(&[2021, 2022, 2023]).expect("the plan's name");
        assert_eq!((all_in_one.before, all_in_one.left.as_str(), all_in_one.right.as_str()), (0, "", "八五普法"));
        assert_eq!(boundary(&[2022, 2023]), None);
    }
}
