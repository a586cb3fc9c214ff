//! Entries into the database: a new one, a corrected one, a withdrawn one.

use crate::{
    domain::{
        activity::{Checked, Draft, Quantity, Status},
        measure::Precision,
        period::Day,
        rollup::{self, Counted, Rows},
        unit::ancestry,
    },
    error::{Error, Result},
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{QueryBuilder, types::Json};
use uuid::Uuid;

/// Who entered it, when, and in which company.
#[derive(Clone, Debug)]
pub struct Entered {
    pub account_id: i64,
    pub at: DateTime<Utc>,
    /// Entered after the end of the activity's month (补报).
    pub late: bool,
    /// The same for all entries of one form for many villages.
    pub batch_id: Option<Uuid>,
}

/// What is there under an id: its unit's path and the body first posted.
pub async fn posted(conn: &mut Conn, id: Uuid) -> Result<Option<(String, Value)>> {
    let row: Option<(String, Json<Value>)> = run!(conn, c => sqlx::query_as(
        "select unit.path, activity.posted from activity join unit on unit.id = unit_id where activity.id = $1",
    ).bind(id).fetch_optional(c).await)?;
    Ok(row.map(|(path, body)| (path, body.0)))
}

/// Stores a new entry with its totals: `false`, and nothing done, where its id was taken meanwhile. `path` is its unit's.
pub async fn insert(conn: &mut Conn, path: &str, checked: &Checked, draft: &Draft, entered: &Entered) -> Result<bool> {
    let stored = execute!(
        &mut *conn,
        sqlx::query(
            "insert into activity (id, unit_id, day, day_to, type_id, event_id, status, version, place, organiser, \
             handler, note, batch_id, posted, entered_by, entered_at, late) \
             values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
             on conflict (id) do nothing"
        )
        .bind(checked.id)
        .bind(checked.unit_id)
        .bind(checked.day)
        .bind(checked.day_to)
        .bind(checked.type_id)
        .bind(checked.event_id)
        .bind(Status::Submitted.key())
        .bind(&checked.place)
        .bind(&checked.organiser)
        .bind(&checked.handler)
        .bind(&checked.note)
        .bind(entered.batch_id)
        .bind(Json(draft))
        .bind(entered.account_id)
        .bind(entered.at)
        .bind(entered.late)
    )?;
    if stored == 0 {
        return Ok(false);
    }
    insert_parts(conn, checked).await?;
    let mut rows = Rows::new();
    rollup::add(&mut rows, &counted(&ancestry(path), checked), 1);
    super::rollup_store::add(conn, &rows).await?;
    Ok(true)
}

fn counted<'a>(ancestry: &'a [i64], checked: &'a Checked) -> Counted<'a> {
    Counted {
        ancestry,
        day: checked.day,
        day_to: checked.day_to,
        quantities: &checked.quantities,
        theme_ids: &checked.theme_ids,
        campaign_ids: &checked.campaign_ids,
    }
}

/// Inserts (activity, other) pairs in one statement, where there are any.
macro_rules! insert_pairs {
    ($conn:expr, $sql:literal, $id:expr, $others:expr) => {
        if !$others.is_empty() {
            run!(&mut *$conn, c => {
                let mut query = QueryBuilder::new($sql);
                query.push_values($others.iter(), |mut row, other| {
                    row.push_bind($id).push_bind(*other);
                });
                query.build().execute(c).await.map(|_| ())
            })?;
        }
    };
}

async fn insert_parts(conn: &mut Conn, checked: &Checked) -> Result<()> {
    let id = checked.id;
    run!(&mut *conn, c => {
        let mut query = QueryBuilder::new("insert into quantity (activity_id, measure_id, precision, value) ");
        query.push_values(&checked.quantities, |mut row, quantity| {
            row.push_bind(id).push_bind(quantity.measure_id).push_bind(quantity.precision.key()).push_bind(quantity.value);
        });
        query.build().execute(c).await.map(|_| ())
    })?;
    insert_pairs!(conn, "insert into activity_theme (activity_id, theme_id) ", id, checked.theme_ids);
    insert_pairs!(conn, "insert into activity_campaign (activity_id, campaign_id) ", id, checked.campaign_ids);
    insert_pairs!(conn, "insert into activity_class (activity_id, class_id) ", id, checked.class_ids);
    insert_pairs!(conn, "insert into activity_cover (activity_id, unit_id) ", id, checked.cover_ids);
    for (position, (unit_id, name)) in checked.co_organisers.iter().enumerate() {
        execute!(
            &mut *conn,
            sqlx::query(
                "insert into activity_co_organiser (activity_id, position, unit_id, name) values ($1, $2, $3, $4)"
            )
            .bind(id)
            .bind(position as i64)
            .bind(*unit_id)
            .bind(name)
        )?;
    }
    Ok(())
}

/// What is counted of a stored entry: taken out of the totals before it is changed.
struct Stored {
    path: String,
    day: Day,
    day_to: Option<Day>,
    quantities: Vec<Quantity>,
    themes: Vec<i64>,
    campaigns: Vec<i64>,
}

async fn stored(conn: &mut Conn, id: Uuid) -> Result<Stored> {
    let row: Option<(String, Day, Option<Day>)> = run!(&mut *conn, c => sqlx::query_as(
        "select unit.path, day, day_to from activity join unit on unit.id = unit_id where activity.id = $1",
    ).bind(id).fetch_optional(c).await)?;
    let (path, day, day_to) = row.ok_or(Error::NotFound)?;
    let quantities: Vec<(i64, String, i64)> = run!(&mut *conn, c => sqlx::query_as(
        "select measure_id, precision, value from quantity where activity_id = $1",
    ).bind(id).fetch_all(c).await)?;
    let themes: Vec<i64> = run!(&mut *conn, c => sqlx::query_scalar(
        "select theme_id from activity_theme where activity_id = $1",
    ).bind(id).fetch_all(c).await)?;
    let campaigns: Vec<i64> = run!(conn, c => sqlx::query_scalar(
        "select campaign_id from activity_campaign where activity_id = $1",
    ).bind(id).fetch_all(c).await)?;
    let quantities = quantities
        .into_iter()
        .filter_map(|(measure_id, precision, value)| {
            Some(Quantity { measure_id, precision: Precision::from_key(&precision)?, value })
        })
        .collect();
    Ok(Stored { path, day, day_to, quantities, themes, campaigns })
}

/// Takes what is stored of an entry out of the totals (`sign` −1), or puts it back (1).
async fn count_stored(conn: &mut Conn, id: Uuid, rows: &mut Rows, sign: i64) -> Result<()> {
    let former = stored(conn, id).await?;
    let entry = Counted {
        ancestry: &ancestry(&former.path),
        day: former.day,
        day_to: former.day_to,
        quantities: &former.quantities,
        theme_ids: &former.themes,
        campaign_ids: &former.campaigns,
    };
    rollup::add(rows, &entry, sign);
    Ok(())
}

/// Why an entry is changed, by whom, and what it was.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    pub id: Uuid,
    /// The version that is replaced.
    pub version: i64,
    pub status: Status,
    /// The entry as it was, for its history.
    pub body: &'a Draft,
    pub reason: &'a str,
    pub account_id: i64,
    pub at: DateTime<Utc>,
}

/// Keeps the version that is replaced, and raises the version.
///
/// # Errors
/// [`Error::Stale`] when somebody else changed the entry meanwhile.
pub async fn keep_version(conn: &mut Conn, change: &Change<'_>) -> Result<()> {
    let raised = execute!(
        &mut *conn,
        sqlx::query("update activity set version = version + 1 where id = $1 and version = $2")
            .bind(change.id)
            .bind(change.version)
    )?;
    if raised == 0 {
        return Err(Error::Stale);
    }
    execute!(
        conn,
        sqlx::query(
            "insert into activity_version (activity_id, version, body, status, reason, replaced_by, replaced_at) \
             values ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(change.id)
        .bind(change.version)
        .bind(Json(change.body))
        .bind(change.status.key())
        .bind(change.reason)
        .bind(change.account_id)
        .bind(change.at)
    )?;
    Ok(())
}

/// Replaces an entry by its corrected version; the totals follow. What was accepted or returned was another version: the
/// corrected one is submitted again. `path` is the corrected entry's unit's, `late` whether its new day makes it a late
/// entry.
pub async fn correct(conn: &mut Conn, path: &str, checked: &Checked, change: &Change<'_>, late: bool) -> Result<()> {
    keep_version(conn, change).await?;
    let mut rows = Rows::new();
    count_stored(conn, change.id, &mut rows, -1).await?;
    for sql in [
        "delete from quantity where activity_id = $1",
        "delete from activity_theme where activity_id = $1",
        "delete from activity_campaign where activity_id = $1",
        "delete from activity_class where activity_id = $1",
        "delete from activity_cover where activity_id = $1",
        "delete from activity_co_organiser where activity_id = $1",
    ] {
        execute!(&mut *conn, sqlx::query(sql).bind(change.id))?;
    }
    execute!(
        &mut *conn,
        sqlx::query(
            "update activity set unit_id = $2, day = $3, day_to = $4, type_id = $5, event_id = $6, place = $7, \
             organiser = $8, handler = $9, note = $10, late = $11, status = $12 where id = $1"
        )
        .bind(change.id)
        .bind(checked.unit_id)
        .bind(checked.day)
        .bind(checked.day_to)
        .bind(checked.type_id)
        .bind(checked.event_id)
        .bind(&checked.place)
        .bind(&checked.organiser)
        .bind(&checked.handler)
        .bind(&checked.note)
        .bind(late)
        .bind(Status::Submitted.key())
    )?;
    insert_parts(conn, checked).await?;
    rollup::add(&mut rows, &counted(&ancestry(path), checked), 1);
    super::rollup_store::add(conn, &rows).await
}

/// Withdraws an entry: it stays, and no longer counts.
pub async fn withdraw(conn: &mut Conn, change: &Change<'_>) -> Result<()> {
    keep_version(conn, change).await?;
    let mut rows = Rows::new();
    count_stored(conn, change.id, &mut rows, -1).await?;
    execute!(
        &mut *conn,
        sqlx::query("update activity set status = $2 where id = $1").bind(change.id).bind(Status::Withdrawn.key())
    )?;
    super::rollup_store::add(conn, &rows).await
}

/// Takes a withdrawal back: the entry counts again, as `status`.
pub async fn restore(conn: &mut Conn, change: &Change<'_>, status: Status) -> Result<()> {
    keep_version(conn, change).await?;
    let mut rows = Rows::new();
    count_stored(conn, change.id, &mut rows, 1).await?;
    execute!(
        &mut *conn,
        sqlx::query("update activity set status = $2 where id = $1").bind(change.id).bind(status.key())
    )?;
    super::rollup_store::add(conn, &rows).await
}

/// Keeps the questions that the author is asked. One that was asked in other words is open again.
pub async fn ask(conn: &mut Conn, id: Uuid, questions: &[(&'static str, String)]) -> Result<()> {
    for (question, detail) in questions {
        execute!(
            &mut *conn,
            sqlx::query(
                "insert into activity_question (activity_id, question, detail, answer) values ($1, $2, $3, '') \
                 on conflict (activity_id, question) do update set detail = excluded.detail, answer = '' \
                 where activity_question.detail <> excluded.detail"
            )
            .bind(id)
            .bind(*question)
            .bind(Json(Value::String(detail.clone())))
        )?;
    }
    Ok(())
}

/// Settles open questions that a correction has answered.
pub async fn settle(conn: &mut Conn, id: Uuid, questions: &[&'static str], words: &str) -> Result<()> {
    if questions.is_empty() {
        return Ok(());
    }
    run!(conn, c => {
        let mut query = QueryBuilder::new("update activity_question set answer = ");
        query.push_bind(words.to_owned()).push(" where answer = '' and activity_id = ").push_bind(id);
        query.push(" and question in (");
        let mut list = query.separated(", ");
        for question in questions {
            list.push_bind(*question);
        }
        query.push(")");
        query.build().execute(c).await.map(|_| ())
    })?;
    Ok(())
}

/// Keeps what the author answered to a question.
pub async fn answer(conn: &mut Conn, id: Uuid, question: &str, answer: &str) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update activity_question set answer = $3 where activity_id = $1 and question = $2")
            .bind(id)
            .bind(question)
            .bind(answer)
    )?;
    Ok(())
}
