//! `GET /inspection/{id}/folder.zip`: the folder that is handed over. One file after the other goes through memory; what
//! is written lies in a passing file until it is sent.

use super::{
    action,
    gather::{self, Children, File, Filled, Source},
    layout::{LIMITS, Layout, lay},
    store::Scheme,
    words,
};
use crate::{
    brief, campaign,
    domain::{inspection::safe, unit::Unit},
    error::{Error, Result},
    evidence::files::Files,
    ledger::sheet::{self, Passing},
    locale::Locale,
    roster,
    server::{context::Ctx, document::Document, multipart::private_folder},
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
    let layout = lay(ctx.locale, &filled, LIMITS);
    let _turn = PACKERS.acquire().await.map_err(Error::internal)?;
    let passing = pack(&ctx, &scheme, &unit, &filled, &layout).await?;
    action::note_handed_out(&ctx, &scheme, &layout, children == Children::In).await?;
    let name = format!("{}.zip", safe(&format!("{} {}", scheme.title, unit.short_name)));
    sheet::send_file(passing, "application/zip", &name, "inspection.zip").await
}

async fn pack(ctx: &Ctx, scheme: &Scheme, unit: &Unit, filled: &[Filled], layout: &Layout<'_>) -> Result<Passing> {
    // Beside the data, where there is room for it.
    let folder = private_folder(&ctx.settings.data_dir, "passing")?;
    // One file is written while the next one is read.
    let (sender, mut receiver) = mpsc::channel::<(String, Vec<u8>)>(1);
    let writer = tokio::task::spawn_blocking(move || -> Result<Passing> {
        let mut passing = Passing::in_folder(&folder, "zip").map_err(Error::internal)?;
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
    let read = send_all(ctx, scheme, unit, filled, layout, &root, &sender).await;
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
    let left_out = layout.left_out_words(locale);
    let drafts = filled.iter().map(Filled::drafts).sum::<usize>();
    let mut contents = vec![locale.inspection_period_of(scheme.from_day, scheme.to_day)];
    contents.extend((drafts > 0).then(|| locale.inspection_drafts_note(drafts)));
    contents.extend(left_out.clone());
    contents.extend(layout.contents.iter().cloned());
    let mut gaps = gaps(locale, filled);
    gaps.extend(left_out);
    gaps.extend(lost);
    let made = sheet::made_by(ctx);
    let (contents_name, gaps_name) = (locale.inspection_contents(), locale.inspection_gaps());
    for (name, lines) in [(contents_name, contents), (gaps_name, gaps)] {
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
            let path = format!("{root}/00 {}.{ending}", safe(name));
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
            let (_, _, notice) = campaign::notice_action::of_campaign_at(ctx, key, unit).await?;
            Ok(Some(as_draft(ctx, notice.document()).docx()?))
        }
        Source::Brief(key) => {
            let (_, brief, photos) = brief::action::of_campaign_at(ctx, key, unit).await?;
            let document = as_draft(ctx, brief::action::document(ctx, &brief, photos).await?);
            let written = tokio::task::spawn_blocking(move || document.docx());
            Ok(Some(written.await.map_err(Error::internal)??))
        }
        Source::Roster(kind) => {
            Ok(Some(roster::workbook::bytes(ctx, unit, *kind, scheme.to_day.min(ctx.today)).await?))
        }
    }
}

/// A document that says at its top that nobody has sent it.
fn as_draft(ctx: &Ctx, mut document: Document) -> Document {
    document.body.insert(0, ctx.locale.inspection_draft_note().to_owned());
    document
}
