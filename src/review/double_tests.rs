//! The same event of two units over HTTP and on both engines: offered, merged, undone, told apart.

use super::tests::{LIANGHE, TIANPING, TOWN, is_whole, lecture, log, patch, read, total};
use crate::{
    evidence::sample,
    server::testing::{World, each_engine, sqlite},
};
use axum::http::{Method, StatusCode};
use serde_json::json;

/// How many pieces of evidence an entry has.
async fn pieces(world: &World, id: &str) -> usize {
    let list = world.get("qian", &format!("/api/v1/activities/{id}/evidence")).await.json();
    list["items"].as_array().expect("items").len()
}

#[tokio::test]
async fn the_same_event_of_two_units_becomes_one_and_two_again() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut body = lecture(TIANPING);
        body["quantities"]
            .as_array_mut()
            .expect("counts")
            .push(json!({ "measure": "leaflet", "value": 60, "precision": "exact" }));
        let village = log(&world, "sun", &body).await;
        let mut other = lecture(LIANGHE);
        other["quantities"][1]["value"] = json!(120);
        other["themes"] = json!(["constitution", "drugs"]);
        let other = log(&world, "li", &other).await;
        assert_eq!((total(&world, "lecture").await, total(&world, "attendance").await), (2, 205));
        let page = format!("/review/doubles?unit={TOWN}&month=2021-12");
        let offered = world.get("qian", &page).await.text;
        assert!(offered.contains(&village) && offered.contains(&other) && offered.contains("120余人次"), "{offered}");
        let (first, second) = (format!("{village}:1"), format!("{other}:1"));
        let pair = [("first", first.as_str()), ("second", second.as_str())];
        for (who, status) in
            [("sun", StatusCode::FORBIDDEN), ("li", StatusCode::NOT_FOUND), ("zhou", StatusCode::FORBIDDEN)]
        {
            let merge = [&pair[..], &[("do", "merge"), ("keep", &village)]].concat();
            assert_eq!(world.submit(who, &page, &merge).await.status, status, "{who}");
        }
        // The month is not accepted over their heads.
        let month = [("do", "month"), ("unit", TOWN), ("month", "2021-12")];
        assert_eq!(world.submit("qian", "/review", &month).await.status, StatusCode::SEE_OTHER);
        assert_eq!(read(&world, "qian", &village).await["status"], "submitted");
        let merge = [
            &pair[..],
            &[("do", "merge"), ("keep", &village), ("count.attendance", &other), ("count.lecture", &village)],
        ];
        let done = world.submit("qian", &page, &merge.concat()).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        // It counts once, with what was chosen; both units read it, and each leads to the other.
        assert_eq!(
            (total(&world, "lecture").await, total(&world, "attendance").await, total(&world, "leaflet").await),
            (1, 120, 60)
        );
        let kept = read(&world, "li", &village).await;
        assert_eq!((&kept["co_organisers"], &kept["themes"]), (&json!([LIANGHE]), &json!(["constitution", "drugs"])));
        assert_eq!(read(&world, "li", &other).await["status"], "withdrawn");
        assert!(world.get("li", &format!("/activities/{other}")).await.text.contains("已并入天坪村的记录"));
        let entry = world.get("qian", &format!("/activities/{village}")).await.text;
        assert!(entry.contains("已合并两河村的记录") && entry.contains("撤销合并"), "{entry}");
        is_whole(&world).await;
        // A second touch of the button finds the other one withdrawn.
        assert_eq!(world.submit("qian", &page, &merge.concat()).await.status, StatusCode::CONFLICT);
        let undo = [("do", "unmerge"), ("merged", other.as_str())];
        let address = format!("/activities/{village}");
        assert_eq!(world.submit("sun", &address, &undo).await.status, StatusCode::NOT_FOUND, "not her unit's");
        assert_eq!(world.submit("qian", &address, &undo).await.status, StatusCode::SEE_OTHER);
        assert_eq!(
            (total(&world, "lecture").await, total(&world, "attendance").await, total(&world, "leaflet").await),
            (2, 205, 60)
        );
        assert_eq!(read(&world, "qian", &village).await["co_organisers"], json!([]));
        assert_eq!(world.submit("qian", &address, &undo).await.status, StatusCode::NOT_FOUND, "undone once");
        is_whole(&world).await;
        // Said to be two events, they are not offered again.
        let (first, second) = (format!("{village}:3"), format!("{other}:3"));
        let dismiss = [("do", "dismiss"), ("first", first.as_str()), ("second", second.as_str())];
        assert!(world.get("qian", &page).await.text.contains(&first));
        assert_eq!(world.submit("qian", &page, &dismiss).await.status, StatusCode::SEE_OTHER);
        assert!(!world.get("qian", &page).await.text.contains(&first));
    })
    .await;
}

#[tokio::test]
async fn a_merge_that_was_corrected_since_gives_the_other_entry_back_and_keeps_the_correction() {
    let world = World::new(sqlite().await).await;
    let village = log(&world, "sun", &lecture(TIANPING)).await;
    let other = log(&world, "li", &lecture(LIANGHE)).await;
    let (first, second) = (format!("{village}:1"), format!("{other}:1"));
    let merge = [("do", "merge"), ("first", first.as_str()), ("second", second.as_str()), ("keep", village.as_str())];
    assert_eq!(world.submit("qian", "/review/doubles", &merge).await.status, StatusCode::SEE_OTHER);
    let corrected = patch(&world, "sun", &village, "2", json!({ "note": "院坝会", "reason": "补充" })).await;
    assert_eq!(corrected.status, StatusCode::OK);
    let undo = [("do", "unmerge"), ("merged", other.as_str())];
    assert_eq!(world.submit("qian", &format!("/activities/{other}"), &undo).await.status, StatusCode::SEE_OTHER);
    let kept = read(&world, "qian", &village).await;
    assert_eq!((&kept["note"], &kept["co_organisers"]), (&json!("院坝会"), &json!([])));
    assert_eq!(total(&world, "lecture").await, 2);
    // In a closed month nothing is merged: its figures stay.
    let close = [("do", "close"), ("unit", TOWN), ("period", "2021-12")];
    assert_eq!(world.submit("qian", "/closing", &close).await.status, StatusCode::SEE_OTHER);
    let (first, second) = (format!("{village}:4"), format!("{other}:3"));
    let again = [("do", "merge"), ("first", first.as_str()), ("second", second.as_str()), ("keep", village.as_str())];
    let refused = world.submit("qian", "/review/doubles", &again).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("关账"), "{}", refused.text);
    is_whole(&world).await;
}

#[tokio::test]
async fn a_merge_keeps_both_evidences_and_its_undoing_gives_each_its_own() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let village = log(&world, "sun", &lecture(TIANPING)).await;
        let other = log(&world, "li", &lecture(LIANGHE)).await;
        for (who, id) in [("sun", &village), ("li", &other)] {
            let (kind, body) = sample::form(&[("file", "现场.jpg", sample::fresh_photo().as_slice())]);
            let address = format!("/api/v1/activities/{id}/evidence");
            let sent = world.send_bytes(who, Method::POST, &address, &kind, body).await;
            assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
        }
        let (first, second) = (format!("{village}:1"), format!("{other}:1"));
        let page = world.get("qian", "/review/doubles?month=2021-12").await.text;
        assert!(page.contains("佐证 1 件"), "{page}");
        let merge =
            [("do", "merge"), ("first", first.as_str()), ("second", second.as_str()), ("keep", village.as_str())];
        assert_eq!(world.submit("qian", "/review/doubles", &merge).await.status, StatusCode::SEE_OTHER);
        assert_eq!((pieces(&world, &village).await, pieces(&world, &other).await), (2, 1));
        let undo = [("do", "unmerge"), ("merged", other.as_str())];
        assert_eq!(world.submit("qian", &format!("/activities/{other}"), &undo).await.status, StatusCode::SEE_OTHER);
        assert_eq!((pieces(&world, &village).await, pieces(&world, &other).await), (1, 1));
        is_whole(&world).await;
    })
    .await;
}

/// Merges the second entry into the first one.
async fn merge(world: &World, kept: &str, other: &str) {
    let version = async |id: &str| format!("{id}:{}", read(world, "qian", id).await["version"]);
    let (first, second) = (version(kept).await, version(other).await);
    let form = [("do", "merge"), ("first", first.as_str()), ("second", second.as_str()), ("keep", kept)];
    let done = world.submit("qian", "/review/doubles", &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test]
async fn merges_in_a_row_are_undone_from_their_end() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let first = log(&world, "sun", &lecture(TIANPING)).await;
        let next = log(&world, "li", &lecture(LIANGHE)).await;
        let last = log(&world, "qian", &lecture(TOWN)).await;
        merge(&world, &next, &first).await;
        merge(&world, &last, &next).await;
        assert_eq!(total(&world, "lecture").await, 1);
        let undo = async |id: &str| {
            world.submit("qian", &format!("/activities/{id}"), &[("do", "unmerge"), ("merged", id)]).await
        };
        let refused = undo(&first).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("请先撤销那一次合并"), "{}", refused.text);
        assert_eq!(total(&world, "lecture").await, 1);
        for (id, count) in [(&next, 2), (&first, 3)] {
            assert_eq!(undo(id).await.status, StatusCode::SEE_OTHER);
            assert_eq!(total(&world, "lecture").await, count);
        }
        assert_eq!(read(&world, "qian", &next).await["co_organisers"], json!([]));
        is_whole(&world).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_accepted_before_it_was_merged_stays_accepted() {
    let world = World::new(sqlite().await).await;
    let kept = log(&world, "sun", &lecture(TIANPING)).await;
    let other = log(&world, "li", &lecture(LIANGHE)).await;
    let accept = format!("/api/v1/activities/{kept}/accept");
    assert_eq!(world.post("qian", &accept, json!({ "version": 1 })).await.status, StatusCode::OK);
    merge(&world, &kept, &other).await;
    assert_eq!(read(&world, "qian", &kept).await["status"], "accepted");
    let undo = [("do", "unmerge"), ("merged", other.as_str())];
    assert_eq!(world.submit("qian", &format!("/activities/{other}"), &undo).await.status, StatusCode::SEE_OTHER);
    let statuses = [&kept, &other].map(|id| read(&world, "qian", id));
    let [kept, other] = statuses;
    assert_eq!((&kept.await["status"], &other.await["status"]), (&json!("accepted"), &json!("submitted")));
    is_whole(&world).await;
}

#[tokio::test]
async fn a_merge_keeps_whom_either_entry_was_for_and_withdrawing_it_says_what_goes_with_it() {
    let world = World::new(sqlite().await).await;
    let kept = log(&world, "zhao", &lecture("500999")).await;
    let mut body = lecture(TOWN);
    body["covers"] = json!([TIANPING, LIANGHE]);
    let other = log(&world, "qian", &body).await;
    let (first, second) = (format!("{kept}:1"), format!("{other}:1"));
    let form = [("do", "merge"), ("first", first.as_str()), ("second", second.as_str()), ("keep", kept.as_str())];
    let done = world.submit("zhao", "/review/doubles", &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(read(&world, "zhao", &kept).await["covers"], json!([TIANPING, LIANGHE]));
    let page = world.get("zhao", &format!("/activities/{kept}")).await.text;
    assert!(page.contains("作废后那边的也不再计入"), "{page}");
    assert!(!world.get("qian", &format!("/activities/{other}")).await.text.contains("作废后那边的也不再计入"));
    // The other way round a village has no villages: it keeps its own.
    let undo = [("do", "unmerge"), ("merged", other.as_str())];
    assert_eq!(world.submit("zhao", &format!("/activities/{kept}"), &undo).await.status, StatusCode::SEE_OTHER);
    assert_eq!(read(&world, "zhao", &kept).await["covers"], json!([]));
    let village = log(&world, "sun", &lecture(TIANPING)).await;
    merge(&world, &village, &other).await;
    assert_eq!(read(&world, "qian", &village).await["covers"], json!([]));
    is_whole(&world).await;
}
