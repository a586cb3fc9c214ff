//! Who may change plans, indicators and targets, and what is checked before it is done.

use super::{store, target_store};
use crate::{
    domain::{
        access::Scope,
        period::{Period, is_near},
        problem::Problems,
        target::Plan,
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        audit::{self, Entry},
        context::Ctx,
        db::Conn,
    },
    unit,
};
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::json;

pub use super::{
    goals::{GoalRow, Goals, UnitRow, goals, look, look_with},
    indicator_action::{IndicatorDraft, add_indicator, change_indicator, retire_indicator},
    target_action::{TargetDraft, change_target, end_target, set_target},
};

/// The longest name and the longest basis, in characters.
const LONGEST: usize = 200;
/// The longest plan, in years: pages list each of them.
const LONGEST_PLAN: i32 = 30;

/// A plan as somebody typed it.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct PlanDraft {
    /// Without one, a free one is chosen.
    pub key: Option<String>,
    #[serde(default)]
    pub name: String,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// The code of the unit it belongs to, by default the writer's own.
    pub unit: Option<String>,
}

/// The unit that a draft names, to be managed by the one who asks; `None` with a problem where there is no such unit.
///
/// # Errors
/// [`Error::Forbidden`] for a unit that the one who asks may not manage.
pub async fn managed_unit(
    ctx: &Ctx,
    conn: &mut Conn,
    code: &str,
    field: &str,
    problems: &mut Problems,
) -> Result<Option<Unit>> {
    match unit::store::by_code(conn, &Scope::everything(), code).await {
        Ok(unit) if ctx.actor()?.may_manage(&unit) => Ok(Some(unit)),
        Ok(_) => Err(Error::Forbidden),
        Err(Error::NotFound) => {
            problems.add(field, ctx.locale.plan_unit_unknown());
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The unit that owns what is being added: the one named, else the writer's own.
pub(super) async fn owner(
    ctx: &Ctx,
    conn: &mut Conn,
    code: Option<&str>,
    problems: &mut Problems,
) -> Result<Option<Unit>> {
    if let Some(code) = code.filter(|code| !code.is_empty()) {
        return managed_unit(ctx, conn, code, "unit", problems).await;
    }
    let unit = home(ctx, conn).await?;
    if ctx.actor()?.may_manage(&unit) { Ok(Some(unit)) } else { Err(Error::Forbidden) }
}

/// The unit that lists and pages open with.
///
/// # Errors
/// [`Error::NotFound`] for somebody without any role.
pub async fn home(ctx: &Ctx, conn: &mut Conn) -> Result<Unit> {
    let actor = ctx.actor()?;
    let id = actor.home_unit_id().ok_or(Error::NotFound)?;
    unit::store::by_id(conn, &actor.scope(), id).await
}

/// The unit with this code within the reader's scope; the reader's own where none is named.
///
/// # Errors
/// [`Error::NotFound`] outside the scope.
pub async fn read_unit(ctx: &Ctx, conn: &mut Conn, code: Option<&str>) -> Result<Unit> {
    match code.filter(|code| !code.is_empty()) {
        Some(code) => unit::store::by_code(conn, &ctx.scope()?, code).await,
        None => home(ctx, conn).await,
    }
}

pub(super) fn check_name(locale: Locale, field: &str, name: &str, problems: &mut Problems) -> String {
    let name = name.trim();
    match name.chars().count() {
        0 => problems.add(field, locale.plan_fill_in()),
        count if count > LONGEST => problems.add(field, locale.plan_too_long(LONGEST)),
        _ => {}
    }
    name.to_owned()
}

/// A key that somebody chose, or a free one.
pub(super) fn check_key(
    locale: Locale,
    key: Option<&str>,
    taken: &[&str],
    stem: &str,
    problems: &mut Problems,
) -> String {
    let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) else {
        let free = |number: &usize| !taken.contains(&format!("{stem}-{number}").as_str());
        let number = (1..).find(free).unwrap_or_default();
        return format!("{stem}-{number}");
    };
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    if key.len() > 64 || !key.chars().all(fits) {
        problems.add("key", locale.plan_key_wrong());
    } else if taken.contains(&key) {
        problems.add("key", locale.plan_key_taken(key));
    }
    key.to_owned()
}

/// Adds a plan.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`].
pub async fn add_plan(ctx: &Ctx, draft: PlanDraft) -> Result<Plan> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let plan = put_plan(ctx, &mut conn, draft, &mut problems).await?;
    let Some(plan) = problems.into_result(plan)? else { return Err(Error::NotFound) };
    conn.commit().await?;
    Ok(plan)
}

/// Stores a plan with its audit entry, within a transaction that the caller ends; `None` with a problem where it is refused.
pub(super) async fn put_plan(
    ctx: &Ctx,
    conn: &mut Conn,
    draft: PlanDraft,
    problems: &mut Problems,
) -> Result<Option<Plan>> {
    let owner = owner(ctx, conn, draft.unit.as_deref(), problems).await?;
    conn.lock_keys().await?;
    let plans = match &owner {
        Some(owner) => store::plans(conn, owner, true).await?,
        None => Vec::new(),
    };
    let taken: Vec<&str> = plans.iter().map(|plan| plan.key.as_str()).collect();
    let key = check_key(ctx.locale, draft.key.as_deref(), &taken, "plan-own", problems);
    let name = check_name(ctx.locale, "name", &draft.name, problems);
    let period = check_period(ctx.locale, &draft, problems);
    let (Some(owner), Some(period), true) = (owner, period, problems.is_empty()) else { return Ok(None) };
    let mut plan = Plan { id: 0, key, unit_id: Some(owner.id), name, name_en: None, period };
    plan.id = store::add_plan(conn, &plan).await?;
    let detail = json!({"name": plan.name, "from": plan.period.from, "to": plan.period.to});
    let actor = Some(ctx.actor()?);
    let entry = Entry { actor, unit_id: Some(owner.id), action: "plan.add", subject: plan.key.clone(), detail };
    audit::record(conn, ctx.now, entry).await?;
    Ok(Some(plan))
}

/// The days of a plan, or what is wrong with them.
fn check_period(locale: Locale, draft: &PlanDraft, problems: &mut Problems) -> Option<Period> {
    // A day that nobody means is as good as none.
    let near = |day: Option<NaiveDate>| day.filter(|day| is_near(*day));
    match (near(draft.from), near(draft.to)) {
        (Some(from), Some(to)) => {
            let period = Period::new(from, to);
            match period {
                None => problems.add("to", locale.plan_ends_before()),
                Some(period) if period.to.year() - period.from.year() >= LONGEST_PLAN => {
                    problems.add("to", locale.plan_period_too_long(LONGEST_PLAN));
                }
                Some(_) => {}
            }
            period
        }
        (from, to) => {
            for (field, day) in [("from", from), ("to", to)] {
                if day.is_none() {
                    problems.add(field, locale.plan_day_wanted());
                }
            }
            None
        }
    }
}

/// A plan as a unit sees it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn seen_plan(conn: &mut Conn, seen_from: &Unit, key: &str) -> Result<Plan> {
    store::plans(conn, seen_from, true).await?.into_iter().find(|plan| plan.key == key).ok_or(Error::NotFound)
}

/// The unit that owns something, to be managed by the one who asks; nobody manages what is built in.
pub(super) async fn managed_owner(ctx: &Ctx, conn: &mut Conn, unit_id: Option<i64>) -> Result<Unit> {
    let owner = unit::store::by_id(conn, &Scope::everything(), unit_id.ok_or(Error::Forbidden)?).await?;
    if ctx.actor()?.may_manage(&owner) { Ok(owner) } else { Err(Error::Forbidden) }
}

/// Changes an own plan's name and days, as `seen_from` a unit. Days that would leave a target's year outside are
/// refused: the target is changed or ended first.
///
/// # Errors
/// What is wrong by field; [`Error::NotFound`] where the unit sees no such plan; [`Error::Forbidden`] for built-in ones.
pub async fn change_plan(ctx: &Ctx, seen_from: &Unit, key: &str, draft: PlanDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let former = seen_plan(&mut conn, seen_from, key).await?;
    let owner = managed_owner(ctx, &mut conn, former.unit_id).await?;
    let name = check_name(ctx.locale, "name", &draft.name, &mut problems);
    let period = check_period(ctx.locale, &draft, &mut problems);
    if let Some(period) = period {
        let changed = Plan { period, ..former.clone() };
        let targets = target_store::targets(&mut conn, &owner, Some(former.id), true).await?;
        for (field, years) in changed.years_left_out(&targets) {
            let list = years.iter().map(i32::to_string).collect::<Vec<_>>().join("、");
            problems.add(field, ctx.locale.plan_targets_outside(list));
        }
    }
    let Some(period) = period else { return Err(problems.into_inner().into()) };
    let plan = problems.into_result(Plan { name, period, ..former.clone() })?;
    store::update_plan(&mut conn, &plan).await?;
    let told = |plan: &Plan| json!({"name": plan.name, "from": plan.period.from, "to": plan.period.to});
    let detail = json!({"from": told(&former), "to": told(&plan)});
    let actor = Some(ctx.actor()?);
    let entry = Entry { actor, unit_id: Some(owner.id), action: "plan.change", subject: plan.key, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}
