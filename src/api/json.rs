//! Reading JSON bodies and queries so that what is wrong is said by field, as RFC 9457.

use crate::{
    error::{Error, Result},
    server::context::Ctx,
};
use axum::{
    body::{Body as Stream, Bytes, HttpBody},
    extract::{FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{future::poll_fn, pin::Pin};

/// The largest JSON body that is taken, in bytes.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// How much of a larger body is read and thrown away, in bytes: a client that is cut off while it still sends sees a
/// broken connection instead of the answer.
const PATIENCE: usize = 64 * 1024 * 1024;

/// A JSON body of somebody who is logged in. Malformed JSON, a missing or mistyped member are told with the member's
/// path.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, state).await?;
        ctx.actor()?;
        let bytes = collect(body, BODY_LIMIT).await?;
        let value = read(&ctx, &bytes)?;
        Ok(Body(value))
    }
}

/// As [`Body`], where nothing that is sent is as good as an object without members.
#[derive(Debug)]
pub struct SpareBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for SpareBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, state).await?;
        ctx.actor()?;
        let bytes = collect(body, BODY_LIMIT).await?;
        let bytes = if bytes.is_empty() { b"{}".to_vec() } else { bytes };
        Ok(SpareBody(read(&ctx, &bytes)?))
    }
}

/// The whole body, up to `limit` bytes.
pub(super) async fn collect(mut body: Stream, limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = poll_fn(|task| Pin::new(&mut body).poll_frame(task)).await {
        let data: Bytes = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(),
            // The client went away: whatever is answered, nobody reads it.
            Err(_) => return Err(Error::TooLarge),
        };
        length += data.len();
        if length <= limit {
            bytes.extend_from_slice(&data);
        } else if length > PATIENCE {
            break;
        }
    }
    if length > limit { Err(Error::TooLarge) } else { Ok(bytes) }
}

/// Reads JSON; what is wrong is told by the member's path.
pub fn read<T: DeserializeOwned>(ctx: &Ctx, bytes: &[u8]) -> Result<T> {
    // PostgreSQL takes the character NUL in no text.
    if bytes.windows(6).any(|part| part == br"\u0000")
        && let Ok(value) = serde_json::from_slice::<Value>(bytes)
        && let Some(field) = with_nul(&value)
    {
        return Err(Error::invalid(field, ctx.locale.json_with_nul()));
    }
    let reader = &mut serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        let cause = error.inner();
        let field = match missing_field(&cause.to_string()) {
            Some(name) if path == "." => name,
            Some(name) => format!("{path}.{name}"),
            None if path == "." => "body".into(),
            None => path,
        };
        Error::invalid(field, ctx.locale.json_unreadable(cause))
    })
}

/// The path of the first text in which NUL stands.
fn with_nul(value: &Value) -> Option<String> {
    let behind = |name: String, path: String| match path.as_str() {
        "" => name,
        path if path.starts_with('[') => format!("{name}{path}"),
        path => format!("{name}.{path}"),
    };
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| Some(behind(format!("[{index}]"), with_nul(item)?)))
        }
        Value::Object(members) => members.iter().find_map(|(name, member)| match name.contains('\0') {
            true => Some("body".into()),
            false => Some(behind(name.clone(), with_nul(member)?)),
        }),
        _ => None,
    }
}

/// serde names a missing member only in its message.
fn missing_field(message: &str) -> Option<String> {
    let rest = message.strip_prefix("missing field `")?;
    Some(rest.split('`').next()?.to_owned())
}

/// The query of somebody who is logged in. A missing or mistyped parameter is told by name.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let ctx = Ctx::from_request_parts(parts, state).await?;
        ctx.actor()?;
        let reader = serde_html_form::Deserializer::new(form_urlencoded::parse(
            parts.uri.query().unwrap_or_default().as_bytes(),
        ));
        serde_path_to_error::deserialize(reader).map(Query).map_err(|error| {
            let path = error.path().to_string();
            let cause = error.inner().to_string();
            let field = missing_field(&cause).unwrap_or(if path == "." { "query".into() } else { path });
            Error::invalid(field, ctx.locale.query_unreadable(cause))
        })
    }
}
