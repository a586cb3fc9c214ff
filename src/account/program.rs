//! Accounts from the command line, which owns the database anyway.

use super::{password, rule, session_store, store};
use crate::{
    domain::{
        access::{Role, Scope},
        problem::Problems,
    },
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        context::Ctx,
    },
    unit,
};
use serde_json::json;

/// Adds an account with one role and a password (`pufa user add`).
///
/// # Errors
/// What is wrong with the name, the password or the unit's code; a name that is taken.
pub async fn add(ctx: &Ctx, name: &str, display_name: &str, role: Role, unit_code: &str, secret: &str) -> Result<()> {
    let name = rule::tidy_name(name);
    let mut problems = Problems::default();
    if !rule::is_name(&name) {
        problems.add("name", ctx.locale.account_name_odd());
    }
    for problem in password::check(ctx.locale, "password", secret, None) {
        problems.add(problem.field, problem.message);
    }
    problems.into_result(())?;
    let hash = password::hash(secret).await?;
    let mut conn = ctx.db.write().await?;
    let unit = match unit::store::by_code(&mut conn, &Scope::everything(), unit_code).await {
        Err(Error::NotFound) => return Err(Error::invalid("unit", ctx.locale.account_unit_unknown(unit_code))),
        other => other?,
    };
    let id = store::insert(&mut conn, &name, display_name, Some(&hash), ctx.now).await?;
    let Some(id) = id else { return Err(Error::invalid("name", ctx.locale.account_name_taken(&name))) };
    store::give(&mut conn, id, role, unit.id).await?;
    let detail = json!({ "display_name": display_name, "roles": [{ "role": role, "unit": unit.code }] });
    let entry = Entry { actor: None, unit_id: Some(unit.id), action: "account.add", subject: name, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}

/// Makes a bearer token for an account (`pufa token create`) and answers it.
///
/// # Errors
/// An account that does not exist or is closed.
pub async fn create_token(ctx: &Ctx, name: &str, label: &str) -> Result<String> {
    let name = rule::tidy_name(name);
    let mut conn = ctx.db.write().await?;
    let account = store::by_name(&mut conn, &name).await?.filter(|account| account.closed_at.is_none());
    let Some(account) = account else { return Err(Error::invalid("user", ctx.locale.account_unknown(&name))) };
    let token = session_store::add_token(&mut conn, account.id, label, ctx.now).await?;
    let unit_id = store::held(&mut conn, account.id).await?.first().map(|held| held.unit_id);
    let entry =
        Entry { actor: None, unit_id, action: "token.create", subject: name, detail: json!({ "label": label }) };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(token)
}
