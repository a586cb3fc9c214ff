//! Which files the rows of evidence name: for the check and the backup.

use crate::{error::Result, run, server::db::Conn};

/// The names of all files, each once.
pub async fn keys(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select full_key from evidence where full_key <> '' union select thumb_key from evidence where thumb_key is not null order by 1",
    ).fetch_all(c).await)?)
}

/// How many links have no evidence, or support nothing.
pub async fn links_astray(conn: &mut Conn) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select count(*) from evidence_link link left join evidence on evidence.id = link.evidence_id \
         where evidence.id is null \
         or (link.activity_id is null and link.campaign_id is null and link.indicator_id is null \
         and link.roster_entry_id is null and link.inspection_item_id is null)",
    ).fetch_one(c).await)?)
}
