//! `/api/v1/activities/{id}/evidence`: photos and documents of an entry, whole or in parts.

use super::json::{self, Query};
use crate::{
    domain::evidence::{MOST_BYTES, PART_BYTES, Refusal},
    error::{Error, Result},
    evidence::{
        action::{self, Added, Sent},
        store::{self, Piece, Use},
        upload::{self, Outcome, Part, Progress},
    },
    server::{
        clock,
        context::Ctx,
        multipart::{self, Limits},
        state::AppState,
    },
};
use axum::{
    Json,
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// These routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(progress, part))
}

/// Another entry with the same picture, or one that looks like it.
#[derive(ToSchema)]
#[allow(dead_code)] // The shape for the description.
struct SimilarView {
    activity: Uuid,
    date: chrono::NaiveDate,
    /// Its code.
    unit: String,
}

/// A piece of evidence.
#[derive(ToSchema)]
#[allow(dead_code)]
struct EvidenceView {
    id: Uuid,
    /// Of the bytes as they were sent.
    sha256: String,
    /// photo | document
    kind: String,
    name: String,
    media_type: String,
    /// Of the bytes as they were sent.
    size: i64,
    /// Of a photo as it is stored.
    width: Option<i64>,
    height: Option<i64>,
    /// Absent where the camera did not say it or it is not kept.
    taken_at: Option<DateTime<FixedOffset>>,
    /// Children are on it: it is never public and goes into no document.
    children: bool,
    /// Where its bytes are, for those who may see them.
    address: String,
    thumb: Option<String>,
    added_by: String,
    added_at: DateTime<FixedOffset>,
    similar: Vec<SimilarView>,
}

/// An entry's pieces.
#[derive(ToSchema)]
#[allow(dead_code)]
struct EvidenceList {
    items: Vec<EvidenceView>,
}

/// How far a file has come.
#[derive(ToSchema)]
#[allow(dead_code)]
struct ProgressView {
    received: i64,
    /// Null before the first part.
    size: Option<i64>,
    /// Null until the file is whole.
    evidence: Option<EvidenceView>,
}

/// A photo or a PDF; `children` says whether children are on it.
#[derive(ToSchema)]
#[allow(dead_code)]
struct EvidenceUpload {
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
    children: Option<bool>,
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&clock::offset()).to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn to_json<'a>(piece: &Piece, similar: impl Iterator<Item = &'a Use>) -> Value {
    let mut seen = Vec::new();
    let mut similar: Vec<Value> = similar
        .filter(|other| {
            !seen.contains(&other.activity) && {
                seen.push(other.activity);
                true
            }
        })
        .map(|other| json!({ "activity": other.activity, "date": other.day, "unit": other.unit_code }))
        .collect();
    similar.truncate(20);
    let mut value = json!({
        "id": piece.id, "sha256": hex::encode(&piece.sha256), "kind": piece.kind, "name": piece.name,
        "media_type": piece.media_type, "size": piece.size, "width": piece.width, "height": piece.height,
        "children": piece.children, "address": format!("/evidence/{}", piece.id),
        "thumb": piece.thumb_key.as_ref().map(|_| format!("/evidence/{}/thumb", piece.id)),
        "added_by": piece.linked_by_name, "added_at": instant(piece.linked_at), "similar": similar,
    });
    if let (Some(taken_at), Value::Object(members)) = (piece.taken_at, &mut value) {
        members.insert("taken_at".into(), json!(instant(taken_at)));
    }
    value
}

fn added_json(added: &Added) -> Value {
    to_json(&added.piece, added.similar.iter())
}

fn id_of(text: &str) -> Result<Uuid> {
    text.parse().map_err(|_| Error::NotFound)
}

/// The evidence of an activity.
#[utoipa::path(get, path = "/api/v1/activities/{id}/evidence", params(("id" = Uuid, Path)),
    responses((status = 200, body = EvidenceList), (status = 404)))]
async fn list(ctx: Ctx, Path(id): Path<String>) -> Result<Json<Value>> {
    let scope = ctx.scope()?;
    let id = id_of(&id)?;
    let mut conn = ctx.db.read().await?;
    crate::activity::store::one(&mut conn, &scope, id).await?;
    let pieces = store::of_activity(&mut conn, id).await?;
    let similar = store::similar(&mut conn, &scope, id).await?;
    let of = |piece: &Piece| to_json(piece, similar.iter().filter(|(own, _)| *own == piece.id).map(|(_, other)| other));
    Ok(Json(json!({ "items": pieces.iter().map(of).collect::<Vec<_>>() })))
}

/// Adds a photo or a PDF to an activity. The same bytes sent again are stored once.
#[utoipa::path(post, path = "/api/v1/activities/{id}/evidence", params(("id" = Uuid, Path)),
    request_body(content = EvidenceUpload, content_type = "multipart/form-data"), responses(
    (status = 201, description = "added", body = EvidenceView),
    (status = 200, description = "was there before", body = EvidenceView),
    (status = 409, description = "the activity is withdrawn"), (status = 422, description = "why it is not taken"),
))]
async fn add(ctx: Ctx, Path(id): Path<String>, request: Request) -> Result<(StatusCode, Json<Value>)> {
    ctx.actor()?;
    let id = id_of(&id)?;
    action::to_add(&ctx, &mut ctx.db.read().await?, id).await?;
    let missing = || Error::invalid("file", ctx.locale.evidence_missing_file());
    if !multipart::is_multipart(request.headers()) {
        json::collect(request.into_body(), json::BODY_LIMIT).await?;
        return Err(missing());
    }
    let limits = Limits { file: MOST_BYTES, body: MOST_BYTES + 2 * 1024 * 1024 };
    let (typed, files) = multipart::read(&ctx, request, limits).await?;
    let file = files.into_iter().find(|file| file.field == "file").ok_or_else(missing)?;
    if file.too_large {
        return Err(Error::invalid("file", Refusal::TooLarge.words(ctx.locale)));
    }
    let children = typed.filled("children").map(is_yes);
    let sent = Sent { bytes: file.bytes().await?, name: file.name.clone(), children, taken_at: None };
    drop(file);
    let added = action::add_to_activity(&ctx, id, sent).await?;
    let status = if added.created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(added_json(&added))))
}

fn is_yes(text: &str) -> bool {
    matches!(text, "1" | "true" | "yes" | "on")
}

fn hash_of(ctx: &Ctx, text: &str) -> Result<Vec<u8>> {
    let bytes = hex::decode(text).ok().filter(|bytes| bytes.len() == 32);
    bytes.ok_or_else(|| Error::invalid("sha256", ctx.locale.evidence_sha_wrong()))
}

fn progress_json(progress: &Progress) -> Value {
    let evidence = progress.added.as_ref().map(added_json);
    json!({ "received": progress.received, "size": progress.size, "evidence": evidence })
}

/// How far a file has come that is sent in parts, by its SHA-256.
#[utoipa::path(get, path = "/api/v1/activities/{id}/evidence/{sha256}",
    params(("id" = Uuid, Path), ("sha256" = String, Path, description = "of the whole file, in hexadecimal")),
    responses((status = 200, body = ProgressView), (status = 404)))]
async fn progress(ctx: Ctx, Path((id, sha256)): Path<(String, String)>) -> Result<Json<Value>> {
    ctx.actor()?;
    let (id, sha256) = (id_of(&id)?, hash_of(&ctx, &sha256)?);
    Ok(Json(progress_json(&upload::progress(&ctx, id, &sha256).await?)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PartQuery {
    /// Where in the file the part begins.
    offset: i64,
    /// Of the whole file.
    size: i64,
    /// The file's name.
    #[serde(default)]
    name: String,
    /// Whether children are on it: 1 or 0; without, what is likely at the unit.
    children: Option<String>,
    /// When a photo was taken that no longer says so itself.
    taken: Option<DateTime<FixedOffset>>,
}

/// The next part of a file, at most 512 KiB, as the body. A part that was sent before is no fault. Once all has arrived
/// an empty part at the end asks again for what became of it.
#[utoipa::path(put, path = "/api/v1/activities/{id}/evidence/{sha256}",
    params(("id" = Uuid, Path), ("sha256" = String, Path, description = "of the whole file, in hexadecimal"), PartQuery),
    request_body(content = String, content_type = "application/octet-stream"), responses(
    (status = 200, description = "arrived; or the whole file was there before", body = ProgressView),
    (status = 201, description = "whole, and added", body = ProgressView),
    (status = 409, description = "code offset: go on from `received`; code withdrawn: the activity takes none"),
    (status = 413, description = "the part is too large"),
    (status = 422, description = "not what its SHA-256 says, or nothing that is taken: begin anew or leave it"),
))]
async fn part(
    ctx: Ctx,
    Path((id, sha256)): Path<(String, String)>,
    Query(query): Query<PartQuery>,
    request: Request,
) -> Result<Response> {
    let (id, sha256) = (id_of(&id)?, hash_of(&ctx, &sha256)?);
    let bytes = json::collect(request.into_body(), PART_BYTES).await?;
    let children = query.children.as_deref().map(is_yes);
    let name = query.name.replace('\0', "");
    let taken_at = query.taken.map(|at| at.with_timezone(&Utc));
    let part = Part { offset: query.offset, size: query.size, name, children, taken_at, bytes };
    match upload::take(&ctx, id, &sha256, part).await? {
        Outcome::Progress(progress) => {
            let is_new = progress.added.as_ref().is_some_and(|added| added.created);
            let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
            Ok((status, Json(progress_json(&progress))).into_response())
        }
        Outcome::Elsewhere(received) => {
            let detail = ctx.locale.evidence_offset(received);
            let body = json!({ "type": "about:blank", "title": "Conflict", "status": 409, "code": "offset",
                "detail": detail, "errors": [], "received": received });
            let mut response = (StatusCode::CONFLICT, Json(body)).into_response();
            let kind = HeaderValue::from_static("application/problem+json");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            Ok(response)
        }
    }
}
