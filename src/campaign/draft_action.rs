//! Campaigns that wait as drafts, 30 days ahead of a key date: accept one, dismiss one. Nobody stores a draft that nobody
//! touched: it is a key date without a campaign that was not dismissed.

use super::{
    action,
    countdown::task_store::{self, Made},
    store,
};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        campaign::{Campaign, Draft, DraftQuantity},
        countdown::{DRAFT_AHEAD, waits},
        key_date::Occurrence,
        measure::VALUE_RANGE,
        period::{Day, Period},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    figure::{self, Filter},
    key_date,
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit,
};
use chrono::{Datelike, Days};
use serde_json::json;
use std::collections::BTreeSet;

/// How many days before and after a campaign its entries may lie.
const REACH: u64 = 366;

/// The drafts that wait for a unit, and those that it dismissed and whose day has not come.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    pub waiting: Vec<Occurrence>,
    pub dismissed: Vec<Occurrence>,
}

/// The year in which an occurrence is counted: that of its first day.
pub fn year_of(one: &Occurrence) -> i32 {
    one.period.from.year()
}

/// The drafts of a unit on a day.
pub async fn drafts(conn: &mut Conn, unit: &Unit, today: Day) -> Result<Drafts> {
    let ahead = Period { from: today, to: today + Days::new(DRAFT_AHEAD) };
    let mut found = key_date::action::occurrences(conn, unit, ahead).await?;
    found.retain(|one| waits(one, today));
    if found.is_empty() {
        return Ok(Drafts::default());
    }
    let made = task_store::made(conn, unit.id).await?;
    let dismissed = task_store::dismissed(conn, unit.id).await?;
    found.retain(|one| !made.contains(&(one.key_date_id, year_of(one))));
    let (dismissed, waiting) = found.into_iter().partition(|one| dismissed.contains(&(one.key_date_id, year_of(one))));
    Ok(Drafts { waiting, dismissed })
}

/// What became of a key date of a year at a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// There is a campaign for it.
    Made(Made),
    Dismissed,
    Waiting,
}

/// A key date of a year, what became of it, and the campaign for it the year before.
#[derive(Clone, Debug)]
pub struct YearRow {
    pub occurrence: Occurrence,
    pub fate: Fate,
    pub year_before: Option<Made>,
}

/// All key dates of a year with what became of them, by their days.
pub async fn of_year(conn: &mut Conn, unit: &Unit, year: i32) -> Result<Vec<YearRow>> {
    let mut found = key_date::store::known(conn, unit).await?.in_year(year);
    found.retain(|one| year_of(one) == year);
    let made = task_store::made_around(conn, unit.id, year).await?;
    let dismissed = task_store::dismissed(conn, unit.id).await?;
    let of = |id: i64, year: i32| made.iter().rev().find(|own| own.key_date_id == id && own.year == i64::from(year));
    let rows = found.into_iter().map(|occurrence| {
        let id = occurrence.key_date_id;
        let fate = match of(id, year) {
            Some(made) => Fate::Made(made.clone()),
            None if dismissed.contains(&(id, year)) => Fate::Dismissed,
            None => Fate::Waiting,
        };
        YearRow { fate, year_before: of(id, year - 1).cloned(), occurrence }
    });
    Ok(rows.collect())
}

/// What last year's campaign for the same key date planned, else what was logged for it; else nothing.
pub async fn last_years(conn: &mut Conn, unit: &Unit, one: &Occurrence) -> Result<Vec<DraftQuantity>> {
    let former = task_store::campaign_of(conn, unit.id, one.key_date_id, year_of(one) - 1).await?;
    let Some(id) = former else { return Ok(Vec::new()) };
    let campaign = store::by_id(conn, &Scope::everything(), id).await?;
    let catalogue = catalogue::store::visible(conn, unit).await?;
    let mut values: Vec<(i64, i64)> =
        campaign.quantities.iter().map(|planned| (planned.measure_id, planned.value)).collect();
    if values.is_empty() {
        // What came in late was logged for it too.
        let span = Period { from: campaign.period.from - Days::new(REACH), to: campaign.period.to + Days::new(REACH) };
        let logged = figure::store::total_by_measure(conn, unit, span, &Filter::of_campaign(id)).await?;
        values = logged.into_iter().map(|(measure, total)| (measure, total.total())).collect();
    }
    let quantity = |(id, value): (i64, i64)| {
        let measure = catalogue.measure_by_id(id).filter(|measure| !measure.retired)?;
        VALUE_RANGE.contains(&value).then(|| DraftQuantity {
            measure: measure.key.clone(),
            value: Some(value),
            measure_field: format!("value.{}", measure.key),
            value_field: format!("value.{}", measure.key),
        })
    };
    Ok(values.into_iter().filter_map(quantity).collect())
}

/// A waiting draft as a campaign to be made; it goes to the unit and all below.
pub async fn as_draft(conn: &mut Conn, unit: &Unit, one: &Occurrence) -> Result<Draft> {
    let catalogue = catalogue::store::visible(conn, unit).await?;
    let is_active = |key: &&String| catalogue.theme(key).is_some_and(|theme| !theme.retired);
    Ok(Draft {
        unit: unit.code.clone(),
        title: one.name.clone(),
        themes: one.themes.iter().filter(is_active).cloned().collect(),
        from: one.period.from.to_string(),
        to: one.period.to.to_string(),
        lead: one.lead.clone(),
        quantities: last_years(conn, unit, one).await?,
        key_date: Some((one.key.clone(), year_of(one))),
        ..Draft::default()
    })
}

/// The unit with this code, to be managed by the one who asks, and its occurrence of a key date in a year.
async fn occurrence(ctx: &Ctx, conn: &mut Conn, code: &str, key: &str, year: i32) -> Result<(Unit, Occurrence)> {
    let unit = unit::store::by_code(conn, &ctx.scope()?, code).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let known = key_date::store::known(conn, &unit).await?;
    let found = known.in_year(year).into_iter().find(|one| one.key == key && year_of(one) == year);
    Ok((unit, found.ok_or(Error::NotFound)?))
}

/// Makes a draft a campaign, with its countdown.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; a conflict where there is one already.
pub async fn accept(ctx: &Ctx, code: &str, key: &str, year: i32) -> Result<Campaign> {
    let mut conn = ctx.db.read().await?;
    let (unit, one) = occurrence(ctx, &mut conn, code, key, year).await?;
    let draft = as_draft(&mut conn, &unit, &one).await?;
    drop(conn);
    action::create(ctx, draft).await
}

/// Makes campaigns of many key dates of a year, each with its countdown; all or none. How many.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] where none is chosen or some have a campaign already.
pub async fn accept_all(ctx: &Ctx, code: &str, year: i32, keys: &[&str]) -> Result<usize> {
    let mut conn = ctx.db.write().await?;
    let unit = unit::store::by_code(&mut conn, &ctx.scope()?, code).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let rows = of_year(&mut conn, &unit, year).await?;
    let chosen: BTreeSet<&str> = keys.iter().copied().collect();
    if chosen.is_empty() {
        return Err(Error::invalid("key_date", ctx.locale.draft_none_chosen()));
    }
    let mut problems = Problems::default();
    for key in &chosen {
        match rows.iter().find(|row| row.occurrence.key == *key) {
            None => problems.add("key_date", ctx.locale.draft_no_key_date()),
            Some(YearRow { fate: Fate::Made(_), occurrence, .. }) => {
                let name = ctx.locale.name(&occurrence.name, occurrence.name_en.as_deref());
                problems.add("key_date", ctx.locale.draft_taken(name, year));
            }
            Some(_) => {}
        }
    }
    problems.into_result(())?;
    for row in rows.iter().filter(|row| chosen.contains(row.occurrence.key.as_str())) {
        let draft = as_draft(&mut conn, &unit, &row.occurrence).await?;
        action::create_in(ctx, &mut conn, draft).await?;
    }
    conn.commit().await?;
    Ok(chosen.len())
}

/// Dismisses a draft, or takes that back.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn dismiss(ctx: &Ctx, code: &str, key: &str, year: i32, dismissed: bool) -> Result<Occurrence> {
    let mut conn = ctx.db.write().await?;
    let (unit, one) = occurrence(ctx, &mut conn, code, key, year).await?;
    task_store::dismiss(&mut conn, unit.id, one.key_date_id, year, dismissed).await?;
    let action = if dismissed { "draft.dismiss" } else { "draft.restore" };
    let entry = Entry {
        actor: ctx.someone.as_deref(),
        unit_id: Some(unit.id),
        action,
        subject: key.to_owned(),
        detail: json!({ "year": year }),
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(one)
}
