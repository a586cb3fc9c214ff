//! A table on the page: sticky head and first column, figures that lead to their records.

use super::{
    action::Question,
    address,
    reckon::{Line, Table},
};
use crate::{
    domain::{
        table::{Cell, Rows},
        unit::Unit,
        wording::grouped,
    },
    locale::Locale,
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The heads of the figures' columns.
pub fn heads(locale: Locale, question: &Question, table: &Table) -> Vec<String> {
    match question.rows {
        Rows::Measure => [
            locale.report_sum(),
            locale.report_part_exact(),
            locale.report_part_at_least(),
            locale.report_part_estimate(),
            locale.table_late(),
        ]
        .map(str::to_owned)
        .to_vec(),
        _ => table.columns.iter().map(|column| column.name.clone()).collect(),
    }
}

/// The head of the first column.
pub fn row_head(locale: Locale, question: &Question) -> &'static str {
    match question.rows {
        Rows::Time => locale.table_rows_time(),
        Rows::Unit => locale.table_rows_unit(),
        Rows::Theme => locale.table_rows_theme(),
        Rows::Measure => locale.table_rows_measure(),
    }
}

/// A number as people write it: 1,200, 57.1; — where something was divided by nothing.
pub fn number(value: Option<f64>) -> String {
    match value {
        None => "—".into(),
        Some(value) if value.fract() == 0.0 && value.abs() < 1e15 => grouped(value as i64),
        Some(value) => {
            let tenths = (value * 10.0).round() as i64;
            let sign = if tenths < 0 { "-" } else { "" };
            format!("{sign}{}.{}", grouped(tenths.abs() / 10), tenths.abs() % 10)
        }
    }
}

/// A figure of a column: a share with its sign, 66.7%.
pub fn figure(value: Option<f64>, is_share: bool) -> String {
    let sign = if is_share && value.is_some() { "%" } else { "" };
    format!("{}{sign}", number(value))
}

/// How sure a figure is, as a sign behind it: ≥ where a part is a lower bound, ≈ where one is an estimate.
pub fn sign(cell: &Cell) -> Option<&'static str> {
    match (cell.estimate, cell.at_least) {
        (0, 0) => cell.unsure.then_some("≈"),
        (0, _) => Some("≥"),
        _ => Some("≈"),
    }
}

/// The sign in small, with what it says of this figure.
fn mark(locale: Locale, cell: &Cell) -> Option<AnyView> {
    let all = |part: i64| cell.value == Some(part as f64);
    let sign = sign(cell)?;
    let words = match (cell.estimate, cell.at_least) {
        (0, 0) => locale.table_unsure().to_owned(),
        (0, at_least) => locale.table_at_least(grouped(at_least)),
        (estimate, 0) if all(estimate) => locale.wording_all_estimated().to_owned(),
        (estimate, 0) => locale.table_estimate(grouped(estimate)),
        (estimate, at_least) => locale.table_both(grouped(at_least), grouped(estimate)),
    };
    let title = words.clone();
    Some(view! { <small title=title><span aria-hidden="true">{sign}</span><span class="visually-hidden">{words}</span></small> }.into_any())
}

/// Which columns are folded away, being empty throughout: of the built-in form, which asks for everything there is, unless
/// the reader wants to see all. A form that somebody made keeps the columns that it was given.
pub fn folded(question: &Question, table: &Table, all: bool) -> BTreeSet<usize> {
    match question.form.is_empty() && question.rows != Rows::Measure && !all {
        true => table.empty_columns(),
        false => BTreeSet::new(),
    }
}

/// Which columns are folded away, by name, and where all of them are shown.
pub fn folded_note(locale: Locale, table: &Table, folded: &BTreeSet<usize>, all: String) -> Option<AnyView> {
    folded_text(locale, table, folded)
        .map(|text| view! { <p class="hint folded">{text}" "<a href=all>{locale.table_show_all()}</a></p> }.into_any())
}

/// Which columns are folded away, by name.
pub fn folded_text(locale: Locale, table: &Table, folded: &BTreeSet<usize>) -> Option<String> {
    let names: Vec<&str> = folded.iter().filter_map(|at| Some(table.columns.get(*at)?.name.as_str())).collect();
    (!names.is_empty()).then(|| locale.table_folded(names.len(), names.join(locale.claim_and())))
}

/// The whole table but what is folded away.
pub fn table(
    locale: Locale,
    caption: String,
    unit: &Unit,
    question: &Question,
    table: &Table,
    folded: &BTreeSet<usize>,
) -> AnyView {
    let by_measure = question.rows == Rows::Measure;
    let names = heads(locale, question, table);
    let is_shown = |index: &usize| by_measure || !folded.contains(index);
    let share_at = |index: usize| table.shares.get(index).copied().unwrap_or_default();
    let heads = names.iter().enumerate().filter(|(index, _)| is_shown(index)).map(|(index, name)| {
        let word = table.columns.get(index).filter(|_| !by_measure).map(|column| column.unit_word.clone());
        // A share says its sign with each figure.
        let word = word.filter(|word| !(word.is_empty() || word == "%" && share_at(index)));
        let word = word.map(|word| view! { <br/><small>{word}</small> });
        view! { <th scope="col" class="num">{name.clone()}{word}</th> }
    });
    let heads = heads.collect_view();
    // What came late is told by row where a row is a month or a unit.
    let with_late = matches!(question.rows, Rows::Time | Rows::Unit) && table.late.late > 0;
    let late_head = with_late
        .then(|| view! { <th scope="col" class="num">{locale.table_late()}<br/><small>{locale.table_late_word()}</small></th> });
    let late_cell = |line: Option<&Line>, count: usize| {
        let address = format!("{}&late=1", address::records(unit, question, table, line, &[]));
        let shown = match count {
            0 => "0".into_any(),
            count => view! { <a href=address>{count}</a> }.into_any(),
        };
        let zero = count == 0;
        with_late.then(|| view! { <td class="num" class:nothing=zero>{shown}</td> })
    };
    let cells = |line: &Line, of: Option<&Line>, links: bool| {
        // Of a table by measure the line is a column of the form.
        let column_of = |index: usize| match by_measure {
            true => table.columns.iter().position(|column| column.name == line.name),
            false => Some(index),
        };
        let measures = |index: usize| -> Vec<&str> {
            let column = column_of(index);
            let all = column.and_then(|at| table.all_measures.get(at)).filter(|all| !all.is_empty());
            let only = || column.and_then(|at| table.measures.get(at)).and_then(Option::as_deref);
            all.map_or_else(|| only().into_iter().collect(), |all| all.iter().map(String::as_str).collect())
        };
        let cell = |(index, cell): (usize, &Cell)| {
            let is_share = column_of(index).is_some_and(share_at);
            let text = figure(cell.value, is_share);
            let zero = cell.is_nothing();
            let shown = match links && !zero {
                true => {
                    let address = address::records(unit, question, table, of, &measures(index));
                    view! { <a href=address>{text}</a> }.into_any()
                }
                false => text.into_any(),
            };
            let sure = if by_measure && index > 0 { None } else { mark(locale, cell) };
            view! { <td class="num" class:nothing=zero>{shown}{sure}</td> }
        };
        line.cells.iter().enumerate().filter(|(index, _)| is_shown(index)).map(cell).collect_view()
    };
    let rows = table.lines.iter().map(|line| {
        let word = by_measure.then(|| table.columns.iter().find(|column| column.name == line.name)).flatten();
        let word = word.map(|column| column.unit_word.clone()).filter(|word| !word.is_empty());
        let word = word.map(|word| view! { " "<small>{word}</small> });
        view! { <tr><th scope="row">{line.name.clone()}{word}</th>{cells(line, Some(line), true)}{late_cell(Some(line), line.late)}</tr> }
    });
    let rows = rows.collect_view();
    let overlap = table.overlap.as_ref().map(|line| {
        view! { <tr><th scope="row">{line.name.clone()}</th>{cells(line, None, false)}</tr> }
    });
    let foot = (!by_measure).then(|| {
        view! {
            <tfoot>
                {overlap}
                <tr><th scope="row">{table.total.name.clone()}</th>{cells(&table.total, None, true)}{late_cell(None, table.late.late)}</tr>
                <tr class="late"><th scope="row">{table.late.name.clone()}</th>{cells(&table.late, None, false)}{with_late.then(|| view! { <td></td> })}</tr>
            </tfoot>
        }
    });
    let label = caption.clone();
    view! {
        <div class="scroll sticky" tabindex="0" role="region" aria-label=label>
            <table class="table statistics">
                <caption>{caption}</caption>
                <thead><tr><th scope="col">{row_head(locale, question)}</th>{heads}{late_head}</tr></thead>
                <tbody>{rows}</tbody>
                {foot}
            </table>
        </div>
    }
    .into_any()
}
