//! Rendering: a request becomes a page of the app, whole, on the server.

use super::context::Ctx;
use crate::app;
use axum::{
    extract::Request,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

/// Renders the page at the request's address, for GET and for a refused form alike (which comes here as a GET). What is
/// posted to a page without a form is refused.
pub async fn render(ctx: Ctx, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let locale = ctx.locale;
    let inner = ctx.clone();
    let handler = leptos_axum::render_app_async_with_context(move || provide_context(inner.clone()), app::shell);
    let mut response = handler(request).await.into_response();
    response.headers_mut().insert(header::CONTENT_LANGUAGE, axum::http::HeaderValue::from_static(locale.tag()));
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(axum::http::HeaderValue::from_static("private, no-cache"));
    response
}

/// Sets the status of the page that is being rendered.
pub fn set_status(status: StatusCode) {
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(status);
    }
}
