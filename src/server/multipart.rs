//! Files that a form or a program sends: `multipart/form-data`, each file spooled to the data folder as it arrives, so
//! that slow phones and large photos hold no memory. A file that is too large does not lose the others.

use super::{context::Ctx, form::FormData};
use crate::{
    domain::access::Role,
    error::{Error, Result},
};
use axum::{
    body::{Body, Bytes},
    extract::{
        DefaultBodyLimit, FromRequest, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::{HeaderMap, header},
};
use futures::{StreamExt, stream};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::Poll,
};
use tokio::{fs::File, io::AsyncWriteExt};

/// The most files of one form, and the most bytes of its typed fields and of all names.
const MOST_FILES: usize = 50;
const MOST_TYPED: usize = super::form::FORM_LIMIT;
/// What a part costs beside its name and its value, so that empty ones end too: with each the reader of parts may take
/// another piece or two into its memory.
const PART: usize = 4 * 1024;
/// The most bytes of a part's head: the reader of parts holds them all until the head is whole.
const LARGEST_HEAD: usize = 64 * 1024;
/// As much as the reader of parts gets at once.
const AT_ONCE: usize = 16 * 1024;

/// What a form with files may be large, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A file: what is larger is told apart, and the others are not lost.
    pub file: usize,
    /// All of the body.
    pub body: usize,
}

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

/// The body in small pieces, which ends with a fault where more comes before a part's head is whole than any head has:
/// `head` counts since the reader of parts began to look for one.
fn bounded(body: Body, head: Arc<AtomicUsize>) -> Body {
    let mut body = body.into_data_stream();
    let (mut waiting, mut rests) = (Bytes::new(), false);
    Body::from_stream(stream::poll_fn(move |task| {
        // The reader of parts takes all that is ready into its memory before it looks at any: between two pieces there is
        // none ready.
        rests = !rests;
        if !rests {
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        while waiting.is_empty() {
            match body.poll_next_unpin(task) {
                Poll::Ready(Some(Ok(bytes))) => waiting = bytes,
                Poll::Ready(other) => return Poll::Ready(other),
                Poll::Pending => {
                    rests = false;
                    return Poll::Pending;
                }
            }
        }
        let piece = waiting.split_to(waiting.len().min(AT_ONCE));
        if head.fetch_add(piece.len(), Ordering::Relaxed) > LARGEST_HEAD {
            return Poll::Ready(Some(Err(axum::Error::new("the head of a part does not end"))));
        }
        Poll::Ready(Some(Ok(piece)))
    }))
}

/// Reads a body with parts: the typed fields, and the files in the order sent. A field for files in which none was chosen
/// is left out. Who may only read sends no files, and nothing of theirs is read.
///
/// # Errors
/// [`Error::LoggedOut`] for nobody, [`Error::Forbidden`]; [`Error::TooLarge`]; [`Error::Invalid`] where the body ends too
/// early or is no such body.
pub async fn read(ctx: &Ctx, request: Request, limits: Limits) -> Result<(FormData, Vec<Upload>)> {
    if !ctx.actor()?.is_any(&[Role::Admin, Role::Officer, Role::Cadre]) {
        return Err(Error::Forbidden);
    }
    read_and_forget(ctx, request, limits).await
}

/// As [`read`], for files of which nothing is kept: who may only read sends some too.
///
/// # Errors
/// As [`read`]; nobody is forbidden.
pub async fn read_and_forget(ctx: &Ctx, request: Request, limits: Limits) -> Result<(FormData, Vec<Upload>)> {
    ctx.actor()?;
    let folder = spool(&ctx.settings.data_dir)?;
    let head = Arc::new(AtomicUsize::new(0));
    let mut request = request.map(|body| bounded(body, head.clone()));
    DefaultBodyLimit::max(limits.body).apply(&mut request);
    let unreadable = || Error::invalid("file", ctx.locale.multipart_unreadable());
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut typed, mut files, mut length, mut sent) = (Vec::new(), Vec::new(), 0, 0);
    loop {
        head.store(0, Ordering::Relaxed);
        let field = parts.next_field().await.map_err(|error| match error.status().as_u16() {
            413 => Error::TooLarge,
            _ => unreadable(),
        })?;
        let Some(mut field) = field else { break };
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        length += PART + name.len() + file_name.as_ref().map_or(0, String::len);
        if length > MOST_TYPED {
            return Err(Error::TooLarge);
        }
        match file_name {
            None => {
                let mut bytes = Vec::new();
                while let Some(chunk) = next(&mut field, &head).await.map_err(|_| unreadable())? {
                    length += chunk.len();
                    if length > MOST_TYPED {
                        return Err(Error::TooLarge);
                    }
                    bytes.extend_from_slice(&chunk);
                }
                typed.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
            Some(file_name) => {
                sent += 1;
                if sent > MOST_FILES {
                    return Err(Error::TooLarge);
                }
                let file = keep(&folder, (field, &head), name, file_name, limits.file).await?;
                let file = file.ok_or_else(unreadable)?;
                if file.size > 0 || !file.name.is_empty() {
                    files.push(file);
                }
            }
        }
    }
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Ok((FormData::from_pairs(typed).without_controls(), files))
}

/// The next piece of a part's value, before which no head is looked for.
async fn next(field: &mut Field<'_>, head: &AtomicUsize) -> std::result::Result<Option<Bytes>, MultipartError> {
    head.store(0, Ordering::Relaxed);
    field.chunk().await
}

/// Writes a file as it arrives; `None` where it ends too early.
async fn keep(
    folder: &Path,
    (mut field, head): (Field<'_>, &AtomicUsize),
    name: String,
    sent: String,
    most: usize,
) -> Result<Option<Upload>> {
    let path = folder.join(format!("form-{}", uuid::Uuid::now_v7()));
    let mut file = File::create(&path).await.map_err(Error::internal)?;
    let mut upload = Upload { field: name, name: sent, size: 0, too_large: false, path };
    loop {
        let chunk = match next(&mut field, head).await {
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

#[cfg(test)]
mod tests {
    use crate::server::testing::{Answer, World, sqlite, token};
    use axum::{
        body::{Body, Bytes},
        http::{Request, header},
    };
    use futures::{StreamExt, stream};
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    /// What is answered to a form of `begin` and then `piece` up to 60,000 times, and how many times it was read.
    async fn endless(world: &World, who: &str, begin: &'static str, piece: &'static str) -> (Answer, usize) {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let pieces = stream::iter(0..60_000).map(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from_static(piece.as_bytes()))
        });
        let body = stream::once(async move { Ok(Bytes::from_static(begin.as_bytes())) }).chain(pieces);
        let request = Request::builder()
            .method("POST")
            .uri("/import")
            .header(header::AUTHORIZATION, format!("Bearer {}", token(who)))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(Body::from_stream(body))
            .expect("a request");
        let answer = world.send(request).await;
        (answer, count.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn what_never_ends_is_read_no_further_than_any_form_goes() {
        let world = World::new(sqlite().await).await;
        let long = "x".repeat(1_000).leak();
        let empty = "Content-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--edge\r\n";
        let unchosen = "Content-Disposition: form-data; name=\"a\"; filename=\"\"\r\n\r\n\r\n--edge\r\n";
        for (what, begin, piece, most) in [
            ("a head", "--edge\r\nContent-Disposition: ", &*long, 100),
            ("what stands before the first part", "", &*long, 100),
            ("empty parts", "--edge\r\n", empty, 2_000),
            ("files that nobody chose", "--edge\r\n", unchosen, 400),
            (
                "a file",
                "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n",
                &*long,
                27_000,
            ),
        ] {
            let (answer, read) = endless(&world, "qian", begin, piece).await;
            assert!([413, 422].contains(&answer.status.as_u16()), "{what}: {}", answer.status);
            assert!(read <= most, "{what}: {read}");
            let (answer, read) = endless(&world, "zhou", begin, piece).await;
            assert_eq!((answer.status.as_u16(), read), (403, 0), "{what} of who only reads");
        }
    }
}
