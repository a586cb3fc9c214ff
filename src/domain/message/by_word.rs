//! What the unit word tells of a number: 500份 alone are leaflets, 宣传册36本 booklets, 六七十个 people.

use super::{
    Why,
    clause::Clauses,
    count::{Match, Text},
};
use crate::domain::{
    alias::{Fit, Mention},
    amount,
    measure::Measure,
};

/// Unit words that tell the measure where no other word does.
const TELLING: &[(&str, &str)] =
    &[("人次", "attendance"), ("户", "household_visit"), ("课时", "class_hour"), ("台次", "vehicle")];

/// What is handed out: of these the unit word alone tells the measure (发了500份).
const GIVEN: &[&str] = &["leaflet", "booklet", "gift"];

/// Words for handing out, right before such a number.
const GIVING: &[&str] = &["发放", "派发", "分发", "散发", "发出", "送出", "赠送", "发送", "发了", "发"];

impl Text<'_> {
    /// 宣传册36本: among what is handed out the counter that is another measure's own tells that measure.
    pub(super) fn bound(&self, mention: &Mention, fit: Fit, unit_word: Option<&str>) -> Option<Match> {
        if fit != Fit::Also || !GIVEN.contains(&mention.key.as_str()) {
            return None;
        }
        let mut owners = self.owners(unit_word?);
        let key = owners.next().filter(|key| *key != mention.key)?;
        if owners.next().is_some() {
            return None;
        }
        let is_bound = self.between(mention.start, mention.end).ends_with('册');
        Some(Match { key: key.to_owned(), doubt: (!is_bound).then_some(Why::UnitWord) })
    }

    /// The measures in force of what is handed out that are counted in a unit word.
    fn owners<'b>(&'b self, word: &'b str) -> impl Iterator<Item = &'b str> {
        let given = |one: &&Measure| GIVEN.contains(&one.key.as_str()) || one.unit_id.is_some();
        let own = self.known.catalogue.active_measures().filter(|one| !one.is_stock);
        own.filter(given).filter(move |one| one.unit_word == word).map(|one| one.key.as_str())
    }

    /// 六七十个: of people, where 人 follows or they are what was counted.
    pub(super) fn people_word(
        &self,
        one: &amount::Found,
        unit_word: Option<String>,
        sentence: usize,
    ) -> Option<String> {
        if unit_word.as_deref() != Some("个") {
            return unit_word;
        }
        let is_people = |mention: &Mention| mention.key == "attendance";
        let behind = self.mentions.iter().any(|mention| mention.start == one.end && mention.weak)
            || self.chars.get(one.end) == Some(&'人');
        let ends = self.chars.get(one.end).is_none_or(|letter| "，,。；;！!\n）)".contains(*letter));
        let before = self.came(sentence, one.start)
            || self.mentions.iter().rev().find(|mention| mention.end <= one.start).is_some_and(|mention| {
                let clause = Clauses { chars: &self.chars }.clause_start(one.start);
                is_people(mention) && mention.start >= clause && one.start - mention.end <= 4
            });
        if behind || (ends && before) { Some("人".into()) } else { unit_word }
    }

    /// Where no word tells what was counted, the unit word may.
    pub(super) fn by_unit_word(
        &self,
        one: &amount::Found,
        unit_word: Option<&str>,
        before: &[&Mention],
    ) -> Result<Vec<Match>, Why> {
        let active = |key: &str| self.known.catalogue.measure(key).is_some_and(|measure| !measure.retired);
        let Some(word) = unit_word else { return Err(Why::NoMeasure) };
        let is_session =
            |mention: &Mention| ["lecture", "class_hour", "show", "moot_court"].contains(&mention.key.as_str());
        // 院坝会1场，来了60人: who came came to it.
        let sentence = self.sentence_start(one.start);
        let came = self.came(sentence, one.start);
        let is_met = || {
            before.iter().any(|mention| is_session(mention))
                || came
                    && self
                        .mentions
                        .iter()
                        .any(|mention| is_session(mention) && mention.start >= sentence && mention.end <= one.start)
        };
        let key = match word {
            "人" | "名" | "位" if is_met() => Some("attendance"),
            word => TELLING.iter().find(|(telling, _)| *telling == word).map(|(_, key)| *key),
        };
        let given = || self.given(one, word);
        let key = key.or_else(given);
        if let Some(key) = key.filter(|key| active(key)) {
            return Ok(vec![Match { key: key.into(), doubt: Some(Why::ByUnitWord) }]);
        }
        // 展板12套: the thing is named right before its number, only the unit word is odd.
        let close =
            before.last().filter(|mention| !mention.weak && one.start - mention.end <= 2 && !mention.key.is_empty());
        match close {
            Some(mention) if !["人", "名", "位"].contains(&word) => {
                Ok(vec![Match { key: mention.key.clone(), doubt: Some(Why::UnitWord) }])
            }
            _ => Err(Why::NoMeasure),
        }
    }

    /// Whether 来了 stands right before a number.
    fn came(&self, sentence: usize, place: usize) -> bool {
        let before = self.between(sentence, place);
        ["来了", "到了", "来", "到场", "到会"].iter().any(|word| before.ends_with(word))
    }

    /// What was handed out where only its counter is said: the only measure of that counter, else leaflets among them.
    fn given(&self, one: &amount::Found, word: &str) -> Option<&str> {
        let is_edge = |letter: &char| letter.is_whitespace() || "，,。；;！!、：:（()）".contains(*letter);
        let before: String = self.chars[self.sentence_start(one.start)..one.start].iter().collect();
        let said = before.len();
        let before = before.trim_end_matches(['共', '计', '各', '总', '累', '合']);
        let stands_alone =
            before.len() < said || before.is_empty() || before.ends_with(|letter: char| is_edge(&letter));
        let is_given = GIVING.iter().any(|word| before.ends_with(word)) || stands_alone;
        let ends = self.chars.get(one.end).is_none_or(is_edge);
        let owners: Vec<&str> = self
            .known
            .catalogue
            .active_measures()
            .filter(|_| is_given && ends)
            .filter_map(|measure| {
                let is_own = GIVEN.contains(&measure.key.as_str()) && measure.unit_word == word;
                is_own.then_some(measure.key.as_str())
            })
            .collect();
        match owners[..] {
            [only] => Some(only),
            _ => owners.into_iter().find(|key| *key == "leaflet"),
        }
    }
}
