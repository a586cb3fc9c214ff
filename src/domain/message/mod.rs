//! A message from the villages' group, read: one draft for each village, with what is doubtful about it pointed out.
//!
//! Source: acceptance scenario 15 and the contract's "How things are really counted". Nothing here decides: a person looks
//! at the drafts and confirms them. A number that is not taken is pointed out with the reason, never dropped; no value is above
//! what stands in the text, but for plays reckoned from days and a session held without a number, which are pointed out too.

mod block;
mod by_word;
mod clause;
mod count;
mod named;
mod names;
mod place;

use super::{
    alias::Vocabulary,
    catalogue::Catalogue,
    day_text,
    measure::Precision,
    numeral,
    period::Day,
    unit::{Unit, UnitKind},
};
use std::collections::BTreeSet;

/// A unit that a message may name.
#[derive(Clone, Debug)]
pub struct Place {
    pub code: String,
    pub path: String,
    pub kind: UnitKind,
    pub short_name: String,
    pub name: String,
    /// Whether the reader may log there.
    pub mine: bool,
}

impl Place {
    pub fn of(unit: &Unit, mine: bool) -> Place {
        Place {
            code: unit.code.clone(),
            path: unit.path.clone(),
            kind: unit.kind,
            short_name: unit.short_name.clone(),
            name: unit.name.clone(),
            mine,
        }
    }

    fn is_village(&self) -> bool {
        matches!(self.kind, UnitKind::Village | UnitKind::Community)
    }
}

/// What a message is held against.
#[derive(Debug)]
pub struct Known<'a> {
    pub today: Day,
    pub catalogue: &'a Catalogue,
    pub vocabulary: &'a Vocabulary,
    pub places: &'a [Place],
    /// The code of the reader's own unit, where that is one village or school: whose message names none is theirs.
    pub home: Option<&'a str>,
}

crate::keyed! {
    /// What is doubtful about a part of a message.
    Why {
        /// 数百, 几十: no figure.
        Vague => "vague",
        /// 不足200: only what it stays below.
        Upper => "upper",
        /// 30-40人: the lower end was read.
        Range => "range",
        /// 十几: the lower end was read.
        AndSome => "and_some",
        /// A number that matches nothing that is counted.
        NoMeasure => "no_measure",
        /// Said of what is not counted: 志愿者, 墙体标语, 转发.
        NotCounted => "not_counted",
        /// Only made or fetched, not hung or handed out.
        OnlyMade => "only_made",
        /// A unit word that does not go with the measure.
        UnitWord => "unit_word",
        /// No word says what was counted: the unit word alone did.
        ByUnitWord => "by_unit_word",
        /// Two measures stand before one number.
        TwoMeasures => "two_measures",
        /// The measure stands twice; the figures were added.
        Repeated => "repeated",
        /// 其中: a part of another figure, left out.
        PartOf => "part_of",
        /// Reckoned from days and times a day.
        Reckoned => "reckoned",
        /// So many a day, and nobody says how many days.
        PerDay => "per_day",
        /// Too large for any figure, or nought.
        OutOfRange => "out_of_range",
        /// A summary over a longer time, whose figures may have been logged one by one.
        Cumulative => "cumulative",
        /// A sum over a longer time besides what was done: left out.
        SumLeftOut => "sum_left_out",
        /// Planned and not done: left out.
        Planned => "planned",
        /// 近百人: about a hundred.
        Near => "near",
        /// 40-30人: a number that cannot be.
        Unreadable => "unreadable",
        /// Money, hours: counted nowhere.
        Aside => "aside",
        /// A session without a number: once.
        Once => "once",
        /// A screen that ran for some days: once a day.
        OnceADay => "once_a_day",
        /// Something was done with it, and no number is said.
        NoCount => "no_count",
        /// The day is guessed.
        Day => "day",
        /// Several days are named; the first was taken.
        Days => "days",
        /// Another unit is named besides.
        OtherUnit => "other_unit",
        /// A unit is named that is not known.
        UnknownUnit => "unknown_unit",
        /// The unit is not the reader's.
        Foreign => "foreign",
        /// So many villages are named, but there are more or fewer.
        Villages => "villages",
        /// The figures stand for several villages: each, or together?
        Manner => "manner",
        /// Besides figures of each village: taken as theirs together.
        NotEach => "not_each",
    }
}

/// A doubtful part of the text; places in characters of the whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub start: usize,
    pub end: usize,
    pub why: Why,
}

/// A count that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The measure's key.
    pub measure: String,
    pub value: i64,
    pub precision: Precision,
    /// Where it stands; of figures that were added, the first.
    pub start: usize,
    pub end: usize,
    pub doubt: Option<Why>,
    /// Of several villages: each one's (各), not theirs together.
    pub each: bool,
}

/// A draft for one village, or for several together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The part of the text it was read from.
    pub start: usize,
    pub end: usize,
    /// The unit's code; `None`: nobody said, or it is not the reader's.
    pub unit: Option<String>,
    /// The name of a unit that is not the reader's.
    pub foreign: Option<String>,
    /// Several villages of which nobody said whether the figures are for each or together.
    pub units: Vec<String>,
    /// The villages that an entry of their parent is for together.
    pub covers: Vec<String>,
    pub date: Day,
    pub date_to: Option<Day>,
    /// The activity type's key.
    pub kind: Option<String>,
    pub themes: Vec<String>,
    pub counts: Vec<Count>,
    pub place: String,
    pub marks: Vec<Mark>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub entries: Vec<Entry>,
    /// Parts that tell of nothing to log (收到), by place in the text.
    pub left_out: Vec<(usize, usize)>,
}

/// A day that is older than this without its year was hardly meant.
const OLD_DAYS: i64 = 100;

/// Reads a text: one message or many, as copied from the group.
pub fn read(text: &str, known: &Known<'_>) -> Reading {
    let chars: Vec<char> = text.chars().collect();
    let mut reading = Reading::default();
    for block in block::split(&chars, known.today) {
        let (parts, first_named) = place::parts(&chars, &block, known);
        let mut shared = Shared::default();
        if parts.len() > 1 {
            shared = Shared::of(&chars[block.start..first_named], &block, known);
        }
        for (index, part) in parts.iter().enumerate() {
            let found = entries_of(&chars, part, &block, &shared, known);
            // A day that the first village's line names is most likely the next one's too.
            shared.before =
                found.first().map(|entry| day_text::Days { from: entry.date, to: entry.date_to }).or(shared.before);
            match found.is_empty() {
                false => reading.entries.extend(found),
                // What is said before the first village holds for all of them.
                true if index == 0 && parts.len() > 1 && part.units.is_empty() => {}
                true if part.start < part.end => reading.left_out.push((part.start, part.end)),
                true => {}
            }
        }
    }
    reading
}

/// What the beginning of a message says for all that follows.
#[derive(Debug, Default)]
struct Shared {
    days: Option<day_text::Days>,
    themes: Vec<String>,
    /// The day of the part before.
    before: Option<day_text::Days>,
}

impl Shared {
    fn of(chars: &[char], block: &block::Block, known: &Known<'_>) -> Shared {
        let text: String = chars.iter().collect();
        let days = days_in(&text, block, known);
        let days = days.iter().find(|one| !one.doubtful).map(|one| one.days);
        Shared { days, themes: themes(&text, known), before: None }
    }
}

fn themes(text: &str, known: &Known<'_>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found: Vec<String> = known.vocabulary.themes_in(text).into_iter().map(|mention| mention.key).collect();
    found.retain(|key| seen.insert(key.clone()));
    found
}

/// The drafts of one part of a message: several where its figures are for each of several villages.
fn entries_of(
    chars: &[char],
    part: &place::Part,
    block: &block::Block,
    shared: &Shared,
    known: &Known<'_>,
) -> Vec<Entry> {
    let text: String = chars[part.start..part.end].iter().collect();
    let said = days_in(&text, block, known);
    let mut marks = part.marks.clone();
    let (days, guessed) = day_of(&said, &text, part, block, shared, known, &mut marks);
    let read = count::counts(&text, (part.start, part.units.len() > 1), &said, days, known);
    let is_told = !part.units.is_empty() || !read.counts.is_empty();
    // What is only announced is talk, unless it has numbers, which are told.
    if read.counts.is_empty() && read.marks.is_empty() && !(is_told && read.mentions) {
        return Vec::new();
    }
    marks.extend(read.marks);
    if guessed && marks.iter().all(|mark| mark.why != Why::Day) {
        marks.push(Mark { start: part.start, end: part.start, why: Why::Day });
    }
    let mut all_themes = themes(&text, known);
    let own: BTreeSet<String> = all_themes.iter().cloned().collect();
    all_themes.extend(shared.themes.iter().filter(|key| !own.contains(*key)).cloned());
    let entry = Entry {
        start: part.start,
        end: part.end,
        unit: None,
        foreign: None,
        units: Vec::new(),
        covers: Vec::new(),
        date: days.from,
        date_to: days.to,
        kind: kind_of(&read.counts, known.catalogue),
        themes: all_themes,
        counts: read.counts,
        place: part.place.clone(),
        marks,
    };
    place::for_units(entry, part, &text, known)
}

/// The days in a text. What is said without its year lies before its message; what follows a message without a line of its
/// own may be later than it, up to today: 12月8号 below a message of the 4th is no day of the year before.
fn days_in(text: &str, block: &block::Block, known: &Known<'_>) -> Vec<day_text::Found> {
    let sent = block.day.unwrap_or(known.today);
    let mut found = day_text::find_days(text, &day_text::Known::on(sent));
    let later = day_text::find_days(text, &day_text::Known::on(known.today));
    for one in &mut found {
        let is_old = (sent - one.days.from).num_days() > OLD_DAYS;
        let nearer = later.iter().find(|other| other.start == one.start && other.days.from > sent);
        if let Some(nearer) = nearer.filter(|_| is_old) {
            *one = *nearer;
        }
    }
    found
}

/// The day of a part: its own, else the one said before, else the message's; and whether it is guessed.
fn day_of(
    said: &[day_text::Found],
    text: &str,
    part: &place::Part,
    block: &block::Block,
    shared: &Shared,
    known: &Known<'_>,
    marks: &mut Vec<Mark>,
) -> (day_text::Days, bool) {
    let at =
        |found: &day_text::Found, why: Why| Mark { start: part.start + found.start, end: part.start + found.end, why };
    let sure: Vec<&day_text::Found> = said.iter().filter(|found| !found.doubtful).collect();
    // 今天（12月10日）, pasted a week later: the date is the day.
    let is_date =
        |found: &day_text::Found| text.chars().skip(found.start).take(found.end - found.start).any(numeral::begins);
    let dates = sure.iter().filter(|found| is_date(found));
    if let Some(first) = dates.min_by_key(|found| found.start).or(sure.first()) {
        let others =
            said.iter().filter(|found| found.days != first.days && found.start > first.start && is_date(found));
        // 12月4日、8日: one of the two; a key date's name besides is none.
        marks.extend(others.filter(|found| sure.len() > 1 || !is_key_date(found)).map(|found| at(found, Why::Days)));
        if (known.today - first.days.from).num_days() > OLD_DAYS {
            marks.push(at(first, Why::Day));
        }
        return (first.days, false);
    }
    if let Some(days) = shared.days {
        return (days, false);
    }
    if let Some(day) = block.day {
        return (day_text::Days { from: day, to: None }, false);
    }
    match said.first() {
        Some(found) => {
            marks.push(at(found, Why::Day));
            (found.days, true)
        }
        None => (shared.before.unwrap_or(day_text::Days { from: known.today, to: None }), true),
    }
}

/// Whether a doubtful day is the name of one: it is longer than 8日.
fn is_key_date(found: &day_text::Found) -> bool {
    found.end - found.start > 3
}

/// The activity type whose form asks most of the counts, its main one among them; of several the one named first.
fn kind_of(counts: &[Count], catalogue: &Catalogue) -> Option<String> {
    let id_of = |count: &Count| catalogue.measure(&count.measure).map(|measure| measure.id);
    let ids: Vec<i64> = counts.iter().filter_map(id_of).collect();
    let mut best: Option<(usize, usize, &str)> = None;
    for kind in catalogue.active_types() {
        let Some(place) = kind.measures.first().and_then(|main| ids.iter().position(|id| id == main)) else { continue };
        let asked = ids.iter().filter(|id| kind.measures.contains(id)).count();
        let is_better =
            best.is_none_or(|(most, first, _)| (asked, std::cmp::Reverse(place)) > (most, std::cmp::Reverse(first)));
        if is_better {
            best = Some((asked, place, &kind.key));
        }
    }
    best.map(|(_, _, key)| key.to_owned())
}

#[cfg(test)]
mod doubt_tests;
#[cfg(test)]
mod tests;
