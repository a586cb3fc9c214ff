//! A secret that is shown once: it travels to the page that shows it in a cookie of a minute, and the page takes the
//! cookie away.

use crate::server::{context, state::Settings};
use axum::http::{HeaderValue, header, request::Parts};
use leptos::prelude::*;

const NAME: &str = "pufa_once";

/// The cookie that brings a secret to the page at `path` and its neighbours.
pub fn cookie(settings: &Settings, path: &str, secret: &str) -> HeaderValue {
    let secure = if settings.tls { "; Secure" } else { "" };
    let text = format!("{NAME}={secret}; Path={path}; Max-Age=60; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("pufa_once=; Max-Age=0"))
}

/// The secret that was brought here, and the order to forget it.
pub fn take(path: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let secret = context::cookie(&parts.headers, NAME)?.to_owned();
    let is_secret = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    let gone = format!("{NAME}=; Path={path}; Max-Age=0; HttpOnly; SameSite=Strict");
    if let (Some(response), Ok(gone)) = (use_context::<leptos_axum::ResponseOptions>(), HeaderValue::from_str(&gone)) {
        response.append_header(header::SET_COOKIE, gone);
        response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    is_secret.then_some(secret)
}

/// The box with a secret: read-only, easily selected on a phone, and said to be shown once.
#[component]
pub fn Once(#[prop(into)] label: String, #[prop(into)] hint: String, secret: String) -> impl IntoView {
    view! {
        <section class="once sheet">
            <label for="once">{label}</label>
            <input id="once" type="text" readonly=true value=secret aria-describedby="once-hint"/>
            <p class="hint" id="once-hint">{hint}</p>
        </section>
    }
}
