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
async fn a_correction_that_came_too_late_is_chosen_side_by_side_and_undoes_nothing_unseen() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let id = one(&world).await;
        let address = format!("/activities?unit={TIANPING}&edit={id}");
        let with = |changes: &[(&'static str, &'static str)]| {
            TYPED.map(|(name, value)| *changes.iter().find(|one| one.0 == name).unwrap_or(&(name, value)))
        };
        let mut first = with(&[("value.banner", "9"), ("date", "2021-06-24"), ("place", "小学")]).to_vec();
        first.push(("note", "雨天"));
        assert_eq!(world.submit("qian", &address, &first).await.status, StatusCode::SEE_OTHER);
        let answer = world.submit("sun", &address, &with(&[("place", "老院子")])).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        // Every part is shown in which what she typed differs from what stands now, also the place that she left alone.
        let parts = texts(&answer, "form.conflict legend").join("|");
        assert_eq!(parts, "日期|横幅/标语 两人都改了|地点|备注", "{}", answer.text);
        let form = scraper::Html::parse_document(&answer.text);
        let select = |what: &str| scraper::Selector::parse(what).expect("a selector");
        let target = form.select(&select("form.conflict")).next().and_then(|one| one.attr("action"));
        assert_eq!(target, Some(format!("/activities/{id}/correct").as_str()));
        // As it comes, she keeps the other's place and note, and what she changed herself.
        let mut fields: Vec<(String, String)> = Vec::new();
        for input in form.select(&select("form.conflict input")) {
            let (name, value) = (input.attr("name").expect("a name"), input.attr("value").unwrap_or_default());
            if input.attr("type") != Some("radio") || input.attr("checked").is_some() {
                fields.push((name.into(), value.into()));
            }
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert!(fields.contains(&("reason", "数错了")) && fields.contains(&("version", "2")), "{fields:?}");
        let done = world.submit("sun", &format!("/activities/{id}/correct"), &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let entry = world.get("sun", &format!("/api/v1/activities/{id}")).await.json();
        assert_eq!(
            (&entry["date"], &entry["place"], &entry["note"]),
            (&json!("2021-06-25"), &json!("小学"), &json!("雨天"))
        );
        assert_eq!(entry["quantities"][0]["value"], json!(4));
        assert_eq!(entry["themes"], json!(["drugs"]));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_stays_in_the_row_and_builds_on_what_was_seen() {
    let world = World::new(sqlite().await).await;
    let id = one(&world).await;
    let address = format!("/activities?unit={TIANPING}&edit={id}");
    assert_eq!(world.submit("qian", &address, &TYPED).await.status, StatusCode::SEE_OTHER);
    let typed = TYPED.map(|(name, value)| if name == "value.banner" { (name, "九") } else { (name, value) });
    let answer = world.submit("sun", &address, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("name=\"version\" value=\"1\""), "{}", answer.text);
    assert!(texts(&answer, "tr.edit .muted").join("").contains("横幅/标语 4条"), "{}", answer.text);
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
