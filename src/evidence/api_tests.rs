//! Evidence over HTTP: sent, listed, looked at, by whom.

use super::sample::{self, form, hash, jpeg, pdf, with_exif};
use crate::{
    execute,
    server::testing::{Answer, World, each_engine, sqlite, token},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use uuid::Uuid;

pub const TIANPING: &str = "500999001201";
pub const LIANGHE: &str = "500999001202";

/// A new entry of 60 leaflets; its id.
pub async fn entry(world: &World, unit: &str, date: &str, more: Value) -> String {
    let id = Uuid::now_v7().to_string();
    let mut body = json!({ "id": id, "unit": unit, "date": date, "place": "老街",
        "quantities": [{ "measure": "leaflet", "value": 60, "precision": "exact" }] });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    let answer = world.post("qian", "/api/v1/activities", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    id
}

pub async fn send(world: &World, who: &str, activity: &str, name: &str, bytes: &[u8]) -> Answer {
    let (kind, body) = form(&[("file", name, bytes)]);
    world.send_bytes(who, Method::POST, &format!("/api/v1/activities/{activity}/evidence"), &kind, body).await
}

/// A new photo of an entry; its id.
pub async fn piece(world: &World, activity: &str) -> String {
    let answer = send(world, "sun", activity, "a.jpg", &sample::fresh_photo()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// The text of the entry's question about pictures, if it was asked.
async fn question(world: &World, activity: &str) -> Option<String> {
    let mut conn = world.db.read().await.expect("a transaction");
    let id = activity.parse().expect("an id");
    let asked = crate::activity::store::questions(&mut conn, id).await.expect("the questions");
    asked.into_iter().find(|(question, ..)| question == "picture").map(|(_, words, _)| words)
}

#[tokio::test]
async fn a_photo_is_stored_once_however_often_it_is_sent() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
        let photo = with_exif(&jpeg(9, 400, 300), 6, "2021:06:24 09:30:00");
        let first = send(&world, "sun", &activity, "C:\\照片\\IMG_1.html", &photo).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
        let told = first.json();
        assert_eq!(told["sha256"], hash(&photo));
        assert_eq!((&told["kind"], &told["name"]), (&json!("photo"), &json!("IMG_1.html")));
        assert_eq!((&told["width"], &told["height"]), (&json!(300), &json!(400)));
        assert_eq!((&told["size"], &told["children"]), (&json!(photo.len()), &json!(false)));
        assert_eq!(told["taken_at"], "2021-06-24T09:30:00+08:00");
        assert_eq!(told["similar"], json!([]));
        let again = send(&world, "sun", &activity, "IMG_1.jpg", &photo).await;
        assert_eq!((again.status, &again.json()["id"]), (StatusCode::OK, &told["id"]));
        let list = world.get("zhou", &format!("/api/v1/activities/{activity}/evidence")).await.json();
        assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
        // The bytes: a JPEG of our own, seen by whoever reads the entry, and by nobody else.
        let address = told["address"].as_str().expect("an address");
        for (who, status) in [("sun", 200), ("zhou", 200), ("zhao", 200), ("li", 404), ("", 401)] {
            for address in [address.to_owned(), format!("{address}/thumb")] {
                assert_eq!(world.get(who, &address).await.status.as_u16(), status, "{who} {address}");
            }
        }
        let seen = world.get("sun", address).await;
        assert_eq!((seen.header("content-type"), seen.header("x-content-type-options")), ("image/jpeg", "nosniff"));
        assert!(seen.header("content-security-policy").contains("sandbox"));
        assert!(seen.header("cache-control").contains("private"));
        assert!(seen.bytes.starts_with(&[0xff, 0xd8]) && seen.bytes != photo);
        // The browser asks again each time, and is sent nothing where nothing changed.
        let ask = |who: &str| {
            Request::get(address)
                .header(header::AUTHORIZATION, format!("Bearer {}", token(who)))
                .header(header::IF_NONE_MATCH, seen.header("etag"))
                .body(Body::empty())
                .expect("a request")
        };
        assert_eq!(world.send(ask("sun")).await.status, StatusCode::NOT_MODIFIED);
        assert_eq!(world.send(ask("li")).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn a_document_is_offered_for_download_and_never_opened_in_place() {
    let world = World::new(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let told = send(&world, "sun", &activity, "签到表.pdf", &pdf()).await.json();
    assert_eq!((&told["kind"], &told["width"], &told["thumb"]), (&json!("document"), &Value::Null, &Value::Null));
    let seen = world.get("sun", told["address"].as_str().expect("an address")).await;
    assert_eq!(seen.header("content-type"), "application/pdf");
    assert_eq!(seen.header("content-disposition"), "attachment; filename*=UTF-8''%E7%AD%BE%E5%88%B0%E8%A1%A8.pdf");
    assert!(seen.header("content-security-policy").contains("sandbox"));
    assert_eq!(seen.bytes, pdf());
    assert_eq!(world.get("sun", &format!("/evidence/{}/thumb", told["id"].as_str().expect("an id"))).await.status, 404);
    let office = send(&world, "sun", &activity, "纪要.docx", &sample::docx()).await;
    assert_eq!(
        (office.status, &office.json()["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("file"))
    );
}

#[tokio::test]
async fn who_reads_an_entry_reads_its_evidence_and_its_unit_alone_adds_some() {
    let world = World::new(sqlite().await).await;
    let shared = entry(&world, TIANPING, "2021-06-24", json!({ "co_organisers": [LIANGHE] })).await;
    let own = entry(&world, TIANPING, "2021-06-25", json!({})).await;
    let photo = sample::fresh_photo();
    let id = send(&world, "sun", &shared, "a.jpg", &photo).await.json()["id"].as_str().expect("an id").to_owned();
    for (who, activity, status) in
        [("li", &shared, 403), ("li", &own, 404), ("zhou", &own, 403), ("", &own, 401), ("qian", &own, 201)]
    {
        assert_eq!(send(&world, who, activity, "b.jpg", &sample::fresh_photo()).await.status, status, "{who}");
    }
    assert_eq!(world.get("li", &format!("/evidence/{id}")).await.status, 200, "a co-organiser reads the entry");
    let list = |activity: &str| format!("/api/v1/activities/{activity}/evidence");
    assert_eq!(world.get("li", &list(&shared)).await.status, 200);
    assert_eq!(world.get("li", &list(&own)).await.status, 404);
    // Withdrawn, it lets nobody in, and takes nothing more.
    let withdrawn = json!({ "reason": "重复" });
    assert_eq!(world.post("sun", &format!("/api/v1/activities/{shared}/withdraw"), withdrawn).await.status, 200);
    assert_eq!(world.get("sun", &format!("/evidence/{id}")).await.status, 404);
    let late = send(&world, "sun", &shared, "c.jpg", &sample::fresh_photo()).await;
    assert_eq!((late.status, &late.json()["code"]), (StatusCode::CONFLICT, &json!("withdrawn")));
}

#[tokio::test]
async fn a_picture_used_before_is_pointed_out_to_its_author_across_entries_only() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let first = entry(&world, TIANPING, "2021-06-24", json!({})).await;
        let second = entry(&world, TIANPING, "2021-06-26", json!({})).await;
        let far = entry(&world, LIANGHE, "2021-06-27", json!({})).await;
        // Nine shots of one scene in one entry are nothing to ask about.
        for shot in 0..9_u32 {
            let told = send(&world, "sun", &first, "a.jpg", &jpeg(77, 400 + shot * 4, 300 + shot * 3)).await;
            assert_eq!((told.status.as_u16(), &told.json()["similar"]), (201, &json!([])));
        }
        assert_eq!(question(&world, &first).await, None);
        // A like one in another entry is; it is stored all the same.
        let like = send(&world, "sun", &second, "b.jpg", &jpeg(77, 320, 240)).await;
        assert_eq!(like.status, 201);
        assert_eq!(like.json()["similar"], json!([{ "activity": first, "date": "2021-06-24", "unit": TIANPING }]));
        let asked = question(&world, &second).await.expect("a question");
        assert!(asked.contains("2021-06-24 天坪村") && asked.contains('？'), "{asked}");
        // So is the very same; and who reads nothing of it learns nothing of it.
        let same = jpeg(77, 320, 240);
        let told = send(&world, "li", &far, "c.jpg", &same).await;
        assert_eq!((told.status.as_u16(), &told.json()["similar"]), (201, &json!([])));
        assert_eq!(question(&world, &far).await, None);
        // The officer who sees both is told; the question, which 两河村 reads, names nobody's entry.
        let other = entry(&world, LIANGHE, "2021-06-28", json!({})).await;
        let told = send(&world, "qian", &other, "d.jpg", &jpeg(77, 480, 360)).await.json();
        let units: Vec<&Value> = told["similar"].as_array().expect("a list").iter().map(|one| &one["unit"]).collect();
        assert!(units.contains(&&json!(TIANPING)) && units.contains(&&json!(LIANGHE)), "{told}");
        let asked = question(&world, &other).await.expect("a question");
        assert!(!asked.contains("天坪村") && asked.contains("两河村"), "{asked}");
    })
    .await;
}

#[tokio::test]
async fn at_a_school_children_are_thought_to_be_on_a_photo_and_none_of_those_fits_a_brief() {
    let world = World::new(sqlite().await).await;
    let school = entry(&world, "school-1", "2021-06-24", json!({})).await;
    let told = send(&world, "qian", &school, "a.jpg", &sample::fresh_photo()).await.json();
    assert_eq!(told["children"], true);
    let (kind, body) = form(&[("file", "b.jpg", &sample::fresh_photo()), ("children", "0", b"")]);
    let address = format!("/api/v1/activities/{school}/evidence");
    let told = world.send_bytes("qian", Method::POST, &address, &kind, body).await.json();
    assert_eq!(told["children"], false);
    let scope = world.actor("qian").await.scope();
    let mut conn = world.db.read().await.expect("a transaction");
    let id = school.parse().expect("an id");
    let fit = super::store::fit_for_brief(&mut conn, &scope, id).await.expect("the photos");
    assert_eq!(fit.iter().map(|piece| piece.id.to_string()).collect::<Vec<_>>(), [told["id"].as_str().unwrap_or("")]);
    let scope = world.actor("li").await.scope();
    assert!(super::store::fit_for_brief(&mut conn, &scope, id).await.is_err());
}

#[tokio::test]
async fn what_is_refused_says_the_field_and_how_to_go_on() {
    let world = World::new(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let photo = jpeg(3, 200, 150);
    for (bytes, words) in [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "兼容性最佳"),
        (b"<html><script>alert(1)</script>".to_vec(), "照片"),
        (photo[..photo.len() / 2].to_vec(), "重新"),
        (vec![0xff; 21 * 1024 * 1024], "20 MB"),
    ] {
        let answer = send(&world, "sun", &activity, "a.jpg", &bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let told = answer.json();
        assert_eq!(told["errors"][0]["field"], "file");
        assert!(told["errors"][0]["message"].as_str().is_some_and(|said| said.contains(words)), "{told}");
    }
    let address = format!("/api/v1/activities/{activity}/evidence");
    let (kind, body) = form(&[("picture", "a.jpg", &photo)]);
    let (cut, other) = (body[..body.len() - 40].to_vec(), "multipart/form-data");
    for (kind, body) in [(kind.as_str(), body), (kind.as_str(), cut), (other, Vec::new()), ("image/jpeg", photo)] {
        let answer = world.send_bytes("sun", Method::POST, &address, kind, body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["errors"][0]["field"]), (422, &json!("file")), "{kind}");
    }
    assert_eq!(send(&world, "sun", "nothing", "a.jpg", &pdf()).await.status, 404);
}

#[tokio::test]
async fn an_entry_whose_type_requires_evidence_is_stored_without_and_found_later() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        execute!(&mut conn, sqlx::query("update activity_type set evidence = 'required' where key = 'leaflet'"))
            .expect("a stricter office");
        conn.commit().await.expect("stored");
        let bare = entry(&world, TIANPING, "2021-06-24", json!({ "type": "leaflet" })).await;
        let shown = entry(&world, TIANPING, "2021-06-25", json!({ "type": "leaflet" })).await;
        assert_eq!(send(&world, "sun", &shown, "a.jpg", &sample::fresh_photo()).await.status, 201);
        let period = crate::domain::period::Period::year(2021);
        for (who, found) in [("qian", vec![bare.clone()]), ("sun", vec![bare.clone()]), ("li", vec![])] {
            let scope = world.actor(who).await.scope();
            let mut conn = world.db.read().await.expect("a transaction");
            let lacking = super::store::without_evidence(&mut conn, &scope, period, 50).await.expect("the entries");
            assert_eq!(lacking.iter().map(|one| one.activity.to_string()).collect::<Vec<_>>(), found, "{who}");
        }
    })
    .await;
}
