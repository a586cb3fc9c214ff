//! CSV, and rows pasted from a spreadsheet: UTF-8 with or without its mark, UTF-16, GB18030; comma, tab or semicolon.

use super::book::{Budget, Cell, MOST_COLUMNS, Refusal, Row, Sheet, Value};
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::borrow::Cow;

/// As many bytes as are looked at to tell the encoding.
const SAMPLE: usize = 256 * 1024;

/// Reads a text as one sheet.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Sheet>, Refusal> {
    // One way to end a line, so that lines can be counted.
    let text = decoded(bytes)?.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let delimiter = delimiter(&text);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut budget = Budget::default();
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut number = 0_u32;
    loop {
        let before = reader.position().line();
        if !reader.read_record(&mut record).map_err(|_| Refusal::Broken)? {
            break;
        }
        // Lines that are quite empty are no records, and a cell may have several: a spreadsheet counts rows otherwise.
        let lines = reader.position().line().saturating_sub(before);
        let within = record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let empty = lines.saturating_sub(within + 1);
        number = number.saturating_add(1).saturating_add(u32::try_from(empty).unwrap_or(u32::MAX));
        let mut cells = Vec::new();
        for (column, text) in record.iter().enumerate() {
            let Some(value) = Value::text(text) else { continue };
            budget.cell(column)?;
            cells.push(Cell { column: u16::try_from(column).map_err(|_| Refusal::TooManyColumns)?, value });
        }
        if !cells.is_empty() {
            budget.row()?;
            rows.push(Row { number, cells });
        }
    }
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Ok(vec![Sheet { name: name.to_owned(), rows, merges: Vec::new(), tells_merges: false, hidden: false }])
}

/// The bytes as text. What is no text at all is refused.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return Ok(text);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return if is_binary(bytes) { Err(Refusal::OtherKind("?")) } else { Ok(Cow::Borrowed(text)) };
    }
    if is_binary(bytes) {
        return Err(Refusal::OtherKind("?"));
    }
    // What Chinese offices write that is no UTF-8 is GB18030; the detector finds the rest.
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    let sample = bytes.get(..SAMPLE.min(bytes.len())).unwrap_or(bytes);
    detector.feed(sample, sample.len() == bytes.len());
    let guessed = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Allow);
    let (chinese, _, has_faults) = GB18030.decode(bytes);
    if !has_faults || guessed == encoding_rs::GBK || guessed == GB18030 {
        return Ok(chinese);
    }
    let encoding = if guessed == UTF_8 { UTF_8 } else { guessed };
    Ok(encoding.decode(bytes).0)
}

/// Whether the beginning holds bytes that no text has.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..4_096.min(bytes.len())).unwrap_or(bytes);
    let odd = sample.iter().filter(|byte| **byte < 32 && !b"\t\r\n\x0b\x0c\x1a".contains(byte)).count();
    odd > 0 && odd * 50 >= sample.len()
}

/// What stands between the cells: the candidate that cuts most of the first lines into the same number of cells.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(30).collect();
    let rank = |candidate: &u8| {
        let counts: Vec<usize> = lines
            .iter()
            .map(|line| line.bytes().filter(|byte| byte == candidate).count())
            .filter(|count| *count > 0 && *count <= MOST_COLUMNS)
            .collect();
        let most = counts
            .iter()
            .map(|count| counts.iter().filter(|other| *other == count).count() * 2 + usize::from(*count > 1));
        // A tab stands in no text by chance.
        (most.max().unwrap_or_default(), *candidate == b'\t')
    };
    [b',', b'\t', b';'].into_iter().max_by_key(rank).filter(|best| rank(best).0 > 0).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let sheets = read("台账.csv", bytes).expect("a text");
        sheets[0].rows.iter().map(|row| row.cells.iter().map(|cell| cell.value.shown()).collect()).collect()
    }

    #[test]
    fn every_encoding_and_delimiter_of_an_office_is_read() {
        let expected = [["日期", "横幅（条）"], ["2021.12.4", "2"]];
        for text in
            ["日期,横幅（条）\n2021.12.4,2\n", "日期\t横幅（条）\r\n2021.12.4\t2", "日期;横幅（条）\n\n2021.12.4;2\n"]
        {
            assert_eq!(cells(text.as_bytes()), expected, "{text}");
            assert_eq!(cells(format!("\u{feff}{text}").as_bytes()), expected, "{text}");
            assert_eq!(cells(&GB18030.encode(text).0), expected, "{text}");
        }
        let wide: Vec<u8> =
            "\u{feff}日期\t横幅（条）\n2021.12.4\t2".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(cells(&wide), expected);
    }

    #[test]
    fn a_row_keeps_its_number_behind_empty_lines() {
        let sheets = read("a.csv", "台账\n\n日期,横幅\n2021-12-04,2\n".as_bytes()).expect("a text");
        assert_eq!(sheets[0].rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
        let sheets =
            read("a.csv", "日期,备注\r\n2021-12-04,\"两\r\n行\"\r\n\r\n2021-12-05,一\r\n".as_bytes()).expect("a text");
        assert_eq!(sheets[0].rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 4]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let noise: Vec<u8> = (0..2_000_u32).map(|index| u8::try_from(index * 7 % 251).expect("a byte")).collect();
        assert_eq!(read("a.csv", &noise), Err(Refusal::OtherKind("?")));
    }
}
