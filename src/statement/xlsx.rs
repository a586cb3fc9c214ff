//! The statement as a workbook: the year by quarter and month, by theme, by campaign, and its entries.

use super::{
    action::{self, Statement},
    table::{self, Line, Parts},
};
use crate::{
    error::{Error, Result},
    ledger::{
        sheet::{self, Cell, Looks},
        words::{measure_text, own_total, status_text, themes_text, type_text},
    },
    locale::Locale,
    server::context::Ctx,
};
use axum::response::{IntoResponse, Redirect, Response};
use rust_xlsxwriter::{Workbook, XlsxError};

/// The most entries that the workbook lists; a unit that has more has its ledger's own export.
const MOST: i64 = 5_000;

/// `GET /statement.xlsx`.
///
/// # Errors
/// As [`action::asked`].
pub async fn export(ctx: Ctx) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login?next=%2Fstatement").into_response());
    }
    let (_, unit, _, year) = action::asked(&ctx).await?;
    let statement = action::statement(&ctx, unit, year, MOST).await?;
    let locale = ctx.locale;
    let name = format!("{}.xlsx", locale.statement_title(&statement.unit.short_name, year));
    let made = sheet::made_by(&ctx);
    let written = tokio::task::spawn_blocking(move || {
        let mut workbook = Workbook::new();
        fill(&mut workbook, locale, &statement, &made).map_err(Error::internal)?;
        sheet::save(&mut workbook)
    });
    sheet::send(written.await.map_err(Error::internal)??, &name).await
}

fn fill(workbook: &mut Workbook, locale: Locale, statement: &Statement, made: &str) -> Result<(), XlsxError> {
    year(workbook, locale, statement, made)?;
    parts(workbook, locale, statement, locale.statement_themes(), table::themes(locale, statement))?;
    parts(workbook, locale, statement, locale.statement_campaigns(), table::campaigns(locale, statement))?;
    entries(workbook, locale, statement)
}

fn year(workbook: &mut Workbook, locale: Locale, statement: &Statement, made: &str) -> Result<(), XlsxError> {
    let looks = Looks::new(locale);
    let sheet = workbook.add_worksheet();
    let mut widths = vec![18.0];
    widths.extend([9.0; 20]);
    sheet::set_up(sheet, locale.statement_sheet(), 1, &widths)?;
    looks.title(sheet, 0, &locale.statement_title(&statement.unit.name, statement.year))?;
    let mut heads = vec![locale.ledger_measure().to_owned()];
    heads.extend(statement.year_months().iter().map(|month| table::month_name(locale, *month)));
    heads.push(locale.statement_year().to_owned());
    heads.extend((1..=4).map(|quarter| locale.statement_quarter(quarter)));
    heads.extend([locale.ledger_of_at_least().to_owned(), locale.ledger_of_estimate().to_owned()]);
    looks.heads(sheet, 1, heads.iter().map(String::as_str))?;
    let named = |line: &Line| Cell::text(locale.ledger_with_unit(&line.name, &line.word));
    let mut row = 2;
    for (months, quarters) in table::months(locale, statement).iter().zip(table::quarters(locale, statement)) {
        let whole = statement.total(months.measure_id);
        let mut cells = vec![named(months)];
        cells.extend(months.figures.iter().map(|total| Cell::count(*total)));
        cells.extend(quarters.figures.iter().take(4).map(|total| Cell::count(*total)));
        cells.extend([Cell::Number(whole.at_least), Cell::Number(whole.estimate)]);
        looks.row(sheet, row, &cells)?;
        row += 1;
    }
    row += 1;
    let counts = statement.counts;
    let balanced = if statement.is_balanced() { locale.statement_balanced() } else { locale.statement_unbalanced() };
    sheet.write_string(row, 0, balanced)?;
    for (name, number) in [
        (locale.ledger_entries(), counts.entries),
        (locale.statement_interactive(), counts.interactive),
        (locale.statement_passive(), counts.entries - counts.interactive),
        (locale.statement_shared(), counts.shared),
        (locale.statement_late(), counts.late),
        (locale.statement_corrected(), counts.corrected),
        (locale.statement_evidence(), counts.evidence),
        (locale.statement_withdrawn(), counts.withdrawn),
    ] {
        row += 1;
        looks.put(sheet, row, 0, &Cell::text(name))?;
        looks.put(sheet, row, 1, &Cell::Number(number))?;
    }
    for (place, text) in (2..).zip([
        locale.statement_handler(),
        locale.statement_head(),
        locale.statement_seal(),
        locale.statement_day(),
    ]) {
        sheet.write_string(row + place, 0, text)?;
    }
    sheet.write_string(row + 7, 0, made)?;
    Ok(())
}

fn parts(
    workbook: &mut Workbook,
    locale: Locale,
    statement: &Statement,
    title: &str,
    parts: Parts,
) -> Result<(), XlsxError> {
    let looks = Looks::new(locale);
    let sheet = workbook.add_worksheet();
    let mut widths = vec![26.0];
    widths.extend([11.0; 30]);
    sheet::set_up(sheet, title, 0, &widths)?;
    let mut heads = vec![title.to_owned(), locale.ledger_entries().to_owned()];
    heads.extend(statement.measures().iter().map(|one| measure_text(locale, Some(one), &one.key).to_owned()));
    looks.heads(sheet, 0, heads.iter().map(String::as_str))?;
    let mut row = 0;
    for (name, _, entries, figures) in &parts.rows {
        row += 1;
        let mut cells = vec![Cell::text(name), Cell::Number(*entries)];
        cells.extend(figures.iter().map(|total| Cell::count(*total)));
        looks.row(sheet, row, &cells)?;
    }
    let overlap = parts.overlaps().then_some((locale.ledger_overlap(), &parts.overlap, -1));
    for (name, (entries, figures), sign) in overlap.into_iter().chain([(locale.statement_year(), &parts.whole, 1)]) {
        row += 1;
        looks.strong(sheet, row, 0, name)?;
        looks.strong_number(sheet, row, 1, sign * entries)?;
        for (column, total) in (2..).zip(figures) {
            looks.strong_number(sheet, row, column, sign * total.total())?;
        }
    }
    Ok(())
}

fn entries(workbook: &mut Workbook, locale: Locale, statement: &Statement) -> Result<(), XlsxError> {
    let looks = Looks::new(locale);
    let sheet = workbook.add_worksheet();
    let mut widths = vec![11.0, 11.0, 14.0, 16.0];
    let measures = statement.measures();
    widths.extend(measures.iter().map(|_| 10.0));
    widths.extend([18.0, 14.0, 12.0, 30.0, 8.0, 6.0, 38.0]);
    sheet::set_up(sheet, locale.statement_entries(), 0, &widths)?;
    let mut heads = vec![locale.ledger_date(), locale.ledger_csv_date_to(), locale.ledger_unit(), locale.ledger_type()];
    heads.extend(measures.iter().map(|one| measure_text(locale, Some(one), &one.key)));
    heads.extend([
        locale.ledger_theme(),
        locale.ledger_csv_place(),
        locale.ledger_csv_handler(),
        locale.ledger_csv_note(),
        locale.ledger_status(),
        locale.ledger_late(),
        locale.ledger_csv_id(),
    ]);
    looks.heads(sheet, 0, heads.iter().copied())?;
    for (row, entry) in (1..).zip(&statement.entries) {
        let draft = &entry.draft;
        let mut cells = vec![
            Cell::Day(draft.date),
            draft.date_to.map_or(Cell::Empty, Cell::Day),
            Cell::text(&entry.unit_name),
            Cell::text(type_text(locale, &statement.catalogue, entry)),
        ];
        cells.extend(measures.iter().map(|one| Cell::count(own_total(entry, one.id))));
        cells.extend([
            Cell::text(themes_text(locale, &statement.catalogue, entry)),
            Cell::text(&draft.place),
            Cell::text(&draft.handler),
            Cell::text(&draft.note),
            Cell::text(status_text(locale, entry.status)),
            Cell::text(if entry.late { locale.ledger_yes() } else { "" }),
            Cell::text(draft.id.to_string()),
        ]);
        looks.row(sheet, row, &cells)?;
    }
    if !statement.entries.is_empty() {
        let last = u32::try_from(statement.entries.len()).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, last, u16::try_from(heads.len().saturating_sub(1)).unwrap_or_default())?;
    }
    Ok(())
}
