//! What speaks against events where they stand, in the reader's words.

use super::{
    event_store, store,
    view::{day_text, span_text},
};
use crate::{
    domain::{
        campaign::{Campaign, UnitName},
        clash::{self, Clash, Ground, Kind, MONTH_MANY, Slot},
        day_mark::DayMarks,
        event::Event,
        period::{Month, Period},
        unit::{Unit, UnitKind},
    },
    error::Result,
    key_date,
    locale::Locale,
    server::{context::Ctx, db::Conn},
    unit,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One thing that speaks against an event, said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub kind: Kind,
    pub message: String,
    /// The other event, where there is one.
    pub event: Option<Uuid>,
}

/// Warnings by the event's id.
pub type Warnings = BTreeMap<Uuid, Vec<Warning>>;

/// The villages and communities among units that exist in a period.
pub fn villages(units: &[Unit], period: Period) -> Vec<UnitName> {
    let lives = |unit: &&Unit| {
        unit.active_from.is_none_or(|from| from <= period.from) && unit.active_to.is_none_or(|to| period.to <= to)
    };
    units.iter().filter(|unit| unit.kind.answers_to(UnitKind::Village)).filter(lives).map(name_of).collect()
}

/// A unit as events name it.
pub fn name_of(unit: &Unit) -> UnitName {
    UnitName { id: unit.id, code: unit.code.clone(), path: unit.path.clone(), short_name: unit.short_name.clone() }
}

/// What speaks against these events, with nothing asked of the database.
pub fn warnings(
    locale: Locale,
    slots: &[Slot],
    known: Period,
    marks: &DayMarks,
    units: &[Unit],
    campaigns: &[Campaign],
) -> Warnings {
    let villages = villages(units, known);
    let found = clash::all(slots, Ground { marks, known, villages: &villages, campaigns });
    let by_id: BTreeMap<Uuid, &Slot> = slots.iter().map(|slot| (slot.id, slot)).collect();
    let say = |(id, clashes): (Uuid, Vec<Clash>)| {
        let slot = by_id.get(&id)?;
        let say_one = |clash: Clash| {
            let other = clash.other.and_then(|id| by_id.get(&id).copied());
            Warning { kind: clash.kind, message: words(locale, slot, &clash, other), event: clash.other }
        };
        Some((id, clashes.into_iter().map(say_one).collect()))
    };
    found.into_iter().filter_map(say).collect()
}

fn words(locale: Locale, slot: &Slot, clash: &Clash, other: Option<&Slot>) -> String {
    let unit = other.map(|other| other.unit.short_name.as_str()).unwrap_or_default();
    let time = other.map(|other| span_text(other.starts_at, other.ends_at)).unwrap_or_default();
    let what = clash.what.as_str();
    match clash.kind {
        Kind::Person => locale.clash_person(what, time, unit),
        Kind::Place => locale.clash_place(what, time, unit),
        Kind::Village => locale.clash_village(time, what),
        Kind::Holiday => locale.clash_holiday(day_text(locale, slot.day()), what),
        Kind::Blackout => locale.clash_blackout(what, &slot.unit.short_name),
        Kind::Load => locale.clash_load(what, MONTH_MANY, &slot.unit.short_name),
    }
}

/// The mark of a kind in the calendar's cells.
pub fn mark(locale: Locale, kind: Kind) -> &'static str {
    match kind {
        Kind::Person => locale.clash_mark_person(),
        Kind::Place => locale.clash_mark_place(),
        Kind::Village => locale.clash_mark_village(),
        Kind::Holiday => locale.clash_mark_holiday(),
        Kind::Blackout => locale.clash_mark_blackout(),
        Kind::Load => locale.clash_mark_load(),
    }
}

/// What speaks against events that are proposed or were just stored, held against all that the actor sees of their
/// months.
pub async fn of_slots(ctx: &Ctx, conn: &mut Conn, proposed: &[Slot]) -> Result<Warnings> {
    let days = proposed.iter().map(Slot::day);
    let Some((first, last)) = days.clone().min().zip(days.max()) else { return Ok(Warnings::new()) };
    let Some(known) = Period::new(Month::of(first).first(), Month::of(last).last()) else { return Ok(Warnings::new()) };
    let actor = ctx.actor()?;
    let scope = actor.scope();
    let units = unit::store::all(conn, &scope).await?;
    let Some(home) = units.iter().find(|unit| Some(unit.id) == actor.home_unit_id()) else {
        return Ok(Warnings::new());
    };
    let filter = event_store::Filter { drafts: Some(actor.planning_scope()), ..event_store::Filter::default() };
    let stored = event_store::in_period(conn, &scope, known, &filter).await?;
    let new: BTreeSet<Uuid> = proposed.iter().map(|slot| slot.id).collect();
    let mut slots: Vec<Slot> = stored.iter().filter(|event| !new.contains(&event.id)).filter_map(Slot::of).collect();
    slots.extend_from_slice(proposed);
    let ids: BTreeSet<i64> = proposed.iter().map(|slot| slot.campaign_id).collect();
    let campaigns = store::by_ids(conn, &scope, &ids.into_iter().collect::<Vec<_>>()).await?;
    let marks = key_date::action::marks(conn, home, known).await?;
    let mut found = warnings(ctx.locale, &slots, known, &marks, &units, &campaigns);
    found.retain(|id, _| new.contains(id));
    // An event that is only proposed has no page yet.
    for warning in found.values_mut().flatten() {
        warning.event = warning.event.filter(|id| is_stored(*id));
    }
    Ok(found)
}

/// Proposed events are numbered, stored ones bear ids of version 7.
fn is_stored(id: Uuid) -> bool {
    id.get_version_num() == 7
}

/// What speaks against one stored event; nothing against one that is cancelled.
pub async fn of_event(ctx: &Ctx, conn: &mut Conn, event: &Event) -> Result<Vec<Warning>> {
    let Some(slot) = Slot::of(event) else { return Ok(Vec::new()) };
    Ok(of_slots(ctx, conn, &[slot]).await?.remove(&event.id).unwrap_or_default())
}
