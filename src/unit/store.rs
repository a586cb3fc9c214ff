//! Units in the database.

use crate::{
    domain::{
        access::Scope,
        period::Day,
        unit::{Unit, UnitKind, path_end},
    },
    error::{Error, Result},
    push_scope, run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder};

const COLUMNS: &str = "unit.id, unit.code, unit.parent_id, unit.path, unit.kind, unit.name, unit.short_name, \
                       unit.households, unit.population, unit.active_from, unit.active_to";

#[derive(FromRow)]
struct Row {
    id: i64,
    code: String,
    parent_id: Option<i64>,
    path: String,
    #[sqlx(try_from = "String")]
    kind: UnitKind,
    name: String,
    short_name: String,
    households: Option<i64>,
    population: Option<i64>,
    active_from: Option<Day>,
    active_to: Option<Day>,
}

impl From<Row> for Unit {
    fn from(row: Row) -> Unit {
        let Row { id, code, parent_id, path, kind, name, short_name, households, population, active_from, active_to } =
            row;
        Unit { id, code, parent_id, path, kind, name, short_name, households, population, active_from, active_to }
    }
}

/// The unit with this code.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it lies outside the scope.
pub async fn by_code(conn: &mut Conn, scope: &Scope, code: &str) -> Result<Unit> {
    let row: Option<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new("select ");
        query.push(COLUMNS).push(" from unit where code = ").push_bind(code.to_owned());
        query.build_query_as().fetch_optional(c).await
    })?;
    row.map(Unit::from).filter(|unit| scope.contains(&unit.path)).ok_or(Error::NotFound)
}

/// The unit with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it lies outside the scope.
pub async fn by_id(conn: &mut Conn, scope: &Scope, id: i64) -> Result<Unit> {
    let row: Option<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new("select ");
        query.push(COLUMNS).push(" from unit where id = ").push_bind(id);
        query.build_query_as().fetch_optional(c).await
    })?;
    row.map(Unit::from).filter(|unit| scope.contains(&unit.path)).ok_or(Error::NotFound)
}

/// Every unit that may be read, parents before their children, siblings by code.
pub async fn all(conn: &mut Conn, scope: &Scope) -> Result<Vec<Unit>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new("select ");
        query.push(COLUMNS).push(" from unit where ");
        push_scope!(query, "path", scope);
        query.push(" order by code");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut units: Vec<Unit> = rows.into_iter().map(Unit::from).collect();
    units.sort_by_key(|unit| unit.path.matches('/').count());
    Ok(units)
}

/// The unit itself and all below it, parents before their children.
pub async fn at_and_below(conn: &mut Conn, unit: &Unit) -> Result<Vec<Unit>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new("select ");
        query.push(COLUMNS).push(" from unit where path >= ").push_bind(unit.path.clone());
        query.push(" and path < ").push_bind(path_end(&unit.path)).push(" order by code");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut units: Vec<Unit> = rows.into_iter().map(Unit::from).collect();
    units.sort_by_key(|unit| unit.path.matches('/').count());
    Ok(units)
}

/// The unit's children, by code.
pub async fn children(conn: &mut Conn, unit: &Unit) -> Result<Vec<Unit>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new("select ");
        query.push(COLUMNS).push(" from unit where parent_id = ").push_bind(unit.id).push(" order by code");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Unit::from).collect())
}
