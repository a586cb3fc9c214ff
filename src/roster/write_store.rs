//! Rosters in the database: writing.

use crate::{
    domain::roster::{Checked, CheckedMark, Kind},
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};

/// Stores a new entry.
pub async fn add(
    conn: &mut Conn,
    kind: Kind,
    unit_id: i64,
    entry: &Checked,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into roster_entry (kind, unit_id, name, category, body, certificate, certificate_to, from_day, to_day, \
         left_day, renews, entered_by, entered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         returning id",
    ).bind(kind.key()).bind(unit_id).bind(&entry.name).bind(&entry.category).bind(&entry.body)
    .bind(&entry.certificate).bind(entry.certificate_to).bind(entry.from).bind(entry.to).bind(entry.left)
    .bind(entry.renews).bind(account_id).bind(now).fetch_one(c).await)?)
}

/// Changes an entry; its kind and unit stay.
pub async fn update(conn: &mut Conn, id: i64, entry: &Checked) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update roster_entry set name = $1, category = $2, body = $3, certificate = $4, certificate_to = $5, \
             from_day = $6, to_day = $7, left_day = $8, renews = $9 where id = $10"
        )
        .bind(&entry.name)
        .bind(&entry.category)
        .bind(&entry.body)
        .bind(&entry.certificate)
        .bind(entry.certificate_to)
        .bind(entry.from)
        .bind(entry.to)
        .bind(entry.left)
        .bind(entry.renews)
        .bind(id)
    )?;
    Ok(())
}

/// Withdraws an entry that was a mistake, or with `None` takes it up again.
pub async fn withdraw(conn: &mut Conn, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update roster_entry set withdrawn_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

/// Takes out of an entry what tells who it is: its name, its certificate's number, what was noted, the names of its
/// documents, which no longer belong to it. Its days stay, and it counts as before.
pub async fn erase(conn: &mut Conn, id: i64, account_id: i64, reason: &str, at: DateTime<Utc>) -> Result<()> {
    execute!(
        &mut *conn,
        sqlx::query("update roster_entry set name = '', body = '', certificate = '', erased_at = $1 where id = $2")
            .bind(at)
            .bind(id)
    )?;
    execute!(&mut *conn, sqlx::query("update roster_mark set note = '' where entry_id = $1").bind(id))?;
    execute!(
        &mut *conn,
        sqlx::query(
            "update evidence_link set unlinked_by = $2, unlinked_at = $3, reason = $4 \
             where roster_entry_id = $1 and unlinked_at is null"
        )
        .bind(id)
        .bind(account_id)
        .bind(at)
        .bind(reason)
    )?;
    execute!(conn, sqlx::query("update evidence_link set name = '' where roster_entry_id = $1").bind(id))?;
    Ok(())
}

/// Notes what happened with an entry.
pub async fn add_mark(
    conn: &mut Conn,
    entry_id: i64,
    mark: &CheckedMark,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into roster_mark (entry_id, day, hours, note, entered_by, entered_at) values ($1, $2, $3, $4, $5, $6) \
         returning id",
    ).bind(entry_id).bind(mark.day).bind(mark.hours).bind(&mark.note).bind(account_id).bind(now).fetch_one(c).await)?)
}

/// Withdraws what was noted by mistake: `false` where there is none.
pub async fn withdraw_mark(conn: &mut Conn, entry_id: i64, mark: i64, at: DateTime<Utc>) -> Result<bool> {
    let done = execute!(
        conn,
        sqlx::query(
            "update roster_mark set withdrawn_at = $1 where id = $2 and entry_id = $3 and withdrawn_at is null"
        )
        .bind(at)
        .bind(mark)
        .bind(entry_id)
    )?;
    Ok(done > 0)
}
