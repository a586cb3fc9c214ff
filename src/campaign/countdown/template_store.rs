//! Countdown templates in the database.

use crate::{
    domain::{
        countdown::{CONSTITUTION_KEYS, MonthDay, Step, Template, choose, constitution, general, month_day},
        unit::Unit,
    },
    error::{Error, Result},
    execute,
    key_date::store::push_above,
    run,
    server::db::{Conn, Db},
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};

fn day_text(day: Option<MonthDay>) -> String {
    day.map(|(month, day)| format!("{month:02}-{day:02}")).unwrap_or_default()
}

/// Puts in the templates that Pufa brings, where they are missing; the key dates have to be there. What is there stays.
pub async fn seed(db: &Db) -> Result<()> {
    let mut conn = db.write().await?;
    let (day, steps) = general();
    execute!(
        &mut conn,
        sqlx::query("insert into countdown_template (day_d, steps) values ($1, $2) on conflict do nothing")
            .bind(day_text(day))
            .bind(Json(steps.clone()))
    )?;
    let (day, steps) = constitution();
    for key in CONSTITUTION_KEYS {
        execute!(
            &mut conn,
            sqlx::query(
                "insert into countdown_template (key_date_id, day_d, steps) \
                 select id, $1, $2 from key_date where key = $3 and unit_id is null on conflict do nothing"
            )
            .bind(day_text(day))
            .bind(Json(steps.clone()))
            .bind(key)
        )?;
    }
    conn.commit().await
}

#[derive(FromRow)]
struct Row {
    unit_id: Option<i64>,
    key_date_id: Option<i64>,
    day_d: String,
    steps: Json<Vec<Step>>,
}

impl From<Row> for Template {
    fn from(row: Row) -> Template {
        let Row { unit_id, key_date_id, day_d, steps } = row;
        Template { unit_id, key_date_id, day_d: month_day(&day_d), steps: steps.0 }
    }
}

/// The template that holds at a unit for a key date, or for none.
///
/// # Errors
/// An internal one where not even the general template is there.
pub async fn holding(conn: &mut Conn, unit: &Unit, key_date_id: Option<i64>) -> Result<Template> {
    let ancestry = unit.ancestry();
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select unit_id, key_date_id, day_d, steps from countdown_template where withdrawn_at is null \
             and (key_date_id is null or key_date_id = ",
        );
        query.push_bind(key_date_id.unwrap_or_default()).push(") and ");
        push_above!(query, &ancestry);
        query.build_query_as().fetch_all(c).await
    })?;
    let templates: Vec<Template> = rows.into_iter().map(Template::from).collect();
    choose(&templates, &ancestry, key_date_id)
        .cloned()
        .ok_or_else(|| Error::internal("the general countdown template is missing"))
}

/// Puts a unit's template in the place of its former one for the same key date.
pub async fn put(conn: &mut Conn, unit_id: i64, template: &Template, now: DateTime<Utc>) -> Result<()> {
    withdraw(conn, unit_id, template.key_date_id, now).await?;
    execute!(
        conn,
        sqlx::query("insert into countdown_template (unit_id, key_date_id, day_d, steps) values ($1, $2, $3, $4)")
            .bind(unit_id)
            .bind(template.key_date_id)
            .bind(day_text(template.day_d))
            .bind(Json(template.steps.clone()))
    )?;
    Ok(())
}

/// Withdraws a unit's own template: what stands above it holds again. Whether there was one.
pub async fn withdraw(conn: &mut Conn, unit_id: i64, key_date_id: Option<i64>, now: DateTime<Utc>) -> Result<bool> {
    let changed = execute!(
        conn,
        sqlx::query(
            "update countdown_template set withdrawn_at = $1 where unit_id = $2 and coalesce(key_date_id, 0) = $3 \
             and withdrawn_at is null"
        )
        .bind(now)
        .bind(unit_id)
        .bind(key_date_id.unwrap_or_default())
    )?;
    Ok(changed > 0)
}
