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
use sqlx::FromRow;
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

/// The last entries at a unit and below within a period, by day, the last first.
pub async fn recent(conn: &mut Conn, unit: &Unit, period: Period, limit: i64) -> Result<Vec<Recent>> {
    // "cross join" keeps SQLite at walking the days backwards and stopping, instead of sorting a whole year.
    Ok(run!(conn, c => sqlx::query_as(
        "select activity.id, activity.day, unit.short_name as unit_name, activity_type.name as type_name, \
         activity_type.name_en as type_name_en, activity.late \
         from activity cross join unit cross join activity_type \
         where unit.id = activity.unit_id and activity_type.id = activity.type_id \
         and activity.day >= $1 and activity.day <= $2 and unit.path >= $3 and unit.path < $4 \
         and activity.status <> 'withdrawn' order by activity.day desc, activity.id desc limit $5",
    ).bind(period.from).bind(period.to).bind(&unit.path).bind(path_end(&unit.path)).bind(limit).fetch_all(c).await)?)
}
