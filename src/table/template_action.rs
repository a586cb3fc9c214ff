//! A county's own form (XLSX): taken, guessed, settled, and given back with its cells filled.

use super::{
    action,
    fill::{self, Cells},
    form_action::{self, managed},
    guess::{self, Mapping},
    reckon, store,
    template_store::{self, New, Template},
};
use crate::{
    domain::{
        access::Scope,
        catalogue::Catalogue,
        problem::Problems,
        table::{Cell, Column, Rows, Span, Time, formula},
        unit::Unit,
    },
    error::{Error, Result},
    import,
    server::{audit, context::Ctx, db::Conn, form::FormData},
    unit,
};
use serde_json::json;
use std::collections::BTreeMap;
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

/// Settles what the columns (`c.INDEX`) and rows (`r.NUMBER`) of a file mean.
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
    for column in &mut mapping.columns {
        let field = format!("c.{}", column.index);
        if form.has(&field) {
            column.formula = form.get(&field).to_owned();
        }
        if !column.formula.is_empty()
            && let Err(wrong) = formula::read(&column.formula, &catalogue.measures)
        {
            problems.add(field, form_action::fault(ctx.locale, &wrong));
        }
    }
    for row in &mut mapping.rows {
        let field = format!("r.{}", row.number);
        if form.has(&field) {
            row.target = form.get(&field).to_owned();
        }
        let known = match row.target.split_once(':') {
            None => ["", "own", "total"].contains(&row.target.as_str()),
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
    let cells = cells(ctx, &mut conn, &unit, &catalogue, &template.mapping, time).await?;
    let content = template_store::content(&mut conn, template.id).await?;
    drop(conn);
    let sheet = template.mapping.sheet.clone();
    let task = tokio::task::spawn_blocking(move || fill::fill(&content, &sheet, &cells));
    let (bytes, _) = task.await.map_err(Error::internal)??;
    let stem = template.name.rsplit_once('.').map_or(template.name.as_str(), |(stem, _)| stem);
    Ok((bytes, format!("{stem}-{time}.xlsx")))
}

/// The figures of a file's cells.
async fn cells(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    catalogue: &Catalogue,
    mapping: &Mapping,
    time: Time,
) -> Result<Cells> {
    let (columns, form): (Vec<u16>, Vec<Column>) = mapping.filled(catalogue).into_iter().unzip();
    let cutoff = store::cutoff(conn, unit).await?.0;
    let question =
        |time: Time, rows: Rows| action::Question { time, rows, cutoff, form: String::new(), columns: form.clone() };
    let mut by_target: BTreeMap<String, Vec<Cell>> = BTreeMap::new();
    let starts = |word: &str| mapping.rows.iter().any(|row| row.target.starts_with(word));
    let table = reckon::table(conn, ctx.locale, unit, catalogue, &question(time, Rows::Unit)).await?;
    by_target.insert("total".into(), table.total.cells);
    for line in table.lines {
        let target = if line.key == unit.code { "own".to_owned() } else { format!("unit:{}", line.key) };
        by_target.insert(target, line.cells);
    }
    // A county's form may ask for the villages of its towns.
    let deeper: Vec<String> = mapping
        .rows
        .iter()
        .filter(|row| row.target.starts_with("unit:") && !by_target.contains_key(&row.target))
        .map(|row| row.target.clone())
        .collect();
    if !deeper.is_empty() {
        for below in unit::store::at_and_below(conn, unit).await? {
            let target = format!("unit:{}", below.code);
            if deeper.contains(&target) {
                let table = reckon::table(conn, ctx.locale, &below, catalogue, &question(time, Rows::Unit)).await?;
                by_target.insert(target, table.total.cells);
            }
        }
    }
    if starts("month:") {
        let year = Time { span: Span::Year, part: 1, ..time };
        let table = reckon::table(conn, ctx.locale, unit, catalogue, &question(year, Rows::Time)).await?;
        for (number, line) in (1..).zip(table.lines) {
            by_target.insert(format!("month:{number}"), line.cells);
        }
        // Where months are asked for, the sum is the year's.
        by_target.insert("total".into(), table.total.cells);
    }
    if starts("quarter:") {
        for part in 1..=4 {
            let quarter = Time { span: Span::Quarter, part, ..time };
            let table = reckon::table(conn, ctx.locale, unit, catalogue, &question(quarter, Rows::Unit)).await?;
            by_target.insert(format!("quarter:{part}"), table.total.cells);
        }
        let year = Time { span: Span::Year, part: 1, ..time };
        let table = reckon::table(conn, ctx.locale, unit, catalogue, &question(year, Rows::Unit)).await?;
        by_target.insert("total".into(), table.total.cells);
    }
    let mut cells = Cells::new();
    for row in &mapping.rows {
        let Some(found) = by_target.get(&row.target) else { continue };
        for (column, cell) in columns.iter().zip(found) {
            if let Some(value) = cell.value {
                cells.insert((row.number, *column), value);
            }
        }
    }
    Ok(cells)
}
