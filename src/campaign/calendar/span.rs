//! Campaigns as the calendar shows them: what every town of a district makes of the same key date is one line.

use crate::{
    campaign::store::Outline,
    domain::{
        key_date::Occurrence,
        period::{Day, Period},
    },
    locale::Locale,
};
use chrono::Datelike;
use std::collections::BTreeMap;

/// Campaigns of one title on the same days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    title: String,
    pub period: Period,
    /// The one campaign's page; of several the year's list.
    pub address: String,
    count: usize,
}

impl Span {
    /// Its title; of several campaigns how many units have one.
    pub fn text(&self, locale: Locale) -> String {
        if self.count > 1 { locale.calendar_span_of_units(self.count, &self.title) } else { self.title.clone() }
    }

    /// Whether it stands for a key date: it bears its name, on its days.
    pub fn is_for(&self, one: &Occurrence) -> bool {
        self.period == one.period && self.title == one.name
    }
}

/// The campaigns, each title with its days once, in the order in which they come.
pub(super) fn spans(campaigns: &[Outline]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut places: BTreeMap<(&str, Day, Day), usize> = BTreeMap::new();
    for campaign in campaigns.iter().filter(|campaign| !campaign.cancelled) {
        let Period { from, to } = campaign.period;
        let place = *places.entry((&campaign.title, from, to)).or_insert(found.len());
        match found.get_mut(place) {
            Some(span) => {
                span.count += 1;
                span.address = format!("/campaigns?year={}", span.period.from.year());
            }
            None => found.push(Span {
                title: campaign.title.clone(),
                period: campaign.period,
                address: format!("/campaigns/{}", campaign.key),
                count: 1,
            }),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_town_makes_of_a_key_date_is_one_line_and_other_days_are_another() {
        let campaign = |key: &str, from: &str, cancelled: bool| Outline {
            key: key.into(),
            title: "禁毒宣传月".into(),
            period: Period { from: from.parse().expect("a day"), to: "2026-06-30".parse().expect("a day") },
            cancelled,
        };
        let all = [
            campaign("one", "2026-06-01", false),
            campaign("two", "2026-06-01", false),
            campaign("three", "2026-06-15", false),
            campaign("four", "2026-06-15", true),
        ];
        let found = spans(&all);
        let told: Vec<(String, &str)> = found.iter().map(|own| (own.text(Locale::Zh), own.address.as_str())).collect();
        let expected = [("禁毒宣传月（2个单位）", "/campaigns?year=2026"), ("禁毒宣传月", "/campaigns/three")];
        assert_eq!(told, expected.map(|(text, address)| (text.to_owned(), address)));
    }
}
