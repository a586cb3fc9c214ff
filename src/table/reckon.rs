//! Reckoning a table: every figure comes from `figure/`, whole months from the rollups, others by index from the ledger.

use super::{action::Question, store};
use crate::{
    domain::{
        catalogue::Catalogue,
        measure::Total,
        period::{Month, Period},
        table::{Cell, Column, Rows, cell, formula, month},
        unit::{Unit, UnitKind},
    },
    error::Result,
    figure::{self, Filter, span},
    locale::Locale,
    server::db::Conn,
    unit,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What it is of, for the address of its records and for comparing: a month, a unit's code, a theme's or measure's key.
    pub key: String,
    pub name: String,
    /// One for each column; of a table by measure: total, exact, at least, estimate, late.
    pub cells: Vec<Cell>,
    pub activities: i64,
    /// How many of its entries came late, of a row of time or of a unit; of the line of what came late, how many in all.
    #[serde(default)]
    pub late: usize,
    /// The days of a row of time.
    pub period: Option<Period>,
}

/// A table with its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub columns: Vec<Column>,
    /// The measure of a column that is one measure's: its figures lead to that measure's records.
    pub measures: Vec<Option<String>>,
    /// All measures of each column, and whether it is a share; empty in tables that were sent before this was kept.
    #[serde(default)]
    pub all_measures: Vec<Vec<String>>,
    #[serde(default)]
    pub shares: Vec<bool>,
    pub lines: Vec<Line>,
    /// Themes: what is counted more than once by adding the rows.
    pub overlap: Option<Line>,
    pub total: Line,
    /// What of the total was entered after its month (补报).
    pub late: Line,
    pub period: Period,
}

impl Table {
    /// The columns in which nothing stands anywhere; none where nothing stands in any.
    pub fn empty_columns(&self) -> BTreeSet<usize> {
        let lines = || self.lines.iter().chain(&self.overlap).chain([&self.total, &self.late]);
        let is_empty = |at: &usize| lines().all(|line| line.cells.get(*at).is_none_or(Cell::is_nothing));
        let empty: BTreeSet<usize> = (0..self.columns.len()).filter(is_empty).collect();
        if empty.len() == self.columns.len() { BTreeSet::new() } else { empty }
    }
}

/// Totals by the measure's key; an empty key counts activities.
type ByKey = BTreeMap<String, Total>;

struct Reckoner<'a> {
    catalogue: &'a Catalogue,
    formulas: Vec<Option<formula::Formula>>,
}

impl Reckoner<'_> {
    fn by_key(&self, totals: impl IntoIterator<Item = (i64, Total)>) -> ByKey {
        let mut all = ByKey::new();
        for (id, total) in totals {
            let key = match id {
                0 => Some(""),
                id => self.catalogue.measure_by_id(id).map(|measure| measure.key.as_str()),
            };
            if let Some(key) = key {
                *all.entry(key.to_owned()).or_default() += total;
            }
        }
        all
    }

    fn line(&self, key: impl Into<String>, name: impl Into<String>, totals: &ByKey) -> Line {
        let cells = self.formulas.iter().map(|one| match one {
            Some(formula) => cell(formula, totals),
            None => Cell::default(),
        });
        let activities = totals.get("").map_or(0, |total| total.activities);
        Line { key: key.into(), name: name.into(), cells: cells.collect(), activities, late: 0, period: None }
    }
}

/// Reckons a table of a unit that lies in the reader's scope.
pub async fn table(
    conn: &mut Conn,
    locale: Locale,
    unit: &Unit,
    catalogue: &Catalogue,
    question: &Question,
) -> Result<Table> {
    let read = |column: &Column| formula::read(&column.formula, &catalogue.measures).ok();
    let reckoner = Reckoner { catalogue, formulas: question.columns.iter().map(read).collect() };
    let period = question.time.period(question.cutoff);
    let all = Filter::all();
    let whole = reckoner.by_key(figure::store::total_by_measure(conn, unit, period, &all).await?);
    let came_late = store::late(conn, unit, period).await?;
    let late_totals = reckoner.by_key(late(&came_late, period));
    let total = reckoner.line("", locale.table_total(), &whole);
    let late = reckoner.line("", locale.table_late(), &late_totals);
    let late = Line { late: entries(came_late.iter()), ..late };
    let mut overlap = None;
    let lines = match question.rows {
        Rows::Time => times(conn, locale, unit, question, (&reckoner, came_late.as_slice())).await?,
        Rows::Unit => units(conn, locale, unit, period, (&reckoner, came_late.as_slice())).await?,
        Rows::Theme => {
            let (lines, sum) = themes(conn, locale, unit, period, &reckoner).await?;
            let mut over = ByKey::new();
            for (key, parts) in sum {
                let whole = whole.get(&key).copied().unwrap_or_default();
                over.insert(key, parts - whole);
            }
            let line = reckoner.line("", locale.table_overlap(), &over);
            overlap = line.cells.iter().any(|cell| !cell.is_nothing()).then_some(line);
            lines
        }
        Rows::Measure => by_measure(&reckoner, question, &whole, &late),
    };
    let measures = reckoner.formulas.iter().map(|one| match one.as_ref().map(formula::Formula::measures).as_deref() {
        Some([only]) => Some((*only).to_owned()),
        _ => None,
    });
    let known = || reckoner.formulas.iter().map(Option::as_ref);
    let keys = |one: &formula::Formula| one.measures().into_iter().map(str::to_owned).collect();
    Ok(Table {
        columns: question.columns.clone(),
        measures: measures.collect(),
        all_measures: known().map(|one| one.map(keys).unwrap_or_default()).collect(),
        shares: known().map(|one| one.is_some_and(formula::Formula::is_share)).collect(),
        lines,
        overlap,
        total,
        late,
        period,
    })
}

/// A row for each month, under the unit's own cut-off.
async fn times(
    conn: &mut Conn,
    locale: Locale,
    unit: &Unit,
    question: &Question,
    (reckoner, came_late): (&Reckoner<'_>, &[store::Late]),
) -> Result<Vec<Line>> {
    let months = question.time.months();
    let period = question.time.period(question.cutoff);
    let mut by_month: BTreeMap<Month, Vec<(i64, Total)>> = BTreeMap::new();
    if question.cutoff.is_none() {
        for ((month, id), total) in figure::store::by_month(conn, unit, period, &Filter::all()).await? {
            by_month.entry(month).or_default().push((id, total));
        }
    } else {
        for own in &months {
            let days = month(*own, question.cutoff);
            let totals = figure::store::total_by_measure(conn, unit, days, &Filter::all()).await?;
            by_month.insert(*own, totals.into_iter().collect());
        }
    }
    let line = |own: Month| {
        let totals = reckoner.by_key(by_month.remove(&own).unwrap_or_default());
        let line = reckoner.line(own.to_string(), locale.table_month_short(own.number()), &totals);
        let days = month(own, question.cutoff);
        let touches = |one: &&store::Late| one.lasted().intersection(days).is_some();
        Line { late: entries(came_late.iter().filter(touches)), period: Some(days), ..line }
    };
    Ok(months.into_iter().map(line).collect())
}

/// A row for each unit right below, in the order of their codes, and one for what stands at the unit itself.
async fn units(
    conn: &mut Conn,
    locale: Locale,
    unit: &Unit,
    period: Period,
    (reckoner, came_late): (&Reckoner<'_>, &[store::Late]),
) -> Result<Vec<Line>> {
    let mut by_unit: BTreeMap<i64, Vec<(i64, Total)>> = BTreeMap::new();
    for ((unit_id, id), total) in figure::store::by_child(conn, unit, period, &Filter::all()).await? {
        by_unit.entry(unit_id).or_default().push((id, total));
    }
    let mut children = unit::store::children(conn, unit).await?;
    children.sort_by(|one, other| one.code.cmp(&other.code));
    let mut lines = Vec::new();
    for child in &children {
        let found = by_unit.remove(&child.id);
        // A unit that was closed before stands there only with figures.
        if found.is_some() || exists(child, period) {
            let line = reckoner.line(&child.code, &child.short_name, &reckoner.by_key(found.unwrap_or_default()));
            let late = entries(came_late.iter().filter(|one| one.unit_path.starts_with(&child.path)));
            lines.push(Line { late, ..line });
        }
    }
    let own = reckoner.by_key(by_unit.remove(&unit.id).unwrap_or_default());
    let name = if children.is_empty() { unit.short_name.clone() } else { locale.table_own(&unit.short_name) };
    let late = entries(came_late.iter().filter(|one| one.unit_path == unit.path));
    lines.push(Line { late, ..reckoner.line(&unit.code, name, &own) });
    Ok(lines)
}

fn exists(unit: &Unit, period: Period) -> bool {
    unit.active_from.is_none_or(|from| from <= period.to) && unit.active_to.is_none_or(|to| period.from <= to)
}

/// A row for each theme that has a figure, and one for entries without any; and all rows added up.
async fn themes(
    conn: &mut Conn,
    locale: Locale,
    unit: &Unit,
    period: Period,
    reckoner: &Reckoner<'_>,
) -> Result<(Vec<Line>, ByKey)> {
    let mut by_theme: BTreeMap<i64, Vec<(i64, Total)>> = BTreeMap::new();
    let mut sum = ByKey::new();
    for ((theme, id), total) in figure::store::by_theme(conn, unit, period, &Filter::all()).await? {
        by_theme.entry(theme).or_default().push((id, total));
        for (key, total) in reckoner.by_key([(id, total)]) {
            *sum.entry(key).or_default() += total;
        }
    }
    let mut lines = Vec::new();
    for theme in &reckoner.catalogue.themes {
        if let Some(found) = by_theme.remove(&theme.id) {
            let name = locale.name(&theme.name, theme.name_en.as_deref());
            lines.push(reckoner.line(&theme.key, name, &reckoner.by_key(found)));
        }
    }
    let rest: Vec<(i64, Total)> = by_theme.into_values().flatten().collect();
    if !rest.is_empty() {
        lines.push(reckoner.line("none", locale.table_no_theme(), &reckoner.by_key(rest)));
    }
    Ok((lines, sum))
}

/// A row for each column of the form: total, exact, at least, estimate, late.
fn by_measure(reckoner: &Reckoner<'_>, question: &Question, whole: &ByKey, late: &Line) -> Vec<Line> {
    let plain = |value: i64| Cell::plain(value as f64);
    let formulas = question.columns.iter().zip(&reckoner.formulas).zip(&late.cells);
    formulas
        .map(|((column, formula), late)| {
            let sum: Option<Total> = formula
                .as_ref()
                .and_then(formula::Formula::summands)
                .map(|keys| keys.into_iter().map(|key| whole.get(key).copied().unwrap_or_default()).sum());
            let total = formula.as_ref().map_or(plain(0), |formula| cell(formula, whole));
            let none = Cell::default();
            let part = |take: fn(&Total) -> i64| sum.as_ref().map_or(none, |sum| plain(take(sum)));
            let late = if sum.is_some() { *late } else { none };
            let key = match formula.as_ref().map(formula::Formula::measures).as_deref() {
                Some([only]) => (*only).to_owned(),
                _ => String::new(),
            };
            Line {
                key,
                name: column.name.clone(),
                cells: vec![total, part(|sum| sum.exact), part(|sum| sum.at_least), part(|sum| sum.estimate), late],
                activities: sum.map_or(0, |sum| sum.activities),
                late: 0,
                period: None,
            }
        })
        .collect()
}

/// What of a period's figures came late; of an entry over several days what lies in it.
fn late(came_late: &[store::Late], period: Period) -> Vec<(i64, Total)> {
    let within = |one: &store::Late| Total::of(one.precision, span::within(one.value, one.lasted(), period));
    came_late.iter().map(|one| (one.measure_id, within(one))).collect()
}

/// How many entries these counts belong to.
fn entries<'a>(counts: impl Iterator<Item = &'a store::Late>) -> usize {
    counts.map(|one| one.id).collect::<BTreeSet<_>>().len()
}

/// The villages and communities at and below a unit that logged nothing in a period, in the order of their codes.
pub async fn silent(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<Unit>> {
    let own = figure::store::own_by_unit(conn, unit, period, &Filter::of_measure(0)).await?;
    let active: BTreeSet<i64> = own.into_keys().map(|(unit_id, _)| unit_id).collect();
    let mut units = unit::store::at_and_below(conn, unit).await?;
    units.retain(|one| {
        let is_village = matches!(one.kind, UnitKind::Village | UnitKind::Community);
        is_village && exists(one, period) && !active.contains(&one.id)
    });
    units.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(units)
}

/// A cell that is another now than when it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The row and the column, by name.
    pub line: String,
    pub column: String,
    pub was: Option<f64>,
    pub is: Option<f64>,
}

/// What was corrected since a table was sent: every cell that differs, by row and column.
pub fn changes(sent: &Table, now: &Table, heads: &[String]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut compare = |name: &str, was: Option<&Line>, is: Option<&Line>| {
        for (column, head) in heads.iter().enumerate() {
            let value = |line: Option<&Line>| line.and_then(|line| line.cells.get(column)).and_then(|cell| cell.value);
            // A row that was not there had nothing.
            let (was, is) = (value(was), value(is));
            let zero = |value: Option<f64>| value.unwrap_or_default();
            if (zero(was) - zero(is)).abs() > 1e-9 {
                changes.push(Change { line: name.into(), column: head.clone(), was, is });
            }
        }
    };
    let named = |line: &Line| (line.key.clone(), line.name.clone());
    for line in &sent.lines {
        let other =
            now.lines.iter().find(|other| named(other) == named(line) || !line.key.is_empty() && other.key == line.key);
        compare(&line.name, Some(line), other);
    }
    for line in &now.lines {
        if !sent.lines.iter().any(|other| other.key == line.key && (!line.key.is_empty() || other.name == line.name)) {
            compare(&line.name, None, Some(line));
        }
    }
    compare(&sent.total.name, Some(&sent.total), Some(&now.total));
    compare(&sent.late.name, Some(&sent.late), Some(&now.late));
    changes
}
