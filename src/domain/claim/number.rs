//! The numbers of a draft: counts as [`amount`] reads them, 数百, and shares.

use super::{Known, Number, Said, words};
use crate::domain::{
    amount::{self, Doubt},
    measure::Precision,
    numeral::{self, Shape},
};

/// A number with its qualifier and unit word.
#[derive(Clone, Debug)]
pub struct Found {
    pub start: usize,
    pub end: usize,
    pub number: Number,
    pub unit_word: Option<String>,
    /// Whether nothing but its shape makes it a number: 5 without a counter.
    pub bare: bool,
    /// Whether it is written 一.
    pub is_one: bool,
}

/// All numbers of a text that are no days, no durations and no set phrases.
pub fn numbers(text: &str, chars: &[char], days: &[(usize, usize)], known: &Known<'_>) -> Vec<Found> {
    let unit_words = known.vocabulary.unit_words();
    let mut all: Vec<Found> = shares(chars);
    for one in amount::find_amounts_with(text, &unit_words) {
        let is_share = all.iter().any(|share| one.start < share.end && share.start < one.end);
        let is_day = days.iter().any(|(start, end)| one.start < *end && *start < one.end);
        let is_none = is_set_phrase(chars, one.start, one.end) || counts_units(chars, one.start, one.end);
        if !is_share && !is_day && !is_none {
            // Roads, areas and money, unless an office counts them.
            let is_other = |word: &str| words::OTHER_WORDS.contains(&word) && !unit_words.contains(&word);
            all.extend(count(&one, chars).filter(|one| !one.unit_word.as_deref().is_some_and(is_other)));
        }
    }
    all.sort_by_key(|one| one.start);
    all
}

fn is_set_phrase(chars: &[char], start: usize, end: usize) -> bool {
    let from = start.saturating_sub(3);
    words::SET_PHRASES.iter().any(|phrase| {
        let phrase: Vec<char> = phrase.chars().collect();
        (from..end).any(|place| chars[place..].starts_with(&phrase) && start < place + phrase.len())
    })
}

/// 全镇14个村（社区）, 4所学校, 村（社区）12个: how many units there are is no figure of the log.
fn counts_units(chars: &[char], start: usize, end: usize) -> bool {
    let is_counter = chars[start..end].last().is_some_and(|letter| "个所家".contains(*letter));
    let behind = &chars[end..chars.len().min(end + 5)];
    let before = &chars[start.saturating_sub(6)..start];
    let begins = |word: &&str| behind.starts_with(&word.chars().collect::<Vec<_>>());
    is_counter
        && (words::UNITS.iter().any(begins)
            || words::UNITS_BEFORE.iter().any(|word| super::gap::ends_with(before, word)))
}

/// What a bracket behind a plain figure says of it, as the exact style writes: 4,012（其中估计600，15.0%）人次,
/// 220人次（全部为估计）, 7,065（含“以上”口径120）份, and the internal one: 156条（确数126、以上20、约10，12条记录）.
fn remarked(chars: &[char], end: usize) -> Said {
    const LONGEST: usize = 40;
    let behind = &chars[end..chars.len().min(end + LONGEST)];
    let close = behind.iter().position(|letter| "）)".contains(*letter)).unwrap_or_default();
    let words: String = match behind.first() {
        Some('（' | '(') => behind[1..close.max(1)].iter().collect(),
        _ => String::new(),
    };
    if words.contains("估计") || words.contains('约') {
        Said::About
    } else if words.contains("以上") {
        Said::AtLeast
    } else {
        Said::Exactly
    }
}

/// What was read as a count, with what its words say of it.
fn count(one: &amount::Found, chars: &[char]) -> Option<Found> {
    let words: String = chars[one.start..one.end].iter().collect();
    let says = |list: &[&str]| list.iter().any(|word| words.contains(word));
    let (value, said, unit_word) = match (&one.amount, one.doubt) {
        (Some(amount), doubt) => {
            let unit_word = amount.unit_word.clone();
            if unit_word.as_deref().is_some_and(|word| words::DURATIONS.contains(&word)) || doubt == Some(Doubt::Year) {
                return None;
            }
            let said = match doubt {
                Some(Doubt::Range) => Said::UpTo(highest(&chars[one.start..one.end]).max(amount.value)),
                _ if amount.precision == Precision::Exact => remarked(chars, one.end),
                _ if says(&["近", "接近"]) => Said::Near,
                _ if amount.precision == Precision::Estimate => Said::About,
                _ if says(&["余", "几", "+", "超", "突破", "多于", "大于", "逾", ">"]) || is_and_more(&words) => {
                    Said::More
                }
                _ => Said::AtLeast,
            };
            (amount.value, said, unit_word)
        }
        (None, Some(Doubt::Upper)) => {
            let place = (one.start..one.end).find(|place| numeral::begins(chars[*place]))?;
            let number = numeral::at(chars, place)?;
            let word: String = chars[number.end..one.end].iter().collect();
            let word = word.trim_end_matches(['以', '下', '内', '之', ' ']).to_owned();
            (number.value, Said::Below, Some(word).filter(|word| !word.is_empty()))
        }
        // 数 and 几 are more than one: 数百 says 200 at the least.
        (None, _) => {
            let place = (one.start..one.end).find(|place| matches!(chars[*place], '数' | '几'))?;
            let number =
                numeral::at(chars, place + 1).filter(|number| number.shape == Shape::Bare || number.value == 10)?;
            if number.end > one.end {
                return None;
            }
            let rest: String = chars[number.end..one.end].iter().collect();
            let word = rest.trim_start_matches(['余', '多', ' ']).to_owned();
            (number.value * 2, Said::AtLeast, Some(word).filter(|word| !word.is_empty()))
        }
    };
    let bare = unit_word.is_none() && said == Said::Exactly;
    let is_one = words.starts_with('一') && value == 1;
    Some(Found { start: one.start, end: one.end, number: Number::Count(value, said), unit_word, bare, is_one })
}

/// 150多条, but not 不多于150条.
fn is_and_more(words: &str) -> bool {
    words.split_once('多').is_some_and(|(before, _)| before.chars().next_back().is_some_and(numeral::begins))
}

/// The highest number in the words of a range: 30-40场, 二三十.
fn highest(chars: &[char]) -> i64 {
    let mut most = 0;
    let mut place = 0;
    while place < chars.len() {
        let Some(number) = numeral::begins(chars[place]).then(|| numeral::at(chars, place)).flatten() else {
            place += 1;
            continue;
        };
        most = most.max(number.value);
        if number.shape == Shape::Between {
            // 二三十 without 二 is the upper one.
            let run: Vec<char> = chars[place..number.end].to_vec();
            for skipped in 0..run.len() {
                let mut upper = run.clone();
                upper.remove(skipped);
                let whole = numeral::at(&upper, 0).filter(|own| own.end == upper.len() && own.shape == Shape::Chinese);
                most = most.max(whole.map_or(0, |own| own.value));
            }
        }
        place = number.end.max(place + 1);
    }
    most
}

/// 94.4%, 九成以上, 百分之九十, 2.1个百分点.
fn shares(chars: &[char]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    let mut place = 0;
    while place < chars.len() {
        let Some((value, mut end, unit_word)) = share(chars, place) else {
            place += 1;
            continue;
        };
        for word in ["以上", "左右", "以内"] {
            let word: Vec<char> = word.chars().collect();
            end += if chars[end..].starts_with(&word) { word.len() } else { 0 };
        }
        let mut start = place;
        for word in ["不低于", "不少于", "超过", "至少", "将近", "近", "约", "超"] {
            let word: Vec<char> = word.chars().collect();
            if chars[..start].ends_with(&word) {
                start -= word.len();
                break;
            }
        }
        let number = Number::Share(value);
        all.push(Found { start, end, number, unit_word: Some(unit_word.into()), bare: false, is_one: false });
        place = end;
    }
    all
}

/// What does not follow 成 where it is a tenth: 成立, 成员.
const NO_TENTH: &str = "立为员果功效绩型长熟本都分就品套群年人";

fn share(chars: &[char], place: usize) -> Option<(f64, usize, &'static str)> {
    let part_of = |word: &str| chars[place..].iter().zip(word.chars()).filter(|(one, other)| **one == *other).count();
    for (word, unit_word) in [("百分之", "%"), ("千分之", "‰")] {
        if part_of(word) == 3 {
            let (value, end) = decimal(chars, place + 3)?;
            return Some((value, end, unit_word));
        }
    }
    if place > 0 && numeral::begins(chars[place - 1]) {
        return None;
    }
    let (value, end) = decimal(chars, place)?;
    for word in ["个百分点", "百分点"] {
        if chars[end..].iter().copied().take(word.chars().count()).eq(word.chars()) {
            return Some((value, end + word.chars().count(), word));
        }
    }
    match chars.get(end)? {
        '%' => Some((value, end + 1, "%")),
        '‰' => Some((value, end + 1, "‰")),
        '成' if (1.0..=10.0).contains(&value) => {
            let next = chars.get(end + 1);
            let is_word = next.is_some_and(|letter| NO_TENTH.contains(*letter) || numeral::begins(*letter));
            (!is_word).then_some((value, end + 1, "成"))
        }
        _ => None,
    }
}

/// A number with what stands behind its point: 94.4.
fn decimal(chars: &[char], place: usize) -> Option<(f64, usize)> {
    let number = numeral::at(chars, place)?;
    let text: String = chars[place..number.end].iter().collect();
    let value = if text.contains('.') { text.parse().ok()? } else { number.value as f64 };
    Some((value, number.end))
}
