//! Whose a row's counts are: one unit's, each one's of several, or all of theirs together.

use super::cell::Manner;
use crate::domain::{alias::head::plain, unit::Unit};

/// The units a row is for.
pub(super) enum For<'a> {
    One(&'a Unit),
    /// One entry for each.
    Each(Vec<&'a Unit>),
    /// One entry at their common parent.
    Together(&'a Unit, Vec<&'a Unit>),
}

/// Whose counts they are, where a text says it; nothing where it says both.
pub(super) fn manner_in(text: &str) -> Option<Manner> {
    let text = plain(text);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match (
        has(&["每村各", "各村各", "每村(社区)各", "分别", "每个村各", "每单位各"]),
        has(&["合计", "共计", "总计", "联合", "一起", "共同"]),
    ) {
        (true, false) => Some(Manner::Each),
        (false, true) => Some(Manner::Together),
        _ => None,
    }
}
