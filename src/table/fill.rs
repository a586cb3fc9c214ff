//! Writing figures into somebody else's workbook: one sheet's cells are written anew, everything else of the file (layout, fonts,
//! other sheets, print set-up) is copied as it is. A cell that reckons (`=SUM(…)`) keeps its formula, and programs are told to
//! reckon again when they open the file.

use crate::error::{Error, Result};
use quick_xml::{
    Reader, Writer,
    events::{BytesEnd, BytesStart, BytesText, Event},
};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The figures by row (from 1) and column (from 0).
pub type Cells = BTreeMap<(u32, u16), f64>;

/// The most bytes that a part may unpack to: the file was measured when it was taken, and is measured again.
const LARGEST_PART: u64 = 64 * 1024 * 1024;

/// The same workbook with these cells of a sheet filled; how many were written.
///
/// # Errors
/// A fault of ours, or of the file where it cannot be read: it was read when it was taken.
pub fn fill(bytes: &[u8], sheet: &str, cells: &Cells) -> Result<(Vec<u8>, usize)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(Error::internal)?;
    let workbook = text(&mut archive, "xl/workbook.xml")?;
    let relations = text(&mut archive, "xl/_rels/workbook.xml.rels")?;
    let path = sheet_path(&workbook, &relations, sheet)?;
    let (rewritten, written) = rewrite(&text(&mut archive, &path)?, cells)?;
    let workbook = reckon_again(&workbook)?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(Error::internal)?;
        let name = file.name().map_err(Error::internal)?.into_owned();
        let new = match name.as_str() {
            own if own == path => Some(&rewritten),
            "xl/workbook.xml" => Some(&workbook),
            _ => None,
        };
        match new {
            Some(text) => {
                drop(file);
                out.start_file(name, SimpleFileOptions::default()).map_err(Error::internal)?;
                out.write_all(text).map_err(Error::internal)?;
            }
            None => out.raw_copy_file(file).map_err(Error::internal)?,
        }
    }
    Ok((out.finish().map_err(Error::internal)?.into_inner(), written))
}

fn text(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String> {
    let file = archive.by_name(name).map_err(Error::internal)?;
    let mut text = String::new();
    file.take(LARGEST_PART).read_to_string(&mut text).map_err(Error::internal)?;
    Ok(text)
}

fn attribute(part: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = part.attributes().flatten().find(|one| one.key.as_ref() == name)?;
    Some(found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}

/// Where the sheet of this name lies in the file.
fn sheet_path(workbook: &str, relations: &str, name: &str) -> Result<String> {
    let find = |xml: &str, part: &str, key: (&str, &str), value: &str| -> Option<String> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().ok()? {
                Event::Eof => return None,
                Event::Start(one) | Event::Empty(one)
                    if one.local_name().as_ref() == part && attribute(&one, key.0).as_deref() == Some(key.1) =>
                {
                    return attribute(&one, value);
                }
                _ => {}
            }
        }
    };
    let missing = || Error::internal("the workbook has no such sheet");
    let id = find(workbook, "sheet", ("name", name), "r:id").ok_or_else(missing)?;
    let target = find(relations, "Relationship", ("Id", id.as_str()), "Target").ok_or_else(missing)?;
    Ok(match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{target}"),
    })
}

/// What stands behind the order to reckon in a workbook's part.
const BEHIND: &[&str] = &[
    "oleSize",
    "customWorkbookViews",
    "pivotCaches",
    "smartTagPr",
    "smartTagTypes",
    "webPublishing",
    "fileRecoveryPr",
    "webPublishObjects",
    "extLst",
];

/// The workbook's part with the order to reckon everything when it is opened.
fn reckon_again(workbook: &str) -> Result<Vec<u8>> {
    let mut reader = Reader::from_str(workbook);
    let mut writer = Writer::new(Vec::new());
    let (mut told, mut depth) = (false, 0_usize);
    loop {
        let event = reader.read_event().map_err(Error::internal)?;
        if let (Event::Start(part) | Event::Empty(part), 1, false) = (&event, depth, told) {
            let name = part.local_name();
            told = name.as_ref() == "calcPr" || BEHIND.contains(&name.as_ref());
            if told {
                let whole = part.name();
                let prefix = whole.as_ref().strip_suffix(name.as_ref()).unwrap_or_default();
                let kept = if name.as_ref() == "calcPr" { Some(part) } else { None };
                writer.write_event(Event::Empty(reckon_order(prefix, kept))).map_err(Error::internal)?;
            }
        }
        match event {
            Event::Eof => break,
            // Told already, with what it said before.
            Event::Empty(part) if depth == 1 && part.local_name().as_ref() == "calcPr" => {}
            Event::Start(part) if depth == 1 && part.local_name().as_ref() == "calcPr" => {
                reader.read_to_end(part.name()).map_err(Error::internal)?;
            }
            Event::Start(part) => {
                depth += 1;
                writer.write_event(Event::Start(part)).map_err(Error::internal)?;
            }
            Event::End(part) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && !told {
                    let whole = part.name();
                    let prefix = whole.as_ref().strip_suffix("workbook").unwrap_or_default();
                    writer.write_event(Event::Empty(reckon_order(prefix, None))).map_err(Error::internal)?;
                }
                writer.write_event(Event::End(part)).map_err(Error::internal)?;
            }
            other => writer.write_event(other).map_err(Error::internal)?,
        }
    }
    Ok(writer.into_inner())
}

/// The order to reckon, with what a former one said besides.
fn reckon_order(prefix: &str, former: Option<&BytesStart<'_>>) -> BytesStart<'static> {
    let mut order = BytesStart::new(format!("{prefix}calcPr"));
    if let Some(former) = former {
        order.extend_attributes(former.attributes().flatten().filter(|one| one.key.as_ref() != "fullCalcOnLoad"));
    }
    order.push_attribute(("fullCalcOnLoad", "1"));
    order.into_owned()
}

/// B7 → (7, 1).
fn place(name: &str) -> Option<(u32, u16)> {
    let split = name.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, digits) = name.split_at(split);
    let column = letters.bytes().try_fold(0_u32, |all, letter| {
        let digit = letter.is_ascii_uppercase().then(|| u32::from(letter - b'A') + 1)?;
        all.checked_mul(26)?.checked_add(digit).filter(|all| *all <= 16_384)
    })?;
    Some((digits.parse().ok()?, u16::try_from(column.checked_sub(1)?).ok()?))
}

/// What is being written of a sheet.
struct Sheet<'a> {
    writer: Writer<Vec<u8>>,
    cells: &'a Cells,
    /// The cells that are still to be written.
    left: Cells,
    written: usize,
    /// The part names' prefix (`x:`), which some programs write.
    prefix: String,
}

impl Sheet<'_> {
    fn put(&mut self, event: Event<'_>) -> Result<()> {
        self.writer.write_event(event).map_err(Error::internal)
    }

    /// A cell with a number; `style` as it was.
    fn number(&mut self, (row, column): (u32, u16), value: f64, style: Option<String>) -> Result<()> {
        let name = crate::import::book::cell_name(column, row);
        let (cell, inner) = (format!("{}c", self.prefix), format!("{}v", self.prefix));
        let mut part = BytesStart::new(cell.clone());
        part.push_attribute(("r", name.as_str()));
        if let Some(style) = style {
            part.push_attribute(("s", style.as_str()));
        }
        self.put(Event::Start(part))?;
        self.put(Event::Start(BytesStart::new(inner.clone())))?;
        self.put(Event::Text(BytesText::new(&value.to_string())))?;
        self.put(Event::End(BytesEnd::new(inner)))?;
        self.put(Event::End(BytesEnd::new(cell)))?;
        self.written += 1;
        Ok(())
    }

    /// The cells of a row that are still to be written and stand before a column.
    fn cells_before(&mut self, row: u32, column: u16) -> Result<()> {
        while let Some((place, value)) =
            self.left.range((row, 0)..(row, column)).next().map(|(key, value)| (*key, *value))
        {
            self.left.remove(&place);
            self.number(place, value, None)?;
        }
        Ok(())
    }

    /// The rows that the sheet does not have, before this one.
    fn rows_before(&mut self, row: u32) -> Result<()> {
        while let Some(first) = self.left.range(..(row, 0)).next().map(|((row, _), _)| *row) {
            let name = format!("{}row", self.prefix);
            let mut part = BytesStart::new(name.clone());
            part.push_attribute(("r", first.to_string().as_str()));
            self.put(Event::Start(part))?;
            self.cells_before(first, u16::MAX)?;
            self.put(Event::End(BytesEnd::new(name)))?;
        }
        Ok(())
    }
}

/// A row's beginning without the columns that it says it reaches over.
fn without_spans(part: &BytesStart<'_>) -> BytesStart<'static> {
    let mut new = BytesStart::new(part.name().as_ref().to_owned());
    new.extend_attributes(part.attributes().flatten().filter(|one| one.key.as_ref() != "spans"));
    new.into_owned()
}

fn rewrite(xml: &str, cells: &Cells) -> Result<(Vec<u8>, usize)> {
    let mut reader = Reader::from_str(xml);
    let writer = Writer::new(Vec::new());
    let mut sheet = Sheet { writer, cells, left: cells.clone(), written: 0, prefix: String::new() };
    let (mut row, mut column) = (0_u32, 0_u16);
    loop {
        let event = reader.read_event().map_err(Error::internal)?;
        match event {
            Event::Eof => break,
            Event::Start(part) if part.local_name().as_ref() == "sheetData" => {
                let whole = part.name();
                sheet.prefix = whole.as_ref().strip_suffix("sheetData").unwrap_or_default().to_owned();
                sheet.put(Event::Start(part))?;
            }
            Event::Empty(part) if part.local_name().as_ref() == "sheetData" => {
                let name = part.name().as_ref().to_owned();
                sheet.prefix = name.strip_suffix("sheetData").unwrap_or_default().to_owned();
                sheet.put(Event::Start(part))?;
                sheet.rows_before(u32::MAX)?;
                sheet.put(Event::End(BytesEnd::new(name)))?;
            }
            Event::End(part) if part.local_name().as_ref() == "sheetData" => {
                sheet.rows_before(u32::MAX)?;
                sheet.put(Event::End(part))?;
            }
            Event::Start(part) if part.local_name().as_ref() == "row" => {
                row = attribute(&part, "r").and_then(|text| text.parse().ok()).unwrap_or(row + 1);
                column = 0;
                sheet.rows_before(row)?;
                sheet.put(Event::Start(without_spans(&part)))?;
            }
            Event::Empty(part) if part.local_name().as_ref() == "row" => {
                row = attribute(&part, "r").and_then(|text| text.parse().ok()).unwrap_or(row + 1);
                sheet.rows_before(row)?;
                let name = part.name().as_ref().to_owned();
                sheet.put(Event::Start(without_spans(&part)))?;
                sheet.cells_before(row, u16::MAX)?;
                sheet.put(Event::End(BytesEnd::new(name)))?;
            }
            Event::End(part) if part.local_name().as_ref() == "row" => {
                sheet.cells_before(row, u16::MAX)?;
                sheet.put(Event::End(part))?;
            }
            Event::Start(part) if part.local_name().as_ref() == "c" => {
                column = attribute(&part, "r").and_then(|name| place(&name)).map_or(column, |(_, column)| column);
                cell(&mut sheet, &mut reader, Event::Start(part), (row, column))?;
                column += 1;
            }
            Event::Empty(part) if part.local_name().as_ref() == "c" => {
                column = attribute(&part, "r").and_then(|name| place(&name)).map_or(column, |(_, column)| column);
                cell(&mut sheet, &mut reader, Event::Empty(part), (row, column))?;
                column += 1;
            }
            other => sheet.put(other)?,
        }
    }
    Ok((sheet.writer.into_inner(), sheet.written))
}

/// A cell that is there: it is written anew where it has a figure now and reckons nothing itself.
fn cell<'x>(sheet: &mut Sheet<'_>, reader: &mut Reader<&'x [u8]>, first: Event<'x>, place: (u32, u16)) -> Result<()> {
    sheet.cells_before(place.0, place.1)?;
    let style = match &first {
        Event::Start(part) | Event::Empty(part) => attribute(part, "s"),
        _ => None,
    };
    let mut events = vec![first];
    if matches!(events[0], Event::Start(_)) {
        loop {
            let event = reader.read_event().map_err(Error::internal)?;
            let ends = matches!(&event, Event::End(part) if part.local_name().as_ref() == "c");
            if matches!(event, Event::Eof) {
                return Err(Error::internal("a sheet ends within a cell"));
            }
            events.push(event);
            if ends {
                break;
            }
        }
    }
    let reckons = events.iter().any(|event| match event {
        Event::Start(part) | Event::Empty(part) => part.local_name().as_ref() == "f",
        _ => false,
    });
    let value = sheet.cells.get(&place).copied().filter(|_| !reckons);
    sheet.left.remove(&place);
    match value {
        Some(value) => sheet.number(place, value, style),
        None => events.into_iter().try_for_each(|event| sheet.put(event)),
    }
}
