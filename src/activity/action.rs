//! Logging, correcting, withdrawing: who may, what is wrong, one transaction, what was done.

use super::{
    fact_store, question,
    store::{self, Entry},
    write_store::{self, Change, Entered},
};
use crate::{
    catalogue, closing,
    domain::{
        access::Scope,
        activity::{Checked, Draft, Facts, Status, check, check_lists},
        catalogue::Catalogue,
        period::{Day, Month, Period},
        unit::Unit,
    },
    error::{Error, Result},
    server::{audit, clock, context::Ctx, db::Conn},
    unit,
};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// An entry that was stored, or had been stored before.
#[derive(Debug)]
pub struct Saved {
    pub entry: Entry,
    /// Whether this call stored it; a replay did not.
    pub created: bool,
    /// What the author is asked, in words; it is stored all the same.
    pub questions: Vec<String>,
}

/// Logs an activity. The same draft sent again answers what is stored.
///
/// # Errors
/// [`Error::Forbidden`] where the author may not log at the unit, [`Error::Invalid`] by field, [`Error::Conflict`] when the id
/// belongs to another entry.
pub async fn save(ctx: &Ctx, draft: Draft) -> Result<Saved> {
    save_of(ctx, draft, None).await
}

/// As [`save`], one of a batch of entries that one form made.
pub async fn save_of(ctx: &Ctx, draft: Draft, batch_id: Option<Uuid>) -> Result<Saved> {
    // Looked up outside the one writer's turn: what a draft is held against changes rarely, and others store meanwhile.
    let mut conn = ctx.db.read().await?;
    let ready = match look(&mut conn, ctx, &draft, ctx.now, batch_id).await? {
        Looked::Stored(saved) => return Ok(*saved),
        Looked::Ready(ready) => ready,
    };
    drop(conn);
    let mut conn = ctx.db.write().await?;
    if !store_ready(&mut conn, ctx, &draft, &ready).await? {
        // The same entry came on two connections at once, and the other one was first.
        return stored_before(&mut conn, ctx, &draft, &ctx.scope()?).await?.ok_or(Error::Stale);
    }
    conn.commit().await?;
    let mut conn = ctx.db.read().await?;
    ready.saved(&mut conn, ctx).await
}

/// Logs several entries, all or none of them: what one form for many villages makes.
pub async fn save_all(ctx: &Ctx, drafts: &[Draft]) -> Result<Vec<Saved>> {
    let batch_id = (drafts.len() > 1).then(Uuid::now_v7);
    let mut conn = ctx.db.write().await?;
    let mut all = Vec::new();
    for draft in drafts {
        all.push(save_in(&mut conn, ctx, draft, ctx.now, batch_id).await?);
    }
    conn.commit().await?;
    Ok(all)
}

/// As [`save`], within the caller's transaction, entered at another time (the demo's entries are of their own day) or as
/// one of a batch of entries that one form made.
pub async fn save_in(
    conn: &mut Conn,
    ctx: &Ctx,
    draft: &Draft,
    at: DateTime<Utc>,
    batch_id: Option<Uuid>,
) -> Result<Saved> {
    let ready = match look(conn, ctx, draft, at, batch_id).await? {
        Looked::Stored(saved) => return Ok(*saved),
        Looked::Ready(ready) => ready,
    };
    if !store_ready(conn, ctx, draft, &ready).await? {
        return stored_before(conn, ctx, draft, &ctx.scope()?).await?.ok_or(Error::Stale);
    }
    ready.saved(conn, ctx).await
}

/// A draft after everything was looked up that it is held against.
enum Looked {
    /// It had been stored before.
    Stored(Box<Saved>),
    Ready(Box<Ready>),
}

/// An entry that was found right, with what is asked about it: (question, its words).
struct Ready {
    unit: Unit,
    checked: Checked,
    entered: Entered,
    questions: Vec<(&'static str, String)>,
}

impl Ready {
    /// The answer, once it is stored.
    async fn saved(self, conn: &mut Conn, ctx: &Ctx) -> Result<Saved> {
        let entry = store::one(conn, &ctx.scope()?, self.checked.id).await?;
        Ok(Saved { entry, created: true, questions: self.questions.into_iter().map(|(_, words)| words).collect() })
    }
}

async fn look(conn: &mut Conn, ctx: &Ctx, draft: &Draft, at: DateTime<Utc>, batch_id: Option<Uuid>) -> Result<Looked> {
    let actor = ctx.actor()?;
    let scope = actor.scope();
    if let Some(saved) = stored_before(conn, ctx, draft, &scope).await? {
        return Ok(Looked::Stored(Box::new(saved)));
    }
    let unit = unit_to_log(conn, ctx, &draft.unit).await?;
    let catalogue = catalogue::store::visible(conn, &unit).await?;
    let checked = examine(conn, ctx, &unit, draft, &scope, &catalogue).await?;
    let entered = Entered { account_id: actor.account_id, at, late: is_late(checked.day, at), batch_id };
    let questions = question::asked(conn, ctx, &unit, &checked, &catalogue, None).await?;
    Ok(Looked::Ready(Box::new(Ready { unit, checked, entered, questions })))
}

/// Stores the entry with its questions and the audit entry: `false`, and nothing done, where its id was taken meanwhile.
async fn store_ready(conn: &mut Conn, ctx: &Ctx, draft: &Draft, ready: &Ready) -> Result<bool> {
    let Ready { unit, checked, entered, questions } = ready;
    // Asked within the writer's transaction, which nobody's closing overtakes: an entry that was on its way does not slip in.
    let unlocked = closing::action::pass(conn, ctx, &[(&unit.path, days_of(checked))]).await?.contains(&true);
    let entered = &Entered { late: entered.late || unlocked, ..entered.clone() };
    if !write_store::insert(conn, &unit.path, checked, draft, entered).await? {
        return Ok(false);
    }
    write_store::ask(conn, checked.id, questions).await?;
    let entry = audit::Entry {
        actor: Some(ctx.actor()?),
        unit_id: Some(unit.id),
        action: "activity.add",
        subject: checked.id.to_string(),
        detail: json!({ "unit": draft.unit, "date": draft.date, "quantities": draft.quantities, "asked": questions }),
    };
    audit::record(conn, entered.at, entry).await?;
    Ok(true)
}

/// What is stored under the draft's id, where that is this very draft.
///
/// # Errors
/// [`Error::Conflict`] when it is another one.
async fn stored_before(conn: &mut Conn, ctx: &Ctx, draft: &Draft, scope: &Scope) -> Result<Option<Saved>> {
    let Some((path, body)) = write_store::posted(conn, draft.id).await? else { return Ok(None) };
    // Who may not see the other entry learns no more than that the id is taken.
    if !scope.contains(&path) || body != serde_json::to_value(draft)? {
        return Err(Error::Conflict { code: "id_taken", message: ctx.locale.activity_id_taken().into() });
    }
    let entry = store::one(conn, scope, draft.id).await?;
    Ok(Some(Saved { entry, created: false, questions: Vec::new() }))
}

/// The days that an entry stands for.
fn days_of(checked: &Checked) -> Period {
    Period { from: checked.day, to: checked.day_to.unwrap_or(checked.day) }
}

/// The days that a stored entry stands for.
pub fn days_as_stored(entry: &Entry) -> Period {
    let draft = &entry.draft;
    Period { from: draft.date, to: draft.date_to.unwrap_or(draft.date).max(draft.date) }
}

/// Entered after the end of the activity's month.
fn is_late(day: Day, at: DateTime<Utc>) -> bool {
    clock::day_of(at) > Month::of(day).last()
}

/// The unit that a draft names, if the author may log there.
async fn unit_to_log(conn: &mut Conn, ctx: &Ctx, code: &str) -> Result<Unit> {
    let found = unit::store::by_code(conn, &Scope::everything(), code).await;
    match found {
        Ok(unit) if ctx.actor()?.may_log(&unit) => Ok(unit),
        Ok(_) => Err(Error::Forbidden),
        Err(Error::NotFound) => Err(Error::invalid("unit", ctx.locale.activity_unit_unknown(code))),
        Err(other) => Err(other),
    }
}

/// Why nothing can be logged at a unit today: it does not exist, is not the author's, or is closed.
pub async fn why_not(conn: &mut Conn, ctx: &Ctx, code: &str) -> Error {
    match unit_to_log(conn, ctx, code).await {
        Ok(unit) => Error::invalid("unit", ctx.locale.activity_unit_closed(ctx.today, &unit.short_name)),
        Err(error) => error,
    }
}

/// Gathers what a draft is held against, and checks it.
async fn examine(
    conn: &mut Conn,
    ctx: &Ctx,
    unit: &Unit,
    draft: &Draft,
    scope: &Scope,
    catalogue: &Catalogue,
) -> Result<Checked> {
    // Each name is looked up, while everybody else who writes waits.
    check_lists(draft, ctx.locale)?;
    let campaigns = fact_store::campaign_ids(conn, scope, unit, &draft.campaigns).await?;
    let event_campaign = match draft.event {
        Some(event) => fact_store::event_campaign(conn, unit.id, event).await?,
        None => None,
    };
    let classes =
        if draft.classes.is_empty() { Vec::new() } else { fact_store::class_ids(conn, unit, &draft.classes).await? };
    let mut covers = Vec::new();
    for code in &draft.covers {
        match unit::store::by_code(conn, scope, code).await {
            Ok(unit) => covers.push(unit),
            Err(Error::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    let mut co_organisers = Vec::new();
    for code in draft.co_organisers.iter().filter(|name| name.is_ascii()) {
        if let Ok(unit) = unit::store::by_code(conn, &Scope::everything(), code.trim()).await {
            co_organisers.push((unit.code, unit.id));
        }
    }
    let facts = Facts {
        today: ctx.today,
        unit,
        catalogue,
        campaigns: &campaigns,
        event_campaign,
        classes: &classes,
        covers: &covers,
        co_organisers: &co_organisers,
    };
    Ok(check(draft, &facts, ctx.locale)?)
}

/// The most characters of a reason.
const LONGEST_REASON: usize = 500;

/// Why an entry is changed.
fn checked_reason(ctx: &Ctx, reason: &str) -> Result<String> {
    let reason = reason.trim();
    match reason.chars().count() {
        0 => Err(Error::invalid("reason", ctx.locale.activity_reason_missing())),
        count if count > LONGEST_REASON => {
            Err(Error::invalid("reason", ctx.locale.activity_text_too_long(LONGEST_REASON)))
        }
        _ => Ok(reason.to_owned()),
    }
}

/// An entry that its reader may change, as it stands; nobody else changes it until the transaction ends.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where it is withdrawn.
pub async fn to_change(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<(Entry, Unit)> {
    let scope = ctx.scope()?;
    let (high, low) = id.as_u64_pair();
    conn.lock((high ^ low).cast_signed()).await?;
    let entry = store::one(conn, &scope, id).await?;
    // A co-organiser reads the entry; its unit alone changes it.
    let unit = unit::store::by_id(conn, &Scope::everything(), entry.unit_id).await?;
    if !ctx.actor()?.may_log(&unit) {
        return Err(Error::Forbidden);
    }
    if entry.status == Status::Withdrawn {
        let message = ctx.locale.activity_withdrawn_already().into();
        return Err(Error::Conflict { code: "withdrawn", message });
    }
    Ok((entry, unit))
}

/// Corrects an entry: `draft` is how it should be. `version` is what the author saw.
///
/// # Errors
/// [`Error::VersionMissing`] without a version, [`Error::Stale`] when it is not the latest, [`Error::Invalid`] by field.
pub async fn correct(ctx: &Ctx, id: Uuid, draft: Draft, version: Option<i64>, reason: &str) -> Result<Saved> {
    let mut conn = ctx.db.write().await?;
    let (entry, _) = to_change(&mut conn, ctx, id).await?;
    let version = version.ok_or(Error::VersionMissing)?;
    if version != entry.version {
        return Err(Error::Stale);
    }
    let reason = &checked_reason(ctx, reason)?;
    if draft.id != id {
        return Err(Error::invalid("id", ctx.locale.activity_id_fixed()));
    }
    let asked = correct_in(&mut conn, ctx, &entry, &draft, reason).await?;
    let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
    conn.commit().await?;
    Ok(Saved { entry, created: false, questions: asked })
}

/// Submits a returned entry again whose counts were right and whose evidence was not.
///
/// # Errors
/// [`Error::Conflict`] when it is not returned any more or has still no evidence; as [`correct`].
pub async fn resubmit(ctx: &Ctx, id: Uuid, version: Option<i64>) -> Result<Saved> {
    let mut conn = ctx.db.read().await?;
    let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
    let has_evidence = !crate::evidence::store::counts(&mut conn, &[id]).await?.is_empty();
    drop(conn);
    if entry.status != Status::Returned {
        return Err(Error::Conflict { code: "not_returned", message: ctx.locale.review_not_returned().into() });
    }
    if !has_evidence {
        return Err(Error::invalid("", ctx.locale.review_still_no_evidence()));
    }
    correct(ctx, id, entry.draft, version, ctx.locale.review_resubmitted_reason()).await
}

/// As [`correct`], within the caller's transaction, of the entry that [`to_change`] gave: what is asked about it.
pub async fn correct_in(conn: &mut Conn, ctx: &Ctx, entry: &Entry, draft: &Draft, reason: &str) -> Result<Vec<String>> {
    let id = entry.draft.id;
    let actor = ctx.actor()?;
    let scope = actor.scope();
    let unit = unit_to_log(conn, ctx, &draft.unit).await?;
    let catalogue = catalogue::store::visible(conn, &unit).await?;
    let checked = examine(conn, ctx, &unit, draft, &scope, &catalogue).await?;
    // Out of a closed period is as much a change of it as into one.
    let (was, will_be) = (days_as_stored(entry), days_of(&checked));
    let passed = closing::action::pass(conn, ctx, &[(&entry.unit_path, was), (&unit.path, will_be)]).await?;
    let has_moved = was != will_be || entry.unit_id != unit.id;
    let asked = question::asked(conn, ctx, &unit, &checked, &catalogue, Some(entry)).await?;
    let change = Change {
        id,
        version: entry.version,
        status: entry.status,
        body: &entry.draft,
        reason,
        account_id: actor.account_id,
        at: ctx.now,
    };
    let let_in = if has_moved { passed.last() == Some(&true) } else { entry.late };
    let late = is_late(checked.day, entry.entered_at) || let_in;
    write_store::correct(conn, &unit.path, &checked, &change, late).await?;
    write_store::ask(conn, id, &asked).await?;
    let mut settled = question::SETTLED.to_vec();
    settled.retain(|question| asked.iter().all(|(again, _)| again != question));
    write_store::settle(conn, id, &settled, ctx.locale.activity_ask_settled()).await?;
    let record = audit::Entry {
        actor: Some(actor),
        unit_id: Some(unit.id),
        action: "activity.correct",
        subject: id.to_string(),
        detail: json!({ "reason": reason, "before": entry.draft, "after": draft, "asked": asked }),
    };
    audit::record(conn, ctx.now, record).await?;
    Ok(asked.into_iter().map(|(_, words)| words).collect())
}

/// Withdraws an entry: it stays in the ledger, and no longer counts.
pub async fn withdraw(ctx: &Ctx, id: Uuid, reason: &str) -> Result<Entry> {
    withdraw_seen(ctx, id, None, reason).await
}

/// As [`withdraw`], of the version that the reader saw.
///
/// # Errors
/// [`Error::Stale`] when somebody corrected it meanwhile.
pub async fn withdraw_seen(ctx: &Ctx, id: Uuid, version: Option<i64>, reason: &str) -> Result<Entry> {
    let mut conn = ctx.db.write().await?;
    let (entry, unit) = to_change(&mut conn, ctx, id).await?;
    if version.is_some_and(|version| version != entry.version) {
        return Err(Error::Stale);
    }
    let reason = &checked_reason(ctx, reason)?;
    withdraw_in(&mut conn, ctx, &entry, unit.id, reason).await?;
    let entry = store::one(&mut conn, &ctx.scope()?, id).await?;
    conn.commit().await?;
    Ok(entry)
}

/// As [`withdraw`], within the caller's transaction, of the entry that [`to_change`] gave.
pub async fn withdraw_in(conn: &mut Conn, ctx: &Ctx, entry: &Entry, unit_id: i64, reason: &str) -> Result<()> {
    closing::action::pass(conn, ctx, &[(&entry.unit_path, days_as_stored(entry))]).await?;
    let actor = ctx.actor()?;
    let id = entry.draft.id;
    let change = Change {
        id,
        version: entry.version,
        status: entry.status,
        body: &entry.draft,
        reason,
        account_id: actor.account_id,
        at: ctx.now,
    };
    write_store::withdraw(conn, &change).await?;
    let record = audit::Entry {
        actor: Some(actor),
        unit_id: Some(unit_id),
        action: "activity.withdraw",
        subject: id.to_string(),
        detail: json!({ "reason": reason, "before": entry.draft }),
    };
    audit::record(conn, ctx.now, record).await
}

/// Takes the withdrawal of an entry back, within the caller's transaction: it counts again, as `status`.
pub async fn restore_in(conn: &mut Conn, ctx: &Ctx, entry: &Entry, status: Status, reason: &str) -> Result<()> {
    closing::action::pass(conn, ctx, &[(&entry.unit_path, days_as_stored(entry))]).await?;
    let actor = ctx.actor()?;
    let change = Change {
        id: entry.draft.id,
        version: entry.version,
        status: entry.status,
        body: &entry.draft,
        reason,
        account_id: actor.account_id,
        at: ctx.now,
    };
    write_store::restore(conn, &change, status).await?;
    let record = audit::Entry {
        actor: Some(actor),
        unit_id: Some(entry.unit_id),
        action: "activity.restore",
        subject: entry.draft.id.to_string(),
        detail: json!({ "reason": reason }),
    };
    audit::record(conn, ctx.now, record).await
}

/// Keeps the author's answer to a plausibility question.
pub async fn answer(ctx: &Ctx, id: Uuid, question: &str, words: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (_, unit) = to_change(&mut conn, ctx, id).await?;
    let words: String = words.trim().chars().take(500).collect();
    write_store::answer(&mut conn, id, question, &words).await?;
    let record = audit::Entry {
        actor: Some(ctx.actor()?),
        unit_id: Some(unit.id),
        action: "activity.answer",
        subject: id.to_string(),
        detail: json!({ "question": question, "answer": words }),
    };
    audit::record(&mut conn, ctx.now, record).await?;
    conn.commit().await
}
