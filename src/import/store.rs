//! Uploaded ledgers, past imports, and what was settled about columns, in the database.

use super::plan::{Choices, Columns};
use crate::{
    domain::access::Scope,
    error::{Error, Result},
    execute, push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many uploads of one account wait to be stored; older ones are dropped.
const WAITING: i64 = 5;
/// The most imports that are listed.
const LISTED: i64 = 100;

/// An upload that waits, or an import that was done.
#[derive(Clone, Debug, FromRow)]
pub struct Import {
    pub id: Uuid,
    pub account_id: i64,
    pub account_name: String,
    pub unit_id: i64,
    pub unit_name: String,
    pub unit_path: String,
    /// The file's name.
    pub name: String,
    pub size: i64,
    #[sqlx(json)]
    pub choices: Choices,
    pub accepted: i64,
    pub refused: i64,
    pub already: i64,
    pub entries: i64,
    pub created_at: DateTime<Utc>,
    /// By the command line: the account only stands for it.
    pub by_program: bool,
    /// `None` while it waits.
    pub stored_at: Option<DateTime<Utc>>,
    pub undone_at: Option<DateTime<Utc>>,
}

const SELECT: &str = "select import.id, import.account_id, account.display_name as account_name, import.unit_id, \
                      unit.short_name as unit_name, unit.path as unit_path, import.name, size, choices, accepted, \
                      refused, already, entries, import.created_at, by_program, stored_at, undone_at \
                      from import join account on account.id = import.account_id join unit on unit.id = import.unit_id";

/// What was found when it was stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that became entries, were refused, or had been there before.
    pub accepted: i64,
    pub refused: i64,
    pub already: i64,
    /// The entries that the rows became; 每村各 makes several of one.
    pub entries: i64,
}

/// A file that was sent.
#[derive(Debug)]
pub struct Upload<'a> {
    pub id: Uuid,
    pub account_id: i64,
    pub unit_id: i64,
    pub name: &'a str,
    pub content: &'a [u8],
    pub at: DateTime<Utc>,
}

/// Keeps a file until it is stored; what waited too long is dropped: nobody confirmed it, so it is no record.
pub async fn add(conn: &mut Conn, upload: &Upload<'_>, expired: DateTime<Utc>) -> Result<()> {
    execute!(&mut *conn, sqlx::query("delete from import where stored_at is null and created_at < $1").bind(expired))?;
    execute!(
        &mut *conn,
        sqlx::query(
            "delete from import where account_id = $1 and stored_at is null and id not in (select id from import \
             where account_id = $1 and stored_at is null order by created_at desc, id desc limit $2)"
        )
        .bind(upload.account_id)
        .bind(WAITING - 1)
    )?;
    execute!(
        conn,
        sqlx::query(
            "insert into import (id, account_id, unit_id, name, size, content, choices, state, accepted, refused, \
             already, entries, created_at) values ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, 0, 0, 0, $8)"
        )
        .bind(upload.id)
        .bind(upload.account_id)
        .bind(upload.unit_id)
        .bind(upload.name)
        .bind(upload.content.len() as i64)
        .bind(upload.content)
        .bind(Json(Choices::default()))
        .bind(upload.at)
    )?;
    Ok(())
}

/// Notes a file that the command line stores within the same transaction: it need not wait.
pub async fn add_done(conn: &mut Conn, upload: &Upload<'_>, size: usize) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into import (id, account_id, unit_id, name, size, choices, state, accepted, refused, already, \
             entries, created_at, by_program) values ($1, $2, $3, $4, $5, $6, 'waiting', 0, 0, 0, 0, $7, $8)"
        )
        .bind(upload.id)
        .bind(upload.account_id)
        .bind(upload.unit_id)
        .bind(upload.name)
        .bind(size as i64)
        .bind(Json(Choices::default()))
        .bind(upload.at)
        .bind(true)
    )?;
    Ok(())
}

/// An import with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn one(conn: &mut Conn, id: Uuid) -> Result<Import> {
    run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(" where import.id = ").push_bind(id);
        query.build_query_as().fetch_optional(c).await
    })?
    .ok_or(Error::NotFound)
}

/// Whether the entries of a batch came by the command line.
pub async fn is_by_program(conn: &mut Conn, batch_id: Uuid) -> Result<bool> {
    let found: Option<bool> = run!(conn, c => sqlx::query_scalar("select by_program from import where id = $1")
        .bind(batch_id).fetch_optional(c).await)?;
    Ok(found == Some(true))
}

/// The file of an import that waits.
pub async fn content(conn: &mut Conn, id: Uuid) -> Result<Option<Vec<u8>>> {
    let found: Option<(Option<Vec<u8>>,)> = run!(conn, c => sqlx::query_as("select content from import where id = $1")
        .bind(id).fetch_optional(c).await)?;
    Ok(found.and_then(|(content,)| content))
}

/// The account's own imports, and those done at the units of the scope; the newest first.
pub async fn list(conn: &mut Conn, account_id: i64, managed: &Scope) -> Result<Vec<Import>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(" where import.account_id = ").push_bind(account_id);
        query.push(" or (stored_at is not null and ");
        push_scope!(query, "unit.path", managed);
        query.push(") order by import.created_at desc, import.id desc limit ").push_bind(LISTED);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Keeps what was settled about an upload, and for which unit it is.
pub async fn settle(conn: &mut Conn, id: Uuid, unit_id: i64, choices: &Choices) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update import set choices = $2, unit_id = $3 where id = $1 and stored_at is null")
            .bind(id)
            .bind(Json(choices))
            .bind(unit_id)
    )?;
    Ok(())
}

/// Drops an upload that waits.
pub async fn drop_waiting(conn: &mut Conn, id: Uuid) -> Result<()> {
    execute!(conn, sqlx::query("delete from import where id = $1 and stored_at is null").bind(id))?;
    Ok(())
}

/// Marks an upload as stored and empties its file: `false` where somebody did so before.
pub async fn mark_stored(conn: &mut Conn, id: Uuid, counts: Counts, at: DateTime<Utc>) -> Result<bool> {
    let marked = execute!(
        conn,
        sqlx::query(
            "update import set state = 'stored', content = null, accepted = $2, refused = $3, already = $4, \
             entries = $5, stored_at = $6 where id = $1 and stored_at is null"
        )
        .bind(id)
        .bind(counts.accepted)
        .bind(counts.refused)
        .bind(counts.already)
        .bind(counts.entries)
        .bind(at)
    )?;
    Ok(marked > 0)
}

/// Marks an import as undone: `false` where it was before.
pub async fn mark_undone(conn: &mut Conn, id: Uuid, account_id: i64, at: DateTime<Utc>) -> Result<bool> {
    let marked = execute!(
        conn,
        sqlx::query(
            "update import set state = 'undone', undone_at = $2, undone_by = $3 \
             where id = $1 and stored_at is not null and undone_at is null"
        )
        .bind(id)
        .bind(at)
        .bind(account_id)
    )?;
    Ok(marked > 0)
}

/// What was settled for ledgers of a unit or of one above it, by signature; the unit's own before those above.
pub async fn kept(conn: &mut Conn, ancestry: &[i64]) -> Result<BTreeMap<String, Columns>> {
    let rows: Vec<(i64, String, Json<Columns>)> = run!(conn, c => {
        let mut query = QueryBuilder::new("select unit_id, signature, columns from import_mapping where unit_id in (");
        let mut list = query.separated(", ");
        for id in ancestry {
            list.push_bind(*id);
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?;
    let depth = |id: i64| ancestry.iter().position(|own| *own == id);
    let mut rows = rows;
    rows.sort_by_key(|(unit_id, ..)| depth(*unit_id));
    Ok(rows.into_iter().map(|(_, signature, columns)| (signature, columns.0)).collect())
}

/// Keeps what columns mean for the unit's next ledger with these heads.
pub async fn keep(
    conn: &mut Conn,
    unit_id: i64,
    signature: &str,
    columns: &Columns,
    account_id: i64,
    at: DateTime<Utc>,
) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into import_mapping (unit_id, signature, columns, changed_by, changed_at) values ($1, $2, $3, $4, $5) \
             on conflict (unit_id, signature) do update set columns = excluded.columns, \
             changed_by = excluded.changed_by, changed_at = excluded.changed_at"
        )
        .bind(unit_id)
        .bind(signature)
        .bind(Json(columns))
        .bind(account_id)
        .bind(at)
    )?;
    Ok(())
}
