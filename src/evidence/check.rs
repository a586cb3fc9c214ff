//! `pufa check`: every piece's files are there and are what their names say, and every link leads somewhere.

use super::{file_store, files, files::Files};
use crate::{error::Result, server::db::Db};
use std::path::Path;

/// The most faults named.
const NAMED: usize = 20;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    pub files: u64,
    /// The first faults, in words; empty when all is well.
    pub faults: Vec<String>,
}

/// Reads every file that a row names.
///
/// # Errors
/// The database or the folder cannot be read.
pub async fn check(db: &Db, data_dir: &Path) -> Result<Findings> {
    let mut conn = db.read().await?;
    let keys = file_store::keys(&mut conn).await?;
    let astray = file_store::links_astray(&mut conn).await?;
    drop(conn);
    let mut findings = Findings::default();
    if astray > 0 {
        findings.faults.push(format!("{astray} links of evidence lead nowhere"));
    }
    if keys.is_empty() {
        return Ok(findings);
    }
    let store = Files::open(data_dir)?;
    for key in keys {
        findings.files += 1;
        let fault = match store.get(&key).await? {
            None => format!("the evidence file {key} is missing"),
            Some(bytes) if !files::is_true_to(&key, &bytes) => format!("the evidence file {key} was altered"),
            Some(_) => continue,
        };
        findings.faults.push(fault);
        if findings.faults.len() >= NAMED {
            break;
        }
    }
    Ok(findings)
}
