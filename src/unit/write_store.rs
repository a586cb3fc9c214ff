//! What changes in the tree, in the database.

use crate::{
    domain::{
        period::Day,
        unit::{ChangeKind, Unit, UnitKind, short_name},
    },
    error::Result,
    execute, run,
    server::db::Conn,
};
use sqlx::types::Json;

/// A unit that is to be stored.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub code: &'a str,
    pub parent: Option<&'a Unit>,
    pub kind: UnitKind,
    pub name: &'a str,
    pub households: Option<i64>,
    pub population: Option<i64>,
    pub active_from: Option<Day>,
    pub active_to: Option<Day>,
}

/// Stores a new unit; `None` when its code is taken.
pub async fn insert(conn: &mut Conn, new: New<'_>) -> Result<Option<Unit>> {
    let parent_id = new.parent.map(|unit| unit.id);
    let short = short_name(new.name);
    // The path holds the id, which is known afterwards: the code stands in for it, and no path looks like a code.
    let id: Option<i64> = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into unit (code, parent_id, path, kind, name, short_name, households, population, active_from, \
         active_to) values ($1, $2, $1, $3, $4, $5, $6, $7, $8, $9) on conflict (code) do nothing returning id",
    ).bind(new.code).bind(parent_id).bind(new.kind.key()).bind(new.name).bind(short).bind(new.households)
    .bind(new.population).bind(new.active_from).bind(new.active_to).fetch_optional(c).await)?;
    let Some(id) = id else { return Ok(None) };
    let path = format!("{}{id}/", new.parent.map_or("/", |unit| unit.path.as_str()));
    execute!(conn, sqlx::query("update unit set path = $1 where id = $2").bind(&path).bind(id))?;
    Ok(Some(Unit {
        id,
        code: new.code.into(),
        parent_id,
        path,
        kind: new.kind,
        name: new.name.into(),
        short_name: short.into(),
        households: new.households,
        population: new.population,
        active_from: new.active_from,
        active_to: new.active_to,
    }))
}

/// Stores names, households, population and days of a unit as they now are.
pub async fn update(conn: &mut Conn, unit: &Unit) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update unit set name = $1, short_name = $2, households = $3, population = $4, active_from = $5, \
             active_to = $6 where id = $7"
        )
        .bind(&unit.name)
        .bind(&unit.short_name)
        .bind(unit.households)
        .bind(unit.population)
        .bind(unit.active_from)
        .bind(unit.active_to)
        .bind(unit.id)
    )?;
    Ok(())
}

/// Notes into which unit this one was merged, or that it stands alone again.
pub async fn set_merged(conn: &mut Conn, unit_id: i64, into: Option<i64>) -> Result<()> {
    execute!(conn, sqlx::query("update unit set merged_into_id = $1 where id = $2").bind(into).bind(unit_id))?;
    Ok(())
}

/// Notes what happened to a unit.
pub async fn note(conn: &mut Conn, unit_id: i64, day: Day, what: ChangeKind, detail: &str) -> Result<()> {
    execute!(
        conn,
        sqlx::query("insert into unit_change (unit_id, day, what, detail) values ($1, $2, $3, $4)")
            .bind(unit_id)
            .bind(day)
            .bind(what.key())
            .bind(Json(detail))
    )?;
    Ok(())
}

/// Adds a class, or changes the pupils of the one with this name, which is open afterwards.
pub async fn put_class(conn: &mut Conn, unit_id: i64, name: &str, pupils: i64, from: Option<Day>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into class (unit_id, name, pupils, active_from) values ($1, $2, $3, $4) \
             on conflict (unit_id, name) do update set pupils = excluded.pupils, active_to = null"
        )
        .bind(unit_id)
        .bind(name)
        .bind(pupils)
        .bind(from)
    )?;
    Ok(())
}

/// Closes a class after its last day.
pub async fn close_class(conn: &mut Conn, class_id: i64, last: Day) -> Result<()> {
    execute!(conn, sqlx::query("update class set active_to = $1 where id = $2").bind(last).bind(class_id))?;
    Ok(())
}

/// Removes a class that no activity ever ticked; whether it was removed.
pub async fn remove_unused_class(conn: &mut Conn, class_id: i64) -> Result<bool> {
    let removed = execute!(
        conn,
        sqlx::query(
            "delete from class where id = $1 \
             and not exists (select 1 from activity_class where activity_class.class_id = class.id)"
        )
        .bind(class_id)
    )?;
    Ok(removed > 0)
}
