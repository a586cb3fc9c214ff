//! One's own account: log in and out, password, sessions, tokens, the one-time link.

use super::{password, rule, session_store, store};
use crate::{
    domain::problem::Problems,
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        context::{Ctx, session_cookie},
        db::Conn,
        state::Settings,
    },
};
use axum::http::HeaderValue;
use serde_json::{Value, json};

/// Logs in and answers the new session's secret. Unknown names, closed accounts and wrong passwords are not told
/// apart, by the answer or by the time it takes.
///
/// # Errors
/// [`Error::TooMany`] after too many attempts; a problem at the field `password` when the two do not fit.
pub async fn log_in(ctx: &Ctx, name: &str, secret: &str, long: bool) -> Result<String> {
    let name = rule::tidy_name(name);
    let mut problems = Problems::default();
    if name.is_empty() {
        problems.add("name", ctx.locale.account_name_missing());
    }
    if secret.is_empty() {
        problems.add("password", ctx.locale.account_password_missing());
    }
    problems.into_result(())?;
    // What is no name is not remembered as one: it may be as long as a form.
    let counted = if rule::is_name(&name) { name.as_str() } else { "" };
    ctx.settings.login_limit.attempt(ctx.peer, counted)?;
    let mut conn = ctx.db.read().await?;
    let account = store::by_name(&mut conn, &name).await?.filter(|account| account.closed_at.is_none());
    drop(conn);
    let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
    let fits = password::verify(secret, hash).await?;
    let Some(account) = account.filter(|_| fits) else {
        return Err(Error::invalid("password", ctx.locale.account_log_in_wrong()));
    };
    ctx.settings.login_limit.succeeded(ctx.peer, &name);
    let mut conn = ctx.db.write().await?;
    let session = begin(ctx, &mut conn, account.id, long).await?;
    conn.commit().await?;
    Ok(session)
}

/// A new session instead of the one that this browser may have had.
async fn begin(ctx: &Ctx, conn: &mut Conn, account_id: i64, long: bool) -> Result<String> {
    if let (Some(former), Ok(actor)) = (ctx.session_id, ctx.actor()) {
        session_store::end(conn, actor.account_id, former).await?;
    }
    session_store::begin(conn, account_id, &ctx.agent, long, ctx.now).await
}

/// Ends the session of this browser.
pub async fn log_out(ctx: &Ctx) -> Result<()> {
    if let (Some(session), Ok(actor)) = (ctx.session_id, ctx.actor()) {
        let mut conn = ctx.db.write().await?;
        session_store::end(&mut conn, actor.account_id, session).await?;
        conn.commit().await?;
    }
    Ok(())
}

/// The cookie that carries a session; without a secret it takes the session away. The server alone decides when a
/// session ends: the cookie of a long one merely outlives the browser.
pub fn cookie(settings: &Settings, secret: Option<(&str, bool)>) -> HeaderValue {
    const YEAR: i64 = 366 * 24 * 3600;
    let name = session_cookie(settings);
    let secure = if settings.tls { "; Secure" } else { "" };
    let (value, age) = match secret {
        Some((secret, true)) => (secret, format!("; Max-Age={YEAR}")),
        Some((secret, false)) => (secret, String::new()),
        None => ("", "; Max-Age=0".into()),
    };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    // A secret is hexadecimal.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("pufa=; Path=/; Max-Age=0"))
}

/// Where to go after logging in: a path of this server, else home.
pub fn local(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t'])
        && !["/login", "/setup", "/link"].iter().any(|page| next.starts_with(page));
    if is_local { next } else { "/" }
}

/// Changes one's own password and ends all other sessions.
///
/// # Errors
/// The old password does not fit, the new one is too short or typed differently the second time.
pub async fn change_password(ctx: &Ctx, old: &str, new: &str, again: &str) -> Result<()> {
    let actor = ctx.actor()?;
    let mut problems = Problems::default();
    for problem in password::check(ctx.locale, "password", new, Some(again)) {
        problems.add(problem.field, problem.message);
    }
    // Guessing the old password in somebody's open browser counts as guessing at the door.
    ctx.settings.login_limit.attempt(ctx.peer, &actor.name)?;
    let mut conn = ctx.db.read().await?;
    let account = store::by_id(&mut conn, actor.account_id).await?;
    drop(conn);
    if password::verify(old, account.password_hash.as_deref()).await? {
        ctx.settings.login_limit.succeeded(ctx.peer, &actor.name);
    } else {
        problems.add("old", ctx.locale.account_old_password_wrong());
    }
    problems.into_result(())?;
    let hash = password::hash(new).await?;
    let mut conn = ctx.db.write().await?;
    store::set_password(&mut conn, actor.account_id, Some(&hash)).await?;
    session_store::end_others(&mut conn, actor.account_id, ctx.session_id).await?;
    session_store::void_links(&mut conn, actor.account_id, ctx.now).await?;
    record(ctx, &mut conn, "account.password", json!({})).await?;
    conn.commit().await
}

/// Ends one of one's own sessions.
///
/// # Errors
/// [`Error::NotFound`] for a session of somebody else.
pub async fn end_session(ctx: &Ctx, session_id: i64) -> Result<()> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    if !session_store::end(&mut conn, actor.account_id, session_id).await? {
        return Err(Error::NotFound);
    }
    record(ctx, &mut conn, "session.end", json!({})).await?;
    conn.commit().await
}

/// Ends all of one's own sessions but this one.
pub async fn end_other_sessions(ctx: &Ctx) -> Result<()> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    session_store::end_others(&mut conn, actor.account_id, ctx.session_id).await?;
    record(ctx, &mut conn, "session.end", json!({ "all_others": true })).await?;
    conn.commit().await
}

/// Makes a bearer token for a program that acts as oneself, and answers it once.
///
/// # Errors
/// A label that is missing or too long.
pub async fn create_token(ctx: &Ctx, label: &str) -> Result<String> {
    let actor = ctx.actor()?;
    if label.is_empty() || label.chars().count() > 60 {
        return Err(Error::invalid("label", ctx.locale.account_token_label_missing()));
    }
    let mut conn = ctx.db.write().await?;
    let token = session_store::add_token(&mut conn, actor.account_id, label, ctx.now).await?;
    record(ctx, &mut conn, "token.create", json!({ "label": label })).await?;
    conn.commit().await?;
    Ok(token)
}

/// Revokes one of one's own tokens.
///
/// # Errors
/// [`Error::NotFound`] for a token of somebody else.
pub async fn revoke_token(ctx: &Ctx, token_id: i64) -> Result<()> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    if !session_store::revoke_token(&mut conn, actor.account_id, token_id, ctx.now).await? {
        return Err(Error::NotFound);
    }
    record(ctx, &mut conn, "token.revoke", json!({ "id": token_id })).await?;
    conn.commit().await
}

/// Whom a one-time link is for; `None` when it was used or has run out.
pub async fn behind_link(ctx: &Ctx, secret: &str) -> Result<Option<store::Account>> {
    let mut conn = ctx.db.read().await?;
    match session_store::account_of_link(&mut conn, secret, ctx.now).await? {
        Some(id) => Ok(Some(store::by_id(&mut conn, id).await?)),
        None => Ok(None),
    }
}

/// Uses a one-time link up: sets the new password, ends what was open elsewhere and answers a new session's secret.
/// A refused password leaves the link as it was.
///
/// # Errors
/// [`Error::NotFound`] when the link was used or has run out; what is wrong with the password.
pub async fn use_link(ctx: &Ctx, secret: &str, new: &str, again: &str, long: bool) -> Result<String> {
    if behind_link(ctx, secret).await?.is_none() {
        return Err(Error::NotFound);
    }
    let mut problems = Problems::default();
    for problem in password::check(ctx.locale, "password", new, Some(again)) {
        problems.add(problem.field, problem.message);
    }
    problems.into_result(())?;
    let hash = password::hash(new).await?;
    let mut conn = ctx.db.write().await?;
    let id = session_store::use_link(&mut conn, secret, ctx.now).await?.ok_or(Error::NotFound)?;
    store::set_password(&mut conn, id, Some(&hash)).await?;
    session_store::end_others(&mut conn, id, None).await?;
    let session = begin(ctx, &mut conn, id, long).await?;
    let actor = store::actor(&mut conn, id).await?;
    let entry = Entry {
        actor: Some(&actor),
        unit_id: actor.home_unit_id(),
        action: "account.link_used",
        subject: actor.name.clone(),
        detail: json!({}),
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(session)
}

/// What somebody did to their own account.
async fn record(ctx: &Ctx, conn: &mut Conn, action: &'static str, detail: Value) -> Result<()> {
    let actor = ctx.actor()?;
    let entry =
        Entry { actor: Some(actor), unit_id: actor.home_unit_id(), action, subject: actor.name.clone(), detail };
    audit::record(conn, ctx.now, entry).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logging_in_leads_to_pages_of_this_server_only() {
        assert_eq!(local("/activities?unit=500113108"), "/activities?unit=500113108");
        for foreign in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/login?next=/x", "/a\r\nb"] {
            assert_eq!(local(foreign), "/", "{foreign:?}");
        }
    }

    #[test]
    fn the_cookie_is_bound_to_the_host_where_there_is_tls() {
        let tls = Settings { tls: true, ..Settings::default() };
        let text =
            |settings: &Settings, long| cookie(settings, Some(("ab", long))).to_str().expect("letters").to_owned();
        assert_eq!(text(&tls, false), "__Host-pufa=ab; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert!(text(&Settings::default(), true).starts_with("pufa=ab; Path=/; HttpOnly; SameSite=Lax; Max-Age="));
    }
}
