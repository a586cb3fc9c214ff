//! Gathering a campaign's notice, for its page and for who is handed it in a folder.

use super::{
    action,
    countdown::task_store,
    notice::{self, Notice},
};
use crate::{
    domain::{
        access::Scope,
        campaign::Campaign,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};

/// A campaign's notice and the units that it goes to. Who: the officers and administrators of its owner.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn of_campaign(ctx: &Ctx, key: &str) -> Result<(Campaign, Vec<Unit>, Notice)> {
    let mut conn = ctx.db.read().await?;
    let campaign = action::find(&mut conn, &ctx.scope()?, key).await?;
    let owner = unit::store::by_id(&mut conn, &Scope::everything(), campaign.unit.id).await?;
    if !ctx.actor()?.may_manage(&owner) {
        return Err(Error::Forbidden);
    }
    written(ctx, &mut conn, campaign, &owner).await
}

/// A campaign's notice for who reads the unit that plans it, or one above: the draft that lies in a folder is the same for
/// all of them.
///
/// # Errors
/// [`Error::NotFound`] where the reader does not read the unit, or another one plans the campaign.
pub async fn of_campaign_at(ctx: &Ctx, key: &str, unit: &Unit) -> Result<(Campaign, Vec<Unit>, Notice)> {
    let scope = ctx.scope()?.within(unit).ok_or(Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    let campaign = action::find(&mut conn, &scope, key).await?;
    let owner = unit::store::by_id(&mut conn, &scope, campaign.unit.id).await?;
    written(ctx, &mut conn, campaign, &owner).await
}

async fn written(
    ctx: &Ctx,
    conn: &mut Conn,
    campaign: Campaign,
    owner: &Unit,
) -> Result<(Campaign, Vec<Unit>, Notice)> {
    let mut units = unit::store::at_and_below(conn, owner).await?;
    units.retain(|unit| {
        let is_place = matches!(unit.kind, UnitKind::Village | UnitKind::Community | UnitKind::School);
        is_place && campaign.goes_to(&unit.path) && unit.is_active(campaign.period.from)
    });
    let tasks = task_store::tasks(conn, campaign.id).await?;
    let notice = notice::of(&campaign, &units, &tasks, ctx.today);
    Ok((campaign, units, notice))
}
