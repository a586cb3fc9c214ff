//! Settling how a plan's indicators go on in the next one, and which targets are taken along.

use super::{
    action::{PlanDraft, check_key, managed_unit, put_plan},
    rollover_store::{self, Between},
    store, target_store,
};
use crate::{
    domain::{
        indicator::Indicator,
        problem::Problems,
        rollover::{Mapping, holding},
        target::{Plan, Target},
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
use chrono::Datelike;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of an indicator, besides the key of another one.
pub const SAME: &str = "same";
pub const DROP: &str = "drop";
/// A copy of it that the office then changes.
pub const COPY: &str = "copy";

/// What there is to settle between a plan and the next.
pub struct Ground {
    pub former: Plan,
    /// The plans behind it, the first first.
    pub nexts: Vec<Plan>,
    /// The indicators that the former plan asks about here, and the others that are in use.
    pub asked: Vec<Indicator>,
    pub others: Vec<Indicator>,
    /// The former plan's targets for the unit and those below it, with whose they are.
    pub targets: Vec<(Target, Unit)>,
    /// What was settled before.
    pub mappings: Vec<Mapping>,
}

/// What there is to settle at a unit, which the caller found within the reader's scope.
///
/// # Errors
/// [`Error::NotFound`] where the unit sees no such plan.
pub async fn ground(conn: &mut Conn, unit: &Unit, key: &str) -> Result<Ground> {
    let mut plans = store::plans(conn, unit, false).await?;
    let former = plans.iter().find(|plan| plan.key == key).cloned().ok_or(Error::NotFound)?;
    plans.retain(|plan| plan.period.from > former.period.to);
    plans.sort_by_key(|plan| plan.period.from);
    let targets = target_store::targets(conn, unit, Some(former.id), true).await?;
    let ids: BTreeSet<i64> = targets.iter().map(|target| target.indicator_id).collect();
    let mut indicators = store::indicators(conn, unit, false).await?;
    indicators.retain(|one| !one.retired);
    let (asked, others) = indicators.into_iter().partition(|one| ids.contains(&one.id));
    let below: BTreeMap<i64, Unit> =
        unit::store::at_and_below(conn, unit).await?.into_iter().map(|unit| (unit.id, unit)).collect();
    let targets =
        targets.into_iter().filter_map(|target| below.get(&target.unit_id).map(|own| (target.clone(), own.clone())));
    let mappings = holding(rollover_store::mappings(conn, unit).await?, &unit.ancestry());
    Ok(Ground { targets: targets.collect(), former, nexts: plans, asked, others, mappings })
}

/// What an officer settles, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct RolloverDraft {
    /// The unit's code: it settles for itself and below.
    pub unit: String,
    /// The next plan's key; empty: a new one.
    pub next: String,
    pub plan: PlanDraft,
    /// By the key of an indicator that was asked about: [`SAME`], [`DROP`], [`COPY`] or another indicator's key.
    pub lines: BTreeMap<String, String>,
    /// Keys of indicators that had nothing before them.
    pub added: Vec<String>,
    /// The targets that are taken along, by number.
    pub targets: Vec<i64>,
}

/// Settles it: the next plan is made where it is not there, the lines are drawn, the targets that were ticked are copied.
/// The former plan stays as it is. Who: the unit's officers and administrators.
///
/// # Errors
/// What is wrong by field; [`Error::NotFound`], [`Error::Forbidden`].
pub async fn settle(ctx: &Ctx, key: &str, draft: RolloverDraft) -> Result<Plan> {
    let locale = ctx.locale;
    let actor = ctx.actor()?;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    // What lies outside is as unknown as what is not there.
    unit::store::by_code(&mut conn, &ctx.scope()?, draft.unit.trim()).await?;
    let Some(unit) = managed_unit(ctx, &mut conn, draft.unit.trim(), "unit", &mut problems).await? else {
        return Err(problems.into_inner().into());
    };
    conn.lock_keys().await?;
    let ground = ground(&mut conn, &unit, key).await?;
    let next = match draft.next.trim() {
        "" => {
            let plan = PlanDraft { unit: Some(unit.code.clone()), ..draft.plan.clone() };
            let next = put_plan(ctx, &mut conn, plan, &mut problems).await?;
            if next.as_ref().is_some_and(|plan| plan.period.from <= ground.former.period.to) {
                problems.add("from", locale.rollover_not_behind(ground.former.period.to));
            }
            next
        }
        key => ground.nexts.iter().find(|plan| plan.key == key).cloned(),
    };
    if next.is_none() && !draft.next.trim().is_empty() {
        problems.add("next", locale.plan_unknown());
    }
    let Some(next) = next else { return Err(problems.into_inner().into()) };
    let lines = lines(locale, &mut conn, &unit, &ground, &next, &draft, &mut problems).await?;
    let copies = copies(locale, &ground, &next, &lines, &draft, &mut problems);
    let (lines, copies) = problems.into_result((lines, copies))?;
    let settled: Vec<Mapping> = lines.into_iter().map(|line| line.mapping).collect();
    let between = Between { unit_id: unit.id, former_plan_id: ground.former.id, plan_id: next.id };
    rollover_store::end(&mut conn, between, ctx.now).await?;
    rollover_store::settle(&mut conn, &settled, actor.account_id, ctx.now).await?;
    // What is taken along may stand where somebody set another value: the audit log keeps both.
    let before = target_store::targets(&mut conn, &unit, Some(next.id), true).await?;
    let mut targets = Vec::new();
    for target in &copies {
        let same = |one: &&Target| {
            (one.unit_id, one.indicator_id, one.year) == (target.unit_id, target.indicator_id, target.year)
        };
        let from = before.iter().find(same).map(value_and_basis);
        let id = target_store::put_target(&mut conn, target).await?;
        targets.push(json!({
            "id": id, "indicator": target.indicator_id, "unit": target.unit_id, "year": target.year,
            "from": from, "to": value_and_basis(target),
        }));
    }
    let pairs =
        |all: &[Mapping]| all.iter().map(|one| json!([one.former_indicator_id, one.indicator_id])).collect::<Vec<_>>();
    let detail = json!({
        "former": ground.former.key, "targets": targets, "lines": pairs(&settled),
        "from": pairs(&own_lines(&ground, between)),
    });
    let entry = Entry {
        actor: Some(actor),
        unit_id: Some(unit.id),
        action: "plan.rollover",
        subject: next.key.clone(),
        detail,
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(next)
}

fn value_and_basis(target: &Target) -> Value {
    json!({ "value": target.value, "basis": target.basis })
}

/// What the unit itself settled between two plans.
fn own_lines(ground: &Ground, between: Between) -> Vec<Mapping> {
    let own = |one: &&Mapping| {
        (one.unit_id, one.former_plan_id, one.plan_id) == (between.unit_id, between.former_plan_id, between.plan_id)
    };
    ground.mappings.iter().filter(own).cloned().collect()
}

/// Whether the unit itself settled anything between two plans, which it may take back.
pub fn may_take_back(ground: &Ground, unit: &Unit, next: &Plan) -> bool {
    let between = Between { unit_id: unit.id, former_plan_id: ground.former.id, plan_id: next.id };
    !own_lines(ground, between).is_empty()
}

/// Takes back what a unit settled between two plans: every indicator goes on as it is, or as a unit above settled it. What was
/// settled stays as what was ended; targets that were taken along stay, for they are changed by themselves. Who: as [`settle`].
///
/// # Errors
/// [`Error::NotFound`], also where the unit settled nothing; [`Error::Forbidden`].
pub async fn take_back(ctx: &Ctx, key: &str, code: &str, next: &str) -> Result<Plan> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let unit = unit::store::by_code(&mut conn, &ctx.scope()?, code.trim()).await?;
    if !actor.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let ground = ground(&mut conn, &unit, key).await?;
    let next = ground.nexts.iter().find(|plan| plan.key == next.trim()).cloned().ok_or(Error::NotFound)?;
    let between = Between { unit_id: unit.id, former_plan_id: ground.former.id, plan_id: next.id };
    let lines = own_lines(&ground, between);
    if lines.is_empty() {
        return Err(Error::NotFound);
    }
    rollover_store::end(&mut conn, between, ctx.now).await?;
    let lines: Vec<Value> = lines.iter().map(|one| json!([one.former_indicator_id, one.indicator_id])).collect();
    let detail = json!({ "former": ground.former.key, "from": lines, "lines": [] });
    audit::done(ctx, &mut conn, "plan.rollover_back", unit.id, &next.key, detail).await?;
    conn.commit().await?;
    Ok(next)
}

/// A line, with the indicator that goes on.
struct Line {
    mapping: Mapping,
    now: Option<Indicator>,
}

async fn lines(
    locale: Locale,
    conn: &mut Conn,
    unit: &Unit,
    ground: &Ground,
    next: &Plan,
    draft: &RolloverDraft,
    problems: &mut Problems,
) -> Result<Vec<Line>> {
    let mapping = |former: Option<i64>, now: Option<i64>| Mapping {
        id: 0,
        unit_id: unit.id,
        former_plan_id: ground.former.id,
        plan_id: next.id,
        former_indicator_id: former,
        indicator_id: now,
    };
    let known = |key: &str| ground.asked.iter().chain(&ground.others).find(|one| one.key == key).cloned();
    let mut taken: BTreeSet<i64> = BTreeSet::new();
    let mut lines = Vec::new();
    for former in &ground.asked {
        let field = format!("map.{}", former.key);
        let now = match draft.lines.get(&former.key).map_or(SAME, String::as_str) {
            SAME | "" => Some(former.clone()),
            DROP => None,
            COPY => Some(copy(locale, conn, unit, former, next).await?),
            key => {
                let found = known(key);
                if found.is_none() {
                    problems.add(field.clone(), locale.indicator_unknown());
                }
                found
            }
        };
        // Two lines that run into one could not be told apart backwards.
        if now.as_ref().is_some_and(|now| !taken.insert(now.id)) {
            problems.add(field, locale.rollover_taken());
        }
        lines.push(Line { mapping: mapping(Some(former.id), now.as_ref().map(|one| one.id)), now });
    }
    for key in &draft.added {
        match known(key) {
            Some(one) if taken.insert(one.id) => {
                lines.push(Line { mapping: mapping(None, Some(one.id)), now: Some(one) })
            }
            Some(_) => problems.add("new", locale.rollover_taken()),
            None => problems.add("new", locale.indicator_unknown()),
        }
    }
    Ok(lines)
}

/// A copy of an indicator that the office owns and may change.
async fn copy(locale: Locale, conn: &mut Conn, unit: &Unit, former: &Indicator, next: &Plan) -> Result<Indicator> {
    let all = store::indicators(conn, unit, true).await?;
    let taken: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
    let key = check_key(locale, None, &taken, &former.key, &mut Problems::default());
    let name = format!("{}（{}）", former.name, next.name).chars().take(200).collect();
    let mut copy = Indicator { id: 0, key, unit_id: Some(unit.id), name, name_en: None, ..former.clone() };
    copy.id = store::add_indicator(conn, &copy).await?;
    Ok(copy)
}

/// The targets that are taken along, for the next plan: a year's lies as many years in as it did.
fn copies(
    locale: Locale,
    ground: &Ground,
    next: &Plan,
    lines: &[Line],
    draft: &RolloverDraft,
    problems: &mut Problems,
) -> Vec<Target> {
    let mut copies = Vec::new();
    for id in &draft.targets {
        let Some((target, _)) = ground.targets.iter().find(|(target, _)| target.id == *id) else {
            problems.add("take", locale.rollover_target_unknown());
            continue;
        };
        let former = ground.asked.iter().find(|one| one.id == target.indicator_id);
        let line = lines.iter().find(|line| line.mapping.former_indicator_id == Some(target.indicator_id));
        let (Some(former), Some(now)) = (former, line.and_then(|line| line.now.as_ref())) else {
            problems.add("take", locale.rollover_target_dropped());
            continue;
        };
        let name = locale.name(&former.name, former.name_en.as_deref());
        if now.kind != former.kind {
            problems.add("take", locale.rollover_other_kind(name));
            continue;
        }
        let year = target.year.map(|year| year - ground.former.period.from.year() + next.period.from.year());
        if year.is_some_and(|year| !next.years().contains(&year)) {
            problems.add("take", locale.target_year_outside(next.years().start(), next.years().end()));
            continue;
        }
        let basis = locale.rollover_basis(&target.basis, &ground.former.name).chars().take(200).collect();
        copies.push(Target { id: 0, plan_id: next.id, indicator_id: now.id, year, basis, ..target.clone() });
    }
    copies
}
