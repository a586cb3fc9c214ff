//! What a figure counts: a phrase of the office's own; else the nearest words for a measure that is counted in its unit word,
//! with those that share it; else an activity as such.

use super::{
    Known, Number, Subject, Why,
    gap::{contains, is_separator, parts, rest},
    number::Found,
    words,
};
use crate::domain::alias::{Fit, Mention};

/// A draft and the words for measures in it.
pub struct Text<'a> {
    pub(super) chars: Vec<char>,
    pub(super) mentions: Vec<Mention>,
    pub(super) known: &'a Known<'a>,
    /// The mentions that a number before them counts: 3条横幅.
    taken: Vec<usize>,
    /// Where a part begins, and whether it tells of what is to be done (四、下一步工作).
    pub(super) parts: Vec<(usize, bool)>,
    /// The measures of the last figure that was no part of another one.
    pub(super) last: Vec<String>,
    /// Where that figure ends.
    pub(super) last_end: usize,
    /// Where titles of campaigns stand: words in them count nothing by themselves.
    titles: Vec<(usize, usize)>,
}

/// The farthest that words for a measure stand from its figure, what counts nothing left out.
const FAR: usize = 10;
/// Farther than this nothing is looked for at all.
const REACH: usize = 300;
/// How near they stand where the unit word is not the measure's own, and how much may stand behind a comma between.
const NEAR: usize = 2;

impl<'a> Text<'a> {
    pub fn new(text: &str, chars: Vec<char>, known: &'a Known<'a>, titles: Vec<(usize, usize)>) -> Text<'a> {
        let mentions = known.vocabulary.measures_in(text);
        let parts = parts(&chars);
        Text { chars, mentions, known, taken: Vec::new(), parts, last: Vec::new(), last_end: 0, titles }
    }

    /// The mentions between two places, with their numbers.
    pub(super) fn within(&self, from: usize, to: usize) -> impl Iterator<Item = (usize, &Mention)> {
        let first = self.mentions.partition_point(|mention| mention.start < from);
        self.mentions.iter().enumerate().skip(first).take_while(move |(_, mention)| mention.start < to)
    }

    pub fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &[char] {
        &self.chars[start.min(end)..end.max(start)]
    }

    /// Where what ends with one of these letters begins, not before `from`.
    pub(super) fn start_of(&self, from: usize, place: usize, ends: &str) -> usize {
        let from = from.min(place);
        self.chars[from..place].iter().rposition(|letter| ends.contains(*letter)).map_or(from, |step| from + step + 1)
    }

    /// Whether a number that found no subject is no figure at all: 5 without a counter, 一次 of anything.
    pub fn is_empty_word(&self, one: &Found, subject: &Subject) -> bool {
        let near = matches!(
            subject,
            Subject::Measures { .. } | Subject::Activities { .. } | Subject::Campaigns | Subject::Growth { .. }
        );
        if one.bare {
            let before = self.slice(one.start.saturating_sub(1), one.start);
            let beside = self.within(one.start.saturating_sub(20), one.start).any(|(_, mention)| {
                mention.end <= one.start && rest(self.slice(mention.end, one.start), words::FILLERS).is_empty()
            });
            return !near || !(beside || before.first().is_some_and(|letter| "：:".contains(*letter)));
        }
        one.is_one && !near
    }

    /// What a number counts; `left` is where the number before it ends, `right` where the next one begins.
    pub fn subject(&mut self, one: &Found, left: usize, right: usize) -> Subject {
        let (left, right) = (left.max(one.start.saturating_sub(REACH)), right.min(one.end + REACH));
        let whole = self.whole(one, left, right);
        let subject = self.part_of(one, left, whole);
        if let Subject::Measures { keys, theme: None, .. } = &subject {
            self.last = keys.clone();
            self.last_end = one.end;
        }
        subject
    }

    fn whole(&mut self, one: &Found, left: usize, right: usize) -> Subject {
        if let Some(growth) = self.growth(one, left) {
            return growth;
        }
        if matches!(one.number, Number::Share(_)) {
            return Subject::Unknown(self.share(one, left));
        }
        if let Some(why) = self.no_sum(one, left) {
            return Subject::Unknown(why);
        }
        let before = &self.chars[..one.start];
        let phrase = self.known.phrases.iter().filter(|phrase| before.ends_with(&phrase.before));
        if let Some(phrase) = phrase.max_by_key(|phrase| phrase.before.len()) {
            return self.measures(phrase.keys.clone(), false, one.unit_word.as_deref());
        }
        let left = self.start_of(left, one.start, "。！!？?\n");
        let found = self.nearest(one, left, right);
        if let Some(activity) = self.activity(one, left, found.as_ref()) {
            return activity;
        }
        match found {
            Some(Nearest { fit: Fit::Not, index, .. }) if self.mentions[index].key.is_empty() => {
                Subject::Unknown(Why::NotCounted)
            }
            Some(Nearest { fit: Fit::Not, .. }) => Subject::Unknown(Why::UnitWord),
            Some(nearest) => {
                if nearest.behind {
                    self.taken.push(nearest.index);
                }
                let each = one.start > 0 && self.chars[one.start - 1] == '各';
                let keys = self.shared(one, left, right, &nearest);
                let mention = self.mentions[nearest.index].start.min(one.start);
                // 受教育人数达4022 counts people too.
                let heads = one.unit_word.is_none() && contains(self.slice(mention, one.start), &["人数"]);
                self.measures(keys, each, one.unit_word.as_deref().or(heads.then_some("人")))
            }
            None => self.same_elsewhere(one, left).unwrap_or_else(|| self.by_unit_word(one, left)),
        }
    }

    pub(super) fn measures(&self, keys: Vec<String>, each: bool, unit_word: Option<&str>) -> Subject {
        let people = unit_word.is_some_and(|word| words::PERSONS.contains(&word))
            && keys.iter().any(|key| self.unit_words_of(key).any(|own| own == "人次"));
        Subject::Measures { keys, each, people, theme: None }
    }

    /// Behind 其中 a figure is a part of another one: that on the theme which its words name.
    fn part_of(&self, one: &Found, left: usize, whole: Subject) -> Subject {
        let sentence = self.start_of(one.start.saturating_sub(300), one.start, "。！!？?\n；;");
        if !contains(self.slice(sentence, one.start), &["其中"]) {
            return whole;
        }
        let words: String = self.slice(left, one.start).iter().collect();
        let mut themes: Vec<String> =
            self.known.vocabulary.themes_in(&words).into_iter().map(|found| found.key).collect();
        themes.dedup();
        let (theme, alone) = (themes.pop(), themes.is_empty());
        match whole {
            // 其中禁毒1200份: the thing was named before.
            Subject::Unknown(Why::NoMeasure)
                if theme.is_some()
                    && alone
                    && self.last.iter().any(|key| self.fit(key, one.unit_word.as_deref()) > Fit::Not) =>
            {
                Subject::Measures { keys: self.last.clone(), each: false, people: false, theme }
            }
            Subject::Measures { keys, each, people, .. } if keys == self.last => match theme {
                Some(_) if alone => Subject::Measures { keys, each, people, theme },
                _ => Subject::Unknown(Why::PartOf),
            },
            // Another thing is no part of it.
            other => other,
        }
    }

    pub(super) fn unit_words_of(&self, key: &str) -> impl Iterator<Item = &str> {
        let own = self.known.catalogue.active_measures().filter(move |measure| measure.key == key);
        own.map(|measure| measure.unit_word.as_str())
    }

    /// How a unit word fits a measure; 场次 is 场.
    pub(super) fn fit(&self, key: &str, unit_word: Option<&str>) -> Fit {
        let Some(word) = unit_word else { return Fit::Also };
        let same = |own: &str| own == word || words::SAME.iter().any(|all| all.contains(&own) && all.contains(&word));
        if self.unit_words_of(key).any(same) { Fit::Own } else { self.known.vocabulary.fit(key, word) }
    }

    /// How far a mention stands from a number behind it; `None` where something else lies between.
    fn cost(&self, mention: &Mention, start: usize) -> Option<usize> {
        let gap = self.slice(mention.end, start);
        let left = rest(gap, words::FILLERS);
        let separators = left.iter().filter(|letter| is_separator(**letter)).count();
        let lists = left.iter().filter(|letter| **letter == '、').count();
        let others = left.len() - separators - lists;
        // Behind a comma another thing is told, unless nothing but fillers follows: …学法，全年共4次.
        let last = left.iter().rposition(|letter| is_separator(*letter) || *letter == '、');
        let behind = last.map_or(0, |last| left.len() - last - 1);
        (others <= FAR && behind <= NEAR).then_some(others + 4 * separators + 3 * lists)
    }

    /// 播放标语300条: slogans that are shown are no banners.
    fn is_shown(&self, mention: &Mention, left: usize) -> bool {
        let before = self.slice(mention.start.saturating_sub(6).max(left), mention.start);
        !words::MEDIA.contains(&mention.key.as_str())
            && contains(before, words::SHOWN)
            && self.within(left, mention.start).any(|(_, other)| words::MEDIA.contains(&other.key.as_str()))
    }

    fn nearest(&self, one: &Found, left: usize, right: usize) -> Option<Nearest> {
        let unit_word = one.unit_word.as_deref();
        let mut best: Option<(i64, Nearest)> = None;
        let mut take = |score: i64, nearest: Nearest| {
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, nearest));
            }
        };
        for (index, mention) in self.within(left, right) {
            if self.taken.contains(&index) || self.is_shown(mention, left) {
                continue;
            }
            let behind = mention.start >= one.end;
            let cost = if behind {
                let gap = self.slice(one.end, mention.start);
                let ends = gap.iter().any(|letter| is_separator(*letter) || "。！!、\n：:".contains(*letter));
                let others = rest(gap, words::FILLERS).len();
                (!ends && others <= 6).then_some(others + 1)
            } else if mention.end <= one.start {
                self.cost(mention, one.start)
            } else {
                None
            };
            let Some(cost) = cost else { continue };
            let (key, fit) = self.fitting(mention, unit_word);
            // LED屏播放宪法标语68条: what was shown stands between.
            let shows = || {
                words::MEDIA.contains(&mention.key.as_str())
                    && contains(self.slice(mention.end, one.start), words::SHOWN)
            };
            let near = cost <= NEAR || (behind && cost <= 4) || (!behind && shows());
            let fit = match fit {
                Fit::Own => Fit::Own,
                Fit::Also if near => Fit::Also,
                // The thing is named right beside its number, only it is counted otherwise.
                _ if near && !behind && !mention.weak => Fit::Not,
                _ => continue,
            };
            // “开学第一课”24次 of a campaign's title are no class hours.
            if fit != Fit::Own && self.is_title(mention) {
                continue;
            }
            if mention.weak && (cost > 4 || fit == Fit::Not || !self.is_ours(one, left)) {
                continue;
            }
            let worth = match fit {
                Fit::Own => 40,
                Fit::Also => 30,
                Fit::Not => 5,
            };
            let weak = if mention.weak { 20 } else { 0 };
            let score = worth - i64::try_from(cost).unwrap_or(i64::MAX / 2) - weak;
            take(score, Nearest { index, key, fit, behind });
        }
        best.map(|(_, nearest)| nearest)
    }

    fn is_title(&self, mention: &Mention) -> bool {
        let after = self.titles.partition_point(|(start, _)| *start <= mention.start);
        after.checked_sub(1).is_some_and(|index| self.titles[index].1 >= mention.end)
    }

    /// 天坪村发放资料330份，两河村发放三百多份: the same thing at another unit of the sentence.
    fn same_elsewhere(&self, one: &Found, left: usize) -> Option<Subject> {
        let sentence = self.start_of(one.start.saturating_sub(REACH), one.start, "。！!？?\n");
        let clause: String = self.slice(self.start_of(left, one.start, "，,；;、"), one.start).iter().collect();
        let unit =
            self.known.units.iter().filter(|unit| clause.contains(&unit.name)).max_by_key(|unit| unit.name.len())?;
        let words = clause.replacen(&unit.name, "", 1);
        let words: Vec<char> = words.chars().filter(|letter| !"在向于到".contains(*letter)).collect();
        let is_same = self.last_end > sentence
            && one.unit_word.is_some()
            && !self.last.is_empty()
            && rest(&rest(&words, words::VERBS), words::FILLERS).is_empty()
            && self.last.iter().all(|key| self.fit(key, one.unit_word.as_deref()) == Fit::Own);
        is_same.then(|| self.measures(self.last.clone(), false, one.unit_word.as_deref()))
    }

    /// Whether a number's clause tells of legal publicity: 22名人员持有执法证 are another office's people.
    fn is_ours(&self, one: &Found, left: usize) -> bool {
        let from = self.start_of(left, one.start, "，,；;");
        let length =
            self.chars[one.end..].iter().take(40).take_while(|letter| !"，,。；;\n".contains(**letter)).count();
        let clause = self.slice(from, one.end + length);
        let strong = self.within(from, one.end + length).any(|(_, mention)| !mention.weak && !mention.key.is_empty());
        (strong || contains(clause, words::PUBLICITY)) && !contains(clause, words::FOREIGN)
    }

    /// The measure that a mention names under a unit word: 进村入户100次 are visits, 进村入户100户 households.
    fn fitting(&self, mention: &Mention, unit_word: Option<&str>) -> (String, Fit) {
        if mention.key.is_empty() {
            return (String::new(), Fit::Not);
        }
        let fit = self.fit(&mention.key, unit_word);
        if fit == Fit::Own || unit_word.is_none() {
            return (mention.key.clone(), fit);
        }
        let text: String = self.slice(mention.start, mention.end).iter().skip(1).collect();
        let head: String = self.slice(mention.start, mention.end.saturating_sub(1)).iter().collect();
        let within = [head, text].into_iter().flat_map(|part| self.known.vocabulary.measures_in(&part));
        let own = within.into_iter().find(|inner| !inner.key.is_empty() && self.fit(&inner.key, unit_word) == Fit::Own);
        own.map_or((mention.key.clone(), fit), |inner| (inner.key, Fit::Own))
    }

    /// The measures that share a figure: LED电子屏以及广播…100次, 宣传单、手册8000份.
    fn shared(&self, one: &Found, left: usize, right: usize, nearest: &Nearest) -> Vec<String> {
        let unit_word = one.unit_word.as_deref();
        let mut keys = vec![nearest.key.clone()];
        let joins = |first: &Mention, second: &Mention| {
            let gap = self.slice(first.end, second.start);
            let joined = gap.iter().any(|letter| "、和与及暨或".contains(*letter))
                || contains(gap, &["等"])
                // 村村响大喇叭 is one thing under two names.
                || first.key == second.key && rest(gap, words::FILLERS).is_empty();
            let ends = gap.iter().any(|letter| is_separator(*letter) || "。！!\n".contains(*letter));
            let strange =
                rest(gap, words::FILLERS).iter().filter(|letter| !"、和与及以暨或".contains(**letter)).count();
            (joined && !ends && strange <= 4).then(|| contains(gap, words::VERBS))
        };
        // From the nearest one on to what stands before it, and to what stands between it and the number.
        for forward in [nearest.behind, !nearest.behind] {
            let (mut edge, mut more) = (nearest.index, Vec::new());
            loop {
                let next = if forward { edge.checked_add(1) } else { edge.checked_sub(1) };
                let Some((index, next)) = next.and_then(|index| Some((index, self.mentions.get(index)?))) else {
                    break;
                };
                let within = match nearest.behind {
                    true => next.start >= one.end && next.end <= right,
                    false => next.start >= left && next.end <= one.start,
                };
                if !within || next.weak || next.key.is_empty() {
                    break;
                }
                let (first, second) = if forward { (edge, index) } else { (index, edge) };
                let Some(verb) = joins(&self.mentions[first], &self.mentions[second]) else { break };
                let (key, fit) = self.fitting(next, unit_word);
                // 悬挂横幅、张贴海报120张: another verb, another thing, unless both are counted so.
                if fit == Fit::Not || (verb && !(fit == Fit::Own && nearest.fit == Fit::Own)) {
                    break;
                }
                more.push(key);
                edge = index;
            }
            if forward {
                keys.extend(more);
            } else {
                more.reverse();
                more.append(&mut keys);
                keys = more;
            }
        }
        let mut seen = Vec::new();
        keys.retain(|key| {
            let new = !seen.contains(key);
            seen.push(key.clone());
            new
        });
        keys
    }

    /// Where no word tells what was counted, the unit word may: 人次 of an event are attendances.
    fn by_unit_word(&self, one: &Found, left: usize) -> Subject {
        let known = [("人次", "attendance"), ("课时", "class_hour"), ("台次", "vehicle")];
        let key = known.iter().find(|(word, _)| one.unit_word.as_deref() == Some(*word)).map(|(_, key)| *key);
        let from = self.start_of(one.start.saturating_sub(300), one.start, "。！!？?\n");
        let strong = self.within(from, one.start).any(|(_, mention)| !mention.weak && !mention.key.is_empty());
        let ours = strong || contains(self.slice(from, one.start), words::PUBLICITY);
        let foreign = contains(self.slice(left, one.start), words::FOREIGN);
        let counted_nowhere = self.within(left, one.start).any(|(_, mention)| mention.key.is_empty());
        match key.filter(|key| self.unit_words_of(key).next().is_some()) {
            Some(_) if counted_nowhere => Subject::Unknown(Why::NotCounted),
            Some(key) if ours && !foreign => self.measures(vec![key.to_owned()], false, one.unit_word.as_deref()),
            _ => Subject::Unknown(Why::NoMeasure),
        }
    }
}

/// The words for a measure that stand nearest to a number and fit it.
pub(super) struct Nearest {
    pub(super) index: usize,
    key: String,
    pub(super) fit: Fit,
    pub(super) behind: bool,
}
