//! `GET /api/v1/key-dates`: the law's dates in a year, as a unit sees them.

use super::json::Query;
use crate::{
    domain::key_date::Occurrence,
    error::{Error, Result},
    key_date,
    plan::action::read_unit,
    server::{context::Ctx, state::AppState},
};
use axum::Json;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(key_dates))
}

#[derive(Deserialize, utoipa::IntoParams)]
struct Asked {
    /// The unit's code; the reader's own without.
    unit: Option<String>,
    /// This year without.
    year: Option<i32>,
}

/// The key dates of a year, by their first day.
#[derive(Serialize, utoipa::ToSchema)]
struct KeyDates {
    unit: String,
    year: i32,
    rows: Vec<KeyDateRow>,
}

/// A key date in one year.
#[derive(Serialize, utoipa::ToSchema)]
struct KeyDateRow {
    key: String,
    name: String,
    from: NaiveDate,
    to: NaiveDate,
    /// Keys of themes.
    themes: Vec<String>,
    lead: String,
    /// The law, or the notice where one moved it.
    basis: String,
    /// Whether a notice moved it this year.
    overridden: bool,
}

impl KeyDateRow {
    fn of(one: Occurrence, ctx: &Ctx) -> KeyDateRow {
        let name = ctx.locale.name(&one.name, one.name_en.as_deref()).to_owned();
        let Occurrence { key, period, themes, lead, basis, overridden, .. } = one;
        KeyDateRow { key, name, from: period.from, to: period.to, themes, lead, basis, overridden }
    }
}

#[utoipa::path(get, path = "/api/v1/key-dates", params(Asked),
    responses((status = 200, body = KeyDates), (status = 404), (status = 422)))]
async fn key_dates(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Json<KeyDates>> {
    let mut conn = ctx.db.read().await?;
    let unit = read_unit(&ctx, &mut conn, asked.unit.as_deref()).await?;
    let year = asked.year.unwrap_or_else(|| ctx.today.year());
    if !(1901..=2198).contains(&year) {
        return Err(Error::invalid("year", ctx.locale.key_date_year_wrong()));
    }
    let found = key_date::store::known(&mut conn, &unit).await?.in_year(year);
    let rows = found.into_iter().map(|one| KeyDateRow::of(one, &ctx)).collect();
    Ok(Json(KeyDates { unit: unit.code, year, rows }))
}
