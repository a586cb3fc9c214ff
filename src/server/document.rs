//! Documents as offices lay them out (DOCX), after GB/T 9704: title 方正小标宋 二号, body 仿宋 三号, headings 一、 in 黑体 and （一）
//! in 楷体; 22 lines of 28.95 points on A4 with margins of 37, 35, 28 and 26 mm, the number of the page at its outer foot.
//! One writer for notices, briefs and reports.

use super::form::is_text;
use crate::error::{Error, Result};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use docx_rs::{
    AlignmentType, Docx, FieldCharType, Footer, InstrPAGE, InstrText, LineSpacing, LineSpacingType, PageMargin,
    Paragraph, Pic, Run, RunFonts, SpecialIndentType, Style, StyleType,
};

/// A document in the order of its lines.
#[derive(Debug, Default)]
pub struct Document {
    pub title: String,
    /// The units it is sent to: 各村（社区）、学校：. Empty for none.
    pub to: String,
    /// Paragraphs of the body; one that begins with 一、 is a heading, and so is what （一） begins, up to its first 。
    pub body: Vec<String>,
    pub pictures: Vec<Picture>,
    /// Who sends it and when, at the right edge.
    pub end: Vec<String>,
}

/// A picture with what stands below it: date, place, unit.
#[derive(Debug)]
pub struct Picture {
    /// The encoded picture, of any kind that we store.
    pub bytes: Vec<u8>,
    pub caption: String,
}

// Half points: 二号 is 22 points, 三号 16, 四号 14, 小四 12.
const TITLE: usize = 44;
const BODY: usize = 32;
const NUMBER: usize = 28;
const CAPTION: usize = 24;

const TITLE_FONT: &str = "方正小标宋简体";
const HEADING_FONT: &str = "黑体";
const PART_FONT: &str = "楷体_GB2312";
const BODY_FONT: &str = "仿宋_GB2312";
const NUMBER_FONT: &str = "宋体";

// Twentieths of a point: A4, its margins of 37, 35, 28 and 26 mm, 28.95 points from line to line.
const PAGE: (u32, u32) = (11_906, 16_838);
const TOP: i32 = 2_098;
const BOTTOM: i32 = 1_984;
const LEFT: i32 = 1_587;
const RIGHT: i32 = 1_474;
/// The page's number stands 7 mm below the text.
const FOOT: i32 = 1_304;
const LINE: i32 = 579;
/// Two characters of the body.
const SET_IN: i32 = 640;
/// One character of the page's number.
const NUMBER_IN: i32 = 280;

/// The widest and highest picture, in pixels of the document: the text is 15.6 cm wide.
const PICTURE: (u32, u32) = (560, 420);
/// The longest side of what is put into the file.
const LONGEST: u32 = 1_000;

fn fonts(font: &str) -> RunFonts {
    RunFonts::new().east_asia(font).ascii(font).hi_ansi(font)
}

fn run(text: &str, font: &str, size: usize) -> Run {
    // A program may have stored what no form lets through.
    let text: String = text.chars().filter(|letter| is_text(*letter)).collect();
    Run::new().add_text(text).size(size).fonts(fonts(font))
}

/// What a paragraph of the body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// 一、
    Heading,
    /// （一）
    Part,
    Text,
}

fn level(text: &str) -> Level {
    let is_number = |letter: char| "一二三四五六七八九十".contains(letter);
    let after = |text: &str| text.trim_start_matches(is_number).chars().next();
    match text.strip_prefix('（') {
        Some(rest) if rest.starts_with(is_number) && after(rest) == Some('）') => Level::Part,
        None if text.starts_with(is_number) && after(text) == Some('、') => Level::Heading,
        _ => Level::Text,
    }
}

fn line(text: &str) -> Run {
    run(text, BODY_FONT, BODY)
}

/// A paragraph of the body, set in by two characters.
fn paragraph(text: &str) -> Paragraph {
    let set_in =
        |paragraph: Paragraph| spaced(paragraph.indent(None, Some(SpecialIndentType::FirstLine(SET_IN)), None, None));
    match level(text) {
        Level::Heading => {
            set_in(Paragraph::new().style("Heading1").add_run(run(text, HEADING_FONT, BODY)).keep_next(true))
        }
        Level::Part => {
            let end = text.find('。').map_or(text.len(), |place| place + '。'.len_utf8());
            let (heading, rest) = text.split_at(end);
            let mut paragraph = Paragraph::new().add_run(run(heading, PART_FONT, BODY));
            if rest.is_empty() {
                paragraph = paragraph.style("Heading2").keep_next(true);
            } else {
                paragraph = paragraph.add_run(line(rest));
            }
            set_in(paragraph)
        }
        Level::Text => set_in(Paragraph::new().add_run(line(text))),
    }
}

/// The lines' distance.
fn spaced(paragraph: Paragraph) -> Paragraph {
    paragraph.line_spacing(LineSpacing::new().line(LINE).line_rule(LineSpacingType::Exact))
}

/// — 1 — at the outer edge, one character in: the right one of odd pages, the left one of even ones.
fn foot(alignment: AlignmentType) -> Footer {
    let (left, right) = match alignment {
        AlignmentType::Right => (None, Some(NUMBER_IN)),
        _ => (Some(NUMBER_IN), None),
    };
    let number = Run::new()
        .size(NUMBER)
        .fonts(fonts(NUMBER_FONT))
        .add_field_char(FieldCharType::Begin, false)
        .add_instr_text(InstrText::PAGE(InstrPAGE::new()))
        .add_field_char(FieldCharType::Separate, false)
        .add_text("1")
        .add_field_char(FieldCharType::End, false);
    Footer::new().add_paragraph(
        Paragraph::new()
            .align(alignment)
            .indent(left, None, right, None)
            .add_run(run("— ", NUMBER_FONT, NUMBER))
            .add_run(number)
            .add_run(run(" —", NUMBER_FONT, NUMBER)),
    )
}

/// An empty sheet with its styles: title, headings, body.
fn sheet() -> Docx {
    let margin = PageMargin::new().top(TOP).bottom(BOTTOM).left(LEFT).right(RIGHT).footer(FOOT);
    let style = |id: &str, name: &str, font: &str, size: usize| {
        Style::new(id, StyleType::Paragraph).name(name).fonts(fonts(font)).size(size).based_on("Normal").q_format(true)
    };
    Docx::new()
        .page_size(PAGE.0, PAGE.1)
        .page_margin(margin)
        .default_fonts(fonts(BODY_FONT))
        .default_size(BODY)
        .add_style(style("Title", "Title", TITLE_FONT, TITLE).align(AlignmentType::Center))
        .add_style(style("Heading1", "heading 1", HEADING_FONT, BODY).outline_lvl(0))
        .add_style(style("Heading2", "heading 2", PART_FONT, BODY).outline_lvl(1))
        .footer(foot(AlignmentType::Right))
        .even_footer(foot(AlignmentType::Left))
}

impl Document {
    /// The file.
    ///
    /// # Errors
    /// A fault of ours, where a picture cannot be read or the file not be packed.
    pub fn docx(&self) -> Result<Vec<u8>> {
        let title = Paragraph::new().style("Title").add_run(run(&self.title, TITLE_FONT, TITLE));
        let mut docx =
            sheet().add_paragraph(spaced(title.align(AlignmentType::Center))).add_paragraph(spaced(Paragraph::new()));
        if !self.to.is_empty() {
            docx = docx.add_paragraph(spaced(Paragraph::new().add_run(line(&self.to))));
        }
        for text in &self.body {
            docx = docx.add_paragraph(paragraph(text));
        }
        for picture in &self.pictures {
            let (png, width, height) = fitted(&picture.bytes)?;
            let image = Run::new().add_image(Pic::new_with_dimensions(png, width, height));
            docx = docx.add_paragraph(Paragraph::new().add_run(image).align(AlignmentType::Center).keep_next(true));
            let caption = Paragraph::new().add_run(run(&picture.caption, PART_FONT, CAPTION));
            docx = docx.add_paragraph(spaced(caption.align(AlignmentType::Center)));
        }
        docx = docx.add_paragraph(spaced(Paragraph::new()));
        for text in &self.end {
            docx = docx.add_paragraph(spaced(Paragraph::new().add_run(line(text)).align(AlignmentType::Right)));
        }
        let mut bytes = std::io::Cursor::new(Vec::new());
        docx.build().pack(&mut bytes).map_err(Error::internal)?;
        Ok(bytes.into_inner())
    }
}

/// The picture as the format takes it (PNG), no larger than it is shown in print; and how large it is shown.
fn fitted(bytes: &[u8]) -> Result<(Vec<u8>, u32, u32)> {
    let picture = image::load_from_memory(bytes).map_err(Error::internal)?;
    let picture = match picture.width().max(picture.height()) {
        longest if longest > LONGEST => picture.resize(LONGEST, LONGEST, image::imageops::FilterType::Triangle),
        _ => picture,
    };
    let (width, height) = (picture.width().max(1), picture.height().max(1));
    let mut png = std::io::Cursor::new(Vec::new());
    picture.to_rgb8().write_to(&mut png, image::ImageFormat::Png).map_err(Error::internal)?;
    let share = (f64::from(PICTURE.0) / f64::from(width)).min(f64::from(PICTURE.1) / f64::from(height)).min(1.0);
    let shown = |length: u32| ((f64::from(length) * share).round() as u32).max(1);
    Ok((png.into_inner(), shown(width), shown(height)))
}

/// The document as a file to keep, named by its title; `plain` stands for it in ASCII, without an ending.
pub fn answer(docx: Vec<u8>, title: &str, plain: &str) -> Result<Response> {
    const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let mut response = docx.into_response();
    as_download(&mut response, KIND, &format!("{title}.docx"), &format!("{plain}.docx"))?;
    Ok(response)
}

/// The headers of a file that is kept, not shown. `name` is what people read, `plain` stands for it in ASCII.
pub fn as_download(response: &mut Response, kind: &'static str, name: &str, plain: &str) -> Result<()> {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    // RFC 6266: a name in ASCII, and the true one.
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Error::internal)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    /// A file inside the document.
    fn part(docx: &[u8], name: &str) -> Vec<u8> {
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_document_is_opened_again_with_its_words_its_pictures_and_their_captions() {
        let mut jpeg = std::io::Cursor::new(Vec::new());
        let scene = image::RgbImage::from_fn(1_600, 1_200, |x, y| image::Rgb([x as u8, y as u8, 90]));
        scene.write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
        let document = Document {
            title: "天坪村开展宪法宣传活动".into(),
            to: String::new(),
            body: vec!["一、情况".into(), "悬挂横幅2条 <b>&\"".into()],
            pictures: vec![Picture { bytes: jpeg.into_inner(), caption: "2021年12月4日 村口 天坪村".into() }],
            end: vec!["天坪村".into(), "2021年12月4日".into()],
        };
        let docx = document.docx().unwrap();
        let text = String::from_utf8(part(&docx, "word/document.xml")).unwrap();
        for words in [
            "天坪村开展宪法宣传活动",
            "悬挂横幅2条 &lt;b&gt;&amp;",
            "2021年12月4日 村口 天坪村",
            "方正小标宋简体",
            "仿宋_GB2312",
            "黑体",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&docx)).unwrap();
        let names: Vec<String> =
            (0..zip.len()).map(|index| zip.by_index(index).unwrap().name().unwrap().into_owned()).collect();
        let media = names.iter().find(|name| name.starts_with("word/media/") && name.ends_with(".png")).unwrap();
        let picture = image::load_from_memory(&part(&docx, media)).unwrap();
        assert_eq!((picture.width(), picture.height()), (1_000, 750));
    }

    #[test]
    fn a_document_is_laid_out_as_the_standard_says() {
        let body = ["一、主要举措和成效", "（一）总体情况。悬挂横幅150余条。", "（二）主题", "二十、其他", "横、幅"];
        let document = Document { title: "报告".into(), body: body.map(String::from).into(), ..Document::default() };
        let docx = document.docx().unwrap();
        let text = String::from_utf8(part(&docx, "word/document.xml")).unwrap();
        for words in [
            r#"w:pgSz w:w="11906" w:h="16838""#,
            r#"w:top="2098""#,
            r#"w:bottom="1984""#,
            r#"w:left="1587""#,
            r#"w:right="1474""#,
            r#"w:line="579" w:lineRule="exact""#,
            r#"w:pStyle w:val="Title""#,
            r#"w:firstLine="640""#,
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert_eq!(text.matches(r#"w:pStyle w:val="Heading1""#).count(), 2, "{text}");
        assert_eq!(text.matches(r#"w:pStyle w:val="Heading2""#).count(), 1, "a part that runs on is a paragraph");
        let styles = String::from_utf8(part(&docx, "word/styles.xml")).unwrap();
        for words in ["heading 1", "heading 2", "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"] {
            assert!(styles.contains(words), "{words}: {styles}");
        }
        let feet: Vec<String> =
            [1, 2].map(|number| String::from_utf8(part(&docx, &format!("word/footer{number}.xml"))).unwrap()).into();
        assert!(feet.iter().all(|foot| foot.contains("PAGE") && foot.contains("— ") && foot.contains(r#"w:val="28""#)));
        assert!(feet[0].contains(r#"w:jc w:val="right""#) && feet[1].contains(r#"w:jc w:val="left""#), "{feet:?}");
        assert!(String::from_utf8(part(&docx, "word/settings.xml")).unwrap().contains("evenAndOddHeaders"));
    }

    #[test]
    fn what_is_no_picture_is_a_clear_fault() {
        let pictures = vec![Picture { bytes: b"no picture".to_vec(), caption: String::new() }];
        assert!(Document { pictures, ..Document::default() }.docx().is_err());
    }
}
