//! `/report`: the yearly report as an official text whose figures lead to the activities behind them.

use super::{
    action::{self, Annual, Question, YEARS},
    hub, paper,
};
use crate::{
    domain::{
        access::Actor,
        goal::Status,
        period::{Day, Period},
        unit::Unit,
        wording::{
            Style, grouped,
            sentence::{About, Piece},
        },
    },
    error::{Error, Result},
    figure::{self, Filter},
    locale::Locale,
    plan::{self, goals::GoalRow},
    server::{context::Ctx, form::FormData, page::render, state::AppState},
    ui::{
        field::Select,
        page::{Page, page},
    },
    unit,
};
use axum::{Router, routing::get};
use chrono::Datelike;
use leptos::prelude::*;

/// How many years back a report is offered.
const YEARS_BACK: i32 = 10;

/// How many units that lack something are named.
const NAMED_UNITS: usize = 6;

/// The yearly report.
pub fn annual() -> impl IntoView {
    page(|ctx| async move {
        let actor = ctx.actor()?.clone();
        let (units, question) = asked(&ctx, &actor).await?;
        let report = action::annual(&ctx, &question.unit, question.year, question.style).await?;
        let title = report.title.clone();
        let last = Period::year(question.year).to.min(ctx.today);
        let goals = plan::goals::goals(&ctx, &question.unit, None, Some(last)).await?;
        let short: Vec<GoalRow> =
            goals.into_iter().filter(|goal| matches!(goal.status, Status::Behind | Status::Missed)).collect();
        let mut conn = ctx.db.read().await?;
        let made = paper::list_view::section(&ctx, &mut conn, &question.unit).await?;
        drop(conn);
        let problems = (!short.is_empty()).then(|| problems(ctx.locale, &question, last, short));
        Ok(Page::new("/report", title, body(&ctx, &units, &question, report, [problems, Some(made)])))
    })
}

/// The page itself only reads; the forms are those of the reports that are made.
pub fn forms() -> Router<AppState> {
    Router::new().route("/report", get(render)).merge(paper::page::forms())
}

/// The units that can be chosen, and what was asked for: by default the reader's own unit and its last year on record.
async fn asked(ctx: &Ctx, actor: &Actor) -> Result<(Vec<Unit>, Question)> {
    let scope = actor.scope();
    let mut conn = ctx.db.read().await?;
    let units = unit::store::all(&mut conn, &scope).await?;
    let unit = match ctx.query.filled("unit") {
        Some(code) => units.iter().find(|unit| unit.code == code),
        None => units.iter().find(|unit| Some(unit.id) == actor.home_unit_id()),
    };
    let unit = unit.cloned().ok_or(Error::NotFound)?;
    let year = match ctx.query.filled("year") {
        Some(year) => year.parse().ok().filter(|year| YEARS.contains(year)),
        None => {
            let this_year = ctx.today.year();
            let from = Period::year(this_year - YEARS_BACK).from;
            let Some(period) = Period::new(from, Period::year(this_year).to) else { return Err(Error::NotFound) };
            let by_year = figure::store::by_year(&mut conn, &unit, period, &Filter::of_measure(0)).await?;
            Some(by_year.keys().map(|(year, _)| *year).max().unwrap_or(this_year))
        }
    };
    // An address that was typed wrong leads to the page that says so.
    let year = year.ok_or(Error::NotFound)?;
    let style = match ctx.query.filled("style") {
        Some(style) => Style::from_key(style).ok_or(Error::NotFound)?,
        None => Style::Official,
    };
    Ok((units, Question { unit, year, style }))
}

fn body(ctx: &Ctx, units: &[Unit], question: &Question, report: Annual, further: [Option<AnyView>; 2]) -> AnyView {
    let locale = ctx.locale;
    let [problems, made] = further;
    let tongue = action::language(ctx);
    let empty = report.figures.is_empty();
    let hint = match question.style {
        Style::Official => locale.report_official_hint(),
        Style::Exact => locale.report_exact_hint(),
        Style::Internal => locale.report_internal_hint(),
    };
    let plain = report.plain();
    let title = report.title.clone();
    let paragraphs = report
        .pieces
        .iter()
        .map(|pieces| view! { <p>{pieces.iter().map(|piece| linked(piece, question)).collect_view()}</p> })
        .collect_view();
    view! {
        {filters(ctx, units, question)}
        {empty.then(|| view! {
            <p class="empty">{locale.report_empty(&question.unit.short_name, question.year)}</p>
        })}
        <article class="official" lang=tongue.tag() aria-label=locale.report_text_heading()>
            <p class="official-title" aria-hidden="true">{title}</p>
            {paragraphs}
        </article>
        <p class="hint">{locale.report_text_hint()}" "{hint}</p>
        {made}
        {(!empty).then(|| figures(locale, question, report))}
        {problems}
        <section class="copy">
            <h2>{locale.report_copy_heading()}</h2>
            <pre class="plain" lang=tongue.tag() tabindex="0">{plain}</pre>
        </section>
        {hub::rooms(locale, &question.unit.code)}
    }
    .into_any()
}

/// What the targets say is missing, each with the units that lack it.
fn problems(locale: Locale, question: &Question, as_of: Day, goals: Vec<GoalRow>) -> AnyView {
    let day = as_of.to_string();
    let query = FormData::from_pairs([("unit", question.unit.code.as_str()), ("as_of", day.as_str())]).with("", None);
    let items = goals
        .into_iter()
        .map(|goal| {
            let lacking: Vec<&str> =
                goal.units.iter().filter(|unit| unit.missing > 0).map(|unit| unit.name.as_str()).collect();
            let named = lacking.iter().take(NAMED_UNITS).copied().collect::<Vec<_>>().join(locale.report_list());
            let names = match lacking.len() {
                0 => String::new(),
                count if count > NAMED_UNITS => locale.report_lacking_more(count, named),
                _ => locale.report_lacking(named),
            };
            view! { <li>{locale.report_problem(goal.name, goal.words)}{names}</li> }
        })
        .collect_view();
    view! {
        <section>
            <h2>{locale.report_problems_heading()}</h2>
            <ul class="report-problems">{items}</ul>
            <p><a href=format!("/goals?{query}")>{locale.report_problems_more()}</a></p>
        </section>
    }
    .into_any()
}

/// Unit, year and style, in the address.
fn filters(ctx: &Ctx, units: &[Unit], question: &Question) -> AnyView {
    let locale = ctx.locale;
    let options: Vec<(String, String)> = units
        .iter()
        .map(|unit| {
            let depth = unit.path.matches('/').count().saturating_sub(2);
            (unit.code.clone(), format!("{}{}", "\u{3000}".repeat(depth), unit.short_name))
        })
        .collect();
    let this_year = ctx.today.year();
    let mut years: Vec<i32> = ((this_year - YEARS_BACK)..=this_year).rev().collect();
    if !years.contains(&question.year) {
        years.push(question.year);
        years.sort_unstable_by(|a, b| b.cmp(a));
    }
    let years = years.into_iter().map(|year| (year.to_string(), year.to_string())).collect::<Vec<_>>();
    let styles = vec![
        (Style::Official.key().to_owned(), locale.report_official().to_owned()),
        (Style::Exact.key().to_owned(), locale.report_exact().to_owned()),
        (Style::Internal.key().to_owned(), locale.report_internal().to_owned()),
    ];
    let tongue = ctx.query.filled("lang").map(str::to_owned);
    view! {
        <form method="get" class="filters" aria-label=locale.report_elsewhere()>
            <Select name="unit" label=locale.report_unit() options=options value=question.unit.code.clone()/>
            <Select name="year" label=locale.report_year() options=years value=question.year.to_string()/>
            <Select name="style" label=locale.report_style() options=styles value=question.style.key()/>
            {tongue.map(|tongue| view! { <input type="hidden" name="lang" value=tongue/> })}
            <button class="button" type="submit">{locale.show()}</button>
        </form>
    }
    .into_any()
}

/// A piece of the text: a figure is a link to what it is the sum of, several measures' together to the table's row.
fn linked(piece: &Piece, question: &Question) -> AnyView {
    let text = piece.text.clone();
    let address = match &piece.about {
        About::Words => return text.into_any(),
        About::Campaigns => campaigns_address(question),
        About::Measures(measures) => match measures.as_slice() {
            [only] => ledger_address(question, only),
            several => format!("#figure-{}", several.first().map(String::as_str).unwrap_or_default()),
        },
    };
    view! { <a href=address>{text}</a> }.into_any()
}

/// The activities behind a measure's figure.
fn ledger_address(question: &Question, measure: &str) -> String {
    let period = Period::year(question.year);
    let (from, to) = (period.from.to_string(), period.to.to_string());
    let query = FormData::from_pairs([
        ("unit", question.unit.code.as_str()),
        ("from", from.as_str()),
        ("to", to.as_str()),
        ("measure", measure),
    ]);
    format!("/activities?{}", query.with("", None))
}

fn campaigns_address(question: &Question) -> String {
    let year = question.year.to_string();
    let query = FormData::from_pairs([("unit", question.unit.code.as_str()), ("year", year.as_str())]);
    format!("/campaigns?{}", query.with("", None))
}

/// The table of figures, each with its parts and a link to its activities.
fn figures(locale: Locale, question: &Question, report: Annual) -> AnyView {
    let number = |value: i64| if value == 0 { "—".to_owned() } else { grouped(value) };
    let rows = report
        .figures
        .into_iter()
        .map(|line| {
            let address = ledger_address(question, &line.measure);
            let total = line.total;
            view! {
                <tr id=format!("figure-{}", line.measure)>
                    <th scope="row">{line.name}</th>
                    <td>{line.wording}</td>
                    <td class="num"><a href=address.clone()>{grouped(total.total())}</a>" "<span class="unit-word">{line.unit_word}</span></td>
                    <td class="num">{number(total.exact)}</td>
                    <td class="num">{number(total.at_least)}</td>
                    <td class="num">{number(total.estimate)}</td>
                    <td class="num"><a href=address>{grouped(total.activities)}</a></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2>{locale.report_figures_heading()}</h2>
            <div class="scroll">
                <table class="table">
                    <caption>{locale.report_figures_caption(&question.unit.short_name, question.year)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{locale.report_measure()}</th>
                            <th scope="col">{locale.report_written()}</th>
                            <th scope="col" class="num">{locale.report_sum()}</th>
                            <th scope="col" class="num">{locale.report_part_exact()}</th>
                            <th scope="col" class="num">{locale.report_part_at_least()}</th>
                            <th scope="col" class="num">{locale.report_part_estimate()}</th>
                            <th scope="col" class="num">{locale.report_activities_count()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
