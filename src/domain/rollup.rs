//! Which totals an entry changes: the rows of the rollup, pure.
//!
//! A row counts a unit and all below it in `tree`, and what stands at the unit itself in `own`. Each entry counts once
//! in the slice *whole*, once under each of its themes and once under each of its campaigns (0 where it has none).

use super::{
    activity::{Quantity, spread},
    measure::Total,
    period::{Day, Month, Period},
};
use std::collections::BTreeMap;

/// Every activity once.
pub const WHOLE: i64 = 0;
/// By theme.
pub const THEME: i64 = 1;
/// By campaign.
pub const CAMPAIGN: i64 = 2;
/// The measure id of the rows that count activities without regard to measure.
pub const ANY_MEASURE: i64 = 0;

/// A row's key, in the order of the table's primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub unit_id: i64,
    pub slice: i64,
    /// yyyymm, and for [`WHOLE`] also yyyy00.
    pub period: i64,
    pub slice_id: i64,
    pub measure_id: i64,
}

/// A row's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub tree: Total,
    pub own: Total,
}

/// Rows by key: what is added to the table, or what it should hold.
pub type Rows = BTreeMap<Key, Sums>;

/// What the rollup needs to know of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted<'a> {
    /// The ids from the root down to the entry's unit.
    pub ancestry: &'a [i64],
    pub day: Day,
    pub day_to: Option<Day>,
    pub quantities: &'a [Quantity],
    pub theme_ids: &'a [i64],
    pub campaign_ids: &'a [i64],
}

/// Adds an entry to rows (`sign` 1), or takes it out (−1).
pub fn add(rows: &mut Rows, entry: &Counted<'_>, sign: i64) {
    let span = Period { from: entry.day, to: entry.day_to.unwrap_or(entry.day) };
    // The activity itself counts once, in the month of its first day.
    let first = Month::of(entry.day);
    put(rows, entry, first, ANY_MEASURE, Total { activities: sign, ..Total::default() });
    let mut by_measure: BTreeMap<(Month, i64), Total> = BTreeMap::new();
    for month in span.months() {
        let Some(window) = span.intersection(month.period()) else { continue };
        let offset = (window.from - span.from).num_days();
        for quantity in entry.quantities {
            let value = spread(quantity.value, span.days(), offset, offset + window.days() - 1);
            let total = by_measure.entry((month, quantity.measure_id)).or_default();
            *total.part(quantity.precision) += sign * value;
            // An activity counts once for a measure, also where it has it in two precisions.
            if month == first {
                total.activities = sign;
            }
        }
    }
    for ((month, measure), total) in by_measure {
        put(rows, entry, month, measure, total);
    }
}

fn put(rows: &mut Rows, entry: &Counted<'_>, month: Month, measure_id: i64, total: Total) {
    let none: &[i64] = &[0];
    let or_none = |ids: &'_ [i64]| if ids.is_empty() { none.to_vec() } else { ids.to_vec() };
    let year = i64::from(month.year()) * 100;
    let mut slices = vec![(WHOLE, month.index(), 0), (WHOLE, year, 0)];
    slices.extend(or_none(entry.theme_ids).into_iter().map(|id| (THEME, month.index(), id)));
    slices.extend(or_none(entry.campaign_ids).into_iter().map(|id| (CAMPAIGN, month.index(), id)));
    for (depth, unit_id) in entry.ancestry.iter().enumerate() {
        for (slice, period, slice_id) in &slices {
            let key = Key { unit_id: *unit_id, slice: *slice, period: *period, slice_id: *slice_id, measure_id };
            let sums = rows.entry(key).or_default();
            sums.tree += total;
            if depth + 1 == entry.ancestry.len() {
                sums.own += total;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::measure::Precision;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn what_goes_in_comes_out_and_the_town_has_what_the_village_has() {
        let quantities = [Quantity { measure_id: 7, precision: Precision::AtLeast, value: 15 }];
        let entry = Counted {
            ancestry: &[1, 5, 17],
            day: day("2021-11-29"),
            day_to: Some(day("2021-12-05")),
            quantities: &quantities,
            theme_ids: &[3, 4],
            campaign_ids: &[],
        };
        let mut rows = Rows::new();
        add(&mut rows, &entry, 1);
        let key = |unit_id, slice, period, slice_id, measure_id| Key { unit_id, slice, period, slice_id, measure_id };
        // Three plays on the first day, two on each other: five in November, ten in December.
        assert_eq!(rows[&key(5, WHOLE, 202_111, 0, 7)].tree, Total { at_least: 5, activities: 1, ..Total::default() });
        assert_eq!(rows[&key(5, WHOLE, 202_112, 0, 7)].tree, Total { at_least: 10, ..Total::default() });
        assert_eq!(rows[&key(1, WHOLE, 202_100, 0, 7)].tree.at_least, 15);
        assert_eq!(rows[&key(5, WHOLE, 202_111, 0, 7)].own, Total::default());
        assert_eq!(rows[&key(17, THEME, 202_111, 4, 7)].own.at_least, 5);
        assert_eq!(rows[&key(17, CAMPAIGN, 202_111, 0, 0)].tree.activities, 1);
        add(&mut rows, &entry, -1);
        assert!(rows.values().all(|sums| *sums == Sums::default()));
    }
}
