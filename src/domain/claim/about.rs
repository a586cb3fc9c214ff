//! What a figure is about besides what it counts: at which units, on which theme, for which campaign. 天坪村发放资料5000份 in a
//! town's draft is the village's, 发放禁毒资料1200份 what is logged on drugs.
//!
//! The nearest words count: those beside the figure, then those before it in its sentence clause by clause, then the heading
//! above. What no log tells apart (联合派出所, a theme or a village that nobody knows, several at once) narrows nothing, but is a
//! doubt. A list that ends with 等 is open, and narrows nothing.

use super::{
    Known, Why,
    gap::{contains, ends_with},
    mark::{Mark, What, marks},
    topic_words as list,
    window::Windows,
    words,
};
use crate::domain::unit::UnitKind;

/// At which units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Place {
    /// Nothing narrows it.
    #[default]
    Whole,
    /// At the unit with this id and below.
    At(i64),
    /// At the units of this kind; villages include communities.
    Kind(UnitKind),
}

/// On what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Topic {
    #[default]
    Any,
    /// By its key.
    Theme(String),
    /// By its id.
    Campaign(i64),
}

/// Words that narrow a figure to what no log tells apart: it is held against the wider sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub why: Why,
    /// Where they stand, in characters.
    pub start: usize,
    pub end: usize,
}

/// What a figure is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    pub place: Place,
    pub topic: Topic,
    pub doubt: Option<Doubt>,
}

/// What the figures of a draft are about.
pub struct Abouts<'a> {
    chars: &'a [char],
    known: &'a Known<'a>,
    numbers: &'a [(usize, usize)],
    marks: Vec<Mark>,
    /// From where on which heading holds, and where its words begin and end.
    heads: Vec<(usize, (usize, usize))>,
}

/// The farthest that words speak to a figure behind them.
const FAR: usize = 300;
/// The longest heading.
const HEADING: usize = 32;

fn is_end(letter: char) -> bool {
    "。；！？;!?\n".contains(letter)
}

impl<'a> Abouts<'a> {
    pub fn of(
        text: &str,
        chars: &'a [char],
        known: &'a Known<'a>,
        numbers: &'a [(usize, usize)],
        windows: &Windows,
    ) -> Abouts<'a> {
        let marks = marks(text, chars, known, windows);
        let mut abouts = Abouts { chars, known, numbers, marks, heads: Vec::new() };
        abouts.heads = abouts.heads();
        abouts
    }

    fn within(&self, from: usize, to: usize) -> &[Mark] {
        let first = self.marks.partition_point(|mark| mark.start < from);
        let last = self.marks.partition_point(|mark| mark.start < to);
        &self.marks[first..last.max(first)]
    }

    /// Where titles of campaigns stand.
    pub fn titles(&self) -> Vec<(usize, usize)> {
        let named = self.marks.iter().filter(|mark| matches!(mark.what, What::Campaign(_)));
        named.map(|mark| (mark.start, mark.end)).collect()
    }

    /// Where the words before a line's colon end that say what all of it is about: 1.禁毒：开展活动39次.
    fn colon(&self, from: usize, line: &[char]) -> Option<usize> {
        let length = line.iter().take(HEADING).position(|letter| "：:".contains(*letter))?;
        let to = from + length;
        let first = self.numbers.partition_point(|(_, end)| *end <= from);
        let has_figure = self.numbers.get(first).is_some_and(|(start, _)| *start < to);
        let ends = line[..length].iter().any(|letter| "，,。；;！？\n".contains(*letter));
        (!has_figure && !ends && self.within(from, to).iter().any(|mark| mark.what.is_topic())).then_some(to)
    }

    /// Lines that are headings, and what numbered paragraphs begin with: （一）开展禁毒宣传。
    fn heads(&self) -> Vec<(usize, (usize, usize))> {
        let mut heads = Vec::new();
        let mut start = 0;
        // What holds again behind a line that began with a heading of its own.
        let mut above = (0, 0);
        for line in self.chars.split_inclusive(|letter| *letter == '\n') {
            let from = start;
            start += line.len();
            let shift = line.iter().take_while(|letter| letter.is_whitespace()).count();
            let text = &line[shift..];
            if let Some(to) = self.colon(from + shift, text).filter(|to| {
                *to + 1
                    < from + shift + text.iter().rposition(|letter| !letter.is_whitespace()).map_or(0, |last| last + 1)
            }) {
                heads.push((to, (from + shift, to)));
                heads.push((start, above));
                continue;
            }
            let length = text.iter().position(|letter| "。！？\n".contains(*letter)).unwrap_or(text.len());
            let is_numbered = text.first().is_some_and(|letter| "一二三四五六七八九十（(123456789".contains(*letter))
                && text.iter().take(6).any(|letter| "、）).．".contains(*letter));
            let is_line = length == text.len() || text[length] == '\n';
            let (from, to) = (from + shift, from + shift + length);
            let first = self.numbers.partition_point(|(_, end)| *end <= from + 4);
            let has_figure = self.numbers.get(first).is_some_and(|(start, _)| *start < to);
            if length == 0 || length > HEADING || has_figure || !(is_numbered || is_line) {
                continue;
            }
            // A line that says nothing of the kind ends no part: 区委、区政府：
            if is_numbered || self.within(from, to).iter().any(|mark| mark.what != What::Others) {
                above = (from, to);
                heads.push((to, above));
            }
        }
        heads
    }

    /// What the figure with this number is about.
    pub fn at(&self, index: usize) -> About {
        let (start, end) = self.numbers[index];
        let sentence = self.chars[start.saturating_sub(FAR)..start].iter().rposition(|letter| is_end(*letter));
        let sentence = sentence.map_or(start.saturating_sub(FAR), |at| start.saturating_sub(FAR) + at + 1);
        let former = index.checked_sub(1).map_or(0, |index| self.numbers[index].1).clamp(sentence, start);
        let next = self.numbers.get(index + 1).map_or(self.chars.len(), |one| one.0);
        let clause = self.chars[sentence..start].iter().rposition(|letter| "，,".contains(*letter));
        let clause = clause.map_or(sentence, |at| sentence + at + 1);
        let behind = self.chars[end..next.max(end)].iter().take(24);
        let behind = behind.take_while(|letter| !is_end(**letter) && !"，,、".contains(**letter)).count();
        // What stands behind the figure, between it and the one before, in its clause, in the clauses before.
        let mut reach = vec![(end, end + behind), (former.max(clause), start), (clause, start)];
        let mut to = clause;
        while to > sentence {
            let from = self.chars[sentence..to - 1].iter().rposition(|letter| "，,".contains(*letter));
            let from = from.map_or(sentence, |at| sentence + at + 1);
            reach.push((from, to));
            to = from;
        }
        // A sentence that tells of everything again is under no heading.
        if !contains(&self.chars[sentence..start], list::AGAIN) {
            let head = self.heads.partition_point(|(from, _)| *from <= sentence.max(1)).checked_sub(1);
            reach.extend(head.map(|head| self.heads[head].1));
        }
        let mut about = About::default();
        let (mut placed, mut topical) = (false, false);
        for (from, to) in &reach {
            let marks = self.within(*from, *to);
            if !placed && let Some((place, doubt)) = self.place(marks) {
                (placed, about.place) = (true, place);
                about.doubt = about.doubt.or(doubt);
            }
            let carried = || marks.iter().filter(|mark| mark.end > former || self.carries(mark)).cloned().collect();
            let marks: Vec<Mark> = if *to <= clause || *from <= clause { carried() } else { marks.to_vec() };
            if topical {
                // 开展禁毒专项行动，开展禁毒宣传: the campaign is meant still.
                if let Some(run) = self.run_on(&marks, &about.topic) {
                    about.topic = run;
                }
            } else if let Some((topic, doubt)) = self.topic(&marks, *to) {
                (topical, about.topic) = (true, topic);
                about.doubt = about.doubt.or(doubt);
            }
        }
        let partner = self.within(sentence, start).iter().rev().find(|mark| mark.what == What::Partner);
        let partner = partner.map(|mark| Doubt { why: Why::Wider, start: mark.start, end: mark.end });
        about.doubt = about.doubt.or(partner);
        about
    }

    /// Whether a theme named before is spoken of still: 禁毒 of 发放禁毒资料1200份 belongs to those alone, that of 开展禁毒宣传 and
    /// of 禁毒讲座12场 to what follows too.
    fn carries(&self, mark: &Mark) -> bool {
        let does = |from: usize, to: usize| {
            let gap = &self.chars[from..to.max(from)];
            contains(gap, words::VERBS) || contains(gap, list::DOES) || gap.iter().any(|letter| "，,".contains(*letter))
        };
        let next = self.numbers.partition_point(|(start, _)| *start < mark.end);
        let is_event = |index: usize| {
            let (start, end) = self.numbers[index];
            list::EVENTS.iter().any(|word| ends_with(&self.chars[start..end], word))
        };
        let belongs = |index: usize| {
            let (start, end) = self.numbers[index];
            let near = if start >= mark.end { (mark.end, start) } else { (end, mark.start) };
            // What a sentence begins with belongs to none of the one before.
            let apart = self.chars[near.0.min(near.1)..near.1].iter().any(|letter| is_end(*letter));
            near.1 - near.0.min(near.1) <= 12 && !apart && !does(near.0, near.1) && !is_event(index)
        };
        let before = next.checked_sub(1).filter(|index| self.numbers[*index].1 <= mark.start);
        !(next < self.numbers.len() && belongs(next) || before.is_some_and(belongs))
    }

    /// The campaign on the topic that these words name.
    fn run_on(&self, marks: &[Mark], topic: &Topic) -> Option<Topic> {
        let Topic::Theme(key) = topic else { return None };
        let named = |mark: &Mark| if let What::Campaign(id) = mark.what { Some(id) } else { None };
        let runs = self.known.campaigns.iter().filter(|run| run.themes.iter().any(|theme| theme == key));
        let runs: Vec<i64> = runs.map(|run| run.id).collect();
        marks.iter().rev().filter_map(named).find(|id| runs.contains(id)).map(Topic::Campaign)
    }

    /// The place that these words name; `None` where they name none.
    fn place(&self, marks: &[Mark]) -> Option<(Place, Option<Doubt>)> {
        let all: Vec<&Mark> = marks.iter().filter(|mark| mark.what.is_place()).collect();
        // 在天坪村召开现场会，全镇… speaks of the whole, 我镇在天坪村… of the village.
        let last = all.iter().rposition(|mark| mark.what == What::Whole);
        let named = &all[last.map_or(0, |last| last + 1)..];
        let units: Vec<&&Mark> =
            named.iter().filter(|mark| matches!(mark.what, What::Unit(_) | What::Elsewhere)).collect();
        if let (Some(first), Some(end)) = (units.first(), units.last()) {
            let doubt = |why| Some(Doubt { why, start: first.start, end: end.end });
            let same = units.iter().all(|one| one.what == first.what && first.what != What::Elsewhere);
            return Some(match first.what {
                What::Unit(id) if same => (Place::At(id), None),
                _ if units.len() == 1 => (Place::Whole, doubt(Why::Wider)),
                _ => (Place::Whole, doubt(Why::Places)),
            });
        }
        let kinds: Vec<&What> = named.iter().map(|mark| &mark.what).collect();
        match kinds.iter().find(|what| matches!(what, What::Kind(_))) {
            Some(What::Kind(kind)) if kinds.iter().all(|what| **what == What::Kind(*kind)) => {
                Some((Place::Kind(*kind), None))
            }
            Some(_) => Some((Place::Whole, None)),
            None => last.map(|_| (Place::Whole, None)),
        }
    }

    /// The topic that these words, which end at a place, name; `None` where they name none.
    fn topic(&self, marks: &[Mark], end: usize) -> Option<(Topic, Option<Doubt>)> {
        let mut all: Vec<&Mark> = marks.iter().filter(|mark| mark.what.is_topic()).collect();
        // 禁毒专项行动 speaks of 禁毒 too.
        let runs: Vec<i64> =
            all.iter().filter_map(|mark| if let What::Campaign(id) = mark.what { Some(id) } else { None }).collect();
        let told = |key: &str| {
            let mut named = self.known.campaigns.iter().filter(|run| runs.contains(&run.id));
            named.any(|run| run.themes.iter().any(|theme| theme == key))
        };
        all.retain(|mark| if let What::Theme(key) = &mark.what { !told(key) } else { true });
        let (first, last) = (all.first()?, all.last()?);
        let rest = &self.chars[last.end..end.clamp(last.end, last.end + 6)];
        let open = rest.iter().position(|letter| *letter == '等');
        if open.is_some_and(|at| rest[..at].iter().all(|letter| !"，,。；;".contains(*letter))) {
            return Some((Topic::Any, None));
        }
        let doubt = Some(Doubt { why: Why::Wider, start: first.start, end: last.end });
        if all.iter().any(|mark| mark.what != first.what) {
            return Some((Topic::Any, doubt));
        }
        Some(match &first.what {
            What::Theme(key) => (Topic::Theme(key.clone()), None),
            What::Campaign(id) => (Topic::Campaign(*id), None),
            _ => (Topic::Any, doubt),
        })
    }
}
