//! What rosters come to as of a day, as SQL: one rule for the goals, the pages and the check.

use crate::{
    domain::{
        period::Day,
        roster::Kind,
        unit::{Unit, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::QueryBuilder;
use std::collections::BTreeMap;

/// Adds: the entry is in force on the day. Its first day has come, its last one is not over, nobody left.
macro_rules! push_in_force {
    ($query:expr, $day:expr) => {
        $query.push("(entry.withdrawn_at is null and entry.from_day <= ").push_bind($day);
        $query.push(" and (entry.to_day is null or entry.to_day >= ").push_bind($day);
        $query.push(") and (entry.left_day is null or entry.left_day > ").push_bind($day).push("))");
    };
}
pub(crate) use push_in_force;

/// Adds a select of (measure, unit, count, true): of each unit at and below `root` that keeps a roster on the day, how many
/// entries are in force. A unit keeps one from its first entry's day on, also when all have ended since.
macro_rules! push_counted {
    ($query:expr, $root:expr, $day:expr) => {
        $query.push("select measure.id, entry.unit_id, cast(sum(case when ");
        $crate::roster::stock_store::push_in_force!($query, $day);
        $query.push(
            " then 1 else 0 end) as bigint), 1 = 1 from roster_entry entry join unit on unit.id = entry.unit_id \
             join measure on measure.key = entry.kind and measure.unit_id is null where unit.path >= ",
        );
        $query.push_bind($root.path.clone()).push(" and unit.path < ");
        $query.push_bind($crate::domain::unit::path_end(&$root.path)).push(" and entry.from_day <= ").push_bind($day);
        $query.push(" and entry.withdrawn_at is null group by measure.id, entry.unit_id");
    };
}
pub(crate) use push_counted;

/// How many entries of each kind are in force on a day at each unit at and below `root` that keeps a roster then.
pub async fn counts(conn: &mut Conn, root: &Unit, day: Day) -> Result<BTreeMap<(Kind, i64), i64>> {
    let rows: Vec<(String, i64, i64)> = run!(conn, c => {
        let mut query = QueryBuilder::new("select entry.kind, entry.unit_id, cast(sum(case when ");
        push_in_force!(query, day);
        query.push(
            " then 1 else 0 end) as bigint) from roster_entry entry join unit on unit.id = entry.unit_id \
             where unit.path >= ",
        );
        query.push_bind(root.path.clone()).push(" and unit.path < ").push_bind(path_end(&root.path));
        query.push(" and entry.from_day <= ").push_bind(day);
        query.push(" and entry.withdrawn_at is null group by entry.kind, entry.unit_id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().filter_map(|(kind, unit, count)| Some(((Kind::from_key(&kind)?, unit), count))).collect())
}

/// Since when the roster of each unit at and below `root` is what counts, for those that keep it on the day.
pub async fn begins(conn: &mut Conn, root: &Unit, kind: Kind, day: Day) -> Result<BTreeMap<i64, Day>> {
    let rows: Vec<(i64, Day)> = run!(conn, c => sqlx::query_as(
        "select entry.unit_id, min(entry.from_day) from roster_entry entry join unit on unit.id = entry.unit_id \
         where unit.path >= $1 and unit.path < $2 and entry.kind = $3 and entry.from_day <= $4 \
         and entry.withdrawn_at is null group by entry.unit_id",
    ).bind(&root.path).bind(path_end(&root.path)).bind(kind.key()).bind(day).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}
