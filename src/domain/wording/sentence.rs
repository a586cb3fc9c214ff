//! The sentences of a year, built from figures and from the data that say how they are worded.

use super::{Style, put};
use crate::{
    domain::{
        measure::{Total, Wording},
        unit::UnitKind,
    },
    locale::Locale,
};
use std::collections::{BTreeMap, BTreeSet};

/// The most themes that are named before 等.
pub const NAMED_THEMES: usize = 4;

/// Where a phrase has its figure.
const PLACE: &str = "{figure}";

/// Kinds of unit that share a word in 进村（社区）、进学校, in the order in which they are said.
const REACHED: [&[UnitKind]; 2] = [&[UnitKind::Village, UnitKind::Community], &[UnitKind::School]];

/// A measure with its figure of the year.
#[derive(Clone, Debug)]
pub struct Item {
    /// The measure's key.
    pub key: String,
    /// In the language of the sentence.
    pub name: String,
    pub unit_word: String,
    pub wording: Wording,
    pub total: Total,
}

/// All that the sentences tell, of a year or of a shorter period.
#[derive(Clone, Debug)]
pub struct Year {
    /// The period as the sentence begins with it: 2021年.
    pub when: String,
    /// As people say it: 圣灯山镇.
    pub unit: String,
    /// How many campaigns were held.
    pub campaigns: usize,
    /// Their themes, in the order of the catalogue.
    pub themes: Vec<String>,
    /// The kinds of unit that activities reached.
    pub reached: BTreeSet<UnitKind>,
    /// The measures in the order of the catalogue; those without a figure are left out.
    pub items: Vec<Item>,
}

/// A piece of a sentence, and what it tells: a page makes a link of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub about: About,
}

/// What a piece of a sentence tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Words,
    /// The number of campaigns.
    Campaigns,
    /// The figure of these measures, by key, together.
    Measures(Vec<String>),
}

impl Piece {
    fn words(text: impl Into<String>) -> Piece {
        Piece { text: text.into(), about: About::Words }
    }
}

/// What is said of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The yearly sentence.
    pub sentence: Vec<Piece>,
    /// What follows it, a sentence for each measure that does not stand in it.
    pub further: Vec<Vec<Piece>>,
}

/// The pieces as one text.
pub fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

struct Clause {
    pieces: Vec<Piece>,
    /// Its place in the first sentence; 0: none.
    opening: i64,
}

/// Stands in a text of the catalogue for what is put there as pieces.
const MARK: &str = "\u{1}";

/// Puts pieces in the place of the mark.
fn around(text: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let (before, after) = text.split_once(MARK).unwrap_or((text, ""));
    let mut whole = vec![Piece::words(before)];
    whole.extend(pieces);
    whole.push(Piece::words(after));
    whole.retain(|piece| !piece.text.is_empty());
    whole
}

/// Words a year.
pub fn say(year: &Year, style: Style, locale: Locale) -> Said {
    let (mut opening, further): (Vec<Clause>, Vec<Clause>) =
        clauses(&year.items, style, locale).into_iter().partition(|clause| clause.opening > 0);
    opening.sort_by_key(|clause| clause.opening);
    let mut first: Vec<Vec<Piece>> = campaigns_clause(year, locale).into_iter().collect();
    first.extend(opening.into_iter().map(|clause| clause.pieces));
    let mut further: Vec<Vec<Piece>> = further.into_iter().map(|clause| clause.pieces).collect();
    if first.is_empty() && !further.is_empty() {
        first.push(further.remove(0));
    }
    if first.is_empty() {
        first.push(vec![Piece::words(locale.report_nothing())]);
    }
    let mut pieces = Vec::new();
    for (place, clause) in first.into_iter().enumerate() {
        if place > 0 {
            pieces.push(Piece::words(locale.report_comma()));
        }
        pieces.extend(clause);
    }
    Said {
        sentence: around(&locale.report_sentence(MARK, &year.unit, &year.when), pieces),
        further: further.into_iter().map(|clause| around(&locale.report_further(MARK), clause)).collect(),
    }
}

/// 开展…等法治宣传进村（社区）、进学校活动共10次; what there is nothing to say of is left out.
fn campaigns_clause(year: &Year, locale: Locale) -> Option<Vec<Piece>> {
    let places: Vec<&str> = REACHED
        .iter()
        .zip([locale.report_into_villages(), locale.report_into_schools()])
        .filter(|(kinds, _)| kinds.iter().any(|kind| year.reached.contains(kind)))
        .map(|(_, word)| word)
        .collect();
    if year.campaigns == 0 && year.themes.is_empty() && places.is_empty() {
        return None;
    }
    let named: Vec<&str> = year.themes.iter().take(NAMED_THEMES).map(String::as_str).collect();
    let themes = if named.is_empty() {
        String::new()
    } else if named.len() < year.themes.len() {
        locale.report_on_themes_and_others(named.join(locale.report_list()))
    } else {
        locale.report_on_themes(named.join(locale.report_list()))
    };
    let places = if places.is_empty() {
        String::new()
    } else {
        locale.report_in_places(places.join(locale.report_places_list()))
    };
    let count = Piece { text: year.campaigns.to_string(), about: About::Campaigns };
    Some(match year.campaigns {
        0 => vec![Piece::words(locale.report_activities(places, themes))],
        1 => around(&locale.report_one_campaign(MARK, places, themes), vec![count]),
        _ => around(&locale.report_campaigns(MARK, places, themes), vec![count]),
    })
}

/// One clause for each measure above 0, and one for each group of them, where its first measure stands.
fn clauses(items: &[Item], style: Style, locale: Locale) -> Vec<Clause> {
    let items: Vec<&Item> = items.iter().filter(|item| item.total.total() > 0).collect();
    let mut groups: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in &items {
        if let Some(group) = &item.wording.group {
            groups.entry(group).or_default().push(item);
        }
    }
    let mut clauses = Vec::new();
    for item in items {
        let members = match &item.wording.group {
            // What was said with the group's first measure is not said again.
            Some(group) => match groups.remove(group.as_str()) {
                Some(members) => members,
                None => continue,
            },
            None => vec![item],
        };
        clauses.push(clause(item, &members, style, locale));
    }
    clauses
}

/// A clause for each measure, or group of them, above 0: those of the first sentence in its order, then the others.
pub fn phrases(items: &[Item], locale: Locale) -> Vec<Vec<Piece>> {
    let mut clauses = clauses(items, Style::Official, locale);
    clauses.sort_by_key(|clause| if clause.opening > 0 { clause.opening } else { i64::MAX });
    clauses.into_iter().map(|clause| clause.pieces).collect()
}

/// How a figure of a measure is said for itself in official Chinese: 悬挂宣传横幅150余条.
pub fn example(item: &Item) -> String {
    text(&clause(item, &[item], Style::Official, Locale::Zh).pieces)
}

/// The clause of a measure, or of several that share one; `first` decides the form.
fn clause(first: &Item, members: &[&Item], style: Style, locale: Locale) -> Clause {
    let total: Total = members.iter().map(|item| item.total).sum();
    let figure = Piece {
        text: put(total, &first.wording, &first.unit_word, style, locale),
        about: About::Measures(members.iter().map(|item| item.key.clone()).collect()),
    };
    let phrase = match members {
        [only] => only.wording.phrase.as_deref(),
        several => several.iter().find_map(|item| item.wording.together.as_deref()),
    };
    let names = || members.iter().map(|item| item.name.as_str()).collect::<Vec<_>>().join(locale.report_list());
    let pieces = match (locale, phrase.filter(|phrase| !phrase.trim().is_empty())) {
        (Locale::Zh, Some(phrase)) if phrase.contains(PLACE) => around(&phrase.replacen(PLACE, MARK, 1), vec![figure]),
        (Locale::Zh, Some(phrase)) => vec![Piece::words(phrase), figure],
        (Locale::Zh, None) => vec![Piece::words(names()), figure],
        // Phrases are Chinese, as offices type them; English names the measure.
        (Locale::En, _) => vec![Piece::words(format!("{}: ", names())), figure],
    };
    let places = members.iter().map(|item| item.wording.opening).filter(|place| *place > 0);
    Clause { pieces, opening: places.min().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::measure::{Form, Precision};

    fn item(name: &str, unit_word: &str, value: i64, wording: Wording) -> Item {
        Item {
            key: name.into(),
            name: name.into(),
            unit_word: unit_word.into(),
            wording,
            total: Total::of(Precision::Exact, value),
        }
    }

    fn built_in(form: Form, key: &str) -> Wording {
        Wording { form, ..super::super::built_in::wording(key) }
    }

    fn plays(key: &str) -> Wording {
        Wording {
            together: Some("利用镇LED电屏幕以及广播播放法律知识多达{figure}".into()),
            ..built_in(Form::Hundreds, key)
        }
    }

    fn seed() -> Year {
        Year {
            when: "2021年".into(),
            unit: "圣灯山镇".into(),
            campaigns: 10,
            themes: ["扫黑除恶专项斗争", "禁毒", "安全", "校园暴力", "宪法"].map(String::from).into(),
            reached: [UnitKind::Village, UnitKind::Community, UnitKind::School].into(),
            items: vec![
                item("横幅/标语", "条", 156, built_in(Form::More, "banner")),
                item("宣传资料", "份", 7065, built_in(Form::Above, "leaflet")),
                item("进村", "次", 108, built_in(Form::More, "village_visit")),
                item("广播", "次", 48, plays("broadcast")),
                item("LED", "次", 64, plays("led")),
                item("学法", "次", 4, built_in(Form::More, "study")),
            ],
        }
    }

    #[test]
    fn the_seeds_sentence_comes_out_character_for_character() {
        let said = say(&seed(), Style::Official, Locale::Zh);
        assert_eq!(
            text(&said.sentence),
            "2021年，圣灯山镇开展扫黑除恶专项斗争、禁毒、安全、校园暴力等法治宣传进村（社区）、进学校活动共10次，\
             悬挂宣传横幅150余条，进村宣传100余次，利用镇LED电屏幕以及广播播放法律知识多达上百次，发放宣传资料7000份以上。"
        );
        assert_eq!(said.further.iter().map(|one| text(one)).collect::<Vec<_>>(), ["学法4次。"]);
        let plays = About::Measures(vec!["广播".into(), "LED".into()]);
        assert!(said.sentence.iter().any(|piece| piece.about == plays && piece.text == "上百次"), "{said:?}");
        assert!(said.sentence.iter().any(|piece| piece.about == About::Campaigns && piece.text == "10"), "{said:?}");
    }

    #[test]
    fn the_exact_style_prints_the_figures() {
        let said = say(&seed(), Style::Exact, Locale::Zh);
        for part in ["悬挂宣传横幅156条", "进村宣传108次", "多达112次", "发放宣传资料7,065份"] {
            assert!(text(&said.sentence).contains(part), "{said:?}");
        }
    }

    #[test]
    fn what_there_is_nothing_to_say_of_is_left_out() {
        let mut year = seed();
        year.campaigns = 0;
        year.themes.clear();
        year.reached = [UnitKind::School].into();
        year.items.retain(|item| ["LED", "横幅/标语"].contains(&item.name.as_str()));
        let said = say(&year, Style::Official, Locale::Zh);
        assert_eq!(
            text(&said.sentence),
            "2021年，圣灯山镇开展法治宣传进学校活动，悬挂宣传横幅150余条，利用LED电子屏播放法律知识64次。"
        );
        year.reached.clear();
        year.items = vec![item("展板", "块", 62, Wording::default()), item("讲座", "场", 3, Wording::default())];
        let said = say(&year, Style::Official, Locale::Zh);
        assert_eq!(
            (text(&said.sentence).as_str(), text(&said.further[0]).as_str()),
            ("2021年，圣灯山镇展板62块。", "讲座3场。")
        );
        year.items.clear();
        let nothing = say(&year, Style::Official, Locale::Zh);
        assert_eq!(text(&nothing.sentence), "2021年，圣灯山镇没有普法活动记录。");
    }

    #[test]
    fn a_phrase_without_a_place_for_the_figure_has_it_at_its_end() {
        let mut year = seed();
        let wording = Wording { phrase: Some("张贴标语".into()), ..Wording::default() };
        year.items = vec![item("标语", "条", 120, wording)];
        assert_eq!(text(&say(&year, Style::Official, Locale::Zh).further[0]), "张贴标语120条。");
    }

    #[test]
    fn english_tells_the_same_year() {
        let said = say(&Year { when: "2021".into(), ..seed() }, Style::Official, Locale::En);
        assert_eq!(
            text(&said.sentence),
            "In 2021, 圣灯山镇: 10 legal publicity campaigns on 扫黑除恶专项斗争, 禁毒, 安全, 校园暴力 and other themes in \
             villages (communities) and schools; 横幅/标语: at least 150; 进村: at least 100; 广播, LED: at least 100; \
             宣传资料: at least 7,000."
        );
    }
}
