//! The route table: pages and their forms, the JSON API, assets, health; and the layers around them all.

use super::{asset, context, page, state::AppState};
use crate::{
    account, activity, api, brief, campaign, catalogue, claim, closing, evidence, feed, import, inspection, key_date,
    ledger, live, material, message, operate, outbox, plan, report, responsibility, review, roster, schedule,
    statement, table, unit,
};
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware,
    routing::get,
};
use tower_http::{
    compression::CompressionLayer,
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
    trace::TraceLayer,
};
use tracing::Span;

/// The whole server.
pub fn router(state: AppState) -> Router {
    // Leptos spawns its work here; a second call (tests make many routers) changes nothing.
    let _ = any_spawner::Executor::init_tokio();
    let pages = Router::new()
        .merge(account::page::forms())
        .merge(unit::page::forms())
        .merge(catalogue::page::forms())
        .merge(plan::page::forms())
        .merge(campaign::page::forms())
        .merge(campaign::event_page::forms())
        .merge(key_date::page::forms())
        .merge(activity::page::forms())
        .merge(ledger::page::forms())
        .merge(report::page::forms())
        .merge(statement::page::forms())
        .merge(table::page::forms())
        .merge(feed::page::forms())
        .merge(responsibility::page::forms())
        .merge(material::page::forms())
        .merge(roster::page::forms())
        .merge(inspection::page::forms())
        .merge(schedule::page::forms())
        .merge(evidence::page::forms())
        .merge(review::page::forms())
        .merge(claim::page::forms())
        .merge(closing::page::forms())
        .merge(import::page::forms())
        .merge(message::page::forms())
        .merge(brief::page::forms())
        .merge(live::page::forms())
        .merge(outbox::page::forms())
        .merge(operate::page::forms())
        .fallback(page::render);
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    let router = Router::new()
        .merge(pages)
        .merge(api::routes())
        .merge(operate::routes())
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), context::layer))
        .layer(header("cache-control", "private, no-cache"))
        .layer(header("content-security-policy", "default-src 'none'; frame-ancestors 'none'"))
        .route("/pkg/{fingerprint}/{name}", get(asset::serve))
        .layer(operate::health::layer())
        .layer(CompressionLayer::new())
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("x-frame-options", "DENY"));
    // A month: a town whose certificate is lost is not shut out for a year.
    let router =
        if state.settings.tls { router.layer(header("strict-transport-security", "max-age=2592000")) } else { router };
    router
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .with_state(state)
}

/// What the log says of a request: no query, in which people search for names, and no address that is a secret.
fn span(request: &Request) -> Span {
    tracing::debug_span!("request", method = %request.method(), path = told(request.uri().path()))
}

fn told(path: &str) -> &str {
    match path {
        path if path.starts_with("/link/") => "/link/…",
        path if path.starts_with("/calendar/") => "/calendar/…",
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{
        state::Settings,
        testing::{World, sqlite, token},
    };
    use axum::{
        body::Body,
        http::{StatusCode, header},
    };
    use std::sync::Arc;

    #[test]
    fn the_log_tells_no_one_time_link() {
        assert_eq!((told("/link/0123abcd"), told("/activities")), ("/link/…", "/activities"));
        assert_eq!((told("/calendar/0123abcd.ics"), told("/calendar")), ("/calendar/…", "/calendar"));
    }

    #[tokio::test]
    async fn every_answer_bears_the_headers_that_guard_it() {
        let world = World::new(sqlite().await).await;
        for address in ["/", "/login", "/link/none", "/api/v1/units", "/api/v1/none", "/activities.csv", "/healthz"] {
            let answer = world.get("qian", address).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{address}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{address}");
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{address}");
            assert!(!answer.header("content-security-policy").contains("script-src 'unsafe"), "{address}");
            let cached = answer.header("cache-control");
            assert!(cached.contains("no-cache") || cached.contains("no-store"), "{address}: {cached}");
            assert_eq!(answer.header("strict-transport-security"), "", "plain HTTP promises no TLS");
        }
        let link = world.get("", "/link/none").await;
        assert_eq!((link.header("referrer-policy"), link.header("cache-control")), ("no-referrer", "no-store"));
        let settings = Arc::new(Settings { tls: true, ..Settings::default() });
        let world = World { router: router(AppState { db: world.db.clone(), settings }), db: world.db };
        assert_eq!(world.get("", "/login").await.header("strict-transport-security"), "max-age=2592000");
    }

    #[tokio::test]
    async fn what_another_site_posts_is_refused() {
        let world = World::new(sqlite().await).await;
        for (headers, status) in [
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], StatusCode::FORBIDDEN),
            (vec![("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN),
            (vec![("origin", "https://evil.example")], StatusCode::FORBIDDEN),
            (vec![("origin", "null")], StatusCode::FORBIDDEN),
            (vec![("origin", "http://pufa.example:3000")], StatusCode::SEE_OTHER),
            (vec![("sec-fetch-site", "same-origin")], StatusCode::SEE_OTHER),
            // No browser of today: a program, which has no cookie of anybody else. A browser that sends neither still
            // keeps the cookie back, which is SameSite=Lax.
            (vec![], StatusCode::SEE_OTHER),
        ] {
            let mut request = Request::builder()
                .method("POST")
                .uri("/feedback")
                .header(header::HOST, "pufa.example:3000")
                .header(header::AUTHORIZATION, format!("Bearer {}", token("sun")));
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let answer = world.send(request.body(Body::from("text=x")).expect("a request")).await;
            assert_eq!(answer.status, status, "{headers:?}");
        }
    }
}
