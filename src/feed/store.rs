//! Feeds in the database; of the secret address only its SHA-256.

use crate::{
    domain::access::Scope,
    error::Result,
    execute, push_scope, run,
    server::{db::Conn, secret},
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

/// A feed that was not revoked.
#[derive(Clone, Debug, FromRow)]
pub struct Feed {
    pub id: i64,
    pub account_id: i64,
    /// The name of whose eyes it reads with.
    pub account_name: String,
    /// `None`: the owner's own sessions.
    pub unit_id: Option<i64>,
    pub unit_name: Option<String>,
    /// The path of its unit.
    pub path: Option<String>,
    pub created_at: DateTime<Utc>,
}

const SELECT: &str = "select feed.id, feed.account_id, account.display_name as account_name, feed.unit_id, \
     unit.short_name as unit_name, unit.path, feed.created_at from feed join account on account.id = feed.account_id \
     left join unit on unit.id = feed.unit_id where revoked_at is null and account.closed_at is null and ";

/// The feed behind a secret.
pub async fn behind(conn: &mut Conn, text: &str) -> Result<Option<Feed>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("feed.hash = ").push_bind(secret::hash(text));
        query.build_query_as().fetch_optional(c).await
    })?)
}

/// The account's own feeds, and those of others on units in `managed`, the oldest first.
pub async fn seen_by(conn: &mut Conn, account_id: i64, managed: &Scope) -> Result<Vec<Feed>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("(feed.account_id = ").push_bind(account_id).push(" or ");
        push_scope!(query, "unit.path", managed);
        query.push(") order by feed.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Stores a feed and answers its secret.
pub async fn add(conn: &mut Conn, account_id: i64, unit_id: Option<i64>, now: DateTime<Utc>) -> Result<String> {
    let text = secret::new();
    execute!(
        conn,
        sqlx::query("insert into feed (hash, account_id, unit_id, created_at) values ($1, $2, $3, $4)")
            .bind(secret::hash(&text))
            .bind(account_id)
            .bind(unit_id)
            .bind(now)
    )?;
    Ok(text)
}

/// From now on the address leads nowhere.
pub async fn revoke(conn: &mut Conn, id: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(conn, sqlx::query("update feed set revoked_at = $1 where id = $2").bind(now).bind(id))?;
    Ok(())
}
