//! The files of evidence in a backup. For SQLite the copy of the database carries them in a table of its own; for
//! PostgreSQL the backup is a ZIP archive with the dump (`database.dump`, as `pg_dump --format=custom` writes it) and the
//! files beside it. Either way a backup is one file.

use super::backup_store;
use crate::{
    error::{Error, Result},
    evidence::{
        file_store,
        files::{Files, is_true_to},
    },
    server::db::Db,
};
use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
};
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The name of PostgreSQL's dump in the archive, and of the folder of files.
const DUMP: &str = "database.dump";
const FOLDER: &str = "evidence/";

/// Writes the files that the copy of an SQLite database names into it: how many could not be found.
///
/// # Errors
/// The copy cannot be written, a file not read.
pub async fn pack_sqlite(copy: &Path, data_dir: &Path) -> Result<u64> {
    let mut pack = backup_store::Pack::open(copy).await?;
    let keys = pack.keys().await?;
    let mut missing = 0;
    if !keys.is_empty() {
        let files = Files::open(data_dir)?;
        pack.begin().await?;
        for key in keys {
            match files.get(&key).await? {
                Some(bytes) => pack.put(&key, bytes).await?,
                None => missing += 1,
            }
        }
        pack.commit().await?;
    }
    pack.close().await?;
    Ok(missing)
}

/// Puts the files in a backup of SQLite into the data folder. They bear their own hash as name: what is there already is
/// the same.
///
/// # Errors
/// A file in the backup is not what its name says; the data folder cannot be written.
pub async fn unpack_sqlite(backup: &Path, data_dir: &Path) -> Result<()> {
    let mut pack = backup_store::Pack::open(backup).await?;
    let keys = pack.packed().await?;
    if !keys.is_empty() {
        let files = Files::open(data_dir)?;
        for key in keys {
            let bytes = pack.get(&key).await?;
            restore_one(&files, &key, bytes).await?;
        }
    }
    pack.close().await
}

async fn restore_one(files: &Files, key: &str, bytes: Vec<u8>) -> Result<()> {
    if !is_true_to(key, &bytes) {
        return Err(Error::internal(format!("the backup is damaged: {key} is not what it was")));
    }
    files.put_as(key, bytes).await
}

/// Writes an archive with PostgreSQL's dump and the files of evidence: how many could not be found.
///
/// # Errors
/// The archive cannot be written, a file not read.
pub async fn pack_postgres(url: &str, dump: &Path, archive: &Path, data_dir: &Path) -> Result<u64> {
    // Read after the dump: files are never deleted, so all that it names are there.
    let db = Db::open(url).await?;
    let keys = file_store::keys(&mut db.read().await?).await;
    db.close().await;
    let keys = keys?;
    let mut writer = ZipWriter::new(File::create(archive).map_err(Error::internal)?);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    writer.start_file(DUMP, options).map_err(Error::internal)?;
    std::io::copy(&mut File::open(dump).map_err(Error::internal)?, &mut writer).map_err(Error::internal)?;
    let mut missing = 0;
    if !keys.is_empty() {
        let files = Files::open(data_dir)?;
        for key in keys {
            let Some(bytes) = files.get(&key).await? else {
                missing += 1;
                continue;
            };
            writer.start_file(format!("{FOLDER}{key}"), options).map_err(Error::internal)?;
            writer.write_all(&bytes).map_err(Error::internal)?;
        }
    }
    writer.finish().map_err(Error::internal)?;
    Ok(missing)
}

/// Whether a backup is such an archive.
pub fn is_archive(backup: &Path) -> bool {
    let archive = File::open(backup).ok().and_then(|file| ZipArchive::new(file).ok());
    archive.is_some_and(|mut archive| archive.by_name(DUMP).is_ok())
}

/// Puts the files in an archive into the data folder, and the dump into `dump`.
///
/// # Errors
/// The archive is damaged; the data folder cannot be written.
pub async fn unpack_postgres(backup: &Path, dump: &Path, data_dir: &Path) -> Result<()> {
    let mut archive = ZipArchive::new(File::open(backup).map_err(Error::internal)?).map_err(Error::internal)?;
    let mut out = File::create(dump).map_err(Error::internal)?;
    std::io::copy(&mut archive.by_name(DUMP).map_err(Error::internal)?, &mut out).map_err(Error::internal)?;
    if archive.len() < 2 {
        return Ok(());
    }
    let files = Files::open(data_dir)?;
    for place in 0..archive.len() {
        let (key, bytes) = {
            let mut entry = archive.by_index(place).map_err(Error::internal)?;
            let name = entry.name().map_err(Error::internal)?.into_owned();
            let Some(key) = name.strip_prefix(FOLDER).map(str::to_owned) else { continue };
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).map_err(Error::internal)?;
            (key, bytes)
        };
        restore_one(&files, &key, bytes).await?;
    }
    Ok(())
}
