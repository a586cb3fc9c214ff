//! For tests: ledgers as offices make them, as real files.

use super::{
    action::{self, Done},
    examine::Progress,
};
use crate::{
    domain::{activity::Draft, period::Day},
    error::Result,
    run,
    server::{context::Ctx, db::Db, testing::World},
};
use chrono::{NaiveTime, TimeZone, Utc};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use sqlx::types::Json;
use std::sync::atomic::{AtomicI32, Ordering};

pub const TOWN: &str = "500999001";
pub const TIANPING: &str = "500999001201";

/// A sheet: cells divided by `|`, rows by line; `#12` is a number, `@2021-12-04` a real date. Merged areas as (first row,
/// first column, last row, last column), from 0.
pub fn write(sheet: &mut Worksheet, grid: &str, merges: &[(u32, u16, u32, u16)]) {
    for area in merges {
        sheet.merge_range(area.0, area.1, area.2, area.3, "", &Format::new()).expect("a merged area");
    }
    let day_format = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    for (row, line) in (0..).zip(grid.trim_matches('\n').lines()) {
        for (column, cell) in (0..).zip(line.split('|')) {
            let cell = cell.trim();
            if let Some(number) = cell.strip_prefix('#') {
                sheet.write_number(row, column, number.parse::<f64>().expect("a number")).expect("a cell");
            } else if let Some(day) = cell.strip_prefix('@') {
                let day: Day = day.parse().expect("a day");
                sheet.write_datetime_with_format(row, column, day, &day_format).expect("a cell");
            } else if !cell.is_empty() {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
}

/// One sheet as the bytes of a file.
pub fn xlsx(name: &str, grid: &str, merges: &[(u32, u16, u32, u16)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name).expect("a name");
    write(sheet, grid, merges);
    book.save_to_buffer().expect("a file")
}

/// The command line's context on the last day of 2021.
pub fn context(db: &Db) -> Ctx {
    let mut ctx = Ctx::for_program(db.clone(), None);
    ctx.today = "2021-12-31".parse().expect("a day");
    ctx.now = Utc.from_utc_datetime(&ctx.today.and_time(NaiveTime::MIN));
    ctx
}

/// The same as somebody of the cast.
pub async fn context_of(world: &World, who: &str) -> Ctx {
    let someone = world.actor(who).await;
    Ctx { someone: Some(std::sync::Arc::new(someone)), ..context(&world.db) }
}

/// Imports a file for a unit by the command line's way.
pub async fn import(db: &Db, name: &str, bytes: &[u8], unit: &str) -> Result<Done> {
    action::import(&context(db), name, bytes.to_vec(), unit, false, &Progress::default()).await
}

/// Accepted, refused and already there, and each refusal as `sheet!cell: reason`.
pub fn outcome(done: &Done) -> (i64, i64, i64, Vec<String>) {
    let counts = done.findings.counts;
    let told = done.findings.told.iter().map(|one| format!("{}!{}: {}", one.sheet, one.cell, one.message)).collect();
    (counts.accepted, counts.refused, counts.already, told)
}

/// Every entry that counts, by day and unit: as `day unit type measure=value(precision)… | note`.
pub async fn entries(db: &Db) -> Vec<String> {
    let mut all = drafts(db).await;
    all.sort_by(|one, other| (one.date, &one.unit, &one.note).cmp(&(other.date, &other.unit, &other.note)));
    all.iter()
        .map(|draft| {
            let counts: Vec<String> = draft
                .quantities
                .iter()
                .map(|one| match one.precision.key() {
                    "exact" => format!("{}={}", one.measure, one.value),
                    other => format!("{}={}({other})", one.measure, one.value),
                })
                .collect();
            let to = draft.date_to.map(|to| format!("–{to}")).unwrap_or_default();
            let kind = draft.kind.as_deref().unwrap_or("?");
            format!("{}{to} {} {kind} {}", draft.date, draft.unit, counts.join(" "))
        })
        .collect()
}

/// Every entry that counts, as it was posted.
pub async fn drafts(db: &Db) -> Vec<Draft> {
    let mut conn = db.read().await.expect("a transaction");
    let rows: Vec<(Json<Draft>,)> = run!(&mut conn, c => sqlx::query_as(
        "select posted from activity where status <> 'withdrawn'",
    ).fetch_all(c).await)
    .expect("the entries");
    rows.into_iter().map(|(draft,)| draft.0).collect()
}

/// The id of a ledger that the cadre of 天坪村 imported for it: another one at each call.
pub async fn stored(world: &World) -> String {
    static NEXT: AtomicI32 = AtomicI32::new(1);
    let rows = format!("日期\t横幅\t备注\n2021-06-01\t3\t{}\n", NEXT.fetch_add(1, Ordering::Relaxed));
    let sent = world.submit("sun", "/import", &[("unit", TIANPING), ("rows", &rows)]).await;
    let here = sent.header("location").to_owned();
    let stored = world.submit("sun", &here, &[("do", "store"), ("mode", "all")]).await;
    assert_eq!((sent.status.as_u16(), stored.status.as_u16()), (303, 303), "{}{}", sent.text, stored.text);
    here.trim_start_matches("/import/").to_owned()
}
