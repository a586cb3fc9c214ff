//! The rollup's rows in the database: added to in the transaction that changes the ledger.

use crate::{
    domain::rollup::{Key, Rows, Sums},
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::QueryBuilder;

/// Rows in one statement: thirteen values each, below both engines' limits.
const ROWS_AT_ONCE: usize = 1_000;

/// Adds to the rows (negative sums take away). Rows come sorted by key, so that two writers never wait for each other.
pub async fn add(conn: &mut Conn, rows: &Rows) -> Result<()> {
    let rows: Vec<(&Key, &Sums)> = rows.iter().filter(|(_, sums)| **sums != Sums::default()).collect();
    for part in rows.chunks(ROWS_AT_ONCE) {
        run!(&mut *conn, c => {
            let mut query = QueryBuilder::new(
                "insert into rollup (unit_id, slice, period, slice_id, measure_id, exact, at_least, estimate, activities, \
                 own_exact, own_at_least, own_estimate, own_activities) ",
            );
            query.push_values(part, |mut row, (key, sums)| {
                row.push_bind(key.unit_id).push_bind(key.slice).push_bind(key.period).push_bind(key.slice_id);
                row.push_bind(key.measure_id);
                for total in [sums.tree, sums.own] {
                    row.push_bind(total.exact).push_bind(total.at_least).push_bind(total.estimate);
                    row.push_bind(total.activities);
                }
            });
            query.push(
                " on conflict (unit_id, slice, period, slice_id, measure_id) do update set \
                 exact = rollup.exact + excluded.exact, at_least = rollup.at_least + excluded.at_least, \
                 estimate = rollup.estimate + excluded.estimate, activities = rollup.activities + excluded.activities, \
                 own_exact = rollup.own_exact + excluded.own_exact, \
                 own_at_least = rollup.own_at_least + excluded.own_at_least, \
                 own_estimate = rollup.own_estimate + excluded.own_estimate, \
                 own_activities = rollup.own_activities + excluded.own_activities",
            );
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}
