//! `GET /inspection/{id}/folder.zip`: the folder that is handed over. One file after the other goes through memory; what
//! is written lies in a passing file until it is sent.

use super::{
    action,
    gather::{self, Children, File, Filled, Source},
    store::Scheme,
    words,
};
use crate::{
    brief, campaign,
    domain::{
        inspection::{file_name, folder_name, safe},
        unit::Unit,
    },
    error::{Error, Result},
    evidence::files::Files,
    ledger::sheet::{self, Passing},
    locale::Locale,
    roster,
    server::{context::Ctx, document::Document},
};
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use std::io::Write;
use tokio::sync::{Semaphore, mpsc};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// How many folders are packed at a time.
static PACKERS: Semaphore = Semaphore::const_new(2);

/// A file with its place in the folder.
struct Laid<'a> {
    path: String,
    file: &'a File,
}

/// The folder: what lies where, and the lines of its table of contents.
struct Layout<'a> {
    laid: Vec<Laid<'a>>,
    contents: Vec<String>,
}

/// Lays the files by item and by what shows it, each numbered.
fn lay<'a>(locale: Locale, filled: &'a [Filled]) -> Layout<'a> {
    let (mut laid, mut contents) = (Vec::new(), Vec::new());
    for (number, one) in (1..).zip(filled) {
        let folder = folder_name(number, &words::item(&one.item.number, &one.item.name));
        contents.push(String::new());
        contents.push(format!("{folder}{}", points(locale, one)));
        let shown = one.groups.iter().filter(|group| !group.files.is_empty());
        for (part, group) in (1..).zip(shown) {
            let part = folder_name(part, &group.title);
            contents.push(format!("　{part}（{}）", words::group(locale, group)));
            for (number, file) in (1..).zip(&group.files) {
                let name = file_name(number, words::material(locale, file.material), &file.name, &file.ending);
                contents.push(format!("　　{name}"));
                laid.push(Laid { path: format!("{folder}/{part}/{name}"), file });
            }
        }
        if one.files().next().is_none() {
            contents.push(format!("　{}", locale.inspection_nothing_there()));
        }
    }
    Layout { laid, contents }
}

/// The points of an item, as far as they are said.
fn points(locale: Locale, filled: &Filled) -> String {
    let item = &filled.item;
    match (item.points, item.own_points) {
        (Some(points), Some(own)) => locale.inspection_points_both(own, points),
        (Some(points), None) => locale.inspection_points_full(points),
        (None, Some(own)) => locale.inspection_points_own(own),
        (None, None) => String::new(),
    }
}

/// What is missing, item by item.
fn gaps(locale: Locale, filled: &[Filled]) -> Vec<String> {
    let mut lines = Vec::new();
    for one in filled {
        let own = words::gaps(locale, one);
        if !own.is_empty() {
            lines.push(words::item(&one.item.number, &one.item.name));
            lines.extend(own.into_iter().map(|line| format!("　· {line}")));
        }
    }
    if lines.is_empty() {
        lines.push(locale.inspection_no_gaps().to_owned());
    }
    lines
}

/// The folder as a ZIP archive.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for children's pictures, which only who manages the unit takes along.
pub(super) async fn export(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    if ctx.someone.is_none() {
        return Ok(Redirect::to("/login?next=%2Finspection").into_response());
    }
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let (scheme, unit) = action::to_read(&ctx, &mut conn, id).await?;
    let children = match ctx.query.has("children") {
        true if !ctx.actor()?.may_manage(&unit) => return Err(Error::Forbidden),
        true => Children::In,
        false => Children::Out,
    };
    let filled = gather::all(&ctx, &mut conn, &scheme, &unit, children).await?;
    drop(conn);
    let _turn = PACKERS.acquire().await.map_err(Error::internal)?;
    let passing = pack(&ctx, &scheme, &unit, &filled).await?;
    let files = filled.iter().flat_map(Filled::files).count();
    action::note_handed_out(&ctx, &scheme, files, children == Children::In).await?;
    let name = format!("{}.zip", safe(&format!("{} {}", scheme.title, unit.short_name)));
    sheet::send_file(passing, "application/zip", &name, "inspection.zip").await
}

async fn pack(ctx: &Ctx, scheme: &Scheme, unit: &Unit, filled: &[Filled]) -> Result<Passing> {
    let locale = ctx.locale;
    let layout = lay(locale, filled);
    // One file is written while the next one is read.
    let (sender, mut receiver) = mpsc::channel::<(String, Vec<u8>)>(1);
    let writer = tokio::task::spawn_blocking(move || -> Result<Passing> {
        let mut passing = Passing::new("zip").map_err(Error::internal)?;
        let mut zip = ZipWriter::new(passing.file());
        while let Some((path, bytes)) = receiver.blocking_recv() {
            // Pictures and office documents are packed already.
            let method = if path.ends_with(".txt") { CompressionMethod::Deflated } else { CompressionMethod::Stored };
            let options = SimpleFileOptions::default().compression_method(method);
            zip.start_file(path, options).map_err(Error::internal)?;
            zip.write_all(&bytes).map_err(Error::internal)?;
        }
        zip.finish().map_err(Error::internal)?;
        passing.rewind().map_err(Error::internal)?;
        Ok(passing)
    });
    let root = safe(&format!("{} {}", scheme.title, unit.short_name));
    let read = send_all(ctx, scheme, unit, filled, &layout, &root, &sender).await;
    drop(sender);
    let passing = writer.await.map_err(Error::internal)??;
    read?;
    Ok(passing)
}

async fn send_all(
    ctx: &Ctx,
    scheme: &Scheme,
    unit: &Unit,
    filled: &[Filled],
    layout: &Layout<'_>,
    root: &str,
    sender: &mpsc::Sender<(String, Vec<u8>)>,
) -> Result<()> {
    let locale = ctx.locale;
    let mut lost = Vec::new();
    for one in &layout.laid {
        match bytes(ctx, scheme, unit, one.file).await? {
            Some(bytes) => {
                if sender.send((format!("{root}/{}", one.path), bytes)).await.is_err() {
                    // The writer says why it stopped.
                    return Ok(());
                }
            }
            None => lost.push(locale.inspection_gap_lost(&one.path)),
        }
    }
    let title = format!("{} {}", scheme.title, unit.short_name);
    let head = [locale.inspection_period_of(scheme.from_day, scheme.to_day)];
    let contents: Vec<String> = head.iter().chain(&layout.contents).cloned().collect();
    let mut gaps = gaps(locale, filled);
    gaps.extend(lost);
    let made = sheet::made_by(ctx);
    let (contents_name, gaps_name) = (locale.inspection_contents(), locale.inspection_gaps());
    for (number, name, lines) in [(1, contents_name, contents), (2, gaps_name, gaps)] {
        let title = format!("{title} {name}");
        let text = format!("{title}\r\n{}\r\n\r\n{made}\r\n", lines.join("\r\n"));
        // A mark in front, so that every editor reads Chinese.
        let text = format!("\u{feff}{text}").into_bytes();
        let document = Document {
            title,
            to: String::new(),
            body: lines.into_iter().filter(|line| !line.is_empty()).collect(),
            pictures: Vec::new(),
            end: vec![unit.short_name.clone(), ctx.today.to_string()],
        };
        for (ending, bytes) in [("docx", document.docx()?), ("txt", text)] {
            let path = format!("{root}/00_{number}_{}.{ending}", safe(name));
            if sender.send((path, bytes)).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The bytes of a file; `None` where it is gone from the disk.
async fn bytes(ctx: &Ctx, scheme: &Scheme, unit: &Unit, file: &File) -> Result<Option<Vec<u8>>> {
    match &file.source {
        Source::Stored(key) => Files::open(&ctx.settings.data_dir)?.get(key).await,
        Source::Notice(key) => {
            let (_, _, notice) = campaign::notice_action::of_campaign(ctx, key).await?;
            Ok(Some(notice.docx()?))
        }
        Source::Brief(key) => {
            let (_, brief, photos) = brief::action::of_campaign(ctx, key).await?;
            let document = brief::action::document(ctx, &brief, photos).await?;
            let written = tokio::task::spawn_blocking(move || document.docx());
            Ok(Some(written.await.map_err(Error::internal)??))
        }
        Source::Roster(kind) => {
            Ok(Some(roster::workbook::bytes(ctx, unit, *kind, scheme.to_day.min(ctx.today)).await?))
        }
    }
}
