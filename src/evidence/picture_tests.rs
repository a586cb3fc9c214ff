//! What becomes of pictures, good and bad ones.

use super::{
    kind,
    picture::read,
    sample::{archive, docx, encoded, exif, jpeg, pdf, scene, with_exif},
};
use crate::domain::evidence::{Format, Refusal, TimePolicy};
use image::{ImageFormat, Rgb, RgbImage};
use proptest::prelude::*;

fn keep(bytes: &[u8]) -> Result<super::picture::Picture, Refusal> {
    read(bytes, TimePolicy::Keep)
}

fn pixels(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).expect("a JPEG").into_rgb8()
}

#[test]
fn a_photo_is_turned_as_it_was_held_and_loses_where_it_was_taken() {
    // Red on the left, blue on the right; held so that the left is up.
    let held = RgbImage::from_fn(80, 40, |x, _| if x < 40 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) });
    let sent = with_exif(&encoded(&held, ImageFormat::Jpeg), 6, "2021:06:24 09:30:00");
    assert!(sent.windows(13).any(|part| part == b"Village Phone"));
    let picture = keep(&sent).expect("a photo");
    assert_eq!((picture.width, picture.height), (40, 80));
    let seen = pixels(&picture.full);
    assert!(seen.get_pixel(20, 8).0[0] > 180 && seen.get_pixel(20, 72).0[2] > 180, "red above, blue below");
    assert_eq!(picture.taken_at.expect("a time").to_rfc3339(), "2021-06-24T01:30:00+00:00");
    for stored in [&picture.full, &picture.thumb] {
        for mark in [&b"Exif"[..], b"Village", b"GPS", b"2021:06:24", b"http"] {
            assert!(!stored.windows(mark.len()).any(|part| part == mark), "{}", String::from_utf8_lossy(mark));
        }
    }
    assert_eq!(read(&sent, TimePolicy::Drop).expect("a photo").taken_at, None);
}

#[test]
fn png_and_webp_are_taken_and_all_is_stored_as_jpeg_of_no_more_than_1600() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let picture = keep(&encoded(&scene(7, 2_000, 1_500), format)).expect("a photo");
        assert_eq!((picture.width, picture.height), (1_600, 1_200), "{format:?}");
        let thumb = pixels(&picture.thumb);
        assert_eq!((thumb.width(), thumb.height()), (320, 240), "{format:?}");
        assert!(picture.full.starts_with(&[0xff, 0xd8]) && picture.looks.is_some());
    }
    let small = keep(&jpeg(7, 60, 40)).expect("a small one");
    assert_eq!((small.width, small.height), (60, 40), "never made larger");
}

#[test]
fn what_is_transparent_is_white_as_on_paper() {
    let mut clear = image::RgbaImage::new(20, 20);
    clear.put_pixel(3, 3, image::Rgba([0, 0, 0, 255]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    clear.write_to(&mut bytes, ImageFormat::Png).expect("a PNG");
    let picture = keep(&bytes.into_inner()).expect("a picture");
    assert!(pixels(&picture.full).get_pixel(15, 15).0.iter().all(|part| *part > 245));
    assert_eq!(picture.looks, None, "too little to be told from others");
}

#[test]
fn the_same_scene_sent_through_a_chat_looks_alike_and_another_one_does_not() {
    let first = keep(&jpeg(42, 800, 600)).expect("a photo").looks.expect("looks");
    let mut again = image::imageops::resize(&scene(42, 800, 600), 500, 375, image::imageops::FilterType::Triangle);
    // A watermark in a corner, as cameras of offices burn in.
    for (x, y) in (0..120).flat_map(|x| (350..370).map(move |y| (x, y))) {
        again.put_pixel(x, y, Rgb([250, 250, 250]));
    }
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 35).encode_image(&again).expect("a JPEG");
    let second = keep(&bytes).expect("a photo").looks.expect("looks");
    assert!(first.distance(&second).is_some(), "{first:?} {second:?}");
    for other in 100..140 {
        let other = keep(&jpeg(other, 320, 240)).expect("a photo").looks.expect("looks");
        assert_eq!(first.distance(&other), None);
    }
}

/// A PNG's head that promises this many pixels, and nothing behind it.
fn promising(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = encoded(&scene(1, 8, 8), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let check = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&check.to_be_bytes());
    bytes
}

/// The check sum of a PNG's chunk.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |mut sum, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(sum & 1));
        }
        sum
    })
}

#[test]
fn what_means_harm_or_is_no_picture_is_refused_by_name() {
    let photo = jpeg(3, 200, 150);
    let joined = |a: &[u8], b: &[u8]| [a, b].concat();
    let mut commented = photo[..2].to_vec();
    commented.extend([0xff, 0xfe, 0, 25]);
    commented.extend(b"<script>alert(1)</scrip");
    commented.extend(&photo[2..]);
    for (bytes, refusal) in [
        (Vec::new(), Refusal::Empty),
        (vec![b'x'; 21 * 1024 * 1024], Refusal::TooLarge),
        (b"<html><script>alert(1)</script>".to_vec(), Refusal::Unknown),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Refusal::Unknown),
        (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), Refusal::Unknown),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), Refusal::Heic),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec(), Refusal::Unknown),
        (b"MZ\x90\0".repeat(20), Refusal::Unknown),
        (photo[..photo.len() / 2].to_vec(), Refusal::Broken),
        (photo[..20].to_vec(), Refusal::Broken),
        (vec![0xff, 0xd8, 0xff], Refusal::Broken),
        (b"\x89PNG\r\n\x1a\n".to_vec(), Refusal::Broken),
        (b"RIFF\x10\0\0\0WEBPVP8 ".to_vec(), Refusal::Broken),
        (promising(60_000, 60_000), Refusal::TooManyPixels(60_000, 60_000)),
        (promising(16_000, 16_000), Refusal::TooManyPixels(16_000, 16_000)),
        (joined(&photo, &archive(&[("evil.class", b"x")])), Refusal::Polyglot),
        (commented, Refusal::Polyglot),
        (pdf(), Refusal::Unknown),
    ] {
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(24)]).into_owned();
        assert_eq!(keep(&bytes).expect_err(&head), refusal, "{head:?}");
    }
    // Three thousand million pixels in a few kilobytes.
    let start = std::time::Instant::now();
    assert!(keep(&promising(16_384, 3_000)).is_err());
    assert!(start.elapsed().as_secs() < 5);
    // What a phone hangs behind a photo is no matter: it is not stored.
    let moving = joined(&photo, &[b"\0\0\0\x18ftypmp42".to_vec(), vec![7; 5_000]].concat());
    assert!(keep(&moving).expect("a photo").full.windows(4).all(|part| part != b"ftyp"));
}

#[test]
fn documents_are_known_by_what_is_in_them() {
    assert_eq!(kind::find(&pdf()), Ok(Format::Pdf));
    assert_eq!(kind::find(&docx()), Ok(Format::Docx));
    assert_eq!(kind::find(&archive(&[("OFD.xml", b"<OFD/>")])), Ok(Format::Ofd));
    let sheet = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]);
    assert_eq!(kind::find(&sheet), Ok(Format::Xlsx));
    let macros =
        archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<d/>"), ("word/vbaProject.bin", b"x")]);
    assert_eq!(kind::find(&macros), Err(Refusal::Macros));
    assert_eq!(kind::find(&archive(&[("a.txt", b"x")])), Err(Refusal::Unknown));
    assert_eq!(kind::find(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Err(Refusal::OldOffice));
    assert_eq!(kind::find(&pdf()[..60]), Err(Refusal::Broken));
    let hidden = [pdf(), archive(&[("evil.class", b"x")])].concat();
    assert_eq!(kind::find(&hidden), Err(Refusal::Polyglot));
    let page = [b"%PDF-1.4\n<html><script>alert(1)</script>".to_vec(), pdf()].concat();
    assert_eq!(kind::find(&page), Err(Refusal::Polyglot));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..400), head in 0usize..6) {
        let heads: [&[u8]; 6] =
            [b"", &[0xff, 0xd8, 0xff], b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8L", b"PK\x03\x04", b"%PDF-1.4\n"];
        let _ = keep(&[heads[head], &bytes].concat());
        let _ = kind::find(&[heads[head], &bytes].concat());
    }

    #[test]
    fn a_photo_with_bytes_changed_is_taken_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), format in 0usize..3
    ) {
        let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][format];
        let mut bytes = encoded(&scene(5, 40, 30), format);
        if format == ImageFormat::Jpeg {
            bytes = with_exif(&bytes, 6, "2021:06:24 09:30:00");
        }
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = keep(&bytes);
    }

    #[test]
    fn whatever_a_camera_says_of_itself_harms_nobody(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)
    ) {
        let mut said = exif(6, "2021:06:24 09:30:00");
        for (place, byte) in changes {
            let place = place.index(said.len());
            said[place] = byte;
        }
        let plain = jpeg(5, 16, 16);
        let mut bytes = plain[..2].to_vec();
        bytes.extend([0xff, 0xe1]);
        bytes.extend((said.len() as u16 + 8).to_be_bytes());
        bytes.extend(b"Exif\0\0");
        bytes.extend(said);
        bytes.extend(&plain[2..]);
        prop_assert!(keep(&bytes).is_ok());
    }
}
