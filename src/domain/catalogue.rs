//! The catalogue: what is counted (measures), what is logged (activity types), what about (themes).
//!
//! The built-in entries are the tables in [`built_in`]; they seed the database, which is the truth. Entries that an
//! office adds belong to its unit and hold for it and all below it.

pub mod built_in;

use super::measure::Measure;

crate::keyed! {
    /// The three kinds of entry.
    EntryKind { Measure => "measure", Type => "type", Theme => "theme" }
}

crate::keyed! {
    /// How an entry is moved in its order.
    Move { First => "first", Up => "up", Down => "down" }
}

/// The order with one of its entries moved; the same where it is not in it, or stands at the end already.
pub fn moved(mut ids: Vec<i64>, id: i64, how: Move) -> Vec<i64> {
    let Some(place) = ids.iter().position(|own| *own == id) else { return ids };
    let to = match how {
        Move::First => 0,
        Move::Up => place.saturating_sub(1),
        Move::Down => (place + 1).min(ids.len() - 1),
    };
    ids.remove(place);
    ids.insert(to, id);
    ids
}

/// Puts what the order names first and the rest behind it as it stood, and numbers all anew.
fn arrange<T>(entries: &mut [T], order: &[i64], id: impl Fn(&T) -> i64, position: impl Fn(&mut T) -> &mut i64) {
    entries.sort_by_key(|entry| order.iter().position(|own| *own == id(entry)).unwrap_or(order.len()));
    for (place, entry) in (1..).zip(entries) {
        *position(entry) = place;
    }
}

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

    /// Puts one kind of entry into an order, given by ids.
    pub fn arrange(&mut self, kind: EntryKind, order: &[i64]) {
        match kind {
            EntryKind::Measure => arrange(&mut self.measures, order, |one| one.id, |one| &mut one.position),
            EntryKind::Type => arrange(&mut self.types, order, |one| one.id, |one| &mut one.position),
            EntryKind::Theme => arrange(&mut self.themes, order, |one| one.id, |one| &mut one.position),
        }
    }

    /// The entries of a kind that are in use, in their order: (id, key).
    pub fn active(&self, kind: EntryKind) -> Vec<(i64, &str)> {
        match kind {
            EntryKind::Measure => self.active_measures().map(|one| (one.id, one.key.as_str())).collect(),
            EntryKind::Type => self.active_types().map(|one| (one.id, one.key.as_str())).collect(),
            EntryKind::Theme => self.active_themes().map(|one| (one.id, one.key.as_str())).collect(),
        }
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
    fn an_entry_is_moved_by_a_step_or_to_the_front_and_no_further_than_the_ends() {
        for (id, how, expected) in [
            (3, Move::First, [3, 1, 2]),
            (3, Move::Up, [1, 3, 2]),
            (1, Move::Down, [2, 1, 3]),
            (1, Move::Up, [1, 2, 3]),
            (3, Move::Down, [1, 2, 3]),
            (9, Move::First, [1, 2, 3]),
        ] {
            assert_eq!(moved(vec![1, 2, 3], id, how), expected, "{id} {how}");
        }
    }

    #[test]
    fn what_an_order_does_not_name_follows_as_it_stood() {
        let theme = |id: i64| Theme {
            id,
            key: id.to_string(),
            unit_id: None,
            name: String::new(),
            name_en: None,
            position: 10 * id,
            retired: id == 2,
        };
        let mut catalogue = Catalogue { themes: (1..=4).map(theme).collect(), ..Catalogue::default() };
        catalogue.arrange(EntryKind::Theme, &[4, 99, 1]);
        assert_eq!(
            catalogue.themes.iter().map(|one| (one.id, one.position)).collect::<Vec<_>>(),
            [(4, 1), (1, 2), (2, 3), (3, 4)]
        );
        assert_eq!(catalogue.active(EntryKind::Theme), [(4, "4"), (1, "1"), (3, "3")]);
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
