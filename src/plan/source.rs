//! Where goals get their figures: the rollups, the classes, the stocks. Asked once per period and theme for all
//! indicators of a page.

use super::{
    entry_store, figure_store,
    need::{self, Lack},
};
use crate::{
    domain::{
        goal::{self, Cell, Outcome, Question, UnitNeed},
        indicator::{Indicator, Kind},
        measure::Total,
        pace::Past,
        period::{Day, Each, Month, Period},
        schedule::SESSION_LIMIT,
        unit::{Unit, UnitKind},
    },
    error::Result,
    figure::{self, Filter},
    server::db::Conn,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A period, and what is looked at.
type Asked = (Period, Filter);

/// Totals by unit and measure.
type Own = BTreeMap<(i64, i64), Total>;

/// Figures of one unit and all below it.
pub struct Source<'a> {
    conn: &'a mut Conn,
    unit: &'a Unit,
    /// The unit and all below it, whether they still exist or not.
    units: Vec<Unit>,
    totals: HashMap<Asked, BTreeMap<i64, Total>>,
    own: HashMap<Asked, Own>,
    /// The measures that are stocks.
    stock_measures: BTreeSet<i64>,
    /// By day: measure, unit, value.
    stocks: HashMap<Day, BTreeMap<i64, BTreeMap<i64, i64>>>,
}

/// What a target came to, and what it is made of.
pub struct Found {
    pub outcome: Outcome,
    /// How each unit stands, for kinds that look at units (the pupils' ratio: at schools).
    pub needs: Vec<UnitNeed>,
    /// The sum behind it, its precisions apart: of a sum, or of all units of a stock.
    pub total: Option<Total>,
    /// The measures that a sum adds, by id.
    pub by_measure: Vec<(i64, Total)>,
}

impl From<Outcome> for Found {
    fn from(outcome: Outcome) -> Found {
        Found { outcome, needs: Vec::new(), total: None, by_measure: Vec::new() }
    }
}

impl<'a> Source<'a> {
    /// `units` are the unit and all below it; `stock_measures` the ids of measures that are stocks: a ratio reads them
    /// as of the day.
    pub fn new(conn: &'a mut Conn, unit: &'a Unit, units: Vec<Unit>, stock_measures: BTreeSet<i64>) -> Source<'a> {
        let (totals, own, stocks) = (HashMap::new(), HashMap::new(), HashMap::new());
        Source { conn, unit, units, totals, own, stock_measures, stocks }
    }

    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// How far a target of `indicator` is. `owner` is the id of the unit the target was set for, and `since` the plan's
    /// days: a milestone may be reached before its year. `past` are the months that are over, for a sum's forecast, and how
    /// many still come.
    pub async fn answer(
        &mut self,
        indicator: &Indicator,
        question: &Question,
        owner: i64,
        since: Period,
        past: (&[Past], usize),
    ) -> Result<Found> {
        let at_least = indicator.at_least.unwrap_or(1);
        match indicator.kind {
            Kind::Sum => self.sum(indicator, question, past).await,
            Kind::Frequency => {
                let cells = self.cells(indicator, question).await?;
                let (outcome, needs) = goal::frequency(question, &cells);
                Ok(Found { needs, ..outcome.into() })
            }
            Kind::Coverage => {
                let counts = self.counts(indicator, question).await?;
                let (outcome, needs) = goal::coverage(question, at_least, &counts);
                Ok(Found { needs, ..outcome.into() })
            }
            Kind::Stock => {
                let values = self.values(indicator, question).await?;
                let sum: i64 = values.iter().filter_map(|(_, value)| *value).sum();
                let (outcome, needs) = goal::stock(question, at_least, &values);
                let total = Some(Total { exact: sum, ..Total::default() });
                Ok(Found { needs, total, ..outcome.into() })
            }
            Kind::Ratio => self.ratio(indicator, question).await,
            Kind::Survey => Ok(goal::survey(question, self.surveyed(indicator, question, owner).await?).into()),
            Kind::Milestone => {
                let days = match Period::new(since.from.min(question.period.from), question.as_of) {
                    Some(past) => entry_store::milestones(self.conn, indicator.id, past).await?,
                    None => BTreeMap::new(),
                };
                let done_on = self.up_to(owner).iter().filter_map(|id| days.get(id)).min().copied();
                Ok(goal::milestone(question, done_on).into())
            }
        }
    }

    /// All that a target asks for, in the measure's unit: of a minimum for each unit that of all units.
    pub fn whole(&self, indicator: &Indicator, target: f64, as_of: Day) -> f64 {
        let units = || self.asked(indicator).iter().filter(|unit| unit.is_active(as_of)).count() as f64;
        match indicator.kind {
            Kind::Frequency => target.ceil() * units(),
            Kind::Coverage => target * units() * indicator.at_least.unwrap_or(1) as f64,
            _ => target,
        }
    }

    /// Which units lack how many sessions, by the days that count; for kinds that sessions fulfil. A sum's are handed out to
    /// the villages, or to the unit itself where it has none.
    pub async fn lacks(&mut self, indicator: &Indicator, question: &Question) -> Result<Vec<Lack>> {
        let window = question.period;
        match indicator.kind {
            Kind::Frequency => {
                let need = question.target.ceil() as i64;
                let cells = self.cells(indicator, question).await?;
                Ok(cells
                    .iter()
                    .filter(|cell| cell.done < need)
                    .map(|cell| Lack { unit_id: cell.unit_id, window: cell.part, missing: need - cell.done })
                    .collect())
            }
            Kind::Coverage => {
                let need = indicator.at_least.unwrap_or(1);
                let counts = self.counts(indicator, question).await?;
                Ok(counts
                    .iter()
                    .filter(|(_, count)| *count < need)
                    .map(|(unit_id, count)| Lack { unit_id: *unit_id, window, missing: need - count })
                    .collect())
            }
            Kind::Sum => {
                let missing = self.sum(indicator, question, (&[], 1)).await?.outcome.missing.ceil() as i64;
                let mut villages = Indicator { unit_kind: Some(UnitKind::Village), ..indicator.clone() };
                if self.asked(&villages).is_empty() {
                    villages.unit_kind = None;
                }
                let counts = self.counts(&villages, question).await?;
                let shares = need::hand_out(&counts, missing.min(i64::from(SESSION_LIMIT) + 1));
                Ok(shares.into_iter().map(|(unit_id, missing)| Lack { unit_id, window, missing }).collect())
            }
            Kind::Stock | Kind::Ratio | Kind::Survey | Kind::Milestone => Ok(Vec::new()),
        }
    }

    async fn sum(
        &mut self,
        indicator: &Indicator,
        question: &Question,
        (months, left): (&[Past], usize),
    ) -> Result<Found> {
        let Some(past) = question.past() else { return Ok(goal::sum(question, 0, &[], left).into()) };
        if indicator.counts_campaigns() {
            let count = figure_store::campaigns(self.conn, self.unit, past, indicator.theme_id).await?;
            return Ok(goal::sum(question, count, &[], left).into());
        }
        let by_measure = self.totals(indicator, past).await?;
        let total: Total = by_measure.iter().map(|(_, total)| *total).sum();
        Ok(Found { total: Some(total), by_measure, ..goal::sum(question, total.total(), months, left).into() })
    }

    /// The indicator's measures at the unit and all below it.
    async fn totals(&mut self, indicator: &Indicator, period: Period) -> Result<Vec<(i64, Total)>> {
        let filter = filter(indicator);
        let key = (period, filter);
        if !self.totals.contains_key(&key) {
            let totals = figure::store::total_by_measure(self.conn, self.unit, period, &filter).await?;
            self.totals.insert(key, totals);
        }
        let totals = &self.totals[&key];
        // Activities without regard to measure are counted exactly.
        let counted = |id: i64, total: Total| if id == 0 { Total { exact: total.activities, ..total } } else { total };
        Ok(measures(indicator).map(|id| (id, counted(id, totals.get(&id).copied().unwrap_or_default()))).collect())
    }

    /// What is certain of the indicator's measures at each unit itself; of a measure-less indicator the activities.
    async fn own(&mut self, indicator: &Indicator, period: Period) -> Result<BTreeMap<i64, i64>> {
        let filter = filter(indicator);
        let key = (period, filter);
        if !self.own.contains_key(&key) {
            let own = figure::store::own_by_unit(self.conn, self.unit, period, &filter).await?;
            self.own.insert(key, own);
        }
        let mut counts = BTreeMap::new();
        for ((unit_id, measure_id), total) in &self.own[&key] {
            if measures(indicator).any(|id| id == *measure_id) {
                *counts.entry(*unit_id).or_insert(0) += certain(*measure_id, *total);
            }
        }
        Ok(counts)
    }

    /// As [`Source::own`], by unit and month.
    async fn own_by_month(&mut self, indicator: &Indicator, period: Period) -> Result<BTreeMap<(i64, Month), i64>> {
        let own = figure::store::own_by_unit_month(self.conn, self.unit, period, &filter(indicator)).await?;
        let mut counts = BTreeMap::new();
        for ((unit_id, month, measure_id), total) in own {
            if measures(indicator).any(|id| id == measure_id) {
                *counts.entry((unit_id, month)).or_insert(0) += certain(measure_id, total);
            }
        }
        Ok(counts)
    }

    /// The units the indicator looks at: of its kind, or without a kind the unit itself.
    fn asked(&self, indicator: &Indicator) -> Vec<Unit> {
        self.units
            .iter()
            .filter(|unit| match indicator.unit_kind {
                Some(kind) => unit.kind.answers_to(kind),
                None => unit.id == self.unit.id,
            })
            .cloned()
            .collect()
    }

    async fn cells(&mut self, indicator: &Indicator, question: &Question) -> Result<Vec<Cell>> {
        let units = self.asked(indicator);
        let by_month = match (indicator.each, question.past()) {
            // Months and quarters come from one reading; a year or a week is a period of its own.
            (Each::Month | Each::Quarter, Some(past)) => Some(self.own_by_month(indicator, past).await?),
            _ => None,
        };
        let mut cells = Vec::new();
        for part in indicator.each.split(question.period) {
            let mut done = BTreeMap::new();
            if let Some(months) = &by_month {
                let own_months: Vec<Month> = part.months().collect();
                for ((unit_id, _), count) in months.iter().filter(|((_, month), _)| own_months.contains(month)) {
                    *done.entry(*unit_id).or_insert(0) += count;
                }
            } else if let Some(past) = Period::new(part.from, part.to.min(question.as_of)) {
                done = self.own(indicator, past).await?;
            }
            cells.extend(units.iter().filter(|unit| goal::is_asked(unit, part, question.as_of)).map(|unit| Cell {
                unit_id: unit.id,
                part,
                done: done.get(&unit.id).copied().unwrap_or(0),
            }));
        }
        Ok(cells)
    }

    async fn counts(&mut self, indicator: &Indicator, question: &Question) -> Result<Vec<(i64, i64)>> {
        let Some(past) = question.past() else { return Ok(Vec::new()) };
        let done = self.own(indicator, past).await?;
        let units = self.asked(indicator);
        Ok(units
            .iter()
            .filter(|unit| unit.is_active(past.to))
            .map(|unit| (unit.id, done.get(&unit.id).copied().unwrap_or(0)))
            .collect())
    }

    async fn values(&mut self, indicator: &Indicator, question: &Question) -> Result<Vec<(i64, Option<i64>)>> {
        let as_of = question.as_of;
        let mut values = BTreeMap::new();
        for measure_id in measures(indicator) {
            for (unit_id, value) in self.stock(measure_id, as_of).await? {
                *values.entry(unit_id).or_insert(0) += value;
            }
        }
        let units = self.asked(indicator);
        Ok(units
            .iter()
            .filter(|unit| unit.is_active(as_of))
            .map(|unit| (unit.id, values.get(&unit.id).copied()))
            .collect())
    }

    /// A stock measure's values as of a day, by unit.
    async fn stock(&mut self, measure_id: i64, as_of: Day) -> Result<BTreeMap<i64, i64>> {
        if !self.stocks.contains_key(&as_of) {
            let stocks = entry_store::stocks_as_of(self.conn, self.unit, as_of).await?;
            self.stocks.insert(as_of, stocks);
        }
        Ok(self.stocks[&as_of].get(&measure_id).cloned().unwrap_or_default())
    }

    async fn ratio(&mut self, indicator: &Indicator, question: &Question) -> Result<Found> {
        if let (Some(numerator), Some(denominator)) = (indicator.numerator_id, indicator.denominator_id) {
            let part = self.one_measure(indicator, numerator, question).await?;
            let whole = self.one_measure(indicator, denominator, question).await?;
            return Ok(goal::ratio(question, part, whole).into());
        }
        let Some(past) = question.past() else { return Ok(goal::ratio(question, 0, 0).into()) };
        let classes = figure_store::classes(self.conn, self.unit, past, indicator.theme_id).await?;
        let mut schools: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
        for class in &classes {
            let school = schools.entry(class.unit_id).or_default();
            school.1 += class.pupils;
            if class.reached {
                school.0 += class.pupils;
            }
        }
        let part = schools.values().map(|school| school.0).sum();
        let whole = schools.values().map(|school| school.1).sum();
        let needs = self
            .units
            .iter()
            .filter_map(|unit| Some((unit.id, schools.get(&unit.id)?)))
            .map(|(unit_id, (done, required))| UnitNeed {
                unit_id,
                done: Some(*done),
                required: *required,
                missing: required - done,
                irrecoverable: 0,
                behind: done < required,
            })
            .collect();
        Ok(Found { needs, ..goal::ratio(question, part, whole).into() })
    }

    /// One measure at and below the unit: its total in the period, or its stock as of the day.
    async fn one_measure(&mut self, indicator: &Indicator, measure_id: i64, question: &Question) -> Result<i64> {
        if self.stock_measures.contains(&measure_id) {
            let values = self.stock(measure_id, question.as_of).await?;
            let active = |id: &i64| self.units.iter().any(|unit| unit.id == *id && unit.is_active(question.as_of));
            return Ok(values.iter().filter(|(id, _)| active(id)).map(|(_, value)| value).sum());
        }
        let Some(past) = question.past() else { return Ok(0) };
        let one = Indicator { measure_id: Some(measure_id), also_measure_id: None, ..indicator.clone() };
        Ok(self.totals(&one, past).await?.iter().map(|(_, total)| total.total()).sum())
    }

    /// The latest survey of the unit, else of the units above it up to the one the target was set for, else those
    /// below it, weighted by how many were asked.
    async fn surveyed(&mut self, indicator: &Indicator, question: &Question, owner: i64) -> Result<Option<f64>> {
        let Some(past) = question.past() else { return Ok(None) };
        let surveys = entry_store::surveys(self.conn, indicator.id, past).await?;
        for id in self.up_to(owner) {
            if let Some(survey) = surveys.iter().find(|survey| survey.unit_id == id) {
                return Ok(Some(survey.value));
            }
        }
        let below: Vec<_> = surveys.iter().filter(|survey| survey.path.starts_with(&self.unit.path)).collect();
        let sample: i64 = below.iter().map(|survey| survey.sample).sum();
        let agreed: f64 = below.iter().map(|survey| survey.value * survey.sample as f64).sum();
        Ok((sample > 0).then(|| agreed / sample as f64))
    }

    /// The unit's id, and those above it up to the owner of the target, from below.
    fn up_to(&self, owner: i64) -> Vec<i64> {
        let ancestry = self.unit.ancestry();
        let from = ancestry.iter().position(|id| *id == owner).unwrap_or(ancestry.len().saturating_sub(1));
        ancestry[from..].iter().rev().copied().collect()
    }
}

/// Which activities an indicator looks at.
pub(super) fn filter(indicator: &Indicator) -> Filter {
    Filter {
        theme: indicator.theme_id,
        activity_type: indicator.type_id,
        interactive: indicator.interactive,
        ..Filter::all()
    }
}

/// What is certain of a total; of all activities without regard to measure, their number.
fn certain(measure_id: i64, total: Total) -> i64 {
    if measure_id == 0 { total.activities } else { total.lower_bound() }
}

/// The measures that an indicator adds; 0, all activities, where it names none.
pub(super) fn measures(indicator: &Indicator) -> impl Iterator<Item = i64> {
    let first = indicator.measure_id.unwrap_or(0);
    std::iter::once(first).chain(indicator.also_measure_id.filter(|id| *id != first))
}
