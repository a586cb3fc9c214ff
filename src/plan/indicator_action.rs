//! Adding and retiring indicators: what a plan may ask about.

use super::{
    action::{check_key, check_name, home, owner},
    store,
};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        catalogue::Catalogue,
        indicator::{Indicator, Kind},
        measure::Measure,
        period::Each,
        problem::Problems,
        unit::UnitKind,
    },
    error::{Error, Result},
    locale::Locale,
    server::{
        audit::{self, Entry},
        context::Ctx,
    },
    unit,
};
use serde::Deserialize;
use serde_json::json;

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
    pub unit_kind: Option<String>,
    /// By default `year` for what is counted in a period, `none` for stock, survey and milestone.
    pub each: Option<String>,
    pub at_least: Option<i64>,
    pub numerator: Option<String>,
    pub denominator: Option<String>,
    /// The code of the unit it belongs to, by default the writer's own.
    pub unit: Option<String>,
}

/// A measure by key, which has to be in use.
fn known_measure<'a>(
    locale: Locale,
    catalogue: &'a Catalogue,
    field: &str,
    key: Option<&str>,
    problems: &mut Problems,
) -> Option<&'a Measure> {
    let key = key.map(str::trim).filter(|key| !key.is_empty())?;
    let measure = catalogue.measure(key).filter(|measure| !measure.retired);
    if measure.is_none() {
        problems.add(field, locale.plan_measure_unknown(key));
    }
    measure
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
    let actor = ctx.actor()?;
    let mut problems = Problems::default();
    let mut conn = ctx.db.write().await?;
    let Some(owner) = owner(ctx, &mut conn, draft.unit.as_deref(), &mut problems).await? else {
        return Err(problems.into_inner().into());
    };
    conn.lock_keys().await?;
    let catalogue = catalogue::store::visible(&mut conn, &owner).await?;
    let others = store::indicators(&mut conn, &owner, true).await?;
    let taken: Vec<&str> = others.iter().map(|one| one.key.as_str()).collect();
    let mut indicator = check_indicator(ctx.locale, &draft, &catalogue, &taken, &mut problems);
    indicator.unit_id = Some(owner.id);
    let mut indicator = problems.into_result(indicator)?;
    indicator.id = store::add_indicator(&mut conn, &indicator).await?;
    let detail = json!({
        "name": indicator.name, "kind": indicator.kind, "measure": draft.measure, "theme": draft.theme,
        "unit_kind": indicator.unit_kind, "each": indicator.each, "at_least": indicator.at_least,
    });
    let subject = indicator.key.clone();
    let entry = Entry { actor: Some(actor), unit_id: Some(owner.id), action: "indicator.add", subject, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await?;
    Ok(indicator)
}

fn check_indicator(
    locale: Locale,
    draft: &IndicatorDraft,
    catalogue: &Catalogue,
    taken: &[&str],
    problems: &mut Problems,
) -> Indicator {
    let key = check_key(locale, draft.key.as_deref(), taken, "indicator", problems);
    let name = check_name(locale, "name", &draft.name, problems);
    let kind = match Kind::from_key(draft.kind.trim()) {
        Some(kind) => kind,
        None => {
            problems.add("kind", locale.indicator_kind_wanted());
            Kind::Sum
        }
    };
    let each = known(draft.each.as_deref(), Each::from_key, "each", problems, locale.indicator_each_wrong());
    let unit_kind = known(
        draft.unit_kind.as_deref(),
        UnitKind::from_key,
        "unit_kind",
        problems,
        locale.indicator_unit_kind_wrong(),
    );
    let mut measure = known_measure(locale, catalogue, "measure", draft.measure.as_deref(), problems);
    let also = known_measure(locale, catalogue, "also_measure", draft.also_measure.as_deref(), problems);
    let mut numerator = known_measure(locale, catalogue, "numerator", draft.numerator.as_deref(), problems);
    let denominator = known_measure(locale, catalogue, "denominator", draft.denominator.as_deref(), problems);
    let theme = draft.theme.as_deref().map(str::trim).filter(|theme| !theme.is_empty());
    let theme_id = theme.and_then(|key| match catalogue.theme(key).filter(|theme| !theme.retired) {
        Some(theme) => Some(theme.id),
        None => {
            problems.add("theme", locale.indicator_theme_unknown(key));
            None
        }
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
        key,
        unit_id: None,
        name,
        name_en: None,
        kind,
        measure_id: measure.map(|measure| measure.id),
        also_measure_id: also.map(|measure| measure.id),
        theme_id,
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

/// Retires an indicator that a unit owns, or takes it up again.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for a built-in one and for one of a unit that the asker may not manage.
pub async fn retire_indicator(ctx: &Ctx, id: i64, retired: bool) -> Result<()> {
    let actor = ctx.actor()?;
    let mut conn = ctx.db.write().await?;
    let here = home(ctx, &mut conn).await?;
    let indicators = store::indicators(&mut conn, &here, true).await?;
    let indicator = indicators.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let owner_id = indicator.unit_id.ok_or(Error::Forbidden)?;
    let owner = unit::store::by_id(&mut conn, &Scope::everything(), owner_id).await?;
    if !actor.may_manage(&owner) {
        return Err(Error::Forbidden);
    }
    store::retire_indicator(&mut conn, id, retired.then_some(ctx.now)).await?;
    let action = if retired { "indicator.retire" } else { "indicator.resume" };
    let detail = json!({"name": indicator.name});
    let entry = Entry { actor: Some(actor), unit_id: Some(owner_id), action, subject: indicator.key, detail };
    audit::record(&mut conn, ctx.now, entry).await?;
    conn.commit().await
}
