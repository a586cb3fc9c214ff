//! Doubles in the database: what is compared, what was merged, and what was said to be none.

use crate::{
    domain::{
        activity::{Draft, Status},
        double::Side,
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    unit_id: i64,
    unit_name: String,
    unit_short: String,
    day: Day,
    day_to: Option<Day>,
    place: String,
    organiser: String,
    batch_id: Option<Uuid>,
}

/// The entries of a month at a unit and below with what they are compared by, by day; `None` where they are more than
/// `most`. One that began in the month before is compared in its own.
pub async fn sides(conn: &mut Conn, unit: &Unit, period: Period, most: i64) -> Result<Option<Vec<(Uuid, Side)>>> {
    const PLACE: &str = " from activity cross join unit where unit.id = activity.unit_id and activity.day >= $1 \
         and activity.day <= $2 and unit.path >= $3 and unit.path < $4 and activity.status <> 'withdrawn'";
    // What belongs to these entries; each list is short beside the entries themselves.
    const THEMES: &str = "select own.activity_id, own.theme_id from activity_theme own join activity on activity.id = own.activity_id \
         join unit on unit.id = activity.unit_id where activity.day >= $1 and activity.day <= $2 and unit.path >= $3 \
         and unit.path < $4 and activity.status <> 'withdrawn'";
    const COUNTS: &str = "select own.activity_id, own.measure_id from quantity own join activity on activity.id = own.activity_id \
         join unit on unit.id = activity.unit_id where activity.day >= $1 and activity.day <= $2 and unit.path >= $3 \
         and unit.path < $4 and activity.status <> 'withdrawn'";
    const HELPERS: &str = "select own.activity_id, own.unit_id, own.name from activity_co_organiser own \
         join activity on activity.id = own.activity_id join unit on unit.id = activity.unit_id where activity.day >= $1 \
         and activity.day <= $2 and unit.path >= $3 and unit.path < $4 and activity.status <> 'withdrawn'";
    let end = path_end(&unit.path);
    let rows: Vec<Row> = run!(&mut *conn, c => {
        let sql = format!(
            "select activity.id, activity.unit_id, unit.name as unit_name, unit.short_name as unit_short, activity.day, \
             activity.day_to, activity.place, activity.organiser, activity.batch_id{PLACE} \
             order by activity.day, activity.id limit $5",
        );
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(period.from).bind(period.to).bind(&unit.path).bind(&end).bind(most + 1)
            .fetch_all(c).await
    })?;
    if rows.len() as i64 > most {
        return Ok(None);
    }
    let mut themes: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    let mut measures: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
    for (sql, into) in [(THEMES, &mut themes), (COUNTS, &mut measures)] {
        let pairs: Vec<(Uuid, i64)> = run!(&mut *conn, c => sqlx::query_as(sql)
            .bind(period.from).bind(period.to).bind(&unit.path).bind(&end).fetch_all(c).await)?;
        for (id, own) in pairs {
            into.entry(id).or_default().push(own);
        }
    }
    let helpers: Vec<(Uuid, Option<i64>, String)> = run!(conn, c => sqlx::query_as(HELPERS)
        .bind(period.from).bind(period.to).bind(&unit.path).bind(&end).fetch_all(c).await)?;
    let mut sides: Vec<(Uuid, Side)> = rows
        .into_iter()
        .map(|row| {
            let side = Side {
                unit_id: row.unit_id,
                unit_name: row.unit_name,
                unit_short: row.unit_short,
                days: Some(Period { from: row.day, to: row.day_to.unwrap_or(row.day).max(row.day) }),
                theme_ids: themes.remove(&row.id).unwrap_or_default(),
                measure_ids: measures.remove(&row.id).unwrap_or_default(),
                place: row.place,
                organiser: row.organiser,
                batch: row.batch_id,
                ..Side::default()
            };
            (row.id, side)
        })
        .collect();
    let places: BTreeMap<Uuid, usize> = sides.iter().enumerate().map(|(place, (id, _))| (*id, place)).collect();
    for (id, unit_id, name) in helpers {
        let Some((_, side)) = places.get(&id).and_then(|place| sides.get_mut(*place)) else { continue };
        side.helper_ids.extend(unit_id);
        side.helpers.push(name);
    }
    Ok(Some(sides))
}

/// The pairs that somebody said are none, the lesser id first, of entries that are named.
pub async fn dismissed(conn: &mut Conn, ids: &[Uuid]) -> Result<BTreeSet<(Uuid, Uuid)>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<(Uuid, Uuid)> = run!(conn, c => {
        let mut query = QueryBuilder::new("select first_id, second_id from double_dismissed where first_id in (");
        let mut list = query.separated(", ");
        ids.iter().for_each(|id| { list.push_bind(*id); });
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// Remembers that two entries are no doubles.
pub async fn dismiss(conn: &mut Conn, pair: (Uuid, Uuid), account_id: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into double_dismissed (first_id, second_id, dismissed_by, dismissed_at) values ($1, $2, $3, $4) \
             on conflict do nothing"
        )
        .bind(pair.0)
        .bind(pair.1)
        .bind(account_id)
        .bind(now)
    )?;
    Ok(())
}

/// Two entries that were made one.
#[derive(Clone, Debug)]
pub struct Merge {
    pub id: i64,
    pub kept_id: Uuid,
    pub merged_id: Uuid,
    /// The version that the merge made of the entry that was kept.
    pub kept_version: i64,
    pub kept_before: Draft,
    pub merged_status: Status,
    /// The pieces of evidence that it got from the other one.
    pub evidence: Vec<i64>,
    /// The units of the entry that was kept, and of the one that was merged into it.
    pub kept_unit: String,
    pub merged_unit: String,
}

/// The merges in which an entry takes part, undone ones left out.
pub async fn merges_of(conn: &mut Conn, id: Uuid) -> Result<Vec<Merge>> {
    type Row = (i64, Uuid, Uuid, i64, Json<Draft>, String, Json<Vec<i64>>, String, String);
    let rows: Vec<Row> = run!(conn, c => sqlx::query_as(
        "select joined.id, kept_id, merged_id, kept_version, kept_before, merged_status, evidence, \
         kept_unit.short_name, merged_unit.short_name from activity_merge joined \
         join activity kept on kept.id = kept_id join unit kept_unit on kept_unit.id = kept.unit_id \
         join activity merged on merged.id = merged_id join unit merged_unit on merged_unit.id = merged.unit_id \
         where undone_at is null and (kept_id = $1 or merged_id = $1) order by joined.id",
    ).bind(id).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, kept_id, merged_id, kept_version, kept_before, merged_status, evidence, kept_unit, merged_unit)| {
            Merge {
                id,
                kept_id,
                merged_id,
                kept_version,
                kept_before: kept_before.0,
                merged_status: Status::from_key(&merged_status).unwrap_or(Status::Submitted),
                evidence: evidence.0,
                kept_unit,
                merged_unit,
            }
        })
        .collect())
}

/// A merge as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct NewMerge<'a> {
    pub kept_id: Uuid,
    pub merged_id: Uuid,
    pub kept_version: i64,
    pub kept_before: &'a Draft,
    pub merged_status: Status,
    pub evidence: &'a [i64],
    pub account_id: i64,
    pub at: DateTime<Utc>,
}

/// Keeps that one entry was merged into another.
pub async fn merge(conn: &mut Conn, new: NewMerge<'_>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into activity_merge (kept_id, merged_id, kept_version, kept_before, merged_status, evidence, \
             merged_by, merged_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(new.kept_id)
        .bind(new.merged_id)
        .bind(new.kept_version)
        .bind(Json(new.kept_before))
        .bind(new.merged_status.key())
        .bind(Json(new.evidence))
        .bind(new.account_id)
        .bind(new.at)
    )?;
    Ok(())
}

/// Notes that a merge was undone.
pub async fn undo(conn: &mut Conn, id: i64, account_id: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update activity_merge set undone_by = $2, undone_at = $3 where id = $1")
            .bind(id)
            .bind(account_id)
            .bind(now)
    )?;
    Ok(())
}
