//! Sending a file in parts, for lines that break: what has arrived lies on the disk, survives a restart of the server, and
//! becomes evidence once it is whole and is what its SHA-256 says.
//!
//! A part is written to the disk before it is noted, so that what is noted is there. Where more lies on the disk than is
//! noted, it is written over.

use super::{
    action::{self, Added, Attach, Sent},
    reading, store,
    upload_store::{self, Upload},
    write_store,
};
use crate::{
    domain::evidence::{MOST_BYTES, clean_name},
    error::{Error, Result},
    server::{context::Ctx, db::Conn, multipart},
};
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    fs::{self, File, OpenOptions},
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::LazyLock,
    time::SystemTime,
};
use tokio::{
    sync::{Mutex, MutexGuard},
    task::spawn_blocking,
};
use uuid::Uuid;

/// The most files that an account has on their way, and the most bytes of them: the oldest give way.
const MOST_UPLOADS: usize = 60;
const MOST_WAITING: i64 = 300 * 1024 * 1024;
/// How long a file waits for its next part, in days.
const PATIENCE_DAYS: i64 = 14;

/// How far a file has come.
#[derive(Debug)]
pub struct Progress {
    pub received: i64,
    /// Unknown before the first part.
    pub size: Option<i64>,
    /// Once it is whole.
    pub added: Option<Added>,
}

/// The next part of a file.
#[derive(Debug)]
pub struct Part {
    pub offset: i64,
    pub size: i64,
    pub name: String,
    pub children: Option<bool>,
    /// As [`Sent::taken_at`]; what the last part says counts.
    pub taken_at: Option<DateTime<Utc>>,
    pub bytes: Vec<u8>,
}

/// What became of a part.
#[derive(Debug)]
pub enum Outcome {
    Progress(Box<Progress>),
    /// It does not follow on what has arrived: go on from here.
    Elsewhere(i64),
}

/// Two tabs that send the same file take turns.
static TURNS: LazyLock<[Mutex<()>; 64]> = LazyLock::new(|| std::array::from_fn(|_| Mutex::new(())));

async fn turn(sha256: &[u8]) -> MutexGuard<'static, ()> {
    TURNS[usize::from(sha256.first().copied().unwrap_or_default()) % TURNS.len()].lock().await
}

/// How far a file has come that is sent to an entry.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn progress(ctx: &Ctx, activity: Uuid, sha256: &[u8]) -> Result<Progress> {
    action::to_add(ctx, &mut ctx.db.read().await?, activity).await?;
    if let Some(progress) = whole(ctx, activity, sha256).await? {
        return Ok(progress);
    }
    let under_way = under_way(ctx, &mut ctx.db.read().await?, activity, sha256).await?;
    Ok(Progress {
        received: under_way.as_ref().map_or(0, |upload| upload.received),
        size: under_way.map(|upload| upload.size),
        added: None,
    })
}

/// What the entry has with these bytes.
async fn whole(ctx: &Ctx, activity: Uuid, sha256: &[u8]) -> Result<Option<Progress>> {
    let there = action::there(ctx, activity, sha256).await?;
    Ok(there.map(|added| Progress { received: added.piece.size, size: Some(added.piece.size), added: Some(added) }))
}

/// What the reader is sending; no more of it than lies on the disk.
async fn under_way(ctx: &Ctx, conn: &mut Conn, activity: Uuid, sha256: &[u8]) -> Result<Option<Upload>> {
    let found = upload_store::one(conn, ctx.actor()?.account_id, activity, sha256).await?;
    let Some(mut upload) = found else { return Ok(None) };
    let length = fs::metadata(file(ctx, &upload)?).map_or(0, |data| data.len());
    upload.received = upload.received.min(i64::try_from(length).unwrap_or(i64::MAX));
    Ok(Some(upload))
}

fn file(ctx: &Ctx, upload: &Upload) -> Result<PathBuf> {
    let folder = multipart::spool(&ctx.settings.data_dir)?;
    let name = format!("part-{}-{}-{}", upload.account_id, upload.activity_id, hex::encode(&upload.sha256));
    Ok(folder.join(name))
}

/// Takes the next part of a file. Once the file is whole it becomes the entry's evidence.
///
/// # Errors
/// As [`action::add_to_activity`]; where the whole is not what its SHA-256 says or is nothing that is taken, what has
/// arrived is dropped, so that it can begin anew.
pub async fn take(ctx: &Ctx, activity: Uuid, sha256: &[u8], part: Part) -> Result<Outcome> {
    let _turn = turn(sha256).await;
    action::to_add(ctx, &mut ctx.db.read().await?, activity).await?;
    if let Some(progress) = whole(ctx, activity, sha256).await? {
        return Ok(Outcome::Progress(Box::new(progress)));
    }
    check(ctx, &part)?;
    if let Some(progress) = known(ctx, activity, sha256, &part).await? {
        return Ok(Outcome::Progress(Box::new(progress)));
    }
    let under_way = under_way(ctx, &mut ctx.db.read().await?, activity, sha256).await?;
    let is_new = under_way.is_none();
    let mut upload = under_way.unwrap_or_else(|| Upload {
        account_id: ctx.actor().map_or(0, |actor| actor.account_id),
        activity_id: activity,
        sha256: sha256.to_vec(),
        size: part.size,
        received: 0,
    });
    if upload.size != part.size {
        drop_all(ctx, std::slice::from_ref(&upload)).await?;
        return Err(Error::invalid("size", ctx.locale.evidence_size_changed(upload.size)));
    }
    if part.offset > upload.received {
        return Ok(Outcome::Elsewhere(upload.received));
    }
    if is_new {
        make_room(ctx, part.size).await?;
    }
    let known = usize::try_from(upload.received - part.offset).map_err(Error::internal)?;
    if is_new || part.bytes.len() > known {
        let more = part.bytes.get(known..).unwrap_or_default().to_vec();
        let path = file(ctx, &upload)?;
        let place = u64::try_from(upload.received).map_err(Error::internal)?;
        let length = i64::try_from(more.len()).map_err(Error::internal)?;
        spawn_blocking(move || write(&path, place, &more)).await.map_err(Error::internal)?.map_err(Error::internal)?;
        upload.received += length;
        let mut conn = ctx.db.write().await?;
        upload_store::put(&mut conn, &upload, ctx.now).await?;
        conn.commit().await?;
    }
    if upload.received < upload.size {
        let progress = Progress { received: upload.received, size: Some(upload.size), added: None };
        return Ok(Outcome::Progress(Box::new(progress)));
    }
    finish(ctx, &upload, part).await.map(|progress| Outcome::Progress(Box::new(progress)))
}

/// What is wrong with a part, whatever has arrived before.
fn check(ctx: &Ctx, part: &Part) -> Result<()> {
    let locale = ctx.locale;
    if part.size < 1 || part.size > MOST_BYTES as i64 {
        return Err(Error::invalid("size", locale.evidence_size_wrong(MOST_BYTES / 1024 / 1024)));
    }
    let end = part.offset.checked_add_unsigned(part.bytes.len() as u64);
    if part.offset < 0 || end.is_none_or(|end| end > part.size) {
        return Err(Error::invalid("offset", locale.evidence_part_beyond(part.size)));
    }
    Ok(())
}

/// Puts a piece to the entry that the reader sees elsewhere already: one shoot for several entries is sent once.
async fn known(ctx: &Ctx, activity: Uuid, sha256: &[u8], part: &Part) -> Result<Option<Progress>> {
    let mut conn = ctx.db.read().await?;
    let Some(known) = write_store::by_hash(&mut conn, sha256).await? else { return Ok(None) };
    match store::readable(&mut conn, &ctx.scope()?, known.id).await {
        Ok(_) => {}
        Err(Error::NotFound) => return Ok(None),
        Err(other) => return Err(other),
    }
    drop(conn);
    let how = Attach::Sent { name: &clean_name(&part.name), children: part.children };
    let added = action::attach(ctx, known.id, activity, how).await?;
    Ok(Some(Progress { received: added.piece.size, size: Some(added.piece.size), added: Some(added) }))
}

/// Writes a part where it belongs; nothing stands behind it then, and the disk has it.
fn write(path: &Path, place: u64, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let is_new = !path.exists();
    let mut file = options.open(path)?;
    file.set_len(place)?;
    file.seek(SeekFrom::Start(place))?;
    file.write_all(bytes)?;
    file.sync_data()?;
    #[cfg(unix)]
    if let (true, Some(folder)) = (is_new, path.parent()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Makes evidence of what is whole.
async fn finish(ctx: &Ctx, upload: &Upload, part: Part) -> Result<Progress> {
    let bytes = tokio::fs::read(file(ctx, upload)?).await.map_err(Error::internal)?;
    let added = if reading::hash(&bytes) == upload.sha256 {
        let sent = Sent { bytes, name: part.name, children: part.children, taken_at: part.taken_at };
        action::add_to_activity(ctx, upload.activity_id, sent).await
    } else {
        Err(Error::invalid("file", ctx.locale.evidence_mismatch()))
    };
    // A fault of ours leaves what has arrived: the same part sent again tries again.
    if matches!(added, Ok(_) | Err(Error::Invalid(_))) {
        drop_all(ctx, std::slice::from_ref(upload)).await?;
    }
    Ok(Progress { received: upload.size, size: Some(upload.size), added: Some(added?) })
}

/// Forgets files on their way, first on the disk.
async fn drop_all(ctx: &Ctx, uploads: &[Upload]) -> Result<()> {
    if uploads.is_empty() {
        return Ok(());
    }
    for upload in uploads {
        let _ = fs::remove_file(file(ctx, upload)?);
    }
    let mut conn = ctx.db.write().await?;
    for upload in uploads {
        upload_store::forget(&mut conn, upload).await?;
    }
    conn.commit().await
}

/// Before a new file begins: drops what nobody went on with for a fortnight, and of an account's own what is too much.
async fn make_room(ctx: &Ctx, size: i64) -> Result<()> {
    let before = ctx.now - TimeDelta::days(PATIENCE_DAYS);
    let mut conn = ctx.db.read().await?;
    let mut gone = upload_store::stale(&mut conn, before).await?;
    let (mut count, mut waiting) = (1, size);
    for upload in upload_store::of_account(&mut conn, ctx.actor()?.account_id).await? {
        count += 1;
        // What it will be, for the room is its own once it has begun.
        waiting += upload.size;
        if count > MOST_UPLOADS || waiting > MOST_WAITING {
            gone.push(upload);
        }
    }
    drop(conn);
    drop_all(ctx, &gone).await?;
    // What a killed server left of forms.
    let folder = multipart::spool(&ctx.settings.data_dir)?;
    let _ = spawn_blocking(move || sweep(&folder, before)).await;
    Ok(())
}

/// Removes files that were last written before a time.
fn sweep(folder: &Path, before: DateTime<Utc>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let written = entry.metadata().and_then(|data| data.modified());
        if written.is_ok_and(|time| time < SystemTime::from(before)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
