//! Who may listen where, and what they missed meanwhile.

use super::{hub::concerns, store};
use crate::{
    domain::{access::Scope, unit::Unit},
    error::{Error, Result},
    server::context::Ctx,
    unit,
};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc::Receiver;

/// How far back is looked for what was written between a page's rendering and its listening.
const LOOKED_BACK: i64 = 50;
/// An entry bears the time at which its request came: how long before the page that may have been.
const SLOWEST: TimeDelta = TimeDelta::seconds(5);

/// A stream of calls.
#[derive(Debug)]
pub struct Heard {
    /// Whether something was written already since the page was rendered.
    pub missed: bool,
    pub calls: Receiver<()>,
}

/// Begins to listen at a unit, by default the reader's own; `since` is when the page was rendered.
///
/// # Errors
/// [`Error::NotFound`] outside the reader's scope; [`Error::TooMany`].
pub async fn listen(ctx: &Ctx, code: Option<&str>, since: Option<DateTime<Utc>>) -> Result<Heard> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.read().await?;
    let unit: Unit = match code {
        Some(code) => unit::store::by_code(&mut conn, &actor.scope(), code).await?,
        None => {
            let id = actor.home_unit_id().ok_or(Error::NotFound)?;
            unit::store::by_id(&mut conn, &Scope::everything(), id).await?
        }
    };
    let last = store::newest(&mut conn, LOOKED_BACK).await?;
    drop(conn);
    let newest = last.first().map_or(0, |written| written.id);
    let calls = ctx.settings.live.listen(actor.account_id, ctx.session_id, &unit.path, newest)?;
    let missed = since.is_some_and(|since| {
        let recent = last.iter().filter(|written| written.at >= since - SLOWEST);
        recent.filter_map(|written| written.path.as_deref()).any(|path| concerns(path, &unit.path))
    });
    Ok(Heard { missed, calls })
}
