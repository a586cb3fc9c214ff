//! The two languages and every text of the program.
//!
//! The texts stand in `locales/*.json`, one file per feature, Chinese and English side by side; `build.rs` makes a
//! method of each: `locale.save()`, `locale.missing_days(3, 41)`.

use serde::{Deserialize, Serialize};

/// A reader's language. Chinese comes first and is what is spoken when nothing else was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    Zh,
    En,
}

impl Locale {
    /// The language tag for `<html lang>` and `Content-Language`.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::Zh => "zh-CN",
            Locale::En => "en",
        }
    }

    /// Reads a tag such as `zh-CN`, `en` or `en-GB`; anything else is `None`.
    pub fn parse(tag: &str) -> Option<Locale> {
        let tag = tag.trim().to_ascii_lowercase();
        match tag.split(['-', '_', ';']).next() {
            Some("zh") => Some(Locale::Zh),
            Some("en") => Some(Locale::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that Pufa speaks, by the reader's own order of preference.
    pub fn from_accept_language(header: &str) -> Option<Locale> {
        let mut wishes: Vec<(f32, Locale)> = header
            .split(',')
            .filter_map(|wish| {
                let (tag, weight) = wish.split_once(";q=").unwrap_or((wish, "1"));
                Some((weight.trim().parse().unwrap_or(0.0), Locale::parse(tag)?))
            })
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
        wishes.first().map(|wish| wish.1)
    }

    /// Chooses between a Chinese name and its English translation, which data entered by an office may lack.
    pub fn name<'a>(self, zh: &'a str, en: Option<&'a str>) -> &'a str {
        match self {
            Locale::Zh => zh,
            Locale::En => en.filter(|en| !en.is_empty()).unwrap_or(zh),
        }
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[cfg(test)]
mod tests {
    use super::Locale;

    #[test]
    fn the_reader_is_answered_in_the_language_the_browser_prefers() {
        assert_eq!(Locale::from_accept_language("en-GB,en;q=0.9,zh;q=0.8"), Some(Locale::En));
        assert_eq!(Locale::from_accept_language("fr, zh-CN;q=0.7, en;q=0.3"), Some(Locale::Zh));
        assert_eq!(Locale::from_accept_language("fr"), None);
    }

    #[test]
    fn a_name_without_translation_is_shown_in_chinese() {
        assert_eq!(Locale::En.name("禁毒", Some("Anti-drug")), "Anti-drug");
        assert_eq!(Locale::En.name("护林防火", None), "护林防火");
    }
}
