//! `pufa report annual`.

use super::{
    action::{self, YEARS},
    xlsx,
};
use crate::{
    api::reports::AnnualReport,
    domain::{access::Scope, wording::Style},
    error::{Error, Result},
    server::{context::Ctx, db::Db},
    unit,
};
use std::path::Path;

/// Writes the yearly report of a unit as `text`, `json`, `docx` or `xlsx` to a file, or answers text to be printed.
///
/// # Errors
/// A unit that does not exist, a year, style or format that is none, a document without a file to put it into, a file
/// that cannot be written. A file is written whole or not at all.
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
    let report = action::annual(&ctx, &unit, year, style).await?;
    let bytes = match format {
        "text" => report.plain().into_bytes(),
        "json" => format!("{}\n", serde_json::to_string_pretty(&AnnualReport::from(report))?).into_bytes(),
        "docx" | "xlsx" if out.is_none() => return Err(Error::internal(ctx.locale.paper_needs_file())),
        "docx" => report.docx()?,
        "xlsx" => {
            let locale = action::language(&ctx);
            tokio::task::spawn_blocking(move || xlsx::workbook(&report, locale, "pufa"))
                .await
                .map_err(Error::internal)??
        }
        other => return Err(Error::internal(format!("--format {other} is none of text, json, docx, xlsx"))),
    };
    let Some(file) = out else { return Ok(Some(String::from_utf8_lossy(&bytes).into_owned())) };
    write(file, &bytes).map_err(|error| Error::internal(format!("{}: {error}", file.display())))?;
    Ok(None)
}

/// Writes beside the file first, so that a full disk leaves what was there.
fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = file.with_file_name(name);
    std::fs::write(&part, bytes)?;
    std::fs::rename(&part, file)
}
