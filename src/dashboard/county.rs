//! Towns side by side, in the order of their codes: what each did and how many of its villages it reached.

use super::{
    action::{Home, Town},
    link::Behind,
    months::{counted, linked},
};
use crate::{
    domain::{measure::Measure, wording::grouped},
    server::context::Ctx,
};
use leptos::prelude::*;

/// How many measures stand beside the activities: those most often counted in the county.
const MEASURES: usize = 6;

/// The table.
pub fn towns(ctx: &Ctx, home: &Home, towns: &[Town]) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let counted = counted(home);
    let mut frequent: Vec<_> = counted.iter().collect();
    frequent.sort_by_key(|(_, total)| std::cmp::Reverse(total.activities));
    frequent.truncate(MEASURES);
    let shown: Vec<&Measure> =
        counted.iter().map(|own| own.0).filter(|own| frequent.iter().any(|other| other.0.id == own.id)).collect();
    let head = shown
        .iter()
        .map(|measure| {
            let unit_word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
            let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
            view! { <th scope="col" class="num">{name}" "<small>{unit_word}</small></th> }
        })
        .collect_view();
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
                places => format!("{}/{}", grouped_count(town.reached), grouped_count(places)),
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num">{linked(value(0).activities, Some(behind.address()))}</td>
                    <td class="num">{reached}</td>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let (reached, places) =
        towns.iter().fold((0, 0), |(reached, places), town| (reached + town.reached, places + town.places));
    let finding = match places - reached {
        0 => locale.dash_all_reached_county(places),
        left_out => locale.dash_some_left_out(places, left_out),
    };
    view! {
        <section class="finding">
            <h2>{locale.dash_left_out()}</h2>
            <h3>{finding}</h3>
            <p class="muted">{locale.dash_towns_subtitle(home.year)}</p>
            <div class="scroll">
                <table class="table">
                    <caption>{locale.dash_towns_caption()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{locale.dash_unit()}</th>
                            <th scope="col" class="num">{locale.dash_activities()}</th>
                            <th scope="col" class="num">{locale.dash_reached_places()}</th>
                            {head}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

fn grouped_count(count: usize) -> String {
    grouped(i64::try_from(count).unwrap_or(i64::MAX))
}
