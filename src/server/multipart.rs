//! Files that a form or a program sends: `multipart/form-data`, each file spooled to the data folder as it arrives, so
//! that slow phones and large photos hold no memory. A file that is too large does not lose the others.

use super::{context::Ctx, form::FormData};
use crate::error::{Error, Result};
use axum::{
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::Field},
    http::{HeaderMap, header},
};
use std::path::{Path, PathBuf};
use tokio::{fs::File, io::AsyncWriteExt};

/// The most files of one form, the most bytes of its typed fields, and of all of it.
const MOST_FILES: usize = 50;
const MOST_TYPED: usize = super::form::FORM_LIMIT;
const MOST_BYTES: usize = 400 * 1024 * 1024;

/// A file that was sent. It lies in a folder until it goes out of scope.
#[derive(Debug)]
pub struct Upload {
    /// The field's name in the form.
    pub field: String,
    /// As the sender calls it: neither a path nor an ending to be believed.
    pub name: String,
    /// Of what was kept: no more than was asked for.
    pub size: usize,
    /// Whether it was larger than is taken; then what was kept is not the whole.
    pub too_large: bool,
    path: PathBuf,
}

impl Upload {
    /// What was sent.
    ///
    /// # Errors
    /// The disk cannot be read.
    pub async fn bytes(&self) -> Result<Vec<u8>> {
        tokio::fs::read(&self.path).await.map_err(Error::internal)
    }

    /// Where it lies meanwhile.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether a request's body has parts.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

/// Reads a body with parts: the typed fields, and the files in the order sent, each at most `most` bytes large. A field
/// for files in which none was chosen is left out.
///
/// # Errors
/// [`Error::LoggedOut`] for nobody; [`Error::TooLarge`]; [`Error::Invalid`] where the body ends too early or is no such
/// body.
pub async fn read(ctx: &Ctx, mut request: Request, most: usize) -> Result<(FormData, Vec<Upload>)> {
    ctx.actor()?;
    let folder = spool(&ctx.settings.data_dir)?;
    DefaultBodyLimit::max(MOST_BYTES).apply(&mut request);
    let unreadable = || Error::invalid("file", ctx.locale.multipart_unreadable());
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut typed, mut files, mut length) = (Vec::new(), Vec::new(), 0);
    loop {
        let field = parts.next_field().await.map_err(|error| match error.status().as_u16() {
            413 => Error::TooLarge,
            _ => unreadable(),
        })?;
        let Some(mut field) = field else { break };
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            None => {
                let mut bytes = Vec::new();
                while let Some(chunk) = field.chunk().await.map_err(|_| unreadable())? {
                    length += chunk.len();
                    if length > MOST_TYPED {
                        return Err(Error::TooLarge);
                    }
                    bytes.extend_from_slice(&chunk);
                }
                typed.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
            Some(file_name) => {
                if files.len() >= MOST_FILES {
                    return Err(Error::TooLarge);
                }
                let file = keep(&folder, field, name, file_name, most).await?;
                let file = file.ok_or_else(unreadable)?;
                if file.size > 0 || !file.name.is_empty() {
                    files.push(file);
                }
            }
        }
    }
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Ok((FormData::from_pairs(typed).without_nul(), files))
}

/// Writes a file as it arrives; `None` where it ends too early.
async fn keep(folder: &Path, mut field: Field<'_>, name: String, sent: String, most: usize) -> Result<Option<Upload>> {
    let path = folder.join(format!("form-{}", uuid::Uuid::now_v7()));
    let mut file = File::create(&path).await.map_err(Error::internal)?;
    let mut upload = Upload { field: name, name: sent, size: 0, too_large: false, path };
    loop {
        let chunk = match field.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) if error.status().as_u16() == 413 => return Err(Error::TooLarge),
            Err(_) => return Ok(None),
        };
        // What is too large is read to its end and thrown away: the next file stands behind it.
        upload.too_large |= upload.size + chunk.len() > most;
        if !upload.too_large {
            file.write_all(&chunk).await.map_err(Error::internal)?;
            upload.size += chunk.len();
        }
    }
    file.flush().await.map_err(Error::internal)?;
    Ok(Some(upload))
}

/// The folder for what is on its way.
///
/// # Errors
/// No data folder was named, or it cannot be written.
pub fn spool(data_dir: &Path) -> Result<PathBuf> {
    private_folder(data_dir, "partial")
}

/// A folder in the data folder that nobody else on the machine reads: children's faces may lie in it.
///
/// # Errors
/// No data folder was named, or it cannot be written.
pub fn private_folder(data_dir: &Path, name: &str) -> Result<PathBuf> {
    if data_dir.as_os_str().is_empty() {
        return Err(Error::internal("no data folder was named: give --data-dir"));
    }
    let folder = data_dir.join(name);
    if !folder.is_dir() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let made = builder.create(&folder);
        made.map_err(|error| Error::internal(format!("{}: {error}", folder.display())))?;
    }
    Ok(folder)
}
