//! Accounts and their roles in the database, and who stands behind a session or a token.

use crate::{
    domain::access::{Actor, Grant, Role, Scope},
    error::{Error, Result},
    execute, push_scope, run,
    server::{
        db::{Conn, Db},
        secret,
    },
};
use chrono::{DateTime, Duration, Utc};
use sqlx::{FromRow, QueryBuilder};

/// A session or a token is marked as used at most this often, so that reading pages does not write.
const SEEN_EVERY: Duration = Duration::hours(1);

/// Somebody who works, or worked, with Pufa.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Account {
    pub id: i64,
    /// The log-in name.
    pub name: String,
    /// The name people read.
    pub display_name: String,
    /// argon2id; `None` until the owner has chosen a password.
    pub password_hash: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Since when nobody can log in with it any more.
    pub closed_at: Option<DateTime<Utc>>,
}

/// A role that an account has on a unit, with the unit's names.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Held {
    pub account_id: i64,
    #[sqlx(try_from = "String")]
    pub role: Role,
    pub unit_id: i64,
    pub path: String,
    pub code: String,
    pub short_name: String,
}

impl Held {
    pub fn grant(&self) -> Grant {
        Grant { role: self.role, unit_id: self.unit_id, path: self.path.clone() }
    }
}

/// Who stands behind a secret: the account, one row for each role, one without roles too.
#[derive(FromRow)]
struct Behind {
    /// The session's or token's id.
    id: i64,
    account_id: i64,
    name: String,
    display_name: String,
    role: Option<String>,
    unit_id: Option<i64>,
    path: Option<String>,
}

/// The account of these rows with all its roles.
fn actor_of<'a>(rows: impl Iterator<Item = &'a Behind> + Clone) -> Option<(i64, Actor)> {
    let first = rows.clone().next()?;
    let grant = |row: &Behind| {
        let role = Role::from_key(row.role.as_deref()?)?;
        Some(Grant { role, unit_id: row.unit_id?, path: row.path.clone()? })
    };
    let actor = Actor {
        account_id: first.account_id,
        name: first.name.clone(),
        display_name: first.display_name.clone(),
        grants: rows.filter_map(grant).collect(),
    };
    Some((first.id, actor))
}

/// Whoever logs in with this session's secret, and the session's id; `None` when it has expired or was revoked.
pub async fn actor_of_session(db: &Db, secret: &str, now: DateTime<Utc>) -> Result<Option<(i64, Actor)>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        behind: Behind,
        seen_at: DateTime<Utc>,
        created_at: DateTime<Utc>,
        long: bool,
    }
    let mut conn = db.read().await?;
    let rows: Vec<Row> = run!(&mut conn, c => sqlx::query_as(
        "select session.id, session.account_id, account.name, account.display_name, role, account_role.unit_id, \
         unit.path, seen_at, session.created_at, long from session join account on account.id = session.account_id \
         left join account_role on account_role.account_id = account.id \
         left join unit on unit.id = account_role.unit_id \
         where hash = $1 and expires_at > $2 and closed_at is null order by unit.path, role",
    ).bind(secret::hash(secret)).bind(now).fetch_all(c).await)?;
    drop(conn);
    let Some((id, actor)) = actor_of(rows.iter().map(|row| &row.behind)) else { return Ok(None) };
    if let Some(Row { created_at, long, .. }) = rows.first().filter(|row| now - row.seen_at > SEEN_EVERY) {
        let mut conn = db.write().await?;
        let expires_at = (now + session_length(*long)).min(*created_at + session_end(*long));
        execute!(
            &mut conn,
            sqlx::query("update session set seen_at = $1, expires_at = $2 where id = $3")
                .bind(now)
                .bind(expires_at)
                .bind(id)
        )?;
        conn.commit().await?;
    }
    Ok(Some((id, actor)))
}

/// How long a session lasts without being used: 90 days on a phone of one's own, else 12 hours.
pub fn session_length(long: bool) -> Duration {
    if long { Duration::days(90) } else { Duration::hours(12) }
}

/// When a session ends however much it is used: after a year on a phone of one's own, else after a week.
pub fn session_end(long: bool) -> Duration {
    if long { Duration::days(366) } else { Duration::days(7) }
}

/// Whoever owns this bearer token; `None` when it was revoked or never given.
pub async fn actor_of_token(db: &Db, token: &str, now: DateTime<Utc>) -> Result<Option<Actor>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        behind: Behind,
        used_at: Option<DateTime<Utc>>,
    }
    let mut conn = db.read().await?;
    let rows: Vec<Row> = run!(&mut conn, c => sqlx::query_as(
        "select token.id, token.account_id, account.name, account.display_name, role, account_role.unit_id, \
         unit.path, used_at from token join account on account.id = token.account_id \
         left join account_role on account_role.account_id = account.id \
         left join unit on unit.id = account_role.unit_id \
         where hash = $1 and revoked_at is null and closed_at is null order by unit.path, role",
    ).bind(secret::hash(token)).fetch_all(c).await)?;
    drop(conn);
    let Some((id, actor)) = actor_of(rows.iter().map(|row| &row.behind)) else { return Ok(None) };
    if rows.iter().any(|row| row.used_at.is_none_or(|used_at| now - used_at > SEEN_EVERY)) {
        let mut conn = db.write().await?;
        execute!(&mut conn, sqlx::query("update token set used_at = $1 where id = $2").bind(now).bind(id))?;
        conn.commit().await?;
    }
    Ok(Some(actor))
}

/// An account with all its roles.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub async fn actor(conn: &mut Conn, account_id: i64) -> Result<Actor> {
    let (name, display_name): (String, String) = run!(&mut *conn, c => sqlx::query_as(
        "select name, display_name from account where id = $1",
    ).bind(account_id).fetch_optional(c).await)?
    .ok_or(Error::NotFound)?;
    let grants = held(conn, account_id).await?.iter().map(Held::grant).collect();
    Ok(Actor { account_id, name, display_name, grants })
}

/// Whether anybody has an account yet.
pub async fn any(conn: &mut Conn) -> Result<bool> {
    let one: Option<i64> =
        run!(conn, c => sqlx::query_scalar("select id from account limit 1").fetch_optional(c).await)?;
    Ok(one.is_some())
}

/// The account with this log-in name, closed ones included.
pub async fn by_name(conn: &mut Conn, name: &str) -> Result<Option<Account>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select id, name, display_name, password_hash, created_at, closed_at from account where name = $1",
    ).bind(name).fetch_optional(c).await)?)
}

/// The account with this id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn by_id(conn: &mut Conn, id: i64) -> Result<Account> {
    Ok(run!(conn, c => sqlx::query_as(
        "select id, name, display_name, password_hash, created_at, closed_at from account where id = $1",
    ).bind(id).fetch_one(c).await)?)
}

/// The roles of one account, topmost unit first.
pub async fn held(conn: &mut Conn, account_id: i64) -> Result<Vec<Held>> {
    Ok(run!(conn, c => sqlx::query_as(
        "select account_id, role, unit_id, path, code, short_name \
         from account_role join unit on unit.id = unit_id where account_id = $1 order by path, role",
    ).bind(account_id).fetch_all(c).await)?)
}

/// Every role given on a unit within the scope, by the unit's place in the tree, with its account.
pub async fn held_within(conn: &mut Conn, scope: &Scope) -> Result<Vec<(Account, Held)>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        account: Account,
        #[sqlx(flatten)]
        held: Held,
    }
    let rows: Vec<Row> = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select account.id, account.name, display_name, password_hash, created_at, closed_at, \
             account_id, role, unit_id, path, code, short_name \
             from account_role join unit on unit.id = unit_id join account on account.id = account_id where ",
        );
        push_scope!(query, "path", scope);
        query.push(" order by path, role, account.name");
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(|row| (row.account, row.held)).collect())
}

/// A new account without a role; `None` when the name is taken.
pub async fn insert(
    conn: &mut Conn,
    name: &str,
    display_name: &str,
    password_hash: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    Ok(run!(conn, c => sqlx::query_scalar(
        "insert into account (name, display_name, password_hash, created_at) values ($1, $2, $3, $4) \
         on conflict (name) do nothing returning id",
    ).bind(name).bind(display_name).bind(password_hash).bind(now).fetch_optional(c).await)?)
}

/// Gives a role on a unit; giving it again changes nothing.
pub async fn give(conn: &mut Conn, account_id: i64, role: Role, unit_id: i64) -> Result<()> {
    execute!(
        conn,
        sqlx::query("insert into account_role (account_id, role, unit_id) values ($1, $2, $3) on conflict do nothing")
            .bind(account_id)
            .bind(role.key())
            .bind(unit_id)
    )?;
    Ok(())
}

/// Takes all roles away.
pub async fn take_all(conn: &mut Conn, account_id: i64) -> Result<()> {
    execute!(conn, sqlx::query("delete from account_role where account_id = $1").bind(account_id))?;
    Ok(())
}

/// Sets the password's hash, or takes the password away.
pub async fn set_password(conn: &mut Conn, account_id: i64, hash: Option<&str>) -> Result<()> {
    execute!(conn, sqlx::query("update account set password_hash = $1 where id = $2").bind(hash).bind(account_id))?;
    Ok(())
}

pub async fn set_display_name(conn: &mut Conn, account_id: i64, display_name: &str) -> Result<()> {
    execute!(
        conn,
        sqlx::query("update account set display_name = $1 where id = $2").bind(display_name).bind(account_id)
    )?;
    Ok(())
}

/// Closes the account, or opens it again with `None`.
pub async fn set_closed(conn: &mut Conn, account_id: i64, closed_at: Option<DateTime<Utc>>) -> Result<()> {
    execute!(conn, sqlx::query("update account set closed_at = $1 where id = $2").bind(closed_at).bind(account_id))?;
    Ok(())
}
