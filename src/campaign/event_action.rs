//! What is done with events, by page and by API alike. An event is completed by logging an activity that points at it.

use super::{
    event_store::{self, Content},
    store,
};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        campaign::{Campaign, NOTE_LIMIT, parse_day},
        event::{Draft, Event, Spread, at, day_of, lies_in, parse_instant},
        problem::{Problem, Problems},
        unit::Unit,
    },
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit,
};
use chrono::NaiveTime;
use serde_json::json;
use uuid::Uuid;

/// The most events that one form puts on the calendar.
pub const MANY_LIMIT: usize = 500;

/// The parts of an event that somebody changes; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub unit: Option<String>,
    pub starts_at: Option<String>,
    pub ends_at: Option<String>,
    pub lead: Option<String>,
    pub activity_type: Option<String>,
    pub cancelled: Option<bool>,
    /// Why, for the audit log; may be empty.
    pub reason: String,
}

/// One event at each of several units, laid over days.
#[derive(Clone, Debug, Default)]
pub struct Many {
    /// Codes.
    pub units: Vec<String>,
    pub first: String,
    /// `working_days`, `same_day` or `every`.
    pub spread: String,
    /// With `every`: how many days apart.
    pub every: String,
    /// Times of day, 09:00.
    pub starts: String,
    pub ends: String,
    pub lead: String,
    pub activity_type: String,
}

/// Puts one event on the calendar. Who: the officers and administrators of its unit, for a campaign they may read.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn create(ctx: &Ctx, draft: Draft) -> Result<Event> {
    let mut conn = ctx.db.write().await?;
    let scope = ctx.scope()?;
    let unit = unit_to_manage(ctx, &mut conn, &draft.unit).await?;
    let mut problems = Problems::default();
    match (&unit, draft.unit.as_str()) {
        (Some(_), _) => {}
        (None, "") => problems.add("unit", ctx.locale.event_units_missing()),
        (None, code) => problems.add("unit", ctx.locale.campaign_unit_unknown(code)),
    }
    let campaign = match store::by_key(&mut conn, &scope, &draft.campaign).await {
        Ok(campaign) => Some(campaign),
        Err(Error::NotFound) => {
            problems.add("campaign", ctx.locale.event_campaign_unknown(&draft.campaign));
            None
        }
        Err(error) => return Err(error),
    };
    let content = check(ctx, &mut conn, &draft, unit.as_ref(), campaign.as_ref(), None, &mut problems).await?;
    let (Some(campaign), Some(content), true) = (campaign, content, problems.is_empty()) else {
        return Err(problems.into_inner().into());
    };
    let event = insert(ctx, &mut conn, &campaign, &content).await?;
    conn.commit().await?;
    Ok(event)
}

/// Puts an event at each of many units on the calendar, all or none.
///
/// # Errors
/// [`Error::NotFound`] for the campaign; [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn create_many(ctx: &Ctx, key: &str, many: Many) -> Result<usize> {
    let locale = ctx.locale;
    let mut conn = ctx.db.write().await?;
    let campaign = store::by_key(&mut conn, &ctx.scope()?, key).await?;
    let mut problems = Problems::default();
    let mut units = Vec::new();
    if many.units.len() > MANY_LIMIT {
        return Err(Error::invalid("units", locale.event_units_too_many(MANY_LIMIT)));
    }
    for code in &many.units {
        match unit_to_manage(ctx, &mut conn, code).await? {
            Some(unit) => units.push(unit),
            None => problems.add("units", locale.campaign_unit_unknown(code)),
        }
    }
    if many.units.is_empty() {
        problems.add("units", locale.event_units_missing());
    }
    let first = parse_day("first", &many.first, locale, &mut problems);
    let spread = Spread::parse(&many.spread, many.every.trim().parse().ok());
    if spread.is_none() {
        let field = if many.spread == "every" { "every" } else { "spread" };
        problems.add(field, locale.event_spread_malformed());
    }
    let mut time = |field: &str, text: &str| {
        let time = NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        if time.is_none() {
            problems.add(field, locale.event_time_of_day_malformed());
        }
        time
    };
    let (starts, ends) = (time("starts", &many.starts), time("ends", &many.ends));
    let (Some(first), Some(spread), Some(starts), Some(ends), true) =
        (first, spread, starts, ends, problems.is_empty())
    else {
        return Err(problems.into_inner().into());
    };
    for (unit, day) in units.iter().zip(spread.days(first, units.len())) {
        let (Some(starts_at), Some(ends_at)) = (at(day, starts), at(day, ends)) else { continue };
        let draft = Draft {
            campaign: key.to_owned(),
            unit: unit.code.clone(),
            starts_at: starts_at.to_rfc3339(),
            ends_at: ends_at.to_rfc3339(),
            lead: many.lead.clone(),
            activity_type: many.activity_type.clone(),
        };
        let mut own = Problems::default();
        let content = check(ctx, &mut conn, &draft, Some(unit), Some(&campaign), None, &mut own).await?;
        match (content, own.is_empty()) {
            (Some(content), true) => {
                insert(ctx, &mut conn, &campaign, &content).await?;
            }
            // The first refusal is told: the same thing is mostly wrong with all the rest.
            _ => return Err(own.into_inner().into_iter().map(in_many).collect::<Vec<_>>().into()),
        }
    }
    conn.commit().await?;
    Ok(units.len())
}

/// One event's problem as a problem of the form for many.
fn in_many(mut problem: Problem) -> Problem {
    problem.field = match problem.field.as_str() {
        "starts_at" => "first",
        "ends_at" => "ends",
        "unit" => "units",
        other => other,
    }
    .to_owned();
    problem
}

/// Moves, changes, cancels or takes back the cancellation of an event; its sequence rises with every change.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn change(ctx: &Ctx, id: Uuid, change: Change) -> Result<Event> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let scope = ctx.scope()?;
    let former = event_store::by_id(&mut conn, &scope, id).await?;
    let former_unit = unit::store::by_id(&mut conn, &scope, former.unit.id).await?;
    if !actor.may_manage(&former_unit) {
        return Err(Error::Forbidden);
    }
    let Change { unit, starts_at, ends_at, lead, activity_type, cancelled, reason } = change;
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
        activity_type: activity_type.unwrap_or(draft.activity_type),
        campaign: draft.campaign,
    };
    let cancelled = cancelled.unwrap_or(former.cancelled);
    let mut problems = Problems::default();
    let unit = unit_to_manage(ctx, &mut conn, &draft.unit).await?;
    if unit.is_none() {
        problems.add("unit", ctx.locale.campaign_unit_unknown(&draft.unit));
    }
    if reason.chars().count() > NOTE_LIMIT {
        problems.add("reason", ctx.locale.campaign_text_too_long(NOTE_LIMIT));
    }
    if former.activity.is_some() && cancelled && !former.cancelled {
        problems.add("cancelled", ctx.locale.event_done_stays());
    }
    let campaign = store::by_id(&mut conn, &Scope::everything(), former.campaign_id).await?;
    let content =
        check(ctx, &mut conn, &draft, unit.as_ref(), Some(&campaign), Some((&former, cancelled)), &mut problems)
            .await?;
    let (Some(content), true) = (content, problems.is_empty()) else {
        return Err(problems.into_inner().into());
    };
    if content == Content::of(&former) && cancelled == former.cancelled {
        return Ok(former);
    }
    event_store::update(&mut conn, id, &content, cancelled.then_some(ctx.now)).await?;
    let event = event_store::by_id(&mut conn, &Scope::everything(), id).await?;
    let action = if cancelled && !former.cancelled { "event.cancel" } else { "event.change" };
    record(ctx, &mut conn, action, &event, &reason).await?;
    conn.commit().await?;
    Ok(event)
}

/// The unit with this code, if there is one; who may not manage it is refused.
async fn unit_to_manage(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<Option<Unit>> {
    let unit = match unit::store::by_code(conn, &Scope::everything(), code.trim()).await {
        Err(Error::NotFound) => return Ok(None),
        other => other?,
    };
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    Ok(Some(unit))
}

/// What is stored of a draft, unless something is wrong. `former` is the event as it was and whether the new one is
/// cancelled: what did not change is not asked about again, and a cancelled event need not be possible.
async fn check(
    ctx: &Ctx,
    conn: &mut Conn,
    draft: &Draft,
    unit: Option<&Unit>,
    campaign: Option<&Campaign>,
    former: Option<(&Event, bool)>,
    problems: &mut Problems,
) -> Result<Option<Content>> {
    let locale = ctx.locale;
    let times = draft.check(locale, problems);
    let stays = former.is_some_and(|(former, cancelled)| {
        cancelled || times == Some((former.starts_at, former.ends_at)) && draft.unit == former.unit.code
    });
    let reopens = former.is_some_and(|(former, cancelled)| former.cancelled && !cancelled);
    if let Some(campaign) = campaign {
        if campaign.cancelled && (former.is_none() || reopens) {
            problems.add("campaign", locale.event_campaign_cancelled());
        }
        if let Some((starts_at, ends_at)) = times
            && !stays
            && !lies_in(campaign.period, starts_at, ends_at)
        {
            problems.add("starts_at", locale.event_outside(campaign.period.from, campaign.period.to));
        }
    }
    if let (Some(unit), Some((starts_at, _))) = (unit, times)
        && !stays
        && !unit.is_active(day_of(starts_at))
    {
        problems.add("unit", locale.event_unit_closed(&unit.short_name));
    }
    let key = draft.activity_type.trim();
    let type_id = match former.and_then(|(former, _)| former.activity_type.as_ref()) {
        Some(kept) if kept.key == key => Some(kept.id),
        _ if key.is_empty() => None,
        _ => {
            let place = match unit {
                Some(unit) => Some(catalogue::store::visible(conn, unit).await?),
                None => None,
            };
            let found = place
                .as_ref()
                .and_then(|catalogue| catalogue.activity_type(key))
                .filter(|found| !found.retired)
                .map(|found| found.id);
            if place.is_some() && found.is_none() {
                problems.add("type", locale.event_type_unknown(key));
            }
            found
        }
    };
    let (Some(unit), Some((starts_at, ends_at))) = (unit, times) else { return Ok(None) };
    let lead = draft.lead.trim().to_owned();
    Ok(Some(Content { unit_id: unit.id, type_id, day: day_of(starts_at), starts_at, ends_at, lead }))
}

async fn insert(ctx: &Ctx, conn: &mut Conn, campaign: &Campaign, content: &Content) -> Result<Event> {
    let id = Uuid::now_v7();
    event_store::insert(conn, id, campaign.id, content, ctx.actor()?.account_id, ctx.now).await?;
    let event = event_store::by_id(conn, &Scope::everything(), id).await?;
    record(ctx, conn, "event.add", &event, "").await?;
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
            "reason": reason,
        }),
    };
    audit::record(conn, ctx.now, entry).await
}
