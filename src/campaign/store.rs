//! Campaigns in the database.
//!
//! Who reads one: whoever reads its owner; whoever's units it goes to (a target at, above or below them; without
//! targets it goes to all below its owner); whoever has one of its events.

use super::parts_store;
use crate::{
    domain::{
        access::Scope,
        campaign::{Campaign, Checked, UnitName},
        period::{Day, Period},
        unit::{Unit, ancestry, path_end},
    },
    error::{Error, Result},
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The largest number of campaigns that is loaded at once.
pub const PAGE_LIMIT: i64 = 1_000;

const SELECT: &str = "select campaign.id, campaign.key, campaign.title, campaign.from_day, campaign.to_day, \
                      campaign.lead, campaign.note, campaign.cancelled_at is not null as cancelled, \
                      unit.id as unit_id, unit.code as unit_code, unit.path as unit_path, \
                      unit.short_name as unit_name \
                      from campaign join unit on unit.id = campaign.unit_id where ";

#[derive(FromRow)]
struct Row {
    id: i64,
    key: String,
    title: String,
    from_day: Day,
    to_day: Day,
    lead: String,
    note: String,
    cancelled: bool,
    unit_id: i64,
    unit_code: String,
    unit_path: String,
    unit_name: String,
}

/// Adds `(path below one of these paths)` to a query.
macro_rules! push_below {
    ($query:expr, $column:literal, $paths:expr) => {{
        $query.push("(false");
        for path in $paths {
            $query.push(concat!(" or (", $column, " >= ")).push_bind(path.clone());
            $query.push(concat!(" and ", $column, " < ")).push_bind(path_end(path)).push(")");
        }
        $query.push(")");
    }};
}

/// Adds `column in (…)` to a query; nothing is in an empty list.
macro_rules! push_in {
    ($query:expr, $column:literal, $ids:expr) => {{
        $query.push(concat!($column, " in (-1"));
        for id in $ids {
            $query.push(", ").push_bind(*id);
        }
        $query.push(")");
    }};
}
pub(super) use {push_below, push_in};

/// Adds the condition that a campaign concerns the units at and below these paths.
macro_rules! push_concerns {
    ($query:expr, $paths:expr) => {{
        let above: BTreeSet<i64> = $paths.iter().flat_map(|path| ancestry(path)).collect();
        $query.push("(");
        push_below!($query, "unit.path", $paths);
        $query.push(
            " or exists (select 1 from campaign_unit join unit as target on target.id = campaign_unit.unit_id \
             where campaign_unit.campaign_id = campaign.id and (",
        );
        push_in!($query, "target.id", &above);
        $query.push(" or ");
        push_below!($query, "target.path", $paths);
        $query.push(")) or (");
        push_in!($query, "unit.id", &above);
        $query.push(
            " and not exists (select 1 from campaign_unit where campaign_unit.campaign_id = campaign.id)) \
             or exists (select 1 from event join unit as place on place.id = event.unit_id \
             where event.campaign_id = campaign.id and not event.draft and ",
        );
        push_below!($query, "place.path", $paths);
        $query.push("))");
    }};
}

/// Which campaigns are asked for; everything narrows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those that concern this unit or one below it.
    pub unit: Option<Unit>,
    /// Only those with a day in this period.
    pub period: Option<Period>,
    /// Only those on the theme with this key.
    pub theme: Option<String>,
}

/// The campaign with this key.
///
/// # Errors
/// [`Error::NotFound`] when there is none that may be read.
pub async fn by_key(conn: &mut Conn, scope: &Scope, key: &str) -> Result<Campaign> {
    let row: Option<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("campaign.key = ").push_bind(key.to_owned()).push(" and ");
        push_concerns!(query, scope.paths());
        query.build_query_as().fetch_optional(c).await
    })?;
    one(conn, row).await
}

/// The campaign with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none that may be read.
pub async fn by_id(conn: &mut Conn, scope: &Scope, id: i64) -> Result<Campaign> {
    let row: Option<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("campaign.id = ").push_bind(id).push(" and ");
        push_concerns!(query, scope.paths());
        query.build_query_as().fetch_optional(c).await
    })?;
    one(conn, row).await
}

/// The campaigns with these ids that may be read, in no particular order of days.
pub async fn by_ids(conn: &mut Conn, scope: &Scope, ids: &[i64]) -> Result<Vec<Campaign>> {
    let rows: Vec<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        push_in!(query, "campaign.id", ids);
        query.push(" and ");
        push_concerns!(query, scope.paths());
        query.push(" order by campaign.from_day, campaign.id");
        query.build_query_as().fetch_all(c).await
    })?;
    whole(conn, rows).await
}

/// The campaigns an entry belongs to: (key, title), by beginning. Whoever reads the entry may know their names.
pub async fn titles(conn: &mut Conn, activity: Uuid) -> Result<Vec<(String, String)>> {
    Ok(run!(conn, c => {
        sqlx::query_as(
            "select campaign.key, campaign.title from activity_campaign \
             join campaign on campaign.id = activity_campaign.campaign_id \
             where activity_campaign.activity_id = $1 order by campaign.from_day, campaign.id",
        )
        .bind(activity)
        .fetch_all(c)
        .await
    })?)
}

async fn one(conn: &mut Conn, row: Option<Row>) -> Result<Campaign> {
    let row = row.ok_or(Error::NotFound)?;
    whole(conn, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Whether any campaign, readable or not, has this key.
pub async fn key_is_taken(conn: &mut Conn, key: &str) -> Result<bool> {
    let found: Option<i64> = run!(conn, c => {
        sqlx::query_scalar("select id from campaign where key = $1").bind(key).fetch_optional(c).await
    })?;
    Ok(found.is_some())
}

/// The campaigns that can be logged for at `unit` on `day`: neither cancelled nor over, owned by the unit itself or
/// going to it. By beginning.
pub async fn open_on(conn: &mut Conn, unit: &Unit, day: Day) -> Result<Vec<Campaign>> {
    let above = unit.ancestry();
    let rows: Vec<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("campaign.cancelled_at is null and campaign.from_day <= ").push_bind(day);
        query.push(" and campaign.to_day >= ").push_bind(day);
        query.push(" and (unit.id = ").push_bind(unit.id);
        query.push(" or exists (select 1 from campaign_unit where campaign_unit.campaign_id = campaign.id and ");
        push_in!(query, "campaign_unit.unit_id", &above);
        query.push(") or (");
        push_in!(query, "unit.id", &above);
        query.push(
            " and not exists (select 1 from campaign_unit where campaign_unit.campaign_id = campaign.id))) \
             order by campaign.from_day, campaign.id",
        );
        query.build_query_as().fetch_all(c).await
    })?;
    whole(conn, rows).await
}

/// Campaigns that may be read, by beginning and id; `after` is the last one of the page before.
pub async fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<(Day, i64)>,
    limit: i64,
) -> Result<Vec<Campaign>> {
    let rows = found(conn, scope, filter, after, limit).await?;
    whole(conn, rows).await
}

/// What a list names of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    pub key: String,
    pub title: String,
    pub period: Period,
    pub cancelled: bool,
}

/// As [`list`], without what the campaigns are made of.
pub async fn outlines(conn: &mut Conn, scope: &Scope, filter: &Filter, limit: i64) -> Result<Vec<Outline>> {
    let outline = |row: Row| {
        let period = Period::new(row.from_day, row.to_day)?;
        Some(Outline { key: row.key, title: row.title, period, cancelled: row.cancelled })
    };
    Ok(found(conn, scope, filter, None, limit).await?.into_iter().filter_map(outline).collect())
}

async fn found(
    conn: &mut Conn,
    scope: &Scope,
    filter: &Filter,
    after: Option<(Day, i64)>,
    limit: i64,
) -> Result<Vec<Row>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        push_concerns!(query, scope.paths());
        if let Some(unit) = &filter.unit {
            query.push(" and ");
            push_concerns!(query, std::slice::from_ref(&unit.path));
        }
        if let Some(period) = filter.period {
            query.push(" and campaign.from_day <= ").push_bind(period.to);
            query.push(" and campaign.to_day >= ").push_bind(period.from);
        }
        if let Some(theme) = &filter.theme {
            query.push(
                " and exists (select 1 from campaign_theme join theme on theme.id = campaign_theme.theme_id \
                 where campaign_theme.campaign_id = campaign.id and theme.key = ",
            );
            query.push_bind(theme.clone()).push(")");
        }
        if let Some((day, id)) = after {
            query.push(" and (campaign.from_day > ").push_bind(day);
            query.push(" or (campaign.from_day = ").push_bind(day);
            query.push(" and campaign.id > ").push_bind(id).push("))");
        }
        query.push(" order by campaign.from_day, campaign.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The periods of all campaigns that may be read: the years that a list offers.
pub async fn periods(conn: &mut Conn, scope: &Scope) -> Result<Vec<Period>> {
    let rows: Vec<(Day, Day)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select distinct campaign.from_day, campaign.to_day from campaign \
             join unit on unit.id = campaign.unit_id where ",
        );
        push_concerns!(query, scope.paths());
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().filter_map(|(from, to)| Period::new(from, to)).collect())
}

/// The campaigns of the rows, in the same order, with all that belongs to them.
async fn whole(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Campaign>> {
    let mut campaigns: Vec<Campaign> = rows.into_iter().filter_map(campaign).collect();
    parts_store::add(conn, &mut campaigns).await?;
    Ok(campaigns)
}

fn campaign(row: Row) -> Option<Campaign> {
    Some(Campaign {
        id: row.id,
        key: row.key,
        unit: UnitName { id: row.unit_id, code: row.unit_code, path: row.unit_path, short_name: row.unit_name },
        title: row.title,
        period: Period::new(row.from_day, row.to_day)?,
        lead: row.lead,
        note: row.note,
        cancelled: row.cancelled,
        themes: Vec::new(),
        units: Vec::new(),
        quantities: Vec::new(),
    })
}

/// What a campaign is made of besides its own row.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Ids of themes, in order.
    pub themes: Vec<i64>,
    /// Ids of units, in order.
    pub units: Vec<i64>,
    /// Measure id and value, in order.
    pub quantities: Vec<(i64, i64)>,
}

/// Stores a new campaign; its id.
pub async fn insert(
    conn: &mut Conn,
    unit_id: i64,
    key: &str,
    checked: &Checked,
    parts: &Parts,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<i64> {
    let id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into campaign (key, unit_id, title, from_day, to_day, lead, note, created_by, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
    )
    .bind(key).bind(unit_id).bind(&checked.title).bind(checked.period.from).bind(checked.period.to)
    .bind(&checked.lead).bind(&checked.note).bind(account_id).bind(now)
    .fetch_one(c).await)?;
    insert_parts(conn, id, parts).await?;
    Ok(id)
}

/// Puts a campaign's row and parts in place of the former ones.
pub async fn update(
    conn: &mut Conn,
    id: i64,
    checked: &Checked,
    parts: &Parts,
    cancelled_at: Option<DateTime<Utc>>,
) -> Result<()> {
    execute!(
        &mut *conn,
        sqlx::query(
            "update campaign set title = $1, from_day = $2, to_day = $3, lead = $4, note = $5, cancelled_at = $6 \
             where id = $7"
        )
        .bind(&checked.title)
        .bind(checked.period.from)
        .bind(checked.period.to)
        .bind(&checked.lead)
        .bind(&checked.note)
        .bind(cancelled_at)
        .bind(id)
    )?;
    execute!(&mut *conn, sqlx::query("delete from campaign_theme where campaign_id = $1").bind(id))?;
    execute!(&mut *conn, sqlx::query("delete from campaign_unit where campaign_id = $1").bind(id))?;
    execute!(&mut *conn, sqlx::query("delete from campaign_quantity where campaign_id = $1").bind(id))?;
    insert_parts(conn, id, parts).await
}

async fn insert_parts(conn: &mut Conn, id: i64, parts: &Parts) -> Result<()> {
    for (position, theme) in (0_i64..).zip(&parts.themes) {
        execute!(
            &mut *conn,
            sqlx::query("insert into campaign_theme (campaign_id, theme_id, position) values ($1, $2, $3)")
                .bind(id)
                .bind(*theme)
                .bind(position)
        )?;
    }
    for (position, unit) in (0_i64..).zip(&parts.units) {
        execute!(
            &mut *conn,
            sqlx::query("insert into campaign_unit (campaign_id, unit_id, position) values ($1, $2, $3)")
                .bind(id)
                .bind(*unit)
                .bind(position)
        )?;
    }
    for (position, (measure, value)) in (0_i64..).zip(&parts.quantities) {
        execute!(
            &mut *conn,
            sqlx::query(
                "insert into campaign_quantity (campaign_id, measure_id, value, position) values ($1, $2, $3, $4)"
            )
            .bind(id)
            .bind(*measure)
            .bind(*value)
            .bind(position)
        )?;
    }
    Ok(())
}
