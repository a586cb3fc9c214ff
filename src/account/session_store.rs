//! Sessions, one-time links and bearer tokens in the database; of each secret only its SHA-256.

use super::store::session_length;
use crate::{
    error::Result,
    execute, run,
    server::{db::Conn, secret},
};
use chrono::{DateTime, Duration, Utc};
use sqlx::FromRow;

/// How long a one-time link may wait to be used.
pub const LINK_LENGTH: Duration = Duration::hours(72);

/// A browser in which somebody is logged in.
#[derive(Clone, Debug, FromRow)]
pub struct Session {
    pub id: i64,
    /// The browser's own words about itself.
    pub agent: String,
    pub long: bool,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// A bearer token for a program.
#[derive(Clone, Debug, FromRow)]
pub struct Token {
    pub id: i64,
    pub label: String,
    pub created_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// Begins a session and answers its secret. Sessions that have run out are swept away on the way.
pub async fn begin(conn: &mut Conn, account_id: i64, agent: &str, long: bool, now: DateTime<Utc>) -> Result<String> {
    let secret = secret::new();
    execute!(&mut *conn, sqlx::query("delete from session where expires_at <= $1").bind(now))?;
    execute!(
        conn,
        sqlx::query(
            "insert into session (hash, account_id, agent, long, created_at, seen_at, expires_at) \
             values ($1, $2, $3, $4, $5, $5, $6)"
        )
        .bind(secret::hash(&secret))
        .bind(account_id)
        .bind(agent)
        .bind(long)
        .bind(now)
        .bind(now + session_length(long))
    )?;
    Ok(secret)
}

/// The account's sessions that have not run out, the newest first.
pub async fn sessions(conn: &mut Conn, account_id: i64, now: DateTime<Utc>) -> Result<Vec<Session>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select id, agent, long, created_at, expires_at from session \
         where account_id = $1 and expires_at > $2 order by created_at desc, id desc",
    ).bind(account_id).bind(now).fetch_all(c).await)?)
}

/// Ends one session of the account; whether there was such a one.
pub async fn end(conn: &mut Conn, account_id: i64, session_id: i64) -> Result<bool> {
    let ended = execute!(
        conn,
        sqlx::query("delete from session where id = $1 and account_id = $2").bind(session_id).bind(account_id)
    )?;
    Ok(ended > 0)
}

/// Ends all sessions of the account but one.
pub async fn end_others(conn: &mut Conn, account_id: i64, kept: Option<i64>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("delete from session where account_id = $1 and id <> $2").bind(account_id).bind(kept.unwrap_or(-1))
    )?;
    Ok(())
}

/// Makes a bearer token and answers it; it is not to be had again.
pub async fn add_token(conn: &mut Conn, account_id: i64, label: &str, now: DateTime<Utc>) -> Result<String> {
    let token = secret::new();
    execute!(
        conn,
        sqlx::query("insert into token (hash, account_id, label, created_at) values ($1, $2, $3, $4)")
            .bind(secret::hash(&token))
            .bind(account_id)
            .bind(label)
            .bind(now)
    )?;
    Ok(token)
}

/// The account's tokens that are not revoked, the newest first.
pub async fn tokens(conn: &mut Conn, account_id: i64) -> Result<Vec<Token>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select id, label, created_at, used_at from token \
         where account_id = $1 and revoked_at is null order by created_at desc, id desc",
    ).bind(account_id).fetch_all(c).await)?)
}

/// Revokes one token of the account; whether there was such a one.
pub async fn revoke_token(conn: &mut Conn, account_id: i64, token_id: i64, now: DateTime<Utc>) -> Result<bool> {
    let revoked = execute!(
        conn,
        sqlx::query("update token set revoked_at = $1 where id = $2 and account_id = $3 and revoked_at is null")
            .bind(now)
            .bind(token_id)
            .bind(account_id)
    )?;
    Ok(revoked > 0)
}

/// Ends everything with which somebody could act as this account: sessions, tokens, links that wait.
pub async fn end_everything(conn: &mut Conn, account_id: i64, now: DateTime<Utc>) -> Result<()> {
    end_others(conn, account_id, None).await?;
    execute!(
        &mut *conn,
        sqlx::query("update token set revoked_at = $1 where account_id = $2 and revoked_at is null")
            .bind(now)
            .bind(account_id)
    )?;
    void_links(conn, account_id, now).await
}

/// Makes the links that were given before worthless: only the last one works.
pub async fn void_links(conn: &mut Conn, account_id: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update login_link set used_at = $1 where account_id = $2 and used_at is null")
            .bind(now)
            .bind(account_id)
    )?;
    Ok(())
}

/// Makes a one-time link's secret and answers it; links that waited become worthless.
pub async fn add_link(conn: &mut Conn, account_id: i64, created_by: i64, now: DateTime<Utc>) -> Result<String> {
    void_links(conn, account_id, now).await?;
    let secret = secret::new();
    execute!(
        conn,
        sqlx::query(
            "insert into login_link (hash, account_id, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5)"
        )
        .bind(secret::hash(&secret))
        .bind(account_id)
        .bind(created_by)
        .bind(now)
        .bind(now + LINK_LENGTH)
    )?;
    Ok(secret)
}

/// The account that a link is for; `None` when it was used, has run out or was never given.
pub async fn account_of_link(conn: &mut Conn, secret: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select account_id from login_link join account on account.id = account_id \
         where hash = $1 and used_at is null and expires_at > $2 and closed_at is null",
    ).bind(secret::hash(secret)).bind(now).fetch_optional(c).await)?)
}

/// Uses a link up; the account it was for. Of two who try at once one succeeds.
pub async fn use_link(conn: &mut Conn, secret: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "update login_link set used_at = $2 where hash = $1 and used_at is null and expires_at > $2 \
         and exists (select 1 from account where account.id = account_id and closed_at is null) returning account_id",
    ).bind(secret::hash(secret)).bind(now).fetch_optional(c).await)?)
}
