//! Targets in the database: those that hold, and those that have been ended and stay.

use super::store::push_seen_by;
use crate::{
    domain::{
        target::Target,
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

#[derive(FromRow)]
struct TargetRow {
    id: i64,
    plan_id: i64,
    indicator_id: i64,
    unit_id: i64,
    year: Option<i64>,
    value: f64,
    basis: String,
    ended_at: Option<DateTime<Utc>>,
}

impl From<TargetRow> for Target {
    fn from(row: TargetRow) -> Target {
        let TargetRow { id, plan_id, indicator_id, unit_id, year, value, basis, ended_at: _ } = row;
        Target {
            id,
            plan_id,
            indicator_id,
            unit_id,
            year: year.and_then(|year| i32::try_from(year).ok()),
            value,
            basis,
        }
    }
}

/// The targets that hold at a unit: its own and those of the units above it; with `below` also those of units below.
pub async fn targets(conn: &mut Conn, unit: &Unit, plan_id: Option<i64>, below: bool) -> Result<Vec<Target>> {
    let rows: Vec<TargetRow> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select id, plan_id, indicator_id, unit_id, year, value, basis, ended_at from target \
             where ended_at is null and ",
        );
        push_seen_by!(query, unit, below);
        if let Some(id) = plan_id {
            query.push(" and plan_id = ").push_bind(id);
        }
        query.push(" order by indicator_id, coalesce(year, 0), unit_id, id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Target::from).collect())
}

/// The targets of a plan that were ended, at the unit, above and below it, with when: the last one first.
pub async fn ended(conn: &mut Conn, unit: &Unit, plan_id: i64) -> Result<Vec<(Target, DateTime<Utc>)>> {
    let rows: Vec<TargetRow> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select id, plan_id, indicator_id, unit_id, year, value, basis, ended_at from target \
             where ended_at is not null and ",
        );
        push_seen_by!(query, unit, true);
        query.push(" and plan_id = ").push_bind(plan_id).push(" order by ended_at desc, id desc");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().filter_map(|row| row.ended_at.map(|at| (Target::from(row), at))).collect())
}

/// The target with this id, wherever it is.
///
/// # Errors
/// [`Error::NotFound`], also for one that was ended.
pub async fn target(conn: &mut Conn, id: i64) -> Result<Target> {
    let row: Option<TargetRow> = run!(conn, c => sqlx::query_as(
        "select id, plan_id, indicator_id, unit_id, year, value, basis, ended_at from target \
         where id = $1 and ended_at is null",
    ).bind(id).fetch_optional(c).await)?;
    row.map(Target::from).ok_or(Error::NotFound)
}

/// Sets a target: what the same unit asked before for the same plan, indicator and year is replaced. The `id` given is
/// not looked at; the one that holds is answered.
pub async fn put_target(conn: &mut Conn, target: &Target) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into target (plan_id, indicator_id, unit_id, year, value, basis) values ($1, $2, $3, $4, $5, $6) \
         on conflict (plan_id, indicator_id, unit_id, coalesce(year, 0)) where ended_at is null \
         do update set value = excluded.value, basis = excluded.basis returning id",
    )
    .bind(target.plan_id).bind(target.indicator_id).bind(target.unit_id).bind(target.year.map(i64::from))
    .bind(target.value).bind(&target.basis)
    .fetch_one(c).await)?)
}

/// Ends a target: it is asked for no more, and stays.
pub async fn end_target(conn: &mut Conn, id: i64, at: DateTime<Utc>) -> Result<()> {
    execute!(conn, sqlx::query("update target set ended_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::access::Scope,
        plan::store::{indicators, plans},
        server::{clock, testing},
        unit,
    };

    #[tokio::test]
    async fn a_target_that_is_set_again_replaces_the_former_and_holds_below() {
        testing::each_engine(|db| async move {
            let world = testing::World::new(db).await;
            let mut conn = world.db.write().await.expect("a transaction");
            let everything = Scope::everything();
            let town = unit::store::by_code(&mut conn, &everything, "500999001").await.expect("the town");
            let village = unit::store::by_code(&mut conn, &everything, "500999001201").await.expect("the village");
            let plan = plans(&mut conn, &town, false).await.expect("plans").remove(0);
            let indicator = indicators(&mut conn, &town, false).await.expect("indicators").remove(1);
            let mut one = Target {
                id: 0,
                plan_id: plan.id,
                indicator_id: indicator.id,
                unit_id: town.id,
                year: None,
                value: 100.0,
                basis: "镇发〔2026〕3号".into(),
            };
            let first = put_target(&mut conn, &one).await.expect("a target");
            one.value = 150.0;
            assert_eq!(put_target(&mut conn, &one).await.expect("the same target"), first);
            one.year = Some(2026);
            let other = put_target(&mut conn, &one).await.expect("another target");
            assert_ne!(other, first);
            let found = targets(&mut conn, &village, Some(plan.id), false).await.expect("targets");
            assert_eq!(found.iter().map(|target| target.value).collect::<Vec<_>>(), [150.0, 150.0]);
            end_target(&mut conn, first, clock::now()).await.expect("an end");
            assert!(matches!(target(&mut conn, first).await, Err(Error::NotFound)));
            assert_eq!(targets(&mut conn, &village, Some(plan.id), false).await.expect("targets").len(), 1);
            one.year = None;
            assert_ne!(put_target(&mut conn, &one).await.expect("a new target"), first, "the ended one stays ended");
            end_target(&mut conn, other, clock::now()).await.expect("an end");
            let kept = ended(&mut conn, &village, plan.id).await.expect("ended targets");
            assert_eq!(kept.into_iter().map(|(target, _)| target.id).collect::<Vec<_>>(), [other, first]);
        })
        .await;
    }
}
