//! The form of an entry: from what was typed to drafts, and problems back to the fields that were typed into.

use crate::{
    domain::{
        activity::{Draft, DraftQuantity, LONGEST_LIST, plays},
        catalogue::{ActivityType, Catalogue},
        measure::Precision,
        period::Day,
        problem::{Problem, Problems},
    },
    error::{Error, Result},
    locale::Locale,
    server::form::FormData,
};
use uuid::Uuid;

/// A count in words: 120余份, 约200份, 3条.
pub fn in_words(catalogue: &Catalogue, quantity: &DraftQuantity, locale: Locale) -> String {
    let unit = catalogue
        .measure(&quantity.measure)
        .map_or("", |measure| locale.name(&measure.unit_word, measure.unit_word_en.as_deref()));
    match quantity.precision {
        Precision::Exact => locale.figure_exact(unit, quantity.value),
        Precision::AtLeast => locale.figure_at_least(unit, quantity.value),
        Precision::Estimate => locale.figure_estimate(unit, quantity.value),
    }
}

/// All counts of an entry in words, each with its measure's name.
pub fn figures_in_words(catalogue: &Catalogue, draft: &Draft, locale: Locale) -> String {
    let words: Vec<String> = draft
        .quantities
        .iter()
        .map(|quantity| {
            let name = catalogue
                .measure(&quantity.measure)
                .map_or(quantity.measure.as_str(), |measure| locale.name(&measure.name, measure.name_en.as_deref()));
            match locale {
                Locale::Zh => format!("{name}{}", in_words(catalogue, quantity, locale)),
                Locale::En => format!("{name}: {}", in_words(catalogue, quantity, locale)),
            }
        })
        .collect();
    words.join(if locale == Locale::Zh { "，" } else { ", " })
}

/// Reads a form. Counts left empty are left out; several days with "times a day" reckon the type's first measure.
pub fn draft_of(form: &FormData, kind: &ActivityType, catalogue: &Catalogue, locale: Locale) -> Result<Draft> {
    let mut problems = Problems::default();
    let date = problems.keep(form.parsed::<Day>("date", locale.log_date_malformed()));
    let date_to = form.optional::<Day>("date_to", &mut problems, locale.log_date_malformed());
    let times = form.optional::<i64>("times", &mut problems, locale.log_count_malformed());
    let first = kind.measures.first().and_then(|id| catalogue.measure_by_id(*id));
    let mut quantities = Vec::new();
    for (key, text) in form.with_prefix("value.") {
        let reckoned = match (times, date, date_to, first) {
            (Some(times), Some(date), to, Some(first)) if first.key == key => Some(plays(times, date, to)),
            _ => None,
        };
        let value = match reckoned {
            Some(value) => value,
            None if text.is_empty() => continue,
            None => match text.parse() {
                Ok(value) => value,
                Err(_) => {
                    problems.add(format!("value.{key}"), locale.log_count_malformed());
                    continue;
                }
            },
        };
        let precision = Precision::from_key(form.get(&format!("precision.{key}"))).unwrap_or(Precision::Exact);
        quantities.push(DraftQuantity { measure: key.to_owned(), value, precision });
    }
    let owned = |name: &str| form.all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let draft = Draft {
        // A browser that lost the hidden id gets a fresh one: then a second click is a second entry.
        id: form.get("id").parse().unwrap_or_else(|_| Uuid::now_v7()),
        unit: form.get("unit").into(),
        date: date.unwrap_or_default(),
        date_to,
        kind: Some(kind.key.clone()),
        themes: owned("theme"),
        campaigns: owned("campaign"),
        event: form.get("event").parse().ok(),
        classes: owned("class"),
        covers: owned("covers"),
        quantities,
        note: form.get("note").into(),
        place: form.get("place").into(),
        organiser: form.get("organiser").into(),
        co_organisers: form
            .get("co_organisers")
            .split([',', '，', '、'])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect(),
        handler: form.get("handler").into(),
    };
    Ok(problems.into_result(draft)?)
}

/// The fields that [`draft_of`] reads the draft from: what was typed, for a form that asks something else before it saves.
pub fn fields_of(draft: &Draft) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| fields.push((name.to_owned(), value));
    add("id", draft.id.to_string());
    add("unit", draft.unit.clone());
    add("date", draft.date.to_string());
    add("date_to", draft.date_to.map(|to| to.to_string()).unwrap_or_default());
    for quantity in &draft.quantities {
        add(&format!("value.{}", quantity.measure), quantity.value.to_string());
        add(&format!("precision.{}", quantity.measure), quantity.precision.key().to_owned());
    }
    for (name, values) in
        [("theme", &draft.themes), ("campaign", &draft.campaigns), ("class", &draft.classes), ("covers", &draft.covers)]
    {
        values.iter().for_each(|value| add(name, value.clone()));
    }
    add("event", draft.event.map(|id| id.to_string()).unwrap_or_default());
    add("place", draft.place.clone());
    add("organiser", draft.organiser.clone());
    add("co_organisers", draft.co_organisers.join("，"));
    add("handler", draft.handler.clone());
    add("note", draft.note.clone());
    fields
}

/// One draft, or one for each village, or one for all together: as the form's fold asks.
pub fn drafts_of(form: &FormData, draft: Draft, locale: Locale) -> Result<Vec<Draft>> {
    let units = form.all("units");
    if units.is_empty() {
        return Ok(vec![draft]);
    }
    if units.len() > LONGEST_LIST {
        return Err(Error::invalid("units", locale.activity_too_many(LONGEST_LIST)));
    }
    match form.get("manner") {
        "each" => Ok(units
            .into_iter()
            .enumerate()
            .map(|(index, unit)| {
                let id = if index == 0 { draft.id } else { derived_id(draft.id, unit) };
                Draft { id, unit: unit.into(), event: None, ..draft.clone() }
            })
            .collect()),
        "together" => Ok(vec![Draft { covers: units.into_iter().map(str::to_owned).collect(), ..draft }]),
        _ => Err(Error::invalid("manner", locale.log_manner_missing())),
    }
}

/// The id of one village's entry, made from the form's: the same form sent twice names the same entries.
fn derived_id(id: Uuid, unit: &str) -> Uuid {
    use sha2::{Digest, Sha256};
    let digest = Sha256::new().chain_update(id.as_bytes()).chain_update(unit).finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Turns the API's field paths back into the form's: `quantities[0].value` → `value.banner`.
pub fn to_fields(error: Error, draft: &Draft) -> Error {
    let Error::Invalid(problems) = error else { return error };
    let field_of = |field: &str| -> String {
        if let Some(rest) = field.strip_prefix("quantities[") {
            let index: usize = rest.split(']').next().and_then(|index| index.parse().ok()).unwrap_or(usize::MAX);
            return draft.quantities.get(index).map_or(String::new(), |quantity| format!("value.{}", quantity.measure));
        }
        match field.split('[').next().unwrap_or(field) {
            "themes" => "theme".into(),
            "campaigns" => "campaign".into(),
            "classes" => "class".into(),
            "covers" => "units".into(),
            "quantities" => String::new(),
            other => other.to_owned(),
        }
    };
    Error::Invalid(problems.into_iter().map(|problem| Problem { field: field_of(&problem.field), ..problem }).collect())
}
