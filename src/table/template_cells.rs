//! The figures of a file's cells: by its columns' measures and its rows' units or months, or across.

use super::{action, fill::Cells, guess::Mapping, reckon, store};
use crate::{
    domain::{
        catalogue::Catalogue,
        table::{Cell, Column, Cutoff, Rows, Span, Time, formula},
        unit::Unit,
    },
    error::Result,
    server::{context::Ctx, db::Conn},
    unit,
};
use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

/// By what a row or column asks for (`month:6`, `unit:CODE`, `total` …): a cell for each column of the form.
type ByTarget = BTreeMap<String, Vec<Cell>>;

/// What is reckoned, and up to which day months go.
struct Form {
    columns: Vec<Column>,
    cutoff: Cutoff,
}

/// The figures of a file's cells.
///
/// # Errors
/// As reckoning a table.
pub async fn cells(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    catalogue: &Catalogue,
    mapping: &Mapping,
    time: Time,
) -> Result<Cells> {
    let cutoff = store::cutoff(conn, unit).await?.0;
    if mapping.is_across() {
        return across(ctx, conn, unit, catalogue, (mapping, cutoff), time).await;
    }
    let (columns, form): (Vec<u16>, Vec<Column>) = mapping.filled(catalogue).into_iter().unzip();
    let targets: BTreeSet<String> = mapping.rows.iter().map(|row| row.target.clone()).collect();
    let form = Form { columns: form, cutoff };
    let by_target = figures(ctx, conn, unit, catalogue, &form, &targets, time).await?;
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

/// Of a form whose columns are months or units: each row reckons its own formula, of the unit that it names.
async fn across(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    catalogue: &Catalogue,
    (mapping, cutoff): (&Mapping, Cutoff),
    time: Time,
) -> Result<Cells> {
    let mut columns: Vec<Column> = Vec::new();
    for row in mapping.rows.iter().filter(|row| formula::read(&row.formula, &catalogue.measures).is_ok()) {
        if !columns.iter().any(|column| column.formula == row.formula) {
            let (name, formula) = (row.label.clone(), row.formula.clone());
            columns.push(Column { name, unit_word: String::new(), formula });
        }
    }
    let form = Form { columns, cutoff };
    let targets: BTreeSet<String> = mapping.columns.iter().map(|column| column.target.clone()).collect();
    let units = unit::store::at_and_below(conn, unit).await?;
    let mut by_unit: BTreeMap<i64, ByTarget> = BTreeMap::new();
    let mut cells = Cells::new();
    for row in &mapping.rows {
        let Some(at) = form.columns.iter().position(|column| column.formula == row.formula) else { continue };
        let whose = match row.target.split_once(':') {
            Some(("unit", code)) => units.iter().find(|own| own.code == code),
            None if row.target != "own" => Some(unit),
            // A month of months is nothing.
            _ => None,
        };
        let Some(whose) = whose else { continue };
        if let Entry::Vacant(place) = by_unit.entry(whose.id) {
            place.insert(figures(ctx, conn, whose, catalogue, &form, &targets, time).await?);
        }
        for column in &mapping.columns {
            let found = by_unit.get(&whose.id).and_then(|all| all.get(&column.target)?.get(at)?.value);
            if let Some(value) = found {
                cells.insert((row.number, column.index), value);
            }
        }
    }
    Ok(cells)
}

/// What is asked for of a unit.
async fn figures(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    catalogue: &Catalogue,
    form: &Form,
    targets: &BTreeSet<String>,
    time: Time,
) -> Result<ByTarget> {
    let question = |time: Time, rows: Rows| action::Question {
        time,
        rows,
        cutoff: form.cutoff,
        form: String::new(),
        columns: form.columns.clone(),
    };
    let mut by_target = ByTarget::new();
    let starts = |word: &str| targets.iter().any(|target| target.starts_with(word));
    let table = reckon::table(conn, ctx.locale, unit, catalogue, &question(time, Rows::Unit)).await?;
    by_target.insert("total".into(), table.total.cells);
    for line in table.lines {
        let target = if line.key == unit.code { "own".to_owned() } else { format!("unit:{}", line.key) };
        by_target.insert(target, line.cells);
    }
    // A county's form may ask for the villages of its towns.
    let is_deeper = |target: &&String| target.starts_with("unit:") && !by_target.contains_key(*target);
    let deeper: Vec<String> = targets.iter().filter(is_deeper).cloned().collect();
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
    Ok(by_target)
}
