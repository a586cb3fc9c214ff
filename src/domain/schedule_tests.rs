//! The scheduler against small cases that are searched through, and against the towns that people will ask about.

use super::{period::*, schedule::*};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn period(from: &str, to: &str) -> Period {
    Period { from: day(from), to: day(to) }
}

/// The ground of a test, owned.
#[derive(Clone, Debug)]
struct Field {
    period: Period,
    per_day: Option<u32>,
    per_week: Option<u32>,
    closed: BTreeSet<Day>,
    standing: BTreeMap<Day, u32>,
    taken: BTreeSet<(i64, Day)>,
    liked: BTreeSet<Day>,
}

impl Field {
    fn new(period: Period) -> Field {
        Field {
            period,
            per_day: None,
            per_week: None,
            closed: BTreeSet::new(),
            standing: BTreeMap::new(),
            taken: BTreeSet::new(),
            liked: BTreeSet::new(),
        }
    }

    fn propose(&self, needs: &[Need]) -> Vec<Placed> {
        propose(
            &Ground {
                period: self.period,
                per_day: self.per_day,
                per_week: self.per_week,
                closed: &self.closed,
                standing: &self.standing,
                taken: &|unit, day| self.taken.contains(&(unit, day)),
                liking: &|_, day| if self.liked.contains(&day) { Liking::Good } else { Liking::Plain },
                together: false,
            },
            needs,
        )
    }

    /// Whether one more session may stand on a day, `days` being laid already.
    fn has_room(&self, days: &[Day], day: Day) -> bool {
        let week = Each::Week.around(day).expect("a week");
        let stands = |period: Period| -> usize {
            let standing: u32 = self.standing.range(period.from..=period.to).map(|(_, count)| count).sum();
            standing as usize + days.iter().filter(|day| period.contains(**day)).count()
        };
        self.per_day.is_none_or(|limit| stands(Period { from: day, to: day }) < limit as usize)
            && self.per_week.is_none_or(|limit| stands(week) < limit as usize)
    }

    /// The most sessions that can be laid, found by trying everything.
    fn most(&self, sessions: &[&Need], laid: &mut Vec<(i64, Day)>) -> usize {
        let Some((need, rest)) = sessions.split_first() else { return laid.len() };
        let mut most = self.most(rest, laid);
        for day in self.period.each_day() {
            let days: Vec<Day> = laid.iter().map(|(_, day)| *day).collect();
            let free = need.window.contains(day)
                && !self.closed.contains(&day)
                && !self.taken.contains(&(need.unit, day))
                && !laid.contains(&(need.unit, day))
                && self.has_room(&days, day);
            if free && most < sessions.len() + laid.len() {
                laid.push((need.unit, day));
                most = most.max(self.most(rest, laid));
                laid.pop();
            }
        }
        most
    }
}

fn need(unit: i64, window: Period, missing: u32) -> Need {
    Need { unit, indicator: 0, window, missing }
}

/// Scenario 7: at least 4 a year in each of 12 villages; 9 stand at 3, 2 at 2, 1 at 0.
fn twelve_villages() -> Vec<Need> {
    let year = Period::year(2026);
    (1..=12).map(|unit| need(unit, year, if unit <= 9 { 1 } else { [2, 2, 4][unit as usize - 10] })).collect()
}

fn autumn() -> Field {
    let mut field = Field::new(period("2026-10-01", "2026-12-31"));
    field.closed = period("2026-10-01", "2026-10-07").each_day().collect();
    field
}

#[test]
fn seventeen_sessions_fit_into_the_last_quarter_at_two_a_day_and_key_dates_come_first() {
    let mut field = autumn();
    field.per_day = Some(2);
    field.liked = period("2026-12-01", "2026-12-07").each_day().collect();
    let placed = field.propose(&twelve_villages());
    let days: Vec<Day> = placed.iter().flat_map(|placed| placed.days.clone()).collect();
    assert_eq!(days.len(), 17);
    assert!(placed.iter().all(|placed| placed.unplaced.is_none()));
    assert!(days.iter().all(|day| *day >= self::day("2026-10-08")));
    for day in &days {
        assert!(days.iter().filter(|other| *other == day).count() <= 2);
    }
    // Seven key days of two: fourteen of the seventeen.
    assert_eq!(days.iter().filter(|day| field.liked.contains(day)).count(), 14);
}

#[test]
fn at_one_a_week_thirteen_fit_and_the_four_that_do_not_are_named() {
    let mut field = autumn();
    field.per_week = Some(1);
    let needs = twelve_villages();
    let placed = field.propose(&needs);
    assert_eq!(placed.iter().map(|placed| placed.days.len()).sum::<usize>(), 13);
    let left: Vec<(u32, Reason)> = placed.iter().filter_map(|placed| placed.unplaced).collect();
    assert_eq!(left.iter().map(|(left, _)| left).sum::<u32>(), 4);
    assert!(left.iter().all(|(_, reason)| *reason == Reason::Limits));
}

#[test]
fn what_nobody_prefers_lies_apart() {
    let placed = autumn().propose(&twelve_villages());
    let mut days: Vec<Day> = placed.iter().flat_map(|placed| placed.days.clone()).collect();
    days.sort_unstable();
    for pair in days.windows(2) {
        let apart = (pair[1] - pair[0]).num_days();
        assert!((1..=14).contains(&apart), "{days:?}");
    }
    let four = &placed[11].days;
    assert!(four.windows(2).all(|pair| (pair[1] - pair[0]).num_days() >= 7), "one village's sessions: {four:?}");
}

#[test]
fn why_a_session_does_not_fit_is_said() {
    let mut field = Field::new(period("2026-10-08", "2026-10-10"));
    let autumn = period("2026-10-01", "2026-12-31");
    for day in field.period.each_day() {
        field.taken.insert((3, day));
    }
    let needs = [
        need(1, period("2026-01-01", "2026-03-31"), 1),
        need(2, autumn, 4),
        need(3, autumn, 1),
        need(4, period("2026-11-01", "2026-11-30"), 1),
    ];
    let left: Vec<_> = field.propose(&needs).into_iter().map(|placed| placed.unplaced).collect();
    assert_eq!(left, [Some((1, Reason::Past)), Some((1, Reason::FewDays)), Some((1, Reason::NoDay)), None]);
}

#[test]
fn a_district_of_310_villages_is_laid_whole() {
    let mut field = Field::new(period("2026-10-01", "2026-12-31"));
    field.closed = period("2026-10-01", "2026-10-07").each_day().collect();
    field.per_day = Some(15);
    let needs: Vec<Need> = (1..=310).map(|unit| need(unit, field.period, 4)).collect();
    let placed = field.propose(&needs);
    assert_eq!(placed.iter().map(|placed| placed.days.len()).sum::<usize>(), 1_240);
}

prop_compose! {
    fn small()(
        missing in proptest::collection::vec((1_i64..=3, 0_i64..7, 0_i64..10, 1_u32..=2), 1..=3),
        per_day in proptest::option::of(0_u32..=2),
        per_week in proptest::option::of(0_u32..=3),
        closed in proptest::collection::btree_set(0_i64..9, 0..4),
        standing in proptest::collection::btree_map(0_i64..9, 1_u32..=2, 0..3),
        taken in proptest::collection::btree_set((1_i64..=3, 0_i64..9), 0..8),
        liked in proptest::collection::btree_set(0_i64..9, 0..3),
    ) -> (Field, Vec<Need>) {
        // From a Thursday, so that two weeks take part.
        let at = |offset: i64| day("2026-10-08") + chrono::Duration::days(offset);
        let mut field = Field::new(Period { from: at(0), to: at(8) });
        field.per_day = per_day;
        field.per_week = per_week;
        field.closed = closed.into_iter().map(at).collect();
        field.standing = standing.into_iter().map(|(day, count)| (at(day), count)).collect();
        field.taken = taken.into_iter().map(|(unit, day)| (unit, at(day))).collect();
        field.liked = liked.into_iter().map(at).collect();
        let needs = missing
            .into_iter()
            .map(|(unit, from, length, missing)| need(unit, Period { from: at(from), to: at(from + length) }, missing))
            .collect();
        (field, needs)
    }
}

proptest! {
    #[test]
    fn as_many_fit_as_a_search_through_everything_finds((field, needs) in small()) {
        let placed = field.propose(&needs);
        let sessions: Vec<&Need> =
            needs.iter().flat_map(|need| std::iter::repeat_n(need, need.missing as usize)).collect();
        let count: usize = placed.iter().map(|placed| placed.days.len()).sum();
        prop_assert_eq!(count, field.most(&sessions, &mut Vec::new()));
        let mut laid: Vec<(i64, Day)> = Vec::new();
        for (placed, need) in placed.iter().zip(&needs) {
            for day in &placed.days {
                prop_assert!(field.period.contains(*day) && need.window.contains(*day));
                prop_assert!(!field.closed.contains(day) && !field.taken.contains(&(need.unit, *day)));
                prop_assert!(!laid.contains(&(need.unit, *day)), "twice on a day");
                let days: Vec<Day> = laid.iter().map(|(_, day)| *day).collect();
                prop_assert!(field.has_room(&days, *day), "above a limit");
                laid.push((need.unit, *day));
            }
            let left = placed.unplaced.map_or(0, |(left, _)| left);
            let asked = need.window.from <= field.period.to;
            prop_assert_eq!(placed.days.len() as u32 + left, if asked { need.missing } else { 0 });
        }
        prop_assert_eq!(&field.propose(&needs), &placed, "the same question has the same answer");
    }
}
