//! Units in the database.

use crate::{
    domain::{
        access::Scope,
        period::Day,
        unit::{ChangeKind, Class, Unit, UnitKind, path_end},
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

/// Parents before their children, villages before schools and departments; the sort is stable, so the rest is by code.
fn place(unit: &Unit) -> (usize, bool) {
    (unit.path.matches('/').count(), matches!(unit.kind, UnitKind::School | UnitKind::Department))
}

/// Every unit that may be read, parents before their children, siblings by code with schools after villages.
pub async fn all(conn: &mut Conn, scope: &Scope) -> Result<Vec<Unit>> {
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new("select ");
        query.push(COLUMNS).push(" from unit where ");
        push_scope!(query, "path", scope);
        query.push(" order by code");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut units: Vec<Unit> = rows.into_iter().map(Unit::from).collect();
    units.sort_by_key(place);
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
    units.sort_by_key(place);
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

/// A unit with the codes that its ids stand for, wherever these lie.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub unit: Unit,
    pub parent: Option<String>,
    pub merged_into: Option<String>,
}

/// The units of the scope at and below `under`, by code, from behind the code `after`; of one kind where one is given.
pub async fn page(
    conn: &mut Conn,
    scope: &Scope,
    under: &str,
    kind: Option<UnitKind>,
    after: &str,
    limit: i64,
) -> Result<Vec<Listed>> {
    #[derive(FromRow)]
    struct Joined {
        #[sqlx(flatten)]
        unit: Row,
        parent_code: Option<String>,
        merged_code: Option<String>,
    }
    let rows: Vec<Joined> = run!(conn, c => {
        let mut query = QueryBuilder::new("select ");
        query.push(COLUMNS).push(
            ", parent.code as parent_code, merged.code as merged_code from unit \
             left join unit parent on parent.id = unit.parent_id \
             left join unit merged on merged.id = unit.merged_into_id where ",
        );
        push_scope!(query, "unit.path", scope);
        query.push(" and unit.path >= ").push_bind(under.to_owned());
        query.push(" and unit.path < ").push_bind(path_end(under));
        query.push(" and unit.code > ").push_bind(after.to_owned());
        if let Some(kind) = kind {
            query.push(" and unit.kind = ").push_bind(kind.key());
        }
        query.push(" order by unit.code limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    let listed = |row: Joined| Listed { unit: row.unit.into(), parent: row.parent_code, merged_into: row.merged_code };
    Ok(rows.into_iter().map(listed).collect())
}

/// The unit's classes, closed ones included, by name.
pub async fn classes(conn: &mut Conn, unit_id: i64) -> Result<Vec<Class>> {
    let rows: Vec<ClassRow> = run!(conn, c => sqlx::query_as(
        "select id, unit_id, name, pupils, active_from, active_to from class where unit_id = $1 order by name",
    ).bind(unit_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Class::from).collect())
}

/// The classes of all schools at and below a path, closed ones included, by name.
pub async fn classes_below(conn: &mut Conn, path: &str) -> Result<Vec<Class>> {
    let rows: Vec<ClassRow> = run!(conn, c => sqlx::query_as(
        "select class.id, class.unit_id, class.name, class.pupils, class.active_from, class.active_to from class \
         join unit on unit.id = class.unit_id where path >= $1 and path < $2 order by class.name",
    ).bind(path).bind(path_end(path)).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Class::from).collect())
}

#[derive(FromRow)]
struct ClassRow {
    id: i64,
    unit_id: i64,
    name: String,
    pupils: i64,
    active_from: Option<Day>,
    active_to: Option<Day>,
}

impl From<ClassRow> for Class {
    fn from(ClassRow { id, unit_id, name, pupils, active_from, active_to }: ClassRow) -> Class {
        Class { id, unit_id, name, pupils, active_from, active_to }
    }
}

/// Something that happened to a unit.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Change {
    pub day: Day,
    #[sqlx(try_from = "String")]
    pub what: ChangeKind,
    /// The former name, or the other unit's code.
    #[sqlx(json)]
    pub detail: String,
}

/// What happened to a unit, the latest first.
pub async fn changes(conn: &mut Conn, unit_id: i64) -> Result<Vec<Change>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select day, what, detail from unit_change where unit_id = $1 order by day desc, id desc",
    ).bind(unit_id).fetch_all(c).await)?)
}
