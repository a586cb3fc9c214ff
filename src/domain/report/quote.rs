//! Figures of other offices (执法证 22名): quoted with source, person and day, printed with them, and never added to what the
//! ledger counts.

use super::LINE_LIMIT;
use crate::{
    domain::{
        period::{Day, is_near},
        problem::Problems,
    },
    locale::Locale,
};

/// The longest figure, in characters.
const FIGURE_LIMIT: usize = 20;

/// A quote as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Draft {
    /// What is counted: 持有行政执法证人员.
    pub name: String,
    pub figure: String,
    pub unit_word: String,
    /// The office.
    pub source: String,
    /// Who gave it.
    pub person: String,
    pub day: String,
}

/// A quote that was found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Its number within the report: `{:quote.1}`.
    pub number: i64,
    pub name: String,
    /// As it was given: 22, 98.5, 1.2万.
    pub figure: String,
    pub unit_word: String,
    pub source: String,
    pub person: String,
    pub day: Day,
}

impl Draft {
    /// Checks a quote; `number` will be its number.
    pub fn check(&self, number: i64, today: Day, locale: Locale, problems: &mut Problems) -> Option<Quote> {
        let mut line = |field: &str, text: &str, needed: bool, limit: usize| {
            let text = super::text::plain(text.trim());
            match text.chars().count() {
                0 if needed => problems.add(field, locale.paper_fill_in()),
                count if count > limit => problems.add(field, locale.paper_too_long(limit)),
                _ => {}
            }
            text
        };
        let name = line("name", &self.name, true, LINE_LIMIT);
        let figure = line("figure", &self.figure, true, FIGURE_LIMIT);
        let unit_word = line("unit_word", &self.unit_word, false, FIGURE_LIMIT);
        let source = line("source", &self.source, true, LINE_LIMIT);
        let person = line("person", &self.person, true, LINE_LIMIT);
        if !figure.is_empty() && !figure.chars().any(|letter| letter.is_ascii_digit()) {
            problems.add("figure", locale.paper_quote_no_figure());
        }
        let day = self.day.trim().parse().ok().filter(|day| is_near(*day) && *day <= today);
        if day.is_none() {
            problems.add("day", locale.paper_quote_day());
        }
        let day = day.filter(|_| problems.is_empty())?;
        Some(Quote { number, name, figure, unit_word, source, person, day })
    }
}

impl Quote {
    /// As it stands in the text: 22名（镇综合行政执法办提供，王伟，2021-12-20）.
    pub fn words(&self, locale: Locale) -> String {
        let figure = format!("{}{}", self.figure, self.unit_word);
        locale.paper_quoted(self.day, figure, &self.person, &self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_quote_names_its_source_its_person_and_its_day() {
        let typed = Draft {
            name: "持有行政执法证人员".into(),
            figure: "22".into(),
            unit_word: "名".into(),
            source: "镇综合行政执法办".into(),
            person: "王伟".into(),
            day: "2021-12-20".into(),
        };
        let mut problems = Problems::default();
        let quote = typed.check(1, day("2021-12-31"), Locale::Zh, &mut problems).expect("a quote");
        assert_eq!(quote.words(Locale::Zh), "22名（镇综合行政执法办提供，王伟，2021-12-20）");
        let nobodys = Draft { figure: "若干".into(), source: String::new(), day: "2022-01-01".into(), ..typed };
        assert_eq!(nobodys.check(1, day("2021-12-31"), Locale::Zh, &mut problems), None);
        let fields: Vec<String> = problems.into_inner().into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["source", "figure", "day"]);
    }
}
