//! What rosters are called, and what their fields are called in each.

use super::{erase_action::Erased, store::Entry};
use crate::{
    domain::{
        period::Day,
        roster::{Field, Kind, Mark},
    },
    locale::Locale,
};
use leptos::prelude::*;

pub fn title(locale: Locale, kind: Kind) -> &'static str {
    match kind {
        Kind::LawLiterate => locale.roster_law_literate(),
        Kind::VicePrincipal => locale.roster_vice_principal(),
        Kind::LegalAdviser => locale.roster_legal_adviser(),
        Kind::Venue => locale.roster_venue(),
        Kind::ModelHousehold => locale.roster_model_household(),
        Kind::ModelVillage => locale.roster_model_village(),
    }
}

/// What the entries are counted in.
pub fn counter(locale: Locale, kind: Kind) -> &'static str {
    match kind {
        Kind::Venue => locale.roster_word_place(),
        Kind::ModelHousehold => locale.roster_word_household(),
        Kind::ModelVillage => locale.roster_word_village(),
        _ => locale.roster_word_person(),
    }
}

/// The fields of a kind by their names in forms, in the order of lists, forms and tables.
pub fn fields(kind: Kind) -> Vec<&'static str> {
    let mut fields = vec!["unit"];
    for (field, name) in [
        (Field::Name, "name"),
        (Field::Category, "category"),
        (Field::Body, "body"),
        (Field::Certificate, "certificate"),
        (Field::Certificate, "certificate_to"),
    ] {
        if kind.says(field).is_some() {
            fields.push(name);
        }
    }
    fields.push("from");
    if kind.says(Field::To).is_some() {
        fields.push("to");
    }
    fields.push("left");
    if kind.says(Field::Renews).is_some() {
        fields.push("renews");
    }
    fields
}

/// What a field is called in a kind.
pub fn label(locale: Locale, kind: Kind, field: &str) -> &'static str {
    match (field, kind) {
        ("unit", Kind::VicePrincipal) => locale.roster_school(),
        ("unit", Kind::Venue) => locale.roster_unit(),
        ("unit", _) => locale.roster_village(),
        ("name", Kind::Venue) => locale.roster_venue_name(),
        ("name", Kind::LegalAdviser) => locale.roster_adviser_name(),
        ("name", Kind::ModelHousehold) => locale.roster_household_head(),
        ("name", _) => locale.roster_person_name(),
        ("category", Kind::Venue) => locale.roster_venue_form(),
        ("category", Kind::ModelVillage) => locale.roster_level(),
        ("category", _) => locale.roster_walk(),
        ("body", Kind::LegalAdviser) => locale.roster_firm(),
        ("body", _) => locale.roster_body(),
        ("certificate", _) => locale.roster_certificate(),
        ("certificate_to", _) => locale.roster_certificate_to(),
        ("from", Kind::LawLiterate) => locale.roster_appointed(),
        ("from", Kind::VicePrincipal) => locale.roster_term_from(),
        ("from", Kind::LegalAdviser) => locale.roster_contract_from(),
        ("from", Kind::Venue) => locale.roster_built(),
        ("from", _) => locale.roster_named(),
        ("to", Kind::VicePrincipal) => locale.roster_term_to(),
        ("to", Kind::LegalAdviser) => locale.roster_contract_to(),
        ("to", _) => locale.roster_valid_to(),
        ("left", Kind::Venue) => locale.roster_closed(),
        ("left", Kind::ModelHousehold | Kind::ModelVillage) => locale.roster_revoked(),
        ("left", _) => locale.roster_left(),
        _ => locale.roster_renews(),
    }
}

/// What is often typed into a field; anything else may be.
pub fn suggestions(locale: Locale, kind: Kind, field: &str) -> Vec<String> {
    let list = match (field, kind) {
        ("category", Kind::LawLiterate) => locale.roster_walks(),
        ("category", Kind::Venue) => locale.roster_venue_forms(),
        ("category", Kind::ModelVillage) => locale.roster_levels(),
        ("body", Kind::VicePrincipal) => locale.roster_bodies(),
        _ => return Vec::new(),
    };
    list.split('|').map(str::to_owned).collect()
}

/// Who or what an entry is about; what was erased says so.
pub fn name(locale: Locale, entry: &Entry) -> String {
    match (entry.kind, entry.erased_at) {
        (_, Some(_)) => locale.roster_erased().to_owned(),
        (Kind::ModelVillage, None) => entry.unit_name.clone(),
        (_, None) => entry.name.clone(),
    }
}

/// From when to when; what runs on has no end.
pub fn days(locale: Locale, entry: &Entry) -> String {
    match entry.left_day.or(entry.to_day) {
        Some(end) => locale.roster_from_to(entry.from_day, end),
        None => locale.roster_since(entry.from_day),
    }
}

/// A text in which no day is broken at the end of a line.
pub fn with_days(text: &str) -> impl IntoView + use<> {
    let mut parts = Vec::new();
    let mut rest = text;
    let is_day = |part: &str| part.parse::<Day>().is_ok();
    while let Some(place) =
        rest.char_indices().map(|(place, _)| place).find(|place| rest.get(*place..*place + 10).is_some_and(is_day))
    {
        let (before, from) = rest.split_at(place);
        let (day, after) = from.split_at(10);
        parts.push(view! { {before.to_owned()}<time>{day.to_owned()}</time> }.into_any());
        rest = after;
    }
    parts.push(rest.to_owned().into_any());
    parts
}

/// How many units a roster has: 12个村, 3所学校.
pub fn places(locale: Locale, kind: Kind, count: usize) -> String {
    match kind {
        Kind::VicePrincipal => locale.roster_places_schools(count),
        Kind::Venue => locale.roster_places_units(count),
        _ => locale.roster_places_villages(count),
    }
}

pub fn unit_wrong(locale: Locale, kind: Kind, unit: &str) -> String {
    match kind {
        Kind::VicePrincipal => locale.roster_no_school(unit),
        Kind::Venue => locale.roster_no_place(unit),
        _ => locale.roster_no_village(unit),
    }
}

/// What happens with an entry on a day.
pub fn mark(locale: Locale, mark: Mark) -> &'static str {
    match mark {
        Mark::Training => locale.roster_training(),
        Mark::Renewal => locale.roster_renewal(),
        Mark::Examination => locale.roster_examination(),
    }
}

/// What was erased, and what of the documents went and stayed.
pub fn erased(locale: Locale, erased: Erased) -> String {
    let mut said = locale.roster_erased_many(erased.names);
    if erased.documents > 0 {
        said += &locale.roster_erased_documents(erased.documents);
    }
    if erased.kept > 0 {
        said += &locale.roster_kept_documents(erased.kept);
    }
    said
}
