//! Events in the database. Whoever reads the unit reads its events; drafts (草稿) only who plans there.

use crate::{
    domain::{
        access::Scope,
        campaign::UnitName,
        event::{Event, EventType, State},
        period::{Day, Period},
        series::Rule,
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    execute, push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Days, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use uuid::Uuid;

/// How many days before and after today an event counts as due.
pub const DUE_DAYS: u64 = 7;

/// Rows in one statement: fourteen values each, below both engines' limits.
const INSERTED: usize = 100;

const SELECT: &str = "select event.id, event.campaign_id, campaign.key as campaign, campaign.title as campaign_title, \
     unit.id as unit_id, unit.code as unit_code, unit.path as unit_path, unit.short_name as unit_name, \
     activity_type.id as type_id, activity_type.key as type_key, activity_type.name as type_name, \
     activity_type.name_en as type_name_en, event.day, event.starts_at, event.ends_at, event.lead, \
     event.place, event.draft, event.series_id, event.sequence, \
     event.cancelled_at is not null as cancelled, \
     (select activity.id from activity where activity.event_id = event.id and \
      (activity.status <> 'withdrawn' or exists (select 1 from activity_merge \
      where activity_merge.merged_id = activity.id and activity_merge.undone_at is null)) \
      order by activity.status = 'withdrawn', activity.day, activity.id limit 1) as activity_id \
     from event join campaign on campaign.id = event.campaign_id join unit on unit.id = event.unit_id \
     left join activity_type on activity_type.id = event.type_id where ";

/// Whether an activity points at the event that counts, or that was merged into one that does.
pub(super) const IS_DONE: &str = "exists (select 1 from activity where activity.event_id = event.id and \
     (activity.status <> 'withdrawn' or exists (select 1 from activity_merge \
     where activity_merge.merged_id = activity.id and activity_merge.undone_at is null)))";

#[derive(FromRow)]
struct Row {
    id: Uuid,
    campaign_id: i64,
    campaign: String,
    campaign_title: String,
    unit_id: i64,
    unit_code: String,
    unit_path: String,
    unit_name: String,
    type_id: Option<i64>,
    type_key: Option<String>,
    type_name: Option<String>,
    type_name_en: Option<String>,
    day: Day,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    lead: String,
    place: String,
    draft: bool,
    series_id: Option<Uuid>,
    sequence: i64,
    cancelled: bool,
    activity_id: Option<Uuid>,
}

impl From<Row> for Event {
    fn from(row: Row) -> Event {
        let activity_type = match (row.type_id, row.type_key, row.type_name) {
            (Some(id), Some(key), Some(name)) => Some(EventType { id, key, name, name_en: row.type_name_en }),
            _ => None,
        };
        Event {
            id: row.id,
            campaign_id: row.campaign_id,
            campaign: row.campaign,
            campaign_title: row.campaign_title,
            unit: UnitName { id: row.unit_id, code: row.unit_code, path: row.unit_path, short_name: row.unit_name },
            activity_type,
            day: row.day,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            lead: row.lead,
            place: row.place,
            draft: row.draft,
            series_id: row.series_id,
            sequence: row.sequence,
            cancelled: row.cancelled,
            activity: row.activity_id,
        }
    }
}

/// Adds what is known of drafts: none but where somebody plans.
macro_rules! push_drafts {
    ($query:expr, $planning:expr) => {{
        $query.push(" and (not event.draft");
        if let Some(planning) = $planning {
            $query.push(" or ");
            push_scope!($query, "unit.path", planning);
        }
        $query.push(")");
    }};
}

pub(super) use push_drafts;

/// Which events are asked for; everything narrows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only at this unit and below.
    pub unit: Option<Unit>,
    pub campaign_id: Option<i64>,
    pub period: Option<Period>,
    /// Only in this state, judged on this day.
    pub state: Option<(State, Day)>,
    /// Where drafts are found too; without it none is.
    pub drafts: Option<Scope>,
}

/// The event with this id, unless it is a draft.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or its unit lies outside the scope.
pub async fn by_id(conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<Event> {
    of_id(conn, scope, None, id).await
}

/// The event with this id; a draft where `planning` ([`Actor::planning_scope`](crate::domain::access::Actor)) holds.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or its unit lies outside the scope.
pub async fn of_id(conn: &mut Conn, scope: &Scope, planning: Option<&Scope>, id: Uuid) -> Result<Event> {
    let row: Option<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("event.id = ").push_bind(id);
        query.build_query_as().fetch_optional(c).await
    })?;
    let is_seen = |event: &Event| {
        scope.contains(&event.unit.path)
            && (!event.draft || planning.is_some_and(|planning| planning.contains(&event.unit.path)))
    };
    row.map(Event::from).filter(is_seen).ok_or(Error::NotFound)
}

/// Events neither done nor cancelled from [`DUE_DAYS`] before `today` to as many after it, by time: what somebody is
/// offered to log now.
pub async fn due(conn: &mut Conn, scope: &Scope, today: Day) -> Result<Vec<Event>> {
    let days = Days::new(DUE_DAYS);
    waiting(conn, scope, Period { from: today - days, to: today + days }).await
}

/// Events of a period that are neither done nor cancelled, by time.
pub async fn waiting(conn: &mut Conn, scope: &Scope, period: Period) -> Result<Vec<Event>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("event.cancelled_at is null and not event.draft and not ").push(IS_DONE);
        query.push(" and event.day >= ").push_bind(period.from).push(" and event.day <= ").push_bind(period.to);
        query.push(" and ");
        push_scope!(query, "unit.path", scope);
        query.push(" order by event.day, event.starts_at, event.id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// The events of a series, by time.
pub async fn of_series(conn: &mut Conn, scope: &Scope, planning: &Scope, series: Uuid) -> Result<Vec<Event>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        push_scope!(query, "unit.path", scope);
        push_drafts!(query, Some(planning));
        query.push(" and event.series_id = ").push_bind(series);
        query.push(" order by event.starts_at, event.id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// Stores what a series is made of; its events are stored after it.
pub async fn insert_series(
    conn: &mut Conn,
    id: Uuid,
    campaign_id: i64,
    rule: &Rule,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into event_series (id, campaign_id, rule, created_by, created_at) values ($1, $2, $3, $4, $5)"
        )
        .bind(id)
        .bind(campaign_id)
        .bind(Json(rule))
        .bind(account_id)
        .bind(now)
    )?;
    Ok(())
}

/// Events of a period in any state, by time.
pub async fn in_period(conn: &mut Conn, scope: &Scope, period: Period, filter: &Filter) -> Result<Vec<Event>> {
    let filter = Filter { period: Some(period), ..filter.clone() };
    list(conn, scope, &filter, None, i64::from(i32::MAX)).await
}

/// Events that may be read, by time and id; `after` is the last one of the page before.
pub async fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<Event>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        push_scope!(query, "unit.path", scope);
        push_drafts!(query, filter.drafts.as_ref());
        if let Some(unit) = &filter.unit {
            query.push(" and unit.path >= ").push_bind(unit.path.clone());
            query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        }
        if let Some(campaign) = filter.campaign_id {
            query.push(" and event.campaign_id = ").push_bind(campaign);
        }
        if let Some(period) = filter.period {
            query.push(" and event.day >= ").push_bind(period.from).push(" and event.day <= ").push_bind(period.to);
        }
        match filter.state {
            None => {}
            Some((State::Done, _)) => {
                query.push(" and ").push(IS_DONE);
            }
            Some((State::Cancelled, _)) => {
                query.push(" and event.cancelled_at is not null and not ").push(IS_DONE);
            }
            Some((State::Missed, today)) => {
                query.push(" and event.cancelled_at is null and not ").push(IS_DONE);
                query.push(" and not event.draft and event.day < ").push_bind(today);
            }
            Some((State::Planned, today)) => {
                query.push(" and event.cancelled_at is null and not ").push(IS_DONE);
                query.push(" and (event.draft or event.day >= ").push_bind(today).push(")");
            }
        }
        if let Some((time, id)) = after {
            query.push(" and (event.starts_at > ").push_bind(time);
            query.push(" or (event.starts_at = ").push_bind(time);
            query.push(" and event.id > ").push_bind(id).push("))");
        }
        query.push(" order by event.starts_at, event.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Event::from).collect())
}

/// What an event's row is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub unit_id: i64,
    pub type_id: Option<i64>,
    pub day: Day,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub lead: String,
    pub place: String,
    pub draft: bool,
}

impl Content {
    /// What the stored event's row is made of.
    pub fn of(event: &Event) -> Content {
        Content {
            unit_id: event.unit.id,
            type_id: event.activity_type.as_ref().map(|own| own.id),
            day: event.day,
            starts_at: event.starts_at,
            ends_at: event.ends_at,
            lead: event.lead.clone(),
            place: event.place.clone(),
            draft: event.draft,
        }
    }
}

/// New events of one campaign: ids and what they are, in statements of a hundred rows.
pub async fn insert(
    conn: &mut Conn,
    campaign_id: i64,
    series_id: Option<Uuid>,
    events: &[(Uuid, Content)],
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    for part in events.chunks(INSERTED) {
        run!(&mut *conn, c => {
            let mut query = QueryBuilder::new(
                "insert into event (id, campaign_id, unit_id, type_id, day, starts_at, ends_at, lead, place, draft, \
                 series_id, sequence, created_by, created_at) ",
            );
            query.push_values(part, |mut row, (id, content)| {
                row.push_bind(*id).push_bind(campaign_id).push_bind(content.unit_id).push_bind(content.type_id);
                row.push_bind(content.day).push_bind(content.starts_at).push_bind(content.ends_at);
                row.push_bind(content.lead.clone()).push_bind(content.place.clone()).push_bind(content.draft);
                row.push_bind(series_id).push_bind(0_i64).push_bind(account_id).push_bind(now);
            });
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Changes an event and raises its sequence.
pub async fn update(conn: &mut Conn, id: Uuid, content: &Content, cancelled_at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update event set unit_id = $1, type_id = $2, day = $3, starts_at = $4, ends_at = $5, lead = $6, \
             place = $7, draft = $8, cancelled_at = $9, sequence = sequence + 1 where id = $10"
        )
        .bind(content.unit_id)
        .bind(content.type_id)
        .bind(content.day)
        .bind(content.starts_at)
        .bind(content.ends_at)
        .bind(&content.lead)
        .bind(&content.place)
        .bind(content.draft)
        .bind(cancelled_at)
        .bind(id)
    )?;
    Ok(())
}

/// Drafts that were not cancelled, wherever `planning` holds, narrowed by campaign and period; by time.
pub async fn drafts(conn: &mut Conn, planning: &Scope, filter: &Filter) -> Result<Vec<Event>> {
    let filter = Filter { drafts: Some(planning.clone()), ..filter.clone() };
    let mut events = list(conn, planning, &filter, None, i64::from(i32::MAX)).await?;
    events.retain(|event| event.draft && !event.cancelled);
    Ok(events)
}

/// Makes drafts known to all; their sequence rises.
pub async fn release(conn: &mut Conn, ids: &[Uuid]) -> Result<()> {
    for part in ids.chunks(INSERTED) {
        run!(&mut *conn, c => {
            let mut query = QueryBuilder::new("update event set draft = ");
            query.push_bind(false).push(", sequence = sequence + 1 where id in (");
            let mut list = query.separated(", ");
            for id in part {
                list.push_bind(*id);
            }
            query.push(")");
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Cancels what a campaign still has planned from `today` on; how many.
pub async fn cancel_planned(conn: &mut Conn, campaign_id: i64, today: Day, now: DateTime<Utc>) -> Result<u64> {
    let cancelled = execute!(
        conn,
        sqlx::query(
            "update event set cancelled_at = $1, sequence = sequence + 1 where campaign_id = $2 and day >= $3 \
             and cancelled_at is null and not exists (select 1 from activity \
             where activity.event_id = event.id and activity.status <> 'withdrawn')"
        )
        .bind(now)
        .bind(campaign_id)
        .bind(today)
    )?;
    Ok(cancelled)
}

#[cfg(test)]
mod tests;
