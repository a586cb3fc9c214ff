//! The calendars of a unit's targets: what is planned, key dates and last year's months, read once for all of a page.

use super::{
    pace_store::{self, CAMPAIGN, Planned, SESSIONS},
    source::measures,
};
use crate::{
    domain::{
        catalogue::Catalogue,
        indicator::{Indicator, Kind},
        key_date::Known,
        measure::Total,
        pace::{Basis, Course, Pace, Past},
        period::{Day, Each, Month, Period},
        unit::{Unit, UnitKind},
    },
    error::Result,
    figure::{self, Filter},
    key_date, schedule,
    server::db::Conn,
};
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet, HashMap};

type Months = BTreeMap<(Month, i64), Total>;

/// What is known of the days of a unit's targets.
pub struct Calendars<'a> {
    catalogue: &'a Catalogue,
    as_of: Day,
    planned: Vec<Planned>,
    /// Read where any of the indicators has a theme.
    key_dates: Known,
    /// The campaigns on a theme.
    campaigns_on: HashMap<i64, BTreeSet<i64>>,
    /// By theme: from the year before to the last month that is over.
    months: HashMap<Option<i64>, Months>,
}

impl<'a> Calendars<'a> {
    /// For these indicators, each over a period, as looked at on a day.
    pub async fn load(
        conn: &mut Conn,
        unit: &Unit,
        catalogue: &'a Catalogue,
        asked: &[(&Indicator, Period)],
        as_of: Day,
    ) -> Result<Calendars<'a>> {
        let mut found = Calendars {
            catalogue,
            as_of,
            planned: Vec::new(),
            key_dates: Known::default(),
            campaigns_on: HashMap::new(),
            months: HashMap::new(),
        };
        let counted = asked.iter().filter(|(one, _)| is_counted(one.kind));
        let Some(from) = counted.clone().map(|(_, period)| period.from).min() else { return Ok(found) };
        let to = counted.map(|(_, period)| period.to).max().unwrap_or(from);
        found.planned = pace_store::planned(conn, unit, Period { from, to }).await?;
        for (one, _) in asked {
            let Some(theme) = one.theme_id.filter(|theme| !found.campaigns_on.contains_key(theme)) else { continue };
            if found.key_dates.dates.is_empty() {
                found.key_dates = key_date::store::known(conn, unit).await?;
            }
            let campaigns = schedule::store::campaigns_on(conn, theme).await?;
            found.campaigns_on.insert(theme, campaigns);
        }
        // Whole months only: they are kept, and nothing of the ledger is read.
        let first = Period::year(as_of.year() - 1).from.min(from);
        let months = Period::new(first, Month::of(as_of).previous().last());
        for (one, _) in asked.iter().filter(|(one, _)| has_months(one)) {
            let (Some(months), false) = (months, found.months.contains_key(&one.theme_id)) else { continue };
            let months = Period { from: Month::of(months.from).first(), ..months };
            let filter = Filter { theme: one.theme_id, ..Filter::all() };
            let totals = figure::store::by_month(conn, unit, months, &filter).await?;
            found.months.insert(one.theme_id, totals);
        }
        Ok(found)
    }

    /// The calendar of `amount`, the whole that is asked for in the measure's unit: for a coverage that of all units.
    pub fn pace(&self, indicator: &Indicator, period: Period, amount: f64) -> Pace {
        match indicator.kind {
            Kind::Stock | Kind::Survey => return Pace::flat(period, Basis::Always),
            Kind::Milestone => return Pace::flat(period, Basis::Deadline),
            // A month or a quarter is a calendar of its own.
            Kind::Frequency if !matches!(indicator.each, Each::None | Each::Year) => return Pace::even(period),
            _ => {}
        }
        let key_dates = match indicator.theme_id.and_then(|id| self.catalogue.theme_by_id(id)) {
            Some(theme) => {
                let dates = self.key_dates.within(period).into_iter().filter(|one| one.themes.contains(&theme.key));
                dates.map(|one| one.period).collect()
            }
            None => Vec::new(),
        };
        let planned = if is_counted(indicator.kind) { self.planned(indicator) } else { Vec::new() };
        let last_year = if has_months(indicator) { self.last_year(indicator) } else { Vec::new() };
        Pace::of(period, amount, &Course { planned, key_dates, last_year })
    }

    /// The months of a sum's period that are over, as parts of its calendar, and how many still come.
    pub fn past(&self, indicator: &Indicator, pace: &Pace, period: Period) -> (Vec<Past>, usize) {
        let (mut past, mut left) = (Vec::new(), 0);
        let totals = self.months.get(&indicator.theme_id).filter(|_| has_months(indicator));
        for month in period.months() {
            match totals {
                _ if month >= Month::of(self.as_of) => left += 1,
                Some(totals) => {
                    let due = pace.weight(month.period());
                    past.push(Past { due, done: amount(totals, indicator, month) });
                }
                None => {}
            }
        }
        (past, left)
    }

    fn last_year(&self, indicator: &Indicator) -> Vec<(u32, f64)> {
        let Some(totals) = self.months.get(&indicator.theme_id) else { return Vec::new() };
        let months = Period::year(self.as_of.year() - 1).months();
        months.map(|month| (month.number(), amount(totals, indicator, month))).collect()
    }

    /// What is planned of the indicator, by days.
    fn planned(&self, indicator: &Indicator) -> Vec<(Period, f64)> {
        let on_theme = |row: &&Planned| match indicator.theme_id {
            Some(theme) => self.campaigns_on.get(&theme).is_some_and(|on| on.contains(&row.campaign_id)),
            None => true,
        };
        let days = |row: &Planned| Period { from: row.from_day, to: row.to_day.max(row.from_day) };
        let rows: Vec<&Planned> = self.planned.iter().filter(on_theme).collect();
        let sessions = |said: bool| {
            let rows = rows.iter().filter(|row| row.measure_id == SESSIONS);
            rows.filter(move |row| self.is_for(indicator, row, said)).copied()
        };
        match indicator.kind {
            Kind::Sum if indicator.counts_campaigns() => {
                rows.iter().filter(|row| row.measure_id == CAMPAIGN).map(|row| (days(row), row.amount as f64)).collect()
            }
            Kind::Sum => {
                // A campaign that says how much shares it out among its sessions; one that does not counts each session once.
                let mut planned = Vec::new();
                let mut said: BTreeMap<i64, (Period, f64)> = BTreeMap::new();
                for row in rows.iter().filter(|row| row.measure_id > 0) {
                    if measures(indicator).any(|id| id == row.measure_id) {
                        said.entry(row.campaign_id).or_insert((days(row), 0.0)).1 += row.amount as f64;
                    }
                }
                for (campaign, (days_of, amount)) in &said {
                    let own: Vec<&Planned> = sessions(false).filter(|row| row.campaign_id == *campaign).collect();
                    let count: i64 = own.iter().map(|row| row.amount).sum();
                    planned.extend(own.iter().map(|row| (days(row), amount * row.amount as f64 / count as f64)));
                    planned.extend((count == 0).then_some((*days_of, *amount)));
                }
                let rest = sessions(true).filter(|row| !said.contains_key(&row.campaign_id));
                planned.extend(rest.map(|row| (days(row), row.amount as f64)));
                planned
            }
            _ => sessions(false).map(|row| (days(row), row.amount as f64)).collect(),
        }
    }

    /// Whether planned sessions will count for the indicator; `said`: only where their type says so.
    fn is_for(&self, indicator: &Indicator, row: &Planned, said: bool) -> bool {
        let kind = UnitKind::from_key(&row.unit_kind);
        let at = match (indicator.kind, indicator.unit_kind) {
            (Kind::Sum, _) => true,
            (_, Some(asked)) => kind.is_some_and(|kind| kind.answers_to(asked)),
            (_, None) => row.is_own == 1,
        };
        let interactive = |id: &i64| self.catalogue.measure_by_id(*id).is_some_and(|measure| measure.interactive);
        let counts = match self.catalogue.activity_type_by_id(row.type_id) {
            Some(own) => {
                measures(indicator).any(|id| id == 0 || own.measures.contains(&id))
                    && indicator.type_id.is_none_or(|id| id == own.id)
                    && indicator.interactive.is_none_or(|yes| own.measures.iter().any(interactive) == yes)
            }
            None => !said,
        };
        at && counts
    }
}

/// Whether sessions add to it.
fn is_counted(kind: Kind) -> bool {
    matches!(kind, Kind::Sum | Kind::Frequency | Kind::Coverage)
}

/// Whether the totals that are kept tell its months: those of a sum over measures.
fn has_months(indicator: &Indicator) -> bool {
    indicator.kind == Kind::Sum && indicator.measure_id.is_some() && indicator.is_by_theme()
}

fn amount(totals: &Months, indicator: &Indicator, month: Month) -> f64 {
    let of = |id: i64| totals.get(&(month, id)).copied().unwrap_or_default().total();
    measures(indicator).map(of).sum::<i64>() as f64
}
