//! Closing, opening again, unlocking: who may, and whether an entry passes. Everybody who reads a unit sees what is
//! closed; officers and administrators of the unit that closes decide.

use super::store::{self, NewUnlock, Of};
use crate::{
    domain::{
        activity::spread,
        closing::{Closing, Gate, Span, gate},
        measure::Total,
        period::{Day, Month, Period},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    figure,
    plan::action::read_unit,
    server::{audit, clock, context::Ctx, db::Conn},
    unit,
};
use chrono::Days;
use serde_json::json;
use std::collections::BTreeMap;

/// The most characters of a reason.
const LONGEST_REASON: usize = 500;
/// How long an unlock may hold, in days.
const LONGEST_UNLOCK: u64 = 92;

/// Where an entry stands: its unit's path and its days.
pub type Place<'a> = (&'a str, Period);

/// Holds entries, or one entry as it was and as it will be, against what is closed: one statement. For each place whether
/// an unlock lets it in, which makes a new entry late. Nothing is closed then before the transaction ends.
///
/// # Errors
/// [`Error::Conflict`] with the code `period_closed` where one of them lies in a closed period.
pub async fn pass(conn: &mut Conn, ctx: &Ctx, places: &[Place<'_>]) -> Result<Vec<bool>> {
    let mut ids: Vec<i64> = places.iter().flat_map(|(path, _)| crate::domain::unit::ancestry(path)).collect();
    ids.sort_unstable();
    ids.dedup();
    let from = places.iter().map(|(_, days)| days.from).min();
    let to = places.iter().map(|(_, days)| days.to).max();
    let (Some(from), Some(to)) = (from, to) else { return Ok(Vec::new()) };
    conn.hold_closings().await?;
    let closings = store::in_force(conn, Of::Units(&ids), Period { from, to }).await?;
    places.iter().map(|(path, days)| judge(ctx, &closings, path, *days)).collect()
}

/// As [`pass`], for one entry among many: `closings` are those in force around all of them.
pub fn judge(ctx: &Ctx, closings: &[Closing], path: &str, days: Period) -> Result<bool> {
    match gate(closings, path, days, ctx.today) {
        Gate::Open => Ok(false),
        Gate::Unlocked => Ok(true),
        Gate::Closed(closing) => Err(refusal(ctx, closing)),
    }
}

/// Why a ledger's row is turned away: its file is the reader's own and can be imported again.
pub fn refused_row(ctx: &Ctx, closing: &Closing) -> String {
    let (span, day) = (span_text(ctx, Span::of(closing.period)), clock::day_of(closing.closed_at));
    ctx.locale.closing_refused_row(day, &closing.closed_by, span, &closing.unit_name)
}

/// Why an entry is turned away, who closed its period, and how to go on.
pub fn refusal(ctx: &Ctx, closing: &Closing) -> Error {
    let locale = ctx.locale;
    let span = span_text(ctx, Span::of(closing.period));
    let day = clock::day_of(closing.closed_at);
    let may_unlock = ctx.someone.as_deref().is_some_and(|actor| actor.planning_scope().contains(&closing.unit_path));
    let (unit, name) = (&closing.unit_name, &closing.closed_by);
    let message = match may_unlock {
        true => locale.closing_refused_officer(day, name, span, unit),
        false => locale.closing_refused(day, name, span, unit),
    };
    Error::Conflict { code: "period_closed", message }
}

/// Why a stored entry can be neither corrected nor withdrawn today, if its period is closed.
pub async fn why_closed(conn: &mut Conn, ctx: &Ctx, (path, days): Place<'_>) -> Result<Option<String>> {
    let closings = store::in_force(conn, Of::Units(&crate::domain::unit::ancestry(path)), days).await?;
    Ok(match gate(&closings, path, days, ctx.today) {
        Gate::Closed(closing) => {
            let (day, span) = (clock::day_of(closing.closed_at), span_text(ctx, Span::of(closing.period)));
            Some(ctx.locale.closing_entry(day, &closing.closed_by, span, &closing.unit_name))
        }
        Gate::Open | Gate::Unlocked => None,
    })
}

/// 2025年, 2025年12月.
pub fn span_text(ctx: &Ctx, span: Span) -> String {
    match span {
        Span::Year(year) => ctx.locale.closing_year(year),
        Span::Month(month) => ctx.locale.closing_month(month.number(), month.year()),
    }
}

/// A month or the whole year on the page.
#[derive(Clone, Debug)]
pub struct Line {
    pub span: Span,
    /// What counts, and what of it came late.
    pub activities: i64,
    pub late: i64,
    /// The closings that hold all of it, the topmost unit's first.
    pub closings: Vec<Closing>,
}

/// The periods of a unit's year.
#[derive(Debug)]
pub struct Board {
    pub unit: Unit,
    pub units: Vec<Unit>,
    /// Whether the reader decides here.
    pub manages: bool,
    /// The year, then its months.
    pub lines: Vec<Line>,
    pub past: Vec<store::Past>,
}

/// A unit's year.
///
/// # Errors
/// [`Error::NotFound`] for a unit outside the reader's scope.
pub async fn board(ctx: &Ctx, code: Option<&str>, year: i32) -> Result<Board> {
    let mut conn = ctx.db.read().await?;
    let unit = read_unit(ctx, &mut conn, code).await?;
    let units = unit::store::all(&mut conn, &ctx.scope()?).await?;
    let closings = store::in_force(&mut conn, Of::Above(&unit), Period::year(year)).await?;
    let late = store::late_by_month(&mut conn, &unit, year).await?;
    let filter = figure::Filter { measure: Some(0), ..figure::Filter::all() };
    let counted = figure::store::by_month(&mut conn, &unit, Period::year(year), &filter).await?;
    let past = store::reopened(&mut conn, unit.id, year).await?;
    let line = |span: Span, activities: i64, late: i64| Line {
        span,
        activities,
        late,
        closings: closings
            .iter()
            .filter(|one| one.period.intersection(span.period()) == Some(span.period()))
            .cloned()
            .collect(),
    };
    let in_month = |month: Month| counted.get(&(month, 0)).map_or(0, |total| total.activities);
    let months: Vec<Month> = Period::year(year).months().collect();
    let whole = months.iter().map(|month| in_month(*month)).sum();
    let mut lines = vec![line(Span::Year(year), whole, late.values().sum())];
    for month in months {
        lines.push(line(Span::Month(month), in_month(month), late.get(&month).copied().unwrap_or_default()));
    }
    let manages = ctx.actor()?.may_manage(&unit);
    Ok(Board { unit, units, manages, lines, past })
}

/// What of a period's totals came late, by measure: what is entered over several days falls into it in part.
pub async fn late_totals(conn: &mut Conn, unit: &Unit, period: Period) -> Result<BTreeMap<i64, Total>> {
    let mut totals: BTreeMap<i64, Total> = BTreeMap::new();
    for (measure, precision, value, days) in store::late_counts(conn, unit, period).await? {
        let part = match days {
            None => value,
            Some(days) => {
                let Some(window) = days.intersection(period) else { continue };
                let first = (window.from - days.from).num_days();
                spread(value, days.days(), first, first + window.days() - 1)
            }
        };
        *totals.entry(measure).or_default().part(precision) += part;
    }
    Ok(totals)
}

/// The unit, if the reader decides about its periods.
async fn to_manage(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<Unit> {
    let unit = read_unit(ctx, conn, Some(code)).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    Ok(unit)
}

fn span_of(ctx: &Ctx, text: &str, problems: &mut Problems) -> Option<Span> {
    let span = Span::parse(text);
    if span.is_none() {
        problems.add("period", ctx.locale.closing_period_wrong());
    }
    span
}

fn reason_of(ctx: &Ctx, field: &str, text: &str, problems: &mut Problems) -> String {
    match text.trim().chars().count() {
        0 => problems.add(field, ctx.locale.activity_reason_missing()),
        count if count > LONGEST_REASON => {
            problems.add(field, ctx.locale.activity_text_too_long(LONGEST_REASON));
        }
        _ => {}
    }
    text.trim().to_owned()
}

async fn record(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    action: &'static str,
    span: Span,
    mut detail: serde_json::Value,
) -> Result<()> {
    detail["unit"] = json!(unit.code);
    let subject = span.to_string();
    let entry = audit::Entry { actor: Some(ctx.actor()?), unit_id: Some(unit.id), action, subject, detail };
    audit::record(conn, ctx.now, entry).await
}

/// Closes a month or a year for a unit and all below it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] for a period that has not begun, [`Error::Conflict`] for
/// one that is closed already.
pub async fn close(ctx: &Ctx, code: &str, period: &str) -> Result<Span> {
    let mut conn = ctx.db.write().await?;
    conn.lock_closings().await?;
    let unit = to_manage(ctx, &mut conn, code).await?;
    let mut problems = Problems::default();
    let Some(span) = span_of(ctx, period, &mut problems) else { return Err(problems.into_inner().into()) };
    if span.period().from > ctx.today {
        return Err(Error::invalid("period", ctx.locale.closing_not_begun()));
    }
    if !store::close(&mut conn, unit.id, span.period(), ctx.actor()?.account_id, ctx.now).await? {
        let message = ctx.locale.closing_already(span_text(ctx, span));
        return Err(Error::Conflict { code: "closed_already", message });
    }
    record(ctx, &mut conn, &unit, "closing.close", span, json!({})).await?;
    conn.commit().await?;
    Ok(span)
}

/// Opens a period again that the unit closed.
///
/// # Errors
/// As [`close`]; [`Error::Invalid`] without a reason, [`Error::NotFound`] where the unit itself has not closed it.
pub async fn reopen(ctx: &Ctx, code: &str, period: &str, reason: &str) -> Result<Span> {
    let mut conn = ctx.db.write().await?;
    conn.lock_closings().await?;
    let unit = to_manage(ctx, &mut conn, code).await?;
    let mut problems = Problems::default();
    let span = span_of(ctx, period, &mut problems);
    let reason = reason_of(ctx, "why", reason, &mut problems);
    let (Some(span), true) = (span, problems.is_empty()) else { return Err(problems.into_inner().into()) };
    let closings = store::in_force(&mut conn, Of::Units(&[unit.id]), span.period()).await?;
    let own = closings.iter().find(|one| one.period == span.period());
    let Some(own) = own else { return Err(Error::invalid("period", ctx.locale.closing_not_closed_here())) };
    store::reopen(&mut conn, own.id, ctx.actor()?.account_id, ctx.now, &reason).await?;
    record(ctx, &mut conn, &unit, "closing.reopen", span, json!({ "reason": reason })).await?;
    conn.commit().await?;
    Ok(span)
}

/// Lets a unit and all below it enter what lies in a closed period until a day; the entries are late (补报).
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] also where the period was closed by a unit above that the reader does not
/// manage; [`Error::Invalid`] by field.
pub async fn unlock(ctx: &Ctx, code: &str, period: &str, until: &str, reason: &str) -> Result<Span> {
    let locale = ctx.locale;
    let mut conn = ctx.db.write().await?;
    let unit = to_manage(ctx, &mut conn, code).await?;
    let mut problems = Problems::default();
    let span = span_of(ctx, period, &mut problems);
    let reason = reason_of(ctx, "reason", reason, &mut problems);
    let until: Day = until.parse().unwrap_or_default();
    let last = ctx.today + Days::new(LONGEST_UNLOCK);
    if until < ctx.today || until > last {
        problems.add("until", locale.closing_until_wrong(ctx.today, last));
    }
    let (Some(span), true) = (span, problems.is_empty()) else { return Err(problems.into_inner().into()) };
    let closings = store::in_force(&mut conn, Of::Around(&unit), span.period()).await?;
    if closings.is_empty() {
        return Err(Error::invalid("period", locale.closing_nothing_to_unlock(span_text(ctx, span), &unit.short_name)));
    }
    let managed = ctx.actor()?.planning_scope();
    if let Some(foreign) = closings.iter().find(|closing| !managed.contains(&closing.unit_path)) {
        return Err(refusal(ctx, foreign));
    }
    for closing in &closings {
        let Some(part) = closing.period.intersection(span.period()) else { continue };
        let new = NewUnlock {
            unit_id: unit.id,
            period: part,
            until,
            reason: &reason,
            account_id: ctx.actor()?.account_id,
            at: ctx.now,
        };
        store::unlock(&mut conn, closing.id, new).await?;
    }
    let detail = json!({ "until": until, "reason": reason });
    record(ctx, &mut conn, &unit, "closing.unlock", span, detail).await?;
    conn.commit().await?;
    Ok(span)
}

/// Ends an unlock of a period before its day.
///
/// # Errors
/// As [`close`]; [`Error::NotFound`] where no such unlock holds.
pub async fn end_unlock(ctx: &Ctx, code: &str, period: &str, id: &str) -> Result<Span> {
    let mut conn = ctx.db.write().await?;
    conn.lock_closings().await?;
    let unit = to_manage(ctx, &mut conn, code).await?;
    let span = Span::parse(period).ok_or(Error::NotFound)?;
    let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
    let closings = store::in_force(&mut conn, Of::Around(&unit), span.period()).await?;
    let managed = ctx.actor()?.planning_scope();
    let found = closings
        .iter()
        .filter(|closing| managed.contains(&closing.unit_path))
        .flat_map(|closing| &closing.unlocks)
        .find(|unlock| unlock.id == id && unlock.holds(ctx.today))
        .ok_or(Error::NotFound)?;
    store::end_unlock(&mut conn, id, ctx.actor()?.account_id, ctx.now).await?;
    record(ctx, &mut conn, &unit, "closing.end_unlock", span, json!({ "reason": found.reason })).await?;
    conn.commit().await?;
    Ok(span)
}
