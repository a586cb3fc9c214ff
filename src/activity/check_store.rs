//! The ledger read through, batch by batch, and the rollup as it is stored.

use crate::{
    domain::{
        activity::Quantity,
        measure::{Precision, Total},
        period::Day,
        rollup::{Key, Rows, Sums},
    },
    error::Result,
    execute, run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is counted of one entry.
#[derive(Clone, Debug)]
pub struct CountedEntry {
    pub id: Uuid,
    pub path: String,
    pub day: Day,
    pub day_to: Option<Day>,
    pub quantities: Vec<Quantity>,
    pub themes: Vec<i64>,
    pub campaigns: Vec<i64>,
}

/// At most `limit` entries that count, in the order of day and id, after the given one; of one batch where one is given.
pub async fn batch(
    conn: &mut Conn,
    batch_id: Option<Uuid>,
    after: Option<(Day, Uuid)>,
    limit: i64,
) -> Result<Vec<CountedEntry>> {
    let rows: Vec<(Uuid, String, Day, Option<Day>)> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select activity.id, unit.path, day, day_to from activity join unit on unit.id = unit_id \
             where status <> 'withdrawn'",
        );
        if let Some(batch_id) = batch_id {
            query.push(" and batch_id = ").push_bind(batch_id);
        }
        if let Some((day, id)) = after {
            query.push(" and (day > ").push_bind(day).push(" or (day = ").push_bind(day);
            query.push(" and activity.id > ").push_bind(id).push("))");
        }
        query.push(" order by day, activity.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.0).collect();
    macro_rules! parts {
        ($sql:literal) => {
            run!(&mut *conn, c => {
                let mut query = QueryBuilder::new($sql);
                let mut list = query.separated(", ");
                for id in &ids {
                    list.push_bind(*id);
                }
                query.push(")");
                query.build_query_as().fetch_all(c).await
            })?
        };
    }
    let quantities: Vec<(Uuid, i64, String, i64)> =
        parts!("select activity_id, measure_id, precision, value from quantity where activity_id in (");
    let themes: Vec<(Uuid, i64)> = parts!("select activity_id, theme_id from activity_theme where activity_id in (");
    let campaigns: Vec<(Uuid, i64)> =
        parts!("select activity_id, campaign_id from activity_campaign where activity_id in (");
    let mut entries: BTreeMap<Uuid, CountedEntry> = rows
        .iter()
        .map(|(id, path, day, day_to)| {
            let entry = CountedEntry {
                id: *id,
                path: path.clone(),
                day: *day,
                day_to: *day_to,
                quantities: Vec::new(),
                themes: Vec::new(),
                campaigns: Vec::new(),
            };
            (*id, entry)
        })
        .collect();
    for (id, measure_id, precision, value) in quantities {
        if let (Some(entry), Some(precision)) = (entries.get_mut(&id), Precision::from_key(&precision)) {
            entry.quantities.push(Quantity { measure_id, precision, value });
        }
    }
    for (id, theme) in themes {
        if let Some(entry) = entries.get_mut(&id) {
            entry.themes.push(theme);
        }
    }
    for (id, campaign) in campaigns {
        if let Some(entry) = entries.get_mut(&id) {
            entry.campaigns.push(campaign);
        }
    }
    Ok(rows.iter().filter_map(|row| entries.remove(&row.0)).collect())
}

#[derive(FromRow)]
struct Row {
    unit_id: i64,
    slice: i64,
    period: i64,
    slice_id: i64,
    measure_id: i64,
    exact: i64,
    at_least: i64,
    estimate: i64,
    activities: i64,
    own_exact: i64,
    own_at_least: i64,
    own_estimate: i64,
    own_activities: i64,
}

/// Every row of the rollup that is not zero.
pub async fn stored(conn: &mut Conn) -> Result<Rows> {
    let rows: Vec<Row> = run!(conn, c => sqlx::query_as("select * from rollup").fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let key = Key {
                unit_id: row.unit_id,
                slice: row.slice,
                period: row.period,
                slice_id: row.slice_id,
                measure_id: row.measure_id,
            };
            let tree =
                Total { exact: row.exact, at_least: row.at_least, estimate: row.estimate, activities: row.activities };
            let own = Total {
                exact: row.own_exact,
                at_least: row.own_at_least,
                estimate: row.own_estimate,
                activities: row.own_activities,
            };
            (key, Sums { tree, own })
        })
        .filter(|(_, sums)| *sums != Sums::default())
        .collect())
}

/// Empties the rollup, before it is written anew.
pub async fn clear(conn: &mut Conn) -> Result<()> {
    execute!(conn, sqlx::query("delete from rollup"))?;
    Ok(())
}
