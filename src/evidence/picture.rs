//! Reading a picture that somebody sent: decoded within limits, turned as the camera was held, made smaller, and written
//! anew from its pixels. Where it was taken, with what and by whom is gone with the rest of what it bore; a watermark that
//! is burned into the pixels stays.

use super::kind;
use crate::domain::evidence::{
    FULL_SIDE, Format, Kind, LONGEST_SIDE, Looks, MOST_PIXELS, Refusal, THUMB_SIDE, TimePolicy,
};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType, metadata::Orientation,
};
use image_hasher::{HashAlg, HasherConfig};
use std::io::Cursor;

/// A picture as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// JPEG, at most [`FULL_SIDE`] long.
    pub full: Vec<u8>,
    /// JPEG, at most [`THUMB_SIDE`] long.
    pub thumb: Vec<u8>,
    /// Of `full`.
    pub width: u32,
    pub height: u32,
    pub taken_at: Option<DateTime<Utc>>,
    /// None of a picture on which there is too little to tell it from others.
    pub looks: Option<Looks>,
}

/// Memory that decoding may take: what 50 megapixels need.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
/// How exact the JPEGs are, of 100: below, letters on a banner blur; above, a village's line is kept busy for nothing.
const QUALITY: u8 = 80;
const THUMB_QUALITY: u8 = 70;

/// Reads a picture. Pure, and whatever the bytes are it answers: what the fuzz target calls.
///
/// # Errors
/// Why it is not taken.
pub fn read(bytes: &[u8], policy: TimePolicy) -> Result<Picture, Refusal> {
    let format = kind::find(bytes)?;
    if format.kind() != Kind::Photo {
        return Err(Refusal::Unknown);
    }
    if !is_whole(bytes, format) {
        return Err(Refusal::Broken);
    }
    let pixels = decode(bytes, format)?;
    let pixels = on_white(shrunk(pixels, FULL_SIDE));
    let thumb = shrunk(DynamicImage::ImageRgb8(pixels.clone()), THUMB_SIDE).into_rgb8();
    Ok(Picture {
        full: encode(&pixels, QUALITY)?,
        thumb: encode(&thumb, THUMB_QUALITY)?,
        width: pixels.width(),
        height: pixels.height(),
        taken_at: if policy == TimePolicy::Keep { taken_at(bytes) } else { None },
        looks: looks(&thumb),
    })
}

/// Decodes within limits, and turns the picture as its camera was held.
fn decode(bytes: &[u8], format: Format) -> Result<DynamicImage, Refusal> {
    let format = match format {
        Format::Png => ImageFormat::Png,
        Format::Webp => ImageFormat::WebP,
        _ => ImageFormat::Jpeg,
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Refusal::Broken)?;
    let (width, height) = decoder.dimensions();
    let too_large = width > LONGEST_SIDE || height > LONGEST_SIDE;
    if too_large || u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refusal::TooManyPixels(width, height));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let pixels = DynamicImage::from_decoder(decoder).map_err(|_| Refusal::Broken)?;
    // Made smaller before it is turned: that is less to turn.
    let mut pixels = shrunk(pixels, FULL_SIDE);
    pixels.apply_orientation(orientation);
    Ok(pixels)
}

/// At most `side` long; never made larger.
fn shrunk(pixels: DynamicImage, side: u32) -> DynamicImage {
    match pixels.width().max(pixels.height()) {
        longer if longer <= side => pixels,
        // The fast way makes steps in a picture that is only a little smaller.
        longer if longer < 2 * side => pixels.resize(side, side, FilterType::CatmullRom),
        _ => pixels.thumbnail(side, side),
    }
}

/// The picture without transparency, as on paper.
fn on_white(pixels: DynamicImage) -> RgbImage {
    if !pixels.color().has_alpha() {
        return pixels.into_rgb8();
    }
    let pixels = pixels.into_rgba8();
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [red, green, blue, alpha] = pixels.get_pixel(x, y).0.map(u32::from);
        let mix = |part: u32| u8::try_from((part * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        image::Rgb([mix(red), mix(green), mix(blue)])
    })
}

fn encode(pixels: &RgbImage, quality: u8) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(pixels).map_err(|_| Refusal::Broken)?;
    Ok(bytes)
}

/// What the picture looks like, from its thumbnail.
fn looks(thumb: &RgbImage) -> Option<Looks> {
    let bits = |size: u32| {
        let config = HasherConfig::new().hash_alg(HashAlg::Gradient).hash_size(size, size);
        config.to_hasher().hash_image(thumb).as_bytes().to_vec()
    };
    let coarse = u64::from_be_bytes(bits(8).try_into().ok()?);
    let looks = Looks { coarse, fine: bits(16).try_into().ok()? };
    Some(looks).filter(Looks::is_telling)
}

/// When the camera says that it was taken; in China's time where it does not say in whose.
fn taken_at(bytes: &[u8]) -> Option<DateTime<Utc>> {
    const CHINA: i32 = 8 * 60;
    let read = exif::Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()?;
    let text = |tag| match &read.get_field(tag, exif::In::PRIMARY)?.value {
        exif::Value::Ascii(parts) => parts.first().cloned(),
        _ => None,
    };
    let mut taken = exif::DateTime::from_ascii(&text(exif::Tag::DateTimeOriginal)?).ok()?;
    if let Some(offset) = text(exif::Tag::OffsetTimeOriginal) {
        // One that cannot be read is as good as none.
        let _ = taken.parse_offset(&offset);
    }
    let zone = FixedOffset::east_opt(i32::from(taken.offset.unwrap_or(0)) * 60).filter(|_| taken.offset.is_some());
    let zone = zone.or(FixedOffset::east_opt(CHINA * 60))?;
    let day = NaiveDate::from_ymd_opt(i32::from(taken.year), taken.month.into(), taken.day.into())?;
    let time = day.and_hms_opt(taken.hour.into(), taken.minute.into(), taken.second.into())?;
    let instant = time.and_local_timezone(zone).single()?.with_timezone(&Utc);
    crate::domain::period::is_near(instant.date_naive()).then_some(instant)
}

/// Whether the file has its end: decoders paint what is cut off grey and say nothing.
fn is_whole(bytes: &[u8], format: Format) -> bool {
    match format {
        Format::Jpeg => jpeg_has_end(bytes).unwrap_or(false),
        Format::Png => bytes.windows(8).any(|part| part.starts_with(b"IEND")),
        Format::Webp => {
            let said = bytes.get(4..8).and_then(|size| size.try_into().ok()).map(u32::from_le_bytes);
            said.is_some_and(|said| bytes.len() as u64 >= u64::from(said))
        }
        _ => true,
    }
}

/// Walks over a JPEG's segments to the end of its (first) image; what a phone hangs behind it, as a moving picture,
/// is no matter.
fn jpeg_has_end(bytes: &[u8]) -> Option<bool> {
    let mut place = 2;
    loop {
        if *bytes.get(place)? != 0xff {
            return Some(false);
        }
        match *bytes.get(place + 1)? {
            0xff => place += 1,
            0xd9 => return Some(true),
            0x01 | 0xd0..=0xd8 => place += 2,
            marker => {
                let length = u16::from_be_bytes([*bytes.get(place + 2)?, *bytes.get(place + 3)?]);
                place += 2 + usize::from(length);
                if marker == 0xda {
                    // The scan itself: up to the next marker that is no part of it.
                    let is_end = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
                    place += bytes.get(place..)?.windows(2).position(is_end)?;
                }
            }
        }
    }
}
