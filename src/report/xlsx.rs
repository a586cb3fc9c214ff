//! The yearly report as a workbook: its figures as numbers, and its text.

use super::action::Annual;
use crate::{
    error::{Error, Result},
    ledger::sheet::{self, Cell, Looks},
    locale::Locale,
};
use rust_xlsxwriter::{Workbook, XlsxError};

/// The file; `made` says who made it and when. Blocks: for a thread of its own.
///
/// # Errors
/// A fault of ours, where the file cannot be packed.
pub fn workbook(annual: &Annual, locale: Locale, made: &str) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    figures(&mut workbook, annual, locale, made).map_err(Error::internal)?;
    text(&mut workbook, annual, locale).map_err(Error::internal)?;
    workbook.save_to_buffer().map_err(Error::internal)
}

fn figures(workbook: &mut Workbook, annual: &Annual, locale: Locale, made: &str) -> Result<(), XlsxError> {
    let looks = Looks::new(locale);
    let page = workbook.add_worksheet();
    sheet::set_up(page, locale.paper_sheet(), 1, &[22.0, 10.0, 24.0, 12.0, 12.0, 12.0, 12.0, 12.0])?;
    looks.title(page, 0, &annual.title)?;
    looks.heads(
        page,
        1,
        [
            locale.report_measure(),
            locale.paper_unit_word(),
            locale.report_written(),
            locale.report_sum(),
            locale.report_part_exact(),
            locale.report_part_at_least(),
            locale.report_part_estimate(),
            locale.report_activities_count(),
        ],
    )?;
    let mut row = 2;
    for line in &annual.figures {
        let total = line.total;
        let mut cells = vec![Cell::text(&line.name), Cell::text(&line.unit_word), Cell::text(&line.wording)];
        cells.extend([total.total(), total.exact, total.at_least, total.estimate, total.activities].map(Cell::Number));
        looks.row(page, row, &cells)?;
        row += 1;
    }
    page.write_string(row + 1, 0, made)?;
    Ok(())
}

fn text(workbook: &mut Workbook, annual: &Annual, locale: Locale) -> Result<(), XlsxError> {
    let looks = Looks::new(locale);
    let page = workbook.add_worksheet();
    sheet::set_up(page, locale.paper_sheet_text(), 0, &[100.0])?;
    looks.title(page, 0, &annual.title)?;
    for (row, paragraph) in (1..).zip(&annual.paragraphs) {
        looks.put(page, row, 0, &Cell::text(paragraph))?;
    }
    Ok(())
}
