//! Which units a message is about: its parts, each with the village it names, or with several of them.

use super::{
    Count, Entry, Known, Mark, Place, Why,
    block::Block,
    clause::NO_EACH,
    kind_of,
    names::{self, Named},
};
use crate::domain::{amount, unit::UnitKind};

/// A part of a message that is about the same units.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub start: usize,
    pub end: usize,
    /// Indexes of [`Known::places`].
    pub units: Vec<usize>,
    /// A heading names a unit that nobody knows.
    pub unknown: bool,
    /// Where it was held, besides the unit.
    pub place: String,
    pub marks: Vec<Mark>,
}

/// Whether only what joins a list stands between two names.
fn is_list(between: &[char]) -> bool {
    between.len() <= 3 && between.iter().all(|letter| "、，,和及与/ 以；;".contains(*letter))
}

/// Whether a place is the first thing of its line, but for bullets, brackets and numbers.
fn begins_line(chars: &[char], start: usize, from: usize) -> bool {
    let line = chars[from..start].iter().rev().take_while(|letter| **letter != '\n');
    line.clone().count() <= 8 && line.into_iter().all(|letter| !letter.is_alphabetic())
}

/// Takes a message apart: a new part begins where another village is named after figures of the one before. Tells too
/// where the first unit is named: what stands before it holds for all parts.
pub fn parts(chars: &[char], block: &Block, known: &Known<'_>) -> (Vec<Part>, usize) {
    let names = names::find(chars, block.start, block.end, known.places);
    let text: String = chars[block.start..block.end].iter().collect();
    let unit_words = known.vocabulary.unit_words();
    let figures: Vec<usize> =
        amount::find_amounts_with(&text, &unit_words).iter().map(|found| block.start + found.start).collect();
    let first_named = names.first().map_or(block.start, |name| name.start);
    let mut parts = vec![Part { start: block.start, end: block.end, ..Part::default() }];
    // Where the part's own names begin, and the last of a list of them ends.
    let (mut own_from, mut list_end): (Option<usize>, Option<usize>) = (None, None);
    for name in &names {
        let Some(part) = parts.last_mut() else { break };
        let Some(unit) = name.unit else {
            unknown_begins(&mut parts, name, &figures, block.end);
            (own_from, list_end) = (Some(name.start), None);
            continue;
        };
        let place = &known.places[unit];
        if list_end.is_some_and(|end| is_list(&chars[end..name.start])) {
            if !part.units.contains(&unit) {
                part.units.push(unit);
            }
            list_end = Some(name.end);
            continue;
        }
        let since = own_from.unwrap_or(part.start);
        let has_figures = figures.iter().any(|at| (since..name.start).contains(at));
        let is_line = begins_line(chars, name.start, block.start);
        let is_other = place.is_village() || place.kind == UnitKind::School || is_line;
        let is_known = part.units.contains(&unit);
        let begins = is_other && !is_known && has_figures && (!part.units.is_empty() || is_line)
            || is_other && !is_known && is_line && part.units.iter().any(|own| known.places[*own].is_village());
        let begins = begins || part.unknown && is_other && is_line;
        if begins {
            part.end = name.start;
            parts.push(Part { start: name.start, end: block.end, units: vec![unit], ..Part::default() });
            (own_from, list_end) = (Some(name.start), Some(name.end));
            continue;
        }
        if is_known {
            continue;
        }
        let others: Vec<&Place> = part.units.iter().map(|own| &known.places[*own]).collect();
        let is_above = |place: &Place| others.iter().any(|other| other.path.starts_with(&place.path));
        let goes_below = others.iter().all(|other| place.path.starts_with(&other.path));
        let is_office = |place: &Place| matches!(place.kind, UnitKind::Department | UnitKind::Town | UnitKind::County);
        if part.unknown {
            part.marks.push(Mark { start: name.start, end: name.end, why: Why::OtherUnit });
        } else if part.units.is_empty()
            || goes_below
            || others.iter().all(|other| is_office(other)) && !is_office(place)
        {
            // 圣灯山镇天坪村, 司法所到天坪村: the village is meant.
            let is_first = part.units.is_empty() && parts.len() == 1 && !has_figures && name.start > block.start;
            let Some(part) = parts.last_mut() else { break };
            part.units = vec![unit];
            let heads = is_first && is_line && chars[block.start..name.start].contains(&'\n');
            if heads {
                // What stands above the first village's own line holds for all of them.
                part.units.clear();
                part.end = name.start;
                parts.push(Part { start: name.start, end: block.end, units: vec![unit], ..Part::default() });
            }
            (own_from, list_end) = (Some(name.start), Some(name.end));
        } else if place.kind == UnitKind::School {
            part.place = names::without_brackets(&place.short_name).to_owned();
        } else if !is_above(place) && !is_office(place) {
            part.marks.push(Mark { start: name.start, end: name.end, why: Why::OtherUnit });
        }
    }
    for part in &mut parts {
        trim(chars, part);
        let said = villages_said(chars, part);
        let own: Vec<Named> =
            names.iter().copied().filter(|one| part.start <= one.start && one.end <= part.end).collect();
        let members = names::unknown_members(chars, (part.start, part.end), &own, said.map(|(start, ..)| start));
        let villages = part.units.iter().filter(|unit| known.places[**unit].is_village()).count();
        if villages == 0 && !part.unknown {
            all_villages(chars, part, said, known);
        } else if let Some((start, end, _)) =
            said.filter(|(_, _, count)| members.is_empty() && *count != villages as i64)
        {
            part.marks.push(Mark { start, end, why: Why::Villages });
        }
        part.marks.extend(members.into_iter().map(|(start, end)| Mark { start, end, why: Why::UnknownUnit }));
        if part.place.is_empty() {
            part.place = held_at(&chars[part.start..part.end], part, known);
        }
    }
    (parts, first_named)
}

/// Leaves out the space, bullets and brackets around a part.
fn trim(chars: &[char], part: &mut Part) {
    let is_edge = |letter: &char| letter.is_whitespace() || "【[·•●▪◆★☆✅👉-—".contains(*letter);
    while part.end > part.start && is_edge(&chars[part.end - 1]) {
        part.end -= 1;
    }
}

/// A heading of a unit that nobody knows: its figures are no other unit's.
fn unknown_begins(parts: &mut Vec<Part>, name: &Named, figures: &[usize], end: usize) {
    let mark = Mark { start: name.start, end: name.end, why: Why::UnknownUnit };
    let Some(part) = parts.last_mut() else { return };
    let is_new =
        !part.units.is_empty() || part.unknown || figures.iter().any(|at| (part.start..name.start).contains(at));
    if is_new {
        part.end = name.start;
        parts.push(Part { start: name.start, end, unknown: true, marks: vec![mark], ..Part::default() });
    } else {
        part.unknown = true;
        part.marks.push(mark);
    }
}

/// How many villages a part says it is about (三个村), and where, in the whole text.
fn villages_said(chars: &[char], part: &Part) -> Option<(usize, usize, i64)> {
    let text: String = chars[part.start..part.end].iter().collect();
    amount::find_amounts(&text).into_iter().find_map(|found| {
        let count = found.amount.filter(|amount| amount.unit_word.as_deref() == Some("个"))?.value;
        let rest: String = text.chars().skip(found.end).take(2).collect();
        let is_villages = rest.starts_with('村') || rest.starts_with("社区");
        is_villages.then_some((part.start + found.start, part.start + found.end, count))
    })
}

/// 各村, 14个村（社区）: all villages below the unit that is named or below the reader's town.
fn all_villages(chars: &[char], part: &mut Part, said: Option<(usize, usize, i64)>, known: &Known<'_>) {
    let text: String = chars[part.start..part.end].iter().collect();
    let is_all = ["各村", "所有村", "每个村", "每村", "全部村"].iter().any(|word| text.contains(word));
    if said.is_none() && !is_all {
        return;
    }
    let above = match part.units.first() {
        Some(unit) => Some(&known.places[*unit]),
        None => known
            .places
            .iter()
            .filter(|place| place.mine && place.kind == UnitKind::Town)
            .min_by_key(|place| place.path.len()),
    };
    let Some(above) = above else { return };
    let villages: Vec<usize> = (0..known.places.len())
        .filter(|unit| known.places[*unit].is_village() && known.places[*unit].path.starts_with(&above.path))
        .collect();
    if let Some((start, end, _)) = said.filter(|(_, _, count)| *count != villages.len() as i64) {
        part.marks.push(Mark { start, end, why: Why::Villages });
    }
    if villages.len() > 1 {
        part.units = villages;
    }
}

/// 在村口院坝开展…: the place itself.
fn held_at(chars: &[char], part: &Part, known: &Known<'_>) -> String {
    const DOES: [&str; 14] =
        ["开展", "举行", "举办", "组织", "召开", "悬挂", "发放", "进行", "设置", "集中", "宣讲", "播放", "张贴", "摆"];
    let text: String = chars.iter().collect();
    let own = ["地点：", "地点:"].iter().find_map(|word| text.split_once(word)).map(|(_, rest)| {
        let end = |letter: char| "，,。；;\n".contains(letter);
        rest.split(end).next().unwrap_or_default().trim().to_owned()
    });
    let found = own.or_else(|| {
        text.split(['，', ',', '。', '；', ';', '\n', '：', ':']).find_map(|clause| {
            let (_, rest) = clause.split_once('在')?;
            let end = DOES.iter().filter_map(|word| rest.find(word)).min()?;
            Some(rest[..end].trim().to_owned())
        })
    });
    let found = found.unwrap_or_default();
    let is_unit =
        part.units.iter().any(|unit| [&known.places[*unit].name, &known.places[*unit].short_name].contains(&&found));
    let is_time = ["期间", "之际", "全村", "全镇", "日", "月", "来临", "中"].iter().any(|word| found.ends_with(word));
    if is_unit || is_time || !(2..=20).contains(&found.chars().count()) { String::new() } else { found }
}

/// What is said of figures for several villages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Each,
    Together,
    Open,
}

fn manner(text: &str) -> Manner {
    let chars: Vec<char> = text.chars().collect();
    let is_each = ["每村", "每个村", "分别", "均悬挂", "均发放", "均开展"].iter().any(|word| text.contains(word))
        || chars.windows(2).any(|pair| pair[0] == '各' && !NO_EACH.contains(pair[1]));
    let is_sum = ["合计", "共计", "总计", "一共", "总共", "累计"].iter().any(|word| text.contains(word))
        || chars.windows(2).any(|pair| pair[0] == '共' && !"同享享产青建治和".contains(pair[1]));
    match (is_each, is_sum) {
        (true, false) => Manner::Each,
        (false, true) => Manner::Together,
        _ => Manner::Open,
    }
}

/// The entry for each unit of the part, or one for all of them.
pub fn for_units(entry: Entry, part: &Part, text: &str, known: &Known<'_>) -> Vec<Entry> {
    let units: Vec<&Place> = part.units.iter().map(|unit| &known.places[*unit]).collect();
    let together = |entry: &Entry| {
        let own = Entry { covers: units.iter().map(|place| place.code.clone()).collect(), ..entry.clone() };
        match common(&units, known.places) {
            Some(above) => at(own, above, part),
            None => Entry { foreign: Some(units[0].short_name.clone()), ..own },
        }
    };
    match units[..] {
        [] => vec![Entry { unit: known.home.filter(|_| !part.unknown).map(str::to_owned), ..entry }],
        [place] => vec![at(entry, place, part)],
        _ if entry.counts.iter().any(|count| count.each) => {
            let (each, rest) = shared_out(&entry, text, known);
            let mut all: Vec<Entry> = units.iter().map(|place| at(each.clone(), place, part)).collect();
            all.extend(rest.map(|rest| together(&rest)));
            all
        }
        _ => match manner(text) {
            Manner::Each => units.iter().map(|place| at(entry.clone(), place, part)).collect(),
            Manner::Together => vec![together(&entry)],
            Manner::Open => {
                let mut own = entry;
                own.units = units.iter().filter(|place| place.mine).map(|place| place.code.clone()).collect();
                own.foreign = units.iter().find(|place| !place.mine).map(|place| place.short_name.clone());
                own.unit = common(&units, known.places).filter(|above| above.mine).map(|above| above.code.clone());
                own.marks.push(Mark { start: part.start, end: part.start, why: Why::Manner });
                vec![own]
            }
        },
    }
}

/// An entry of one unit.
fn at(entry: Entry, place: &Place, part: &Part) -> Entry {
    let mut own = entry;
    if place.mine {
        own.unit = Some(place.code.clone());
    } else {
        own.foreign = Some(place.short_name.clone());
        own.marks.push(Mark { start: part.start, end: part.start, why: Why::Foreign });
    }
    own
}

/// An entry taken apart: what 各 makes each village's, and what is left of it, which is theirs together. That a session was
/// held by all of them makes it one session.
fn shared_out(entry: &Entry, text: &str, known: &Known<'_>) -> (Entry, Option<Entry>) {
    let with = |counts: Vec<Count>, others: &[Count]| {
        let is_others = |mark: &Mark| others.iter().any(|count| count.start <= mark.start && mark.end <= count.end);
        let marks = entry.marks.iter().copied().filter(|mark| mark.start == mark.end || !is_others(mark)).collect();
        Entry { kind: kind_of(&counts, known.catalogue), counts, marks, ..entry.clone() }
    };
    let (each, rest): (Vec<Count>, Vec<Count>) = entry.counts.iter().cloned().partition(|count| count.each);
    let is_joint = ["联合", "共同", "一起", "合办", "共"].iter().any(|word| text.contains(word));
    let own = with(each.clone(), &rest);
    if rest.is_empty() {
        return (own, None);
    }
    let open: Vec<Mark> = rest
        .iter()
        .filter(|_| !is_joint)
        .map(|count| Mark { start: count.start, end: count.end, why: Why::NotEach })
        .collect();
    let mut together = with(rest, &each);
    together.marks.extend(open);
    (own, Some(together))
}

/// The lowest unit above all of these.
pub fn common<'a>(units: &[&Place], places: &'a [Place]) -> Option<&'a Place> {
    places
        .iter()
        .filter(|above| units.iter().all(|unit| unit.code != above.code && unit.path.starts_with(&above.path)))
        .max_by_key(|above| above.path.len())
}
