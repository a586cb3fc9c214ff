//! What bytes are, from the bytes alone.

use crate::domain::evidence::{Format, MOST_BYTES, Refusal};
use std::io::{Cursor, Read};

/// How far into a file readers of PDF look for its head, and of ZIP for its end.
const HEAD: usize = 1024;
const ZIP_TAIL: usize = 22 + 65_535;

/// What the bytes are; refused where they are nothing that is taken, or two things at once. A picture is decoded later
/// ([`super::picture::read`]), and what it is stored as is made of its pixels alone.
pub fn find(bytes: &[u8]) -> Result<Format, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::TooLarge);
    }
    let format = by_head(bytes)?;
    if is_second_file(bytes, format) {
        return Err(Refusal::Polyglot);
    }
    match format {
        Format::Pdf if !contains(&bytes[bytes.len().saturating_sub(HEAD)..], b"%%EOF") => Err(Refusal::Broken),
        Format::Docx => archive(bytes),
        other => Ok(other),
    }
}

/// What a file's first bytes say. Any archive is said to be DOCX here.
fn by_head(bytes: &[u8]) -> Result<Format, Refusal> {
    let riff = |kind: &[u8]| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(kind);
    match bytes {
        _ if bytes.starts_with(&[0xff, 0xd8, 0xff]) => Ok(Format::Jpeg),
        _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Ok(Format::Png),
        _ if riff(b"WEBP") => Ok(Format::Webp),
        _ if bytes.starts_with(b"%PDF-") => Ok(Format::Pdf),
        _ if bytes.starts_with(b"PK\x03\x04") => Ok(Format::Docx),
        _ if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => Err(Refusal::OldOffice),
        _ if bytes.get(4..8) == Some(b"ftyp") => match bytes.get(8..12) {
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => Err(Refusal::Heic),
            _ => Err(Refusal::Unknown),
        },
        _ => Err(Refusal::Unknown),
    }
}

/// Whether something else opens the same bytes as another kind of file: a reader of PDF that finds a head further in, a
/// browser that finds markup, a reader of archives that begins at the end.
fn is_second_file(bytes: &[u8], format: Format) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    let lower = head.to_ascii_lowercase();
    let is_archive = format == Format::Docx;
    let markup = [&b"<script"[..], b"<html", b"<!doctype", b"<svg", b"<?php"].iter().any(|mark| contains(&lower, mark));
    let pdf = format != Format::Pdf && contains(head, b"%PDF-");
    (markup && !is_archive) || pdf || (!is_archive && archive_end(bytes).is_some())
}

/// Where an archive's directory ends, if one ends with the file.
fn archive_end(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(ZIP_TAIL);
    let tail = &bytes[from..];
    tail.windows(4).enumerate().rev().find_map(|(place, mark)| {
        let record = tail.get(place..place + 22).filter(|_| mark == b"PK\x05\x06")?;
        let comment = usize::from(u16::from_le_bytes([record[20], record[21]]));
        (place + 22 + comment == tail.len()).then_some(from + place)
    })
}

/// Which office's file an archive is. Programs in it are refused.
fn archive(bytes: &[u8]) -> Result<Format, Refusal> {
    /// More entries than any document has.
    const MOST_ENTRIES: usize = 20_000;
    const MOST_READ: u64 = 1024 * 1024;
    archive_end(bytes).ok_or(Refusal::Broken)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Broken)?;
    if archive.len() > MOST_ENTRIES {
        return Err(Refusal::Unknown);
    }
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let find = |name: &str| names.iter().find(|own| own.eq_ignore_ascii_case(name));
    let has = |name: &str| find(name).is_some();
    if names.iter().any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin")) {
        return Err(Refusal::Macros);
    }
    let format = if has("OFD.xml") {
        Format::Ofd
    } else if has("[Content_Types].xml") && has("word/document.xml") {
        Format::Docx
    } else if has("[Content_Types].xml") && has("xl/workbook.xml") {
        Format::Xlsx
    } else {
        return Err(Refusal::Unknown);
    };
    // The part that names all others has to be readable, however much it says it holds.
    let main = if format == Format::Ofd { "OFD.xml" } else { "[Content_Types].xml" };
    let main = find(main).ok_or(Refusal::Unknown)?;
    let part = archive.by_name(main).map_err(|_| Refusal::Broken)?;
    part.take(MOST_READ).read_to_end(&mut Vec::new()).map_err(|_| Refusal::Broken)?;
    Ok(format)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
