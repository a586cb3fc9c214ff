//! /api/v1/events: put sessions of a campaign on the calendar, move and cancel them.

use super::{
    campaigns::{PAGE, PAGE_MOST, asked_period},
    json::{Body, Query},
};
use crate::{
    campaign::{
        clash_action::{self, Warning},
        event_action::{self, Change},
        event_store::{self, Filter},
        store,
    },
    domain::{
        event::{Draft, Event, State},
        period::{Day, is_near},
    },
    error::{Error, Result},
    server::{context::Ctx, cursor, state::AppState},
    unit,
};
use axum::{Json, extract::Path, http::StatusCode};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// An event to be put on the calendar.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewEvent {
    /// The campaign's key.
    campaign: Option<String>,
    /// The unit's code.
    unit: Option<String>,
    /// ISO 8601; without an offset it is +08:00.
    starts_at: Option<String>,
    ends_at: Option<String>,
    lead: Option<String>,
    /// Where it is held.
    place: Option<String>,
    /// Seen by who plans only, until it is released; false by default.
    draft: Option<bool>,
    /// The key of the type of activity it asks for.
    r#type: Option<String>,
}

/// What is to change of an event; what is absent stays. Who moves only the beginning moves the end along.
#[derive(Debug, Deserialize, ToSchema)]
pub struct EventChange {
    unit: Option<String>,
    starts_at: Option<String>,
    ends_at: Option<String>,
    lead: Option<String>,
    place: Option<String>,
    /// false releases a draft.
    draft: Option<bool>,
    r#type: Option<String>,
    cancelled: Option<bool>,
    /// `cancelled`, or `planned` to take a cancellation back; `done` and `missed` follow from what is logged.
    state: Option<String>,
    reason: Option<String>,
}

/// An event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    id: Uuid,
    campaign: String,
    unit: String,
    starts_at: DateTime<FixedOffset>,
    ends_at: DateTime<FixedOffset>,
    lead: String,
    place: String,
    draft: bool,
    /// The series that it belongs to.
    series: Option<Uuid>,
    r#type: Option<String>,
    /// planned · done · cancelled · missed
    state: String,
    cancelled: bool,
    /// Raised by every change.
    sequence: i64,
    /// The activity that fulfils it.
    activity: Option<Uuid>,
}

impl EventView {
    fn of(event: Event, today: Day) -> EventView {
        EventView {
            id: event.id,
            starts_at: event.starts(),
            ends_at: event.ends(),
            state: event.state(today).key().to_owned(),
            campaign: event.campaign,
            unit: event.unit.code,
            lead: event.lead,
            place: event.place,
            draft: event.draft,
            series: event.series_id,
            r#type: event.activity_type.map(|own| own.key),
            cancelled: event.cancelled,
            sequence: event.sequence,
            activity: event.activity,
        }
    }
}

/// An event that was just stored, with what speaks against it; nothing of that forbids it.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoredEvent {
    #[serde(flatten)]
    event: EventView,
    warnings: Vec<WarningView>,
}

/// One thing that speaks against an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct WarningView {
    /// person · place · village · holiday · blackout · load
    kind: &'static str,
    message: String,
    /// The other event, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Uuid>,
}

impl StoredEvent {
    async fn of(ctx: &Ctx, event: Event) -> Result<StoredEvent> {
        let mut conn = ctx.db.read().await?;
        let warnings = clash_action::of_event(ctx, &mut conn, &event).await?;
        let view = |one: Warning| WarningView { kind: one.kind.key(), message: one.message, event: one.event };
        Ok(StoredEvent { event: EventView::of(event, ctx.today), warnings: warnings.into_iter().map(view).collect() })
    }
}

/// A page of events, by time.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventList {
    items: Vec<EventView>,
    /// The next page's cursor; null at the end.
    next: Option<String>,
}

/// Which events are asked for.
#[derive(Debug, Deserialize, IntoParams)]
pub struct EventQuery {
    /// Only at this unit and below.
    unit: Option<String>,
    /// Only of the campaign with this key.
    campaign: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// planned · done · cancelled · missed
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<i64>,
}

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(one, change))
}

/// Events at the reader's units.
#[utoipa::path(get, path = "/api/v1/events", params(EventQuery),
    responses((status = 200, body = EventList)), tag = "events")]
async fn list(ctx: Ctx, Query(query): Query<EventQuery>) -> Result<Json<EventList>> {
    let scope = ctx.scope()?;
    let mut conn = ctx.db.read().await?;
    let unit = match &query.unit {
        Some(code) => Some(unit::store::by_code(&mut conn, &scope, code).await?),
        None => None,
    };
    let campaign_id = match &query.campaign {
        Some(key) => Some(store::by_key(&mut conn, &scope, key).await?.id),
        None => None,
    };
    let period = asked_period(&ctx, None, query.from, query.to)?;
    let state = match query.state.as_deref() {
        Some(key) => {
            let state = State::from_key(key);
            Some((state.ok_or_else(|| Error::invalid("state", ctx.locale.event_state_unknown()))?, ctx.today))
        }
        None => None,
    };
    let after = cursor::read::<i64, _>(query.cursor.as_deref(), ctx.locale)?;
    let after = after.and_then(|(time, id)| Some((DateTime::from_timestamp(time, 0)?, id)));
    let after = after.filter(|(time, _)| is_near(time.date_naive()));
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MOST);
    let filter = Filter { unit, campaign_id, period, state, drafts: Some(ctx.actor()?.planning_scope()) };
    let mut events = event_store::list(&mut conn, &scope, &filter, after, limit + 1).await?;
    let more = events.len() as i64 > limit;
    events.truncate(usize::try_from(limit).unwrap_or_default());
    let next = events.last().filter(|_| more).map(|event| cursor::write(event.starts_at.timestamp(), event.id));
    Ok(Json(EventList { items: events.into_iter().map(|event| EventView::of(event, ctx.today)).collect(), next }))
}

/// Puts an event on the calendar.
#[utoipa::path(post, path = "/api/v1/events", request_body = NewEvent,
    responses((status = 201, body = StoredEvent), (status = 403), (status = 422)), tag = "events")]
async fn create(ctx: Ctx, Body(new): Body<NewEvent>) -> Result<(StatusCode, Json<StoredEvent>)> {
    let draft = Draft {
        campaign: new.campaign.unwrap_or_default(),
        unit: new.unit.unwrap_or_default(),
        starts_at: new.starts_at.unwrap_or_default(),
        ends_at: new.ends_at.unwrap_or_default(),
        lead: new.lead.unwrap_or_default(),
        place: new.place.unwrap_or_default(),
        draft: new.draft.unwrap_or_default(),
        activity_type: new.r#type.unwrap_or_default(),
    };
    let event = event_action::create(&ctx, draft).await?;
    Ok((StatusCode::CREATED, Json(StoredEvent::of(&ctx, event).await?)))
}

/// One event.
#[utoipa::path(get, path = "/api/v1/events/{id}", params(("id" = String, Path)),
    responses((status = 200, body = EventView), (status = 404)), tag = "events")]
async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Json<EventView>> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let event = event_store::of_id(&mut conn, &ctx.scope()?, Some(&ctx.actor()?.planning_scope()), id).await?;
    Ok(Json(EventView::of(event, ctx.today)))
}

/// Moves, changes or cancels an event.
#[utoipa::path(patch, path = "/api/v1/events/{id}", params(("id" = String, Path)), request_body = EventChange,
    responses((status = 200, body = StoredEvent), (status = 403), (status = 404), (status = 422)), tag = "events")]
async fn change(ctx: Ctx, Path(id): Path<String>, Body(new): Body<EventChange>) -> Result<Json<StoredEvent>> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let by_state = match new.state.as_deref().map(State::from_key) {
        None => None,
        Some(Some(State::Cancelled)) => Some(true),
        Some(Some(State::Planned)) => Some(false),
        Some(Some(State::Done | State::Missed)) => {
            return Err(Error::invalid("state", ctx.locale.event_state_follows()));
        }
        Some(None) => return Err(Error::invalid("state", ctx.locale.event_state_unknown())),
    };
    let change = Change {
        unit: new.unit,
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        lead: new.lead,
        place: new.place,
        draft: new.draft,
        activity_type: new.r#type,
        cancelled: new.cancelled.or(by_state),
        reason: new.reason.unwrap_or_default(),
    };
    let event = event_action::change(&ctx, id, change).await?;
    Ok(Json(StoredEvent::of(&ctx, event).await?))
}

#[cfg(test)]
mod tests;
