//! Files on their way in parts: how far each has come.

use crate::{error::Result, execute, run, server::db::Conn};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

/// A file on its way.
#[derive(Clone, Debug, FromRow)]
pub struct Upload {
    pub account_id: i64,
    pub activity_id: Uuid,
    pub sha256: Vec<u8>,
    pub size: i64,
    pub received: i64,
}

const SELECT: &str = "select account_id, activity_id, sha256, size, received from evidence_upload where ";

/// What an account is sending to an entry under this SHA-256.
pub async fn one(conn: &mut Conn, account_id: i64, activity: Uuid, sha256: &[u8]) -> Result<Option<Upload>> {
    Ok(run!(conn, c => {
        let mut query = sqlx::QueryBuilder::new(SELECT);
        query.push("account_id = ").push_bind(account_id).push(" and activity_id = ").push_bind(activity);
        query.push(" and sha256 = ").push_bind(sha256.to_vec());
        query.build_query_as().fetch_optional(c).await
    })?)
}

/// Notes how far a file has come.
pub async fn put(conn: &mut Conn, upload: &Upload, at: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into evidence_upload (account_id, activity_id, sha256, size, received, touched_at) \
             values ($1, $2, $3, $4, $5, $6) on conflict (account_id, activity_id, sha256) \
             do update set received = $5, touched_at = $6"
        )
        .bind(upload.account_id)
        .bind(upload.activity_id)
        .bind(upload.sha256.clone())
        .bind(upload.size)
        .bind(upload.received)
        .bind(at)
    )?;
    Ok(())
}

/// Forgets a file on its way.
pub async fn forget(conn: &mut Conn, upload: &Upload) -> Result<()> {
    execute!(
        conn,
        sqlx::query("delete from evidence_upload where account_id = $1 and activity_id = $2 and sha256 = $3")
            .bind(upload.account_id)
            .bind(upload.activity_id)
            .bind(upload.sha256.clone())
    )?;
    Ok(())
}

/// What nobody has gone on with since a time, whoever sent it.
pub async fn stale(conn: &mut Conn, before: DateTime<Utc>) -> Result<Vec<Upload>> {
    Ok(run!(conn, c => {
        let mut query = sqlx::QueryBuilder::new(SELECT);
        query.push("touched_at < ").push_bind(before).push(" order by id limit 200");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// An account's files on their way, those it went on with last first.
pub async fn of_account(conn: &mut Conn, account_id: i64) -> Result<Vec<Upload>> {
    Ok(run!(conn, c => {
        let mut query = sqlx::QueryBuilder::new(SELECT);
        query.push("account_id = ").push_bind(account_id).push(" order by touched_at desc, id desc");
        query.build_query_as().fetch_all(c).await
    })?)
}
