//! The evidence of two entries that become one: both keep what supports them.

use crate::{
    error::Result,
    evidence::{store, write_store},
    server::{context::Ctx, db::Conn},
};
use std::collections::BTreeSet;
use uuid::Uuid;

async fn links(conn: &mut Conn, activity: Uuid) -> Result<BTreeSet<i64>> {
    Ok(store::of_activity(conn, activity).await?.into_iter().map(|piece| piece.link_id).collect())
}

/// Links the other entry's evidence to the one that is kept: the ids of the links that were made.
pub async fn link(conn: &mut Conn, ctx: &Ctx, kept: Uuid, other: Uuid) -> Result<Vec<i64>> {
    let before = links(conn, kept).await?;
    write_store::copy_links(conn, other, kept, ctx.actor()?.account_id, ctx.now).await?;
    Ok(links(conn, kept).await?.difference(&before).copied().collect())
}

/// Takes these links back.
pub async fn unlink(conn: &mut Conn, ctx: &Ctx, made: &[i64]) -> Result<()> {
    for link in made {
        let reason = ctx.locale.double_reason_undone();
        write_store::unlink(conn, *link, reason, ctx.actor()?.account_id, ctx.now).await?;
    }
    Ok(())
}
