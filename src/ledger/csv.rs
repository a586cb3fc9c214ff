//! The ledger as a table for a spreadsheet: one line per count, read page by page while it is sent.

use super::{
    filter::{self, Asked},
    words::{measure_text, precision_text, status_text, themes_text, type_text},
};
use crate::{
    activity::store::{self, Cursor, Entry},
    error::{Error, Result},
    locale::Locale,
    server::{clock, context::Ctx},
};
use axum::{
    body::Body,
    http::{HeaderValue, header},
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
    drop(conn);
    let locale = ctx.locale;
    let name = format!("{}-{}-{}.csv", locale.ledger_file(), asked.unit.short_name, ctx.today);
    let mut start = BYTE_ORDER_MARK.as_bytes().to_vec();
    start.extend(write(vec![header(locale).map(str::to_owned).to_vec()])?);
    let state = Some(Sending { ctx, asked, after: None, start });
    let parts = stream::try_unfold(state, |state| async move {
        match state {
            Some(sending) => sending.part().await.map(Some),
            None => Ok(None),
        }
    });
    let mut response = Body::from_stream(parts).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    // RFC 6266: a name in ASCII, and the true one.
    let disposition = format!("attachment; filename=\"ledger.csv\"; filename*=UTF-8''{encoded}");
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).map_err(Error::internal)?);
    Ok(response)
}

/// An export under way.
struct Sending {
    ctx: Ctx,
    asked: Asked,
    after: Option<Cursor>,
    /// What stands before the next part.
    start: Vec<u8>,
}

impl Sending {
    /// The next part, and what is left to send after it. No connection is held between parts.
    async fn part(mut self) -> Result<(Vec<u8>, Option<Sending>)> {
        let mut conn = self.ctx.db.read().await?;
        let entries = store::page(&mut conn, &self.asked.unit, &self.asked.filter, self.after, AT_ONCE).await?;
        drop(conn);
        let mut part = std::mem::take(&mut self.start);
        part.extend(write(entries.iter().flat_map(|entry| lines(self.ctx.locale, &self.asked, entry)).collect())?);
        self.after = entries.last().map(|last| (last.draft.date, last.draft.id));
        let is_last = entries.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
        Ok((part, (!is_last).then_some(self)))
    }
}

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

/// An entry's lines, one per count.
fn lines(locale: Locale, asked: &Asked, entry: &Entry) -> Vec<Vec<String>> {
    let draft = &entry.draft;
    let catalogue = &asked.catalogue;
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
            draft.campaigns.join(locale.ledger_list()),
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

fn write(lines: Vec<Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        writer.write_record(line.into_iter().map(guarded)).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.into_error()))
}

/// A cell that a spreadsheet would take for a formula is made a text.
fn guarded(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}
