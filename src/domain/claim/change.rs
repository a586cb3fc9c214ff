//! Figures that are no sum of what was done: rates, plans, and how much more there was than the year before.

use super::{
    Number, Subject, Why,
    gap::{contains, ends_with, find},
    number::Found,
    subject::Text,
    words,
};
use crate::domain::alias::Fit;

impl Text<'_> {
    /// Why a share is not held against the log.
    pub(super) fn share(&self, one: &Found, left: usize) -> Why {
        if one.unit_word.as_deref().is_some_and(|word| word.ends_with("百分点")) {
            return Why::Points;
        }
        let ends = "，,。；;、！!\n";
        let behind = self.slice(one.end, self.len().min(one.end + 12));
        let length = behind.iter().position(|letter| ends.contains(*letter)).unwrap_or(behind.len());
        let clause = self.slice(self.start_of(left, one.start, ends), one.end + length);
        if contains(clause, words::GOAL_SHARES) { Why::Share } else { Why::OtherShare }
    }

    /// A rate, a change, a plan: no sum of what was done.
    pub(super) fn no_sum(&self, one: &Found, left: usize) -> Option<Why> {
        let clause = self.slice(self.start_of(left, one.start, "，,。；;！!\n"), one.start);
        if contains(clause, words::MISSING) {
            return Some(Why::Missing);
        }
        if contains(clause, words::RATES) {
            return Some(Why::Rate);
        }
        let bare: Vec<char> = clause.iter().copied().filter(|letter| !"了约近达到 ".contains(*letter)).collect();
        if words::CHANGES.iter().any(|word| ends_with(&bare, word)) {
            return Some(Why::Change);
        }
        let is_plan = words::PLANS.iter().any(|word| {
            let Some(place) = find(clause, word) else { return false };
            let behind = &clause[place + word.chars().count()..];
            words::VERBS.iter().any(|verb| find(behind, verb).is_some_and(|at| at <= 3))
        });
        let next = self.parts.partition_point(|(start, _)| *start <= one.start).checked_sub(1);
        (is_plan || next.is_some_and(|part| self.parts[part].1)).then_some(Why::Plan)
    }

    /// 悬挂横幅156条，同比增长12%: how much more there was than in the same time of the year before.
    pub(super) fn growth(&self, one: &Found, left: usize) -> Option<Subject> {
        let from = self.start_of(left, one.start, "，,。；;！!\n");
        let clause = self.slice(from, one.start);
        let bare: Vec<char> = clause.iter().copied().filter(|letter| !"了约近达到为 ".contains(*letter)).collect();
        let up = words::MORE.iter().any(|word| ends_with(&bare, word));
        if !up && !words::LESS.iter().any(|word| ends_with(&bare, word)) {
            return None;
        }
        if one.unit_word.as_deref().is_some_and(|word| word.ends_with("百分点")) {
            return None;
        }
        let unknown = Some(Subject::Unknown(Why::Change));
        let sentence = self.start_of(one.start.saturating_sub(40), one.start, "。！!\n；;");
        if !contains(self.slice(sentence.max(left), one.start), words::THAN_BEFORE) {
            return unknown;
        }
        let mut keys: Vec<String> = self
            .within(from, one.start)
            .filter(|(_, mention)| !mention.weak && !mention.key.is_empty())
            .map(|(_, mention)| mention.key.clone())
            .collect();
        keys.dedup();
        // 化解纠纷46起，同比下降12%: of what was named last, and of nothing before it.
        if keys.is_empty() && self.last_end == left {
            keys = self.last.clone();
        }
        let counted = match (one.number, one.unit_word.as_deref()) {
            (Number::Share(_), word) => word == Some("%"),
            (Number::Count(..), word) => keys.iter().all(|key| self.fit(key, word) > Fit::Not),
        };
        // A stock of a year ago is no sum of that year.
        let stock = |key: &String| self.known.catalogue.active_measures().any(|one| one.key == *key && one.is_stock);
        if keys.is_empty() || !counted || keys.iter().any(stock) { unknown } else { Some(Subject::Growth { keys, up }) }
    }
}
