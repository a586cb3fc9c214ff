//! Other people's accounts: see, add, give roles, one-time links, close, hand over.
//!
//! An account is seen by whoever manages one of its units; it is changed only by whoever could give all of its roles.

use super::{
    rule, session_store,
    store::{self, Account, Held},
};
use crate::{
    domain::{
        access::{Actor, Role, Scope},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit,
};
use serde_json::{Value, json};

/// The most units of one form, and the most characters of a reason.
const MOST_UNITS: usize = 500;
const LONGEST_REASON: usize = 500;

/// An account with its roles.
#[derive(Clone, Debug)]
pub struct Managed {
    pub account: Account,
    pub held: Vec<Held>,
    /// Whether the one who asks may change it.
    pub may_change: bool,
}

/// What a role form asks: one role on one or several units.
#[derive(Clone, Debug)]
pub struct Draft {
    pub name: String,
    pub display_name: String,
    pub role: Option<Role>,
    /// The units' codes.
    pub units: Vec<String>,
}

/// What the one who asks may manage.
///
/// # Errors
/// [`Error::Forbidden`] for everybody who manages nothing.
pub fn scope(ctx: &Ctx) -> Result<Scope> {
    let manager = rule::as_manager(ctx.actor()?);
    if manager.grants.is_empty() {
        return Err(Error::Forbidden);
    }
    Ok(manager.scope())
}

/// The accounts with a role at or below `unit`, by the unit's place in the tree; each with all its roles there.
pub async fn list(ctx: &Ctx, conn: &mut Conn, unit: &Unit) -> Result<Vec<Managed>> {
    let actor = ctx.actor()?;
    let mut list: Vec<Managed> = Vec::new();
    for (account, held) in store::held_within(conn, &scope(ctx)?).await? {
        if !held.path.starts_with(&unit.path) {
            continue;
        }
        match list.iter_mut().find(|other| other.account.id == account.id) {
            Some(other) => other.held.push(held),
            None => list.push(Managed { account, held: vec![held], may_change: false }),
        }
    }
    for managed in &mut list {
        let grants: Vec<_> = managed.held.iter().map(Held::grant).collect();
        managed.may_change = rule::may_change(actor, managed.account.id, &grants);
    }
    Ok(list)
}

/// One account.
///
/// # Errors
/// [`Error::NotFound`] when there is none of this name, or none of its units is the reader's to manage.
pub async fn one(ctx: &Ctx, conn: &mut Conn, name: &str) -> Result<Managed> {
    let actor = ctx.actor()?;
    let scope = scope(ctx)?;
    let account = store::by_name(conn, &rule::tidy_name(name)).await?.ok_or(Error::NotFound)?;
    let held = store::held(conn, account.id).await?;
    if !held.iter().any(|held| scope.contains(&held.path)) {
        return Err(Error::NotFound);
    }
    let grants: Vec<_> = held.iter().map(Held::grant).collect();
    Ok(Managed { may_change: rule::may_change(actor, account.id, &grants), account, held })
}

/// The account, if the one who asks may change it.
async fn changeable(ctx: &Ctx, conn: &mut Conn, name: &str) -> Result<Managed> {
    let managed = one(ctx, conn, name).await?;
    if managed.may_change { Ok(managed) } else { Err(Error::Forbidden) }
}

/// Adds an account and answers the secret of its first one-time link: the owner chooses the password.
///
/// # Errors
/// What is wrong, by field; [`Error::Forbidden`] for a role or a unit that is not the actor's to give.
pub async fn add(ctx: &Ctx, draft: Draft) -> Result<String> {
    let actor = ctx.actor()?;
    let scope = scope(ctx)?;
    let name = rule::tidy_name(&draft.name);
    let mut problems = Problems::default();
    if !rule::is_name(&name) {
        problems.add("name", ctx.locale.account_name_odd());
    }
    if draft.display_name.is_empty() || draft.display_name.chars().count() > 60 {
        problems.add("display_name", ctx.locale.account_display_name_missing());
    }
    if draft.role.is_none() {
        problems.add("role", ctx.locale.account_role_missing());
    }
    let mut conn = ctx.db.write().await?;
    let units = named_units(ctx, &mut conn, &scope, &draft.units, &mut problems).await?;
    if units.is_empty() && draft.units.is_empty() {
        problems.add("at", ctx.locale.account_unit_missing());
    }
    if store::by_name(&mut conn, &name).await?.is_some() {
        problems.add("name", ctx.locale.account_name_taken(&name));
    }
    problems.into_result(())?;
    let role = draft.role.ok_or(Error::Forbidden)?;
    if !units.iter().all(|unit| rule::may_give(actor, role, &unit.path)) {
        return Err(Error::Forbidden);
    }
    let id = store::insert(&mut conn, &name, &draft.display_name, None, ctx.now).await?;
    let Some(id) = id else { return Err(Error::invalid("name", ctx.locale.account_name_taken(&name))) };
    for unit in &units {
        store::give(&mut conn, id, role, unit.id).await?;
    }
    let secret = session_store::add_link(&mut conn, id, actor.account_id, ctx.now).await?;
    let codes: Vec<&str> = units.iter().map(|unit| unit.code.as_str()).collect();
    let detail = json!({ "display_name": draft.display_name, "role": role, "units": codes });
    let unit_id = units.first().map(|unit| unit.id);
    audit::record(
        &mut conn,
        ctx.now,
        Entry { actor: Some(actor), unit_id, action: "account.add", subject: name, detail },
    )
    .await?;
    conn.commit().await?;
    Ok(secret)
}

/// The units with these codes; an unknown one, or one out of reach, is a problem of the field `at`.
async fn named_units(
    ctx: &Ctx,
    conn: &mut Conn,
    scope: &Scope,
    codes: &[String],
    problems: &mut Problems,
) -> Result<Vec<Unit>> {
    let mut units = Vec::new();
    if codes.len() > MOST_UNITS {
        problems.add("at", ctx.locale.activity_too_many(MOST_UNITS));
        return Ok(units);
    }
    for code in codes {
        match unit::store::by_code(conn, scope, code).await {
            Ok(unit) => units.push(unit),
            Err(Error::NotFound) => problems.add("at", ctx.locale.account_unit_unknown(code)),
            Err(error) => return Err(error),
        }
    }
    Ok(units)
}

/// Keeps some of an account's roles (`officer:500113108`) and gives another one on some units.
///
/// # Errors
/// Nothing left; [`Error::Forbidden`] for a role that is not the actor's to give.
pub async fn set_roles(ctx: &Ctx, name: &str, kept: &[String], role: Option<Role>, units: &[String]) -> Result<()> {
    let actor = ctx.actor()?;
    let scope = scope(ctx)?;
    let mut conn = ctx.db.write().await?;
    let managed = changeable(ctx, &mut conn, name).await?;
    let mut problems = Problems::default();
    let added = named_units(ctx, &mut conn, &scope, units, &mut problems).await?;
    match role {
        Some(_) if units.is_empty() => problems.add("at", ctx.locale.account_unit_missing()),
        None if !units.is_empty() => problems.add("role", ctx.locale.account_role_missing()),
        _ => {}
    }
    let word = |role: Role, code: &str| format!("{role}:{code}");
    let kept: Vec<&Held> = managed.held.iter().filter(|held| kept.contains(&word(held.role, &held.code))).collect();
    if kept.is_empty() && (role.is_none() || units.is_empty()) {
        problems.add("keep", ctx.locale.account_roles_none());
    }
    problems.into_result(())?;
    if let Some(role) = role
        && !added.iter().all(|unit| rule::may_give(actor, role, &unit.path))
    {
        return Err(Error::Forbidden);
    }
    let id = managed.account.id;
    store::take_all(&mut conn, id).await?;
    // Whoever still holds a link from before would come into what is given now.
    session_store::void_links(&mut conn, id, ctx.now).await?;
    let mut now_held: Vec<String> = Vec::new();
    for held in &kept {
        store::give(&mut conn, id, held.role, held.unit_id).await?;
        now_held.push(word(held.role, &held.code));
    }
    if let Some(role) = role {
        for unit in &added {
            store::give(&mut conn, id, role, unit.id).await?;
            now_held.push(word(role, &unit.code));
        }
    }
    let before: Vec<String> = managed.held.iter().map(|held| word(held.role, &held.code)).collect();
    record(ctx, &mut conn, &managed, "account.roles", json!({ "before": before, "after": now_held })).await?;
    conn.commit().await
}

/// Makes a one-time link for somebody who forgot the password; the old password keeps working until the link is used.
pub async fn give_link(ctx: &Ctx, name: &str) -> Result<String> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let managed = changeable(ctx, &mut conn, name).await?;
    if managed.account.closed_at.is_some() {
        return Err(Error::Forbidden);
    }
    let secret = session_store::add_link(&mut conn, managed.account.id, actor.account_id, ctx.now).await?;
    record(ctx, &mut conn, &managed, "account.link", json!({})).await?;
    conn.commit().await?;
    Ok(secret)
}

/// Closes an account: nobody can log in with it, what it did stays.
pub async fn close(ctx: &Ctx, name: &str, reason: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let managed = changeable(ctx, &mut conn, name).await?;
    if reason.chars().count() > LONGEST_REASON {
        return Err(Error::invalid("reason", ctx.locale.activity_text_too_long(LONGEST_REASON)));
    }
    store::set_closed(&mut conn, managed.account.id, Some(ctx.now)).await?;
    session_store::end_everything(&mut conn, managed.account.id, ctx.now).await?;
    record(ctx, &mut conn, &managed, "account.close", json!({ "reason": reason })).await?;
    conn.commit().await
}

/// Opens a closed account again; its owner needs a one-time link or the old password.
pub async fn reopen(ctx: &Ctx, name: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let managed = changeable(ctx, &mut conn, name).await?;
    store::set_closed(&mut conn, managed.account.id, None).await?;
    record(ctx, &mut conn, &managed, "account.reopen", json!({})).await?;
    conn.commit().await
}

/// Hands an account over to somebody else: the former holder's password, sessions, tokens and links end, the name
/// people read changes, what was logged stays under the account. Answers a one-time link for the new holder.
///
/// # Errors
/// No new name.
pub async fn hand_over(ctx: &Ctx, name: &str, display_name: &str) -> Result<String> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let managed = changeable(ctx, &mut conn, name).await?;
    if display_name.is_empty() || display_name.chars().count() > 60 {
        return Err(Error::invalid("new_name", ctx.locale.account_display_name_missing()));
    }
    let id = managed.account.id;
    session_store::end_everything(&mut conn, id, ctx.now).await?;
    store::set_password(&mut conn, id, None).await?;
    store::set_display_name(&mut conn, id, display_name).await?;
    store::set_closed(&mut conn, id, None).await?;
    let secret = session_store::add_link(&mut conn, id, actor.account_id, ctx.now).await?;
    let detail = json!({ "from": managed.account.display_name, "to": display_name });
    record(ctx, &mut conn, &managed, "account.hand_over", detail).await?;
    conn.commit().await?;
    Ok(secret)
}

/// What was done to somebody's account.
async fn record(ctx: &Ctx, conn: &mut Conn, managed: &Managed, action: &'static str, detail: Value) -> Result<()> {
    let actor: &Actor = ctx.actor()?;
    let unit_id = managed.held.first().map(|held| held.unit_id);
    let subject = managed.account.name.clone();
    audit::record(conn, ctx.now, Entry { actor: Some(actor), unit_id, action, subject, detail }).await
}
