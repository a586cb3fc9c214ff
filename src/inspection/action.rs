//! What is done with inspections. Who: the officers and administrators of the scheme's unit write; whoever reads that unit
//! reads what shows its items. Units below see the rules alone, and take them over as a scheme of their own.

use super::{
    gather::Source,
    layout::Layout,
    store::{self, Item, Scheme},
};
use crate::{
    campaign, catalogue,
    domain::{
        access::Scope,
        inspection::{ItemDraft, Points, Proof, SchemeDraft},
        problem::Problems,
        roster::Kind as Roster,
        unit::Unit,
    },
    error::{Error, Result},
    plan::{self, action::read_unit},
    server::{audit, context::Ctx, db::Conn},
    unit,
};
use serde_json::json;
use std::collections::BTreeSet;

/// The most items of a scheme, and the most proofs of an item.
pub const MOST_ITEMS: i64 = 300;
const MOST_PROOFS: usize = 60;

/// A scheme that the reader sees, its unit, and whether the reader reads what shows its items.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn to_see(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<(Scheme, Unit, bool)> {
    let scope = ctx.scope()?;
    let scheme = store::one(conn, &scope, id).await?;
    let unit = unit::store::by_id(conn, &Scope::everything(), scheme.unit_id).await?;
    let reads = scope.contains(&unit.path);
    Ok((scheme, unit, reads))
}

/// A scheme of a unit that the reader reads.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn to_read(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<(Scheme, Unit)> {
    let (scheme, unit, reads) = to_see(ctx, conn, id).await?;
    if reads { Ok((scheme, unit)) } else { Err(Error::NotFound) }
}

/// A scheme that the reader may change.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn to_change(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<(Scheme, Unit)> {
    // The rules of a unit above may be read, and are nobody's below to change.
    let (scheme, unit, _) = to_see(ctx, conn, id).await?;
    if ctx.actor()?.may_manage(&unit) { Ok((scheme, unit)) } else { Err(Error::Forbidden) }
}

/// A scheme that the reader may change, while it is open: what was handed over stays as it was.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where it is closed.
pub async fn to_edit(ctx: &Ctx, conn: &mut Conn, id: i64) -> Result<(Scheme, Unit)> {
    let (scheme, unit) = to_change(ctx, conn, id).await?;
    match scheme.closed_at {
        None => Ok((scheme, unit)),
        Some(_) => {
            Err(Error::Conflict { code: "inspection_closed", message: ctx.locale.inspection_closed_stays().into() })
        }
    }
}

/// An item of a scheme that the reader reads.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn item(conn: &mut Conn, scheme: &Scheme, id: i64) -> Result<Item> {
    store::items(conn, scheme.id).await?.into_iter().find(|item| item.id == id).ok_or(Error::NotFound)
}

/// Makes a scheme for a unit.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn add(ctx: &Ctx, code: &str, draft: &SchemeDraft) -> Result<i64> {
    let mut conn = ctx.db.write().await?;
    let unit = read_unit(ctx, &mut conn, Some(code)).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let mut problems = Problems::default();
    let Some(checked) = draft.check(ctx.locale, &mut problems) else { return Err(problems.into_inner().into()) };
    let id = store::add(&mut conn, unit.id, &checked, ctx.actor()?.account_id, ctx.now).await?;
    audit::done(ctx, &mut conn, "inspection.add", unit.id, id, json!({ "title": checked.title })).await?;
    conn.commit().await?;
    Ok(id)
}

/// Changes a scheme's title and period.
///
/// # Errors
/// As [`add`].
pub async fn change(ctx: &Ctx, id: i64, draft: &SchemeDraft) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (scheme, unit) = to_edit(ctx, &mut conn, id).await?;
    let mut problems = Problems::default();
    let Some(checked) = draft.check(ctx.locale, &mut problems) else { return Err(problems.into_inner().into()) };
    store::update(&mut conn, id, &checked).await?;
    let detail = json!({ "before": { "title": scheme.title, "from": scheme.from_day, "to": scheme.to_day },
        "after": { "title": checked.title, "from": checked.period.from, "to": checked.period.to } });
    audit::done(ctx, &mut conn, "inspection.change", unit.id, id, detail).await?;
    conn.commit().await
}

/// Closes a scheme, or takes it up again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn close(ctx: &Ctx, id: i64, closed: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (scheme, unit) = to_change(ctx, &mut conn, id).await?;
    if scheme.closed_at.is_some() == closed {
        // Asked twice, it was done once.
        return Ok(());
    }
    store::close(&mut conn, id, closed.then_some(ctx.now)).await?;
    let action = if closed { "inspection.close" } else { "inspection.reopen" };
    audit::done(ctx, &mut conn, action, unit.id, id, json!({})).await?;
    conn.commit().await
}

/// Takes the rules of a unit above over as a scheme of one's own: the items, with the proofs that hold for all below, and
/// without what that unit said of itself.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn take_over(ctx: &Ctx, id: i64, code: &str) -> Result<i64> {
    let mut conn = ctx.db.write().await?;
    let (scheme, _, _) = to_see(ctx, &mut conn, id).await?;
    let unit = read_unit(ctx, &mut conn, Some(code)).await?;
    if !ctx.actor()?.may_manage(&unit) {
        return Err(Error::Forbidden);
    }
    let draft =
        SchemeDraft { title: scheme.title.clone(), from: scheme.from_day.to_string(), to: scheme.to_day.to_string() };
    let mut problems = Problems::default();
    let Some(checked) = draft.check(ctx.locale, &mut problems) else { return Err(problems.into_inner().into()) };
    let own = store::add(&mut conn, unit.id, &checked, ctx.actor()?.account_id, ctx.now).await?;
    for item in store::items(&mut conn, id).await? {
        let draft = ItemDraft {
            number: item.number,
            name: item.name,
            points: item.points.map(|points| points.to_string()).unwrap_or_default(),
            materials: item.materials.iter().map(|one| one.key().to_owned()).collect(),
            others: item.others.join("、"),
            ..ItemDraft::default()
        };
        let Some(checked) = draft.check(ctx.locale, &mut problems) else { return Err(problems.into_inner().into()) };
        let copy = store::add_item(&mut conn, own, &checked).await?;
        let proofs: Vec<_> = item.proofs.into_iter().filter(|(what, _)| *what != Proof::Campaign).collect();
        store::prove(&mut conn, copy, &proofs).await?;
    }
    audit::done(ctx, &mut conn, "inspection.add", unit.id, own, json!({ "title": checked.title, "from": id })).await?;
    conn.commit().await?;
    Ok(own)
}

/// Adds items: one, or as many as were pasted.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field, of the first that is wrong.
pub async fn add_items(ctx: &Ctx, id: i64, drafts: &[ItemDraft]) -> Result<usize> {
    let mut conn = ctx.db.write().await?;
    let (scheme, unit) = to_edit(ctx, &mut conn, id).await?;
    if scheme.items + drafts.len() as i64 > MOST_ITEMS {
        return Err(Error::invalid("name", ctx.locale.inspection_too_many(MOST_ITEMS)));
    }
    let mut names = Vec::new();
    for draft in drafts {
        let mut problems = Problems::default();
        let Some(checked) = draft.check(ctx.locale, &mut problems) else { return Err(problems.into_inner().into()) };
        store::add_item(&mut conn, id, &checked).await?;
        names.push(checked.name);
    }
    audit::done(ctx, &mut conn, "inspection.items", unit.id, id, json!({ "items": names })).await?;
    conn.commit().await?;
    Ok(names.len())
}

/// Changes an item.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] by field.
pub async fn change_item(ctx: &Ctx, id: i64, item_id: i64, draft: &ItemDraft) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (scheme, unit) = to_edit(ctx, &mut conn, id).await?;
    let before = item(&mut conn, &scheme, item_id).await?;
    let mut problems = Problems::default();
    let Some(checked) = draft.check(ctx.locale, &mut problems) else { return Err(problems.into_inner().into()) };
    store::update_item(&mut conn, item_id, &checked).await?;
    let points = |points: Option<Points>| points.map(|points| points.to_string());
    let detail = json!({ "item": item_id,
        "before": { "number": before.number, "name": before.name, "materials": before.materials, "others": before.others,
            "points": points(before.points), "own_points": points(before.own_points), "reason": before.reason },
        "after": { "number": checked.number, "name": checked.name, "materials": checked.materials, "others": checked.others,
            "points": points(checked.points), "own_points": points(checked.own_points), "reason": checked.reason } });
    audit::done(ctx, &mut conn, "inspection.item", unit.id, id, detail).await?;
    conn.commit().await
}

/// Takes an item out.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn remove_item(ctx: &Ctx, id: i64, item_id: i64) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (scheme, unit) = to_edit(ctx, &mut conn, id).await?;
    let before = item(&mut conn, &scheme, item_id).await?;
    store::remove_item(&mut conn, item_id, ctx.now).await?;
    let detail = json!({ "item": item_id, "number": before.number, "name": before.name });
    audit::done(ctx, &mut conn, "inspection.remove", unit.id, id, detail).await?;
    conn.commit().await
}

/// Says what shows an item: these and nothing else. What showed it before may stay, also when it is no longer offered.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] where one of them is not there for the unit.
pub async fn prove(ctx: &Ctx, id: i64, item_id: i64, proofs: &[(Proof, String)]) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let (scheme, unit) = to_edit(ctx, &mut conn, id).await?;
    let before = item(&mut conn, &scheme, item_id).await?;
    let locale = ctx.locale;
    if proofs.len() > MOST_PROOFS {
        return Err(Error::invalid("campaign", locale.inspection_too_many_proofs(MOST_PROOFS)));
    }
    let catalogue = catalogue::store::everything_for(&mut conn, &unit).await?;
    let indicators = plan::store::indicators(&mut conn, &unit, true).await?;
    let mut problems = Problems::default();
    for (what, key) in proofs.iter().filter(|proof| !before.proofs.contains(proof)) {
        let there = match what {
            Proof::Campaign => match campaign::store::by_key(&mut conn, &ctx.scope()?, key).await {
                Ok(_) => true,
                Err(Error::NotFound) => false,
                Err(other) => return Err(other),
            },
            Proof::Theme => catalogue.theme(key).is_some(),
            Proof::Type => catalogue.types.iter().any(|one| one.key == *key),
            Proof::Measure => catalogue.measure(key).is_some(),
            Proof::Indicator => indicators.iter().any(|one| one.key == *key),
            Proof::Roster => Roster::from_key(key).is_some(),
        };
        if !there {
            problems.add(what.key(), locale.inspection_proof_unknown(key));
        }
    }
    problems.into_result(())?;
    store::prove(&mut conn, item_id, proofs).await?;
    let told = |proofs: &[(Proof, String)]| -> Vec<String> {
        proofs.iter().map(|(what, key)| format!("{what}:{key}")).collect()
    };
    let detail = json!({ "item": item_id, "before": told(&before.proofs), "after": told(proofs) });
    audit::done(ctx, &mut conn, "inspection.prove", unit.id, id, detail).await?;
    conn.commit().await
}

/// That a folder left the house: who took it, whether with children's pictures, which rosters with names, and what did not
/// fit into it.
pub(super) async fn note_handed_out(ctx: &Ctx, scheme: &Scheme, layout: &Layout<'_>, children: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let rosters: BTreeSet<&str> = layout
        .laid
        .iter()
        .filter_map(|one| match &one.file.source {
            Source::Roster(kind) => Some(kind.key()),
            _ => None,
        })
        .collect();
    let left_out: i64 = layout.left_out.iter().map(|one| one.files).sum();
    let detail = json!({ "title": scheme.title, "files": layout.laid.len(), "left_out": left_out,
        "children": children, "rosters": rosters });
    audit::done(ctx, &mut conn, "inspection.folder", scheme.unit_id, scheme.id, detail).await?;
    conn.commit().await
}
