//! The ledger as a table for programs: one line per count, in the order and columns of the page, read page by page
//! while it is sent.

use super::{
    columns::{Column, Layout},
    condition::Titles,
    filter::{self, Asked},
    words::{campaigns_text, measure_text, precision_text, status_text, themes_text, type_text},
};
use crate::{
    activity::{
        list_store::{self, After},
        store::Entry,
    },
    campaign,
    error::{Error, Result},
    locale::Locale,
    server::{clock, context::Ctx, document::as_download},
};
use axum::{
    body::Body,
    response::{IntoResponse, Redirect, Response},
};
use futures::stream;

/// How many entries are held at a time.
const AT_ONCE: i64 = 500;

/// Spreadsheets take a file for UTF-8 that begins with this.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// `GET /activities.csv`: what the ledger's page shows, whole. Whoever is not logged in is asked to.
///
/// # Errors
/// As [`filter::read`].
pub async fn export(ctx: Ctx) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login?next=%2Factivities").into_response());
    }
    let mut conn = ctx.db.read().await?;
    let asked = filter::read(&ctx, &mut conn).await?;
    let scope = ctx.scope()?;
    let campaigns =
        campaign::store::outlines(&mut conn, &scope, &Default::default(), campaign::store::PAGE_LIMIT).await?;
    let titles = campaigns.into_iter().map(|one| (one.key, one.title)).collect();
    drop(conn);
    let locale = ctx.locale;
    let layout = Layout::read(&ctx, &asked.catalogue);
    let shown = COLUMNS.map(|column| !layout.chosen || column.is_none_or(|column| layout.has(column)));
    let name = format!("{}-{}-{}.csv", locale.ledger_file(), asked.unit.short_name, ctx.today);
    let mut start = BYTE_ORDER_MARK.as_bytes().to_vec();
    start.extend(write(vec![header(locale).map(str::to_owned).to_vec()], &shown)?);
    let state = Some(Sending { ctx, asked, titles, shown, after: None, start });
    let parts = stream::try_unfold(state, |state| async move {
        match state {
            Some(sending) => sending.part().await.map(Some),
            None => Ok(None),
        }
    });
    let mut response = Body::from_stream(parts).into_response();
    as_download(&mut response, "text/csv; charset=utf-8", &name, "ledger.csv")?;
    Ok(response)
}

/// An export under way.
struct Sending {
    ctx: Ctx,
    asked: Asked,
    titles: Titles,
    /// Which of [`COLUMNS`] are sent.
    shown: [bool; COLUMNS.len()],
    after: Option<After>,
    /// What stands before the next part.
    start: Vec<u8>,
}

impl Sending {
    /// The next part, and what is left to send after it. No connection is held between parts.
    async fn part(mut self) -> Result<(Vec<u8>, Option<Sending>)> {
        let mut conn = self.ctx.db.read().await?;
        let Asked { unit, filter, order, .. } = &self.asked;
        let entries = list_store::page(&mut conn, unit, filter, *order, self.after.as_ref(), AT_ONCE).await?;
        drop(conn);
        let mut part = std::mem::take(&mut self.start);
        part.extend(write(entries.iter().flat_map(|entry| self.lines(entry)).collect(), &self.shown)?);
        self.after = entries.last().map(|last| After::entry(last, self.asked.order));
        let is_last = entries.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        Ok((part, (!is_last).then_some(self)))
    }

    /// An entry's lines, one per count.
    fn lines(&self, entry: &Entry) -> Vec<Vec<String>> {
        let locale = self.ctx.locale;
        let draft = &entry.draft;
        let catalogue = &self.asked.catalogue;
        let yes = |is: bool| if is { locale.ledger_yes() } else { locale.ledger_no() }.to_owned();
        let line = |quantity: &crate::domain::activity::DraftQuantity| {
            vec![
                draft.id.to_string(),
                draft.date.to_string(),
                draft.date_to.map(|day| day.to_string()).unwrap_or_default(),
                draft.unit.clone(),
                entry.unit_name.clone(),
                type_text(locale, catalogue, entry),
                measure_text(locale, catalogue.measure(&quantity.measure), &quantity.measure).to_owned(),
                quantity.value.to_string(),
                precision_text(locale, quantity.precision).to_owned(),
                themes_text(locale, catalogue, entry),
                campaigns_text(locale, &self.titles, entry),
                draft.place.clone(),
                draft.organiser.clone(),
                draft.handler.clone(),
                draft.note.clone(),
                status_text(locale, entry.status).to_owned(),
                yes(entry.late),
                entry.version.to_string(),
                clock::minute(entry.entered_at),
                entry.entered_by_name.clone(),
            ]
        };
        draft.quantities.iter().map(line).collect()
    }
}

/// The column of the page that each one here belongs to; `None`: it is always sent.
const COLUMNS: [Option<Column>; 20] = [
    None,
    None,
    None,
    None,
    Some(Column::Unit),
    Some(Column::Type),
    None,
    None,
    None,
    Some(Column::Themes),
    Some(Column::Campaigns),
    Some(Column::Place),
    Some(Column::Organiser),
    Some(Column::Handler),
    Some(Column::Note),
    Some(Column::Marks),
    Some(Column::Marks),
    Some(Column::Marks),
    Some(Column::EnteredAt),
    Some(Column::EnteredBy),
];

fn header(locale: Locale) -> [&'static str; 20] {
    [
        locale.ledger_csv_id(),
        locale.ledger_csv_date(),
        locale.ledger_csv_date_to(),
        locale.ledger_csv_code(),
        locale.ledger_csv_unit(),
        locale.ledger_csv_type(),
        locale.ledger_csv_measure(),
        locale.ledger_csv_value(),
        locale.ledger_csv_precision(),
        locale.ledger_csv_themes(),
        locale.ledger_csv_campaigns(),
        locale.ledger_csv_place(),
        locale.ledger_csv_organiser(),
        locale.ledger_csv_handler(),
        locale.ledger_csv_note(),
        locale.ledger_csv_status(),
        locale.ledger_csv_late(),
        locale.ledger_csv_version(),
        locale.ledger_csv_entered_at(),
        locale.ledger_csv_entered_by(),
    ]
}

fn write(lines: Vec<Vec<String>>, shown: &[bool]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        let cells = line.into_iter().zip(shown).filter(|(_, shown)| **shown).map(|(cell, _)| guarded(cell));
        writer.write_record(cells).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.into_error()))
}

/// A cell that a spreadsheet would take for a formula is made a text.
fn guarded(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
