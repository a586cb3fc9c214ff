//! `/reports/:id/check`: the findings on a report, each with the way to its records.

use super::action::{self, Findings};
use crate::{
    claim::action::Figure,
    dashboard::link::Behind,
    domain::{
        measure::Measure,
        period::Period,
        report::text::Token,
        wording::{exact, grouped},
    },
    error::Error,
    locale::Locale,
    plan::words::{number, percent},
    report::paper::store::{self, Report},
    server::{clock, context::Ctx},
    ui::page::{Page, page},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// How many lines of one kind are told.
const MOST: usize = 20;
/// How many units are named.
const NAMED: usize = 8;
/// How many cells of a table are named.
const NAMED_CELLS: usize = 3;

/// A finding: what it says, and where it is looked up.
type Line = (String, Option<String>);

/// The page. Who reads the report reads it.
pub fn check() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(|ctx| async move {
        let locale = ctx.locale;
        let id: i64 = id.parse().map_err(|_| Error::NotFound)?;
        let mut conn = ctx.db.read().await?;
        let report = store::one(&mut conn, &ctx.scope()?, id).await?;
        let findings = action::findings(&ctx, &mut conn, &report).await?;
        drop(conn);
        let typed = action::typed(&ctx, &report).await?;
        let mut groups = groups(&ctx, &report, &findings);
        groups.insert(0, (locale.presign_group_typed(), typed_lines(locale, &report, &typed)));
        let incomparable = findings.jumps.is_none().then(|| view! { <p>{locale.presign_no_year_before()}</p> });
        groups.retain(|(title, _)| findings.jumps.is_some() || *title != locale.presign_group_jumps());
        let (found, clear): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(_, lines)| !lines.is_empty());
        let count = found.len();
        let sections = found
            .into_iter()
            .map(|(title, lines)| {
                let more = lines.len().saturating_sub(MOST);
                let items = lines
                    .into_iter()
                    .take(MOST)
                    .map(|(text, address)| match address {
                        Some(address) => view! { <li><a href=address>{text}</a></li> }.into_any(),
                        None => view! { <li>{text}</li> }.into_any(),
                    })
                    .collect_view();
                let more = (more > 0).then(|| view! { <li>{locale.presign_more(more)}</li> });
                view! { <section class="finding"><h2>{title}</h2><ul>{items}{more}</ul></section> }
            })
            .collect_view();
        let clear: Vec<_> = clear.into_iter().map(|(title, _)| title).collect();
        let clear = (!clear.is_empty())
            .then(|| view! { <p class="clear">{locale.presign_clear(clear.join(locale.report_list()))}</p> });
        let body = view! {
            <p><a href=format!("/reports/{id}")>{report.title.clone()}</a></p>
            <p class="lead">{locale.presign_lead(count, findings.counts.entries)}</p>
            <p class="hint">{locale.presign_how()}</p>
            {sections}
            {incomparable}
            {clear}
        };
        Ok(Page::new("/report", locale.presign_title(), body))
    })
}

fn ledger(report: &Report, period: Period, measure: Option<&str>, more: &str) -> String {
    format!("{}{more}", Behind::new(&report.unit.code, period).measure(measure).address())
}

fn name(locale: Locale, measure: &Measure) -> &str {
    locale.name(&measure.name, measure.name_en.as_deref())
}

/// A figure with its counter; an English name stands before it, so that none is needed.
fn counted(locale: Locale, value: i64, measure: &Measure) -> String {
    match locale {
        Locale::Zh => format!("{}{}", grouped(value), measure.unit_word),
        Locale::En => grouped(value),
    }
}

/// What was typed and the log does not carry; of what nobody can tell, the figures alone.
fn typed_lines(locale: Locale, report: &Report, typed: &[Figure]) -> Vec<Line> {
    let address = || Some(format!("/reports/{}", report.id));
    let (wrong, untold): (Vec<&Figure>, Vec<&Figure>) = typed.iter().partition(|figure| figure.is_wrong());
    let line = |figure: &&Figure| {
        let names = figure.measures.iter().map(|one| name(locale, one)).collect::<Vec<_>>().join(locale.report_list());
        let logged = figure.logged.map_or(0, |total| total.total());
        let said = figure.proposed.clone().unwrap_or_else(|| locale.claim_leave_out().to_owned());
        (locale.presign_typed(grouped(logged), names, said, &figure.text), address())
    };
    let mut lines: Vec<Line> = wrong.iter().map(line).collect();
    if !untold.is_empty() {
        let texts = untold.iter().take(NAMED).map(|figure| figure.text.as_str()).collect::<Vec<_>>();
        let others = if untold.len() > NAMED { locale.paper_planned_more() } else { "" };
        let texts = format!("{}{others}", texts.join(locale.report_list()));
        lines.push((locale.presign_untold(untold.len(), texts), address()));
    }
    lines
}

/// The kinds of finding in their order, each with what was found.
fn groups(ctx: &Ctx, report: &Report, findings: &Findings) -> Vec<(&'static str, Vec<Line>)> {
    let locale = ctx.locale;
    let period = report.days();
    let counts = &findings.counts;
    let share = |part: i64| percent(part as f64 / counts.entries.max(1) as f64);
    let one = |count: i64, line: Line| if count > 0 { vec![line] } else { Vec::new() };
    let bare = locale.presign_bare(counts.bare, share(counts.bare));
    let returned = locale.presign_returned(counts.returned);
    let month = findings.last_month;
    let afterwards =
        locale.presign_afterwards(counts.afterwards, month.number(), share(counts.afterwards), month.year());
    let mut entered = one(counts.afterwards, (afterwards, Some(ledger(report, period, None, "&late=1"))));
    let bursts = findings
        .bursts
        .iter()
        .map(|burst| (locale.presign_burst(burst.entries, burst.day, share(burst.entries)), None));
    entered.extend(bursts);
    let estimated = findings.estimated.iter().map(|one| {
        let (total, measure) = (one.total, &one.measure);
        let words = exact(total, &measure.unit_word, locale);
        let address = ledger(report, period, Some(&measure.key), "&precision=estimate");
        (locale.presign_estimated(name(locale, measure), words), Some(address))
    });
    let alike = findings.alike.iter().map(|(alike, measure, names)| {
        let first = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(locale.report_list());
        let others = if names.len() > NAMED { locale.paper_planned_more() } else { "" };
        let figure = counted(locale, alike.value, measure);
        let words = locale.presign_alike(
            names.len(),
            figure,
            alike.month.number(),
            name(locale, measure),
            format!("{first}{others}"),
            alike.month.year(),
        );
        (words, Some(ledger(report, alike.month.period(), Some(&measure.key), "")))
    });
    let jumps = findings.jumps.iter().flatten().map(|jump| {
        let (before, now) = (counted(locale, jump.before, &jump.measure), counted(locale, jump.now, &jump.measure));
        let words = locale.presign_jump(before, name(locale, &jump.measure), now);
        (words, Some(ledger(report, findings.year_before, Some(&jump.measure.key), "")))
    });
    let jumps: Vec<Line> = jumps.collect();
    let here = format!("/reports/{}#corrections", report.id);
    // 156条 and 157条 are both 150余条: the report says so either way.
    let changes = findings
        .changes
        .iter()
        .filter(|change| change.before != change.now)
        .map(|change| (locale.presign_change(&change.before, &change.label, &change.now), Some(here.clone())));
    let later = locale.presign_later(findings.later, period.to);
    let days = Period { from: period.to.succ_opt().unwrap_or(period.to), to: ctx.today };
    let mut changes: Vec<Line> = changes.collect();
    changes.extend(one(findings.later, (later, Some(ledger(report, days, None, "")))));
    let tables = findings.tables.iter().map(|(sent, cells)| {
        let value = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), number);
        let first = cells
            .iter()
            .take(NAMED_CELLS)
            .map(|cell| locale.presign_cell(&cell.column, &cell.line, value(cell.is), value(cell.was)));
        let first = first.collect::<Vec<_>>().join(locale.report_comma());
        let others = if cells.len() > NAMED_CELLS { locale.paper_planned_more() } else { "" };
        let words = locale.presign_table(format!("{first}{others}"), clock::day_of(sent.sent_at), &sent.title);
        (words, Some(format!("/tables/sent/{}", sent.id)))
    });
    let quotes = format!("/reports/{}/quotes", report.id);
    let unquoted = findings.unquoted.iter().map(|quote| {
        let token = Token::Quote(quote.number);
        (locale.presign_unquoted(&quote.name, token), Some(quotes.clone()))
    });
    vec![
        (locale.presign_group_bare(), one(counts.bare, (bare, Some(ledger(report, period, None, "&evidence=0"))))),
        (locale.presign_group_estimated(), estimated.collect()),
        (locale.presign_group_entered(), entered),
        (locale.presign_group_alike(), alike.collect()),
        (locale.presign_group_jumps(), jumps),
        (
            locale.presign_group_returned(),
            one(counts.returned, (returned, Some(ledger(report, period, None, "&status=returned")))),
        ),
        (
            locale.presign_group_asked(),
            one(
                counts.asked,
                (
                    locale.presign_asked(counts.asked),
                    ctx.actor()
                        .is_ok_and(|actor| actor.may_manage(&report.unit))
                        .then(|| format!("/review?unit={}&show=asked", report.unit.code)),
                ),
            ),
        ),
        (locale.presign_group_changes(), changes),
        (locale.presign_group_tables(), tables.collect()),
        (locale.presign_group_unquoted(), unquoted.collect()),
    ]
}
