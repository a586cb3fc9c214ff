//! Evidence (佐证材料): what is taken as a piece, how it is named and worded, and when two pictures look alike.
//!
//! Nothing is forced: a type's policy is said, and an entry without evidence is stored all the same.

use super::{catalogue::EvidencePolicy, period::Day, unit::UnitKind};
use crate::locale::Locale;
use chrono::Datelike;

crate::keyed! {
    /// What a piece is.
    Kind { Photo => "photo", Document => "document" }
}

crate::keyed! {
    /// Whether the time at which a photo was taken is kept when everything else it bears is thrown away.
    TimePolicy { Keep => "keep", Drop => "drop" }
}

crate::keyed! {
    /// What the bytes are, found from the bytes alone: neither a name nor a content type is believed.
    Format { Jpeg => "jpeg", Png => "png", Webp => "webp", Pdf => "pdf", Ofd => "ofd", Docx => "docx", Xlsx => "xlsx" }
}

impl Format {
    pub fn kind(self) -> Kind {
        match self {
            Format::Jpeg | Format::Png | Format::Webp => Kind::Photo,
            _ => Kind::Document,
        }
    }

    /// The media type under which it is served. Photos are all stored as JPEG.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Jpeg | Format::Png | Format::Webp => "image/jpeg",
            Format::Pdf => "application/pdf",
            Format::Ofd => "application/ofd",
            Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The ending of the stored file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Jpeg | Format::Png | Format::Webp => "jpg",
            other => other.key(),
        }
    }

    /// Whether an activity takes it: photos and PDF. What an office keeps without an activity may be an office's file.
    pub fn suits_activity(self) -> bool {
        matches!(self, Format::Jpeg | Format::Png | Format::Webp | Format::Pdf)
    }
}

/// The largest piece, in bytes as sent.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// The largest part of a piece that is sent in parts.
pub const PART_BYTES: usize = 512 * 1024;
/// The longest side of a picture, and the most pixels: a phone's 50 megapixels, and no more.
pub const LONGEST_SIDE: u32 = 16_384;
pub const MOST_PIXELS: u64 = 52_000_000;
/// The longer side of a stored picture, and of its thumbnail.
pub const FULL_SIDE: u32 = 1_600;
pub const THUMB_SIDE: u32 = 320;
/// The most characters of a piece's name.
const LONGEST_NAME: usize = 120;

/// Why a file is not taken. Each says how to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Empty,
    TooLarge,
    /// An iPhone's own format, which browsers do not show.
    Heic,
    /// Neither a picture nor a document that is taken.
    Unknown,
    /// An old office format, which may carry programs.
    OldOffice,
    /// A document with programs in it.
    Macros,
    /// Cut off, or damaged.
    Broken,
    TooManyPixels(u32, u32),
    /// One file that is two: a picture with an archive or a document hidden in it.
    Polyglot,
    /// A document where only photos and PDF are taken.
    NotHere,
}

impl Refusal {
    pub fn words(self, locale: Locale) -> String {
        match self {
            Refusal::Empty => locale.evidence_empty().into(),
            Refusal::TooLarge => locale.evidence_too_large(MOST_BYTES / 1024 / 1024),
            Refusal::Heic => locale.evidence_heic().into(),
            Refusal::Unknown => locale.evidence_unknown().into(),
            Refusal::OldOffice => locale.evidence_old_office().into(),
            Refusal::Macros => locale.evidence_macros().into(),
            Refusal::Broken => locale.evidence_broken().into(),
            Refusal::TooManyPixels(width, height) => locale.evidence_too_many_pixels(height, width),
            Refusal::Polyglot => locale.evidence_polyglot().into(),
            Refusal::NotHere => locale.evidence_not_here().into(),
        }
    }
}

/// A file's name as it may be shown and offered for download: without folders and without letters that are not seen or
/// turn the direction of what follows.
pub fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let unseen = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let seen: String = name.chars().filter(|letter| !unseen(*letter)).collect();
    let seen = seen.trim().trim_start_matches('.');
    let count = seen.chars().count();
    if count <= LONGEST_NAME {
        return seen.to_owned();
    }
    // The beginning and the ending, which says what it is.
    let head: String = seen.chars().take(LONGEST_NAME - 13).collect();
    let tail: String = seen.chars().skip(count - 12).collect();
    format!("{head}…{tail}")
}

/// What stands below a picture, on the screen and in print: date, place, unit.
pub fn caption(day: Day, place: &str, unit: &str, locale: Locale) -> String {
    let day = locale.evidence_day(day.day(), day.month(), day.year());
    match place.trim() {
        "" => format!("{day} · {unit}"),
        place if place.contains(unit) => format!("{day} · {place}"),
        place => format!("{day} · {place} · {unit}"),
    }
}

/// What a type's policy says to whoever logs.
pub fn policy_words(policy: EvidencePolicy, locale: Locale) -> &'static str {
    match policy {
        EvidencePolicy::None => locale.evidence_policy_none(),
        EvidencePolicy::Recommended => locale.evidence_policy_recommended(),
        EvidencePolicy::Required => locale.evidence_policy_required(),
    }
}

/// Whether children are thought to be on a photo unless somebody says otherwise: at a school, or with a class.
pub fn shows_children(unit: UnitKind, has_classes: bool) -> bool {
    unit == UnitKind::School || has_classes
}

/// Whether whoever reads an entry at the unit with path `own` also reads one at `other`: then it may be named to them.
pub fn is_named_to_readers(own: &str, other: &str) -> bool {
    other.starts_with(own)
}

/// The bits of a picture's looks that may differ between two that look alike, of the coarse 64 and of the fine 256.
pub const COARSE_DISTANCE: u32 = 7;
pub const FINE_DISTANCE: u32 = 40;

/// What a picture looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looks {
    pub coarse: u64,
    pub fine: [u8; 32],
}

impl Looks {
    /// The coarse bits in four bands of sixteen.
    pub fn bands(&self) -> [u16; 4] {
        let part = |shift: u32| u16::try_from((self.coarse >> shift) & 0xffff).unwrap_or_default();
        [part(48), part(32), part(16), part(0)]
    }

    /// Whether there is enough to be seen: a blank sheet looks like every other one.
    pub fn is_telling(&self) -> bool {
        const LEAST: u32 = 16;
        let set: u32 = self.fine.iter().map(|byte| byte.count_ones()).sum();
        (LEAST..=256 - LEAST).contains(&set)
    }

    /// How far two pictures are from each other, where they look alike.
    pub fn distance(&self, other: &Looks) -> Option<u32> {
        let coarse = (self.coarse ^ other.coarse).count_ones();
        let fine: u32 = self.fine.iter().zip(&other.fine).map(|(a, b)| (a ^ b).count_ones()).sum();
        (coarse <= COARSE_DISTANCE && fine <= FINE_DISTANCE).then_some(fine)
    }
}

/// A band's value and the sixteen that differ from it by one bit. Seven bits spread over four bands leave one band with
/// at most one of them: whoever looks up these values finds every picture within [`COARSE_DISTANCE`], by index, among
/// 4 × 17 of 4 × 65,536 places.
pub fn near_values(band: u16) -> impl Iterator<Item = u16> {
    std::iter::once(band).chain((0..16).map(move |bit| band ^ (1 << bit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_caption_names_date_place_and_unit_and_nothing_twice() {
        let day = Day::from_ymd_opt(2021, 6, 24).expect("a day");
        assert_eq!(caption(day, "老街", "天坪村", Locale::Zh), "2021年6月24日 · 老街 · 天坪村");
        assert_eq!(caption(day, "天坪村老街", "天坪村", Locale::Zh), "2021年6月24日 · 天坪村老街");
        assert_eq!(caption(day, " ", "天坪村", Locale::Zh), "2021年6月24日 · 天坪村");
    }

    #[test]
    fn a_name_loses_folders_and_what_is_not_seen_and_keeps_its_ending() {
        assert_eq!(clean_name("C:\\照片\\IMG_1.jpg"), "IMG_1.jpg");
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("a\0\u{202e}gpj.exe\r\n"), "agpj.exe");
        let long = clean_name(&format!("{}.jpg", "长".repeat(300)));
        assert!(long.chars().count() <= LONGEST_NAME && long.ends_with(".jpg"), "{long}");
    }

    #[test]
    fn another_entry_is_named_only_where_every_reader_of_this_one_reads_it() {
        assert!(is_named_to_readers("/1/5/", "/1/5/17/") && is_named_to_readers("/1/5/17/", "/1/5/17/"));
        assert!(!is_named_to_readers("/1/5/17/", "/1/5/18/") && !is_named_to_readers("/1/5/17/", "/1/5/"));
    }

    #[test]
    fn a_blank_sheet_looks_like_nothing() {
        let blank = Looks { coarse: 0, fine: [0; 32] };
        assert!(!blank.is_telling() && !Looks { coarse: 0, fine: [255; 32] }.is_telling());
        assert!(Looks { coarse: 0, fine: [0b0101_0101; 32] }.is_telling());
    }

    proptest! {
        #[test]
        fn whatever_bits_differ_a_look_alike_is_found_by_one_of_its_bands(
            coarse in any::<u64>(), bits in prop::collection::btree_set(0u32..64, 0..=7)
        ) {
            let other = bits.iter().fold(coarse, |value, bit| value ^ (1 << bit));
            let bands = |coarse| Looks { coarse, fine: [0; 32] }.bands();
            let found = bands(coarse).into_iter().zip(bands(other)).any(|(a, b)| near_values(a).any(|near| near == b));
            prop_assert!(found);
        }

        #[test]
        fn any_name_is_cleaned(name in ".*") {
            let clean = clean_name(&name);
            prop_assert!(clean.chars().count() <= LONGEST_NAME && !clean.contains(['/', '\\', '\n']));
        }
    }
}
