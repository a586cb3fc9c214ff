//! How a figure is put into official words: the law of rounding, as offices write.
//!
//! Source: the township's yearly report of 2021 (150余条, 7000份以上, 上百次) and the contract's "Wording of the yearly
//! report". Below 100 the figure itself; from 100 on its first two significant figures, rounded down, never up. What
//! is said has to be carried by what is certain (exact + at least); where it is not, it is 约.

pub mod built_in;
pub mod sentence;

use super::measure::{Form, Total, Wording};
use crate::locale::Locale;

crate::keyed! {
    /// How a report puts its figures.
    Style {
        /// 150余条
        Official => "official",
        /// 156条, and what of it is estimated
        Exact => "exact",
        /// 156条（确数150、以上6，12条记录）: for the office's own use
        Internal => "internal",
    }
}

/// The figure below which nothing is rounded.
const ROUNDED_FROM: i64 = 100;

/// 万.
const TEN_THOUSAND: i64 = 10_000;

/// What the words around a rounded figure claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Exactly this: 46条.
    Exactly,
    /// This and something more: 150余条.
    More,
    /// This or more: 7000份以上.
    Above,
    /// A hundred or more: 上百次.
    Hundreds,
    /// About this: 约4000人次. The only claim that what is certain need not carry.
    About,
}

/// A figure as it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What is said, in the measure's unit; never above the total.
    pub value: i64,
    pub claim: Claim,
}

/// Rounds a total by the law. `wording` decides the form and may ask for a coarser step.
pub fn round(total: Total, wording: &Wording) -> Figure {
    let whole = total.total();
    if whole < ROUNDED_FROM {
        let claim = if total.estimate > 0 {
            Claim::About
        } else if total.at_least > 0 {
            Claim::Above
        } else {
            Claim::Exactly
        };
        return Figure { value: whole, claim };
    }
    let value = step_down(whole, wording.step);
    let claim = if value > total.lower_bound() {
        Claim::About
    } else if wording.form == Form::Hundreds && whole < 2 * ROUNDED_FROM {
        Claim::Hundreds
    } else if value == whole && total.at_least == 0 {
        Claim::Exactly
    } else if wording.form == Form::Above {
        Claim::Above
    } else {
        Claim::More
    };
    Figure { value, claim }
}

/// The first two significant figures of a number from 100 on, the rest cut; or, where a measure asks for it, the
/// multiple of a coarser step, as long as that leaves 100 or more.
fn step_down(whole: i64, coarser: i64) -> i64 {
    let mut law = 1;
    while whole / law >= ROUNDED_FROM {
        law *= 10;
    }
    let step = law.max(coarser);
    let value = whole / step * step;
    if value < ROUNDED_FROM { whole / law * law } else { value }
}

impl Figure {
    /// The figure with its unit word, in the places where Chinese puts 余 and 以上: 150余条, 7000份以上, 上百次,
    /// 约4000人次, 1.2万余份.
    pub fn zh(self, unit_word: &str, ten_thousands: bool) -> String {
        let number = if ten_thousands { in_ten_thousands(self.value) } else { self.value.to_string() };
        match self.claim {
            Claim::Exactly => format!("{number}{unit_word}"),
            Claim::More => format!("{number}余{unit_word}"),
            Claim::Above => format!("{number}{unit_word}以上"),
            Claim::Hundreds => format!("上百{unit_word}"),
            Claim::About => format!("约{number}{unit_word}"),
        }
    }

    /// The figure in English; a measure's English name stands before it, so that no unit word is needed.
    pub fn en(self) -> String {
        let number = grouped(self.value);
        match self.claim {
            Claim::Exactly => number,
            Claim::More | Claim::Above => format!("at least {number}"),
            Claim::Hundreds => "at least 100".into(),
            Claim::About => format!("about {number}"),
        }
    }
}

/// A total in official words with its unit word.
pub fn official(total: Total, wording: &Wording, unit_word: &str, locale: Locale) -> String {
    let figure = round(total, wording);
    match locale {
        Locale::Zh => figure.zh(unit_word, wording.ten_thousands),
        Locale::En => figure.en(),
    }
}

/// What of a total is estimated or a lower bound: 其中估计600，15.0%; 全部为估计 where nothing was counted at all.
pub fn unsure(total: Total, locale: Locale) -> Option<String> {
    if is_all_estimated(total) {
        return Some(locale.wording_all_estimated().into());
    }
    let mut remarks = Vec::new();
    if total.estimate > 0 {
        remarks.push(locale.wording_estimated(grouped(total.estimate), percent(total.estimate, total.total())));
    }
    if total.at_least > 0 {
        remarks.push(locale.wording_at_least(grouped(total.at_least)));
    }
    (!remarks.is_empty()).then(|| remarks.join(locale.wording_semicolon()))
}

fn is_all_estimated(total: Total) -> bool {
    total.estimate > 0 && total.estimate == total.total()
}

/// A total as it stands with [`unsure`] behind it: 4,012（其中估计600，15.0%）人次, 220人次（全部为估计）.
pub fn exact(total: Total, unit_word: &str, locale: Locale) -> String {
    let whole = grouped(total.total());
    match (locale, unsure(total, locale)) {
        (Locale::Zh, None) => format!("{whole}{unit_word}"),
        (Locale::Zh, Some(remarks)) if is_all_estimated(total) => format!("{whole}{unit_word}（{remarks}）"),
        (Locale::Zh, Some(remarks)) => format!("{whole}（{remarks}）{unit_word}"),
        (Locale::En, None) => whole,
        (Locale::En, Some(remarks)) => format!("{whole} ({remarks})"),
    }
}

/// A text around a figure.
type Saying = fn(Locale, String) -> String;

/// A total with all its parts, and how many records it is the sum of: 156条（确数126、以上20、约10，12条记录）.
pub fn internal(total: Total, unit_word: &str, locale: Locale) -> String {
    let parts: [(i64, Saying); 3] = [
        (total.exact, |locale, part| locale.wording_part_exact(part)),
        (total.at_least, |locale, part| locale.wording_part_at_least(part)),
        (total.estimate, |locale, part| locale.wording_part_estimate(part)),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(part, _)| *part > 0).map(|(part, say)| say(locale, grouped(part))).collect();
    let whole = grouped(total.total());
    if parts.is_empty() {
        return if locale == Locale::Zh { format!("{whole}{unit_word}") } else { whole };
    }
    let remarks = locale.wording_records(grouped(total.activities), parts.join(locale.wording_list()));
    match locale {
        Locale::Zh => format!("{whole}{unit_word}（{remarks}）"),
        Locale::En => format!("{whole} ({remarks})"),
    }
}

/// A total in a style.
pub fn put(total: Total, wording: &Wording, unit_word: &str, style: Style, locale: Locale) -> String {
    match style {
        Style::Official => official(total, wording, unit_word, locale),
        Style::Exact => exact(total, unit_word, locale),
        Style::Internal => internal(total, unit_word, locale),
    }
}

/// A number with thousands separators: 7,065.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of 10,000 or more in 万, all its digits kept: 12000 → 1.2万.
fn in_ten_thousands(value: i64) -> String {
    if value < TEN_THOUSAND {
        return value.to_string();
    }
    let whole = value / TEN_THOUSAND;
    let rest = format!("{:04}", value % TEN_THOUSAND);
    match rest.trim_end_matches('0') {
        "" => format!("{whole}万"),
        decimals => format!("{whole}.{decimals}万"),
    }
}

/// A share in per cent with one decimal, rounded to the nearest: 600 of 4,012 → 15.0%.
fn percent(part: i64, whole: i64) -> String {
    let per_mille = (part * 2_000 + whole) / (whole * 2);
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

#[cfg(test)]
mod tests;
