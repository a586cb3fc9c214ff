//! Closings and their unlocks in the database.

use crate::{
    domain::{
        closing::{Closing, Unlock},
        measure::Precision,
        period::{Day, Month, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;

#[derive(FromRow)]
struct Row {
    id: i64,
    unit_id: i64,
    unit_path: String,
    unit_name: String,
    from_day: Day,
    to_day: Day,
    closed_by: String,
    closed_at: DateTime<Utc>,
    unlock_id: Option<i64>,
    unlock_path: Option<String>,
    unlock_name: Option<String>,
    unlock_from: Option<Day>,
    unlock_to: Option<Day>,
    until_day: Option<Day>,
    reason: Option<String>,
    unlocked_by: Option<String>,
    ended_at: Option<DateTime<Utc>>,
}

const SELECT: &str = "select closing.id, closing.unit_id, unit.path as unit_path, unit.short_name as unit_name, \
     closing.from_day, closing.to_day, account.display_name as closed_by, closing.closed_at, \
     opened.id as unlock_id, place.path as unlock_path, place.short_name as unlock_name, \
     opened.from_day as unlock_from, opened.to_day as unlock_to, opened.until_day, opened.reason, \
     opener.display_name as unlocked_by, opened.ended_at \
     from closing join unit on unit.id = closing.unit_id join account on account.id = closing.closed_by \
     left join closing_unlock opened on opened.closing_id = closing.id \
     left join unit place on place.id = opened.unit_id left join account opener on opener.id = opened.unlocked_by \
     where closing.reopened_at is null and closing.from_day <= ";

/// Which closings: those of the units named (an entry's own and all above it), those of a unit, all above and all
/// below it, or one.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    Units(&'a [i64]),
    Around(&'a Unit),
    Above(&'a Unit),
}

/// The closings in force that have a day of the period: one statement.
pub async fn in_force(conn: &mut Conn, of: Of<'_>, period: Period) -> Result<Vec<Closing>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push_bind(period.to).push(" and closing.to_day >= ").push_bind(period.from).push(" and (");
        let ids = match of {
            Of::Units(ids) => ids.to_vec(),
            Of::Around(unit) | Of::Above(unit) => unit.ancestry(),
        };
        query.push("closing.unit_id in (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id);
        }
        query.push(")");
        if let Of::Around(unit) = of {
            query.push(" or unit.path >= ").push_bind(unit.path.clone());
            query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        }
        query.push(") order by unit.path, closing.from_day, closing.id, opened.id");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut closings: Vec<Closing> = Vec::new();
    for row in rows {
        if closings.last().is_none_or(|last| last.id != row.id) {
            closings.push(Closing {
                id: row.id,
                unit_id: row.unit_id,
                unit_path: row.unit_path,
                unit_name: row.unit_name,
                period: Period { from: row.from_day, to: row.to_day },
                closed_by: row.closed_by,
                closed_at: row.closed_at,
                unlocks: Vec::new(),
            });
        }
        let (Some(closing), Some(id)) = (closings.last_mut(), row.unlock_id) else { continue };
        closing.unlocks.push(Unlock {
            id,
            unit_path: row.unlock_path.unwrap_or_default(),
            unit_name: row.unlock_name.unwrap_or_default(),
            period: Period { from: row.unlock_from.unwrap_or_default(), to: row.unlock_to.unwrap_or_default() },
            until: row.until_day.unwrap_or_default(),
            reason: row.reason.unwrap_or_default(),
            unlocked_by: row.unlocked_by.unwrap_or_default(),
            ended: row.ended_at.is_some(),
        });
    }
    Ok(closings)
}

/// Closes a period for a unit: `false` where it is closed already.
pub async fn close(conn: &mut Conn, unit_id: i64, period: Period, account_id: i64, now: DateTime<Utc>) -> Result<bool> {
    let closed = execute!(
        conn,
        sqlx::query(
            "insert into closing (unit_id, from_day, to_day, closed_by, closed_at) values ($1, $2, $3, $4, $5) \
             on conflict (unit_id, from_day, to_day) where reopened_at is null do nothing"
        )
        .bind(unit_id)
        .bind(period.from)
        .bind(period.to)
        .bind(account_id)
        .bind(now)
    )?;
    Ok(closed > 0)
}

/// Opens a closed period again.
pub async fn reopen(conn: &mut Conn, id: i64, account_id: i64, now: DateTime<Utc>, reason: &str) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update closing set reopened_by = $2, reopened_at = $3, reopen_reason = $4 where id = $1")
            .bind(id)
            .bind(account_id)
            .bind(now)
            .bind(reason)
    )?;
    Ok(())
}

/// An unlock as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct NewUnlock<'a> {
    pub unit_id: i64,
    pub period: Period,
    pub until: Day,
    pub reason: &'a str,
    pub account_id: i64,
    pub at: DateTime<Utc>,
}

/// Unlocks part of a closing.
pub async fn unlock(conn: &mut Conn, closing_id: i64, new: NewUnlock<'_>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into closing_unlock (closing_id, unit_id, from_day, to_day, until_day, reason, unlocked_by, \
             unlocked_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(closing_id)
        .bind(new.unit_id)
        .bind(new.period.from)
        .bind(new.period.to)
        .bind(new.until)
        .bind(new.reason)
        .bind(new.account_id)
        .bind(new.at)
    )?;
    Ok(())
}

/// Ends an unlock before its day.
pub async fn end_unlock(conn: &mut Conn, id: i64, account_id: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update closing_unlock set ended_by = $2, ended_at = $3 where id = $1 and ended_at is null")
            .bind(id)
            .bind(account_id)
            .bind(now)
    )?;
    Ok(())
}

/// How many late entries (补报) of each month of a year count at a unit and below.
pub async fn late_by_month(conn: &mut Conn, unit: &Unit, year: i32) -> Result<BTreeMap<Month, i64>> {
    let period = Period::year(year);
    let rows: Vec<(String, i64)> = run!(conn, c => sqlx::query_as(
        "select substr(cast(activity.day as text), 1, 7) as month, count(*) from activity cross join unit \
         where unit.id = activity.unit_id and activity.late and activity.status <> 'withdrawn' \
         and activity.day >= $1 and activity.day <= $2 and unit.path >= $3 and unit.path < $4 \
         group by substr(cast(activity.day as text), 1, 7)",
    ).bind(period.from).bind(period.to).bind(&unit.path).bind(path_end(&unit.path)).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(month, count)| Some((Month::parse(&month)?, count))).collect())
}

/// The counts of late entries: (measure, precision, value) added up of those of one day, and each one of those over
/// several days with its first and last day.
pub type LateCount = (i64, Precision, i64, Option<Period>);

/// The late entries' counts at a unit and below that may fall into the period.
pub async fn late_counts(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<LateCount>> {
    let single: Vec<(i64, String, i64)> = run!(&mut *conn, c => sqlx::query_as(
        "select one.measure_id, one.precision, cast(sum(one.value) as bigint) \
         from activity cross join unit cross join quantity one \
         where unit.id = activity.unit_id and one.activity_id = activity.id and activity.late \
         and activity.day_to is null and activity.status <> 'withdrawn' and activity.day >= $1 and activity.day <= $2 \
         and unit.path >= $3 and unit.path < $4 group by one.measure_id, one.precision",
    ).bind(period.from).bind(period.to).bind(&unit.path).bind(path_end(&unit.path)).fetch_all(c).await)?;
    let lasting: Vec<(i64, String, i64, Day, Day)> = run!(conn, c => sqlx::query_as(
        "select one.measure_id, one.precision, one.value, activity.day, activity.day_to \
         from activity cross join unit cross join quantity one \
         where unit.id = activity.unit_id and one.activity_id = activity.id and activity.late \
         and activity.day_to >= $1 and activity.day <= $2 and activity.status <> 'withdrawn' \
         and unit.path >= $3 and unit.path < $4",
    ).bind(period.from).bind(period.to).bind(&unit.path).bind(path_end(&unit.path)).fetch_all(c).await)?;
    let single = single
        .into_iter()
        .filter_map(|(measure, precision, value)| Some((measure, Precision::from_key(&precision)?, value, None)));
    let lasting = lasting.into_iter().filter_map(|(measure, precision, value, from, to)| {
        Some((measure, Precision::from_key(&precision)?, value, Some(Period { from, to })))
    });
    Ok(single.chain(lasting).collect())
}

/// What happened to a unit's periods of a year before: (from, to, closed by, at, reopened by, at, reason), the last first.
pub type Past = (Day, Day, String, DateTime<Utc>, String, DateTime<Utc>, String);

/// Closings of a unit that were opened again.
pub async fn reopened(conn: &mut Conn, unit_id: i64, year: i32) -> Result<Vec<Past>> {
    let period = Period::year(year);
    Ok(run!(conn, c => sqlx::query_as(
        "select from_day, to_day, closer.display_name, closing.closed_at, opener.display_name, reopened_at, reopen_reason \
         from closing join account closer on closer.id = closed_by join account opener on opener.id = reopened_by \
         where unit_id = $1 and from_day >= $2 and to_day <= $3 and reopened_at is not null order by closing.id desc",
    ).bind(unit_id).bind(period.from).bind(period.to).fetch_all(c).await)?)
}
