//! Spreadsheets as offices print them: A4, the head on every page, real numbers and days, how sure a number is in its
//! format. Written in rows by a thread of its own, so that nobody waits and little is held in memory.

use crate::{
    domain::{measure::Total, period::Day},
    error::{Error, Result},
    locale::Locale,
    server::{context::Ctx, document::as_download},
};
use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use futures::stream;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError};
use std::{
    fs::{File, OpenOptions},
    io::Seek,
    path::{Path, PathBuf},
};
use tokio::io::AsyncReadExt;

/// What stands in a cell. A text stays a text, whatever it begins with: it is never a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Day(Day),
    Number(i64),
    /// A number that may have a part behind its point: a share.
    Decimal(f64),
    /// A share of 0 to 1, shown in per cent.
    Share(f64),
    /// A number whose format says how sure it is: 120以上, 约200.
    Count(Total),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// A total; nothing where there is none.
    pub fn count(total: Total) -> Cell {
        if total.is_zero() { Cell::Empty } else { Cell::Count(total) }
    }
}

/// How cells look.
pub struct Looks {
    head: Format,
    text: Format,
    day: Format,
    number: Format,
    decimal: Format,
    share: Format,
    at_least: Format,
    estimate: Format,
    strong: Format,
    strong_number: Format,
    title: Format,
}

impl Looks {
    pub fn new(locale: Locale) -> Looks {
        let (at_least, estimate) = match locale {
            Locale::Zh => ("#,##0\"以上\"", "\"约\"#,##0"),
            Locale::En => ("\"≥ \"#,##0", "\"~ \"#,##0"),
        };
        let cell = || Format::new().set_border(FormatBorder::Hair).set_align(FormatAlign::Top);
        Looks {
            head: cell().set_bold().set_text_wrap().set_background_color("#F1EFE9").set_align(FormatAlign::Center),
            text: cell().set_text_wrap(),
            day: cell().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            number: cell().set_num_format("#,##0"),
            decimal: cell().set_num_format("#,##0.0"),
            share: cell().set_num_format("0.0%"),
            at_least: cell().set_num_format(at_least),
            estimate: cell().set_num_format(estimate),
            strong: cell().set_bold(),
            strong_number: cell().set_bold().set_num_format("#,##0"),
            title: Format::new().set_bold().set_font_size(14),
        }
    }

    /// Puts a cell.
    pub fn put(&self, sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        match cell {
            Cell::Empty => sheet.write_blank(row, column, &self.text)?,
            Cell::Text(text) => sheet.write_string_with_format(row, column, text, &self.text)?,
            Cell::Day(day) => sheet.write_datetime_with_format(row, column, day, &self.day)?,
            Cell::Number(number) => sheet.write_number_with_format(row, column, *number as f64, &self.number)?,
            Cell::Decimal(value) => {
                let format = if value.fract() == 0.0 { &self.number } else { &self.decimal };
                sheet.write_number_with_format(row, column, *value, format)?
            }
            Cell::Share(value) => sheet.write_number_with_format(row, column, *value, &self.share)?,
            Cell::Count(total) => {
                let format = if total.estimate > 0 {
                    &self.estimate
                } else if total.at_least > 0 {
                    &self.at_least
                } else {
                    &self.number
                };
                sheet.write_number_with_format(row, column, total.total() as f64, format)?
            }
        };
        Ok(())
    }

    /// Puts a number or a share that stays one, with the sign behind it that says how sure it is: 15≈, 8≥.
    pub fn marked(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        cell: &Cell,
        sign: &str,
    ) -> Result<(), XlsxError> {
        let (value, format) = match cell {
            Cell::Decimal(value) if value.fract() == 0.0 => (*value, "#,##0"),
            Cell::Decimal(value) => (*value, "#,##0.0"),
            Cell::Share(value) => (*value, "0.0%"),
            other => return self.put(sheet, row, column, other),
        };
        let look = self.number.clone().set_num_format(format!("{format}\"{sign}\""));
        sheet.write_number_with_format(row, column, value, &look)?;
        Ok(())
    }

    /// Puts a row of cells.
    pub fn row(&self, sheet: &mut Worksheet, row: u32, cells: &[Cell]) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            self.put(sheet, row, column, cell)?;
        }
        Ok(())
    }

    /// Puts a row of heads.
    pub fn heads<'a>(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        heads: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), XlsxError> {
        for (column, head) in (0..).zip(heads) {
            sheet.write_string_with_format(row, column, head, &self.head)?;
        }
        Ok(())
    }

    /// Puts a strong text.
    pub fn strong(&self, sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        sheet.write_string_with_format(row, column, text, &self.strong)?;
        Ok(())
    }

    /// Puts a strong number.
    pub fn strong_number(&self, sheet: &mut Worksheet, row: u32, column: u16, number: i64) -> Result<(), XlsxError> {
        sheet.write_number_with_format(row, column, number as f64, &self.strong_number)?;
        Ok(())
    }

    /// Puts a sum over the rows above that stays right when they are filtered; `sum` is shown before anybody reckons.
    pub fn sum(
        &self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        (first, last): (u32, u32),
        sum: i64,
    ) -> Result<(), XlsxError> {
        let name = rust_xlsxwriter::utility::column_number_to_name(column);
        let formula = Formula::new(format!("=SUBTOTAL(109,{name}{}:{name}{})", first + 1, last + 1));
        let formula = formula.set_result(sum.to_string());
        sheet.write_formula_with_format(row, column, formula, &self.strong_number)?;
        Ok(())
    }

    /// Puts a title above a table.
    pub fn title(&self, sheet: &mut Worksheet, row: u32, text: &str) -> Result<(), XlsxError> {
        sheet.write_string_with_format(row, 0, text, &self.title)?;
        Ok(())
    }
}

/// A sheet that prints on A4 in its breadth, with its number of pages; `head` is the row that every page repeats.
pub fn set_up(sheet: &mut Worksheet, name: &str, head: u32, widths: &[f64]) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    sheet.set_name(name)?;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C&P / &N");
    sheet.set_repeat_rows(0, head)?;
    sheet.set_freeze_panes(head + 1, 1)?;
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    Ok(())
}

/// A file without a name that anybody else reads: it is gone when it was sent.
pub struct Passing {
    file: File,
    path: PathBuf,
}

impl Passing {
    /// An empty one among the system's.
    pub fn new(ending: &str) -> std::io::Result<Passing> {
        Passing::in_folder(&std::env::temp_dir(), ending)
    }

    /// An empty one in a folder: what may be large lies where there is room, beside the data.
    pub fn in_folder(folder: &Path, ending: &str) -> std::io::Result<Passing> {
        let path = folder.join(format!("pufa-{}.{ending}", uuid::Uuid::now_v7()));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        // Its name goes at once, and its bytes with whoever holds it: also when the program is killed, nothing stays.
        #[cfg(unix)]
        std::fs::remove_file(&path)?;
        Ok(Passing { file, path })
    }

    /// The file, to be written.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Back to its beginning, to be sent.
    pub fn rewind(&mut self) -> std::io::Result<()> {
        self.file.rewind()
    }
}

impl Drop for Passing {
    /// Elsewhere than on Unix the name stays until now.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Writes a workbook into a passing file. Blocks: for a thread of its own.
pub fn save(workbook: &mut Workbook) -> Result<Passing> {
    let mut passing = Passing::new("xlsx").map_err(Error::internal)?;
    workbook.save_to_writer(passing.file()).map_err(Error::internal)?;
    passing.rewind().map_err(Error::internal)?;
    Ok(passing)
}

/// Sends a saved workbook under this name.
pub async fn send(passing: Passing, name: &str) -> Result<Response> {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    send_file(passing, kind, name, "ledger.xlsx").await
}

/// Sends what was written as a file to be kept, under this name; `plain` stands for it in ASCII.
pub async fn send_file(passing: Passing, kind: &'static str, name: &str, plain: &str) -> Result<Response> {
    const AT_ONCE: usize = 64 * 1024;
    let file = tokio::fs::File::from_std(passing.file.try_clone().map_err(Error::internal)?);
    // The file goes with the stream.
    let parts = stream::try_unfold((file, passing), |(mut file, passing)| async move {
        let mut part = vec![0; AT_ONCE];
        let read = file.read(&mut part).await?;
        part.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((part, (file, passing))))
    });
    let mut response = Body::from_stream(parts).into_response();
    as_download(&mut response, kind, name, plain)?;
    Ok(response)
}

/// Who made the sheet and when, for its last lines.
pub fn made_by(ctx: &Ctx) -> String {
    let who = ctx.someone.as_deref().map_or("", |actor| &actor.display_name);
    ctx.locale.ledger_made_by(crate::server::clock::minute(ctx.now), who)
}
