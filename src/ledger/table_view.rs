//! The ledger's table: on a desktop a row an entry, on a phone a card, months as heads.

use super::{
    address,
    columns::{self, Column, Layout},
    condition::Titles,
    edit_view::{self, Editing},
    filter::Asked,
    words::{
        campaigns_text, cell_text, days_text, figures_text, measure_text, own_total, status_text, themes_text,
        type_text,
    },
};
use crate::{
    activity::{
        list_store::{By, Summary},
        store::Entry,
    },
    domain::{activity::Status, measure::Measure, period::Month, unit::Unit},
    locale::Locale,
    server::{clock, context::Ctx},
};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// What the table shows besides the entries.
pub struct Table<'a> {
    pub ctx: &'a Ctx,
    pub asked: &'a Asked,
    pub layout: &'a Layout,
    pub titles: &'a Titles,
    pub summary: &'a Summary,
    /// The units at which the reader may change entries.
    pub changeable: BTreeSet<i64>,
    pub editing: Option<Editing>,
}

impl Table<'_> {
    /// The units at which the reader logs.
    pub fn changeable(ctx: &Ctx, units: &[Unit]) -> BTreeSet<i64> {
        let Some(actor) = ctx.someone.as_deref() else { return BTreeSet::new() };
        units.iter().filter(|unit| actor.may_log(unit)).map(|unit| unit.id).collect()
    }

    fn locale(&self) -> Locale {
        self.ctx.locale
    }

    /// The head of a column; a click sorts by it, another turns the order round.
    fn head(&self, text: String, sort: Option<(&str, By)>, is_number: bool) -> AnyView {
        let class = is_number.then_some("num");
        let Some((key, by)) = sort else {
            return view! { <th scope="col" class=class>{text}</th> }.into_any();
        };
        let order = self.asked.order;
        let sorted = order.by == by;
        // Days, times and figures are first asked from the top, names from the beginning.
        let from_top = matches!(by, By::Day | By::Entered | By::Measure(_));
        let descending = if sorted { !order.descending } else { from_top };
        let value = format!("{}{key}", if descending { "-" } else { "" });
        let address = address::with(&self.ctx.query, &[("sort", Some(&value))]);
        let state = sorted.then_some(if order.descending { "descending" } else { "ascending" });
        let mark = sorted.then_some(if order.descending { " ↓" } else { " ↑" });
        view! { <th scope="col" class=class aria-sort=state><a href=address>{text}{mark}</a></th> }.into_any()
    }

    fn column_head(&self, column: Column) -> Option<AnyView> {
        if column == Column::Measures {
            return None;
        }
        let sort = match column {
            Column::Unit => Some(("unit", By::Unit)),
            Column::Type => Some(("type", By::Type)),
            Column::EnteredAt => Some(("entered", By::Entered)),
            _ => None,
        };
        Some(self.head(columns::name(self.locale(), column).to_owned(), sort, false))
    }

    fn measures(&self) -> Vec<&Measure> {
        self.layout.measures_of(&self.asked.catalogue, &self.summary.totals)
    }

    pub fn view(&self, entries: &[Entry]) -> AnyView {
        let locale = self.locale();
        let measures = self.measures();
        // The measures' columns stand where the counts do, or last.
        let (before, behind) = self.split();
        let width = 1 + before.len() + measures.len() + behind.len();
        let heads = before.iter().chain(&behind).filter_map(|column| self.column_head(*column));
        let mut heads: Vec<AnyView> = heads.collect();
        for (place, measure) in measures.iter().enumerate() {
            let name = measure_text(locale, Some(measure), &measure.key);
            let key = format!("measure.{}", measure.key);
            heads.insert(before.len() + place, self.head(name.to_owned(), Some((&key, By::Measure(measure.id))), true));
        }
        let mut rows: Vec<AnyView> = Vec::new();
        let mut month = None;
        for entry in entries {
            let own = Month::of(entry.draft.date);
            if self.asked.order.by == By::Day && month != Some(own) {
                month = Some(own);
                rows.push(
                    view! {
                        <tr class="month"><td colspan=width>{locale.ledger_month(own.number(), own.year())}</td></tr>
                    }
                    .into_any(),
                );
            }
            rows.push(match &self.editing {
                Some(editing) if editing.id == entry.draft.id => edit_view::row(self.ctx, self.asked, entry, width),
                _ => self.row(entry, &before, &measures, &behind),
            });
        }
        let foot = (!measures.is_empty()).then(|| self.foot(before.len(), &measures, behind.len()));
        let class = if measures.is_empty() { "table ledger" } else { "table ledger wide" };
        view! {
            <div class="scroll" tabindex="0" role="region" aria-label=locale.ledger_caption()>
                <table class=class>
                    <caption class="visually-hidden">{locale.ledger_caption()}</caption>
                    <thead>
                        <tr>{self.head(locale.ledger_date().to_owned(), Some(("day", By::Day)), false)}{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                    {foot}
                </table>
            </div>
        }
        .into_any()
    }

    /// The columns before the measures' and those behind them.
    fn split(&self) -> (Vec<Column>, Vec<Column>) {
        let shown: Vec<Column> =
            self.layout.columns.iter().copied().filter(|column| *column != Column::Measures).collect();
        let names = [Column::Unit, Column::Type, Column::Figures];
        shown.into_iter().partition(|column| names.contains(column))
    }

    fn row(&self, entry: &Entry, before: &[Column], measures: &[&Measure], behind: &[Column]) -> AnyView {
        let locale = self.locale();
        let id = entry.draft.id;
        let counts = measures
            .iter()
            .map(|measure| {
                let total = own_total(entry, measure.id);
                let text = (!total.is_zero()).then(|| cell_text(locale, total));
                let label = measure_text(locale, Some(measure), &measure.key).to_owned();
                view! { <td class="num" data-label=label>{text}</td> }
            })
            .collect_view();
        let cells = |columns: &[Column]| columns.iter().map(|column| self.cell(entry, *column)).collect_view();
        view! {
            <tr id=format!("r-{id}") class:withdrawn=entry.status == Status::Withdrawn>
                <th scope="row" data-label=locale.ledger_date()>
                    <a href=format!("/activities/{id}")>{days_text(locale, entry)}</a>
                </th>
                {cells(before)}
                {counts}
                {cells(behind)}
            </tr>
        }
        .into_any()
    }

    fn cell(&self, entry: &Entry, column: Column) -> AnyView {
        let locale = self.locale();
        let catalogue = &self.asked.catalogue;
        let draft = &entry.draft;
        let text = match column {
            Column::Unit => entry.unit_name.clone(),
            Column::Type => type_text(locale, catalogue, entry),
            Column::Figures | Column::Measures => figures_text(locale, catalogue, entry),
            Column::Themes => themes_text(locale, catalogue, entry),
            Column::Campaigns => campaigns_text(locale, self.titles, entry),
            Column::Place => draft.place.clone(),
            Column::Organiser => draft.organiser.clone(),
            Column::Handler => draft.handler.clone(),
            Column::Note => draft.note.clone(),
            Column::EnteredBy => entry.entered_by_name.clone(),
            Column::EnteredAt => clock::minute(entry.entered_at),
            Column::Marks => return self.marks(entry),
        };
        // On a phone a village need not be told its own name on every card.
        let is_own = column == Column::Unit && entry.unit_id == self.asked.unit.id;
        let class = format!("c-{}{}", column.key(), if is_own { " own" } else { "" });
        let text = (!text.is_empty()).then_some(text);
        view! { <td class=class data-label=columns::name(locale, column)>{text}</td> }.into_any()
    }

    fn marks(&self, entry: &Entry) -> AnyView {
        let locale = self.locale();
        let status = match entry.status {
            Status::Withdrawn => Some("tag bad"),
            Status::Returned => Some("tag warn"),
            Status::Accepted => Some("tag good"),
            Status::Submitted => None,
        }
        .map(|class| view! { <span class=class>{status_text(locale, entry.status)}</span>" " });
        let late = entry.late.then(|| view! { <span class="tag quiet">{locale.ledger_late()}</span>" " });
        let may_change = entry.status != Status::Withdrawn && self.changeable.contains(&entry.unit_id);
        let edit = may_change.then(|| {
            let id = entry.draft.id;
            let label = locale.ledger_edit_label(days_text(locale, entry), &entry.unit_name);
            view! { <a class="edit" href=edit_view::address(self.ctx, entry) id=format!("e-{id}") aria-label=label>{locale.ledger_edit()}</a> }
        });
        view! { <td class="c-marks" data-label=locale.ledger_marks()>{late}{status}{edit}</td> }.into_any()
    }

    /// The totals of all that the filter finds, not of this page alone.
    fn foot(&self, before: usize, measures: &[&Measure], behind: usize) -> AnyView {
        let locale = self.locale();
        let cells = measures
            .iter()
            .map(|measure| {
                let total = self.summary.totals.get(&measure.id).copied().unwrap_or_default();
                let label = measure_text(locale, Some(measure), &measure.key).to_owned();
                view! { <td class="num" data-label=label>{cell_text(locale, total)}</td> }
            })
            .collect_view();
        view! {
            <tfoot>
                <tr>
                    <th scope="row" colspan=1 + before>{locale.ledger_sum_of(self.summary.count)}</th>
                    {cells}
                    {(behind > 0).then(|| view! { <td colspan=behind></td> })}
                </tr>
            </tfoot>
        }
        .into_any()
    }
}
