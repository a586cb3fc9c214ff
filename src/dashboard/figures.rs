//! The totals behind the first page, each read once: units side by side by month and by theme, and the years. What the
//! whole did is the sum of what stands at its units, because every activity stands at one.

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
    /// By unit, month and measure: what stands at each unit itself; in a county what stands at each town with all below.
    pub by_unit: BTreeMap<(i64, Month, i64), Total>,
    /// By unit, theme (0: none) and measure, whatever theme is filtered for.
    pub by_theme: BTreeMap<(i64, i64, i64), Total>,
    /// By year and measure, as far as the chart of the years goes.
    pub by_year: BTreeMap<(i32, i64), Total>,
    /// By month and measure of the year before, where a plan begins with this one and something was logged then.
    pub before: BTreeMap<(Month, i64), Total>,
}

/// The most years that stand side by side.
const YEARS: usize = 8;

impl Figures {
    /// The whole by month and measure.
    pub fn months(&self) -> BTreeMap<(Month, i64), Total> {
        let mut months: BTreeMap<(Month, i64), Total> = BTreeMap::new();
        for ((_, month, measure), total) in &self.by_unit {
            *months.entry((*month, *measure)).or_default() += *total;
        }
        months
    }

    /// The whole by theme and measure.
    pub fn themes(&self) -> BTreeMap<(i64, i64), Total> {
        let mut themes: BTreeMap<(i64, i64), Total> = BTreeMap::new();
        for ((_, theme, measure), total) in &self.by_theme {
            *themes.entry((*theme, *measure)).or_default() += *total;
        }
        themes
    }

    /// The year by unit and measure.
    pub fn units(&self) -> BTreeMap<(i64, i64), Total> {
        let mut units: BTreeMap<(i64, i64), Total> = BTreeMap::new();
        for ((unit, _, measure), total) in &self.by_unit {
            *units.entry((*unit, *measure)).or_default() += *total;
        }
        units
    }
}

/// The years that stand side by side on the page of one of them: without a hole, the last ones where there are many.
pub fn years_shown(logged: &[i32], year: i32) -> Vec<i32> {
    let (Some(first), Some(last)) = (logged.first(), logged.last()) else { return Vec::new() };
    let last = year.max(*last);
    let first = (*first).min(year).max(last + 1 - i32::try_from(YEARS).unwrap_or(1));
    (first..=last).collect()
}

/// What is asked: a unit, whether its towns stand side by side, a year, the years in which something was logged, and
/// whether a plan begins with the year.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    pub unit: &'a Unit,
    pub towns: bool,
    pub year: i32,
    pub logged: &'a [i32],
    pub plan_begins: bool,
}

/// Reads them: three statements, a fourth where a plan begins with the year.
pub async fn read(conn: &mut Conn, ask: Ask<'_>, filter: &Filter) -> Result<Figures> {
    let Ask { unit, towns, year, logged, plan_begins } = ask;
    let units = if towns { Units::Children } else { Units::Own };
    let period = Period::year(year);
    let months = Cut { units, time: Time::Month, ..Cut::default() };
    let by_unit: Totals = store::read(conn, unit, period, filter, months).await?;
    let themes = Cut { units, part: Part::Theme, ..Cut::default() };
    let by_theme: Totals = store::read(conn, unit, period, &Filter::all(), themes).await?;
    let by_year = match years_shown(logged, year).as_slice() {
        [first, .., last] => {
            let years = Period { from: Period::year(*first).from, to: Period::year(*last).to };
            store::by_year(conn, unit, years, filter).await?
        }
        _ => BTreeMap::new(),
    };
    let before = match plan_begins && logged.contains(&(year - 1)) {
        true => store::by_month(conn, unit, Period::year(year - 1), filter).await?,
        false => BTreeMap::new(),
    };
    let month_of = |time: i64| Month::from_index(time);
    Ok(Figures {
        by_unit: by_unit
            .into_iter()
            .filter_map(|(place, total)| Some(((place.unit_id, month_of(place.time)?, place.measure_id), total)))
            .collect(),
        by_theme: by_theme
            .into_iter()
            .map(|(place, total)| ((place.unit_id, place.part_id, place.measure_id), total))
            .collect(),
        by_year,
        before,
    })
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
