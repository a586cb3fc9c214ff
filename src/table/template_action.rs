//! A county's own form (XLSX): taken, guessed, settled, and given back with its cells filled.

use super::{
    action,
    fill::{self, Cells},
    form_action::{self, managed},
    guess, template_cells,
    template_store::{self, New, Template},
};
use crate::{
    domain::{
        access::Scope,
        catalogue::Catalogue,
        problem::Problems,
        table::{Time, formula},
        unit::Unit,
    },
    error::{Error, Result},
    import,
    server::{audit, context::Ctx, db::Conn, form::FormData},
    unit,
};
use serde_json::json;
use uuid::Uuid;

/// The largest file that is taken, in bytes: a form is small.
pub const LARGEST_FILE: usize = 4 * 1024 * 1024;

/// Takes a file for a unit, and guesses what its cells mean.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] where it is no spreadsheet of today's kind, or asks for nothing
/// that is counted.
pub async fn add(ctx: &Ctx, code: Option<&str>, name: &str, bytes: Vec<u8>) -> Result<Uuid> {
    let locale = ctx.locale;
    let mut conn = ctx.db.read().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let catalogue = action::catalogue(&mut conn, &unit).await?;
    let units = unit::store::at_and_below(&mut conn, &unit).await?;
    drop(conn);
    if bytes.len() > LARGEST_FILE {
        return Err(Error::invalid("file", locale.table_file_too_large(LARGEST_FILE / 1024 / 1024)));
    }
    if !bytes.starts_with(b"PK") {
        return Err(Error::invalid("file", locale.table_file_kind()));
    }
    let name: String = crate::domain::evidence::clean_name(name);
    let task = {
        let (name, unit) = (name.clone(), unit.clone());
        tokio::task::spawn_blocking(move || {
            let book = import::read_file(&name, &bytes);
            book.map(|book| (guess::guess(&book, &catalogue, &unit, &units), bytes))
        })
    };
    let (guessed, bytes) = task
        .await
        .map_err(|_| Error::invalid("file", locale.table_file_kind()))?
        .map_err(|refusal| Error::invalid("file", refusal.message(locale)))?;
    let mapping = guessed.ok_or_else(|| Error::invalid("file", locale.table_file_no_head()))?;
    // What is filled has to be written too: a file that cannot be is refused now, not in December.
    if fill::fill(&bytes, &mapping.sheet, &Cells::new()).is_err() {
        return Err(Error::invalid("file", locale.table_file_kind()));
    }
    let id = Uuid::now_v7();
    let mut conn = ctx.db.write().await?;
    let by = ctx.actor()?.account_id;
    let new = New { id, unit_id: unit.id, name: &name, content: &bytes, mapping: &mapping, by, now: ctx.now };
    template_store::add(&mut conn, new).await?;
    let detail =
        json!({ "file": name, "size": bytes.len(), "columns": mapping.columns.len(), "rows": mapping.rows.len() });
    audit::done(ctx, &mut conn, "table.template_add", unit.id, id, detail).await?;
    conn.commit().await?;
    Ok(id)
}

/// A file with the unit that it belongs to, and what that unit counts.
pub async fn one(ctx: &Ctx, conn: &mut Conn, id: &str) -> Result<(Template, Unit, Catalogue)> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let template = template_store::one(conn, &ctx.scope()?, id).await?;
    let unit = unit::store::by_id(conn, &Scope::everything(), template.unit_id).await?;
    let catalogue = action::catalogue(conn, &unit).await?;
    Ok((template, unit, catalogue))
}

/// Settles what a file's columns (`c.INDEX` a formula, `t.INDEX` a month or unit) and rows (`f.NUMBER`, `r.NUMBER`) mean.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by the field of the column or row.
pub async fn settle(ctx: &Ctx, id: &str, form: &FormData) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (template, unit, catalogue) = one(ctx, &mut conn, id).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let units = unit::store::at_and_below(&mut conn, &unit).await?;
    let mut mapping = template.mapping.clone();
    let mut problems = Problems::default();
    let read = |field: &str, own: &mut String| {
        if form.has(field) {
            *own = form.get(field).to_owned();
        }
    };
    let mut reads = |field: String, formula: &str| {
        if !formula.is_empty()
            && let Err(wrong) = formula::read(formula, &catalogue.measures)
        {
            problems.add(field, form_action::fault(ctx.locale, &wrong));
        }
    };
    for column in &mut mapping.columns {
        let field = format!("c.{}", column.index);
        read(&field, &mut column.formula);
        reads(field, &column.formula);
    }
    for row in &mut mapping.rows {
        let field = format!("f.{}", row.number);
        read(&field, &mut row.formula);
        reads(field, &row.formula);
    }
    let targets = mapping
        .columns
        .iter_mut()
        .map(|column| (format!("t.{}", column.index), &mut column.target))
        .chain(mapping.rows.iter_mut().map(|row| (format!("r.{}", row.number), &mut row.target)));
    for (field, target) in targets {
        read(&field, target);
        let known = match target.split_once(':') {
            None => ["", "own", "total"].contains(&target.as_str()),
            Some(("unit", code)) => units.iter().any(|unit| unit.code == code),
            Some(("month", number)) => number.parse().is_ok_and(|number: u32| (1..=12).contains(&number)),
            Some(("quarter", number)) => number.parse().is_ok_and(|number: u32| (1..=4).contains(&number)),
            Some(_) => false,
        };
        if !known {
            problems.add(field, ctx.locale.table_row_unknown());
        }
    }
    problems.into_result(())?;
    template_store::settle(&mut conn, template.id, &mapping, ctx.actor()?.account_id, ctx.now).await?;
    let detail = json!({ "before": template.mapping, "after": mapping });
    audit::done(ctx, &mut conn, "table.template_settle", unit.id, template.id, detail).await?;
    conn.commit().await
}

/// Retires a file: it is listed no more.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn retire(ctx: &Ctx, id: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (template, unit, _) = one(ctx, &mut conn, id).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    template_store::retire(&mut conn, template.id, ctx.now).await?;
    let detail = json!({ "file": template.name });
    audit::done(ctx, &mut conn, "table.template_retire", unit.id, template.id, detail).await?;
    conn.commit().await
}

/// The file with the figures of a time filled in, and its name.
///
/// # Errors
/// [`Error::NotFound`]; a fault of ours where the file cannot be written.
pub async fn filled(ctx: &Ctx, id: &str, time: Time) -> Result<(Vec<u8>, String)> {
    let mut conn = ctx.db.read().await?;
    let (template, unit, catalogue) = one(ctx, &mut conn, id).await?;
    let cells = template_cells::cells(ctx, &mut conn, &unit, &catalogue, &template.mapping, time).await?;
    let content = template_store::content(&mut conn, template.id).await?;
    drop(conn);
    let sheet = template.mapping.sheet.clone();
    let task = tokio::task::spawn_blocking(move || fill::fill(&content, &sheet, &cells));
    let (bytes, _) = task.await.map_err(Error::internal)??;
    let stem = template.name.rsplit_once('.').map_or(template.name.as_str(), |(stem, _)| stem);
    Ok((bytes, format!("{stem}-{time}.xlsx")))
}
