//! `GET /api/v1/goals`: how far every target of a unit is; and one indicator year by year.

use super::json::Query;
use crate::{
    error::Result,
    plan::{
        action::{self, GoalRow},
        indicator_action::seen_indicator,
        series::{self, Series},
    },
    server::{context::Ctx, state::AppState},
};
use axum::{Json, extract::Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(goals)).routes(routes!(year_by_year))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Asked {
    /// The unit's code; the reader's own without.
    unit: Option<String>,
    /// The plan's key; the one that contains the day without.
    plan: Option<String>,
    /// The day on which the goals are looked at; today without.
    as_of: Option<NaiveDate>,
}

/// How far a unit's targets are.
#[derive(Serialize, utoipa::ToSchema)]
struct Goals {
    unit: String,
    /// The plan's key; null where no plan contains the day.
    plan: Option<String>,
    as_of: NaiveDate,
    rows: Vec<GoalRow>,
}

#[utoipa::path(get, path = "/api/v1/goals", params(Asked), responses((status = 200, body = Goals)))]
async fn goals(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Json<Goals>> {
    let mut conn = ctx.db.read().await?;
    let unit = action::read_unit(&ctx, &mut conn, asked.unit.as_deref()).await?;
    drop(conn);
    let found = action::look(&ctx, &unit, asked.plan.as_deref(), asked.as_of).await?;
    Ok(Json(Goals { unit: unit.code, plan: found.plan.map(|plan| plan.key), as_of: found.as_of, rows: found.rows }))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct AskedYears {
    /// The unit's code; the reader's own without.
    unit: Option<String>,
    /// The first and the last year; the last six without.
    from: Option<i32>,
    to: Option<i32>,
}

#[utoipa::path(
    get, path = "/api/v1/indicators/{key}/series", params(("key" = String, Path), AskedYears),
    responses((status = 200, body = Series), (status = 404))
)]
async fn year_by_year(ctx: Ctx, Path(key): Path<String>, Query(asked): Query<AskedYears>) -> Result<Json<Series>> {
    let mut conn = ctx.db.read().await?;
    let unit = action::read_unit(&ctx, &mut conn, asked.unit.as_deref()).await?;
    let indicator = seen_indicator(&mut conn, &unit, &key).await?;
    let years = series::years(ctx.today, asked.from, asked.to);
    Ok(Json(series::series(&ctx, &mut conn, &unit, &indicator, years).await?))
}
