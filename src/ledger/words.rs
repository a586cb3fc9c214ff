//! Entries of the ledger in words.

use crate::{
    activity::store::Entry,
    domain::{
        activity::{DraftQuantity, Status},
        catalogue::Catalogue,
        measure::{Measure, Precision, Total},
        unit::UnitKind,
        wording::{Claim, Figure, grouped},
    },
    locale::Locale,
};
use std::collections::BTreeMap;

/// A count as people say it: 3条, 120余份, 125份以上, 约200人次; in English without the counter.
pub fn count_text(locale: Locale, measure: Option<&Measure>, quantity: &DraftQuantity) -> String {
    let claim = match quantity.precision {
        Precision::Exact => Claim::Exactly,
        // 余 follows round numbers only.
        Precision::AtLeast if quantity.value % 10 == 0 => Claim::More,
        Precision::AtLeast => Claim::Above,
        Precision::Estimate => Claim::About,
    };
    let figure = Figure { value: quantity.value, claim };
    match locale {
        Locale::Zh => figure.zh(measure.map_or("", |measure| measure.unit_word.as_str()), false),
        Locale::En => figure.en(),
    }
}

/// A measure's name; its key where the measure is gone.
pub fn measure_text<'a>(locale: Locale, measure: Option<&'a Measure>, key: &'a str) -> &'a str {
    measure.map_or(key, |measure| locale.name(&measure.name, measure.name_en.as_deref()))
}

/// All counts of an entry: 横幅/标语 3条、宣传资料 120余份.
pub fn figures_text(locale: Locale, catalogue: &Catalogue, entry: &Entry) -> String {
    let one = |quantity: &DraftQuantity| {
        let measure = catalogue.measure(&quantity.measure);
        format!("{} {}", measure_text(locale, measure, &quantity.measure), count_text(locale, measure, quantity))
    };
    entry.draft.quantities.iter().map(one).collect::<Vec<_>>().join(locale.ledger_list())
}

/// The entry's activity type.
pub fn type_text(locale: Locale, catalogue: &Catalogue, entry: &Entry) -> String {
    catalogue
        .activity_type_by_id(entry.type_id)
        .map(|kind| locale.name(&kind.name, kind.name_en.as_deref()).to_owned())
        .unwrap_or_default()
}

/// The entry's themes: 禁毒、安全.
pub fn themes_text(locale: Locale, catalogue: &Catalogue, entry: &Entry) -> String {
    let name = |key: &String| match catalogue.theme(key) {
        Some(theme) => locale.name(&theme.name, theme.name_en.as_deref()).to_owned(),
        None => key.clone(),
    };
    entry.draft.themes.iter().map(name).collect::<Vec<_>>().join(locale.ledger_list())
}

/// The entry's day, or its first and last.
pub fn days_text(locale: Locale, entry: &Entry) -> String {
    match entry.draft.date_to.filter(|to| *to != entry.draft.date) {
        Some(to) => locale.ledger_days(entry.draft.date, to),
        None => entry.draft.date.to_string(),
    }
}

/// What kind of unit: 学校.
pub fn kind_text(locale: Locale, kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::County => locale.unit_kind_county(),
        UnitKind::Town => locale.unit_kind_town(),
        UnitKind::Village => locale.ledger_villages(),
        UnitKind::Community => locale.unit_kind_community(),
        UnitKind::School => locale.unit_kind_school(),
        UnitKind::Department => locale.unit_kind_department(),
    }
}

/// A status in words.
pub fn status_text(locale: Locale, status: Status) -> &'static str {
    match status {
        Status::Submitted => locale.ledger_status_submitted(),
        Status::Accepted => locale.ledger_status_accepted(),
        Status::Returned => locale.ledger_status_returned(),
        Status::Withdrawn => locale.ledger_status_withdrawn(),
    }
}

/// A precision in words.
pub fn precision_text(locale: Locale, precision: Precision) -> &'static str {
    match precision {
        Precision::Exact => locale.ledger_precision_exact(),
        Precision::AtLeast => locale.ledger_precision_at_least(),
        Precision::Estimate => locale.ledger_precision_estimate(),
    }
}

/// A total with its counter, the precisions apart: 156 条，其中“以上”口径 20，估计 5.
pub fn total_text(locale: Locale, measure: Option<&Measure>, total: Total) -> String {
    let word = measure
        .map(|measure| locale.name(&measure.unit_word, measure.unit_word_en.as_deref()))
        .filter(|word| !word.is_empty());
    let mut text = grouped(total.total());
    if let Some(word) = word {
        text = format!("{text} {word}");
    }
    let mut parts = Vec::new();
    if total.at_least > 0 {
        parts.push(locale.ledger_sum_at_least(grouped(total.at_least)));
    }
    if total.estimate > 0 {
        parts.push(locale.ledger_sum_estimate(grouped(total.estimate)));
    }
    if !parts.is_empty() {
        text.push_str(&locale.ledger_of_it(parts.join(locale.ledger_sum_join())));
    }
    text
}

/// A total in a narrow cell, without its counter, the precisions apart: 156（以上 20，约 5）.
pub fn cell_text(locale: Locale, total: Total) -> String {
    let mut parts = Vec::new();
    if total.at_least > 0 {
        parts.push(locale.ledger_cell_at_least(grouped(total.at_least)));
    }
    if total.estimate > 0 {
        parts.push(locale.ledger_cell_estimate(grouped(total.estimate)));
    }
    match parts.is_empty() {
        true => grouped(total.total()),
        false => locale.ledger_cell(parts.join(locale.ledger_sum_join()), grouped(total.total())),
    }
}

/// The total of one entry's counts of a measure.
pub fn own_total(entry: &Entry, measure_id: i64) -> Total {
    let counts = entry.measure_ids.iter().zip(&entry.draft.quantities).filter(|(own, _)| **own == measure_id);
    counts.map(|(_, count)| Total::of(count.precision, count.value)).sum()
}

/// The campaigns of an entry by their titles; the key where the reader may not see one.
pub fn campaigns_text(locale: Locale, titles: &BTreeMap<String, String>, entry: &Entry) -> String {
    let title = |key: &String| titles.get(key).unwrap_or(key).clone();
    entry.draft.campaigns.iter().map(title).collect::<Vec<_>>().join(locale.ledger_list())
}
