//! When an entry is in force, and how many schools somebody serves at a time.

use super::{super::period::Day, MOST_SCHOOLS};
use std::collections::BTreeSet;

/// From a first day to a last one, both counted; without a last one it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub from: Day,
    pub last: Option<Day>,
}

impl Term {
    /// `to` is the last day of the term, `left` the first day on which it is over.
    pub fn new(from: Day, to: Option<Day>, left: Option<Day>) -> Term {
        let before = left.and_then(|day| day.pred_opt());
        let last = match (to, before) {
            (Some(to), Some(before)) => Some(to.min(before)),
            (to, before) => to.or(before),
        };
        Term { from, last }
    }

    pub fn holds_on(self, day: Day) -> bool {
        self.from <= day && self.last.is_none_or(|last| day <= last)
    }

    fn meets(self, other: Term) -> bool {
        self.last.is_none_or(|last| other.from <= last) && other.last.is_none_or(|last| self.from <= last)
    }
}

/// The schools that somebody serves at a time already when another term at `school` would be one too many; none where it
/// is not. `others` are their terms elsewhere.
pub fn crowded(school: i64, term: Term, others: &[(i64, Term)]) -> BTreeSet<i64> {
    let beside: Vec<&(i64, Term)> = others.iter().filter(|(other, own)| *other != school && own.meets(term)).collect();
    // The number of schools grows only on a day on which a term begins.
    let days = beside.iter().map(|(_, own)| own.from.max(term.from));
    days.map(|day| -> BTreeSet<i64> {
        beside.iter().filter(|(_, own)| own.holds_on(day)).map(|(other, _)| *other).collect()
    })
    .find(|schools| schools.len() >= MOST_SCHOOLS)
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn who_left_on_a_day_is_no_longer_there_and_a_contract_holds_on_its_last_day() {
        let left = Term::new(day("2024-01-01"), None, Some(day("2026-08-31")));
        assert!(left.holds_on(day("2026-06-30")) && left.holds_on(day("2026-08-30")));
        assert!(!left.holds_on(day("2026-08-31")) && !left.holds_on(day("2023-12-31")));
        let contract = Term::new(day("2024-01-01"), Some(day("2024-12-31")), None);
        assert!(contract.holds_on(day("2024-12-31")) && !contract.holds_on(day("2025-01-01")));
        let ended = Term::new(day("2024-01-01"), Some(day("2024-12-31")), Some(day("2024-06-01")));
        assert_eq!(ended.last, Some(day("2024-05-31")));
        let never = Term::new(day("2024-01-01"), None, Some(day("2024-01-01")));
        assert!(!never.holds_on(day("2024-01-01")), "who left on the first day never was there");
    }

    #[test]
    fn a_third_school_is_one_too_many_while_the_other_two_run() {
        let year = |year: i32| Term::new(day(&format!("{year}-01-01")), Some(day(&format!("{year}-12-31"))), None);
        let others = [(1, year(2024)), (2, year(2024))];
        assert_eq!(crowded(3, year(2024), &others), BTreeSet::from([1, 2]));
        assert!(crowded(3, year(2025), &others).is_empty(), "both are over");
        assert!(crowded(2, year(2024), &others).is_empty(), "it is one of the two");
        assert!(crowded(3, year(2024), &[(1, year(2024)), (2, year(2025))]).is_empty());
    }

    proptest! {
        #[test]
        fn nobody_ever_serves_more_schools_than_may_be(
            own in (0u64..40, prop::option::of(0u64..40)),
            others in prop::collection::vec((1i64..5, 0u64..40, prop::option::of(0u64..40)), 0..6),
        ) {
            let at = |offset: u64| day("2024-01-01") + Days::new(offset);
            let term = |(from, length): (u64, Option<u64>)| Term {
                from: at(from), last: length.map(|length| at(from + length)),
            };
            let own = term(own);
            let others: Vec<(i64, Term)> =
                others.into_iter().map(|(school, from, length)| (school, term((from, length)))).collect();
            // Day by day, the slow way.
            let is_full = (0..200).map(at).filter(|day| own.holds_on(*day)).any(|day| {
                let there: BTreeSet<i64> = others.iter()
                    .filter(|(school, term)| *school != 9 && term.holds_on(day)).map(|(school, _)| *school).collect();
                there.len() >= MOST_SCHOOLS
            });
            prop_assert_eq!(is_full, !crowded(9, own, &others).is_empty());
        }
    }
}
