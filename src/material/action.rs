//! What is done with a campaign's materials. Who: the officers and administrators of the campaign's unit; whoever sees
//! the campaign reads what its own units fetched and handed out, and the money only who reads at the campaign's unit.

use super::store::{self, Item};
use crate::{
    campaign::{self, figures::always},
    catalogue,
    domain::{
        access::Scope,
        campaign::Campaign,
        material::{Draft, Stock, pieces},
        measure::Total,
        period::Day,
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    figure::{self, Filter},
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde_json::json;
use std::collections::BTreeMap;

/// The most characters of who fetched.
const PERSON_LIMIT: usize = 60;

/// An item with where it is.
#[derive(Clone, Debug)]
pub struct Line {
    pub item: Item,
    /// By all units that the reader sees.
    pub fetched: i64,
    /// What the ledger has of it in the campaign; `None` where no measure counts it.
    pub handed_out: Option<Total>,
    /// Each unit right below the campaign's own that fetched or handed out something, in the order of codes.
    pub units: Vec<(Unit, Stock)>,
    /// What the campaign's own unit handed out by itself.
    pub by_owner: i64,
}

impl Line {
    /// What is left of what was prepared, at the campaign's unit: neither fetched nor handed out there.
    pub fn in_store(&self) -> i64 {
        self.item.prepared - self.fetched - self.by_owner
    }

    /// What was fetched and not handed out yet; less than none where more was handed out than fetched.
    pub fn at_units(&self) -> i64 {
        self.units.iter().map(|(_, stock)| stock.left()).sum()
    }
}

/// A campaign's materials.
#[derive(Clone, Debug)]
pub struct Board {
    pub campaign: Campaign,
    pub owner: Unit,
    pub lines: Vec<Line>,
    /// The units that may fetch: those right below the campaign's unit to which it goes, that are in use.
    pub fetching: Vec<Unit>,
    pub may_manage: bool,
    /// Whether the reader sees the whole campaign, its money too, and not only own villages.
    pub sees_all: bool,
}

/// A campaign's materials, as far as the reader's units go.
///
/// # Errors
/// [`Error::NotFound`] for a campaign that the reader does not see.
pub async fn board(ctx: &Ctx, conn: &mut Conn, key: &str) -> Result<Board> {
    let scope = ctx.scope()?;
    let campaign = campaign::action::find(conn, &scope, key).await?;
    let owner = unit::store::by_id(conn, &Scope::everything(), campaign.unit.id).await?;
    let sees_all = scope.contains(&owner.path);
    let mut below = unit::store::children(conn, &owner).await?;
    below.retain(|unit| scope.contains(&unit.path));
    let items = store::items(conn, campaign.id).await?;
    let fetched: BTreeMap<(i64, i64), i64> = store::fetched(conn, campaign.id)
        .await?
        .into_iter()
        .map(|(item, unit, pieces)| ((item, unit), pieces))
        .collect();
    let handed_out = match items.iter().any(|item| item.measure_id.is_some()) {
        true => handed_out(conn, &campaign, &owner, &below, sees_all).await?,
        false => BTreeMap::new(),
    };
    let lines = items.into_iter().map(|item| line(item, &owner, &below, &fetched, &handed_out)).collect();
    let may_manage = ctx.actor()?.may_manage(&owner);
    below.retain(|unit| goes_to(&campaign, unit) && unit.is_active(ctx.today));
    Ok(Board { campaign, owner, lines, fetching: below, may_manage, sees_all })
}

/// Whether a campaign goes to a unit, or to one below it: a town fetches for its villages.
fn goes_to(campaign: &Campaign, unit: &Unit) -> bool {
    campaign.goes_to(&unit.path) || campaign.units.iter().any(|one| one.path.starts_with(&unit.path))
}

/// What each of the units handed out with all below it, and the owner by itself: by unit and measure.
async fn handed_out(
    conn: &mut Conn,
    campaign: &Campaign,
    owner: &Unit,
    below: &[Unit],
    sees_all: bool,
) -> Result<BTreeMap<(i64, i64), Total>> {
    let filter = Filter::of_campaign(campaign.id);
    if sees_all {
        return figure::store::by_child(conn, owner, always(), &filter).await;
    }
    let mut totals = BTreeMap::new();
    for unit in below {
        for (measure, total) in figure::store::total_by_measure(conn, unit, always(), &filter).await? {
            totals.insert((unit.id, measure), total);
        }
    }
    Ok(totals)
}

fn line(
    item: Item,
    owner: &Unit,
    below: &[Unit],
    fetched: &BTreeMap<(i64, i64), i64>,
    handed_out: &BTreeMap<(i64, i64), Total>,
) -> Line {
    let of =
        |unit: i64| item.measure_id.and_then(|measure| handed_out.get(&(unit, measure))).copied().unwrap_or_default();
    let by_owner = of(owner.id);
    let all = below.iter().fold(by_owner, |sum, unit| sum + of(unit.id));
    let units: Vec<(Unit, Stock)> = below
        .iter()
        .map(|unit| {
            let fetched = fetched.get(&(item.id, unit.id)).copied().unwrap_or_default();
            (unit.clone(), Stock { fetched, handed_out: of(unit.id).total() })
        })
        .filter(|(_, stock)| *stock != Stock::default())
        .collect();
    Line {
        fetched: units.iter().map(|(_, stock)| stock.fetched).sum(),
        handed_out: item.measure_id.map(|_| all),
        units,
        by_owner: by_owner.total(),
        item,
    }
}

/// A campaign whose materials the reader may change.
async fn to_change(ctx: &Ctx, conn: &mut Conn, key: &str) -> Result<(Campaign, Unit)> {
    let campaign = campaign::action::find(conn, &ctx.scope()?, key).await?;
    let owner = unit::store::by_id(conn, &Scope::everything(), campaign.unit.id).await?;
    if !ctx.actor()?.may_manage(&owner) {
        return Err(Error::Forbidden);
    }
    Ok((campaign, owner))
}

/// An item with its campaign; both may be changed by the reader.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn item_to_change(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<(Item, Campaign, Unit)> {
    let item = store::item(conn, id).await?;
    let campaign = campaign::store::by_id(conn, &ctx.scope()?, item.campaign_id).await?;
    let (campaign, owner) = to_change(ctx, conn, &campaign.key).await?;
    Ok((item, campaign, owner))
}

/// Adds an item to a campaign.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn add(ctx: &Ctx, key: &str, draft: &Draft) -> Result<i64> {
    let mut conn = ctx.db.write().await?;
    let (campaign, owner) = to_change(ctx, &mut conn, key).await?;
    let mut problems = Problems::default();
    let checked = draft.check(ctx.locale, &mut problems);
    let mut measure_id = None;
    if let Some(measure) = Some(draft.measure.trim()).filter(|key| !key.is_empty()) {
        let catalogue = catalogue::store::visible(&mut conn, &owner).await?;
        match catalogue.measure(measure).filter(|measure| !measure.retired && !measure.is_stock) {
            Some(measure) => measure_id = Some(measure.id),
            None => problems.add("measure", ctx.locale.material_measure_unknown(measure)),
        }
    }
    let (Some(checked), true) = (checked, problems.is_empty()) else { return Err(problems.into_inner().into()) };
    let Some(id) = store::add(&mut conn, campaign.id, measure_id, &checked, ctx.now).await? else {
        return Err(Error::invalid("measure", ctx.locale.material_there()));
    };
    audit::done(ctx, &mut conn, "material.add", owner.id, id, json!({ "campaign": campaign.key, "item": draft }))
        .await?;
    conn.commit().await?;
    Ok(id)
}

/// Changes an item: everything but its measure.
///
/// # Errors
/// As [`add`].
pub async fn change(ctx: &Ctx, id: i64, mut draft: Draft) -> Result<Campaign> {
    let mut conn = ctx.db.write().await?;
    let (item, campaign, owner) = item_to_change(ctx, &mut conn, id).await?;
    draft.measure = item.measure.clone().unwrap_or_default();
    let mut problems = Problems::default();
    let Some(checked) = draft.check(ctx.locale, &mut problems) else { return Err(problems.into_inner().into()) };
    store::update(&mut conn, id, &checked).await?;
    let before = json!({ "planned": item.planned, "prepared": item.prepared, "budget_fen": item.budget_fen,
        "spent_fen": item.spent_fen });
    audit::done(ctx, &mut conn, "material.change", owner.id, id, json!({ "before": before, "after": draft })).await?;
    conn.commit().await?;
    Ok(campaign)
}

/// Closes an item, or takes it up again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where another of its measure is open meanwhile.
pub async fn close(ctx: &Ctx, id: i64, closed: bool) -> Result<Campaign> {
    let mut conn = ctx.db.write().await?;
    let (item, campaign, owner) = item_to_change(ctx, &mut conn, id).await?;
    let others = store::items(&mut conn, campaign.id).await?;
    let taken = |other: &Item| other.id != id && other.closed_at.is_none() && other.measure_id == item.measure_id;
    if !closed && item.measure_id.is_some() && others.iter().any(taken) {
        return Err(Error::Conflict { code: "measure_taken", message: ctx.locale.material_there().into() });
    }
    store::close(&mut conn, id, closed.then_some(ctx.now)).await?;
    let action = if closed { "material.close" } else { "material.reopen" };
    audit::done(ctx, &mut conn, action, owner.id, id, json!({})).await?;
    conn.commit().await?;
    Ok(campaign)
}

/// What one form notes: who fetched how much of an item on a day.
#[derive(Clone, Debug, Default)]
pub struct FetchDraft {
    pub item: String,
    pub day: String,
    pub fetched_by: String,
    /// By unit's code, as typed; empty ones fetched nothing.
    pub quantities: Vec<(String, String)>,
}

/// Notes that units fetched an item; answers how many did.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field: `item`, `day`, `fetched_by`,
/// `quantity.500113108201`.
pub async fn fetch(ctx: &Ctx, key: &str, draft: &FetchDraft) -> Result<usize> {
    let mut conn = ctx.db.write().await?;
    let (campaign, owner) = to_change(ctx, &mut conn, key).await?;
    let locale = ctx.locale;
    let mut problems = Problems::default();
    let items = store::items(&mut conn, campaign.id).await?;
    let item = items.iter().find(|item| item.closed_at.is_none() && item.id.to_string() == draft.item.trim());
    if item.is_none() {
        problems.add("item", locale.material_item_missing());
    }
    let day: Option<Day> = draft.day.trim().parse().ok().filter(|day| crate::domain::period::is_near(*day));
    match day {
        None => problems.add("day", locale.material_day_wrong()),
        Some(day) if day > ctx.today => problems.add("day", locale.material_day_ahead()),
        Some(_) => {}
    }
    let fetched_by = draft.fetched_by.trim();
    if fetched_by.chars().count() > PERSON_LIMIT {
        problems.add("fetched_by", locale.material_too_long(PERSON_LIMIT));
    }
    let units = unit::store::children(&mut conn, &owner).await?;
    let mut lines = Vec::new();
    for (code, typed) in draft.quantities.iter().filter(|(_, typed)| !typed.trim().is_empty()) {
        let field = format!("quantity.{code}");
        let found = units.iter().find(|unit| unit.code == *code && goes_to(&campaign, unit));
        match (found, pieces(typed)) {
            (None, _) => problems.add(field, locale.material_unit_unknown(code)),
            (Some(unit), _) if day.is_some_and(|day| !unit.is_active(day)) => {
                problems.add(field, locale.material_unit_closed(&unit.short_name));
            }
            (_, None) => problems.add(field, locale.material_pieces_wrong(crate::domain::material::PIECES_LIMIT)),
            (_, Some(0)) => {}
            (Some(unit), Some(quantity)) => lines.push((unit, quantity)),
        }
    }
    if lines.is_empty() && problems.is_empty() {
        problems.add("", locale.material_fetch_nothing());
    }
    let (Some(item), Some(day), true) = (item, day, problems.is_empty()) else {
        return Err(problems.into_inner().into());
    };
    let account = ctx.actor()?.account_id;
    for (unit, quantity) in &lines {
        store::add_fetch(&mut conn, item.id, unit.id, day, *quantity, fetched_by, account, ctx.now).await?;
    }
    let told: Vec<_> =
        lines.iter().map(|(unit, quantity)| json!({ "unit": unit.code, "quantity": quantity })).collect();
    let detail = json!({ "day": day, "fetched_by": fetched_by, "fetched": told });
    audit::done(ctx, &mut conn, "material.fetch", owner.id, item.id, detail).await?;
    conn.commit().await?;
    Ok(lines.len())
}

/// Withdraws one fetch; it stays on the list, and no longer counts.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn withdraw(ctx: &Ctx, id: i64, fetch: i64) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (_, _, owner) = item_to_change(ctx, &mut conn, id).await?;
    if !store::withdraw(&mut conn, id, fetch, ctx.now).await? {
        return Err(Error::NotFound);
    }
    audit::done(ctx, &mut conn, "material.withdraw", owner.id, id, json!({ "fetch": fetch })).await?;
    conn.commit().await
}
