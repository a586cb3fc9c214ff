//! What the entries shown add up to, and whether that is the figure somebody came from.

use super::{
    filter::Asked,
    words::{measure_text, total_text},
};
use crate::{
    activity::store,
    domain::measure::Total,
    error::Result,
    figure::{self, Cut, Units},
    locale::Locale,
    server::db::Conn,
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// More measures than this are folded away.
const SHOWN: usize = 6;

/// The totals of a question by measure, whole values, in the order of the catalogue.
pub async fn totals(conn: &mut Conn, asked: &Asked) -> Result<Vec<(i64, Total)>> {
    let mut by_measure: BTreeMap<i64, Total> = BTreeMap::new();
    for (measure, precision, value, _) in store::sums(conn, &asked.unit, &asked.filter).await? {
        *by_measure.entry(measure).or_default() += Total::of(precision, value);
    }
    let mut totals: Vec<(i64, Total)> = by_measure.into_iter().collect();
    totals.sort_by_key(|(id, _)| asked.catalogue.measure_by_id(*id).map(|measure| measure.position));
    Ok(totals)
}

/// The figure that other pages show for the measure and period asked for: of an activity over several days it counts
/// those within the period. `None` where the question is another than figures answer.
pub async fn figure_behind(conn: &mut Conn, asked: &Asked) -> Result<Option<Total>> {
    let filter = &asked.filter;
    let (Some(measure), Some(period)) = (filter.measure_id, filter.period) else { return Ok(None) };
    if filter.late || filter.type_id.is_some() || filter.status.is_some() || !filter.text.is_empty() {
        return Ok(None);
    }
    let of = figure::Filter { measure: Some(measure), theme: filter.theme_id, campaign: filter.campaign_id };
    let units = if filter.own { Units::Own } else { Units::Whole };
    let read = figure::store::read(conn, &asked.unit, period, &of, Cut { units, ..Cut::default() }).await?;
    let is_asked = |unit_id: i64| !filter.own || unit_id == asked.unit.id;
    Ok(Some(read.into_iter().filter(|(place, _)| is_asked(place.unit_id)).map(|(_, total)| total).sum()))
}

/// The line that says which figure the entries are the sum of.
pub fn behind(locale: Locale, asked: &Asked, figure: Option<Total>, totals: &[(i64, Total)]) -> Option<AnyView> {
    let (figure, period) = (figure?, asked.filter.period?);
    let id = asked.filter.measure_id?;
    let measure = asked.catalogue.measure_by_id(id)?;
    let name = measure_text(locale, Some(measure), &measure.key);
    let sum = totals.iter().find(|(own, _)| *own == id).map(|(_, total)| *total).unwrap_or_default();
    let figure_text = total_text(locale, Some(measure), figure);
    let text = if sum.total() == figure.total() {
        locale.ledger_behind(figure_text, period.from, name, period.to)
    } else {
        locale.ledger_behind_part(figure_text, period.from, name, total_text(locale, Some(measure), sum), period.to)
    };
    Some(view! { <p class="lead behind">{text}</p> }.into_any())
}

/// The totals as a list, the measure asked for alone where one is.
pub fn list(locale: Locale, asked: &Asked, totals: &[(i64, Total)]) -> Option<AnyView> {
    let mut lines: Vec<AnyView> = totals
        .iter()
        .filter(|(id, _)| asked.filter.measure_id.is_none_or(|only| only == *id))
        .map(|(id, total)| {
            let measure = asked.catalogue.measure_by_id(*id);
            let name = measure_text(locale, measure, "").to_owned();
            let text = total_text(locale, measure, *total);
            view! { <li><span>{name}</span>" "<span class="num">{text}</span></li> }.into_any()
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
