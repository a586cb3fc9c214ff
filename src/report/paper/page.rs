//! `/reports/:id`: a report as it is read, where it stands, and what the ledger says otherwise by now.

use super::{
    action, docx, edit_page, make_page, quote_page,
    step_view::{forms as step_forms, state_tag, steps},
    store::{self, Report},
    text::{self, Line, Written},
};
use crate::{
    domain::{
        report::{
            State,
            snapshot::{Change, Piece},
            text::{Of, Token},
        },
        wording::grouped,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        clock,
        context::Ctx,
        form::{Done, FormData, form},
        state::AppState,
    },
    table,
    ui::{
        copy::{CopyText, InWeChat},
        field::Problems,
        page::{Page, page},
        table::{Head, Table},
    },
};
use axum::{Router, routing::get};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

pub use super::{edit_page::edit, make_page::new_report, quote_page::quotes};

/// The forms and files of these pages.
pub fn forms() -> Router<AppState> {
    Router::new()
        .route("/reports/new", form(make_page::posted))
        .route("/reports/{id}", form(posted))
        .route("/reports/{id}/edit", form(edit_page::posted))
        .route("/reports/{id}/quotes", form(quote_page::posted))
        .route("/reports/{id}/report.docx", get(docx::download))
}

/// The report's number in an address `/reports/7/…`.
pub(super) fn id_of(ctx: &Ctx) -> Result<i64> {
    let id = ctx.path.trim_start_matches("/reports/").split('/').next().unwrap_or_default();
    id.parse().map_err(|_| Error::NotFound)
}

/// The page of a report.
pub fn report() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let report = store::one(&mut conn, &ctx.scope()?, id).await?;
        let changes = action::changes(&ctx, &mut conn, &report).await?;
        let (months_end, _) = table::store::cutoff(&mut conn, &report.unit).await?;
        drop(conn);
        let manages = ctx.actor()?.may_manage(&report.unit);
        let written = text::written(&report);
        let all = format!("/report?unit={}", report.unit.code);
        let plain = written.plain();
        let days = report.days();
        let months = months_end.map(|day| view! { <p class="hint">{locale.paper_months_end(day)}</p> });
        let body = view! {
            <Problems/>
            <p><a href=all>{locale.paper_all()}</a>" "{state_tag(locale, report.state)}" "
                <span class="muted">{locale.paper_snapshot_at(days.from, clock::minute(report.snapshot_at), days.to)}</span></p>
            {toolbar(locale, &report, manages)}
            {months}
            {odd(locale, &report, &written)}
            {paper(&report, &written)}
            <p class="hint">{locale.paper_print()}</p>
            {manages.then(|| step_forms(&ctx, &report))}
            {corrections(locale, &report, &changes)}
            {figures(locale, &report)}
            {quote_page::list(locale, &report)}
            {steps(locale, &report.steps)}
            <InWeChat/>
            <div class="form"><CopyText id="report-text" label=locale.paper_copy() text=plain/></div>
        };
        Ok(Page::new("/report", report.title.clone(), body))
    })
}

fn toolbar(locale: Locale, report: &Report, manages: bool) -> impl IntoView + use<> {
    let here = format!("/reports/{}", report.id);
    let edits = (manages && report.state.is_open()).then(|| {
        view! {
            <a class="button" href=format!("{here}/edit")>{locale.paper_edit()}</a>
            <a class="button" href=format!("{here}/quotes")>{locale.paper_quotes()}</a>
        }
    });
    view! {
        <p class="toolbar">
            <a class="button primary" href=format!("{here}/report.docx")>{locale.paper_docx()}</a>
            <a class="button" href=format!("{here}/check")>{locale.presign_title()}</a>
            {edits}
        </p>
    }
}

/// What the text speaks of and is no more.
fn odd(locale: Locale, report: &Report, written: &Written) -> impl IntoView + use<> {
    let odd = written.unknown();
    let gone: Vec<String> = action::used(report)
        .iter()
        .filter(|token| {
            report.snapshot.words(token, &[], report.style).as_deref() == Some(report.snapshot.locale.paper_gone())
        })
        .map(|token| report.snapshot.label(token, &[]))
        .collect();
    let list = |items: Vec<String>| items.join(locale.report_list());
    let odd = (!odd.is_empty()).then(|| locale.paper_odd_lead(list(odd)));
    let gone = (!gone.is_empty()).then(|| locale.paper_gone_lead(list(gone)));
    [odd, gone].into_iter().flatten().map(|text| view! { <p class="problems" role="alert">{text}</p> }).collect_view()
}

/// The document as it is printed; a figure leads to its records.
fn paper(report: &Report, written: &Written) -> impl IntoView + use<> {
    let lines = written
        .lines
        .iter()
        .map(|line| match line {
            Line::Heading(text) => view! { <h2>{text.clone()}</h2> }.into_any(),
            Line::Text(pieces) => {
                let pieces = pieces.iter().map(|piece| linked(report, piece)).collect_view();
                view! { <p>{pieces}</p> }.into_any()
            }
        })
        .collect_view();
    let to = (!written.to.is_empty()).then(|| view! { <p class="official-to">{written.to.clone()}</p> });
    let end = written.end.iter().map(|line| view! { <p class="official-end">{line.clone()}</p> }).collect_view();
    let tongue = report.snapshot.locale.tag();
    view! {
        <article class="official gazette" lang=tongue>
            <p class="official-title">{written.title.clone()}</p>
            {to}
            {lines}
            {end}
        </article>
    }
}

fn linked(report: &Report, piece: &Piece) -> AnyView {
    let text = piece.text.clone();
    match (&piece.token, piece.unknown) {
        (_, true) => view! { <mark>{text}</mark> }.into_any(),
        (Some(token), _) => view! { <a href=text::address(report, token)>{text}</a> }.into_any(),
        (None, _) => text.into_any(),
    }
}

/// What the ledger says otherwise by now (更正).
fn corrections(locale: Locale, report: &Report, changes: &[Change]) -> Option<impl IntoView + use<>> {
    if changes.is_empty() {
        return None;
    }
    let rows = changes
        .iter()
        .map(|change| {
            let address = text::address(report, &change.token);
            let (before, now, difference) = match change.totals {
                Some((before, now)) => {
                    let difference = now.total() - before.total();
                    let sign = if difference > 0 { "+" } else { "" };
                    (grouped(before.total()), grouped(now.total()), format!("{sign}{}", grouped(difference)))
                }
                None => (String::new(), String::new(), String::new()),
            };
            view! {
                <tr>
                    <th scope="row">{change.label.clone()}</th>
                    <td>{change.before.clone()}</td>
                    <td class="num">{before}</td>
                    <td><a href=address>{change.now.clone()}</a></td>
                    <td class="num">{now}</td>
                    <td class="num">{difference}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.report_measure()),
        Head::Text(locale.paper_change_before()),
        Head::Number(locale.report_sum()),
        Head::Text(locale.paper_change_now()),
        Head::Number(locale.report_sum()),
        Head::Number(locale.paper_change_sum()),
    ];
    let how = if report.state.is_open() { locale.paper_changes_open() } else { locale.paper_changes_frozen() };
    Some(view! {
        <section class="corrections" id="corrections">
            <h2>{locale.paper_changes()}</h2>
            <p>{how}</p>
            <Table caption=locale.paper_changes_caption() heads>{rows}</Table>
        </section>
    })
}

/// The figures as they were read.
fn figures(locale: Locale, report: &Report) -> impl IntoView + use<> {
    let number = |value: i64| if value == 0 { "—".to_owned() } else { grouped(value) };
    let rows = report
        .snapshot
        .items(&Of::All)
        .into_iter()
        .map(|item| {
            let token = Token::Figure { measures: vec![item.key.clone()], of: Of::All };
            let address = text::address(report, &token);
            let words = report.snapshot.words(&token, &[], report.style);
            let total = item.total;
            view! {
                <tr id=format!("figure-{}", item.key)>
                    <th scope="row">{item.name}</th>
                    <td>{words}</td>
                    <td class="num"><a href=address>{grouped(total.total())}</a>" "<span class="unit-word">{item.unit_word}</span></td>
                    <td class="num">{number(total.exact)}</td>
                    <td class="num">{number(total.at_least)}</td>
                    <td class="num">{number(total.estimate)}</td>
                    <td class="num">{grouped(total.activities)}</td>
                </tr>
            }
        })
        .collect_view();
    let heads = vec![
        Head::Text(locale.report_measure()),
        Head::Text(locale.report_written()),
        Head::Number(locale.report_sum()),
        Head::Number(locale.report_part_exact()),
        Head::Number(locale.report_part_at_least()),
        Head::Number(locale.report_part_estimate()),
        Head::Number(locale.report_activities_count()),
    ];
    view! {
        <section>
            <h2>{locale.paper_figures()}</h2>
            <Table caption=locale.paper_figures_caption() heads>{rows}</Table>
        </section>
    }
}

/// What a refreshed report says otherwise; the first of it by name.
fn refreshed(locale: Locale, changes: &[Change]) -> String {
    const NAMED: usize = 5;
    if changes.is_empty() {
        return locale.paper_refreshed_none().into();
    }
    // 156条 and 157条 are both 150余条: the wording stays.
    let reworded: Vec<&Change> = changes.iter().filter(|change| change.before != change.now).collect();
    if reworded.is_empty() {
        return locale.paper_refreshed_same(changes.len());
    }
    let one = |change: &&Change| locale.paper_refreshed_one(&change.before, &change.label, &change.now);
    let mut named = reworded.iter().take(NAMED).map(one).collect::<Vec<_>>().join(locale.paper_between_causes());
    if reworded.len() > NAMED {
        named.push_str(locale.paper_planned_more());
    }
    locale.paper_refreshed(named, reworded.len())
}

/// POST `/reports/{id}`: refresh the figures, or a step on or back.
async fn posted(ctx: Ctx, form: FormData) -> Result<Done> {
    let id = id_of(&ctx)?;
    let version = form.get("version");
    let here = Done::to(format!("/reports/{id}"));
    let (to, remark) = match form.get("do") {
        "refresh" => {
            let changes = action::refresh(&ctx, id, version).await?;
            return Ok(here.say(refreshed(ctx.locale, &changes)));
        }
        "review" => (State::Review, ""),
        "back" => (State::Draft, form.get("remark")),
        "sign" => (State::Signed, form.get("signer")),
        "send" => (State::Sent, form.get("receiver")),
        "publish" => (State::Public, form.get("place")),
        _ => return Err(Error::NotFound),
    };
    action::step(&ctx, id, version, to, remark).await?;
    Ok(here.say(ctx.locale.paper_done()))
}
