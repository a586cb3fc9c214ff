//! What is done with a piece that is there: put to more entries, taken back, said to show children; and documents of
//! campaigns and indicators, which have no activity.

use super::{
    action::{self, Added, Attach, Sent, record},
    store::{self, OtherUse},
    write_store::{self, Target},
};
use crate::{
    campaign,
    domain::{
        access::Scope,
        campaign::Campaign,
        evidence::{Format, TimePolicy, clean_name},
        indicator::Indicator,
        unit::Unit,
    },
    error::{Error, Result},
    inspection, plan,
    server::{context::Ctx, db::Conn, setting},
    unit,
};
use serde_json::json;
use uuid::Uuid;

/// The most characters of a reason.
const LONGEST_REASON: usize = 500;

/// Whether the reader may change what is said of a piece: who may log at an entry that it supports, or manages a campaign
/// or unit whose document it is.
///
/// # Errors
/// The database does not answer.
pub async fn may_change(ctx: &Ctx, conn: &mut Conn, piece: Uuid) -> Result<bool> {
    let actor = ctx.actor()?;
    for one in store::uses(conn, &ctx.scope()?, piece).await? {
        let unit = unit::store::by_code(conn, &Scope::everything(), &one.unit_code).await?;
        if actor.may_log(&unit) {
            return Ok(true);
        }
    }
    for one in store::other_uses(conn, piece).await? {
        if may_unlink_other(ctx, conn, &one).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the reader may take a document back from its campaign or indicator.
///
/// # Errors
/// The database does not answer.
pub async fn may_unlink_other(ctx: &Ctx, conn: &mut Conn, one: &OtherUse) -> Result<bool> {
    let unit = unit::store::by_id(conn, &Scope::everything(), one.owner_id).await?;
    Ok(ctx.actor()?.may_manage(&unit))
}

/// Whether the reader may say that no children are on a picture: it holds for all whom it supports, so only who may change
/// it for each of them. Who has the same bytes may say that there are.
///
/// # Errors
/// The database does not answer.
pub async fn may_clear_children(ctx: &Ctx, conn: &mut Conn, piece: Uuid) -> Result<bool> {
    let logged = ctx.actor()?.logging_scope();
    if !store::uses(conn, &Scope::everything(), piece).await?.iter().all(|one| logged.contains(&one.unit_path)) {
        return Ok(false);
    }
    for one in store::other_uses(conn, piece).await? {
        if !may_unlink_other(ctx, conn, &one).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Says whether children are on a picture.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn set_children(ctx: &Ctx, piece: Uuid, children: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    store::readable(&mut conn, &ctx.scope()?, piece).await?;
    if !may_change(ctx, &mut conn, piece).await? || (!children && !may_clear_children(ctx, &mut conn, piece).await?) {
        return Err(Error::Forbidden);
    }
    write_store::set_children(&mut conn, piece, children).await?;
    let unit = ctx.actor()?.home_unit_id();
    record(ctx, &mut conn, "evidence.children", unit, piece.to_string(), json!({ "children": children })).await?;
    conn.commit().await
}

/// Takes a piece back from something, with a reason. The piece and what was said stay.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] of the field `reason`.
pub async fn unlink(ctx: &Ctx, piece: Uuid, link: i64, reason: &str) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let scope = ctx.scope()?;
    store::readable(&mut conn, &scope, piece).await?;
    let of_entry = store::uses(&mut conn, &scope, piece).await?.into_iter().find(|one| one.link_id == link);
    let of_other = store::other_uses(&mut conn, piece).await?.into_iter().find(|one| one.link_id == link);
    let (unit, may) = match (of_entry, of_other) {
        (Some(one), _) => {
            let unit = unit::store::by_code(&mut conn, &Scope::everything(), &one.unit_code).await?;
            let may = ctx.actor()?.may_log(&unit);
            (unit.id, may)
        }
        (None, Some(one)) => {
            let may = may_unlink_other(ctx, &mut conn, &one).await?;
            if let Some(id) = one.inspection_id.filter(|_| may) {
                inspection::action::to_edit(ctx, &mut conn, id).await?;
            }
            (one.owner_id, may)
        }
        (None, None) => return Err(Error::NotFound),
    };
    if !may {
        return Err(Error::Forbidden);
    }
    let reason = reason.trim();
    match reason.chars().count() {
        0 => return Err(Error::invalid("reason", ctx.locale.activity_reason_missing())),
        count if count > LONGEST_REASON => {
            return Err(Error::invalid("reason", ctx.locale.activity_text_too_long(LONGEST_REASON)));
        }
        _ => {}
    }
    if !write_store::unlink(&mut conn, link, reason, ctx.actor()?.account_id, ctx.now).await? {
        return Err(Error::NotFound);
    }
    let detail = json!({ "link": link, "reason": reason });
    record(ctx, &mut conn, "evidence.unlink", Some(unit), piece.to_string(), detail).await?;
    conn.commit().await
}

/// A campaign to which the reader may add documents.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn campaign_to_add(ctx: &Ctx, conn: &mut Conn, key: &str) -> Result<Campaign> {
    let campaign = campaign::action::find(conn, &ctx.scope()?, key).await?;
    let owner = unit::store::by_id(conn, &Scope::everything(), campaign.unit.id).await?;
    if ctx.actor()?.may_manage(&owner) { Ok(campaign) } else { Err(Error::Forbidden) }
}

/// An indicator to which the reader may add documents of a unit.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn indicator_to_add(ctx: &Ctx, conn: &mut Conn, key: &str, unit: &str) -> Result<(Indicator, Unit)> {
    let unit = unit::store::by_code(conn, &ctx.scope()?, unit).await?;
    let indicator = plan::indicator_action::seen_indicator(conn, &unit, key).await?;
    if ctx.actor()?.may_manage(&unit) { Ok((indicator, unit)) } else { Err(Error::Forbidden) }
}

/// Puts a document to a campaign or an indicator; the caller has looked who may. Whether it was not there yet.
///
/// # Errors
/// [`Error::Invalid`] of the field `file`.
pub async fn add_document(ctx: &Ctx, target: Target, unit_id: i64, sent: Sent) -> Result<bool> {
    let name = clean_name(&sent.name);
    let children = sent.children.unwrap_or_default();
    let piece = action::prepare(ctx, sent.bytes, sent.taken_at, |_: Format| true).await?;
    let mut conn = ctx.db.write().await?;
    let id = action::put(ctx, &mut conn, &piece).await?;
    let created = write_store::link(&mut conn, id, target, &name, ctx.actor()?.account_id, ctx.now).await?;
    if created {
        if children {
            write_store::set_children(&mut conn, id, true).await?;
        }
        // A letter of appointment is named after a person, and the trail keeps no name that may have to be erased.
        let told = if matches!(target, Target::Roster(..)) { "" } else { name.as_str() };
        let detail = json!({ "name": told, "target": format!("{target:?}") });
        record(ctx, &mut conn, "evidence.add", Some(unit_id), id.to_string(), detail).await?;
    }
    conn.commit().await?;
    Ok(created)
}

/// Puts a piece to another entry, by the entry's id as it was chosen.
///
/// # Errors
/// As [`action::attach`]; [`Error::Invalid`] of the field `activity` where none was chosen.
pub async fn attach(ctx: &Ctx, piece: Uuid, activity: &str) -> Result<Added> {
    let activity = activity.parse().map_err(|_| Error::invalid("activity", ctx.locale.evidence_choose_entry()))?;
    action::attach(ctx, piece, activity, Attach::Chosen).await
}

/// Sets whether the time of a photo is kept from now on. It holds for the whole installation.
///
/// # Errors
/// [`Error::Forbidden`] for all but the administrators of a whole tree; [`Error::Invalid`] of the field `policy`.
pub async fn set_time_policy(ctx: &Ctx, policy: &str) -> Result<()> {
    if !may_set_policy(ctx) {
        return Err(Error::Forbidden);
    }
    let policy =
        TimePolicy::from_key(policy).ok_or_else(|| Error::invalid("policy", ctx.locale.activity_unknown(policy)))?;
    let mut conn = ctx.db.write().await?;
    setting::set(&mut conn, action::TIME_POLICY, policy.key()).await?;
    let unit = ctx.actor()?.home_unit_id();
    record(ctx, &mut conn, "evidence.time", unit, "evidence".into(), json!({ "policy": policy })).await?;
    conn.commit().await
}

/// Whether the reader administers a whole tree of units.
pub fn may_set_policy(ctx: &Ctx) -> bool {
    use crate::domain::access::Role;
    let is_root = |path: &str| path.matches('/').count() == 2;
    ctx.actor().is_ok_and(|actor| actor.grants.iter().any(|one| one.role == Role::Admin && is_root(&one.path)))
}
