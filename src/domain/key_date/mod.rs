//! Key dates (宣传节点): the days, weeks and months that the law or custom gives to publicity.
//!
//! A key date is a rule, and a notice may put one year's days in its place. It belongs to a unit and holds for it and
//! all below; the built-in ones ([`built_in`]) belong to none. A unit may switch off what stands above it.

pub mod built_in;
pub mod rule;
#[cfg(test)]
mod tests;

use super::period::Period;
use chrono::Datelike;
use rule::Rule;

crate::keyed! {
    /// Who proclaimed a key date.
    Layer { Nation => "nation", Province => "province", County => "county", Town => "town" }
}

/// A stored key date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDate {
    pub id: i64,
    pub key: String,
    /// The unit it belongs to; built-in ones have none and hold for all.
    pub unit_id: Option<i64>,
    pub layer: Layer,
    pub name: String,
    pub name_en: Option<String>,
    pub rule: Rule,
    /// Keys of themes.
    pub themes: Vec<String>,
    /// The departments that lead it, in words.
    pub lead: String,
    /// The law or notice it rests on.
    pub basis: String,
    /// Nobody has held it against its source.
    pub unverified: bool,
    /// The first year in which it was held.
    pub since: Option<i32>,
    pub retired: bool,
}

/// A notice that puts other days in the place of a rule's, for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub key_date_id: i64,
    /// The unit that entered it; it holds there and below. Built-in ones have none.
    pub unit_id: Option<i64>,
    pub year: i32,
    pub period: Period,
    /// What says so.
    pub notice: String,
}

/// Whether a unit has switched a key date off, for itself and below, or on again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switch {
    pub key_date_id: i64,
    pub unit_id: i64,
    pub off: bool,
}

/// A key date in one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    pub key_date_id: i64,
    pub key: String,
    pub name: String,
    pub name_en: Option<String>,
    pub period: Period,
    /// Keys of themes.
    pub themes: Vec<String>,
    pub lead: String,
    /// The law or notice it rests on; the notice where one moved it.
    pub basis: String,
    /// Whether a notice moved it this year.
    pub overridden: bool,
}

/// What a unit knows of key dates: those that it and the units above have, what notices moved and what is switched off.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub dates: Vec<KeyDate>,
    pub overrides: Vec<Override>,
    pub switches: Vec<Switch>,
    /// The ids of the units from the root down to the one that asks.
    pub ancestry: Vec<i64>,
}

/// What an unverified key date says of its basis.
pub const UNVERIFIED: &str = "依据未核实";

impl KeyDate {
    /// The basis as it is told: with a warning where nobody checked it.
    pub fn told_basis(&self) -> String {
        match (self.unverified, self.basis.is_empty()) {
            (false, _) => self.basis.clone(),
            (true, true) => UNVERIFIED.into(),
            (true, false) => format!("{}（{UNVERIFIED}）", self.basis),
        }
    }
}

impl Known {
    /// How near a unit stands: the larger the nearer; what is built in is the farthest.
    fn nearness(&self, unit_id: Option<i64>) -> Option<usize> {
        match unit_id {
            None => Some(0),
            Some(id) => self.ancestry.iter().position(|own| *own == id).map(|place| place + 1),
        }
    }

    /// The notice that holds for a key date in a year: that of the nearest unit.
    pub fn notice(&self, key_date_id: i64, year: i32) -> Option<&Override> {
        self.overrides
            .iter()
            .filter(|one| one.key_date_id == key_date_id && one.year == year)
            .filter_map(|one| Some((self.nearness(one.unit_id)?, one)))
            .max_by_key(|(nearness, _)| *nearness)
            .map(|(_, one)| one)
    }

    /// Whether the nearest unit that said anything switched it off.
    pub fn is_off(&self, key_date_id: i64) -> bool {
        self.switches
            .iter()
            .filter(|one| one.key_date_id == key_date_id)
            .filter_map(|one| Some((self.nearness(Some(one.unit_id))?, one.off)))
            .max_by_key(|(nearness, _)| *nearness)
            .is_some_and(|(_, off)| off)
    }

    /// The occurrences of one key date that belong to a year: those that begin in it, unless a notice says otherwise.
    pub fn of(&self, date: &KeyDate, year: i32) -> Vec<Occurrence> {
        let occurrence = |period: Period, basis: String, overridden: bool| Occurrence {
            key_date_id: date.id,
            key: date.key.clone(),
            name: date.name.clone(),
            name_en: date.name_en.clone(),
            period,
            themes: date.themes.clone(),
            lead: date.lead.clone(),
            basis,
            overridden,
        };
        if date.since.is_some_and(|since| year < since) {
            return Vec::new();
        }
        match self.notice(date.id, year) {
            Some(notice) => vec![occurrence(notice.period, notice.notice.clone(), true)],
            None => date.rule.in_year(year).into_iter().map(|one| occurrence(one, date.told_basis(), false)).collect(),
        }
    }

    /// Everything that holds in a year, by its first day and, of two on one day, the shorter one first.
    pub fn in_year(&self, year: i32) -> Vec<Occurrence> {
        let dates = self.dates.iter().filter(|date| !date.retired && !self.is_off(date.id));
        let mut found: Vec<Occurrence> = dates.flat_map(|date| self.of(date, year)).collect();
        found.sort_by(|a, b| (a.period.from, a.period.to, &a.key).cmp(&(b.period.from, b.period.to, &b.key)));
        found
    }

    /// Everything with a day in the period, in the same order.
    pub fn within(&self, period: Period) -> Vec<Occurrence> {
        // What began late in the year before may still run.
        let years = period.from.year().saturating_sub(1)..=period.to.year();
        let mut found: Vec<Occurrence> = years.flat_map(|year| self.in_year(year)).collect();
        found.retain(|one| one.period.intersection(period).is_some());
        found.sort_by(|a, b| (a.period.from, a.period.to, &a.key).cmp(&(b.period.from, b.period.to, &b.key)));
        found
    }
}
