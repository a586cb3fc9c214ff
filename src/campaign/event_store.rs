//! Events in the database. Whoever reads the unit reads its events.

use super::store::push_in;
use crate::{
    domain::{
        access::Scope,
        campaign::UnitName,
        event::{Event, EventType, State},
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    execute, push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Days, Utc};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many days before and after today an event counts as due.
pub const DUE_DAYS: u64 = 7;

const SELECT: &str = "select event.id, event.campaign_id, campaign.key as campaign, campaign.title as campaign_title, \
     unit.id as unit_id, unit.code as unit_code, unit.path as unit_path, unit.short_name as unit_name, \
     activity_type.id as type_id, activity_type.key as type_key, activity_type.name as type_name, \
     activity_type.name_en as type_name_en, event.day, event.starts_at, event.ends_at, event.lead, event.sequence, \
     event.cancelled_at is not null as cancelled, \
     (select activity.id from activity where activity.event_id = event.id and activity.status <> 'withdrawn' \
      order by activity.day, activity.id limit 1) as activity_id \
     from event join campaign on campaign.id = event.campaign_id join unit on unit.id = event.unit_id \
     left join activity_type on activity_type.id = event.type_id where ";

/// Whether an activity that counts points at the event.
const IS_DONE: &str =
    "exists (select 1 from activity where activity.event_id = event.id and activity.status <> 'withdrawn')";

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
            sequence: row.sequence,
            cancelled: row.cancelled,
            activity: row.activity_id,
        }
    }
}

/// Which events are asked for; everything narrows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only at this unit and below.
    pub unit: Option<Unit>,
    pub campaign_id: Option<i64>,
    pub period: Option<Period>,
    /// Only in this state, judged on this day.
    pub state: Option<(State, Day)>,
}

/// The event with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or its unit lies outside the scope.
pub async fn by_id(conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<Event> {
    let row: Option<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("event.id = ").push_bind(id);
        query.build_query_as().fetch_optional(c).await
    })?;
    row.map(Event::from).filter(|event| scope.contains(&event.unit.path)).ok_or(Error::NotFound)
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
        query.push("event.cancelled_at is null and not ").push(IS_DONE);
        query.push(" and event.day >= ").push_bind(period.from).push(" and event.day <= ").push_bind(period.to);
        query.push(" and ");
        push_scope!(query, "unit.path", scope);
        query.push(" order by event.day, event.starts_at, event.id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Event::from).collect())
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
                query.push(" and event.day < ").push_bind(today);
            }
            Some((State::Planned, today)) => {
                query.push(" and event.cancelled_at is null and not ").push(IS_DONE);
                query.push(" and event.day >= ").push_bind(today);
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

/// How many events of a campaign stand in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub planned: i64,
    pub done: i64,
    pub cancelled: i64,
    pub missed: i64,
}

impl Counts {
    /// All but the cancelled ones.
    pub fn held_or_to_hold(self) -> i64 {
        self.planned + self.done + self.missed
    }
}

/// The events of these campaigns by state, as far as they may be read; campaigns without events are left out.
pub async fn counts(conn: &mut Conn, scope: &Scope, campaigns: &[i64], today: Day) -> Result<BTreeMap<i64, Counts>> {
    let rows: Vec<(i64, i64, bool, bool, bool)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select campaign_id, count(*), done, cancelled, past from (select event.campaign_id, ",
        );
        query.push(IS_DONE).push(" as done, event.cancelled_at is not null as cancelled, event.day < ");
        query.push_bind(today).push(" as past from event join unit on unit.id = event.unit_id where ");
        push_scope!(query, "unit.path", scope);
        query.push(" and ");
        push_in!(query, "event.campaign_id", campaigns);
        query.push(") as stated group by campaign_id, done, cancelled, past");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut counts: BTreeMap<i64, Counts> = BTreeMap::new();
    for (campaign, number, done, cancelled, past) in rows {
        let counts = counts.entry(campaign).or_default();
        match (done, cancelled, past) {
            (true, ..) => counts.done += number,
            (_, true, _) => counts.cancelled += number,
            (_, _, true) => counts.missed += number,
            _ => counts.planned += number,
        }
    }
    Ok(counts)
}

/// The first and the last day with an event of the campaign that was not cancelled.
pub async fn span(conn: &mut Conn, campaign_id: i64) -> Result<Option<Period>> {
    let (from, to): (Option<Day>, Option<Day>) = run!(conn, c => sqlx::query_as(
        "select min(day), max(day) from event where campaign_id = $1 and cancelled_at is null",
    ).bind(campaign_id).fetch_one(c).await)?;
    Ok(from.zip(to).and_then(|(from, to)| Period::new(from, to)))
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
        }
    }
}

/// Stores a new event.
pub async fn insert(
    conn: &mut Conn,
    id: Uuid,
    campaign_id: i64,
    content: &Content,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into event (id, campaign_id, unit_id, type_id, day, starts_at, ends_at, lead, sequence, \
             created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10)"
        )
        .bind(id)
        .bind(campaign_id)
        .bind(content.unit_id)
        .bind(content.type_id)
        .bind(content.day)
        .bind(content.starts_at)
        .bind(content.ends_at)
        .bind(&content.lead)
        .bind(account_id)
        .bind(now)
    )?;
    Ok(())
}

/// Changes an event and raises its sequence.
pub async fn update(conn: &mut Conn, id: Uuid, content: &Content, cancelled_at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update event set unit_id = $1, type_id = $2, day = $3, starts_at = $4, ends_at = $5, lead = $6, \
             cancelled_at = $7, sequence = sequence + 1 where id = $8"
        )
        .bind(content.unit_id)
        .bind(content.type_id)
        .bind(content.day)
        .bind(content.starts_at)
        .bind(content.ends_at)
        .bind(&content.lead)
        .bind(cancelled_at)
        .bind(id)
    )?;
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
mod tests {
    use super::*;
    use crate::{
        campaign::store::{self, Parts},
        domain::campaign::Checked,
        server::testing::{World, each_engine},
    };

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn nine_o_clock(on: Day) -> DateTime<Utc> {
        on.and_hms_opt(1, 0, 0).expect("a time").and_utc()
    }

    /// A campaign of the town over all of 2026, an event at 天坪村 on `on`.
    async fn planned(conn: &mut Conn, world: &World, on: Day) -> (i64, Uuid) {
        let qian = world.actor("qian").await;
        let sun = world.actor("sun").await;
        let key = format!("c-{on}");
        let checked =
            Checked { title: "禁毒".into(), period: Period::year(2026), lead: String::new(), note: String::new() };
        let town = qian.grants[0].unit_id;
        let now = nine_o_clock(day("2026-01-01"));
        let campaign = store::insert(conn, town, &key, &checked, &Parts::default(), qian.account_id, now)
            .await
            .expect("a campaign is stored");
        let id = Uuid::now_v7();
        let content = Content {
            unit_id: sun.grants[0].unit_id,
            type_id: None,
            day: on,
            starts_at: nine_o_clock(on),
            ends_at: nine_o_clock(on) + chrono::Duration::hours(2),
            lead: "孙丽".into(),
        };
        insert(conn, id, campaign, &content, qian.account_id, now).await.expect("an event is stored");
        (campaign, id)
    }

    async fn log(conn: &mut Conn, event: Uuid, account_id: i64, status: &str) -> Uuid {
        let id = Uuid::now_v7();
        let type_id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
            "insert into activity_type (key, name, evidence, position) values ($1, '讲座', 'none', 999) returning id",
        ).bind(id.to_string()).fetch_one(c).await)
        .expect("a type");
        execute!(
            conn,
            sqlx::query(
                "insert into activity (id, unit_id, day, type_id, event_id, status, version, place, organiser, handler, \
                 note, posted, entered_by, entered_at, late) select $1, unit_id, day, $2, id, $3, 1, '', '', '', '', $4, \
                 $5, $6, false from event where id = $7"
            )
            .bind(id)
            .bind(type_id)
            .bind(status)
            .bind(sqlx::types::Json(serde_json::json!({})))
            .bind(account_id)
            .bind(nine_o_clock(day("2026-06-01")))
            .bind(event)
        )
        .expect("an activity");
        id
    }

    #[tokio::test]
    async fn an_activity_that_was_not_withdrawn_fulfils_its_event() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let mut conn = world.db.write().await.expect("a transaction");
            let (campaign, event) = planned(&mut conn, &world, day("2026-06-24")).await;
            let sun = world.actor("sun").await;
            let (scope, today) = (sun.scope(), day("2026-06-26"));
            let state = async |conn: &mut Conn| {
                let own = by_id(conn, &scope, event).await.expect("the event").state(today);
                let counts = counts(conn, &scope, &[campaign], today).await.expect("counts")[&campaign];
                let filter = Filter { state: Some((own, today)), ..Filter::default() };
                assert_eq!(list(conn, &scope, &filter, None, 10).await.expect("a list").len(), 1);
                (own, counts.missed, counts.done)
            };
            assert_eq!(state(&mut conn).await, (State::Missed, 1, 0));
            assert_eq!(due(&mut conn, &scope, today).await.expect("what is due").len(), 1);
            log(&mut conn, event, sun.account_id, "withdrawn").await;
            assert_eq!(state(&mut conn).await, (State::Missed, 1, 0));
            log(&mut conn, event, sun.account_id, "submitted").await;
            assert_eq!(state(&mut conn).await, (State::Done, 0, 1));
            assert_eq!(due(&mut conn, &scope, today).await.expect("what is due").len(), 0);
        })
        .await;
    }

    #[tokio::test]
    async fn what_a_cancelled_campaign_had_ahead_is_cancelled_with_it() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let mut conn = world.db.write().await.expect("a transaction");
            let (campaign, event) = planned(&mut conn, &world, day("2026-06-24")).await;
            let scope = world.actor("qian").await.scope();
            let (before, after) = (day("2026-06-24"), day("2026-06-25"));
            let cancelled = cancel_planned(&mut conn, campaign, after, nine_o_clock(after)).await.expect("it runs");
            assert_eq!(cancelled, 0, "what is past was missed and stays so");
            cancel_planned(&mut conn, campaign, before, nine_o_clock(before)).await.expect("it runs");
            let event = by_id(&mut conn, &scope, event).await.expect("the event");
            assert_eq!((event.state(before), event.sequence), (State::Cancelled, 1));
            assert_eq!(span(&mut conn, campaign).await.expect("a span"), None);
        })
        .await;
    }

    #[tokio::test]
    async fn the_cadre_next_door_finds_nothing() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let mut conn = world.db.write().await.expect("a transaction");
            let (_, event) = planned(&mut conn, &world, day("2026-06-24")).await;
            let scope = world.actor("li").await.scope();
            assert!(matches!(by_id(&mut conn, &scope, event).await, Err(Error::NotFound)));
            let found = in_period(&mut conn, &scope, Period::year(2026), &Filter::default()).await.expect("a list");
            assert_eq!(found, Vec::new());
        })
        .await;
    }
}
