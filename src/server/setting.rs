//! What is true of the whole installation.

use super::db::{Conn, Db};
use crate::{error::Result, execute, run};

/// The key of the row that a demo's database has.
const DEMO: &str = "demo";

/// Whether the data are the demo's: real villages, invented days. Every page says so.
pub async fn is_demo(db: &Db) -> Result<bool> {
    let mut conn = db.read().await?;
    let found: Option<String> = run!(&mut conn, c => {
        sqlx::query_scalar("select value from setting where key = $1").bind(DEMO).fetch_optional(c).await
    })?;
    Ok(found.is_some())
}

/// What is set under a key.
pub async fn get(conn: &mut Conn, key: &str) -> Result<Option<String>> {
    Ok(
        run!(conn, c => sqlx::query_scalar("select value from setting where key = $1").bind(key).fetch_optional(c).await)?,
    )
}

/// Sets a key to a value.
pub async fn set(conn: &mut Conn, key: &str, value: &str) -> Result<()> {
    execute!(
        conn,
        sqlx::query("insert into setting (key, value) values ($1, $2) on conflict (key) do update set value = $2")
            .bind(key)
            .bind(value)
    )?;
    Ok(())
}

/// Says that the data are the demo's.
pub async fn mark_demo(conn: &mut Conn) -> Result<()> {
    execute!(conn, sqlx::query("insert into setting (key, value) values ($1, '1')").bind(DEMO))?;
    Ok(())
}
