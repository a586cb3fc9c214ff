//! The pages of the catalogue, as a browser without script uses them.

use crate::server::testing::{Answer, World, each_engine, sqlite};
use axum::http::StatusCode;

async fn add_poster(world: &World) {
    let fields = [
        ("do", "measure"),
        ("m_name", "海报"),
        ("m_unit_word", "张"),
        ("m_counting_rule", "每张贴一张计1张"),
        ("m_key", "poster"),
        ("m_unit", "500999"),
    ];
    let done = world.submit("zhao", "/catalogue", &fields).await;
    assert_eq!(done.header("location"), "/catalogue#measures", "{}", done.text);
}

/// The row of the table that holds a word.
fn row<'a>(answer: &'a Answer, word: &str) -> &'a str {
    answer.text.split("<tr>").find(|row| row.contains(word)).unwrap_or_default()
}

#[tokio::test]
async fn measures_types_and_themes_are_added_by_form_and_shown_with_their_owner() {
    let world = World::new(sqlite().await).await;
    add_poster(&world).await;
    let fields = [
        ("do", "type"),
        ("t_name", "贴海报"),
        ("t_measures", "poster"),
        ("t_measures", "attendance"),
        ("t_evidence", "required"),
    ];
    assert_eq!(world.submit("zhao", "/catalogue", &fields).await.header("location"), "/catalogue#types");
    let fields = [("do", "theme"), ("h_name", "野生动物保护"), ("h_unit", "500999001201")];
    assert_eq!(world.submit("qian", "/catalogue", &fields).await.header("location"), "/catalogue#themes");
    let page = world.get("sun", "/catalogue").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(row(&page, ">海报").contains("青山县") && row(&page, ">贴海报").contains("必须"));
    assert!(row(&page, ">贴海报").contains("海报、受教育"), "{}", row(&page, ">贴海报"));
    assert!(row(&page, "野生动物保护").contains("天坪村") && row(&page, ">禁毒").contains("内置"));
    assert!(!page.text.contains("name=\"m_name\""), "a cadre has no form");
    assert!(!world.get("li", "/catalogue").await.text.contains("野生动物保护"));
    let own = world.get("qian", "/catalogue").await;
    assert!(own.text.contains("/catalogue/theme/own-theme-1?unit=500999001201"), "a key was chosen for it");
}

#[tokio::test]
async fn a_refused_entry_comes_back_as_typed() {
    let world = World::new(sqlite().await).await;
    let fields = [("do", "type"), ("t_name", "空类型"), ("t_key", "banner")];
    let refused = world.submit("qian", "/catalogue", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for word in ["空类型", "f-t_measures-problem", "f-t_key-problem"] {
        assert!(refused.text.contains(word), "{word}");
    }
}

#[tokio::test]
async fn another_counting_rule_is_another_version_and_a_retired_entry_can_be_taken_back() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        add_poster(&world).await;
        let page = "/catalogue/measure/poster";
        let edit = [
            ("do", "edit"),
            ("name", "宣传海报"),
            ("unit_word", "张"),
            ("counting_rule", "撕掉重贴不计"),
            ("nature", "interactive"),
        ];
        for _ in 0..2 {
            let done = world.submit("zhao", page, &edit).await;
            assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, page), "{}", done.text);
        }
        let shown = world.get("zhao", page).await.text;
        for word in ["宣传海报", "撕掉重贴不计", "每张贴一张计1张", "第 2 版"] {
            assert!(shown.contains(word), "{word}");
        }
        assert!(!shown.contains("第 3 版"), "the same rule makes no new version");
        let edit = [("do", "edit"), ("name", ""), ("unit_word", "张")];
        assert_eq!(world.submit("zhao", page, &edit).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        for (action, retired) in [("retire", true), ("unretire", false)] {
            assert_eq!(world.submit("zhao", page, &[("do", action)]).await.status, StatusCode::SEE_OTHER);
            let list = world.get("sun", "/api/v1/measures").await.json();
            let items = list["items"].as_array().cloned().unwrap_or_default();
            let poster = items.iter().find(|item| item["key"] == "poster").expect("it stays in sight");
            assert_eq!(poster["retired"], retired);
        }
    })
    .await;
}

#[tokio::test]
async fn a_unit_words_a_built_in_measure_for_its_reports() {
    let world = World::new(sqlite().await).await;
    let page = "/catalogue/measure/leaflet?unit=500999001";
    let fields = [("do", "word"), ("form", "above"), ("phrase", "送出资料"), ("step", "0")];
    let done = world.submit("qian", page, &fields).await;
    assert_eq!(done.header("location"), page, "{}", done.text);
    let shown = world.get("qian", page).await.text;
    assert!(shown.contains("value=\"送出资料\"") && shown.contains("<option value=\"above\" selected>"), "{shown}");
    assert!(
        !world.get("zhao", "/catalogue/measure/leaflet").await.text.contains("送出资料"),
        "the county keeps its own"
    );
    let fields = [("do", "word"), ("form", "odd"), ("step", "many")];
    assert_eq!(world.submit("qian", page, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn nobody_changes_a_built_in_entry_or_one_of_another_unit() {
    let world = World::new(sqlite().await).await;
    add_poster(&world).await;
    let edit = [("do", "edit"), ("name", "改名"), ("unit_word", "条"), ("h_name", "改名"), ("measures", "banner")];
    for (who, address, status) in [
        ("zhao", "/catalogue/measure/banner", StatusCode::FORBIDDEN),
        ("zhao", "/catalogue/type/banner", StatusCode::FORBIDDEN),
        ("zhao", "/catalogue/theme/drugs", StatusCode::FORBIDDEN),
        ("qian", "/catalogue/measure/poster", StatusCode::FORBIDDEN),
        ("sun", "/catalogue/measure/poster", StatusCode::FORBIDDEN),
        ("zhou", "/catalogue/measure/poster", StatusCode::FORBIDDEN),
        ("zhao", "/catalogue/measure/nothing", StatusCode::NOT_FOUND),
        ("sun", "/catalogue/measure/poster?unit=500999001202", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.submit(who, address, &edit).await.status, status, "{who} {address}");
        assert_eq!(world.submit(who, address, &[("do", "retire")]).await.status, status, "{who} {address}");
    }
    assert!(world.get("qian", "/catalogue/measure/poster").await.text.contains("这一条归青山县"));
    let word = [("do", "word"), ("form", "above"), ("step", "0")];
    for who in ["sun", "zhou"] {
        assert_eq!(world.submit(who, "/catalogue/measure/leaflet", &word).await.status, StatusCode::FORBIDDEN, "{who}");
    }
}
