//! What a statement says of its entries besides their totals.

use crate::{
    domain::{
        period::Period,
        unit::{Unit, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::FromRow;

/// How many of a unit's entries of a period, by the day they begin, are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Counts {
    /// All but withdrawn ones.
    pub entries: i64,
    /// With a count of a measure in which people take part (讲座, 咨询).
    pub interactive: i64,
    /// Entered after their month was over.
    pub late: i64,
    /// Of several campaigns, counted once.
    pub shared: i64,
    /// Changed after they were first entered, with a reason.
    pub corrected: i64,
    /// Pieces of evidence behind the entries; one may stand behind several.
    pub evidence: i64,
    /// They count no longer and stay on record.
    pub withdrawn: i64,
}

/// Counts the entries of a unit and all below it.
pub async fn counts(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Counts> {
    Ok(run!(conn, c => sqlx::query_as(
        "with found as materialized (select activity.id, activity.late, activity.status from activity \
         join unit on unit.id = activity.unit_id where unit.path >= $1 and unit.path < $2 \
         and activity.day >= $3 and activity.day <= $4), \
         standing as materialized (select id, late from found where status <> 'withdrawn') \
         select (select count(*) from standing) as entries, \
         (select count(*) from standing where exists (select 1 from quantity join measure on measure.id = \
         quantity.measure_id where quantity.activity_id = standing.id and measure.interactive)) as interactive, \
         (select count(*) from standing where late) as late, \
         (select count(*) from standing where (select count(*) from activity_campaign \
         where activity_campaign.activity_id = standing.id) > 1) as shared, \
         (select count(*) from standing where exists (select 1 from activity_version \
         where activity_version.activity_id = standing.id)) as corrected, \
         (select count(distinct evidence_link.evidence_id) from evidence_link join standing \
         on standing.id = evidence_link.activity_id where evidence_link.unlinked_at is null) as evidence, \
         (select count(*) from found where status = 'withdrawn') as withdrawn",
    ).bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to).fetch_one(c).await)?)
}
