//! The first run: the administrator and the first town, in one transaction, only while there is no account.

use super::{password, rule, session_store, store};
use crate::{
    domain::{
        access::{Actor, Grant, Role, Scope},
        problem::Problems,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit::{self, write_store::New},
};
use serde_json::json;

/// The number of the lock that lets only one set-up run (PostgreSQL; SQLite has one writer anyway).
const SET_UP_LOCK: i64 = 7_002;

/// What the set-up page asks.
#[derive(Clone, Debug, Default)]
pub struct SetUp {
    pub name: String,
    pub display_name: String,
    pub password: String,
    pub again: String,
    /// The national code of the first unit, usually a town's nine digits; its kind follows from it.
    pub unit_code: String,
    pub unit_name: String,
    /// The county above, where one installation serves several towns; both empty or both filled.
    pub county_code: String,
    pub county_name: String,
}

/// Whether the set-up page is open: only while there is no account.
pub async fn is_open(ctx: &Ctx) -> Result<bool> {
    Ok(!store::any(&mut ctx.db.read().await?).await?)
}

/// Creates the administrator and the first units, and logs the administrator in: the session's secret.
///
/// # Errors
/// [`Error::Forbidden`] when somebody has set up already; what is wrong, by field.
pub async fn set_up(ctx: &Ctx, form: SetUp) -> Result<String> {
    if !is_open(ctx).await? {
        return Err(Error::Forbidden);
    }
    let kind = check(ctx, &form)?;
    let hash = password::hash(&form.password).await?;
    let mut conn = ctx.db.write().await?;
    conn.lock(SET_UP_LOCK).await?;
    if store::any(&mut conn).await? {
        return Err(Error::Forbidden);
    }
    let county = match form.county_code.as_str() {
        "" => None,
        code => Some(find_or_add(&mut conn, None, code, UnitKind::County, &form.county_name).await?),
    };
    let first = find_or_add(&mut conn, county.as_ref(), &form.unit_code, kind, &form.unit_name).await?;
    // Units may have been imported before: the administrator gets the root above the one that was named.
    let root = match first.ancestry().first() {
        Some(id) => unit::store::by_id(&mut conn, &Scope::everything(), *id).await?,
        None => first,
    };
    let name = rule::tidy_name(&form.name);
    let id = store::insert(&mut conn, &name, &form.display_name, Some(&hash), ctx.now).await?;
    let id = id.ok_or(Error::Forbidden)?;
    store::give(&mut conn, id, Role::Admin, root.id).await?;
    let secret = session_store::begin(&mut conn, id, &ctx.agent, false, ctx.now).await?;
    let actor = Actor {
        account_id: id,
        name: name.clone(),
        display_name: form.display_name.clone(),
        grants: vec![Grant { role: Role::Admin, unit_id: root.id, path: root.path.clone() }],
    };
    let detail = json!({ "unit": root.code, "display_name": form.display_name });
    let entry = Entry { actor: Some(&actor), unit_id: Some(root.id), action: "set_up", subject: name, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(secret)
}

/// The first unit's kind, or all that is wrong.
fn check(ctx: &Ctx, form: &SetUp) -> Result<UnitKind> {
    let locale = ctx.locale;
    let mut problems = Problems::default();
    if !rule::is_name(&rule::tidy_name(&form.name)) {
        problems.add("name", locale.account_name_odd());
    }
    if form.display_name.is_empty() {
        problems.add("display_name", locale.account_display_name_missing());
    }
    for problem in password::check(locale, "password", &form.password, Some(&form.again)) {
        problems.add(problem.field, problem.message);
    }
    let kind = UnitKind::from_code(&form.unit_code);
    if kind.is_none() {
        problems.add("unit_code", locale.account_unit_code_odd());
    }
    if form.unit_name.is_empty() {
        problems.add("unit_name", locale.account_unit_name_missing());
    }
    if !form.county_code.is_empty() || !form.county_name.is_empty() {
        let is_county = UnitKind::from_code(&form.county_code) == Some(UnitKind::County);
        if !is_county || !form.unit_code.starts_with(&form.county_code) || form.unit_code == form.county_code {
            problems.add("county_code", locale.account_county_code_odd());
        }
        if form.county_name.is_empty() {
            problems.add("county_name", locale.account_unit_name_missing());
        }
    }
    // Without a kind there is a problem already: the kind answered then is never used.
    Ok(problems.into_result(kind.unwrap_or(UnitKind::Town))?)
}

async fn find_or_add(conn: &mut Conn, parent: Option<&Unit>, code: &str, kind: UnitKind, name: &str) -> Result<Unit> {
    let new = New { code, parent, kind, name, households: None, population: None, active_from: None, active_to: None };
    match unit::write_store::insert(conn, new).await? {
        Some(unit) => Ok(unit),
        None => unit::store::by_code(conn, &Scope::everything(), code).await,
    }
}
