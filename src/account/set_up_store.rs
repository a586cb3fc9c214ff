//! The first units, before there is anybody who could add them on a page.

use crate::{
    domain::unit::{Unit, UnitKind, short_name},
    error::Result,
    execute, run,
    server::db::Conn,
};

/// The number of the lock that lets only one set-up run (PostgreSQL; SQLite has one writer anyway).
const SET_UP_LOCK: i64 = 7_002;

/// Waits for another set-up that runs at the same time.
pub async fn lock(conn: &mut Conn) -> Result<()> {
    conn.lock(SET_UP_LOCK).await
}

/// A new unit below `parent`, or a root.
pub async fn insert_unit(
    conn: &mut Conn,
    parent: Option<&Unit>,
    code: &str,
    kind: UnitKind,
    name: &str,
) -> Result<Unit> {
    // The path holds the id, which is known afterwards: the code stands in for it, and no path looks like a code.
    let id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into unit (code, parent_id, path, kind, name, short_name) values ($1, $2, $1, $3, $4, $5) returning id",
    ).bind(code).bind(parent.map(|unit| unit.id)).bind(kind.key()).bind(name).bind(short_name(name)).fetch_one(c).await)?;
    let path = format!("{}{id}/", parent.map_or("/", |unit| unit.path.as_str()));
    execute!(conn, sqlx::query("update unit set path = $1 where id = $2").bind(&path).bind(id))?;
    Ok(Unit {
        id,
        code: code.into(),
        parent_id: parent.map(|unit| unit.id),
        path,
        kind,
        name: name.into(),
        short_name: short_name(name).into(),
        households: None,
        population: None,
        active_from: None,
        active_to: None,
    })
}
