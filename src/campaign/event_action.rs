//! What is done with events, by page and by API alike. An event is completed by logging an activity that points at it.

use super::{
    action,
    event_check::Known,
    event_store::{self, Content},
    store,
};
use crate::{
    domain::{
        access::Scope,
        campaign::{Campaign, NOTE_LIMIT},
        event::{Draft, Event, parse_instant},
        period::Period,
        problem::Problems,
    },
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit,
};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most events that are put on the calendar at once.
pub const MANY_LIMIT: usize = 500;

/// The parts of an event that somebody changes; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub unit: Option<String>,
    pub starts_at: Option<String>,
    pub ends_at: Option<String>,
    pub lead: Option<String>,
    pub place: Option<String>,
    /// `false` releases a draft; what was released stays so.
    pub draft: Option<bool>,
    pub activity_type: Option<String>,
    pub cancelled: Option<bool>,
    /// Why, for the audit log; may be empty.
    pub reason: String,
}

/// Puts one event on the calendar. Who: the officers and administrators of its unit, for a campaign they may read.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn create(ctx: &Ctx, draft: Draft) -> Result<Event> {
    let mut conn = ctx.db.write().await?;
    let mut problems = Problems::default();
    let checked = Known::default().new_event(ctx, &mut conn, &draft, &mut problems).await?;
    let (Some((campaign, content)), true) = (checked, problems.is_empty()) else {
        return Err(problems.into_inner().into());
    };
    let id = Uuid::now_v7();
    event_store::insert(&mut conn, campaign.id, None, &[(id, content)], ctx.actor()?.account_id, ctx.now).await?;
    let event = any(&mut conn, id).await?;
    record(ctx, &mut conn, "event.add", &event, "").await?;
    conn.commit().await?;
    Ok(event)
}

/// Puts many events on the calendar, all or none, with one audit entry; the caller commits. `series` is the series that
/// they belong to. The ids stand in the drafts' order.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong, the fields named `events.3.starts_at`.
pub async fn create_all(ctx: &Ctx, conn: &mut Conn, drafts: &[Draft], series: Option<Uuid>) -> Result<Vec<Uuid>> {
    if drafts.len() > MANY_LIMIT {
        return Err(Error::invalid("events", ctx.locale.event_units_too_many(MANY_LIMIT)));
    }
    let (mut known, mut problems) = (Known::default(), Problems::default());
    let mut by_campaign: BTreeMap<i64, (Campaign, Vec<(Uuid, Content)>)> = BTreeMap::new();
    let mut ids = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let mut own = Problems::default();
        let checked = known.new_event(ctx, conn, draft, &mut own).await?;
        for problem in own.into_inner() {
            problems.add(format!("events.{index}.{}", problem.field), problem.message);
        }
        if let Some((campaign, content)) = checked {
            let id = Uuid::now_v7();
            ids.push(id);
            by_campaign.entry(campaign.id).or_insert((campaign, Vec::new())).1.push((id, content));
        }
    }
    if !problems.is_empty() {
        return Err(problems.into_inner().into());
    }
    for (campaign, events) in by_campaign.into_values() {
        event_store::insert(conn, campaign.id, series, &events, ctx.actor()?.account_id, ctx.now).await?;
        let named = |(id, content): &(Uuid, Content)| json!([id, content.unit_id, content.starts_at]);
        let entry = Entry {
            actor: ctx.someone.as_deref(),
            unit_id: Some(campaign.unit.id),
            action: "event.add_many",
            subject: campaign.key,
            detail: json!({ "series": series, "events": events.iter().map(named).collect::<Vec<_>>() }),
        };
        audit::record(conn, ctx.now, entry).await?;
    }
    Ok(ids)
}

/// Releases drafts (发布): those of a campaign, of a period, or of both, wherever the actor plans. How many.
///
/// # Errors
/// [`Error::NotFound`] for the campaign.
pub async fn release(ctx: &Ctx, campaign: Option<&str>, period: Option<Period>) -> Result<usize> {
    let mut conn = ctx.db.write().await?;
    let campaign = match campaign {
        Some(key) => Some(store::by_key(&mut conn, &ctx.scope()?, key).await?),
        None => None,
    };
    let planning = ctx.actor()?.planning_scope();
    let of = campaign.as_ref().map(|campaign| campaign.id);
    let filter = event_store::Filter { campaign_id: of, period, ..event_store::Filter::default() };
    let events = event_store::drafts(&mut conn, &planning, &filter).await?;
    let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    event_store::release(&mut conn, &ids).await?;
    let unit_id = campaign.as_ref().map(|campaign| campaign.unit.id).or(action::own_unit_id(ctx.actor()?));
    let entry = Entry {
        actor: ctx.someone.as_deref(),
        unit_id,
        action: "event.release",
        subject: campaign.map(|campaign| campaign.key).unwrap_or_default(),
        detail: json!({ "events": ids }),
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(ids.len())
}

/// The event with this id, draft or not, wherever it lies: for who may already read it.
async fn any(conn: &mut Conn, id: Uuid) -> Result<Event> {
    let everything = Scope::everything();
    event_store::of_id(conn, &everything, Some(&everything), id).await
}

/// Moves, changes, cancels or takes back the cancellation of an event; its sequence rises with every change.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn change(ctx: &Ctx, id: Uuid, change: Change) -> Result<Event> {
    let mut conn = ctx.db.write().await?;
    let event = change_in(ctx, &mut conn, &mut Known::default(), id, change).await?;
    conn.commit().await?;
    Ok(event)
}

/// Moves one event to another day, at the same time of day.
///
/// # Errors
/// As [`change`].
pub async fn move_to_day(ctx: &Ctx, id: Uuid, day: &str) -> Result<Event> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let former = event_store::of_id(&mut conn, &actor.scope(), Some(&actor.planning_scope()), id).await?;
    let change = Change { starts_at: Some(format!("{}T{}", day.trim(), former.starts().time())), ..Change::default() };
    let event = change_in(ctx, &mut conn, &mut Known::default(), id, change).await?;
    conn.commit().await?;
    Ok(event)
}

/// As [`change`], within a transaction that the caller commits.
///
/// # Errors
/// As [`change`].
pub async fn change_in(ctx: &Ctx, conn: &mut Conn, known: &mut Known, id: Uuid, change: Change) -> Result<Event> {
    let actor = ctx.actor()?;
    let scope = ctx.scope()?;
    let former = event_store::of_id(conn, &scope, Some(&actor.planning_scope()), id).await?;
    let former_unit = unit::store::by_id(conn, &scope, former.unit.id).await?;
    if !actor.may_manage(&former_unit) {
        return Err(Error::Forbidden);
    }
    let Change { unit, starts_at, ends_at, lead, place, draft: is_draft, activity_type, cancelled, reason } = change;
    let draft = Draft::of(&former);
    // Who moves only the beginning moves the whole session.
    let ends_at = ends_at.or_else(|| {
        let moved = parse_instant(starts_at.as_deref()?)? + (former.ends_at - former.starts_at);
        Some(moved.to_rfc3339())
    });
    let draft = Draft {
        unit: unit.unwrap_or(draft.unit),
        starts_at: starts_at.unwrap_or(draft.starts_at),
        ends_at: ends_at.unwrap_or(draft.ends_at),
        lead: lead.unwrap_or(draft.lead),
        place: place.unwrap_or(draft.place),
        draft: is_draft.unwrap_or(draft.draft),
        activity_type: activity_type.unwrap_or(draft.activity_type),
        campaign: draft.campaign,
    };
    let cancelled = cancelled.unwrap_or(former.cancelled);
    let mut problems = Problems::default();
    let unit = known.unit_to_manage(ctx, conn, &draft.unit).await?;
    if unit.is_none() {
        problems.add("unit", ctx.locale.campaign_unit_unknown(&draft.unit));
    }
    if reason.chars().count() > NOTE_LIMIT {
        problems.add("reason", ctx.locale.campaign_text_too_long(NOTE_LIMIT));
    }
    if former.activity.is_some() && cancelled && !former.cancelled {
        problems.add("cancelled", ctx.locale.event_done_stays());
    }
    let campaign = store::by_id(conn, &Scope::everything(), former.campaign_id).await?;
    let was = Some((&former, cancelled));
    let content = known.check(ctx, conn, &draft, unit.as_ref(), Some(&campaign), was, &mut problems).await?;
    let (Some(content), true) = (content, problems.is_empty()) else {
        return Err(problems.into_inner().into());
    };
    if content == Content::of(&former) && cancelled == former.cancelled {
        return Ok(former);
    }
    event_store::update(conn, id, &content, cancelled.then_some(ctx.now)).await?;
    let event = any(conn, id).await?;
    let action = match (cancelled && !former.cancelled, former.draft && !event.draft) {
        (true, _) => "event.cancel",
        (_, true) => "event.release",
        _ => "event.change",
    };
    record(ctx, conn, action, &event, &reason).await?;
    Ok(event)
}

async fn record(ctx: &Ctx, conn: &mut Conn, action: &'static str, event: &Event, reason: &str) -> Result<()> {
    let entry = Entry {
        actor: ctx.someone.as_deref(),
        unit_id: Some(event.unit.id),
        action,
        subject: event.id.to_string(),
        detail: json!({
            "campaign": event.campaign,
            "unit": event.unit.code,
            "starts_at": event.starts(),
            "ends_at": event.ends(),
            "sequence": event.sequence,
            "cancelled": event.cancelled,
            "draft": event.draft,
            "reason": reason,
        }),
    };
    audit::record(conn, ctx.now, entry).await
}
