//! The style sheet, the islands' WebAssembly and the icons, inside the binary and compressed beforehand.

use axum::{
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// What `make` puts into target/site: each file, and beside it `.br` and `.gz`.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// Eight characters that change with any asset: they stand in every address below `/pkg/`, so that files may be kept for
/// ever and a page never meets the WebAssembly of another build.
pub fn fingerprint() -> &'static str {
    static FINGERPRINT: OnceLock<String> = OnceLock::new();
    FINGERPRINT.get_or_init(|| {
        let mut names: Vec<_> = Site::iter().collect();
        names.sort();
        let mut digest = Sha256::new();
        for name in names {
            if let Some(file) = Site::get(&name) {
                digest.update(name.as_bytes());
                digest.update(file.metadata.sha256_hash());
            }
        }
        hex::encode(digest.finalize())[..8].to_owned()
    })
}

/// An asset's text.
pub fn text(name: &str) -> Option<String> {
    String::from_utf8(Site::get(name)?.data.into_owned()).ok()
}

/// `GET /pkg/{fingerprint}/{name}`.
pub async fn serve(Path((version, name)): Path<(String, String)>, request: Request) -> Response {
    let accepted =
        request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let forms = [("br", ".br"), ("gzip", ".gz")];
    let packed = forms
        .into_iter()
        .filter(|(form, _)| accepted.contains(form))
        .find_map(|(form, ending)| Some((form, Site::get(&format!("{name}{ending}"))?)));
    let (form, file) = match packed {
        Some((form, file)) => (Some(form), file),
        None => match Site::get(&name) {
            Some(file) => (None, file),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let mut response = file.data.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(kind.as_ref()).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // Another build's address is answered too, for a page that was open during a deploy, but not to be kept.
    let lasting = if version == fingerprint() { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    if let Some(form) = form {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(form));
    }
    response
}
