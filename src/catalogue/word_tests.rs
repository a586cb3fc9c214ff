//! The order and the words of the catalogue, as an administrator chooses them and as the report then says.

use crate::server::testing::{World, each_engine, sqlite};
use axum::http::StatusCode;
use serde_json::json;

const TOWN: &str = "500999001";

async fn log(world: &World, measure: &str, value: i64, themes: &[&str]) {
    let body = json!({
        "id": uuid::Uuid::now_v7(), "unit": TOWN, "date": "2025-03-01", "type": measure, "themes": themes,
        "campaigns": [], "quantities": [{"measure": measure, "value": value, "precision": "exact"}],
    });
    let answer = world.post("qian", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

async fn report(world: &World, unit: &str) -> String {
    let answer = world.get("zhao", &format!("/api/v1/reports/annual?unit={unit}&year=2025")).await.json();
    answer["paragraphs"].as_array().into_iter().flatten().filter_map(|text| text.as_str()).collect()
}

async fn first_themes(world: &World, who: &str) -> Vec<String> {
    let json = world.get(who, "/api/v1/themes").await.json();
    let items = json["items"].as_array().cloned().unwrap_or_default();
    items.iter().take(3).filter_map(|item| item["key"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn themes_are_moved_by_buttons_for_a_unit_and_all_below_and_the_report_follows() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        log(&world, "lecture", 3, &["drugs", "fraud"]).await;
        let usual = first_themes(&world, "sun").await;
        let said = report(&world, TOWN).await;
        assert!(said.find("禁毒") < said.find("反诈"), "{said}");
        let page = "/catalogue/theme?unit=500999001";
        let done = world.submit("qian", page, &[("do", "first"), ("key", "fraud")]).await;
        assert_eq!(done.header("location"), "/catalogue/theme?unit=500999001#entry-fraud", "{}", done.text);
        assert_eq!(first_themes(&world, "sun").await[..2], ["fraud".to_owned(), usual[0].clone()]);
        let said = report(&world, TOWN).await;
        assert!(said.find("反诈") < said.find("禁毒"), "{said}");
        assert_eq!(first_themes(&world, "zhao").await, usual, "the county keeps its own");
        assert_eq!(world.submit("qian", page, &[("do", "down"), ("key", "fraud")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(first_themes(&world, "sun").await[..2], [usual[0].clone(), "fraud".to_owned()]);
        assert!(world.get("qian", page).await.text.contains("现在的顺序：青山镇"));
        assert_eq!(world.submit("qian", page, &[("do", "as_above")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(first_themes(&world, "sun").await, usual);
    })
    .await;
}

#[tokio::test]
async fn measures_and_types_have_an_order_too_and_a_retired_entry_is_not_in_it() {
    let world = World::new(sqlite().await).await;
    for kind in ["measure", "type", "theme"] {
        let page = world.get("qian", &format!("/catalogue/{kind}")).await;
        assert_eq!(page.status, StatusCode::OK, "{kind}");
        assert!(page.text.contains("value=\"down\"") && page.text.contains("aria-label=\"上移 "), "{}", page.text);
        for who in ["sun", "zhou"] {
            let page = world.get(who, &format!("/catalogue/{kind}")).await;
            assert!(page.status == StatusCode::OK && !page.text.contains("method=\"post\""), "{who} {kind}");
        }
    }
    assert_eq!(world.get("qian", "/catalogue/nothing").await.status, StatusCode::NOT_FOUND);
    let up = [("do", "up"), ("key", "leaflet")];
    for who in ["sun", "zhou"] {
        assert_eq!(world.submit(who, "/catalogue/measure", &up).await.status, StatusCode::FORBIDDEN, "{who}");
    }
    assert_eq!(
        world.submit("qian", "/catalogue/measure", &[("do", "up"), ("key", "no")]).await.status,
        StatusCode::NOT_FOUND
    );
    let theme = json!({"key": "own", "name": "自己的主题"});
    assert_eq!(world.post("qian", "/api/v1/themes", theme).await.status, StatusCode::CREATED);
    assert!(world.get("qian", "/catalogue/theme").await.text.contains("自己的主题"));
    assert_eq!(world.submit("qian", "/catalogue/theme/own", &[("do", "retire")]).await.status, StatusCode::SEE_OTHER);
    assert!(!world.get("qian", "/catalogue/theme").await.text.contains("自己的主题"));
}

#[tokio::test]
async fn two_measures_share_a_clause_in_the_words_of_a_unit() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        log(&world, "lecture", 60, &[]).await;
        log(&world, "moot_court", 50, &[]).await;
        let page = "/catalogue/measure/lecture?unit=500999001";
        let words = [
            ("do", "word"),
            ("phrase", "举办讲座"),
            ("form", "hundreds"),
            ("step", "0"),
            ("opening", "6"),
            ("shared_with", "moot_court"),
            ("together", "举办讲座和模拟法庭{figure}"),
        ];
        let done = world.submit("qian", page, &words).await;
        assert_eq!(done.header("location"), page, "{}", done.text);
        let said = report(&world, TOWN).await;
        assert!(said.contains("举办讲座和模拟法庭上百场") && !said.contains("讲座60场"), "{said}");
        let shown = world.get("qian", page).await.text;
        for word in ["<option value=\"moot_court\" selected>", "6 讲座", "上百场", "青山镇自己的写法"] {
            assert!(shown.contains(word), "{word}: {shown}");
        }
        let other = world.get("qian", "/catalogue/measure/moot_court?unit=500999001").await.text;
        assert!(other.contains("<option value=\"lecture\" selected>"), "the other one knows it: {other}");
        let mut apart = words;
        apart[5].1 = "";
        assert_eq!(world.submit("qian", page, &apart).await.status, StatusCode::SEE_OTHER);
        let said = report(&world, TOWN).await;
        assert!(said.contains("举办讲座60场") && said.contains("50场"), "{said}");
        assert_eq!(world.submit("qian", page, &[("do", "unword")]).await.status, StatusCode::SEE_OTHER);
        assert!(!report(&world, TOWN).await.contains("举办讲座"));
        assert_eq!(world.submit("qian", page, &[("do", "unword")]).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn words_that_make_no_sense_come_back_as_typed() {
    let world = World::new(sqlite().await).await;
    let page = "/catalogue/measure/lecture?unit=500999001";
    let words = [
        ("do", "word"),
        ("phrase", "举办讲座"),
        ("form", "more"),
        ("step", "-1"),
        ("opening", "100"),
        ("shared_with", "leaflet"),
    ];
    let refused = world.submit("qian", page, &words).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for word in ["f-step-problem", "f-opening-problem", "f-shared_with-problem", "按“份”计", "value=\"举办讲座\""]
    {
        assert!(refused.text.contains(word), "{word}: {}", refused.text);
    }
    let mut itself = words;
    itself[5].1 = "lecture";
    assert!(world.submit("qian", page, &itself).await.text.contains("f-shared_with-problem"));
    for who in ["sun", "zhou"] {
        assert_eq!(
            world.submit(who, "/catalogue/measure/lecture", &[("do", "unword")]).await.status,
            StatusCode::FORBIDDEN
        );
    }
}

#[tokio::test]
async fn what_the_county_owns_is_opened_by_the_town_as_the_town_sees_it() {
    let world = World::new(sqlite().await).await;
    let poster = json!({"key": "poster", "name": "海报", "unit_word": "张"});
    assert_eq!(world.post("zhao", "/api/v1/measures", poster).await.status, StatusCode::CREATED);
    let list = world.get("qian", "/catalogue").await.text;
    assert!(list.contains("href=\"/catalogue/measure/poster\""), "{list}");
    assert!(world.get("zhao", "/catalogue").await.text.contains("href=\"/catalogue/measure/poster?unit=500999\""));
}
