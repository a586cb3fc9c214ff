//! Forms, cut-offs and sent tables in the database, and what of a table's figures came late.

use crate::{
    domain::{
        access::Scope,
        measure::Precision,
        period::{Day, Period},
        table::{Column, Cutoff},
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    execute, push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use uuid::Uuid;

/// The most tables that are listed as sent.
const LISTED: i64 = 60;
/// The most of a unit's own that are looked through: five years of months and quarters by four kinds of row.
const OWN: i64 = 320;

/// A form (表样) that an office made.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Form {
    pub id: i64,
    pub unit_id: i64,
    pub unit_name: String,
    pub unit_path: String,
    pub name: String,
    #[sqlx(json)]
    pub columns: Vec<Column>,
    pub retired_at: Option<DateTime<Utc>>,
}

const FORM: &str = "select table_form.id, unit_id, unit.short_name as unit_name, unit.path as unit_path, table_form.name, \
                    columns, retired_at from table_form join unit on unit.id = unit_id where ";

/// The forms that hold for a unit: its own and those of the units above it, retired ones last.
pub async fn forms(conn: &mut Conn, unit: &Unit) -> Result<Vec<Form>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(FORM);
        query.push("unit_id in (-1");
        for id in unit.ancestry() {
            query.push(", ").push_bind(id);
        }
        query.push(") order by retired_at is not null, table_form.id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Stores a new form.
pub async fn add_form(
    conn: &mut Conn,
    unit_id: i64,
    (name, columns): (&str, &[Column]),
    by: i64,
    now: DateTime<Utc>,
) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into table_form (unit_id, name, columns, changed_by, changed_at) values ($1, $2, $3, $4, $5) returning id",
    ).bind(unit_id).bind(name).bind(Json(columns)).bind(by).bind(now).fetch_one(c).await)?)
}

/// Changes a form: what was sent under it keeps its own columns.
pub async fn update_form(
    conn: &mut Conn,
    id: i64,
    (name, columns): (&str, &[Column]),
    by: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update table_form set name = $1, columns = $2, changed_by = $3, changed_at = $4 where id = $5")
            .bind(name)
            .bind(Json(columns))
            .bind(by)
            .bind(now)
            .bind(id)
    )?;
    Ok(())
}

/// Retires a form, or with `None` takes it up again.
pub async fn retire_form(conn: &mut Conn, id: i64, at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update table_form set retired_at = $1 where id = $2").bind(at).bind(id))?;
    Ok(())
}

/// Where a unit's months end: as it chose itself, or the nearest unit above it that did; and whose choice it is.
pub async fn cutoff(conn: &mut Conn, unit: &Unit) -> Result<(Cutoff, Option<i64>)> {
    let ancestry = unit.ancestry();
    let rows: Vec<(i64, Option<i64>)> = run!(conn, c => {
        let mut query = QueryBuilder::new("select unit_id, day from month_end where unit_id in (-1");
        for id in &ancestry {
            query.push(", ").push_bind(*id);
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?;
    let nearest = rows.into_iter().max_by_key(|(unit_id, _)| ancestry.iter().position(|id| id == unit_id));
    Ok(nearest.map_or((None, None), |(unit_id, day)| (day.and_then(|day| u32::try_from(day).ok()), Some(unit_id))))
}

/// Chooses where the months of a unit and all below it end.
pub async fn set_cutoff(conn: &mut Conn, unit_id: i64, day: Cutoff, by: i64, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into month_end (unit_id, day, changed_by, changed_at) values ($1, $2, $3, $4) \
             on conflict (unit_id) do update set day = excluded.day, changed_by = excluded.changed_by, \
             changed_at = excluded.changed_at"
        )
        .bind(unit_id)
        .bind(day.map(i64::from))
        .bind(by)
        .bind(now)
    )?;
    Ok(())
}

/// A table as it was sent.
#[derive(Clone, Debug, FromRow)]
pub struct Sent {
    pub id: Uuid,
    pub unit_id: i64,
    pub unit_name: String,
    pub title: String,
    #[sqlx(json)]
    pub question: super::action::Question,
    pub note: String,
    pub sent_by: String,
    pub sent_at: DateTime<Utc>,
}

const SENT: &str = "select table_sent.id, unit_id, unit.short_name as unit_name, title, question, note, \
                    account.display_name as sent_by, sent_at from table_sent join unit on unit.id = unit_id \
                    join account on account.id = sent_by where ";

/// What a unit and those below it sent, the latest first.
pub async fn sent(conn: &mut Conn, unit: &Unit) -> Result<Vec<Sent>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SENT);
        query.push("unit.path >= ").push_bind(unit.path.clone());
        query.push(" and unit.path < ").push_bind(path_end(&unit.path));
        query.push(" order by sent_at desc, table_sent.id desc limit ").push_bind(LISTED);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// What a unit itself sent, the latest first.
pub async fn own_sent(conn: &mut Conn, unit: &Unit) -> Result<Vec<Sent>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(SENT);
        query.push("unit_id = ").push_bind(unit.id);
        query.push(" order by sent_at desc, table_sent.id desc limit ").push_bind(OWN);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// One table as it was sent, with its figures.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or its unit lies outside the scope.
pub async fn sent_one(conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<(Sent, super::reckon::Table)> {
    let row: Option<Sent> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(SENT);
        query.push("table_sent.id = ").push_bind(id).push(" and ");
        push_scope!(query, "unit.path", scope);
        query.build_query_as().fetch_optional(c).await
    })?;
    let row = row.ok_or(Error::NotFound)?;
    let content: Json<super::reckon::Table> = run!(conn, c => sqlx::query_scalar(
        "select content from table_sent where id = $1",
    ).bind(id).fetch_one(c).await)?;
    Ok((row, content.0))
}

/// What is kept of a table that is sent.
pub struct NewSent<'a> {
    pub id: Uuid,
    pub unit_id: i64,
    pub title: &'a str,
    pub question: &'a super::action::Question,
    pub content: &'a super::reckon::Table,
    pub note: &'a str,
    pub by: i64,
    pub now: DateTime<Utc>,
}

/// Keeps a table as it is sent; it never changes.
pub async fn add_sent(conn: &mut Conn, one: NewSent<'_>) -> Result<()> {
    execute!(
        conn,
        sqlx::query(
            "insert into table_sent (id, unit_id, title, question, content, note, sent_by, sent_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(one.id)
        .bind(one.unit_id)
        .bind(one.title)
        .bind(Json(one.question))
        .bind(Json(one.content))
        .bind(one.note)
        .bind(one.by)
        .bind(one.now)
    )?;
    Ok(())
}

/// A count of an entry that came late.
#[derive(Clone, Debug, FromRow)]
pub struct Late {
    pub id: Uuid,
    pub unit_path: String,
    pub day: Day,
    pub day_to: Option<Day>,
    pub measure_id: i64,
    #[sqlx(try_from = "String")]
    pub precision: Precision,
    pub value: i64,
}

impl Late {
    /// From its first to its last day.
    pub fn lasted(&self) -> Period {
        Period { from: self.day, to: self.day_to.unwrap_or(self.day).max(self.day) }
    }
}

/// The counts of a unit and all below it that were entered after their month, of entries that touch the period.
pub async fn late(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<Late>> {
    // No entry lasts longer than a year.
    let first = period.from.checked_sub_days(chrono::Days::new(366)).unwrap_or(period.from);
    Ok(run!(conn, c => sqlx::query_as(
        "select activity.id, unit.path as unit_path, activity.day, activity.day_to, quantity.measure_id, quantity.precision, quantity.value from activity \
         join unit on unit.id = activity.unit_id join quantity on quantity.activity_id = activity.id \
         where unit.path >= $1 and unit.path < $2 and activity.late and activity.status <> 'withdrawn' \
         and activity.day >= $3 and activity.day <= $4 and coalesce(activity.day_to, activity.day) >= $5",
    ).bind(&unit.path).bind(path_end(&unit.path)).bind(first).bind(period.to).bind(period.from).fetch_all(c).await)?)
}
