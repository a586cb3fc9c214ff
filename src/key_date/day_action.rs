//! What is done with holidays, market days and blackouts.

use super::{
    action::{days, managed, text},
    day_store,
};
use crate::{
    domain::{
        access::Scope,
        day_mark::{Calendar, HolidayKind},
        problem::Problems,
    },
    error::{Error, Result},
    server::{audit, context::Ctx},
    unit,
};
use serde_json::json;

/// The longest run of days that one line of a notice names.
const LONGEST_HOLIDAY: i64 = 31;

/// Says of each day from…to that it is a day off, a working day or neither, for a unit and all below it.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`], [`Error::NotFound`].
pub async fn put_holidays(ctx: &Ctx, code: &str, (from, to): (&str, &str), kind: &str, name: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let mut problems = Problems::default();
    let kind = HolidayKind::from_key(kind);
    if kind.is_none() {
        problems.add("kind", ctx.locale.holiday_kind_wanted());
    }
    let name = text(ctx, "name", name, kind != Some(HolidayKind::Ordinary), &mut problems);
    let period = days(ctx, from, if to.is_empty() { from } else { to }, &mut problems);
    if period.is_some_and(|period| period.days() > LONGEST_HOLIDAY) {
        problems.add("to", ctx.locale.holiday_too_long(LONGEST_HOLIDAY));
    }
    let (Some(kind), Some(period), true) = (kind, period, problems.is_empty()) else {
        return Err(problems.into_inner().into());
    };
    for day in period.each_day() {
        day_store::put_holiday(&mut conn, unit.id, day, kind, &name).await?;
    }
    let detail = json!({ "to": period.to, "kind": kind, "name": name });
    audit::done(ctx, &mut conn, "holiday.put", unit.id, period.from, detail).await?;
    conn.commit().await
}

/// Sets a unit's market days, for it and all below; no digit means none.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`], [`Error::NotFound`].
pub async fn put_market(ctx: &Ctx, code: &str, calendar: &str, digits: &[&str]) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let calendar =
        Calendar::from_key(calendar).ok_or_else(|| Error::invalid("calendar", ctx.locale.market_calendar_wanted()))?;
    let mut read = Vec::new();
    for digit in digits {
        let digit = digit.parse().ok().filter(|digit: &u32| *digit <= 9);
        read.push(digit.ok_or_else(|| Error::invalid("digits", ctx.locale.market_digits_wrong()))?);
    }
    read.sort_unstable();
    read.dedup();
    day_store::put_market(&mut conn, unit.id, calendar, &read).await?;
    audit::done(ctx, &mut conn, "market.put", unit.id, &unit.code, json!({ "calendar": calendar, "digits": read }))
        .await?;
    conn.commit().await
}

/// Adds days on which a unit and all below it cannot be visited.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`], [`Error::NotFound`].
pub async fn add_blackout(ctx: &Ctx, code: &str, (from, to): (&str, &str), reason: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let mut problems = Problems::default();
    let reason = text(ctx, "reason", reason, true, &mut problems);
    let period = days(ctx, from, to, &mut problems);
    let (Some(period), true) = (period, problems.is_empty()) else { return Err(problems.into_inner().into()) };
    let id = day_store::add_blackout(&mut conn, unit.id, period, &reason).await?;
    let detail = json!({ "from": period.from, "to": period.to, "reason": reason });
    audit::done(ctx, &mut conn, "blackout.add", unit.id, id, detail).await?;
    conn.commit().await
}

/// Withdraws a blackout.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for one that is not there, or at a unit outside the reader's scope.
pub async fn withdraw_blackout(ctx: &Ctx, id: i64) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit_id = day_store::blackout_unit(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let unit = unit::store::by_id(&mut conn, &Scope::everything(), unit_id).await?;
    let unit = managed(ctx, &mut conn, &unit.code).await?;
    day_store::withdraw_blackout(&mut conn, id, ctx.now).await?;
    audit::done(ctx, &mut conn, "blackout.withdraw", unit.id, id, json!({})).await?;
    conn.commit().await
}
