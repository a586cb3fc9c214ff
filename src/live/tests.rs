//! An open stream as a browser hears it.

use super::hub::{Hub, MOST_OF_ONE};
use crate::{
    account::session_store,
    server::{
        clock,
        db::Db,
        router::router,
        state::{AppState, Settings},
        testing::{World, each_engine, sqlite, token},
    },
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tower::ServiceExt;

/// The cast on a server whose hub runs.
async fn house(db: Db) -> (World, Hub) {
    let mut world = World::new(db).await;
    let hub = Hub::default();
    hub.start(world.db.clone());
    let settings = Settings { data_dir: World::new_data_dir(), live: hub.clone(), ..Settings::default() };
    world.router = router(AppState { db: world.db.clone(), settings: Arc::new(settings) });
    (world, hub)
}

async fn open(world: &World, request: Request<Body>) -> Response {
    world.router.clone().oneshot(request).await.expect("an answer")
}

async fn listen(world: &World, who: &str, query: &str) -> Response {
    let request = Request::builder()
        .uri(format!("/live{query}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", token(who)))
        .header(header::ACCEPT_ENCODING, "gzip, br");
    open(world, request.body(Body::empty()).expect("a request")).await
}

/// What comes within a time; `None` where nothing does, an empty text where the stream has ended.
async fn heard(stream: &mut Response, within: Duration) -> Option<String> {
    match tokio::time::timeout(within, stream.body_mut().frame()).await {
        Err(_) => None,
        Ok(None) => Some(String::new()),
        Ok(Some(frame)) => {
            let data = frame.expect("a frame").into_data().expect("data");
            Some(String::from_utf8(data.to_vec()).expect("text"))
        }
    }
}

async fn log(world: &World, who: &str, unit: &str) {
    let quantities = json!([{ "measure": "leaflet", "value": 3, "precision": "exact" }]);
    let body = json!({ "id": uuid::Uuid::now_v7(), "unit": unit, "date": "2021-06-01", "quantities": quantities });
    let answer = world.post(who, "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

const SOON: Duration = Duration::from_secs(2);

#[tokio::test]
async fn an_entry_of_a_village_calls_those_who_look_at_it_or_at_what_is_above_and_nobody_else() {
    each_engine(|db| async move {
        let (world, _hub) = house(db).await;
        let mut zhou = listen(&world, "zhou", "?unit=500999001").await;
        assert_eq!(zhou.status(), StatusCode::OK);
        assert_eq!(zhou.headers()["content-type"], "text/event-stream");
        // Nothing on the way keeps it back.
        assert!(!zhou.headers().contains_key("content-encoding"));
        assert_eq!(zhou.headers()["x-accel-buffering"], "no");
        let mut zhao = listen(&world, "zhao", "").await;
        let mut li = listen(&world, "li", "").await;
        log(&world, "sun", "500999001201").await;
        for stream in [&mut zhou, &mut zhao] {
            // That something was written, and not a word of what.
            assert_eq!(heard(stream, SOON).await.as_deref(), Some("event: changed\ndata: 1\n\n"));
        }
        assert_eq!(heard(&mut li, SOON).await, None);
        log(&world, "li", "500999001202").await;
        assert!(heard(&mut li, SOON).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn what_was_written_between_the_page_and_its_stream_is_told_at_once() {
    let (world, _hub) = house(sqlite().await).await;
    log(&world, "sun", "500999001201").await;
    let ago = |seconds: i64| (clock::now() - chrono::TimeDelta::seconds(seconds)).timestamp_millis();
    let mut late = listen(&world, "zhou", &format!("?since={}", ago(0))).await;
    assert!(heard(&mut late, Duration::from_millis(200)).await.is_some());
    let mut beside = listen(&world, "li", &format!("?since={}", ago(0))).await;
    assert_eq!(heard(&mut beside, Duration::from_millis(200)).await, None);
    // A page that was rendered long after it shows it already.
    let mut new = listen(&world, "zhou", &format!("?since={}", ago(-60))).await;
    assert_eq!(heard(&mut new, Duration::from_millis(200)).await, None);
    // Whoever writes no number listens all the same.
    assert_eq!(listen(&world, "zhou", "?since=x").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn nobody_listens_outside_what_they_may_read_nor_without_end() {
    let (world, hub) = house(sqlite().await).await;
    assert_eq!(world.get("", "/live").await.status, StatusCode::UNAUTHORIZED);
    for unit in ["500999", "500999001", "500999001202", "nowhere"] {
        assert_eq!(listen(&world, "sun", &format!("?unit={unit}")).await.status(), StatusCode::NOT_FOUND);
    }
    let mut open = Vec::new();
    for _ in 0..MOST_OF_ONE {
        open.push(listen(&world, "sun", "").await);
        assert_eq!(open.last().map(Response::status), Some(StatusCode::OK));
    }
    assert_eq!(listen(&world, "sun", "").await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(listen(&world, "li", "").await.status(), StatusCode::OK);
    // A closed tab makes room for another.
    open.pop();
    assert_eq!(listen(&world, "sun", "").await.status(), StatusCode::OK);
    hub.stop();
    for stream in &mut open {
        assert_eq!(heard(stream, SOON).await.as_deref(), Some(""), "a server that stops ends it");
    }
    assert_eq!(heard(&mut listen(&world, "sun", "").await, SOON).await.as_deref(), Some(""));
}

#[tokio::test]
async fn a_stream_ends_with_the_session() {
    let (world, _hub) = house(sqlite().await).await;
    let sun = world.actor("sun").await;
    let mut conn = world.db.write().await.expect("a transaction");
    let secret = session_store::begin(&mut conn, sun.account_id, "phone", true, clock::now()).await.expect("a session");
    conn.commit().await.expect("the session");
    let request = Request::builder().uri("/live").header(header::COOKIE, format!("pufa={secret}"));
    let mut stream = open(&world, request.body(Body::empty()).expect("a request")).await;
    assert_eq!(heard(&mut stream, Duration::from_secs(3)).await, None, "it lasts while the session does");
    let mut conn = world.db.write().await.expect("a transaction");
    session_store::end_others(&mut conn, sun.account_id, None).await.expect("an end");
    conn.commit().await.expect("no session");
    assert_eq!(heard(&mut stream, Duration::from_secs(5)).await.as_deref(), Some(""));
}
