//! Every total recomputed from its records (`pufa check`), and the totals written anew from them.

use super::{check_store, rollup_store};
use crate::{
    domain::{
        rollup::{self, Counted, Rows, Sums},
        unit::ancestry,
    },
    error::Result,
    server::db::{Conn, Db},
};

/// Entries read at once.
const BATCH: i64 = 2_000;
/// The most differences named.
const NAMED: usize = 20;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Entries that count.
    pub activities: u64,
    /// Rows of totals compared.
    pub rows: usize,
    /// The first rows that differ, in words; empty when all is well.
    pub differences: Vec<String>,
}

/// What the rollup should hold, from the ledger alone; and the number of entries that count.
async fn recompute(conn: &mut Conn) -> Result<(Rows, u64)> {
    let mut rows = Rows::new();
    let mut after = None;
    let mut activities = 0;
    loop {
        let batch = check_store::batch(conn, None, after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some((last.day, last.id));
        for entry in &batch {
            activities += 1;
            let counted = Counted {
                ancestry: &ancestry(&entry.path),
                day: entry.day,
                day_to: entry.day_to,
                quantities: &entry.quantities,
                theme_ids: &entry.themes,
                campaign_ids: &entry.campaigns,
            };
            rollup::add(&mut rows, &counted, 1);
        }
    }
    rows.retain(|_, sums| *sums != Sums::default());
    Ok((rows, activities))
}

/// Compares every total with its records, within one state of the database.
pub async fn check(db: &Db) -> Result<Findings> {
    let mut conn = db.read().await?;
    let stored = check_store::stored(&mut conn).await?;
    let (right, activities) = recompute(&mut conn).await?;
    let mut differences = Vec::new();
    let keys = stored.keys().chain(right.keys().filter(|key| !stored.contains_key(key)));
    for key in keys {
        let (is, should) = (stored.get(key).copied().unwrap_or_default(), right.get(key).copied().unwrap_or_default());
        if is != should {
            differences.push(format!("{key:?}: stored {is:?}, records say {should:?}"));
        }
        if differences.len() == NAMED {
            break;
        }
    }
    Ok(Findings { activities, rows: right.len(), differences })
}

/// Writes all totals anew from the ledger.
pub async fn rebuild(db: &Db) -> Result<()> {
    let mut conn = db.write().await?;
    let (rows, _) = recompute(&mut conn).await?;
    check_store::clear(&mut conn).await?;
    rollup_store::add(&mut conn, &rows).await?;
    conn.commit().await
}
