//! What is done with a report. Who: the officers and administrators of its unit do everything; others at and above read. A
//! leader signs on paper, and an officer records who signed.

use super::{
    gather,
    store::{self, New, Report},
};
use crate::{
    domain::{
        problem::Problems,
        report::{
            LINE_LIMIT, SECTION_LIMIT, Section, Span, State, addressee,
            quote::{Draft, Quote},
            snapshot::Change,
            text::{Token, tokens},
        },
        wording::Style,
    },
    error::{Error, Result},
    plan::action::read_unit,
    report::action::language,
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The numbers of the texts that stand in a report now, each token once.
pub fn used(report: &Report) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for token in report.sections.values().flat_map(|body| tokens(body)) {
        if !found.contains(&token) {
            found.push(token);
        }
    }
    found
}

/// Makes a report: its figures are those of now, its text is drafted from them.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn make(ctx: &Ctx, code: &str, span: &str, style: &str) -> Result<i64> {
    let mut conn = ctx.db.write().await?;
    let unit = read_unit(ctx, &mut conn, Some(code)).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let mut problems = Problems::default();
    let span = Span::parse(span);
    match span {
        None => problems.add("span", ctx.locale.paper_span_odd()),
        Some(span) if span.period().from > ctx.today => problems.add("span", ctx.locale.paper_future()),
        Some(_) => {}
    }
    let style = Style::from_key(style);
    if style.is_none() {
        problems.add("style", ctx.locale.report_style_odd());
    }
    let (Some(span), Some(style), true) = (span, style, problems.is_empty()) else {
        return Err(problems.into_inner().into());
    };
    let locale = language(ctx);
    let days = gather::days(ctx, &mut conn, &unit, span).await?;
    let gathered = gather::gather(ctx, &mut conn, &unit, (span, days), locale).await?;
    let above = match unit.parent_id {
        // Whoever reports knows the name of whom they report to.
        Some(id) => unit::store::by_id(&mut conn, &crate::domain::access::Scope::everything(), id).await?.short_name,
        None => String::new(),
    };
    let new = New {
        unit_id: unit.id,
        span,
        style,
        title: locale.paper_title(&unit.short_name, span.text(locale)),
        addressee: addressee(&above),
        sections: gather::first_texts(&gathered),
        snapshot: gathered.snapshot,
    };
    let id = store::insert(&mut conn, &new, ctx.actor()?.account_id, ctx.now).await?;
    let detail = json!({ "span": span.to_string(), "style": style, "title": new.title });
    audit::done(ctx, &mut conn, "report.make", unit.id, id, detail).await?;
    conn.commit().await?;
    Ok(id)
}

/// A report to be changed by the one who asks.
async fn to_change(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<Report> {
    let report = store::one(conn, &ctx.scope()?, id).await?;
    if !ctx.actor()?.may_manage(&report.unit) {
        return Err(Error::Forbidden);
    }
    Ok(report)
}

/// A report whose text and figures may be changed; `version` is the one that was seen.
async fn to_edit(ctx: &Ctx, conn: &mut Conn, id: i64, version: &str) -> Result<Report> {
    let report = to_change(ctx, conn, id).await?;
    if !report.state.is_open() {
        return Err(Error::Conflict { code: "report_closed", message: ctx.locale.paper_closed().into() });
    }
    raise(ctx, conn, id, version).await?;
    Ok(report)
}

async fn raise(ctx: &Ctx, conn: &mut Conn, id: i64, version: &str) -> Result<()> {
    if store::raise(conn, id, version.parse().unwrap_or_default()).await? {
        return Ok(());
    }
    Err(Error::Conflict { code: "report_stale", message: ctx.locale.paper_stale().into() })
}

/// What the officer typed of a report.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    pub title: String,
    pub addressee: String,
    pub sections: BTreeMap<Section, String>,
}

/// Changes a report's texts. Figures are not typed: what stands in braces has to stand for one.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where it is no draft any more or was changed meanwhile;
/// [`Error::Invalid`] by field.
pub async fn edit(ctx: &Ctx, id: i64, version: &str, texts: &Texts) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let report = to_edit(ctx, &mut conn, id, version).await?;
    let locale = ctx.locale;
    let mut problems = Problems::default();
    let (title, addressee) = (texts.title.trim(), texts.addressee.trim());
    for (field, text, needed) in [("title", title, true), ("addressee", addressee, false)] {
        match text.chars().count() {
            0 if needed => problems.add(field, locale.paper_fill_in()),
            count if count > LINE_LIMIT => problems.add(field, locale.paper_too_long(LINE_LIMIT)),
            _ => {}
        }
    }
    let mut sections = BTreeMap::new();
    for (section, body) in &texts.sections {
        let lines: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let body = lines.join("\n");
        if body.chars().count() > SECTION_LIMIT {
            problems.add(section.key(), locale.paper_too_long(SECTION_LIMIT));
        }
        for what in report.snapshot.unknown(&body, &report.quotes) {
            problems.add(section.key(), locale.paper_unknown(what));
        }
        if !body.is_empty() {
            sections.insert(*section, body);
        }
    }
    problems.into_result(())?;
    store::put_head(&mut conn, id, title, addressee).await?;
    store::put_sections(&mut conn, id, &sections).await?;
    let changed: Vec<Value> = Section::ALL
        .iter()
        .filter(|section| report.sections.get(section) != sections.get(section))
        .map(|section| {
            json!({ "section": section, "before": report.sections.get(section), "after": sections.get(section) })
        })
        .collect();
    let detail = json!({ "title": title, "addressee": addressee, "sections": changed });
    audit::done(ctx, &mut conn, "report.edit", report.unit.id, id, detail).await?;
    conn.commit().await?;
    Ok(())
}

/// Takes over the ledger's figures of now, up to today; what changed.
///
/// # Errors
/// As [`edit`].
pub async fn refresh(ctx: &Ctx, id: i64, version: &str) -> Result<Vec<Change>> {
    let mut conn = ctx.db.write().await?;
    let report = to_edit(ctx, &mut conn, id, version).await?;
    let used = used(&report);
    let locale = report.snapshot.locale;
    let days = gather::days(ctx, &mut conn, &report.unit, report.span).await?;
    let mut now = gather::gather(ctx, &mut conn, &report.unit, (report.span, days), locale).await?.snapshot;
    let changes = report.snapshot.changes(&now, &used, report.style);
    now.keep_spoken_of(&report.snapshot, &used, locale.paper_gone());
    store::put_snapshot(&mut conn, id, &now, ctx.now).await?;
    let told: Vec<Value> = changes
        .iter()
        .map(|change| json!({ "figure": change.token.to_string(), "before": change.before, "after": change.now }))
        .collect();
    audit::done(ctx, &mut conn, "report.refresh", report.unit.id, id, json!({ "changes": told })).await?;
    conn.commit().await?;
    Ok(changes)
}

/// What the ledger says otherwise by now of the same days.
pub async fn changes(ctx: &Ctx, conn: &mut Conn, report: &Report) -> Result<Vec<Change>> {
    let now =
        gather::gather(ctx, conn, &report.unit, (report.span, report.days()), report.snapshot.locale).await?.snapshot;
    Ok(report.snapshot.changes(&now, &used(report), report.style))
}

/// Takes a report a step on, or back to be mended.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where it does not stand there or was changed meanwhile;
/// [`Error::Invalid`] where the step has to say something.
pub async fn step(ctx: &Ctx, id: i64, version: &str, to: State, remark: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let report = to_change(ctx, &mut conn, id).await?;
    let locale = ctx.locale;
    if !report.state.next().contains(&to) {
        return Err(Error::Conflict { code: "report_step", message: locale.paper_no_step().into() });
    }
    let remark = remark.trim();
    if remark.is_empty() && State::asks_remark(to) {
        return Err(match to {
            State::Signed => Error::invalid("signer", locale.paper_signer_missing()),
            State::Sent => Error::invalid("receiver", locale.paper_receiver_missing()),
            _ => Error::invalid("remark", locale.paper_remark_missing()),
        });
    }
    if remark.chars().count() > LINE_LIMIT {
        return Err(Error::invalid("remark", locale.paper_too_long(LINE_LIMIT)));
    }
    raise(ctx, &mut conn, id, version).await?;
    store::put_state(&mut conn, id, to).await?;
    store::add_step(&mut conn, id, to, remark, ctx.actor()?.account_id, ctx.now).await?;
    let detail = json!({ "from": report.state, "to": to, "remark": remark });
    audit::done(ctx, &mut conn, "report.step", report.unit.id, id, detail).await?;
    conn.commit().await?;
    Ok(())
}

/// Adds another office's figure; the quote, with its number.
///
/// # Errors
/// As [`edit`].
pub async fn add_quote(ctx: &Ctx, id: i64, version: &str, draft: &Draft) -> Result<Quote> {
    let mut conn = ctx.db.write().await?;
    let report = to_edit(ctx, &mut conn, id, version).await?;
    let number = store::next_number(&mut conn, id).await?;
    let mut problems = Problems::default();
    let quote = draft.check(number, ctx.today, ctx.locale, &mut problems);
    let Some(quote) = quote else { return Err(problems.into_inner().into()) };
    store::add_quote(&mut conn, id, &quote, ctx.actor()?.account_id).await?;
    audit::done(ctx, &mut conn, "report.quote", report.unit.id, id, json!({ "number": number, "quote": draft }))
        .await?;
    conn.commit().await?;
    Ok(quote)
}

/// Withdraws a quote that the text does not have any more.
///
/// # Errors
/// As [`edit`].
pub async fn withdraw_quote(ctx: &Ctx, id: i64, version: &str, number: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let report = to_edit(ctx, &mut conn, id, version).await?;
    let number = number.parse().ok().filter(|number| report.quotes.iter().any(|quote| quote.number == *number));
    let number: i64 = number.ok_or(Error::NotFound)?;
    let token = Token::Quote(number);
    if used(&report).contains(&token) {
        return Err(Error::invalid("", ctx.locale.paper_quote_used(token)));
    }
    store::withdraw_quote(&mut conn, id, number, ctx.now).await?;
    audit::done(ctx, &mut conn, "report.unquote", report.unit.id, id, json!({ "number": number })).await?;
    conn.commit().await?;
    Ok(())
}
