//! `GET /api/v1/gaps` and `POST /api/v1/schedule/propose`.

use super::json::{Body, Query};
use crate::{
    error::Result,
    plan::action::read_unit,
    schedule::{
        action::{self, Wish},
        gap_action::{self, GapRow},
        words,
    },
    server::{context::Ctx, state::AppState},
};
use axum::Json;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(gaps)).routes(routes!(propose))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Asked {
    /// The unit's code; the reader's own without.
    unit: Option<String>,
    /// The plan's key; the one that contains the day without.
    plan: Option<String>,
    /// The day on which the gaps are looked at; today without.
    as_of: Option<NaiveDate>,
}

/// What a unit and all below it lack.
#[derive(Serialize, utoipa::ToSchema)]
struct Gaps {
    unit: String,
    /// The plan's key; null where no plan contains the day.
    plan: Option<String>,
    as_of: NaiveDate,
    rows: Vec<GapRow>,
}

#[utoipa::path(get, path = "/api/v1/gaps", params(Asked), responses((status = 200, body = Gaps)))]
async fn gaps(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Json<Gaps>> {
    let mut conn = ctx.db.read().await?;
    let unit = read_unit(&ctx, &mut conn, asked.unit.as_deref()).await?;
    drop(conn);
    let found = gap_action::gaps(&ctx, &unit, asked.plan.as_deref(), asked.as_of).await?;
    Ok(Json(Gaps { unit: unit.code, plan: found.plan, as_of: found.as_of, rows: found.rows }))
}

/// What is to be scheduled.
#[derive(Deserialize, utoipa::ToSchema)]
struct Question {
    /// The unit's code; the reader's own without.
    #[serde(default)]
    unit: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// The indicator's key.
    indicator: Option<String>,
    /// More of them.
    #[serde(default)]
    indicators: Vec<String>,
    per_day: Option<i64>,
    per_week: Option<i64>,
    #[serde(default)]
    avoid: Vec<NaiveDate>,
    /// Whether the days off of statutory holidays are used too.
    #[serde(default)]
    holidays: bool,
    /// Who holds the sessions, in turn.
    #[serde(default)]
    people: Vec<String>,
    /// Whether neighbours are visited on one day.
    #[serde(default)]
    together: bool,
}

/// One session.
#[derive(Serialize, utoipa::ToSchema)]
struct ProposedEvent {
    unit: String,
    date: NaiveDate,
    indicator: String,
    /// The key date that it falls on.
    key_date: Option<String>,
    /// Whether it is a market day of the town.
    market: bool,
    lead: String,
}

/// What does not fit.
#[derive(Serialize, utoipa::ToSchema)]
struct UnplacedRow {
    unit: String,
    indicator: String,
    missing: u32,
    /// In the reader's language.
    reason: String,
    /// past, no_day, few_days, limits
    reason_code: String,
}

/// A proposal; nothing of it is stored.
#[derive(Serialize, utoipa::ToSchema)]
struct Answer {
    unit: String,
    from: NaiveDate,
    to: NaiveDate,
    events: Vec<ProposedEvent>,
    unplaced: Vec<UnplacedRow>,
}

#[utoipa::path(
    post,
    path = "/api/v1/schedule/propose",
    request_body = Question,
    responses((status = 200, body = Answer))
)]
async fn propose(ctx: Ctx, Body(question): Body<Question>) -> Result<Json<Answer>> {
    let mut indicators: Vec<String> = question.indicator.into_iter().chain(question.indicators).collect();
    indicators.retain(|key| !key.is_empty());
    indicators.sort();
    indicators.dedup();
    let wish = Wish {
        unit: question.unit,
        from: question.from,
        to: question.to,
        indicators,
        per_day: question.per_day,
        per_week: question.per_week,
        avoid: question.avoid,
        holidays: question.holidays,
        people: question.people,
        together: question.together,
    };
    let found = action::propose(&ctx, &wish).await?;
    let events = found.events.into_iter().map(|one| ProposedEvent {
        unit: one.unit.code,
        date: one.day,
        indicator: one.indicator,
        key_date: one.key_date.map(|one| one.key),
        market: one.is_market,
        lead: one.lead,
    });
    let unplaced = found.unplaced.into_iter().map(|one| UnplacedRow {
        unit: one.unit.code,
        indicator: one.indicator,
        missing: one.missing,
        reason: words::reason(ctx.locale, one.reason).to_owned(),
        reason_code: one.reason.key().to_owned(),
    });
    Ok(Json(Answer {
        unit: found.unit.code,
        from: found.period.from,
        to: found.period.to,
        events: events.collect(),
        unplaced: unplaced.collect(),
    }))
}
