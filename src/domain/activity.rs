//! What was really done: an entry of the ledger as it is drafted, and as it is once checked.

use super::{
    catalogue::Catalogue,
    measure::{Precision, VALUE_RANGE},
    period::Day,
    problem::Problems,
    unit::Unit,
};
use crate::locale::Locale;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

crate::keyed! {
    /// How far an entry has come. All but withdrawn ones count.
    Status {
        Submitted => "submitted",
        Accepted => "accepted",
        Returned => "returned",
        Withdrawn => "withdrawn",
    }
}

/// A count as posted: the measure by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftQuantity {
    pub measure: String,
    pub value: i64,
    pub precision: Precision,
}

/// An entry as a phone or a form posts it; everything by key. It is also what is kept of the first post, to tell a
/// replay from another entry under the same id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Chosen by the client, so that the same entry sent twice is stored once.
    pub id: Uuid,
    /// The unit's code.
    pub unit: String,
    pub date: Day,
    #[serde(default)]
    pub date_to: Option<Day>,
    /// The activity type's key; without it the first quantity's measure decides.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub themes: Vec<String>,
    #[serde(default)]
    pub campaigns: Vec<String>,
    #[serde(default)]
    pub event: Option<Uuid>,
    /// Names of the classes that took part: 2019级1班.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Codes of the units below that an entry of their parent was for together (合计).
    #[serde(default)]
    pub covers: Vec<String>,
    pub quantities: Vec<DraftQuantity>,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub organiser: String,
    #[serde(default)]
    pub co_organisers: Vec<String>,
    /// 经办人
    #[serde(default)]
    pub handler: String,
}

/// What an entry is held against.
#[derive(Debug)]
pub struct Facts<'a> {
    pub today: Day,
    pub unit: &'a Unit,
    pub catalogue: &'a Catalogue,
    /// Key and id of the campaigns named that the author may see.
    pub campaigns: &'a [(String, i64)],
    /// The event named, if it is this unit's: the id of its campaign.
    pub event_campaign: Option<i64>,
    /// Name and id of the classes at the unit and below.
    pub classes: &'a [(String, i64)],
    /// The units named as covered that exist.
    pub covers: &'a [Unit],
    /// Units among the co-organisers, by code.
    pub co_organisers: &'a [(String, i64)],
}

/// A count that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    pub measure_id: i64,
    pub precision: Precision,
    pub value: i64,
}

/// An entry that may be stored. Only [`check`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub id: Uuid,
    pub unit_id: i64,
    pub day: Day,
    /// The last day of an entry over several days; later than `day`.
    pub day_to: Option<Day>,
    pub type_id: i64,
    pub event_id: Option<Uuid>,
    pub quantities: Vec<Quantity>,
    pub theme_ids: Vec<i64>,
    pub campaign_ids: Vec<i64>,
    pub class_ids: Vec<i64>,
    pub cover_ids: Vec<i64>,
    /// A unit of the tree, or an office named in words.
    pub co_organisers: Vec<(Option<i64>, String)>,
    pub place: String,
    pub organiser: String,
    pub handler: String,
    pub note: String,
}

/// The longest span that one entry may stand for, in days.
pub const LONGEST_SPAN: i64 = 366;
/// The most characters of a short text (place, organiser, handler), and of the note.
const SHORT: usize = 200;
const LONG: usize = 4_000;

/// The most names in any list of an entry: more than a county has villages.
pub const LONGEST_LIST: usize = 1_000;

/// Refuses lists that are longer than anybody means, before their names are looked up.
pub fn check_lists(draft: &Draft, locale: Locale) -> Result<(), Vec<super::problem::Problem>> {
    let mut problems = Problems::default();
    for (field, length) in [
        ("themes", draft.themes.len()),
        ("campaigns", draft.campaigns.len()),
        ("classes", draft.classes.len()),
        ("covers", draft.covers.len()),
        ("quantities", draft.quantities.len()),
        ("co_organisers", draft.co_organisers.len()),
    ] {
        if length > LONGEST_LIST {
            problems.add(field, locale.activity_too_many(LONGEST_LIST));
        }
    }
    problems.into_result(())
}

/// Turns a draft into what may be stored, or into all that is wrong with it, field by field.
///
/// Rules (the contract's "An activity"): at least one quantity, at most one per measure and precision, value
/// 1…10,000,000, any active measure; not in the future; the unit is there on the day.
pub fn check(draft: &Draft, facts: &Facts<'_>, locale: Locale) -> Result<Checked, Vec<super::problem::Problem>> {
    let mut problems = Problems::default();
    check_days(draft, facts, locale, &mut problems);
    let quantities = check_quantities(draft, facts.catalogue, locale, &mut problems);
    let type_id = check_type(draft, facts.catalogue, locale, &mut problems);
    let theme_ids =
        resolve(&draft.themes, "themes", &mut problems, locale, |key| facts.catalogue.theme(key).map(|theme| theme.id));
    let mut campaign_ids =
        resolve(&draft.campaigns, "campaigns", &mut problems, locale, |key| find(facts.campaigns, key));
    let class_ids = resolve(&draft.classes, "classes", &mut problems, locale, |name| find(facts.classes, name));
    let cover_ids = resolve(&draft.covers, "covers", &mut problems, locale, |code| {
        let below = facts.covers.iter().find(|unit| unit.code == *code)?;
        (below.id != facts.unit.id && below.path.starts_with(&facts.unit.path)).then_some(below.id)
    });
    if draft.event.is_some() {
        match facts.event_campaign {
            // An event's entry belongs to the event's campaign.
            Some(campaign) if campaign_ids.is_empty() => campaign_ids.push(campaign),
            Some(_) => {}
            None => problems.add("event", locale.activity_event_unknown()),
        }
    }
    for (field, text, most) in [
        ("place", &draft.place, SHORT),
        ("organiser", &draft.organiser, SHORT),
        ("handler", &draft.handler, SHORT),
        ("note", &draft.note, LONG),
    ] {
        if text.chars().count() > most {
            problems.add(field, locale.activity_text_too_long(most));
        }
    }
    if draft.co_organisers.iter().any(|name| name.chars().count() > SHORT) || draft.co_organisers.len() > 20 {
        problems.add("co_organisers", locale.activity_text_too_long(SHORT));
    }
    let co_organisers = draft
        .co_organisers
        .iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
        .map(|name| (find(facts.co_organisers, name), name.to_owned()))
        .collect();
    let checked = Checked {
        id: draft.id,
        unit_id: facts.unit.id,
        day: draft.date,
        day_to: draft.date_to.filter(|to| *to > draft.date),
        type_id: type_id.unwrap_or_default(),
        event_id: draft.event,
        quantities,
        theme_ids,
        campaign_ids,
        class_ids,
        cover_ids,
        co_organisers,
        place: draft.place.trim().into(),
        organiser: draft.organiser.trim().into(),
        handler: draft.handler.trim().into(),
        note: draft.note.trim().into(),
    };
    problems.into_result(checked)
}

fn check_days(draft: &Draft, facts: &Facts<'_>, locale: Locale, problems: &mut Problems) {
    let earliest = Day::from_ymd_opt(1990, 1, 1).unwrap_or(Day::MIN);
    if draft.date > facts.today {
        problems.add("date", locale.activity_date_future(facts.today));
    } else if draft.date < earliest {
        problems.add("date", locale.activity_date_early());
    } else if !facts.unit.is_active(draft.date) {
        problems.add("unit", locale.activity_unit_closed(draft.date, &facts.unit.short_name));
    }
    if let Some(to) = draft.date_to {
        if to < draft.date {
            problems.add("date_to", locale.activity_date_to_before());
        } else if to > facts.today {
            problems.add("date_to", locale.activity_date_future(facts.today));
        } else if (to - draft.date).num_days() >= LONGEST_SPAN {
            problems.add("date_to", locale.activity_date_to_far(LONGEST_SPAN));
        }
    }
}

fn check_quantities(draft: &Draft, catalogue: &Catalogue, locale: Locale, problems: &mut Problems) -> Vec<Quantity> {
    if draft.quantities.is_empty() {
        problems.add("quantities", locale.activity_no_quantity());
    }
    let mut seen = BTreeSet::new();
    let mut checked = Vec::new();
    for (index, quantity) in draft.quantities.iter().enumerate() {
        let field = |member: &str| format!("quantities[{index}].{member}");
        if !VALUE_RANGE.contains(&quantity.value) {
            problems.add(field("value"), locale.activity_value_range(quantity.value));
        }
        let measure = match catalogue.measure(&quantity.measure) {
            Some(measure) if measure.is_stock => {
                problems.add(
                    field("measure"),
                    locale.activity_measure_is_stock(locale.name(&measure.name, measure.name_en.as_deref())),
                );
                continue;
            }
            Some(measure) if measure.retired => {
                problems.add(field("measure"), locale.activity_measure_retired(&measure.name));
                continue;
            }
            Some(measure) => measure,
            None => {
                problems.add(field("measure"), locale.activity_unknown(&quantity.measure));
                continue;
            }
        };
        if !seen.insert((measure.id, quantity.precision)) {
            problems.add(field("measure"), locale.activity_measure_twice(&measure.name));
        }
        checked.push(Quantity { measure_id: measure.id, precision: quantity.precision, value: quantity.value });
    }
    checked
}

fn check_type(draft: &Draft, catalogue: &Catalogue, locale: Locale, problems: &mut Problems) -> Option<i64> {
    let key = match &draft.kind {
        Some(key) => key,
        None => {
            let measure = catalogue.measure(&draft.quantities.first()?.measure)?;
            let asking = catalogue.active_types().find(|kind| kind.measures.contains(&measure.id));
            if asking.is_none() {
                problems.add("type", locale.activity_type_missing());
            }
            return asking.map(|kind| kind.id);
        }
    };
    match catalogue.activity_type(key) {
        Some(kind) if kind.retired => {
            problems.add("type", locale.activity_type_retired(&kind.name));
            None
        }
        Some(kind) => Some(kind.id),
        None => {
            problems.add("type", locale.activity_unknown(key));
            None
        }
    }
}

fn find(list: &[(String, i64)], key: &str) -> Option<i64> {
    list.iter().find(|(own, _)| own == key).map(|(_, id)| *id)
}

/// The ids behind keys, each once; a key that is not found is a problem of its place in the list.
fn resolve(
    keys: &[String],
    field: &str,
    problems: &mut Problems,
    locale: Locale,
    find: impl Fn(&String) -> Option<i64>,
) -> Vec<i64> {
    let mut ids = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        match find(key) {
            Some(id) if !ids.contains(&id) => ids.push(id),
            Some(_) => {}
            None => problems.add(format!("{field}[{index}]"), locale.activity_unknown(key)),
        }
    }
    ids
}

/// How often a thing was repeated that ran `times` a day from `from` to `to`, both days counted: 11-29 to 12-05, twice
/// a day, is 14 plays.
pub fn plays(times: i64, from: Day, to: Option<Day>) -> i64 {
    times.saturating_mul((to.unwrap_or(from) - from).num_days() + 1)
}

/// The part of `value` that falls on the days `first..=last` (from 0) of a span of `days`: spread evenly, the
/// remainder on the first days, so that the parts of any division add up to the whole.
pub fn spread(value: i64, days: i64, first: i64, last: i64) -> i64 {
    let up_to = |day: i64| {
        let day = day.clamp(0, days);
        value / days * day + (value % days).min(day)
    };
    up_to(last + 1) - up_to(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What was posted is kept as this makes it, and a replay is told by being the same: a phone may send again what it sent
    /// before an update. A member that comes later is left out where it is empty (`skip_serializing_if`), and this stays.
    #[test]
    fn a_draft_is_kept_in_the_shape_in_which_it_always_was() {
        let posted = r#"{"id":"01938f00-0000-7000-8000-000000000001","unit":"500999001201","date":"2021-06-01",
            "quantities":[{"measure":"banner","value":3,"precision":"exact"}]}"#;
        let draft: Draft = serde_json::from_str(posted).expect("a draft");
        let kept = r#"{"id":"01938f00-0000-7000-8000-000000000001","unit":"500999001201","date":"2021-06-01","date_to":null,"type":null,"themes":[],"campaigns":[],"event":null,"classes":[],"covers":[],"quantities":[{"measure":"banner","value":3,"precision":"exact"}],"note":"","place":"","organiser":"","co_organisers":[],"handler":""}"#;
        assert_eq!(serde_json::to_string(&draft).expect("its members"), kept);
    }

    #[test]
    fn fourteen_plays_in_a_week_are_two_a_day_and_the_remainder_comes_first() {
        assert_eq!(spread(14, 7, 0, 0), 2);
        assert_eq!((0..7).map(|day| spread(16, 7, day, day)).collect::<Vec<_>>(), [3, 3, 2, 2, 2, 2, 2]);
    }

    proptest! {
        #[test]
        fn the_parts_of_a_span_add_up_to_the_value(value in 1i64..10_000_000, days in 1i64..366, cut in 0i64..366) {
            let cut = cut % days;
            let first = spread(value, days, 0, cut);
            let second = if cut + 1 < days { spread(value, days, cut + 1, days - 1) } else { 0 };
            prop_assert_eq!(first + second, value);
            prop_assert!(first >= 0 && second >= 0);
        }
    }
}
