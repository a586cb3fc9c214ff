//! The totals behind the first page: units side by side by month and by theme, and the years. What a town did is the sum of
//! what stands at its units, because every activity stands at one; a county has too many, and is read as a whole.

use crate::{
    domain::{
        measure::Total,
        period::{Month, Period},
        unit::Unit,
    },
    error::Result,
    figure::{
        Cut, Filter, Part, Time, Units,
        store::{self, Totals},
    },
    server::db::Conn,
};
use chrono::Datelike;
use std::collections::BTreeMap;

/// What was done in a year, told apart as the charts ask; measure 0 counts activities.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// The whole by month and measure.
    pub months: BTreeMap<(Month, i64), Total>,
    /// The whole by theme (0: none) and measure, whatever theme is filtered for.
    pub themes: BTreeMap<(i64, i64), Total>,
    /// By unit and measure: what stands at each unit itself; in a county what stands at each town with all below.
    pub units: BTreeMap<(i64, i64), Total>,
    /// The same by month too; in a county only of the measure that is drawn town by town.
    pub by_unit: BTreeMap<(i64, Month, i64), Total>,
    /// By unit, theme and measure; nothing in a county, whose towns each do everything.
    pub by_theme: BTreeMap<(i64, i64, i64), Total>,
    /// By year and measure, as far as the chart of the years goes.
    pub by_year: BTreeMap<(i32, i64), Total>,
    /// By month and measure of the year before, where a plan begins with this one and something was logged then.
    pub before: BTreeMap<(Month, i64), Total>,
}

/// The most years that stand side by side.
const YEARS: usize = 8;

/// The years that stand side by side on the page of one of them: without a hole, the last ones where there are many.
pub fn years_shown(logged: &[i32], year: i32) -> Vec<i32> {
    let (Some(first), Some(last)) = (logged.first(), logged.last()) else { return Vec::new() };
    let last = year.max(*last);
    let first = (*first).min(year).max(last + 1 - i32::try_from(YEARS).unwrap_or(1));
    (first..=last).collect()
}

/// What is asked: a unit, whether its towns stand side by side, a year, the years in which something was logged, whether a
/// plan begins with the year, and the measure that is drawn unit by unit where anybody counted it.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub unit: &'a Unit,
    pub towns: bool,
    pub year: i32,
    pub logged: &'a [i32],
    pub plan_begins: bool,
    pub drawn: Option<i64>,
}

/// Reads them.
pub async fn read(conn: &mut Conn, ask: Ask<'_>, filter: &Filter) -> Result<Figures> {
    let Ask { unit, year, logged, plan_begins, .. } = ask;
    let mut figures = if ask.towns { of_towns(conn, ask, filter).await? } else { of_units(conn, ask, filter).await? };
    if let [first, .., last] = years_shown(logged, year).as_slice() {
        let years = Period { from: Period::year(*first).from, to: Period::year(*last).to };
        figures.by_year = store::by_year(conn, unit, years, filter).await?;
    }
    if plan_begins && logged.contains(&(year - 1)) {
        figures.before = store::by_month(conn, unit, Period::year(year - 1), filter).await?;
    }
    Ok(figures)
}

/// Of a county: the whole, each town's year, and one measure of each town month by month.
async fn of_towns(conn: &mut Conn, ask: Ask<'_>, filter: &Filter) -> Result<Figures> {
    let period = Period::year(ask.year);
    let units = store::by_child(conn, ask.unit, period, filter).await?;
    let is_counted = |drawn: &i64| units.iter().any(|((_, measure), total)| measure == drawn && total.total() > 0);
    let drawn = Filter { measure: Some(ask.drawn.filter(is_counted).unwrap_or(0)), ..*filter };
    let cut = Cut { units: Units::Children, time: Time::Month, ..Cut::default() };
    Ok(Figures {
        months: store::by_month(conn, ask.unit, period, filter).await?,
        themes: store::by_theme(conn, ask.unit, period, &Filter::all()).await?,
        by_unit: by_month(store::read(conn, ask.unit, period, &drawn, cut).await?),
        units,
        ..Figures::default()
    })
}

/// Of a town or a village: what stands at each unit, of which the whole is the sum.
async fn of_units(conn: &mut Conn, ask: Ask<'_>, filter: &Filter) -> Result<Figures> {
    let period = Period::year(ask.year);
    let months = Cut { units: Units::Own, time: Time::Month, ..Cut::default() };
    let themes = Cut { units: Units::Own, part: Part::Theme, ..Cut::default() };
    let mut figures =
        Figures { by_unit: by_month(store::read(conn, ask.unit, period, filter, months).await?), ..Figures::default() };
    for (place, total) in store::read(conn, ask.unit, period, &Filter::all(), themes).await? {
        figures.by_theme.insert((place.unit_id, place.part_id, place.measure_id), total);
        *figures.themes.entry((place.part_id, place.measure_id)).or_default() += total;
    }
    for ((unit, month, measure), total) in &figures.by_unit {
        *figures.months.entry((*month, *measure)).or_default() += *total;
        *figures.units.entry((*unit, *measure)).or_default() += *total;
    }
    Ok(figures)
}

fn by_month(totals: Totals) -> BTreeMap<(i64, Month, i64), Total> {
    let of = |place: store::Place| Some((place.unit_id, Month::from_index(place.time)?, place.measure_id));
    totals.into_iter().filter_map(|(place, total)| Some((of(place)?, total))).collect()
}

/// Whether a plan begins with the first day of a year.
pub fn begins_with(period: Period, year: i32) -> bool {
    period.from.year() == year && period.from == Period::year(year).from
}

#[cfg(test)]
mod tests {
    use super::years_shown;

    #[test]
    fn the_years_stand_without_a_hole_and_not_more_than_eight() {
        assert_eq!(years_shown(&[2021, 2023], 2024), [2021, 2022, 2023, 2024]);
        assert_eq!(years_shown(&[2023], 2021), [2021, 2022, 2023]);
        assert_eq!(years_shown(&[2005, 2024], 2024), (2017..=2024).collect::<Vec<_>>());
        assert!(years_shown(&[], 2024).is_empty());
    }
}
