//! A county's own files in the database.

use super::guess::Mapping;
use crate::{
    domain::{access::Scope, unit::Unit},
    error::{Error, Result},
    execute, push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use uuid::Uuid;

/// A file that is filled again and again.
#[derive(Clone, Debug, FromRow)]
pub struct Template {
    pub id: Uuid,
    pub unit_id: i64,
    pub unit_name: String,
    pub unit_path: String,
    pub name: String,
    #[sqlx(json)]
    pub mapping: Mapping,
}

const SELECT: &str = "select table_template.id, unit_id, unit.short_name as unit_name, unit.path as unit_path, \
                      table_template.name, mapping from table_template join unit on unit.id = unit_id where ";

/// The files that hold for a unit: its own and those of the units above it.
pub async fn list(conn: &mut Conn, unit: &Unit) -> Result<Vec<Template>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("retired_at is null and unit_id in (-1");
        for id in unit.ancestry() {
            query.push(", ").push_bind(id);
        }
        query.push(") order by table_template.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// One file's row.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or its unit lies outside the scope.
pub async fn one(conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<Template> {
    let row: Option<Template> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("table_template.id = ").push_bind(id).push(" and ");
        push_scope!(query, "unit.path", scope);
        query.build_query_as().fetch_optional(c).await
    })?;
    row.ok_or(Error::NotFound)
}

/// The file itself, of a row that the reader was given.
pub async fn content(conn: &mut Conn, id: Uuid) -> Result<Vec<u8>> {
    Ok(run!(conn, c => sqlx::query_scalar("select content from table_template where id = $1")
        .bind(id).fetch_one(c).await)?)
}

/// A file as it is kept.
pub struct New<'a> {
    pub id: Uuid,
    pub unit_id: i64,
    pub name: &'a str,
    pub content: &'a [u8],
    pub mapping: &'a Mapping,
    pub by: i64,
    pub now: DateTime<Utc>,
}

/// Keeps a file.
pub async fn add(conn: &mut Conn, one: New<'_>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into table_template (id, unit_id, name, content, mapping, changed_by, changed_at) \
             values ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(one.id)
        .bind(one.unit_id)
        .bind(one.name)
        .bind(one.content)
        .bind(Json(one.mapping))
        .bind(one.by)
        .bind(one.now)
    )?;
    Ok(())
}

/// Settles what a file's columns and rows mean.
pub async fn settle(conn: &mut Conn, id: Uuid, mapping: &Mapping, by: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update table_template set mapping = $1, changed_by = $2, changed_at = $3 where id = $4")
            .bind(Json(mapping))
            .bind(by)
            .bind(now)
            .bind(id)
    )?;
    Ok(())
}

/// Retires a file.
pub async fn retire(conn: &mut Conn, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    execute!(conn, sqlx::query("update table_template set retired_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}
