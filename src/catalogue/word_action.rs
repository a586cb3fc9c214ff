//! How a unit words the catalogue in its reports, and in which order it reads it: for itself and all below.

use super::{
    action::{WordingDraft, audit, check_wording},
    store, word_store,
};
use crate::{
    domain::{
        catalogue::{Catalogue, EntryKind, Move, moved},
        measure::{Measure, Wording},
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
};
use serde_json::json;
use std::collections::BTreeMap;

fn may_choose(ctx: &Ctx, unit: &Unit) -> Result<()> {
    if ctx.actor()?.may_manage(unit) { Ok(()) } else { Err(Error::Forbidden) }
}

/// Chooses how a unit words a measure for itself and below, built-in ones included. Measures that share a clause get
/// the same words for both together.
///
/// # Errors
/// What is wrong, by field; [`Error::NotFound`] where the unit sees no such measure; [`Error::Forbidden`] at a unit that
/// the writer does not manage.
pub async fn word(ctx: &Ctx, seen: &Unit, key: &str, draft: WordingDraft) -> Result<()> {
    may_choose(ctx, seen)?;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let catalogue = store::visible(&mut conn, seen).await?;
    let measure = catalogue.measure(key).ok_or(Error::NotFound)?;
    let mut wordings = word_store::wordings(&mut conn, seen).await?;
    let former = wordings.remove(&measure.id).unwrap_or_default();
    let mut wording = check_wording(ctx.locale, &draft, former, &mut problems);
    let mut partners = BTreeMap::new();
    if let Some(with) = draft.shared_with.as_deref() {
        partners = share(ctx, &catalogue, measure, with, &mut wording, wordings, &mut problems);
    }
    problems.into_result(())?;
    set(ctx, &mut conn, seen, measure, &wording).await?;
    for (id, wording) in partners {
        if let Some(partner) = catalogue.measure_by_id(id) {
            set(ctx, &mut conn, seen, partner, &wording).await?;
        }
    }
    conn.commit().await
}

async fn set(ctx: &Ctx, conn: &mut Conn, unit: &Unit, measure: &Measure, wording: &Wording) -> Result<()> {
    word_store::set_wording(conn, unit.id, measure.id, wording).await?;
    audit(ctx, conn, unit.id, "measure.change", &measure.key, json!({"unit": unit.code, "wording": wording})).await
}

/// Puts a measure into one clause with another, or with none where `with` is empty: the words of those whose own change
/// with it, by id. `others` are the words of all others.
fn share(
    ctx: &Ctx,
    catalogue: &Catalogue,
    measure: &Measure,
    with: &str,
    wording: &mut Wording,
    others: BTreeMap<i64, Wording>,
    problems: &mut Problems,
) -> BTreeMap<i64, Wording> {
    if with.trim().is_empty() {
        (wording.group, wording.together) = (None, None);
        return BTreeMap::new();
    }
    let partner = catalogue.measure(with.trim()).filter(|one| !one.retired && one.id != measure.id);
    let Some(partner) = partner else {
        problems.add("shared_with", ctx.locale.catalogue_measure_unknown(with));
        return BTreeMap::new();
    };
    if partner.unit_word != measure.unit_word {
        let said = ctx.locale.catalogue_shared_other_word(&partner.name, &partner.unit_word);
        problems.add("shared_with", said);
    }
    let theirs = others.get(&partner.id).and_then(|one| one.group.clone());
    let group = theirs.or(wording.group.clone()).unwrap_or_else(|| measure.key.clone());
    wording.group = Some(group.clone());
    let in_group = |id: i64, one: &Wording| id == partner.id || one.group.as_ref() == Some(&group);
    let together = &wording.together;
    others
        .into_iter()
        .filter(|(id, one)| in_group(*id, one))
        .filter(|(_, one)| one.group.as_ref() != Some(&group) || one.together != *together)
        .map(|(id, one)| (id, Wording { group: Some(group.clone()), together: together.clone(), ..one }))
        .collect()
}

/// Takes back a unit's own words for a measure: those of the level above hold again.
///
/// # Errors
/// As [`word`]; [`Error::NotFound`] also where the unit has none of its own.
pub async fn unword(ctx: &Ctx, seen: &Unit, key: &str) -> Result<()> {
    may_choose(ctx, seen)?;
    let mut conn = ctx.db.write().await?;
    let catalogue = store::visible(&mut conn, seen).await?;
    let measure = catalogue.measure(key).ok_or(Error::NotFound)?;
    let former = word_store::wordings(&mut conn, seen).await?.remove(&measure.id);
    if !word_store::unset_wording(&mut conn, seen.id, measure.id).await? {
        return Err(Error::NotFound);
    }
    let now = word_store::wordings(&mut conn, seen).await?.remove(&measure.id);
    let detail = json!({"unit": seen.code, "from": former, "to": now});
    audit(ctx, &mut conn, seen.id, "measure.change", key, detail).await?;
    conn.commit().await
}

fn deed(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Measure => "measure.change",
        EntryKind::Type => "type.change",
        EntryKind::Theme => "theme.change",
    }
}

/// Moves an entry in the order in which a unit and all below it read its kind. Retired ones stand last.
///
/// # Errors
/// As [`word`].
pub async fn move_entry(ctx: &Ctx, seen: &Unit, kind: EntryKind, key: &str, how: Move) -> Result<()> {
    may_choose(ctx, seen)?;
    let mut conn = ctx.db.write().await?;
    let catalogue = store::visible(&mut conn, seen).await?;
    let active = catalogue.active(kind);
    let (id, _) = active.iter().find(|(_, own)| *own == key).copied().ok_or(Error::NotFound)?;
    let order = moved(active.iter().map(|(id, _)| *id).collect(), id, how);
    word_store::set_order(&mut conn, seen.id, kind, &order).await?;
    let place = order.iter().position(|own| *own == id).map(|place| place + 1);
    audit(ctx, &mut conn, seen.id, deed(kind), key, json!({"unit": seen.code, "move": how, "place": place})).await?;
    conn.commit().await
}

/// Takes back a unit's own order of a kind of entry: that of the level above holds again.
///
/// # Errors
/// As [`word`].
pub async fn as_above(ctx: &Ctx, seen: &Unit, kind: EntryKind) -> Result<()> {
    may_choose(ctx, seen)?;
    let mut conn = ctx.db.write().await?;
    word_store::set_order(&mut conn, seen.id, kind, &[]).await?;
    audit(ctx, &mut conn, seen.id, deed(kind), kind.key(), json!({"unit": seen.code, "move": "as_above"})).await?;
    conn.commit().await
}
