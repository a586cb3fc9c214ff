//! Accounts, roles, sessions, links and tokens in the database.

use crate::{
    domain::access::{Actor, Grant, Role},
    error::{Error, Result},
    execute, run,
    server::{
        db::{Conn, Db},
        secret,
    },
};
use chrono::{DateTime, Duration, Utc};

/// A session is prolonged at most this often, so that reading pages does not write.
const SEEN_EVERY: Duration = Duration::hours(1);

/// Whoever logs in with this session's secret, and the session's id; `None` when it has expired or was revoked.
pub async fn actor_of_session(db: &Db, secret: &str, now: DateTime<Utc>) -> Result<Option<(i64, Actor)>> {
    let mut conn = db.read().await?;
    let row: Option<(i64, i64, DateTime<Utc>, bool)> = run!(&mut conn, c => sqlx::query_as(
        "select session.id, account_id, seen_at, long from session join account on account.id = account_id \
         where hash = $1 and expires_at > $2 and closed_at is null",
    ).bind(secret::hash(secret)).bind(now).fetch_optional(c).await)?;
    let Some((id, account_id, seen_at, long)) = row else { return Ok(None) };
    let actor = actor(&mut conn, account_id).await?;
    drop(conn);
    if now - seen_at > SEEN_EVERY {
        let mut conn = db.write().await?;
        let expires_at = now + session_length(long);
        execute!(
            &mut conn,
            sqlx::query("update session set seen_at = $1, expires_at = $2 where id = $3")
                .bind(now)
                .bind(expires_at)
                .bind(id)
        )?;
        conn.commit().await?;
    }
    Ok(Some((id, actor)))
}

/// How long a session lasts without being used: 90 days on a phone of one's own, else 12 hours.
pub fn session_length(long: bool) -> Duration {
    if long { Duration::days(90) } else { Duration::hours(12) }
}

/// Whoever owns this bearer token; `None` when it was revoked or never given.
pub async fn actor_of_token(db: &Db, token: &str, _now: DateTime<Utc>) -> Result<Option<Actor>> {
    let mut conn = db.read().await?;
    let account_id: Option<i64> = run!(&mut conn, c => sqlx::query_scalar(
        "select account_id from token join account on account.id = account_id \
         where hash = $1 and revoked_at is null and closed_at is null",
    ).bind(secret::hash(token)).fetch_optional(c).await)?;
    match account_id {
        Some(id) => Ok(Some(actor(&mut conn, id).await?)),
        None => Ok(None),
    }
}

/// An account with all its roles.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub async fn actor(conn: &mut Conn, account_id: i64) -> Result<Actor> {
    let (name, display_name): (String, String) = run!(&mut *conn, c => sqlx::query_as(
        "select name, display_name from account where id = $1",
    ).bind(account_id).fetch_optional(c).await)?
    .ok_or(Error::NotFound)?;
    let rows: Vec<(String, i64, String)> = run!(conn, c => sqlx::query_as(
        "select role, unit_id, path from account_role join unit on unit.id = unit_id where account_id = $1",
    ).bind(account_id).fetch_all(c).await)?;
    let grants = rows
        .into_iter()
        .filter_map(|(role, unit_id, path)| Some(Grant { role: Role::from_key(&role)?, unit_id, path }))
        .collect();
    Ok(Actor { account_id, name, display_name, grants })
}
