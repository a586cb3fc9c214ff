//! The statement as tables of cells: the page and the workbook show the same ones.

use super::action::Statement;
use crate::{
    domain::{
        measure::{Measure, Total},
        period::Month,
    },
    ledger::words::measure_text,
    locale::Locale,
};
use std::collections::BTreeMap;

/// A row: what it is of, and its figures by column.
pub struct Line {
    pub name: String,
    /// The counter of a measure.
    pub word: String,
    pub measure_id: i64,
    pub figures: Vec<Total>,
}

fn line(locale: Locale, measure: &Measure, figures: Vec<Total>) -> Line {
    Line {
        name: measure_text(locale, Some(measure), &measure.key).to_owned(),
        word: locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned(),
        measure_id: measure.id,
        figures,
    }
}

/// 6月 · 06.
pub fn month_name(locale: Locale, month: Month) -> String {
    locale.statement_month(month.number())
}

/// Each measure by quarter, and the year.
pub fn quarters(locale: Locale, statement: &Statement) -> Vec<Line> {
    let of = |measure: &&Measure| {
        let mut figures: Vec<Total> = (1..=4).map(|quarter| statement.quarter(quarter, measure.id)).collect();
        figures.push(statement.total(measure.id));
        line(locale, measure, figures)
    };
    statement.measures().iter().map(of).collect()
}

/// Each measure by month, and the year.
pub fn months(locale: Locale, statement: &Statement) -> Vec<Line> {
    let months = statement.year_months();
    let of = |measure: &&Measure| {
        let mut figures: Vec<Total> = months.iter().map(|month| statement.month(*month, measure.id)).collect();
        figures.push(statement.total(measure.id));
        line(locale, measure, figures)
    };
    statement.measures().iter().map(of).collect()
}

/// The parts of the year by what an entry may have several of.
pub struct Parts {
    /// The part's name and key in the ledger's address, its entries, its figures by measure.
    pub rows: Vec<(String, Option<String>, i64, Vec<Total>)>,
    /// What is counted more than once by adding the rows.
    pub overlap: (i64, Vec<Total>),
    pub whole: (i64, Vec<Total>),
}

impl Parts {
    /// Whether anything is counted more than once.
    pub fn overlaps(&self) -> bool {
        self.overlap.0 != 0 || self.overlap.1.iter().any(|total| !total.is_zero())
    }
}

fn parts(
    statement: &Statement,
    figures: &BTreeMap<(i64, i64), Total>,
    named: impl IntoIterator<Item = (i64, String, Option<String>)>,
) -> Parts {
    let ids: Vec<i64> = statement.measures().iter().map(|one| one.id).collect();
    let at = |part: i64, id: i64| figures.get(&(part, id)).copied().unwrap_or_default();
    let is_there = |part: i64| figures.range((part, i64::MIN)..=(part, i64::MAX)).next().is_some();
    let rows = named
        .into_iter()
        .filter(|(part, ..)| is_there(*part))
        .map(|(part, name, key)| {
            (name, key, at(part, 0).activities, ids.iter().map(|id| at(part, *id)).collect::<Vec<_>>())
        })
        .collect();
    // Reckoned over all parts, also those that the reader may not see by name.
    let sum = |id: i64| -> Total { figures.iter().filter(|((_, own), _)| *own == id).map(|(_, total)| *total).sum() };
    let whole: Vec<Total> = ids.iter().map(|id| statement.total(*id)).collect();
    let activities = statement.total(0).activities;
    let overlap = ids.iter().zip(&whole).map(|(id, whole)| sum(*id) - *whole).collect();
    Parts { rows, overlap: (sum(0).activities - activities, overlap), whole: (activities, whole) }
}

/// The year by theme.
pub fn themes(locale: Locale, statement: &Statement) -> Parts {
    let named = statement.catalogue.themes.iter().map(|theme| {
        (theme.id, locale.name(&theme.name, theme.name_en.as_deref()).to_owned(), Some(theme.key.clone()))
    });
    let none = (0, locale.ledger_without_theme().to_owned(), Some("none".to_owned()));
    parts(statement, &statement.themes, named.chain([none]))
}

/// The year by campaign.
pub fn campaigns(locale: Locale, statement: &Statement) -> Parts {
    let mut ids: Vec<i64> = statement.campaigns.keys().map(|(id, _)| *id).filter(|id| *id != 0).collect();
    ids.dedup();
    let named = ids.into_iter().map(|id| match statement.titles.get(&id) {
        Some((key, title)) => (id, title.clone(), Some(key.clone())),
        None => (id, locale.statement_other_campaign().to_owned(), None),
    });
    let none = (0, locale.ledger_without_campaign().to_owned(), Some("none".to_owned()));
    parts(statement, &statement.campaigns, named.chain([none]))
}
