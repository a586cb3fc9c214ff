//! The names of units in a message: as the tree has them, without what stands in brackets, shortened in a list; and names that
//! the tree does not know, which are pointed out.

use super::Place;
use crate::domain::numeral;

/// A unit's name in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub start: usize,
    pub end: usize,
    /// Its place among those known; `None` for a line's heading that names a unit nobody knows.
    pub unit: Option<usize>,
}

/// What joins the names of a list.
const JOINS: &str = "、和及与";

/// What makes another name of a short form: 永隆小学 is not 永隆村.
const NO_VILLAGE: &str = "小中路街河镇乡县区桥山水";

/// What a unit's name ends with.
const ENDINGS: &[&str] =
    &["村", "社区", "小学", "中学", "学校", "幼儿园", "村委会", "居委会", "村民委员会", "司法所", "派出所"];

/// What looks like a unit's name and is none: 各村, 我村.
const NO_NAMES: &[&str] = &[
    "各",
    "本",
    "我",
    "全",
    "该",
    "进",
    "到",
    "下",
    "每",
    "入",
    "在",
    "农",
    "乡",
    "个",
    "驻",
    "所有",
    "等",
    "的",
    "镇",
    "对",
    "开展",
    "组织",
    "活动",
    "情况",
    "宣传",
    "法治",
    "走",
    "送",
    "多",
    "几",
    "新农",
    "其他",
    "涉及",
    "覆盖",
    "分别",
    "个别",
    "行政",
    "中心村",
    "自然",
    "示范",
    "后进",
    "以",
    "于",
    "是",
    "有",
];

struct Term {
    name: Vec<char>,
    unit: usize,
    is_stem: bool,
}

/// A name without what stands in brackets behind it: 圣灯山中心小学（示例）.
pub fn without_brackets(name: &str) -> &str {
    name.split(['（', '(']).next().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(name)
}

fn terms(places: &[Place]) -> Vec<Term> {
    let mut terms = Vec::new();
    for (unit, place) in places.iter().enumerate() {
        for name in [&place.name, &place.short_name] {
            terms.push(Term { name: name.chars().collect(), unit, is_stem: false });
            let bare = without_brackets(name);
            if bare.chars().count() > 2 && bare != name {
                terms.push(Term { name: bare.chars().collect(), unit, is_stem: false });
            }
        }
        let stem = place.short_name.trim_end_matches("社区").trim_end_matches('村');
        if place.is_village() && stem.chars().count() > 1 {
            terms.push(Term { name: stem.chars().collect(), unit, is_stem: true });
        }
    }
    terms.retain(|term| !term.name.is_empty());
    terms
}

/// The names of units in a range, longest first at each place.
pub fn find(chars: &[char], start: usize, end: usize, places: &[Place]) -> Vec<Named> {
    let terms = terms(places);
    let mut found: Vec<Named> = Vec::new();
    let mut at = start;
    while at < end {
        let fits = |term: &&Term| {
            chars[at..end].starts_with(&term.name)
                && (!term.is_stem || stands_alone(chars, at, at + term.name.len(), end, &terms, found.last()))
        };
        // Of two of one length the first.
        let best = terms.iter().filter(fits).rev().max_by_key(|term| term.name.len());
        match best {
            Some(term) => {
                let named = Named { start: at, end: at + term.name.len(), unit: Some(term.unit) };
                at = named.end;
                found.push(named);
            }
            None => at += 1,
        }
    }
    found.extend(unknown_headings(chars, start, end, &found));
    found.sort_by_key(|named| named.start);
    found
}

/// Whether a short form (天坪 for 天坪村) stands as a village's heading or in a list.
fn stands_alone(chars: &[char], start: usize, end: usize, limit: usize, terms: &[Term], last: Option<&Named>) -> bool {
    let before = start.checked_sub(1).map(|place| chars[place]);
    let behind = chars.get(end).filter(|_| end < limit).copied();
    if behind.is_some_and(|letter| NO_VILLAGE.contains(letter)) {
        return false;
    }
    let is_join = |letter: Option<char>| letter.is_some_and(|letter| JOINS.contains(letter));
    // 永隆、大沟和沿滩三个村: what is joined to another name is one.
    let joins_last = is_join(before) && last.is_some_and(|last| last.end + 1 == start);
    let joins_next = is_join(behind) && terms.iter().any(|term| chars[end + 1..limit].starts_with(&term.name));
    // 天坪两个村
    let counted = chars[end..limit].iter().take(4).position(|letter| *letter == '村').is_some_and(|length| {
        length > 0 && chars[end..end + length].iter().all(|letter| *letter == '个' || numeral::begins(*letter))
    });
    let opens = before.is_none_or(|letter| "\n【[、，,；;。：:（( ".contains(letter));
    joins_last
        || joins_next
        || counted && is_join(before)
        || opens && behind.is_some_and(|letter| "：:】]、，, 各".contains(letter))
}

/// Headings of lines that name a unit which nobody knows: 红星村：横幅2条.
fn unknown_headings(chars: &[char], start: usize, end: usize, known: &[Named]) -> Vec<Named> {
    let mut found = Vec::new();
    let mut line = start;
    while line < end {
        let line_end = chars[line..end].iter().position(|letter| *letter == '\n').map_or(end, |length| line + length);
        let first = chars[line..line_end].iter().position(|letter| letter.is_alphabetic()).map(|skip| line + skip);
        if let Some(first) = first.filter(|first| first - line <= 8) {
            let length = chars[first..line_end].iter().position(|letter| "：:】]，, ".contains(*letter)).unwrap_or(0);
            let name: String = chars[first..first + length].iter().collect();
            let is_free = !known.iter().any(|one| one.start < first + length && first < one.end);
            if is_free && is_name(&name, 14) {
                found.push(Named { start: first, end: first + length, unit: None });
            }
        }
        line = line_end + 1;
    }
    found
}

/// Whether a text looks like a unit's name.
fn is_name(text: &str, longest: usize) -> bool {
    let length = text.chars().count();
    (3..=longest).contains(&length)
        && text.chars().all(|letter| letter.is_alphabetic() && !letter.is_ascii())
        && ENDINGS.iter().any(|ending| text.ends_with(ending))
        && !NO_NAMES.iter().any(|word| text.starts_with(word))
        && !["开展", "组织", "活动", "情况", "宣传", "联合", "全镇"].iter().any(|word| text.contains(word))
}

/// Members of the list around the names of a part that name nobody: 永隆、大沟、沿滩三个村 where 沿滩 is not known.
pub fn unknown_members(
    chars: &[char],
    (start, end): (usize, usize),
    known: &[Named],
    counted: Option<usize>,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let own = |place: usize| known.iter().find(|one| one.start <= place && place < one.end);
    let is_letter =
        |place: usize| chars[place].is_alphabetic() && !chars[place].is_ascii() && !JOINS.contains(chars[place]);
    for place in (start + 1)..end.saturating_sub(1) {
        if !JOINS.contains(chars[place]) || own(place).is_some() {
            continue;
        }
        // Behind a known name: up to the count of villages, or to what ends a name.
        if own(place - 1).is_some() && own(place + 1).is_none() {
            let mut to = place + 1;
            while to < end && to - place <= 6 && is_letter(to) && own(to).is_none() && Some(to) != counted {
                to += 1;
            }
            let word: String = chars[place + 1..to].iter().collect();
            let is_counted = Some(to) == counted && (2..=4).contains(&word.chars().count());
            let ended = (3..=6).find_map(|length| {
                let name: String = chars.get(place + 1..place + 1 + length)?.iter().collect();
                (is_name(&name, 6) && (name.ends_with('村') || name.ends_with("社区"))).then_some(place + 1 + length)
            });
            match (is_counted, ended) {
                (true, _) => found.push((place + 1, to)),
                (false, Some(to)) => found.push((place + 1, to)),
                // 大沟、沿滩、永隆: joined on both sides.
                (false, None)
                    if to < end && JOINS.contains(chars[to]) && own(to + 1).is_some() && counted.is_some() =>
                {
                    found.push((place + 1, to));
                }
                _ => {}
            }
        }
        // Before a known name: 沿滩、大沟两个村.
        if own(place + 1).is_some() && own(place - 1).is_none() && counted.is_some_and(|at| at > place) {
            let mut from = place;
            while from > start && place - from < 4 && is_letter(from - 1) && own(from - 1).is_none() {
                from -= 1;
            }
            let opens = from == start || !is_letter(from - 1);
            if opens && (2..=4).contains(&(place - from)) && !found.contains(&(from, place)) {
                found.push((from, place));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
