//! Entering what is true as of a day: stocks, surveys, milestones.

use super::{action::managed_unit, entry_store, store};
use crate::{
    catalogue,
    domain::{
        indicator::{Indicator, Kind},
        period::{Day, is_near},
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
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;

/// The largest stock of a unit.
const LARGEST_STOCK: i64 = 10_000_000;

/// A stock as somebody typed it.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct StockDraft {
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub measure: String,
    pub as_of: Option<NaiveDate>,
    pub value: Option<i64>,
}

/// What a survey found, as somebody typed it.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct SurveyDraft {
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub indicator: String,
    pub date: Option<NaiveDate>,
    /// How many people were asked.
    pub sample: Option<i64>,
    /// The share, 0 to 1.
    pub value: Option<f64>,
}

/// That a milestone was reached, as somebody typed it.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct MilestoneDraft {
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub indicator: String,
    pub date: Option<NaiveDate>,
}

/// A day in the past or today.
fn check_day(ctx: &Ctx, field: &str, day: Option<Day>, problems: &mut Problems) -> Option<Day> {
    match day {
        None => problems.add(field, ctx.locale.plan_day_wanted()),
        Some(day) if !is_near(day) => problems.add(field, ctx.locale.plan_day_wanted()),
        Some(day) if day > ctx.today => problems.add(field, ctx.locale.plan_day_in_future()),
        Some(_) => {}
    }
    day
}

fn check_active(ctx: &Ctx, unit: Option<&Unit>, day: Option<Day>, field: &str, problems: &mut Problems) {
    if let (Some(unit), Some(day)) = (unit, day)
        && !unit.is_active(day)
    {
        problems.add(field, ctx.locale.plan_unit_closed(&unit.short_name));
    }
}

/// Stores one stock.
///
/// # Errors
/// What is wrong by field; `Forbidden`.
pub async fn put_stock(ctx: &Ctx, draft: StockDraft) -> Result<()> {
    let StockDraft { unit, measure, as_of, value } = draft;
    put_stocks(ctx, &measure, as_of, &[StockLine { unit, unit_field: "unit", value_field: "value".into(), value }])
        .await
}

/// One unit's line of a form, and what its fields are called.
#[derive(Clone, Debug)]
pub struct StockLine {
    pub unit: String,
    pub unit_field: &'static str,
    pub value_field: String,
    pub value: Option<i64>,
}

/// Stores the stock of one measure at several units as of one day: all of them, or none when anything is wrong.
///
/// # Errors
/// What is wrong by field; `Forbidden`.
pub async fn put_stocks(ctx: &Ctx, measure: &str, as_of: Option<Day>, lines: &[StockLine]) -> Result<()> {
    let actor = ctx.actor()?;
    let mut problems = Problems::default();
    let as_of = check_day(ctx, "as_of", as_of, &mut problems);
    let mut conn = ctx.db.write().await?;
    let mut checked = Vec::new();
    for line in lines {
        let unit = managed_unit(ctx, &mut conn, line.unit.trim(), line.unit_field, &mut problems).await?;
        check_active(ctx, unit.as_ref(), as_of, line.unit_field, &mut problems);
        match line.value {
            Some(value) if (0..=LARGEST_STOCK).contains(&value) => checked.extend(unit.map(|unit| (unit, value))),
            _ => {
                problems.add(line.value_field.clone(), ctx.locale.stock_value_wrong());
                // The measure is still checked against what the unit sees.
                checked.extend(unit.map(|unit| (unit, 0)));
            }
        }
    }
    let mut measure_id = None;
    if let Some((unit, _)) = checked.first() {
        let catalogue = catalogue::store::visible(&mut conn, unit).await?;
        match catalogue.measure(measure.trim()).filter(|measure| !measure.retired) {
            None => problems.add("measure", ctx.locale.plan_measure_unknown(measure)),
            Some(found) if !found.is_stock => problems.add("measure", ctx.locale.indicator_no_stock()),
            Some(found) => measure_id = Some(found.id),
        }
    }
    let (Some(measure_id), Some(as_of)) = (measure_id, as_of) else { return Err(problems.into_inner().into()) };
    for (unit, value) in problems.into_result(checked)? {
        let stock = entry_store::NewStock {
            unit_id: unit.id,
            measure_id,
            as_of,
            value,
            entered_by: actor.account_id,
            entered_at: ctx.now,
        };
        entry_store::put_stock(&mut conn, stock).await?;
        let detail = json!({"measure": measure, "as_of": as_of, "value": value});
        let entry = Entry {
            actor: Some(actor),
            unit_id: Some(unit.id),
            action: "stock.set",
            subject: unit.code.clone(),
            detail,
        };
        audit::record(&mut conn, ctx.now, entry).await?;
    }
    conn.commit().await
}

/// The indicator of this kind that a draft names.
async fn asked_indicator(
    ctx: &Ctx,
    conn: &mut Conn,
    unit: Option<&Unit>,
    key: &str,
    kind: Kind,
    problems: &mut Problems,
) -> Result<Option<Indicator>> {
    let Some(unit) = unit else { return Ok(None) };
    let found =
        store::indicators(conn, unit, false).await?.into_iter().find(|one| one.key == key.trim() && !one.retired);
    match found {
        None => problems.add("indicator", ctx.locale.indicator_unknown()),
        Some(indicator) if indicator.kind == kind => return Ok(Some(indicator)),
        Some(_) => problems.add("indicator", ctx.locale.indicator_other_kind(super::words::kind(ctx.locale, kind))),
    }
    Ok(None)
}

/// Stores what a survey found.
///
/// # Errors
/// What is wrong by field; `Forbidden`.
pub async fn put_survey(ctx: &Ctx, draft: SurveyDraft) -> Result<()> {
    let actor = ctx.actor()?;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let unit = managed_unit(ctx, &mut conn, draft.unit.trim(), "unit", &mut problems).await?;
    let indicator =
        asked_indicator(ctx, &mut conn, unit.as_ref(), &draft.indicator, Kind::Survey, &mut problems).await?;
    let day = check_day(ctx, "date", draft.date, &mut problems);
    check_active(ctx, unit.as_ref(), day, "unit", &mut problems);
    let sample = draft.sample.filter(|sample| (1..=LARGEST_STOCK).contains(sample));
    if sample.is_none() {
        problems.add("sample", ctx.locale.survey_sample_wrong());
    }
    let value = draft.value.filter(|value| (0.0..=1.0).contains(value));
    if value.is_none() {
        problems.add("value", ctx.locale.survey_value_wrong());
    }
    let (Some(unit), Some(indicator), Some(day), Some(sample), Some(value)) = (unit, indicator, day, sample, value)
    else {
        return Err(problems.into_inner().into());
    };
    problems.into_result(())?;
    let survey = entry_store::NewSurvey {
        unit_id: unit.id,
        indicator_id: indicator.id,
        day,
        sample,
        value,
        entered_by: actor.account_id,
        entered_at: ctx.now,
    };
    entry_store::put_survey(&mut conn, survey).await?;
    let detail = json!({"unit": unit.code, "date": day, "sample": sample, "value": value});
    let entry =
        Entry { actor: Some(actor), unit_id: Some(unit.id), action: "survey.set", subject: indicator.key, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}

/// Stores that a milestone was reached.
///
/// # Errors
/// What is wrong by field; `Forbidden`.
pub async fn put_milestone(ctx: &Ctx, draft: MilestoneDraft) -> Result<()> {
    let actor = ctx.actor()?;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let unit = managed_unit(ctx, &mut conn, draft.unit.trim(), "unit", &mut problems).await?;
    let indicator =
        asked_indicator(ctx, &mut conn, unit.as_ref(), &draft.indicator, Kind::Milestone, &mut problems).await?;
    let day = check_day(ctx, "date", draft.date, &mut problems);
    check_active(ctx, unit.as_ref(), day, "unit", &mut problems);
    let (Some(unit), Some(indicator), Some(day)) = (unit, indicator, day) else {
        return Err(problems.into_inner().into());
    };
    problems.into_result(())?;
    let milestone = entry_store::NewMilestone {
        unit_id: unit.id,
        indicator_id: indicator.id,
        day,
        entered_by: actor.account_id,
        entered_at: ctx.now,
    };
    entry_store::put_milestone(&mut conn, milestone).await?;
    let detail = json!({"unit": unit.code, "date": day});
    let entry =
        Entry { actor: Some(actor), unit_id: Some(unit.id), action: "milestone.set", subject: indicator.key, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}

/// Withdraws a survey or a milestone that was entered by mistake: it stays, and counts no more.
///
/// # Errors
/// [`Error::NotFound`] where there is none that counts; [`Error::Forbidden`].
pub async fn withdraw(ctx: &Ctx, kind: Kind, unit: &str, indicator: &str, day: Day) -> Result<()> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let unit = unit::store::by_code(&mut conn, &actor.scope(), unit).await?;
    if !actor.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let indicators = store::indicators(&mut conn, &unit, false).await?;
    let indicator =
        indicators.into_iter().find(|one| one.key == indicator && one.kind == kind).ok_or(Error::NotFound)?;
    let (found, action) = if kind == Kind::Survey {
        let done = entry_store::withdraw_survey(&mut conn, unit.id, indicator.id, day, ctx.now).await?;
        (done, "survey.withdraw")
    } else {
        let done = entry_store::withdraw_milestone(&mut conn, unit.id, indicator.id, day, ctx.now).await?;
        (done, "milestone.withdraw")
    };
    if !found {
        return Err(Error::NotFound);
    }
    let detail = json!({"unit": unit.code, "date": day});
    let entry = Entry { actor: Some(actor), unit_id: Some(unit.id), action, subject: indicator.key, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}
