//! Figures that only goals need: campaigns begun, classes enrolled and reached.

use crate::{
    domain::{
        period::Period,
        unit::{Unit, path_end},
    },
    error::Result,
    run,
    server::db::Conn,
};

/// Campaigns of the unit and all below it that begin in the period and were not cancelled.
pub async fn campaigns(conn: &mut Conn, unit: &Unit, period: Period, theme_id: Option<i64>) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select count(*) from campaign join unit on unit.id = campaign.unit_id \
         where unit.path >= $1 and unit.path < $2 and from_day >= $3 and from_day <= $4 and cancelled_at is null \
         and ($5 = 0 or exists (select 1 from campaign_theme \
         where campaign_id = campaign.id and theme_id = $5))",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to).bind(theme_id.unwrap_or(0))
    .fetch_one(c).await)?)
}

/// A class with its pupils: what a ratio of pupils counts.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Class {
    pub unit_id: i64,
    pub pupils: i64,
    /// Whether an activity of the period that counts ticked it, whoever logged it.
    pub reached: bool,
}

/// The classes at and below the unit that exist on the period's last day.
pub async fn classes(conn: &mut Conn, unit: &Unit, period: Period, theme_id: Option<i64>) -> Result<Vec<Class>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select class.unit_id, class.pupils, exists (select 1 from activity_class \
         join activity on activity.id = activity_class.activity_id where activity_class.class_id = class.id \
         and activity.day >= $3 and activity.day <= $4 and activity.status <> 'withdrawn' \
         and ($5 = 0 or exists (select 1 from activity_theme \
         where activity_theme.activity_id = activity.id and activity_theme.theme_id = $5))) as reached \
         from class join unit on unit.id = class.unit_id \
         where unit.path >= $1 and unit.path < $2 and (class.active_from is null or class.active_from <= $4) \
         and (class.active_to is null or class.active_to >= $4) and (unit.active_from is null or unit.active_from <= $4) \
         and (unit.active_to is null or unit.active_to >= $4) order by unit.code, class.name",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to).bind(theme_id.unwrap_or(0))
    .fetch_all(c).await)?)
}
