//! The conditions of a question in words: one line above the list, and the export's explanation.

use super::{
    filter::{Asked, NONE},
    words::{kind_text, precision_text, status_text},
};
use crate::{
    domain::{activity::Status, measure::Precision},
    locale::Locale,
    server::form::FormData,
};
use std::collections::BTreeMap;

/// A condition: what it says, and the field and value of the address that say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub text: String,
    pub field: &'static str,
    pub value: String,
}

/// Titles of campaigns by their keys.
pub type Titles = BTreeMap<String, String>;

/// The conditions besides the unit, in the order of the form.
pub fn told(locale: Locale, query: &FormData, asked: &Asked, titles: &Titles) -> Vec<Condition> {
    let catalogue = &asked.catalogue;
    let mut all = Vec::new();
    let mut add = |field: &'static str, value: &str, name: &str, text: String| {
        let text = if name.is_empty() { text } else { locale.ledger_condition(name, text) };
        all.push(Condition { text, field, value: value.to_owned() });
    };
    if asked.filter.own {
        add("own", "1", "", locale.ledger_own().into());
    }
    if let Some(kind) = asked.filter.unit_kind {
        add("kind", kind.key(), locale.ledger_unit_kind(), kind_text(locale, kind).into());
    }
    // A period by days overrules the year.
    match (query.filled("from"), query.filled("to")) {
        (None, None) => {
            if let Some(year) = query.filled("year") {
                add("year", year, "", locale.ledger_in_year(year));
            }
        }
        (from, to) => {
            if let Some(day) = from {
                add("from", day, "", locale.ledger_since(day));
            }
            if let Some(day) = to {
                add("to", day, "", locale.ledger_until(day));
            }
        }
    }
    for key in query.all("measure") {
        let measure = catalogue.measure(key);
        let name = measure.map_or(key, |one| locale.name(&one.name, one.name_en.as_deref()));
        add("measure", key, locale.ledger_measure(), name.into());
    }
    if let Some(precision) = query.filled("precision").and_then(Precision::from_key) {
        add("precision", precision.key(), locale.ledger_csv_precision(), precision_text(locale, precision).into());
    }
    for key in query.all("type") {
        let kind = catalogue.activity_type(key);
        let name = kind.map_or(key, |one| locale.name(&one.name, one.name_en.as_deref()));
        add("type", key, locale.ledger_type(), name.into());
    }
    for key in query.all("theme") {
        let theme = catalogue.theme(key);
        let name = theme.map_or(key, |one| locale.name(&one.name, one.name_en.as_deref()));
        let name = if key == NONE { locale.ledger_without_theme() } else { name };
        add("theme", key, locale.ledger_theme(), name.into());
    }
    if let Some(key) = query.filled("campaign") {
        let title = titles.get(key).map_or(key, String::as_str);
        let title = if key == NONE { locale.ledger_without_campaign() } else { title };
        add("campaign", key, locale.ledger_campaign(), title.into());
    }
    if asked.filter.shared {
        add("shared", "1", "", locale.ledger_shared().into());
    }
    if let Some(status) = query.filled("status").and_then(Status::from_key) {
        add("status", status.key(), locale.ledger_status(), status_text(locale, status).into());
    }
    match asked.filter.late {
        Some(true) => add("late", "1", "", locale.ledger_only_late().into()),
        Some(false) => add("late", "0", "", locale.ledger_not_late().into()),
        None => {}
    }
    match asked.filter.evidence {
        Some(true) => add("evidence", "1", "", locale.ledger_with_evidence().into()),
        Some(false) => add("evidence", "0", "", locale.ledger_without_evidence().into()),
        None => {}
    }
    match asked.filter.interactive {
        Some(true) => add("interactive", "1", "", locale.ledger_interactive_only().into()),
        Some(false) => add("interactive", "0", "", locale.ledger_passive_only().into()),
        None => {}
    }
    if let Some(place) = query.filled("place") {
        add("place", place, locale.ledger_csv_place(), place.into());
    }
    if let Some(handler) = query.filled("handler") {
        let name = if handler == NONE { locale.ledger_without_handler() } else { handler };
        add("handler", handler, locale.ledger_csv_handler(), name.into());
    }
    if let Some(name) = query.filled("by") {
        add("by", name, locale.ledger_entered_by(), name.into());
    }
    if let Some(words) = query.filled("q") {
        add("q", words, locale.ledger_words(), locale.ledger_quoted(words));
    }
    all
}
