//! The words of a draft that was sent as a file: a document (DOCX) or plain text. What it unpacks to is bounded, and of all
//! that a document holds its text alone is read.

use crate::{
    domain::evidence::{Format, Refusal},
    evidence,
};
use encoding_rs::{Encoding, GB18030, UTF_8};
use quick_xml::{Reader, events::Event};
use std::io::{Cursor, Read};

/// The largest file that is taken, in bytes: a draft with pictures.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// The most bytes that a document's text may unpack to with all that marks it; a hundred pages take a tenth.
const LARGEST_TEXT: u64 = 24 * 1024 * 1024;
/// The deepest that its parts lie within each other.
const DEEPEST: usize = 400;

/// The text of a file, told by its bytes and not by its name.
pub fn text(bytes: &[u8]) -> Result<String, Refusal> {
    if bytes.len() > LARGEST_FILE {
        return Err(Refusal::TooLarge);
    }
    match evidence::find(bytes) {
        Ok(Format::Docx) => document(bytes),
        // What is nothing else may be words.
        Err(Refusal::Unknown) if !bytes.starts_with(b"PK") => plain(bytes),
        Ok(_) => Err(Refusal::Unknown),
        Err(refusal) => Err(refusal),
    }
}

/// Plain text: UTF-8, UTF-16 with its mark, or GB18030.
fn plain(bytes: &[u8]) -> Result<String, Refusal> {
    let (text, wrong) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()),
        None => match UTF_8.decode_without_bom_handling(bytes) {
            (_, true) => GB18030.decode_without_bom_handling(bytes),
            read => read,
        },
    };
    let strange = |letter: char| letter.is_control() && !"\n\r\t\u{c}".contains(letter);
    if wrong || text.chars().any(strange) { Err(Refusal::Unknown) } else { Ok(text.into_owned()) }
}

fn document(bytes: &[u8]) -> Result<String, Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Broken)?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let name = names.iter().find(|name| name.eq_ignore_ascii_case("word/document.xml")).ok_or(Refusal::Broken)?;
    let part = archive.by_name(name).map_err(|_| Refusal::Broken)?;
    let mut xml = Vec::new();
    // What it says of its own size may be a lie: what comes out counts.
    part.take(LARGEST_TEXT + 1).read_to_end(&mut xml).map_err(|_| Refusal::Broken)?;
    if xml.len() as u64 > LARGEST_TEXT {
        return Err(Refusal::TooLarge);
    }
    let (encoding, _) = Encoding::for_bom(&xml).unwrap_or((UTF_8, 0));
    let (xml, wrong) = encoding.decode_with_bom_removal(&xml);
    if wrong { Err(Refusal::Broken) } else { words(&xml) }
}

/// Parts whose words are no text of the document: what was deleted, fields' commands, the other form of a drawing.
const UNREAD: &[&str] = &["del", "moveFrom", "instrText", "delText", "Fallback", "txbxContent"];

/// The paragraphs of a document's main part, one a line; cells of a table are set apart by a tab.
fn words(xml: &str) -> Result<String, Refusal> {
    let mut reader = Reader::from_str(xml);
    let (mut text, mut depth, mut unread, mut in_text) = (String::new(), 0_usize, 0_usize, false);
    loop {
        match reader.read_event().map_err(|_| Refusal::Broken)? {
            Event::Eof if depth == 0 => break,
            Event::Eof => return Err(Refusal::Broken),
            // Entities of a file's own are how a few bytes become gigabytes: no office writes any.
            Event::DocType(_) => return Err(Refusal::Broken),
            Event::Start(part) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Refusal::Broken);
                }
                let name = part.local_name();
                unread += usize::from(UNREAD.contains(&name.as_ref()));
                in_text = name.as_ref() == "t";
            }
            Event::Empty(part) if unread == 0 => match part.local_name().as_ref() {
                "tab" => text.push(' '),
                "br" | "cr" | "p" => text.push('\n'),
                _ => {}
            },
            Event::End(part) => {
                depth = depth.saturating_sub(1);
                in_text = false;
                let name = part.local_name();
                if UNREAD.contains(&name.as_ref()) {
                    unread = unread.saturating_sub(1);
                } else if unread == 0 {
                    match name.as_ref() {
                        "p" => text.push('\n'),
                        "tc" => {
                            // A cell's last paragraph does not end the row.
                            text.truncate(text.trim_end_matches('\n').len());
                            text.push(' ');
                        }
                        "tr" => text.push('\n'),
                        _ => {}
                    }
                }
            }
            Event::Text(part) if in_text && unread == 0 => text.push_str(&part.xml10_content()),
            Event::CData(part) if in_text && unread == 0 => text.push_str(&part.into_inner()),
            Event::GeneralRef(name) if in_text && unread == 0 => {
                let letter = match name.resolve_char_ref().map_err(|_| Refusal::Broken)? {
                    Some(letter) => Some(letter),
                    None => quick_xml::escape::resolve_predefined_entity(&name.xml10_content())
                        .and_then(|text| text.chars().next()),
                };
                text.push(letter.ok_or(Refusal::Broken)?);
            }
            _ => {}
        }
    }
    let text = text.trim().to_owned();
    if text.is_empty() { Err(Refusal::Empty) } else { Ok(text) }
}
