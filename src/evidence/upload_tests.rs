//! Files in parts: repeated, out of order, broken off, gone on with after a restart.

use super::{
    api_tests::{LIANGHE, TIANPING, entry, send},
    sample::{self, hash, jpeg},
};
use crate::{
    execute,
    server::{
        router::router,
        state::{AppState, Settings},
        testing::{Answer, World, each_engine, sqlite},
    },
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use std::{path::PathBuf, sync::Arc};

/// The cast, and where its server's files lie.
async fn world(db: crate::server::db::Db) -> (World, PathBuf) {
    let mut world = World::new(db).await;
    let folder = World::new_data_dir();
    restart(&mut world, &folder);
    (world, folder)
}

/// Another server on the same database and folder.
fn restart(world: &mut World, folder: &std::path::Path) {
    let settings = Settings { data_dir: folder.to_owned(), ..Settings::default() };
    world.router = router(AppState { db: world.db.clone(), settings: Arc::new(settings) });
}

struct File {
    bytes: Vec<u8>,
    address: String,
}

impl File {
    fn new(activity: &str, bytes: Vec<u8>) -> File {
        File { address: format!("/api/v1/activities/{activity}/evidence/{}", hash(&bytes)), bytes }
    }

    /// Sends the bytes from `from` to `to`.
    async fn put(&self, world: &World, who: &str, from: usize, to: usize) -> Answer {
        let query = format!("offset={from}&size={}&name=IMG.jpg", self.bytes.len());
        let part = self.bytes[from..to].to_vec();
        let kind = "application/octet-stream";
        world.send_bytes(who, Method::PUT, &format!("{}?{query}", self.address), kind, part).await
    }

    async fn state(&self, world: &World) -> Value {
        world.get("sun", &self.address).await.json()
    }
}

fn told(received: usize, size: usize) -> Value {
    json!({ "received": received, "size": size, "evidence": null })
}

#[tokio::test]
async fn a_photo_arrives_in_parts_repeated_reordered_and_over_a_restart_and_is_stored_once() {
    each_engine(|db| async move {
        let (mut world, folder) = world(db).await;
        let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
        let file = File::new(&activity, jpeg(31, 640, 480));
        let size = file.bytes.len();
        let third = size / 3;
        assert_eq!(file.state(&world).await, json!({ "received": 0, "size": null, "evidence": null }));
        let first = file.put(&world, "sun", 0, third).await;
        assert_eq!((first.status, first.json()), (StatusCode::OK, told(third, size)));
        // The same once more, and one that comes too early.
        assert_eq!(file.put(&world, "sun", 0, third).await.json(), told(third, size));
        let early = file.put(&world, "sun", 2 * third, size).await;
        assert_eq!((early.status, &early.json()["code"]), (StatusCode::CONFLICT, &json!("offset")));
        assert_eq!(early.json()["received"], third);
        assert_eq!(early.header("content-type"), "application/problem+json");
        restart(&mut world, &folder);
        assert_eq!(file.state(&world).await, told(third, size));
        // A part that begins in what is there goes on behind it.
        assert_eq!(file.put(&world, "sun", third / 2, 2 * third).await.json(), told(2 * third, size));
        let last = file.put(&world, "sun", 2 * third, size).await;
        assert_eq!(last.status, StatusCode::CREATED, "{}", last.text);
        assert_eq!(last.json()["evidence"]["sha256"], hash(&file.bytes));
        assert_eq!((&last.json()["received"], &last.json()["evidence"]["name"]), (&json!(size), &json!("IMG.jpg")));
        // Whatever is sent then: it is there.
        for (from, to) in [(0, third), (2 * third, size), (size, size)] {
            let again = file.put(&world, "sun", from, to).await;
            assert_eq!(
                (again.status, &again.json()["evidence"]["id"]),
                (StatusCode::OK, &last.json()["evidence"]["id"])
            );
        }
        assert_eq!(file.state(&world).await["evidence"]["id"], last.json()["evidence"]["id"]);
        let waiting = std::fs::read_dir(folder.join("partial")).expect("the folder").count();
        assert_eq!(waiting, 0, "nothing is left on its way");
    })
    .await;
}

#[tokio::test]
async fn two_tabs_that_send_at_once_store_one_photo() {
    let (world, _) = world(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let file = File::new(&activity, jpeg(32, 640, 480));
    let (size, half) = (file.bytes.len(), file.bytes.len() / 2);
    futures::future::join_all((0..6).map(|_| file.put(&world, "sun", 0, half))).await;
    let answers = futures::future::join_all((0..6).map(|_| file.put(&world, "sun", half, size))).await;
    let created = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
    assert!(created == 1 && answers.iter().all(|answer| answer.status.is_success()), "{answers:?}");
    let list = world.get("sun", &format!("/api/v1/activities/{activity}/evidence")).await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn officers_who_send_one_photo_at_once_to_their_entries_are_all_told_that_it_is_there() {
    each_engine(|db| async move {
        let (world, _) = world(db).await;
        for round in 40..44 {
            let photo = jpeg(round, 400, 300);
            let near = entry(&world, TIANPING, "2021-06-24", json!({})).await;
            let far = entry(&world, LIANGHE, "2021-06-25", json!({})).await;
            let sent = [("sun", &near), ("li", &far), ("qian", &near), ("zhao", &far)]
                .map(|(who, activity)| send(&world, who, activity, "a.jpg", &photo));
            let answers = futures::future::join_all(sent).await;
            let mut told: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
            told.sort_unstable();
            assert_eq!(told, [200, 200, 201, 201], "{answers:?}");
            assert!(answers.iter().all(|answer| answer.json()["id"] == answers[0].json()["id"]));
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_half_written_when_the_machine_died_is_written_over() {
    let (world, folder) = world(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let file = File::new(&activity, jpeg(33, 400, 300));
    let size = file.bytes.len();
    file.put(&world, "sun", 0, 1_000).await;
    let part =
        std::fs::read_dir(folder.join("partial")).expect("the folder").next().expect("a file").expect("it").path();
    // More on the disk than was noted; and then less, as after a lost disk.
    let mut more = std::fs::read(&part).expect("the part");
    more.extend([7; 500]);
    std::fs::write(&part, &more).expect("written");
    assert_eq!(file.state(&world).await, told(1_000, size));
    file.put(&world, "sun", 1_000, 2_000).await;
    assert_eq!(std::fs::read(&part).expect("the part"), &file.bytes[..2_000]);
    std::fs::write(&part, &file.bytes[..300]).expect("written");
    assert_eq!(file.state(&world).await, told(300, size));
    assert_eq!(file.put(&world, "sun", 2_000, size).await.status, StatusCode::CONFLICT);
    assert_eq!(file.put(&world, "sun", 300, size).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_is_not_what_it_was_said_to_be_is_dropped_and_can_begin_anew() {
    let (world, _) = world(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let right = File::new(&activity, jpeg(34, 400, 300));
    let mut bent = File::new(&activity, right.bytes.clone());
    bent.bytes[200] ^= 0xff;
    let size = right.bytes.len();
    bent.put(&world, "sun", 0, 500).await;
    let answer = bent.put(&world, "sun", 500, size).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["errors"][0]["field"]), (422, &json!("file")));
    assert_eq!(right.state(&world).await["received"], 0);
    assert_eq!(right.put(&world, "sun", 0, size).await.status, 201);
    // No picture at all.
    let page = File::new(&activity, b"<html><script>alert(1)</script>".to_vec());
    assert_eq!(page.put(&world, "sun", 0, page.bytes.len()).await.status, 422);
    assert_eq!(page.state(&world).await, json!({ "received": 0, "size": null, "evidence": null }));
    // Another size than at first.
    let file = File::new(&activity, jpeg(35, 400, 300));
    file.put(&world, "sun", 0, 500).await;
    let address = format!("{}?offset=500&size=600&name=a", file.address);
    let answer = world.send_bytes("sun", Method::PUT, &address, "image/jpeg", vec![1; 100]).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["errors"][0]["field"]), (422, &json!("size")));
}

#[tokio::test]
async fn a_photo_made_smaller_on_a_phone_keeps_the_time_that_the_phone_says() {
    let (world, _folder) = world(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    for (number, taken, kept) in [
        (71, "2021-06-24T01:30:00Z", json!("2021-06-24T09:30:00+08:00")),
        (72, "2021-06-24T09:30:00%2B08:00", json!("2021-06-24T09:30:00+08:00")),
        // A clock that runs ahead.
        (73, "2199-01-01T00:00:00Z", json!(null)),
    ] {
        let file = File::new(&activity, jpeg(number, 40, 30));
        let address = format!("{}?offset=0&size={}&name=a&taken={taken}", file.address, file.bytes.len());
        let answer = world.send_bytes("sun", Method::PUT, &address, "image/jpeg", file.bytes.clone()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.json()["evidence"]["taken_at"], kept, "{taken}");
    }
}

#[tokio::test]
async fn a_part_that_makes_no_sense_is_refused_by_field() {
    let (world, folder) = world(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let sha256 = hash(b"x");
    let address = format!("/api/v1/activities/{activity}/evidence");
    for (tail, status, field) in [
        (format!("{sha256}?offset=-1&size=10"), 422, "offset"),
        (format!("{sha256}?offset=9223372036854775807&size=10"), 422, "offset"),
        (format!("{sha256}?offset=9&size=10"), 422, "offset"),
        (format!("{sha256}?offset=0&size=0"), 422, "size"),
        (format!("{sha256}?offset=0&size=-5"), 422, "size"),
        (format!("{sha256}?offset=0&size=20971521"), 422, "size"),
        (format!("{sha256}?offset=0"), 422, "size"),
        (format!("{sha256}?offset=x&size=10"), 422, "offset"),
        ("zz?offset=0&size=10".to_owned(), 422, "sha256"),
        (format!("{}?offset=0&size=10", &sha256[2..]), 422, "sha256"),
    ] {
        let answer = world.send_bytes("sun", Method::PUT, &format!("{address}/{tail}"), "image/jpeg", vec![1; 2]).await;
        let told = (answer.status.as_u16(), answer.json()["errors"][0]["field"].clone());
        assert_eq!(told, (status, json!(field)), "{tail}: {}", answer.text);
    }
    let large = vec![1; 512 * 1024 + 1];
    let answer = world
        .send_bytes("sun", Method::PUT, &format!("{address}/{sha256}?offset=0&size=600000"), "image/jpeg", large)
        .await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(!folder.join("partial").exists() || std::fs::read_dir(folder.join("partial")).expect("it").count() == 0);
    for (who, status) in [("", 401), ("li", 404), ("zhou", 403)] {
        assert_eq!(world.get(who, &format!("{address}/{sha256}")).await.status, status, "{who}");
    }
    let elsewhere = format!("/api/v1/activities/{}/evidence/{sha256}", uuid::Uuid::now_v7());
    assert_eq!(world.get("sun", &elsewhere).await.status, 404);
}

#[tokio::test]
async fn one_shoot_for_two_entries_is_sent_once_by_who_sees_it_and_twice_by_who_does_not() {
    let (world, _) = world(sqlite().await).await;
    let first = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let second = entry(&world, TIANPING, "2021-06-25", json!({})).await;
    let far = entry(&world, LIANGHE, "2021-06-25", json!({})).await;
    let bytes = jpeg(36, 400, 300);
    let file = File::new(&first, bytes.clone());
    assert_eq!(file.put(&world, "sun", 0, bytes.len()).await.status, 201);
    let again = File::new(&second, bytes.clone());
    let answer = again.put(&world, "sun", 0, 100).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.json()["evidence"]["similar"][0]["activity"], json!(first));
    // Who knows a hash has not seen the picture.
    let other = File::new(&far, bytes.clone());
    assert_eq!(other.put(&world, "li", 0, 100).await.json(), told(100, bytes.len()));
    let id = answer.json()["evidence"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(world.get("li", &format!("/evidence/{id}")).await.status, 404);
    assert_eq!(other.put(&world, "li", 100, bytes.len()).await.status, 201);
    assert_eq!(world.get("li", &format!("/evidence/{id}")).await.status, 200);
}

#[tokio::test]
async fn what_nobody_goes_on_with_makes_room() {
    let (world, folder) = world(sqlite().await).await;
    let activity = entry(&world, TIANPING, "2021-06-24", json!({})).await;
    let count = || std::fs::read_dir(folder.join("partial")).expect("the folder").count();
    let old = File::new(&activity, sample::fresh_photo());
    old.put(&world, "sun", 0, 100).await;
    let mut conn = world.db.write().await.expect("a transaction");
    let long_ago = crate::server::clock::now() - chrono::TimeDelta::days(15);
    execute!(&mut conn, sqlx::query("update evidence_upload set touched_at = $1").bind(long_ago)).expect("a fortnight");
    conn.commit().await.expect("stored");
    File::new(&activity, sample::fresh_photo()).put(&world, "sun", 0, 100).await;
    assert_eq!(count(), 1, "the old one is gone");
    for _ in 0..65 {
        File::new(&activity, sample::fresh_photo()).put(&world, "sun", 0, 100).await;
    }
    assert_eq!(count(), 60, "the oldest of one account give way");
    // Large ones take the room that they will need, however little of them has come: 300 MB in all.
    for number in 0..20 {
        let address = format!("/api/v1/activities/{activity}/evidence/{}", hash(&[number]));
        let query = format!("offset=0&size={}&name=a.jpg", 20 * 1024 * 1024);
        let answer =
            world.send_bytes("sun", Method::PUT, &format!("{address}?{query}"), "image/jpeg", vec![1; 2]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(count(), 15, "15 of 20 MB");
}
