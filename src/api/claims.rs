//! `POST /api/v1/claims/check`: the figures of a draft, held against the log.

use super::json::Body;
use crate::{
    claim::action::{self, Figure},
    domain::{
        claim::{Number, verdict::Verdict},
        measure::Total,
    },
    error::Result,
    server::{context::Ctx, state::AppState},
};
use axum::Json;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(check))
}

/// A draft, and whose year it tells of.
#[derive(Debug, Deserialize, ToSchema)]
struct Draft {
    /// The unit's code: it and all below it.
    unit: String,
    year: i32,
    text: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct ClaimList {
    claims: Vec<Claim>,
}

/// A figure of the draft.
#[derive(Debug, Serialize, ToSchema)]
struct Claim {
    /// The figure with its qualifier and unit word.
    text: String,
    /// Where it begins and ends in the draft, in characters.
    start: usize,
    end: usize,
    /// 150 of 150余条, 94.4 of 94.4%; of a range its lower end.
    #[schema(value_type = f64)]
    number: serde_json::Number,
    unit_word: Option<String>,
    /// The measure's key; `campaigns` for the number of campaigns, the first one of several that share the figure.
    measure: Option<String>,
    /// All measures whose sum is meant.
    measures: Vec<String>,
    /// The theme's key, where only what is on it is meant (其中禁毒资料1200份).
    theme: Option<String>,
    /// `supported`, `higher_than_logged` or `unknown`.
    #[schema(value_type = String)]
    verdict: Verdict,
    /// Why it is unknown.
    why: Option<String>,
    /// exact + at_least + estimate; null where the subject is unknown.
    logged: Option<i64>,
    exact: Option<i64>,
    at_least: Option<i64>,
    estimate: Option<i64>,
    /// The figure in official words; null where there is nothing to say.
    proposed: Option<String>,
    /// How many activities the logged figure is the sum of.
    activities: i64,
    /// The code of the unit below, where the sentence names one: it is held against that unit's records.
    unit: Option<String>,
    /// The time that was looked at.
    from: NaiveDate,
    to: NaiveDate,
}

impl From<Figure> for Claim {
    fn from(figure: Figure) -> Claim {
        let number = match figure.claim.number {
            Number::Count(value, _) => value.into(),
            Number::Share(value) if value.fract() == 0.0 => (value as i64).into(),
            Number::Share(value) => serde_json::Number::from_f64(value).unwrap_or(0.into()),
        };
        let part = |take: fn(&Total) -> i64| figure.logged.as_ref().map(take);
        Claim {
            measure: figure.measure().map(str::to_owned),
            measures: figure.measures.iter().map(|measure| measure.key.clone()).collect(),
            theme: figure.theme.as_ref().map(|(key, _)| key.clone()),
            start: figure.claim.start,
            end: figure.claim.end,
            number,
            verdict: figure.verdict,
            why: figure.why.map(|why| why.key().to_owned()),
            logged: part(|total| total.total()),
            exact: part(|total| total.exact),
            at_least: part(|total| total.at_least),
            estimate: part(|total| total.estimate),
            activities: figure.logged.map_or(0, |total| total.activities),
            unit: figure.unit.as_ref().map(|(code, _)| code.clone()),
            from: figure.period.from,
            to: figure.period.to,
            unit_word: figure.claim.unit_word,
            text: figure.text,
            proposed: figure.proposed,
        }
    }
}

/// Finds every figure of a draft and holds it against the log of a unit's year. Nothing is stored.
#[utoipa::path(
    post,
    path = "/api/v1/claims/check",
    request_body = Draft,
    responses((status = 200, body = ClaimList), (status = 404), (status = 422))
)]
async fn check(ctx: Ctx, Body(draft): Body<Draft>) -> Result<Json<ClaimList>> {
    let checked = action::check(&ctx, &draft.unit, &draft.year.to_string(), &draft.text).await?;
    Ok(Json(ClaimList { claims: checked.figures.into_iter().map(Claim::from).collect() }))
}
