//! Setting, changing and ending targets.

use super::{
    action::{check_name, managed_unit},
    store, target_store,
};
use crate::{
    domain::{
        indicator::{Indicator, Kind},
        problem::Problems,
        target::{Target, WrongValue, check_value},
        unit::Unit,
    },
    error::{Error, Result},
    locale::Locale,
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde::Deserialize;
use serde_json::json;

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

fn check(locale: Locale, kind: Option<Kind>, value: Option<f64>, problems: &mut Problems) {
    match (value, kind) {
        (None, _) => problems.add("value", locale.target_value_wanted()),
        (Some(value), Some(kind)) => {
            if let Err(wrong) = check_value(kind, value) {
                problems.add("value", wrong_value(locale, wrong));
            }
        }
        (Some(value), None) if value <= 0.0 => problems.add("value", locale.target_count_wrong()),
        _ => {}
    }
}

fn wrong_value(locale: Locale, wrong: WrongValue) -> &'static str {
    match wrong {
        WrongValue::Share => locale.target_share_wrong(),
        WrongValue::Count => locale.target_count_wrong(),
        WrongValue::Whole => locale.target_whole_wrong(),
        WrongValue::One => locale.target_one_wrong(),
    }
}

/// Sets a target, in place of the one that the same unit had for the same plan, indicator and year.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`].
pub async fn set_target(ctx: &Ctx, draft: TargetDraft) -> Result<Target> {
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
    check(locale, indicator.as_ref().map(|one| one.kind), draft.value, &mut problems);
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
    let former = target_store::targets(&mut conn, &unit, Some(plan.id), false)
        .await?
        .into_iter()
        .find(|one| (one.unit_id, one.indicator_id, one.year) == (target.unit_id, target.indicator_id, target.year));
    target.id = target_store::put_target(&mut conn, &target).await?;
    let detail = json!({
        "plan": plan.key, "indicator": indicator.key, "year": target.year, "value": value, "basis": target.basis,
        "from": former.map(|one| json!({"value": one.value, "basis": one.basis})),
    });
    audit::done(ctx, &mut conn, "target.set", unit.id, target.id, detail).await?;
    conn.commit().await?;
    Ok(target)
}

/// A target that the reader sees, the unit it was set for, and its indicator.
///
/// # Errors
/// [`Error::NotFound`] outside the scope and for one that was ended.
pub async fn seen(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<(Target, Unit, Indicator)> {
    let target = target_store::target(conn, id).await?;
    let unit = unit::store::by_id(conn, &ctx.scope()?, target.unit_id).await?;
    let indicators = store::indicators(conn, &unit, false).await?;
    let indicator = indicators.into_iter().find(|one| one.id == target.indicator_id).ok_or(Error::NotFound)?;
    Ok((target, unit, indicator))
}

/// Changes a target's value and basis. Whose it is, what it is for and its year stay.
///
/// # Errors
/// What is wrong by field; [`Error::NotFound`] as [`seen`]; [`Error::Forbidden`].
pub async fn change_target(ctx: &Ctx, id: i64, value: Option<f64>, basis: &str) -> Result<Target> {
    let mut conn = ctx.db.write().await?;
    let (former, unit, indicator) = seen(ctx, &mut conn, id).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let mut problems = Problems::default();
    check(ctx.locale, Some(indicator.kind), value, &mut problems);
    let basis = check_name(ctx.locale, "basis", basis, &mut problems);
    let Some(value) = value else { return Err(problems.into_inner().into()) };
    let target = problems.into_result(Target { value, basis, ..former.clone() })?;
    target_store::put_target(&mut conn, &target).await?;
    let detail = json!({
        "indicator": indicator.key, "year": target.year,
        "from": {"value": former.value, "basis": former.basis}, "to": {"value": target.value, "basis": target.basis},
    });
    audit::done(ctx, &mut conn, "target.change", unit.id, id, detail).await?;
    conn.commit().await?;
    Ok(target)
}

/// Ends a target: it is asked for no more, and stays with the day of its end.
///
/// # Errors
/// [`Error::NotFound`] as [`seen`], [`Error::Forbidden`].
pub async fn end_target(ctx: &Ctx, id: i64) -> Result<Target> {
    let mut conn = ctx.db.write().await?;
    let (target, unit, indicator) = seen(ctx, &mut conn, id).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    target_store::end_target(&mut conn, id, ctx.now).await?;
    let detail = json!({
        "indicator": indicator.key, "value": target.value, "year": target.year, "basis": target.basis,
    });
    audit::done(ctx, &mut conn, "target.cancel", unit.id, id, detail).await?;
    conn.commit().await?;
    Ok(target)
}
