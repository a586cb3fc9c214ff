//! An entry corrected in its row; columns that are chosen and kept.

use super::tests::{LIANGHE, TIANPING, book, count, log, texts};
use crate::server::testing::{World, each_engine, sqlite, token};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::json;
use uuid::Uuid;

async fn one(world: &World) -> Uuid {
    let counts = json!([count("banner", 3, "exact"), count("leaflet", 120, "at_least")]);
    log(world, "sun", TIANPING, "2021-06-24", counts, json!({ "themes": ["drugs"], "place": "老院子" })).await
}

const TYPED: [(&str, &str); 9] = [
    ("do", "correct"),
    ("version", "1"),
    ("date", "2021-06-25"),
    ("value.banner", "4"),
    ("precision.banner", "exact"),
    ("value.leaflet", "200"),
    ("precision.leaflet", "estimate"),
    ("place", "新院子"),
    ("reason", "数错了"),
];

#[tokio::test]
async fn an_entry_is_corrected_in_its_row_and_the_rest_of_it_stays() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let id = one(&world).await;
        let address = format!("/activities?unit={TIANPING}&year=2021&edit={id}");
        let page = world.get("sun", &address).await;
        assert_eq!(texts(&page, "tr.edit form").len(), 1, "{}", page.text);
        assert!(page.text.contains("name=\"value.banner\"") && page.text.contains("value=\"老院子\""));
        let answer = world.submit("sun", &address, &TYPED).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(answer.header("location"), format!("/activities?unit={TIANPING}&year=2021#r-{id}"));
        let entry = world.get("sun", &format!("/api/v1/activities/{id}")).await.json();
        assert_eq!((&entry["version"], &entry["date"]), (&json!(2), &json!("2021-06-25")));
        assert_eq!(entry["themes"], json!(["drugs"]));
        assert_eq!(entry["place"], "新院子");
        let counts = json!([count("banner", 4, "exact"), count("leaflet", 200, "estimate")]);
        assert_eq!(entry["quantities"], counts);
        let page = world.get("sun", &format!("/activities/{id}")).await;
        assert!(page.text.contains("数错了"), "the reason is kept");
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_comes_back_filled_and_nothing_is_stored() {
    let world = World::new(sqlite().await).await;
    let id = one(&world).await;
    // The row comes back even where the filter would not find it.
    let address = format!("/activities?unit={TIANPING}&year=2019&edit={id}");
    let typed = TYPED.map(|(name, value)| if name == "reason" { (name, "") } else { (name, value) });
    let answer = world.submit("sun", &address, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text.contains("value=\"新院子\"") && answer.text.contains("value=\"2021-06-25\""),
        "{}",
        answer.text
    );
    assert_eq!(texts(&answer, "tr.edit .problem").len(), 1);
    // The filter stays as it was asked.
    assert!(answer.text.contains("<option value=\"2019\" selected"), "{}", answer.text);
    let entry = world.get("sun", &format!("/api/v1/activities/{id}")).await.json();
    assert_eq!(entry["version"], json!(1));
    // The page refused for one who may not change it has no form, and takes none.
    for (who, status) in [("zhou", StatusCode::FORBIDDEN), ("li", StatusCode::NOT_FOUND)] {
        let address = format!("/activities?edit={id}");
        assert!(!world.get(who, &address).await.text.contains("tr class=\"edit\""), "{who}");
        assert_eq!(world.submit(who, &address, &TYPED).await.status, status, "{who}");
    }
}

#[tokio::test]
async fn a_correction_that_came_too_late_says_what_stands_now_and_keeps_what_was_typed() {
    let world = World::new(sqlite().await).await;
    let id = one(&world).await;
    let address = format!("/activities?unit={TIANPING}&edit={id}");
    let first = TYPED.map(|(name, value)| if name == "value.banner" { (name, "9") } else { (name, value) });
    assert_eq!(world.submit("qian", &address, &first).await.status, StatusCode::SEE_OTHER);
    let answer = world.submit("sun", &address, &TYPED).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("name=\"value.banner\" type=\"number\" value=\"4\""), "{}", answer.text);
    assert!(texts(&answer, "tr.edit .muted").join("").contains("横幅/标语 9条"), "{}", answer.text);
    // Saved again, it builds on what was seen.
    assert!(answer.text.contains("name=\"version\" value=\"2\""), "{}", answer.text);
    let again = TYPED.map(|(name, value)| if name == "version" { (name, "2") } else { (name, value) });
    assert_eq!(world.submit("sun", &address, &again).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn only_who_may_change_an_entry_is_offered_to() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    assert_eq!(texts(&world.get("qian", "/activities").await, "a.edit").len(), 4);
    assert_eq!(texts(&world.get("sun", "/activities").await, "a.edit").len(), 2);
    assert!(texts(&world.get("zhou", "/activities").await, "a.edit").is_empty());
    assert!(
        texts(&world.get("li", &format!("/activities?unit={LIANGHE}&status=withdrawn")).await, "a.edit").is_empty()
    );
}

#[tokio::test]
async fn columns_are_kept_in_the_address_and_by_the_browser() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let chosen = [("do", "columns"), ("col", "unit"), ("col", "m.banner"), ("col", "m.leaflet"), ("per", "100")];
    let answer = world.submit("qian", "/activities?year=2021&cursor=x", &chosen).await;
    assert_eq!(answer.header("location"), "/activities?year=2021&col=unit&col=m.banner&col=m.leaflet&per=100");
    let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let page = world.get("qian", answer.header("location")).await;
    assert_eq!(texts(&page, "table.ledger thead th").join("|"), "日期 ↓|单位|横幅/标语|宣传资料");
    assert_eq!(
        texts(&page, "table.ledger tfoot th, table.ledger tfoot td").join("|"),
        "合计 3 条|123（约 20）|120（以上 120）"
    );
    let kept = Request::builder()
        .uri("/activities?year=2021")
        .header(header::AUTHORIZATION, format!("Bearer {}", token("qian")))
        .header(header::COOKIE, &cookie)
        .body(Body::empty())
        .expect("a request");
    let page = world.send(kept).await;
    assert_eq!(texts(&page, "table.ledger thead th").len(), 4);
    for wrong in [("col", "nothing"), ("col", "m.nothing"), ("per", "7")] {
        let answer = world.submit("qian", "/activities", &[("do", "columns"), wrong]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let usual =
        world.submit("qian", "/activities?col=unit", &[("do", "columns"), ("col", "unit"), ("usual", "1")]).await;
    assert_eq!(usual.header("location"), "/activities");
    assert!(usual.header("set-cookie").contains("Max-Age=0"), "{:?}", usual.headers);
    // Every measure a column of its own.
    let page = world.get("qian", "/activities?year=2021&col=measures").await;
    assert_eq!(texts(&page, "table.ledger thead th").join("|"), "日期 ↓|横幅/标语|宣传资料");
}
