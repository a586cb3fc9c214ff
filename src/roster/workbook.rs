//! A roster as a workbook, whose heads the import reads again: `GET /rosters.xlsx?kind=&unit=&as_of=&ended=`, and for who
//! hands it over with other papers.

use super::{
    action,
    list_page::day_of,
    mind,
    store::{self, Entry, Which},
    words,
};
use crate::{
    domain::{
        period::{Day, Period},
        roster::{Field, Kind},
        unit::Unit,
    },
    error::{Error, Result},
    ledger::sheet::{self, Cell, Looks},
    locale::Locale,
    plan::action::read_unit,
    server::{context::Ctx, db::Conn},
};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::Datelike;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::collections::BTreeMap;

struct Roster {
    kind: Kind,
    title: String,
    entries: Vec<Entry>,
    hours: BTreeMap<i64, i64>,
    made: String,
    day: Day,
}

/// The workbook.
///
/// # Errors
/// [`Error::NotFound`] for a unit outside the reader's sight, and for what is no roster.
pub(super) async fn export(ctx: Ctx) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login?next=%2Frosters").into_response());
    }
    let kind = Kind::from_key(ctx.query.get("kind")).ok_or(Error::NotFound)?;
    let day = day_of(&ctx);
    let mut conn = ctx.db.read().await?;
    let unit = read_unit(&ctx, &mut conn, ctx.query.filled("unit")).await?;
    let which = if ctx.query.has("ended") { Which::Ever } else { Which::On(day) };
    let roster = load(&ctx, &mut conn, &unit, kind, which, day).await?;
    drop(conn);
    // On record before it is sent: nobody takes names along unseen.
    action::note_handed_out(&ctx, &unit, kind, roster.entries.len()).await?;
    let (locale, name) = (ctx.locale, format!("{}.xlsx", roster.title));
    let written = tokio::task::spawn_blocking(move || sheet::save(&mut workbook(locale, &roster)?));
    sheet::send(written.await.map_err(Error::internal)??, &name).await
}

/// The workbook of what is in force on a day. Whoever calls has loaded the unit under the reader's scope.
pub async fn bytes(ctx: &Ctx, unit: &Unit, kind: Kind, day: Day) -> Result<Vec<u8>> {
    let mut conn = ctx.db.read().await?;
    let roster = load(ctx, &mut conn, unit, kind, Which::On(day), day).await?;
    drop(conn);
    let locale = ctx.locale;
    let written =
        tokio::task::spawn_blocking(move || workbook(locale, &roster)?.save_to_buffer().map_err(Error::internal));
    written.await.map_err(Error::internal)?
}

async fn load(ctx: &Ctx, conn: &mut Conn, unit: &Unit, kind: Kind, which: Which, day: Day) -> Result<Roster> {
    let entries = store::list(conn, unit, kind, which).await?;
    let hours = match kind {
        Kind::VicePrincipal => mind::logged(conn, unit, Period::year(day.year()), "class_hour").await?,
        _ => BTreeMap::new(),
    };
    let title = ctx.locale.roster_title(words::title(ctx.locale, kind), &unit.short_name);
    Ok(Roster { kind, title, entries, hours, made: sheet::made_by(ctx), day })
}

fn workbook(locale: Locale, roster: &Roster) -> Result<Workbook> {
    let mut workbook = Workbook::new();
    fill(&mut workbook, locale, roster).map_err(Error::internal)?;
    Ok(workbook)
}

fn fill(workbook: &mut Workbook, locale: Locale, roster: &Roster) -> Result<(), XlsxError> {
    let looks = Looks::new(locale);
    let page = workbook.add_worksheet();
    let fields = words::fields(roster.kind);
    let mut heads: Vec<&str> = fields.iter().map(|field| words::label(locale, roster.kind, field)).collect();
    match roster.kind.mark() {
        Some(_) => heads.extend([locale.roster_last_mark(), locale.roster_marks()]),
        None if roster.kind == Kind::VicePrincipal => heads.push(locale.roster_class_hours()),
        None => {}
    }
    if roster.kind == Kind::LawLiterate {
        heads.push(locale.roster_hours());
    }
    sheet::set_up(page, words::title(locale, roster.kind), 1, &vec![16.0; heads.len()])?;
    looks.title(page, 0, &locale.roster_as_of(roster.day, &roster.title))?;
    looks.heads(page, 1, heads.iter().copied())?;
    let day = |day: Option<Day>| day.map_or(Cell::Empty, Cell::Day);
    let mut row = 1;
    for entry in &roster.entries {
        row += 1;
        let mut cells: Vec<Cell> = fields
            .iter()
            .map(|field| match *field {
                "unit" => Cell::text(&entry.unit_name),
                "name" => Cell::text(words::name(locale, entry)),
                "category" => Cell::text(&entry.category),
                "body" => Cell::text(&entry.body),
                "certificate" => Cell::text(&entry.certificate),
                "certificate_to" => day(entry.certificate_to),
                "from" => Cell::Day(entry.from_day),
                "to" => day(entry.to_day),
                "left" => day(entry.left_day),
                _ => Cell::text(if entry.renews { locale.ledger_yes() } else { locale.roster_no() }),
            })
            .collect();
        if roster.kind.mark().is_some() {
            cells.extend([day(entry.last_mark), Cell::Number(entry.marks)]);
        } else if roster.kind == Kind::VicePrincipal {
            cells.push(Cell::Number(roster.hours.get(&entry.unit_id).copied().unwrap_or_default()));
        }
        if roster.kind.says(Field::Certificate).is_some() {
            cells.push(Cell::Number(entry.hours));
        }
        looks.row(page, row, &cells)?;
    }
    page.write_string(row + 2, 0, &roster.made)?;
    Ok(())
}
