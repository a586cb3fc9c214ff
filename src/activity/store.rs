//! Reading the ledger: one entry, an entry's history. Lists are `list_store`'s.

use super::readable_store::push_readable;
use crate::{
    domain::{
        access::Scope,
        activity::{Draft, DraftQuantity, Status},
        measure::Precision,
        period::Day,
    },
    error::{Error, Result},
    push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

pub use super::{
    filter_store::Filter,
    list_store::{After, Order, newest as page},
};

/// An entry as it stands now, with the names that people read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Everything by key, as it could be posted.
    pub draft: Draft,
    pub unit_id: i64,
    pub unit_path: String,
    /// The unit's short name.
    pub unit_name: String,
    pub type_id: i64,
    pub status: Status,
    pub version: i64,
    pub late: bool,
    pub entered_at: DateTime<Utc>,
    pub entered_by: i64,
    /// The name of who typed it.
    pub entered_by_name: String,
    /// Measure ids in the order of `draft.quantities`.
    pub measure_ids: Vec<i64>,
    pub batch_id: Option<Uuid>,
}

#[derive(FromRow)]
pub(super) struct Row {
    id: Uuid,
    unit_id: i64,
    unit_code: String,
    unit_path: String,
    unit_name: String,
    day: Day,
    day_to: Option<Day>,
    type_id: i64,
    type_key: String,
    event_id: Option<Uuid>,
    #[sqlx(try_from = "String")]
    status: Status,
    version: i64,
    place: String,
    organiser: String,
    handler: String,
    note: String,
    batch_id: Option<Uuid>,
    entered_by: i64,
    entered_by_name: String,
    entered_at: DateTime<Utc>,
    late: bool,
    posted: Json<Value>,
}

pub(super) const SELECT: &str = "select activity.id, activity.unit_id, unit.code as unit_code, unit.path as unit_path, \
     unit.short_name as unit_name, activity.day, activity.day_to, activity.type_id, activity_type.key as type_key, \
     activity.event_id, activity.status, activity.version, activity.place, activity.organiser, activity.handler, \
     activity.note, activity.batch_id, activity.entered_by, account.display_name as entered_by_name, \
     activity.entered_at, activity.late, activity.posted \
     from activity join unit on unit.id = activity.unit_id join activity_type on activity_type.id = activity.type_id \
     join account on account.id = activity.entered_by where ";

/// Adds a list of ids to a query.
macro_rules! push_ids {
    ($query:expr, $ids:expr) => {{
        let mut list = $query.separated(", ");
        for id in $ids {
            list.push_bind(*id);
        }
    }};
}

/// The entry with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or neither its unit nor a co-organiser's lies in the scope.
pub async fn one(conn: &mut Conn, scope: &Scope, id: Uuid) -> Result<Entry> {
    let row: Option<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("activity.id = ").push_bind(id).push(" and ");
        push_readable!(query, scope);
        query.build_query_as().fetch_optional(c).await
    })?;
    let row = row.ok_or(Error::NotFound)?;
    entries(conn, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// The latest entries of a day at a unit, at most `limit` of them: (id, type).
pub async fn on_day(conn: &mut Conn, unit_id: i64, day: Day, limit: usize) -> Result<Vec<(Uuid, i64)>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select id, type_id from activity where unit_id = $1 and day = $2 and status <> 'withdrawn' \
         order by id desc limit $3",
    ).bind(unit_id).bind(day).bind(limit as i64).fetch_all(c).await)?)
}

/// The account's own latest entries, the last one first: to copy.
pub async fn latest_of(conn: &mut Conn, scope: &Scope, account_id: i64, limit: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("activity.entered_by = ").push_bind(account_id).push(" and activity.status <> 'withdrawn' and ");
        push_scope!(query, "unit.path", scope);
        query.push(" order by activity.entered_at desc, activity.id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    entries(conn, rows).await
}

/// The types the account logged last, the most used of its latest 50 entries first: type ids.
pub async fn types_used(conn: &mut Conn, account_id: i64) -> Result<Vec<i64>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select type_id from (select type_id, entered_at from activity where entered_by = $1 \
         order by entered_at desc limit 50) latest group by type_id order by count(*) desc, max(entered_at) desc",
    ).bind(account_id).fetch_all(c).await)?)
}

/// What an entry may have several of: entry, kind, key or name, and its place among those of its kind.
const KEYS: [&str; 5] = [
    "select activity_id, 'theme' as kind, theme.key as key, cast(0 as bigint) as place from activity_theme join theme on theme.id = theme_id",
    "select activity_id, 'campaign', campaign.key, 0 from activity_campaign join campaign on campaign.id = campaign_id",
    "select activity_id, 'class', class.name, 0 from activity_class join class on class.id = class_id",
    "select activity_id, 'cover', unit.code, 0 from activity_cover join unit on unit.id = unit_id",
    "select activity_id, 'helper', name, position from activity_co_organiser",
];

/// Adds what belongs to entries, in two queries for all of them.
pub(super) async fn entries(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Entry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut quantities = by_entry(quantities_of(conn, &ids).await?);
    let keys: Vec<(Uuid, String, String, i64)> = run!(conn, c => {
        let mut query = QueryBuilder::new("");
        for (number, sql) in KEYS.iter().enumerate() {
            query.push(if number == 0 { "" } else { " union all " }).push(*sql).push(" where activity_id in (");
            push_ids!(query, &ids);
            query.push(")");
        }
        query.push(" order by 4, 3");
        query.build_query_as().fetch_all(c).await
    })?;
    let of_kind = |wanted: &str| {
        by_entry(keys.iter().filter(|(_, kind, ..)| kind == wanted).map(|(id, _, key, _)| (*id, key.clone())).collect())
    };
    let mut themes = of_kind("theme");
    let mut campaigns = of_kind("campaign");
    let mut classes = of_kind("class");
    let mut covers = of_kind("cover");
    let mut helpers = of_kind("helper");
    let listed = |map: &mut BTreeMap<Uuid, Vec<String>>, id: Uuid, posted: &Value, member| {
        let mut list = map.remove(&id).unwrap_or_default();
        sort_as_posted(&mut list, posted, member, |own, posted| posted.as_str() == Some(own.as_str()));
        list
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut counts = quantities.remove(&row.id).unwrap_or_default();
            sort_as_posted(&mut counts, &row.posted, "quantities", |(_, own), posted| {
                posted["measure"] == own.measure.as_str() && posted["precision"] == own.precision.key()
            });
            Entry {
                measure_ids: counts.iter().map(|count| count.0).collect(),
                draft: Draft {
                    id: row.id,
                    unit: row.unit_code,
                    date: row.day,
                    date_to: row.day_to,
                    kind: Some(row.type_key),
                    themes: listed(&mut themes, row.id, &row.posted, "themes"),
                    campaigns: listed(&mut campaigns, row.id, &row.posted, "campaigns"),
                    event: row.event_id,
                    classes: listed(&mut classes, row.id, &row.posted, "classes"),
                    covers: listed(&mut covers, row.id, &row.posted, "covers"),
                    quantities: counts.into_iter().map(|count| count.1).collect(),
                    note: row.note,
                    place: row.place,
                    organiser: row.organiser,
                    co_organisers: helpers.remove(&row.id).unwrap_or_default(),
                    handler: row.handler,
                },
                unit_id: row.unit_id,
                unit_path: row.unit_path,
                unit_name: row.unit_name,
                type_id: row.type_id,
                status: row.status,
                version: row.version,
                late: row.late,
                entered_at: row.entered_at,
                entered_by: row.entered_by,
                entered_by_name: row.entered_by_name,
                batch_id: row.batch_id,
            }
        })
        .collect())
}

/// Puts a list in the order in which it was posted; what a correction added comes last.
fn sort_as_posted<T>(list: &mut [T], posted: &Value, member: &str, same: impl Fn(&T, &Value) -> bool) {
    let order = posted[member].as_array().map(Vec::as_slice).unwrap_or_default();
    list.sort_by_cached_key(|own| order.iter().position(|posted| same(own, posted)).unwrap_or(usize::MAX));
}

async fn quantities_of(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<(Uuid, (i64, DraftQuantity))>> {
    let rows: Vec<(Uuid, i64, String, String, i64)> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select activity_id, measure_id, measure.key, precision, value from quantity \
             join measure on measure.id = measure_id where activity_id in (",
        );
        push_ids!(query, ids);
        query.push(") order by measure.position, precision desc");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, measure_id, measure, precision, value)| {
            let precision = Precision::from_key(&precision)?;
            Some((id, (measure_id, DraftQuantity { measure, value, precision })))
        })
        .collect())
}

fn by_entry<T>(pairs: Vec<(Uuid, T)>) -> BTreeMap<Uuid, Vec<T>> {
    let mut map: BTreeMap<Uuid, Vec<T>> = BTreeMap::new();
    for (id, value) in pairs {
        map.entry(id).or_default().push(value);
    }
    map
}

/// A former version: what the entry was, and why it was changed.
#[derive(Clone, Debug)]
pub struct Former {
    pub version: i64,
    pub body: Draft,
    pub status: String,
    pub reason: String,
    pub replaced_by: String,
    pub replaced_at: DateTime<Utc>,
}

/// An entry's former versions, the latest first.
pub async fn history(conn: &mut Conn, id: Uuid) -> Result<Vec<Former>> {
    type Line = (i64, Json<Draft>, String, String, String, DateTime<Utc>);
    let rows: Vec<Line> = run!(conn, c => sqlx::query_as(
        "select version, body, status, reason, account.display_name, replaced_at from activity_version \
         join account on account.id = replaced_by where activity_id = $1 order by version desc",
    ).bind(id).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(version, body, status, reason, replaced_by, replaced_at)| Former {
            version,
            body: body.0,
            status,
            reason,
            replaced_by,
            replaced_at,
        })
        .collect())
}

/// What somebody answered to a question about an entry.
#[derive(Clone, Debug)]
pub struct Answered {
    pub at: DateTime<Utc>,
    pub by: String,
    pub words: String,
}

/// The answers to the questions about an entry as they were given, the last first.
pub async fn answers(conn: &mut Conn, id: Uuid) -> Result<Vec<Answered>> {
    let rows: Vec<(DateTime<Utc>, String, Json<Value>)> = run!(conn, c => sqlx::query_as(
        "select audit.at, coalesce(account.display_name, audit.account_name), audit.detail from audit \
         left join account on account.id = audit.account_id where subject = $1 and action = 'activity.answer' \
         order by audit.id desc",
    ).bind(id.to_string()).fetch_all(c).await)?;
    let words = |detail: &Value| detail["answer"].as_str().unwrap_or_default().to_owned();
    Ok(rows.into_iter().map(|(at, by, detail)| Answered { at, by, words: words(&detail.0) }).collect())
}

/// The questions asked of an entry: (question, detail, answer).
pub async fn questions(conn: &mut Conn, id: Uuid) -> Result<Vec<(String, String, String)>> {
    let rows: Vec<(String, Json<String>, String)> = run!(conn, c => sqlx::query_as(
        "select question, detail, answer from activity_question where activity_id = $1 order by question",
    ).bind(id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(question, detail, answer)| (question, detail.0, answer)).collect())
}
