//! The database: SQLite by default, PostgreSQL by URL. The only file that knows which.
//!
//! A store's function takes `&mut Conn` and runs one text of SQL on either engine through [`run!`]: `$1` placeholders,
//! `returning`, `on conflict` and `cast(sum(x) as bigint)` mean the same on both.

use crate::{
    campaign, catalogue,
    error::{Error, Result},
    key_date, plan,
};
use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr, time::Duration};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The number of the newest migration that this program knows; both engines have the same ones.
pub fn newest_migration() -> i64 {
    SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// The lock under which a key is looked for and taken, so that of two who choose the same the second one is told.
const KEY_LOCK: i64 = 7_003;

/// The lock that whoever writes entries shares, and whoever closes a period holds alone.
const CLOSING_LOCK: i64 = 7_004;

/// Statements that a connection keeps prepared.
const STATEMENT_CACHE: usize = 500;

/// A handle on the database; cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// SQLite takes one writer at a time, so writers queue at a pool of one: nobody spins on a busy file.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// A transaction on either engine: every read sees one state of the database, and what is not committed is undone.
#[derive(Debug)]
pub enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs the same body on either engine: `run!(conn, c => sqlx::query("…").bind(x).execute(c).await)`.
#[macro_export]
macro_rules! run {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::server::db::Conn::Sqlite(transaction) => {
                let $c = &mut **transaction;
                $body
            }
            $crate::server::db::Conn::Postgres(transaction) => {
                let $c = &mut **transaction;
                $body
            }
        }
    };
}

/// Runs a statement that answers nothing, and tells how many rows it touched.
#[macro_export]
macro_rules! execute {
    ($conn:expr, $query:expr) => {
        $crate::run!($conn, c => $query.execute(c).await.map(|done| done.rows_affected()))
    };
}

impl Db {
    /// Opens `sqlite:FILE` (made when missing, also its folder) or `postgres://…` and brings the tables and the
    /// built-in entries up to date.
    ///
    /// # Errors
    /// An unknown scheme, a database that cannot be reached, a migration that fails.
    pub async fn open(url: &str) -> Result<Db> {
        let db = Db::connect(url).await?;
        catalogue::store::seed(&db).await?;
        plan::store::seed(&db).await?;
        key_date::store::seed(&db).await?;
        campaign::countdown::template_store::seed(&db).await?;
        Ok(db)
    }

    /// Connects and migrates.
    async fn connect(url: &str) -> Result<Db> {
        if url.starts_with("sqlite:") {
            Db::open_sqlite(url).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(10));
            let pool = options.connect(url).await.map_err(|error| match error {
                sqlx::Error::PoolTimedOut => Error::internal("database URL: no PostgreSQL server answers there"),
                other => other.into(),
            })?;
            POSTGRES_MIGRATIONS.run(&pool).await.map_err(Error::internal)?;
            Ok(Db::Postgres(pool))
        } else {
            let scheme = url.split(':').next().unwrap_or_default();
            Err(Error::internal(format!("database URL: `{scheme}:` is neither sqlite: nor postgres:")))
        }
    }

    async fn open_sqlite(url: &str) -> Result<Db> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(STATEMENT_CACHE)
            // Rows cross from SQLite's thread; the usual 50 let it wait for the reader in the middle of an answer.
            .row_buffer_size(1_000)
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "memory")
            .optimize_on_close(true, None);
        let file = options.get_filename().to_owned();
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(Error::internal)?;
        }
        make_private(&file).map_err(Error::internal)?;
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        SQLITE_MIGRATIONS.run(&writer).await.map_err(Error::internal)?;
        let readers = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Db::Sqlite { readers, writer })
    }

    /// Begins a transaction that only reads.
    pub async fn read(&self) -> Result<Conn> {
        Ok(match self {
            Db::Sqlite { readers, .. } => Conn::Sqlite(readers.begin().await?),
            Db::Postgres(pool) => {
                Conn::Postgres(pool.begin_with("begin isolation level repeatable read read only").await?)
            }
        })
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once: a transaction that reads first
    /// and then wants to write can be refused.
    pub async fn write(&self) -> Result<Conn> {
        Ok(match self {
            Db::Sqlite { writer, .. } => Conn::Sqlite(writer.begin_with("begin immediate").await?),
            Db::Postgres(pool) => Conn::Postgres(pool.begin().await?),
        })
    }

    pub async fn close(&self) {
        match self {
            Db::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

/// Makes a database's file, where there is none, so that nobody else on the machine reads it: it holds names and the
/// hashes of passwords. What SQLite puts beside it gets the same rights.
fn make_private(file: &std::path::Path) -> std::io::Result<()> {
    if file.as_os_str().is_empty() || file.as_os_str().to_string_lossy().starts_with(':') || file.exists() {
        return Ok(());
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(|_| ())
}

impl Conn {
    /// Makes what was written last.
    pub async fn commit(self) -> Result<()> {
        match self {
            Conn::Sqlite(transaction) => transaction.commit().await?,
            Conn::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }

    /// The operator that finds a pattern whatever its capitals.
    pub fn like(&self) -> &'static str {
        match self {
            Conn::Sqlite(_) => "like",
            Conn::Postgres(_) => "ilike",
        }
    }

    /// Waits until nobody else chooses a key: whoever looks whether one is free calls this before.
    pub async fn lock_keys(&mut self) -> Result<()> {
        self.lock(KEY_LOCK).await
    }

    /// Waits until nobody is closing a period, and lets nobody close one before this transaction ends: whoever writes
    /// entries calls this before they look at what is closed.
    pub async fn hold_closings(&mut self) -> Result<()> {
        if let Conn::Postgres(transaction) = self {
            sqlx::query("select pg_advisory_xact_lock_shared($1)")
                .bind(CLOSING_LOCK)
                .execute(&mut **transaction)
                .await?;
        }
        Ok(())
    }

    /// Waits until all who wrote entries are done, and lets nobody write one before this transaction ends.
    pub async fn lock_closings(&mut self) -> Result<()> {
        self.lock(CLOSING_LOCK).await
    }

    /// Waits until no other transaction holds the lock of this number; freed by commit. SQLite has one writer anyway.
    pub async fn lock(&mut self, number: i64) -> Result<()> {
        if let Conn::Postgres(transaction) = self {
            sqlx::query("select pg_advisory_xact_lock($1)").bind(number).execute(&mut **transaction).await?;
        }
        Ok(())
    }
}

/// Adds `path >= … and path < …`, or'ed over all ranges of a scope, to a query: the rows that may be seen.
#[macro_export]
macro_rules! push_scope {
    ($query:expr, $column:literal, $scope:expr) => {{
        $query.push("(false");
        for (from, end) in $scope.ranges() {
            $query.push(concat!(" or (", $column, " >= ")).push_bind(from.to_owned());
            $query.push(concat!(" and ", $column, " < ")).push_bind(end).push(")");
        }
        $query.push(")");
    }};
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::testing::{postgres, sqlite};
    use std::collections::BTreeSet;

    /// Every table's columns, as "table.column".
    async fn columns(db: &Db) -> BTreeSet<String> {
        let sql = match db {
            Db::Sqlite { .. } => {
                "select t.name, c.name from sqlite_schema t, pragma_table_info(t.name) c \
                 where t.type = 'table' and t.name not like 'sqlite%' and t.name not like '\\_sqlx%' escape '\\'"
            }
            Db::Postgres(_) => {
                "select table_name::text, column_name::text from information_schema.columns \
                 where table_schema = 'public' and table_name not like '\\_sqlx%'"
            }
        };
        let mut conn = db.read().await.expect("a transaction");
        let rows: Vec<(String, String)> =
            run!(&mut conn, c => sqlx::query_as(sql).fetch_all(c).await).expect("the tables");
        rows.into_iter().map(|(table, column)| format!("{table}.{column}")).collect()
    }

    #[tokio::test]
    async fn both_engines_have_the_same_tables_and_columns() {
        let here = columns(&sqlite().await).await;
        assert!(here.contains("activity.day"), "{here:?}");
        if let Some(db) = postgres().await {
            assert_eq!(here, columns(&db).await);
            db.close().await;
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_on_the_machine_reads_a_new_database() {
        use std::os::unix::fs::PermissionsExt;
        let Db::Sqlite { writer, .. } = sqlite().await else { panic!("SQLite was asked for") };
        let file = writer.connect_options().get_filename().to_owned();
        for ending in ["", "-wal"] {
            let mode = std::fs::metadata(format!("{}{ending}", file.display())).expect("the file").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{ending}: {mode:o}");
        }
    }

    #[tokio::test]
    async fn an_unknown_kind_of_database_is_named() {
        let error = Db::open("mysql://somewhere/pufa").await.expect_err("no such engine");
        assert!(error.to_string().contains("`mysql:`"), "{error}");
    }

    #[tokio::test]
    async fn what_is_not_committed_is_undone() {
        crate::server::testing::each_engine(|db| async move {
            let mut conn = db.write().await.expect("a transaction");
            crate::server::testing::add_unit(&mut conn, "500999", None, "county", "青山县").await;
            drop(conn);
            let mut conn = db.read().await.expect("a transaction");
            let units: i64 = run!(&mut conn, c => sqlx::query_scalar("select count(*) from unit").fetch_one(c).await)
                .expect("a count");
            assert_eq!(units, 0);
        })
        .await;
    }
}
