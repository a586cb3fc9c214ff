//! What the pages and the folder say: kinds of material and of proof, what is there and what is missing.

use super::{
    gather::{Filled, Group},
    store::Item,
};
use crate::{
    domain::inspection::{Material, Proof},
    locale::Locale,
};

pub fn material(locale: Locale, material: Material) -> &'static str {
    match material {
        Material::Notice => locale.inspection_notice(),
        Material::Plan => locale.inspection_plan(),
        Material::SignIn => locale.inspection_sign_in(),
        Material::Photo => locale.inspection_photo(),
        Material::Brief => locale.inspection_brief(),
        Material::Summary => locale.inspection_summary_kind(),
        Material::Other => locale.inspection_other(),
    }
}

/// Kinds of material, and other documents in the rules' own words.
pub fn materials(locale: Locale, list: &[Material], others: &[String]) -> String {
    let separator = match locale {
        Locale::Zh => "、",
        Locale::En => ", ",
    };
    let kinds = list.iter().map(|one| material(locale, *one));
    kinds.chain(others.iter().map(String::as_str)).collect::<Vec<_>>().join(separator)
}

/// What an item asks for; nothing where it asks for nothing.
pub fn asks(locale: Locale, item: &Item) -> Option<String> {
    let asked = materials(locale, &item.materials, &item.others);
    (!asked.is_empty()).then(|| locale.inspection_asks(asked))
}

/// What is asked for and not there.
fn missing(locale: Locale, filled: &Filled) -> String {
    materials(locale, &filled.missing, &filled.lacking)
}

pub fn proof(locale: Locale, what: Proof) -> &'static str {
    match what {
        Proof::Campaign => locale.inspection_by_campaign(),
        Proof::Theme => locale.inspection_by_theme(),
        Proof::Type => locale.inspection_by_type(),
        Proof::Measure => locale.inspection_by_measure(),
        Proof::Indicator => locale.inspection_by_indicator(),
        Proof::Roster => locale.inspection_by_roster(),
    }
}

/// 1.2 开展宪法宣传.
pub fn item(number: &str, name: &str) -> String {
    if number.is_empty() { name.to_owned() } else { format!("{number} {name}") }
}

/// How many files there are of each kind: 通知 1 · 照片 12; drafts are named apart.
fn counts(locale: Locale, count: impl Fn(Material) -> usize, drafts: usize) -> Vec<String> {
    let of = |one: &Material| {
        let count = count(*one);
        (count > 0).then(|| format!("{} {count}", material(locale, *one)))
    };
    let mut counts: Vec<String> = Material::ALL.iter().filter_map(of).collect();
    if drafts > 0 {
        counts.push(format!("{} {drafts}", locale.inspection_draft()));
    }
    counts
}

/// What an item has in all: 通知 1 · 照片 12.
pub fn there(locale: Locale, filled: &Filled) -> String {
    let counts = counts(locale, |material| filled.count(material), filled.drafts());
    if counts.is_empty() { locale.inspection_nothing().to_owned() } else { counts.join(" · ") }
}

/// What a group has: 通知 1 · 照片 12 · 台账8条，2条没有佐证.
pub fn group(locale: Locale, group: &Group) -> String {
    let (drafts, own): (Vec<_>, Vec<_>) = group.files.iter().partition(|file| file.is_draft);
    let of = |material: Material| own.iter().filter(|file| file.material == material).count();
    let mut counts = counts(locale, of, drafts.len());
    counts.extend(group.figure.clone());
    if let Some((entries, bare)) = group.entries {
        counts.push(match bare {
            0 => locale.inspection_entries(entries),
            _ => locale.inspection_entries_bare(bare, entries),
        });
    }
    if group.left_out > 0 {
        counts.push(locale.inspection_children_out(group.left_out));
    }
    counts.join(" · ")
}

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing was chosen that shows it.
    Open,
    /// Material that is asked for is not there.
    Missing,
    /// All that is asked for is there, and something behind it is not: entries without evidence.
    Weak,
    Complete,
}

impl State {
    pub fn of(locale: Locale, filled: &Filled) -> State {
        match (filled.groups.is_empty(), !filled.lacks()) {
            (true, _) => State::Open,
            (false, false) => State::Missing,
            (false, true) if gaps(locale, filled).is_empty() => State::Complete,
            (false, true) => State::Weak,
        }
    }

    /// In a word or two, with what is missing.
    pub fn words(self, locale: Locale, filled: &Filled) -> String {
        match self {
            State::Open if filled.lacks() => locale.inspection_state_open_missing(missing(locale, filled)),
            State::Open => locale.inspection_state_open().to_owned(),
            State::Missing => locale.inspection_state_missing(missing(locale, filled)),
            State::Weak => locale.inspection_state_weak().to_owned(),
            State::Complete => locale.inspection_complete().to_owned(),
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            State::Missing => "lacks",
            State::Open | State::Weak => "weak",
            State::Complete => "tag good",
        }
    }
}

/// How many items stand how, in one sentence.
pub fn summary(locale: Locale, filled: &[Filled]) -> String {
    let count = |state: State| filled.iter().filter(|one| State::of(locale, one) == state).count();
    let parts: Vec<String> = [
        (count(State::Complete), locale.inspection_count_complete()),
        (count(State::Missing), locale.inspection_count_missing()),
        (count(State::Weak), locale.inspection_state_weak()),
        (count(State::Open), locale.inspection_state_open()),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| locale.inspection_count(count, words))
    .collect();
    let separator = match locale {
        Locale::Zh => "，",
        Locale::En => ", ",
    };
    parts.join(separator)
}

/// What is missing of an item, line by line, for the list of gaps: nothing where nothing is.
pub fn gaps(locale: Locale, filled: &Filled) -> Vec<String> {
    let mut lines = Vec::new();
    if filled.groups.is_empty() {
        lines.push(locale.inspection_gap_no_proof().to_owned());
    }
    if filled.lacks() {
        lines.push(locale.inspection_gap_missing(missing(locale, filled)));
    } else if !filled.groups.is_empty() && filled.files().all(|file| file.is_draft) {
        lines.push(locale.inspection_gap_nothing().to_owned());
    }
    for group in &filled.groups {
        match group.entries {
            Some((0, _)) => lines.push(locale.inspection_gap_no_entry(&group.title)),
            Some((_, bare)) if bare > 0 => lines.push(locale.inspection_gap_bare(bare, &group.title)),
            _ => {}
        }
        if group.left_out > 0 {
            lines.push(locale.inspection_gap_children(group.left_out, &group.title));
        }
    }
    if filled.gone > 0 {
        lines.push(locale.inspection_gap_gone(filled.gone));
    }
    lines
}
