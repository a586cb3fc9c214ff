//! What becomes of a figure that somebody typed when a roster takes its place.

use super::{super::period::Day, Term};

/// A unit's roster that begins on a day on which none was kept before: from then on its entries count, and what was typed
/// no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Takeover {
    pub from: Day,
    /// The day on which the two figures are held against each other: the latest on which the typed one would still hold.
    pub day: Day,
    pub counted: i64,
}

/// `before` are the terms of the entries that stand there, `after` those that will, of one unit and one roster.
pub fn takeover(before: &[Term], after: &[Term], today: Day) -> Option<Takeover> {
    let begins = |terms: &[Term]| terms.iter().map(|term| term.from).min();
    let from = begins(after)?;
    let shown = today.max(from);
    let day = match begins(before) {
        Some(former) if former <= from => return None,
        Some(former) => shown.min(former.pred_opt()?),
        None => shown,
    };
    let counted = after.iter().filter(|term| term.holds_on(day)).count() as i64;
    Some(Takeover { from, day, counted })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn since(text: &str) -> Term {
        Term::new(day(text), None, None)
    }

    #[test]
    fn the_first_entries_take_a_typed_figures_place_and_more_of_them_do_not() {
        let today = day("2026-06-30");
        let first = [since("2024-03-01"), since("2025-03-01"), since("2026-12-01")];
        let taken = Takeover { from: day("2024-03-01"), day: today, counted: 2 };
        assert_eq!(takeover(&[], &first, today), Some(taken));
        let more = [since("2024-03-01"), since("2025-03-01"), since("2026-12-01"), since("2026-05-01")];
        assert_eq!(takeover(&first, &more, today), None, "the roster stood there already");
        assert_eq!(takeover(&[], &[], today), None);
    }

    #[test]
    fn who_was_there_earlier_moves_the_beginning_and_the_days_before_are_told() {
        let today = day("2026-06-30");
        let earlier = [since("2026-01-01"), since("2023-05-01")];
        let taken = Takeover { from: day("2023-05-01"), day: day("2025-12-31"), counted: 1 };
        assert_eq!(takeover(&earlier[..1], &earlier, today), Some(taken));
        let ahead = [since("2027-01-01")];
        let taken = Takeover { from: day("2027-01-01"), day: day("2027-01-01"), counted: 1 };
        assert_eq!(takeover(&[], &ahead, today), Some(taken), "until then what was typed holds");
    }

    proptest! {
        #[test]
        fn the_day_lies_where_the_roster_holds_now_and_did_not_before(
            former in prop::collection::vec(0_u64..400, 0..4),
            added in prop::collection::vec(0_u64..400, 1..4),
            today in 0_u64..400,
        ) {
            let at = |offset: u64| day("2025-01-01") + Days::new(offset);
            let before: Vec<Term> = former.iter().map(|offset| Term::new(at(*offset), None, None)).collect();
            let after: Vec<Term> =
                before.iter().copied().chain(added.iter().map(|offset| Term::new(at(*offset), None, None))).collect();
            if let Some(taken) = takeover(&before, &after, at(today)) {
                prop_assert!(taken.from <= taken.day && before.iter().all(|term| taken.day < term.from));
            }
        }
    }
}
