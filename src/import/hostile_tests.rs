//! Files that mean harm, or are no ledgers: each is refused clearly, and none asks for more room than it has.

use super::{
    book::{Refusal, read_file},
    sample_tests::xlsx,
};
use proptest::prelude::*;
use std::io::Write;
use zip::write::SimpleFileOptions;

/// A package of these parts.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("a package").into_inner()
}

/// A workbook of one sheet with this XML, and these texts that its cells share.
fn workbook(sheet: &str, shared: &str) -> Vec<u8> {
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    let root = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    let relations = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    package(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ])
}

#[test]
fn other_kinds_of_file_are_called_by_their_name() {
    for (bytes, kind) in [
        (b"%PDF-1.7 ...".to_vec(), "PDF"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "PNG"),
        (package(&[("word/document.xml", b"<a/>")]), "DOCX"),
        (package(&[("ppt/presentation.xml", b"<a/>")]), "PPTX"),
        (package(&[("content.xml", b"<a/>")]), "ODS"),
        (package(&[("photo.jpg", b"\xff\xd8")]), "ZIP"),
        (vec![0, 1, 2, 3, 0, 0, 7], "?"),
    ] {
        assert_eq!(read_file("台账.xlsx", &bytes), Err(Refusal::OtherKind(kind)));
    }
    assert_eq!(read_file("台账.csv", b""), Err(Refusal::Empty));
    assert_eq!(read_file("台账.csv", b"\xef\xbb\xbf\n,,\n"), Err(Refusal::Empty));
}

#[test]
fn a_part_that_unpacks_to_hundreds_of_megabytes_is_not_unpacked() {
    let bomb = vec![b' '; 60 * 1024 * 1024];
    let bytes = package(&[("xl/workbook.xml", b"<a/>"), ("xl/sharedStrings.xml", &bomb)]);
    assert!(bytes.len() < 100_000);
    assert_eq!(read_file("a.xlsx", &bytes), Err(Refusal::Bomb));
}

#[test]
fn a_cell_at_the_end_of_the_sheet_takes_no_more_room_than_another() {
    let sheet = |cell: &str| {
        let sheet = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>"#
        );
        workbook(&sheet, "<sst/>")
    };
    let book = read_file("a.xlsx", &sheet("B1048576")).expect("two cells");
    assert_eq!(book.sheets[0].rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 1_048_576]);
    assert_eq!(read_file("a.xlsx", &sheet("XFD1048576")), Err(Refusal::TooManyColumns));
}

#[test]
fn a_column_of_fifty_letters_is_a_damaged_file() {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="{}1"><v>1</v></c></row></sheetData></worksheet>"#,
        "M".repeat(50)
    );
    assert_eq!(read_file("a.xlsx", &workbook(&sheet, "<sst/>")), Err(Refusal::Broken));
}

#[test]
fn a_text_that_thousands_of_cells_share_is_counted_for_each() {
    let sheet = |rows: usize| {
        let cells = r#"<c t="s"><v>0</v></c>"#.repeat(100);
        let row = |row: usize| format!(r#"<row r="{row}">{cells}</row>"#);
        format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>"#,
            (1..=rows).map(row).collect::<String>()
        )
    };
    for letter in ["法", " "] {
        let shared =
            format!("<sst><si><t xml:space=\"preserve\">{}</t></si></sst>", letter.repeat(15_000 / letter.len()));
        let bytes = workbook(&sheet(180), &shared);
        assert!(bytes.len() < 100_000);
        assert_eq!(read_file("a.xlsx", &bytes), Err(Refusal::Bomb), "“{letter}”");
    }
    let book = read_file("a.xlsx", &workbook(&sheet(10), "<sst><si><t>横幅</t></si></sst>")).expect("a short text");
    assert_eq!(book.sheets[0].rows[9].cells[99].value.shown(), "横幅");
}

#[test]
fn more_rows_than_a_county_has_are_too_many() {
    let text = "2021-12-04,1\n".repeat(super::book::MOST_ROWS + 1);
    assert_eq!(read_file("a.csv", text.as_bytes()), Err(Refusal::TooManyRows));
}

/// A container of the old binary format with one stream.
fn container(name: &str, stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    let number = |number: usize| u32::try_from(number).expect("small");
    let sectors = stream.len().div_ceil(SECTOR);
    let tables = (sectors + 1).div_ceil(SECTOR / 4 - 1);
    let mut bytes = vec![0_u8; SECTOR];
    bytes[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    bytes[24..28].copy_from_slice(&[0x3e, 0, 3, 0]);
    bytes[28..34].copy_from_slice(&[0xfe, 0xff, 9, 0, 6, 0]);
    bytes[44..48].copy_from_slice(&number(tables).to_le_bytes());
    bytes[48..52].copy_from_slice(&number(tables).to_le_bytes());
    bytes[56..60].copy_from_slice(&4_096_u32.to_le_bytes());
    for place in [60, 68] {
        bytes[place..place + 4].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    }
    bytes[76..512].fill(0xff);
    for table in 0..tables {
        bytes[76 + 4 * table..80 + 4 * table].copy_from_slice(&number(table).to_le_bytes());
    }
    // The table of sectors: itself, the directory, the stream.
    let mut table: Vec<u32> = vec![0xffff_fffd; tables];
    table.push(0xffff_fffe);
    table.extend((2..=sectors).map(|index| number(tables + index)));
    table.push(0xffff_fffe);
    table.resize(tables * SECTOR / 4, 0xffff_ffff);
    bytes.extend(table.iter().flat_map(|link| link.to_le_bytes()));
    let mut directory = vec![0_u8; SECTOR];
    for (entry, (name, kind, first, size)) in
        [("Root Entry", 5_u8, 0xffff_fffe_u32, 0_usize), (name, 2, number(tables + 1), stream.len())]
            .into_iter()
            .enumerate()
    {
        let start = entry * 128;
        for (index, letter) in name.encode_utf16().enumerate() {
            directory[start + 2 * index..start + 2 * index + 2].copy_from_slice(&letter.to_le_bytes());
        }
        let length = u16::try_from(2 * (name.len() + 1)).expect("short");
        directory[start + 64..start + 66].copy_from_slice(&length.to_le_bytes());
        directory[start + 66] = kind;
        directory[start + 116..start + 120].copy_from_slice(&first.to_le_bytes());
        directory[start + 120..start + 124].copy_from_slice(&u32::try_from(size).expect("small").to_le_bytes());
    }
    bytes.extend(directory);
    bytes.extend_from_slice(stream);
    bytes.resize(SECTOR * (2 + tables + sectors), 0);
    bytes
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend(u16::try_from(data.len()).expect("short").to_le_bytes());
    bytes.extend_from_slice(data);
    bytes
}

/// A workbook of the old binary format with numbers in these cells of one sheet.
fn old_workbook(cells: &[(u16, u16, f64)]) -> Vec<u8> {
    let records: Vec<Vec<u8>> = cells
        .iter()
        .map(|(row, column, number)| {
            let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
            record(0x0203, &[&place[..], &number.to_le_bytes()].concat())
        })
        .collect();
    old_workbook_of(&[], &records.concat())
}

/// A workbook of the old binary format with these records before its one sheet and in it.
fn old_workbook_of(before: &[u8], within: &[u8]) -> Vec<u8> {
    let start = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000a, &[]);
    let head = start.len() + record(0x0085, &[0; 9]).len() + before.len() + end.len();
    let mut sheet = u32::try_from(head).expect("small").to_le_bytes().to_vec();
    sheet.extend([0, 0, 1, 0, b'a']);
    let mut stream = [&start[..], &record(0x0085, &sheet), before, &end, &start, within, &end].concat();
    stream.resize(stream.len().max(4_608), 0);
    container("Workbook", &stream)
}

#[test]
fn the_old_binary_format_is_read_and_measured_first() {
    let book = read_file("台账.xls", &old_workbook(&[(0, 0, 2_021.0), (2, 1, 7.0)])).expect("a workbook");
    let cells: Vec<String> =
        book.sheets[0].rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.value.shown())).collect();
    assert_eq!(cells, ["2021", "7"]);
    assert_eq!(book.sheets[0].rows[1].number, 3);
    assert_eq!(read_file("a.xls", &old_workbook(&[(0, 0, 1.0), (65_535, 255, 1.0)])), Err(Refusal::TooManyRows));
    assert_eq!(read_file("a.doc", &container("WordDocument", &[0; 5_000])), Err(Refusal::OtherKind("DOC")));
    assert_eq!(read_file("a.xlsx", &container("EncryptedPackage", &[0; 5_000])), Err(Refusal::Encrypted));
    assert_eq!(read_file("a.xls", &container("Workbook", &[0x85, 0, 0xff, 0xff].repeat(2_000))), Err(Refusal::Broken));
}

#[test]
fn texts_of_the_old_binary_format_are_measured_before_they_are_copied() {
    // Two texts that the cells share: one with runs of fonts, and one that goes on in the next record in wide letters.
    let first = [&[2, 0, 8, 1, 0][..], b"ab", &[0; 4]].concat();
    let narrow = [&[0x70, 0x17, 0][..], &vec![b'x'; 3_000]].concat();
    let wide = [&[1][..], &[0x6a, 0x6a].repeat(3_000)].concat();
    let shared = [record(0x00fc, &[&[0; 8][..], &first, &narrow].concat()), record(0x003c, &wide)].concat();
    let cells = |count: u16, text: u8| -> Vec<u8> {
        (0..count)
            .flat_map(|row| record(0x00fd, &[&row.to_le_bytes()[..], &[0, 0, 0, 0, text, 0, 0, 0]].concat()))
            .collect()
    };
    let read = read_file("a.xls", &old_workbook_of(&shared, &cells(3, 0))).expect("short texts");
    assert_eq!(read.sheets[0].rows[2].cells[0].value.shown(), "ab");
    let read = read_file("a.xls", &old_workbook_of(&shared, &cells(3, 1))).expect("long texts");
    assert!(read.sheets[0].rows[2].cells[0].value.shown().contains("x橪橪"));
    assert!(read_file("a.xls", &old_workbook_of(&shared, &cells(16_000, 0))).is_ok());
    assert_eq!(read_file("a.xls", &old_workbook_of(&shared, &cells(16_000, 1))), Err(Refusal::Bomb));
    // Cells that say they have more letters than there are: room is made for them.
    let declared: Vec<u8> = (0..2_000_u16)
        .flat_map(|row| record(0x0204, &[&row.to_le_bytes()[..], &[0, 0, 0, 0, 0xff, 0xff, 0, b'x']].concat()))
        .collect();
    assert_eq!(read_file("a.xls", &old_workbook_of(&[], &declared)), Err(Refusal::Bomb));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_file("a.csv", &bytes);
        for start in [&b"PK\x03\x04"[..], &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]] {
            let _ = read_file("a.xlsx", &[start, &bytes].concat());
        }
    }

    #[test]
    fn no_damage_panics_the_reader(place in 0_usize..10_000, byte in any::<u8>(), cut in 0_usize..10_000) {
        let grid = "日期|村|横幅\n@2021-03-01|天坪村|#2\n";
        for whole in [xlsx("a", grid, &[(0, 0, 0, 2)]), old_workbook(&[(0, 0, 2_021.0), (2, 1, 7.0)])] {
            let mut damaged = whole.clone();
            let length = damaged.len();
            damaged[place % length] = byte;
            let _ = read_file("a", &damaged);
            let _ = read_file("a", &whole[..cut % length]);
        }
    }
}
