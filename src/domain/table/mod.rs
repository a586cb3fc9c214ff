//! Statistical tables (统计表): which time they tell of, how their rows are cut, what their columns reckon.
//!
//! A month may end before the calendar's: 26th to 25th is common (统计截止日 25). Month M then runs from the day after the
//! last day of the month before to the day itself, and twelve such months are the table's year.

pub mod formula;
#[cfg(test)]
mod tests;

use super::{
    measure::{Measure, Total},
    period::{Day, Month, Period},
};
use crate::locale::Locale;
use formula::Formula;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

crate::keyed! {
    /// How long a table's time is.
    Span { Month => "month", Quarter => "quarter", Year => "year" }
}

crate::keyed! {
    /// What a table has a row for.
    Rows { Time => "time", Unit => "unit", Theme => "theme", Measure => "measure" }
}

/// The last day of a month's figures (1 to 28); none: the calendar's month.
pub type Cutoff = Option<u32>;

/// The days of a month under a cut-off.
pub fn month(month: Month, cutoff: Cutoff) -> Period {
    let Some(last) = cutoff.filter(|day| (1..=28).contains(day)) else { return month.period() };
    let day = |month: Month| Day::from_ymd_opt(month.year(), month.number(), last);
    match (day(month.previous()).and_then(|day| day.succ_opt()), day(month)) {
        (Some(from), Some(to)) => Period { from, to },
        _ => month.period(),
    }
}

/// The time of a table: a month, a quarter (1 to 4) or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    pub span: Span,
    pub year: i32,
    /// The month (1 to 12) or the quarter (1 to 4); 1 of a year.
    pub part: u32,
}

impl Time {
    pub fn new(span: Span, year: i32, part: u32) -> Option<Time> {
        let most = match span {
            Span::Month => 12,
            Span::Quarter => 4,
            Span::Year => 1,
        };
        (1..=most).contains(&part).then_some(Time { span, year, part })
    }

    /// Reads 2021, 2021-Q2 or 2021-06.
    pub fn parse(text: &str) -> Option<Time> {
        let (year, part) = text.split_once('-').unwrap_or((text, ""));
        let year = Some(year).filter(|year| year.len() == 4)?.parse().ok()?;
        match part.strip_prefix('Q') {
            _ if part.is_empty() => Time::new(Span::Year, year, 1),
            Some(quarter) => Time::new(Span::Quarter, year, quarter.parse().ok()?),
            None => Time::new(Span::Month, year, part.parse().ok()?),
        }
    }

    /// Its months.
    pub fn months(self) -> Vec<Month> {
        let (from, to) = match self.span {
            Span::Month => (self.part, self.part),
            Span::Quarter => (self.part * 3 - 2, self.part * 3),
            Span::Year => (1, 12),
        };
        (from..=to).filter_map(|number| Month::new(self.year, number)).collect()
    }

    /// Its days.
    pub fn period(self, cutoff: Cutoff) -> Period {
        let months = self.months();
        let ends = months.first().zip(months.last());
        ends.map_or(Period::year(self.year), |(first, last)| Period {
            from: month(*first, cutoff).from,
            to: month(*last, cutoff).to,
        })
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.span {
            Span::Month => write!(f, "{:04}-{:02}", self.year, self.part),
            Span::Quarter => write!(f, "{:04}-Q{}", self.year, self.part),
            Span::Year => write!(f, "{:04}", self.year),
        }
    }
}

/// A column of a form as it is stored and typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    /// 条, 份, %; may be empty.
    pub unit_word: String,
    pub formula: String,
}

/// The columns of the built-in form, in the reader's language: one for each measure that is summed.
pub fn built_in<'a>(locale: Locale, measures: impl IntoIterator<Item = &'a Measure>) -> Vec<Column> {
    let summed = measures.into_iter().filter(|measure| !measure.is_stock);
    summed
        .map(|one| Column {
            name: locale.name(&one.name, one.name_en.as_deref()).to_owned(),
            unit_word: locale.name(&one.unit_word, one.unit_word_en.as_deref()).to_owned(),
            formula: one.key.clone(),
        })
        .collect()
}

/// What a cell shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// `None` where something was divided by nothing.
    pub value: Option<f64>,
    /// How much of it is only a lower bound or an estimate, where the column is a sum.
    pub at_least: i64,
    pub estimate: i64,
    /// Where the column is no sum: whether a figure that it is reckoned from is a lower bound or an estimate. It is then an
    /// estimate itself, for what was divided or taken off is not known to the last.
    #[serde(default)]
    pub unsure: bool,
}

impl Cell {
    /// A figure that is what it is.
    pub fn plain(value: f64) -> Cell {
        Cell { value: Some(value), ..Cell::default() }
    }

    /// Whether there is nothing: zero, or a division by nothing.
    pub fn is_nothing(&self) -> bool {
        self.value.is_none_or(|value| value == 0.0)
    }
}

/// Reckons a column from totals by the measure's key.
pub fn cell(formula: &Formula, totals: &BTreeMap<String, Total>) -> Cell {
    let whole = |key: &str| totals.get(key).copied().unwrap_or_default();
    let value = formula.value(&|key| whole(key).total() as f64);
    match formula.summands() {
        Some(keys) => {
            let sum: Total = keys.into_iter().map(whole).sum();
            Cell { value, at_least: sum.at_least, estimate: sum.estimate, unsure: false }
        }
        None => {
            let is_unsure = |key: &str| whole(key).at_least > 0 || whole(key).estimate > 0;
            let unsure = value.is_some() && formula.measures().into_iter().any(is_unsure);
            Cell { value, unsure, ..Cell::default() }
        }
    }
}
