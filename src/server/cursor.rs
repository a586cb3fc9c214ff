//! Where a list was cut: what it is sorted by and the id of the last one shown, as one word of an address
//! (`2021-06-24_1f0c…`). The next page begins behind it, whatever was added meanwhile.

use crate::{
    error::{Error, Result},
    locale::Locale,
};
use std::{fmt::Display, str::FromStr};

/// The cursor behind an item with this sort key and id.
pub fn write(key: impl Display, id: impl Display) -> String {
    format!("{key}_{id}")
}

/// Reads what [`write()`] wrote; nothing asked for is the first page.
///
/// # Errors
/// A word that is no cursor of this list, as a problem of the field `cursor`.
pub fn read<K: FromStr, I: FromStr>(text: Option<&str>, locale: Locale) -> Result<Option<(K, I)>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let both = text.split_once('_').and_then(|(key, id)| Some((key.parse().ok()?, id.parse().ok()?)));
    both.map(Some).ok_or_else(|| Error::invalid("cursor", locale.cursor_malformed(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::period::Day;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_anything_else_is_refused() {
        let day = Day::from_ymd_opt(2021, 6, 24).expect("a day");
        assert_eq!(read(Some(&write(day, 7)), Locale::Zh).expect("a cursor"), Some((day, 7)));
        assert_eq!(read::<Day, i64>(None, Locale::Zh).expect("the first page"), None);
        for wrong in ["2021-06-24", "_", "2021-02-30_7", "2021-06-24_x"] {
            assert!(read::<Day, i64>(Some(wrong), Locale::Zh).is_err(), "{wrong}");
        }
    }
}
