//! What is done with evidence: added, taken back, put to more. Who: whoever logs at the entry's unit; a campaign's and an
//! indicator's documents the officers and administrators of their unit. Whoever reads the entry reads its evidence.

use super::{
    files::Files,
    reading::{self, Content},
    store::{self, Piece, Use},
    write_store::{self, Target},
};
use crate::{
    activity::{self, store::Entry},
    domain::{
        access::Scope,
        activity::Status,
        evidence::{Format, Kind, TimePolicy, clean_name, is_named_to_readers, shows_children},
        unit::Unit,
    },
    error::{Error, Result},
    server::{audit, context::Ctx, db::Conn, setting},
    unit,
};
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

/// A file as somebody sent it.
#[derive(Debug)]
pub struct Sent {
    pub bytes: Vec<u8>,
    pub name: String,
    /// Whether children are on it; where nobody says so, what is likely.
    pub children: Option<bool>,
    /// When it was taken, as the phone says that made it smaller: such a photo no longer says so itself.
    pub taken_at: Option<DateTime<Utc>>,
}

/// A piece that was added, or was there.
#[derive(Debug)]
pub struct Added {
    pub piece: Piece,
    /// Whether this call put it there.
    pub created: bool,
    /// Other entries in the reader's sight with the same picture or one like it.
    pub similar: Vec<Use>,
}

/// The key of the setting that says whether the time of a photo is kept.
pub(super) const TIME_POLICY: &str = "evidence_time";

/// Whether the time at which a photo was taken is kept here.
///
/// # Errors
/// The database does not answer.
pub async fn time_policy(conn: &mut Conn) -> Result<TimePolicy> {
    let set = setting::get(conn, TIME_POLICY).await?;
    Ok(set.and_then(|key| TimePolicy::from_key(&key)).unwrap_or(TimePolicy::Keep))
}

/// An entry to which the reader may add evidence, and its unit.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where the entry is withdrawn.
pub async fn to_add(ctx: &Ctx, conn: &mut Conn, activity: Uuid) -> Result<(Entry, Unit)> {
    let entry = activity::store::one(conn, &ctx.scope()?, activity).await?;
    let unit = unit::store::by_id(conn, &Scope::everything(), entry.unit_id).await?;
    if !ctx.actor()?.may_log(&unit) {
        return Err(Error::Forbidden);
    }
    if entry.status == Status::Withdrawn {
        return Err(Error::Conflict { code: "withdrawn", message: ctx.locale.evidence_withdrawn_entry().into() });
    }
    Ok((entry, unit))
}

/// Adds a piece to an entry. The same bytes sent again answer what is there.
///
/// # Errors
/// As [`to_add`]; [`Error::Invalid`] of the field `file`.
pub async fn add_to_activity(ctx: &Ctx, activity: Uuid, sent: Sent) -> Result<Added> {
    let mut conn = ctx.db.read().await?;
    let (entry, unit) = to_add(ctx, &mut conn, activity).await?;
    drop(conn);
    let name = clean_name(&sent.name);
    let children = sent.children.unwrap_or_else(|| shows_children(unit.kind, !entry.draft.classes.is_empty()));
    let piece = prepare(ctx, sent.bytes, sent.taken_at, Format::suits_activity).await?;
    let mut conn = ctx.db.write().await?;
    // Withdrawn meanwhile, or moved to a unit that is not the reader's.
    let (entry, unit) = to_add(ctx, &mut conn, activity).await?;
    let id = put(ctx, &mut conn, &piece).await?;
    let actor = ctx.actor()?;
    let created =
        write_store::link(&mut conn, id, Target::Activity(activity), &name, actor.account_id, ctx.now).await?;
    if created {
        if children && piece.kind() == Kind::Photo {
            write_store::set_children(&mut conn, id, true).await?;
        }
        ask_about_picture(ctx, &mut conn, &entry).await?;
        let detail =
            json!({ "evidence": id, "name": name, "sha256": hex::encode(piece.sha256()), "children": children });
        record(ctx, &mut conn, "evidence.add", Some(unit.id), activity.to_string(), detail).await?;
    }
    conn.commit().await?;
    added(ctx, activity, id, created).await
}

/// What is answered of an entry's piece.
async fn added(ctx: &Ctx, activity: Uuid, id: Uuid, created: bool) -> Result<Added> {
    let mut conn = ctx.db.read().await?;
    let pieces = store::of_activity(&mut conn, activity).await?;
    let piece = pieces.into_iter().find(|piece| piece.id == id).ok_or(Error::NotFound)?;
    let similar = store::similar(&mut conn, &ctx.scope()?, activity).await?;
    let similar = similar.into_iter().filter(|(own, _)| *own == id).map(|(_, other)| other).collect();
    Ok(Added { piece, created, similar })
}

/// What an entry has with these bytes already, without sending them again.
///
/// # Errors
/// The database does not answer.
pub async fn there(ctx: &Ctx, activity: Uuid, sha256: &[u8]) -> Result<Option<Added>> {
    let piece = store::of_activity_by_hash(&mut ctx.db.read().await?, activity, sha256).await?;
    match piece {
        Some(piece) => Ok(Some(added(ctx, activity, piece.id, false).await?)),
        None => Ok(None),
    }
}

/// What was sent, ready to be put somewhere: known by its bytes, or new with its files stored.
pub(super) enum Ready {
    Known(write_store::Known, Vec<u8>),
    New(Box<write_store::NewPiece>),
}

impl Ready {
    fn kind(&self) -> Kind {
        match self {
            Ready::Known(known, _) => known.kind,
            Ready::New(piece) => piece.kind,
        }
    }

    fn sha256(&self) -> &[u8] {
        match self {
            Ready::Known(_, sha256) => sha256,
            Ready::New(piece) => &piece.sha256,
        }
    }
}

/// Reads what was sent and stores its files, unless the same bytes were stored before.
pub(super) async fn prepare(
    ctx: &Ctx,
    bytes: Vec<u8>,
    taken_at: Option<DateTime<Utc>>,
    suits: fn(Format) -> bool,
) -> Result<Ready> {
    let sha256 = reading::hash(&bytes);
    let mut conn = ctx.db.read().await?;
    let known = write_store::by_hash(&mut conn, &sha256).await?;
    let policy = time_policy(&mut conn).await?;
    drop(conn);
    let files = Files::open(&ctx.settings.data_dir)?;
    if let Some(known) = known
        && is_stored(&files, &known).await?
        && Format::ALL.iter().any(|format| suits(*format) && format.media_type() == known.media_type)
    {
        return Ok(Ready::Known(known, sha256));
    }
    let size = bytes.len();
    let content = reading::read(bytes, policy, suits).await?;
    let mut content = content.map_err(|refusal| Error::invalid("file", refusal.words(ctx.locale)))?;
    if let (Content::Photo(picture), TimePolicy::Keep) = (&mut content, policy) {
        // A phone whose clock runs ahead has taken nothing tomorrow.
        picture.taken_at = picture.taken_at.or(taken_at.filter(|at| *at <= ctx.now));
    }
    Ok(Ready::New(Box::new(reading::store(&files, content, sha256, size).await?)))
}

async fn is_stored(files: &Files, known: &write_store::Known) -> Result<bool> {
    for key in [Some(&known.full_key), known.thumb_key.as_ref()].into_iter().flatten() {
        if !files.has(key).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The id of what was made ready, with its row.
pub(super) async fn put(ctx: &Ctx, conn: &mut Conn, piece: &Ready) -> Result<Uuid> {
    match piece {
        // It may have been erased with a person meanwhile.
        Ready::Known(_, sha256) => match write_store::by_hash(conn, sha256).await? {
            Some(known) => Ok(known.id),
            None => Err(Error::invalid("file", ctx.locale.evidence_send_again())),
        },
        Ready::New(piece) => write_store::insert(conn, piece, ctx.actor()?.account_id, ctx.now).await,
    }
}

/// Asks the author, once and without a reproach, about a picture that another entry has too. It names the others only
/// where all who read this entry read them.
async fn ask_about_picture(ctx: &Ctx, conn: &mut Conn, entry: &Entry) -> Result<()> {
    /// More names make a sentence that nobody reads.
    const NAMED: usize = 3;
    let locale = ctx.locale;
    let similar = store::similar(conn, &ctx.scope()?, entry.draft.id).await?;
    if similar.is_empty() {
        return Ok(());
    }
    let mut named: Vec<String> = similar
        .iter()
        .filter(|(_, other)| is_named_to_readers(&entry.unit_path, &other.unit_path))
        .map(|(_, other)| format!("{} {}", other.day, other.unit_name))
        .collect();
    named.dedup();
    named.truncate(NAMED);
    let words = match named.is_empty() {
        true => locale.evidence_ask_same().to_owned(),
        false => locale.evidence_ask_same_named(named.join(locale.campaign_comma())),
    };
    activity::write_store::ask(conn, entry.draft.id, &[("picture", words)]).await
}

pub(super) async fn record(
    ctx: &Ctx,
    conn: &mut Conn,
    action: &'static str,
    unit_id: Option<i64>,
    subject: String,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = audit::Entry { actor: Some(ctx.actor()?), unit_id, action, subject, detail };
    audit::record(conn, ctx.now, entry).await
}

/// How a piece comes to another entry.
#[derive(Clone, Copy, Debug)]
pub enum Attach<'a> {
    /// Somebody chose it to: there is nothing to ask.
    Chosen,
    /// It was sent again.
    Sent { name: &'a str, children: Option<bool> },
}

/// Puts a piece that the reader sees to another entry too: one shoot for several activities.
///
/// # Errors
/// [`Error::NotFound`] where the reader sees no such piece; as [`to_add`].
pub async fn attach(ctx: &Ctx, piece: Uuid, activity: Uuid, how: Attach<'_>) -> Result<Added> {
    let mut conn = ctx.db.write().await?;
    let (entry, unit) = to_add(ctx, &mut conn, activity).await?;
    let found = store::readable(&mut conn, &ctx.scope()?, piece).await?;
    if !Format::ALL.iter().any(|format| format.suits_activity() && format.media_type() == found.media_type) {
        return Err(Error::invalid("file", ctx.locale.evidence_not_here()));
    }
    let (name, children) = match how {
        Attach::Sent { name, children } if !name.is_empty() => (name, children),
        Attach::Sent { children, .. } => (found.name.as_str(), children),
        Attach::Chosen => (found.name.as_str(), None),
    };
    let account = ctx.actor()?.account_id;
    let created = write_store::link(&mut conn, piece, Target::Activity(activity), name, account, ctx.now).await?;
    if created {
        let children = children.unwrap_or_else(|| shows_children(unit.kind, !entry.draft.classes.is_empty()));
        if children && found.kind == Kind::Photo && !found.children {
            write_store::set_children(&mut conn, piece, true).await?;
        }
        if matches!(how, Attach::Sent { .. }) {
            ask_about_picture(ctx, &mut conn, &entry).await?;
        }
        let detail = json!({ "evidence": piece, "name": name });
        record(ctx, &mut conn, "evidence.attach", Some(unit.id), activity.to_string(), detail).await?;
    }
    conn.commit().await?;
    added(ctx, activity, piece, created).await
}
