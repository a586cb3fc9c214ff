//! The service worker's script. Its address never changes, and its text changes with every build, which is how a browser
//! notices that there is a new one.

use crate::server::asset;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// What the kept pages need; each is fetched once per build.
const ASSETS: [&str; 8] =
    ["pufa.css", "outbox.js", "phone.js", "log.js", "waiting.js", "pufa.js", "pufa_bg.wasm", "icon.svg"];

/// `GET /sw.js`.
pub async fn serve() -> Response {
    let build = asset::fingerprint();
    let assets: Vec<String> = ASSETS.iter().map(|name| format!("/pkg/{build}/{name}")).collect();
    let start = format!("const BUILD = {build:?}\nconst ASSETS = {}\n", serde_json::json!(assets));
    let script = asset::text("sw.js").unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        // It loads outbox.js and asks this server, and nobody else.
        (header::CONTENT_SECURITY_POLICY, "default-src 'self'; frame-ancestors 'none'"),
    ];
    (headers, start + &script).into_response()
}
