//! The route table: pages and their forms, the JSON API, assets, health; and the layers around them all.

use super::{asset, context, page, state::AppState};
use crate::{account, activity, api, campaign, catalogue, ledger, operate, plan, report, unit};
use axum::{
    Router,
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
        .merge(activity::page::forms())
        .merge(ledger::page::forms())
        .merge(report::page::forms())
        .merge(operate::page::forms())
        .fallback(page::render);
    let header = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    Router::new()
        .merge(pages)
        .merge(api::routes())
        .merge(operate::routes())
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), context::layer))
        .route("/pkg/{fingerprint}/{name}", get(asset::serve))
        .layer(operate::health::layer())
        .layer(CompressionLayer::new())
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("x-frame-options", "DENY"))
        .layer(TraceLayer::new_for_http())
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .with_state(state)
}
