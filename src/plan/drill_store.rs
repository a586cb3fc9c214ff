//! What a goal's figure is made of that no ledger lists: stocks with their days, surveys, milestones, classes, campaigns.

use super::entry_store::Stock;
use crate::{
    domain::{
        period::{Day, Period},
        unit::{Unit, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

/// The latest value of a stock on or before a day at each unit at and below `root`, by code.
pub async fn stocks(conn: &mut Conn, root: &Unit, measure_id: i64, as_of: Day) -> Result<Vec<Stock>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select stock.unit_id, stock.measure_id, stock.as_of, stock.value, account.display_name as entered_by, \
         stock.entered_at from stock join unit on unit.id = stock.unit_id join account on account.id = stock.entered_by \
         where unit.path >= $1 and unit.path < $2 and stock.measure_id = $3 and stock.as_of = \
         (select max(other.as_of) from stock other where other.unit_id = stock.unit_id \
         and other.measure_id = stock.measure_id and other.as_of <= $4) order by unit.code",
    ).bind(&root.path).bind(path_end(&root.path)).bind(measure_id).bind(as_of).fetch_all(c).await)?)
}

/// A survey or a milestone that counts, with whose it is and who entered it.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Dated {
    pub unit_id: i64,
    pub path: String,
    pub unit_name: String,
    pub day: Day,
    pub sample: Option<i64>,
    pub value: Option<f64>,
    pub entered_by: Option<String>,
    pub entered_at: Option<DateTime<Utc>>,
}

/// The surveys of an indicator in a period, at the unit, below it and at the levels above it, the latest first.
pub async fn surveys(conn: &mut Conn, unit: &Unit, indicator_id: i64, period: Period) -> Result<Vec<Dated>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select survey.unit_id, unit.path, unit.short_name as unit_name, survey.day, survey.sample, survey.value, \
         account.display_name as entered_by, survey.entered_at from survey join unit on unit.id = survey.unit_id \
         left join account on account.id = survey.entered_by \
         where survey.indicator_id = $3 and survey.withdrawn_at is null and survey.day >= $4 and survey.day <= $5 \
         and ((unit.path >= $1 and unit.path < $2) or substr($1, 1, length(unit.path)) = unit.path) \
         order by survey.day desc, unit.code",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(indicator_id).bind(period.from).bind(period.to)
    .fetch_all(c).await)?)
}

/// The milestones of an indicator, as [`surveys`].
pub async fn milestones(conn: &mut Conn, unit: &Unit, indicator_id: i64, period: Period) -> Result<Vec<Dated>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select milestone.unit_id, unit.path, unit.short_name as unit_name, milestone.day, \
         cast(null as bigint) as sample, cast(null as double precision) as value, \
         account.display_name as entered_by, milestone.entered_at \
         from milestone join unit on unit.id = milestone.unit_id \
         left join account on account.id = milestone.entered_by \
         where milestone.indicator_id = $3 and milestone.withdrawn_at is null and milestone.day >= $4 \
         and milestone.day <= $5 \
         and ((unit.path >= $1 and unit.path < $2) or substr($1, 1, length(unit.path)) = unit.path) \
         order by milestone.day desc, unit.code",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(indicator_id).bind(period.from).bind(period.to)
    .fetch_all(c).await)?)
}

/// A class, and the first activity of a period that reached it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ClassRow {
    pub unit_name: String,
    pub name: String,
    pub pupils: i64,
    pub day: Option<Day>,
    pub activity_id: Option<Uuid>,
}

/// The classes that a ratio of pupils counts: those that exist on the period's last day, by school and name.
pub async fn classes(conn: &mut Conn, unit: &Unit, period: Period, theme_id: Option<i64>) -> Result<Vec<ClassRow>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select unit.short_name as unit_name, class.name, class.pupils, activity.day, activity.id as activity_id \
         from class join unit on unit.id = class.unit_id left join activity on activity.id = \
         (select a.id from activity_class join activity a on a.id = activity_class.activity_id \
         where activity_class.class_id = class.id and a.day >= $3 and a.day <= $4 and a.status <> 'withdrawn' \
         and ($5 = 0 or exists (select 1 from activity_theme t where t.activity_id = a.id and t.theme_id = $5)) \
         order by a.day, a.id limit 1) \
         where unit.path >= $1 and unit.path < $2 and (class.active_from is null or class.active_from <= $4) \
         and (class.active_to is null or class.active_to >= $4) and (unit.active_from is null or unit.active_from <= $4) \
         and (unit.active_to is null or unit.active_to >= $4) order by unit.code, class.name",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to).bind(theme_id.unwrap_or(0))
    .fetch_all(c).await)?)
}

/// A campaign that a count of campaigns has in it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CampaignRow {
    pub key: String,
    pub title: String,
    pub from_day: Day,
    pub unit_name: String,
}

/// The campaigns at and below a unit that begin in a period and were not cancelled.
pub async fn campaigns(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    theme_id: Option<i64>,
) -> Result<Vec<CampaignRow>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select campaign.key, campaign.title, campaign.from_day, unit.short_name as unit_name \
         from campaign join unit on unit.id = campaign.unit_id \
         where unit.path >= $1 and unit.path < $2 and from_day >= $3 and from_day <= $4 and cancelled_at is null \
         and ($5 = 0 or exists (select 1 from campaign_theme \
         where campaign_id = campaign.id and theme_id = $5)) order by campaign.from_day, campaign.id",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to).bind(theme_id.unwrap_or(0))
    .fetch_all(c).await)?)
}
