//! Looking at entries. Who: officers and administrators of the entry's unit or one above, their own entries included: who
//! answers for a unit's ledger may say that an entry in it is right. All but withdrawn ones count meanwhile.

use super::{
    double_action,
    store::{self, Filter},
};
use crate::{
    activity::{action::to_change, store::Entry},
    domain::{
        access::{Role, Scope},
        activity::Status,
        period::Month,
        problem::Problems,
        review::{Remark, Verdict},
        unit::Unit,
    },
    error::{Error, Result},
    plan::action::read_unit,
    server::{audit, context::Ctx, db::Conn},
};
use serde_json::json;
use uuid::Uuid;

/// The most entries that one click for a month accepts, and the most that are ticked.
const MOST: i64 = 20_000;
const AT_ONCE: usize = 1_000;

/// An entry that the reader may look at officially, as it stands.
pub(super) async fn to_review(conn: &mut Conn, ctx: &Ctx, id: Uuid, version: Option<i64>) -> Result<(Entry, Unit)> {
    let (entry, unit) = to_change(conn, ctx, id).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    // What is said of an entry is said of what was seen.
    if version.is_some_and(|version| version != entry.version) {
        return Err(Error::Conflict { code: "stale", message: ctx.locale.review_stale(entry.version) });
    }
    Ok((entry, unit))
}

async fn say(ctx: &Ctx, id: Uuid, version: Option<i64>, verdict: Verdict, remark: &Remark) -> Result<Entry> {
    let mut conn = ctx.db.write().await?;
    let (entry, unit) = to_review(&mut conn, ctx, id, version).await?;
    if verdict == Verdict::Accepted && entry.status == Status::Accepted {
        return Ok(entry);
    }
    let actor = ctx.actor()?;
    store::review(&mut conn, (id, entry.version), verdict, remark, actor.account_id, ctx.now).await?;
    let action = match verdict {
        Verdict::Accepted => "activity.accept",
        Verdict::Returned => "activity.return",
    };
    let detail = match verdict {
        Verdict::Accepted => json!({ "version": entry.version }),
        Verdict::Returned => {
            json!({ "version": entry.version, "reason": remark.text(crate::locale::Locale::Zh) })
        }
    };
    let record = audit::Entry { actor: Some(actor), unit_id: Some(unit.id), action, subject: id.to_string(), detail };
    audit::record(&mut conn, ctx.now, record).await?;
    let entry = crate::activity::store::one(&mut conn, &actor.scope(), id).await?;
    conn.commit().await?;
    Ok(entry)
}

/// Accepts an entry; one that is accepted already stays so.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where it is withdrawn, or is not the version seen.
pub async fn accept(ctx: &Ctx, id: Uuid, version: Option<i64>) -> Result<Entry> {
    say(ctx, id, version, Verdict::Accepted, &Remark::default()).await
}

/// Returns an entry to its author with a remark.
///
/// # Errors
/// As [`accept`]; [`Error::Invalid`] without a remark.
pub async fn send_back(ctx: &Ctx, id: Uuid, version: Option<i64>, presets: &[&str], words: &str) -> Result<Entry> {
    let mut conn = ctx.db.read().await?;
    // Whoever may not do it is told that before anything about the remark.
    let entry = crate::activity::store::one(&mut conn, &ctx.scope()?, id).await?;
    let unit = crate::unit::store::by_id(&mut conn, &Scope::everything(), entry.unit_id).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    drop(conn);
    let mut problems = Problems::default();
    let remark = Remark::check(presets, words, ctx.locale, &mut problems);
    let remark = problems.into_result(remark)?;
    say(ctx, id, version, Verdict::Returned, &remark).await
}

/// Accepts entries of the versions seen; how many, and how many were changed or looked at meanwhile and left alone.
///
/// # Errors
/// [`Error::NotFound`] where one of them lies outside what the reader manages: nothing is done then.
pub async fn accept_all(ctx: &Ctx, seen: &[(Uuid, i64)]) -> Result<(u64, usize)> {
    let mut conn = ctx.db.write().await?;
    let managed = ctx.actor()?.planning_scope();
    let mut ready = Vec::new();
    let mut ids: Vec<Uuid> = seen.iter().map(|(id, _)| *id).collect();
    if ids.len() > AT_ONCE {
        return Err(Error::invalid("", ctx.locale.activity_too_many(AT_ONCE)));
    }
    // One order for all, so that two officers never wait for each other.
    ids.sort_unstable();
    ids.dedup();
    let standing = store::standing(&mut conn, &ids).await?;
    if standing.len() != ids.len() || standing.iter().any(|(.., path)| !managed.contains(path)) {
        return Err(Error::NotFound);
    }
    for (id, version, status, _) in standing {
        if status == Status::Submitted.key() && seen.contains(&(id, version)) {
            ready.push((id, version));
        }
    }
    let accepted = store_accepted(ctx, &mut conn, &ready, json!({}), None).await?;
    conn.commit().await?;
    Ok((accepted as u64, ids.len() - accepted))
}

async fn store_accepted(
    ctx: &Ctx,
    conn: &mut Conn,
    ready: &[(Uuid, i64)],
    mut detail: serde_json::Value,
    unit: Option<&Unit>,
) -> Result<usize> {
    if ready.is_empty() {
        return Ok(0);
    }
    let actor = ctx.actor()?;
    let accepted = store::accept(conn, ready, actor.account_id, ctx.now).await?;
    detail["entries"] = json!(accepted.len());
    // The entries' own histories name each of them; here the first ones stand for all.
    const NAMED: usize = 100;
    detail["ids"] = json!(accepted.iter().take(NAMED).map(|(id, _)| id).collect::<Vec<_>>());
    let record = audit::Entry {
        actor: Some(actor),
        unit_id: unit.map(|unit| unit.id).or(actor.home_unit_id()),
        action: "activity.accept_many",
        subject: accepted.len().to_string(),
        detail,
    };
    audit::record(conn, ctx.now, record).await?;
    Ok(accepted.len())
}

/// Accepts in one go what of a month at a unit and below needs no look: no question is open, the evidence that its type
/// asks for is there, and it does not look like a double.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`].
pub async fn accept_month(ctx: &Ctx, code: &str, month: &str) -> Result<(Month, u64)> {
    let mut conn = ctx.db.write().await?;
    let unit = read_unit(ctx, &mut conn, Some(code)).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let month = Month::parse(month).filter(|month| crate::domain::period::is_near(month.first()));
    let Some(month) = month else { return Err(Error::invalid("month", ctx.locale.review_month_wrong())) };
    let filter = Filter { period: Some(month.period()), ..Filter::default() };
    let mut ready = store::clean(&mut conn, &unit, &filter, MOST).await?;
    let doubtful = double_action::ids(&mut conn, &unit, month).await?;
    ready.retain(|(id, _)| !doubtful.contains(id));
    let detail = json!({ "unit": unit.code, "month": month.to_string() });
    let accepted = store_accepted(ctx, &mut conn, &ready, detail, Some(&unit)).await?;
    conn.commit().await?;
    Ok((month, accepted as u64))
}

/// What went back to the reader, or to the units at which they log for others.
pub async fn returned(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<store::Returned>> {
    const MOST: i64 = 20;
    let actor = ctx.actor()?;
    // An officer sees what is returned on the page of reviews; here stands what is theirs to correct.
    let own = crate::domain::access::Actor {
        grants: actor.grants.iter().filter(|grant| grant.role == Role::Cadre).cloned().collect(),
        ..actor.clone()
    };
    store::returned_to(conn, actor.account_id, &own.scope(), MOST).await
}
