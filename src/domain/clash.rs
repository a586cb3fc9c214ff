//! Clashes: what speaks against an event where it stands. They are told and forbid nothing.

use super::{
    campaign::{Campaign, UnitName},
    day_mark::DayMarks,
    event::{Event, day_of},
    period::{Day, Month, Period},
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// More events than this in a month are many for one village while another has none.
pub const MONTH_MANY: usize = 4;

crate::keyed! {
    /// What speaks against an event.
    Kind {
        /// The same person leads another one at the same time.
        Person => "person",
        /// Another one is held at the same place at the same time.
        Place => "place",
        /// The village has another one on the same day.
        Village => "village",
        /// It lies on a statutory holiday.
        Holiday => "holiday",
        /// The unit cannot be visited that day.
        Blackout => "blackout",
        /// The village has many this month while another that the campaign goes to has none.
        Load => "load",
    }
}

/// An event as far as it can clash: stored, or only proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    pub id: Uuid,
    pub campaign_id: i64,
    pub unit: UnitName,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub lead: String,
    pub place: String,
}

impl Slot {
    /// The event's time and place; none for one that is cancelled: it takes nobody's time.
    pub fn of(event: &Event) -> Option<Slot> {
        (!event.cancelled).then(|| Slot {
            id: event.id,
            campaign_id: event.campaign_id,
            unit: event.unit.clone(),
            starts_at: event.starts_at,
            ends_at: event.ends_at,
            lead: event.lead.clone(),
            place: event.place.clone(),
        })
    }

    pub fn day(&self) -> Day {
        day_of(self.starts_at)
    }

    fn overlaps(&self, other: &Slot) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// One thing that speaks against one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    pub kind: Kind,
    /// The other event, where there is one.
    pub other: Option<Uuid>,
    /// The person, the place, the holiday, why the unit cannot be visited, or the village that has nothing.
    pub what: String,
}

/// What events are held against.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    pub marks: &'a DayMarks,
    /// The days of which every event stands among the slots: a month is only called empty if all of it is known.
    pub known: Period,
    /// Villages and communities, in the order of their codes.
    pub villages: &'a [UnitName],
    pub campaigns: &'a [Campaign],
}

/// Ends of names that are an office's: it can be in two places at once.
const OFFICES: [&str; 16] =
    ["所", "办", "局", "委", "队", "院", "室", "站", "处", "科", "部", "会", "校", "中心", "office", "Office"];

/// The people that an event names as its leads; offices are none.
pub fn people(lead: &str) -> impl Iterator<Item = &str> {
    lead.split(['、', '，', ',', '；', ';', '/'])
        .map(str::trim)
        .filter(|name| !name.is_empty() && !OFFICES.iter().any(|end| name.ends_with(end)))
}

/// Places that every village has one of: alone they name no venue.
const COMMON_PLACES: [&str; 14] = [
    "村委会",
    "居委会",
    "院坝",
    "会议室",
    "办公室",
    "活动室",
    "广场",
    "操场",
    "教室",
    "学校",
    "党群服务中心",
    "便民服务中心",
    "农家书屋",
    "文化广场",
];

/// What makes two places the same: the words, and where every village has such a place, the unit too.
fn venue(slot: &Slot) -> Option<(String, i64)> {
    let place: String = slot.place.split_whitespace().collect();
    if place.is_empty() {
        return None;
    }
    let is_common = COMMON_PLACES.iter().any(|common| {
        place.strip_suffix(common).is_some_and(|before| ["", "村", "社区", "村委会", "本村"].contains(&before))
    });
    let unit = if is_common { slot.unit.id } else { 0 };
    Some((place, unit))
}

/// All that speaks against these events, by the event's id; who has nothing against it is left out.
pub fn all(slots: &[Slot], ground: Ground<'_>) -> BTreeMap<Uuid, Vec<Clash>> {
    let mut found: BTreeMap<Uuid, Vec<Clash>> = BTreeMap::new();
    let mut add = |id: Uuid, kind: Kind, other: Option<Uuid>, what: &str| {
        found.entry(id).or_default().push(Clash { kind, other, what: what.to_owned() });
    };
    let mut by_person: BTreeMap<&str, Vec<&Slot>> = BTreeMap::new();
    let mut by_venue: BTreeMap<(String, i64), Vec<&Slot>> = BTreeMap::new();
    let mut by_village_day: BTreeMap<(i64, Day), Vec<&Slot>> = BTreeMap::new();
    let mut by_village_month: BTreeMap<(i64, Month), Vec<&Slot>> = BTreeMap::new();
    let villages: BTreeSet<i64> = ground.villages.iter().map(|village| village.id).collect();
    for slot in slots {
        for person in people(&slot.lead).collect::<BTreeSet<_>>() {
            by_person.entry(person).or_default().push(slot);
        }
        if let Some(venue) = venue(slot) {
            by_venue.entry(venue).or_default().push(slot);
        }
        let day = slot.day();
        if villages.contains(&slot.unit.id) {
            by_village_day.entry((slot.unit.id, day)).or_default().push(slot);
            by_village_month.entry((slot.unit.id, Month::of(day))).or_default().push(slot);
        }
        if let Some(holiday) = ground.marks.holiday(day).filter(|holiday| holiday.rest) {
            add(slot.id, Kind::Holiday, None, &holiday.name);
        }
        if let Some(reason) = ground.marks.blackout(&slot.unit.path, day) {
            add(slot.id, Kind::Blackout, None, reason);
        }
    }
    for (person, own) in by_person {
        for (one, other) in overlapping(own) {
            add(one.id, Kind::Person, Some(other.id), person);
        }
    }
    for (_, own) in by_venue {
        for (one, other) in overlapping(own) {
            add(one.id, Kind::Place, Some(other.id), &one.place);
        }
    }
    for own in by_village_day.values() {
        for one in own {
            // One other is told: three on a day are no six remarks.
            if let Some(other) = own.iter().find(|other| other.id != one.id) {
                add(one.id, Kind::Village, Some(other.id), &one.unit.short_name);
            }
        }
    }
    for ((_, month), mut own) in by_village_month.clone() {
        if own.len() <= MONTH_MANY || ground.known.intersection(month.period()) != Some(month.period()) {
            continue;
        }
        own.sort_by_key(|slot| (slot.starts_at, slot.id));
        for slot in own.into_iter().skip(MONTH_MANY) {
            if let Some(idle) = idle_village(slot, month, &by_village_month, ground) {
                add(slot.id, Kind::Load, None, &idle.short_name);
            }
        }
    }
    for clashes in found.values_mut() {
        clashes.sort_by_key(|clash| clash.kind);
    }
    found
}

/// Pairs that overlap in time, each both ways.
fn overlapping(mut slots: Vec<&Slot>) -> Vec<(&Slot, &Slot)> {
    slots.sort_by_key(|slot| (slot.starts_at, slot.id));
    let mut pairs = Vec::new();
    for (index, one) in slots.iter().enumerate() {
        for other in slots[index + 1..].iter().take_while(|other| other.starts_at < one.ends_at) {
            if one.id != other.id && one.overlaps(other) {
                pairs.push((*one, *other));
                pairs.push((*other, *one));
            }
        }
    }
    pairs
}

/// A village that the slot's campaign goes to and that has nothing in the month.
fn idle_village<'a>(
    slot: &Slot,
    month: Month,
    planned: &BTreeMap<(i64, Month), Vec<&Slot>>,
    ground: Ground<'a>,
) -> Option<&'a UnitName> {
    let campaign = ground.campaigns.iter().find(|campaign| campaign.id == slot.campaign_id)?;
    ground
        .villages
        .iter()
        .find(|village| campaign.goes_to(&village.path) && !planned.contains_key(&(village.id, month)))
}

#[cfg(test)]
mod tests;
