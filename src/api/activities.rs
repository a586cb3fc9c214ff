//! `/api/v1/activities`: log, list, correct, withdraw.

use super::json::{Body, Query, SpareBody};
use crate::{
    activity::{
        action,
        store::{self, After, Entry, Filter, Order},
    },
    campaign, catalogue,
    domain::{
        activity::{Draft, Status},
        period::{Day, Period},
    },
    error::{Error, Result},
    review,
    server::{clock, context::Ctx, state::AppState},
    unit,
};
use axum::{
    Json,
    extract::Path,
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, log))
        .routes(routes!(show, correct))
        .routes(routes!(withdraw))
        .routes(routes!(accept))
        .routes(routes!(send_back))
}

/// The most entries of one answer.
const MOST: i64 = 500;

/// Members that are not posted but follow.
const FOLLOW: [&str; 4] = ["version", "status", "late", "entered_at"];

/// An entry as programs see it: as posted, and what became of it.
pub fn to_json(entry: &Entry) -> Result<Value> {
    let mut value = serde_json::to_value(&entry.draft)?;
    if let Value::Object(members) = &mut value {
        members.insert("version".into(), json!(entry.version));
        members.insert("status".into(), json!(entry.status));
        members.insert("late".into(), json!(entry.late));
        let entered_at =
            entry.entered_at.with_timezone(&clock::offset()).to_rfc3339_opts(chrono::SecondsFormat::Secs, false);
        members.insert("entered_at".into(), json!(entered_at));
    }
    Ok(value)
}

/// A count.
#[derive(serde::Serialize, ToSchema)]
#[allow(dead_code)] // The shape for the description; bodies are read as `Draft`.
struct QuantityBody {
    measure: String,
    #[schema(minimum = 1, maximum = 10_000_000)]
    value: i64,
    /// exact | at_least | estimate
    precision: String,
}

/// An activity as it is posted.
#[derive(serde::Serialize, ToSchema)]
#[allow(dead_code)]
struct ActivityBody {
    id: Uuid,
    unit: String,
    date: NaiveDate,
    date_to: Option<NaiveDate>,
    r#type: Option<String>,
    themes: Option<Vec<String>>,
    campaigns: Option<Vec<String>>,
    event: Option<Uuid>,
    classes: Option<Vec<String>>,
    covers: Option<Vec<String>>,
    quantities: Vec<QuantityBody>,
    note: Option<String>,
    place: Option<String>,
    organiser: Option<String>,
    co_organisers: Option<Vec<String>>,
    handler: Option<String>,
}

/// An activity as it is read.
#[derive(serde::Serialize, ToSchema)]
#[allow(dead_code)]
struct ActivityView {
    #[serde(flatten)]
    posted: ActivityBody,
    version: i64,
    /// submitted | accepted | returned | withdrawn
    status: String,
    entered_at: chrono::DateTime<chrono::FixedOffset>,
    /// Entered after the end of its month.
    late: bool,
    /// What its author is asked; only where it was just written.
    questions: Option<Vec<String>>,
}

/// A page of activities.
#[derive(ToSchema)]
#[allow(dead_code)]
struct ActivityPage {
    items: Vec<ActivityView>,
    /// The cursor of the page behind it, null at the end.
    next: Option<String>,
}

/// What is to change of an activity, and why; what is absent stays.
#[derive(ToSchema)]
#[allow(dead_code)]
struct ActivityChange {
    reason: String,
    unit: Option<String>,
    date: Option<NaiveDate>,
    date_to: Option<NaiveDate>,
    r#type: Option<String>,
    themes: Option<Vec<String>>,
    campaigns: Option<Vec<String>>,
    event: Option<Uuid>,
    classes: Option<Vec<String>>,
    covers: Option<Vec<String>>,
    quantities: Option<Vec<QuantityBody>>,
    note: Option<String>,
    place: Option<String>,
    organiser: Option<String>,
    co_organisers: Option<Vec<String>>,
    handler: Option<String>,
}

/// JSON's null is as good as an absent member.
fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !member.is_null());
    }
    value
}

/// Reads a draft so that what is wrong is told by the member's path.
fn draft_of(ctx: &Ctx, value: Value) -> Result<Draft> {
    super::json::read(ctx, &without_nulls(value).to_string().into_bytes())
}

/// Names the form for many villages that an entry is one of.
const BATCH: HeaderName = HeaderName::from_static("pufa-batch");

/// The batch that a client names, made the account's own: nobody's entries join another's form, or a ledger's import.
fn batch_of(ctx: &Ctx, headers: &HeaderMap) -> Result<Option<Uuid>> {
    let Some(named) = headers.get(BATCH) else { return Ok(None) };
    let named: Option<Uuid> = named.to_str().ok().and_then(|text| text.parse().ok());
    let named = named.ok_or_else(|| Error::invalid("Pufa-Batch", ctx.locale.batch_malformed()))?;
    let account_id = ctx.actor()?.account_id;
    let digest = Sha256::new().chain_update(account_id.to_be_bytes()).chain_update(named.as_bytes()).finalize();
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    Ok(Some(uuid::Builder::from_custom_bytes(bytes).into_uuid()))
}

/// Logs an activity. The id is the client's: the same body sent again is stored once.
#[utoipa::path(post, path = "/api/v1/activities", request_body = ActivityBody,
    params(("Pufa-Batch" = Option<Uuid>, Header, description = "the same for all entries that one form for many villages made")),
    responses(
    (status = 201, description = "stored", body = ActivityView),
    (status = 200, description = "was stored before", body = ActivityView),
    (status = 409, description = "the id belongs to another body"), (status = 422, description = "wrong, by field"),
))]
async fn log(ctx: Ctx, headers: HeaderMap, Body(body): Body<Value>) -> Result<(StatusCode, Json<Value>)> {
    ctx.actor()?;
    let batch_id = batch_of(&ctx, &headers)?;
    let draft = draft_of(&ctx, body)?;
    let saved = action::save_of(&ctx, draft, batch_id).await?;
    Ok(match saved.created {
        true => (StatusCode::CREATED, Json(with_questions(&saved)?)),
        false => (StatusCode::OK, Json(to_json(&saved.entry)?)),
    })
}

/// An entry that was just written, with what its author is asked.
fn with_questions(saved: &action::Saved) -> Result<Value> {
    let mut answer = to_json(&saved.entry)?;
    if let Value::Object(members) = &mut answer {
        members.insert("questions".into(), json!(saved.questions));
    }
    Ok(answer)
}

#[derive(Deserialize, IntoParams)]
struct ListQuery {
    /// Its code; the unit and all below it. Without: all that the reader may see.
    unit: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    measure: Option<String>,
    theme: Option<String>,
    campaign: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// submitted | accepted | returned | withdrawn
    status: Option<String>,
    cursor: Option<String>,
    limit: Option<i64>,
}

/// The activities of a unit and all below it, newest first. Withdrawn ones only with `status=withdrawn`.
#[utoipa::path(get, path = "/api/v1/activities", params(ListQuery), responses((status = 200, body = ActivityPage)))]
async fn list(ctx: Ctx, Query(query): Query<ListQuery>) -> Result<Json<Value>> {
    let scope = ctx.scope()?;
    let mut conn = ctx.db.read().await?;
    let unit = match &query.unit {
        Some(code) => unit::store::by_code(&mut conn, &scope, code).await?,
        None => {
            let home = ctx.actor()?.home_unit_id().ok_or(Error::NotFound)?;
            unit::store::by_id(&mut conn, &scope, home).await?
        }
    };
    let catalogue = catalogue::store::visible(&mut conn, &unit).await?;
    let unknown = |field: &str, key: &str| Error::invalid(field, ctx.locale.activity_unknown(key));
    let status = match &query.status {
        Some(key) => Some(Status::from_key(key).ok_or_else(|| unknown("status", key))?),
        None => None,
    };
    let everywhere = query.unit.is_none().then_some(scope.clone());
    let period = period(&ctx, query.from, query.to)?;
    let mut filter = Filter { status, period, scope: everywhere, ..Filter::default() };
    if let Some(key) = &query.measure {
        filter.measure_id = Some(catalogue.measure(key).ok_or_else(|| unknown("measure", key))?.id);
    }
    match query.theme.as_deref() {
        Some("none") => filter.theme_ids.push(0),
        Some(key) => filter.theme_ids.push(catalogue.theme(key).ok_or_else(|| unknown("theme", key))?.id),
        None => {}
    }
    if let Some(key) = &query.kind {
        filter.type_ids.push(catalogue.activity_type(key).ok_or_else(|| unknown("type", key))?.id);
    }
    filter.campaign_id = match query.campaign.as_deref() {
        Some("none") => Some(0),
        Some(key) => match campaign::store::by_key(&mut conn, &scope, key).await {
            Ok(campaign) => Some(campaign.id),
            Err(Error::NotFound) => return Err(unknown("campaign", key)),
            Err(other) => return Err(other),
        },
        None => None,
    };
    let limit = query.limit.unwrap_or(100).min(MOST);
    if limit < 1 {
        return Err(Error::invalid("limit", ctx.locale.activity_limit(MOST)));
    }
    let order = Order::default();
    let after = match query.cursor.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => match After::read(text, order) {
            Some(after) => Some(after),
            None => return Err(Error::invalid("cursor", ctx.locale.cursor_malformed(text))),
        },
        None => None,
    };
    let entries = store::page(&mut conn, &unit, &filter, after.as_ref(), limit + 1).await?;
    let more = entries.len() as i64 > limit;
    let shown = &entries[..entries.len().min(usize::try_from(limit).unwrap_or(usize::MAX))];
    let next = shown.last().filter(|_| more).map(|last| After::entry(last, order).write());
    let items: Vec<Value> = shown.iter().map(to_json).collect::<Result<_>>()?;
    Ok(Json(json!({ "items": items, "next": next })))
}

fn period(ctx: &Ctx, from: Option<Day>, to: Option<Day>) -> Result<Option<Period>> {
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let far = |year| Day::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let period = Period::new(from.unwrap_or(far(1900)), to.unwrap_or(far(9999)));
    period.map(Some).ok_or_else(|| Error::invalid("to", ctx.locale.activity_date_to_before()))
}

/// One activity.
#[utoipa::path(get, path = "/api/v1/activities/{id}", params(("id" = Uuid, Path)),
    responses((status = 200, body = ActivityView), (status = 404)))]
async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Json<Value>> {
    let scope = ctx.scope()?;
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let mut conn = ctx.db.read().await?;
    Ok(Json(to_json(&store::one(&mut conn, &scope, id).await?)?))
}

/// Corrects an activity: only the members named change. `If-Match` names the version, `reason` says why.
#[utoipa::path(patch, path = "/api/v1/activities/{id}", request_body = ActivityChange,
    params(("id" = Uuid, Path), ("If-Match" = String, Header, description = "the version that was read")), responses(
    (status = 200, description = "corrected", body = ActivityView), (status = 412, description = "changed meanwhile"),
    (status = 422, description = "wrong, by field"), (status = 428, description = "If-Match is missing"),
))]
async fn correct(
    ctx: Ctx,
    Path(id): Path<String>,
    headers: HeaderMap,
    Body(mut changes): Body<Map<String, Value>>,
) -> Result<Json<Value>> {
    let scope = ctx.scope()?;
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let version = match headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()) {
        Some(text) => Some(text.trim_start_matches("W/").trim_matches('"').parse().map_err(|_| Error::Stale)?),
        None => None,
    };
    let reason = match changes.remove("reason") {
        Some(Value::String(reason)) => reason,
        _ => String::new(),
    };
    let mut conn = ctx.db.read().await?;
    let entry = store::one(&mut conn, &scope, id).await?;
    drop(conn);
    // Whoever sends back all that was read names members that only follow from others.
    if let Value::Object(read) = to_json(&entry)? {
        changes.retain(|name, value| FOLLOW.iter().all(|own| own != name) || read.get(name) != Some(value));
    }
    let mut merged = serde_json::to_value(&entry.draft)?;
    if let Value::Object(members) = &mut merged {
        members.extend(changes);
    }
    let draft = draft_of(&ctx, merged)?;
    let saved = action::correct(&ctx, id, draft, version, &reason).await?;
    Ok(Json(with_questions(&saved)?))
}

#[derive(Deserialize, ToSchema)]
struct Withdrawal {
    #[serde(default)]
    reason: String,
}

/// Withdraws an activity: it stays in the ledger and no longer counts.
#[utoipa::path(post, path = "/api/v1/activities/{id}/withdraw", request_body = Withdrawal,
    params(("id" = Uuid, Path)), responses(
    (status = 200, description = "withdrawn", body = ActivityView), (status = 409, description = "was withdrawn already"),
    (status = 422, description = "the reason is missing"),
))]
async fn withdraw(ctx: Ctx, Path(id): Path<String>, Body(body): Body<Withdrawal>) -> Result<Json<Value>> {
    ctx.actor()?;
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    Ok(Json(to_json(&action::withdraw(&ctx, id, &body.reason).await?)?))
}

/// What was looked at.
#[derive(Deserialize, ToSchema)]
struct Acceptance {
    /// The version that was seen; without it the latest one.
    version: Option<i64>,
}

/// Accepts an activity: for officers and administrators of its unit or one above. It counts before and after.
#[utoipa::path(post, path = "/api/v1/activities/{id}/accept", request_body = Acceptance,
    params(("id" = Uuid, Path)), responses(
    (status = 200, description = "accepted", body = ActivityView),
    (status = 409, description = "is withdrawn, or was corrected meanwhile (stale)"),
))]
async fn accept(ctx: Ctx, Path(id): Path<String>, SpareBody(body): SpareBody<Acceptance>) -> Result<Json<Value>> {
    ctx.actor()?;
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    Ok(Json(to_json(&review::action::accept(&ctx, id, body.version).await?)?))
}

/// Why an activity goes back to its author.
#[derive(Deserialize, ToSchema)]
struct Return {
    #[serde(default)]
    remark: String,
    /// photo | doubtful | twice
    #[serde(default)]
    presets: Vec<String>,
    /// The version that was seen; without it the latest one.
    version: Option<i64>,
}

/// Returns an activity to its author with a remark, a preset reason or both. It counts meanwhile; corrected, it is
/// submitted again.
#[utoipa::path(post, path = "/api/v1/activities/{id}/return", request_body = Return,
    params(("id" = Uuid, Path)), responses(
    (status = 200, description = "returned", body = ActivityView),
    (status = 409, description = "is withdrawn, or was corrected meanwhile (stale)"),
    (status = 422, description = "neither remark nor preset"),
))]
async fn send_back(ctx: Ctx, Path(id): Path<String>, Body(body): Body<Return>) -> Result<Json<Value>> {
    ctx.actor()?;
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let presets: Vec<&str> = body.presets.iter().map(String::as_str).collect();
    let entry = review::action::send_back(&ctx, id, body.version, &presets, &body.remark).await?;
    Ok(Json(to_json(&entry)?))
}
