//! Copying a whole SQLite database, consistent while a server writes to it; and putting a copy in its place.

use crate::error::{Error, Result};
use crate::server::db::Db;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

/// The file behind `sqlite:FILE`.
///
/// # Errors
/// An address that cannot be read, or a database in memory.
pub fn file(url: &str) -> Result<PathBuf> {
    let options = SqliteConnectOptions::from_str(url)?;
    let file = options.get_filename().to_owned();
    if file.as_os_str().is_empty() || url.contains(":memory:") || url.contains("mode=memory") {
        return Err(Error::internal("a database in memory cannot be backed up"));
    }
    Ok(file)
}

/// Copies the database in `from`, as it stands at one instant, into the empty or missing file `to`.
pub async fn copy(from: &Path, to: &Path) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(from).busy_timeout(Duration::from_secs(10));
    let mut conn = options.connect().await?;
    let copied = sqlx::query("vacuum into $1").bind(to.display().to_string()).execute(&mut conn).await;
    conn.close().await?;
    copied?;
    Ok(())
}

/// Whether every page and index of the file is whole, and it is a database of this program: the number of the newest
/// migration it went through. Changes nothing in it.
///
/// # Errors
/// What is wrong with it, in one sentence.
pub async fn verify(file: &Path) -> Result<i64> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut conn = options.connect().await?;
    let whole: Result<String, sqlx::Error> = sqlx::query_scalar("pragma integrity_check(1)").fetch_one(&mut conn).await;
    let version: Result<i64, sqlx::Error> =
        sqlx::query_scalar("select coalesce(max(version), 0) from _sqlx_migrations where success")
            .fetch_one(&mut conn)
            .await;
    conn.close().await?;
    match whole {
        Ok(answer) if answer == "ok" => {}
        Ok(answer) => return Err(Error::internal(format!("the file is damaged: {answer}"))),
        Err(error) => return Err(Error::internal(format!("the file cannot be read as a database: {error}"))),
    }
    version.map_err(|_| Error::internal("the file is no backup of Pufa"))
}

/// Replaces everything in `db` by what stands in `copy`, which has the same tables, in one transaction: a server
/// that runs sees the old data until the new is whole.
pub async fn replace(db: &Db, copy: &Path) -> Result<()> {
    let Db::Sqlite { writer, .. } = db else { return Err(Error::internal("not an SQLite database")) };
    let mut conn = writer.acquire().await?;
    let done = replace_on(&mut conn, copy).await;
    if done.is_err() {
        // The transaction may not have begun; what matters is the first error.
        let _ = sqlx::query("rollback").execute(&mut *conn).await;
    }
    let _ = sqlx::query("detach database backup").execute(&mut *conn).await;
    sqlx::query("pragma foreign_keys = on").execute(&mut *conn).await?;
    done
}

async fn replace_on(conn: &mut SqliteConnection, copy: &Path) -> Result<()> {
    // References are checked once at the end, as the tables come in any order.
    sqlx::query("pragma foreign_keys = off").execute(&mut *conn).await?;
    sqlx::query("attach database $1 as backup").bind(copy.display().to_string()).execute(&mut *conn).await?;
    sqlx::query("begin immediate").execute(&mut *conn).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        "select name from main.sqlite_schema where type = 'table' and name not like 'sqlite_%' \
         and name <> '_sqlx_migrations' order by name",
    )
    .fetch_all(&mut *conn)
    .await?;
    for table in tables {
        let columns: Vec<String> =
            sqlx::query_scalar("select name from pragma_table_info($1)").bind(&table).fetch_all(&mut *conn).await?;
        // The names are those of our own migrations.
        let columns = columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        for statement in [
            format!("delete from main.\"{table}\""),
            format!("insert into main.\"{table}\" ({columns}) select {columns} from backup.\"{table}\""),
        ] {
            sqlx::query(AssertSqlSafe(statement)).execute(&mut *conn).await?;
        }
    }
    let dangling = sqlx::query("pragma main.foreign_key_check").fetch_optional(&mut *conn).await?;
    if dangling.is_some() {
        return Err(Error::internal("the backup contradicts itself: a row points at one that is missing"));
    }
    sqlx::query("commit").execute(&mut *conn).await?;
    Ok(())
}

/// The table in a copy of the database that carries the files of evidence.
const PACK: &str = "create table if not exists backup_file (key text primary key, bytes blob not null) strict";

/// A copy of an SQLite database with the files that it names.
#[derive(Debug)]
pub struct Pack(SqliteConnection);

impl Pack {
    pub async fn open(copy: &Path) -> Result<Pack> {
        Ok(Pack(SqliteConnectOptions::new().filename(copy).connect().await?))
    }

    /// The files that the copy's rows name; none of a copy from before there was evidence.
    pub async fn keys(&mut self) -> Result<Vec<String>> {
        if !self.has("evidence").await? {
            return Ok(Vec::new());
        }
        Ok(sqlx::query_scalar(
            "select full_key from evidence where full_key <> '' union select thumb_key from evidence where thumb_key is not null order by 1",
        )
        .fetch_all(&mut self.0)
        .await?)
    }

    async fn has(&mut self, table: &str) -> Result<bool> {
        let found: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where type = 'table' and name = $1")
            .bind(table)
            .fetch_one(&mut self.0)
            .await?;
        Ok(found > 0)
    }

    /// Begins to put files into it.
    pub async fn begin(&mut self) -> Result<()> {
        sqlx::query(PACK).execute(&mut self.0).await?;
        sqlx::query("begin").execute(&mut self.0).await?;
        Ok(())
    }

    pub async fn put(&mut self, key: &str, bytes: Vec<u8>) -> Result<()> {
        sqlx::query("insert into backup_file (key, bytes) values ($1, $2) on conflict do nothing")
            .bind(key)
            .bind(bytes)
            .execute(&mut self.0)
            .await?;
        Ok(())
    }

    pub async fn commit(&mut self) -> Result<()> {
        sqlx::query("commit").execute(&mut self.0).await?;
        Ok(())
    }

    /// The files that are in it.
    pub async fn packed(&mut self) -> Result<Vec<String>> {
        if !self.has("backup_file").await? {
            return Ok(Vec::new());
        }
        Ok(sqlx::query_scalar("select key from backup_file order by key").fetch_all(&mut self.0).await?)
    }

    pub async fn get(&mut self, key: &str) -> Result<Vec<u8>> {
        let bytes = sqlx::query_scalar("select bytes from backup_file where key = $1");
        Ok(bytes.bind(key).fetch_one(&mut self.0).await?)
    }

    pub async fn close(self) -> Result<()> {
        Ok(self.0.close().await?)
    }
}
