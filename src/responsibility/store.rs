//! The responsibility list in the database.

use crate::{
    domain::{
        access::Scope,
        period::Day,
        responsibility::Checked,
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    execute, push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use std::collections::BTreeMap;

/// A stored row.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Row {
    pub id: i64,
    pub unit_id: i64,
    pub unit_code: String,
    pub unit_name: String,
    pub year: i64,
    pub content: String,
    pub lead: String,
    pub audience: String,
    pub medium: String,
    pub standard: String,
    pub deadline: Day,
    pub closed_at: Option<DateTime<Utc>>,
}

/// A campaign that a row is tied to.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Tie {
    pub responsibility_id: i64,
    pub campaign_id: i64,
    pub key: String,
    pub title: String,
    pub to_day: Day,
}

const SELECT: &str = "select responsibility.id, responsibility.unit_id, unit.code as unit_code, \
     unit.short_name as unit_name, year, content, lead, audience, medium, standard, deadline, closed_at \
     from responsibility join unit on unit.id = responsibility.unit_id where ";

/// The rows of a year at a unit and below, closed ones last, else by deadline.
pub async fn list(conn: &mut Conn, unit: &Unit, year: i32) -> Result<Vec<Row>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("unit.path >= ").push_bind(unit.path.clone());
        query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        query.push(" and year = ").push_bind(i64::from(year));
        query.push(" order by closed_at is not null, deadline, unit.code, responsibility.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// One row.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or its unit lies outside the scope.
pub async fn one(conn: &mut Conn, scope: &Scope, id: i64) -> Result<Row> {
    let row: Option<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("responsibility.id = ").push_bind(id).push(" and ");
        push_scope!(query, "unit.path", scope);
        query.build_query_as().fetch_optional(c).await
    })?;
    row.ok_or(Error::NotFound)
}

/// The campaigns of these rows, by row.
pub async fn ties(conn: &mut Conn, ids: &[i64]) -> Result<BTreeMap<i64, Vec<Tie>>> {
    let rows: Vec<Tie> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select responsibility_id, campaign_id, key, title, to_day from responsibility_campaign \
             join campaign on campaign.id = campaign_id where responsibility_id in (-1",
        );
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(") order by from_day, campaign_id");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut ties: BTreeMap<i64, Vec<Tie>> = BTreeMap::new();
    for tie in rows {
        ties.entry(tie.responsibility_id).or_default().push(tie);
    }
    Ok(ties)
}

/// Stores a new row.
pub async fn add(conn: &mut Conn, unit_id: i64, year: i32, row: &Checked, now: DateTime<Utc>) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into responsibility (unit_id, year, content, lead, audience, medium, standard, deadline, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
    ).bind(unit_id).bind(i64::from(year)).bind(&row.content).bind(&row.lead).bind(&row.audience).bind(&row.medium)
    .bind(&row.standard).bind(row.deadline).bind(now).fetch_one(c).await)?)
}

/// Changes a row.
pub async fn update(conn: &mut Conn, id: i64, row: &Checked) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "update responsibility set content = $1, lead = $2, audience = $3, medium = $4, standard = $5, \
             deadline = $6 where id = $7"
        )
        .bind(&row.content)
        .bind(&row.lead)
        .bind(&row.audience)
        .bind(&row.medium)
        .bind(&row.standard)
        .bind(row.deadline)
        .bind(id)
    )?;
    Ok(())
}

/// Closes a row, or with `None` takes it up again.
pub async fn close(conn: &mut Conn, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update responsibility set closed_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

/// Ties a row to these campaigns and no others.
pub async fn tie(conn: &mut Conn, id: i64, campaigns: &[i64]) -> Result<()> {
    execute!(&mut *conn, sqlx::query("delete from responsibility_campaign where responsibility_id = $1").bind(id))?;
    for campaign in campaigns {
        execute!(
            &mut *conn,
            sqlx::query("insert into responsibility_campaign (responsibility_id, campaign_id) values ($1, $2)")
                .bind(id)
                .bind(*campaign)
        )?;
    }
    Ok(())
}
