//! The newest lines of the audit log, and which sessions still run.

use crate::{error::Result, run, server::db::Conn};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

/// That something was written: when, and the path of the unit that it concerns, where it concerns one.
#[derive(Clone, Debug, FromRow)]
pub struct Written {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub path: Option<String>,
}

/// What was written behind an entry, the first first.
pub async fn after(conn: &mut Conn, id: i64, limit: i64) -> Result<Vec<Written>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select audit.id, audit.at, unit.path from audit left join unit on unit.id = audit.unit_id \
         where audit.id > $1 order by audit.id limit $2",
    ).bind(id).bind(limit).fetch_all(c).await)?)
}

/// What was written last, the last first.
pub async fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<Written>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select audit.id, audit.at, unit.path from audit left join unit on unit.id = audit.unit_id \
         order by audit.id desc limit $1",
    ).bind(limit).fetch_all(c).await)?)
}

/// Those of the sessions that nobody has ended and that have not run out.
pub async fn running(conn: &mut Conn, sessions: &[i64], now: DateTime<Utc>) -> Result<Vec<i64>> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select session.id from session join account on account.id = session.account_id \
             where account.closed_at is null and session.expires_at > ",
        );
        query.push_bind(now).push(" and session.id in (");
        let mut list = query.separated(", ");
        for id in sessions {
            list.push_bind(*id);
        }
        query.push(")");
        query.build_query_scalar().fetch_all(c).await
    })?)
}
