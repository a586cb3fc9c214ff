//! One event at each of many units, laid over days: how many a day, which days stay free, who leads in turn.

use super::period::{Day, Each};
use chrono::{Datelike, Weekday};

/// How many events at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// All on the first day that is open.
    SameDay,
    /// So many on each open day.
    Daily(usize),
    /// So many a week, over its open days.
    Weekly(usize),
}

impl Pace {
    /// Reads a form's choice: `same_day`, `daily`, `weekly`; `number` is 1 to 50.
    pub fn parse(choice: &str, number: Option<usize>) -> Option<Pace> {
        let number = number.filter(|number| (1..=50).contains(number));
        match choice {
            "same_day" => Some(Pace::SameDay),
            "daily" => number.map(Pace::Daily),
            "weekly" => number.map(Pace::Weekly),
            _ => None,
        }
    }
}

/// Saturday or Sunday.
pub fn is_weekend(day: Day) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The days on which `count` events are held, from `first` to `last`, in order: a day stands as often as events are held
/// on it. Events that do not fit are missing at the end.
fn places(first: Day, last: Day, count: usize, pace: Pace, is_open: &impl Fn(Day) -> bool) -> Vec<Day> {
    let open: Vec<Day> = first.iter_days().take_while(|day| *day <= last).filter(|day| is_open(*day)).collect();
    match pace {
        Pace::SameDay => open.first().map(|day| vec![*day; count]).unwrap_or_default(),
        Pace::Daily(number) => open.into_iter().flat_map(|day| std::iter::repeat_n(day, number)).collect(),
        Pace::Weekly(number) => {
            let mut places = Vec::new();
            let week = |day: &Day| Each::Week.around(*day).map(|week| week.from);
            for days in open.chunk_by(|one, other| week(one) == week(other)) {
                // Over the week: two of five days are the first and the third.
                places.extend((0..number).map(|index| days[index * days.len() / number]));
            }
            places
        }
    }
}

/// A day for each of `count` units, in their order; none for one that does not fit until `last`. `is_open` tells the
/// days on which anything is held, `is_free` those on which this unit (by its place in the order) can be visited: one
/// that cannot waits and lets the next one go first.
pub fn lay(
    first: Day,
    last: Day,
    count: usize,
    pace: Pace,
    is_open: impl Fn(Day) -> bool,
    is_free: impl Fn(usize, Day) -> bool,
) -> Vec<Option<Day>> {
    let mut laid = vec![None; count];
    let mut waiting: Vec<usize> = (0..count).collect();
    for day in places(first, last, count, pace, &is_open) {
        if let Some(place) = waiting.iter().position(|unit| is_free(*unit, day)) {
            laid[waiting.remove(place)] = Some(day);
        }
        if waiting.is_empty() {
            break;
        }
    }
    laid
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn laid(first: &str, last: &str, count: usize, pace: Pace) -> Vec<String> {
        let days = lay(day(first), day(last), count, pace, |day| !is_weekend(day), |_, _| true);
        days.into_iter().map(|day| day.map_or("-".into(), |day| day.format("%m-%d").to_string())).collect()
    }

    #[test]
    fn one_a_working_day_from_the_fifth() {
        // 2026-06-05 is a Friday.
        assert_eq!(laid("2026-06-05", "2026-06-30", 3, Pace::Daily(1)), ["06-05", "06-08", "06-09"]);
        assert_eq!(laid("2026-06-05", "2026-06-30", 3, Pace::Daily(2)), ["06-05", "06-05", "06-08"]);
        assert_eq!(laid("2026-06-06", "2026-06-30", 2, Pace::SameDay), ["06-08", "06-08"]);
        assert_eq!(laid("2026-06-05", "2026-06-08", 3, Pace::Daily(1)), ["06-05", "06-08", "-"]);
    }

    #[test]
    fn two_a_week_stand_apart() {
        assert_eq!(laid("2026-06-01", "2026-06-30", 4, Pace::Weekly(2)), ["06-01", "06-03", "06-08", "06-10"]);
    }

    #[test]
    fn a_school_with_exams_waits_and_the_next_one_goes_first() {
        let exams = |unit: usize, on: Day| unit != 0 || on > day("2026-06-02");
        let days = lay(day("2026-06-01"), day("2026-06-30"), 3, Pace::Daily(1), |_| true, exams);
        assert_eq!(days, [Some(day("2026-06-03")), Some(day("2026-06-01")), Some(day("2026-06-02"))]);
    }

    proptest! {
        #[test]
        fn the_pace_is_kept_and_no_closed_day_is_used(
            start in 0i64..400, count in 0usize..40, number in 1usize..5, weekly: bool, modulus in 2u32..9, span in 0i64..90
        ) {
            let first = day("2026-01-01") + chrono::Duration::days(start);
            let last = first + chrono::Duration::days(span);
            let pace = if weekly { Pace::Weekly(number) } else { Pace::Daily(number) };
            let free = |unit: usize, day: Day| !(day.ordinal() + u32::try_from(unit).unwrap_or(0)).is_multiple_of(modulus);
            let days = lay(first, last, count, pace, |day| !is_weekend(day), free);
            prop_assert_eq!(days.len(), count);
            for (unit, on) in days.iter().enumerate() {
                if let Some(on) = on {
                    prop_assert!(first <= *on && *on <= last && !is_weekend(*on) && free(unit, *on));
                }
            }
            for on in days.iter().flatten() {
                let span = if weekly { Each::Week.around(*on).expect("a week") } else { crate::domain::period::Period { from: *on, to: *on } };
                prop_assert!(days.iter().flatten().filter(|day| span.contains(**day)).count() <= number);
            }
        }
    }
}
