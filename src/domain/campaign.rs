//! A campaign (专项宣传): a named effort on one or more themes over a period, and what has to be true of one.

use super::{
    measure::VALUE_RANGE,
    period::{Day, Period},
    problem::Problems,
    unit::{Unit, path_end},
};
use crate::locale::Locale;
use chrono::Datelike;

/// The longest title, lead or key, in characters.
pub const TEXT_LIMIT: usize = 100;
/// The longest list of themes, units or quantities.
pub const LIST_LIMIT: usize = 1_000;
/// The longest note, in characters.
pub const NOTE_LIMIT: usize = 2_000;

/// A theme of a campaign, with what is needed to show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignTheme {
    pub id: i64,
    pub key: String,
    pub name: String,
    pub name_en: Option<String>,
}

/// A unit as a campaign or event names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitName {
    pub id: i64,
    pub code: String,
    pub path: String,
    pub short_name: String,
}

/// How much of a measure a campaign plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub measure_id: i64,
    pub measure: String,
    pub name: String,
    pub name_en: Option<String>,
    pub unit_word: String,
    pub unit_word_en: Option<String>,
    pub value: i64,
}

/// A stored campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Campaign {
    pub id: i64,
    /// Unique in the whole installation.
    pub key: String,
    /// Who owns it: its officers manage it.
    pub unit: UnitName,
    pub title: String,
    pub period: Period,
    /// The department that leads it, in words.
    pub lead: String,
    pub note: String,
    pub cancelled: bool,
    pub themes: Vec<CampaignTheme>,
    /// The units it goes to, each standing for all below it; none means the owner and all below.
    pub units: Vec<UnitName>,
    pub quantities: Vec<Planned>,
}

impl Campaign {
    /// Whether the campaign goes to a unit with this path: to it or to one above it.
    pub fn goes_to(&self, path: &str) -> bool {
        let reaches = |unit: &UnitName| path.starts_with(unit.path.as_str());
        if self.units.is_empty() { reaches(&self.unit) } else { self.units.iter().any(reaches) }
    }

    /// Whether it can be logged for on `day`.
    pub fn is_open(&self, day: Day) -> bool {
        !self.cancelled && self.period.contains(day)
    }
}

/// Whether `unit` is `owner` or lies below it.
pub fn is_at_or_below(unit: &Unit, owner: &Unit) -> bool {
    owner.path <= unit.path && unit.path < path_end(&owner.path)
}

/// A campaign as somebody typed or posted it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Empty: one is made.
    pub key: String,
    /// The owner's code; empty: the author's own unit.
    pub unit: String,
    pub title: String,
    /// Keys of themes.
    pub themes: Vec<String>,
    pub from: String,
    pub to: String,
    pub lead: String,
    /// Codes of units.
    pub units: Vec<String>,
    pub quantities: Vec<DraftQuantity>,
    pub note: String,
    /// The key of the key date it stands for, and the year; only for a new campaign.
    pub key_date: Option<(String, i32)>,
}

/// A planned quantity as posted, and the names of its fields, for problems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftQuantity {
    /// The measure's key.
    pub measure: String,
    /// `None`: no whole number.
    pub value: Option<i64>,
    pub measure_field: String,
    pub value_field: String,
}

/// What is known to be right of a draft without asking the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub title: String,
    pub period: Period,
    pub lead: String,
    pub note: String,
}

impl Draft {
    /// The stored campaign as a draft, to be changed in parts.
    pub fn of(campaign: &Campaign) -> Draft {
        Draft {
            key: campaign.key.clone(),
            unit: campaign.unit.code.clone(),
            title: campaign.title.clone(),
            themes: campaign.themes.iter().map(|theme| theme.key.clone()).collect(),
            from: campaign.period.from.to_string(),
            to: campaign.period.to.to_string(),
            lead: campaign.lead.clone(),
            units: campaign.units.iter().map(|unit| unit.code.clone()).collect(),
            quantities: campaign
                .quantities
                .iter()
                .map(|planned| DraftQuantity {
                    measure: planned.measure.clone(),
                    value: Some(planned.value),
                    measure_field: "quantities".into(),
                    value_field: "quantities".into(),
                })
                .collect(),
            note: campaign.note.clone(),
            key_date: None,
        }
    }

    /// Checks all that needs no database; what is wrong goes to `problems`.
    pub fn check(&self, locale: Locale, problems: &mut Problems) -> Option<Checked> {
        let title = self.title.trim();
        if title.is_empty() {
            problems.add("title", locale.campaign_title_missing());
        }
        for (field, text, limit) in
            [("title", title, TEXT_LIMIT), ("lead", &self.lead, TEXT_LIMIT), ("note", &self.note, NOTE_LIMIT)]
        {
            if text.chars().count() > limit {
                problems.add(field, locale.campaign_text_too_long(limit));
            }
        }
        // Each name is looked up, and each measure held against the others.
        for (field, length) in
            [("themes", self.themes.len()), ("units", self.units.len()), ("quantities", self.quantities.len())]
        {
            if length > LIST_LIMIT {
                problems.add(field, locale.campaign_too_many(LIST_LIMIT));
                return None;
            }
        }
        if !self.key.is_empty() && !is_key(&self.key) {
            problems.add("key", locale.campaign_key_malformed());
        }
        let from = parse_day("from", &self.from, locale, problems);
        let to = parse_day("to", &self.to, locale, problems);
        for (index, quantity) in self.quantities.iter().enumerate() {
            if !quantity.value.is_some_and(|value| VALUE_RANGE.contains(&value)) {
                problems.add(&quantity.value_field, locale.campaign_value_range());
            }
            if self.quantities[..index].iter().any(|former| former.measure == quantity.measure) {
                problems.add(&quantity.measure_field, locale.campaign_measure_twice(&quantity.measure));
            }
        }
        let (from, to) = (from?, to?);
        let Some(period) = Period::new(from, to) else {
            problems.add("to", locale.campaign_to_before_from());
            return None;
        };
        Some(Checked {
            title: title.to_owned(),
            period,
            lead: self.lead.trim().to_owned(),
            note: self.note.trim().to_owned(),
        })
    }
}

/// A day as typed; a missing, malformed or absurd one is a problem of `field`.
pub fn parse_day(field: &str, text: &str, locale: Locale, problems: &mut Problems) -> Option<Day> {
    let text = text.trim();
    if text.is_empty() {
        problems.add(field, locale.campaign_day_missing());
        return None;
    }
    let day = text.parse::<Day>().ok().filter(|day| (2000..=2100).contains(&day.year()));
    if day.is_none() {
        problems.add(field, locale.campaign_day_malformed());
    }
    day
}

/// Whether a key is fit for addresses: Latin letters, digits, `-`, `_`, `.`, and not the address of the form.
fn is_key(key: &str) -> bool {
    !["new", "year"].contains(&key)
        && key.len() <= TEXT_LIMIT
        && key.starts_with(|first: char| first.is_ascii_alphanumeric())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(draft: &Draft) -> Vec<String> {
        let mut problems = Problems::default();
        let _ = draft.check(Locale::Zh, &mut problems);
        problems.into_inner().into_iter().map(|problem| problem.field).collect()
    }

    fn draft() -> Draft {
        Draft { title: "禁毒月".into(), from: "2026-06-01".into(), to: "2026-06-30".into(), ..Draft::default() }
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let quantity = |measure: &str, value| DraftQuantity {
            measure: measure.into(),
            value,
            measure_field: "m".into(),
            value_field: "v".into(),
        };
        let wrong = Draft {
            key: "禁 毒".into(),
            title: "  ".into(),
            from: "2026-02-30".into(),
            to: String::new(),
            lead: "司".repeat(101),
            quantities: vec![quantity("banner", Some(0)), quantity("banner", Some(3)), quantity("leaflet", None)],
            ..Draft::default()
        };
        assert_eq!(fields(&wrong), ["title", "lead", "key", "from", "to", "v", "m", "v"]);
        assert_eq!(fields(&draft()), Vec::<String>::new());
    }

    #[test]
    fn a_campaign_cannot_end_before_it_begins() {
        assert_eq!(fields(&Draft { to: "2026-05-31".into(), ..draft() }), ["to"]);
        assert_eq!(fields(&Draft { to: "2026-06-01".into(), ..draft() }), Vec::<String>::new());
    }

    #[test]
    fn a_key_is_fit_for_addresses() {
        assert!(is_key("2021-drugs.1") && is_key("xf_2026"));
        assert!(!is_key("new") && !is_key("year") && !is_key("-a") && !is_key("a/b") && !is_key("禁毒"));
    }

    #[test]
    fn a_campaign_goes_to_its_units_and_below_and_else_to_its_owner() {
        let unit =
            |id: i64, path: &str| UnitName { id, code: id.to_string(), path: path.into(), short_name: String::new() };
        let mut campaign = Campaign {
            id: 1,
            key: "a".into(),
            unit: unit(1, "/1/"),
            title: "a".into(),
            period: Period::year(2026),
            lead: String::new(),
            note: String::new(),
            cancelled: false,
            themes: Vec::new(),
            units: Vec::new(),
            quantities: Vec::new(),
        };
        assert!(campaign.goes_to("/1/5/17/") && campaign.goes_to("/1/"));
        campaign.units = vec![unit(5, "/1/5/")];
        assert!(campaign.goes_to("/1/5/17/") && !campaign.goes_to("/1/6/") && !campaign.goes_to("/1/51/"));
    }
}
