//! Changing what an office has added to the catalogue, and retiring it.

use super::{
    action::{
        LONGEST_NAME, MeasureDraft, ThemeDraft, TypeDraft, audit, check_asked, check_evidence, check_measure,
        check_optional, check_text, check_wording, tidy,
    },
    store, write_store,
};
use crate::{
    domain::{
        access::Scope,
        catalogue::{ActivityType, EntryKind, Theme},
        measure::Measure,
        problem::Problems,
        unit::Unit,
    },
    error::{Error, Result},
    server::{context::Ctx, db::Conn},
    unit,
};
use serde_json::json;

/// An own entry's owner, to be managed by the one who asks.
async fn managed_owner(ctx: &Ctx, conn: &mut Conn, unit_id: Option<i64>) -> Result<Unit> {
    let id = unit_id.ok_or(Error::Forbidden)?;
    let owner = unit::store::by_id(conn, &Scope::everything(), id).await?;
    if ctx.actor()?.may_manage(&owner) { Ok(owner) } else { Err(Error::Forbidden) }
}

/// Changes an own measure, as `seen` by a unit. Another counting rule makes a new version of it, from today on. Key,
/// owner and whether it is a stock stay.
///
/// # Errors
/// As [`add_measure`]; [`Error::NotFound`] where the unit sees no such measure, [`Error::Forbidden`] for built-in ones.
pub async fn change_measure(ctx: &Ctx, seen: &Unit, key: &str, draft: MeasureDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let catalogue = store::visible(&mut conn, seen).await?;
    let former = catalogue.measure(key).ok_or(Error::NotFound)?;
    let owner = managed_owner(ctx, &mut conn, former.unit_id).await?;
    check_measure(ctx.locale, &draft, &mut problems);
    let wording = check_wording(ctx.locale, &draft.wording, former.wording.clone(), &mut problems);
    problems.into_result(())?;
    let rule = tidy(draft.counting_rule.as_deref()).unwrap_or_default();
    let is_new_rule = rule != former.counting_rule;
    let measure = Measure {
        name: draft.name.trim().to_owned(),
        name_en: tidy(draft.name_en.as_deref()),
        unit_word: draft.unit_word.trim().to_owned(),
        unit_word_en: tidy(draft.unit_word_en.as_deref()),
        counting_rule: rule,
        rule_version: former.rule_version + i64::from(is_new_rule),
        interactive: draft.interactive,
        wording,
        ..former.clone()
    };
    write_store::update_measure(&mut conn, &measure).await?;
    if is_new_rule {
        let (id, version) = (measure.id, measure.rule_version);
        store::insert_rule(&mut conn, id, version, &measure.counting_rule, ctx.today).await?;
    }
    let detail = json!({
        "from": {"name": former.name, "unit_word": former.unit_word, "counting_rule": former.counting_rule},
        "to": {"name": measure.name, "unit_word": measure.unit_word, "counting_rule": measure.counting_rule},
        "rule_version": measure.rule_version,
    });
    audit(ctx, &mut conn, owner.id, "measure.change", key, detail).await?;
    conn.commit().await
}

/// Changes an own activity type.
///
/// # Errors
/// As [`change_measure`].
pub async fn change_type(ctx: &Ctx, seen: &Unit, key: &str, draft: TypeDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let former = store::visible(&mut conn, seen).await?.activity_type(key).cloned().ok_or(Error::NotFound)?;
    let owner = managed_owner(ctx, &mut conn, former.unit_id).await?;
    check_text(ctx.locale, "name", &draft.name, LONGEST_NAME, &mut problems);
    check_optional(ctx.locale, "name_en", draft.name_en.as_deref(), LONGEST_NAME, &mut problems);
    let catalogue = store::visible(&mut conn, &owner).await?;
    let measures = check_asked(ctx.locale, &catalogue, &draft.measures, &mut problems);
    let evidence = check_evidence(ctx.locale, draft.evidence.as_deref(), &mut problems);
    let (name, name_en) = (draft.name.trim().to_owned(), tidy(draft.name_en.as_deref()));
    let one = problems.into_result(ActivityType { name, name_en, evidence, measures, ..former.clone() })?;
    write_store::update_type(&mut conn, &one).await?;
    let detail = json!({"from": former.name, "to": one.name, "measures": draft.measures, "evidence": evidence});
    audit(ctx, &mut conn, owner.id, "type.change", key, detail).await?;
    conn.commit().await
}

/// Changes an own theme's names.
///
/// # Errors
/// As [`change_measure`].
pub async fn change_theme(ctx: &Ctx, seen: &Unit, key: &str, draft: ThemeDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let former = store::visible(&mut conn, seen).await?.theme(key).cloned().ok_or(Error::NotFound)?;
    let owner = managed_owner(ctx, &mut conn, former.unit_id).await?;
    check_text(ctx.locale, "name", &draft.name, LONGEST_NAME, &mut problems);
    check_optional(ctx.locale, "name_en", draft.name_en.as_deref(), LONGEST_NAME, &mut problems);
    problems.into_result(())?;
    let (name, name_en) = (draft.name.trim().to_owned(), tidy(draft.name_en.as_deref()));
    let theme = Theme { name, name_en, ..former.clone() };
    write_store::update_theme(&mut conn, &theme).await?;
    let detail = json!({"from": former.name, "to": theme.name});
    audit(ctx, &mut conn, owner.id, "theme.change", key, detail).await?;
    conn.commit().await
}

/// Retires an own entry, so that nothing new bears it, or takes it back; what bears it stays as it is.
///
/// # Errors
/// As [`change_measure`].
pub async fn retire(ctx: &Ctx, seen: &Unit, kind: EntryKind, key: &str, retired: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let catalogue = store::visible(&mut conn, seen).await?;
    let found = match kind {
        EntryKind::Measure => catalogue.measure(key).map(|one| (one.id, one.unit_id)),
        EntryKind::Type => catalogue.activity_type(key).map(|one| (one.id, one.unit_id)),
        EntryKind::Theme => catalogue.theme(key).map(|one| (one.id, one.unit_id)),
    };
    let (id, unit_id) = found.ok_or(Error::NotFound)?;
    let owner = managed_owner(ctx, &mut conn, unit_id).await?;
    write_store::set_retired(&mut conn, kind.key(), id, retired.then_some(ctx.now)).await?;
    let detail = json!({"kind": kind, "retired": retired});
    audit(ctx, &mut conn, owner.id, "catalogue.retire", key, detail).await?;
    conn.commit().await
}
