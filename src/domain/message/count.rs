//! Which number counts what: each number finds its measure among the words before and behind it, by nearness and unit word.
//! A number that is not taken is marked with the reason.

use super::{Count, Known, Mark, Why, clause::Clauses};
use crate::domain::{
    alias::{Fit, Mention},
    amount::{self, Doubt},
    day_text,
    measure::{Precision, VALUE_RANGE},
};
use chrono::Datelike;

/// The counts of a part of a message.
#[derive(Debug, Default)]
pub struct Counted {
    pub counts: Vec<Count>,
    pub marks: Vec<Mark>,
    /// Whether anything that is counted was named at all.
    pub mentions: bool,
}

/// Time and money: numbers that a message may bear besides its counts.
const ASIDE: &[&str] = &["天", "小时", "分钟", "元", "公里", "平方米"];

/// Words for amounts that are no numbers.
const VAGUE: &[&str] = &["大量", "多份", "多条", "多场", "多次", "多人", "数份", "一批"];

/// A part of a message while its counts are read.
#[derive(Debug)]
pub struct Text<'a> {
    pub chars: Vec<char>,
    /// Where the part begins in the whole text.
    pub offset: usize,
    pub mentions: Vec<Mention>,
    pub known: &'a Known<'a>,
    /// Whether the part is about several villages: what is each one's stands apart from what is theirs together.
    pub several: bool,
}

/// The measure that a number counts.
#[derive(Debug)]
pub struct Match {
    pub key: String,
    pub doubt: Option<Why>,
}

/// Reads the counts of a text that begins at `offset` and is about `several` villages, or one.
pub fn counts(
    text: &str,
    (offset, several): (usize, bool),
    said: &[day_text::Found],
    days: day_text::Days,
    known: &Known<'_>,
) -> Counted {
    let unit_words = known.vocabulary.unit_words();
    let mut found = amount::find_amounts_with(text, &unit_words);
    // 12.4 is a day or a number, not both.
    found.retain(|one| !said.iter().any(|day| one.start < day.end && day.start < one.end));
    let mentions = known.vocabulary.measures_in(text);
    let text = Text { chars: text.chars().collect(), offset, mentions, known, several };
    let mut all =
        Counted { mentions: text.mentions.iter().any(|one| !one.key.is_empty() && !one.weak), ..Counted::default() };
    let lasting = found.iter().filter_map(|one| one.amount.as_ref()).find(|one| one.unit_word.as_deref() == Some("天"));
    let span =
        days.to.map(|to| (to - days.from).num_days() + 1).or(lasting.map(|one| one.value)).filter(|days| *days > 1);
    let clauses = Clauses { chars: &text.chars };
    let is_sum = |one: &amount::Found| clauses.span(one.start).is_some();
    // A message that is nothing but a summary is read as one; a sum besides what was done is none of it.
    let is_mixed = found.iter().any(is_sum) && !found.iter().all(is_sum);
    for (index, one) in found.iter().enumerate() {
        let left = index.checked_sub(1).map_or(0, |index| found[index].end);
        let right = found.get(index + 1).map_or(text.chars.len(), |next| next.start);
        if clauses.plan(one.start).is_some() {
            all.marks.push(text.mark(one, Why::Planned));
        } else if is_mixed && is_sum(one) {
            all.marks.push(text.mark(one, Why::SumLeftOut));
        } else {
            text.take(one, left, right, span, &mut all);
        }
    }
    text.running_days(&found, &mut all);
    text.vague_words(&found, &mut all.marks);
    if let Some((start, end)) = clauses.first_span().filter(|_| !is_mixed) {
        all.marks.push(Mark { start: offset + start, end: offset + end, why: Why::Cumulative });
    }
    text.named_alone(said, days, several, &mut all);
    all.counts.sort_by_key(|count| count.start);
    all
}

impl Text<'_> {
    fn mark(&self, one: &amount::Found, why: Why) -> Mark {
        Mark { start: self.offset + one.start, end: self.offset + one.end, why }
    }

    pub fn between(&self, start: usize, end: usize) -> String {
        self.chars[start.min(end)..end.max(start)].iter().collect()
    }

    pub fn sentence_start(&self, place: usize) -> usize {
        Clauses { chars: &self.chars }.sentence_start(place)
    }

    fn take(&self, one: &amount::Found, left: usize, right: usize, span: Option<i64>, all: &mut Counted) {
        let unit_word = one.amount.as_ref().and_then(|amount| amount.unit_word.clone());
        let sentence = self.sentence_start(one.start);
        let is_place = unit_word.as_deref() == Some("个")
            && self.chars.get(one.end).is_some_and(|letter| "村社".contains(*letter));
        // How many villages they are is looked at with their names.
        if is_place {
            return;
        }
        if unit_word.as_deref().is_some_and(|word| ASIDE.contains(&word)) {
            // 天 is what a screen's plays are reckoned from.
            if unit_word.as_deref() != Some("天") || span.is_none() {
                all.marks.push(self.mark(one, Why::Aside));
            }
            return;
        }
        let Some(amount) = &one.amount else {
            all.marks.push(self.mark(
                one,
                match one.doubt {
                    Some(Doubt::Upper) => Why::Upper,
                    Some(Doubt::Unreadable) => Why::Unreadable,
                    _ => Why::Vague,
                },
            ));
            return;
        };
        if self.between(sentence, one.start).contains("其中") {
            all.marks.push(self.mark(one, Why::PartOf));
            return;
        }
        let this_year = i64::from(self.known.today.year());
        let unit_word = self.people_word(one, unit_word, sentence);
        let found = match self.measures(one, unit_word.as_deref(), left.max(sentence), right) {
            Ok(found) => found,
            // A year beside nothing that is counted is a year; one long past may be a count.
            Err(_) if one.doubt == Some(Doubt::Year) && (this_year - amount.value).abs() <= 3 => return,
            Err(why) => {
                all.marks.push(self.mark(one, why));
                return;
            }
        };
        let doubt = match one.doubt {
            Some(Doubt::Range) => Some(Why::Range),
            Some(Doubt::AndSome) => Some(Why::AndSome),
            Some(Doubt::Near) => Some(Why::Near),
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
        let each = self.several && Clauses { chars: &self.chars }.is_each(one.start);
        let is_same = |count: &&mut Count| count.measure == key && count.precision == precision && count.each == each;
        let same = all.counts.iter_mut().find(is_same);
        if let Some(count) = same {
            count.value = (count.value + value).min(*VALUE_RANGE.end());
            count.doubt = Some(Why::Repeated);
            all.marks.extend(doubt.map(mark));
            all.marks.push(mark(Why::Repeated));
            return;
        }
        all.marks.extend(doubt.map(mark));
        let (start, end) = (self.offset + one.start, self.offset + one.end);
        all.counts.push(Count { measure: key.into(), value, precision, start, end, doubt, each });
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
        if let Some(other) = self.bound(mention, fit, unit_word) {
            return Ok(vec![other]);
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
        let made = ["制作", "印制", "领取", "领回", "领用", "准备"].iter().any(|word| verb.contains(word));
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
            self.put(one, "led", amount.value, amount.precision, Some(Why::OnceADay), all);
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
