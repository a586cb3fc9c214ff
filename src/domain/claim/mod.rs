//! The figures of a draft (数字核对): every number with its unit word in Chinese text, what it counts, over which time, and
//! whether the log carries it.
//!
//! Sources: the township's yearly report of 2021 and the contract's "Claims". Counts are read by [`super::amount`], days by
//! [`super::day_text`], names by [`super::alias`]; here stands what a report adds to them: shares, ranges, 数百, figures that
//! several measures share, campaigns, plans, rates. Years, days, document and section numbers, telephone numbers, durations
//! and set phrases (三位一体) are no figures.

pub mod about;
#[cfg(test)]
mod about_tests;
mod activity;
#[cfg(test)]
mod activity_tests;
mod change;
mod gap;
#[cfg(test)]
mod law_tests;
mod mark;
mod number;
#[cfg(test)]
mod sentence_tests;
mod subject;
#[cfg(test)]
mod tests;
mod topic_words;
pub mod verdict;
mod window;
mod words;

use super::{
    alias::Vocabulary,
    catalogue::Catalogue,
    measure::{Measure, Wording},
    numeral,
    period::Period,
    unit::UnitKind,
};
use about::About;
use subject::Text;

/// What a number says: 150余 is 150 and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// 156条
    Exactly,
    /// 7000份以上, 上百次, 不少于4次: this or more.
    AtLeast,
    /// 150余条, 超过150条: more than this.
    More,
    /// 约200
    About,
    /// 近300: a little less, which nobody may say of more than there is.
    Near,
    /// 30-40场: up to this.
    UpTo(i64),
    /// 不足200: less than this.
    Below,
}

/// The number of a claim.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// The value, of a range its lower end.
    Count(i64, Said),
    /// 94.4%, 九成, 百分之九十: as it is written, in its own unit.
    Share(f64),
}

crate::keyed! {
    /// Why a figure cannot be held against the log.
    Why {
        /// A share: goals show shares.
        Share => "share",
        /// 调解成功率98.8%: a share that no goal shows.
        OtherShare => "other_share",
        /// 提高2.1个百分点: the difference of two shares.
        Points => "points",
        /// 还差3次 is what was not done.
        Missing => "missing",
        /// What is counted is no measure of ours: another office's figure.
        NoMeasure => "no_measure",
        /// Counted nowhere: 志愿者, 墙体标语.
        NotCounted => "not_counted",
        /// The measure is counted in another unit.
        UnitWord => "unit_word",
        /// 每村3条 is no sum.
        Rate => "rate",
        /// 增加30场, 环比增长12%: nobody can tell compared with what, or of what.
        Change => "change",
        /// 同比增长12%, and the log holds nothing of the year before.
        NoFormer => "no_former",
        /// 同比增长12%, and one of the two years is told as 余 or 约: how much it grew is not certain.
        Rough => "rough",
        /// 计划开展30场 was not done yet.
        Plan => "plan",
        /// 其中…: a part of the figure before it, and nobody can tell which.
        PartOf => "part_of",
        /// 不足200 says only what it stays below.
        Upper => "upper",
        /// 天坪村、两河村悬挂横幅20条: of several units nobody can tell which are meant.
        Places => "places",
        /// 联合派出所, 知识产权, 红旗村: the log does not tell it apart; the wider sum has it.
        Wider => "wider",
        /// 在学校: what units of the kind logged themselves is less, what all logged is not.
        Kind => "kind",
        /// 近期, 入冬以来: nobody can tell from when to when; the year has it.
        Unclear => "unclear",
        /// One draft asks about too many times, themes and places.
        TooMany => "too_many",
        /// 人 where attendances (人次) are logged: one is never made of the other.
        People => "people",
    }
}

/// What a number counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Measures {
        /// The keys of the measures that share the figure; their sum is meant.
        keys: Vec<String>,
        /// 各20块: each of them has this many.
        each: bool,
        /// People, of whom the log has attendances only.
        people: bool,
        /// 其中禁毒资料1200份: what of them is on this theme.
        theme: Option<String>,
    },
    /// How many activities there were, of whatever measure; and what else the words may mean.
    Activities {
        or: Vec<Subject>,
    },
    /// How many campaigns there were, as the report counts them.
    Campaigns,
    /// 同比增长12%, 同比增加30场: how much more of them there was than in the same time of the year before.
    Growth {
        keys: Vec<String>,
        up: bool,
    },
    Unknown(Why),
}

impl Subject {
    /// The ways in which it may be read, the likeliest first.
    pub fn readings(&self) -> Vec<Subject> {
        match self {
            Subject::Activities { or } => {
                let activities = Subject::Activities { or: Vec::new() };
                [activities].into_iter().chain(or.iter().cloned()).collect()
            }
            other => vec![other.clone()],
        }
    }
}

/// Over which time a figure is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The year that was asked for.
    Year,
    /// The time that these words (from, to, in characters) name.
    Within(Period, usize, usize),
    /// These words narrow the time, nobody can tell how: the year is looked at.
    Unclear(usize, usize),
}

/// A figure in a draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Where it begins and ends, in characters: the figure with its qualifier and unit word only.
    pub start: usize,
    pub end: usize,
    pub number: Number,
    pub unit_word: Option<String>,
    pub subject: Subject,
    /// At which units, on what it is meant.
    pub about: About,
    pub when: When,
}

/// A unit that a draft may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: i64,
    /// As drafts call it: 天坪村.
    pub name: String,
    pub kind: UnitKind,
}

/// A campaign that a draft may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub id: i64,
    pub title: String,
    /// The keys of its themes: 禁毒专项行动 speaks of 禁毒 too.
    pub themes: Vec<String>,
}

/// Words by which an office puts figures itself: what stands before the figure, and the measures that it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    before: Vec<char>,
    keys: Vec<String>,
}

/// The phrases of these measures, each with its wording in force; those that a group shares tell all of it.
pub fn phrases<'a>(wordings: impl IntoIterator<Item = (&'a Measure, &'a Wording)>) -> Vec<Phrase> {
    let wordings: Vec<_> = wordings.into_iter().collect();
    let before = |text: &str| -> Vec<char> {
        let words = text.split("{figure}").next().unwrap_or_default();
        numeral::narrow(words.trim())
    };
    let mut all = Vec::new();
    for (measure, wording) in &wordings {
        let own = wording.phrase.iter().map(|phrase| (before(phrase), vec![measure.key.clone()]));
        let group = wordings.iter().filter(|(_, other)| other.group.is_some() && other.group == wording.group);
        let members: Vec<String> = group.map(|(other, _)| other.key.clone()).collect();
        let together = wording.together.iter().map(|phrase| (before(phrase), members.clone()));
        all.extend(own.chain(together).filter(|(before, keys)| before.len() > 1 && !keys.is_empty()));
    }
    all.sort();
    all.dedup();
    all.into_iter().map(|(before, keys)| Phrase { before, keys }).collect()
}

/// What a draft is read with.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The year that the draft tells of.
    pub year: i32,
    pub catalogue: &'a Catalogue,
    pub vocabulary: &'a Vocabulary,
    pub phrases: &'a [Phrase],
    /// The names of the key dates with their days in that year.
    pub key_dates: &'a [(String, Period)],
    /// The names of the unit itself: they narrow nothing.
    pub own_names: &'a [String],
    /// The units below it.
    pub units: &'a [Named],
    pub campaigns: &'a [Run],
}

/// The figures of a text, one behind another.
pub fn find(text: &str, known: &Known<'_>) -> Vec<Claim> {
    let chars = numeral::narrow(text);
    let windows = window::windows(text, &chars, known);
    let numbers = number::numbers(text, &chars, &windows.days, known);
    let spans: Vec<(usize, usize)> = numbers.iter().map(|one| (one.start, one.end)).collect();
    let abouts = about::Abouts::of(text, &chars, known, &spans, &windows);
    let mut reader = Text::new(text, chars.clone(), known, abouts.titles());
    let mut claims = Vec::new();
    for (index, one) in numbers.iter().enumerate() {
        let left = index.checked_sub(1).map_or(0, |index| numbers[index].end);
        let right = numbers.get(index + 1).map_or(reader.len(), |next| next.start);
        let subject = reader.subject(one, left, right);
        if reader.is_empty_word(one, &subject) {
            continue;
        }
        let mut about = abouts.at(index);
        if let Subject::Measures { theme: Some(theme), .. } = &subject {
            about.topic = about::Topic::Theme(theme.clone());
        }
        let when = windows.at(one.start);
        let (start, end) = (one.start, one.end);
        claims.push(Claim { start, end, number: one.number, unit_word: one.unit_word.clone(), subject, about, when });
    }
    claims
}

/// The unit word for a figure in official words: the draft's own where it means the measure's (12场次), else the measure's.
pub fn unit_word<'a>(claim: &'a Claim, own: &'a str) -> &'a str {
    let Some(word) = claim.unit_word.as_deref() else { return own };
    let same = words::SAME.iter().any(|all| all.contains(&word) && all.contains(&own));
    if same { word } else { own }
}
