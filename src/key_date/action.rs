//! What is done with key dates: who may, and what is checked before.

use super::store;
use crate::{
    catalogue,
    domain::{
        access::Scope,
        catalogue::is_key,
        key_date::{KeyDate, Known, Layer, Occurrence, Override, rule::Rule},
        period::{Day, Period, is_near},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use chrono::Datelike;
use serde_json::{Value, json};

pub use super::day_action::{add_blackout, put_holidays, put_market, withdraw_blackout};

/// The longest name, lead, basis or notice, in characters.
pub(super) const LONGEST: usize = 200;

/// The key dates with a day in the period that a unit sees, by their first day.
pub async fn occurrences(conn: &mut Conn, unit: &Unit, period: Period) -> Result<Vec<Occurrence>> {
    Ok(store::known(conn, unit).await?.within(period))
}

/// What a unit knows of the days of a period: holidays, market days, and the blackouts of it and all below.
pub async fn marks(conn: &mut Conn, unit: &Unit, period: Period) -> Result<crate::domain::day_mark::DayMarks> {
    super::day_store::marks(conn, unit, period).await
}

/// A key date as somebody typed it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Empty: one is made.
    pub key: String,
    pub name: String,
    pub layer: String,
    /// `None` where the fields make no rule.
    pub rule: Option<Rule>,
    /// Keys of themes.
    pub themes: Vec<String>,
    pub lead: String,
    pub basis: String,
    /// The first year; may be empty.
    pub since: String,
}

/// The unit with this code, to be managed by the one who asks.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for a unit that is not there or that the one who asks may not read.
pub(super) async fn managed(ctx: &Ctx, conn: &mut Conn, code: &str) -> Result<Unit> {
    let unit = unit::store::by_code(conn, &ctx.scope()?, code).await?;
    if ctx.actor()?.may_manage(&unit) { Ok(unit) } else { Err(Error::Forbidden) }
}

/// The key date with this key that a unit sees.
pub fn seen<'a>(known: &'a Known, key: &str) -> Result<&'a KeyDate> {
    known.dates.iter().find(|one| one.key == key).ok_or(Error::NotFound)
}

/// A text of a form, trimmed, and a problem where it is too long, or empty though it may not be.
pub(super) fn text(ctx: &Ctx, field: &str, value: &str, required: bool, problems: &mut Problems) -> String {
    let value = value.trim();
    match value.chars().count() {
        0 if required => problems.add(field, ctx.locale.key_date_fill_in()),
        count if count > LONGEST => problems.add(field, ctx.locale.key_date_too_long(LONGEST)),
        _ => {}
    }
    value.to_owned()
}

async fn check(
    ctx: &Ctx,
    conn: &mut Conn,
    owner: &Unit,
    draft: &Draft,
    former: Option<&KeyDate>,
    problems: &mut Problems,
) -> Result<KeyDate> {
    let catalogue = catalogue::store::visible(conn, owner).await?;
    let is_known = |key: &String| {
        catalogue.theme(key).is_some_and(|theme| !theme.retired)
            || former.is_some_and(|former| former.themes.contains(key))
    };
    if !draft.themes.iter().all(is_known) {
        problems.add("themes", ctx.locale.key_date_theme_unknown());
    }
    let layer = Layer::from_key(&draft.layer).unwrap_or_else(|| {
        problems.add("layer", ctx.locale.key_date_layer_wanted());
        Layer::Town
    });
    let rule = draft.rule.clone().filter(|rule| rule.is_possible() && !matches!(rule, Rule::Market { .. }));
    if rule.is_none() {
        problems.add("rule", ctx.locale.key_date_rule_wrong());
    }
    let since = draft.since.trim();
    let year = since.parse::<i32>().ok().filter(|year| (1949..=2199).contains(year));
    if !since.is_empty() && year.is_none() {
        problems.add("since", ctx.locale.key_date_year_wrong());
    }
    Ok(KeyDate {
        id: former.map_or(0, |former| former.id),
        key: former.map_or_else(|| draft.key.clone(), |former| former.key.clone()),
        unit_id: Some(owner.id),
        layer,
        name: text(ctx, "name", &draft.name, true, problems),
        name_en: None,
        rule: rule.unwrap_or(Rule::Day { month: 1, day: 1 }),
        themes: draft.themes.clone(),
        lead: text(ctx, "lead", &draft.lead, false, problems),
        basis: text(ctx, "basis", &draft.basis, false, problems),
        unverified: false,
        since: year,
        retired: false,
    })
}

fn told(one: &KeyDate) -> Value {
    json!({
        "name": one.name, "layer": one.layer, "rule": one.rule, "themes": one.themes, "lead": one.lead,
        "basis": one.basis, "since": one.since,
    })
}

/// Adds a key date of a unit's own, for it and all below. Who: its officers and administrators.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`].
pub async fn add(ctx: &Ctx, code: &str, mut draft: Draft) -> Result<KeyDate> {
    let mut conn = ctx.db.write().await?;
    let owner = managed(ctx, &mut conn, code).await?;
    conn.lock_keys().await?;
    let mut problems = Problems::default();
    let taken = store::keys_seen(&mut conn, &owner).await?;
    if draft.key.is_empty() {
        let free = |number: &usize| !taken.contains(&format!("own-{number}"));
        draft.key = format!("own-{}", (1..).find(free).unwrap_or_default());
    } else if !is_key(&draft.key) {
        problems.add("key", ctx.locale.key_date_key_wrong());
    } else if taken.contains(&draft.key) {
        problems.add("key", ctx.locale.key_date_key_taken(&draft.key));
    }
    let checked = check(ctx, &mut conn, &owner, &draft, None, &mut problems).await?;
    let mut one = problems.into_result(checked)?;
    one.id = store::insert(&mut conn, &one).await?;
    audit::done(ctx, &mut conn, "key_date.add", owner.id, &one.key, told(&one)).await?;
    conn.commit().await?;
    Ok(one)
}

/// The unit that owns a key date, to be managed by the one who asks; built-in ones are nobody's.
async fn owner(ctx: &Ctx, conn: &mut Conn, one: &KeyDate) -> Result<Unit> {
    let id = one.unit_id.ok_or(Error::Forbidden)?;
    let unit = unit::store::by_id(conn, &Scope::everything(), id).await?;
    if ctx.actor()?.may_manage(&unit) { Ok(unit) } else { Err(Error::Forbidden) }
}

/// Changes a key date of a unit's own; `code` is the unit from which it is seen.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`] also for a built-in one; [`Error::NotFound`].
pub async fn change(ctx: &Ctx, code: &str, key: &str, draft: Draft) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let known = store::known(&mut conn, &unit).await?;
    let former = seen(&known, key)?;
    let owner = owner(ctx, &mut conn, former).await?;
    let mut problems = Problems::default();
    let checked = check(ctx, &mut conn, &owner, &draft, Some(former), &mut problems).await?;
    let one = problems.into_result(checked)?;
    store::update(&mut conn, &one).await?;
    audit::done(ctx, &mut conn, "key_date.change", owner.id, key, json!({ "from": told(former), "to": told(&one) }))
        .await?;
    conn.commit().await
}

/// Retires a key date of a unit's own, or takes it back.
///
/// # Errors
/// [`Error::Forbidden`] also for a built-in one; [`Error::NotFound`].
pub async fn retire(ctx: &Ctx, code: &str, key: &str, retired: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let known = store::known(&mut conn, &unit).await?;
    let one = seen(&known, key)?;
    let owner = owner(ctx, &mut conn, one).await?;
    store::set_retired(&mut conn, one.id, retired.then_some(ctx.now)).await?;
    let action = if retired { "key_date.retire" } else { "key_date.resume" };
    audit::done(ctx, &mut conn, action, owner.id, key, json!({})).await?;
    conn.commit().await
}

/// Switches a key date off for a unit and all below it, or on again.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`].
pub async fn switch(ctx: &Ctx, code: &str, key: &str, off: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let known = store::known(&mut conn, &unit).await?;
    store::switch(&mut conn, unit.id, seen(&known, key)?.id, off).await?;
    let action = if off { "key_date.off" } else { "key_date.on" };
    audit::done(ctx, &mut conn, action, unit.id, key, json!({})).await?;
    conn.commit().await
}

/// The days from and to of a form.
pub(super) fn days(ctx: &Ctx, from: &str, to: &str, problems: &mut Problems) -> Option<Period> {
    let mut day = |field: &str, text: &str| {
        let day = text.trim().parse::<Day>().ok().filter(|day| is_near(*day));
        if day.is_none() {
            problems.add(field, ctx.locale.key_date_day_wanted());
        }
        day
    };
    let (from, to) = (day("from", from), day("to", to));
    let period = Period::new(from?, to?);
    if period.is_none() {
        problems.add("to", ctx.locale.campaign_to_before_from());
    }
    period
}

/// Puts a notice's days in the place of a rule's for the year in which they begin, for a unit and all below it.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`], [`Error::NotFound`].
pub async fn put_notice(ctx: &Ctx, code: &str, key: &str, (from, to): (&str, &str), notice: &str) -> Result<i32> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let known = store::known(&mut conn, &unit).await?;
    let one = seen(&known, key)?;
    let mut problems = Problems::default();
    let notice = text(ctx, "notice", notice, true, &mut problems);
    let period = days(ctx, from, to, &mut problems);
    let (Some(period), true) = (period, problems.is_empty()) else { return Err(problems.into_inner().into()) };
    let year = period.from.year();
    let new = Override { key_date_id: one.id, unit_id: Some(unit.id), year, period, notice };
    store::put_override(&mut conn, unit.id, &new, ctx.now).await?;
    let detail = json!({ "year": year, "from": period.from, "to": period.to, "notice": new.notice });
    audit::done(ctx, &mut conn, "key_date.notice", unit.id, key, detail).await?;
    conn.commit().await?;
    Ok(year)
}

/// Withdraws a unit's own notice for a year.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`], also where the unit gave no notice.
pub async fn withdraw_notice(ctx: &Ctx, code: &str, key: &str, year: i32) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let unit = managed(ctx, &mut conn, code).await?;
    let known = store::known(&mut conn, &unit).await?;
    let one = seen(&known, key)?;
    if store::withdraw_override(&mut conn, unit.id, one.id, year, ctx.now).await? == 0 {
        return Err(Error::NotFound);
    }
    audit::done(ctx, &mut conn, "key_date.notice_withdraw", unit.id, key, json!({ "year": year })).await?;
    conn.commit().await
}
