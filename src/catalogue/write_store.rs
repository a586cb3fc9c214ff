//! What offices add to the catalogue, in the database.

use super::store;
use crate::{
    domain::{
        catalogue::{ActivityType, Theme},
        measure::Measure,
        period::Day,
    },
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::types::Json;

/// Stores a measure behind all others, with the first version of its counting rule; its id.
pub async fn insert_measure(conn: &mut Conn, one: &Measure, today: Day) -> Result<i64> {
    let id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into measure (key, unit_id, name, name_en, unit_word, unit_word_en, counting_rule, rule_version, \
         interactive, is_stock, wording, position) \
         select $1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, coalesce(max(position), 0) + 1 from measure returning id",
    ).bind(&one.key).bind(one.unit_id).bind(&one.name).bind(&one.name_en).bind(&one.unit_word)
    .bind(&one.unit_word_en).bind(&one.counting_rule).bind(one.interactive).bind(one.is_stock)
    .bind(Json(&one.wording)).fetch_one(c).await)?;
    store::insert_rule(conn, id, 1, &one.counting_rule, today).await?;
    Ok(id)
}

/// Stores what may change of a measure.
pub async fn update_measure(conn: &mut Conn, one: &Measure) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update measure set name = $1, name_en = $2, unit_word = $3, unit_word_en = $4, counting_rule = $5, \
             rule_version = $6, interactive = $7, wording = $8 where id = $9"
        )
        .bind(&one.name)
        .bind(&one.name_en)
        .bind(&one.unit_word)
        .bind(&one.unit_word_en)
        .bind(&one.counting_rule)
        .bind(one.rule_version)
        .bind(one.interactive)
        .bind(Json(&one.wording))
        .bind(one.id)
    )?;
    Ok(())
}

/// Stores an activity type behind all others; its id.
pub async fn insert_type(conn: &mut Conn, one: &ActivityType) -> Result<i64> {
    let id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into activity_type (key, unit_id, name, name_en, evidence, position) \
         select $1, $2, $3, $4, $5, coalesce(max(position), 0) + 1 from activity_type returning id",
    ).bind(&one.key).bind(one.unit_id).bind(&one.name).bind(&one.name_en).bind(one.evidence.key())
    .fetch_one(c).await)?;
    ask(conn, id, &one.measures).await?;
    Ok(id)
}

/// Stores what may change of an activity type.
pub async fn update_type(conn: &mut Conn, one: &ActivityType) -> Result<()> {
    execute!(
        &mut *conn,
        sqlx::query("update activity_type set name = $1, name_en = $2, evidence = $3 where id = $4")
            .bind(&one.name)
            .bind(&one.name_en)
            .bind(one.evidence.key())
            .bind(one.id)
    )?;
    execute!(&mut *conn, sqlx::query("delete from activity_type_measure where type_id = $1").bind(one.id))?;
    ask(conn, one.id, &one.measures).await
}

/// Stores which measures a type's form asks.
async fn ask(conn: &mut Conn, type_id: i64, measures: &[i64]) -> Result<()> {
    for (place, measure_id) in (1_i64..).zip(measures) {
        execute!(
            &mut *conn,
            sqlx::query("insert into activity_type_measure (type_id, measure_id, position) values ($1, $2, $3)")
                .bind(type_id)
                .bind(measure_id)
                .bind(place)
        )?;
    }
    Ok(())
}

/// Stores a theme behind all others; its id.
pub async fn insert_theme(conn: &mut Conn, one: &Theme) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into theme (key, unit_id, name, name_en, position) \
         select $1, $2, $3, $4, coalesce(max(position), 0) + 1 from theme returning id",
    ).bind(&one.key).bind(one.unit_id).bind(&one.name).bind(&one.name_en).fetch_one(c).await)?)
}

/// Stores a theme's names.
pub async fn update_theme(conn: &mut Conn, one: &Theme) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update theme set name = $1, name_en = $2 where id = $3")
            .bind(&one.name)
            .bind(&one.name_en)
            .bind(one.id)
    )?;
    Ok(())
}

/// Retires an entry of one of the three kinds, or takes it back with `None`.
pub async fn set_retired(conn: &mut Conn, kind: &str, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    let text = match kind {
        "measure" => "update measure set retired_at = $1 where id = $2",
        "type" => "update activity_type set retired_at = $1 where id = $2",
        _ => "update theme set retired_at = $1 where id = $2",
    };
    execute!(conn, sqlx::query(text).bind(at).bind(id))?;
    Ok(())
}
