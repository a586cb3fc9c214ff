//! Feedback, and who may read the audit trail.

use super::store::{self, AuditFilter, AuditRow, Feedback};
use crate::{
    account::rule,
    domain::access::{Role, Scope},
    error::{Error, Result},
    server::{
        audit::{self, Entry},
        context::Ctx,
    },
};
use serde_json::json;

/// The most characters of one piece of feedback.
pub const FEEDBACK_LONGEST: usize = 2_000;

/// What the one who asks manages: administrators and officers read the audit trail of their units.
///
/// # Errors
/// [`Error::Forbidden`] for everybody else.
pub fn managed(ctx: &Ctx) -> Result<Scope> {
    let manager = rule::as_manager(ctx.actor()?);
    if manager.grants.is_empty() { Err(Error::Forbidden) } else { Ok(manager.scope()) }
}

/// One page of the audit trail, the newest first. What concerns no unit (backups, restores) administrators read.
pub async fn audit(ctx: &Ctx, mut filter: AuditFilter, limit: i64) -> Result<Vec<AuditRow>> {
    let scope = managed(ctx)?;
    filter.without_unit = ctx.actor()?.is_any(&[Role::Admin]);
    store::audit(&mut ctx.db.read().await?, &scope, &filter, limit).await
}

/// Leaves feedback for the administrator.
///
/// # Errors
/// Nobody logged in; an empty or overlong text.
pub async fn give_feedback(ctx: &Ctx, text: &str, page: &str) -> Result<()> {
    let actor = ctx.actor()?;
    if text.is_empty() || text.chars().count() > FEEDBACK_LONGEST {
        return Err(Error::invalid("text", ctx.locale.feedback_missing(FEEDBACK_LONGEST)));
    }
    let page: String = page.chars().take(200).collect();
    let mut conn = ctx.db.write().await?;
    store::add_feedback(&mut conn, actor.account_id, text, &page, ctx.now).await?;
    let entry = Entry {
        actor: Some(actor),
        unit_id: actor.home_unit_id(),
        action: "feedback.add",
        subject: actor.name.clone(),
        detail: json!({}),
    };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}

/// One's own feedback; administrators read also that of everybody at and below their units.
pub async fn feedback(ctx: &Ctx) -> Result<Vec<Feedback>> {
    let actor = ctx.actor()?;
    let mut administrator = actor.clone();
    administrator.grants.retain(|grant| grant.role == Role::Admin);
    let scope = (!administrator.grants.is_empty()).then(|| administrator.scope());
    store::feedback(&mut ctx.db.read().await?, actor.account_id, scope.as_ref(), 200).await
}
