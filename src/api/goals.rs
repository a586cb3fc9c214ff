//! `GET /api/v1/goals`: how far every target of a unit is.

use super::json::Query;
use crate::{
    error::Result,
    plan::action::{self, GoalRow},
    server::{context::Ctx, state::AppState},
};
use axum::Json;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(goals))
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
