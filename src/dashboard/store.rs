//! What the first page reads besides totals.

use crate::{
    domain::{
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

/// An entry of the ledger in one line.
#[derive(Clone, Debug, FromRow)]
pub struct Recent {
    pub id: Uuid,
    pub day: Day,
    pub unit_name: String,
    pub type_name: String,
    pub type_name_en: Option<String>,
    /// Entered after its month was over.
    pub late: bool,
}

/// The last entries at a unit and below within a period, by day, the last first; `alone`: nothing lies below it.
pub async fn recent(conn: &mut Conn, unit: &Unit, alone: bool, period: Period, limit: i64) -> Result<Vec<Recent>> {
    Ok(run!(conn, c => {
        // "cross join" keeps SQLite at walking the days backwards and stopping, instead of sorting a whole year. Of one
        // unit among many these days would be long: it has an index of its own.
        let mut query = QueryBuilder::new(
            "select activity.id, activity.day, unit.short_name as unit_name, activity_type.name as type_name, \
             activity_type.name_en as type_name_en, activity.late \
             from activity cross join unit cross join activity_type \
             where unit.id = activity.unit_id and activity_type.id = activity.type_id and ",
        );
        if alone {
            query.push("activity.unit_id = ").push_bind(unit.id);
        } else {
            query.push("unit.path >= ").push_bind(unit.path.clone());
            query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        }
        query.push(" and activity.day >= ").push_bind(period.from).push(" and activity.day <= ").push_bind(period.to);
        query.push(" and activity.status <> 'withdrawn' order by activity.day desc, activity.id desc limit ");
        query.push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}
