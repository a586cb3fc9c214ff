//! Figures that only goals need: campaigns begun, classes enrolled and reached.

use crate::{
    domain::{
        period::{Day, Period},
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
    pub id: i64,
    pub unit_id: i64,
    pub name: String,
    pub pupils: i64,
}

/// The classes at and below the unit that exist on a day.
pub async fn classes(conn: &mut Conn, unit: &Unit, day: Day) -> Result<Vec<Class>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select class.id, class.unit_id, class.name, class.pupils from class join unit on unit.id = class.unit_id \
         where unit.path >= $1 and unit.path < $2 and (class.active_from is null or class.active_from <= $3) \
         and (class.active_to is null or class.active_to >= $3) and (unit.active_from is null or unit.active_from <= $3) \
         and (unit.active_to is null or unit.active_to >= $3) order by unit.code, class.name",
    ).bind(&unit.path).bind(path_end(&unit.path)).bind(day).fetch_all(c).await)?)
}

/// The classes at and below the unit that were ticked by an activity of the period that counts, whoever logged it;
/// each once.
pub async fn classes_reached(
    conn: &mut Conn,
    unit: &Unit,
    period: Period,
    theme_id: Option<i64>,
) -> Result<std::collections::BTreeSet<i64>> {
    let rows: Vec<i64> = run!(conn, c => sqlx::query_scalar(
        "select distinct class.id from class join unit on unit.id = class.unit_id \
         join activity_class on activity_class.class_id = class.id \
         join activity on activity.id = activity_class.activity_id \
         where unit.path >= $1 and unit.path < $2 and activity.day >= $3 and activity.day <= $4 \
         and activity.status <> 'withdrawn' and ($5 = 0 or exists (select 1 from activity_theme \
         where activity_theme.activity_id = activity.id and activity_theme.theme_id = $5))",
    )
    .bind(&unit.path).bind(path_end(&unit.path)).bind(period.from).bind(period.to).bind(theme_id.unwrap_or(0))
    .fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}
