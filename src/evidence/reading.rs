//! Reading what was sent on a thread of its own, a few at a time: pictures cost the processor what pages live on.

use super::{
    files::Files,
    kind,
    picture::{self, Picture},
    write_store::NewPiece,
};
use crate::{
    domain::evidence::{Format, Kind, Refusal, TimePolicy},
    error::{Error, Result},
};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;
use tokio::{sync::Semaphore, task::spawn_blocking};
use uuid::Uuid;

/// Half the processors, and one at least: the others answer.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Semaphore::new((processors / 2).max(1))
});

/// What was sent, read.
#[derive(Debug)]
pub enum Content {
    Photo(Box<Picture>),
    /// Kept as it was sent.
    Document(Format, Vec<u8>),
}

/// Reads what was sent; `suits` says which formats are taken here.
///
/// # Errors
/// Outside: a fault of ours. Inside: why it is not taken.
pub async fn read(bytes: Vec<u8>, policy: TimePolicy, suits: fn(Format) -> bool) -> Result<Result<Content, Refusal>> {
    let turn = TURNS.acquire().await.map_err(Error::internal)?;
    let task = spawn_blocking(move || {
        let format = kind::find(&bytes)?;
        if !suits(format) {
            return Err(Refusal::NotHere);
        }
        match format.kind() {
            Kind::Photo => Ok(Content::Photo(Box::new(picture::read(&bytes, policy)?))),
            Kind::Document => Ok(Content::Document(format, bytes)),
        }
    });
    let read = task.await;
    drop(turn);
    // A decoder that gave up in disorder met bytes that nobody's camera wrote.
    Ok(read.unwrap_or(Err(Refusal::Broken)))
}

/// The SHA-256 of what was sent.
pub fn hash(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// Stores the files of what was read: the row that names them comes after, so that no row ever names a missing file.
///
/// # Errors
/// The data folder cannot be written.
pub async fn store(files: &Files, content: Content, sha256: Vec<u8>, size: usize) -> Result<NewPiece> {
    let size = i64::try_from(size).map_err(Error::internal)?;
    let id = Uuid::now_v7();
    match content {
        Content::Photo(picture) => {
            let full_size = i64::try_from(picture.full.len()).map_err(Error::internal)?;
            Ok(NewPiece {
                id,
                sha256,
                kind: Kind::Photo,
                media_type: Format::Jpeg.media_type(),
                size,
                width: Some(picture.width.into()),
                height: Some(picture.height.into()),
                taken_at: picture.taken_at,
                full_key: files.put(picture.full, Format::Jpeg.ending()).await?,
                full_size,
                thumb_key: Some(files.put(picture.thumb, Format::Jpeg.ending()).await?),
                looks: picture.looks,
            })
        }
        Content::Document(format, bytes) => Ok(NewPiece {
            id,
            sha256,
            kind: Kind::Document,
            media_type: format.media_type(),
            size,
            width: None,
            height: None,
            taken_at: None,
            full_key: files.put(bytes, format.ending()).await?,
            full_size: size,
            thumb_key: None,
            looks: None,
        }),
    }
}
