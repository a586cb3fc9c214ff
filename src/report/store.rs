//! What only the report reads: which campaigns a year had and whom entries were for.

use crate::{
    domain::{
        period::{Day, Period},
        unit::{Unit, UnitKind, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::QueryBuilder;
use std::collections::{BTreeMap, BTreeSet};

/// The campaigns of a year that are not cancelled and have begun by `today`: those that the unit or one below it owns,
/// and of all others those in `joined`, in which it did something. A campaign belongs to the year it begins in.
pub async fn campaigns(
    conn: &mut Conn,
    unit: &Unit,
    year: Period,
    today: Day,
    joined: &BTreeSet<i64>,
) -> Result<Vec<i64>> {
    let rows: Vec<i64> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select campaign.id from campaign join unit on unit.id = campaign.unit_id \
             where cancelled_at is null and from_day >= ",
        );
        query.push_bind(year.from).push(" and from_day <= ").push_bind(year.to.min(today));
        query.push(" and ((path >= ").push_bind(unit.path.clone());
        query.push(" and path < ").push_bind(path_end(&unit.path)).push(") or campaign.id in (-1");
        for id in joined {
            query.push(", ").push_bind(*id);
        }
        query.push("))");
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(rows)
}

/// The themes of these campaigns.
pub async fn themes_of(conn: &mut Conn, campaigns: &[i64]) -> Result<BTreeSet<i64>> {
    let rows: Vec<i64> = run!(conn, c => {
        let mut query = QueryBuilder::new("select distinct theme_id from campaign_theme where campaign_id in (-1");
        for id in campaigns {
            query.push(", ").push_bind(*id);
        }
        query.push(")");
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// The units that entries of units above them were for (合计), with their kind.
pub async fn covered(conn: &mut Conn, unit: &Unit, period: Period) -> Result<BTreeMap<i64, UnitKind>> {
    let rows: Vec<(i64, String)> = run!(conn, c => sqlx::query_as(
        "select distinct unit.id, unit.kind from activity_cover \
         join activity on activity.id = activity_cover.activity_id \
         join unit on unit.id = activity_cover.unit_id join unit as owner on owner.id = activity.unit_id \
         where owner.path >= $1 and owner.path < $2 and activity.day >= $3 and activity.day <= $4 \
         and activity.status <> 'withdrawn'",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to)
    .fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(id, kind)| Some((id, UnitKind::from_key(&kind)?))).collect())
}
