//! `pufa import ledger`: what it tells on the standard output.

use super::{
    action::{self, Done},
    examine::{Progress, place_name},
    plan::State,
    words,
};
use crate::{
    error::{Error, Result},
    locale::Locale,
    server::context::Ctx,
};
use std::{fmt::Write, io::IsTerminal, path::Path, sync::atomic::Ordering, time::Duration};

/// Imports a file and says what became of it; the last line is the contract's.
///
/// # Errors
/// A file that cannot be read, or without a ledger; an unknown unit.
pub async fn ledger(ctx: &Ctx, file: &Path, code: &str, dry: bool) -> Result<String> {
    let fault = |error: std::io::Error| Error::internal(format!("{}: {error}", file.display()));
    let size = std::fs::metadata(file).map_err(fault)?.len();
    if size > super::book::LARGEST_FILE as u64 {
        return Err(Error::invalid("file", super::book::Refusal::TooLarge.message(ctx.locale)));
    }
    let bytes = std::fs::read(file).map_err(fault)?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let progress = Progress::default();
    let work = action::import(ctx, &name, bytes, code, dry, &progress);
    tokio::pin!(work);
    let is_watched = std::io::stderr().is_terminal();
    let done = loop {
        match tokio::time::timeout(Duration::from_secs(1), &mut work).await {
            Ok(done) => break done?,
            Err(_) if is_watched => {
                let (done, total) = (progress.done.load(Ordering::Relaxed), progress.total.load(Ordering::Relaxed));
                let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{done}/{total}\r"));
            }
            Err(_) => {}
        }
    };
    Ok(told(ctx, &done))
}

fn told(ctx: &Ctx, Done { unit, laid, findings }: &Done) -> String {
    let locale = ctx.locale;
    let mut text = String::new();
    let mut line = |words: String| {
        // Writing to a string never fails.
        let _ = writeln!(text, "{words}");
    };
    for sheet in laid {
        if sheet.state != State::Read {
            line(format!("{}: {}", sheet.name, words::state(locale, sheet.state)));
        }
        for (column, head) in words::left_out(sheet) {
            line(locale.import_column_ignored(head, place_name(&sheet.name, &column)));
        }
        for (column, head) in words::carried(sheet) {
            line(locale.import_column_carried(head, place_name(&sheet.name, &column)));
        }
    }
    for (skip, (count, first)) in &findings.skipped {
        line(words::skipped(locale, *skip, *count, first));
    }
    if findings.counts.already > 0 {
        line(locale.import_already(findings.counts.already));
    }
    for told in &findings.told {
        line(format!("{}: {}", place_name(&told.sheet, &told.cell), told.message));
    }
    let places = |first: &[String], count: usize| {
        let listed = first.join(if locale == Locale::Zh { "、" } else { ", " });
        if first.len() < count { format!("{listed}…") } else { listed }
    };
    for told in [
        (findings.same.0 > 0)
            .then(|| locale.import_same_left(findings.same.0, places(&findings.same.1, findings.same.0))),
        (findings.unplaced.0 > 0).then(|| locale.import_unplaced(findings.unplaced.0, &unit.short_name)),
        (findings.asked.0 > 0)
            .then(|| locale.import_asked_rows(findings.asked.0, places(&findings.asked.1, findings.asked.0))),
    ]
    .into_iter()
    .flatten()
    {
        line(told);
    }
    line(format!("{} accepted, {} refused", findings.counts.accepted, findings.counts.refused));
    text.trim_end().to_owned()
}
