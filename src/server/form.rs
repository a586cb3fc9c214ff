//! Forms that work before, or without, WebAssembly.
//!
//! A form posts to its page's own address; a hidden field `do` names the action where a page has several. What is
//! right is done and answered with a redirect. What is wrong brings the same page back (422), filled as it was typed
//! and with a message at each field: nothing is lost and nothing is stored.

use super::{
    context::Ctx,
    multipart::{self, Limits, Upload},
    page::render,
    state::AppState,
};
use crate::{
    domain::problem::{Problem, Problems},
    error::{Error, Result},
};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use std::{str::FromStr, sync::Arc};

/// The largest form that is taken, in bytes.
pub const FORM_LIMIT: usize = 2 * 1024 * 1024;

/// Whether a character belongs into a text.
pub fn is_text(letter: char) -> bool {
    !letter.is_control() || matches!(letter, '\t' | '\n' | '\r')
}

/// A form's fields, or a query's, in the order sent; a name may stand several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormData(Vec<(String, String)>);

impl FormData {
    /// Reads `application/x-www-form-urlencoded`; what cannot be read is an empty form. Control characters, which nobody
    /// types, are left out: PostgreSQL takes NUL in no text, and a document with another one is damaged.
    pub fn parse(encoded: &str) -> FormData {
        FormData(serde_html_form::from_str(encoded).unwrap_or_default()).without_controls()
    }

    /// The same fields without control characters, but for tabs and the ends of lines.
    pub fn without_controls(mut self) -> FormData {
        for (name, value) in &mut self.0 {
            name.retain(is_text);
            value.retain(is_text);
        }
        self
    }

    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> FormData {
        FormData(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// The field's first value without white space around it; empty where it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim())
    }

    /// The field's value as typed, for what white space belongs to (passwords).
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// The field's value unless it is empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    /// All values of a field that may stand several times, the empty ones left out.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(own, _)| own == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// The fields `prefix…`: what follows the prefix, and the value.
    pub fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }

    /// A field that has to be there and readable, or a problem with this message.
    pub fn parsed<T: FromStr>(&self, name: &str, message: impl Into<String>) -> Result<T, Problem> {
        self.get(name).parse().map_err(|_| Problem::new(name, message))
    }

    /// A field that may be empty; what cannot be read is noted as a problem and taken as empty.
    pub fn optional<T: FromStr>(&self, name: &str, problems: &mut Problems, message: impl Into<String>) -> Option<T> {
        let text = self.filled(name)?;
        problems.keep(text.parse().map_err(|_| Problem::new(name, message)))
    }

    /// The same fields as a query string, with `name` set to `value`, or left out where that is `None`.
    pub fn with(&self, name: &str, value: Option<&str>) -> String {
        let mut pairs: Vec<(&str, &str)> =
            self.0.iter().filter(|(own, _)| own != name).map(|(own, value)| (own.as_str(), value.as_str())).collect();
        pairs.extend(value.map(|value| (name, value)));
        serde_html_form::to_string(pairs).unwrap_or_default()
    }
}

/// A form that was refused: what was typed, and what is wrong with it.
#[derive(Clone, Debug)]
pub struct Refused {
    pub form: FormData,
    pub problems: Vec<Problem>,
}

impl Refused {
    pub fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.field == field).map(|problem| problem.message.as_str())
    }
}

/// What a form's handler answers when it was done: where to go, and what to say there once.
#[derive(Debug)]
pub struct Done {
    location: String,
    message: Option<String>,
    cookies: Vec<HeaderValue>,
    again: Option<Again>,
}

/// The page is shown again, filled.
#[derive(Debug)]
enum Again {
    AsTyped,
    With(FormData),
}

impl Again {
    fn filled(self, typed: FormData) -> Option<Arc<Refused>> {
        let form = match self {
            Again::AsTyped => typed,
            Again::With(form) => form,
        };
        Some(Arc::new(Refused { form, problems: Vec::new() }))
    }
}

impl Done {
    pub fn to(location: impl Into<String>) -> Done {
        Done { location: location.into(), message: None, cookies: Vec::new(), again: None }
    }

    /// Nothing is stored yet: the page is shown again with what was typed (200), to be checked there. The page finds
    /// the form as a refused one without problems.
    pub fn again() -> Done {
        Done { again: Some(Again::AsTyped), ..Done::to("") }
    }

    /// As [`Done::again`], with fields that were filled for the reader: what a file said.
    pub fn again_with(form: FormData) -> Done {
        Done { again: Some(Again::With(form)), ..Done::to("") }
    }

    /// Shown once on the next page.
    pub fn say(mut self, message: impl Into<String>) -> Done {
        self.message = Some(message.into());
        self
    }

    pub fn cookie(mut self, cookie: HeaderValue) -> Done {
        self.cookies.push(cookie);
        self
    }
}

/// The name of the cookie that carries [`Done::say`] to the next page.
pub const FLASH: &str = "pufa_said";

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let headers = response.headers_mut();
        // A location is made of our own paths and of encoded values; anything else goes home.
        let location = HeaderValue::from_str(&self.location).unwrap_or(HeaderValue::from_static("/"));
        headers.insert(header::LOCATION, location);
        for cookie in self.cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        if let Some(message) = self.message {
            let encoded = hex::encode(message);
            let cookie = format!("{FLASH}={encoded}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                headers.append(header::SET_COOKIE, cookie);
            }
        }
        response
    }
}

/// A page with a form: GET renders it, POST reads the form and calls `handler`.
pub fn form<H, F>(handler: H) -> MethodRouter<AppState>
where
    H: Fn(Ctx, FormData) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Done>> + Send + 'static,
{
    get(render).post(move |ctx: Ctx, request: Request| {
        let handler = handler.clone();
        async move {
            let (parts, body) = request.into_parts();
            let Ok(bytes) = to_bytes(body, FORM_LIMIT).await else {
                return refuse(ctx, parts, FormData::default(), Error::TooLarge).await;
            };
            let data = FormData::parse(&String::from_utf8_lossy(&bytes));
            answer(ctx.clone(), parts, data.clone(), handler(ctx, data).await).await
        }
    })
}

/// As [`form`], for a form with files: the handler gets them beside the typed fields, within `limits`.
/// A form without files on the same page (`application/x-www-form-urlencoded`) comes with none. A browser never sends a
/// chosen file back: whoever is refused chooses it again, so a handler stores what is good and names what is not.
pub fn form_with_files<H, F>(limits: Limits, handler: H) -> MethodRouter<AppState>
where
    H: Fn(Ctx, FormData, Vec<Upload>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Done>> + Send + 'static,
{
    with_files(limits, true, handler)
}

/// As [`form_with_files`], for files that are looked at and not kept: who may only read sends some too.
pub fn form_that_reads_files<H, F>(limits: Limits, handler: H) -> MethodRouter<AppState>
where
    H: Fn(Ctx, FormData, Vec<Upload>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Done>> + Send + 'static,
{
    with_files(limits, false, handler)
}

fn with_files<H, F>(limits: Limits, keeps: bool, handler: H) -> MethodRouter<AppState>
where
    H: Fn(Ctx, FormData, Vec<Upload>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Done>> + Send + 'static,
{
    get(render).post(move |ctx: Ctx, request: Request| {
        let handler = handler.clone();
        async move {
            let (parts, body) = request.into_parts();
            let read = if multipart::is_multipart(&parts.headers) {
                let request = Request::from_parts(parts.clone(), body);
                match keeps {
                    true => multipart::read(&ctx, request, limits).await,
                    false => multipart::read_and_forget(&ctx, request, limits).await,
                }
            } else {
                let bytes = to_bytes(body, FORM_LIMIT).await.map_err(|_| Error::TooLarge);
                bytes.map(|bytes| (FormData::parse(&String::from_utf8_lossy(&bytes)), Vec::new()))
            };
            let (data, files) = match read {
                Ok(read) => read,
                Err(error) => return refuse(ctx, parts, FormData::default(), error).await,
            };
            answer(ctx.clone(), parts, data.clone(), handler(ctx, data, files).await).await
        }
    })
}

/// What a handler's result is answered with.
async fn answer(ctx: Ctx, parts: axum::http::request::Parts, data: FormData, result: Result<Done>) -> Response {
    match result {
        Ok(Done { again: Some(again), .. }) => show(Ctx { refused: again.filled(data), ..ctx }, parts).await,
        Ok(done) => done.into_response(),
        Err(error) => refuse(ctx, parts, data, error).await,
    }
}

/// Renders the form's own page with what was typed; other errors get the page that explains them.
async fn refuse(mut ctx: Ctx, parts: axum::http::request::Parts, form: FormData, error: Error) -> Response {
    error.log();
    let status = error.status();
    match error {
        Error::Invalid(problems) => ctx.refused = Some(Arc::new(Refused { form, problems })),
        // A conflict is told at the top of the form, which keeps what was typed.
        Error::Conflict { message, .. } => {
            ctx.refused = Some(Arc::new(Refused { form, problems: vec![Problem::new("", message)] }));
        }
        // So is that somebody tried too often.
        Error::TooMany(_) => {
            let problems = vec![Problem::new("", error.message(ctx.locale))];
            ctx.refused = Some(Arc::new(Refused { form, problems }));
        }
        other => ctx.failure = Some(Arc::new(other)),
    }
    let mut response = show(ctx, parts).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// Renders the form's own page.
async fn show(ctx: Ctx, parts: axum::http::request::Parts) -> Response {
    let mut request = Request::from_parts(parts, Body::empty());
    *request.method_mut() = axum::http::Method::GET;
    request.extensions_mut().insert(ctx.clone());
    render(ctx, request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_may_stand_several_times() {
        let form = FormData::parse("theme=drugs&theme=safety&value.banner=+3+&note=");
        assert_eq!(form.all("theme"), ["drugs", "safety"]);
        assert_eq!(form.get("value.banner"), "3");
        assert_eq!(form.with_prefix("value.").collect::<Vec<_>>(), [("banner", "3")]);
        assert_eq!(form.filled("note"), None);
    }

    #[test]
    fn a_filter_changes_one_field_of_the_address() {
        let query = FormData::parse("unit=500113108&year=2021");
        assert_eq!(query.with("year", Some("2022")), "unit=500113108&year=2022");
        assert_eq!(query.with("unit", None), "year=2021");
    }
}
