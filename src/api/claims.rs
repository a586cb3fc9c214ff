//! `POST /api/v1/claims/check`: the figures of a draft, held against the log.

use super::json::Body;
use crate::{
    claim::{
        action::{self, Checked, Figure},
        words::held_against,
    },
    domain::{
        claim::{Number, verdict::Verdict},
        measure::Total,
    },
    error::Result,
    locale::Locale,
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
    /// The campaign's key, where only what was done for it is meant.
    campaign: Option<String>,
    /// `school` or `village` (communities included), where only what units of the kind logged themselves is meant.
    unit_kind: Option<String>,
    /// What it was held against, in the reader's language: 禁毒主题、2021年.
    held_against: Option<String>,
    /// Words of the draft that narrow it to what the log does not tell apart (联合派出所): it was held against the wider sum.
    not_told_apart: Option<String>,
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
    /// What was logged in the same time of the year before, for a growth (同比增长12%).
    former: Option<i64>,
    /// The code of the unit below, where the sentence names one: it is held against that unit's records.
    unit: Option<String>,
    /// The time that was looked at.
    from: NaiveDate,
    to: NaiveDate,
}

impl Claim {
    fn of(locale: Locale, checked: &Checked, figure: &Figure) -> Claim {
        let number = match figure.claim.number {
            Number::Count(value, _) => value.into(),
            Number::Share(value) if value.fract() == 0.0 => (value as i64).into(),
            Number::Share(value) => serde_json::Number::from_f64(value).unwrap_or(0.into()),
        };
        let part = |take: fn(&Total) -> i64| figure.logged.as_ref().map(take);
        Claim {
            measure: figure.measure().map(str::to_owned),
            measures: figure.measures.iter().map(|measure| measure.key.clone()).collect(),
            theme: figure.against.theme.as_ref().map(|theme| theme.key.clone()),
            campaign: figure.against.campaign.as_ref().map(|one| one.key.clone()),
            unit_kind: figure.against.kind.map(|kind| kind.key().to_owned()),
            held_against: figure.logged.map(|_| held_against(locale, checked, figure)),
            not_told_apart: figure.claim.about.doubt.map(|doubt| checked.words(doubt.start, doubt.end)),
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
            former: figure.former.map(Total::total),
            unit: figure.against.unit.as_ref().map(|unit| unit.code.clone()),
            from: figure.against.period.from,
            to: figure.against.period.to,
            unit_word: figure.claim.unit_word.clone(),
            text: figure.text.clone(),
            proposed: figure.proposed.clone(),
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
    let claims = checked.figures.iter().map(|figure| Claim::of(ctx.locale, &checked, figure)).collect();
    Ok(Json(ClaimList { claims }))
}
