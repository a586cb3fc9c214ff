//! Reviews in the database: what waits for a look, what was said of it, what went back to its author.

use crate::{
    domain::{
        access::Scope,
        activity::Status,
        catalogue::EvidencePolicy,
        measure::Precision,
        period::{Day, Period},
        review::{Remark, Verdict},
        unit::{Unit, path_end},
    },
    error::Result,
    evidence, execute, push_scope, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder, types::Json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// An entry that waits for a look, in a few lines.
#[derive(Clone, Debug, FromRow)]
pub struct Waiting {
    pub id: Uuid,
    pub version: i64,
    pub day: Day,
    pub day_to: Option<Day>,
    pub unit_name: String,
    pub type_name: String,
    pub type_name_en: Option<String>,
    /// The type's policy: none, recommended, required.
    pub policy: String,
    pub place: String,
    pub late: bool,
    pub entered_by_name: String,
    /// (measure id, precision, value)
    #[sqlx(skip)]
    pub counts: Vec<(i64, Precision, i64)>,
    /// (what was asked, the answer)
    #[sqlx(skip)]
    pub questions: Vec<(String, String)>,
    /// How many pieces of evidence it has.
    #[sqlx(skip)]
    pub evidence: i64,
}

impl Waiting {
    /// Whether its type asks for evidence and it has none.
    pub fn lacks_evidence(&self) -> bool {
        self.policy == EvidencePolicy::Required.key() && self.evidence == 0
    }

    /// Whether it can be accepted without a look: nothing is asked that was not answered, and no evidence is missing.
    pub fn is_clean(&self) -> bool {
        !self.lacks_evidence() && self.questions.iter().all(|(_, answer)| !answer.is_empty())
    }
}

/// Which of the entries that wait.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    pub period: Option<Period>,
    pub type_id: Option<i64>,
    /// Only those about which something was asked.
    pub asked: bool,
}

/// Adds the conditions of a filter to a query over unit and activity. The status is written out: the index of what waits
/// holds no others.
macro_rules! push_waiting {
    ($query:expr, $unit:expr, $filter:expr) => {
        $query.push(" activity.unit_id = unit.id and activity.status = 'submitted' and unit.path >= ");
        $query.push_bind($unit.path.clone()).push(" and unit.path < ").push_bind(path_end(&$unit.path));
        if let Some(period) = $filter.period {
            $query.push(" and activity.day >= ").push_bind(period.from);
            $query.push(" and activity.day <= ").push_bind(period.to);
        }
        if let Some(kind) = $filter.type_id {
            $query.push(" and activity.type_id = ").push_bind(kind);
        }
        if $filter.asked {
            $query.push(" and exists (select 1 from activity_question asked where asked.activity_id = activity.id)");
        }
    };
}

/// Entries that wait at a unit and below, the latest day first.
pub async fn waiting(conn: &mut Conn, unit: &Unit, filter: &Filter, limit: i64) -> Result<Vec<Waiting>> {
    let mut rows: Vec<Waiting> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select activity.id, activity.version, activity.day, activity.day_to, unit.short_name as unit_name, \
             activity_type.name as type_name, activity_type.name_en as type_name_en, activity_type.evidence as policy, \
             activity.place, activity.late, account.display_name as entered_by_name \
             from unit cross join activity join activity_type on activity_type.id = activity.type_id \
             join account on account.id = activity.entered_by where",
        );
        push_waiting!(query, unit, filter);
        query.push(" order by activity.day desc, activity.id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    if rows.is_empty() {
        return Ok(rows);
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let counts: Vec<(Uuid, i64, String, i64)> = run!(&mut *conn, c => {
        let mut query = QueryBuilder::new(
            "select activity_id, measure_id, precision, value from quantity where activity_id in (",
        );
        let mut list = query.separated(", ");
        ids.iter().for_each(|id| { list.push_bind(*id); });
        query.push(") order by measure_id");
        query.build_query_as().fetch_all(c).await
    })?;
    let questions: Vec<(Uuid, Json<String>, String)> = run!(&mut *conn, c => {
        let mut query =
            QueryBuilder::new("select activity_id, detail, answer from activity_question where activity_id in (");
        let mut list = query.separated(", ");
        ids.iter().for_each(|id| { list.push_bind(*id); });
        query.push(") order by question");
        query.build_query_as().fetch_all(c).await
    })?;
    let evidence: BTreeMap<Uuid, i64> = evidence::store::counts(conn, &ids).await?.into_iter().collect();
    for row in &mut rows {
        row.evidence = evidence.get(&row.id).copied().unwrap_or_default();
        let own = counts.iter().filter(|(id, ..)| *id == row.id);
        row.counts = own
            .filter_map(|(_, measure, precision, value)| Some((*measure, Precision::from_key(precision)?, *value)))
            .collect();
        let own = questions.iter().filter(|(id, ..)| *id == row.id);
        row.questions = own.map(|(_, words, answer)| (words.0.clone(), answer.clone())).collect();
    }
    Ok(rows)
}

/// How many entries wait at a unit and below; no further than to `most`.
pub async fn count(conn: &mut Conn, unit: &Unit, filter: &Filter, most: i64) -> Result<i64> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new("select count(*) from (select 1 as one from unit cross join activity where");
        push_waiting!(query, unit, filter);
        query.push(" limit ").push_bind(most).push(") as few");
        query.build_query_scalar().fetch_one(c).await
    })?)
}

/// The latest day of an entry that waits at a unit and below.
pub async fn latest_day(conn: &mut Conn, unit: &Unit) -> Result<Option<Day>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new("select max(activity.day) from unit cross join activity where");
        push_waiting!(query, unit, Filter::default());
        query.build_query_scalar().fetch_one(c).await
    })?)
}

/// Id and version of what can be accepted without a look: no question is open, no evidence is missing.
pub async fn clean(conn: &mut Conn, unit: &Unit, filter: &Filter, limit: i64) -> Result<Vec<(Uuid, i64)>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select activity.id, activity.version from unit cross join activity \
             join activity_type on activity_type.id = activity.type_id where",
        );
        push_waiting!(query, unit, filter);
        query.push(
            " and (activity_type.evidence <> 'required' or exists (select 1 from evidence_link piece \
             where piece.activity_id = activity.id and piece.unlinked_at is null)) and not exists (select 1 from activity_question asked \
             where asked.activity_id = activity.id and asked.answer = '') order by activity.day, activity.id limit ",
        );
        query.push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// An entry as it stands: id, version, status, its unit's path.
pub type Standing = (Uuid, i64, String, String);

/// How entries stand.
pub async fn standing(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<Standing>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select activity.id, version, status, unit.path from activity join unit on unit.id = unit_id where activity.id in (",
        );
        let mut list = query.separated(", ");
        ids.iter().for_each(|id| { list.push_bind(*id); });
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Entries in one statement, below both engines' limits of values.
const AT_ONCE: usize = 500;

/// Accepts entries of these versions that still wait; which of them: what somebody changes meanwhile is left alone.
pub async fn accept(
    conn: &mut Conn,
    entries: &[(Uuid, i64)],
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, i64)>> {
    let mut accepted = Vec::new();
    for part in entries.chunks(AT_ONCE) {
        // By id alone the rows are found in the index; the pairs say which version was seen.
        let done: Vec<(Uuid, i64)> = run!(&mut *conn, c => {
            let mut query = QueryBuilder::new(
                "update activity set status = 'accepted' where status = 'submitted' and id in (",
            );
            let mut list = query.separated(", ");
            part.iter().for_each(|(id, _)| { list.push_bind(*id); });
            query.push(") and (id, version) in (");
            query.push_values(part, |mut row, (id, version)| {
                row.push_bind(*id).push_bind(*version);
            });
            query.push(") returning id, version");
            query.build_query_as().fetch_all(c).await
        })?;
        if done.is_empty() {
            continue;
        }
        run!(&mut *conn, c => {
            let mut query = QueryBuilder::new(
                "insert into activity_review (activity_id, version, verdict, reasons, remark, reviewed_by, reviewed_at) ",
            );
            query.push_values(&done, |mut row, (id, version)| {
                row.push_bind(*id).push_bind(*version).push_bind(Verdict::Accepted.key()).push_bind("").push_bind("");
                row.push_bind(account_id).push_bind(now);
            });
            query.build().execute(c).await.map(|_| ())
        })?;
        accepted.extend(done);
    }
    Ok(accepted)
}

/// Says of one entry's version what was found.
pub async fn review(
    conn: &mut Conn,
    (id, version): (Uuid, i64),
    verdict: Verdict,
    remark: &Remark,
    account_id: i64,
    now: DateTime<Utc>,
) -> Result<()> {
    let status = match verdict {
        Verdict::Accepted => Status::Accepted,
        Verdict::Returned => Status::Returned,
    };
    execute!(&mut *conn, sqlx::query("update activity set status = $2 where id = $1").bind(id).bind(status.key()))?;
    execute!(
        conn,
        sqlx::query(
            "insert into activity_review (activity_id, version, verdict, reasons, remark, reviewed_by, reviewed_at) \
             values ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(id)
        .bind(version)
        .bind(verdict.key())
        .bind(remark.reasons())
        .bind(&remark.words)
        .bind(account_id)
        .bind(now)
    )?;
    Ok(())
}

/// What was said of an entry.
#[derive(Clone, Debug)]
pub struct Review {
    pub version: i64,
    pub verdict: Verdict,
    pub remark: Remark,
    pub reviewed_by: String,
    pub at: DateTime<Utc>,
}

/// An entry's reviews, the last first.
pub async fn of_entry(conn: &mut Conn, id: Uuid) -> Result<Vec<Review>> {
    type Row = (i64, String, String, String, String, DateTime<Utc>);
    let rows: Vec<Row> = run!(conn, c => sqlx::query_as(
        "select version, verdict, reasons, remark, account.display_name, reviewed_at from activity_review \
         join account on account.id = reviewed_by where activity_id = $1 order by activity_review.id desc",
    ).bind(id).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .filter_map(|(version, verdict, reasons, words, reviewed_by, at)| {
            let verdict = Verdict::from_key(&verdict)?;
            Some(Review { version, verdict, remark: Remark::of(&reasons, words), reviewed_by, at })
        })
        .collect())
}

/// An entry that went back to its author.
#[derive(Clone, Debug, FromRow)]
pub struct Returned {
    pub id: Uuid,
    pub day: Day,
    pub unit_name: String,
    pub type_name: String,
    pub type_name_en: Option<String>,
    reasons: String,
    remark: String,
    pub reviewed_by: String,
    pub reviewed_at: DateTime<Utc>,
}

impl Returned {
    pub fn remark(&self) -> Remark {
        Remark::of(&self.reasons, self.remark.clone())
    }
}

/// What went back to an account, or to the units where it logs: the oldest day first.
pub async fn returned_to(conn: &mut Conn, account_id: i64, scope: &Scope, limit: i64) -> Result<Vec<Returned>> {
    Ok(run!(conn, c => {
        // Few are returned at any time, and they have an index of their own.
        let mut query = QueryBuilder::new(
            "select entry.id, entry.day, unit.short_name as unit_name, activity_type.name as type_name, \
             activity_type.name_en as type_name_en, review.reasons, review.remark, \
             account.display_name as reviewed_by, review.reviewed_at from activity as entry \
             join unit on unit.id = entry.unit_id join activity_type on activity_type.id = entry.type_id \
             join activity_review as review on review.id = (select max(last.id) from activity_review as last \
             where last.activity_id = entry.id and last.verdict = 'returned') \
             join account on account.id = review.reviewed_by where entry.status = 'returned' and (entry.entered_by = ",
        );
        query.push_bind(account_id).push(" or ");
        push_scope!(query, "unit.path", scope);
        query.push(") order by entry.day, entry.id limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The other entries of one form for many villages about which something was asked that nobody answered: (id, unit).
pub async fn open_in_batch(conn: &mut Conn, batch: Uuid, but: Uuid) -> Result<Vec<(Uuid, String)>> {
    // Few wait for an answer: the walk begins with them, by an index that holds no others.
    Ok(run!(conn, c => sqlx::query_as(
        "select activity.id, unit.short_name from \
         (select distinct activity_id from activity_question where answer = '') as asked \
         cross join activity cross join unit where activity.id = asked.activity_id and unit.id = activity.unit_id \
         and activity.batch_id = $1 and activity.id <> $2 and activity.status <> 'withdrawn' order by unit.code",
    ).bind(batch).bind(but).fetch_all(c).await)?)
}
