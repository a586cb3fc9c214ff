//! Reading JSON bodies and queries so that what is wrong is said by field, as RFC 9457.

use crate::{
    error::{Error, Result},
    server::context::Ctx,
};
use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The largest JSON body that is taken, in bytes.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// A JSON body. Malformed JSON, a missing or mistyped member are told with the member's path.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let ctx = Ctx::from_request_parts(&mut parts, state).await?;
        let bytes = to_bytes(body, BODY_LIMIT).await.map_err(|_| Error::TooLarge)?;
        let value = read(&ctx, &bytes)?;
        Ok(Body(value))
    }
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

/// A query. A missing or mistyped parameter is told by name.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let ctx = Ctx::from_request_parts(parts, state).await?;
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
