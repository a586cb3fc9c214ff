//! Documents of a person who is erased: the one case in which bytes that were stored are taken away.

use super::{files::Files, store, write_store};
use crate::{
    error::Result,
    server::{context::Ctx, db::Conn},
};

/// Takes away the files of what supported an entry of a roster and supports nothing now; how many went, and how many
/// stay because they support something else too. The caller has taken the entry's links back in the same transaction.
///
/// Files go before the rows that name them: where one cannot be removed nothing is erased, and it can be tried again.
///
/// # Errors
/// The database or the folder cannot be written.
pub async fn erase_of_roster(ctx: &Ctx, conn: &mut Conn, entry_id: i64) -> Result<(usize, usize)> {
    let once = store::once_of_roster(conn, entry_id).await?;
    let (gone, kept): (Vec<_>, Vec<_>) = once.into_iter().partition(|piece| !piece.supports);
    if gone.is_empty() {
        return Ok((0, kept.len()));
    }
    let files = Files::open(&ctx.settings.data_dir)?;
    for piece in &gone {
        write_store::erase(conn, piece.id).await?;
        for key in [Some(&piece.full_key), piece.thumb_key.as_ref()].into_iter().flatten() {
            // Two pictures that came as other bytes may have become the same file.
            if !store::names_file(conn, key).await? {
                files.remove(key).await?;
            }
        }
    }
    Ok((gone.len(), kept.len()))
}
