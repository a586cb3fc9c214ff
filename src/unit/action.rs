//! What is done to the tree: who may, what is checked, what is kept.

use super::{class, store, write_store};
use crate::{
    account,
    domain::{
        access::{Actor, Role, Scope},
        period::{Day, is_near},
        problem::{Problem, Problems},
        unit::{ChangeKind, MOST_HOUSEHOLDS, MOST_PEOPLE, Unit, UnitKind, is_code, short_name},
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
};
use serde_json::json;

pub use super::class::ClassDraft;

/// The longest name, in characters.
pub(super) const LONGEST_NAME: usize = 80;

/// A new unit as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub code: String,
    pub name: String,
    /// The parent's code; none for a root.
    pub parent: Option<String>,
    /// By default what the code tells.
    pub kind: Option<String>,
    pub households: Option<i64>,
    pub population: Option<i64>,
    pub classes: Vec<ClassDraft>,
    pub active_from: Option<Day>,
    pub active_to: Option<Day>,
}

/// What is to change in a unit. What is `None` stays; an inner `None` empties the field.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    /// By default follows from the name.
    pub short_name: Option<String>,
    pub households: Option<Option<i64>>,
    pub population: Option<Option<i64>>,
    pub classes: Option<Vec<ClassDraft>>,
    pub active_from: Option<Option<Day>>,
    /// The last day; emptied, the unit is open again.
    pub active_to: Option<Option<Day>>,
    /// The code of the unit that this one becomes part of; its last day is `active_to`.
    pub merged_into: Option<String>,
}

/// The topmost unit that the actor manages: new things belong to it where no other is named.
pub fn managed_home(actor: &Actor) -> Option<i64> {
    let manages = |role: Role| matches!(role, Role::Admin | Role::Officer);
    let depth = |path: &str| path.matches('/').count();
    actor
        .grants
        .iter()
        .filter(|grant| manages(grant.role))
        .min_by_key(|grant| depth(&grant.path))
        .map(|one| one.unit_id)
}

/// Whether the actor may add a root: whoever administers one already.
pub fn may_add_root(actor: &Actor) -> bool {
    let is_root = |path: &str| path.matches('/').count() == 2;
    actor.grants.iter().any(|grant| grant.role == Role::Admin && is_root(&grant.path))
}

/// A unit that is to be changed.
async fn managed(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<Unit> {
    let unit = store::by_code(conn, &ctx.scope()?, code).await?;
    if ctx.actor()?.may_manage(&unit) { Ok(unit) } else { Err(Error::Forbidden) }
}

/// A unit that a body names, wherever it lies.
async fn named(conn: &mut Conn, code: &str) -> Result<Option<Unit>> {
    match store::by_code(conn, &Scope::everything(), code).await {
        Ok(unit) => Ok(Some(unit)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn check_name(locale: Locale, name: &str) -> Result<(), &'static str> {
    match name.chars().count() {
        0 => Err(locale.unit_name_missing()),
        count if count > LONGEST_NAME => Err(locale.unit_name_too_long()),
        _ => Ok(()),
    }
}

fn check_range(locale: Locale, field: &str, value: Option<i64>, most: i64, problems: &mut Problems) {
    if value.is_some_and(|value| !(0..=most).contains(&value)) {
        problems.add(field, locale.unit_out_of_range(most));
    }
}

fn check_days(locale: Locale, from: Option<Day>, to: Option<Day>, problems: &mut Problems) {
    for (field, day) in [("active_from", from), ("active_to", to)] {
        if day.is_some_and(|day| !is_near(day)) {
            problems.add(field, locale.unit_day_malformed());
        }
    }
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        problems.add("active_to", locale.unit_ends_before());
    }
}

/// Adds a unit. Whoever adds a root administers it.
///
/// # Errors
/// What is wrong, by field; [`Error::Forbidden`] below a unit that the actor does not manage, and for roots unless the
/// actor administers one.
pub async fn add(ctx: &Ctx, draft: Draft) -> Result<Unit> {
    let actor = ctx.actor()?;
    if managed_home(actor).is_none() {
        return Err(Error::Forbidden);
    }
    let locale = ctx.locale;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let parent_code = draft.parent.as_deref().map(str::trim).filter(|code| !code.is_empty());
    let parent = match parent_code {
        Some(code) => named(&mut conn, code).await?,
        None if may_add_root(actor) => None,
        None => return Err(Error::Forbidden),
    };
    match (&parent, parent_code) {
        (Some(parent), _) if !actor.may_manage(parent) => return Err(Error::Forbidden),
        (None, Some(code)) => problems.add("parent", locale.unit_unknown(code)),
        _ => {}
    }
    let (code, name) = (draft.code.trim(), draft.name.trim());
    if !is_code(code) {
        problems.add("code", locale.unit_code_wrong());
    } else if named(&mut conn, code).await?.is_some() {
        problems.add("code", locale.unit_code_taken(code));
    }
    if let Err(message) = check_name(locale, name) {
        problems.add("name", message);
    }
    let kind = match draft.kind.as_deref().map(str::trim).filter(|kind| !kind.is_empty()) {
        Some(kind) => UnitKind::from_key(kind),
        None => UnitKind::from_code(code),
    };
    match kind {
        None => problems.add("kind", locale.unit_kind_wrong()),
        Some(kind) if parent.is_some() == parent_code.is_some() => {
            if !kind.fits_below(parent.as_ref().map(|parent| parent.kind)) {
                problems.add("kind", locale.unit_kind_misplaced());
            }
        }
        Some(_) => {}
    }
    check_range(locale, "households", draft.households, MOST_HOUSEHOLDS, &mut problems);
    check_range(locale, "population", draft.population, MOST_PEOPLE, &mut problems);
    check_days(locale, draft.active_from, draft.active_to, &mut problems);
    class::check(locale, kind, &draft.classes, "classes", &mut problems);
    // Without a kind there is a problem already: the one put here is never stored.
    let kind = problems.into_result(kind.unwrap_or(UnitKind::Town))?;
    let new = write_store::New {
        code,
        parent: parent.as_ref(),
        kind,
        name,
        households: draft.households,
        population: draft.population,
        active_from: draft.active_from,
        active_to: draft.active_to,
    };
    let Some(unit) = write_store::insert(&mut conn, new).await? else {
        return Err(Error::invalid("code", locale.unit_code_taken(code)));
    };
    class::replace(&mut conn, &unit, &draft.classes, ctx.today).await?;
    if unit.parent_id.is_none() {
        account::store::give(&mut conn, actor.account_id, Role::Admin, unit.id).await?;
    }
    let detail = json!({"name": unit.name, "parent": parent.map(|parent| parent.code), "kind": kind.key()});
    let entry =
        Entry { actor: Some(actor), unit_id: Some(unit.id), action: "unit.add", subject: unit.code.clone(), detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(unit)
}

/// Changes a unit: its name, households, population, classes, first and last day; or merges it into another one, whose
/// activities and its own stay where they are.
///
/// # Errors
/// [`Error::NotFound`] outside the scope, [`Error::Forbidden`] where the actor does not manage; what is wrong, by field.
pub async fn change(ctx: &Ctx, code: &str, change: Change) -> Result<Unit> {
    let actor = ctx.actor()?;
    let locale = ctx.locale;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let former = managed(ctx, &mut conn, code).await?;
    let mut unit = former.clone();
    if let Some(name) = &change.name {
        unit.name = name.trim().to_owned();
        unit.short_name = short_name(&unit.name).to_owned();
        if let Err(message) = check_name(locale, &unit.name) {
            problems.add("name", message);
        }
    }
    if let Some(short) = change.short_name.as_deref().map(str::trim).filter(|short| !short.is_empty()) {
        unit.short_name = short.to_owned();
        if let Err(message) = check_name(locale, short) {
            problems.add("short_name", message);
        }
    }
    unit.households = change.households.unwrap_or(unit.households);
    unit.population = change.population.unwrap_or(unit.population);
    unit.active_from = change.active_from.unwrap_or(unit.active_from);
    unit.active_to = change.active_to.unwrap_or(unit.active_to);
    check_range(locale, "households", unit.households, MOST_HOUSEHOLDS, &mut problems);
    check_range(locale, "population", unit.population, MOST_PEOPLE, &mut problems);
    check_days(locale, unit.active_from, unit.active_to, &mut problems);
    class::check(locale, Some(unit.kind), change.classes.as_deref().unwrap_or_default(), "classes", &mut problems);
    let into = match &change.merged_into {
        Some(code) => merge_target(ctx, &mut conn, &unit, code.trim(), &mut problems).await?,
        None => None,
    };
    problems.into_result(())?;
    write_store::update(&mut conn, &unit).await?;
    if unit.name != former.name {
        write_store::note(&mut conn, unit.id, ctx.today, ChangeKind::Renamed, &former.name).await?;
    }
    match (&into, former.active_to, unit.active_to) {
        (Some(into), _, Some(last)) => {
            write_store::set_merged(&mut conn, unit.id, Some(into.id)).await?;
            write_store::note(&mut conn, unit.id, last, ChangeKind::Merged, &into.code).await?;
            write_store::note(&mut conn, into.id, last, ChangeKind::Received, &unit.code).await?;
        }
        (_, former, Some(last)) if former != Some(last) => {
            write_store::note(&mut conn, unit.id, last, ChangeKind::Closed, "").await?;
        }
        (_, Some(_), None) => {
            write_store::set_merged(&mut conn, unit.id, None).await?;
            write_store::note(&mut conn, unit.id, ctx.today, ChangeKind::Reopened, "").await?;
        }
        _ => {}
    }
    if let Some(classes) = &change.classes {
        class::replace(&mut conn, &unit, classes, ctx.today).await?;
    }
    let detail = json!({
        "from": told(&former), "to": told(&unit), "classes": change.classes, "merged_into": into.map(|into| into.code),
    });
    let entry =
        Entry { actor: Some(actor), unit_id: Some(unit.id), action: "unit.change", subject: unit.code.clone(), detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(unit)
}

/// What the audit keeps of a unit.
fn told(unit: &Unit) -> serde_json::Value {
    json!({
        "name": unit.name, "short_name": unit.short_name, "households": unit.households,
        "population": unit.population, "active_from": unit.active_from, "active_to": unit.active_to,
    })
}

/// The unit into which another one is merged: of the same kind, open on the day after, not the unit itself.
async fn merge_target(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: &Unit,
    code: &str,
    problems: &mut Problems,
) -> Result<Option<Unit>> {
    let locale = ctx.locale;
    let Some(into) = named(conn, code).await? else {
        problems.add("merged_into", locale.unit_unknown(code));
        return Ok(None);
    };
    if !ctx.actor()?.may_manage(&into) {
        return Err(Error::Forbidden);
    }
    let alike = into.kind.answers_to(unit.kind) || unit.kind.answers_to(into.kind);
    match unit.active_to {
        None => problems.add("active_to", locale.unit_merge_day_wanted()),
        Some(_) if into.id == unit.id || !alike => problems.add("merged_into", locale.unit_merge_alike()),
        Some(last) if !into.is_active(last.succ_opt().unwrap_or(last)) => {
            problems.add("merged_into", locale.unit_merge_closed(&into.short_name));
        }
        Some(_) => {}
    }
    Ok(Some(into))
}

/// Adds a class to a school, or changes the pupils of one; a closed one is open again.
///
/// # Errors
/// As [`change`]; the fields are `class_name` and `class_pupils`.
pub async fn put_class(ctx: &Ctx, code: &str, draft: ClassDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    if unit.kind != UnitKind::School {
        problems.add("", ctx.locale.unit_classes_school_only());
    }
    class::check_one(ctx.locale, &draft, "class_", &mut problems);
    problems.into_result(())?;
    let name = draft.name.trim();
    write_store::put_class(&mut conn, unit.id, name, draft.pupils, class::begins(name)).await?;
    let detail = json!({"class": name, "pupils": draft.pupils});
    let entry = Entry {
        actor: ctx.someone.as_deref(),
        unit_id: Some(unit.id),
        action: "unit.class",
        subject: unit.code.clone(),
        detail,
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}

/// Closes a class after its last day.
///
/// # Errors
/// As [`change`]; [`Error::NotFound`] for a class that the school does not have.
pub async fn close_class(ctx: &Ctx, code: &str, name: &str, last: Day) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let classes = store::classes(&mut conn, unit.id).await?;
    let one = classes.into_iter().find(|class| class.name == name).ok_or(Error::NotFound)?;
    class::end(&mut conn, &one, last).await?;
    let entry = Entry {
        actor: ctx.someone.as_deref(),
        unit_id: Some(unit.id),
        action: "unit.class_close",
        subject: unit.code.clone(),
        detail: json!({"class": name, "last": last}),
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}

/// The same error with `prefix` before the names of its fields: for a page that has several forms.
pub fn prefixed(error: Error, prefix: &str) -> Error {
    match error {
        Error::Invalid(problems) => {
            let renamed = |problem: Problem| Problem::new(format!("{prefix}{}", problem.field), problem.message);
            Error::Invalid(problems.into_iter().map(renamed).collect())
        }
        other => other,
    }
}
