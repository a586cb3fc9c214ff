//! What of an indicator's yearly figures was entered late.

use crate::{
    domain::{
        period::Period,
        unit::{Unit, path_end},
    },
    error::Result,
    figure::{Filter, store::push_narrowed},
    run,
    server::db::Conn,
};
use sqlx::QueryBuilder;
use std::collections::BTreeMap;

/// By year, what was entered late of these measures at and below a unit; of measure 0 the activities.
pub async fn late(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    measures: &[i64],
    filter: &Filter,
) -> Result<BTreeMap<i32, i64>> {
    let rows: Vec<(String, i64, i64)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select substr(cast(activity.day as text), 1, 4), cast(sum(quantity.value) as bigint), \
             count(distinct activity.id) from activity join unit on unit.id = activity.unit_id \
             join quantity on quantity.activity_id = activity.id \
             where activity.late and activity.status <> 'withdrawn' and unit.path >= ",
        );
        query.push_bind(unit.path.clone()).push(" and unit.path < ").push_bind(path_end(&unit.path));
        query.push(" and activity.day >= ").push_bind(period.from).push(" and activity.day <= ").push_bind(period.to);
        if !measures.contains(&0) {
            query.push(" and quantity.measure_id in (-1");
            for id in measures {
                query.push(", ").push_bind(*id);
            }
            query.push(")");
        }
        match filter.theme {
            Some(0) => {
                query.push(" and not exists (select 1 from activity_theme where activity_id = activity.id)");
            }
            Some(theme) => {
                query.push(" and exists (select 1 from activity_theme where activity_id = activity.id and theme_id = ");
                query.push_bind(theme).push(")");
            }
            None => {}
        }
        push_narrowed!(query, filter);
        query.push(" group by substr(cast(activity.day as text), 1, 4)");
        query.build_query_as().fetch_all(c).await
    })?;
    let is_count = measures.contains(&0);
    let row =
        |(year, value, count): (String, i64, i64)| Some((year.parse().ok()?, if is_count { count } else { value }));
    Ok(rows.into_iter().filter_map(row).collect())
}
