//! Materials in the database. What was handed out is not here: it follows from the ledger.

use crate::{
    domain::{material::Checked, period::Day},
    error::{Error, Result},
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

/// A stored item.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Item {
    pub id: i64,
    pub campaign_id: i64,
    /// What counts it when it is handed out.
    pub measure_id: Option<i64>,
    pub measure: Option<String>,
    pub name: String,
    pub name_en: Option<String>,
    pub unit_word: String,
    pub unit_word_en: Option<String>,
    pub planned: i64,
    pub prepared: i64,
    pub budget_fen: i64,
    pub spent_fen: i64,
    pub closed_at: Option<DateTime<Utc>>,
}

/// What a village fetched once.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Fetch {
    pub id: i64,
    pub unit_name: String,
    pub day: Day,
    pub quantity: i64,
    pub fetched_by: String,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// What one unit fetched of a campaign's item that a measure counts.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Fetched {
    pub campaign_id: i64,
    /// The campaign's key.
    pub campaign: String,
    pub measure_id: i64,
    pub quantity: i64,
}

const SELECT: &str = "select material.id, material.campaign_id, measure_id, measure.key as measure, \
     coalesce(measure.name, material.name) as name, measure.name_en, \
     coalesce(measure.unit_word, material.unit_word) as unit_word, measure.unit_word_en, planned, prepared, budget_fen, \
     spent_fen, closed_at from material left join measure on measure.id = measure_id where ";

/// A campaign's items, closed ones last.
pub async fn items(conn: &mut Conn, campaign_id: i64) -> Result<Vec<Item>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("material.campaign_id = ").push_bind(campaign_id);
        query.push(" order by closed_at is not null, material.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// One item.
///
/// # Errors
/// [`Error::NotFound`]; whether its campaign may be seen is for the caller to ask.
pub async fn item(conn: &mut Conn, id: i64) -> Result<Item> {
    let item: Option<Item> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("material.id = ").push_bind(id);
        query.build_query_as().fetch_optional(c).await
    })?;
    item.ok_or(Error::NotFound)
}

/// Stores a new item; `false` where the campaign has an open one of the same measure.
pub async fn add(
    conn: &mut Conn,
    campaign_id: i64,
    measure_id: Option<i64>,
    item: &Checked,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into material (campaign_id, measure_id, name, unit_word, planned, prepared, budget_fen, spent_fen, \
         created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning id",
    ).bind(campaign_id).bind(measure_id).bind(&item.name).bind(&item.unit_word).bind(item.planned).bind(item.prepared)
    .bind(item.budget_fen).bind(item.spent_fen).bind(now).fetch_optional(c).await)?)
}

/// Changes an item; its measure stays.
pub async fn update(conn: &mut Conn, id: i64, item: &Checked) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update material set name = $1, unit_word = $2, planned = $3, prepared = $4, budget_fen = $5, \
             spent_fen = $6 where id = $7"
        )
        .bind(&item.name)
        .bind(&item.unit_word)
        .bind(item.planned)
        .bind(item.prepared)
        .bind(item.budget_fen)
        .bind(item.spent_fen)
        .bind(id)
    )?;
    Ok(())
}

/// Closes an item, or with `None` takes it up again.
pub async fn close(conn: &mut Conn, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update material set closed_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

/// What each unit fetched of a campaign's items: (item, unit, pieces).
pub async fn fetched(conn: &mut Conn, campaign_id: i64) -> Result<Vec<(i64, i64, i64)>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select material_id, material_fetch.unit_id, cast(sum(quantity) as bigint) from material_fetch \
         join material on material.id = material_id where material.campaign_id = $1 and withdrawn_at is null \
         group by material_id, material_fetch.unit_id",
    ).bind(campaign_id).fetch_all(c).await)?)
}

/// What one unit fetched for these campaigns of what a measure counts.
pub async fn fetched_at(conn: &mut Conn, unit_id: i64, campaigns: &[i64]) -> Result<Vec<Fetched>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select material.campaign_id, campaign.key as campaign, measure_id, \
             cast(sum(quantity) as bigint) as quantity from material \
             join material_fetch on material_id = material.id join campaign on campaign.id = material.campaign_id \
             where measure_id is not null and closed_at is null and withdrawn_at is null and material_fetch.unit_id = ",
        );
        query.push_bind(unit_id).push(" and material.campaign_id in (-1");
        for id in campaigns {
            query.push(", ").push_bind(*id);
        }
        query.push(") group by material.campaign_id, campaign.key, measure_id order by measure_id, campaign.key");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// What was fetched of one item, the latest first.
pub async fn fetches(conn: &mut Conn, material_id: i64) -> Result<Vec<Fetch>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select material_fetch.id, unit.short_name as unit_name, day, quantity, fetched_by, withdrawn_at \
         from material_fetch join unit on unit.id = material_fetch.unit_id where material_id = $1 \
         order by day desc, material_fetch.id desc",
    ).bind(material_id).fetch_all(c).await)?)
}

/// Stores that a unit fetched something.
#[expect(clippy::too_many_arguments)]
pub async fn add_fetch(
    conn: &mut Conn,
    material_id: i64,
    unit_id: i64,
    day: Day,
    quantity: i64,
    fetched_by: &str,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into material_fetch (material_id, unit_id, day, quantity, fetched_by, created_by, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(material_id)
        .bind(unit_id)
        .bind(day)
        .bind(quantity)
        .bind(fetched_by)
        .bind(account_id)
        .bind(now)
    )?;
    Ok(())
}

/// Withdraws one fetch of an item; `false` where there is none that counts.
pub async fn withdraw(conn: &mut Conn, material_id: i64, id: i64, now: DateTime<Utc>) -> Result<bool> {
    let changed = execute!(
        conn,
        sqlx::query(
            "update material_fetch set withdrawn_at = $1 where id = $2 and material_id = $3 and withdrawn_at is null"
        )
        .bind(now)
        .bind(id)
        .bind(material_id)
    )?;
    Ok(changed > 0)
}
