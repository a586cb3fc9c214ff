//! What is done with countdown templates. Who: the officers and administrators of the unit; others read.

use super::template_store;
use crate::{
    domain::{
        access::Scope,
        countdown::{StepDraft, Template, check_steps, month_day},
        key_date::{KeyDate, Occurrence},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    key_date,
    plan::action::read_unit,
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use chrono::{Datelike, Months};
use serde_json::json;

/// What stands for the general template where a key date's key would stand.
pub const GENERAL: &str = "general";

/// A template and what it is seen with.
#[derive(Clone, Debug)]
pub struct Shown {
    pub unit: Unit,
    /// The key date that was asked for; the general template has none.
    pub key_date: Option<KeyDate>,
    pub template: Template,
    /// Whose template holds; nobody's where it is built in.
    pub keeper: Option<Unit>,
    /// The key date's next days.
    pub next: Option<Occurrence>,
}

impl Shown {
    /// Whether the unit keeps a template of its own for just this key date.
    pub fn is_own(&self) -> bool {
        let asked = self.key_date.as_ref().map(|one| one.id);
        self.template.unit_id == Some(self.unit.id) && self.template.key_date_id == asked
    }
}

/// The key date with this key as a unit sees it; none for the general template.
async fn key_date_of(conn: &mut Conn, unit: &Unit, key: &str) -> Result<Option<KeyDate>> {
    if key == GENERAL {
        return Ok(None);
    }
    let known = key_date::store::known(conn, unit).await?;
    Ok(Some(key_date::action::seen(&known, key)?.clone()))
}

/// The template that holds at a unit; without a code at the reader's own.
///
/// # Errors
/// [`Error::NotFound`] for a unit or key date that the reader does not see.
pub async fn show(ctx: &Ctx, code: Option<&str>, key: &str) -> Result<Shown> {
    let mut conn = ctx.db.read().await?;
    let unit = read_unit(ctx, &mut conn, code).await?;
    let key_date = key_date_of(&mut conn, &unit, key).await?;
    let template = template_store::holding(&mut conn, &unit, key_date.as_ref().map(|one| one.id)).await?;
    let keeper = match template.unit_id {
        Some(id) => Some(unit::store::by_id(&mut conn, &Scope::everything(), id).await?),
        None => None,
    };
    let next = match &key_date {
        Some(one) => {
            let to = ctx.today.checked_add_months(Months::new(13)).unwrap_or(ctx.today);
            let ahead = crate::domain::period::Period { from: ctx.today, to };
            let found = key_date::action::occurrences(&mut conn, &unit, ahead).await?;
            found.into_iter().find(|own| own.key_date_id == one.id && own.period.from >= ctx.today)
        }
        None => None,
    };
    Ok(Shown { unit, key_date, template, keeper, next })
}

async fn managed(ctx: &Ctx, conn: &mut Conn, code: Option<&str>) -> Result<Unit> {
    let unit = read_unit(ctx, conn, code).await?;
    if ctx.actor()?.may_manage(&unit) { Ok(unit) } else { Err(Error::Forbidden) }
}

/// Keeps a template of the unit's own. Campaigns that are made afterwards count down by it; those that are there stay.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; what is wrong by field: `day_d`, `days.0`, `what.0` …
pub async fn put(ctx: &Ctx, code: Option<&str>, key: &str, day_d: &str, steps: &[StepDraft]) -> Result<Unit> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let key_date = key_date_of(&mut conn, &unit, key).await?;
    let mut problems = Problems::default();
    let day = month_day(day_d);
    if day.is_none() && !day_d.trim().is_empty() {
        problems.add("day_d", ctx.locale.template_day_wrong());
    }
    let steps = check_steps(steps, ctx.locale, &mut problems);
    if !problems.is_empty() {
        return Err(problems.into_inner().into());
    }
    let told = json!({ "day_d": day_d.trim(), "steps": steps });
    let template = Template { unit_id: Some(unit.id), key_date_id: key_date.map(|one| one.id), day_d: day, steps };
    template_store::put(&mut conn, unit.id, &template, ctx.now).await?;
    audit::done(ctx, &mut conn, "template.put", unit.id, key, told).await?;
    conn.commit().await?;
    Ok(unit)
}

/// Gives the unit's own template up for what stands above it.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`], also where there is none.
pub async fn withdraw(ctx: &Ctx, code: Option<&str>, key: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let key_date = key_date_of(&mut conn, &unit, key).await?;
    if !template_store::withdraw(&mut conn, unit.id, key_date.map(|one| one.id), ctx.now).await? {
        return Err(Error::NotFound);
    }
    audit::done(ctx, &mut conn, "template.withdraw", unit.id, key, json!({ "year": ctx.today.year() })).await?;
    conn.commit().await
}
