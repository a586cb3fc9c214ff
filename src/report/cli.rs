//! `pufa report annual`.

use super::action::{self, YEARS};
use crate::{
    api::reports::AnnualReport,
    domain::{access::Scope, wording::Style},
    error::{Error, Result},
    server::{context::Ctx, db::Db},
    unit,
};
use std::path::Path;

/// Writes the yearly report of a unit as `text` or `json` to a file, or answers it to be printed.
///
/// # Errors
/// A unit that does not exist, a year or style that is none, a format that is not built yet, a file that cannot be
/// written. A file is written whole or not at all.
pub async fn annual(
    db: &Db,
    unit: &str,
    year: i32,
    style: &str,
    format: &str,
    out: Option<&Path>,
) -> Result<Option<String>> {
    let ctx = Ctx::for_program(db.clone(), None);
    let style = Style::from_key(style).ok_or_else(|| Error::internal(format!("--style {style} is no style")))?;
    if !YEARS.contains(&year) {
        return Err(Error::internal(format!("--year {year} is no year")));
    }
    let mut conn = db.read().await?;
    let unit = match unit::store::by_code(&mut conn, &Scope::everything(), unit).await {
        Err(Error::NotFound) => return Err(Error::internal(format!("--unit {unit}: there is no such unit"))),
        other => other?,
    };
    drop(conn);
    let report = match format {
        "text" => action::annual(&ctx, &unit, year, style).await?.plain(),
        "json" => {
            let report = AnnualReport::from(action::annual(&ctx, &unit, year, style).await?);
            format!("{}\n", serde_json::to_string_pretty(&report)?)
        }
        other => return Err(Error::internal(format!("--format {other} is not built yet"))),
    };
    let Some(file) = out else { return Ok(Some(report)) };
    write(file, &report).map_err(|error| Error::internal(format!("{}: {error}", file.display())))?;
    Ok(None)
}

/// Writes beside the file first, so that a full disk leaves what was there.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = file.with_file_name(name);
    std::fs::write(&part, text)?;
    std::fs::rename(&part, file)
}
