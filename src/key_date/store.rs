//! Key dates in the database.

use crate::{
    domain::{
        key_date::{
            KeyDate, Known, Layer, Override, Switch,
            built_in::{NOTICES, key_dates},
            rule::Rule,
        },
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    execute, run,
    server::db::{Conn, Db},
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::{BTreeMap, BTreeSet};

/// Puts in the built-in key dates, notices and holidays that are missing. What is there stays as it is.
pub async fn seed(db: &Db) -> Result<()> {
    let mut conn = db.write().await?;
    let dates = key_dates();
    run!(&mut conn, c => {
        let mut query = QueryBuilder::new(
            "insert into key_date (key, layer, name, name_en, rule, themes, lead, basis, unverified, since) ",
        );
        query.push_values(&dates, |mut row, one| {
            row.push_bind(one.key).push_bind(Layer::Nation.key()).push_bind(one.name).push_bind(one.name_en);
            row.push_bind(Json(one.rule.clone())).push_bind(Json(one.themes)).push_bind(one.lead);
            row.push_bind(one.basis).push_bind(one.unverified).push_bind(one.since.map(i64::from));
        });
        query.push(" on conflict do nothing");
        query.build().execute(c).await.map(|_| ())
    })?;
    let ids: BTreeMap<String, i64> = run!(&mut conn, c => {
        sqlx::query_as("select key, id from key_date where unit_id is null").fetch_all(c).await
    })?
    .into_iter()
    .collect();
    for (key, year, from, to, notice) in NOTICES {
        let day = |(month, day): (u32, u32)| Day::from_ymd_opt(*year, month, day);
        let (Some(id), Some(from), Some(to)) = (ids.get(*key), day(*from), day(*to)) else { continue };
        execute!(
            &mut conn,
            sqlx::query(
                "insert into key_date_override (key_date_id, year, from_day, to_day, notice) \
                 values ($1, $2, $3, $4, $5) on conflict do nothing"
            )
            .bind(*id)
            .bind(i64::from(*year))
            .bind(from)
            .bind(to)
            .bind(*notice)
        )?;
    }
    super::day_store::seed(&mut conn).await?;
    conn.commit().await
}

#[derive(FromRow)]
struct Row {
    id: i64,
    key: String,
    unit_id: Option<i64>,
    #[sqlx(try_from = "String")]
    layer: Layer,
    name: String,
    name_en: Option<String>,
    rule: Json<Rule>,
    themes: Json<Vec<String>>,
    lead: String,
    basis: String,
    unverified: bool,
    since: Option<i64>,
    retired: bool,
}

impl From<Row> for KeyDate {
    fn from(row: Row) -> KeyDate {
        let Row { id, key, unit_id, layer, name, name_en, rule, themes, lead, basis, unverified, since, retired } = row;
        let since = since.and_then(|year| i32::try_from(year).ok());
        KeyDate {
            id,
            key,
            unit_id,
            layer,
            name,
            name_en,
            rule: rule.0,
            themes: themes.0,
            lead,
            basis,
            unverified,
            since,
            retired,
        }
    }
}

/// Adds `unit_id is null or unit_id in (…)`.
macro_rules! push_above {
    ($query:expr, $ids:expr) => {{
        $query.push("(unit_id is null or unit_id in (-1");
        for id in $ids {
            $query.push(", ").push_bind(*id);
        }
        $query.push("))");
    }};
}
pub(crate) use push_above;

/// Everything that a unit knows of key dates, retired ones included.
pub async fn known(conn: &mut Conn, unit: &Unit) -> Result<Known> {
    let ancestry = unit.ancestry();
    let dates: Vec<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select id, key, unit_id, layer, name, name_en, rule, themes, lead, basis, unverified, since, \
             retired_at is not null as retired from key_date where ",
        );
        push_above!(query, &ancestry);
        query.push(" order by id");
        query.build_query_as().fetch_all(c).await
    })?;
    let overrides: Vec<(i64, Option<i64>, i64, Day, Day, String)> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select key_date_id, unit_id, year, from_day, to_day, notice from key_date_override \
             where withdrawn_at is null and ",
        );
        push_above!(query, &ancestry);
        query.push(" order by id");
        query.build_query_as().fetch_all(c).await
    })?;
    let switches: Vec<(i64, i64, bool)> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new("select key_date_id, unit_id, off from key_date_switch where ");
        push_above!(query, &ancestry);
        query.build_query_as().fetch_all(c).await
    })?;
    let notice = |(key_date_id, unit_id, year, from, to, notice): (i64, Option<i64>, i64, Day, Day, String)| {
        Some(Override { key_date_id, unit_id, year: i32::try_from(year).ok()?, period: Period::new(from, to)?, notice })
    };
    let switch = |(key_date_id, unit_id, off)| Switch { key_date_id, unit_id, off };
    Ok(Known {
        dates: dates.into_iter().map(KeyDate::from).collect(),
        overrides: overrides.into_iter().filter_map(notice).collect(),
        switches: switches.into_iter().map(switch).collect(),
        ancestry,
    })
}

/// The keys of key dates that the unit or a unit below it sees: whoever adds one has to choose another.
pub async fn keys_seen(conn: &mut Conn, unit: &Unit) -> Result<BTreeSet<String>> {
    let keys: Vec<String> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select key from key_date left join unit on unit.id = unit_id where (unit.path >= ",
        );
        query.push_bind(unit.path.clone()).push(" and unit.path < ").push_bind(path_end(&unit.path)).push(") or ");
        push_above!(query, &unit.ancestry());
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(keys.into_iter().collect())
}

/// Stores a new key date; its id.
pub async fn insert(conn: &mut Conn, one: &KeyDate) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into key_date (key, unit_id, layer, name, name_en, rule, themes, lead, basis, unverified, since) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id",
    ).bind(&one.key).bind(one.unit_id).bind(one.layer.key()).bind(&one.name).bind(&one.name_en).bind(Json(&one.rule))
    .bind(Json(&one.themes)).bind(&one.lead).bind(&one.basis).bind(one.unverified).bind(one.since.map(i64::from))
    .fetch_one(c).await)?)
}

/// Puts what may change of a key date in place of what was there.
pub async fn update(conn: &mut Conn, one: &KeyDate) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update key_date set layer = $1, name = $2, name_en = $3, rule = $4, themes = $5, lead = $6, basis = $7, \
             unverified = $8, since = $9 where id = $10"
        )
        .bind(one.layer.key())
        .bind(&one.name)
        .bind(&one.name_en)
        .bind(Json(&one.rule))
        .bind(Json(&one.themes))
        .bind(&one.lead)
        .bind(&one.basis)
        .bind(one.unverified)
        .bind(one.since.map(i64::from))
        .bind(one.id)
    )?;
    Ok(())
}

/// Retires a key date, or takes it back with `None`.
pub async fn set_retired(conn: &mut Conn, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update key_date set retired_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

/// Puts a unit's notice for a year in the place of its former one.
pub async fn put_override(conn: &mut Conn, unit_id: i64, one: &Override, now: DateTime<Utc>) -> Result<()> {
    withdraw_override(&mut *conn, unit_id, one.key_date_id, one.year, now).await?;
    execute!(
        conn,
        sqlx::query(
            "insert into key_date_override (key_date_id, unit_id, year, from_day, to_day, notice) \
             values ($1, $2, $3, $4, $5, $6)"
        )
        .bind(one.key_date_id)
        .bind(unit_id)
        .bind(i64::from(one.year))
        .bind(one.period.from)
        .bind(one.period.to)
        .bind(&one.notice)
    )?;
    Ok(())
}

/// Withdraws a unit's notice for a year; how many there were.
pub async fn withdraw_override(
    conn: &mut Conn,
    unit_id: i64,
    key_date_id: i64,
    year: i32,
    now: DateTime<Utc>,
) -> Result<u64> {
    Ok(execute!(
        conn,
        sqlx::query(
            "update key_date_override set withdrawn_at = $1 \
             where key_date_id = $2 and unit_id = $3 and year = $4 and withdrawn_at is null"
        )
        .bind(now)
        .bind(key_date_id)
        .bind(unit_id)
        .bind(i64::from(year))
    )?)
}

/// Switches a key date off for a unit and all below it, or on again.
pub async fn switch(conn: &mut Conn, unit_id: i64, key_date_id: i64, off: bool) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into key_date_switch (key_date_id, unit_id, off) values ($1, $2, $3) \
             on conflict (key_date_id, unit_id) do update set off = excluded.off"
        )
        .bind(key_date_id)
        .bind(unit_id)
        .bind(off)
    )?;
    Ok(())
}
