//! Plans, indicators and targets in the database.

use crate::{
    domain::{
        indicator::{BUILT_IN, Indicator, Kind},
        period::{Day, Each, Period},
        target::{Plan, Target},
        unit::{Unit, UnitKind, path_end},
    },
    error::{Error, Result},
    execute, run,
    server::db::{Conn, Db},
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

/// The built-in plans: key, names, first and last day. Source: 八五普法 2021–2025; 九五普法 2026–2030, published
/// 2026-07-27, with no numeric national targets.
const PLANS: &[(&str, &str, &str, (i32, i32))] = &[
    ("plan-8", "八五普法规划", "Eighth Five-Year Plan for legal publicity", (2021, 2025)),
    ("plan-9", "九五普法规划", "Ninth Five-Year Plan for legal publicity", (2026, 2030)),
];

/// Puts in the built-in plans and indicators that are missing. What is there, edited or retired, stays as it is; the
/// measures have to be there.
pub async fn seed(db: &Db) -> Result<()> {
    let mut conn = db.write().await?;
    for (key, name, name_en, (from, to)) in PLANS {
        execute!(
            &mut conn,
            sqlx::query(
                "insert into plan (key, name, name_en, from_day, to_day) values ($1, $2, $3, $4, $5) \
                 on conflict do nothing"
            )
            .bind(*key)
            .bind(*name)
            .bind(*name_en)
            .bind(Period::year(*from).from)
            .bind(Period::year(*to).to)
        )?;
    }
    let measures: Vec<(String, i64)> = run!(&mut conn, c => {
        sqlx::query_as("select key, id from measure where unit_id is null").fetch_all(c).await
    })?;
    let id_of = |key: Option<&str>| match key {
        None => Ok(None),
        Some(key) => match measures.iter().find(|(own, _)| own == key) {
            Some((_, id)) => Ok(Some(*id)),
            None => Err(Error::internal(format!("the built-in measure {key} is missing"))),
        },
    };
    for (position, one) in BUILT_IN.iter().enumerate() {
        execute!(
            &mut conn,
            sqlx::query(
                "insert into indicator (key, name, name_en, kind, measure_id, also_measure_id, unit_kind, each, \
                 at_least, position) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing"
            )
            .bind(one.key)
            .bind(one.name)
            .bind(one.name_en)
            .bind(one.kind.key())
            .bind(id_of(one.measure)?)
            .bind(id_of(one.also_measure)?)
            .bind(one.unit_kind.map(UnitKind::key))
            .bind(one.each.key())
            .bind(one.at_least)
            .bind(position as i64)
        )?;
    }
    conn.commit().await
}

#[derive(FromRow)]
struct PlanRow {
    id: i64,
    key: String,
    unit_id: Option<i64>,
    name: String,
    name_en: Option<String>,
    from_day: Day,
    to_day: Day,
}

impl From<PlanRow> for Plan {
    fn from(row: PlanRow) -> Plan {
        let PlanRow { id, key, unit_id, name, name_en, from_day, to_day } = row;
        Plan { id, key, unit_id, name, name_en, period: Period { from: from_day, to: to_day } }
    }
}

#[derive(FromRow)]
struct IndicatorRow {
    id: i64,
    key: String,
    unit_id: Option<i64>,
    name: String,
    name_en: Option<String>,
    #[sqlx(try_from = "String")]
    kind: Kind,
    measure_id: Option<i64>,
    also_measure_id: Option<i64>,
    theme_id: Option<i64>,
    unit_kind: Option<String>,
    #[sqlx(try_from = "String")]
    each: Each,
    at_least: Option<i64>,
    numerator_id: Option<i64>,
    denominator_id: Option<i64>,
    position: i64,
    retired_at: Option<DateTime<Utc>>,
}

impl From<IndicatorRow> for Indicator {
    fn from(row: IndicatorRow) -> Indicator {
        Indicator {
            id: row.id,
            key: row.key,
            unit_id: row.unit_id,
            name: row.name,
            name_en: row.name_en,
            kind: row.kind,
            measure_id: row.measure_id,
            also_measure_id: row.also_measure_id,
            theme_id: row.theme_id,
            unit_kind: row.unit_kind.as_deref().and_then(UnitKind::from_key),
            each: row.each,
            at_least: row.at_least,
            numerator_id: row.numerator_id,
            denominator_id: row.denominator_id,
            position: row.position,
            retired: row.retired_at.is_some(),
        }
    }
}

#[derive(FromRow)]
struct TargetRow {
    id: i64,
    plan_id: i64,
    indicator_id: i64,
    unit_id: i64,
    year: Option<i64>,
    value: f64,
    basis: String,
}

impl From<TargetRow> for Target {
    fn from(row: TargetRow) -> Target {
        let TargetRow { id, plan_id, indicator_id, unit_id, year, value, basis } = row;
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

/// Adds "built in, or owned by the unit or one above it" and, with `below`, "or by one below it".
macro_rules! push_seen_by {
    ($query:expr, $unit:expr, $below:expr) => {{
        $query.push("(unit_id is null");
        for id in $unit.ancestry() {
            $query.push(" or unit_id = ").push_bind(id);
        }
        if $below {
            $query.push(" or unit_id in (select id from unit where path >= ").push_bind($unit.path.clone());
            $query.push(" and path < ").push_bind(path_end(&$unit.path)).push(")");
        }
        $query.push(")");
    }};
}

/// The plans that hold at a unit: built-in ones and those of the unit and of the units above it; with `below` also
/// those of units below. The latest first.
pub async fn plans(conn: &mut Conn, unit: &Unit, below: bool) -> Result<Vec<Plan>> {
    let rows: Vec<PlanRow> = run!(conn, c => {
        let mut query = QueryBuilder::new("select id, key, unit_id, name, name_en, from_day, to_day from plan where ");
        push_seen_by!(query, unit, below);
        query.push(" order by from_day desc, id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Plan::from).collect())
}

/// Adds a plan; its id.
pub async fn add_plan(conn: &mut Conn, plan: &Plan) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into plan (key, unit_id, name, name_en, from_day, to_day) values ($1, $2, $3, $4, $5, $6) returning id",
    )
    .bind(&plan.key).bind(plan.unit_id).bind(&plan.name).bind(&plan.name_en)
    .bind(plan.period.from).bind(plan.period.to)
    .fetch_one(c).await)?)
}

/// The indicators that hold at a unit, retired ones included, as [`plans`]; in the order in which people read them.
pub async fn indicators(conn: &mut Conn, unit: &Unit, below: bool) -> Result<Vec<Indicator>> {
    let rows: Vec<IndicatorRow> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select id, key, unit_id, name, name_en, kind, measure_id, also_measure_id, theme_id, unit_kind, each, \
             at_least, numerator_id, denominator_id, position, retired_at from indicator where ",
        );
        push_seen_by!(query, unit, below);
        query.push(" order by position, id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Indicator::from).collect())
}

/// Adds an indicator behind the others; its id. The `id`, `position` and `retired` given are not looked at.
pub async fn add_indicator(conn: &mut Conn, indicator: &Indicator) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into indicator (key, unit_id, name, name_en, kind, measure_id, also_measure_id, theme_id, unit_kind, \
         each, at_least, numerator_id, denominator_id, position) \
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, coalesce(max(position), 0) + 1 from indicator \
         returning id",
    )
    .bind(&indicator.key).bind(indicator.unit_id).bind(&indicator.name).bind(&indicator.name_en)
    .bind(indicator.kind.key()).bind(indicator.measure_id).bind(indicator.also_measure_id).bind(indicator.theme_id)
    .bind(indicator.unit_kind.map(UnitKind::key)).bind(indicator.each.key()).bind(indicator.at_least)
    .bind(indicator.numerator_id).bind(indicator.denominator_id)
    .fetch_one(c).await)?)
}

/// Retires an indicator, or takes it up again with `None`: its targets stay and are not asked about meanwhile.
pub async fn retire_indicator(conn: &mut Conn, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update indicator set retired_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

/// The targets that hold at a unit: its own and those of the units above it; with `below` also those of units below.
pub async fn targets(conn: &mut Conn, unit: &Unit, plan_id: Option<i64>, below: bool) -> Result<Vec<Target>> {
    let rows: Vec<TargetRow> = run!(conn, c => {
        let mut query = QueryBuilder::new("select id, plan_id, indicator_id, unit_id, year, value, basis from target where ");
        push_seen_by!(query, unit, below);
        if let Some(id) = plan_id {
            query.push(" and plan_id = ").push_bind(id);
        }
        query.push(" order by indicator_id, year, unit_id, id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Target::from).collect())
}

/// The targets of a plan that hold at a unit, each with its indicator, as [`indicators`] and [`targets`] find them; none
/// of retired indicators.
pub async fn asked(conn: &mut Conn, unit: &Unit, plan_id: i64) -> Result<Vec<(Indicator, Target)>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        indicator: IndicatorRow,
        target_id: i64,
        target_unit_id: i64,
        year: Option<i64>,
        value: f64,
        basis: String,
    }
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select indicator.id, key, indicator.unit_id, name, name_en, kind, measure_id, also_measure_id, theme_id, \
             unit_kind, each, at_least, numerator_id, denominator_id, position, retired_at, target.id as target_id, \
             target.unit_id as target_unit_id, target.year, target.value, target.basis \
             from target join indicator on indicator.id = target.indicator_id \
             where retired_at is null and plan_id = ",
        );
        query.push_bind(plan_id).push(" and target.unit_id in (-1");
        for id in unit.ancestry() {
            query.push(", ").push_bind(id);
        }
        query.push(") and (indicator.unit_id is null or indicator.unit_id in (-1");
        for id in unit.ancestry() {
            query.push(", ").push_bind(id);
        }
        query.push(")) order by position, indicator.id, year, target.unit_id, target.id");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let indicator = Indicator::from(row.indicator);
            let target = Target {
                id: row.target_id,
                plan_id,
                indicator_id: indicator.id,
                unit_id: row.target_unit_id,
                year: row.year.and_then(|year| i32::try_from(year).ok()),
                value: row.value,
                basis: row.basis,
            };
            (indicator, target)
        })
        .collect())
}

/// The target with this id, wherever it is.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn target(conn: &mut Conn, id: i64) -> Result<Target> {
    let row: Option<TargetRow> = run!(conn, c => sqlx::query_as(
        "select id, plan_id, indicator_id, unit_id, year, value, basis from target where id = $1",
    ).bind(id).fetch_optional(c).await)?;
    row.map(Target::from).ok_or(Error::NotFound)
}

/// Sets a target: what the same unit asked before for the same plan, indicator and year is replaced. The `id` given is
/// not looked at; the one that holds is answered.
pub async fn put_target(conn: &mut Conn, target: &Target) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into target (plan_id, indicator_id, unit_id, year, value, basis) values ($1, $2, $3, $4, $5, $6) \
         on conflict (plan_id, indicator_id, unit_id, coalesce(year, 0)) \
         do update set value = excluded.value, basis = excluded.basis returning id",
    )
    .bind(target.plan_id).bind(target.indicator_id).bind(target.unit_id).bind(target.year.map(i64::from))
    .bind(target.value).bind(&target.basis)
    .fetch_one(c).await)?)
}

pub async fn remove_target(conn: &mut Conn, id: i64) -> Result<()> {
    execute!(conn, sqlx::query("delete from target where id = $1").bind(id))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::access::Scope, server::testing, unit};

    #[tokio::test]
    async fn the_built_in_plans_and_indicators_are_there_once_and_edits_stay() {
        testing::each_engine(|db| async move {
            let world = testing::World::new(db).await;
            seed(&world.db).await.expect("a first seed");
            let mut conn = world.db.write().await.expect("a transaction");
            execute!(&mut conn, sqlx::query("update indicator set name = '横幅' where key = 'banners'"))
                .expect("an edit");
            conn.commit().await.expect("an edit is stored");
            seed(&world.db).await.expect("a second seed");
            let mut conn = world.db.read().await.expect("a transaction");
            let town = unit::store::by_code(&mut conn, &Scope::everything(), "500999001").await.expect("the town");
            let plans = plans(&mut conn, &town, true).await.expect("plans");
            assert_eq!(plans.iter().map(|plan| plan.key.as_str()).collect::<Vec<_>>(), ["plan-9", "plan-8"]);
            let found = indicators(&mut conn, &town, true).await.expect("indicators");
            assert_eq!(found.len(), BUILT_IN.len());
            assert!(found.iter().any(|one| one.key == "banners" && one.name == "横幅"));
            let broadcasts = found.iter().find(|one| one.key == "broadcasts").expect("it is built in");
            assert!(broadcasts.also_measure_id.is_some() && broadcasts.also_measure_id != broadcasts.measure_id);
        })
        .await;
    }

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
            assert_ne!(put_target(&mut conn, &one).await.expect("another target"), first);
            let found = targets(&mut conn, &village, Some(plan.id), false).await.expect("targets");
            assert_eq!(found.iter().map(|target| target.value).collect::<Vec<_>>(), [150.0, 150.0]);
            remove_target(&mut conn, first).await.expect("a removal");
            assert!(matches!(target(&mut conn, first).await, Err(Error::NotFound)));
        })
        .await;
    }
}
