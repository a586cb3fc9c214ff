//! Which number counts what: each number finds its measure among the words before and behind it, by nearness and unit word.

use super::{Count, Known, Mark, Why};
use crate::domain::{
    alias::{Fit, Mention},
    amount::{self, Doubt},
    day_text,
    measure::{Precision, VALUE_RANGE},
};

/// The counts of a part of a message.
#[derive(Debug, Default)]
pub struct Counted {
    pub counts: Vec<Count>,
    pub marks: Vec<Mark>,
    /// Whether anything that is counted was named at all.
    pub mentions: bool,
}

/// Unit words that tell the measure where no other word does.
const TELLING: &[(&str, &str)] =
    &[("人次", "attendance"), ("户", "household_visit"), ("课时", "class_hour"), ("台次", "vehicle")];

/// Time and money: numbers that a message may bear besides its counts.
const ASIDE: &[&str] = &["天", "小时", "分钟", "元", "公里", "平方米"];

/// Words of a summary over a longer time.
const SPANS: &[&str] = &["截至", "截止", "以来", "全年", "本年度", "上半年", "下半年", "本季度", "本月共", "本周共"];

/// Words for amounts that are no numbers.
const VAGUE: &[&str] = &["大量", "多份", "多条", "多场", "多次", "多人", "数份", "一批"];

struct Text<'a> {
    chars: Vec<char>,
    /// Where the part begins in the whole text.
    offset: usize,
    mentions: Vec<Mention>,
    known: &'a Known<'a>,
}

/// The measure that a number counts.
struct Match {
    key: String,
    doubt: Option<Why>,
}

/// Reads the counts of a text that begins at `offset`.
pub fn counts(text: &str, offset: usize, said: &[day_text::Found], days: day_text::Days, known: &Known<'_>) -> Counted {
    let unit_words = known.vocabulary.unit_words();
    let mut found = amount::find_amounts_with(text, &unit_words);
    // 12.4 is a day or a number, not both.
    found.retain(|one| !said.iter().any(|day| one.start < day.end && day.start < one.end));
    let mentions = known.vocabulary.measures_in(text);
    let text = Text { chars: text.chars().collect(), offset, mentions, known };
    let mut all =
        Counted { mentions: text.mentions.iter().any(|one| !one.key.is_empty() && !one.weak), ..Counted::default() };
    let lasting = found.iter().filter_map(|one| one.amount.as_ref()).find(|one| one.unit_word.as_deref() == Some("天"));
    let span =
        days.to.map(|to| (to - days.from).num_days() + 1).or(lasting.map(|one| one.value)).filter(|days| *days > 1);
    for (index, one) in found.iter().enumerate() {
        let left = index.checked_sub(1).map_or(0, |index| found[index].end);
        let right = found.get(index + 1).map_or(text.chars.len(), |next| next.start);
        text.take(one, left, right, span, &mut all);
    }
    text.running_days(&found, &mut all);
    text.vague_words(&found, &mut all.marks);
    text.spans(&mut all.marks);
    all
}

impl Text<'_> {
    fn mark(&self, one: &amount::Found, why: Why) -> Mark {
        Mark { start: self.offset + one.start, end: self.offset + one.end, why }
    }

    fn between(&self, start: usize, end: usize) -> String {
        self.chars[start.min(end)..end.max(start)].iter().collect()
    }

    /// Where the sentence of a place begins.
    fn sentence_start(&self, place: usize) -> usize {
        let before = self.chars[..place].iter().rposition(|letter| "。；;！!\n".contains(*letter));
        before.map_or(0, |place| place + 1)
    }

    fn take(&self, one: &amount::Found, left: usize, right: usize, span: Option<i64>, all: &mut Counted) {
        let unit_word = one.amount.as_ref().and_then(|amount| amount.unit_word.clone());
        let sentence = self.sentence_start(one.start);
        let is_place = unit_word.as_deref() == Some("个")
            && self.chars.get(one.end).is_some_and(|letter| "村社小组".contains(*letter));
        if is_place || unit_word.as_deref().is_some_and(|word| ASIDE.contains(&word)) {
            return;
        }
        let Some(amount) = &one.amount else {
            all.marks.push(self.mark(one, if one.doubt == Some(Doubt::Upper) { Why::Upper } else { Why::Vague }));
            return;
        };
        if self.between(sentence, one.start).contains("其中") {
            all.marks.push(self.mark(one, Why::PartOf));
            return;
        }
        let found = match self.measures(one, unit_word.as_deref(), left.max(sentence), right) {
            Ok(found) => found,
            // A year beside nothing that is counted is a year.
            Err(_) if one.doubt == Some(Doubt::Year) => return,
            Err(why) => {
                all.marks.push(self.mark(one, why));
                return;
            }
        };
        let doubt = match one.doubt {
            Some(Doubt::Range) => Some(Why::Range),
            Some(Doubt::AndSome) => Some(Why::AndSome),
            _ => None,
        };
        let (value, reckoned) = self.over_days(one, amount.value, left.max(sentence), span);
        for own in found {
            all.marks.extend(reckoned.filter(|_| doubt.is_some()).map(|why| self.mark(one, why)));
            let doubt = doubt.or(reckoned).or(own.doubt);
            if !VALUE_RANGE.contains(&value) {
                all.marks.push(self.mark(one, Why::OutOfRange));
                continue;
            }
            self.put(one, &own.key, value, amount.precision, doubt, all);
        }
    }

    /// Puts a count to the others; one of the same measure and precision is added to it.
    fn put(
        &self,
        one: &amount::Found,
        key: &str,
        value: i64,
        precision: Precision,
        doubt: Option<Why>,
        all: &mut Counted,
    ) {
        let mark = |why: Why| self.mark(one, why);
        let same = all.counts.iter_mut().find(|count| count.measure == key && count.precision == precision);
        if let Some(count) = same {
            count.value = (count.value + value).min(*VALUE_RANGE.end());
            count.doubt = Some(Why::Repeated);
            all.marks.extend(doubt.map(mark));
            all.marks.push(mark(Why::Repeated));
            return;
        }
        all.marks.extend(doubt.map(mark));
        let (start, end) = (self.offset + one.start, self.offset + one.end);
        all.counts.push(Count { measure: key.into(), value, precision, start, end, doubt });
    }

    /// Twice a day for seven days are fourteen.
    fn over_days(&self, one: &amount::Found, value: i64, left: usize, span: Option<i64>) -> (i64, Option<Why>) {
        let before = self.between(left.max(one.start.saturating_sub(14)), one.start);
        let daily = ["每天", "每日", "一天", "日均"].iter().any(|word| before.contains(word));
        let twice = if before.contains("早中晚") {
            3
        } else if before.contains("早晚") {
            2
        } else {
            1
        };
        if !daily && twice == 1 {
            return (value, None);
        }
        match span {
            Some(days) => (value.saturating_mul(twice).saturating_mul(days), Some(Why::Reckoned)),
            None => (value, Some(Why::PerDay)),
        }
    }

    /// The measure of a number, or the several that share it (横幅、展板各2).
    fn measures(
        &self,
        one: &amount::Found,
        unit_word: Option<&str>,
        left: usize,
        right: usize,
    ) -> Result<Vec<Match>, Why> {
        let before: Vec<&Mention> =
            self.mentions.iter().filter(|mention| mention.start >= left && mention.end <= one.start).collect();
        let behind =
            self.mentions.iter().find(|mention| mention.start >= one.end && mention.start < right).filter(|mention| {
                let gap = self.between(one.end, mention.start);
                gap.chars().count() <= 8 && !gap.contains(['，', ',', '。', '；', ';', '、', '\n', '！', '：', ':'])
            });
        if let Some(shared) = self.shared(one, &before) {
            return Ok(shared);
        }
        let mut best: Option<(i64, &Mention, Fit)> = None;
        let candidates = before.iter().rev().take(3).map(|mention| (*mention, one.start - mention.end, 0));
        let candidates = candidates.chain(behind.map(|mention| (mention, mention.start - one.end, 1)));
        for (mention, distance, is_behind) in candidates {
            let fit = match unit_word {
                _ if mention.key.is_empty() => Fit::Own,
                Some(word) => self.known.vocabulary.fit(&mention.key, word),
                // Without a unit word only what stands right before it is counted.
                None if is_behind == 0 || distance <= 1 => Fit::Also,
                None => Fit::Not,
            };
            let worth = match fit {
                Fit::Own => 40,
                Fit::Also => 30,
                Fit::Not => 0,
            };
            let score = worth - distance.min(30) as i64 - if mention.weak { 20 } else { 0 } - is_behind;
            if best.is_none_or(|(most, ..)| score > most) {
                best = Some((score, mention, fit));
            }
        }
        let Some((_, mention, fit)) = best.filter(|(_, _, fit)| *fit > Fit::Not) else {
            return self.by_unit_word(one, unit_word, &before);
        };
        if mention.key.is_empty() {
            return Err(Why::NotCounted);
        }
        let doubt = self.doubt(one, mention, fit, unit_word, &before);
        Ok(vec![Match { key: mention.key.clone(), doubt }])
    }

    /// 横幅、展板各2块: each of the things in the list.
    fn shared(&self, one: &amount::Found, before: &[&Mention]) -> Option<Vec<Match>> {
        if one.start == 0 || self.chars[one.start - 1] != '各' {
            return None;
        }
        let mut list: Vec<&Mention> = Vec::new();
        for mention in before.iter().rev() {
            let next = list.last().map_or(one.start - 1, |next| next.start);
            let gap = self.between(mention.end, next);
            let joins = if list.is_empty() {
                gap.is_empty()
            } else {
                gap.chars().all(|letter| "、和与及".contains(letter))
            };
            if !joins || mention.key.is_empty() || list.iter().any(|other| other.key == mention.key) {
                break;
            }
            list.push(mention);
        }
        list.reverse();
        (list.len() > 1).then(|| list.iter().map(|mention| Match { key: mention.key.clone(), doubt: None }).collect())
    }

    /// What to look at although the measure is found.
    fn doubt(
        &self,
        one: &amount::Found,
        mention: &Mention,
        fit: Fit,
        unit_word: Option<&str>,
        before: &[&Mention],
    ) -> Option<Why> {
        let verb = self.between(mention.start.saturating_sub(6).max(self.sentence_start(mention.start)), mention.start);
        let made = ["制作", "印制", "领取", "领回", "领用"].iter().any(|word| verb.contains(word));
        if made && !["悬挂", "发放", "张贴"].iter().any(|word| verb.contains(word)) {
            return Some(Why::OnlyMade);
        }
        // 手册、资料120份: one number for two measures that both bear its unit word.
        let joined = before.iter().any(|other| {
            let fits = unit_word.is_none_or(|word| self.known.vocabulary.fit(&other.key, word) > Fit::Not);
            other.key != mention.key
                && !other.key.is_empty()
                && !other.weak
                && other.end <= mention.start
                && fits
                && self.between(other.end, mention.start).chars().all(|letter| "、和与及".contains(letter))
        });
        if joined && mention.start < one.start {
            return Some(Why::TwoMeasures);
        }
        // 惠及500人 are people whom nobody saw, 60人参加 are attendances.
        let word = self.between(mention.start, mention.end);
        let is_reach = ["惠及", "覆盖"].contains(&word.as_str()) && unit_word != Some("人次");
        (fit == Fit::Also && is_reach).then_some(Why::UnitWord)
    }

    /// Where no word tells what was counted, the unit word may.
    fn by_unit_word(
        &self,
        one: &amount::Found,
        unit_word: Option<&str>,
        before: &[&Mention],
    ) -> Result<Vec<Match>, Why> {
        let active = |key: &str| self.known.catalogue.measure(key).is_some_and(|measure| !measure.retired);
        let Some(word) = unit_word else { return Err(Why::NoMeasure) };
        let is_met = || {
            before.iter().any(|mention| ["lecture", "class_hour", "show", "moot_court"].contains(&mention.key.as_str()))
        };
        let key = match word {
            "人" | "名" | "位" if is_met() => Some("attendance"),
            word => TELLING.iter().find(|(telling, _)| *telling == word).map(|(_, key)| *key),
        };
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

    /// LED滚动播放7天: one content on one screen counts once a day.
    fn running_days(&self, found: &[amount::Found], all: &mut Counted) {
        let has_led = self.mentions.iter().any(|mention| mention.key == "led");
        if !has_led || all.counts.iter().any(|count| count.measure == "led") {
            return;
        }
        let days =
            found.iter().find(|one| one.amount.as_ref().is_some_and(|own| own.unit_word.as_deref() == Some("天")));
        if let Some((one, amount)) = days.and_then(|one| Some((one, one.amount.as_ref()?)))
            && VALUE_RANGE.contains(&amount.value)
        {
            self.put(one, "led", amount.value, amount.precision, Some(Why::Reckoned), all);
        }
    }

    /// 截至目前, 今年以来: the figures may have been logged one by one already.
    fn spans(&self, marks: &mut Vec<Mark>) {
        let text: String = self.chars.iter().collect();
        let word = SPANS.iter().filter_map(|word| Some((text.find(word)?, word))).min();
        if let Some((at, word)) = word.filter(|_| !text.is_empty()) {
            let start = self.offset + text[..at].chars().count();
            marks.push(Mark { start, end: start + word.chars().count(), why: Why::Cumulative });
        }
    }

    /// 大量, 多份: words for amounts that are no numbers.
    fn vague_words(&self, found: &[amount::Found], marks: &mut Vec<Mark>) {
        for start in 0..self.chars.len() {
            let Some(word) = VAGUE.iter().find(|word| {
                let length = word.chars().count();
                self.chars[start..].len() >= length && self.between(start, start + length) == **word
            }) else {
                continue;
            };
            let end = start + word.chars().count();
            let is_number = found.iter().any(|one| one.start < end && start < one.end);
            let behind_number = start > 0 && self.chars[start - 1].is_ascii_digit();
            if !is_number && !behind_number {
                marks.push(Mark { start: self.offset + start, end: self.offset + end, why: Why::Vague });
            }
        }
    }
}
