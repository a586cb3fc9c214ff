//! How many events there are: of a campaign by state, of a period by day.

use super::{
    event_store::{Filter, IS_DONE, push_drafts},
    store::push_in,
};
use crate::{
    domain::{
        access::Scope,
        period::{Day, Period},
        unit::path_end,
    },
    error::Result,
    push_scope, run,
    server::db::Conn,
};
use sqlx::QueryBuilder;
use std::collections::BTreeMap;

/// How many events of a campaign stand in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub planned: i64,
    pub done: i64,
    pub cancelled: i64,
    pub missed: i64,
}

impl Counts {
    /// All but the cancelled ones.
    pub fn held_or_to_hold(self) -> i64 {
        self.planned + self.done + self.missed
    }
}

/// The events of these campaigns by state, as far as they may be read; campaigns without events are left out.
pub async fn counts(conn: &mut Conn, scope: &Scope, campaigns: &[i64], today: Day) -> Result<BTreeMap<i64, Counts>> {
    let rows: Vec<(i64, i64, bool, bool, bool)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select campaign_id, count(*), done, cancelled, past from (select event.campaign_id, ",
        );
        query.push(IS_DONE).push(" as done, event.cancelled_at is not null as cancelled, event.day < ");
        query.push_bind(today).push(" as past from event join unit on unit.id = event.unit_id where ");
        push_scope!(query, "unit.path", scope);
        query.push(" and not event.draft and ");
        push_in!(query, "event.campaign_id", campaigns);
        query.push(") as stated group by campaign_id, done, cancelled, past");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut counts: BTreeMap<i64, Counts> = BTreeMap::new();
    for (campaign, number, done, cancelled, past) in rows {
        let counts = counts.entry(campaign).or_default();
        match (done, cancelled, past) {
            (true, ..) => counts.done += number,
            (_, true, _) => counts.cancelled += number,
            (_, _, true) => counts.missed += number,
            _ => counts.planned += number,
        }
    }
    Ok(counts)
}

/// The first and the last day with an event of the campaign that was not cancelled.
pub async fn span(conn: &mut Conn, campaign_id: i64) -> Result<Option<Period>> {
    let (from, to): (Option<Day>, Option<Day>) = run!(conn, c => sqlx::query_as(
        "select min(day), max(day) from event where campaign_id = $1 and cancelled_at is null",
    ).bind(campaign_id).fetch_one(c).await)?;
    Ok(from.zip(to).and_then(|(from, to)| Period::new(from, to)))
}

/// How many events that were not cancelled each day of a period has, and how many of these are drafts.
pub async fn by_day(
    conn: &mut Conn,
    scope: &Scope,
    period: Period,
    filter: &Filter,
) -> Result<BTreeMap<Day, (i64, i64)>> {
    let rows: Vec<(Day, bool, i64)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select event.day, event.draft, count(*) from event join unit on unit.id = event.unit_id \
             where event.cancelled_at is null and event.day >= ",
        );
        query.push_bind(period.from).push(" and event.day <= ").push_bind(period.to).push(" and ");
        push_scope!(query, "unit.path", scope);
        push_drafts!(query, filter.drafts.as_ref());
        if let Some(unit) = &filter.unit {
            query.push(" and unit.path >= ").push_bind(unit.path.clone());
            query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        }
        query.push(" group by event.day, event.draft");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut days: BTreeMap<Day, (i64, i64)> = BTreeMap::new();
    for (day, draft, count) in rows {
        let own = days.entry(day).or_default();
        own.0 += count;
        own.1 += if draft { count } else { 0 };
    }
    Ok(days)
}
