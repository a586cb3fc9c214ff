//! Checks before a report is signed (签发前核查): what somebody who signs may want to look at. Findings and no verdict; nobody is
//! named as the author of anything, and units stand in the order of their codes.

use super::{
    measure::Total,
    period::{Day, Month, Period},
};
use std::collections::BTreeMap;

/// From this many entries on, so many in one day are a burst; and the share of all that they are.
const BURST: i64 = 20;
const BURST_SHARE: (i64, i64) = (1, 3);
/// So many units with the same figure in the same month are told.
const ALIKE: usize = 4;
/// A smaller figure is the same in many villages without anybody wondering.
const ALIKE_FROM: i64 = 10;
/// A jump is at least the double or at most the half of last year's figure, and differs by at least this.
const JUMP_FROM: i64 = 20;

/// A measure that rests on estimates in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimated<K> {
    pub measure: K,
    pub total: Total,
}

/// The measures of which a part is estimated.
pub fn estimated<K: Clone>(sums: &[(K, Total)]) -> Vec<Estimated<K>> {
    let found = sums.iter().filter(|(_, total)| total.estimate > 0);
    found.map(|(measure, total)| Estimated { measure: measure.clone(), total: *total }).collect()
}

/// Many entries entered on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    pub day: Day,
    pub entries: i64,
}

/// The days on which a large part of all entries was entered, the first first. `by_day` is how many were entered when.
pub fn bursts(by_day: &BTreeMap<Day, i64>) -> Vec<Burst> {
    let all: i64 = by_day.values().sum();
    let (part, whole) = BURST_SHARE;
    let is_one = |entries: i64| entries >= BURST && entries * whole >= all * part;
    let found = by_day.iter().filter(|(_, entries)| is_one(**entries));
    found.map(|(day, entries)| Burst { day: *day, entries: *entries }).collect()
}

/// The same figure in many units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike<K> {
    pub month: Month,
    pub measure: K,
    pub value: i64,
    /// In the order given.
    pub units: Vec<i64>,
}

/// The months and measures in which many units have exactly the same figure; `cells` are (unit, month, measure, total).
pub fn alike<K: Clone + Ord>(cells: impl IntoIterator<Item = (i64, Month, K, Total)>) -> Vec<Alike<K>> {
    let mut groups: BTreeMap<(Month, K, i64), Vec<i64>> = BTreeMap::new();
    for (unit, month, measure, total) in cells {
        if total.total() >= ALIKE_FROM {
            groups.entry((month, measure, total.total())).or_default().push(unit);
        }
    }
    let many = groups.into_iter().filter(|(_, units)| units.len() >= ALIKE);
    many.map(|((month, measure, value), units)| Alike { month, measure, value, units }).collect()
}

/// A figure beside last year's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jump<K> {
    pub measure: K,
    pub before: i64,
    pub now: i64,
}

/// The figures that are very different from those of the same period a year before.
pub fn jumps<K: Clone>(figures: &[(K, i64, i64)]) -> Vec<Jump<K>> {
    let is_jump = |before: i64, now: i64| {
        before > 0 && (now - before).abs() >= JUMP_FROM && (now >= 2 * before || 2 * now <= before)
    };
    figures
        .iter()
        .filter(|(_, before, now)| is_jump(*before, *now))
        .map(|(measure, before, now)| Jump { measure: measure.clone(), before: *before, now: *now })
        .collect()
}

/// The same days a year before; February's last day stays its last.
pub fn year_before(period: Period) -> Period {
    let back = |day: Day| day.checked_sub_months(chrono::Months::new(12)).unwrap_or(day);
    let to = back(period.to);
    // 2021-02-28 was the month's last day: so is 2020-02-29.
    let to = if period.is_whole_months() { Month::of(to).last() } else { to };
    Period { from: back(period.from), to }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::measure::Precision;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn exact(value: i64) -> Total {
        Total::of(Precision::Exact, value)
    }

    #[test]
    fn a_year_entered_in_one_evening_is_told_and_steady_work_is_not() {
        let evening = BTreeMap::from([(day("2021-12-30"), 40), (day("2021-06-01"), 10)]);
        assert_eq!(bursts(&evening), [Burst { day: day("2021-12-30"), entries: 40 }]);
        let steady: BTreeMap<Day, i64> = (1..=12).map(|month| (day(&format!("2021-{month:02}-28")), 30)).collect();
        assert_eq!(bursts(&steady), []);
        assert_eq!(bursts(&BTreeMap::from([(day("2021-12-30"), 19)])), [], "few are none");
    }

    #[test]
    fn the_same_figure_in_four_villages_is_told_and_small_ones_are_not() {
        let june = Month::parse("2021-06").expect("a month");
        let cells = |value| (1..=4).map(move |unit| (unit, june, "leaflet", exact(value)));
        let found = alike(cells(200).chain([(5, june, "leaflet", exact(201)), (6, june, "banner", exact(200))]));
        assert_eq!(found, [Alike { month: june, measure: "leaflet", value: 200, units: vec![1, 2, 3, 4] }]);
        assert_eq!(alike(cells(2)), []);
        assert_eq!(alike(cells(200).take(3)), []);
    }

    #[test]
    fn what_doubled_or_halved_against_last_year_is_told() {
        let figures = [("a", 100, 200), ("b", 100, 199), ("c", 100, 50), ("d", 0, 500), ("e", 5, 15), ("f", 30, 0)];
        let found: Vec<&str> = jumps(&figures).into_iter().map(|jump| jump.measure).collect();
        assert_eq!(found, ["a", "c", "f"]);
    }

    #[test]
    fn the_same_days_of_the_year_before() {
        let period = |from: &str, to: &str| Period { from: day(from), to: day(to) };
        assert_eq!(year_before(period("2021-02-01", "2021-02-28")), period("2020-02-01", "2020-02-29"));
        assert_eq!(year_before(period("2024-02-01", "2024-02-29")), period("2023-02-01", "2023-02-28"));
        assert_eq!(year_before(Period::year(2021)), Period::year(2020));
    }

    proptest! {
        #[test]
        fn a_burst_is_never_told_of_few(counts in prop::collection::vec(0i64..100, 1..40)) {
            let first = day("2021-01-01");
            let by_day: BTreeMap<Day, i64> =
                counts.iter().enumerate().map(|(n, count)| (first + chrono::Days::new(n as u64), *count)).collect();
            let all: i64 = counts.iter().sum();
            for burst in bursts(&by_day) {
                prop_assert!(burst.entries >= BURST && burst.entries * 3 >= all);
            }
            prop_assert!(bursts(&by_day).len() <= 3);
        }

        #[test]
        fn equal_years_hold_no_jump(value in 0i64..1_000_000) {
            prop_assert!(jumps(&[((), value, value)]).is_empty());
        }
    }
}
