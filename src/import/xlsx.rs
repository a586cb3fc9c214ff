//! XLSX: what it unpacks to is measured before it is opened, and its cells are read one by one, so that a file of a few
//! bytes cannot ask for gigabytes.

use super::book::{Budget, Cell, MOST_COLUMNS, MOST_SHEETS, Merge, Refusal, Row, Sheet, Value};
use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use chrono::Datelike;
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// The most parts of a package.
const MOST_PARTS: usize = 3_000;
/// The most bytes that a sheet may unpack to; 100,000 rows take a quarter of it.
const LARGEST_SHEET: u64 = 256 * 1024 * 1024;
/// The most bytes that any other part may unpack to: texts, formats. Pictures are never unpacked.
const LARGEST_PART: u64 = 48 * 1024 * 1024;
/// The most bytes of all parts together.
const LARGEST_ALL: u64 = 400 * 1024 * 1024;
/// The most merged areas of a sheet.
const MOST_MERGES: usize = 50_000;

/// Reads a package's sheets.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    measure(bytes)?;
    // The reader trusts some references of the file (a column of fifty letters): where it stumbles, the file is damaged.
    catch_unwind(AssertUnwindSafe(|| sheets(bytes))).unwrap_or(Err(Refusal::Broken))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(refusal)?;
    let all: Vec<(String, bool)> =
        book.sheets_metadata().iter().map(|one| (one.name.clone(), one.visible != SheetVisible::Visible)).collect();
    if all.len() > MOST_SHEETS {
        return Err(Refusal::TooManySheets);
    }
    let mut budget = Budget::default();
    let mut sheets = Vec::new();
    for (name, hidden) in all {
        if hidden {
            sheets.push(Sheet { name, hidden, tells_merges: true, ..Sheet::default() });
            continue;
        }
        // A sheet of charts or macros has no cells.
        let Some(rows) = rows(&mut book, &name, &mut budget)? else { continue };
        let mut merges: Vec<Merge> = Vec::new();
        if !rows.is_empty() {
            for area in book.merge_cells_by_sheet_name(&name).map_err(refusal)?.into_iter().take(MOST_MERGES) {
                let column = |column: u32| u16::try_from(column).unwrap_or(u16::MAX);
                merges.push(Merge {
                    first_row: area.start.0.saturating_add(1),
                    last_row: area.end.0.saturating_add(1),
                    first_column: column(area.start.1),
                    last_column: column(area.end.1),
                });
            }
            merges.sort_unstable();
        }
        sheets.push(Sheet { name, rows, merges, tells_merges: true, hidden });
    }
    Ok(sheets)
}

/// Unpacks every part that will be read into nothing, and refuses what is too large; the sizes that the package itself
/// declares are looked at first.
fn measure(bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Broken)?;
    if archive.len() > MOST_PARTS {
        return Err(Refusal::Bomb);
    }
    let mut all = 0_u64;
    let mut is_workbook = false;
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => Refusal::Encrypted,
            _ => Refusal::Broken,
        })?;
        let name = part.name().map_err(|_| Refusal::Broken)?.to_ascii_lowercase().replace('\\', "/");
        let is_read = name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".bin");
        let most = if name.contains("worksheets/") { LARGEST_SHEET } else { LARGEST_PART };
        if is_read {
            if part.size() > most {
                return Err(Refusal::Bomb);
            }
            // What is declared may be a lie: what comes out counts, and no more than is allowed is taken out.
            let real = std::io::copy(&mut part.take(most + 1), &mut std::io::sink()).map_err(|_| Refusal::Broken)?;
            all += real;
            if real > most || all > LARGEST_ALL {
                return Err(Refusal::Bomb);
            }
        }
        is_workbook |= name.starts_with("xl/workbook");
        names.push(name);
    }
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    match () {
        () if is_workbook => Ok(()),
        () if has("word/") => Err(Refusal::OtherKind("DOCX")),
        () if has("ppt/") => Err(Refusal::OtherKind("PPTX")),
        () if names.iter().any(|name| name == "content.xml") => Err(Refusal::OtherKind("ODS")),
        // Writers of packages differ in where they put the workbook; the reader finds it by its relations.
        () if has("_rels/.rels") => Ok(()),
        () => Err(Refusal::OtherKind("ZIP")),
    }
}

fn refusal(error: XlsxError) -> Refusal {
    match error {
        XlsxError::Password => Refusal::Encrypted,
        _ => Refusal::Broken,
    }
}

/// A sheet's rows; `None` where it is no sheet of cells.
fn rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, budget: &mut Budget) -> Result<Option<Vec<Row>>, Refusal> {
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(None),
        Err(error) => return Err(refusal(error)),
    };
    // Rows come in order from every program that writes spreadsheets; where they do not, they are put in order.
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    while let Some(cell) = reader.next_cell().map_err(refusal)? {
        let (row, column) = cell.get_position();
        let Some(value) = value(cell.get_value(), budget)? else { continue };
        if column as usize >= MOST_COLUMNS {
            // Somebody typed a blank far to the right: only what is there is too much.
            return Err(Refusal::TooManyColumns);
        }
        budget.cell(column as usize)?;
        let cells = rows.entry(row.saturating_add(1)).or_default();
        if cells.is_empty() {
            budget.row()?;
        }
        cells.push(Cell { column: u16::try_from(column).map_err(|_| Refusal::TooManyColumns)?, value });
    }
    let rows = rows
        .into_iter()
        .map(|(number, mut cells)| {
            cells.sort_by_key(|cell| cell.column);
            cells.dedup_by_key(|cell| cell.column);
            cells.shrink_to_fit();
            Row { number, cells }
        })
        .collect();
    Ok(Some(rows))
}

/// A cell's value; times of day without a day and empty cells are nothing.
fn value(data: &DataRef<'_>, budget: &mut Budget) -> Result<Option<Value>, Refusal> {
    Ok(match data {
        DataRef::Int(number) => Some(Value::Number(*number as f64)),
        DataRef::Float(number) => Some(Value::Number(*number)),
        DataRef::String(text) => budget.text(text)?,
        DataRef::SharedString(text) => budget.text(text)?,
        DataRef::Bool(yes) => Value::text(if *yes { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(time) => day(time),
        DataRef::DateTimeIso(text) => match text.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Some(Value::Day(day)),
            None => budget.text(text)?,
        },
        DataRef::DurationIso(text) => budget.text(text)?,
        DataRef::Error(error) => Value::text(&error.to_string()),
        DataRef::Empty => None,
    })
}

/// The day of a date cell; a duration, or what lies before 1901, is the number it is.
pub fn day(time: &calamine::ExcelDateTime) -> Option<Value> {
    let found = time.as_datetime().map(|time| time.date()).filter(|day| (1901..=2200).contains(&day.year()));
    match found {
        Some(day) if time.is_datetime() => Some(Value::Day(day)),
        _ => Some(Value::Number(time.as_f64())),
    }
}
