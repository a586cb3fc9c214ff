//! What people call what is counted and what it is about: 传单 and 资料 are leaflets, 坝坝会 a lecture, 防诈 the theme fraud.
//!
//! The table in `words` knows the built-in entries; the catalogue's own names are known besides, so that a measure an
//! office added is recognised by its name. The longest word wins: 国家安全 is not 安全, 墙体标语 is no banner.

pub mod head;
#[cfg(test)]
mod head_tests;
mod words;

use super::{catalogue::Catalogue, numeral};

/// A word found in a text, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where it stands, in characters.
    pub start: usize,
    pub end: usize,
    /// The key of the measure or theme; empty for a word that is counted nowhere (志愿者).
    pub key: String,
    /// Only people (群众): an attendance if nothing else is said of them.
    pub weak: bool,
}

/// How a unit word fits a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Not,
    /// People use it for it: 幅 for banners.
    Also,
    /// The measure's own.
    Own,
}

/// The words for what a catalogue holds.
#[derive(Debug)]
pub struct Vocabulary {
    measures: Vec<Term>,
    themes: Vec<Term>,
    /// (measure, its unit word)
    unit_words: Vec<(String, String)>,
}

#[derive(Debug)]
struct Term {
    word: Vec<char>,
    key: String,
    weak: bool,
}

fn term(word: &str, key: &str) -> Term {
    Term { word: numeral::narrow(word), key: key.into(), weak: false }
}

/// The words in a name: 讲座/宣讲/院坝会 holds three.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    name.split(['/', '／', '、', '与', '和']).map(str::trim).filter(|part| part.chars().count() > 1)
}

impl Vocabulary {
    /// The words for the active measures and themes of a catalogue.
    pub fn of(catalogue: &Catalogue) -> Vocabulary {
        let mut measures: Vec<Term> = Vec::new();
        // An office's own entries first: of two words of one length the first wins.
        let mut own: Vec<_> = catalogue.active_measures().collect();
        own.sort_by_key(|measure| measure.unit_id.is_none());
        for measure in &own {
            measures.push(term(&measure.name, &measure.key));
            measures.extend(parts(&measure.name).map(|part| term(part, &measure.key)));
        }
        for (key, known) in words::MEASURES {
            if key.is_empty() || own.iter().any(|measure| measure.key == *key) {
                measures.extend(known.iter().map(|word| term(word, key)));
            }
        }
        if own.iter().any(|measure| measure.key == "attendance") {
            measures.extend(words::PEOPLE.iter().map(|word| Term { weak: true, ..term(word, "attendance") }));
        }
        let mut themes: Vec<Term> = Vec::new();
        for theme in catalogue.active_themes() {
            themes.push(term(&theme.name, &theme.key));
            themes.extend(parts(&theme.name).map(|part| term(part, &theme.key)));
            let known = words::THEMES.iter().filter(|(key, _)| *key == theme.key);
            themes.extend(known.flat_map(|(key, known)| known.iter().map(move |word| term(word, key))));
        }
        let unit_words = own.iter().map(|measure| (measure.key.clone(), measure.unit_word.clone())).collect();
        Vocabulary { measures, themes, unit_words }
    }

    /// The words for measures in a text, one behind another.
    pub fn measures_in(&self, text: &str) -> Vec<Mention> {
        mentions(&self.measures, &numeral::narrow(text))
    }

    /// The themes that a text names, one behind another.
    pub fn themes_in(&self, text: &str) -> Vec<Mention> {
        mentions(&self.themes, &numeral::narrow(text))
    }

    /// The measure that a column's heading names: 发放宣传资料（份） → leaflet. Where it names several, the unit word decides,
    /// else the longest word.
    pub fn measure_of_heading(&self, heading: &str) -> Option<&str> {
        let found = self.measures_in(heading);
        let fits = |mention: &Mention| {
            self.unit_words.iter().any(|(key, word)| {
                *key == mention.key
                    && !word.is_empty()
                    && (heading.ends_with(word) || heading.contains(&format!("（{word}）")))
            })
        };
        let best = found
            .iter()
            .filter(|mention| !mention.key.is_empty())
            .max_by_key(|mention| (fits(mention), !mention.weak, mention.end - mention.start))?;
        self.measures.iter().find(|term| term.key == best.key).map(|term| term.key.as_str())
    }

    /// Whether figures of a measure may bear a unit word.
    pub fn fit(&self, measure: &str, unit_word: &str) -> Fit {
        if self.unit_words.iter().any(|(key, word)| key == measure && word == unit_word) {
            return Fit::Own;
        }
        let known = words::UNIT_WORDS.iter().any(|(key, known)| *key == measure && known.contains(&unit_word));
        if known { Fit::Also } else { Fit::Not }
    }

    /// The unit words of the catalogue, for [`super::amount::find_amounts_with`].
    pub fn unit_words(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.unit_words.iter().map(|(_, word)| word.as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The terms in a text; at each place the longest, of two of one length the first.
fn mentions(terms: &[Term], chars: &[char]) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let mut best: Option<&Term> = None;
        for term in terms {
            let is_longer = best.is_none_or(|best| term.word.len() > best.word.len());
            if is_longer && chars[start..].starts_with(&term.word) && !term.word.is_empty() {
                best = Some(term);
            }
        }
        match best {
            Some(term) => {
                let end = start + term.word.len();
                found.push(Mention { start, end, key: term.key.clone(), weak: term.weak });
                start = end;
            }
            None => start += 1,
        }
    }
    found
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::domain::{
        catalogue::{ActivityType, EvidencePolicy, Theme, built_in},
        measure::{Measure, Wording},
    };

    /// The built-in catalogue, as a fresh database has it.
    pub fn catalogue() -> Catalogue {
        let measures = (1..).zip(built_in::MEASURES).map(|(id, one)| Measure {
            id,
            key: one.key.into(),
            unit_id: None,
            name: one.name.into(),
            name_en: None,
            unit_word: one.unit_word.into(),
            unit_word_en: None,
            counting_rule: String::new(),
            rule_version: 1,
            interactive: one.interactive,
            is_stock: one.is_stock,
            wording: Wording::default(),
            position: id,
            retired: false,
        });
        let measures: Vec<Measure> = measures.collect();
        let id_of = |key: &&str| measures.iter().find(|measure| measure.key == *key).map(|measure| measure.id);
        let types = (1..).zip(built_in::TYPES).map(|(id, one)| ActivityType {
            id,
            key: one.key.into(),
            unit_id: None,
            name: one.name.into(),
            name_en: None,
            evidence: EvidencePolicy::Recommended,
            measures: one.measures.iter().filter_map(id_of).collect(),
            position: id,
            retired: false,
        });
        let types = types.collect();
        let themes = (1..).zip(built_in::THEMES).map(|(id, (key, name, _))| Theme {
            id,
            key: (*key).into(),
            unit_id: None,
            name: (*name).into(),
            name_en: None,
            position: id,
            retired: false,
        });
        Catalogue { themes: themes.collect(), types, measures }
    }

    fn keys(found: &[Mention]) -> Vec<&str> {
        found.iter().map(|mention| mention.key.as_str()).collect()
    }

    #[test]
    fn people_call_one_thing_by_many_names() {
        let words = Vocabulary::of(&catalogue());
        for (text, expected) in [
            ("悬挂横幅、张贴标语、拉条幅", vec!["banner", "banner", "banner"]),
            ("发传单、宣传册、资料、手册", vec!["leaflet", "leaflet", "leaflet", "booklet"]),
            ("召开院坝会、坝坝会、讲座", vec!["lecture", "lecture", "lecture"]),
            ("大喇叭、村村响、LED、电子屏、ＬＥＤ屏", vec!["broadcast", "broadcast", "led", "led", "led"]),
            ("受教育、参与、惠及", vec!["attendance", "attendance", "attendance"]),
            ("墙体标语", vec![""]),
            ("法律明白人", vec!["law_literate"]),
            ("进村入户", vec!["household_visit"]),
        ] {
            assert_eq!(keys(&words.measures_in(text)), expected, "{text}");
        }
        assert!(words.measures_in("村民")[0].weak);
    }

    #[test]
    fn the_longest_word_names_the_theme() {
        let words = Vocabulary::of(&catalogue());
        for (text, expected) in [
            ("国家安全", vec!["national_security"]),
            ("交通安全、网络安全、安全", vec!["traffic", "network", "safety"]),
            ("防诈骗", vec!["fraud"]),
            ("扫黑除恶专项斗争", vec!["gangs"]),
            ("宪法、民法典", vec!["constitution", "civil_code"]),
        ] {
            let mut found = keys(&words.themes_in(text)).into_iter().map(str::to_owned).collect::<Vec<_>>();
            found.dedup();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_heading_names_its_measure() {
        let words = Vocabulary::of(&catalogue());
        for (heading, expected) in [
            ("横幅（条）", Some("banner")),
            ("发放宣传资料（份）", Some("leaflet")),
            ("受教育群众（人次）", Some("attendance")),
            ("参与群众人次", Some("attendance")),
            ("LED播放（次）", Some("led")),
            ("大喇叭播放次数", Some("broadcast")),
            ("入户（户）", Some("household_visit")),
            ("备注", None),
            ("活动时间", None),
        ] {
            assert_eq!(words.measure_of_heading(heading), expected, "{heading}");
        }
    }

    #[test]
    fn what_an_office_added_is_known_by_its_name_and_unit_word() {
        let mut catalogue = catalogue();
        let own = Measure {
            id: 900,
            key: "lantern".into(),
            unit_id: Some(1),
            name: "普法灯笼".into(),
            unit_word: "盏".into(),
            ..catalogue.measures[0].clone()
        };
        catalogue.measures.push(own);
        let words = Vocabulary::of(&catalogue);
        assert_eq!(keys(&words.measures_in("挂普法灯笼3盏")), ["lantern"]);
        assert_eq!(words.fit("lantern", "盏"), Fit::Own);
        assert_eq!(
            (words.fit("banner", "条"), words.fit("banner", "幅"), words.fit("banner", "人次")),
            (Fit::Own, Fit::Also, Fit::Not)
        );
        assert!(words.unit_words().contains(&"盏"));
    }
}
