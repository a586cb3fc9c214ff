//! The ledger as offices know it: a row an entry, a column a measure, the totals below; a second sheet says what was
//! asked and how it was counted.

use super::{
    columns::{self, Column, Layout},
    condition::{self, Titles},
    filter::{self, Asked},
    sheet::{self, Cell, Looks, Passing},
    sums,
    words::{campaigns_text, measure_text, own_total, status_text, themes_text, type_text},
};
use crate::{
    activity::{
        list_store::{self, After, Summary},
        store::Entry,
    },
    campaign,
    domain::measure::Measure,
    error::{Error, Result},
    locale::Locale,
    server::{clock, context::Ctx},
};
use axum::response::{IntoResponse, Redirect, Response};
use rust_xlsxwriter::{Workbook, XlsxError};
use tokio::sync::mpsc;

/// How many entries are held at a time.
const AT_ONCE: i64 = 1_000;

/// A sheet has no more rows: head, entries and three lines of totals.
const MOST: i64 = 1_048_576 - 4;

/// `GET /activities.xlsx`: what the ledger's page shows, whole, in its order and columns.
///
/// # Errors
/// As [`filter::read`]; [`Error::Invalid`] where it is more than a sheet takes.
pub async fn export(ctx: Ctx) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login?next=%2Factivities").into_response());
    }
    // One state of the ledger: the rows and their totals agree.
    let mut conn = ctx.db.read().await?;
    let asked = filter::read(&ctx, &mut conn).await?;
    let layout = Layout::read(&ctx, &asked.catalogue);
    let summary = sums::summary(&mut conn, &asked.unit, &asked.filter).await?;
    if summary.count > MOST {
        return Err(Error::invalid("", ctx.locale.ledger_too_long(MOST)));
    }
    let scope = ctx.scope()?;
    let campaigns =
        campaign::store::outlines(&mut conn, &scope, &Default::default(), campaign::store::PAGE_LIMIT).await?;
    let titles: Titles = campaigns.into_iter().map(|one| (one.key, one.title)).collect();
    let name = format!("{}-{}-{}.xlsx", ctx.locale.ledger_file(), asked.unit.short_name, ctx.today);
    let plan = Plan::new(ctx.locale, &layout, &asked, &summary);
    let explanation = explain(&ctx, &asked, &summary, &titles);
    let (send, rows) = mpsc::channel(2);
    let written = {
        let (heads, sums) = (plan.heads.clone(), plan.sums(&summary));
        let locale = ctx.locale;
        tokio::task::spawn_blocking(move || write(locale, &heads, &sums, rows, &explanation))
    };
    let mut after: Option<After> = None;
    loop {
        let entries =
            list_store::page(&mut conn, &asked.unit, &asked.filter, asked.order, after.as_ref(), AT_ONCE).await?;
        after = entries.last().map(|last| After::entry(last, asked.order));
        let is_last = (entries.len() as i64) < AT_ONCE;
        let cells = entries.iter().map(|entry| plan.row(&ctx, &asked, &titles, entry)).collect();
        // The writer hangs up only when it failed, and tells why below.
        if send.send(cells).await.is_err() || is_last {
            break;
        }
    }
    drop((send, conn));
    let passing = written.await.map_err(Error::internal)??;
    sheet::send(passing, &name).await
}

/// A column of the sheet.
#[derive(Clone, Debug)]
struct Head {
    text: String,
    width: f64,
}

/// What of an entry stands in a column.
enum What<'a> {
    Day,
    DayTo,
    Code,
    Of(Column),
    Count(&'a Measure),
    Late,
    Id,
    Version,
}

/// The columns: those chosen, else all that says something.
struct Plan<'a> {
    what: Vec<What<'a>>,
    heads: Vec<Head>,
}

impl<'a> Plan<'a> {
    fn new(locale: Locale, layout: &Layout, asked: &'a Asked, summary: &Summary) -> Plan<'a> {
        let mut what = vec![What::Day, What::DayTo];
        let shown = |column: Column| !layout.chosen || layout.has(column);
        if shown(Column::Unit) {
            what.extend([What::Of(Column::Unit), What::Code]);
        }
        if shown(Column::Type) {
            what.push(What::Of(Column::Type));
        }
        let mut measures = layout.measures_of(&asked.catalogue, &summary.totals);
        if measures.is_empty() && shown(Column::Figures) {
            let own = asked.catalogue.measures.iter();
            measures = own.filter(|measure| summary.totals.contains_key(&measure.id)).collect();
        }
        what.extend(measures.into_iter().map(What::Count));
        for column in [
            Column::Themes,
            Column::Campaigns,
            Column::Place,
            Column::Organiser,
            Column::Handler,
            Column::Note,
            Column::EnteredBy,
            Column::EnteredAt,
        ] {
            if shown(column) {
                what.push(What::Of(column));
            }
        }
        if shown(Column::Marks) {
            what.extend([What::Of(Column::Marks), What::Late]);
        }
        what.extend([What::Version, What::Id]);
        let heads = what.iter().map(|one| head(locale, one)).collect();
        Plan { what, heads }
    }

    fn row(&self, ctx: &Ctx, asked: &Asked, titles: &Titles, entry: &Entry) -> Vec<Cell> {
        let locale = ctx.locale;
        let draft = &entry.draft;
        let catalogue = &asked.catalogue;
        let cell = |what: &What| match what {
            What::Day => Cell::Day(draft.date),
            What::DayTo => draft.date_to.map_or(Cell::Empty, Cell::Day),
            What::Code => Cell::text(&draft.unit),
            What::Count(measure) => Cell::count(own_total(entry, measure.id)),
            What::Late => Cell::text(if entry.late { locale.ledger_yes() } else { locale.ledger_no() }),
            What::Id => Cell::text(draft.id.to_string()),
            What::Version => Cell::Number(entry.version),
            What::Of(column) => Cell::text(match column {
                Column::Unit => entry.unit_name.clone(),
                Column::Type => type_text(locale, catalogue, entry),
                Column::Themes => themes_text(locale, catalogue, entry),
                Column::Campaigns => campaigns_text(locale, titles, entry),
                Column::Place => draft.place.clone(),
                Column::Organiser => draft.organiser.clone(),
                Column::Handler => draft.handler.clone(),
                Column::Note => draft.note.clone(),
                Column::EnteredBy => entry.entered_by_name.clone(),
                Column::EnteredAt => clock::minute(entry.entered_at),
                Column::Marks => status_text(locale, entry.status).to_owned(),
                Column::Figures | Column::Measures => String::new(),
            }),
        };
        self.what.iter().map(cell).collect()
    }

    /// The totals by column: whole, at least, estimate.
    fn sums(&self, summary: &Summary) -> Vec<(u16, [i64; 3])> {
        let sum = |(column, what): (u16, &What)| match what {
            What::Count(measure) => {
                let total = summary.totals.get(&measure.id).copied().unwrap_or_default();
                Some((column, [total.total(), total.at_least, total.estimate]))
            }
            _ => None,
        };
        (0..).zip(&self.what).filter_map(sum).collect()
    }
}

fn head(locale: Locale, what: &What) -> Head {
    let (text, width) = match what {
        What::Day => (locale.ledger_date(), 11.0),
        What::DayTo => (locale.ledger_csv_date_to(), 11.0),
        What::Code => (locale.ledger_csv_code(), 14.0),
        What::Late => (locale.ledger_late(), 6.0),
        What::Id => (locale.ledger_csv_id(), 38.0),
        What::Version => (locale.ledger_csv_version(), 6.0),
        What::Count(measure) => {
            let name = measure_text(locale, Some(measure), &measure.key);
            let word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref());
            return Head { text: locale.ledger_with_unit(name, word), width: 11.0 };
        }
        What::Of(Column::Marks) => (locale.ledger_status(), 8.0),
        What::Of(column) => (
            columns::name(locale, *column),
            match column {
                Column::Note => 30.0,
                Column::Campaigns | Column::Themes | Column::EnteredAt => 18.0,
                _ => 14.0,
            },
        ),
    };
    Head { text: text.to_owned(), width }
}

/// The lines of the second sheet: a heading and what it is about, then a table of measures.
struct Explanation {
    title: String,
    lines: Vec<(String, String)>,
    heads: Vec<String>,
    measures: Vec<Vec<Cell>>,
}

fn explain(ctx: &Ctx, asked: &Asked, summary: &Summary, titles: &Titles) -> Explanation {
    let locale = ctx.locale;
    let told: Vec<String> =
        condition::told(locale, &ctx.query, asked, titles).into_iter().map(|one| one.text).collect();
    let told = if told.is_empty() { locale.all().to_owned() } else { told.join(locale.ledger_told_join()) };
    let line = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let unit = format!("{} {}", asked.unit.name, asked.unit.code);
    let measures = sums::in_order(asked, summary)
        .into_iter()
        .filter_map(|(id, total)| Some((asked.catalogue.measure_by_id(id)?, total)))
        .map(|(measure, total)| {
            vec![
                Cell::text(measure_text(locale, Some(measure), &measure.key)),
                Cell::text(locale.name(&measure.unit_word, measure.unit_word_en.as_deref())),
                Cell::Number(total.total()),
                Cell::Number(total.at_least),
                Cell::Number(total.estimate),
                Cell::text(&measure.counting_rule),
            ]
        })
        .collect();
    Explanation {
        title: locale.ledger_title(&asked.unit.short_name),
        lines: vec![
            line(locale.ledger_unit(), &unit),
            line(locale.ledger_conditions(), &told),
            line(locale.ledger_entries(), &summary.count.to_string()),
            line(locale.ledger_precision_at_least(), locale.ledger_means_at_least()),
            line(locale.ledger_precision_estimate(), locale.ledger_means_estimate()),
            line(locale.ledger_counted(), locale.ledger_means_counted()),
            line(locale.ledger_made(), &sheet::made_by(ctx)),
        ],
        heads: [
            locale.ledger_measure(),
            locale.ledger_unit_word(),
            locale.ledger_sums(),
            locale.ledger_of_at_least(),
            locale.ledger_of_estimate(),
            locale.ledger_rule(),
        ]
        .map(str::to_owned)
        .to_vec(),
        measures,
    }
}

type Rows = mpsc::Receiver<Vec<Vec<Cell>>>;

/// Writes both sheets; the entries as they come.
fn write(
    locale: Locale,
    heads: &[Head],
    sums: &[(u16, [i64; 3])],
    rows: Rows,
    explanation: &Explanation,
) -> Result<Passing> {
    let mut workbook = Workbook::new();
    fill(&mut workbook, locale, heads, sums, rows, explanation).map_err(Error::internal)?;
    sheet::save(&mut workbook)
}

fn fill(
    workbook: &mut Workbook,
    locale: Locale,
    heads: &[Head],
    sums: &[(u16, [i64; 3])],
    mut rows: Rows,
    explanation: &Explanation,
) -> Result<(), XlsxError> {
    let looks = Looks::new(locale);
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    let widths: Vec<f64> = heads.iter().map(|head| head.width).collect();
    sheet::set_up(sheet, locale.ledger_file(), 0, &widths)?;
    looks.heads(sheet, 0, heads.iter().map(|head| head.text.as_str()))?;
    let mut row = 0;
    while let Some(part) = rows.blocking_recv() {
        for cells in part {
            row += 1;
            looks.row(sheet, row, &cells)?;
        }
    }
    if row > 0 {
        let last_column = u16::try_from(heads.len().saturating_sub(1)).unwrap_or_default();
        sheet.autofilter(0, 0, row, last_column)?;
        looks.strong(sheet, row + 1, 0, locale.ledger_sums())?;
        for (column, [sum, ..]) in sums {
            looks.sum(sheet, (row + 1, *column), (1, row), *sum)?;
        }
        for (line, name, part) in [(2, locale.ledger_of_at_least(), 1), (3, locale.ledger_of_estimate(), 2)] {
            looks.strong(sheet, row + line, 0, name)?;
            for (column, parts) in sums {
                looks.put(sheet, row + line, *column, &Cell::Number(parts[part]))?;
            }
        }
    }
    let sheet = workbook.add_worksheet();
    sheet::set_up(sheet, locale.ledger_explanation(), 0, &[20.0, 10.0, 12.0, 14.0, 14.0, 80.0])?;
    looks.title(sheet, 0, &explanation.title)?;
    let mut row = 1;
    for (name, text) in &explanation.lines {
        looks.strong(sheet, row, 0, name)?;
        sheet.write_string(row, 1, text)?;
        row += 1;
    }
    looks.heads(sheet, row + 1, explanation.heads.iter().map(String::as_str))?;
    for (number, cells) in (row + 2..).zip(&explanation.measures) {
        looks.row(sheet, number, cells)?;
    }
    Ok(())
}
