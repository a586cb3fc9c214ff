//! Many synthetic entries into the database at once.

use crate::{
    domain::{
        activity::{Checked, Draft, Status},
        unit::{Unit, path_end},
    },
    error::{Error, Result},
    run,
    server::db::Conn,
};
use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, types::Json};

/// Entries in one statement: seventeen values each, below both engines' limits.
const AT_ONCE: usize = 500;

/// Villages and communities at or below a unit, or all: (id, path, code).
pub async fn villages(conn: &mut Conn, unit: Option<&Unit>) -> Result<Vec<(i64, String, String)>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select id, path, code from unit where kind in ('village', 'community') and active_to is null",
        );
        if let Some(unit) = unit {
            query.push(" and path >= ").push_bind(unit.path.clone());
            query.push(" and path < ").push_bind(path_end(&unit.path));
        }
        query.push(" order by code");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Whose entries they are: the first account.
///
/// # Errors
/// A clear one when there is no account yet.
pub async fn author(conn: &mut Conn) -> Result<i64> {
    let id: Option<i64> = run!(conn, c => sqlx::query_scalar("select min(id) from account").fetch_one(c).await)?;
    id.ok_or_else(|| Error::internal("there is no account yet: `pufa demo` or `pufa user add` first"))
}

/// Stores entries, without their totals.
pub async fn insert(conn: &mut Conn, entries: &[(Draft, Checked, DateTime<Utc>)], author: i64) -> Result<()> {
    for part in entries.chunks(AT_ONCE) {
        run!(&mut *conn, c => {
            let mut query = QueryBuilder::new(
                "insert into activity (id, unit_id, day, day_to, type_id, event_id, status, version, place, organiser, \
                 handler, note, batch_id, posted, entered_by, entered_at, late) ",
            );
            query.push_values(part, |mut row, (draft, checked, at)| {
                row.push_bind(checked.id).push_bind(checked.unit_id).push_bind(checked.day).push_bind(checked.day_to);
                row.push_bind(checked.type_id).push_bind(checked.event_id).push_bind(Status::Submitted.key());
                row.push_bind(1_i64).push_bind("").push_bind("").push_bind("").push_bind(checked.note.clone());
                row.push_bind(None::<uuid::Uuid>).push_bind(Json(draft.clone())).push_bind(author).push_bind(*at);
                row.push_bind(false);
            });
            query.build().execute(c).await.map(|_| ())
        })?;
        run!(&mut *conn, c => {
            let mut query = QueryBuilder::new("insert into quantity (activity_id, measure_id, precision, value) ");
            let all = part.iter().flat_map(|(_, checked, _)| checked.quantities.iter().map(|one| (checked.id, one)));
            query.push_values(all, |mut row, (id, quantity)| {
                row.push_bind(id).push_bind(quantity.measure_id).push_bind(quantity.precision.key());
                row.push_bind(quantity.value);
            });
            query.build().execute(c).await.map(|_| ())
        })?;
        let themes: Vec<_> =
            part.iter().flat_map(|(_, checked, _)| checked.theme_ids.iter().map(|id| (checked.id, *id))).collect();
        if !themes.is_empty() {
            run!(&mut *conn, c => {
                let mut query = QueryBuilder::new("insert into activity_theme (activity_id, theme_id) ");
                query.push_values(&themes, |mut row, (id, theme)| {
                    row.push_bind(*id).push_bind(*theme);
                });
                query.build().execute(c).await.map(|_| ())
            })?;
        }
    }
    Ok(())
}
