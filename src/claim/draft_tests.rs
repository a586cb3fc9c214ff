//! Files as offices send them, and files that mean harm.

use super::draft::{LARGEST_FILE, text};
use crate::{domain::evidence::Refusal, evidence::sample::archive, server::document::Document};

/// A document with this main part.
fn docx(main: &str) -> Vec<u8> {
    archive(&[("[Content_Types].xml", "<Types/>".as_bytes()), ("word/document.xml", main.as_bytes())])
}

#[test]
fn a_document_is_read_line_by_line() {
    let document = Document {
        title: "工作情况报告".into(),
        body: vec!["一、情况".into(), "悬挂横幅150余条 <b>&\"".into()],
        ..Document::default()
    };
    let read = text(&document.docx().unwrap()).unwrap();
    assert_eq!(read, "工作情况报告\n\n一、情况\n悬挂横幅150余条 <b>&\"");
}

#[test]
fn figures_split_into_runs_come_together_and_what_was_deleted_does_not_come() {
    let main = "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>悬挂横幅1</w:t></w:r><w:del><w:r><w:delText>9</w:delText>\
        </w:r></w:del><w:r><w:t>5</w:t></w:r><w:r><w:t>0余&#26465;</w:t></w:r><w:r><w:instrText>PAGE 7</w:instrText></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>展板</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>62块</w:t></w:r></w:p></w:tc></w:tr>\
        </w:tbl></w:body></w:document>";
    assert_eq!(text(&docx(main)), Ok("悬挂横幅150余条\n展板 62块".into()));
}

#[test]
fn plain_text_is_read_in_the_encodings_of_offices() {
    let words = "悬挂横幅150余条\r\n";
    let (gb, ..) = encoding_rs::GB18030.encode(words);
    for bytes in [words.as_bytes().to_vec(), [b"\xef\xbb\xbf".as_slice(), words.as_bytes()].concat(), gb.into_owned()] {
        assert_eq!(text(&bytes).as_deref(), Ok(words));
    }
}

#[test]
fn what_means_harm_is_refused_before_it_is_unpacked() {
    let bomb = vec![b' '; 30 * 1024 * 1024];
    let bomb = archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &bomb)]);
    assert!(bomb.len() < 100_000);
    let doctype = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><d><t>&b;</t></d>";
    let deep = "<d>".repeat(100_000);
    let macros =
        archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<d/>"), ("word/vbaProject.bin", b"x")]);
    let book = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<w/>")]);
    let mut cut = docx("<d><t>1</t></d>");
    cut.truncate(cut.len() / 2);
    for (bytes, refusal) in [
        (bomb, Refusal::TooLarge),
        (docx(doctype), Refusal::Broken),
        (docx(&deep), Refusal::Broken),
        (docx("<d><t>1</t>"), Refusal::Broken),
        (docx("<d/>"), Refusal::Empty),
        (docx("<d><t>&unknown;</t></d>"), Refusal::Broken),
        (macros, Refusal::Macros),
        (book, Refusal::Unknown),
        (cut, Refusal::Broken),
        (b"%PDF-1.7\n%%EOF".to_vec(), Refusal::Unknown),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old".to_vec(), Refusal::OldOffice),
        (b"\x00\x01\x02 binary".to_vec(), Refusal::Unknown),
        (vec![b'a'; LARGEST_FILE + 1], Refusal::TooLarge),
        (Vec::new(), Refusal::Empty),
    ] {
        assert_eq!(text(&bytes), Err(refusal), "{} bytes", bytes.len());
    }
}
