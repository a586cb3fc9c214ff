//! Changes to one event of a series, to it and those after it, or to all that are still to be held.

use super::{
    event_action::{Change, change_in},
    event_check::Known,
    event_store,
    view::day_text,
};
use crate::{
    domain::{
        event::{Event, at},
        series::{Reach, touched},
    },
    error::{Error, Result},
    server::context::Ctx,
};
use chrono::Duration;
use uuid::Uuid;

/// Changes an event and, as far as `reach` goes, the others of its series: they are moved by as many days, get the
/// same times, lead, place and type, and keep their ids. All or none. The changed events, the one that was asked for
/// first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] with all that is wrong.
pub async fn change(ctx: &Ctx, id: Uuid, change: Change, reach: Reach) -> Result<Vec<Event>> {
    let actor = ctx.actor()?;
    let (scope, planning) = (actor.scope(), actor.planning_scope());
    let mut conn = ctx.db.write().await?;
    let mut known = Known::default();
    let former = event_store::of_id(&mut conn, &scope, Some(&planning), id).await?;
    let series = match (reach, former.series_id) {
        (Reach::This, _) | (_, None) => Vec::new(),
        (_, Some(series)) => event_store::of_series(&mut conn, &scope, &planning, series).await?,
    };
    let first = change_in(ctx, &mut conn, &mut known, id, change.clone()).await?;
    let moved = change.starts_at.is_some();
    let (days, time) = ((first.day - former.day).num_days(), first.starts().time());
    let length = first.ends_at - first.starts_at;
    let mut changed = vec![first];
    for event in touched(&series, &former, reach, ctx.today).into_iter().skip(1) {
        let starts_at = event.day.checked_add_signed(Duration::days(days)).and_then(|day| at(day, time));
        let own = Change {
            starts_at: starts_at.filter(|_| moved).map(|time| time.to_rfc3339()),
            ends_at: starts_at.filter(|_| moved).map(|time| (time + length).to_rfc3339()),
            ..change.clone()
        };
        let result = change_in(ctx, &mut conn, &mut known, event.id, own).await;
        changed.push(result.map_err(|error| of_day(ctx, error, event))?);
    }
    conn.commit().await?;
    Ok(changed)
}

/// Says of which of the events the problem tells.
fn of_day(ctx: &Ctx, error: Error, event: &Event) -> Error {
    let Error::Invalid(mut problems) = error else { return error };
    for problem in &mut problems {
        problem.message = ctx.locale.series_problem(day_text(ctx.locale, event.day), &problem.message);
    }
    Error::Invalid(problems)
}
