//! For machines that watch over this one: `/healthz`, `/readyz`, `/metrics`.

use super::store;
use crate::{
    error::{Error, Result},
    server::{context::Ctx, db, state::AppState},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_prometheus::{
    EndpointLabel, PrometheusMetricLayer, PrometheusMetricLayerBuilder, metrics_exporter_prometheus::PrometheusHandle,
};
use std::{sync::OnceLock, time::Duration};

static METRICS: OnceLock<(PrometheusMetricLayer<'static>, PrometheusHandle)> = OnceLock::new();

fn metrics() -> &'static (PrometheusMetricLayer<'static>, PrometheusHandle) {
    METRICS.get_or_init(|| {
        PrometheusMetricLayerBuilder::new()
            .with_prefix("pufa")
            // A page's address may be anything a stranger types: those without a form share one label.
            .with_endpoint_label_type(EndpointLabel::MatchedPathWithFallbackFn(|_| "page".into()))
            .with_default_metrics()
            .build_pair()
    })
}

/// The layer that counts and times requests. Counters belong to the process, however many routers it has.
pub fn layer() -> PrometheusMetricLayer<'static> {
    metrics().0.clone()
}

/// `GET /healthz`: the process answers.
pub async fn health() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers and its tables are this program's.
pub async fn ready(State(state): State<AppState>) -> Response {
    let asked = tokio::time::timeout(Duration::from_secs(3), migration(&state)).await;
    match asked {
        Ok(Ok(version)) if version == db::newest_migration() => "ready\n".into_response(),
        Ok(Ok(version)) => (StatusCode::SERVICE_UNAVAILABLE, format!("tables are at {version}\n")).into_response(),
        Ok(Err(error)) => {
            error.log();
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database is too slow\n").into_response(),
    }
}

async fn migration(state: &AppState) -> Result<i64> {
    store::migration(&mut state.db.read().await?).await
}

/// `GET /metrics`: to the machine itself, and to whoever has the token. What came through a proxy on this machine
/// came from elsewhere.
pub async fn prometheus(State(state): State<AppState>, ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    let forwarded = ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
    let is_here = !forwarded && ctx.peer.is_some_and(|peer| peer.to_canonical().is_loopback());
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let has_token = match (&state.settings.metrics_token, bearer) {
        // Hashes take the same time to compare whatever the tokens have in common.
        (Some(token), Some(bearer)) => crate::server::secret::hash(token) == crate::server::secret::hash(bearer),
        _ => false,
    };
    if !is_here && !has_token {
        return Err(Error::Forbidden);
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, metrics().1.render()).into_response())
}

#[cfg(test)]
mod tests {
    use crate::server::testing::{World, sqlite};
    use axum::{
        body::Body,
        extract::ConnectInfo,
        http::{Request, StatusCode},
    };
    use std::net::SocketAddr;

    #[tokio::test]
    async fn health_and_readiness_need_nobody_logged_in() {
        let world = World::new(sqlite().await).await;
        assert_eq!(world.get("", "/healthz").await.text, "ok\n");
        assert_eq!(world.get("", "/readyz").await.text, "ready\n");
        world.db.close().await;
        assert_eq!(world.get("", "/healthz").await.status, StatusCode::OK);
        assert_eq!(world.get("", "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    }

    #[tokio::test]
    async fn metrics_are_for_the_machine_itself() {
        let world = World::new(sqlite().await).await;
        let ask = async |peer: &str, header: Option<(&str, &str)>| {
            let address: SocketAddr = peer.parse().expect("an address");
            let mut request = Request::builder().uri("/metrics").extension(ConnectInfo(address));
            if let Some((name, value)) = header {
                request = request.header(name, value);
            }
            world.send(request.body(Body::empty()).expect("a request")).await
        };
        world.get("sun", "/nowhere/that/exists").await;
        let here = ask("127.0.0.1:4000", None).await;
        assert_eq!(here.status, StatusCode::OK, "{}", here.text);
        assert!(here.text.contains("pufa_http_requests_total{"), "{}", here.text);
        assert!(!here.text.contains("/nowhere"), "an address that anybody may invent is no label");
        assert_eq!(ask("192.168.1.9:4000", None).await.status, StatusCode::FORBIDDEN);
        assert_eq!(ask("127.0.0.1:4000", Some(("x-forwarded-for", "1.2.3.4"))).await.status, StatusCode::FORBIDDEN);
        let guess = ask("192.168.1.9:4000", Some(("authorization", "Bearer guess"))).await;
        assert_eq!(guess.status, StatusCode::FORBIDDEN);
    }
}
