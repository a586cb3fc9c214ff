//! The pages of evidence, as a browser without script uses them.

use super::{
    api_tests::{LIANGHE, TIANPING, entry, send},
    sample::{self, docx, form, fresh_photo, pdf},
};
use crate::{
    execute,
    server::testing::{Answer, World, each_engine, sqlite},
};
use axum::http::{Method, StatusCode};
use serde_json::json;

async fn submit(world: &World, who: &str, address: &str, parts: &[(&str, &str, &[u8])]) -> Answer {
    let (kind, body) = form(parts);
    world.send_bytes(who, Method::POST, address, &kind, body).await
}

/// How many pieces an entry has.
async fn count(world: &World, activity: &str) -> usize {
    let list = world.get("qian", &format!("/api/v1/activities/{activity}/evidence")).await.json();
    list["items"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn one_bad_file_is_named_and_loses_none_of_the_others() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
        let address = format!("/activities/{activity}/evidence");
        let parts: [(&str, &str, &[u8]); 5] = [
            ("children", "1", b""),
            ("file", "一.jpg", &fresh_photo()),
            ("file", "坏.jpg", b"<html>no photo</html>"),
            ("file", "大.jpg", &vec![7; 21 * 1024 * 1024]),
            ("file", "签到表.pdf", &pdf()),
        ];
        let refused = submit(&world, "sun", &address, &parts).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("坏.jpg：") && refused.text.contains("大.jpg："), "{}", refused.text);
        assert!(refused.text.contains("其余 2 份已保存"), "{}", refused.text);
        assert_eq!(count(&world, &activity).await, 2);
        let done = submit(&world, "sun", &address, &[("file", "二.jpg", &fresh_photo())]).await;
        assert_eq!(
            (done.status, done.header("location")),
            (StatusCode::SEE_OTHER, &*format!("/activities/{activity}#evidence"))
        );
        for empty in [vec![], vec![("children", "1", &b""[..])]] {
            assert_eq!(submit(&world, "sun", &address, &empty).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        // The entry's page shows them with date, place and unit; the first one with children on it is never public.
        let page = world.get("zhou", &format!("/activities/{activity}")).await;
        assert!(page.text.contains("2021年6月24日 · 老街 · 天坪村（2）"), "{}", page.text);
        assert!(page.text.contains("有未成年人 · 不对外") && page.text.contains("签到表.pdf"));
        assert!(!page.text.contains("type=\"file\""), "a leader reads only");
        let page = world.get("sun", &format!("/activities/{activity}")).await;
        assert!(page.text.contains("type=\"file\"") && page.text.contains("multipart/form-data"));
        assert!(!page.text.contains("capture"), "the camera is never forced");
    })
    .await;
}

#[tokio::test]
async fn a_piece_supports_several_entries_and_is_taken_back_with_a_reason() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let first = entry(&world, TIANPING, "2021-06-24", json!({})).await;
        let second = entry(&world, TIANPING, "2021-06-25", json!({})).await;
        let far = entry(&world, LIANGHE, "2021-06-25", json!({})).await;
        let told = send(&world, "sun", &first, "a.jpg", &fresh_photo()).await.json();
        let uses = format!("/evidence/{}/uses", told["id"].as_str().expect("an id"));
        let page = world.get("sun", &uses).await.text;
        assert!(page.contains("2021年6月25日 · 老街 · 天坪村") && !page.contains("两河村"), "{page}");
        let to = |activity: &str| [("do", "attach".to_owned()), ("activity", activity.to_owned())];
        for (who, activity, status) in [
            ("sun", second.as_str(), 303),
            ("sun", second.as_str(), 303),
            ("sun", far.as_str(), 404),
            ("li", far.as_str(), 404),
            ("sun", "", 422),
        ] {
            let fields = to(activity);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(world.submit(who, &uses, &fields).await.status, status, "{who} {activity}");
        }
        assert_eq!((count(&world, &first).await, count(&world, &second).await), (1, 1));
        // The officer sees both, and puts it to 两河村's too: then its cadre sees it, and cannot take it from others.
        let fields = to(&far);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(world.submit("qian", &uses, &fields).await.status, 303);
        let page = world.get("li", &uses).await.text;
        assert!(page.contains("两河村") && !page.contains("天坪村"), "{page}");
        let mut conn = world.db.read().await.expect("a transaction");
        let scope = world.actor("qian").await.scope();
        let id = told["id"].as_str().expect("an id").parse().expect("an id");
        let links = super::store::uses(&mut conn, &scope, id).await.expect("the uses");
        drop(conn);
        let of = |activity: &str| {
            links.iter().find(|one| one.activity.to_string() == activity).expect("a use").link_id.to_string()
        };
        for (who, link, reason, status) in [
            ("li", of(&first), "重复", 404),
            ("zhou", of(&first), "重复", 403),
            ("sun", of(&first), " ", 422),
            ("sun", of(&first), "传错了", 303),
            ("sun", of(&first), "传错了", 404),
            ("sun", "x".to_owned(), "传错了", 404),
        ] {
            let fields = [("do", "unlink"), ("link", &link), ("reason", reason)];
            assert_eq!(world.submit(who, &uses, &fields).await.status, status, "{who} {link} {reason}");
        }
        assert_eq!((count(&world, &first).await, count(&world, &second).await), (0, 1));
        assert_eq!(world.get("sun", &format!("/evidence/{id}")).await.status, 200, "the other entry still has it");
        // Sent again, it is there again.
        assert_eq!(world.submit("sun", &uses, &[("do", "children"), ("children", "1")]).await.status, 303);
        assert!(world.get("sun", &uses).await.text.contains("有未成年人 · 不对外"));
    })
    .await;
}

#[tokio::test]
async fn who_has_the_same_photo_says_that_children_are_on_it_and_not_for_others_that_there_are_none() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let near = entry(&world, TIANPING, "2021-06-24", json!({})).await;
        let far = entry(&world, LIANGHE, "2021-06-25", json!({})).await;
        let photo = fresh_photo();
        let told = send(&world, "sun", &near, "a.jpg", &photo).await.json();
        assert_eq!(send(&world, "li", &far, "b.jpg", &photo).await.status, 201);
        let uses = format!("/evidence/{}/uses", told["id"].as_str().expect("an id"));
        let words = "有未成年人 · 不对外";
        for (who, said, status) in
            [("li", "1", 303), ("li", "0", 403), ("sun", "0", 403), ("zhou", "0", 403), ("qian", "0", 303)]
        {
            let answer = world.submit(who, &uses, &[("do", "children"), ("children", said)]).await;
            assert_eq!(answer.status, status, "{who} {said}");
            assert_eq!(world.get("sun", &uses).await.text.contains(words), who != "qian", "{who} {said}");
        }
        assert!(world.get("li", &uses).await.text.contains("name=\"children\""));
        assert_eq!(world.submit("sun", &uses, &[("do", "children"), ("children", "1")]).await.status, 303);
        assert!(!world.get("li", &uses).await.text.contains("name=\"children\""), "nothing is offered that is refused");
    })
    .await;
}

#[tokio::test]
async fn documents_of_a_campaign_are_read_by_its_villages_and_those_of_an_indicator_by_their_unit() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let campaign = json!({ "key": "drugs-month", "title": "禁毒月", "unit": "500999001", "from": "2021-06-01",
            "to": "2021-06-30", "themes": ["drugs"] });
        assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, 201);
        let address = "/campaigns/drugs-month/evidence";
        let done =
            submit(&world, "qian", address, &[("file", "通知.docx", &docx()), ("file", "会议.jpg", &fresh_photo())])
                .await;
        assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, address));
        assert_eq!(submit(&world, "sun", address, &[("file", "a.pdf", &pdf())]).await.status, 403);
        let page = world.get("sun", address).await.text;
        assert!(page.contains("通知.docx") && page.contains("禁毒月") && !page.contains("type=\"file\""), "{page}");
        let indicator = "/indicators/vice_principals/evidence?unit=500999001";
        assert_eq!(submit(&world, "qian", indicator, &[("file", "聘书.pdf", &pdf())]).await.status, 303);
        assert!(world.get("qian", indicator).await.text.contains("聘书.pdf"));
        // Letters of appointment name people: those below the town do not read them.
        assert!(!world.get("sun", "/indicators/vice_principals/evidence").await.text.contains("聘书.pdf"));
        let mut conn = world.db.read().await.expect("a transaction");
        let scope = world.actor("qian").await.scope();
        let filter = super::list_store::Filter { without_activity: true, ..Default::default() };
        let lines = super::list_store::page(&mut conn, &scope, &filter, None, 10).await.expect("the list");
        drop(conn);
        let piece = |name: &str| lines.iter().find(|one| one.piece.name == name).expect("a piece").piece.id;
        for (who, name, status) in [
            ("sun", "通知.docx", 200),
            ("li", "会议.jpg", 200),
            ("sun", "聘书.pdf", 404),
            ("zhou", "聘书.pdf", 200),
            ("zhao", "聘书.pdf", 200),
        ] {
            let address = format!("/evidence/{}", piece(name));
            assert_eq!(world.get(who, &address).await.status, status, "{who} {name}");
            assert_eq!(world.get(who, &format!("{address}/uses")).await.status, status, "{who} {name}");
        }
        let list = world.get("qian", "/evidence?without=1").await.text;
        assert!(list.contains("聘书.pdf") && list.contains("通知.docx"), "{list}");
        let list = world.get("sun", "/evidence").await.text;
        assert!(!list.contains("聘书.pdf") && list.contains("通知.docx"), "{list}");
        assert!(!world.get("sun", "/evidence?kind=photo").await.text.contains("通知.docx"));
    })
    .await;
}

#[tokio::test]
async fn a_type_that_requires_evidence_says_so_and_keeps_nobody_from_logging() {
    let world = World::new(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let page = world.get("sun", &format!("/activities/{activity}")).await.text;
    assert!(page.contains("没有也不影响登记和统计") && !page.contains("缺佐证材料"), "{page}");
    let mut conn = world.db.write().await.expect("a transaction");
    execute!(&mut conn, sqlx::query("update activity_type set evidence = 'required'")).expect("a stricter office");
    conn.commit().await.expect("stored");
    let bare = entry(&world, TIANPING, "2021-06-25", json!({})).await;
    let page = world.get("sun", &format!("/activities/{bare}")).await.text;
    assert!(page.contains("缺佐证材料") && page.contains("可以先登记"), "{page}");
    assert_eq!(send(&world, "sun", &bare, "a.jpg", &sample::one_photo()).await.status, 201);
    assert!(!world.get("sun", &format!("/activities/{bare}")).await.text.contains("缺佐证材料"));
}

#[tokio::test]
async fn a_time_that_is_not_to_be_kept_is_not() {
    let world = World::new(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let photo = |number| sample::with_exif(&sample::jpeg(number, 60, 40), 1, "2021:06:24 09:30:00");
    let told = send(&world, "sun", &activity, "a.jpg", &photo(50)).await.json();
    assert!(told["taken_at"].is_string());
    assert_eq!(world.submit("zhao", "/evidence", &[("do", "time"), ("policy", "drop")]).await.status, 303);
    let told = send(&world, "sun", &activity, "b.jpg", &photo(51)).await.json();
    assert!(told.get("taken_at").is_none(), "{told}");
}

#[tokio::test]
async fn where_two_entries_are_merged_both_evidences_are_kept() {
    let world = World::new(sqlite().await).await;
    let first = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let second = entry(&world, TIANPING, "2021-06-24", json!({ "place": "学校" })).await;
    let shared = fresh_photo();
    for (activity, photo) in [(&first, &shared), (&second, &shared), (&second, &fresh_photo())] {
        assert_eq!(send(&world, "sun", activity, "a.jpg", photo).await.status, 201);
    }
    let account = world.actor("qian").await.account_id;
    let (from, to) = (second.parse().expect("an id"), first.parse().expect("an id"));
    let mut conn = world.db.write().await.expect("a transaction");
    let now = crate::server::clock::now();
    super::write_store::copy_links(&mut conn, from, to, account, now).await.expect("copied");
    conn.commit().await.expect("stored");
    assert_eq!((count(&world, &first).await, count(&world, &second).await), (2, 2));
}
