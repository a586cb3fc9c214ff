//! Adding and retiring indicators: what a plan may ask about.

use super::{
    action::{check_key, check_name, managed_owner, owner},
    store,
};
use crate::{
    catalogue,
    domain::{
        catalogue::Catalogue,
        indicator::{Indicator, Kind},
        measure::Measure,
        period::Each,
        problem::Problems,
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    locale::Locale,
    server::{audit, context::Ctx, db::Conn},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// An indicator as somebody typed it; keys as in the contract.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct IndicatorDraft {
    /// Without one, a free one is chosen.
    pub key: Option<String>,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub kind: String,
    pub measure: Option<String>,
    /// A second measure that is added to the first.
    pub also_measure: Option<String>,
    pub theme: Option<String>,
    /// Only activities of this type.
    pub activity_type: Option<String>,
    /// Only activities in which people take part, or only the others.
    pub interactive: Option<bool>,
    pub unit_kind: Option<String>,
    /// By default `year` for what is counted in a period, `none` for stock, survey and milestone.
    pub each: Option<String>,
    pub at_least: Option<i64>,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    /// The code of the unit it belongs to, by default the writer's own.
    pub unit: Option<String>,
}

/// A measure by key, which has to be in use, or among what the indicator had before.
fn known_measure<'a>(
    locale: Locale,
    catalogue: &'a Catalogue,
    former: Option<&Indicator>,
    field: &str,
    key: Option<&str>,
    problems: &mut Problems,
) -> Option<&'a Measure> {
    let key = key.map(str::trim).filter(|key| !key.is_empty())?;
    let measure = catalogue.measure(key).filter(|measure| !measure.retired || asks(former, measure.id));
    if measure.is_none() {
        problems.add(field, locale.plan_measure_unknown(key));
    }
    measure
}

/// Whether an indicator looks at a measure.
pub(super) fn asks(indicator: Option<&Indicator>, measure_id: i64) -> bool {
    indicator.is_some_and(|one| {
        [one.measure_id, one.also_measure_id, one.numerator_id, one.denominator_id].contains(&Some(measure_id))
    })
}

/// The member of an enumeration that a field names; nothing where it is empty, a problem where there is none.
fn known<T>(
    text: Option<&str>,
    find: impl Fn(&str) -> Option<T>,
    field: &str,
    problems: &mut Problems,
    said: &str,
) -> Option<T> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let found = find(text);
    if found.is_none() {
        problems.add(field, said);
    }
    found
}

/// Adds an indicator.
///
/// # Errors
/// What is wrong by field; [`Error::Forbidden`].
pub async fn add_indicator(ctx: &Ctx, draft: IndicatorDraft) -> Result<Indicator> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let Some(owner) = owner(ctx, &mut conn, draft.unit.as_deref(), &mut problems).await? else {
        return Err(problems.into_inner().into());
    };
    conn.lock_keys().await?;
    let catalogue = catalogue::store::visible(&mut conn, &owner).await?;
    let others = store::indicators(&mut conn, &owner, true).await?;
    let taken: Vec<&str> = others.iter().map(|one| one.key.as_str()).collect();
    let key = check_key(ctx.locale, draft.key.as_deref(), &taken, "indicator", &mut problems);
    let kind = Kind::from_key(draft.kind.trim()).unwrap_or_else(|| {
        problems.add("kind", ctx.locale.indicator_kind_wanted());
        Kind::Sum
    });
    let checked = check_indicator(ctx.locale, &draft, kind, &catalogue, None, &mut problems);
    let mut indicator = problems.into_result(Indicator { key, unit_id: Some(owner.id), ..checked })?;
    indicator.id = store::add_indicator(&mut conn, &indicator).await?;
    let detail = told(&catalogue, &indicator);
    audit::done(ctx, &mut conn, "indicator.add", owner.id, &indicator.key, detail).await?;
    conn.commit().await?;
    Ok(indicator)
}

/// What an audit entry tells of an indicator.
fn told(catalogue: &Catalogue, one: &Indicator) -> Value {
    let measure = |id: Option<i64>| Some(catalogue.measure_by_id(id?)?.key.as_str());
    json!({
        "name": one.name, "kind": one.kind, "unit_kind": one.unit_kind, "each": one.each, "at_least": one.at_least,
        "measure": measure(one.measure_id), "also_measure": measure(one.also_measure_id),
        "numerator": measure(one.numerator_id), "denominator": measure(one.denominator_id),
        "theme": one.theme_id.and_then(|id| Some(catalogue.theme_by_id(id)?.key.as_str())),
        "activity_type": one.type_id.and_then(|id| Some(catalogue.activity_type_by_id(id)?.key.as_str())),
        "interactive": one.interactive,
    })
}

/// Reads and checks everything but key and owner. `former` is the indicator that is being changed.
fn check_indicator(
    locale: Locale,
    draft: &IndicatorDraft,
    kind: Kind,
    catalogue: &Catalogue,
    former: Option<&Indicator>,
    problems: &mut Problems,
) -> Indicator {
    let name = check_name(locale, "name", &draft.name, problems);
    let each = known(draft.each.as_deref(), Each::from_key, "each", problems, locale.indicator_each_wrong());
    let unit_kind = known(
        draft.unit_kind.as_deref(),
        UnitKind::from_key,
        "unit_kind",
        problems,
        locale.indicator_unit_kind_wrong(),
    );
    let mut measure = known_measure(locale, catalogue, former, "measure", draft.measure.as_deref(), problems);
    let also = known_measure(locale, catalogue, former, "also_measure", draft.also_measure.as_deref(), problems);
    let mut numerator = known_measure(locale, catalogue, former, "numerator", draft.numerator.as_deref(), problems);
    let denominator = known_measure(locale, catalogue, former, "denominator", draft.denominator.as_deref(), problems);
    let theme = draft.theme.as_deref().map(str::trim).filter(|theme| !theme.is_empty());
    let has_theme = |id: i64| former.is_some_and(|one| one.theme_id == Some(id));
    let theme_id =
        theme.and_then(|key| match catalogue.theme(key).filter(|theme| !theme.retired || has_theme(theme.id)) {
            Some(theme) => Some(theme.id),
            None => {
                problems.add("theme", locale.indicator_theme_unknown(key));
                None
            }
        });
    let is_counted = matches!(kind, Kind::Sum | Kind::Frequency | Kind::Coverage);
    let asked_type = draft.activity_type.as_deref().map(str::trim).filter(|key| is_counted && !key.is_empty());
    let has_type = |id: i64| former.is_some_and(|one| one.type_id == Some(id));
    let type_id = asked_type.and_then(|key| {
        let found = catalogue.activity_type(key).filter(|one| !one.retired || has_type(one.id)).map(|one| one.id);
        if found.is_none() {
            problems.add("activity_type", locale.indicator_type_unknown(key));
        }
        found
    });
    if draft.at_least.is_some_and(|number| !(1..=10_000_000).contains(&number)) {
        problems.add("at_least", locale.indicator_at_least_wrong());
    }
    if kind == Kind::Ratio {
        // A ratio's measure is what is divided.
        numerator = numerator.or(measure.take());
        if numerator.is_some() != denominator.is_some() {
            let field = if numerator.is_some() { "denominator" } else { "numerator" };
            problems.add(field, locale.indicator_ratio_needs_both());
        }
    }
    let is_stock = |measure: Option<&Measure>| measure.is_some_and(|measure| measure.is_stock);
    match kind {
        Kind::Stock if draft.measure.as_deref().is_none_or(|key| key.trim().is_empty()) => {
            problems.add("measure", locale.indicator_stock_wanted());
        }
        Kind::Stock if measure.is_some() && !is_stock(measure) => {
            problems.add("measure", locale.indicator_no_stock());
        }
        Kind::Sum | Kind::Frequency | Kind::Coverage if is_stock(measure) => {
            problems.add("measure", locale.indicator_is_stock());
        }
        _ => {}
    }
    Indicator {
        id: 0,
        key: String::new(),
        unit_id: None,
        name,
        name_en: None,
        kind,
        measure_id: measure.map(|measure| measure.id),
        also_measure_id: also.map(|measure| measure.id),
        theme_id,
        type_id,
        interactive: draft.interactive.filter(|_| is_counted),
        // Coverage and stock always look at units; unless somebody says which, at villages.
        unit_kind: match kind {
            Kind::Coverage | Kind::Stock => unit_kind.or(Some(UnitKind::Village)),
            _ => unit_kind,
        },
        each: each.unwrap_or(kind.default_each()),
        at_least: match kind {
            Kind::Coverage | Kind::Stock => draft.at_least.or(Some(1)),
            _ => draft.at_least,
        },
        numerator_id: numerator.map(|measure| measure.id),
        denominator_id: denominator.map(|measure| measure.id),
        position: 0,
        retired: false,
    }
}

/// An indicator as a unit sees it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn seen_indicator(conn: &mut Conn, seen_from: &Unit, key: &str) -> Result<Indicator> {
    let indicators = store::indicators(conn, seen_from, true).await?;
    indicators.into_iter().find(|one| one.key == key).ok_or(Error::NotFound)
}

/// Changes an own indicator, as `seen_from` a unit: its name and what it looks at. Its kind stays, for its targets are
/// of that kind.
///
/// # Errors
/// What is wrong by field; [`Error::NotFound`] where the unit sees no such indicator; [`Error::Forbidden`] for a
/// built-in one and for one of a unit that the asker may not manage.
pub async fn change_indicator(ctx: &Ctx, seen_from: &Unit, key: &str, draft: IndicatorDraft) -> Result<()> {
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let former = seen_indicator(&mut conn, seen_from, key).await?;
    let owner = managed_owner(ctx, &mut conn, former.unit_id).await?;
    let catalogue = catalogue::store::visible(&mut conn, &owner).await?;
    let checked = check_indicator(ctx.locale, &draft, former.kind, &catalogue, Some(&former), &mut problems);
    let Indicator { id, key, unit_id, position, retired, .. } = former.clone();
    let indicator = problems.into_result(Indicator { id, key, unit_id, position, retired, ..checked })?;
    store::update_indicator(&mut conn, &indicator).await?;
    let detail = json!({"from": told(&catalogue, &former), "to": told(&catalogue, &indicator)});
    audit::done(ctx, &mut conn, "indicator.change", owner.id, &indicator.key, detail).await?;
    conn.commit().await
}

/// Retires an own indicator, so that its targets are not asked about, or takes it up again.
///
/// # Errors
/// As [`change_indicator`].
pub async fn retire_indicator(ctx: &Ctx, seen_from: &Unit, key: &str, retired: bool) -> Result<()> {
    let mut conn = ctx.db.write().await?;
    let indicator = seen_indicator(&mut conn, seen_from, key).await?;
    let owner = managed_owner(ctx, &mut conn, indicator.unit_id).await?;
    store::retire_indicator(&mut conn, indicator.id, retired.then_some(ctx.now)).await?;
    let action = if retired { "indicator.retire" } else { "indicator.resume" };
    audit::done(ctx, &mut conn, action, owner.id, key, json!({"name": indicator.name})).await?;
    conn.commit().await
}
