//! `pufa backup` and `pufa restore`: the whole database in one file, nothing half-written, also while serving.

use super::{backup_file, backup_store, store};
use crate::{
    demo,
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        clock,
        db::{Db, newest_migration},
    },
};
use serde_json::json;
use std::{
    fs::{self, File, OpenOptions},
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// A file that is deleted when it goes out of scope, unless it was renamed.
struct Passing(PathBuf);

impl Passing {
    /// An empty file beside `file` that nobody else may read: a backup holds personal data.
    fn beside(file: &Path) -> Result<Passing> {
        let name = file.file_name().ok_or_else(|| Error::internal(format!("{} names no file", file.display())))?;
        let path = file.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let _ = fs::remove_file(&path);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
        Ok(Passing(path))
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(format!("{}{ending}", self.0.display()));
        }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub bytes: u64,
    /// Files of evidence that the database names and the data folder has not.
    pub missing: u64,
}

/// Copies the database and the files of evidence into `file`. An older backup of that name is replaced at the very end.
///
/// # Errors
/// No database there, a folder that cannot be written, no `pg_dump` for PostgreSQL.
pub async fn backup(url: &str, file: &Path, data_dir: &Path) -> Result<Written> {
    let part;
    let missing;
    if is_postgres(url) {
        part = Passing::beside(file)?;
        let dump = Passing::beside(&part.0)?;
        let mut command = postgres_tool("pg_dump", url);
        command.args(["--format=custom", "--no-owner", "--file"]).arg(&dump.0);
        run_tool(command)?;
        missing = backup_file::pack_postgres(url, &dump.0, &part.0, data_dir).await?;
    } else {
        let database = backup_store::file(url)?;
        if !database.is_file() {
            return Err(Error::internal(format!("there is no database at {}", database.display())));
        }
        let same = |path: &Path| path.canonicalize().ok();
        if same(&database).is_some_and(|own| same(file) == Some(own)) {
            return Err(Error::internal("the backup cannot take the place of the database itself"));
        }
        part = Passing::beside(file)?;
        backup_store::copy(&database, &part.0).await?;
        // Read after the copy: files are never deleted, so all that it names are there.
        missing = backup_file::pack_sqlite(&part.0, data_dir).await?;
        backup_store::verify(&part.0).await?;
    }
    let written = File::open(&part.0).and_then(|copy| copy.sync_all().and_then(|()| copy.metadata()));
    let bytes = written.map_err(Error::internal)?.len();
    fs::rename(&part.0, file).map_err(|error| Error::internal(format!("{}: {error}", file.display())))?;
    note(url, "database.backup", file).await?;
    Ok(Written { bytes, missing })
}

/// Leaves a trace of who took or replaced all data. A database of another version is left as it is.
async fn note(url: &str, action: &'static str, file: &Path) -> Result<()> {
    if !is_postgres(url) && backup_store::verify(&backup_store::file(url)?).await? != newest_migration() {
        return Ok(());
    }
    let db = Db::open(url).await?;
    let mut conn = db.write().await?;
    let subject = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let entry = Entry { actor: None, unit_id: None, action, subject, detail: json!({}) };
    audit::record(&mut conn, clock::now(), entry).await?;
    conn.commit().await?;
    db.close().await;
    Ok(())
}

/// Puts the backup in `file` in the database's place, and its files of evidence into the data folder. Sessions and one-time links of then end. Where the database held
/// something, a backup of that is kept in the folder `keep`, if there is one: the answer names it.
///
/// # Errors
/// A file that is damaged or no backup, a copy that cannot be kept; then nothing is changed.
pub async fn restore(url: &str, file: &Path, keep: Option<&Path>, data_dir: &Path) -> Result<Option<PathBuf>> {
    let mut start = [0_u8; 5];
    let read = File::open(file).and_then(|mut open| std::io::Read::read(&mut open, &mut start));
    read.map_err(|error| Error::internal(format!("{}: {error}", file.display())))?;
    // A bare dump is what this program wrote before there was evidence.
    let is_archive = start.starts_with(b"PK") && backup_file::is_archive(file);
    let is_dump = is_archive || &start == b"PGDMP";
    if is_dump && !is_postgres(url) {
        return Err(Error::internal(format!("{} is a backup of a PostgreSQL database", file.display())));
    }
    if !is_dump && is_postgres(url) {
        return Err(Error::internal(format!("{} is no backup of a PostgreSQL database", file.display())));
    }
    if is_postgres(url) {
        let kept = keep_former(url, keep, data_dir).await?;
        let outcome = restore_postgres(url, file, is_archive, data_dir).await;
        return kept_or_gone(outcome, kept);
    }
    let version = backup_store::verify(file).await?;
    if version > newest_migration() {
        return Err(Error::internal("the backup was made by a newer version of Pufa: install that one"));
    }
    let database = backup_store::file(url)?;
    let is_new = !database.exists();
    let kept = if is_new { None } else { keep_former(url, keep, data_dir).await? };
    let outcome = kept_or_gone(restore_sqlite(url, file, &database, data_dir).await, kept);
    if outcome.is_err() && is_new {
        // Nothing was there: nothing is left.
        drop(Passing(database));
    }
    outcome
}

/// A backup of what the database holds, in `folder`; none where it holds nothing.
async fn keep_former(url: &str, folder: Option<&Path>, data_dir: &Path) -> Result<Option<PathBuf>> {
    let Some(folder) = folder else { return Ok(None) };
    let db = Db::open(url).await?;
    let holds = async { store::holds_anything(&mut db.read().await?).await }.await;
    db.close().await;
    if !holds? {
        return Ok(None);
    }
    fs::create_dir_all(folder).map_err(|error| Error::internal(format!("{}: {error}", folder.display())))?;
    let time = clock::now().with_timezone(&clock::offset()).format("%Y%m%d-%H%M%S");
    let file = folder.join(format!("before-restore-{time}-{}.bak", std::process::id()));
    backup(url, &file, data_dir).await?;
    Ok(Some(file))
}

/// What was kept is worth nothing where nothing was changed.
fn kept_or_gone(outcome: Result<()>, kept: Option<PathBuf>) -> Result<Option<PathBuf>> {
    if let (Err(_), Some(file)) = (&outcome, &kept) {
        let _ = fs::remove_file(file);
    }
    outcome.map(|()| kept)
}

async fn restore_sqlite(url: &str, file: &Path, database: &Path, data_dir: &Path) -> Result<()> {
    let db = Db::open(url).await?;
    let outcome = async {
        // The files first: no row ever names one that is missing.
        backup_file::unpack_sqlite(file, data_dir).await?;
        let part = Passing::beside(database)?;
        backup_store::copy(file, &part.0).await?;
        // Brings an older backup up to date, in the copy.
        Db::open(&format!("sqlite:{}", part.0.display())).await?.close().await;
        backup_store::replace(&db, &part.0).await?;
        finish(&db, file).await
    }
    .await;
    db.close().await;
    outcome
}

async fn restore_postgres(url: &str, file: &Path, is_archive: bool, data_dir: &Path) -> Result<()> {
    let passing;
    let mut dump = file;
    if is_archive {
        passing = Passing::beside(&std::env::temp_dir().join("pufa-restore.dump"))?;
        backup_file::unpack_postgres(file, &passing.0, data_dir).await?;
        dump = &passing.0;
    }
    let mut command = postgres_tool("pg_restore", url);
    command.args(["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]);
    command.arg(dump);
    run_tool(command)?;
    let db = Db::open(url).await?;
    let finished = finish(&db, file).await;
    db.close().await;
    finished
}

/// Builds the demo in an empty database, whole or not at all: beside it first where that is SQLite. What to print.
///
/// # Errors
/// A database that holds something.
pub async fn demo(db: &Db, url: &str) -> Result<String> {
    if store::holds_anything(&mut db.read().await?).await? {
        return Err(Error::internal("the database holds data; the demo wants an empty one"));
    }
    if is_postgres(url) {
        return demo::build(db).await;
    }
    let part = Passing::beside(&backup_store::file(url)?)?;
    let beside = Db::open(&format!("sqlite:{}", part.0.display())).await?;
    let told = demo::build(&beside).await;
    beside.close().await;
    let told = told?;
    backup_store::replace(db, &part.0).await?;
    Ok(told)
}

async fn finish(db: &Db, file: &Path) -> Result<()> {
    let now = clock::now();
    let mut conn = db.write().await?;
    store::end_sessions(&mut conn, now).await?;
    let subject = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let entry = Entry { actor: None, unit_id: None, action: "database.restore", subject, detail: json!({}) };
    audit::record(&mut conn, now, entry).await?;
    conn.commit().await
}

/// One of PostgreSQL's own programs, for this database. The password goes by the environment: everybody on the machine
/// may read what stands on a command line.
fn postgres_tool(name: &str, url: &str) -> Command {
    let mut command = Command::new(name);
    let (url, password) = without_password(url);
    command.arg("--dbname").arg(url);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    command
}

/// `postgres://user:password@host/database` without its password, and the password as it was before it was encoded.
fn without_password(url: &str) -> (String, Option<String>) {
    let apart = || {
        let (scheme, rest) = url.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (credentials, host) = authority.rsplit_once('@')?;
        let (user, password) = credentials.split_once(':')?;
        let password = password.replace('+', "%2B");
        let password = form_urlencoded::parse(password.as_bytes()).next().map(|(password, _)| password.into_owned());
        Some((format!("{scheme}://{user}@{host}{path}"), password))
    };
    apart().unwrap_or((url.to_owned(), None))
}

/// Runs one of PostgreSQL's own programs.
fn run_tool(mut command: Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("failed").trim().to_owned();
            Err(Error::internal(if line.starts_with(&name) { line } else { format!("{name}: {line}") }))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::internal(format!(
            "a PostgreSQL database is copied by {name}, which is not on the PATH: install PostgreSQL's client programs"
        ))),
        Err(error) => Err(Error::internal(format!("{name}: {error}"))),
    }
}

#[cfg(test)]
mod evidence_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_stands_on_a_command_line() {
        let apart = |url: &str| without_password(url);
        let bare = "postgres://pufa@db:5432/pufa?sslmode=require".to_owned();
        assert_eq!(
            apart("postgres://pufa:a%40b+c@db:5432/pufa?sslmode=require"),
            (bare.clone(), Some("a@b+c".to_owned()))
        );
        assert_eq!(apart(&bare), (bare, None));
        let local = "postgres:///pufa?host=/run/postgresql".to_owned();
        assert_eq!(apart(&local), (local, None));
    }
}
