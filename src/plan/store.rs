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
    type_id: Option<i64>,
    interactive: Option<bool>,
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
            type_id: row.type_id,
            interactive: row.interactive,
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

pub(super) use push_seen_by;

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

/// Stores a plan's name and days.
pub async fn update_plan(conn: &mut Conn, plan: &Plan) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update plan set name = $1, from_day = $2, to_day = $3 where id = $4")
            .bind(&plan.name)
            .bind(plan.period.from)
            .bind(plan.period.to)
            .bind(plan.id)
    )?;
    Ok(())
}

/// The indicators that hold at a unit, retired ones included, as [`plans`]; in the order in which people read them.
pub async fn indicators(conn: &mut Conn, unit: &Unit, below: bool) -> Result<Vec<Indicator>> {
    let rows: Vec<IndicatorRow> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select id, key, unit_id, name, name_en, kind, measure_id, also_measure_id, theme_id, type_id, interactive, \
             unit_kind, each, at_least, numerator_id, denominator_id, position, retired_at from indicator where ",
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
         each, at_least, numerator_id, denominator_id, type_id, interactive, position) \
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, coalesce(max(position), 0) + 1 \
         from indicator returning id",
    )
    .bind(&indicator.key).bind(indicator.unit_id).bind(&indicator.name).bind(&indicator.name_en)
    .bind(indicator.kind.key()).bind(indicator.measure_id).bind(indicator.also_measure_id).bind(indicator.theme_id)
    .bind(indicator.unit_kind.map(UnitKind::key)).bind(indicator.each.key()).bind(indicator.at_least)
    .bind(indicator.numerator_id).bind(indicator.denominator_id).bind(indicator.type_id).bind(indicator.interactive)
    .fetch_one(c).await)?)
}

/// Stores what may change of an indicator: all but its key, its owner and its kind.
pub async fn update_indicator(conn: &mut Conn, one: &Indicator) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update indicator set name = $1, name_en = $2, measure_id = $3, also_measure_id = $4, theme_id = $5, \
             unit_kind = $6, each = $7, at_least = $8, numerator_id = $9, denominator_id = $10, type_id = $11, \
             interactive = $12 where id = $13"
        )
        .bind(&one.name)
        .bind(&one.name_en)
        .bind(one.measure_id)
        .bind(one.also_measure_id)
        .bind(one.theme_id)
        .bind(one.unit_kind.map(UnitKind::key))
        .bind(one.each.key())
        .bind(one.at_least)
        .bind(one.numerator_id)
        .bind(one.denominator_id)
        .bind(one.type_id)
        .bind(one.interactive)
        .bind(one.id)
    )?;
    Ok(())
}

/// The targets of a plan that hold at a unit, each with its indicator, as [`indicators`] finds those; none that was ended,
/// and none of retired indicators.
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
             type_id, interactive, unit_kind, each, at_least, numerator_id, denominator_id, position, retired_at, target.id as target_id, \
             target.unit_id as target_unit_id, target.year, target.value, target.basis \
             from target join indicator on indicator.id = target.indicator_id \
             where retired_at is null and ended_at is null and plan_id = ",
        );
        query.push_bind(plan_id).push(" and target.unit_id in (-1");
        for id in unit.ancestry() {
            query.push(", ").push_bind(id);
        }
        query.push(") and (indicator.unit_id is null or indicator.unit_id in (-1");
        for id in unit.ancestry() {
            query.push(", ").push_bind(id);
        }
        query.push(")) order by position, indicator.id, coalesce(year, 0), target.unit_id, target.id");
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

/// Retires an indicator, or takes it up again with `None`: its targets stay and are not asked about meanwhile.
pub async fn retire_indicator(conn: &mut Conn, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update indicator set retired_at = $1 where id = $2").bind(at).bind(id))?;
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
}
