//! Many entries into the database, and out of the totals, by few statements.

use super::write_store::Entered;
use crate::{
    domain::activity::{Checked, Draft, Status},
    error::Result,
    execute, run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, types::Json};
use uuid::Uuid;

/// Entries in one statement: seventeen values each, below both engines' limits.
pub const AT_ONCE: usize = 500;

/// Inserts pairs in statements of no more than both engines take.
macro_rules! insert_pairs {
    ($conn:expr, $sql:literal, $pairs:expr) => {
        let pairs: Vec<_> = $pairs.collect();
        for part in pairs.chunks(4 * AT_ONCE) {
            run!(&mut *$conn, c => {
                let mut query = QueryBuilder::new($sql);
                query.push_values(part, |mut row, (id, other)| {
                    row.push_bind(*id).push_bind(*other);
                });
                query.build().execute(c).await.map(|_| ())
            })?;
        }
    };
}

/// Stores entries whose ids are free, without their totals.
pub async fn insert(conn: &mut Conn, entries: &[(Draft, Checked, Entered)]) -> Result<()> {
    for part in entries.chunks(AT_ONCE) {
        run!(&mut *conn, c => {
            let mut query = QueryBuilder::new(
                "insert into activity (id, unit_id, day, day_to, type_id, event_id, status, version, place, organiser, \
                 handler, note, batch_id, posted, entered_by, entered_at, late) ",
            );
            query.push_values(part, |mut row, (draft, checked, entered)| {
                row.push_bind(checked.id).push_bind(checked.unit_id).push_bind(checked.day).push_bind(checked.day_to);
                row.push_bind(checked.type_id).push_bind(checked.event_id).push_bind(Status::Submitted.key());
                row.push_bind(1_i64).push_bind(checked.place.clone()).push_bind(checked.organiser.clone());
                row.push_bind(checked.handler.clone()).push_bind(checked.note.clone()).push_bind(entered.batch_id);
                row.push_bind(Json(draft)).push_bind(entered.account_id).push_bind(entered.at).push_bind(entered.late);
            });
            query.build().execute(c).await.map(|_| ())
        })?;
        let quantities: Vec<_> =
            part.iter().flat_map(|(_, checked, _)| checked.quantities.iter().map(|one| (checked.id, one))).collect();
        for part in quantities.chunks(4 * AT_ONCE) {
            run!(&mut *conn, c => {
                let mut query = QueryBuilder::new("insert into quantity (activity_id, measure_id, precision, value) ");
                query.push_values(part, |mut row, (id, quantity)| {
                    row.push_bind(*id).push_bind(quantity.measure_id).push_bind(quantity.precision.key());
                    row.push_bind(quantity.value);
                });
                query.build().execute(c).await.map(|_| ())
            })?;
        }
        let all = || part.iter().map(|(_, checked, _)| checked);
        insert_pairs!(
            conn,
            "insert into activity_theme (activity_id, theme_id) ",
            all().flat_map(|one| one.theme_ids.iter().map(|id| (one.id, *id)))
        );
        insert_pairs!(
            conn,
            "insert into activity_campaign (activity_id, campaign_id) ",
            all().flat_map(|one| one.campaign_ids.iter().map(|id| (one.id, *id)))
        );
        insert_pairs!(
            conn,
            "insert into activity_cover (activity_id, unit_id) ",
            all().flat_map(|one| one.cover_ids.iter().map(|id| (one.id, *id)))
        );
        let offices: Vec<_> = all()
            .flat_map(|one| one.co_organisers.iter().enumerate().map(|(place, office)| (one.id, place as i64, office)))
            .collect();
        for part in offices.chunks(2 * AT_ONCE) {
            run!(&mut *conn, c => {
                let mut query =
                    QueryBuilder::new("insert into activity_co_organiser (activity_id, position, unit_id, name) ");
                query.push_values(part, |mut row, (id, place, (unit_id, name))| {
                    row.push_bind(*id).push_bind(*place).push_bind(*unit_id).push_bind(name.clone());
                });
                query.build().execute(c).await.map(|_| ())
            })?;
        }
    }
    Ok(())
}

/// Keeps what is asked about entries: (entry, question, its words, the answer).
pub async fn ask(conn: &mut Conn, questions: &[(Uuid, &'static str, String, String)]) -> Result<()> {
    for part in questions.chunks(4 * AT_ONCE) {
        run!(&mut *conn, c => {
            let mut query =
                QueryBuilder::new("insert into activity_question (activity_id, question, detail, answer) ");
            query.push_values(part, |mut row, (id, question, words, answer)| {
                row.push_bind(*id).push_bind(*question).push_bind(Json(words.clone())).push_bind(answer.clone());
            });
            query.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Which of these ids are taken, each with whether it was withdrawn with its whole import.
pub async fn taken(conn: &mut Conn, ids: &[Uuid]) -> Result<Vec<(Uuid, bool)>> {
    let mut all = Vec::new();
    for part in ids.chunks(AT_ONCE) {
        let found: Vec<(Uuid, bool)> = run!(&mut *conn, c => {
            let mut query = QueryBuilder::new(
                "select activity.id, status = 'withdrawn' and import.undone_at is not null from activity \
                 left join import on import.id = activity.batch_id where activity.id in (",
            );
            let mut list = query.separated(", ");
            for id in part {
                list.push_bind(*id);
            }
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        all.extend(found);
    }
    Ok(all)
}

/// Keeps others from changing the entries of a batch until this transaction ends; SQLite has one writer anyway.
pub async fn hold(conn: &mut Conn, batch_id: Uuid) -> Result<()> {
    if let Conn::Postgres(transaction) = conn {
        let query = sqlx::query("select id from activity where batch_id = $1 order by id for update").bind(batch_id);
        query.fetch_all(&mut **transaction).await?;
    }
    Ok(())
}

/// The entries of a batch that count and were corrected since: id, version, status.
pub async fn corrected(conn: &mut Conn, batch_id: Uuid) -> Result<Vec<(Uuid, i64, String)>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select id, version, status from activity where batch_id = $1 and status <> 'withdrawn' and version > 1",
    ).bind(batch_id).fetch_all(c).await)?)
}

/// Withdraws the entries of a batch; a version is kept of those that have none yet. How many they were.
pub async fn withdraw(
    conn: &mut Conn,
    batch_id: Uuid,
    reason: &str,
    account_id: i64,
    at: DateTime<Utc>,
) -> Result<u64> {
    execute!(
        &mut *conn,
        sqlx::query(
            "insert into activity_version (activity_id, version, body, status, reason, replaced_by, replaced_at) \
             select id, version, posted, status, $2, $3, $4 from activity \
             where batch_id = $1 and status <> 'withdrawn' and version = 1"
        )
        .bind(batch_id)
        .bind(reason)
        .bind(account_id)
        .bind(at)
    )?;
    execute!(
        &mut *conn,
        sqlx::query(
            "update activity set version = version + 1 where batch_id = $1 and status <> 'withdrawn' and version = 1"
        )
        .bind(batch_id)
    )?;
    Ok(execute!(
        conn,
        sqlx::query("update activity set status = 'withdrawn' where batch_id = $1 and status <> 'withdrawn'")
            .bind(batch_id)
    )?)
}
