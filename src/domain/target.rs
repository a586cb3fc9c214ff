//! Plans, and what they ask for: targets in layers, the strictest of which holds.

use super::{
    indicator::{Indicator, Kind},
    period::{Day, Each, Period},
};
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet};

/// A period with goals (普法规划), usually of five years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub id: i64,
    pub key: String,
    /// The unit it belongs to; built-in plans have none and hold for all.
    pub unit_id: Option<i64>,
    pub name: String,
    pub name_en: Option<String>,
    pub period: Period,
}

impl Plan {
    /// The years that have a day in the plan.
    pub fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.period.from.year()..=self.period.to.year()
    }

    /// The years for which there are targets and which lie outside the plan: under `from` those before it, under `to`
    /// those behind it, each once and in order.
    pub fn years_left_out<'a>(
        &self,
        targets: impl IntoIterator<Item = &'a Target>,
    ) -> BTreeMap<&'static str, BTreeSet<i32>> {
        let mut outside: BTreeMap<&'static str, BTreeSet<i32>> = BTreeMap::new();
        for year in targets.into_iter().filter_map(|target| target.year) {
            if year < *self.years().start() {
                outside.entry("from").or_default().insert(year);
            } else if year > *self.years().end() {
                outside.entry("to").or_default().insert(year);
            }
        }
        outside
    }
}

/// What somebody asks of a unit and all below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub id: i64,
    pub plan_id: i64,
    pub indicator_id: i64,
    /// Who it was set for: the level that is named beside it.
    pub unit_id: i64,
    /// The one year it holds for; without, see [`period_of`].
    pub year: Option<i32>,
    /// The total of a sum, the minimum of a frequency, the share (0–1) of coverage, stock, ratio and survey, 1 for a
    /// milestone. More is always stricter.
    pub value: f64,
    /// Where it stands (依据): document, clause, level.
    pub basis: String,
}

/// The days over which a target is looked at on `as_of`; `None` where it has nothing to say on that day.
///
/// The decision: a target with a year is for that year. Without one it is for every year of the plan, looked at in the
/// year of `as_of`, when its indicator asks each year, quarter, month or week; and for the plan from end to end when the
/// indicator's `each` is none. A year is cut to the plan.
pub fn period_of(plan: Period, each: Each, year: Option<i32>, as_of: Day) -> Option<Period> {
    match year {
        Some(year) if year != as_of.year() => None,
        None if each == Each::None => Some(plan),
        _ => Period::year(as_of.year()).intersection(plan),
    }
}

/// The target that holds among those of a unit and of the units above it: the highest value; where two ask the same,
/// that of the higher level. `ancestry` are the ids from the root down to the unit ([`super::unit::ancestry`]).
pub fn strictest<'a>(targets: impl IntoIterator<Item = &'a Target>, ancestry: &[i64]) -> Option<&'a Target> {
    let level = |target: &Target| ancestry.iter().position(|id| *id == target.unit_id);
    targets
        .into_iter()
        .filter(|target| level(target).is_some())
        .max_by(|one, other| one.value.total_cmp(&other.value).then_with(|| level(other).cmp(&level(one))))
}

/// What is asked of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Held<'a> {
    pub target: &'a Target,
    /// Whether a unit above answers for it as a whole: this one takes part in it, and is not held against it.
    pub shared: bool,
    /// All layers that speak of it, from the root down.
    pub layers: Vec<&'a Target>,
}

/// The target that holds at the last unit of `ancestry`, of those of one indicator and one span of days.
///
/// The rule. A *total* is asked of the unit that it was set for: its own holds, however large the totals above it are, and
/// nobody is held against the total of a unit above; of those the nearest is told. A *minimum for each unit* and a *share*
/// hold below as they are, and the strictest layer wins. A unit's own study (a frequency that looks at no kind of unit), a
/// survey and a milestone are of the unit they were set for: there the strictest layer wins; a unit without one of its own
/// only takes part.
pub fn held<'a>(
    indicator: &Indicator,
    targets: impl IntoIterator<Item = &'a Target>,
    ancestry: &[i64],
) -> Option<Held<'a>> {
    let level = |target: &Target| ancestry.iter().position(|id| *id == target.unit_id);
    let mut layers: Vec<&Target> = targets.into_iter().filter(|target| level(target).is_some()).collect();
    layers.sort_by_key(|target| level(target));
    let target = match indicator.kind {
        // Of one unit's own, one for every year and one for this year, the strictest.
        Kind::Sum => {
            let nearest = layers.last()?.unit_id;
            strictest(layers.iter().copied().filter(|layer| layer.unit_id == nearest), ancestry)?
        }
        _ => strictest(layers.iter().copied(), ancestry)?,
    };
    let has_own = layers.iter().any(|layer| Some(&layer.unit_id) == ancestry.last());
    let shared = match indicator.kind {
        Kind::Survey | Kind::Milestone => !has_own,
        _ => indicator.is_of_the_whole() && !has_own,
    };
    Some(Held { target, shared, layers })
}

crate::keyed! {
    /// Why a target's value is refused.
    WrongValue {
        /// A share lies above 0 and is at most 1.
        Share => "share",
        /// A total or a minimum is above 0 and at most ten million.
        Count => "count",
        /// A minimum for each unit is a whole number.
        Whole => "whole",
        /// A milestone is asked for once.
        One => "one",
    }
}

/// The largest total that is taken as a target.
pub const LARGEST: f64 = 1_000_000_000.0;

/// Whether a value makes sense as a target of this kind.
///
/// # Errors
/// Why not.
pub fn check_value(kind: Kind, value: f64) -> Result<(), WrongValue> {
    match kind {
        _ if kind.is_share() && !(value > 0.0 && value <= 1.0) => Err(WrongValue::Share),
        Kind::Milestone if value != 1.0 => Err(WrongValue::One),
        Kind::Sum | Kind::Frequency if !(value > 0.0 && value <= LARGEST) => Err(WrongValue::Count),
        Kind::Frequency if value.fract() != 0.0 => Err(WrongValue::Whole),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target(unit_id: i64, value: f64) -> Target {
        Target { id: unit_id, plan_id: 1, indicator_id: 1, unit_id, year: None, value, basis: String::new() }
    }

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_plan_tells_the_years_that_its_days_leave_out() {
        let plan = Plan { id: 1, key: "p".into(), unit_id: None, name: "p".into(), name_en: None, period: plan() };
        let of = |year| Target { year, ..target(1, 1.0) };
        let targets = [of(Some(2026)), of(Some(2019)), of(Some(2021)), of(Some(2020)), of(Some(2019)), of(None)];
        let outside = plan.years_left_out(&targets);
        assert_eq!(outside["from"].iter().copied().collect::<Vec<_>>(), [2019, 2020]);
        assert_eq!(outside["to"].iter().copied().collect::<Vec<_>>(), [2026]);
    }

    fn plan() -> Period {
        Period { from: day("2021-01-01"), to: day("2025-12-31") }
    }

    #[test]
    fn the_strictest_layer_wins_and_the_higher_level_among_equals() {
        let layers = [target(1, 3.0), target(5, 4.0), target(17, 4.0), target(99, 9.0)];
        assert_eq!(strictest(&layers, &[1, 5, 17]).map(|found| found.unit_id), Some(5));
        assert_eq!(strictest(&layers, &[1, 6]).map(|found| found.unit_id), Some(1));
        assert_eq!(strictest(&layers, &[7]), None);
    }

    fn asking(kind: Kind, unit_kind: Option<crate::domain::unit::UnitKind>) -> Indicator {
        Indicator {
            id: 1,
            key: "one".into(),
            unit_id: None,
            name: "one".into(),
            name_en: None,
            kind,
            measure_id: None,
            also_measure_id: None,
            theme_id: None,
            type_id: None,
            interactive: None,
            unit_kind,
            each: Each::Year,
            at_least: None,
            numerator_id: None,
            denominator_id: None,
            position: 0,
            retired: false,
        }
    }

    #[test]
    fn a_total_is_asked_of_the_unit_that_it_was_set_for() {
        let layers = [target(1, 50_000.0), target(5, 7_000.0), target(17, 500.0)];
        let sum = asking(Kind::Sum, None);
        let found = |targets: &[Target], ancestry: &[i64]| {
            held(&sum, targets, ancestry).map(|held| (held.target.unit_id, held.shared, held.layers.len()))
        };
        assert_eq!(found(&layers, &[1, 5, 17]), Some((17, false, 3)), "the village's own");
        assert_eq!(found(&layers, &[1, 5]), Some((5, false, 2)));
        assert_eq!(found(&layers, &[1, 5, 18]), Some((5, true, 2)), "a village takes part in the town's");
        assert_eq!(found(&layers, &[2]), None);
    }

    #[test]
    fn of_one_units_own_totals_the_strictest_holds_in_whatever_order_they_come() {
        let sum = asking(Kind::Sum, None);
        let always = target(5, 7_000.0);
        for value in [6_000.0, 8_000.0] {
            let this_year = Target { id: 6, year: Some(2021), ..target(5, value) };
            for layers in [[always.clone(), this_year.clone()], [this_year, always.clone()]] {
                assert_eq!(held(&sum, &layers, &[1, 5]).map(|held| held.target.value), Some(value.max(7_000.0)));
            }
        }
    }

    #[test]
    fn a_town_that_has_a_milestone_of_its_own_is_held_against_it_though_the_county_has_the_same() {
        let milestone = asking(Kind::Milestone, None);
        let layers = [target(1, 1.0), target(5, 1.0)];
        assert_eq!(held(&milestone, &layers, &[1, 5]).map(|held| held.shared), Some(false));
        assert_eq!(held(&milestone, &layers, &[1, 6]).map(|held| held.shared), Some(true));
    }

    #[test]
    fn a_minimum_for_each_unit_holds_below_and_the_strictest_wins() {
        let layers = [target(1, 3.0), target(5, 4.0), target(17, 2.0)];
        let villages = Some(crate::domain::unit::UnitKind::Village);
        for (kind, unit_kind) in [(Kind::Frequency, villages), (Kind::Coverage, villages), (Kind::Ratio, None)] {
            let held = held(&asking(kind, unit_kind), &layers, &[1, 5, 17]).expect("one holds");
            assert_eq!((held.target.unit_id, held.shared), (5, false), "{kind}");
        }
        let own = asking(Kind::Frequency, None);
        let shared = |ancestry: &[i64]| held(&own, &layers, ancestry).map(|held| (held.target.unit_id, held.shared));
        assert_eq!(shared(&[1, 5, 17]), Some((5, false)), "it has one of its own");
        assert_eq!(shared(&[1, 5, 18]), Some((5, true)), "the town's own study is no village's");
    }

    #[test]
    fn a_target_with_a_year_speaks_in_that_year_only() {
        let as_of = day("2023-05-01");
        assert_eq!(period_of(plan(), Each::None, Some(2023), as_of), Some(Period::year(2023)));
        assert_eq!(period_of(plan(), Each::Year, Some(2022), as_of), None);
    }

    #[test]
    fn without_a_year_each_decides_between_the_year_and_the_plan() {
        let as_of = day("2023-05-01");
        assert_eq!(period_of(plan(), Each::Quarter, None, as_of), Some(Period::year(2023)));
        assert_eq!(period_of(plan(), Each::None, None, as_of), Some(plan()));
        assert_eq!(period_of(plan(), Each::Year, None, day("2026-01-01")), None);
    }

    #[test]
    fn a_year_is_cut_to_the_plan() {
        let plan = Period { from: day("2021-06-15"), to: day("2025-12-31") };
        let found = period_of(plan, Each::Year, None, day("2021-07-01")).expect("a period");
        assert_eq!(found.from, day("2021-06-15"));
    }

    #[test]
    fn values_that_make_no_sense_are_refused() {
        for (kind, value, verdict) in [
            (Kind::Coverage, 1.0, Ok(())),
            (Kind::Coverage, 1.01, Err(WrongValue::Share)),
            (Kind::Survey, 0.0, Err(WrongValue::Share)),
            (Kind::Ratio, f64::NAN, Err(WrongValue::Share)),
            (Kind::Sum, -1.0, Err(WrongValue::Count)),
            (Kind::Sum, f64::INFINITY, Err(WrongValue::Count)),
            (Kind::Frequency, 4.0, Ok(())),
            (Kind::Frequency, 1.5, Err(WrongValue::Whole)),
            (Kind::Milestone, 2.0, Err(WrongValue::One)),
        ] {
            assert_eq!(check_value(kind, value), verdict, "{kind} {value}");
        }
    }

    proptest! {
        #[test]
        fn no_layer_asks_for_more_than_the_one_that_holds(values in proptest::collection::vec(0.1f64..100.0, 1..6)) {
            let layers: Vec<Target> =
                values.iter().enumerate().map(|(index, value)| target(index as i64, *value)).collect();
            let ancestry: Vec<i64> = (0..values.len() as i64).collect();
            let found = strictest(&layers, &ancestry).expect("one holds");
            prop_assert!(values.iter().all(|value| *value <= found.value));
        }
    }
}
