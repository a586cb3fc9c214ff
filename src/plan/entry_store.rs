//! What is entered as of a day and never logged: stocks, surveys, milestones.

use crate::{
    domain::{
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    execute,
    roster::stock_store::push_counted,
    run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;

/// A stock as of a day, as somebody entered it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Stock {
    pub unit_id: i64,
    pub measure_id: i64,
    pub as_of: Day,
    pub value: i64,
    /// The name of who entered it.
    pub entered_by: String,
    pub entered_at: DateTime<Utc>,
}

/// A stock that is to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewStock {
    pub unit_id: i64,
    pub measure_id: i64,
    pub as_of: Day,
    pub value: i64,
    pub entered_by: i64,
    pub entered_at: DateTime<Utc>,
}

/// Stores a stock; the former value of the same day is replaced.
pub async fn put_stock(conn: &mut Conn, stock: NewStock) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into stock (unit_id, measure_id, as_of, value, entered_by, entered_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict (unit_id, measure_id, as_of) do update \
             set value = excluded.value, entered_by = excluded.entered_by, entered_at = excluded.entered_at"
        )
        .bind(stock.unit_id)
        .bind(stock.measure_id)
        .bind(stock.as_of)
        .bind(stock.value)
        .bind(stock.entered_by)
        .bind(stock.entered_at)
    )?;
    Ok(())
}

/// How many there are of a measure at a unit as of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub value: i64,
    /// Counted from the unit's roster; else somebody typed it.
    pub from_roster: bool,
}

/// Stocks as of a day, by measure, then by unit at and below `root`: of a unit that keeps a roster what its entries come
/// to, else the latest value that was typed on or before the day. One statement for both: a roster has few rows, and what
/// is counted from them needs no second copy that could differ.
pub async fn stocks_held(conn: &mut Conn, root: &Unit, as_of: Day) -> Result<BTreeMap<i64, BTreeMap<i64, Held>>> {
    let rows: Vec<(i64, i64, i64, bool)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select measure_id, stock.unit_id, stock.value, 1 = 0 as from_roster from stock \
             join unit on unit.id = stock.unit_id where unit.path >= ",
        );
        query.push_bind(root.path.clone()).push(" and unit.path < ").push_bind(path_end(&root.path));
        query.push(
            " and as_of = (select max(other.as_of) from stock other where other.unit_id = stock.unit_id \
             and other.measure_id = stock.measure_id and other.as_of <= ",
        );
        query.push_bind(as_of).push(") union all ");
        push_counted!(query, root, as_of);
        query.build_query_as().fetch_all(c).await
    })?;
    let mut stocks: BTreeMap<i64, BTreeMap<i64, Held>> = BTreeMap::new();
    for (measure_id, unit_id, value, from_roster) in rows {
        let held = stocks.entry(measure_id).or_default().entry(unit_id).or_insert(Held { value, from_roster });
        if from_roster {
            *held = Held { value, from_roster };
        }
    }
    Ok(stocks)
}

/// As [`stocks_held`], without where each comes from.
pub async fn stocks_as_of(conn: &mut Conn, root: &Unit, as_of: Day) -> Result<BTreeMap<i64, BTreeMap<i64, i64>>> {
    let held = stocks_held(conn, root, as_of).await?;
    let values = |units: BTreeMap<i64, Held>| units.into_iter().map(|(unit, held)| (unit, held.value)).collect();
    Ok(held.into_iter().map(|(measure, units)| (measure, values(units))).collect())
}

/// What was entered for a measure at and below `root`, the latest day first; at most `limit`, beginning behind `skip`.
pub async fn stock_history(
    conn: &mut Conn,
    root: &Unit,
    measure_id: Option<i64>,
    skip: i64,
    limit: i64,
) -> Result<Vec<Stock>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select stock.unit_id, stock.measure_id, stock.as_of, stock.value, account.display_name as entered_by, \
         stock.entered_at from stock join unit on unit.id = stock.unit_id join account on account.id = stock.entered_by \
         where unit.path >= $1 and unit.path < $2 and ($3 = 0 or stock.measure_id = $3) \
         order by stock.as_of desc, unit.code, stock.measure_id limit $4 offset $5",
    ).bind(&root.path).bind(path_end(&root.path)).bind(measure_id.unwrap_or(0)).bind(limit).bind(skip).fetch_all(c).await)?)
}

/// What a survey found, to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewSurvey {
    pub unit_id: i64,
    pub indicator_id: i64,
    pub day: Day,
    pub sample: i64,
    /// The share, 0 to 1.
    pub value: f64,
    pub entered_by: i64,
    pub entered_at: DateTime<Utc>,
}

/// Stores what a survey found; the former value of the same day is replaced.
pub async fn put_survey(conn: &mut Conn, one: NewSurvey) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into survey (unit_id, indicator_id, day, sample, value, entered_by, entered_at) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (unit_id, indicator_id, day) do update \
             set sample = excluded.sample, value = excluded.value, entered_by = excluded.entered_by, \
             entered_at = excluded.entered_at, withdrawn_at = null"
        )
        .bind(one.unit_id)
        .bind(one.indicator_id)
        .bind(one.day)
        .bind(one.sample)
        .bind(one.value)
        .bind(one.entered_by)
        .bind(one.entered_at)
    )?;
    Ok(())
}

/// The latest survey of each unit within the period: unit, its path, day, sample, value.
pub async fn surveys(conn: &mut Conn, indicator_id: i64, period: Period) -> Result<Vec<Survey>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select survey.unit_id, unit.path, survey.day, survey.sample, survey.value \
         from survey join unit on unit.id = survey.unit_id \
         where indicator_id = $1 and day >= $2 and withdrawn_at is null and day = (select max(other.day) \
         from survey other where other.unit_id = survey.unit_id and other.indicator_id = survey.indicator_id \
         and other.withdrawn_at is null and other.day <= $3)",
    ).bind(indicator_id).bind(period.from).bind(period.to).fetch_all(c).await)?)
}

/// What a survey found at a unit.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Survey {
    pub unit_id: i64,
    pub path: String,
    pub day: Day,
    /// How many people were asked.
    pub sample: i64,
    /// The share, 0 to 1.
    pub value: f64,
}

/// That a unit reached a milestone, to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewMilestone {
    pub unit_id: i64,
    pub indicator_id: i64,
    pub day: Day,
    pub entered_by: i64,
    pub entered_at: DateTime<Utc>,
}

/// Stores that a milestone was reached on a day.
pub async fn put_milestone(conn: &mut Conn, one: NewMilestone) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into milestone (unit_id, indicator_id, day, entered_by, entered_at) values ($1, $2, $3, $4, $5) \
             on conflict (unit_id, indicator_id, day) do update set entered_by = excluded.entered_by, \
             entered_at = excluded.entered_at, withdrawn_at = null"
        )
        .bind(one.unit_id)
        .bind(one.indicator_id)
        .bind(one.day)
        .bind(one.entered_by)
        .bind(one.entered_at)
    )?;
    Ok(())
}

/// The days within the period on which units reached a milestone, by unit.
pub async fn milestones(conn: &mut Conn, indicator_id: i64, period: Period) -> Result<BTreeMap<i64, Day>> {
    let rows: Vec<(i64, Day)> = run!(conn, c => sqlx::query_as(
        "select unit_id, min(day) from milestone where indicator_id = $1 and day >= $2 and day <= $3 \
         and withdrawn_at is null group by unit_id",
    ).bind(indicator_id).bind(period.from).bind(period.to).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// A survey or a milestone as somebody entered it.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Entered {
    pub unit_id: i64,
    pub indicator_id: i64,
    pub day: Day,
    /// Of a survey: how many people were asked, and the share of 0 to 1.
    pub sample: Option<i64>,
    pub value: Option<f64>,
    /// Who entered it; rows from before names were kept have none.
    pub entered_by: Option<String>,
    pub entered_at: Option<DateTime<Utc>>,
    /// It was entered by mistake and counts no more.
    pub withdrawn: bool,
}

/// The surveys entered at and below `root`, the latest day first, withdrawn ones included; at most `limit`.
pub async fn surveys_entered(conn: &mut Conn, root: &Unit, limit: i64) -> Result<Vec<Entered>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select survey.unit_id, indicator_id, day, sample, value, account.display_name as entered_by, entered_at, \
         withdrawn_at is not null as withdrawn from survey join unit on unit.id = survey.unit_id \
         left join account on account.id = survey.entered_by where unit.path >= $1 and unit.path < $2 \
         order by day desc, unit.code, indicator_id limit $3",
    ).bind(&root.path).bind(path_end(&root.path)).bind(limit).fetch_all(c).await)?)
}

/// The milestones entered at and below `root`, as [`surveys_entered`].
pub async fn milestones_entered(conn: &mut Conn, root: &Unit, limit: i64) -> Result<Vec<Entered>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select milestone.unit_id, indicator_id, day, cast(null as bigint) as sample, \
         cast(null as double precision) as value, account.display_name as entered_by, entered_at, \
         withdrawn_at is not null as withdrawn from milestone join unit on unit.id = milestone.unit_id \
         left join account on account.id = milestone.entered_by where unit.path >= $1 and unit.path < $2 \
         order by day desc, unit.code, indicator_id limit $3",
    ).bind(&root.path).bind(path_end(&root.path)).bind(limit).fetch_all(c).await)?)
}

/// Withdraws the survey of a unit on a day; whether there was one that counted.
pub async fn withdraw_survey(
    conn: &mut Conn,
    unit_id: i64,
    indicator_id: i64,
    day: Day,
    at: DateTime<Utc>,
) -> Result<bool> {
    let touched = execute!(
        conn,
        sqlx::query(
            "update survey set withdrawn_at = $4 \
             where unit_id = $1 and indicator_id = $2 and day = $3 and withdrawn_at is null"
        )
        .bind(unit_id)
        .bind(indicator_id)
        .bind(day)
        .bind(at)
    )?;
    Ok(touched > 0)
}

/// Withdraws the milestone of a unit on a day; whether there was one that counted.
pub async fn withdraw_milestone(
    conn: &mut Conn,
    unit_id: i64,
    indicator_id: i64,
    day: Day,
    at: DateTime<Utc>,
) -> Result<bool> {
    let touched = execute!(
        conn,
        sqlx::query(
            "update milestone set withdrawn_at = $4 \
             where unit_id = $1 and indicator_id = $2 and day = $3 and withdrawn_at is null"
        )
        .bind(unit_id)
        .bind(indicator_id)
        .bind(day)
        .bind(at)
    )?;
    Ok(touched > 0)
}
