//! What a draft is held against: the campaigns, events and classes it names.

use crate::{
    domain::{
        access::Scope,
        unit::{Unit, path_end},
    },
    error::Result,
    push_scope, run,
    server::db::Conn,
};
use sqlx::QueryBuilder;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Key and id of those of the named campaigns that concern the unit (owned by it, above or below it, or going to it),
/// or lie in the author's scope.
pub async fn campaign_ids(conn: &mut Conn, scope: &Scope, unit: &Unit, keys: &[String]) -> Result<Vec<(String, i64)>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select key, campaign.id from campaign join unit on unit.id = campaign.unit_id where (",
        );
        push_scope!(query, "unit.path", scope);
        for id in unit.ancestry() {
            query.push(" or campaign.unit_id = ").push_bind(id);
            query.push(" or exists (select 1 from campaign_unit g where g.campaign_id = campaign.id and g.unit_id = ");
            query.push_bind(id).push(")");
        }
        query.push(") and key in (");
        let mut list = query.separated(", ");
        for key in keys {
            list.push_bind(key.clone());
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The campaign of an event at this very unit; `None` where there is no such event or it was cancelled, or is a draft.
pub async fn event_campaign(conn: &mut Conn, unit_id: i64, event: Uuid) -> Result<Option<i64>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select campaign_id from event where id = $1 and unit_id = $2 and cancelled_at is null \
         and not draft",
    ).bind(event).bind(unit_id).fetch_optional(c).await)?)
}

/// Name and id of the named classes at the unit and below.
pub async fn class_ids(conn: &mut Conn, unit: &Unit, names: &[String]) -> Result<Vec<(String, i64)>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select class.name, class.id from class join unit on unit.id = class.unit_id where unit.path >= ",
        );
        query.push_bind(unit.path.clone()).push(" and unit.path < ").push_bind(path_end(&unit.path));
        query.push(" and class.name in (");
        let mut list = query.separated(", ");
        for name in names {
            list.push_bind(name.clone());
        }
        query.push(") order by unit.path");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Measure, precision and value of each count of an entry, sorted.
pub type Counts = Vec<(i64, String, i64)>;

/// The counts of each of these entries, sorted: to tell the same entry from another of the day, and to add up its visits.
pub async fn counts_of(conn: &mut Conn, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, Counts>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(Uuid, i64, String, i64)> = run!(conn, c => {
        let mut query =
            QueryBuilder::new("select activity_id, measure_id, precision, value from quantity where activity_id in (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id);
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut entries: BTreeMap<Uuid, Counts> = BTreeMap::new();
    for (id, measure_id, precision, value) in rows {
        entries.entry(id).or_default().push((measure_id, precision, value));
    }
    entries.values_mut().for_each(|counts| counts.sort());
    Ok(entries)
}
