//! What a column means: guessed from its head and, where that is not enough, from what stands in it.

use crate::domain::alias::head::{Field, Names, field, field_by_ending, plain, without_brackets};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    Field(Field),
    /// The counts of a measure, by its key.
    Measure(String),
}

impl Meaning {
    pub const IGNORE: Meaning = Meaning::Field(Field::Ignore);

    /// For forms and the mapping that is kept: `date`, `measure:banner`.
    pub fn key(&self) -> String {
        match self {
            Meaning::Field(field) => field.key().into(),
            Meaning::Measure(key) => format!("measure:{key}"),
        }
    }

    pub fn from_key(key: &str) -> Option<Meaning> {
        match key.strip_prefix("measure:") {
            Some(measure) => Some(Meaning::Measure(measure.to_owned())),
            None => Field::from_key(key).map(Meaning::Field),
        }
    }

    pub fn is(&self, field: Field) -> bool {
        *self == Meaning::Field(field)
    }
}

/// What one head of a single row means; `None` where it says nothing.
pub fn of_head(head: &str, names: &Names<'_>) -> Option<Meaning> {
    let head = plain(head);
    let (base, inside) = without_brackets(&head);
    if let Some(found) = field(&head) {
        return Some(Meaning::Field(found));
    }
    let measure = |word: &str| names.measure(&base, word).map(|one| Meaning::Measure(one.key.clone()));
    // A counter in brackets makes a count of nearly everything: 进村宣传情况（次）.
    if !inside.is_empty() && names.is_unit_word(&inside) && field_by_ending(&base) != Some(Field::Ignore) {
        let by_word = || names.by_unit_word(&inside).map(|one| Meaning::Measure(one.key.clone()));
        if let Some(found) = measure(&inside).or_else(by_word) {
            return Some(found);
        }
    }
    if let Some(found) = field_by_ending(&head) {
        return Some(Meaning::Field(found));
    }
    measure(&inside)
}

/// What a head of two rows means: 横幅 over 数量 is a count of banners, 横幅 over 内容 is a note.
pub fn of_two(parent: &str, child: &str, names: &Names<'_>) -> Option<Meaning> {
    if child.is_empty() || parent == child {
        return of_head(parent, names);
    }
    let own = of_head(child, names);
    if parent.is_empty() {
        return own;
    }
    let plain_child = plain(child);
    let (base, inside) = without_brackets(&plain_child);
    let word = if names.is_unit_word(&base) { &base } else { &inside };
    let is_bare = own == Some(Meaning::Field(Field::Count)) || names.is_unit_word(&base);
    let together = || {
        let (above, _) = without_brackets(&plain(parent));
        let found = names.measure(&format!("{above}{base}"), word).or_else(|| names.measure(&above, word));
        found.map(|one| Meaning::Measure(one.key.clone()))
    };
    match own {
        _ if is_bare => together().or_else(|| of_head(parent, names)).or(own),
        Some(Meaning::Measure(_)) => together().or(own),
        Some(own) => Some(own),
        None => of_head(parent, names).filter(|meaning| !matches!(meaning, Meaning::Measure(_))),
    }
}

/// What the first rows of a column say: how many of those that are filled are what.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contents {
    pub filled: usize,
    pub counts: usize,
    pub days: usize,
    pub unit_words: usize,
    pub measures: usize,
    pub themes: usize,
    pub kinds: usize,
    pub units: usize,
}

impl Contents {
    fn mostly(&self, part: usize) -> bool {
        self.filled > 0 && part * 2 >= self.filled
    }
}

/// Puts guesses right by what stands in the columns, and each field that is one's own only once.
pub fn settle(meanings: &mut [Option<Meaning>], contents: &[Contents]) {
    let is = |meaning: &Option<Meaning>, field: Field| *meaning == Some(Meaning::Field(field));
    let set = |meaning: &mut Option<Meaning>, field: Field| *meaning = Some(Meaning::Field(field));
    for (meaning, own) in meanings.iter_mut().zip(contents) {
        match meaning {
            Some(Meaning::Measure(_)) if own.filled > 0 && !own.mostly(own.counts) => set(meaning, Field::Note),
            Some(Meaning::Field(Field::Unit)) if own.mostly(own.unit_words) => set(meaning, Field::UnitWord),
            _ => {}
        }
    }
    let has_count = meanings.iter().any(|one| is(one, Field::Count));
    let has_measures = meanings.iter().any(|one| matches!(one, Some(Meaning::Measure(_))));
    let mut has_item = false;
    for (meaning, own) in meanings.iter_mut().zip(contents).filter(|(one, _)| is(one, Field::Item)) {
        if has_count && !has_item && (own.mostly(own.measures) || !has_measures && !own.mostly(own.themes)) {
            has_item = true;
        } else if own.mostly(own.themes) {
            set(meaning, Field::Theme);
        } else if own.mostly(own.kinds) {
            set(meaning, Field::Kind);
        } else {
            set(meaning, Field::Note);
        }
    }
    if has_count && !has_item {
        // 活动类型 or 内容 beside 数量 says what was counted.
        for field in [Field::Kind, Field::Note, Field::Theme, Field::Campaign] {
            for (meaning, own) in meanings.iter_mut().zip(contents).filter(|(one, _)| is(one, field)) {
                if !has_item && own.mostly(own.measures) {
                    set(meaning, Field::Item);
                    has_item = true;
                }
            }
        }
    }
    // Of several the best filled one stays; the others are told as not taken, or as what they also may be.
    once(meanings, contents, Field::Date, |own| own.days, Field::Ignore);
    once(meanings, contents, Field::Unit, |own| own.units, Field::Organiser);
    once(meanings, contents, Field::Organiser, |own| own.filled, Field::Note);
    once(meanings, contents, Field::Count, |own| own.counts, Field::Ignore);
    for field in [Field::DateTo, Field::Year, Field::Month, Field::DayOfMonth, Field::Item, Field::UnitWord] {
        once(meanings, contents, field, |own| own.filled, Field::Ignore);
    }
    for field in [Field::Kind, Field::Theme, Field::Campaign, Field::Place, Field::Handler] {
        once(meanings, contents, field, |own| own.filled, Field::Note);
    }
}

/// Keeps a field's best column; the others become something else.
fn once(
    meanings: &mut [Option<Meaning>],
    contents: &[Contents],
    field: Field,
    rank: impl Fn(&Contents) -> usize,
    other: Field,
) {
    let all = || meanings.iter().zip(contents).enumerate().filter(|(_, (one, _))| **one == Some(Meaning::Field(field)));
    let mut best: Option<(usize, usize)> = None;
    for (place, (_, own)) in all() {
        if best.is_none_or(|(most, _)| rank(own) > most) {
            best = Some((rank(own), place));
        }
    }
    let Some((_, best)) = best else { return };
    for (place, meaning) in meanings.iter_mut().enumerate() {
        if place != best && *meaning == Some(Meaning::Field(field)) {
            *meaning = Some(Meaning::Field(other));
        }
    }
}
