//! An entry of a roster as somebody typed it, checked.

use super::{
    super::{
        period::{Day, is_near},
        problem::Problems,
    },
    Field, Kind, Mark, Term,
};
use crate::locale::Locale;

/// The most characters of a field.
const LONGEST: usize = 60;
/// The most hours of a training.
const MOST_HOURS: i64 = 500;

/// An entry as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// A unit's code.
    pub unit: String,
    pub name: String,
    pub category: String,
    pub body: String,
    pub certificate: String,
    pub certificate_to: String,
    pub from: String,
    pub to: String,
    pub left: String,
    pub renews: bool,
}

/// An entry that was found right, but for its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub name: String,
    pub category: String,
    pub body: String,
    pub certificate: String,
    pub certificate_to: Option<Day>,
    pub from: Day,
    pub to: Option<Day>,
    pub left: Option<Day>,
    pub renews: bool,
}

impl Checked {
    pub fn term(&self) -> Term {
        Term::new(self.from, self.to, self.left)
    }
}

impl Draft {
    /// Checks all that can be checked without the database. What the kind does not say is left out.
    pub fn check(&self, kind: Kind, locale: Locale, problems: &mut Problems) -> Option<Checked> {
        let mut text = |field: &str, text: &str, says: Option<bool>| {
            let text = text.trim();
            match (says, text.chars().count()) {
                (None, _) => return String::new(),
                (Some(true), 0) => problems.add(field, locale.roster_fill_in()),
                (_, count) if count > LONGEST => problems.add(field, locale.roster_too_long(LONGEST)),
                _ => {}
            }
            text.to_owned()
        };
        let name = text("name", &self.name, kind.says(Field::Name));
        // What was exported with erased names is no list of new people.
        let erased = [Locale::Zh, Locale::En].iter().any(|locale| locale.roster_erased() == name);
        let category = text("category", &self.category, kind.says(Field::Category));
        let body = text("body", &self.body, kind.says(Field::Body));
        let certificate = text("certificate", &self.certificate, kind.says(Field::Certificate));
        if erased && kind.is_personal() {
            problems.add("name", locale.roster_erased_again());
        }
        let mut day = |field: &str, text: &str, says: Option<bool>| match (says, text.trim()) {
            (None, _) | (Some(false), "") => None,
            (_, text) => {
                let day = text.parse().ok().filter(|day| is_near(*day));
                if day.is_none() {
                    problems.add(field, day_problem(locale, text));
                }
                day
            }
        };
        let from: Option<Day> = day("from", &self.from, Some(true));
        let to: Option<Day> = day("to", &self.to, kind.says(Field::To));
        let left: Option<Day> = day("left", &self.left, Some(false));
        let certificate_to = day("certificate_to", &self.certificate_to, kind.says(Field::Certificate));
        for (field, end) in [("to", to), ("left", left)] {
            if let (Some(from), Some(end)) = (from, end)
                && end < from
            {
                problems.add(field, locale.roster_ends_before(from));
            }
        }
        let from = from.filter(|_| problems.is_empty())?;
        let renews = self.renews && kind.says(Field::Renews).is_some();
        Some(Checked { name, category, body, certificate, certificate_to, from, to, left, renews })
    }
}

/// What is said of a text that is no day: of one that is written as one, 2021-02-30, that the calendar has none such.
fn day_problem(locale: Locale, text: &str) -> &'static str {
    let numbers: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let is_written = numbers.len() == 3 && numbers[0].len() == 4 && numbers[1..].iter().all(|part| part.len() <= 2);
    match is_written && text.trim().parse::<Day>().is_err() {
        true => locale.roster_no_such_day(),
        false => locale.roster_day_wrong(),
    }
}

/// What happened with an entry on a day, as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkDraft {
    pub day: String,
    pub hours: String,
    pub note: String,
}

/// What happened with an entry, found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedMark {
    pub day: Day,
    /// Of a training.
    pub hours: Option<i64>,
    pub note: String,
}

impl MarkDraft {
    /// Checks a mark of an entry that began on `from`.
    pub fn check(
        &self,
        mark: Mark,
        from: Day,
        today: Day,
        locale: Locale,
        problems: &mut Problems,
    ) -> Option<CheckedMark> {
        let day: Option<Day> = self.day.trim().parse().ok().filter(|day| is_near(*day));
        match day {
            None => problems.add("day", day_problem(locale, &self.day)),
            Some(day) if day > today => problems.add("day", locale.roster_mark_ahead()),
            Some(day) if day < from => problems.add("day", locale.roster_mark_before(from)),
            Some(_) => {}
        }
        let hours = match (mark, self.hours.trim()) {
            (Mark::Training, text) => {
                let hours = text.parse().ok().filter(|hours| (1..=MOST_HOURS).contains(hours));
                if hours.is_none() {
                    problems.add("hours", locale.roster_hours_wrong(MOST_HOURS));
                }
                hours
            }
            _ => None,
        };
        let note = self.note.trim().to_owned();
        if note.chars().count() > LONGEST {
            problems.add("note", locale.roster_too_long(LONGEST));
        }
        let day = day.filter(|_| problems.is_empty())?;
        Some(CheckedMark { day, hours, note })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(kind: Kind, draft: Draft) -> Vec<String> {
        let mut problems = Problems::default();
        assert_eq!(draft.check(kind, Locale::Zh, &mut problems), None);
        problems.into_inner().into_iter().map(|one| one.field).collect()
    }

    #[test]
    fn what_is_wrong_is_named_by_field() {
        let none = Draft::default();
        assert_eq!(wrong(Kind::LawLiterate, none.clone()), ["name", "from"]);
        assert_eq!(wrong(Kind::VicePrincipal, none.clone()), ["name", "body", "from"]);
        assert_eq!(wrong(Kind::Venue, none.clone()), ["name", "category", "from"]);
        assert_eq!(wrong(Kind::ModelVillage, none), ["category", "from"]);
        let draft = Draft {
            name: "王五".into(),
            body: "派出所".into(),
            from: "2024-09-01".into(),
            to: "2024-08-31".into(),
            left: "昨天".into(),
            ..Draft::default()
        };
        assert_eq!(wrong(Kind::VicePrincipal, draft), ["left", "to"]);
    }

    #[test]
    fn a_day_that_the_calendar_has_not_is_told_from_what_is_no_day() {
        for text in ["2021-02-30", "2021年2月30日", "2024-13-01"] {
            assert_eq!(day_problem(Locale::Zh, text), "没有这一天，请改日期", "{text}");
        }
        for text in ["去年", "", "3月1日", "0001-01-01"] {
            assert_eq!(day_problem(Locale::Zh, text), Locale::Zh.roster_day_wrong(), "{text}");
        }
    }

    #[test]
    fn what_a_kind_does_not_say_is_left_out() {
        let draft = Draft {
            name: " 王五 ".into(),
            category: "村干部".into(),
            body: "派出所".into(),
            certificate: "FL-1".into(),
            from: "2024-09-01".into(),
            to: "2027-08-31".into(),
            renews: true,
            ..Draft::default()
        };
        let checked = draft.check(Kind::LawLiterate, Locale::Zh, &mut Problems::default()).expect("right");
        assert_eq!((checked.name.as_str(), checked.body.as_str(), checked.to), ("王五", "", None));
        assert_eq!(
            (checked.category.as_str(), checked.certificate.as_str(), checked.renews),
            ("村干部", "FL-1", false)
        );
    }

    #[test]
    fn a_training_has_hours_and_lies_between_the_beginning_and_today() {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let check = |mark: Mark, text: &str, hours: &str| {
            let mut problems = Problems::default();
            let draft = MarkDraft { day: text.into(), hours: hours.into(), note: String::new() };
            let checked = draft.check(mark, day("2024-01-01"), day("2024-12-31"), Locale::Zh, &mut problems);
            checked.ok_or(problems.into_inner().len())
        };
        let right = check(Mark::Training, "2024-06-01", "8").expect("right");
        assert_eq!((right.day, right.hours), (day("2024-06-01"), Some(8)));
        assert_eq!(check(Mark::Training, "2024-06-01", "0"), Err(1));
        assert_eq!(check(Mark::Training, "2023-06-01", "8"), Err(1));
        assert_eq!(check(Mark::Renewal, "2025-01-01", ""), Err(1));
        assert_eq!(check(Mark::Renewal, "2024-06-01", "8").expect("right").hours, None);
    }
}
