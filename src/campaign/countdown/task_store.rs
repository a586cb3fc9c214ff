//! The tasks of campaigns' countdowns, and which key dates are campaigns already, in the database.

use crate::{
    domain::{
        countdown::{Planned, Task},
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use std::collections::BTreeSet;

#[derive(FromRow)]
struct Row {
    id: i64,
    offset_days: i64,
    due_day: Day,
    what: String,
    owner: String,
    done_by: Option<String>,
    done_at: Option<DateTime<Utc>>,
}

impl From<Row> for Task {
    fn from(row: Row) -> Task {
        let Row { id, offset_days: offset, due_day: due, what, owner, done_by, done_at } = row;
        Task { id, plan: Planned { offset, due, what, owner }, done: done_by.zip(done_at) }
    }
}

/// A campaign's tasks, by their day.
pub async fn tasks(conn: &mut Conn, campaign_id: i64) -> Result<Vec<Task>> {
    let rows: Vec<Row> = run!(conn, c => sqlx::query_as(
        "select id, offset_days, due_day, what, owner, done_by, done_at from campaign_task \
         where campaign_id = $1 and dropped_at is null order by due_day, id",
    ).bind(campaign_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Task::from).collect())
}

/// Stores a task; its id.
pub async fn insert(conn: &mut Conn, campaign_id: i64, task: &Planned) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into campaign_task (campaign_id, offset_days, due_day, what, owner) values ($1, $2, $3, $4, $5) \
         returning id",
    ).bind(campaign_id).bind(task.offset).bind(task.due).bind(&task.what).bind(&task.owner).fetch_one(c).await)?)
}

/// Puts a task's plan in place of the former one.
pub async fn update(conn: &mut Conn, id: i64, task: &Planned) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update campaign_task set offset_days = $1, due_day = $2, what = $3, owner = $4, sequence = sequence + 1 \
             where id = $5"
        )
        .bind(task.offset)
        .bind(task.due)
        .bind(&task.what)
        .bind(&task.owner)
        .bind(id)
    )?;
    Ok(())
}

/// Ticks a task off, or takes that back.
pub async fn set_done(conn: &mut Conn, id: i64, done: Option<(&str, DateTime<Utc>)>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update campaign_task set done_by = $1, done_at = $2, sequence = sequence + 1 where id = $3")
            .bind(done.map(|(by, _)| by.to_owned()))
            .bind(done.map(|(_, at)| at))
            .bind(id)
    )?;
    Ok(())
}

/// Drops a task from the countdown.
pub async fn drop_task(conn: &mut Conn, id: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update campaign_task set dropped_at = $1, sequence = sequence + 1 where id = $2")
            .bind(now)
            .bind(id)
    )?;
    Ok(())
}

/// An open task whose day has come.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Due {
    pub campaign: String,
    pub title: String,
    pub due_day: Day,
    pub what: String,
    pub owner: String,
}

/// The open tasks whose day has come, of the campaigns of a unit and all below; the longest due first.
pub async fn due(conn: &mut Conn, unit: &Unit, today: Day, limit: i64) -> Result<Vec<Due>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select campaign.key as campaign, campaign.title, due_day, what, owner from campaign_task \
         join campaign on campaign.id = campaign_task.campaign_id join unit on unit.id = campaign.unit_id \
         where done_at is null and dropped_at is null and due_day <= $1 and campaign.cancelled_at is null \
         and unit.path >= $2 and unit.path < $3 order by due_day, campaign_task.id limit $4",
    ).bind(today).bind(&unit.path).bind(path_end(&unit.path)).bind(limit).fetch_all(c).await)?)
}

/// A task as a calendar shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Dated {
    pub id: i64,
    /// The campaign's key and title.
    pub campaign: String,
    pub title: String,
    pub due_day: Day,
    pub what: String,
    pub owner: String,
    /// How often it was changed.
    pub sequence: i64,
    pub done: bool,
    /// Dropped, or its campaign is cancelled.
    pub cancelled: bool,
}

/// The tasks with a day in the period, of the campaigns of a unit and all below; done and dropped ones too.
pub async fn in_period(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<Dated>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select campaign_task.id, campaign.key as campaign, campaign.title, due_day, what, owner, sequence, \
         done_at is not null as done, dropped_at is not null or campaign.cancelled_at is not null as cancelled \
         from campaign_task join campaign on campaign.id = campaign_task.campaign_id \
         join unit on unit.id = campaign.unit_id \
         where due_day >= $1 and due_day <= $2 and unit.path >= $3 and unit.path < $4 order by due_day, campaign_task.id",
    ).bind(period.from).bind(period.to).bind(&unit.path).bind(path_end(&unit.path)).fetch_all(c).await)?)
}

/// Says which key date of which year a campaign stands for.
pub async fn set_key_date(conn: &mut Conn, campaign_id: i64, key_date_id: i64, year: i32) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update campaign set key_date_id = $1, key_date_year = $2 where id = $3")
            .bind(key_date_id)
            .bind(i64::from(year))
            .bind(campaign_id)
    )?;
    Ok(())
}

/// The key date that a campaign stands for.
pub async fn key_date_of(conn: &mut Conn, campaign_id: i64) -> Result<Option<i64>> {
    Ok(run!(conn, c => {
        sqlx::query_scalar("select key_date_id from campaign where id = $1").bind(campaign_id).fetch_one(c).await
    })?)
}

/// The key dates and years for which a unit has a campaign: cancelled ones were thought about too.
pub async fn made(conn: &mut Conn, unit_id: i64) -> Result<BTreeSet<(i64, i32)>> {
    let rows: Vec<(i64, i64)> = run!(conn, c => sqlx::query_as(
        "select key_date_id, key_date_year from campaign where unit_id = $1 and key_date_id is not null \
         and key_date_year is not null",
    ).bind(unit_id).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(id, year)| Some((id, i32::try_from(year).ok()?))).collect())
}

/// A campaign that stands for a key date in a year.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Made {
    pub key_date_id: i64,
    pub year: i64,
    pub key: String,
    pub title: String,
    pub cancelled: bool,
}

/// A unit's campaigns on key dates in a year and the year before, the oldest first.
pub async fn made_around(conn: &mut Conn, unit_id: i64, year: i32) -> Result<Vec<Made>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select key_date_id, key_date_year as year, key, title, cancelled_at is not null as cancelled from campaign \
         where unit_id = $1 and key_date_id is not null and key_date_year in ($2, $3) order by id",
    ).bind(unit_id).bind(i64::from(year)).bind(i64::from(year) - 1).fetch_all(c).await)?)
}

/// The unit's campaign for a key date in a year, the latest of several.
pub async fn campaign_of(conn: &mut Conn, unit_id: i64, key_date_id: i64, year: i32) -> Result<Option<i64>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select max(id) from campaign where unit_id = $1 and key_date_id = $2 and key_date_year = $3",
    ).bind(unit_id).bind(key_date_id).bind(i64::from(year)).fetch_one(c).await)?)
}

/// The drafts that a unit dismissed: key date and year.
pub async fn dismissed(conn: &mut Conn, unit_id: i64) -> Result<BTreeSet<(i64, i32)>> {
    let rows: Vec<(i64, i64)> = run!(conn, c => {
        sqlx::query_as("select key_date_id, year from draft_dismissal where unit_id = $1 and dismissed")
            .bind(unit_id).fetch_all(c).await
    })?;
    Ok(rows.into_iter().filter_map(|(id, year)| Some((id, i32::try_from(year).ok()?))).collect())
}

/// Dismisses a draft, or takes that back.
pub async fn dismiss(conn: &mut Conn, unit_id: i64, key_date_id: i64, year: i32, dismissed: bool) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into draft_dismissal (key_date_id, year, unit_id, dismissed) values ($1, $2, $3, $4) \
             on conflict (key_date_id, year, unit_id) do update set dismissed = excluded.dismissed"
        )
        .bind(key_date_id)
        .bind(i64::from(year))
        .bind(unit_id)
        .bind(dismissed)
    )?;
    Ok(())
}
