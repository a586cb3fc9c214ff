//! What the phone's scripts lean on: whose entries are sent, what is kept, who may keep it.

use crate::server::testing::{World, each_engine, sqlite, token};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};

const TIANPING: &str = "500999001201";

fn post(named: &str, id: &str) -> Request<Body> {
    let quantities = json!([{ "measure": "banner", "value": 3, "precision": "exact" }]);
    let body = json!({ "id": id, "unit": TIANPING, "date": "2021-06-01", "quantities": quantities });
    Request::builder()
        .method(Method::POST)
        .uri("/api/v1/activities")
        .header(header::AUTHORIZATION, format!("Bearer {}", token("sun")))
        .header(header::CONTENT_TYPE, "application/json")
        .header("pufa-account", named)
        .body(Body::from(body.to_string()))
        .expect("a request")
}

#[tokio::test]
async fn what_waited_on_a_phone_is_not_sent_under_another_name() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let id = "01938f00-0000-7000-8000-000000000001";
        let refused = world.send(post("li", id)).await;
        assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::CONFLICT, &json!("other_account")));
        assert_eq!(world.get("sun", &format!("/api/v1/activities/{id}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.send(post("sun", id)).await.status, StatusCode::CREATED);
        assert_eq!(world.send(post("s%75n", id)).await.status, StatusCode::OK, "names come percent-encoded");
    })
    .await;
}

#[tokio::test]
async fn the_kept_form_has_every_type_and_the_last_entries() {
    let world = World::new(sqlite().await).await;
    assert_eq!(world.send(post("sun", "01938f00-0000-7000-8000-000000000002")).await.status, StatusCode::CREATED);
    let page = world.get("sun", "/outbox/log").await;
    assert_eq!(page.status, StatusCode::OK);
    let html = scraper::Html::parse_document(&page.text);
    let found = |selector: &str| html.select(&scraper::Selector::parse(selector).expect("a selector")).count();
    for measure in ["banner", "leaflet", "lecture", "moot_court"] {
        assert_eq!(found(&format!("form.outbox .count[data-measure={measure}] input[name='value.{measure}']")), 1);
    }
    assert_eq!(found("form.outbox input[name='value.law_literate']"), 0, "a stock is not logged");
    let data = html.select(&scraper::Selector::parse("#shell").expect("a selector")).next().expect("the data");
    let data: Value = serde_json::from_str(&data.text().collect::<String>()).expect("JSON");
    assert!(data["types"].as_array().is_some_and(|types| types.iter().any(|one| one["key"] == "lecture")));
    assert_eq!(data["last"][0]["quantities"][0]["value"], 3);
}

#[tokio::test]
async fn a_page_that_a_script_fetches_takes_no_message_away() {
    let world = World::new(sqlite().await).await;
    let ask = |dest: &'static str| {
        Request::get("/outbox/log")
            .header(header::AUTHORIZATION, format!("Bearer {}", token("sun")))
            .header(header::COOKIE, format!("pufa_said={}", hex::encode("已保存")))
            .header("sec-fetch-dest", dest)
            .body(Body::empty())
            .expect("a request")
    };
    let kept = world.send(ask("empty")).await;
    assert!(!kept.text.contains("已保存<") && kept.header("set-cookie").is_empty(), "{}", kept.header("set-cookie"));
    let read = world.send(ask("document")).await;
    assert!(read.text.contains("已保存<") && read.header("set-cookie").contains("pufa_said=;"));
}

#[tokio::test]
async fn the_service_worker_is_of_this_build_and_never_kept() {
    let world = World::new(sqlite().await).await;
    let script = world.get("", "/sw.js").await;
    assert_eq!(script.status, StatusCode::OK);
    assert_eq!(script.header("cache-control"), "no-cache");
    let build = crate::server::asset::fingerprint();
    assert!(script.text.starts_with(&format!("const BUILD = \"{build}\"\nconst ASSETS = [\"/pkg/{build}/pufa.css\"")));
}

#[tokio::test]
async fn entries_of_one_form_sent_one_by_one_stay_one_batch() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let send = async |who: &str, unit: &str, id: &str, batch: &str| {
            let quantities = json!([{ "measure": "lecture", "value": 1, "precision": "exact" }]);
            let body = json!({ "id": id, "unit": unit, "date": "2021-06-01", "place": "龙门广场", "type": "lecture",
                "themes": ["constitution"], "quantities": quantities });
            let request = Request::builder()
                .method(Method::POST)
                .uri("/api/v1/activities")
                .header(header::AUTHORIZATION, format!("Bearer {}", token(who)))
                .header(header::CONTENT_TYPE, "application/json")
                .header("pufa-batch", batch)
                .body(Body::from(body.to_string()))
                .expect("a request");
            world.send(request).await
        };
        let id = |number: u8| format!("01938f00-0000-7000-8000-0000000000{number:02}");
        let (batch, other) = (id(90), id(91));
        for (number, unit) in [(11, TIANPING), (12, "500999001202")] {
            assert_eq!(send("qian", unit, &id(number), &batch).await.status, StatusCode::CREATED);
        }
        // A lost answer means sending again; the batch is no part of the entry.
        assert_eq!(send("qian", TIANPING, &id(11), &batch).await.status, StatusCode::OK);
        assert_eq!(send("qian", TIANPING, &id(11), &other).await.status, StatusCode::OK);
        let refused = send("qian", TIANPING, &id(13), "14村").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["errors"][0]["field"], json!("Pufa-Batch"));
        let doubles = async || {
            let page = world.get("qian", "/review/doubles?unit=500999001&month=2021-06").await;
            assert_eq!(page.status, StatusCode::OK);
            [11, 14, 15].map(|number| page.text.contains(&id(number)))
        };
        assert_eq!(doubles().await, [false; 3], "one form's entries are no doubles");
        // Another form's are, and another account's whatever batch it names.
        assert_eq!(send("qian", "500999001203", &id(14), &other).await.status, StatusCode::CREATED);
        assert_eq!(doubles().await, [true, true, false]);
        assert_eq!(send("sun", TIANPING, &id(15), &other).await.status, StatusCode::CREATED);
        assert_eq!(doubles().await, [true; 3]);
    })
    .await;
}
