//! What was logged in 2021, entered on its own day in one transaction.

use super::{
    Cast,
    setting::Events,
    year::{Entry, entries},
};
use crate::{
    activity::action::save_in,
    domain::{
        activity::{Draft, DraftQuantity},
        period::Day,
    },
    error::Result,
};
use chrono::Datelike;
use uuid::Uuid;

/// The year's last day, on which all its entries lie in the past.
const LAST: (u32, u32) = (12, 31);

/// Who typed an entry: the cadre or school that has an account for its own, else the officer for them (代录).
fn author(unit: &str) -> &'static str {
    match unit {
        "500113108210" => "cadre",
        "500113108216" => "cadre2",
        "500113108-s1" => "school",
        _ => "officer",
    }
}

/// Logs the year.
pub(super) async fn activities(cast: &Cast, events: &Events) -> Result<()> {
    let mut conn = cast.db.write().await?;
    for (number, entry) in entries().iter().enumerate() {
        let ctx = cast.at_work(author(entry.unit), LAST)?;
        let entered = super::on(&cast.db, None, entry.day).now;
        let draft = draft(ctx.locale.demo_note(), number, entry, events.get(&number).copied());
        save_in(&mut conn, &ctx, &draft, entered, None).await?;
    }
    conn.commit().await
}

fn draft(note: &str, number: usize, entry: &Entry, event: Option<Uuid>) -> Draft {
    Draft {
        id: id(number, entry.day),
        unit: entry.unit.into(),
        date: entry.day,
        date_to: entry.day_to,
        kind: Some(entry.kind.into()),
        themes: entry.themes.iter().map(|key| (*key).into()).collect(),
        campaigns: entry.campaigns.iter().map(|key| (*key).into()).collect(),
        event,
        classes: entry.classes.clone(),
        covers: Vec::new(),
        quantities: entry
            .quantities
            .iter()
            .map(|(measure, value, precision)| DraftQuantity {
                measure: (*measure).into(),
                value: *value,
                precision: *precision,
            })
            .collect(),
        note: note.into(),
        place: entry.place.into(),
        organiser: entry.organiser.into(),
        co_organisers: Vec::new(),
        handler: String::new(),
    }
}

/// The same entry gets the same id in every demo: a UUID of version 7 with its day and number in it.
fn id(number: usize, day: Day) -> Uuid {
    /// Milliseconds of a day.
    const DAY: u64 = 86_400_000;
    let days = u64::try_from(day.num_days_from_ce() - 719_163).unwrap_or_default();
    let mut rest = [0u8; 10];
    rest[2..].copy_from_slice(&(number as u64).to_be_bytes());
    uuid::Builder::from_unix_timestamp_millis(days * DAY, &rest).into_uuid()
}
