//! The texts of an entry and of a campaign, as pages and as documents.

use crate::{
    evidence::sample,
    server::testing::{World, each_engine, sqlite, token},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::json;
use std::io::Read;

const TIANPING: &str = "500999001201";

/// An entry of 天坪村; its id.
async fn entry(world: &World, more: serde_json::Value) -> String {
    let id = uuid::Uuid::now_v7().to_string();
    let mut body = json!({
        "id": id, "unit": TIANPING, "date": "2021-12-04", "themes": ["constitution"], "place": "村委会院坝", "handler": "孙丽",
        "quantities": [
            { "measure": "banner", "value": 2, "precision": "exact" },
            { "measure": "leaflet", "value": 120, "precision": "at_least" },
            { "measure": "attendance", "value": 60, "precision": "exact" },
        ],
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    let answer = world.post("sun", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    id
}

/// The words of a document that was downloaded, and how many pictures it holds.
async fn document(world: &World, who: &str, address: &str) -> (String, usize) {
    let request = Request::builder()
        .uri(address)
        .header(header::AUTHORIZATION, format!("Bearer {}", token(who)))
        .body(Body::empty())
        .unwrap();
    let answer = tower::ServiceExt::oneshot(world.router.clone(), request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{address}");
    let disposition = answer.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
    assert!(
        disposition.starts_with("attachment; filename=\"brief-") && disposition.ends_with(".docx"),
        "{disposition}"
    );
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
    let pictures = zip.file_names().filter(|name| name.as_ref().is_ok_and(|name| name.ends_with(".png"))).count();
    (text, pictures)
}

/// Sends a photo nobody took before to an entry.
async fn photo(world: &World, activity: &str, number: u64) {
    let (kind, body) = sample::form(&[("file", "IMG.jpg", &sample::jpeg(number, 400, 300))]);
    let address = format!("/api/v1/activities/{activity}/evidence");
    let answer = world.send_bytes("sun", Method::POST, &address, &kind, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

#[tokio::test]
async fn what_was_logged_is_ready_to_be_copied_and_downloaded() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let id = entry(&world, json!({})).await;
        let address = format!("/activities/{id}/brief");
        let link = format!("href=\"{address}\"");
        assert!(
            world.get("sun", &format!("/activities/{id}")).await.text.contains(&link),
            "it is found from the entry"
        );
        let page = world.get("sun", &address).await;
        assert_eq!(page.status, StatusCode::OK);
        for text in [
            "【天坪村】12月4日，在村委会院坝开展宪法宣传，悬挂宣传横幅2条，发放宣传资料120余份，受教育群众60人次。",
            "2021年12月4日，青山镇天坪村在村委会院坝开展宪法宣传活动。",
            "<textarea id=\"brief-text\"",
        ] {
            assert!(page.text.contains(text), "{text}: {}", page.text);
        }
        let english = world.get("sun", &format!("{address}?lang=en")).await.text;
        assert!(english.contains("For the group") && english.contains("青山镇天坪村在村委会院坝开展宪法宣传活动"));
        let (text, pictures) = document(&world, "sun", &format!("{address}.docx")).await;
        assert_eq!(pictures, 0);
        for words in ["天坪村开展宪法宣传活动", "发放宣传资料120余份", "仿宋_GB2312"] {
            assert!(text.contains(words), "{words}");
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_is_written_of_what_was_withdrawn_or_is_anothers() {
    let world = World::new(sqlite().await).await;
    let id = entry(&world, json!({})).await;
    for address in [format!("/activities/{id}/brief"), format!("/activities/{id}/brief.docx")] {
        assert_eq!(world.get("li", &address).await.status, StatusCode::NOT_FOUND, "{address}");
        assert_eq!(world.get("", &address).await.status, StatusCode::SEE_OTHER, "{address}");
    }
    let done = world.submit("sun", &format!("/activities/{id}"), &[("do", "withdraw"), ("reason", "重复")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("sun", &format!("/activities/{id}/brief")).await.status, StatusCode::NOT_FOUND);
    assert!(!world.get("sun", &format!("/activities/{id}")).await.text.contains("/brief\""));
}

#[tokio::test]
async fn a_campaigns_brief_counts_an_activity_of_two_campaigns_once() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for key in ["one", "two"] {
            let body = json!({
                "key": key, "title": "宪法宣传周", "from": "2021-11-29", "to": "2021-12-05", "themes": ["constitution"],
            });
            assert_eq!(world.post("qian", "/api/v1/campaigns", body).await.status, StatusCode::CREATED);
        }
        entry(&world, json!({ "campaigns": ["one", "two"] })).await;
        entry(&world, json!({ "campaigns": ["one"] })).await;
        let page = world.get("qian", "/campaigns/one/brief").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        for text in [
            "2021年11月29日至12月5日，青山镇围绕宪法，组织“宪法宣传周”专项宣传，共开展活动2场次，走进1个村（社区）。",
            "其间，悬挂宣传横幅4条，发放宣传资料240余份，受教育群众120人次。",
        ] {
            assert!(page.text.contains(text), "{text}: {}", page.text);
        }
        assert!(document(&world, "qian", "/campaigns/one/brief.docx").await.0.contains("走进1个村（社区）"));
        // The cadre is told of their own village alone.
        let own = world.get("li", "/campaigns/one/brief").await.text;
        assert!(own.contains("青山镇两河村围绕宪法") && own.contains("目前还没有活动记录"), "{own}");
        assert!(world.get("qian", "/campaigns/one").await.text.contains("/campaigns/one/brief"));
    })
    .await;
}

#[tokio::test]
async fn up_to_two_photos_stand_in_the_brief_with_date_place_and_unit() {
    let world = World::new(sqlite().await).await;
    let campaign = json!({ "key": "one", "title": "宪法宣传周", "from": "2021-11-29", "to": "2021-12-05" });
    assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, StatusCode::CREATED);
    let id = entry(&world, json!({ "campaigns": ["one"] })).await;
    for number in 1..=3 {
        photo(&world, &id, number).await;
    }
    for (address, expected) in [(format!("/activities/{id}/brief"), 2), ("/campaigns/one/brief".to_owned(), 1)] {
        let page = world.get("sun", &address).await.text;
        assert_eq!(page.matches("/thumb\"").count(), expected, "{page}");
        let (text, pictures) = document(&world, "sun", &format!("{address}.docx")).await;
        assert_eq!(pictures, expected);
        assert!(text.contains("2021年12月4日 村委会院坝 天坪村"), "{text}");
    }
}

#[tokio::test]
async fn wechats_browser_is_told_how_to_download_and_no_other() {
    let world = World::new(sqlite().await).await;
    let id = entry(&world, json!({})).await;
    for (agent, is_told) in
        [("Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0.16", true), ("Mozilla/5.0 Firefox/120", false)]
    {
        let request = Request::builder()
            .uri(format!("/activities/{id}/brief"))
            .header(header::AUTHORIZATION, format!("Bearer {}", token("sun")))
            .header(header::USER_AGENT, agent)
            .body(Body::empty())
            .unwrap();
        assert_eq!(world.send(request).await.text.contains("在浏览器打开"), is_told, "{agent}");
    }
}
