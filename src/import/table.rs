//! Where on a sheet the ledger is: its title, its head of one or more rows, its columns, its rows.

use super::{
    book::{Merge, Row, Sheet, Value},
    cell,
    meaning::{Contents, Meaning, of_head, of_two, settle},
};
use crate::domain::alias::head::{Field, Names, plain};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// How much is looked at in one file: a ledger takes a small part of it, and a file made to cost time takes no more.
#[derive(Debug)]
pub struct Patience {
    /// Rows that might be a head.
    rows: usize,
    /// Heads.
    heads: usize,
    /// Cells that tell what their column holds.
    cells: usize,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { rows: 5_000, heads: 1_000, cells: 400_000 }
    }
}

/// Takes some of what is left; `false` where there is not as much.
fn take(left: &mut usize, some: usize) -> bool {
    let is_enough = *left >= some;
    *left = left.saturating_sub(some);
    is_enough
}

/// Rows that are looked at to tell what a column holds.
const SAMPLE: usize = 200;
/// The longest head of a column, in characters.
const LONGEST_HEAD: usize = 30;
/// The most rows of a head.
const HIGHEST_HEAD: usize = 3;

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub index: u16,
    /// Its heads from above, as they are compared: 横幅 / 数量.
    pub head: String,
    /// The same as the file has them: LED播放（次）.
    pub title: String,
    pub meaning: Meaning,
    /// What stands in its first rows, for the page.
    pub samples: Vec<String>,
    /// Whether something stands in it.
    pub filled: bool,
    /// Whether an empty cell stands for the one above: a file that tells no merged cells leaves them blank.
    pub falls: bool,
}

impl Column {
    /// Whether an empty cell is read as the one above: of days and units only, for a place or a note left empty is none.
    pub fn is_carried(&self) -> bool {
        self.falls && [Field::Date, Field::Unit, Field::Year, Field::Month].into_iter().any(|one| self.meaning.is(one))
    }
}

/// A ledger on a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What stands above the head.
    pub titles: Vec<String>,
    /// The number of the head's first row.
    pub head: u32,
    /// Its rows within the sheet's: the first, and the one behind the last.
    pub first: usize,
    pub end: usize,
    pub columns: Vec<Column>,
    /// The same for every ledger with these heads.
    pub signature: String,
}

impl Table {
    pub fn column(&self, field: Field) -> Option<&Column> {
        self.columns.iter().find(|column| column.meaning.is(field))
    }

    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }

    /// Whether anything in it can be counted.
    pub fn counts(&self) -> bool {
        self.has(Field::Count) || self.columns.iter().any(|column| matches!(column.meaning, Meaning::Measure(_)))
    }
}

/// The ledgers of a sheet, in their order. `is_unit` tells whether a text names a unit.
pub fn find(sheet: &Sheet, names: &Names<'_>, is_unit: &dyn Fn(&str) -> bool, patience: &mut Patience) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut titles_from = 0;
    let mut place = 0;
    while let Some(row) = sheet.rows.get(place) {
        let may_be = may_be_head(row) && take(&mut patience.rows, 1);
        if !may_be || !is_head(row, names) || !take(&mut patience.heads, 1) {
            place += 1;
            continue;
        }
        let height = height(sheet, place, names);
        let heads = heads(sheet, place, height);
        let known = signature(&heads);
        // The head again on the next printed page is no new table.
        if tables.last().is_some_and(|last| last.signature == known) {
            place += height;
            continue;
        }
        if let Some(last) = tables.last_mut() {
            last.end = place;
        }
        let is_title = |row: &&Row| row.cells.len() <= 3;
        let above = sheet.rows.get(titles_from..place).unwrap_or_default();
        let titles: Vec<String> = above.iter().rev().take(6).filter(is_title).map(line).rev().collect();
        let first = place + height;
        let table =
            Table { titles, head: row.number, first, end: sheet.rows.len(), columns: Vec::new(), signature: known };
        let columns = columns(sheet, first, &heads, names, (is_unit, patience));
        tables.push(Table { columns, ..table });
        place = first;
        titles_from = first;
    }
    tables.retain(|table| {
        let is_dated = [Field::Date, Field::Month, Field::DayOfMonth].into_iter().any(|field| table.has(field));
        table.counts() && (is_dated || table.columns.len() > 2) && table.first < table.end
    });
    tables
}

/// What a row says as one line.
fn line(row: &Row) -> String {
    row.cells.iter().map(|cell| cell.value.shown()).collect::<Vec<_>>().join(" ")
}

/// A cell that may be a head: a short text that does not begin as a number does.
fn head_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text)
            if text.chars().count() <= LONGEST_HEAD && !text.starts_with(|one: char| one.is_ascii_digit()) =>
        {
            Some(text)
        }
        _ => None,
    }
}

/// Whether a row holds nothing but what may be heads.
fn may_be_head(row: &Row) -> bool {
    row.cells.len() > 1 && row.cells.iter().all(|cell| head_text(&cell.value).is_some())
}

/// Whether a row is the head of a ledger: at least two different things are named, by most of its cells, and one of
/// them is a day, a unit or a count.
fn is_head(row: &Row, names: &Names<'_>) -> bool {
    let found: Vec<Meaning> = row.cells.iter().filter_map(|cell| of_head(head_text(&cell.value)?, names)).collect();
    let kinds: BTreeSet<&Meaning> = found.iter().collect();
    let is_key = |meaning: &&Meaning| match meaning {
        Meaning::Measure(_) => true,
        Meaning::Field(field) => matches!(
            field,
            Field::Date | Field::Unit | Field::Count | Field::Month | Field::DayOfMonth | Field::Index | Field::Item
        ),
    };
    // 天坪村 | 讲座 | 宪法 | 村委会 is a row of a ledger that names things too, but heads say them by heart.
    let by_heart = row.cells.iter().filter(|cell| head_text(&cell.value).is_some_and(is_by_heart)).count();
    // A wide ledger has many columns of its own.
    let is_wide = kinds.len() >= 4 && by_heart >= 2 && found.len() * 3 >= row.cells.len();
    let is_most = kinds.len() >= 2 && by_heart > 0 && found.len() * 2 > row.cells.len();
    (is_most || is_wide) && kinds.iter().any(is_key)
}

fn is_by_heart(text: &str) -> bool {
    crate::domain::alias::head::field(&plain(text)).is_some()
}

/// Where a merged area begins that holds the cell, if one does.
fn area_at(sheet: &Sheet, row: u32, column: u16) -> Option<&Merge> {
    sheet.merges.iter().find(|area| {
        (area.first_row..=area.last_row).contains(&row) && (area.first_column..=area.last_column).contains(&column)
    })
}

/// How many rows the head that begins here has.
fn height(sheet: &Sheet, place: usize, names: &Names<'_>) -> usize {
    let Some(top) = sheet.rows.get(place) else { return 1 };
    let mut height = 1;
    while height < HIGHEST_HEAD {
        let Some(next) = sheet.rows.get(place + height) else { break };
        if next.number != top.number + u32::try_from(height).unwrap_or(u32::MAX)
            || next.cells.iter().any(|cell| head_text(&cell.value).is_none())
        {
            break;
        }
        let heads = |cell: &super::book::Cell| {
            head_text(&cell.value).is_some_and(|text| of_head(text, names).is_some() || names.is_unit_word(text))
        };
        let known = next.cells.iter().filter(|cell| heads(cell)).count();
        let lies_below = |cell: &super::book::Cell| {
            let above = area_at(sheet, top.number, cell.column);
            match sheet.tells_merges {
                true => above.is_some_and(|area| area.last_column > area.first_column || area.last_row >= next.number),
                false => top.value(cell.column).is_none() || top.value(cell.column + 1).is_none(),
            }
        };
        let fits = next.cells.iter().filter(|cell| lies_below(cell)).count();
        // Some write the second row below a head that is not merged with its neighbours.
        if known == 0 || fits * 2 < next.cells.len() || known * 2 < next.cells.len() {
            break;
        }
        height += 1;
    }
    height
}

/// A head without the line breaks that lay it out.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The heads of each column from above as the file has them, what stands in merged cells said for each column below.
fn heads(sheet: &Sheet, place: usize, height: usize) -> Vec<(u16, Vec<String>)> {
    let rows = sheet.rows.get(place..place + height).unwrap_or_default();
    let last = rows.iter().flat_map(|row| row.cells.last()).map(|cell| cell.column).max().unwrap_or_default();
    let text = |row: &Row, column: u16| row.value(column).map(|value| one_line(&value.shown()));
    (0..=last)
        .filter_map(|column| {
            let mut own: Vec<String> = Vec::new();
            for (depth, row) in rows.iter().enumerate() {
                let found = text(row, column).or_else(|| {
                    if let Some(area) = area_at(sheet, row.number, column) {
                        let top = rows.iter().find(|other| other.number == area.first_row)?;
                        return text(top, area.first_column);
                    }
                    // Without merged cells the head to the left reaches over what stands below it.
                    let has_below = rows.get(depth + 1..)?.iter().any(|below| below.value(column).is_some());
                    if sheet.tells_merges || !has_below {
                        return None;
                    }
                    let left = (0..column).rev().find(|left| row.value(*left).is_some())?;
                    let is_over = rows.get(depth + 1..)?.iter().any(|below| below.value(left).is_some());
                    is_over.then(|| text(row, left)).flatten()
                });
                let is_same = |found: &String| own.last().is_some_and(|last| plain(last) == plain(found));
                if let Some(found) = found.filter(|found| !is_same(found)) {
                    own.push(found);
                }
            }
            (!own.is_empty()).then_some((column, own))
        })
        .collect()
}

fn signature(heads: &[(u16, Vec<String>)]) -> String {
    let mut digest = Sha256::new();
    for (column, own) in heads {
        digest.update(column.to_le_bytes());
        let own: Vec<String> = own.iter().map(|head| plain(head)).collect();
        digest.update(own.join("/"));
        digest.update([0]);
    }
    hex::encode(digest.finalize()).chars().take(32).collect()
}

fn columns(
    sheet: &Sheet,
    first: usize,
    heads: &[(u16, Vec<String>)],
    names: &Names<'_>,
    (is_unit, patience): (&dyn Fn(&str) -> bool, &mut Patience),
) -> Vec<Column> {
    let rows = sheet.rows.get(first..).unwrap_or_default();
    let sample = rows.get(..SAMPLE.min(rows.len())).unwrap_or(rows);
    let mut all: Vec<(u16, Vec<String>)> = heads.to_vec();
    // A column without a head that holds something is told too.
    let headless: BTreeSet<u16> = sample.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column)).collect();
    all.extend(
        headless
            .into_iter()
            .filter(|column| !heads.iter().any(|(own, _)| own == column))
            .map(|column| (column, Vec::new())),
    );
    all.sort_by_key(|(column, _)| *column);
    let mut meanings = Vec::new();
    let mut contents = Vec::new();
    for (column, own) in &all {
        let own: Vec<String> = own.iter().map(|head| plain(head)).collect();
        let (parent, child) = match &own[..] {
            [] => ("", ""),
            [only] => (only.as_str(), ""),
            [above @ .., child] => (above.last().map_or("", String::as_str), child.as_str()),
        };
        meanings.push(of_two(parent, child, names));
        let is_looked_at = take(&mut patience.cells, sample.len());
        contents.push(if is_looked_at { look(sample, *column, names, is_unit) } else { Contents::default() });
    }
    settle(&mut meanings, &contents);
    all.into_iter()
        .zip(meanings)
        .zip(&contents)
        .map(|(((index, own), meaning), own_contents)| {
            let values = sample.iter().filter_map(|row| row.value(index));
            let meaning = meaning.unwrap_or(Meaning::IGNORE);
            let holds_stock = |key: &str| names.catalogue().measure(key).is_some_and(|one| one.is_stock);
            let meaning = match &meaning {
                Meaning::Measure(key) if holds_stock(key) => Meaning::IGNORE,
                _ => meaning,
            };
            Column {
                index,
                head: own.iter().map(|head| plain(head)).collect::<Vec<_>>().join(" / "),
                title: own.join(" / "),
                meaning,
                samples: values.map(Value::shown).filter(|text| !text.is_empty()).take(3).collect(),
                filled: own_contents.filled > 0,
                falls: falls(sheet, sample, index, own_contents.filled),
            }
        })
        .collect()
}

/// Whether blanks of a column stand for the cell above: it begins filled, at least a fifth is blank, and the file tells
/// no merged cells there.
fn falls(sheet: &Sheet, sample: &[Row], column: u16, filled: usize) -> bool {
    let (Some(first), Some(last)) = (sample.first(), sample.last()) else { return false };
    let is_told = sheet.merges.iter().any(|area| {
        area.first_column <= column
            && column <= area.last_column
            && area.last_row > area.first_row
            && area.first_row >= first.number
            && area.first_row <= last.number
    });
    let full: Vec<&Row> = sample.iter().filter(|row| row.cells.len() > 2).collect();
    let blank = full.iter().filter(|row| row.value(column).is_none()).count();
    let starts = full.first().is_some_and(|row| row.value(column).is_some());
    !is_told && starts && filled > 0 && blank * 5 >= full.len() && blank > 0
}

fn look(sample: &[Row], column: u16, names: &Names<'_>, is_unit: &dyn Fn(&str) -> bool) -> Contents {
    let mut found = Contents::default();
    for value in sample.iter().filter(|row| row.cells.len() > 1).filter_map(|row| row.value(column)) {
        let text = value.shown();
        found.filled += 1;
        found.counts += usize::from(cell::may_be_count(value));
        found.days += usize::from(cell::may_be_day(value));
        if let Value::Text(text) = value {
            found.unit_words += usize::from(names.is_unit_word(text));
            found.measures += usize::from(names.measure(text, "").is_some());
            found.themes += usize::from(!names.themes(text).is_empty());
            found.kinds += usize::from(names.kind(text).is_some());
        }
        found.units += usize::from(is_unit(&text));
    }
    found
}
