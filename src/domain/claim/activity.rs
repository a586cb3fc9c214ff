//! Figures of activities as such: 开展普法活动22次 counts the entries of the log. The yearly sentence's 开展…等法治宣传…活动共10次 counts
//! campaigns, and words that may mean either are read both ways.

use super::{
    Subject,
    gap::{contains, ends_with, rest},
    number::Found,
    subject::{Nearest, Text},
    words,
};
use crate::domain::alias::Fit;

impl Text<'_> {
    /// 普法活动22次: activities, or campaigns; in 场 also all that is counted in 场.
    pub(super) fn activity(&self, one: &Found, left: usize, nearest: Option<&Nearest>) -> Option<Subject> {
        let unit_word = one.unit_word.as_deref()?;
        let events = words::EVENT_WORDS.contains(&unit_word);
        if !events && !["场", "场次"].contains(&unit_word) {
            return None;
        }
        // 法律咨询服务活动8场: of another kind than what is counted in 场.
        let other = nearest.is_some_and(|nearest| {
            let mention = &self.mentions[nearest.index];
            nearest.fit == Fit::Not && !nearest.behind && !mention.weak && !mention.key.is_empty()
        });
        if !events && other {
            return None;
        }
        let before = self.slice(left, one.start);
        let found = words::ACTIVITIES.iter().filter_map(|word| {
            let length = word.chars().count();
            let place = (0..=before.len().checked_sub(length)?)
                .rev()
                .find(|place| before[*place..place + length].iter().copied().eq(word.chars()))?;
            rest(&before[place + length..], words::FILLERS).is_empty().then_some((left + place, left + place + length))
        });
        let (start, end) = found.max_by_key(|(_, end)| *end)?;
        let modified = nearest.filter(|nearest| nearest.fit == Fit::Own && !nearest.behind).is_some_and(|nearest| {
            let mention = &self.mentions[nearest.index];
            // Words within 活动 or right before it tell what kind of activity it was.
            mention.end > start || self.reaches(mention.end, start)
        });
        let between = nearest.is_some_and(|nearest| self.mentions[nearest.index].start > start);
        if modified || between || !self.is_publicity(one, left, start) {
            return None;
        }
        let clause = self.slice(self.start_of(left, start, "，,；;：:"), end);
        let sum = contains(clause, &["等"]) && contains(clause, &["法治宣传"]) && self.slice(end, one.start) == ['共'];
        if events && (sum || words::CAMPAIGNS.iter().any(|word| ends_with(clause, word))) {
            return Some(Subject::Campaigns);
        }
        if events {
            return Some(Subject::Activities { or: vec![Subject::Campaigns] });
        }
        let session = |key: &str| self.unit_words_of(key).any(|own| own == "场");
        let all = self.known.catalogue.active_measures().filter(|measure| !measure.is_stock && session(&measure.key));
        let keys: Vec<String> = all.map(|measure| measure.key.clone()).collect();
        let sessions = (!keys.is_empty()).then(|| self.measures(keys, false, Some(unit_word)));
        Some(Subject::Activities { or: sessions.into_iter().collect() })
    }

    /// Whether an activity whose words begin at `start` is one of legal publicity, and not 志愿服务活动.
    fn is_publicity(&self, one: &Found, left: usize, start: usize) -> bool {
        let clause = self.slice(self.start_of(left, start, "，,；;：:"), start);
        let verb = (0..=clause.len()).rev().find(|at| words::HOLDS.iter().any(|verb| ends_with(&clause[..*at], verb)));
        let kind = &clause[verb.unwrap_or(0)..];
        if contains(kind, words::FOREIGN) && !contains(kind, words::PUBLICITY) {
            return false;
        }
        let sentence = self.start_of(one.start.saturating_sub(300), one.start, "。！!？?\n");
        // 禁毒：开展活动39次, 开展各类活动292次, 开展禁毒活动12次.
        verb.is_some() && rest(kind, words::ANY_KIND).is_empty()
            || contains(self.slice(sentence, one.start), words::PUBLICITY)
            || !self.known.vocabulary.themes_in(&kind.iter().collect::<String>()).is_empty()
    }

    /// Whether nothing but what describes an activity, and other things that are counted, stands between.
    fn reaches(&self, end: usize, start: usize) -> bool {
        let mut place = end;
        let mut gap = Vec::new();
        while place < start {
            let inner = self.mentions.binary_search_by_key(&place, |mention| mention.start).ok();
            match inner.map(|index| &self.mentions[index]).filter(|mention| mention.end <= start) {
                Some(mention) => place = mention.end,
                None => {
                    gap.push(self.chars[place]);
                    place += 1;
                }
            }
        }
        let listed = contains(&gap, &["等"]);
        rest(&gap, words::ACTIVITY_FILLERS).iter().all(|letter| listed && *letter == '、')
    }
}
