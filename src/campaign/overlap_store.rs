//! Activities that belong to several campaigns: each campaign shows them, the totals count them once.

use super::store::push_below;
use crate::{
    domain::{access::Scope, period::Day, unit::path_end},
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

/// An activity that counts for a campaign and for others too.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Shared {
    pub id: Uuid,
    pub day: Day,
    pub unit_name: String,
    pub type_name: String,
    pub type_name_en: Option<String>,
}

const SHARED: &str = " from activity_campaign join activity on activity.id = activity_campaign.activity_id \
     join unit on unit.id = activity.unit_id join activity_type on activity_type.id = activity.type_id \
     where activity.status <> 'withdrawn' and exists (select 1 from activity_campaign as other \
     where other.activity_id = activity.id and other.campaign_id <> activity_campaign.campaign_id) \
     and activity_campaign.campaign_id = ";

/// How many activities of a campaign, not withdrawn, belong to other campaigns too.
pub async fn count(conn: &mut Conn, scope: &Scope, campaign_id: i64) -> Result<i64> {
    let count = run!(conn, c => {
        let mut query = QueryBuilder::new("select count(*)");
        query.push(SHARED).push_bind(campaign_id).push(" and ");
        push_below!(query, "unit.path", scope.paths());
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(count)
}

/// The latest of them.
pub async fn latest(conn: &mut Conn, scope: &Scope, campaign_id: i64, limit: i64) -> Result<Vec<Shared>> {
    let latest = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select activity.id, activity.day, unit.short_name as unit_name, activity_type.name as type_name, \
             activity_type.name_en as type_name_en",
        );
        query.push(SHARED).push_bind(campaign_id).push(" and ");
        push_below!(query, "unit.path", scope.paths());
        query.push(" order by activity.day desc, activity.id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(latest)
}
