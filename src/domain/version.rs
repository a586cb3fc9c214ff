//! The parts of an entry that people compare: what changed between two versions, and taking one part from another.

use super::activity::Draft;

/// A part of an entry, as people see and choose it: each count by itself, everything else by field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Unit,
    Date,
    DateTo,
    Kind,
    /// The count of the measure with this key.
    Count(String),
    Themes,
    Campaigns,
    Event,
    Classes,
    Covers,
    Place,
    Organiser,
    CoOrganisers,
    Handler,
    Note,
}

impl Part {
    /// The name of the part in a form: `date`, `count.leaflet`.
    pub fn name(&self) -> String {
        match self {
            Part::Unit => "unit".into(),
            Part::Date => "date".into(),
            Part::DateTo => "date_to".into(),
            Part::Kind => "type".into(),
            Part::Count(measure) => format!("count.{measure}"),
            Part::Themes => "themes".into(),
            Part::Campaigns => "campaigns".into(),
            Part::Event => "event".into(),
            Part::Classes => "classes".into(),
            Part::Covers => "covers".into(),
            Part::Place => "place".into(),
            Part::Organiser => "organiser".into(),
            Part::CoOrganisers => "co_organisers".into(),
            Part::Handler => "handler".into(),
            Part::Note => "note".into(),
        }
    }
}

/// Every part of either version: when and where, the counts in the order in which they stand, then the rest.
fn parts(one: &Draft, other: &Draft) -> Vec<Part> {
    let mut parts = vec![Part::Unit, Part::Date, Part::DateTo, Part::Kind];
    for quantity in one.quantities.iter().chain(&other.quantities) {
        let part = Part::Count(quantity.measure.clone());
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.extend([Part::Themes, Part::Campaigns, Part::Event, Part::Classes, Part::Covers]);
    parts.extend([Part::Place, Part::Organiser, Part::CoOrganisers, Part::Handler, Part::Note]);
    parts
}

/// A list without regard to its order.
fn sorted(list: &[String]) -> Vec<&str> {
    let mut sorted: Vec<&str> = list.iter().map(|text| text.trim()).collect();
    sorted.sort_unstable();
    sorted
}

/// A measure's counts: its precisions and values.
fn counts(draft: &Draft, measure: &str) -> Vec<(&'static str, i64)> {
    let own = draft.quantities.iter().filter(|one| one.measure == measure);
    let mut counts: Vec<_> = own.map(|one| (one.precision.key(), one.value)).collect();
    counts.sort_unstable();
    counts
}

/// Whether a part is the same in both.
pub fn is_same(part: &Part, one: &Draft, other: &Draft) -> bool {
    // A last day that is the first one says nothing.
    let last = |draft: &Draft| draft.date_to.filter(|to| *to > draft.date);
    match part {
        Part::Unit => one.unit == other.unit,
        Part::Date => one.date == other.date,
        Part::DateTo => last(one) == last(other),
        Part::Kind => one.kind == other.kind,
        Part::Count(measure) => counts(one, measure) == counts(other, measure),
        Part::Themes => sorted(&one.themes) == sorted(&other.themes),
        Part::Campaigns => sorted(&one.campaigns) == sorted(&other.campaigns),
        Part::Event => one.event == other.event,
        Part::Classes => sorted(&one.classes) == sorted(&other.classes),
        Part::Covers => sorted(&one.covers) == sorted(&other.covers),
        Part::Place => one.place.trim() == other.place.trim(),
        Part::Organiser => one.organiser.trim() == other.organiser.trim(),
        Part::CoOrganisers => sorted(&one.co_organisers) == sorted(&other.co_organisers),
        Part::Handler => one.handler.trim() == other.handler.trim(),
        Part::Note => one.note.trim() == other.note.trim(),
    }
}

/// The parts that differ, in the order in which they are read.
pub fn changed(before: &Draft, after: &Draft) -> Vec<Part> {
    parts(before, after).into_iter().filter(|part| !is_same(part, before, after)).collect()
}

/// Makes a part what it is in another version.
pub fn take(into: &mut Draft, part: &Part, from: &Draft) {
    match part {
        Part::Unit => into.unit.clone_from(&from.unit),
        Part::Date => into.date = from.date,
        Part::DateTo => into.date_to = from.date_to,
        Part::Kind => into.kind.clone_from(&from.kind),
        Part::Count(measure) => {
            into.quantities.retain(|one| one.measure != *measure);
            into.quantities.extend(from.quantities.iter().filter(|one| one.measure == *measure).cloned());
        }
        Part::Themes => into.themes.clone_from(&from.themes),
        Part::Campaigns => into.campaigns.clone_from(&from.campaigns),
        Part::Event => into.event = from.event,
        Part::Classes => into.classes.clone_from(&from.classes),
        Part::Covers => into.covers.clone_from(&from.covers),
        Part::Place => into.place.clone_from(&from.place),
        Part::Organiser => into.organiser.clone_from(&from.organiser),
        Part::CoOrganisers => into.co_organisers.clone_from(&from.co_organisers),
        Part::Handler => into.handler.clone_from(&from.handler),
        Part::Note => into.note.clone_from(&from.note),
    }
}

/// A part on which what somebody typed differs from what stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub part: Part,
    /// Whether both changed it; else only one of them did.
    pub by_both: bool,
    /// Whether the one who types left it as it was: then what stands now is the better guess.
    pub untouched: bool,
}

/// What two people did to the same version: `base` is what both saw, `now` what the first one made of it, `typed` what the
/// second one wants.
pub fn conflicts(base: &Draft, now: &Draft, typed: &Draft) -> Vec<Conflict> {
    let compare = |part: Part| {
        let (mine, theirs) = (!is_same(&part, base, typed), !is_same(&part, base, now));
        Conflict { by_both: mine && theirs, untouched: !mine, part }
    };
    changed(now, typed).into_iter().map(compare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{activity::DraftQuantity, measure::Precision};

    fn draft(leaflets: i64, note: &str) -> Draft {
        let quantity =
            |measure: &str, value| DraftQuantity { measure: measure.into(), value, precision: Precision::Exact };
        Draft {
            id: uuid::Uuid::nil(),
            unit: "500999001201".into(),
            date: "2021-12-04".parse().expect("a day"),
            date_to: None,
            kind: Some("leaflet".into()),
            themes: vec!["constitution".into(), "drugs".into()],
            campaigns: Vec::new(),
            event: None,
            classes: Vec::new(),
            covers: Vec::new(),
            quantities: vec![quantity("leaflet", leaflets), quantity("banner", 2)],
            note: note.into(),
            place: String::new(),
            organiser: String::new(),
            co_organisers: Vec::new(),
            handler: String::new(),
        }
    }

    #[test]
    fn what_only_stands_in_another_order_did_not_change() {
        let (one, mut other) = (draft(200, ""), draft(200, " "));
        other.themes.reverse();
        other.quantities.reverse();
        other.date_to = Some(other.date);
        assert_eq!(changed(&one, &other), []);
        other.quantities.pop();
        assert_eq!(changed(&one, &other), [Part::Count("leaflet".into())]);
    }

    #[test]
    fn two_who_correct_the_same_version_differ_on_what_each_of_them_did() {
        let (base, mut now, mut typed) = (draft(200, ""), draft(2000, ""), draft(1800, "村口"));
        now.place = "院坝".into();
        typed.handler = "孙丽".into();
        let found = conflicts(&base, &now, &typed);
        let told: Vec<_> = found.iter().map(|one| (one.part.name(), one.by_both, one.untouched)).collect();
        let named = |name: &str, both, untouched| (name.to_owned(), both, untouched);
        assert_eq!(
            told,
            [
                named("count.leaflet", true, false),
                named("place", false, true),
                named("handler", false, false),
                named("note", false, false)
            ]
        );
        // Theirs where nothing was typed, and nothing is left that differs but what was chosen.
        for one in found.iter().filter(|one| one.untouched || one.by_both) {
            take(&mut typed, &one.part, &now);
        }
        assert_eq!(changed(&now, &typed), [Part::Handler, Part::Note]);
        assert_eq!(typed.quantities.len(), 2);
    }
}
