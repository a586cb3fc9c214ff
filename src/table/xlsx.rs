//! A table as a workbook: real numbers, the head frozen and on every page, A4 in its breadth.

use super::{
    action::{self, Question},
    page::caption,
    reckon::{Line, Table},
    sent_action, view,
};
use crate::{
    domain::table::Rows,
    error::{Error, Result},
    ledger::sheet::{self, Cell, Looks},
    locale::Locale,
    server::context::Ctx,
};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use rust_xlsxwriter::{Workbook, XlsxError};

/// `GET /tables.xlsx`.
///
/// # Errors
/// As [`action::asked`].
pub async fn export(ctx: Ctx) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login").into_response());
    }
    let mut conn = ctx.db.read().await?;
    let asked = action::asked(&ctx, &mut conn).await?;
    let table = action::table(&ctx, &mut conn, &asked).await?;
    drop(conn);
    let title = action::title(&ctx, &asked.unit, &asked.question);
    write(&ctx, title, asked.question, table).await
}

/// `GET /tables/sent/{id}/table.xlsx`: as it was sent.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn export_sent(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login").into_response());
    }
    let (sent, _, table, _) = sent_action::sent(&ctx, id.parse().map_err(|_| Error::NotFound)?).await?;
    write(&ctx, sent.title, sent.question, table).await
}

async fn write(ctx: &Ctx, title: String, question: Question, table: Table) -> Result<Response> {
    let locale = ctx.locale;
    let made = sheet::made_by(ctx);
    let name = format!("{title}.xlsx");
    let written = tokio::task::spawn_blocking(move || {
        let mut workbook = Workbook::new();
        fill(&mut workbook, locale, (&title, &made), &question, &table).map_err(Error::internal)?;
        sheet::save(&mut workbook)
    });
    sheet::send(written.await.map_err(Error::internal)??, &name).await
}

/// The row of the heads: title and caption stand above it.
const HEAD: u32 = 2;

fn fill(
    workbook: &mut Workbook,
    locale: Locale,
    (title, made): (&str, &str),
    question: &Question,
    table: &Table,
) -> Result<(), XlsxError> {
    let looks = Looks::new(locale);
    let sheet = workbook.add_worksheet();
    let by_measure = question.rows == Rows::Measure;
    // Paper has no room for columns in which nothing stands.
    let folded = view::folded(question, table, false);
    let is_shown = |index: &usize| by_measure || !folded.contains(index);
    let names = view::heads(locale, question, table);
    let mut widths = vec![20.0];
    widths.extend((0..names.len()).filter(is_shown).map(|_| 11.0));
    sheet::set_up(sheet, locale.table_sheet(), HEAD, &widths)?;
    looks.title(sheet, 0, title)?;
    sheet.write_string(1, 0, caption(locale, question, table.period))?;
    let mut heads = vec![view::row_head(locale, question).to_owned()];
    heads.extend(names.into_iter().enumerate().filter(|(index, _)| is_shown(index)).map(|(index, name)| {
        match table.columns.get(index).filter(|column| !by_measure && !column.unit_word.is_empty()) {
            Some(column) => locale.ledger_with_unit(&name, &column.unit_word),
            None => name,
        }
    }));
    looks.heads(sheet, HEAD, heads.iter().map(String::as_str))?;
    let foot: Vec<&Line> = match by_measure {
        true => Vec::new(),
        false => table.overlap.iter().chain([&table.total, &table.late]).collect(),
    };
    let mut row = HEAD;
    for (line, strong) in table.lines.iter().map(|line| (line, false)).chain(foot.into_iter().map(|line| (line, true)))
    {
        row += 1;
        match strong {
            true => looks.strong(sheet, row, 0, &line.name)?,
            false => looks.put(sheet, row, 0, &Cell::text(&line.name))?,
        }
        let shown = line.cells.iter().enumerate().filter(|(index, _)| is_shown(index));
        for (column, (index, cell)) in (1_u16..).zip(shown) {
            let is_share = !by_measure && table.shares.get(index).copied().unwrap_or_default();
            let sign = if by_measure && index > 0 { None } else { view::sign(cell) };
            let cell = match cell.value {
                Some(value) if is_share => Cell::Share(value / 100.0),
                Some(value) => Cell::Decimal(value),
                None => Cell::Empty,
            };
            match sign {
                Some(sign) => looks.marked(sheet, (row, column), &cell, sign)?,
                None => looks.put(sheet, row, column, &cell)?,
            }
        }
    }
    row += 1;
    let notes =
        [Some(locale.table_marks().to_owned()), view::folded_text(locale, table, &folded), Some(made.to_owned())];
    for note in notes.into_iter().flatten() {
        row += 1;
        sheet.write_string(row, 0, note)?;
    }
    Ok(())
}
