//! What is done with rosters. Who: the officers and administrators of the entry's unit; whoever reads the unit reads its
//! rosters. The audit trail tells what was done and never to whom: a name that is erased is gone from there too.

use super::{
    store::{self, Entry},
    write_store,
};
use crate::{
    domain::{
        access::{Role, Scope},
        period::Day,
        problem::Problems,
        roster::{Checked, Draft, Kind, MOST_RETENTION_YEARS, MarkDraft, RETENTION_YEARS, crowded},
        unit::Unit,
    },
    error::{Error, Result},
    server::{audit, context::Ctx, db::Conn, setting},
    unit,
};
use chrono::Months;
use serde_json::json;

/// The key of the setting that says how many years after its end a name is kept.
const RETENTION: &str = "roster_retention_years";
/// Entries that the page of erasing lists.
pub const ERASABLE: i64 = 200;

/// The unit that a draft names, where the reader may write its roster.
async fn unit_of(ctx: &Ctx, conn: &mut Conn, kind: Kind, code: &str, problems: &mut Problems) -> Result<Option<Unit>> {
    let locale = ctx.locale;
    let unit = match unit::store::by_code(conn, &ctx.scope()?, code.trim()).await {
        Ok(unit) => unit,
        Err(Error::NotFound) => {
            problems.add("unit", locale.roster_unit_unknown(code.trim()));
            return Ok(None);
        }
        Err(other) => return Err(other),
    };
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    if !kind.suits(unit.kind) {
        problems.add("unit", super::words::unit_wrong(locale, kind, &unit.short_name));
        return Ok(None);
    }
    Ok(Some(unit))
}

/// What only the other entries tell: that the same one stands there, and that a vice principal has schools enough.
/// `own` is the entry that is changed.
pub(super) async fn check_others(
    ctx: &Ctx,
    conn: &mut Conn,
    kind: Kind,
    unit: &Unit,
    entry: &Checked,
    own: Option<i64>,
    problems: &mut Problems,
) -> Result<()> {
    let locale = ctx.locale;
    if entry.name.is_empty() {
        return Ok(());
    }
    let tree = unit.ancestry().first().map_or_else(|| unit.path.clone(), |root| format!("/{root}/"));
    let mut others = store::by_name(conn, &tree, kind, &entry.name).await?;
    others.retain(|other| Some(other.id) != own);
    let is_same = |other: &&Entry| {
        other.unit_id == unit.id && other.from_day == entry.from && other.certificate == entry.certificate
    };
    if others.iter().any(|other| is_same(&other)) {
        problems.add("name", locale.roster_there(&entry.name, &unit.short_name));
        return Ok(());
    }
    if kind != Kind::VicePrincipal {
        return Ok(());
    }
    // The same name sent by another office is another person.
    others.retain(|other| other.body == entry.body);
    let terms: Vec<_> = others.iter().map(|other| (other.unit_id, other.term())).collect();
    let schools = crowded(unit.id, entry.term(), &terms);
    if schools.is_empty() {
        return Ok(());
    }
    let scope = ctx.scope()?;
    // In the order of codes, each once.
    let mut seen: Vec<&str> = Vec::new();
    for other in others.iter().filter(|other| schools.contains(&other.unit_id) && scope.contains(&other.unit_path)) {
        if !seen.contains(&other.unit_name.as_str()) {
            seen.push(&other.unit_name);
        }
    }
    let mut names = seen.join("、");
    let unseen = schools.len() - seen.len();
    if unseen > 0 {
        // Schools of another town are counted and not named.
        names = if names.is_empty() {
            locale.roster_schools_elsewhere(unseen)
        } else {
            locale.roster_schools_and_elsewhere(unseen, names)
        };
    }
    problems.add("unit", locale.roster_schools_full(&entry.name, names));
    Ok(())
}

/// Adds an entry.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn add(ctx: &Ctx, kind: Kind, draft: &Draft) -> Result<i64> {
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let mut problems = Problems::default();
    let id = put(ctx, &mut conn, kind, draft, &mut problems).await?;
    let Some(id) = id else { return Err(problems.into_inner().into()) };
    conn.commit().await?;
    Ok(id)
}

/// Stores an entry with its line in the audit trail; nothing where something is wrong.
pub(super) async fn put(
    ctx: &Ctx,
    conn: &mut Conn,
    kind: Kind,
    draft: &Draft,
    problems: &mut Problems,
) -> Result<Option<i64>> {
    let unit = unit_of(ctx, conn, kind, &draft.unit, problems).await?;
    let checked = draft.check(kind, ctx.locale, problems);
    let (Some(unit), Some(checked)) = (unit, checked) else { return Ok(None) };
    if !unit.is_active(checked.from) {
        problems.add("from", ctx.locale.plan_unit_closed(&unit.short_name));
    }
    check_others(ctx, conn, kind, &unit, &checked, None, problems).await?;
    if !problems.is_empty() {
        return Ok(None);
    }
    let id = write_store::add(conn, kind, unit.id, &checked, ctx.actor()?.account_id, ctx.now).await?;
    audit::done(ctx, conn, "roster.add", unit.id, id, told(kind, &checked)).await?;
    Ok(Some(id))
}

/// What the audit trail tells of an entry: its days, and nothing that says who it is.
fn told(kind: Kind, entry: &Checked) -> serde_json::Value {
    json!({ "roster": kind, "from": entry.from, "to": entry.to, "left": entry.left,
        "certificate_to": entry.certificate_to })
}

/// An entry that the reader may change, with its unit.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn to_change(ctx: &Ctx, conn: &mut Conn, kind: Kind, id: i64) -> Result<(Entry, Unit)> {
    let (entry, unit) = to_read(ctx, conn, kind, id).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    Ok((entry, unit))
}

/// An entry that the reader may read, with its unit.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn to_read(ctx: &Ctx, conn: &mut Conn, kind: Kind, id: i64) -> Result<(Entry, Unit)> {
    let entry = store::one(conn, &ctx.scope()?, id).await?;
    if entry.kind != kind {
        return Err(Error::NotFound);
    }
    let unit = unit::store::by_id(conn, &Scope::everything(), entry.unit_id).await?;
    Ok((entry, unit))
}

/// Changes an entry; its unit stays: who goes to another village leaves here and begins there. What was erased keeps its
/// name away.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn change(ctx: &Ctx, kind: Kind, id: i64, draft: &Draft) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let (entry, unit) = to_change(ctx, &mut conn, kind, id).await?;
    if entry.erased_at.is_some() {
        return Err(Error::Conflict { code: "erased", message: ctx.locale.roster_erased_stays().into() });
    }
    let mut problems = Problems::default();
    if let Some(checked) = draft.check(kind, ctx.locale, &mut problems) {
        check_others(ctx, &mut conn, kind, &unit, &checked, Some(id), &mut problems).await?;
        if problems.is_empty() {
            write_store::update(&mut conn, id, &checked).await?;
            let before = json!({ "from": entry.from_day, "to": entry.to_day, "left": entry.left_day,
                "certificate_to": entry.certificate_to });
            let detail = json!({ "before": before, "after": told(kind, &checked) });
            audit::done(ctx, &mut conn, "roster.change", unit.id, id, detail).await?;
            return conn.commit().await;
        }
    }
    Err(problems.into_inner().into())
}

/// Withdraws an entry that was a mistake, or takes it up again: on no day it was so.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] where it may not be taken up again.
pub async fn withdraw(ctx: &Ctx, kind: Kind, id: i64, withdrawn: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let (entry, unit) = to_change(ctx, &mut conn, kind, id).await?;
    if !withdrawn {
        let checked = Checked {
            name: entry.name.clone(),
            category: entry.category.clone(),
            body: entry.body.clone(),
            certificate: entry.certificate.clone(),
            certificate_to: entry.certificate_to,
            from: entry.from_day,
            to: entry.to_day,
            left: entry.left_day,
            renews: entry.renews,
        };
        let mut problems = Problems::default();
        check_others(ctx, &mut conn, kind, &unit, &checked, Some(id), &mut problems).await?;
        // The page has no field for it: what stands against it is told at its top.
        let told = problems.into_inner().into_iter().next();
        if let Some(problem) = told {
            return Err(Error::Conflict { code: "roster", message: problem.message });
        }
    }
    write_store::withdraw(&mut conn, id, withdrawn.then_some(ctx.now)).await?;
    let action = if withdrawn { "roster.withdraw" } else { "roster.reopen" };
    audit::done(ctx, &mut conn, action, unit.id, id, json!({ "roster": kind })).await?;
    conn.commit().await
}

/// Notes a training, a renewal, a re-examination.
///
/// # Errors
/// [`Error::NotFound`] where the kind has none of these, [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn add_mark(ctx: &Ctx, kind: Kind, id: i64, draft: &MarkDraft) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (entry, unit) = to_change(ctx, &mut conn, kind, id).await?;
    let mark = kind.mark().ok_or(Error::NotFound)?;
    let mut problems = Problems::default();
    let checked = draft.check(mark, entry.from_day, ctx.today, ctx.locale, &mut problems);
    let Some(checked) = checked else { return Err(problems.into_inner().into()) };
    write_store::add_mark(&mut conn, id, &checked, ctx.actor()?.account_id, ctx.now).await?;
    let detail = json!({ "roster": kind, "day": checked.day, "hours": checked.hours });
    audit::done(ctx, &mut conn, "roster.mark", unit.id, id, detail).await?;
    conn.commit().await
}

/// Withdraws what was noted by mistake.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn withdraw_mark(ctx: &Ctx, kind: Kind, id: i64, mark: i64) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (_, unit) = to_change(ctx, &mut conn, kind, id).await?;
    if !write_store::withdraw_mark(&mut conn, id, mark, ctx.now).await? {
        return Err(Error::NotFound);
    }
    audit::done(ctx, &mut conn, "roster.unmark", unit.id, id, json!({ "roster": kind, "mark": mark })).await?;
    conn.commit().await
}

/// Takes the names out of entries, for good; they count as before. How many were erased.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] where none was chosen.
pub async fn erase(ctx: &Ctx, ids: &[i64]) -> Result<usize> {
    if ids.is_empty() {
        return Err(Error::invalid("entry", ctx.locale.roster_erase_none_chosen()));
    }
    let mut conn = ctx.db.write().await?;
    let (actor, mut erased) = (ctx.actor()?.account_id, Vec::new());
    for id in ids {
        let entry = store::one(&mut conn, &ctx.scope()?, *id).await?;
        let (entry, unit) = to_change(ctx, &mut conn, entry.kind, *id).await?;
        if !entry.kind.is_personal() {
            return Err(Error::NotFound);
        }
        if entry.erased_at.is_none() {
            write_store::erase(&mut conn, *id, actor, ctx.locale.roster_erased(), ctx.now).await?;
            erased.push((entry.id, entry.kind, unit.id));
        }
    }
    for (id, kind, unit) in &erased {
        audit::done(ctx, &mut conn, "roster.erase", *unit, *id, json!({ "roster": kind })).await?;
    }
    conn.commit().await?;
    Ok(erased.len())
}

/// How many years after its end a name is kept here.
pub async fn retention(conn: &mut Conn) -> Result<u32> {
    let set = setting::get(conn, RETENTION).await?;
    Ok(set.and_then(|years| years.parse().ok()).unwrap_or(RETENTION_YEARS))
}

/// The day before which an entry had to end so that its name is no longer kept.
pub fn kept_since(ctx: &Ctx, years: u32) -> Day {
    ctx.today.checked_sub_months(Months::new(12 * years)).unwrap_or(ctx.today)
}

/// Whether the reader sets how long names are kept: it holds for the whole installation.
pub fn may_set_retention(ctx: &Ctx) -> bool {
    let is_root = |path: &str| path.matches('/').count() == 2;
    ctx.actor().is_ok_and(|actor| actor.grants.iter().any(|one| one.role == Role::Admin && is_root(&one.path)))
}

/// Sets how many years after its end a name is kept.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] of the field `years`.
pub async fn set_retention(ctx: &Ctx, years: &str) -> Result<()> {
    if !may_set_retention(ctx) {
        return Err(Error::Forbidden);
    }
    let wrong = || Error::invalid("years", ctx.locale.roster_years_wrong(MOST_RETENTION_YEARS));
    let years: u32 = years.parse().ok().filter(|years| (1..=MOST_RETENTION_YEARS).contains(years)).ok_or_else(wrong)?;
    let mut conn = ctx.db.write().await?;
    setting::set(&mut conn, RETENTION, &years.to_string()).await?;
    let entry = audit::Entry {
        actor: Some(ctx.actor()?),
        unit_id: ctx.actor()?.home_unit_id(),
        action: "roster.retention",
        subject: "roster".into(),
        detail: json!({ "years": years }),
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}
