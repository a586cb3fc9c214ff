//! Counts as people write them: 46条, 1,200, 150余份, 约200, 7000份以上, 上百次, 一千余, 1.2万余.
//!
//! Sources: the township's yearly report of 2021 (150余条, 7000份以上, 上百次) and the contract's "Quantity": 余, 以上, 上百
//! and 超过 are lower bounds, 约, 近 and 左右 estimates. 数百, 几十 and 成百上千 are no figures: they are pointed out and
//! never read. No value is above what stands in the text.
//!
//! Days, times, ordinals (第3期), list numbers, telephone numbers, shares and clause numbers are no counts.

mod likely;
mod words;

use super::{
    measure::Precision,
    numeral::{self, Numeral, Shape},
};
use words::{BEFORE, BEFORE_BARE, BEHIND, COUNTERS, Claim, NO_COUNT};

/// A count: 120余份 is 120, at least, 份.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    pub value: i64,
    pub precision: Precision,
    pub unit_word: Option<String>,
}

/// Why a count should be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// 数百, 几十, 若干: no figure, nothing was read.
    Vague,
    /// 不足200: only what it stays below, nothing was read.
    Upper,
    /// 30-40人, 三四十人: the lower end was read.
    Range,
    /// 十几, 二十几: the lower end was read.
    AndSome,
    /// 近百: about a hundred, and nobody counted.
    Near,
    /// 40-30人, 3.5份, 三五十人: no number that could be meant; nothing was read.
    Unreadable,
    /// 2021 alone may be a year.
    Year,
}

/// A count in a text, or words that stand for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it begins and ends, in characters, with its qualifiers and unit word.
    pub start: usize,
    pub end: usize,
    /// `None` where the words are no figure (数百, 不足200).
    pub amount: Option<Amount>,
    pub doubt: Option<Doubt>,
}

/// Reads a whole cell: `None` where it holds no count.
pub fn read_amount(text: &str) -> Option<Found> {
    let chars = numeral::narrow(text);
    let is_edge = |letter: &char| letter.is_whitespace() || "。，,；;、：:（）()[]【】\"'“”".contains(*letter);
    let mut start = chars.iter().take_while(|letter| is_edge(letter)).count();
    while let Some(word) = ["合计", "共计", "累计", "总计", "共"].iter().find(|word| starts_with(&chars, start, word))
    {
        start += word.chars().count();
    }
    let reader = Reader { chars: &chars, unit_words: &[], is_cell: true };
    let number = (start..chars.len()).find(|place| reader.begins(*place))?;
    let found = reader.read(number, 0)?.found()?;
    // Nothing but the unit word and the thing's name may stand around it: 120份, 3条横幅, 共46条。
    let other = |letter: &char| numeral::begins(*letter) && letter.is_ascii_digit();
    let is_alone = found.start <= start && !chars[found.end..].iter().any(other) && chars.len() - found.end <= 12;
    is_alone.then_some(found)
}

/// All counts in running text.
pub fn find_amounts(text: &str) -> Vec<Found> {
    find_amounts_with(text, &[])
}

/// As [`find_amounts`], knowing further unit words: an office counts what it likes (3盏).
pub fn find_amounts_with(text: &str, unit_words: &[&str]) -> Vec<Found> {
    let chars = numeral::narrow(text);
    let reader = Reader { chars: &chars, unit_words, is_cell: false };
    let mut all: Vec<Found> = Vec::new();
    let mut place = 0;
    while place < chars.len() {
        if let Some(end) = link_end(&chars, place) {
            place = end;
            continue;
        }
        if !reader.begins(place) {
            place += 1;
            continue;
        }
        let from = all.last().map_or(0, |found| found.end);
        match reader.read(place, from) {
            Some(Read::Count(found)) => {
                place = found.end.max(place + 1);
                all.push(found);
            }
            Some(Read::Other(end)) => place = end.max(place + 1),
            None => place += 1,
        }
    }
    all
}

/// What stands at a place where a number may begin.
enum Read {
    Count(Found),
    /// No count; the text goes on here.
    Other(usize),
}

impl Read {
    fn found(self) -> Option<Found> {
        match self {
            Read::Count(found) => Some(found),
            Read::Other(_) => None,
        }
    }
}

/// Where an address that begins here ends.
fn link_end(chars: &[char], place: usize) -> Option<usize> {
    let is_link = ["http", "www."].iter().any(|word| starts_with(chars, place, word));
    is_link.then(|| place + chars[place..].iter().take_while(|letter| letter.is_ascii_graphic()).count())
}

fn starts_with(chars: &[char], place: usize, word: &str) -> bool {
    let mut at = place;
    word.chars().all(|letter| {
        at += 1;
        chars.get(at - 1) == Some(&letter)
    })
}

fn ends_with(chars: &[char], word: &str) -> bool {
    chars.len() >= word.chars().count() && word.chars().rev().zip(chars.iter().rev()).all(|(one, other)| one == *other)
}

/// Words for a number that is none.
const VAGUE: &[&str] = &["成百上千", "成千上万", "成千上百", "上千上万", "若干"];

struct Reader<'a> {
    chars: &'a [char],
    unit_words: &'a [&'a str],
    /// A cell holds nothing but its count: there a number needs no unit word.
    is_cell: bool,
}

impl Reader<'_> {
    fn get(&self, place: usize) -> Option<char> {
        self.chars.get(place).copied()
    }

    fn is(&self, place: usize, word: &str) -> bool {
        starts_with(self.chars, place, word)
    }

    fn begins(&self, place: usize) -> bool {
        self.get(place).is_some_and(numeral::begins) || self.vague_end(place).is_some()
    }

    fn skip_space(&self, place: usize) -> usize {
        if self.get(place) == Some(' ') { place + 1 } else { place }
    }

    /// Where 数百, 几十, 几次 or 若干 end.
    fn vague_end(&self, place: usize) -> Option<usize> {
        if let Some(word) = VAGUE.iter().find(|word| self.is(place, word)) {
            return Some(place + word.chars().count());
        }
        let first = self.get(place).filter(|letter| matches!(letter, '数' | '几'))?;
        let before = place.checked_sub(1).and_then(|place| self.get(place));
        // 人数百余 is a hundred and more people.
        if before.is_some_and(|letter| "人户次份总条多少件倍指点岁读".contains(letter) || numeral::begins(letter))
        {
            return None;
        }
        let tens = self.chars[place + 1..].iter().take_while(|one| numeral::magnitude(**one).is_some()).count();
        let counts =
            first == '几' && self.counter(place + 1).is_some_and(|(word, _)| !matches!(word.as_str(), "个" | "天"));
        (tens > 0 || counts).then_some(place + 1 + tens)
    }

    /// The word before the number: what it makes of it and where it begins, not before `from`.
    fn before(&self, number: usize, from: usize, bare: bool) -> Option<(Claim, usize)> {
        let mut end = number;
        while end > from && self.get(end - 1) == Some(' ') {
            end -= 1;
        }
        let text = &self.chars[from.min(end)..end];
        let words = if bare { [BEFORE_BARE, BEFORE].concat() } else { BEFORE.to_vec() };
        let (word, claim, not_behind) = words.into_iter().find(|(word, ..)| ends_with(text, word))?;
        let start = end - word.chars().count();
        let is_other =
            start.checked_sub(1).and_then(|place| self.get(place)).is_some_and(|one| not_behind.contains(one));
        (!is_other).then_some((claim, start))
    }

    /// The unit word at a place, and where it ends.
    fn counter(&self, place: usize) -> Option<(String, usize)> {
        let is_known = |word: &str| COUNTERS.iter().any(|(known, _)| *known == word);
        let own = self.unit_words.iter().filter(|word| !is_known(word)).map(|word| (*word, ""));
        let mut best: Option<(&str, usize)> = None;
        for (word, not_before) in own.chain(COUNTERS.iter().copied()) {
            let length = word.chars().count();
            let is_other = self.get(place + length).is_some_and(|letter| not_before.contains(letter));
            if length > 0 && self.is(place, word) && !is_other && best.is_none_or(|(_, most)| length > most) {
                best = Some((word, length));
            }
        }
        let (word, length) = best?;
        let word = if word.starts_with('人') && word.contains('次') { "人次" } else { word };
        Some((word.to_owned(), place + length))
    }

    /// Where digits that are a day, a time, a number to call or a fraction end: 2021.12.4, 15:32, 138-1234-5678.
    fn chain_end(&self, place: usize) -> Option<usize> {
        if !self.get(place)?.is_ascii_digit() {
            return None;
        }
        let is_digit = |place: usize| self.get(place).is_some_and(|letter| letter.is_ascii_digit());
        let (mut end, mut joints) = (place, Vec::new());
        loop {
            while is_digit(end) {
                end += 1;
            }
            match self.get(end) {
                Some(letter) if "./·•:：-–—~～∶×*".contains(letter) && is_digit(end + 1) => {
                    joints.push(letter)
                }
                _ => break,
            }
            end += 1;
        }
        match joints[..] {
            [] => None,
            // 1.2万 and 30-40人 are looked at again.
            ['.' | '-' | '–' | '—' | '~' | '～'] => None,
            _ => Some(end),
        }
    }

    /// Whether 1. or （1） stands before a point of a list.
    fn is_list_number(&self, start: usize, number: &Numeral) -> bool {
        if number.end - start > 2 || self.is_cell {
            return false;
        }
        let before = self.chars[..start].iter().rev().find(|letter| **letter != ' ').copied();
        let opens = matches!(before, Some('(' | '（'));
        let behind = self.get(number.end);
        if opens {
            return matches!(behind, Some(')' | '）'));
        }
        let begins = match before {
            None | Some('\n' | '。' | '；' | ';' | '，' | ',' | '!' | '！' | '】') => true,
            Some(':' | '：') => number.value == 1,
            Some(_) => self.get(start.wrapping_sub(1)) == Some(' ') && !before.is_some_and(char::is_alphanumeric),
        };
        let follows = self.get(number.end + 1).is_some_and(|letter| !letter.is_ascii_digit() && letter != '\n');
        begins && follows && matches!(behind, Some('.' | '、' | ')' | '）'))
    }

    fn read(&self, place: usize, from: usize) -> Option<Read> {
        if let Some(end) = self.vague_end(place) {
            let behind = if matches!(self.get(end), Some('余' | '多')) { end + 1 } else { end };
            let end = self.counter(self.skip_space(behind)).map_or(behind, |(_, end)| end);
            let start = self.before(place, from, false).map_or(place, |(_, start)| start);
            return Some(Read::Count(Found { start, end, amount: None, doubt: Some(Doubt::Vague) }));
        }
        if let Some(end) = self.chain_end(place) {
            return Some(Read::Other(end));
        }
        let Some(number) = numeral::at(self.chars, place) else {
            let length = self.chars[place..].iter().take_while(|letter| numeral::begins(**letter)).count();
            return Some(match self.clear_counter(place + length).filter(|_| !self.is_cell) {
                Some(end) => Read::Count(Found { start: place, end, amount: None, doubt: Some(Doubt::Unreadable) }),
                None => Read::Other(place + length),
            });
        };
        Some(self.count(place, from, number).map_or(Read::Other(number.end), Read::Count))
    }

    /// Where a unit word ends that leaves no doubt that something was counted.
    fn clear_counter(&self, place: usize) -> Option<usize> {
        let (word, end) = self.counter(self.skip_space(place))?;
        ["份", "条", "本", "人", "名", "人次", "户", "场", "册", "张", "块", "幅"]
            .contains(&word.as_str())
            .then_some(end)
    }

    /// The count around a number, unless it is something else.
    fn count(&self, place: usize, from: usize, number: Numeral) -> Option<Found> {
        let previous = place.checked_sub(1).and_then(|place| self.get(place));
        let is_digits = matches!(number.shape, Shape::Digits | Shape::Fraction);
        let is_ordinal =
            self.chars[..place].iter().rev().find(|one| **one != ' ').is_some_and(|one| "第№#".contains(*one));
        let is_keycap = matches!(self.get(number.end), Some('\u{fe0f}' | '\u{20e3}'));
        let is_negative = previous == Some('-') && is_digits;
        let is_share = self.is(number.end, "分之") || ends_with(&self.chars[..place], "分之");
        if is_ordinal || is_keycap || is_negative || is_share || self.is_list_number(place, &number) {
            return None;
        }
        let bare = number.shape == Shape::Bare;
        let before = self.before(place, from, bare);
        let mut claims: Vec<Claim> = before.map(|(claim, _)| claim).into_iter().collect();
        let mut doubt = (number.shape == Shape::Between).then_some(Doubt::Range);
        if doubt.is_some() {
            claims.push(Claim::Is(Precision::AtLeast));
        }
        let (mut end, mut value) = (number.end, number.value);
        let range_end = self.range_end(&number);
        if let Some(to) = range_end {
            (end, doubt) = (to, Some(Doubt::Range));
            claims.push(Claim::Is(Precision::AtLeast));
        } else if is_digits
            && self.get(number.end).is_some_and(|one| "-–—~～".contains(one))
            && self.is_digit(number.end + 1)
        {
            // 40-30人 is no range.
            let second = numeral::at(self.chars, number.end + 1)?;
            let end = self.clear_counter(second.end).filter(|_| !self.is_cell)?;
            return Some(Found { start: place, end, amount: None, doubt: Some(Doubt::Unreadable) });
        }
        // 150 余条: some set figures apart.
        if self.get(end) == Some(' ') && matches!(self.get(end + 1), Some('余' | '多')) {
            end += 1;
        }
        // 120余, 十几, 20多万, 150+
        let some = self.get(end).filter(|letter| match letter {
            '余' | '多' | '+' => true,
            '来' | '几' => value > 0 && value % 10 == 0,
            _ => false,
        });
        if let Some(letter) = some {
            end += 1;
            claims.push(Claim::Is(if letter == '来' { Precision::Estimate } else { Precision::AtLeast }));
            doubt = doubt.or((letter == '几').then_some(Doubt::AndSome));
            if let Some(times) = self.get(end).filter(|one| matches!(one, '万' | '亿')).and_then(numeral::magnitude) {
                value = value.checked_mul(times)?;
                end += 1;
            }
        }
        let counter = self.counter(self.skip_space(end));
        let unit_word = counter.as_ref().map(|(word, _)| word.clone());
        if counter.is_none() && NO_COUNT.iter().any(|word| self.is(self.skip_space(end), word)) {
            return None;
        }
        end = counter.map_or(end, |(_, end)| end);
        // 30人至40人
        if let (Some(word), None) = (&unit_word, range_end)
            && let Some(to) = self.same_again(end, word, number.value)
        {
            (end, doubt) = (to, Some(Doubt::Range));
            claims.push(Claim::Is(Precision::AtLeast));
        }
        while let Some((word, claim)) = BEHIND.iter().find(|(word, _)| self.is(end, word)) {
            end += word.chars().count();
            claims.push(*claim);
        }
        let is_plain = claims.is_empty();
        if number.shape == Shape::Fraction && !self.is_cell && self.clear_counter(number.end).is_some() {
            return Some(Found { start: place, end, amount: None, doubt: Some(Doubt::Unreadable) });
        }
        if !self.may_count(place, &number, unit_word.as_deref(), is_plain, previous) {
            return None;
        }
        if doubt.is_none() && unit_word.is_none() && is_plain && is_digits && (1990..=2040).contains(&value) {
            doubt = Some(Doubt::Year);
        }
        let start = before.map_or(place, |(_, start)| start);
        if claims.contains(&Claim::Upper) {
            return Some(Found { start, end, amount: None, doubt: Some(Doubt::Upper) });
        }
        let has = |precision: Precision| claims.contains(&Claim::Is(precision));
        if bare && has(Precision::Estimate) {
            doubt = doubt.or(Some(Doubt::Near));
        }
        let precision = match (has(Precision::Estimate), has(Precision::AtLeast)) {
            // 约200余 is no more certain than 约200.
            (true, _) => Precision::Estimate,
            (false, true) => Precision::AtLeast,
            (false, false) => Precision::Exact,
        };
        Some(Found { start, end, amount: Some(Amount { value, precision, unit_word }), doubt })
    }

    fn is_digit(&self, place: usize) -> bool {
        self.get(place).is_some_and(|letter| letter.is_ascii_digit())
    }

    /// Where the second number of 30-40人 or 三至五场 ends.
    fn range_end(&self, number: &Numeral) -> Option<usize> {
        let joint = self.skip_space(number.end);
        self.get(joint).filter(|letter| "-–—~～至到".contains(*letter))?;
        let second = numeral::at(self.chars, self.skip_space(joint + 1))?;
        let is_count = match self.counter(self.skip_space(second.end)) {
            Some(_) => true,
            // 30-40 in a cell is a range, 11-29 may be a day.
            None => self.is_cell && second.end == self.chars.len() && !(number.value <= 12 && second.value <= 31),
        };
        (second.value > number.value && second.shape != Shape::Fraction && is_count).then_some(second.end)
    }

    fn same_again(&self, end: usize, unit_word: &str, value: i64) -> Option<usize> {
        self.get(end).filter(|letter| "-–—~～至到".contains(*letter))?;
        let second = numeral::at(self.chars, self.skip_space(end + 1))?;
        let (word, end) = self.counter(self.skip_space(second.end))?;
        (word == unit_word && second.value > value).then_some(end)
    }
}

#[cfg(test)]
mod tests;
