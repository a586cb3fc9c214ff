//! Importing a ledger: uploaded, looked at, settled, stored in one transaction, undone in one.

use super::{
    book::{self, Book, Refusal},
    examine::{self, Findings, Ground, Progress, Window},
    plan::{self, Choices, Laid},
    store::{self, Counts, Import, Upload},
};
use crate::{
    account,
    activity::{self, bulk::Batch},
    domain::{
        access::{Actor, Role, Scope},
        unit::Unit,
    },
    error::{Error, Result},
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use chrono::Duration;
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How long an upload waits to be stored.
const PATIENCE: Duration = Duration::hours(48);
/// Files that are read at once: each may take some hundred megabytes.
static READERS: Semaphore = Semaphore::const_new(2);
/// The longest name of a file that is kept.
const LONGEST_NAME: usize = 120;

/// What is stored of a file with wrong rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All, or nothing.
    All,
    /// The good rows.
    Good,
}

/// Where whoever is logged in plans or logs: there they may import.
pub fn may_import(ctx: &Ctx) -> Result<&Actor> {
    let actor = ctx.actor()?;
    match actor.is_any(&[Role::Admin, Role::Officer, Role::Cadre]) {
        true => Ok(actor),
        false => Err(Error::Forbidden),
    }
}

/// The units that a ledger may be imported for.
pub async fn units(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Unit>> {
    let actor = may_import(ctx)?;
    let all = unit::store::all(conn, &actor.scope()).await?;
    Ok(all.into_iter().filter(|unit| actor.may_log(unit)).collect())
}

/// Reads a file on a thread of its own.
///
/// # Errors
/// [`Error::Invalid`] with why it is not read, at the field `file`.
pub async fn read(ctx: &Ctx, name: &str, bytes: Vec<u8>) -> Result<Book> {
    let _turn = READERS.acquire().await.map_err(Error::internal)?;
    let name = name.to_owned();
    let book = tokio::task::spawn_blocking(move || book::read_file(&name, &bytes)).await.map_err(Error::internal)?;
    book.map_err(|refusal: Refusal| Error::invalid("file", refusal.message(ctx.locale)))
}

async fn unit_to_import(conn: &mut Conn, ctx: &Ctx, code: &str) -> Result<Unit> {
    let missing = || Error::invalid("unit", ctx.locale.activity_unit_unknown(code));
    match unit::store::by_code(conn, &Scope::everything(), code).await {
        Ok(unit) if ctx.actor()?.may_log(&unit) => Ok(unit),
        Ok(_) => Err(Error::Forbidden),
        Err(Error::NotFound) => Err(missing()),
        Err(other) => Err(other),
    }
}

/// Takes in a file, which then waits to be stored. Nothing of it is in the ledger yet.
///
/// # Errors
/// [`Error::Forbidden`] where the reader may not log at the unit; [`Error::Invalid`] where no ledger is in the file.
pub async fn upload(ctx: &Ctx, code: &str, name: &str, bytes: Vec<u8>) -> Result<Uuid> {
    may_import(ctx)?;
    let mut conn = ctx.db.read().await?;
    let unit = unit_to_import(&mut conn, ctx, code).await?;
    let ground = examine::ground(&mut conn, ctx, unit).await?;
    drop(conn);
    let name = file_name(name);
    let book = read(ctx, &name, bytes.clone()).await?;
    let laid = examine::lay(&book, &ground, &Choices::default());
    if !examine::holds_ledger(&laid) {
        return Err(Error::invalid("file", ctx.locale.import_no_ledger()));
    }
    let id = Uuid::now_v7();
    let account_id = ctx.actor()?.account_id;
    let mut conn = ctx.db.write().await?;
    let upload = Upload { id, account_id, unit_id: ground.unit.id, name: &name, content: &bytes, at: ctx.now };
    store::add(&mut conn, &upload, ctx.now - PATIENCE).await?;
    conn.commit().await?;
    Ok(id)
}

/// The last part of a path, short, without what no name has.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let kept: String = last.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    if kept.trim().is_empty() { "import".into() } else { kept }
}

/// An import that the reader may see: their own; of others what was stored at units they manage.
pub async fn one(conn: &mut Conn, ctx: &Ctx, id: Uuid) -> Result<Import> {
    let actor = may_import(ctx)?;
    let import = store::one(conn, id).await?;
    let is_own = import.account_id == actor.account_id;
    let manages = actor.planning_scope().contains(&import.unit_path) && import.stored_at.is_some();
    if is_own || manages { Ok(import) } else { Err(Error::NotFound) }
}

/// The imports that the reader may see, the newest first.
pub async fn list(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<Import>> {
    let actor = may_import(ctx)?;
    store::list(conn, actor.account_id, &actor.planning_scope()).await
}

/// A file as it would be stored.
#[derive(Debug)]
pub struct Preview {
    pub ground: Ground,
    pub laid: Vec<Laid>,
    pub findings: Findings,
}

/// Reads a file that waits, and what would become of it.
pub async fn preview(ctx: &Ctx, import: &Import, window: Window) -> Result<Preview> {
    let mut conn = ctx.db.read().await?;
    let bytes = store::content(&mut conn, import.id).await?.ok_or(Error::NotFound)?;
    let unit = unit::store::by_id(&mut conn, &ctx.scope()?, import.unit_id).await?;
    let mut ground = examine::ground(&mut conn, ctx, unit).await?;
    drop(conn);
    ground.units.call(&import.choices.units);
    let book = read(ctx, &import.name, bytes).await?;
    let laid = examine::lay(&book, &ground, &import.choices);
    let mut conn = ctx.db.read().await?;
    let with = (&ground, &import.choices);
    let findings = examine::examine(&mut conn, ctx, with, (&book, &laid), window, None, &Progress::default()).await?;
    Ok(Preview { ground, laid, findings })
}

/// Keeps what the reader settled about a file that waits.
pub async fn settle(ctx: &Ctx, id: Uuid, code: &str, choices: &Choices) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let import = one(&mut conn, ctx, id).await?;
    waits(ctx, &import)?;
    let unit = unit_to_import(&mut conn, ctx, code).await?;
    store::settle(&mut conn, id, unit.id, choices).await?;
    conn.commit().await
}

/// Keeps which rows of a file that waits are stored, and what was answered about them.
pub async fn tick(ctx: &Ctx, import: &Import, choices: &Choices) -> Result<()> {
    waits(ctx, import)?;
    if *choices == import.choices {
        return Ok(());
    }
    let mut conn = ctx.db.write().await?;
    store::settle(&mut conn, import.id, import.unit_id, choices).await?;
    conn.commit().await
}

/// Drops a file that waits.
pub async fn drop_waiting(ctx: &Ctx, id: Uuid) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let import = one(&mut conn, ctx, id).await?;
    waits(ctx, &import)?;
    store::drop_waiting(&mut conn, id).await?;
    conn.commit().await
}

fn waits(ctx: &Ctx, import: &Import) -> Result<()> {
    match import.stored_at {
        None => Ok(()),
        Some(_) => Err(Error::Conflict { code: "stored", message: ctx.locale.import_stored_already().into() }),
    }
}

/// Stores a file that waits, in one transaction.
///
/// # Errors
/// [`Error::Conflict`] where all was asked for and a row is wrong, or nothing new is in it; then nothing was stored.
pub async fn store_waiting(ctx: &Ctx, id: Uuid, mode: Mode, progress: &Progress) -> Result<Findings> {
    let mut conn = ctx.db.read().await?;
    let import = one(&mut conn, ctx, id).await?;
    waits(ctx, &import)?;
    let bytes = store::content(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let unit = unit::store::by_id(&mut conn, &ctx.scope()?, import.unit_id).await?;
    drop(conn);
    let book = read(ctx, &import.name, bytes).await?;
    let mut conn = ctx.db.write().await?;
    let mut ground = examine::ground(&mut conn, ctx, unit).await?;
    ground.units.call(&import.choices.units);
    let laid = examine::lay(&book, &ground, &import.choices);
    let account_id = ctx.actor()?.account_id;
    let batch = Batch::new(id, account_id, ctx.now);
    let window = Window { problems: 0..1, rows: 0..0 };
    let with = (&ground, &import.choices);
    let findings = examine::examine(&mut conn, ctx, with, (&book, &laid), window, Some(batch), progress).await?;
    let counts = findings.counts;
    let conflict = |message: String| Error::Conflict { code: "import", message };
    if mode == Mode::All && counts.refused > 0 {
        return Err(conflict(ctx.locale.import_not_all(counts.refused)));
    }
    if counts.entries == 0 {
        return Err(conflict(ctx.locale.import_nothing_new().into()));
    }
    if findings.unplaced.0 > 0 && !import.choices.at_root {
        let message = ctx.locale.import_unplaced_asked(findings.unplaced.0, &ground.unit.short_name);
        return Err(Error::invalid("at_root", message));
    }
    if !store::mark_stored(&mut conn, id, counts, ctx.now).await? {
        return Err(conflict(ctx.locale.import_stored_already().into()));
    }
    let mut names = ground.kept.get(plan::UNITS).cloned().unwrap_or_default();
    names.extend(import.choices.units.clone());
    let names = (!import.choices.units.is_empty()).then_some((plan::UNITS, &names));
    let columns = import.choices.columns.iter().map(|(signature, columns)| (signature.as_str(), columns));
    for (signature, kept) in columns.chain(names) {
        store::keep(&mut conn, import.unit_id, signature, kept, account_id, ctx.now).await?;
    }
    record(&mut conn, ctx, &ground.unit, id, &import.name, counts).await?;
    conn.commit().await?;
    Ok(findings)
}

async fn record(conn: &mut Conn, ctx: &Ctx, unit: &Unit, id: Uuid, name: &str, counts: Counts) -> Result<()> {
    let entry = audit::Entry {
        actor: ctx.someone.as_deref(),
        unit_id: Some(unit.id),
        action: "import.add",
        subject: id.to_string(),
        detail: json!({ "file": name, "unit": unit.code, "accepted": counts.accepted, "refused": counts.refused,
            "already": counts.already, "entries": counts.entries }),
    };
    audit::record(conn, ctx.now, entry).await
}

/// Withdraws all entries of an import, in one transaction: how many still counted.
///
/// # Errors
/// [`Error::Forbidden`] for who neither did it nor manages its unit; [`Error::Conflict`] where it was undone before, or as
/// [`activity::bulk::withdraw`].
pub async fn undo(ctx: &Ctx, id: Uuid, reason: &str) -> Result<u64> {
    let mut conn = ctx.db.write().await?;
    let import = one(&mut conn, ctx, id).await?;
    let actor = ctx.actor()?;
    let unit = unit::store::by_id(&mut conn, &Scope::everything(), import.unit_id).await?;
    if !actor.may_log(&unit) {
        return Err(Error::Forbidden);
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", ctx.locale.activity_reason_missing()));
    }
    if reason.chars().count() > 500 {
        return Err(Error::invalid("reason", ctx.locale.activity_text_too_long(500)));
    }
    if !store::mark_undone(&mut conn, id, actor.account_id, ctx.now).await? {
        let message = ctx.locale.import_undone_already().into();
        return Err(Error::Conflict { code: "undone", message });
    }
    let withdrawn = activity::bulk::withdraw(&mut conn, ctx, id, reason).await?;
    let entry = audit::Entry {
        actor: Some(actor),
        unit_id: Some(unit.id),
        action: "import.withdraw",
        subject: id.to_string(),
        detail: json!({ "file": import.name, "reason": reason, "entries": withdrawn }),
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(withdrawn)
}

/// What the command line did.
#[derive(Debug)]
pub struct Done {
    pub unit: Unit,
    pub laid: Vec<Laid>,
    pub findings: Findings,
}

/// Imports a file for the command line, which owns the database: the good rows, in one transaction; with `dry` nothing.
///
/// # Errors
/// An unknown unit, a file without a ledger, a database without accounts.
pub async fn import(ctx: &Ctx, name: &str, bytes: Vec<u8>, code: &str, dry: bool, progress: &Progress) -> Result<Done> {
    let name = file_name(name);
    let size = bytes.len();
    let book = read(ctx, &name, bytes).await?;
    let mut conn = if dry { ctx.db.read().await? } else { ctx.db.write().await? };
    let unit = match unit::store::by_code(&mut conn, &Scope::everything(), code).await {
        Err(Error::NotFound) => return Err(Error::invalid("unit", ctx.locale.activity_unit_unknown(code))),
        other => other?,
    };
    let ground = examine::ground(&mut conn, ctx, unit).await?;
    let laid = examine::lay(&book, &ground, &Choices::default());
    if !examine::holds_ledger(&laid) {
        return Err(Error::invalid("file", ctx.locale.import_no_ledger()));
    }
    let window = Window { problems: 0..usize::MAX, rows: 0..0 };
    if dry {
        let with = (&ground, &Choices::default());
        let findings = examine::examine(&mut conn, ctx, with, (&book, &laid), window, None, progress).await?;
        return Ok(Done { unit: ground.unit, laid, findings });
    }
    let id = Uuid::now_v7();
    let account_id = author(&mut conn, ctx, &ground.unit).await?;
    let upload = Upload { id, account_id, unit_id: ground.unit.id, name: &name, content: &[], at: ctx.now };
    store::add_done(&mut conn, &upload, size).await?;
    let batch = Batch::new(id, account_id, ctx.now);
    let with = (&ground, &Choices::default());
    let findings = examine::examine(&mut conn, ctx, with, (&book, &laid), window, Some(batch), progress).await?;
    // A file that adds nothing leaves no trace.
    if findings.counts.entries > 0 {
        store::mark_stored(&mut conn, id, findings.counts, ctx.now).await?;
        record(&mut conn, ctx, &ground.unit, id, &name, findings.counts).await?;
        conn.commit().await?;
    }
    Ok(Done { unit: ground.unit, laid, findings })
}

/// Whose account stands for the command line's entries, each of which has one: the import is marked as the program's, and
/// its entries say so. It is the nearest one's who manages the unit, else the first account's.
async fn author(conn: &mut Conn, ctx: &Ctx, unit: &Unit) -> Result<i64> {
    let held = account::store::held_within(conn, &Scope::everything()).await?;
    let open = || held.iter().filter(|(account, _)| account.closed_at.is_none());
    let manages = open()
        .filter(|(_, held)| matches!(held.role, Role::Admin | Role::Officer) && unit.path.starts_with(&held.path));
    let nearest = manages.max_by_key(|(account, held)| (held.path.len(), std::cmp::Reverse(account.id)));
    let first = || open().min_by_key(|(account, _)| account.id);
    let (account, _) = nearest.or_else(first).ok_or_else(|| Error::internal(ctx.locale.import_no_account()))?;
    Ok(account.id)
}
