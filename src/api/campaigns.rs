//! /api/v1/campaigns: plan campaigns, change and cancel them.

use super::json::{Body, Query};
use crate::{
    campaign::{
        action::{self, Change},
        store::{self, Filter},
    },
    domain::{
        campaign::{Campaign, Draft, DraftQuantity},
        period::{Day, Period, is_near},
    },
    error::{Error, Result},
    server::{context::Ctx, cursor, state::AppState},
    unit,
};
use axum::{Json, extract::Path, http::StatusCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// How many entries a page of a list has, unless asked otherwise, and at most.
pub(super) const PAGE: i64 = 100;
pub(super) const PAGE_MOST: i64 = 500;

/// How much of a measure is planned.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlannedQuantity {
    /// The measure's key.
    pub measure: String,
    pub value: i64,
}

/// A campaign to be planned.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCampaign {
    /// Made from the year when absent.
    key: Option<String>,
    /// The owner's code; by default the author's own unit.
    unit: Option<String>,
    title: Option<String>,
    themes: Option<Vec<String>>,
    /// First day, 2026-06-01.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
    /// The department that leads it.
    lead: Option<String>,
    /// Codes of the units it goes to, each with all below it; none means the owner and all below.
    units: Option<Vec<String>>,
    quantities: Option<Vec<PlannedQuantity>>,
    note: Option<String>,
}

/// What is to change of a campaign; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CampaignChange {
    title: Option<String>,
    themes: Option<Vec<String>>,
    from: Option<String>,
    to: Option<String>,
    lead: Option<String>,
    units: Option<Vec<String>>,
    quantities: Option<Vec<PlannedQuantity>>,
    note: Option<String>,
    /// `true` also cancels the events planned from today on.
    cancelled: Option<bool>,
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignView {
    id: i64,
    key: String,
    unit: String,
    title: String,
    themes: Vec<String>,
    from: NaiveDate,
    to: NaiveDate,
    lead: String,
    units: Vec<String>,
    quantities: Vec<PlannedQuantity>,
    note: String,
    cancelled: bool,
}

impl From<Campaign> for CampaignView {
    fn from(campaign: Campaign) -> CampaignView {
        CampaignView {
            id: campaign.id,
            key: campaign.key,
            unit: campaign.unit.code,
            title: campaign.title,
            themes: campaign.themes.into_iter().map(|theme| theme.key).collect(),
            from: campaign.period.from,
            to: campaign.period.to,
            lead: campaign.lead,
            units: campaign.units.into_iter().map(|unit| unit.code).collect(),
            quantities: campaign
                .quantities
                .into_iter()
                .map(|planned| PlannedQuantity { measure: planned.measure, value: planned.value })
                .collect(),
            note: campaign.note,
            cancelled: campaign.cancelled,
        }
    }
}

/// A page of campaigns, by beginning.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignList {
    items: Vec<CampaignView>,
    /// The next page's cursor; null at the end.
    next: Option<String>,
}

/// Which campaigns are asked for.
#[derive(Debug, Deserialize, IntoParams)]
pub struct CampaignQuery {
    /// Only those that concern this unit or one below it.
    unit: Option<String>,
    /// Only those with a day in this year.
    year: Option<i32>,
    /// Only those that end on this day or later.
    from: Option<NaiveDate>,
    /// Only those that begin on this day or earlier.
    to: Option<NaiveDate>,
    theme: Option<String>,
    cursor: Option<String>,
    limit: Option<i64>,
}

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(one, change))
}

fn quantities(quantities: Vec<PlannedQuantity>) -> Vec<DraftQuantity> {
    quantities
        .into_iter()
        .enumerate()
        .map(|(index, quantity)| DraftQuantity {
            measure: quantity.measure,
            value: Some(quantity.value),
            measure_field: format!("quantities[{index}].measure"),
            value_field: format!("quantities[{index}].value"),
        })
        .collect()
}

/// The span of days that a query's `year`, `from` and `to` have in common; `None` when it asks for none.
pub(super) fn asked_period(ctx: &Ctx, year: Option<i32>, from: Option<Day>, to: Option<Day>) -> Result<Option<Period>> {
    if year.is_none() && from.is_none() && to.is_none() {
        return Ok(None);
    }
    if let Some(year) = year
        && !(1..=9999).contains(&year)
    {
        return Err(Error::invalid("year", ctx.locale.campaign_day_malformed()));
    }
    let whole = year.map_or(Period { from: Day::MIN, to: Day::MAX }, Period::year);
    let (first, last) = (Day::from_ymd_opt(1, 1, 1), Day::from_ymd_opt(9999, 12, 31));
    let from = from.unwrap_or(whole.from).max(whole.from).max(first.unwrap_or(Day::MIN));
    let to = to.unwrap_or(whole.to).min(whole.to).min(last.unwrap_or(Day::MAX));
    Period::new(from, to).map(Some).ok_or_else(|| Error::invalid("to", ctx.locale.campaign_to_before_from()))
}

/// Campaigns that the reader's units are concerned with.
#[utoipa::path(get, path = "/api/v1/campaigns", params(CampaignQuery),
    responses((status = 200, body = CampaignList)), tag = "campaigns")]
async fn list(ctx: Ctx, Query(query): Query<CampaignQuery>) -> Result<Json<CampaignList>> {
    let scope = ctx.scope()?;
    let mut conn = ctx.db.read().await?;
    let unit = match &query.unit {
        Some(code) => Some(unit::store::by_code(&mut conn, &scope, code).await?),
        None => None,
    };
    let period = asked_period(&ctx, query.year, query.from, query.to)?;
    let after = cursor::read(query.cursor.as_deref(), ctx.locale)?.filter(|(day, _)| is_near(*day));
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MOST);
    let filter = Filter { unit, period, theme: query.theme };
    let mut campaigns = store::list(&mut conn, &scope, &filter, after, limit + 1).await?;
    let more = campaigns.len() as i64 > limit;
    campaigns.truncate(usize::try_from(limit).unwrap_or_default());
    let next = campaigns.last().filter(|_| more).map(|campaign| cursor::write(campaign.period.from, campaign.id));
    Ok(Json(CampaignList { items: campaigns.into_iter().map(CampaignView::from).collect(), next }))
}

/// Plans a campaign.
#[utoipa::path(post, path = "/api/v1/campaigns", request_body = NewCampaign,
    responses((status = 201, body = CampaignView), (status = 403), (status = 422)), tag = "campaigns")]
async fn create(ctx: Ctx, Body(new): Body<NewCampaign>) -> Result<(StatusCode, Json<CampaignView>)> {
    let draft = Draft {
        key: new.key.unwrap_or_default().trim().to_owned(),
        unit: new.unit.unwrap_or_default().trim().to_owned(),
        title: new.title.unwrap_or_default(),
        themes: new.themes.unwrap_or_default(),
        from: new.from.unwrap_or_default(),
        to: new.to.unwrap_or_default(),
        lead: new.lead.unwrap_or_default(),
        units: new.units.unwrap_or_default(),
        quantities: quantities(new.quantities.unwrap_or_default()),
        note: new.note.unwrap_or_default(),
        key_date: None,
    };
    let campaign = action::create(&ctx, draft).await?;
    Ok((StatusCode::CREATED, Json(campaign.into())))
}

/// One campaign, by key or id.
#[utoipa::path(get, path = "/api/v1/campaigns/{key}", params(("key" = String, Path)),
    responses((status = 200, body = CampaignView), (status = 404)), tag = "campaigns")]
async fn one(ctx: Ctx, Path(key): Path<String>) -> Result<Json<CampaignView>> {
    let mut conn = ctx.db.read().await?;
    let campaign = action::find(&mut conn, &ctx.scope()?, &key).await?;
    Ok(Json(campaign.into()))
}

/// Changes or cancels a campaign, by key or id.
#[utoipa::path(patch, path = "/api/v1/campaigns/{key}", params(("key" = String, Path)),
    request_body = CampaignChange,
    responses((status = 200, body = CampaignView), (status = 403), (status = 404), (status = 422)), tag = "campaigns")]
async fn change(ctx: Ctx, Path(key): Path<String>, Body(new): Body<CampaignChange>) -> Result<Json<CampaignView>> {
    let change = Change {
        title: new.title,
        themes: new.themes,
        from: new.from,
        to: new.to,
        lead: new.lead,
        units: new.units,
        quantities: new.quantities.map(quantities),
        note: new.note,
        cancelled: new.cancelled,
    };
    let campaign = action::change(&ctx, &key, change).await?;
    Ok(Json(campaign.into()))
}

#[cfg(test)]
mod tests;
