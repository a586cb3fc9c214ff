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

/// Entries at a unit and below within a period whose figures were asked about without an answer, the last first.
pub async fn asked(conn: &mut Conn, unit: &Unit, period: Period, limit: i64) -> Result<Vec<Recent>> {
    // Few wait for an answer: the walk begins with them, by an index that holds no others.
    Ok(run!(conn, c => sqlx::query_as(
        "select activity.id, activity.day, unit.short_name as unit_name, activity_type.name as type_name, \
         activity_type.name_en as type_name_en, activity.late \
         from (select distinct activity_id from activity_question where answer = '') as asked \
         cross join activity cross join unit cross join activity_type \
         where activity.id = asked.activity_id and unit.id = activity.unit_id and activity_type.id = activity.type_id \
         and activity.day >= $1 and activity.day <= $2 and unit.path >= $3 and unit.path < $4 \
         and activity.status <> 'withdrawn' order by activity.day desc, activity.id desc limit $5",
    ).bind(period.from).bind(period.to).bind(&unit.path).bind(path_end(&unit.path)).bind(limit).fetch_all(c).await)?)
}

/// How many entries at a unit and below within a period were entered after their month was over, and how many of any
/// period wait for a look; these are counted no further than to `most`.
pub async fn late_and_waiting(conn: &mut Conn, unit: &Unit, period: Period, most: i64) -> Result<(i64, i64)> {
    // What waits has an index that holds no others.
    Ok(run!(conn, c => sqlx::query_as(
        "select (select count(*) from activity cross join unit where unit.id = activity.unit_id and activity.late \
         and activity.day >= $1 and activity.day <= $2 and unit.path >= $3 and unit.path < $4 \
         and activity.status <> 'withdrawn'), \
         (select count(*) from (select 1 as one from unit cross join activity where activity.unit_id = unit.id \
         and activity.status = 'submitted' and unit.path >= $3 and unit.path < $4 limit $5) as few)",
    ).bind(period.from).bind(period.to).bind(&unit.path).bind(path_end(&unit.path)).bind(most).fetch_one(c).await)?)
}
