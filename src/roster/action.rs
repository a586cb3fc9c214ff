//! What is done with rosters. Who: the officers and administrators of the entry's unit; whoever reads the unit reads its
//! rosters. The audit trail tells what was done and never to whom: a name that is erased is gone from there too.

use super::{
    beside,
    store::{self, Entry, Known},
    write_store,
};
use crate::{
    domain::{
        access::Scope,
        problem::Problems,
        roster::{Checked, Draft, Kind, MarkDraft, Term},
        unit::Unit,
    },
    error::{Error, Result},
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde_json::json;

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

/// What stands beside an entry: those of its name in the whole tree of units; `own` is the entry that is changed.
async fn known_beside(conn: &mut Conn, kind: Kind, unit: &Unit, name: &str, own: Option<i64>) -> Result<Vec<Known>> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = store::known(conn, &tree_of(unit), kind, Some(name)).await?;
    known.retain(|other| Some(other.id) != own);
    Ok(known)
}

/// The path of the whole tree in which a unit stands.
pub(super) fn tree_of(unit: &Unit) -> String {
    unit.ancestry().first().map_or_else(|| unit.path.clone(), |root| format!("/{root}/"))
}

/// The figures that were typed and give way to an entry's roster, for the audit trail.
///
/// # Errors
/// [`Error::Invalid`] of the field `replace` where there are any and nobody has said that they may.
async fn give_way(
    ctx: &Ctx,
    conn: &mut Conn,
    kind: Kind,
    unit: &Unit,
    term: Term,
    own: Option<i64>,
    sure: bool,
) -> Result<Vec<serde_json::Value>> {
    let known = store::known(conn, &unit.path, kind, None).await?;
    let found = beside::replaced(conn, unit, kind, &known, &[(unit, term)], own, ctx.today).await?;
    match found.first() {
        Some(one) if !sure => {
            let words = one.words(ctx.locale, kind);
            Err(Error::invalid("replace", format!("{words}{}", ctx.locale.roster_replace_sure())))
        }
        _ => Ok(found.iter().map(beside::Replaced::told).collect()),
    }
}

/// Adds an entry. `sure` where its roster may take the place of a figure that was typed.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn add(ctx: &Ctx, kind: Kind, draft: &Draft, sure: bool) -> Result<i64> {
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let mut problems = Problems::default();
    let unit = unit_of(ctx, &mut conn, kind, &draft.unit, &mut problems).await?;
    let checked = draft.check(kind, ctx.locale, &mut problems);
    let (Some(unit), Some(checked)) = (unit, checked) else { return Err(problems.into_inner().into()) };
    let known = known_beside(&mut conn, kind, &unit, &checked.name, None).await?;
    look(ctx, kind, &unit, &checked, &known, &mut problems)?;
    problems.into_result(())?;
    let replaced = give_way(ctx, &mut conn, kind, &unit, checked.term(), None, sure).await?;
    let id = write_store::add(&mut conn, kind, unit.id, &checked, ctx.actor()?.account_id, ctx.now).await?;
    let mut detail = told(kind, &checked);
    if !replaced.is_empty() {
        detail["replaced"] = replaced.into();
    }
    audit::done(ctx, &mut conn, "roster.add", unit.id, id, detail).await?;
    conn.commit().await?;
    Ok(id)
}

/// Looks at an entry as it would stand at a unit among those of its name.
pub(super) fn look(
    ctx: &Ctx,
    kind: Kind,
    unit: &Unit,
    checked: &Checked,
    known: &[Known],
    problems: &mut Problems,
) -> Result<()> {
    if !unit.is_active(checked.from) {
        problems.add("from", ctx.locale.plan_unit_closed(&unit.short_name));
    }
    beside::look(ctx.locale, &ctx.scope()?, kind, unit, checked, known, problems);
    Ok(())
}

/// What the audit trail tells of an entry: its days, and nothing that says who it is.
pub(super) fn told(kind: Kind, entry: &Checked) -> serde_json::Value {
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

/// Refuses to change what was withdrawn, or lost its name for good.
///
/// # Errors
/// [`Error::Conflict`].
pub fn is_open(ctx: &Ctx, entry: &Entry) -> Result<()> {
    match (entry.erased_at, entry.withdrawn_at) {
        (Some(_), _) => Err(Error::Conflict { code: "erased", message: ctx.locale.roster_erased_stays().into() }),
        (None, Some(_)) => {
            Err(Error::Conflict { code: "withdrawn", message: ctx.locale.roster_withdrawn_stays().into() })
        }
        (None, None) => Ok(()),
    }
}

/// Changes an entry; its unit stays: who goes to another village leaves here and begins there. What was erased keeps its
/// name away, and what was withdrawn is taken up again first. `sure` as in [`add`].
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Invalid`] by field.
pub async fn change(ctx: &Ctx, kind: Kind, id: i64, draft: &Draft, sure: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let (entry, unit) = to_change(ctx, &mut conn, kind, id).await?;
    is_open(ctx, &entry)?;
    let mut problems = Problems::default();
    let checked = draft.check(kind, ctx.locale, &mut problems);
    let Some(checked) = checked else { return Err(problems.into_inner().into()) };
    let known = known_beside(&mut conn, kind, &unit, &checked.name, Some(id)).await?;
    look(ctx, kind, &unit, &checked, &known, &mut problems)?;
    problems.into_result(())?;
    let replaced = give_way(ctx, &mut conn, kind, &unit, checked.term(), Some(id), sure).await?;
    write_store::update(&mut conn, id, &checked).await?;
    let before = json!({ "from": entry.from_day, "to": entry.to_day, "left": entry.left_day,
        "certificate_to": entry.certificate_to });
    let mut detail = json!({ "before": before, "after": told(kind, &checked) });
    if !replaced.is_empty() {
        detail["replaced"] = replaced.into();
    }
    audit::done(ctx, &mut conn, "roster.change", unit.id, id, detail).await?;
    conn.commit().await
}

/// Withdraws an entry that was a mistake: on no day it was so. `sure` where a figure that was typed may hold again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] of the field `replace` where somebody has to be sure first.
pub async fn withdraw(ctx: &Ctx, kind: Kind, id: i64, sure: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let (entry, unit) = to_change(ctx, &mut conn, kind, id).await?;
    if entry.withdrawn_at.is_some() {
        // Asked twice, it was done once.
        return Ok(());
    }
    write_store::withdraw(&mut conn, id, Some(ctx.now)).await?;
    // What this entry would take the place of, now that it is gone, is what comes back.
    let left = store::known(&mut conn, &unit.path, kind, None).await?;
    let back = beside::replaced(&mut conn, &unit, kind, &left, &[(&unit, entry.term())], None, ctx.today).await?;
    if let Some(one) = back.first().filter(|_| !sure) {
        let words = one.words_back(ctx.locale, kind);
        return Err(Error::invalid("replace", format!("{words}{}", ctx.locale.roster_give_back_sure())));
    }
    let mut detail = json!({ "roster": kind });
    if !back.is_empty() {
        detail["given_back"] = back.iter().map(beside::Replaced::told).collect();
    }
    audit::done(ctx, &mut conn, "roster.withdraw", unit.id, id, detail).await?;
    conn.commit().await
}

/// Takes an entry up again that was withdrawn. `sure` as in [`add`].
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where it may not be taken up again.
pub async fn reopen(ctx: &Ctx, kind: Kind, id: i64, sure: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    conn.lock_keys().await?;
    let (entry, unit) = to_change(ctx, &mut conn, kind, id).await?;
    if entry.withdrawn_at.is_none() {
        return Ok(());
    }
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
    let known = known_beside(&mut conn, kind, &unit, &checked.name, Some(id)).await?;
    look(ctx, kind, &unit, &checked, &known, &mut problems)?;
    // The page has no field for it: what stands against it is told at its top.
    let told = problems.into_inner().into_iter().next();
    if let Some(problem) = told {
        return Err(Error::Conflict { code: "roster", message: problem.message });
    }
    let replaced = give_way(ctx, &mut conn, kind, &unit, checked.term(), Some(id), sure).await?;
    write_store::withdraw(&mut conn, id, None).await?;
    let mut detail = json!({ "roster": kind });
    if !replaced.is_empty() {
        detail["replaced"] = replaced.into();
    }
    audit::done(ctx, &mut conn, "roster.reopen", unit.id, id, detail).await?;
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
    is_open(ctx, &entry)?;
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

/// That a roster left the house with the names in it: which one, as of when, and how many entries.
///
/// # Errors
/// The database does not answer.
pub async fn note_handed_out(ctx: &Ctx, unit: &Unit, kind: Kind, entries: usize) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let detail = json!({ "roster": kind, "entries": entries });
    audit::done(ctx, &mut conn, "roster.export", unit.id, &unit.code, detail).await?;
    conn.commit().await
}
