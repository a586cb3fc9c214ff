//! What the pages and the folder say: kinds of material and of proof, what is there and what is missing.

use super::gather::{Filled, Group};
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

pub fn materials(locale: Locale, list: &[Material]) -> String {
    let separator = match locale {
        Locale::Zh => "、",
        Locale::En => ", ",
    };
    list.iter().map(|one| material(locale, *one)).collect::<Vec<_>>().join(separator)
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

/// What a group has: 通知1、照片12；台账8条，2条没有佐证.
pub fn group(locale: Locale, group: &Group) -> String {
    let mut counts: Vec<String> = Material::ALL
        .iter()
        .filter_map(|one| {
            let count = group.files.iter().filter(|file| file.material == *one).count();
            (count > 0).then(|| format!("{} {count}", material(locale, *one)))
        })
        .collect();
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

/// What is missing of an item, line by line, for the list of gaps: nothing where nothing is.
pub fn gaps(locale: Locale, filled: &Filled) -> Vec<String> {
    let mut lines = Vec::new();
    if filled.groups.is_empty() {
        lines.push(locale.inspection_gap_no_proof().to_owned());
    } else if !filled.missing.is_empty() {
        lines.push(locale.inspection_gap_missing(materials(locale, &filled.missing)));
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
