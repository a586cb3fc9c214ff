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
    server::context::Ctx,
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
    let mut units = unit::store::at_and_below(&mut conn, &owner).await?;
    units.retain(|unit| {
        let is_place = matches!(unit.kind, UnitKind::Village | UnitKind::Community | UnitKind::School);
        is_place && campaign.goes_to(&unit.path) && unit.is_active(campaign.period.from)
    });
    let tasks = task_store::tasks(&mut conn, campaign.id).await?;
    let notice = notice::of(&campaign, &units, &tasks, ctx.today);
    Ok((campaign, units, notice))
}
