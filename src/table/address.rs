//! Addresses: the table with one thing changed, and the records behind its figures.

use super::{
    action::Question,
    reckon::{Line, Table},
};
use crate::{
    domain::{
        period::Period,
        table::{Rows, Span, Time},
        unit::Unit,
    },
    server::form::FormData,
};

/// The part of a time as the address says it: 06, Q2, nothing for the year.
pub fn part(time: Time) -> String {
    match time.span {
        Span::Month => format!("{:02}", time.part),
        Span::Quarter => format!("Q{}", time.part),
        Span::Year => String::new(),
    }
}

/// The fields that ask for a table.
pub fn query(unit: &str, question: &Question, form_id: Option<i64>) -> FormData {
    let (year, part) = (question.time.year.to_string(), part(question.time));
    let form = form_id.map(|id| id.to_string()).unwrap_or_default();
    let fields = [
        ("unit", unit),
        ("year", year.as_str()),
        ("part", part.as_str()),
        ("rows", question.rows.key()),
        ("form", form.as_str()),
    ];
    FormData::from_pairs(fields.into_iter().filter(|(_, value)| !value.is_empty()))
}

/// The same table at another path.
pub fn table(path: &str, unit: &str, question: &Question, form_id: Option<i64>) -> String {
    format!("{path}?{}", query(unit, question, form_id).with("", None))
}

/// The ledger's records behind a figure: those that count any of the column's measures.
pub fn records(unit: &Unit, question: &Question, table: &Table, line: Option<&Line>, measures: &[&str]) -> String {
    let period: Period = line.and_then(|line| line.period).unwrap_or(table.period);
    let (from, to) = (period.from.to_string(), period.to.to_string());
    let mut fields = vec![("unit", unit.code.as_str()), ("from", from.as_str()), ("to", to.as_str())];
    if let Some(line) = line {
        match question.rows {
            Rows::Unit => {
                fields[0].1 = line.key.as_str();
                // What stands at the unit itself, where it has others below it.
                if line.key == unit.code && table.lines.len() > 1 {
                    fields.push(("own", "1"));
                }
            }
            Rows::Theme => fields.push(("theme", line.key.as_str())),
            Rows::Time | Rows::Measure => {}
        }
    }
    fields.extend(measures.iter().map(|key| ("measure", *key)));
    format!("/activities?{}", FormData::from_pairs(fields).with("", None))
}
