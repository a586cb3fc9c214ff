//! Who did what: written in the transaction that does it, each row's hash covering the former row's. The last hash also
//! stands in `audit_head`: without it, nobody would miss rows that were cut off the end.

use super::{context::Ctx, db::Conn};
use crate::{domain::access::Actor, error::Result, execute, run};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::types::Json;

/// Something that was done, for [`record`].
#[derive(Debug)]
pub struct Entry<'a> {
    /// Who did it; `None` for the program itself.
    pub actor: Option<&'a Actor>,
    /// The unit it concerns: whoever administers that unit reads the entry.
    pub unit_id: Option<i64>,
    /// A verb: `activity.correct`, `account.add`.
    pub action: &'static str,
    /// What it was done to: an id, a code, a key.
    pub subject: String,
    /// What changed, as JSON. No secrets.
    pub detail: Value,
}

/// As [`record`]: whoever asks did it, now, to something of a unit.
pub async fn done(
    ctx: &Ctx,
    conn: &mut Conn,
    action: &'static str,
    unit_id: i64,
    subject: impl ToString,
    detail: Value,
) -> Result<()> {
    let entry =
        Entry { actor: Some(ctx.actor()?), unit_id: Some(unit_id), action, subject: subject.to_string(), detail };
    record(conn, ctx.now, entry).await
}

/// Writes an entry. Call it last in a transaction: on PostgreSQL it holds the chain until the commit.
pub async fn record(conn: &mut Conn, now: DateTime<Utc>, entry: Entry<'_>) -> Result<()> {
    // Changes nothing: it makes whoever writes the next row wait for this transaction's end.
    let former: Option<Vec<u8>> = run!(&mut *conn, c => {
        sqlx::query_scalar("update audit_head set id = 1 returning hash").fetch_one(c).await
    })?;
    let (account_id, name) = match entry.actor {
        Some(actor) => (Some(actor.account_id), actor.name.as_str()),
        None => (None, "pufa"),
    };
    // Both engines keep microseconds; what is hashed is what can be read again.
    let now = chrono::SubsecRound::trunc_subsecs(now, 6);
    let place = Place { account_id, unit_id: entry.unit_id };
    let hash = link(former.as_deref(), now, name, place, entry.action, &entry.subject, &entry.detail);
    execute!(&mut *conn, sqlx::query("update audit_head set hash = $1").bind(hash.clone()))?;
    execute!(
        conn,
        sqlx::query(
            "insert into audit (at, account_id, account_name, unit_id, action, subject, detail, hash) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(now)
        .bind(account_id)
        .bind(name)
        .bind(entry.unit_id)
        .bind(entry.action)
        .bind(&entry.subject)
        .bind(Json(&entry.detail))
        .bind(hash)
    )?;
    Ok(())
}

/// Whose entry it is, and who reads it.
#[derive(Clone, Copy)]
struct Place {
    account_id: Option<i64>,
    unit_id: Option<i64>,
}

fn link(
    former: Option<&[u8]>,
    at: DateTime<Utc>,
    name: &str,
    place: Place,
    action: &str,
    subject: &str,
    detail: &Value,
) -> Vec<u8> {
    let mut digest = Sha256::new();
    digest.update(former.unwrap_or_default());
    let number = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    let (account, unit) = (number(place.account_id), number(place.unit_id));
    let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    for part in [&at, name, &account, &unit, action, subject, &canonical(detail)] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    digest.finalize().to_vec()
}

/// JSON with its keys sorted: PostgreSQL's jsonb keeps no order.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| key.as_str());
            let list: Vec<String> =
                fields.into_iter().map(|(key, value)| format!("{key:?}:{}", canonical(value))).collect();
            format!("{{{}}}", list.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

/// Follows the chain from its beginning: the id of the first row that was altered or removed, or of one behind it.
pub async fn first_broken(conn: &mut Conn) -> Result<Option<i64>> {
    type Row = (i64, DateTime<Utc>, String, Option<i64>, Option<i64>, String, String, Json<Value>, Vec<u8>);
    const PAGE: i64 = 5_000;
    let mut former: Option<Vec<u8>> = None;
    let mut after = 0_i64;
    loop {
        let rows: Vec<Row> = run!(&mut *conn, c => sqlx::query_as(
            "select id, at, account_name, account_id, unit_id, action, subject, detail, hash from audit \
             where id > $1 order by id limit $2",
        ).bind(after).bind(PAGE).fetch_all(c).await)?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        for (id, at, name, account_id, unit_id, action, subject, detail, hash) in rows {
            let place = Place { account_id, unit_id };
            if link(former.as_deref(), at, &name, place, &action, &subject, &detail) != hash {
                return Ok(Some(id));
            }
            former = Some(hash);
        }
    }
    let head: Option<Vec<u8>> = run!(conn, c => sqlx::query_scalar("select hash from audit_head").fetch_one(c).await)?;
    Ok((head != former).then_some(after + 1))
}
