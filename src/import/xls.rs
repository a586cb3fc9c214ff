//! XLS, the binary format of before 2007. The reader behind it makes a full grid from the first to the last cell, so the
//! container is looked through first: what would ask for more room than any ledger takes is refused.

use super::book::{Budget, Cell, MOST_COLUMNS, MOST_SHEETS, MOST_TEXT, Merge, Refusal, Row, Sheet, Value};
use calamine::{Data, Reader, SheetVisible, Xls, XlsError};
use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// The most cells that all grids together may have.
const LARGEST_GRIDS: u64 = 4_000_000;

/// Reads a workbook's sheets.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    let stream = workbook(bytes)?;
    look_through(&stream)?;
    drop(stream);
    // The reader trusts some lengths of the file: where it stumbles, the file is damaged.
    catch_unwind(AssertUnwindSafe(|| sheets(bytes))).unwrap_or(Err(Refusal::Broken))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Refusal::Encrypted,
        _ => Refusal::Broken,
    })?;
    let metadata = book.sheets_metadata().to_vec();
    let mut budget = Budget::default();
    let mut sheets = Vec::new();
    for one in metadata {
        let hidden = one.visible != SheetVisible::Visible;
        let mut rows: Vec<Row> = Vec::new();
        let Ok(range) = book.worksheet_range(&one.name) else { continue };
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells().filter(|_| !hidden) {
            let Some(value) = value(data, &mut budget)? else { continue };
            let (row, column) = (row + top as usize, column + left as usize);
            if column >= MOST_COLUMNS {
                return Err(Refusal::TooManyColumns);
            }
            budget.cell(column)?;
            let number = u32::try_from(row + 1).map_err(|_| Refusal::TooManyRows)?;
            if rows.last().is_none_or(|last| last.number != number) {
                budget.row()?;
                rows.push(Row { number, cells: Vec::new() });
            }
            let column = u16::try_from(column).map_err(|_| Refusal::TooManyColumns)?;
            if let Some(last) = rows.last_mut() {
                last.cells.push(Cell { column, value });
            }
        }
        let mut merges: Vec<Merge> = book
            .merge_cells_by_sheet_name(&one.name)
            .unwrap_or_default()
            .into_iter()
            .map(|area| Merge {
                first_row: area.start.0.saturating_add(1),
                last_row: area.end.0.saturating_add(1),
                first_column: u16::try_from(area.start.1).unwrap_or(u16::MAX),
                last_column: u16::try_from(area.end.1).unwrap_or(u16::MAX),
            })
            .collect();
        merges.sort_unstable();
        sheets.push(Sheet { name: one.name, rows, merges, tells_merges: true, hidden });
    }
    Ok(sheets)
}

fn value(data: &Data, budget: &mut Budget) -> Result<Option<Value>, Refusal> {
    Ok(match data {
        Data::Int(number) => Some(Value::Number(*number as f64)),
        Data::Float(number) => Some(Value::Number(*number)),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => budget.text(text)?,
        Data::Bool(yes) => Value::text(if *yes { "TRUE" } else { "FALSE" }),
        Data::DateTime(time) => super::xlsx::day(time),
        Data::Error(error) => Value::text(&error.to_string()),
        Data::Empty => None,
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// Ends a chain of sectors, and what is no sector at all.
const NO_SECTOR: u32 = 0xffff_fffa;

/// The sectors of a container, as the format MS-CFB lays them.
struct Container<'a> {
    bytes: &'a [u8],
    size: usize,
    /// Each sector's next one.
    next: Vec<u32>,
}

impl<'a> Container<'a> {
    fn open(bytes: &'a [u8]) -> Option<Container<'a>> {
        let size = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let mut container = Container { bytes, size, next: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|index| u32_at(bytes, 76 + 4 * index)).collect();
        let mut more = u32_at(bytes, 68)?;
        let mut steps = 0;
        while more < NO_SECTOR && steps <= bytes.len() / size {
            let sector = container.sector(more)?;
            let numbers = sector.len() / 4;
            tables.extend((0..numbers.saturating_sub(1)).filter_map(|index| u32_at(sector, 4 * index)));
            more = u32_at(sector, 4 * numbers.saturating_sub(1))?;
            steps += 1;
        }
        for table in tables.into_iter().filter(|table| *table < NO_SECTOR) {
            let sector = container.sector(table)?;
            let links: Vec<u32> = (0..sector.len() / 4).filter_map(|index| u32_at(sector, 4 * index)).collect();
            container.next.extend(links);
        }
        Some(container)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.size)?;
        let end = start.checked_add(self.size)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// What a chain of sectors holds; no more than the file has.
    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let mut all = Vec::new();
        let mut number = first;
        while number < NO_SECTOR {
            all.extend_from_slice(self.sector(number)?);
            if all.len() > self.bytes.len() {
                return None;
            }
            number = *self.next.get(number as usize)?;
        }
        Some(all)
    }
}

/// The stream with the sheets. A container with another one in it is another kind of file.
fn workbook(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let container = Container::open(bytes).ok_or(Refusal::Broken)?;
    let directory = u32_at(bytes, 48).and_then(|first| container.chain(first)).ok_or(Refusal::Broken)?;
    let mut names = Vec::new();
    for entry in directory.chunks_exact(128) {
        let length = usize::from(u16_at(entry, 64).unwrap_or_default()).saturating_sub(2).min(62) / 2;
        let letters: Vec<u16> = (0..length).filter_map(|index| u16_at(entry, 2 * index)).collect();
        let (first, size) = (u32_at(entry, 116), u32_at(entry, 120));
        names.push((String::from_utf16_lossy(&letters), first.unwrap_or(NO_SECTOR), size.unwrap_or_default()));
    }
    let find = |wanted: &str| names.iter().find(|(name, ..)| name.eq_ignore_ascii_case(wanted));
    if find("EncryptedPackage").is_some() {
        return Err(Refusal::Encrypted);
    }
    let Some((_, first, size)) = find("Workbook").or_else(|| find("Book")) else {
        return Err(Refusal::OtherKind(if find("WordDocument").is_some() { "DOC" } else { "OLE" }));
    };
    // Below this a stream stands elsewhere; every program that writes workbooks makes them longer.
    const SMALLEST: u32 = 4_096;
    if *size < SMALLEST {
        return Err(Refusal::Broken);
    }
    let mut stream = container.chain(*first).ok_or(Refusal::Broken)?;
    stream.truncate(*size as usize);
    Ok(stream)
}

/// Walks over the records from a place on to the end of their part, those of the parts within it too.
fn records<'a>(
    stream: &'a [u8],
    from: usize,
    mut each: impl FnMut(u16, &'a [u8]) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let (mut at, mut depth) = (from, 0_u32);
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let end = at + 4 + usize::from(length);
        let Some(data) = stream.get(at + 4..end) else { return Err(Refusal::Broken) };
        match kind {
            0x0809 => depth += 1,
            0x000a if depth <= 1 => break,
            0x000a => depth -= 1,
            _ => each(kind, data)?,
        }
        at = end;
    }
    Ok(())
}

/// How many letters each text of the shared ones has; they run on from one part of their record to the next.
fn shared_lengths(parts: &[&[u8]]) -> Option<Vec<u64>> {
    let mut parts = parts.iter().copied();
    let Some(first) = parts.next() else { return Some(Vec::new()) };
    let mut rest = first.get(8..)?;
    let mut lengths = Vec::new();
    loop {
        if rest.is_empty() {
            match parts.next() {
                Some(part) => rest = part,
                None => return Some(lengths),
            }
        }
        if rest.is_empty() {
            lengths.push(0);
            continue;
        }
        let (length, flags) = (u16_at(rest, 0)?, *rest.get(2)?);
        rest = rest.get(3..)?;
        // What stands behind the letters: runs of other fonts, and readings.
        let mut behind = 0;
        if flags & 8 != 0 {
            behind += 4 * usize::from(u16_at(rest, 0)?);
            rest = rest.get(2..)?;
        }
        if flags & 4 != 0 {
            behind += u32_at(rest, 0)? as usize;
            rest = rest.get(4..)?;
        }
        let (mut left, mut width) = (usize::from(length), 1 + usize::from(flags & 1));
        loop {
            let here = left.min(rest.len() / width);
            rest = rest.get(here * width..)?;
            left -= here;
            if left == 0 {
                break;
            }
            // A new part says anew how wide its letters are.
            let part = parts.next()?;
            width = 1 + usize::from(part.first()? & 1);
            rest = part.get(1..)?;
        }
        while behind > 0 {
            if rest.is_empty() {
                rest = parts.next()?;
            }
            let here = behind.min(rest.len());
            rest = rest.get(here..)?;
            behind -= here;
        }
        lengths.push(u64::from(length));
    }
}

/// What the texts of the cells will take once the reader has made them: a copy of a shared one for each of its cells, and
/// room for as many letters as a cell says it has.
#[derive(Default)]
struct Texts {
    shared: Vec<u64>,
    /// The longest name that a formula may repeat, in letters.
    longest_name: u64,
    letters: u64,
}

impl Texts {
    fn count(&mut self, kind: u16, data: &[u8]) -> Result<(), Refusal> {
        let declared = |at: usize| u16_at(data, at).map_or(0, u64::from);
        self.letters += match kind {
            0x00fd => u32_at(data, 6).and_then(|place| self.shared.get(place as usize)).copied().unwrap_or_default(),
            0x0204 | 0x00d6 => declared(6),
            0x0207 => declared(0),
            // A name stands in five bytes of a formula, a function of some letters in three.
            0x0006 => data.len() as u64 * (self.longest_name / 5).max(8),
            _ => 0,
        };
        // A Chinese letter takes three bytes.
        if self.letters * 3 > MOST_TEXT as u64 { Err(Refusal::Bomb) } else { Ok(()) }
    }
}

/// Measures the grids of all sheets, and the texts in them.
fn look_through(stream: &[u8]) -> Result<(), Refusal> {
    let mut sheets = Vec::new();
    let mut texts = Texts::default();
    let (mut shared, mut last) = (Vec::new(), 0);
    records(stream, 0, |kind, data| {
        let name = |at: usize| data.get(at).copied().map_or(0, u64::from);
        match kind {
            0x002f => return Err(Refusal::Encrypted),
            0x0085 => {
                sheets.push(u32_at(data, 0).ok_or(Refusal::Broken)? as usize);
                texts.longest_name = texts.longest_name.max(name(6));
            }
            0x0018 => texts.longest_name = texts.longest_name.max(name(3)),
            0x00fc if shared.is_empty() => shared.push(data),
            0x00fc => return Err(Refusal::Broken),
            0x003c if last == 0x00fc => shared.push(data),
            _ => {}
        }
        if kind != 0x003c {
            last = kind;
        }
        Ok(())
    })?;
    texts.shared = shared_lengths(&shared).ok_or(Refusal::Broken)?;
    if sheets.len() > MOST_SHEETS {
        return Err(Refusal::TooManySheets);
    }
    let mut all = 0_u64;
    for from in sheets {
        if from > stream.len() {
            return Err(Refusal::Broken);
        }
        // First and last row and column with a cell; what the sheet declares of itself counts too.
        let mut grid: Option<(u64, u64, u64, u64)> = None;
        records(stream, from, |kind, data| {
            texts.count(kind, data)?;
            match kind {
                0x0200 => {
                    let wide = data.len() >= 14;
                    let row = |at: usize| match wide {
                        true => u32_at(data, at * 4).map(u64::from),
                        false => u16_at(data, at * 2).map(u64::from),
                    };
                    let columns = if wide { 8 } else { 4 };
                    let declared = (row(0), row(1), u16_at(data, columns), u16_at(data, columns + 2));
                    let (Some(top), Some(bottom), Some(left), Some(right)) = declared else {
                        return Err(Refusal::Broken);
                    };
                    let (height, width) = (bottom.saturating_sub(top) + 1, u64::from(right.saturating_sub(left)) + 1);
                    if bottom < top || right < left || height * width > LARGEST_GRIDS {
                        return Err(Refusal::TooManyRows);
                    }
                }
                0x0203..=0x0205 | 0x00d6 | 0x027e | 0x00fd | 0x00bd | 0x0006 => {
                    let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else {
                        return Err(Refusal::Broken);
                    };
                    let (row, column) = (u64::from(row), u64::from(column));
                    // A record of several cells tells its last column at its end.
                    let last = match kind {
                        0x00bd => u16_at(data, data.len().saturating_sub(2)).map_or(column, u64::from).max(column),
                        _ => column,
                    };
                    grid = Some(match grid {
                        None => (row, row, column, last),
                        Some((top, bottom, left, right)) => {
                            (top.min(row), bottom.max(row), left.min(column), right.max(last))
                        }
                    });
                }
                _ => {}
            }
            Ok(())
        })?;
        if let Some((top, bottom, left, right)) = grid {
            all += (bottom - top + 1) * (right - left + 1);
        }
        if all > LARGEST_GRIDS {
            return Err(Refusal::TooManyRows);
        }
    }
    Ok(())
}
