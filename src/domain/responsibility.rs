//! The responsibility list (谁执法谁普法 责任清单): what each department publicises, to whom, how, until when; and how far a
//! row is. Nobody enters that: it follows from the row's campaigns and what was logged for them.

use super::{
    period::{Day, is_near},
    problem::Problems,
};
use crate::locale::Locale;
use chrono::Datelike;

/// The longest text of a field, in characters.
pub const TEXT_LIMIT: usize = 200;
/// The most campaigns of a row.
pub const CAMPAIGN_LIMIT: usize = 50;

crate::keyed! {
    /// How far a row is.
    Stage {
        /// No campaign, or nothing logged for any of them.
        NotBegun => "not_begun",
        UnderWay => "under_way",
        /// Something was logged for each of its campaigns, and every one of them is over.
        Done => "done",
    }
}

/// A campaign of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    pub to: Day,
    /// How many activities were logged for it.
    pub activities: i64,
}

/// How far a row is on a day.
pub fn stage(efforts: &[Effort], today: Day) -> Stage {
    let is_done = |one: &Effort| one.activities > 0 && one.to < today;
    match () {
        () if efforts.iter().all(|one| one.activities == 0) => Stage::NotBegun,
        () if efforts.iter().all(is_done) => Stage::Done,
        () => Stage::UnderWay,
    }
}

/// Whether a row's day has come and it is not done.
pub fn is_overdue(stage: Stage, deadline: Day, today: Day) -> bool {
    stage != Stage::Done && deadline < today
}

/// A row as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Draft {
    pub content: String,
    /// The department that leads.
    pub lead: String,
    pub audience: String,
    pub medium: String,
    /// What has to be reached.
    pub standard: String,
    pub deadline: String,
    /// Keys.
    pub campaigns: Vec<String>,
}

/// A row that was found right, but for its campaigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub content: String,
    pub lead: String,
    pub audience: String,
    pub medium: String,
    pub standard: String,
    pub deadline: Day,
}

impl Draft {
    /// Checks all that can be checked without the database. The deadline may lie in the year behind: a winter's
    /// campaign ends in January.
    pub fn check(&self, year: i32, locale: Locale, problems: &mut Problems) -> Option<Checked> {
        let mut text = |field: &str, text: &str, needed: bool| {
            let text = text.trim().to_owned();
            match text.chars().count() {
                0 if needed => problems.add(field, locale.responsibility_fill_in()),
                count if count > TEXT_LIMIT => problems.add(field, locale.responsibility_too_long(TEXT_LIMIT)),
                _ => {}
            }
            text
        };
        let content = text("content", &self.content, true);
        let lead = text("lead", &self.lead, true);
        let audience = text("audience", &self.audience, false);
        let medium = text("medium", &self.medium, false);
        let standard = text("standard", &self.standard, false);
        let deadline = self.deadline.trim().parse().ok().filter(|day| is_near(*day));
        match deadline {
            None => problems.add("deadline", locale.responsibility_deadline_wrong()),
            Some(day) if !(year..=year + 1).contains(&day.year()) => {
                problems.add("deadline", locale.responsibility_deadline_outside(year));
            }
            Some(_) => {}
        }
        if self.campaigns.len() > CAMPAIGN_LIMIT {
            problems.add("campaigns", locale.responsibility_too_many_campaigns(CAMPAIGN_LIMIT));
        }
        let deadline = deadline.filter(|_| problems.is_empty())?;
        Some(Checked { content, lead, audience, medium, standard, deadline })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_row_is_as_far_as_what_was_logged_for_its_campaigns() {
        let today = day("2026-06-30");
        let effort = |to: &str, activities| Effort { to: day(to), activities };
        for (efforts, expected) in [
            (vec![], Stage::NotBegun),
            (vec![effort("2026-06-26", 0)], Stage::NotBegun),
            (vec![effort("2026-06-26", 3)], Stage::Done),
            (vec![effort("2026-06-30", 3)], Stage::UnderWay),
            (vec![effort("2026-06-26", 3), effort("2026-06-26", 0)], Stage::UnderWay),
            (vec![effort("2026-06-26", 3), effort("2026-12-31", 1)], Stage::UnderWay),
        ] {
            assert_eq!(stage(&efforts, today), expected, "{efforts:?}");
        }
        assert!(is_overdue(Stage::UnderWay, day("2026-06-29"), today));
        assert!(!is_overdue(Stage::NotBegun, today, today));
        assert!(!is_overdue(Stage::Done, day("2026-01-01"), today));
    }

    #[test]
    fn what_is_wrong_is_named_by_field() {
        let draft = Draft { deadline: "2028-01-01".into(), lead: "x".repeat(201), ..Draft::default() };
        let mut problems = Problems::default();
        assert_eq!(draft.check(2026, Locale::Zh, &mut problems), None);
        let fields: Vec<String> = problems.into_inner().into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["content", "lead", "deadline"]);
    }
}
