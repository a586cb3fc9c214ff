//! What a proposal looks up besides figures.

use crate::{error::Result, run, server::db::Conn};
use std::collections::BTreeSet;

/// The campaigns on a theme, by id.
pub async fn campaigns_on(conn: &mut Conn, theme_id: i64) -> Result<BTreeSet<i64>> {
    let ids: Vec<i64> = run!(conn, c => sqlx::query_scalar(
        "select campaign_id from campaign_theme where theme_id = $1",
    ).bind(theme_id).fetch_all(c).await)?;
    Ok(ids.into_iter().collect())
}
