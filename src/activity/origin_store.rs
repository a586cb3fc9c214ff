//! What stands behind the figure of some entries: evidence, late entries, entries of several campaigns.

use super::filter_store::{Filter, push_filter};
use crate::{domain::unit::Unit, error::Result, run, server::db::Conn};
use sqlx::{FromRow, QueryBuilder};

/// Of a filter's entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Origin {
    pub entries: i64,
    /// Entered after their month was over, and what they count of the measure asked for.
    pub late: i64,
    pub late_value: i64,
    /// With a piece of evidence behind them.
    pub evidenced: i64,
    /// Of several campaigns, and on several themes: each counts once.
    pub campaigns: i64,
    pub themes: i64,
}

/// Reads the entries once.
pub async fn origin(conn: &mut Conn, unit: &Unit, filter: &Filter) -> Result<Origin> {
    let like = conn.like();
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "with found as materialized (select activity.id, activity.late from activity \
             join unit on unit.id = activity.unit_id where ",
        );
        push_filter!(query, unit, filter, like);
        query.push(
            ") select count(*) as entries, \
             cast(coalesce(sum(case when late then 1 else 0 end), 0) as bigint) as late, \
             cast(coalesce(sum(case when late then (select sum(q.value) from quantity q \
             where q.activity_id = found.id and q.measure_id = ",
        );
        query.push_bind(filter.measure_id.unwrap_or(0));
        query.push(
            ") else 0 end), 0) as bigint) as late_value, \
             cast(coalesce(sum(case when exists (select 1 from evidence_link e \
             where e.activity_id = found.id and e.unlinked_at is null) then 1 else 0 end), 0) as bigint) as evidenced, \
             cast(coalesce(sum(case when (select count(*) from activity_campaign k where k.activity_id = found.id) > 1 \
             then 1 else 0 end), 0) as bigint) as campaigns, \
             cast(coalesce(sum(case when (select count(*) from activity_theme t where t.activity_id = found.id) > 1 \
             then 1 else 0 end), 0) as bigint) as themes from found",
        );
        query.build_query_as().fetch_one(c).await
    })?)
}
