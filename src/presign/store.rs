//! What a check before signing counts of the ledger, by its index on unit and day.

use crate::{
    domain::{
        event::day_of,
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use sqlx::FromRow;
use std::collections::BTreeMap;

/// How many of a unit's entries of a period are what; withdrawn ones are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Counts {
    pub entries: i64,
    /// Those of a type that wants evidence, and have none.
    pub bare: i64,
    /// Sent back to their authors, and not corrected yet.
    pub returned: i64,
    /// Of which something was asked that nobody has answered.
    pub asked: i64,
    /// Entered from an instant on, for days before another.
    pub afterwards: i64,
}

/// Counts the entries of a unit and all below it; `from` is the instant, and `before` the day, of [`Counts::afterwards`].
pub async fn counts(conn: &mut Conn, unit: &Unit, period: Period, from: DateTime<Utc>, before: Day) -> Result<Counts> {
    Ok(run!(conn, c => sqlx::query_as(
        "with standing as materialized (select activity.id, activity.day, activity.status, activity.entered_at, \
         activity.type_id from activity join unit on unit.id = activity.unit_id where unit.path >= $1 and unit.path < $2 \
         and activity.day >= $3 and activity.day <= $4 and activity.status <> 'withdrawn') \
         select (select count(*) from standing) as entries, \
         (select count(*) from standing join activity_type on activity_type.id = standing.type_id \
         where activity_type.evidence <> 'none' and not exists (select 1 from evidence_link \
         where evidence_link.activity_id = standing.id and evidence_link.unlinked_at is null)) as bare, \
         (select count(*) from standing where status = 'returned') as returned, \
         (select count(*) from standing where exists (select 1 from activity_question where activity_question.activity_id = \
         standing.id and activity_question.answer = '')) as asked, \
         (select count(*) from standing where entered_at >= $5 and day < $6) as afterwards",
    ).bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to).bind(from).bind(before)
    .fetch_one(c).await)?)
}

/// How many of a unit's entries of a period were entered on which day (UTC+8).
pub async fn entered_by_day(conn: &mut Conn, unit: &Unit, period: Period) -> Result<BTreeMap<Day, i64>> {
    // Both engines write an instant in UTC as year, month, day, hour; these are put together to days of UTC+8 here.
    let hours: Vec<(String, i64)> = run!(conn, c => sqlx::query_as(
        "select substr(cast(activity.entered_at as text), 1, 13) as hour, count(*) from activity \
         join unit on unit.id = activity.unit_id where unit.path >= $1 and unit.path < $2 \
         and activity.day >= $3 and activity.day <= $4 and activity.status <> 'withdrawn' \
         group by substr(cast(activity.entered_at as text), 1, 13)",
    ).bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to).fetch_all(c).await)?;
    let mut by_day = BTreeMap::new();
    for (hour, count) in hours {
        let text = format!("{}:00", hour.replace('T', " "));
        if let Ok(instant) = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M") {
            *by_day.entry(day_of(instant.and_utc())).or_default() += count;
        }
    }
    Ok(by_day)
}
