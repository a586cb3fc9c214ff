//! For tests: pictures drawn here, with what cameras write into them written by hand; documents; and forms with files.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sha2::{Digest, Sha256};
use std::{
    io::{Cursor, Write},
    sync::atomic::{AtomicU64, Ordering},
};

/// A scene: soft patches of light, others for each number.
pub fn scene(number: u64, width: u32, height: u32) -> RgbImage {
    let patch = |x: i64, y: i64| {
        let mut bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ ((x.cast_unsigned() << 32) | y.cast_unsigned());
        for _ in 0..3 {
            bits = (bits ^ (bits >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        }
        ((bits >> 40) & 0xff) as f64
    };
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x) * 11.0 / f64::from(width), f64::from(y) * 8.0 / f64::from(height));
        let (left, top, right, low) = (x.floor(), y.floor(), x.fract(), y.fract());
        let at = |dx: f64, dy: f64| patch((left + dx) as i64, (top + dy) as i64);
        let upper = at(0.0, 0.0) * (1.0 - right) + at(1.0, 0.0) * right;
        let lower = at(0.0, 1.0) * (1.0 - right) + at(1.0, 1.0) * right;
        let light = (upper * (1.0 - low) + lower * low) as u8;
        Rgb([light, light.saturating_add(8), 255 - light / 2])
    })
}

pub fn encoded(pixels: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels.clone()).write_to(&mut bytes, format).expect("an encoder");
    bytes.into_inner()
}

pub fn jpeg(number: u64, width: u32, height: u32) -> Vec<u8> {
    encoded(&scene(number, width, height), ImageFormat::Jpeg)
}

/// Always the same photo.
pub fn one_photo() -> Vec<u8> {
    jpeg(1, 120, 90)
}

/// A photo that nobody took before.
pub fn fresh_photo() -> Vec<u8> {
    static NEXT: AtomicU64 = AtomicU64::new(1_000);
    jpeg(NEXT.fetch_add(1, Ordering::Relaxed), 120, 90)
}

pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// What a phone writes into a photo: how it was held, when and where, and whose it is.
pub fn exif(orientation: u16, taken: &str) -> Vec<u8> {
    // One directory behind the other, each entry twelve bytes; what does not fit into four stands behind them.
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut bytes = Vec::new();
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
        bytes
    };
    let (ascii, short, long, rational) = (2, 3, 4, 5);
    let main = 8 + 2 + 4 * 12 + 4;
    let exif = main + 16;
    let gps = exif + 2 + 12 + 4 + 20;
    let maker = b"Village Phone 9\0";
    tiff.extend(4_u16.to_le_bytes());
    tiff.extend(entry(0x010f, ascii, maker.len() as u32, main));
    tiff.extend(entry(0x0112, short, 1, orientation.into()));
    tiff.extend(entry(0x8769, long, 1, exif));
    tiff.extend(entry(0x8825, long, 1, gps));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(maker);
    tiff.extend(1_u16.to_le_bytes());
    tiff.extend(entry(0x9003, ascii, 20, exif + 2 + 12 + 4));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(format!("{taken}\0").as_bytes());
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(entry(0x0001, ascii, 2, u32::from(b'N')));
    tiff.extend(entry(0x0002, rational, 3, gps + 2 + 24 + 4));
    tiff.extend(0_u32.to_le_bytes());
    for (number, of) in [(29_u32, 1_u32), (24, 1), (1234, 100)] {
        tiff.extend(number.to_le_bytes());
        tiff.extend(of.to_le_bytes());
    }
    tiff
}

/// A JPEG with what a phone writes into it.
pub fn with_exif(jpeg: &[u8], orientation: u16, taken: &str) -> Vec<u8> {
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend(exif(orientation, taken));
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend((segment.len() as u16 + 2).to_be_bytes());
    bytes.extend(segment);
    bytes.extend(&jpeg[2..]);
    bytes
}

pub fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n\
      trailer\n<</Root 1 0 R>>\n%%EOF\n"
        .to_vec()
}

/// An archive with these entries.
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("an archive").into_inner()
}

pub fn docx() -> Vec<u8> {
    archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>")])
}

/// A form's body with files (field, name, bytes), and its content type. A name without bytes is a typed field's value.
pub fn form(parts: &[(&str, &str, &[u8])]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "----pufa-test-boundary";
    let mut body = Vec::new();
    for (field, name, bytes) in parts {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"").as_bytes());
        match bytes.is_empty() {
            true => body.extend(format!("\r\n\r\n{name}\r\n").as_bytes()),
            false => {
                body.extend(format!("; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n").as_bytes());
                body.extend(*bytes);
                body.extend(b"\r\n");
            }
        }
    }
    body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}
