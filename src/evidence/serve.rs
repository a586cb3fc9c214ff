//! `/evidence/{id}` and `/evidence/{id}/thumb`: the bytes, for those who read what they support. There is no public
//! address: whoever asks is looked at each time, also where the browser has them already.

use super::{
    files::Files,
    store::{self, Piece},
};
use crate::{
    domain::evidence::Kind,
    error::{Error, Result},
    server::context::Ctx,
};
use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

/// The whole piece.
pub async fn full(ctx: Ctx, Path(id): Path<String>, headers: HeaderMap) -> Result<Response> {
    let piece = readable(&ctx, &id).await?;
    let key = piece.full_key.clone();
    send(&ctx, &piece, &key, &headers).await
}

/// A photo's thumbnail.
pub async fn thumb(ctx: Ctx, Path(id): Path<String>, headers: HeaderMap) -> Result<Response> {
    let piece = readable(&ctx, &id).await?;
    let key = piece.thumb_key.clone().ok_or(Error::NotFound)?;
    send(&ctx, &piece, &key, &headers).await
}

async fn readable(ctx: &Ctx, id: &str) -> Result<Piece> {
    let scope = ctx.scope()?;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    store::readable(&mut ctx.db.read().await?, &scope, id).await
}

async fn send(ctx: &Ctx, piece: &Piece, key: &str, asked: &HeaderMap) -> Result<Response> {
    let tag = format!("\"{}\"", key.rsplit('/').next().unwrap_or_default());
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = if is_known {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let bytes = Files::open(&ctx.settings.data_dir)?.get(key).await?;
        Response::new(Body::from(bytes.ok_or_else(|| Error::internal(format!("the file {key} is gone")))?))
    };
    let headers = response.headers_mut();
    let mut put = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, &piece.media_type);
    put(header::ETAG, &tag);
    // Kept by the reader's own browser only, and asked about each time.
    put(header::CACHE_CONTROL, "private, no-cache");
    put(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'");
    put(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if piece.kind == Kind::Document {
        // Never opened in the page's place: what is in a document is none of ours.
        put(header::CONTENT_DISPOSITION, &format!("attachment; filename*=UTF-8''{}", encoded(&piece.name)));
    }
    Ok(response)
}

/// A file's name as RFC 5987 writes it.
fn encoded(name: &str) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => text.push(char::from(byte)),
            other => {
                let _ = write!(text, "%{other:02X}");
            }
        }
    }
    text
}
