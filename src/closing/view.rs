//! How closed and open periods are shown.

use super::{
    action::{Board, Line, span_text},
    store::Past,
};
use crate::{
    domain::{
        catalogue::Catalogue,
        closing::{Closing, Span, Unlock},
        measure::Total,
        period::Period,
    },
    locale::Locale,
    plan::view::managed_options,
    server::{clock, context::Ctx},
    ui::{
        field::{Field, Form, Select},
        table::{Head, Table},
    },
};
use chrono::Days;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// How long an unlock is offered for, in days.
const UNLOCK_DAYS: u64 = 7;

/// The address of a period on this page.
fn address(board: &Board, span: Span) -> String {
    format!("/closing?unit={}&period={span}", board.unit.code)
}

/// Whether the unit itself has closed exactly this period.
fn own<'a>(board: &Board, line: &'a Line) -> Option<&'a Closing> {
    line.closings.iter().find(|closing| closing.unit_id == board.unit.id && closing.period == line.span.period())
}

/// Hidden fields of a form.
fn hidden(fields: Vec<(&'static str, String)>) -> impl IntoView {
    fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
}

/// The year and its months.
pub fn table(ctx: &Ctx, board: &Board, year: i32) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let months = &board.lines[1.min(board.lines.len())..];
    let closed = months.iter().filter(|line| !line.closings.is_empty()).count();
    let (activities, late) = board.lines.first().map_or((0, 0), |line| (line.activities, line.late));
    let heads = vec![
        Head::Text(locale.closing_period()),
        Head::Text(locale.closing_state()),
        Head::Number(locale.closing_entries()),
        Head::Number(locale.closing_late()),
        Head::Text(locale.closing_action()),
    ];
    let rows = board.lines.iter().map(|line| row(ctx, board, line)).collect_view();
    view! { <Table caption=locale.closing_caption(activities, closed, late, year) heads>{rows}</Table> }
}

fn row(ctx: &Ctx, board: &Board, line: &Line) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let name = match line.span {
        Span::Year(_) => locale.closing_whole_year().to_owned(),
        Span::Month(month) => locale.closing_month_short(month.number()),
    };
    let Period { from, to } = line.span.period();
    let late = (line.late > 0).then(|| {
        view! { <a href=late_address(board, line)>{line.late}</a> }
    });
    let close = (board.manages && own(board, line).is_none() && to < ctx.today).then(|| {
        let span = line.span.to_string();
        let fields = hidden(vec![("unit", board.unit.code.clone()), ("period", span.clone())]);
        view! {
            <Form action="close" class="inline">
                {fields}
                <button type="submit">{locale.closing_close()}<span class="visually-hidden">" "{span}</span></button>
            </Form>
        }
    });
    let here = ctx.query.get("period") == line.span.to_string();
    let is_future = from > ctx.today;
    view! {
        <tr>
            <th scope="row"><a href=address(board, line.span) aria-current=here.then_some("true")>{name}</a></th>
            <td>{state(ctx, line, is_future)}</td>
            <td class="num">{line.activities}</td>
            <td class="num">{late}</td>
            <td>{close}</td>
        </tr>
    }
}

/// Word and shape: open, closed by whom and when, for whom late entries are let in.
fn state(ctx: &Ctx, line: &Line, is_future: bool) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let Some(closing) = line.closings.first() else {
        let word = if is_future { locale.closing_future() } else { locale.closing_open() };
        return view! { <span class="tag quiet">{word}</span> }.into_any();
    };
    let by = locale.closing_by(clock::day_of(closing.closed_at), &closing.closed_by, &closing.unit_name);
    let unlocked = holding(ctx, line)
        .map(|unlock| {
            let words = locale.closing_unlocked(&unlock.unit_name, unlock.until);
            view! { " "<span class="tag warn">{words}</span> }
        })
        .collect_view();
    view! { <span class="tag">{locale.closing_closed()}</span>" "<span class="muted">{by}</span>{unlocked} }.into_any()
}

/// The unlocks that hold today and concern the line, each once: of several closings one opens with the other.
fn holding<'a>(ctx: &'a Ctx, line: &'a Line) -> impl Iterator<Item = &'a Unlock> {
    let all = line.closings.first().map(|closing| closing.unlocks.as_slice()).unwrap_or_default();
    all.iter().filter(move |unlock| unlock.holds(ctx.today) && unlock.period.intersection(line.span.period()).is_some())
}

fn late_address(board: &Board, line: &Line) -> String {
    let Period { from, to } = line.span.period();
    format!("/activities?unit={}&from={from}&to={to}&late=1", board.unit.code)
}

/// One period in full: its figures with what came late, and what can be done.
pub fn detail(
    ctx: &Ctx,
    board: &Board,
    line: &Line,
    catalogue: &Catalogue,
    totals: &BTreeMap<i64, Total>,
    late: &BTreeMap<i64, Total>,
) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let span = span_text(ctx, line.span);
    let is_future = line.span.period().from > ctx.today;
    let list = (line.late > 0).then(|| {
        view! { <p><a href=late_address(board, line)>{locale.closing_late_list(line.late)}</a></p> }
    });
    view! {
        <section class="sheet" id="period">
            <h2>{span.clone()}</h2>
            <p>{state(ctx, line, is_future)}</p>
            {figures(locale, &span, catalogue, totals, late)}
            {list}
            {unlocks(ctx, board, line)}
            {(board.manages && !is_future).then(|| forms(ctx, board, line, span))}
        </section>
    }
}

fn figures(
    locale: Locale,
    span: &str,
    catalogue: &Catalogue,
    totals: &BTreeMap<i64, Total>,
    late: &BTreeMap<i64, Total>,
) -> impl IntoView + use<> {
    let rows: Vec<_> = catalogue
        .measures
        .iter()
        .filter_map(|measure| {
            let total = totals.get(&measure.id).map(|total| total.total()).filter(|total| *total > 0)?;
            let late = late.get(&measure.id).map_or(0, |total| total.total());
            let name = locale.name(&measure.name, measure.name_en.as_deref()).to_owned();
            let word = locale.name(&measure.unit_word, measure.unit_word_en.as_deref()).to_owned();
            Some(view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="num">{total - late}<small>{word.clone()}</small></td>
                    <td class="num">{(late > 0).then(|| view! { {late}<small>{word.clone()}</small> })}</td>
                    <td class="num">{total}<small>{word}</small></td>
                </tr>
            })
        })
        .collect();
    if rows.is_empty() {
        return view! { <p class="muted">{locale.closing_no_figures()}</p> }.into_any();
    }
    let heads = vec![
        Head::Text(locale.closing_measure()),
        Head::Number(locale.closing_in_time()),
        Head::Number(locale.closing_late()),
        Head::Number(locale.closing_total()),
    ];
    view! { <Table caption=locale.closing_figures_caption(span) heads>{rows}</Table> }.into_any()
}

fn unlocks(ctx: &Ctx, board: &Board, line: &Line) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let period = line.span.period();
    let of_line = line.closings.iter().flat_map(|closing| &closing.unlocks);
    let items: Vec<_> = of_line
        .filter(|unlock| unlock.period.intersection(period).is_some())
        .map(|unlock| {
            let words = locale.closing_unlock_line(
                &unlock.unlocked_by,
                &unlock.reason,
                &unlock.unit_name,
                unlock.until,
            );
            let holds = unlock.holds(ctx.today);
            let end = (holds && board.manages).then(|| {
                let fields = hidden(vec![
                    ("unit", board.unit.code.clone()),
                    ("period", line.span.to_string()),
                    ("id", unlock.id.to_string()),
                ]);
                let words = words.clone();
                view! {
                    " "<Form action="end" class="inline">
                        {fields}
                        <button type="submit">{locale.closing_end()}<span class="visually-hidden">" "{words}</span></button>
                    </Form>
                }
            });
            let over = (!holds).then(|| view! { " "<span class="tag">{locale.closing_over()}</span> });
            view! { <li>{words}{over}{end}</li> }
        })
        .collect();
    (!items.is_empty()).then(|| view! { <h3>{locale.closing_unlocks()}</h3><ul>{items}</ul> })
}

fn forms(ctx: &Ctx, board: &Board, line: &Line, span: String) -> impl IntoView + use<> {
    let locale = ctx.locale;
    let code = board.unit.code.clone();
    let refused = ctx.refused.as_ref().map(|refused| refused.form.get("do").to_owned()).unwrap_or_default();
    let common = || vec![("period", line.span.to_string()), ("here", code.clone())];
    let with_unit = || hidden([common(), vec![("unit", code.clone())]].concat());
    let unlock = (!line.closings.is_empty()).then(|| {
        let below: Vec<_> =
            board.units.iter().filter(|unit| unit.path.starts_with(&board.unit.path)).cloned().collect();
        let options = managed_options(ctx, &below);
        let (fields, unit) = (hidden(common()), code.clone());
        let (today, until) = (ctx.today.to_string(), (ctx.today + Days::new(UNLOCK_DAYS)).to_string());
        view! {
            <details open=refused == "unlock">
                <summary><h3>{locale.closing_unlock_title()}</h3></summary>
                <p class="hint">{locale.closing_unlock_hint()}</p>
                <Form action="unlock">
                    {fields}
                    <Select name="unit" label=locale.closing_unlock_unit() options value=unit/>
                    <Field name="until" kind="date" label=locale.closing_until() min=today value=until required=true/>
                    <Field name="reason" label=locale.closing_reason() required=true/>
                    <div><button class="primary" type="submit">{locale.closing_unlock()}</button></div>
                </Form>
            </details>
        }
    });
    let fields = with_unit();
    let own = match own(board, line) {
        None => view! {
            <Form action="close">
                {fields}
                <div><button class="primary" type="submit">{locale.closing_do_close(span)}</button></div>
            </Form>
        }
        .into_any(),
        Some(_) => view! {
            <details open=refused == "reopen">
                <summary><h3>{locale.closing_reopen_title()}</h3></summary>
                <p class="hint">{locale.closing_reopen_hint()}</p>
                <Form action="reopen">
                    {fields}
                    <Field name="why" label=locale.closing_reason() required=true/>
                    <div><button type="submit">{locale.closing_reopen()}</button></div>
                </Form>
            </details>
        }
        .into_any(),
    };
    view! { {unlock}{own} }
}

/// What was closed and opened again.
pub fn past(ctx: &Ctx, past: &[Past]) -> Option<impl IntoView + use<>> {
    let locale = ctx.locale;
    let items: Vec<_> = past
        .iter()
        .map(|(from, to, closer, closed, opener, opened, reason)| {
            let span = span_text(ctx, Span::of(Period { from: *from, to: *to }));
            let (closed, opened) = (clock::day_of(*closed), clock::day_of(*opened));
            view! { <li>{locale.closing_past_line(closed, closer, opened, opener, reason, span)}</li> }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! { <section><h2>{locale.closing_past()}</h2><ul>{items}</ul></section> }
    })
}
