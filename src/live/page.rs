//! `GET /live?unit=&since=`: a stream of server-sent events. Each says `changed` and nothing else.

use super::action::{self, Heard};
use crate::{
    error::Result,
    server::{context::Ctx, state::AppState},
};
use axum::{
    Router,
    http::HeaderName,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use chrono::DateTime;
use futures::stream;
use std::{convert::Infallible, time::Duration};
use tokio::time::{Instant, timeout_at};

/// How long a stream lasts: then the browser comes again, and it is asked again who it is and what they may read.
const LIFE: Duration = Duration::from_secs(600);
/// How often a line is sent so that nobody on the way takes the connection for dead.
const ALIVE: Duration = Duration::from_secs(15);

async fn live(ctx: Ctx) -> Result<Response> {
    let since = ctx.query.filled("since").and_then(|millis| DateTime::from_timestamp_millis(millis.parse().ok()?));
    let Heard { missed, calls } = action::listen(&ctx, ctx.query.filled("unit"), since).await?;
    let changed = || Ok::<_, Infallible>(Event::default().event("changed").data("1"));
    let end = Instant::now() + LIFE;
    let first = stream::iter(missed.then(changed));
    let calls = stream::unfold(calls, move |mut calls| async move {
        let call = timeout_at(end, calls.recv()).await.ok().flatten();
        call.map(|()| (changed(), calls))
    });
    let events = futures::StreamExt::chain(first, calls);
    // A proxy that collects an answer before it passes it on would keep everything back.
    let unbuffered = [(HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((unbuffered, Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))).into_response())
}

/// The stream's address.
pub fn forms() -> Router<AppState> {
    Router::new().route("/live", get(live))
}
