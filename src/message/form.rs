//! The form of the drafts: its fields filled from what was read, and read back as they were confirmed.
//!
//! Draft 3 has the fields `e.3.unit`, `e.3.date` …; its counts `e.3.c.0.measure`, `e.3.c.0.value`, `e.3.c.0.precision` ….

use super::action::{Read, derived_id};
use crate::{
    domain::{
        activity::{Draft, DraftQuantity},
        measure::Precision,
        message::{Entry, Why},
        period::Day,
        problem::Problems,
    },
    error::{Error, Result},
    locale::Locale,
    server::form::FormData,
};
use uuid::Uuid;

/// Rows for counts that were not read, in each draft.
pub const SPARE_ROWS: usize = 1;

/// A confirmed draft: one entry, or one for each of several villages.
#[derive(Debug)]
pub struct Typed {
    index: usize,
    pub drafts: Vec<Draft>,
    /// The row in which each count was typed.
    rows: Vec<usize>,
}

impl Typed {
    /// A field of this draft.
    pub fn field(&self, name: &str) -> String {
        field(self.index, name)
    }

    /// The field of the form that a field of the entry was typed into.
    pub fn field_of(&self, field: &str) -> String {
        if let Some(rest) = field.strip_prefix("quantities[") {
            let place: Option<usize> = rest.split(']').next().and_then(|place| place.parse().ok());
            let row = place.and_then(|place| self.rows.get(place)).copied().unwrap_or_default();
            return self.field(&format!("c.{row}.value"));
        }
        match field.split('[').next().unwrap_or(field) {
            "themes" => self.field("theme_more"),
            "covers" | "quantities" => self.field("keep"),
            other => self.field(other),
        }
    }
}

/// The name of a field of a draft.
pub fn field(index: usize, name: &str) -> String {
    format!("e.{index}.{name}")
}

/// The form as it is first shown: what was read, as though somebody had typed it.
pub fn filled(read: &Read) -> FormData {
    let mut pairs: Vec<(String, String)> = vec![("text".into(), read.text.clone()), ("read".into(), read.text.clone())];
    let chars: Vec<char> = read.text.chars().collect();
    for (index, (entry, id)) in read.reading.entries.iter().zip(&read.ids).enumerate() {
        let mut put = |name: &str, value: String| pairs.push((field(index, name), value));
        put("id", id.to_string());
        if is_kept(entry) {
            put("keep", "1".into());
        }
        put("unit", entry.unit.clone().unwrap_or_default());
        entry.units.iter().for_each(|code| put("units", code.clone()));
        entry.covers.iter().for_each(|code| put("covers", code.clone()));
        put("date", entry.date.to_string());
        put("date_to", entry.date_to.map(|to| to.to_string()).unwrap_or_default());
        put("type", entry.kind.clone().unwrap_or_default());
        entry.themes.iter().for_each(|key| put("theme", key.clone()));
        for (row, count) in entry.counts.iter().enumerate() {
            put(&format!("c.{row}.measure"), count.measure.clone());
            put(&format!("c.{row}.value"), count.value.to_string());
            put(&format!("c.{row}.precision"), count.precision.key().into());
        }
        for row in entry.counts.len()..entry.counts.len() + SPARE_ROWS {
            put(&format!("c.{row}.measure"), String::new());
            put(&format!("c.{row}.value"), String::new());
            put(&format!("c.{row}.precision"), Precision::Exact.key().into());
        }
        put("place", entry.place.clone());
        // The note is one line: browsers drop line breaks from such a field.
        let one_line = |letter: &char| if *letter == '\n' { ' ' } else { *letter };
        let words: String = chars[entry.start..entry.end].iter().take(1_000).map(one_line).collect();
        put("note", words.trim().to_owned());
    }
    FormData::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// Whether a draft is ticked at first. What is another's is not logged unless somebody chooses a unit for it; a sum over a
/// longer time was most likely logged one by one; of what is only planned nothing is left.
fn is_kept(entry: &Entry) -> bool {
    let has = |why: Why| entry.marks.iter().any(|mark| mark.why == why);
    let is_plan = entry.counts.is_empty() && has(Why::Planned);
    entry.foreign.is_none() && !has(Why::Cumulative) && !is_plan
}

/// The numbers of the drafts in a form.
pub fn indexes(form: &FormData) -> Vec<usize> {
    let number = |(rest, _): (&str, &str)| rest.strip_suffix(".unit")?.parse().ok();
    let mut numbers: Vec<usize> = form.with_prefix("e.").filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The rows of a draft's counts.
pub fn rows(form: &FormData, index: usize) -> Vec<usize> {
    let prefix = field(index, "c.");
    let number = |(rest, _): (&str, &str)| rest.strip_suffix(".value")?.parse().ok();
    let mut numbers: Vec<usize> = form.with_prefix(&prefix).filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The drafts that are ticked, as they were typed; or every problem by its field.
pub fn confirmed(form: &FormData, most: usize, locale: Locale) -> Result<Vec<Typed>> {
    let mut problems = Problems::default();
    let indexes = indexes(form);
    if indexes.len() > most {
        return Err(Error::invalid("text", locale.message_too_many(indexes.len(), most)));
    }
    let mut all = Vec::new();
    for index in indexes.into_iter().filter(|index| form.get(&field(*index, "keep")) == "1") {
        all.extend(typed(form, index, &mut problems, locale));
    }
    if all.is_empty() && problems.is_empty() {
        problems.add("", locale.message_no_draft());
    }
    Ok(problems.into_result(all)?)
}

fn typed(form: &FormData, index: usize, problems: &mut Problems, locale: Locale) -> Option<Typed> {
    let name = |name: &str| field(index, name);
    let owned = |own: &str| form.all(&name(own)).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let date = problems.keep(form.parsed::<Day>(&name("date"), locale.log_date_malformed()));
    let date_to = form.optional::<Day>(&name("date_to"), problems, locale.log_date_malformed());
    let (quantities, rows) = counts(form, index, problems, locale);
    let mut themes = owned("theme");
    themes.extend(form.filled(&name("theme_more")).map(str::to_owned));
    themes.dedup();
    let unit = form.get(&name("unit")).to_owned();
    let members = |own: &str| {
        let mut all = owned(own);
        all.extend(
            form.filled(&name(&format!("{own}_more")))
                .filter(|more| !form.all(&name(own)).contains(more))
                .map(str::to_owned),
        );
        all
    };
    let units = members("units");
    let manner = form.get(&name("manner"));
    if !units.is_empty() && !["each", "together"].contains(&manner) {
        problems.add(name("manner"), locale.log_manner_missing());
        return None;
    }
    if unit.is_empty() && manner != "each" {
        problems.add(name("unit"), locale.message_unit_asked());
        return None;
    }
    let seed = format!("{unit}\n{date:?}\n{quantities:?}");
    let id: Uuid = form.get(&name("id")).parse().unwrap_or_else(|_| derived_id(&seed, &index.to_string()));
    // Words that name no unit are sent by many villages: who they were chosen for tells their entries apart.
    let id = derived_id(&id.to_string(), &unit);
    let draft = Draft {
        id,
        unit,
        date: date?,
        date_to,
        kind: form.filled(&name("type")).map(str::to_owned),
        themes,
        campaigns: Vec::new(),
        event: None,
        classes: Vec::new(),
        covers: members("covers"),
        quantities,
        note: form.get(&name("note")).to_owned(),
        place: form.get(&name("place")).to_owned(),
        organiser: String::new(),
        co_organisers: Vec::new(),
        handler: String::new(),
    };
    let drafts = match manner {
        "each" if !units.is_empty() => units
            .iter()
            .map(|unit| Draft { id: derived_id(&id.to_string(), unit), unit: unit.clone(), ..draft.clone() })
            .collect(),
        "together" if !units.is_empty() => vec![Draft { covers: units, ..draft }],
        _ => vec![draft],
    };
    Some(Typed { index, drafts, rows })
}

/// The counts of a draft, and the row of each. A row without a value is left out.
fn counts(form: &FormData, index: usize, problems: &mut Problems, locale: Locale) -> (Vec<DraftQuantity>, Vec<usize>) {
    let (mut quantities, mut typed_in) = (Vec::new(), Vec::new());
    for row in rows(form, index) {
        let name = |part: &str| field(index, &format!("c.{row}.{part}"));
        let (measure, text) = (form.get(&name("measure")), form.get(&name("value")));
        if text.is_empty() {
            continue;
        }
        let Ok(value) = text.parse() else {
            problems.add(name("value"), locale.log_count_malformed());
            continue;
        };
        let Some(precision) = Precision::from_key(form.get(&name("precision"))) else {
            problems.add(name("precision"), locale.message_precision_unknown());
            continue;
        };
        if measure.is_empty() {
            problems.add(name("measure"), locale.message_measure_missing());
            continue;
        }
        quantities.push(DraftQuantity { measure: measure.to_owned(), value, precision });
        typed_in.push(row);
    }
    if quantities.is_empty() && problems.is_empty() {
        problems.add(field(index, "c.0.value"), locale.message_no_count());
    }
    (quantities, typed_in)
}
