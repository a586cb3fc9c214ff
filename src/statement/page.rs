//! `/statement`: the year of a unit on paper, with room for a signature and a seal; every figure leads to its entries.

use super::{
    action::{self, Statement},
    table::{self, Line, Parts},
    xlsx,
};
use crate::{
    dashboard::link::Behind,
    domain::{
        measure::Total,
        period::{Month, Period},
        wording::grouped,
    },
    ledger::{
        export_view::in_browser,
        words::{cell_text, days_text, figures_text, measure_text, status_text, themes_text, total_text, type_text},
    },
    locale::Locale,
    server::{context::Ctx, state::AppState},
    ui::{
        field::Select,
        page::{Page, page},
    },
};
use axum::{Router, routing::get};
use leptos::prelude::*;

/// More entries than these are not printed; the ledger has them all.
const MOST: i64 = 300;

/// The workbook's address; the page itself has no form.
pub fn forms() -> Router<AppState> {
    Router::new().route("/statement.xlsx", get(xlsx::export))
}

/// The statement of a unit and year.
pub fn statement() -> impl IntoView {
    page(|ctx| async move {
        let locale = ctx.locale;
        let (units, unit, years, year) = action::asked(&ctx).await?;
        let statement = action::statement(&ctx, unit, year, MOST).await?;
        let units: Vec<(String, String)> = units.into_iter().map(|unit| (unit.code, unit.short_name)).collect();
        let years: Vec<(String, String)> =
            years.into_iter().rev().map(|year| (year.to_string(), year.to_string())).collect();
        let title = locale.statement_title(&statement.unit.short_name, year);
        let code = statement.unit.code.clone();
        let excel = format!("/statement.xlsx?unit={code}&year={year}");
        let ledger = format!("/activities?unit={code}&year={year}");
        let body = view! {
            <form method="get" action="/statement" class="filters">
                <Select name="unit" label=locale.ledger_unit() options=units value=code/>
                <Select name="year" label=locale.ledger_year() options=years value=year.to_string()/>
                <button type="submit">{locale.show()}</button>
            </form>
            <p class="toolbar">
                <a class="button" href=ledger>{locale.statement_ledger()}</a>
                <a class="button" href=excel download="">{locale.ledger_xlsx()}</a>
                <span class="hint">{locale.statement_print()}</span>
            </p>
            {in_browser(&ctx)}
            {contents(&ctx, &statement)}
        };
        Ok(Page::new("/activities", title, body))
    })
}

fn contents(ctx: &Ctx, statement: &Statement) -> AnyView {
    let locale = ctx.locale;
    if statement.counts.entries == 0 && statement.counts.withdrawn == 0 {
        return view! { <div class="empty"><p>{locale.statement_empty(statement.year)}</p></div> }.into_any();
    }
    let facts = facts(locale, statement);
    let months_end = statement.tables_end.map(|day| view! { <p class="muted">{locale.statement_months_end(day)}</p> });
    let quarters = quarters(locale, statement);
    let months = months(locale, statement);
    let themes = parts(locale, statement, table::themes(locale, statement), "theme");
    let campaigns = parts(locale, statement, table::campaigns(locale, statement), "campaign");
    let late = late(locale, statement);
    let entries = entries(locale, statement);
    view! {
        <article class="statement">
            <p>{locale.statement_lead(&statement.unit.name, statement.year)}</p>
            {facts}
            {months_end}
            {quarters}
            {months}
            {late}
            {themes}
            {campaigns}
            {entries}
            <div class="signatures">
                <p>{locale.statement_handler()}</p>
                <p>{locale.statement_head()}</p>
                <p>{locale.statement_seal()}</p>
                <p>{locale.statement_day()}</p>
            </div>
            <p class="muted">{crate::ledger::sheet::made_by(ctx)}</p>
        </article>
    }
    .into_any()
}

/// What the entries are, each number a way to them.
fn facts(locale: Locale, statement: &Statement) -> impl IntoView + use<> {
    let counts = statement.counts;
    let (code, year) = (&statement.unit.code, statement.year);
    let row = |term: &'static str, number: i64, more: &str| {
        let address = format!("/activities?unit={code}&year={year}{more}");
        let text = grouped(number);
        let number = match (number, more) {
            (0, _) | (_, "-") => view! { {text} }.into_any(),
            _ => view! { <a href=address>{text}</a> }.into_any(),
        };
        view! { <dt>{term}</dt><dd>{number}</dd> }
    };
    let passive = counts.entries - counts.interactive;
    view! {
        <dl class="meta">
            {row(locale.ledger_entries(), counts.entries, "&")}
            {row(locale.statement_interactive(), counts.interactive, "&interactive=1")}
            {row(locale.statement_passive(), passive, "&interactive=0")}
            {row(locale.statement_shared(), counts.shared, "&shared=1")}
            {row(locale.statement_late(), counts.late, "&late=1")}
            {row(locale.statement_corrected(), counts.corrected, "-")}
            {row(locale.statement_evidence(), counts.evidence, "&evidence=1")}
            {row(locale.statement_withdrawn(), counts.withdrawn, "&status=withdrawn")}
        </dl>
    }
}

/// A year's whole figure of a measure, or how many entries have it, as a way to them.
fn counted(statement: &Statement, measure_id: i64, figure: i64) -> AnyView {
    let text = grouped(figure);
    let measure = statement.catalogue.measure_by_id(measure_id).map(|one| one.key.as_str());
    let address = Behind::new(&statement.unit.code, statement.period()).measure(measure).address();
    if figure == 0 { text.into_any() } else { view! { <a href=address>{text}</a> }.into_any() }
}

/// A figure that leads to its entries.
fn linked(locale: Locale, statement: &Statement, measure_id: i64, period: Period, total: Total) -> AnyView {
    if total.is_zero() {
        return ().into_any();
    }
    let text = cell_text(locale, total);
    let measure = statement.catalogue.measure_by_id(measure_id).map(|one| one.key.as_str());
    let address = Behind::new(&statement.unit.code, period).measure(measure).address();
    view! { <a href=address>{text}</a> }.into_any()
}

fn frame(title: &'static str, heads: Vec<AnyView>, rows: Vec<AnyView>, foot: Option<AnyView>) -> AnyView {
    view! {
        <section>
            <h2>{title}</h2>
            <div class="scroll" tabindex="0" role="region" aria-label=title>
                <table class="table">
                    <caption class="visually-hidden">{title}</caption>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                    {foot.map(|foot| view! { <tfoot>{foot}</tfoot> })}
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn head(text: impl Into<String>, is_number: bool) -> AnyView {
    let text: String = text.into();
    view! { <th scope="col" class=is_number.then_some("num")>{text}</th> }.into_any()
}

fn name(line: &Line) -> AnyView {
    let (name, word) = (line.name.clone(), line.word.clone());
    view! { <th scope="row">{name}" "<small>{word}</small></th> }.into_any()
}

fn quarters(locale: Locale, statement: &Statement) -> AnyView {
    let periods: Vec<Period> = (0..4)
        .filter_map(|quarter| {
            let first = Month::new(statement.year, quarter * 3 + 1)?.first();
            Period::new(first, Month::new(statement.year, quarter * 3 + 3)?.last())
        })
        .chain([statement.period()])
        .collect();
    let rows = table::quarters(locale, statement)
        .iter()
        .map(|line| {
            let whole = statement.total(line.measure_id);
            let cells: Vec<AnyView> = line
                .figures
                .iter()
                .zip(&periods)
                .map(|(total, period)| {
                    let figure = linked(locale, statement, line.measure_id, *period, *total);
                    view! { <td class="num">{figure}</td> }.into_any()
                })
                .collect();
            let part = |value: i64| (value > 0).then(|| grouped(value));
            view! {
                <tr>
                    {name(line)}
                    {cells}
                    <td class="num">{part(whole.at_least)}</td>
                    <td class="num">{part(whole.estimate)}</td>
                    <td class="num">{counted(statement, line.measure_id, whole.activities)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let mut heads = vec![head(locale.ledger_measure(), false)];
    heads.extend((1..=4).map(|quarter| head(locale.statement_quarter(quarter), true)));
    for text in
        [locale.statement_year(), locale.ledger_of_at_least(), locale.ledger_of_estimate(), locale.ledger_entries()]
    {
        heads.push(head(text, true));
    }
    frame(locale.statement_quarters(), heads, rows, None)
}

fn months(locale: Locale, statement: &Statement) -> AnyView {
    let months = statement.year_months();
    let rows = table::months(locale, statement)
        .iter()
        .map(|line| {
            let sum: Total = line.figures.iter().take(12).copied().sum();
            let whole = statement.total(line.measure_id);
            let cells: Vec<AnyView> = line
                .figures
                .iter()
                .zip(&months)
                .map(|(total, month)| {
                    let figure = linked(locale, statement, line.measure_id, month.period(), *total);
                    view! { <td class="num">{figure}</td> }.into_any()
                })
                .collect();
            view! {
                <tr>
                    {name(line)}
                    {cells}
                    <td class="num">{counted(statement, line.measure_id, sum.total())}</td>
                    <td class="num"><strong>{counted(statement, line.measure_id, whole.total())}</strong>{(sum == whole).then_some(" ✓")}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let mut heads = vec![head(locale.ledger_measure(), false)];
    heads.extend(months.iter().map(|month| head(table::month_name(locale, *month), true)));
    heads.extend([head(locale.statement_twelve(), true), head(locale.statement_year(), true)]);
    let check = match statement.is_balanced() {
        true => view! { <p class="check-line"><span class="tag good">"✓"</span>" "{locale.statement_balanced()}</p> }
            .into_any(),
        false => view! { <p class="check-line"><span class="tag bad">"✗"</span>" "{locale.statement_unbalanced()}</p> }
            .into_any(),
    };
    let table = frame(locale.statement_months(), heads, rows, None);
    view! { {table}{check} }.into_any()
}

/// What was entered after its month was over: in the totals above, and here apart.
fn late(locale: Locale, statement: &Statement) -> Option<AnyView> {
    if statement.counts.late == 0 {
        return None;
    }
    let lines = statement
        .measures()
        .into_iter()
        .filter_map(|measure| Some((measure, *statement.late.totals.get(&measure.id)?)))
        .map(|(measure, total)| {
            let name = measure_text(locale, Some(measure), &measure.key).to_owned();
            let behind = Behind::new(&statement.unit.code, statement.period()).measure(Some(&measure.key));
            let address = format!("{}&late=1", behind.address());
            let text = total_text(locale, Some(measure), total);
            view! { <li><span>{name}</span>" "<a href=address class="num">{text}</a></li> }
        })
        .collect_view();
    Some(
        view! {
            <section>
                <h2>{locale.statement_late()}</h2>
                <p>{locale.statement_late_line(statement.late.count)}</p>
                <ul class="totals">{lines}</ul>
            </section>
        }
        .into_any(),
    )
}

fn parts(locale: Locale, statement: &Statement, parts: Parts, by: &'static str) -> AnyView {
    let measures = statement.measures();
    // Below `address` each figure is a way to its entries; what is taken off is no entries' sum.
    let keys: Vec<String> = measures.iter().map(|measure| measure.key.clone()).collect();
    let cells = |figures: &[Total], sign: &str, address: Option<&str>| -> Vec<AnyView> {
        let cell = |(total, key): (&Total, &String)| {
            let text = (total.total() > 0).then(|| format!("{sign}{}", cell_text(locale, *total)));
            let text = match (text, address) {
                (Some(text), Some(address)) => {
                    view! { <a href=format!("{address}&measure={key}")>{text}</a> }.into_any()
                }
                (text, _) => text.into_any(),
            };
            view! { <td class="num">{text}</td> }.into_any()
        };
        figures.iter().zip(&keys).map(cell).collect()
    };
    let (code, year) = (&statement.unit.code, statement.year);
    let all = format!("/activities?unit={code}&year={year}");
    let rows = parts
        .rows
        .iter()
        .map(|(name, key, entries, figures)| {
            let name = name.clone();
            let address = key.as_ref().map(|key| {
                let year = year.to_string();
                let pairs = [("unit", code.as_str()), ("year", &year), (by, key)];
                format!("/activities?{}", serde_html_form::to_string(pairs).unwrap_or_default())
            });
            let cells = cells(figures, "", address.as_deref());
            let (name, entries) = match address.clone().zip(address) {
                Some((to, address)) => (
                    view! { <a href=to>{name}</a> }.into_any(),
                    view! { <a href=address>{grouped(*entries)}</a> }.into_any(),
                ),
                None => (name.into_any(), grouped(*entries).into_any()),
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num">{entries}</td>
                    {cells}
                </tr>
            }
            .into_any()
        })
        .collect();
    let title = if by == "theme" { locale.statement_themes() } else { locale.statement_campaigns() };
    let mut heads = vec![head(if by == "theme" { locale.ledger_theme() } else { locale.ledger_campaign() }, false)];
    heads.push(head(locale.ledger_entries(), true));
    for measure in measures {
        heads.push(head(measure_text(locale, Some(measure), &measure.key), true));
    }
    let overlap = parts.overlaps().then(|| {
        view! {
            <tr>
                <th scope="row">{locale.ledger_overlap()}</th>
                <td class="num">{format!("−{}", grouped(parts.overlap.0))}</td>
                {cells(&parts.overlap.1, "−", None)}
            </tr>
        }
    });
    let foot = view! {
        {overlap}
        <tr>
            <th scope="row">{locale.statement_year()}</th>
            <td class="num"><a href=all.clone()>{grouped(parts.whole.0)}</a></td>
            {cells(&parts.whole.1, "", Some(&all))}
        </tr>
    };
    frame(title, heads, rows, Some(foot.into_any()))
}

fn entries(locale: Locale, statement: &Statement) -> AnyView {
    let catalogue = &statement.catalogue;
    let rows = statement
        .entries
        .iter()
        .map(|entry| {
            let late = entry.late.then(|| locale.ledger_late());
            let status = (entry.status != crate::domain::activity::Status::Submitted)
                .then(|| status_text(locale, entry.status));
            let marks: Vec<&str> = late.into_iter().chain(status).collect();
            view! {
                <tr>
                    <th scope="row"><a href=format!("/activities/{}", entry.draft.id)>{days_text(locale, entry)}</a></th>
                    <td>{entry.unit_name.clone()}</td>
                    <td>{type_text(locale, catalogue, entry)}</td>
                    <td>{figures_text(locale, catalogue, entry)}</td>
                    <td>{themes_text(locale, catalogue, entry)}</td>
                    <td>{entry.draft.handler.clone()}</td>
                    <td>{marks.join(locale.ledger_list())}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let heads = [
        locale.ledger_date(),
        locale.ledger_unit(),
        locale.ledger_type(),
        locale.ledger_figures(),
        locale.ledger_theme(),
        locale.ledger_csv_handler(),
        locale.ledger_marks(),
    ]
    .map(|text| head(text, false))
    .into_iter()
    .collect();
    let table = frame(locale.statement_entries(), heads, rows, None);
    let (shown, all) = (statement.entries.len() as i64, statement.counts.entries);
    let address = format!("/activities?unit={}&year={}&sort=day", statement.unit.code, statement.year);
    let more = (shown < all && shown >= MOST).then(|| {
        view! { <p><a href=address>{locale.statement_more(shown, all)}</a></p> }
    });
    view! { {table}{more} }.into_any()
}
