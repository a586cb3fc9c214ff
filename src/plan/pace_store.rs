//! What is planned for the days of a target: sessions laid, campaigns and their quantities.

use crate::{
    domain::{
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::FromRow;

/// Sessions of a campaign on one day, a campaign's planned quantity, or a campaign itself.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Planned {
    pub campaign_id: i64,
    pub from_day: Day,
    pub to_day: Day,
    /// [`SESSIONS`], [`CAMPAIGN`], or the measure of a quantity.
    pub measure_id: i64,
    pub amount: i64,
    /// Of sessions: their type, 0 where nobody said.
    pub type_id: i64,
    /// Of sessions: the kind of unit they are held at, and whether that is the unit asked about itself.
    pub unit_kind: String,
    pub is_own: i64,
}

/// The rows of sessions.
pub const SESSIONS: i64 = 0;
/// The rows of campaigns, each counting one.
pub const CAMPAIGN: i64 = -1;

/// What is planned at and below a unit in a period; neither drafts nor what was cancelled.
pub async fn planned(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<Planned>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select event.campaign_id, event.day as from_day, event.day as to_day, cast(0 as bigint) as measure_id, \
         count(*) as amount, coalesce(event.type_id, 0) as type_id, unit.kind as unit_kind, \
         cast(case when unit.id = $3 then 1 else 0 end as bigint) as is_own \
         from event join unit on unit.id = event.unit_id \
         where unit.path >= $1 and unit.path < $2 and event.day >= $4 and event.day <= $5 \
         and event.cancelled_at is null and not event.draft \
         group by event.campaign_id, event.day, coalesce(event.type_id, 0), unit.kind, \
         case when unit.id = $3 then 1 else 0 end \
         union all select campaign.id, campaign.from_day, campaign.to_day, campaign_quantity.measure_id, \
         campaign_quantity.value, cast(0 as bigint), '', cast(0 as bigint) \
         from campaign join unit on unit.id = campaign.unit_id \
         join campaign_quantity on campaign_quantity.campaign_id = campaign.id \
         where unit.path >= $1 and unit.path < $2 and campaign.from_day <= $5 and campaign.to_day >= $4 \
         and campaign.cancelled_at is null \
         union all select campaign.id, campaign.from_day, campaign.from_day, cast(-1 as bigint), cast(1 as bigint), \
         cast(0 as bigint), '', cast(0 as bigint) from campaign join unit on unit.id = campaign.unit_id \
         where unit.path >= $1 and unit.path < $2 and campaign.from_day >= $4 and campaign.from_day <= $5 \
         and campaign.cancelled_at is null",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(unit.id).bind(period.from).bind(period.to)
    .fetch_all(c).await)?)
}
