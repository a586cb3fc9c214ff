//! Plans, indicators, targets; stocks, surveys, milestones.

use super::json::{Body, Query};
use crate::{
    catalogue,
    domain::{
        access::Scope,
        catalogue::Catalogue,
        indicator::{Indicator, Kind},
        period::Each,
        target::{Plan, Target},
        unit::{Unit, UnitKind},
    },
    error::{Error, Result},
    plan::{
        action::{self, IndicatorDraft, PlanDraft, TargetDraft},
        entry_action::{self, MilestoneDraft, StockDraft, SurveyDraft},
        entry_store, store, target_store,
    },
    server::{context::Ctx, db::Conn, state::AppState},
    unit,
};
use axum::{Json, http::StatusCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(plans, add_plan))
        .routes(routes!(indicators, add_indicator))
        .routes(routes!(targets, set_target))
        .routes(routes!(stocks, put_stock))
        .routes(routes!(put_survey))
        .routes(routes!(put_milestone))
}

/// Stocks on one page.
const PAGE: i64 = 200;

#[derive(Deserialize, utoipa::IntoParams)]
struct Of {
    /// The unit's code; the reader's own without. What holds at it and what is below it is listed.
    unit: Option<String>,
    plan: Option<String>,
    indicator: Option<String>,
}

/// A plan.
#[derive(Serialize, utoipa::ToSchema)]
struct PlanView {
    key: String,
    name: String,
    from: NaiveDate,
    to: NaiveDate,
    /// The code of the unit it belongs to; null for a built-in one.
    unit: Option<String>,
}

/// An indicator.
#[derive(Serialize, utoipa::ToSchema)]
struct IndicatorView {
    key: String,
    name: String,
    #[schema(value_type = String)]
    kind: Kind,
    measure: Option<String>,
    also_measure: Option<String>,
    theme: Option<String>,
    /// Only activities of this type; only those in which people take part, or only the others.
    activity_type: Option<String>,
    interactive: Option<bool>,
    #[schema(value_type = Option<String>)]
    unit_kind: Option<UnitKind>,
    #[schema(value_type = String)]
    each: Each,
    at_least: Option<i64>,
    numerator: Option<String>,
    denominator: Option<String>,
    /// The code of the unit it belongs to; null for a built-in one.
    unit: Option<String>,
    retired: bool,
}

/// A target.
#[derive(Serialize, utoipa::ToSchema)]
struct TargetView {
    id: i64,
    plan: String,
    indicator: String,
    unit: String,
    value: f64,
    year: Option<i32>,
    basis: String,
}

/// A stock as of a day.
#[derive(Serialize, utoipa::ToSchema)]
struct StockView {
    unit: String,
    measure: String,
    as_of: NaiveDate,
    value: i64,
    /// Where what holds on a day comes from: `roster` or `typed`; of a list of entries none, for all of them were typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
}

/// A list; `next` is the cursor of the page behind it, null at the end.
#[derive(Serialize, utoipa::ToSchema)]
struct Listed<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl<T> Listed<T> {
    fn whole(items: Vec<T>) -> Json<Listed<T>> {
        Json(Listed { items, next: None })
    }
}

/// What keys and codes stand behind ids.
struct Names {
    catalogue: Catalogue,
    units: BTreeMap<i64, String>,
}

impl Names {
    async fn load(conn: &mut Conn, unit: &Unit) -> Result<Names> {
        let catalogue = catalogue::store::everything(conn).await?;
        let mut units = BTreeMap::new();
        for id in unit.ancestry() {
            units.insert(id, unit::store::by_id(conn, &Scope::everything(), id).await?.code);
        }
        for below in unit::store::at_and_below(conn, unit).await? {
            units.insert(below.id, below.code);
        }
        Ok(Names { catalogue, units })
    }

    fn unit(&self, id: Option<i64>) -> Option<String> {
        self.units.get(&id?).cloned()
    }

    fn measure(&self, id: Option<i64>) -> Option<String> {
        Some(self.catalogue.measure_by_id(id?)?.key.clone())
    }

    fn plan(&self, ctx: &Ctx, plan: Plan) -> PlanView {
        PlanView {
            name: ctx.locale.name(&plan.name, plan.name_en.as_deref()).to_owned(),
            from: plan.period.from,
            to: plan.period.to,
            unit: self.unit(plan.unit_id),
            key: plan.key,
        }
    }

    fn indicator(&self, ctx: &Ctx, one: Indicator) -> IndicatorView {
        IndicatorView {
            name: ctx.locale.name(&one.name, one.name_en.as_deref()).to_owned(),
            kind: one.kind,
            measure: self.measure(one.measure_id),
            also_measure: self.measure(one.also_measure_id),
            theme: one.theme_id.and_then(|id| Some(self.catalogue.theme_by_id(id)?.key.clone())),
            activity_type: one.type_id.and_then(|id| Some(self.catalogue.activity_type_by_id(id)?.key.clone())),
            interactive: one.interactive,
            unit_kind: one.unit_kind,
            each: one.each,
            at_least: one.at_least,
            numerator: self.measure(one.numerator_id),
            denominator: self.measure(one.denominator_id),
            unit: self.unit(one.unit_id),
            retired: one.retired,
            key: one.key,
        }
    }
}

#[utoipa::path(get, path = "/api/v1/plans", params(Of), responses((status = 200, body = Listed<PlanView>)))]
async fn plans(ctx: Ctx, Query(of): Query<Of>) -> Result<Json<Listed<PlanView>>> {
    let mut conn = ctx.db.read().await?;
    let unit = action::read_unit(&ctx, &mut conn, of.unit.as_deref()).await?;
    let names = Names::load(&mut conn, &unit).await?;
    let plans = store::plans(&mut conn, &unit, true).await?;
    Ok(Listed::whole(plans.into_iter().map(|plan| names.plan(&ctx, plan)).collect()))
}

#[utoipa::path(
    post, path = "/api/v1/plans", request_body = PlanDraft, responses((status = 201, body = PlanView), (status = 422))
)]
async fn add_plan(ctx: Ctx, Body(draft): Body<PlanDraft>) -> Result<(StatusCode, Json<PlanView>)> {
    let plan = action::add_plan(&ctx, draft).await?;
    let mut conn = ctx.db.read().await?;
    let owner = unit::store::by_id(&mut conn, &ctx.scope()?, plan.unit_id.ok_or(Error::NotFound)?).await?;
    let names = Names::load(&mut conn, &owner).await?;
    Ok((StatusCode::CREATED, Json(names.plan(&ctx, plan))))
}

#[utoipa::path(get, path = "/api/v1/indicators", params(Of), responses((status = 200, body = Listed<IndicatorView>)))]
async fn indicators(ctx: Ctx, Query(of): Query<Of>) -> Result<Json<Listed<IndicatorView>>> {
    let mut conn = ctx.db.read().await?;
    let unit = action::read_unit(&ctx, &mut conn, of.unit.as_deref()).await?;
    let names = Names::load(&mut conn, &unit).await?;
    let indicators = store::indicators(&mut conn, &unit, true).await?;
    Ok(Listed::whole(indicators.into_iter().map(|one| names.indicator(&ctx, one)).collect()))
}

#[utoipa::path(
    post, path = "/api/v1/indicators", request_body = IndicatorDraft,
    responses((status = 201, body = IndicatorView), (status = 422))
)]
async fn add_indicator(ctx: Ctx, Body(draft): Body<IndicatorDraft>) -> Result<(StatusCode, Json<IndicatorView>)> {
    let indicator = action::add_indicator(&ctx, draft).await?;
    let mut conn = ctx.db.read().await?;
    let owner = unit::store::by_id(&mut conn, &ctx.scope()?, indicator.unit_id.ok_or(Error::NotFound)?).await?;
    let names = Names::load(&mut conn, &owner).await?;
    Ok((StatusCode::CREATED, Json(names.indicator(&ctx, indicator))))
}

#[utoipa::path(get, path = "/api/v1/targets", params(Of), responses((status = 200, body = Listed<TargetView>)))]
async fn targets(ctx: Ctx, Query(of): Query<Of>) -> Result<Json<Listed<TargetView>>> {
    let mut conn = ctx.db.read().await?;
    let unit = action::read_unit(&ctx, &mut conn, of.unit.as_deref()).await?;
    let names = Names::load(&mut conn, &unit).await?;
    let plans: BTreeMap<i64, Plan> =
        store::plans(&mut conn, &unit, true).await?.into_iter().map(|plan| (plan.id, plan)).collect();
    let indicators: BTreeMap<i64, Indicator> =
        store::indicators(&mut conn, &unit, true).await?.into_iter().map(|one| (one.id, one)).collect();
    let wanted = |asked: &Option<String>, key: &str| asked.as_deref().is_none_or(|own| own.is_empty() || own == key);
    let items = target_store::targets(&mut conn, &unit, None, true)
        .await?
        .into_iter()
        .filter_map(|target| {
            let (plan, indicator) = (plans.get(&target.plan_id)?, indicators.get(&target.indicator_id)?);
            let shown = wanted(&of.plan, &plan.key) && wanted(&of.indicator, &indicator.key);
            shown.then(|| target_view(&names, target, &plan.key, &indicator.key))
        })
        .collect();
    Ok(Listed::whole(items))
}

fn target_view(names: &Names, target: Target, plan: &str, indicator: &str) -> TargetView {
    TargetView {
        id: target.id,
        plan: plan.to_owned(),
        indicator: indicator.to_owned(),
        unit: names.unit(Some(target.unit_id)).unwrap_or_default(),
        value: target.value,
        year: target.year,
        basis: target.basis,
    }
}

#[utoipa::path(
    post, path = "/api/v1/targets", request_body = TargetDraft,
    responses((status = 201, body = TargetView), (status = 422))
)]
async fn set_target(ctx: Ctx, Body(draft): Body<TargetDraft>) -> Result<(StatusCode, Json<TargetView>)> {
    let (plan, indicator, unit) = (draft.plan.clone(), draft.indicator.clone(), draft.unit.clone());
    let target = action::set_target(&ctx, draft).await?;
    let view = TargetView {
        id: target.id,
        plan,
        indicator,
        unit,
        value: target.value,
        year: target.year,
        basis: target.basis,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct OfStock {
    unit: Option<String>,
    measure: Option<String>,
    /// What holds on this day, rosters included, instead of what was entered.
    as_of: Option<NaiveDate>,
    cursor: Option<i64>,
}

#[utoipa::path(get, path = "/api/v1/stocks", params(OfStock), responses((status = 200, body = Listed<StockView>)))]
async fn stocks(ctx: Ctx, Query(of): Query<OfStock>) -> Result<Json<Listed<StockView>>> {
    let mut conn = ctx.db.read().await?;
    let unit = action::read_unit(&ctx, &mut conn, of.unit.as_deref()).await?;
    let names = Names::load(&mut conn, &unit).await?;
    let measure_id = match of.measure.as_deref().filter(|key| !key.is_empty()) {
        Some(key) => {
            let unknown = || Error::invalid("measure", ctx.locale.plan_measure_unknown(key));
            Some(names.catalogue.measure(key).ok_or_else(unknown)?.id)
        }
        None => None,
    };
    let skip = of.cursor.unwrap_or(0).max(0);
    if let Some(as_of) = of.as_of.filter(|day| crate::domain::period::is_near(*day)) {
        let held = entry_store::stocks_held(&mut conn, &unit, as_of).await?;
        let of_measure = held.into_iter().filter(|(id, _)| measure_id.is_none_or(|own| own == *id));
        let mut items: Vec<StockView> = of_measure
            .flat_map(|(measure, units)| units.into_iter().map(move |(unit, held)| (measure, unit, held)))
            .map(|(measure, unit, held)| StockView {
                unit: names.unit(Some(unit)).unwrap_or_default(),
                measure: names.measure(Some(measure)).unwrap_or_default(),
                as_of,
                value: held.value,
                source: Some(if held.from_roster { "roster" } else { "typed" }),
            })
            .collect();
        items.sort_by(|a, b| (&a.measure, &a.unit).cmp(&(&b.measure, &b.unit)));
        let next = (items.len() as i64 > skip + PAGE).then(|| (skip + PAGE).to_string());
        let items = items.into_iter().skip(skip as usize).take(PAGE as usize).collect();
        return Ok(Json(Listed { items, next }));
    }
    let mut rows = entry_store::stock_history(&mut conn, &unit, measure_id, skip, PAGE + 1).await?;
    let next = (rows.len() as i64 > PAGE).then(|| (skip + PAGE).to_string());
    rows.truncate(PAGE as usize);
    let items = rows
        .into_iter()
        .map(|row| StockView {
            unit: names.unit(Some(row.unit_id)).unwrap_or_default(),
            measure: names.measure(Some(row.measure_id)).unwrap_or_default(),
            as_of: row.as_of,
            value: row.value,
            source: None,
        })
        .collect();
    Ok(Json(Listed { items, next }))
}

#[utoipa::path(
    post, path = "/api/v1/stocks", request_body = StockDraft,
    responses((status = 201, body = StockView), (status = 422))
)]
async fn put_stock(ctx: Ctx, Body(draft): Body<StockDraft>) -> Result<(StatusCode, Json<StockView>)> {
    let view = StockView {
        unit: draft.unit.clone(),
        measure: draft.measure.clone(),
        as_of: draft.as_of.unwrap_or(ctx.today),
        value: draft.value.unwrap_or_default(),
        source: None,
    };
    entry_action::put_stock(&ctx, draft).await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// A survey's result.
#[derive(Serialize, utoipa::ToSchema)]
struct SurveyView {
    unit: String,
    indicator: String,
    date: Option<NaiveDate>,
    sample: Option<i64>,
    value: Option<f64>,
}

#[utoipa::path(
    post, path = "/api/v1/surveys", request_body = SurveyDraft,
    responses((status = 201, body = SurveyView), (status = 422))
)]
async fn put_survey(ctx: Ctx, Body(draft): Body<SurveyDraft>) -> Result<(StatusCode, Json<SurveyView>)> {
    let SurveyDraft { unit, indicator, date, sample, value } = draft.clone();
    entry_action::put_survey(&ctx, draft).await?;
    Ok((StatusCode::CREATED, Json(SurveyView { unit, indicator, date, sample, value })))
}

/// A milestone that was reached.
#[derive(Serialize, utoipa::ToSchema)]
struct MilestoneView {
    unit: String,
    indicator: String,
    date: Option<NaiveDate>,
}

#[utoipa::path(
    post, path = "/api/v1/milestones", request_body = MilestoneDraft,
    responses((status = 201, body = MilestoneView), (status = 422))
)]
async fn put_milestone(ctx: Ctx, Body(draft): Body<MilestoneDraft>) -> Result<(StatusCode, Json<MilestoneView>)> {
    let MilestoneDraft { unit, indicator, date } = draft.clone();
    entry_action::put_milestone(&ctx, draft).await?;
    Ok((StatusCode::CREATED, Json(MilestoneView { unit, indicator, date })))
}
