//! Gathering a statement: everything is read in one transaction, and nothing of it is asked of anybody.

use super::store::{self, Counts};
use crate::{
    activity::{
        list_store::{self, By, Order, Summary},
        store::{Entry, Filter},
    },
    campaign, catalogue,
    domain::{
        catalogue::Catalogue,
        measure::{Measure, Total},
        period::{Month, Period},
        unit::Unit,
    },
    error::{Error, Result},
    figure::{self, Filter as Figures},
    server::context::Ctx,
    table, unit,
};
use chrono::Datelike;
use std::collections::BTreeMap;

/// The years that a statement can be asked for.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// What a unit logged in a year.
pub struct Statement {
    pub unit: Unit,
    pub year: i32,
    pub catalogue: Catalogue,
    /// By measure; 0: the activities.
    pub whole: BTreeMap<i64, Total>,
    pub months: BTreeMap<(Month, i64), Total>,
    /// By theme (0: none) and measure.
    pub themes: BTreeMap<(i64, i64), Total>,
    /// By campaign (0: none) and measure.
    pub campaigns: BTreeMap<(i64, i64), Total>,
    /// Key and title of the campaigns that the reader may see.
    pub titles: BTreeMap<i64, (String, String)>,
    pub counts: Counts,
    /// What was entered after its month was over.
    pub late: Summary,
    /// The day on which the months of statistical tables end here, where that is not the calendar's: this paper's are.
    pub tables_end: Option<u32>,
    /// The entries by day, at most as many as were asked for.
    pub entries: Vec<Entry>,
}

impl Statement {
    pub fn period(&self) -> Period {
        Period::year(self.year)
    }

    /// The twelve months.
    pub fn year_months(&self) -> Vec<Month> {
        (1..=12).filter_map(|number| Month::new(self.year, number)).collect()
    }

    /// The measures that were counted, in the catalogue's order.
    pub fn measures(&self) -> Vec<&Measure> {
        self.catalogue.measures.iter().filter(|one| self.whole.contains_key(&one.id)).collect()
    }

    pub fn total(&self, measure_id: i64) -> Total {
        self.whole.get(&measure_id).copied().unwrap_or_default()
    }

    pub fn month(&self, month: Month, measure_id: i64) -> Total {
        self.months.get(&(month, measure_id)).copied().unwrap_or_default()
    }

    /// The first to the fourth quarter.
    pub fn quarter(&self, quarter: u32, measure_id: i64) -> Total {
        let own = self.year_months().into_iter().filter(|month| (month.number() - 1) / 3 + 1 == quarter);
        own.map(|month| self.month(month, measure_id)).sum()
    }

    /// Whether the twelve months add up to the year, whatever is counted: both are read, neither is made of the other.
    pub fn is_balanced(&self) -> bool {
        let ids = self.whole.keys().chain(self.months.keys().map(|(_, id)| id));
        ids.into_iter().all(|id| {
            let months: Total = self.year_months().into_iter().map(|month| self.month(month, *id)).sum();
            months == self.total(*id)
        })
    }
}

/// The unit and year that the address asks for: by default the reader's own unit and its last year on record.
///
/// # Errors
/// [`Error::NotFound`] for a unit outside the scope and for what is no year.
pub async fn asked(ctx: &Ctx) -> Result<(Vec<Unit>, Unit, Vec<i32>, i32)> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.read().await?;
    let units = unit::store::all(&mut conn, &actor.scope()).await?;
    let unit = match ctx.query.filled("unit") {
        Some(code) => units.iter().find(|unit| unit.code == code),
        None => units.iter().find(|unit| Some(unit.id) == actor.home_unit_id()),
    };
    let unit = unit.cloned().ok_or(Error::NotFound)?;
    let mut years = figure::store::years(&mut conn, &unit).await?;
    let year = match ctx.query.filled("year") {
        Some(year) => year.parse().ok().filter(|year| YEARS.contains(year)).ok_or(Error::NotFound)?,
        None => years.last().copied().unwrap_or(ctx.today.year()),
    };
    if !years.contains(&year) {
        years.push(year);
        years.sort_unstable();
    }
    Ok((units, unit, years, year))
}

/// The statement of a unit that lies in the reader's scope, with at most `most` of its entries.
pub async fn statement(ctx: &Ctx, unit: Unit, year: i32, most: i64) -> Result<Statement> {
    let scope = ctx.scope()?;
    let mut conn = ctx.db.read().await?;
    let period = Period::year(year);
    let all = Figures::all();
    let catalogue = catalogue::store::everything_for(&mut conn, &unit).await?;
    let whole = figure::store::total_by_measure(&mut conn, &unit, period, &all).await?;
    let months = figure::store::by_month(&mut conn, &unit, period, &all).await?;
    let themes = figure::store::by_theme(&mut conn, &unit, period, &all).await?;
    let campaigns = figure::store::by_campaign(&mut conn, &unit, period, &all).await?;
    let mut ids: Vec<i64> = campaigns.keys().map(|(id, _)| *id).filter(|id| *id != 0).collect();
    ids.dedup();
    let titles = match ids.is_empty() {
        true => BTreeMap::new(),
        false => {
            let found = campaign::store::by_ids(&mut conn, &scope, &ids).await?;
            found.into_iter().map(|one| (one.id, (one.key, one.title))).collect()
        }
    };
    let (tables_end, _) = table::store::cutoff(&mut conn, &unit).await?;
    let counts = store::counts(&mut conn, &unit, period).await?;
    let filter = Filter { period: Some(period), ..Filter::default() };
    let late = match counts.late {
        0 => Summary::default(),
        _ => list_store::summary(&mut conn, &unit, &Filter { late: Some(true), ..filter.clone() }).await?,
    };
    let order = Order { by: By::Day, descending: false };
    let entries = list_store::page(&mut conn, &unit, &filter, order, None, most).await?;
    Ok(Statement { unit, year, catalogue, whole, months, themes, campaigns, titles, counts, late, tables_end, entries })
}
