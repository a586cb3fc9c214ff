//! Making and revoking feeds, and what stands in one.

use super::store::{self, Feed};
use crate::{
    account,
    campaign::{
        countdown::task_store::{self, Dated},
        event_store, store as campaign_store,
    },
    catalogue,
    domain::{
        access::{Role, Scope},
        campaign::Campaign,
        catalogue::Catalogue,
        event::Event,
        key_date::Occurrence,
        period::{Day, Period},
        unit::Unit,
    },
    error::{Error, Result},
    key_date,
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use chrono::Days;
use serde_json::json;

/// How far a feed looks back and ahead, in days.
const BACK: u64 = 60;
const AHEAD: u64 = 400;
/// A key date longer than this is a season, and would lie on every day of a calendar.
const SHORT: i64 = 10;
/// The most feeds of one account.
pub const LIMIT: usize = 20;

/// What stands in a feed.
pub(super) struct Content {
    pub feed: Feed,
    pub events: Vec<Event>,
    /// Those that the events belong to, and of a unit's feed all of its own.
    pub campaigns: Vec<Campaign>,
    pub key_dates: Vec<Occurrence>,
    /// Tasks of countdowns: in a unit's feed, and in the own feed of who plans at home.
    pub tasks: Vec<Dated>,
    pub catalogue: Catalogue,
}

/// Makes a feed of a unit that the reader may read, or without a code of the reader's own sessions: its secret.
///
/// # Errors
/// [`Error::NotFound`] for the unit; [`Error::Invalid`] when there are too many.
pub async fn add(ctx: &Ctx, code: &str) -> Result<String> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let unit = match code {
        "" => None,
        code => Some(unit::store::by_code(&mut conn, &actor.scope(), code).await?),
    };
    let feeds = store::seen_by(&mut conn, actor.account_id, &actor.planning_scope()).await?;
    if feeds.iter().filter(|feed| feed.account_id == actor.account_id).count() >= LIMIT {
        return Err(Error::invalid("unit", ctx.locale.feed_too_many(LIMIT)));
    }
    let unit_id = unit.as_ref().map(|unit| unit.id);
    let secret = store::add(&mut conn, actor.account_id, unit_id, ctx.now).await?;
    record(ctx, &mut conn, "feed.add", unit_id, code).await?;
    conn.commit().await?;
    Ok(secret)
}

/// Revokes a feed: the reader's own, or one on a unit whose officer or administrator the reader is.
///
/// # Errors
/// [`Error::NotFound`] for anything else.
pub async fn revoke(ctx: &Ctx, id: i64) -> Result<()> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let feeds = store::seen_by(&mut conn, actor.account_id, &actor.planning_scope()).await?;
    let feed = feeds.into_iter().find(|feed| feed.id == id).ok_or(Error::NotFound)?;
    store::revoke(&mut conn, id, ctx.now).await?;
    record(ctx, &mut conn, "feed.revoke", feed.unit_id, &feed.account_name).await?;
    conn.commit().await
}

async fn record(ctx: &Ctx, conn: &mut Conn, action: &'static str, unit_id: Option<i64>, what: &str) -> Result<()> {
    let actor = ctx.actor()?;
    let unit_id = unit_id.or(actor.home_unit_id());
    let entry = audit::Entry {
        actor: Some(actor),
        unit_id,
        action,
        subject: actor.name.clone(),
        detail: json!({ "of": what }),
    };
    audit::record(conn, ctx.now, entry).await
}

/// What stands in the feed behind a secret today, read with its owner's eyes: whoever lost a role reads nothing with it.
///
/// # Errors
/// [`Error::NotFound`] for a secret that is none, or was revoked, and where the owner may no longer read the unit.
pub(super) async fn read(ctx: &Ctx, secret: &str) -> Result<Content> {
    let mut conn = ctx.db.read().await?;
    let feed = store::behind(&mut conn, secret).await?.ok_or(Error::NotFound)?;
    let owner = account::store::actor(&mut conn, feed.account_id).await?;
    let scope = owner.scope();
    let home = match feed.unit_id {
        Some(id) => unit::store::by_id(&mut conn, &scope, id).await?,
        None => unit::store::by_id(&mut conn, &scope, owner.home_unit_id().ok_or(Error::NotFound)?).await?,
    };
    let period = Period { from: ctx.today - Days::new(BACK), to: ctx.today + Days::new(AHEAD) };
    let of_unit = feed.unit_id.map(|_| home.clone());
    let filter = event_store::Filter { unit: of_unit.clone(), ..event_store::Filter::default() };
    let mut events = event_store::in_period(&mut conn, &scope, period, &filter).await?;
    if feed.unit_id.is_none() {
        // A cadre's villages are the cadre's own work; of a whole town only what one holds oneself.
        let works_at = |path: &str| {
            owner.grants.iter().any(|grant| grant.role == Role::Cadre && path.starts_with(grant.path.as_str()))
        };
        events.retain(|event| event.lead == owner.display_name || works_at(&event.unit.path));
    }
    let (campaigns, key_dates) = around(&mut conn, &scope, &home, of_unit, period, &events, ctx.today).await?;
    let tasks = match feed.unit_id.is_some() || owner.may_manage(&home) {
        true => task_store::in_period(&mut conn, &home, period).await?,
        false => Vec::new(),
    };
    let catalogue = catalogue::store::visible(&mut conn, &home).await?;
    Ok(Content { feed, events, campaigns, key_dates, tasks, catalogue })
}

async fn around(
    conn: &mut Conn,
    scope: &Scope,
    home: &Unit,
    of_unit: Option<Unit>,
    period: Period,
    events: &[Event],
    today: Day,
) -> Result<(Vec<Campaign>, Vec<Occurrence>)> {
    let whole = of_unit.is_some();
    let filter = campaign_store::Filter { unit: of_unit, period: Some(period), theme: None };
    let mut campaigns = campaign_store::list(conn, scope, &filter, None, campaign_store::PAGE_LIMIT).await?;
    let mut key_dates = Vec::new();
    match whole {
        false => campaigns.retain(|campaign| events.iter().any(|event| event.campaign_id == campaign.id)),
        true => {
            let ahead = Period { from: today, to: period.to };
            key_dates = key_date::action::occurrences(conn, home, ahead).await?;
            key_dates.retain(|one| one.period.days() <= SHORT);
        }
    }
    Ok((campaigns, key_dates))
}
