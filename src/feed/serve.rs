//! `GET /calendar/{secret}.ics`: no log-in, the secret is the key.

use super::{action, ics};
use crate::{
    error::{Error, Result},
    server::{context::Ctx, state::AppState},
};
use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::NaiveTime;
use sha2::{Digest, Sha256};

/// This route.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/calendar/{file}", get(serve))
}

async fn serve(ctx: Ctx, Path(file): Path<String>, headers: HeaderMap) -> Result<Response> {
    let secret = file.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let content = action::read(&ctx, secret).await?;
    let stamp = ctx.today.and_time(NaiveTime::MIN).and_utc();
    let text = ics::calendar(&content, ctx.locale, &ctx.origin, stamp);
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(text.as_bytes())[..16]));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let guard = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        // The address is a secret: it goes nowhere else.
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, guard).into_response());
    }
    Ok((guard, [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}
