//! The same event logged by two units, made one: one activity counts once, the other unit becomes a co-organiser, both
//! evidences stay. The officer decides, and may undo it. Who: as for reviews, at both units.

use super::{
    action::to_review,
    double_store::{self, Merge, NewMerge},
    store,
};
use crate::{
    activity::{
        action::{correct_in, restore_in, to_change, withdraw_in},
        fact_store,
        store::{self as entries, Entry},
    },
    catalogue,
    domain::{
        access::Scope,
        activity::{Draft, Status},
        catalogue::Catalogue,
        double::{is_double, second_organises},
        period::Month,
        review::{Remark, Verdict},
        unit::Unit,
        version::{Part, take},
    },
    error::{Error, Result},
    evidence,
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The most entries of a month that are compared, and the most pairs that are offered at once.
const COMPARED: i64 = 5_000;
const OFFERED: usize = 20;

/// Two entries that look like the same event; which of them is offered to be kept.
#[derive(Clone, Debug)]
pub struct Pair {
    pub first: Uuid,
    pub second: Uuid,
    pub keep_second: bool,
}

/// The pairs of a month at a unit and below; `None` where there are too many entries to compare.
pub async fn pairs(conn: &mut Conn, unit: &Unit, month: Month) -> Result<Option<Vec<Pair>>> {
    let Some(sides) = double_store::sides(conn, unit, month.period(), COMPARED).await? else { return Ok(None) };
    let mut pairs = Vec::new();
    for (place, (first, side)) in sides.iter().enumerate() {
        let Some(days) = side.days else { continue };
        let near = sides[place + 1..].iter().take_while(|(_, other)| other.days.is_some_and(|its| its.from <= days.to));
        for (second, other) in near {
            if is_double(side, other) {
                pairs.push(Pair { first: *first, second: *second, keep_second: second_organises(side, other) });
            }
        }
    }
    let mut firsts: Vec<Uuid> = pairs.iter().map(|pair| pair.first.min(pair.second)).collect();
    firsts.sort_unstable();
    firsts.dedup();
    let dismissed = double_store::dismissed(conn, &firsts).await?;
    pairs.retain(|pair| !dismissed.contains(&ordered(pair.first, pair.second)));
    Ok(Some(pairs))
}

/// The ids of entries of a month that look like doubles.
pub async fn ids(conn: &mut Conn, unit: &Unit, month: Month) -> Result<BTreeSet<Uuid>> {
    let pairs = pairs(conn, unit, month).await?.unwrap_or_default();
    Ok(pairs.into_iter().flat_map(|pair| [pair.first, pair.second]).collect())
}

fn ordered(one: Uuid, other: Uuid) -> (Uuid, Uuid) {
    (one.min(other), one.max(other))
}

/// A pair with both entries, to be looked at side by side.
#[derive(Debug)]
pub struct Offer {
    /// The one that is offered to be kept, and the other.
    pub kept: Entry,
    pub other: Entry,
    /// How many pieces of evidence each of them has.
    pub evidence: [i64; 2],
}

/// What is offered of a month: the first pairs with their entries, and how many there are.
pub async fn offers(ctx: &Ctx, conn: &mut Conn, unit: &Unit, month: Month) -> Result<Option<(Vec<Offer>, usize)>> {
    let Some(pairs) = pairs(conn, unit, month).await? else { return Ok(None) };
    let scope = ctx.scope()?;
    let count = pairs.len();
    let mut offers = Vec::new();
    for pair in pairs.into_iter().take(OFFERED) {
        let (kept, other) = if pair.keep_second { (pair.second, pair.first) } else { (pair.first, pair.second) };
        let kept = entries::one(conn, &scope, kept).await?;
        let other = entries::one(conn, &scope, other).await?;
        offers.push(Offer { kept, other, evidence: [0, 0] });
    }
    let ids: Vec<Uuid> = offers.iter().flat_map(|offer| [offer.kept.draft.id, offer.other.draft.id]).collect();
    let counts: BTreeMap<Uuid, i64> = evidence::store::counts(conn, &ids).await?.into_iter().collect();
    for offer in &mut offers {
        offer.evidence =
            [&offer.kept, &offer.other].map(|entry| counts.get(&entry.draft.id).copied().unwrap_or_default());
    }
    Ok(Some((offers, count)))
}

/// What the kept entry becomes: its own, with the other's unit among the co-organisers, and all themes and campaigns of
/// both. Of a measure that only one of them has, that one's count; of one that both have, the kept one's unless `theirs`
/// names it.
fn merged(kept: &Draft, other: &Draft, theirs: &[&str], catalogue: &Catalogue) -> Draft {
    let mut draft = kept.clone();
    let known = |code: &String, list: &[String]| list.iter().any(|own| own.trim() == code.trim());
    for helper in std::iter::once(&other.unit).chain(&other.co_organisers) {
        if *helper != kept.unit && !known(helper, &draft.co_organisers) {
            draft.co_organisers.push(helper.clone());
        }
    }
    for theme in &other.themes {
        if !known(theme, &draft.themes) && catalogue.theme(theme).is_some() {
            draft.themes.push(theme.clone());
        }
    }
    for campaign in &other.campaigns {
        if !known(campaign, &draft.campaigns) {
            draft.campaigns.push(campaign.clone());
        }
    }
    for quantity in &other.quantities {
        let has_own = kept.quantities.iter().any(|own| own.measure == quantity.measure);
        if !has_own || theirs.contains(&quantity.measure.as_str()) {
            take(&mut draft, &Part::Count(quantity.measure.clone()), other);
        }
    }
    for (part, is_empty) in [
        (Part::Place, kept.place.is_empty()),
        (Part::Organiser, kept.organiser.is_empty()),
        (Part::Handler, kept.handler.is_empty()),
        (Part::Note, kept.note.is_empty()),
    ] {
        if is_empty {
            take(&mut draft, &part, other);
        }
    }
    draft
}

/// Adds the other one's classes and the units it was for together, as far as the kept one's unit has them too: a class by
/// the same name elsewhere is another class.
async fn unite(
    conn: &mut Conn,
    ctx: &Ctx,
    draft: &mut Draft,
    (kept, unit): (&Unit, &Unit),
    other: &Draft,
) -> Result<()> {
    if !other.classes.is_empty() {
        let ours = fact_store::class_ids(conn, kept, &other.classes).await?;
        let theirs = fact_store::class_ids(conn, unit, &other.classes).await?;
        let id_of = |list: &[(String, i64)], name: &String| list.iter().find(|(own, _)| own == name).map(|(_, id)| *id);
        for name in &other.classes {
            let is_same = id_of(&ours, name).is_some_and(|id| id_of(&theirs, name) == Some(id));
            if is_same && !draft.classes.contains(name) {
                draft.classes.push(name.clone());
            }
        }
    }
    for code in &other.covers {
        let found = unit::store::by_code(conn, &ctx.scope()?, code).await;
        let is_below = found.is_ok_and(|found| found.id != kept.id && found.path.starts_with(&kept.path));
        if is_below && !draft.covers.contains(code) {
            draft.covers.push(code.clone());
        }
    }
    Ok(())
}

/// What is merged: the entry that is kept and the other one, each in the version seen; and the measures whose counts are
/// taken from the other one.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    pub kept: (Uuid, i64),
    pub other: (Uuid, i64),
    pub theirs: &'a [&'a str],
}

/// Makes one entry of two, in one transaction: the one that is kept is corrected, the other withdrawn, each linked with
/// the other.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where one of them changed, is withdrawn, or lies in a
/// closed period; [`Error::Invalid`] where they are of one unit or of different days.
pub async fn merge(ctx: &Ctx, order: Order<'_>) -> Result<()> {
    let locale = ctx.locale;
    let mut conn = ctx.db.write().await?;
    let (kept_id, other_id) = (order.kept.0, order.other.0);
    if kept_id == other_id {
        return Err(Error::invalid("", locale.double_same_unit()));
    }
    // In one order for all, so that two officers never wait for each other.
    let versions = |id| if id == kept_id { order.kept.1 } else { order.other.1 };
    let (low, high) = ordered(kept_id, other_id);
    let low = to_review(&mut conn, ctx, low, Some(versions(low))).await?;
    let high = to_review(&mut conn, ctx, high, Some(versions(high))).await?;
    let ((kept, kept_unit), (other, other_unit)) = if kept_id == low.0.draft.id { (low, high) } else { (high, low) };
    if kept_unit.id == other_unit.id {
        return Err(Error::invalid("", locale.double_same_unit()));
    }
    let days = |entry: &Entry| crate::activity::action::days_as_stored(entry);
    if days(&kept).intersection(days(&other)).is_none() {
        return Err(Error::invalid("", locale.double_other_day()));
    }
    let catalogue = catalogue::store::visible(&mut conn, &kept_unit).await?;
    let mut draft = merged(&kept.draft, &other.draft, order.theirs, &catalogue);
    unite(&mut conn, ctx, &mut draft, (&kept_unit, &other_unit), &other.draft).await?;
    let reason = locale.double_reason_kept(&other_unit.short_name);
    correct_in(&mut conn, ctx, &kept, &draft, &reason).await?;
    if kept.status == Status::Accepted {
        accept_again(&mut conn, ctx, &kept).await?;
    }
    let reason = locale.double_reason_merged(&kept_unit.short_name);
    withdraw_in(&mut conn, ctx, &other, other_unit.id, &reason).await?;
    let evidence = super::evidence::link(&mut conn, ctx, kept_id, other_id).await?;
    let account_id = ctx.actor()?.account_id;
    let new = NewMerge {
        kept_id,
        merged_id: other_id,
        kept_version: kept.version + 1,
        kept_before: &kept.draft,
        merged_status: other.status,
        evidence: &evidence,
        account_id,
        at: ctx.now,
    };
    double_store::merge(&mut conn, new).await?;
    let detail = json!({ "kept": kept_id, "merged": other_id, "theirs": order.theirs });
    audit::done(ctx, &mut conn, "activity.merge", kept_unit.id, kept_id, detail).await?;
    conn.commit().await
}

/// What was accepted stays so in the version that a merge or its undoing made: the officer who decides it has seen both.
async fn accept_again(conn: &mut Conn, ctx: &Ctx, before: &Entry) -> Result<()> {
    let seen = (before.draft.id, before.version + 1);
    let account_id = ctx.actor()?.account_id;
    store::review(conn, seen, Verdict::Accepted, &Remark::default(), account_id, ctx.now).await
}

/// Whether the entry that was kept had been accepted as it was before.
async fn was_accepted(conn: &mut Conn, merge: &Merge) -> Result<bool> {
    let history = entries::history(conn, merge.kept_id).await?;
    let before = history.iter().find(|former| former.version + 1 == merge.kept_version);
    Ok(before.is_some_and(|former| former.status == Status::Accepted.key()))
}

/// Undoes a merge: the other entry counts again, and the one that was kept is as it was before; where it was corrected
/// meanwhile it keeps its corrections and only the co-organiser goes. Answers whether it was restored whole.
///
/// # Errors
/// As [`merge`]; [`Error::Conflict`] also where the one that was kept was itself merged into another.
pub async fn undo(ctx: &Ctx, merged_id: Uuid) -> Result<bool> {
    let locale = ctx.locale;
    let mut conn = ctx.db.write().await?;
    let scope = ctx.scope()?;
    let other = entries::one(&mut conn, &scope, merged_id).await?;
    let other_unit = unit::store::by_id(&mut conn, &Scope::everything(), other.unit_id).await?;
    if !ctx.actor()?.may_manage(&other_unit) {
        return Err(Error::Forbidden);
    }
    let merges = double_store::merges_of(&mut conn, merged_id).await?;
    let merge: Merge = merges.into_iter().find(|one| one.merged_id == merged_id).ok_or(Error::NotFound)?;
    // Merged on, its counts stand in a third entry: only from there can they be given back.
    let onward = double_store::merges_of(&mut conn, merge.kept_id).await?;
    if let Some(onward) = onward.into_iter().find(|one| one.merged_id == merge.kept_id) {
        let message = locale.double_merged_on(&onward.merged_unit, &onward.kept_unit);
        return Err(Error::Conflict { code: "merged_on", message });
    }
    let reason = locale.double_reason_undone();
    let mut is_whole = true;
    match to_change(&mut conn, ctx, merge.kept_id).await {
        Ok((kept, kept_unit)) => {
            if !ctx.actor()?.may_manage(&kept_unit) {
                return Err(Error::Forbidden);
            }
            is_whole = kept.version == merge.kept_version;
            let draft = match is_whole {
                true => merge.kept_before.clone(),
                false => {
                    let mut draft = kept.draft.clone();
                    draft.co_organisers.retain(|helper| *helper != other_unit.code);
                    draft
                }
            };
            correct_in(&mut conn, ctx, &kept, &draft, reason).await?;
            if kept.status == Status::Accepted && is_whole && was_accepted(&mut conn, &merge).await? {
                accept_again(&mut conn, ctx, &kept).await?;
            }
            super::evidence::unlink(&mut conn, ctx, &merge.evidence).await?;
        }
        // The one that was kept was withdrawn for itself: only the other one comes back.
        Err(Error::Conflict { .. }) => {}
        Err(error) => return Err(error),
    }
    // Somebody may have undone it on another connection.
    let other = entries::one(&mut conn, &scope, merged_id).await?;
    if other.status != Status::Withdrawn {
        return Err(Error::Stale);
    }
    restore_in(&mut conn, ctx, &other, merge.merged_status, reason).await?;
    double_store::undo(&mut conn, merge.id, ctx.actor()?.account_id, ctx.now).await?;
    let detail = json!({ "kept": merge.kept_id, "merged": merged_id });
    audit::done(ctx, &mut conn, "activity.unmerge", other_unit.id, merged_id, detail).await?;
    conn.commit().await?;
    Ok(is_whole)
}

/// Remembers that two entries are no doubles: they are not offered again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn dismiss(ctx: &Ctx, one: Uuid, other: Uuid) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (low, high) = ordered(one, other);
    let (_, unit) = to_review(&mut conn, ctx, low, None).await?;
    to_review(&mut conn, ctx, high, None).await?;
    double_store::dismiss(&mut conn, (low, high), ctx.actor()?.account_id, ctx.now).await?;
    audit::done(ctx, &mut conn, "activity.not_double", unit.id, low, json!({ "other": high })).await?;
    conn.commit().await
}
