//! Who may change plans, indicators and targets, and what is checked before it is done.

use super::store;
use crate::{
    domain::{
        access::Scope,
        period::{Period, is_near},
        problem::Problems,
        target::{Plan, Target, WrongValue, check_value},
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
    goals::{GoalRow, Goals, UnitRow, goals, look},
    indicator_action::{IndicatorDraft, add_indicator, retire_indicator},
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

/// A target as somebody typed it.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct TargetDraft {
    #[serde(default)]
    pub plan: String,
    #[serde(default)]
    pub indicator: String,
    #[serde(default)]
    pub unit: String,
    pub value: Option<f64>,
    pub year: Option<i32>,
    #[serde(default)]
    pub basis: String,
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
    let actor = ctx.actor()?;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let owner = owner(ctx, &mut conn, draft.unit.as_deref(), &mut problems).await?;
    let plans = match &owner {
        Some(owner) => store::plans(&mut conn, owner, true).await?,
        None => Vec::new(),
    };
    let taken: Vec<&str> = plans.iter().map(|plan| plan.key.as_str()).collect();
    let key = check_key(ctx.locale, draft.key.as_deref(), &taken, "plan-own", &mut problems);
    let name = check_name(ctx.locale, "name", &draft.name, &mut problems);
    // A day that nobody means is as good as none.
    let near = |day: Option<NaiveDate>| day.filter(|day| is_near(*day));
    let period = match (near(draft.from), near(draft.to)) {
        (Some(from), Some(to)) => {
            let period = Period::new(from, to);
            match period {
                None => problems.add("to", ctx.locale.plan_ends_before()),
                Some(period) if period.to.year() - period.from.year() >= LONGEST_PLAN => {
                    problems.add("to", ctx.locale.plan_period_too_long(LONGEST_PLAN));
                }
                Some(_) => {}
            }
            period
        }
        (from, to) => {
            for (field, day) in [("from", from), ("to", to)] {
                if day.is_none() {
                    problems.add(field, ctx.locale.plan_day_wanted());
                }
            }
            None
        }
    };
    let (Some(owner), Some(period)) = (owner, period) else { return Err(problems.into_inner().into()) };
    let mut plan = problems.into_result(Plan { id: 0, key, unit_id: Some(owner.id), name, name_en: None, period })?;
    plan.id = store::add_plan(&mut conn, &plan).await?;
    let detail = json!({"name": plan.name, "from": plan.period.from, "to": plan.period.to});
    let entry =
        Entry { actor: Some(actor), unit_id: Some(owner.id), action: "plan.add", subject: plan.key.clone(), detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(plan)
}

/// Sets a target, in place of the one that the same unit had for the same plan, indicator and year.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`].
pub async fn set_target(ctx: &Ctx, draft: TargetDraft) -> Result<Target> {
    let actor = ctx.actor()?;
    let locale = ctx.locale;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let Some(unit) = managed_unit(ctx, &mut conn, draft.unit.trim(), "unit", &mut problems).await? else {
        return Err(problems.into_inner().into());
    };
    let plans = store::plans(&mut conn, &unit, false).await?;
    let plan = plans.into_iter().find(|plan| plan.key == draft.plan.trim());
    if plan.is_none() {
        problems.add("plan", locale.plan_unknown());
    }
    let indicators = store::indicators(&mut conn, &unit, false).await?;
    let indicator = indicators.into_iter().find(|one| one.key == draft.indicator.trim() && !one.retired);
    if indicator.is_none() {
        problems.add("indicator", locale.indicator_unknown());
    }
    match (draft.value, &indicator) {
        (None, _) => problems.add("value", locale.target_value_wanted()),
        (Some(value), Some(indicator)) => {
            if let Err(wrong) = check_value(indicator.kind, value) {
                problems.add("value", wrong_value(locale, wrong));
            }
        }
        (Some(value), None) if value <= 0.0 => problems.add("value", locale.target_count_wrong()),
        _ => {}
    }
    if let (Some(year), Some(plan)) = (draft.year, &plan)
        && !plan.years().contains(&year)
    {
        problems.add("year", locale.target_year_outside(plan.years().start(), plan.years().end()));
    }
    let basis = check_name(locale, "basis", &draft.basis, &mut problems);
    let (Some(plan), Some(indicator), Some(value)) = (plan, indicator, draft.value) else {
        return Err(problems.into_inner().into());
    };
    let mut target = problems.into_result(Target {
        id: 0,
        plan_id: plan.id,
        indicator_id: indicator.id,
        unit_id: unit.id,
        year: draft.year,
        value,
        basis,
    })?;
    target.id = store::put_target(&mut conn, &target).await?;
    let detail = json!({
        "plan": plan.key, "indicator": indicator.key, "year": target.year, "value": value, "basis": target.basis,
    });
    let subject = target.id.to_string();
    let entry = Entry { actor: Some(actor), unit_id: Some(unit.id), action: "target.set", subject, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(target)
}

fn wrong_value(locale: Locale, wrong: WrongValue) -> &'static str {
    match wrong {
        WrongValue::Share => locale.target_share_wrong(),
        WrongValue::Count => locale.target_count_wrong(),
        WrongValue::Whole => locale.target_whole_wrong(),
        WrongValue::One => locale.target_one_wrong(),
    }
}

/// Removes a target; that it stood is in the audit log.
///
/// # Errors
/// [`Error::NotFound`] outside the scope, [`Error::Forbidden`].
pub async fn remove_target(ctx: &Ctx, id: i64) -> Result<()> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let target = store::target(&mut conn, id).await?;
    let unit = unit::store::by_id(&mut conn, &actor.scope(), target.unit_id).await?;
    if !actor.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    store::remove_target(&mut conn, id).await?;
    let detail = json!({"value": target.value, "year": target.year, "basis": target.basis});
    let entry =
        Entry { actor: Some(actor), unit_id: Some(unit.id), action: "target.remove", subject: id.to_string(), detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}
