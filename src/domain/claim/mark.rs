//! The words of a draft that say at which units and on what its figures are meant: names of units, kinds of units, themes,
//! campaigns, and what no log tells apart.

use super::{
    Known, Named, Run,
    gap::{contains, ends_with},
    topic_words as list,
    window::Windows,
    words,
};
use crate::domain::{alias::Mention, numeral, unit::UnitKind};
use std::collections::HashMap;

/// What a word speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A unit below.
    Unit(i64),
    /// All units: 全镇, 我镇, the draft's own unit.
    Whole,
    /// 学校, 各村.
    Kind(UnitKind),
    /// People anywhere: beside schools it means that not only they are meant.
    Others,
    /// A unit that nobody here knows: 红旗村.
    Elsewhere,
    /// A theme, by its key.
    Theme(String),
    /// A campaign, by its id.
    Campaign(i64),
    /// Something on which nothing is logged apart: 知识产权, “平安护航”专项行动.
    Strange,
    /// 联合派出所: who took part is not told apart.
    Partner,
}

impl What {
    pub fn is_place(&self) -> bool {
        matches!(self, What::Unit(_) | What::Whole | What::Kind(_) | What::Others | What::Elsewhere)
    }

    pub fn is_topic(&self) -> bool {
        matches!(self, What::Theme(_) | What::Campaign(_) | What::Strange)
    }
}

/// A word, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub start: usize,
    pub end: usize,
    pub what: What,
}

/// The longest name of a campaign that is looked for, and the shortest.
const LONGEST: usize = 40;
const SHORTEST: usize = 4;

/// All such words of a text, one behind another.
pub fn marks(text: &str, chars: &[char], known: &Known<'_>, windows: &Windows) -> Vec<Mark> {
    let themes = known.vocabulary.themes_in(text);
    let reader = Reader { chars, known, themes: &themes };
    // What is named first in this list keeps its place; what lies over it is left out.
    let mut all: Vec<Mark> = Vec::new();
    for found in [
        reader.named(),
        reader.partners(),
        reader.campaigns(),
        reader.themes(),
        reader.strange(),
        reader.kinds(),
        reader.elsewhere(),
    ] {
        for mark in found {
            let is_taken = {
                let after = all.partition_point(|other| other.start < mark.end);
                all[..after].iter().rev().take(8).any(|other| other.end > mark.start)
            };
            // 宪法宣传周期间 is a time.
            if !(is_taken || mark.what.is_topic() && windows.covers(mark.start, mark.end)) {
                let place = all.partition_point(|other| other.start < mark.start);
                all.insert(place, mark);
            }
        }
    }
    all
}

struct Reader<'a> {
    chars: &'a [char],
    known: &'a Known<'a>,
    themes: &'a [Mention],
}

/// The words of a list that begin at each place; the longest at each.
fn found<'a, T>(chars: &[char], words: &'a [(Vec<char>, T)]) -> Vec<(usize, usize, &'a T)> {
    let mut by_first: HashMap<char, Vec<&(Vec<char>, T)>> = HashMap::new();
    for one in words {
        if let Some(first) = one.0.first() {
            by_first.entry(*first).or_default().push(one);
        }
    }
    let (mut all, mut place) = (Vec::new(), 0);
    while place < chars.len() {
        let here = by_first.get(&chars[place]).into_iter().flatten();
        let best = here.filter(|(word, _)| chars[place..].starts_with(word)).max_by_key(|(word, _)| word.len());
        match best {
            Some((word, what)) => {
                all.push((place, place + word.len(), what));
                place += word.len();
            }
            None => place += 1,
        }
    }
    all
}

fn listed<T: Clone>(words: &[&str], what: &T) -> Vec<(Vec<char>, T)> {
    words.iter().map(|word| (word.chars().collect(), what.clone())).collect()
}

impl Reader<'_> {
    fn marks(&self, words: &[(Vec<char>, What)]) -> Vec<Mark> {
        let all = found(self.chars, words);
        all.into_iter().map(|(start, end, what)| Mark { start, end, what: what.clone() }).collect()
    }

    /// The clause around a place, as far as sixty letters.
    fn clause(&self, start: usize, end: usize) -> &[char] {
        let ends = |letter: &char| "，,。；;！!？?\n".contains(*letter);
        let (least, most) = (start.saturating_sub(60), self.chars.len().min(end + 60));
        let from = self.chars[least..start].iter().rposition(ends).map_or(least, |place| least + place + 1);
        let to = self.chars[end..most].iter().position(ends).map_or(most, |at| end + at);
        &self.chars[from..to]
    }

    /// The unit itself, the units below it, and 全镇.
    fn named(&self) -> Vec<Mark> {
        let mut words = listed(list::WHOLE, &What::Whole);
        let name = |name: &str| numeral::narrow(name.trim());
        words.extend(self.known.own_names.iter().map(|own| (name(own), What::Whole)));
        words.extend(self.known.units.iter().map(|Named { id, name: own, .. }| (name(own), What::Unit(*id))));
        words.retain(|(word, _)| word.len() > 1);
        self.marks(&words)
    }

    /// 联合派出所、司法所开展: the words up to what was done.
    fn partners(&self) -> Vec<Mark> {
        let starts = listed(list::WITH, &());
        let mut all = Vec::new();
        for (start, from, ()) in found(self.chars, &starts) {
            let behind = &self.chars[from..self.chars.len().min(from + 24)];
            let stops = |at: usize| {
                let rest = &behind[at..];
                "，,。；;！!？?\n（(".contains(rest[0])
                    || numeral::begins(rest[0]) && rest[0].is_ascii_digit()
                    || words::VERBS
                        .iter()
                        .chain(list::DOES)
                        .any(|verb| rest.starts_with(&verb.chars().collect::<Vec<_>>()))
            };
            let length = (0..behind.len()).find(|at| stops(*at)).unwrap_or(behind.len());
            let named: String = behind[..length].iter().collect();
            let is_other = list::NO_PARTNER.iter().any(|word| named.starts_with(word));
            if length > 1 && length < 24 && !is_other {
                all.push(Mark { start, end: from + length, what: What::Partner });
            }
        }
        all
    }

    /// Campaigns by their titles, with or without the year, the unit's name and 活动.
    fn campaigns(&self) -> Vec<Mark> {
        let mut words: Vec<(Vec<char>, What)> = Vec::new();
        for Run { id, title, .. } in self.known.campaigns {
            let mut name: Vec<char> = numeral::narrow(title).into_iter().filter(|letter| !is_quote(*letter)).collect();
            loop {
                let before = name.len();
                let year: Vec<char> = name.iter().copied().take_while(char::is_ascii_digit).collect();
                if year.len() == 4 && name.get(4) == Some(&'年') {
                    name.drain(..5);
                }
                let own = self.known.own_names.iter().map(|own| own.chars().collect::<Vec<_>>());
                if let Some(own) = own.filter(|own| !own.is_empty() && name.starts_with(own)).max_by_key(Vec::len) {
                    name.drain(..own.len());
                }
                if name.len() == before {
                    break;
                }
            }
            let mut short = name.clone();
            for end in ["系列活动", "宣传活动", "活动", "工作"] {
                if ends_with(&short, end) && short.len() >= SHORTEST + end.chars().count() {
                    short.truncate(short.len() - end.chars().count());
                    break;
                }
            }
            for name in [name, short] {
                if (SHORTEST..=LONGEST).contains(&name.len()) {
                    words.push((name, What::Campaign(*id)));
                }
            }
        }
        // Two campaigns of one name: which is meant, nobody can tell.
        let mut owners: HashMap<Vec<char>, What> = HashMap::new();
        for (name, what) in words {
            let own = owners.entry(name).or_insert_with(|| what.clone());
            if *own != what {
                *own = What::Strange;
            }
        }
        let words: Vec<(Vec<char>, What)> = owners.into_iter().collect();
        // 开展“禁毒”专项行动 is 禁毒专项行动.
        let (places, bare): (Vec<usize>, Vec<char>) =
            self.chars.iter().copied().enumerate().filter(|(_, letter)| !is_quote(*letter)).unzip();
        let all = found(&bare, &words).into_iter();
        all.map(|(start, end, what)| Mark { start: places[start], end: places[end - 1] + 1, what: what.clone() })
            .collect()
    }

    /// Words for themes where they say what something was about: not 安全感, not 筑牢安全防线.
    fn themes(&self) -> Vec<Mark> {
        let mut all = Vec::new();
        for one in self.themes {
            let around: String =
                self.chars[one.start.saturating_sub(2)..self.chars.len().min(one.end + 4)].iter().collect();
            let clause = self.clause(one.start, one.end);
            let is_aim = clause.first() == Some(&'为') && contains(clause, list::AIMS);
            let is_other = list::NO_THEME.iter().any(|word| around.contains(word));
            if !is_aim && !is_other && contains(clause, list::TOPICAL) {
                all.push(Mark { start: one.start, end: one.end, what: What::Theme(one.key.clone()) });
            }
        }
        all
    }

    fn names_theme(&self, start: usize, end: usize) -> bool {
        let first = self.themes.partition_point(|one| one.end <= start);
        self.themes.get(first).is_some_and(|one| one.start < end)
    }

    /// What somebody says something was about, and on which nothing is logged apart.
    fn strange(&self) -> Vec<Mark> {
        let mut all = Vec::new();
        let mark = |start: usize, end: usize| Mark { start, end, what: What::Strange };
        for (start, end, ()) in found(self.chars, &listed(list::STRANGE, &())) {
            if !self.names_theme(start, end) && contains(self.clause(start, end), list::TOPICAL) {
                all.push(mark(start, end));
            }
        }
        for (open, close) in [('《', '》'), ('“', '”')] {
            let mut place = 0;
            while let Some(start) = self.chars[place..].iter().position(|letter| *letter == open).map(|at| place + at) {
                place = start + 1;
                let length = self.chars[place..].iter().take(16).position(|letter| *letter == close);
                let Some(end) = length.map(|length| place + length).filter(|end| *end > place) else { continue };
                let name = &self.chars[start + 1..end];
                place = end + 1;
                let behind = &self.chars[place..self.chars.len().min(place + 4)];
                let speaks = match open {
                    '《' => {
                        let before = &self.chars[start.saturating_sub(8)..start];
                        let is_law = ["法", "条例", "办法", "典"].iter().any(|word| ends_with(name, word));
                        is_law && !contains(before, list::BY) && contains(self.clause(start, place), list::TOPICAL)
                    }
                    _ => list::NAMED.iter().any(|word| behind.starts_with(&word.chars().collect::<Vec<_>>())),
                };
                let is_usual = contains(name, list::USUAL) || name.iter().any(char::is_ascii_digit);
                if speaks && !is_usual && !self.names_theme(start, place) {
                    all.push(mark(start, place));
                }
            }
        }
        for (start, _, ()) in
            found(self.chars, &listed(&["专项行动", "专项整治", "专题宣传", "主题宣传", "专项宣传"], &()))
        {
            let clause = self.clause(start, start);
            let length = clause.len().min(start);
            let before = &self.chars[start - self.before(start, length)..start];
            let from = start - before.len();
            let is_usual = contains(before, list::USUAL) || before.iter().any(char::is_ascii_digit);
            if (2..=8).contains(&before.len()) && !is_usual && !self.names_theme(from, start) {
                all.push(mark(from, start));
            }
        }
        all.sort_by_key(|one| one.start);
        all
    }

    /// How many letters before a place belong to a name: up to the last verb, comma or quote.
    fn before(&self, place: usize, most: usize) -> usize {
        let stop = |at: usize| {
            let text = &self.chars[..place - at];
            text.last().is_none_or(|letter| "，,。；;、！!？?\n（()）“”\"《》的了为以在 　".contains(*letter))
                || words::VERBS.iter().chain(list::DOES).any(|verb| ends_with(text, verb))
        };
        (0..=most.min(12)).find(|at| stop(*at)).unwrap_or(most.min(12))
    }

    fn kinds(&self) -> Vec<Mark> {
        let mut words = listed(list::SCHOOLS, &What::Kind(UnitKind::School));
        words.extend(listed(list::VILLAGES, &What::Kind(UnitKind::Village)));
        words.extend(listed(list::OTHERS, &What::Others));
        let mut all = self.marks(&words);
        // 校园暴力 is a theme, also where no clause speaks of publicity.
        all.retain(|one| one.what == What::Others || !self.names_theme(one.start, one.end));
        all
    }

    /// 红旗村 where nobody knows such a village.
    fn elsewhere(&self) -> Vec<Mark> {
        let ends = ["村", "社区", "小学", "中学", "幼儿园"];
        let mut all = Vec::new();
        for (place, end, ()) in found(self.chars, &listed(&ends, &())) {
            let mut start = place;
            while start > 0 && place - start < 5 && !is_border(self.chars[start - 1]) {
                start -= 1;
            }
            let name: String = self.chars[start..place].iter().collect();
            let before = start.checked_sub(1).map(|at| self.chars[at]);
            let begins = before.is_none_or(|letter| list::BEFORE_NAMES.contains(letter));
            let is_name = (2..=3).contains(&(place - start)) && !list::NO_NAME.iter().any(|word| name.contains(word));
            if begins && is_name {
                all.push(Mark { start, end, what: What::Elsewhere });
            }
        }
        all
    }
}

fn is_quote(letter: char) -> bool {
    "“”\"《》‘’'".contains(letter)
}

/// Whether a letter belongs to no unit's name.
fn is_border(letter: char) -> bool {
    !('\u{4e00}'..='\u{9fff}').contains(&letter) || list::NO_NAME_LETTERS.contains(letter)
}
