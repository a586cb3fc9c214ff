//! What the entries shown add up to, and whether that is the figure somebody came from.

use super::{
    address,
    filter::Asked,
    words::{measure_text, total_text},
};
use crate::{
    activity::{
        list_store::{self, Summary},
        store::Filter,
    },
    campaign::figures::always,
    domain::{
        measure::Total,
        period::{Day, Period},
        unit::Unit,
    },
    error::Result,
    figure::{self, Cut, Units, span},
    locale::Locale,
    server::{context::Ctx, db::Conn},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// More measures than this are folded away.
const SHOWN: usize = 6;

/// What the entries add up to. Where the totals that are kept can answer, the ledger is not read through.
pub async fn summary(conn: &mut Conn, unit: &Unit, filter: &Filter) -> Result<Summary> {
    if !filter.is_plain() {
        return list_store::summary(conn, unit, filter).await;
    }
    let of = figure::Filter {
        theme: filter.theme_ids.first().copied(),
        campaign: filter.campaign_id,
        ..figure::Filter::all()
    };
    let period = filter.period.unwrap_or(always());
    let units = if filter.own { Units::Own } else { Units::Whole };
    let mut summary = Summary::default();
    for (place, total) in figure::store::read(conn, unit, period, &of, Cut { units, ..Cut::default() }).await? {
        if filter.own && place.unit_id != unit.id {
            continue;
        }
        if place.measure_id == 0 {
            summary.count += total.activities;
        } else {
            *summary.totals.entry(place.measure_id).or_default() += Total { activities: 0, ..total };
        }
    }
    // Figures take of an entry over several days what lies in the period; the list shows it whole.
    if let Some(period) = filter.period {
        let mut begun = BTreeSet::new();
        for one in list_store::reaching(conn, unit, filter, period).await? {
            let outside = one.value - within(one.value, one.day, one.day_to, period);
            summary.add(one.measure_id, one.precision, outside);
            if one.day < period.from {
                begun.insert(one.id);
            }
        }
        summary.count += i64::try_from(begun.len()).unwrap_or_default();
    }
    summary.totals.retain(|_, total| total.total() > 0);
    Ok(summary)
}

fn within(value: i64, day: Day, day_to: Day, period: Period) -> i64 {
    let lasted = Period { from: day, to: day_to };
    lasted.intersection(period).map_or(0, |common| span::within(value, lasted, common))
}

/// The totals in the order of the catalogue.
pub fn in_order(asked: &Asked, summary: &Summary) -> Vec<(i64, Total)> {
    let mut totals: Vec<(i64, Total)> = summary.totals.iter().map(|(id, total)| (*id, *total)).collect();
    totals.sort_by_key(|(id, _)| asked.catalogue.measure_by_id(*id).map(|measure| measure.position));
    totals
}

/// The figure that other pages show for the question: of the measure asked for, where none is asked for of activities. Of
/// an activity over several days it counts those within the period. `None` where the question is another than figures
/// answer.
pub async fn figure_behind(conn: &mut Conn, asked: &Asked) -> Result<Option<Total>> {
    let filter = &asked.filter;
    if !asked.is_narrowed() {
        return Ok(None);
    }
    let besides =
        Filter { measure_id: None, theme_ids: Vec::new(), type_ids: Vec::new(), interactive: None, ..filter.clone() };
    if filter.theme_ids.len() > 1 || filter.type_ids.len() > 1 || !besides.is_plain() {
        return Ok(None);
    }
    let of = figure::Filter {
        measure: Some(filter.measure_id.unwrap_or(0)),
        theme: filter.theme_ids.first().copied(),
        campaign: filter.campaign_id,
        activity_type: filter.type_ids.first().copied(),
        interactive: filter.interactive,
    };
    let units = if filter.own { Units::Own } else { Units::Whole };
    let period = filter.period.unwrap_or(always());
    let read = figure::store::read(conn, &asked.unit, period, &of, Cut { units, ..Cut::default() }).await?;
    let is_asked = |unit_id: i64| !filter.own || unit_id == asked.unit.id;
    Ok(Some(read.into_iter().filter(|(place, _)| is_asked(place.unit_id)).map(|(_, total)| total).sum()))
}

/// The line that says which figure the entries are the sum of.
pub fn behind(locale: Locale, asked: &Asked, figure: Option<Total>, summary: &Summary) -> Option<AnyView> {
    let (figure, period) = (figure?, asked.filter.period?);
    let id = asked.filter.measure_id?;
    let measure = asked.catalogue.measure_by_id(id)?;
    let name = measure_text(locale, Some(measure), &measure.key);
    let sum = summary.totals.get(&id).copied().unwrap_or_default();
    let figure_text = total_text(locale, Some(measure), figure);
    let text = if sum.total() == figure.total() {
        locale.ledger_behind(figure_text, period.from, name, period.to)
    } else {
        locale.ledger_behind_part(figure_text, period.from, name, total_text(locale, Some(measure), sum), period.to)
    };
    Some(view! { <p class="lead behind">{text}</p> }.into_any())
}

/// The totals as a list, the measure asked for alone where one is.
pub fn list(ctx: &Ctx, asked: &Asked, summary: &Summary) -> Option<AnyView> {
    let locale = ctx.locale;
    let mut lines: Vec<AnyView> = in_order(asked, summary)
        .iter()
        .filter(|(id, _)| asked.filter.measure_id.is_none_or(|only| only == *id))
        .map(|(id, total)| {
            let measure = asked.catalogue.measure_by_id(*id);
            let name = measure_text(locale, measure, "").to_owned();
            let text = total_text(locale, measure, *total);
            // Where no measure is asked for, the total leads to the entries that have it.
            let figure = match measure.filter(|_| asked.filter.measure_id.is_none() && total.total() > 0) {
                Some(measure) => {
                    let address = address::with(&ctx.query, &[("measure", Some(&measure.key))]);
                    view! { <a href=address class="num">{text}</a> }.into_any()
                }
                None => view! { <span class="num">{text}</span> }.into_any(),
            };
            view! { <li><span>{name}</span>" "{figure}</li> }.into_any()
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let rest = lines.split_off(lines.len().min(SHOWN));
    let more = (!rest.is_empty()).then(|| {
        view! {
            <details>
                <summary>{locale.ledger_more_sums(rest.len())}</summary>
                <ul class="totals">{rest}</ul>
            </details>
        }
    });
    Some(
        view! {
            <section class="sums">
                <h2>{locale.ledger_sums()}</h2>
                <ul class="totals">{lines}</ul>
                {more}
            </section>
        }
        .into_any(),
    )
}
