//! A whole file as a ledger: which sheets are one, what their columns mean, and its rows one after another. Pure.

use super::{
    book::{Book, Sheet},
    cell,
    meaning::Meaning,
    row::{Env, Outcome, Reader},
    table::{self, Patience, Table},
    units::Units,
};
use crate::domain::{
    alias::head::{Field, Names},
    day_text::{self, Known},
    period::Day,
    unit::Unit,
};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What columns mean, by their place: `3` → `measure:banner`.
pub type Columns = BTreeMap<String, String>;

/// What somebody settled about one file: what differs from the guess.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// What columns mean, by the table's signature.
    #[serde(default)]
    pub columns: BTreeMap<String, Columns>,
    /// Sheets that are left out, by their place.
    #[serde(default)]
    pub without: BTreeSet<usize>,
    /// The year of days that name none.
    #[serde(default)]
    pub year: Option<i32>,
    /// Rows that were ticked though they stand twice, and rows that were left out, by sheet and number: `0.12`.
    #[serde(default)]
    pub taken: BTreeSet<String>,
    #[serde(default)]
    pub left: BTreeSet<String>,
    /// What was answered to the question about a row.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// Codes of units by the names that the file has for them.
    #[serde(default)]
    pub units: BTreeMap<String, String>,
    /// Rows that name no unit belong to the one that the file is for: somebody said so.
    #[serde(default)]
    pub at_root: bool,
}

impl Choices {
    /// Whether a row is stored; one that stands twice is not unless somebody says so.
    pub fn takes(&self, row: &str, is_same: bool) -> bool {
        if is_same { self.taken.contains(row) } else { !self.left.contains(row) }
    }

    /// Keeps whether a row is stored, and what was answered about it.
    pub fn tick(&mut self, row: &str, is_same: bool, ticked: bool, answer: &str) {
        self.taken.remove(row);
        self.left.remove(row);
        self.answers.remove(row);
        match (is_same, ticked) {
            (true, true) => self.taken.insert(row.to_owned()),
            (false, false) => self.left.insert(row.to_owned()),
            _ => false,
        };
        if !answer.is_empty() {
            self.answers.insert(row.to_owned(), answer.to_owned());
        }
    }
}

/// The signature under which names of units are kept, beside what columns mean.
pub const UNITS: &str = "units";

/// What a sheet is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Read,
    /// No head of a ledger stands on it.
    NoLedger,
    /// Hidden in the spreadsheet.
    Hidden,
    /// Nothing stands on it.
    Empty,
    /// Somebody said to leave it out.
    LeftOut,
}

/// A sheet with its ledgers.
#[derive(Clone, Debug)]
pub struct Laid {
    pub name: String,
    pub state: State,
    pub tables: Vec<Table>,
    /// The code of the unit that the sheet's name or title names, for rows that name none.
    pub unit: Option<String>,
    pub year: Option<i32>,
    pub day: Option<Day>,
}

/// Finds the ledgers of a file. `kept` is what was settled before for the same heads.
pub fn lay(
    book: &Book,
    names: &Names<'_>,
    units: &Units,
    choices: &Choices,
    kept: &BTreeMap<String, Columns>,
) -> Vec<Laid> {
    let is_unit = |text: &str| units.is_one(text);
    let mut patience = Patience::default();
    book.sheets
        .iter()
        .enumerate()
        .map(|(place, sheet)| {
            let mut laid = Laid {
                name: sheet.name.clone(),
                state: State::Read,
                tables: Vec::new(),
                unit: None,
                year: choices.year,
                day: None,
            };
            laid.state = match () {
                () if sheet.hidden => State::Hidden,
                () if sheet.rows.is_empty() => State::Empty,
                () if choices.without.contains(&place) => State::LeftOut,
                () => State::Read,
            };
            if matches!(laid.state, State::Hidden | State::Empty) {
                return laid;
            }
            laid.tables = table::find(sheet, names, &is_unit, &mut patience);
            if laid.tables.is_empty() {
                laid.state = State::NoLedger;
                return laid;
            }
            for table in &mut laid.tables {
                for own in [kept.get(&table.signature), choices.columns.get(&table.signature)].into_iter().flatten() {
                    put(table, own, names);
                }
            }
            hints(&mut laid, book, sheet, units);
            laid
        })
        .collect()
}

/// Puts what was settled in the place of what was guessed; measures that are gone are guessed again.
fn put(table: &mut Table, columns: &Columns, names: &Names<'_>) {
    for column in &mut table.columns {
        let Some(meaning) = columns.get(&column.index.to_string()).and_then(|key| Meaning::from_key(key)) else {
            continue;
        };
        let is_known = match &meaning {
            Meaning::Measure(key) => names.catalogue().measure(key).is_some_and(|one| !one.retired && !one.is_stock),
            Meaning::Field(_) => true,
        };
        if is_known {
            column.meaning = meaning;
        }
    }
}

/// What name, title and file say besides: the unit, the year, the day.
fn hints(laid: &mut Laid, book: &Book, sheet: &Sheet, units: &Units) {
    let titles = laid.tables.first().map(|table| table.titles.clone()).unwrap_or_default();
    let texts = || [&sheet.name].into_iter().chain(&titles).chain([&book.name]);
    laid.unit = texts().find_map(|text| units.named_in(text)).map(|unit| unit.code.clone());
    laid.year =
        laid.year.or_else(|| texts().find_map(|text| cell::year_in(text))).or_else(|| year_of_days(laid, sheet));
    if laid.tables.iter().all(|table| !table.has(Field::Date)) {
        laid.day = texts().find_map(|text| day_in(text, laid.year));
    }
}

/// The year of all days of the first table that name theirs, where it is one.
fn year_of_days(laid: &Laid, sheet: &Sheet) -> Option<i32> {
    let column = laid.tables.first()?.column(Field::Date)?.index;
    let years: BTreeSet<i32> = sheet
        .rows
        .iter()
        .take(2_000)
        .filter_map(|row| cell::days(row.value(column)?, None).ok())
        .map(|(from, _)| from.year())
        .collect();
    let mut years = years.into_iter();
    years.next().filter(|_| years.next().is_none())
}

/// The only day that a title names, its year told.
fn day_in(text: &str, year: Option<i32>) -> Option<Day> {
    let read = |year: i32, today: Option<Day>| {
        let known = Known { today: today?, year: Some(year), month: None };
        match &day_text::find_days(text, &known)[..] {
            [only] if only.days.to.is_none() => Some((only.days.from, only.doubtful)),
            _ => None,
        }
    };
    let (early, later) = (Day::from_ymd_opt(2004, 12, 31), Day::from_ymd_opt(2008, 12, 30));
    let whole = read(2004, early).filter(|day| read(2008, later) == Some(*day)).map(|(day, _)| day);
    whole.or_else(|| {
        let year = year?;
        // 12·4国家宪法日 without its year is a name rather than a day.
        let found = read(year, early).filter(|day| read(year, later) == Some(*day));
        found.filter(|(_, doubtful)| !doubtful).map(|(day, _)| day)
    })
}

/// A row with its place.
#[derive(Debug)]
pub struct Placed<'a> {
    pub sheet: &'a str,
    /// The sheet's place in the file.
    pub place: usize,
    pub row: u32,
    pub table: &'a Table,
    pub outcome: Outcome,
}

/// Every row of every ledger of a file, from above.
pub fn rows<'a>(book: &'a Book, laid: &'a [Laid], env: Env<'a>) -> impl Iterator<Item = Placed<'a>> {
    let sheets = book.sheets.iter().zip(laid).enumerate().filter(|(_, (_, laid))| laid.state == State::Read);
    sheets.flat_map(move |(place, (sheet, laid))| {
        let unit: Option<&'a Unit> =
            laid.unit.as_ref().and_then(|code| env.units.all().iter().find(|unit| unit.code == *code));
        laid.tables.iter().flat_map(move |table| {
            let mut reader = Reader::new(env, sheet, table, unit, laid.year, laid.day);
            let rows = sheet.rows.get(table.first..table.end).unwrap_or_default();
            rows.iter().map(move |row| Placed {
                sheet: &laid.name,
                place,
                row: row.number,
                table,
                outcome: reader.read(row),
            })
        })
    })
}

/// How many rows will be walked through.
pub fn size(laid: &[Laid]) -> usize {
    let read = laid.iter().filter(|laid| laid.state == State::Read);
    read.flat_map(|laid| &laid.tables).map(|table| table.end - table.first).sum()
}
