//! What is done with the responsibility list. Who: the officers and administrators of the row's unit; others read.

use super::store::{self, Row, Tie};
use crate::{
    campaign::{self, figures},
    domain::{
        access::Scope,
        problem::Problems,
        responsibility::{Draft, Effort, Stage, is_overdue, stage},
        unit::Unit,
    },
    error::{Error, Result},
    plan::action::read_unit,
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde_json::json;

/// The years for which there are lists.
pub const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// A row with its campaigns and how far it is.
#[derive(Clone, Debug)]
pub struct Line {
    pub row: Row,
    /// Each with how many activities were logged for it.
    pub campaigns: Vec<(Tie, i64)>,
    pub stage: Stage,
    pub overdue: bool,
}

/// A unit's list of a year, with the rows of the units below it.
pub async fn list(ctx: &Ctx, conn: &mut Conn, unit: &Unit, year: i32) -> Result<Vec<Line>> {
    let rows = store::list(conn, unit, year).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut ties = store::ties(conn, &ids).await?;
    // What all units logged for a campaign counts: a town's row is done by its villages.
    let logged = match ties.is_empty() {
        true => figures::Figures::new(),
        false => figures::of_campaigns(conn, &ctx.scope()?, None).await?,
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let campaigns: Vec<(Tie, i64)> = ties
                .remove(&row.id)
                .unwrap_or_default()
                .into_iter()
                .map(|tie| {
                    let activities = logged.get(&(tie.campaign_id, 0)).map_or(0, |total| total.activities);
                    (tie, activities)
                })
                .collect();
            let efforts: Vec<Effort> =
                campaigns.iter().map(|(tie, activities)| Effort { to: tie.to_day, activities: *activities }).collect();
            let stage = stage(&efforts, ctx.today);
            let overdue = row.closed_at.is_none() && is_overdue(stage, row.deadline, ctx.today);
            Line { row, campaigns, stage, overdue }
        })
        .collect())
}

/// Adds a row to a unit's list.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn add(ctx: &Ctx, code: &str, year: i32, draft: &Draft) -> Result<i64> {
    let mut conn = ctx.db.write().await?;
    let unit = read_unit(ctx, &mut conn, Some(code)).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    if !YEARS.contains(&year) {
        return Err(Error::invalid("year", ctx.locale.responsibility_year_wrong()));
    }
    let mut problems = Problems::default();
    let checked = draft.check(year, ctx.locale, &mut problems);
    let campaigns = campaigns(ctx, &mut conn, draft, &mut problems).await?;
    let (Some(checked), true) = (checked, problems.is_empty()) else { return Err(problems.into_inner().into()) };
    let id = store::add(&mut conn, unit.id, year, &checked, ctx.now).await?;
    store::tie(&mut conn, id, &campaigns).await?;
    audit::done(ctx, &mut conn, "responsibility.add", unit.id, id, json!({ "year": year, "row": draft })).await?;
    conn.commit().await?;
    Ok(id)
}

/// Changes a row.
///
/// # Errors
/// As [`add`].
pub async fn change(ctx: &Ctx, id: i64, draft: &Draft) -> Result<Row> {
    let mut conn = ctx.db.write().await?;
    let row = to_change(ctx, &mut conn, id).await?;
    let mut problems = Problems::default();
    let checked = draft.check(i32::try_from(row.year).unwrap_or_default(), ctx.locale, &mut problems);
    let campaigns = campaigns(ctx, &mut conn, draft, &mut problems).await?;
    let (Some(checked), true) = (checked, problems.is_empty()) else { return Err(problems.into_inner().into()) };
    store::update(&mut conn, id, &checked).await?;
    store::tie(&mut conn, id, &campaigns).await?;
    let before = json!({ "content": row.content, "lead": row.lead, "deadline": row.deadline });
    audit::done(ctx, &mut conn, "responsibility.change", row.unit_id, id, json!({ "before": before, "after": draft }))
        .await?;
    conn.commit().await?;
    Ok(row)
}

/// Closes a row, or takes it up again; it stays on the list.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn close(ctx: &Ctx, id: i64, closed: bool) -> Result<Row> {
    let mut conn = ctx.db.write().await?;
    let row = to_change(ctx, &mut conn, id).await?;
    store::close(&mut conn, id, closed.then_some(ctx.now)).await?;
    let action = if closed { "responsibility.close" } else { "responsibility.reopen" };
    audit::done(ctx, &mut conn, action, row.unit_id, id, json!({})).await?;
    conn.commit().await?;
    Ok(row)
}

async fn to_change(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<Row> {
    let row = store::one(conn, &ctx.scope()?, id).await?;
    let unit = unit::store::by_id(conn, &Scope::everything(), row.unit_id).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    Ok(row)
}

/// The ids of the campaigns that a draft names.
async fn campaigns(ctx: &Ctx, conn: &mut Conn, draft: &Draft, problems: &mut Problems) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    if !problems.is_empty() {
        return Ok(ids);
    }
    for key in &draft.campaigns {
        match campaign::store::by_key(conn, &ctx.scope()?, key).await {
            Ok(found) if !ids.contains(&found.id) => ids.push(found.id),
            Ok(_) => {}
            Err(Error::NotFound) => problems.add("campaigns", ctx.locale.event_campaign_unknown(key)),
            Err(error) => return Err(error),
        }
    }
    Ok(ids)
}
