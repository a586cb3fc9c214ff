//! The catalogue: what is counted (measures), what is logged (activity types), what about (themes).
//!
//! The built-in entries are the tables in [`built_in`]; they seed the database, which is the truth. Entries that an
//! office adds belong to its unit and hold for it and all below it.

pub mod built_in;

use super::measure::Measure;

crate::keyed! {
    /// What an activity type says about evidence. Nothing is ever forced on a cadre but by an office's own type.
    EvidencePolicy { None => "none", Recommended => "recommended", Required => "required" }
}

/// A kind of activity (活动类型): it decides what the form asks, never what may be counted.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityType {
    pub id: i64,
    pub key: String,
    /// The unit it belongs to; built-in types have none and hold for all.
    pub unit_id: Option<i64>,
    pub name: String,
    pub name_en: Option<String>,
    pub evidence: EvidencePolicy,
    /// The ids of the measures that its form asks, the main one first.
    pub measures: Vec<i64>,
    pub position: i64,
    pub retired: bool,
}

/// What an activity or a campaign is about (主题).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    pub id: i64,
    pub key: String,
    /// The unit it belongs to; built-in themes have none and hold for all.
    pub unit_id: Option<i64>,
    pub name: String,
    pub name_en: Option<String>,
    pub position: i64,
    pub retired: bool,
}

/// What a unit sees: the built-in entries and those of itself and the units above, each kind in its order. Retired
/// entries are included, for old activities bear them; forms offer the active ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    pub measures: Vec<Measure>,
    pub types: Vec<ActivityType>,
    pub themes: Vec<Theme>,
}

impl Catalogue {
    pub fn measure(&self, key: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.key == key)
    }

    pub fn measure_by_id(&self, id: i64) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.id == id)
    }

    pub fn activity_type(&self, key: &str) -> Option<&ActivityType> {
        self.types.iter().find(|one| one.key == key)
    }

    pub fn activity_type_by_id(&self, id: i64) -> Option<&ActivityType> {
        self.types.iter().find(|one| one.id == id)
    }

    pub fn theme(&self, key: &str) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.key == key)
    }

    pub fn theme_by_id(&self, id: i64) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.id == id)
    }

    /// The measures that new activities may bear.
    pub fn active_measures(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| !measure.retired)
    }

    /// The types that new activities may have.
    pub fn active_types(&self) -> impl Iterator<Item = &ActivityType> {
        self.types.iter().filter(|one| !one.retired)
    }

    /// The themes that new activities may bear.
    pub fn active_themes(&self) -> impl Iterator<Item = &Theme> {
        self.themes.iter().filter(|theme| !theme.retired)
    }
}

/// The longest key, in bytes.
const LONGEST_KEY: usize = 64;

/// Whether a text may be the key of an entry: Latin letters, digits, `_`, `-` and `.`, for it stands in addresses.
pub fn is_key(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    text.starts_with(|first: char| first.is_ascii_alphanumeric()) && text.len() <= LONGEST_KEY && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::{built_in::*, *};

    fn each_once<'a>(keys: impl Iterator<Item = &'a str>) {
        let mut keys: Vec<&str> = keys.collect();
        let count = keys.len();
        assert!(keys.iter().all(|key| is_key(key)), "{keys:?}");
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }

    #[test]
    fn every_built_in_entry_has_a_key_of_its_own() {
        each_once(MEASURES.iter().map(|one| one.key));
        each_once(TYPES.iter().map(|one| one.key));
        each_once(THEMES.iter().map(|one| one.0));
    }

    #[test]
    fn the_contracts_keys_are_all_there() {
        let promised = "banner board leaflet booklet gift village_visit household_visit lecture class_hour show broadcast \
                        led vehicle consultation attendance bulletin venue post views study pre_meeting_study exam \
                        moot_court law_literate legal_adviser vice_principal";
        for key in promised.split_whitespace() {
            assert!(MEASURES.iter().any(|one| one.key == key), "{key}");
        }
        for key in "drugs gangs safety bullying constitution civil_code fraud national_security".split_whitespace() {
            assert!(THEMES.iter().any(|one| one.0 == key), "{key}");
        }
    }

    #[test]
    fn a_built_in_type_asks_its_main_measure_first_and_no_stock() {
        for one in TYPES {
            assert_eq!(one.measures[0], one.key);
            for key in one.measures {
                let measure = MEASURES.iter().find(|measure| measure.key == *key);
                assert!(measure.is_some_and(|measure| !measure.is_stock), "{} asks {key}", one.key);
            }
        }
        for measure in MEASURES.iter().filter(|measure| !measure.is_stock) {
            assert!(TYPES.iter().any(|one| one.key == measure.key), "{} can be logged", measure.key);
        }
    }

    #[test]
    fn a_key_is_fit_for_an_address() {
        for good in ["drugs", "civil_code", "a", "led-2", "own.1"] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", "禁毒", "..", "a b", "a/b", "_x", &"x".repeat(65)] {
            assert!(!is_key(bad), "{bad}");
        }
    }
}
