//! The one error that an action, a form or an API handler returns, and its HTTP status.

use crate::{domain::problem::Problem, locale::Locale};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::sync::Arc;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something was not done.
#[derive(Debug)]
pub enum Error {
    /// There is no such thing, or it lies outside what the reader may see: the two are not told apart.
    NotFound,
    /// Nobody is logged in.
    LoggedOut,
    /// The reader may see it and may not do this to it.
    Forbidden,
    /// What was entered is wrong, field by field, in the reader's language.
    Invalid(Vec<Problem>),
    /// It contradicts what is stored. `code` is for programs, `message` for people.
    Conflict { code: &'static str, message: String },
    /// Somebody else changed it meanwhile (If-Match names an old version).
    Stale,
    /// A change has to name the version it builds on.
    VersionMissing,
    /// Too many attempts; how many seconds to wait.
    TooMany(u64),
    /// The body is larger than is taken.
    TooLarge,
    /// There is such a place, and this cannot be done to it.
    Method,
    /// A fault of ours. The cause is logged and never shown.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One wrong field.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Error {
        Error::Invalid(vec![Problem::new(field, message)])
    }

    /// A fault of ours.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Internal(cause.into())
    }

    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::LoggedOut => StatusCode::UNAUTHORIZED,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict { .. } => StatusCode::CONFLICT,
            Error::Stale => StatusCode::PRECONDITION_FAILED,
            Error::VersionMissing => StatusCode::PRECONDITION_REQUIRED,
            Error::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::Method => StatusCode::METHOD_NOT_ALLOWED,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Error::NotFound => "not_found",
            Error::LoggedOut => "logged_out",
            Error::Forbidden => "forbidden",
            Error::Invalid(_) => "invalid",
            Error::Conflict { code, .. } => code,
            Error::Stale => "stale",
            Error::VersionMissing => "version_missing",
            Error::TooMany(_) => "too_many",
            Error::TooLarge => "too_large",
            Error::Method => "method_not_allowed",
            Error::Internal(_) => "internal",
        }
    }

    /// What happened and how to go on, for the reader.
    pub fn message(&self, locale: Locale) -> String {
        match self {
            Error::NotFound => locale.error_not_found().into(),
            Error::LoggedOut => locale.error_logged_out().into(),
            Error::Forbidden => locale.error_forbidden().into(),
            Error::Invalid(problems) => {
                problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
            }
            Error::Conflict { message, .. } => message.clone(),
            Error::Stale => locale.error_stale().into(),
            Error::VersionMissing => locale.error_version_missing().into(),
            Error::TooMany(seconds) => locale.error_too_many(seconds),
            Error::TooLarge => locale.error_too_large().into(),
            Error::Method => locale.error_method().into(),
            Error::Internal(_) => locale.error_internal().into(),
        }
    }

    /// The answer to a program: RFC 9457.
    pub fn problem_json(&self, locale: Locale) -> Response {
        let errors = match self {
            Error::Invalid(problems) => problems.clone(),
            Error::TooLarge => vec![Problem::new("body", self.message(locale))],
            _ => Vec::new(),
        };
        let body = serde_json::json!({
            "type": "about:blank",
            "title": self.status().canonical_reason(),
            "status": self.status().as_u16(),
            "code": self.code(),
            "detail": self.message(locale),
            "errors": errors,
        });
        let mut response = (self.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Error::TooMany(seconds) = self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response
    }

    /// Logs what is our fault.
    pub fn log(&self) {
        if let Error::Internal(cause) = self {
            tracing::error!(%cause, "a request failed");
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Internal(cause) => write!(f, "{cause}"),
            Error::Invalid(problems) => {
                let list: Vec<String> =
                    problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
                f.write_str(&list.join("; "))
            }
            other => f.write_str(&other.message(Locale::En)),
        }
    }
}

impl std::error::Error for Error {}

/// The error itself travels in the response's extensions: the layer that knows the reader's language
/// ([`crate::server::context`]) writes the body.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let mut response = self.problem_json(Locale::default());
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match error {
            sqlx::Error::RowNotFound => Error::NotFound,
            other => Error::internal(other),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::internal(error)
    }
}

impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Error {
        Error::Invalid(problems)
    }
}
