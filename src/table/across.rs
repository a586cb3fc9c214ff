//! Forms that are laid out across: months or units head the columns, and the rows name what is counted (横幅 | 1月 | 2月 …), or
//! villages, of which one measure is told month by month.

use super::guess::{MOST_COLUMNS, MOST_ROWS, MappedColumn, MappedRow, Mapping, target};
use crate::{
    domain::{alias::head::Names, unit::Unit},
    import::{
        book::{Row, Sheet},
        meaning::{Meaning, of_head},
    },
};
use std::collections::BTreeSet;

/// Among how many rows the head is looked for.
const HEADS: usize = 15;

/// Guesses what such a form asks; `None` where no row of the sheet is such a head.
pub fn guess(sheet: &Sheet, names: &Names<'_>, unit: &Unit, units: &[Unit]) -> Option<Mapping> {
    sheet
        .rows
        .iter()
        .take(HEADS)
        .enumerate()
        .find_map(|(at, row)| below(sheet, at, head(row, unit, units)?, names, unit, units))
}

/// The columns that a row names, if it is a head: several months or quarters, or two units and more.
fn head(row: &Row, unit: &Unit, units: &[Unit]) -> Option<Vec<MappedColumn>> {
    let named = row.cells.iter().filter_map(|cell| {
        let head = cell.value.shown();
        let target = target(&head, unit, units)?;
        Some(MappedColumn { index: cell.column, head, formula: String::new(), target })
    });
    let columns: Vec<MappedColumn> = named.take(MOST_COLUMNS).collect();
    let count = |kind: &str| {
        let of_kind = columns.iter().map(|column| column.target.as_str()).filter(|target| target.starts_with(kind));
        of_kind.collect::<BTreeSet<_>>().len()
    };
    let is_head = count("month:") >= 3 || count("quarter:") >= 3 || count("unit:") >= 2;
    // What is counted stands to the left.
    (is_head && columns.first().is_some_and(|first| first.index > 0)).then_some(columns)
}

/// The rows below a head, where any of them says what is counted or whose it is.
fn below(
    sheet: &Sheet,
    head: usize,
    columns: Vec<MappedColumn>,
    names: &Names<'_>,
    unit: &Unit,
    units: &[Unit],
) -> Option<Mapping> {
    let first = columns.first()?.index;
    let rows = sheet.rows.get(head + 1..).unwrap_or_default().iter().take(MOST_ROWS);
    let mut rows: Vec<MappedRow> = rows.filter_map(|row| line(row, first, names, unit, units)).collect();
    let is_counted = |row: &MappedRow| !row.formula.is_empty();
    let is_unit = |row: &MappedRow| row.target.starts_with("unit:");
    if !rows.iter().any(|row| is_counted(row) || is_unit(row)) {
        return None;
    }
    // Villages month by month: the title says of what.
    if !rows.iter().any(is_counted) {
        let mut titles = sheet.rows.iter().take(head).flat_map(|row| &row.cells).map(|cell| cell.value.shown());
        let measure = titles.find_map(|title| names.measure(&title, "").filter(|one| !one.is_stock && !one.retired));
        if let Some(measure) = measure {
            for row in rows.iter_mut().filter(|row| !row.target.is_empty()) {
                row.formula = measure.key.clone();
            }
        }
    }
    Some(Mapping { sheet: sheet.name.clone(), columns, rows })
}

/// A row by what stands left of the figures: a measure, with its counter in brackets or in a column of its own, or a unit.
fn line(row: &Row, first: u16, names: &Names<'_>, unit: &Unit, units: &[Unit]) -> Option<MappedRow> {
    let texts: Vec<String> =
        row.cells.iter().filter(|cell| cell.column < first).map(|cell| cell.value.shown()).collect();
    let is_name = |text: &&String| text.chars().any(|letter| !letter.is_ascii_digit() && !letter.is_whitespace());
    let label = texts.iter().find(is_name)?.clone();
    let measure = |head: &str| match of_head(head, names) {
        Some(Meaning::Measure(key)) => {
            names.catalogue().active_measures().find(|one| one.key == key && !one.is_stock).map(|one| one.key.clone())
        }
        _ => None,
    };
    let with_word =
        || texts.last().filter(|word| **word != label).and_then(|word| measure(&format!("{label}（{word}）")));
    let found = measure(&label).or_else(with_word);
    let target = match found {
        Some(_) => None,
        None => texts.iter().find_map(|text| target(text, unit, units)),
    };
    Some(MappedRow {
        number: row.number,
        label,
        target: target.unwrap_or_default(),
        formula: found.unwrap_or_default(),
    })
}
