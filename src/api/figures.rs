//! `/totals` and `/coverage`.

use super::json::Query;
use crate::{
    domain::measure::Total,
    error::Result,
    figure::action::{self, Ask},
    server::{context::Ctx, state::AppState},
};
use axum::Json;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(totals)).routes(routes!(coverage))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TotalsQuery {
    /// A unit's code: it and all below it.
    unit: String,
    /// 2021-01-01; without, the current year's first day.
    from: Option<String>,
    /// Without, the current year's last day.
    to: Option<String>,
    /// `measure`, and by comma one each of `month`, `quarter`, `year`; `unit`, `child`; `theme`, `campaign`.
    by: Option<String>,
    /// A measure's key.
    measure: Option<String>,
    /// A theme's key, or `none`.
    theme: Option<String>,
    /// A campaign's key, or `none`.
    campaign: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CoverageQuery {
    /// A unit's code: the villages, communities and schools below it.
    unit: String,
    from: Option<String>,
    to: Option<String>,
    /// A measure's key; without, activities are counted.
    measure: Option<String>,
    /// A theme's key, or `none`.
    theme: Option<String>,
    /// A campaign's key, or `none`.
    campaign: Option<String>,
}

/// A sum, its precisions apart.
#[derive(Debug, Default, Serialize, ToSchema)]
struct Sum {
    exact: i64,
    at_least: i64,
    estimate: i64,
    /// exact + at_least + estimate.
    total: i64,
    /// How many activities it is the sum of.
    activities: i64,
}

impl From<Total> for Sum {
    fn from(total: Total) -> Sum {
        let Total { exact, at_least, estimate, activities } = total;
        Sum { exact, at_least, estimate, total: total.total(), activities }
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct TotalsRow {
    measure: String,
    /// 2021-06
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<String>,
    /// 2021-Q2
    #[serde(skip_serializing_if = "Option::is_none")]
    quarter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// A key, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    /// A key, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign: Option<String>,
    #[serde(flatten)]
    sum: Sum,
}

#[derive(Debug, Serialize, ToSchema)]
struct TotalsAnswer {
    rows: Vec<TotalsRow>,
    /// By measure, and as `activities` for the activities themselves: how much stands in more than one theme or
    /// campaign. Parts − overlaps = whole.
    overlaps: BTreeMap<String, Sum>,
    /// How many activities there are, each once.
    activities: i64,
}

/// Totals of a unit and all below it.
#[utoipa::path(get, path = "/api/v1/totals", tag = "figures", params(TotalsQuery),
    responses((status = 200, body = TotalsAnswer), (status = 404), (status = 422)))]
async fn totals(ctx: Ctx, Query(query): Query<TotalsQuery>) -> Result<Json<TotalsAnswer>> {
    let TotalsQuery { unit, from, to, by, measure, theme, campaign } = query;
    let totals = action::totals(&ctx, &Ask { unit, from, to, by, measure, theme, campaign }).await?;
    let mut overlaps: BTreeMap<String, Sum> =
        totals.overlaps.into_iter().map(|(key, total)| (key, total.into())).collect();
    overlaps.insert("activities".into(), Sum { activities: totals.activities_overlap, ..Sum::default() });
    let rows = totals
        .rows
        .into_iter()
        .map(|row| {
            let action::Sum { measure, month, quarter, year, unit, theme, campaign, total } = row;
            TotalsRow { measure, month, quarter, year, unit, theme, campaign, sum: total.into() }
        })
        .collect();
    Ok(Json(TotalsAnswer { rows, overlaps, activities: totals.activities }))
}

#[derive(Debug, Serialize, ToSchema)]
struct CoverageRow {
    unit: String,
    /// 2021-06
    month: String,
    activities: i64,
    /// Of the measure asked for; without one, the activities.
    total: i64,
}

#[derive(Debug, Serialize, ToSchema)]
struct CoverageAnswer {
    rows: Vec<CoverageRow>,
}

/// What each village, community and school did in each month, nothing included.
#[utoipa::path(get, path = "/api/v1/coverage", tag = "figures", params(CoverageQuery),
    responses((status = 200, body = CoverageAnswer), (status = 404), (status = 422)))]
async fn coverage(ctx: Ctx, Query(query): Query<CoverageQuery>) -> Result<Json<CoverageAnswer>> {
    let CoverageQuery { unit, from, to, measure, theme, campaign } = query;
    let rows = action::coverage(&ctx, &Ask { unit, from, to, by: None, measure, theme, campaign }).await?;
    let rows = rows
        .into_iter()
        .map(|row| CoverageRow {
            unit: row.unit.code,
            month: row.month.to_string(),
            activities: row.activities,
            total: row.total,
        })
        .collect();
    Ok(Json(CoverageAnswer { rows }))
}
