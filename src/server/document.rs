//! Documents as offices lay them out (DOCX), after GB/T 9704: title 方正小标宋 二号, body 仿宋 三号, headings 黑体. One writer for
//! notices and briefs.

use crate::error::{Error, Result};
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use docx_rs::{AlignmentType, Docx, LineSpacing, Paragraph, Pic, Run, RunFonts, SpecialIndentType};

/// A document in the order of its lines.
#[derive(Debug, Default)]
pub struct Document {
    pub title: String,
    /// The units it is sent to: 各村（社区）、学校：. Empty for none.
    pub to: String,
    /// Paragraphs of the body; one that begins with 一、 is a heading.
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

// Half points: 二号 is 22 points, 三号 16, 小四 12.
const TITLE: usize = 44;
const BODY: usize = 32;
const CAPTION: usize = 24;

/// The widest and highest picture, in pixels of the document: the text is 15.6 cm wide.
const PICTURE: (u32, u32) = (560, 420);
/// The longest side of what is put into the file.
const LONGEST: u32 = 1_000;

fn run(text: &str, font: &str, size: usize) -> Run {
    Run::new().add_text(text).size(size).fonts(RunFonts::new().east_asia(font).ascii(font).hi_ansi(font))
}

fn line(text: &str) -> Run {
    let is_heading = text.chars().nth(1) == Some('、');
    run(text, if is_heading { "黑体" } else { "仿宋_GB2312" }, BODY)
}

/// 28 points between lines, in twentieths of a point.
fn spaced(paragraph: Paragraph) -> Paragraph {
    paragraph.line_spacing(LineSpacing::new().line(560))
}

impl Document {
    /// The file.
    ///
    /// # Errors
    /// A fault of ours, where a picture cannot be read or the file not be packed.
    pub fn docx(&self) -> Result<Vec<u8>> {
        let title = Paragraph::new().add_run(run(&self.title, "方正小标宋简体", TITLE)).align(AlignmentType::Center);
        let mut docx = Docx::new().add_paragraph(spaced(title)).add_paragraph(Paragraph::new());
        if !self.to.is_empty() {
            docx = docx.add_paragraph(spaced(Paragraph::new().add_run(line(&self.to))));
        }
        for text in &self.body {
            // Two characters of 三号 are set in: 640 twentieths of a point.
            let set_in = Some(SpecialIndentType::FirstLine(640));
            docx = docx.add_paragraph(spaced(Paragraph::new().add_run(line(text)).indent(None, set_in, None, None)));
        }
        for picture in &self.pictures {
            let (png, width, height) = fitted(&picture.bytes)?;
            let image = Run::new().add_image(Pic::new_with_dimensions(png, width, height));
            docx = docx.add_paragraph(Paragraph::new().add_run(image).align(AlignmentType::Center).keep_next(true));
            let caption = Paragraph::new().add_run(run(&picture.caption, "楷体_GB2312", CAPTION));
            docx = docx.add_paragraph(spaced(caption.align(AlignmentType::Center)));
        }
        docx = docx.add_paragraph(Paragraph::new());
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

/// The file as an answer, to be kept under a name of Latin letters.
///
/// # Errors
/// A fault of ours, where the name is none.
pub fn answer(docx: Vec<u8>, name: &str) -> Result<Response> {
    let mut response = docx.into_response();
    let headers = response.headers_mut();
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let disposition = format!("attachment; filename=\"{name}.docx\"");
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Error::internal)?);
    Ok(response)
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
    fn what_is_no_picture_is_a_clear_fault() {
        let pictures = vec![Picture { bytes: b"no picture".to_vec(), caption: String::new() }];
        assert!(Document { pictures, ..Document::default() }.docx().is_err());
    }
}
