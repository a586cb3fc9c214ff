//! A scheme of rules and its items as somebody typed them, checked.

use super::{
    super::{
        material::fen,
        period::{Day, Period},
        problem::Problems,
    },
    Material,
};
use crate::locale::Locale;

/// The most characters of a title, an item, a reason, a number.
const LONGEST: usize = 300;
const LONGEST_NUMBER: usize = 20;
/// The most points of an item, in hundredths.
const MOST_POINTS: i64 = 100_000;
/// The longest period, in days: a five-year plan.
const LONGEST_PERIOD: i64 = 5 * 366;

/// A scheme as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemeDraft {
    pub title: String,
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedScheme {
    pub title: String,
    pub period: Period,
}

fn text(field: &str, text: &str, limit: usize, needed: bool, locale: Locale, problems: &mut Problems) -> String {
    let text = text.trim().to_owned();
    match text.chars().count() {
        0 if needed => problems.add(field, locale.inspection_fill_in()),
        count if count > limit => problems.add(field, locale.inspection_too_long(limit)),
        _ => {}
    }
    text
}

impl SchemeDraft {
    pub fn check(&self, locale: Locale, problems: &mut Problems) -> Option<CheckedScheme> {
        let title = text("title", &self.title, LONGEST, true, locale, problems);
        let mut day = |field: &str, text: &str| -> Option<Day> {
            let day = text.trim().parse().ok();
            if day.is_none() {
                problems.add(field, locale.inspection_day_wrong());
            }
            day
        };
        let (from, to) = (day("from", &self.from), day("to", &self.to));
        let period = Period::new(from?, to?).filter(|period| period.days() <= LONGEST_PERIOD);
        if period.is_none() {
            problems.add("to", locale.inspection_period_wrong());
        }
        let period = period.filter(|_| problems.is_empty())?;
        Some(CheckedScheme { title, period })
    }
}

/// Hundredths of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(pub i64);

impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = super::super::material::yuan(self.0);
        // Half a point is 0.5, and no money.
        f.write_str(if text.contains('.') { text.trim_end_matches('0') } else { &text })
    }
}

/// An item as somebody typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemDraft {
    pub number: String,
    pub name: String,
    pub points: String,
    pub own_points: String,
    pub reason: String,
    /// Keys.
    pub materials: Vec<String>,
    /// What else is asked for, in words: 名册、聘书.
    pub others: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedItem {
    pub number: String,
    pub name: String,
    pub points: Option<Points>,
    pub own_points: Option<Points>,
    pub reason: String,
    pub materials: Vec<Material>,
    pub others: Vec<String>,
}

impl ItemDraft {
    pub fn check(&self, locale: Locale, problems: &mut Problems) -> Option<CheckedItem> {
        let number = text("number", &self.number, LONGEST_NUMBER, false, locale, problems);
        let name = text("name", &self.name, LONGEST, true, locale, problems);
        let reason = text("reason", &self.reason, LONGEST, false, locale, problems);
        let others = text("others", &self.others, LONGEST, false, locale, problems);
        let mut read = |field: &str, text: &str| {
            // 5分 says the same as 5.
            let text = text.trim().trim_end_matches('分').trim();
            if text.is_empty() {
                return None;
            }
            let points = fen(text).filter(|points| *points <= MOST_POINTS);
            if points.is_none() {
                problems.add(field, locale.inspection_points_wrong());
            }
            points.map(Points)
        };
        let (points, own_points) = (read("points", &self.points), read("own_points", &self.own_points));
        if let (Some(points), Some(own)) = (points, own_points)
            && own > points
        {
            problems.add("own_points", locale.inspection_points_over(points));
        }
        // A kind that stands among the words is that kind.
        let named = Material::all_in_words(&others);
        let is_asked = |one: &Material| named.contains(one) || self.materials.iter().any(|key| key == one.key());
        let materials = Material::asked().filter(is_asked).collect();
        let others = Material::others_in_words(&others);
        problems.is_empty().then_some(CheckedItem { number, name, points, own_points, reason, materials, others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_may_have_halves_may_be_left_open_and_are_no_more_than_there_are() {
        let check = |points: &str, own: &str| {
            let mut problems = Problems::default();
            let draft = ItemDraft {
                name: "宣传".into(),
                points: points.into(),
                own_points: own.into(),
                ..ItemDraft::default()
            };
            let checked = draft.check(Locale::Zh, &mut problems);
            let fields: Vec<String> = problems.into_inner().into_iter().map(|one| one.field).collect();
            checked.map(|one| (one.points, one.own_points)).ok_or(fields)
        };
        assert_eq!(check("5分", "4.5"), Ok((Some(Points(500)), Some(Points(450)))));
        assert_eq!(check("", ""), Ok((None, None)));
        assert_eq!(check("5", "5.5"), Err(vec!["own_points".into()]));
        assert_eq!(check("五", "-1"), Err(vec!["points".into(), "own_points".into()]));
        assert_eq!((Points(450).to_string(), Points(500).to_string()), ("4.5".into(), "5".into()));
    }

    #[test]
    fn what_is_no_kind_of_material_is_asked_for_in_its_own_words() {
        let draft = ItemDraft {
            name: "聘任法治副校长".into(),
            materials: vec!["notice".into()],
            others: "名册、照片、聘书".into(),
            ..ItemDraft::default()
        };
        let checked = draft.check(Locale::Zh, &mut Problems::default()).expect("right");
        assert_eq!(checked.materials, [Material::Notice, Material::Photo]);
        assert_eq!(checked.others, ["名册", "聘书"]);
    }

    #[test]
    fn a_period_begins_before_it_ends() {
        let check = |from: &str, to: &str| {
            let draft = SchemeDraft { title: "考核".into(), from: from.into(), to: to.into() };
            draft.check(Locale::Zh, &mut Problems::default()).is_some()
        };
        assert!(check("2026-01-01", "2026-12-31"));
        assert!(!check("2026-12-31", "2026-01-01") && !check("", "2026-01-01") && !check("2000-01-01", "2026-01-01"));
    }
}
