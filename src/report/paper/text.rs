//! A report as it is read: its lines with the figures said, and where each figure leads.

use super::store::Report;
use crate::{
    dashboard::link::Behind,
    domain::{
        report::{
            Section, State, ordinal,
            snapshot::{Piece, Source},
            text::{Of, Token},
        },
        unit::Unit,
    },
    server::{clock, form::FormData},
};
use chrono::Datelike;

/// A line of the text.
#[derive(Clone, Debug)]
pub enum Line {
    Heading(String),
    Text(Vec<Piece>),
}

/// A report as it is read.
#[derive(Clone, Debug)]
pub struct Written {
    pub title: String,
    /// 区委、区政府：; empty for nobody.
    pub to: String,
    pub lines: Vec<Line>,
    /// Who reports, and when it was signed.
    pub end: Vec<String>,
}

/// The report with its figures as they were read.
pub fn written(report: &Report) -> Written {
    let locale = report.snapshot.locale;
    let mut lines = Vec::new();
    let mut number = 0;
    for section in Section::ALL {
        let Some(body) = report.sections.get(section) else { continue };
        if let Some(title) = section.heading(locale) {
            number += 1;
            lines.push(Line::Heading(locale.paper_heading(ordinal(locale, number), title)));
        }
        let said = body.lines().map(|line| report.snapshot.say(line, &report.quotes, report.style));
        lines.extend(said.map(Line::Text));
    }
    let addressee = report.addressee.trim_end_matches(['：', ':']);
    let signed = report.steps.iter().find(|step| step.state == State::Signed).map(|step| clock::day_of(step.done_at));
    let day = match signed {
        Some(day) => locale.paper_date(day.day(), day.month(), day.year()),
        None => locale.paper_date_blank().to_owned(),
    };
    Written {
        title: report.title.clone(),
        to: if addressee.is_empty() { String::new() } else { locale.paper_to(addressee) },
        lines,
        end: vec![report.sender().to_owned(), day],
    }
}

/// The pieces as one text.
pub fn joined(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

impl Written {
    /// The lines of the body as texts.
    pub fn body(&self) -> Vec<String> {
        let text = |line: &Line| match line {
            Line::Heading(text) => text.clone(),
            Line::Text(pieces) => joined(pieces),
        };
        self.lines.iter().map(text).collect()
    }

    /// The whole as plain text, to be copied.
    pub fn plain(&self) -> String {
        let mut lines = vec![self.title.clone(), String::new()];
        lines.extend((!self.to.is_empty()).then(|| self.to.clone()));
        lines.extend(self.body());
        lines.push(String::new());
        lines.extend(self.end.iter().filter(|line| !line.trim().is_empty()).cloned());
        lines.join("\n")
    }

    /// What in the text stands for nothing.
    pub fn unknown(&self) -> Vec<String> {
        let pieces = self.lines.iter().filter_map(|line| match line {
            Line::Text(pieces) => Some(pieces),
            Line::Heading(_) => None,
        });
        pieces.flatten().filter(|piece| piece.unknown).map(|piece| piece.text.clone()).collect()
    }
}

/// Where a figure can be looked up: the records that sum to it, or the page that tells the fact.
pub fn address(report: &Report, token: &Token) -> String {
    let (unit, period) = (&report.unit, report.days());
    match token {
        Token::Figure { measures, of } => match measures.as_slice() {
            [only] => {
                let behind = Behind::new(&unit.code, period).measure(Some(ledger_key(report, only)));
                match of {
                    Of::All => behind.address(),
                    Of::Own => behind.own().address(),
                    Of::Theme(key) => behind.theme(Some(key.as_str())).address(),
                    Of::Campaign(key) => format!("{}&campaign={key}", behind.address()),
                }
            }
            several => format!("#figure-{}", several.first().map(String::as_str).unwrap_or_default()),
        },
        Token::Quote(_) => "#quotes".into(),
        Token::Fact(key) => match report.snapshot.source(key).unwrap_or(Source::Ledger) {
            Source::Ledger => {
                let behind = Behind::new(&unit.code, period);
                match (key.split_once('@'), key.split_once('#')) {
                    (Some((_, theme)), _) => behind.theme(Some(theme)).address(),
                    (_, Some((_, campaign))) => format!("{}&campaign={campaign}", behind.address()),
                    _ => behind.address(),
                }
            }
            Source::Campaigns => page("/campaigns", unit, ("year", &report.span.year().to_string())),
            Source::Goals => page("/goals", unit, ("as_of", &period.to.to_string())),
            // The plans of the year say of each what was missed.
            Source::Calendar if key == "not_held" => {
                page("/campaigns", unit, ("year", &report.span.year().to_string()))
            }
            Source::Calendar => {
                let next = period.to.succ_opt().unwrap_or(period.to);
                page("/calendar", unit, ("year", &next.year().to_string()))
            }
            Source::Duties => page("/responsibilities", unit, ("year", &report.span.year().to_string())),
        },
    }
}

/// A measure's own key: one that several units have was told apart by a number.
fn ledger_key<'a>(report: &Report, key: &'a str) -> &'a str {
    match key.rsplit_once('.') {
        Some((stem, _)) if report.snapshot.measures.iter().any(|measure| measure.key == stem) => stem,
        _ => key,
    }
}

fn page(path: &str, unit: &Unit, (name, value): (&str, &str)) -> String {
    let query = FormData::from_pairs([("unit", unit.code.as_str()), (name, value)]);
    format!("{path}?{}", query.with("", None))
}
