//! How indicators go on from plan to plan, in the database.

use crate::{
    domain::{rollover::Mapping, unit::Unit},
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

#[derive(FromRow)]
struct Row {
    id: i64,
    unit_id: i64,
    former_plan_id: i64,
    plan_id: i64,
    former_indicator_id: Option<i64>,
    indicator_id: Option<i64>,
}

/// What the unit and those above it settled and nobody settled anew since.
pub async fn mappings(conn: &mut Conn, unit: &Unit) -> Result<Vec<Mapping>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select id, unit_id, former_plan_id, plan_id, former_indicator_id, indicator_id from indicator_mapping \
             where ended_at is null and unit_id in (-1",
        );
        for id in unit.ancestry() {
            query.push(", ").push_bind(id);
        }
        query.push(") order by id");
        query.build_query_as().fetch_all(c).await
    })?;
    let mapping = |row: Row| {
        let Row { id, unit_id, former_plan_id, plan_id, former_indicator_id, indicator_id } = row;
        Mapping { id, unit_id, former_plan_id, plan_id, former_indicator_id, indicator_id }
    };
    Ok(rows.into_iter().map(mapping).collect())
}

/// Whose settlement between which plans.
#[derive(Clone, Copy)]
pub struct Between {
    pub unit_id: i64,
    pub former_plan_id: i64,
    pub plan_id: i64,
}

/// Ends what the unit settled between two plans; it stays.
pub async fn end(conn: &mut Conn, between: Between, at: DateTime<Utc>) -> Result<()> {
    let Between { unit_id, former_plan_id, plan_id } = between;
    execute!(
        conn,
        sqlx::query(
            "update indicator_mapping set ended_at = $4 \
             where unit_id = $1 and former_plan_id = $2 and plan_id = $3 and ended_at is null"
        )
        .bind(unit_id)
        .bind(former_plan_id)
        .bind(plan_id)
        .bind(at)
    )?;
    Ok(())
}

/// Settles what becomes of a plan's indicators in the next one; what was settled before is ended first.
pub async fn settle(conn: &mut Conn, settled: &[Mapping], by: i64, at: DateTime<Utc>) -> Result<()> {
    for one in settled {
        execute!(
            &mut *conn,
            sqlx::query(
                "insert into indicator_mapping (unit_id, former_plan_id, plan_id, former_indicator_id, indicator_id, \
                 mapped_by, mapped_at) values ($1, $2, $3, $4, $5, $6, $7)"
            )
            .bind(one.unit_id)
            .bind(one.former_plan_id)
            .bind(one.plan_id)
            .bind(one.former_indicator_id)
            .bind(one.indicator_id)
            .bind(by)
            .bind(at)
        )?;
    }
    Ok(())
}
