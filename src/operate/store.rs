//! The audit trail as it is read, feedback, and facts about the database.

use crate::{domain::access::Scope, error::Result, execute, push_scope, run, server::db::Conn};
use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, QueryBuilder, types::Json};

/// An entry of the audit trail.
#[derive(Clone, Debug, FromRow)]
pub struct AuditRow {
    pub id: i64,
    pub at: DateTime<Utc>,
    pub account_name: String,
    /// What people call the one who did it; `None` for the program itself.
    pub display_name: Option<String>,
    pub unit_name: Option<String>,
    /// `noun.verb`: `activity.withdraw`.
    pub action: String,
    pub subject: String,
    pub detail: Json<Value>,
}

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// A log-in name.
    pub who: Option<String>,
    /// The beginning of an action: `account` or `account.close`.
    pub action: Option<String>,
    /// From this instant, inclusive.
    pub from: Option<DateTime<Utc>>,
    /// Until this instant, exclusive.
    pub until: Option<DateTime<Utc>>,
    /// Older than this entry: the page after it.
    pub before: Option<i64>,
    /// With the entries that concern no unit.
    pub without_unit: bool,
}

/// Entries that concern units within the scope, the newest first.
pub async fn audit(conn: &mut Conn, scope: &Scope, filter: &AuditFilter, limit: i64) -> Result<Vec<AuditRow>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select audit.id, at, account_name, display_name, unit.short_name as unit_name, action, subject, detail \
             from audit left join unit on unit.id = audit.unit_id left join account on account.id = audit.account_id \
             where (",
        );
        push_scope!(query, "unit.path", scope);
        if filter.without_unit {
            query.push(" or audit.unit_id is null");
        }
        query.push(")");
        if let Some(who) = &filter.who {
            query.push(" and account_name = ").push_bind(who.clone());
        }
        if let Some(action) = &filter.action {
            query.push(" and (action = ").push_bind(action.clone());
            query.push(" or substr(action, 1, cast(").push_bind(action.chars().count() as i64 + 1);
            query.push(" as integer)) = ").push_bind(format!("{action}.")).push(")");
        }
        if let Some(from) = filter.from {
            query.push(" and at >= ").push_bind(from);
        }
        if let Some(until) = filter.until {
            query.push(" and at < ").push_bind(until);
        }
        if let Some(before) = filter.before {
            query.push(" and audit.id < ").push_bind(before);
        }
        query.push(" order by audit.id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// What somebody told the administrator.
#[derive(Clone, Debug, FromRow)]
pub struct Feedback {
    pub text: String,
    pub page: String,
    pub created_at: DateTime<Utc>,
    pub account_id: i64,
    pub display_name: String,
}

pub async fn add_feedback(conn: &mut Conn, account_id: i64, text: &str, page: &str, now: DateTime<Utc>) -> Result<()> {
    execute!(
        conn,
        sqlx::query("insert into feedback (account_id, text, page, created_at) values ($1, $2, $3, $4)")
            .bind(account_id)
            .bind(text)
            .bind(page)
            .bind(now)
    )?;
    Ok(())
}

/// What this account wrote, and what accounts with a role within the scope wrote; the newest first.
pub async fn feedback(conn: &mut Conn, account_id: i64, scope: Option<&Scope>, limit: i64) -> Result<Vec<Feedback>> {
    Ok(run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select text, page, feedback.created_at, feedback.account_id, display_name \
             from feedback join account on account.id = feedback.account_id where (feedback.account_id = ",
        );
        query.push_bind(account_id);
        if let Some(scope) = scope {
            query.push(
                " or exists (select 1 from account_role join unit on unit.id = unit_id \
                 where account_role.account_id = feedback.account_id and ",
            );
            push_scope!(query, "unit.path", scope);
            query.push(")");
        }
        query.push(") order by feedback.id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// What the administrator wants to know about the database.
#[derive(Clone, Debug)]
pub struct Facts {
    /// `SQLite 3.50.2`, `PostgreSQL 15.6`.
    pub engine: String,
    /// Bytes.
    pub size: i64,
    pub last_backup: Option<DateTime<Utc>>,
}

pub async fn facts(conn: &mut Conn) -> Result<Facts> {
    let (engine, size) = match conn {
        Conn::Sqlite(c) => {
            let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut **c).await?;
            let size: i64 =
                sqlx::query_scalar("select page_count * page_size from pragma_page_count(), pragma_page_size()")
                    .fetch_one(&mut **c)
                    .await?;
            (format!("SQLite {version}"), size)
        }
        Conn::Postgres(c) => {
            let version: String =
                sqlx::query_scalar("select current_setting('server_version')").fetch_one(&mut **c).await?;
            let size: i64 =
                sqlx::query_scalar("select pg_database_size(current_database())").fetch_one(&mut **c).await?;
            (format!("PostgreSQL {}", version.split(' ').next().unwrap_or_default()), size)
        }
    };
    let last_backup: Option<DateTime<Utc>> = run!(conn, c => sqlx::query_scalar(
        "select at from audit where action = 'database.backup' order by id desc limit 1",
    ).fetch_optional(c).await)?;
    Ok(Facts { engine, size, last_backup })
}

/// The number of the newest migration that the database has gone through.
pub async fn migration(conn: &mut Conn) -> Result<i64> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "select cast(coalesce(max(version), 0) as bigint) from _sqlx_migrations where success",
    ).fetch_one(c).await)?)
}

/// Whether somebody entered something already: a unit or an account.
pub async fn holds_anything(conn: &mut Conn) -> Result<bool> {
    let any: Option<i64> = run!(conn, c => sqlx::query_scalar(
        "select id from unit union all select id from account limit 1",
    ).fetch_optional(c).await)?;
    Ok(any.is_some())
}

/// After a restore: sessions and links of the time of the backup open nothing.
pub async fn end_sessions(conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
    execute!(&mut *conn, sqlx::query("delete from session"))?;
    execute!(conn, sqlx::query("update login_link set used_at = $1 where used_at is null").bind(now))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{
        audit::{Entry, record},
        clock,
        testing::{World, each_engine},
    };

    #[tokio::test]
    async fn the_trail_is_read_by_unit_person_action_and_page() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            let (qian, sun, li) = (world.actor("qian").await, world.actor("sun").await, world.actor("li").await);
            let mut conn = world.db.write().await.expect("a transaction");
            for (actor, action) in [(&sun, "activity.add"), (&sun, "activity.withdraw"), (&li, "activity.add")] {
                let entry = Entry {
                    actor: Some(actor),
                    unit_id: actor.home_unit_id(),
                    action,
                    subject: "x".into(),
                    detail: serde_json::json!({ "reason": "重复" }),
                };
                record(&mut conn, clock::now(), entry).await.expect("an entry");
            }
            let program =
                Entry { actor: None, unit_id: None, action: "check", subject: String::new(), detail: Value::Null };
            record(&mut conn, clock::now(), program).await.expect("an entry");
            let none = AuditFilter::default();
            let all = audit(&mut conn, &qian.scope(), &none, 10).await.expect("entries");
            assert_eq!(all.len(), 3);
            assert_eq!((all[0].display_name.as_deref(), all[0].unit_name.as_deref()), (Some("李强"), Some("两河村")));
            let own = audit(&mut conn, &sun.scope(), &none, 10).await.expect("entries");
            assert_eq!(own.len(), 2, "a village sees its own");
            let filter = AuditFilter { action: Some("activity".into()), who: Some("sun".into()), ..none.clone() };
            assert_eq!(audit(&mut conn, &qian.scope(), &filter, 10).await.expect("entries").len(), 2);
            let filter = AuditFilter { action: Some("activity.with".into()), ..none.clone() };
            assert!(audit(&mut conn, &qian.scope(), &filter, 10).await.expect("entries").is_empty(), "whole words");
            let older = AuditFilter { before: Some(all[0].id), ..none.clone() };
            assert_eq!(audit(&mut conn, &qian.scope(), &older, 1).await.expect("entries")[0].id, all[1].id);
            let with = AuditFilter { without_unit: true, ..none };
            assert_eq!(audit(&mut conn, &qian.scope(), &with, 10).await.expect("entries").len(), 4);
        })
        .await;
    }

    #[tokio::test]
    async fn the_database_tells_its_kind_and_size() {
        each_engine(|db| async move {
            let mut conn = db.read().await.expect("a transaction");
            let facts = facts(&mut conn).await.expect("facts");
            assert!(facts.engine.starts_with("SQLite 3.") || facts.engine.starts_with("PostgreSQL 1"), "{facts:?}");
            assert!(facts.size > 10_000 && facts.last_backup.is_none());
            assert_eq!(migration(&mut conn).await.expect("a number"), crate::server::db::newest_migration());
        })
        .await;
    }
}
