//! A spreadsheet as it was read: sheets, rows, cells, merged areas. Pure: bytes in, no file and no network.

use super::{text, xls, xlsx};
use crate::{domain::period::Day, locale::Locale};

/// The largest file that is taken, in bytes.
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;
/// The most rows of a file, empty ones left out; a county's ledger of a year is a tenth of it.
pub const MOST_ROWS: usize = 100_000;
/// The most columns of a sheet: what stands further right is no ledger.
pub const MOST_COLUMNS: usize = 200;
/// The most cells of a file.
pub const MOST_CELLS: usize = 3_000_000;
/// The most bytes of text of all cells together: a text that many cells share is stored once, and read for each of them.
pub const MOST_TEXT: usize = 256 * 1024 * 1024;
/// The most sheets of a file.
pub const MOST_SHEETS: usize = 300;
/// The most characters of a cell that are kept: what is longer is refused later, by the field it stands for.
const LONGEST_CELL: usize = 5_000;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(Box<str>),
    Number(f64),
    Day(Day),
}

impl Value {
    /// A text without white space around it; `None` where nothing is left.
    pub fn text(text: &str) -> Option<Value> {
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}' || letter == '\0');
        if text.is_empty() {
            return None;
        }
        // NUL is taken by PostgreSQL in no text.
        let kept: String = text.chars().filter(|letter| *letter != '\0').take(LONGEST_CELL).collect();
        Some(Value::Text(kept.into_boxed_str()))
    }

    /// As people see it.
    pub fn shown(&self) -> String {
        match self {
            Value::Text(text) => text.to_string(),
            // Whole numbers bear no point.
            Value::Number(number) => number.to_string(),
            Value::Day(day) => day.to_string(),
        }
    }
}

/// A cell that is not empty, with its column from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub column: u16,
    pub value: Value,
}

/// A row with something in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// As the spreadsheet numbers it, from 1.
    pub number: u32,
    /// By column.
    pub cells: Vec<Cell>,
}

impl Row {
    pub fn value(&self, column: u16) -> Option<&Value> {
        let place = self.cells.binary_search_by_key(&column, |cell| cell.column).ok()?;
        self.cells.get(place).map(|cell| &cell.value)
    }
}

/// A merged area, its ends included; rows from 1, columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Merge {
    pub first_column: u16,
    pub first_row: u32,
    pub last_row: u32,
    pub last_column: u16,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
    /// By column and row.
    pub merges: Vec<Merge>,
    /// Whether the kind of file tells merged areas: in CSV they are blanks.
    pub tells_merges: bool,
    /// Hidden in the spreadsheet: nobody sees what would be stored, so it is not read.
    pub hidden: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    /// The file's name, for the year and the unit that may stand in it.
    pub name: String,
    pub sheets: Vec<Sheet>,
}

/// Why a file is not read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Empty,
    TooLarge,
    /// It is no spreadsheet: a picture, a PDF, a text document.
    OtherKind(&'static str),
    Encrypted,
    /// What it unpacks to is larger than any ledger.
    Bomb,
    TooManyRows,
    TooManyColumns,
    TooManySheets,
    /// It is damaged.
    Broken,
}

impl Refusal {
    pub fn message(&self, locale: Locale) -> String {
        match self {
            Refusal::Empty => locale.import_refused_empty().into(),
            Refusal::TooLarge => locale.import_refused_large(LARGEST_FILE / 1024 / 1024),
            Refusal::OtherKind(kind) => locale.import_refused_kind(kind),
            Refusal::Encrypted => locale.import_refused_encrypted().into(),
            Refusal::Bomb => locale.import_refused_bomb().into(),
            Refusal::TooManyRows => locale.import_refused_rows(MOST_ROWS),
            Refusal::TooManyColumns => locale.import_refused_columns(MOST_COLUMNS),
            Refusal::TooManySheets => locale.import_refused_sheets(MOST_SHEETS),
            Refusal::Broken => locale.import_refused_broken().into(),
        }
    }
}

/// Counts what was read, and stops where it is more than anybody means.
#[derive(Debug, Default)]
pub struct Budget {
    rows: usize,
    cells: usize,
    text: usize,
}

impl Budget {
    /// A cell's text without white space around it; counted as it stands, for white space takes its time too.
    pub fn text(&mut self, text: &str) -> Result<Option<Value>, Refusal> {
        self.text += text.len();
        if self.text > MOST_TEXT { Err(Refusal::Bomb) } else { Ok(Value::text(text)) }
    }

    pub fn row(&mut self) -> Result<(), Refusal> {
        self.rows += 1;
        if self.rows > MOST_ROWS { Err(Refusal::TooManyRows) } else { Ok(()) }
    }

    pub fn cell(&mut self, column: usize) -> Result<(), Refusal> {
        self.cells += 1;
        match () {
            () if column >= MOST_COLUMNS => Err(Refusal::TooManyColumns),
            () if self.cells > MOST_CELLS => Err(Refusal::TooManyRows),
            () => Ok(()),
        }
    }
}

/// The kinds of file that people take for a spreadsheet, by their first bytes.
const OTHER_KINDS: &[(&[u8], &str)] = &[
    (b"%PDF", "PDF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"SQLite format", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
];

/// Reads a file: XLSX, XLS or CSV, told by its bytes and not by its name.
///
/// # Errors
/// What it is instead, or why it is not read.
pub fn read_file(name: &str, bytes: &[u8]) -> Result<Book, Refusal> {
    if bytes.len() > LARGEST_FILE {
        return Err(Refusal::TooLarge);
    }
    if let Some((_, kind)) = OTHER_KINDS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(Refusal::OtherKind(kind));
    }
    let sheets = if bytes.starts_with(b"PK") {
        xlsx::read(bytes)?
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        xls::read(bytes)?
    } else {
        text::read(name, bytes)?
    };
    if sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(Refusal::Empty);
    }
    Ok(Book { name: name.to_owned(), sheets })
}

/// The letters of a column: 0 is A, 27 is AB.
pub fn letters(column: u16) -> String {
    let mut left = u32::from(column) + 1;
    let mut letters = Vec::new();
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// A cell as a spreadsheet calls it: B7.
pub fn cell_name(column: u16, row: u32) -> String {
    format!("{}{row}", letters(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_called_as_the_spreadsheet_calls_it() {
        assert_eq!(cell_name(1, 7), "B7");
        assert_eq!(
            (letters(25), letters(26), letters(701), letters(702)),
            ("Z".into(), "AA".into(), "ZZ".into(), "AAA".into())
        );
    }
}
