//! Looking at entries over HTTP and on both engines: accepted, returned, merged; who may, and what still counts.

use crate::{
    activity::check::check,
    evidence::sample,
    run,
    server::testing::{Answer, World, each_engine, sqlite},
};
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) const TOWN: &str = "500999001";
pub(super) const TIANPING: &str = "500999001201";
pub(super) const LIANGHE: &str = "500999001202";

pub(super) fn lecture(unit: &str) -> Value {
    json!({
        "id": Uuid::now_v7(), "unit": unit, "date": "2021-12-04", "type": "lecture", "themes": ["constitution"],
        "place": "天坪村文化广场",
        "quantities": [
            { "measure": "lecture", "value": 1, "precision": "exact" },
            { "measure": "attendance", "value": 85, "precision": "at_least" },
        ],
    })
}

pub(super) async fn log(world: &World, who: &str, body: &Value) -> String {
    let answer = world.post(who, "/api/v1/activities", body.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    body["id"].as_str().expect("an id").to_owned()
}

pub(super) async fn read(world: &World, who: &str, id: &str) -> Value {
    world.get(who, &format!("/api/v1/activities/{id}")).await.json()
}

pub(super) async fn patch(world: &World, who: &str, id: &str, version: &str, change: Value) -> Answer {
    let request = axum::http::Request::builder()
        .method(Method::PATCH)
        .uri(format!("/api/v1/activities/{id}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", crate::server::testing::token(who)))
        .header(header::IF_MATCH, version)
        .body(axum::body::Body::from(change.to_string()))
        .expect("a request");
    world.send(request).await
}

/// What the town counts of a measure in 2021, by month added up and as a year: the same.
pub(super) async fn total(world: &World, measure: &str) -> i64 {
    let of = async |by: &str| {
        let address = format!("/api/v1/totals?unit={TOWN}&from=2021-01-01&to=2021-12-31&by={by}&measure={measure}");
        let rows = world.get("qian", &address).await.json()["rows"].clone();
        rows.as_array().expect("rows").iter().map(|row| row["total"].as_i64().expect("a total")).sum::<i64>()
    };
    let (year, months) = (of("measure").await, of("measure,month").await);
    assert_eq!(year, months, "twelve months are the year");
    year
}

pub(super) async fn is_whole(world: &World) {
    assert_eq!(check(&world.db).await.expect("a check").differences, Vec::<String>::new());
    let mut conn = world.db.read().await.expect("a transaction");
    assert_eq!(crate::server::audit::first_broken(&mut conn).await.expect("a check"), None);
}

#[tokio::test]
async fn an_entry_goes_back_with_a_remark_its_author_corrects_it_and_it_is_accepted() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let id = log(&world, "sun", &lecture(TIANPING)).await;
        let address = format!("/activities/{id}");
        let back =
            [("do", "return"), ("version", "1"), ("presets", "photo"), ("presets", "doubtful"), ("remark", "请补照片")];
        let nothing = world.submit("qian", &address, &[("do", "return"), ("version", "1")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.text.contains("f-remark-problem"), "{}", nothing.text);
        assert_eq!(world.submit("qian", &address, &back).await.status, StatusCode::SEE_OTHER);
        // It counts meanwhile, and its author meets the remark where the day begins and on the entry.
        assert_eq!(
            (total(&world, "lecture").await, &read(&world, "sun", &id).await["status"]),
            (1, &json!("returned"))
        );
        for page in ["/log", "/tasks", &address] {
            let page = world.get("sun", page).await;
            assert!(page.text.contains("缺照片、数量存疑：请补照片") && page.text.contains("钱芳"), "{}", page.text);
        }
        assert!(!world.get("li", "/log").await.text.contains("请补照片"), "another village's");
        let corrected = patch(&world, "sun", &id, "1", json!({ "note": "已补照片", "reason": "按要求补充" })).await;
        assert_eq!((corrected.status, &corrected.json()["status"]), (StatusCode::OK, &json!("submitted")));
        assert!(!world.get("sun", "/tasks").await.text.contains("请补照片"));
        // What was seen is accepted, not what came after it.
        let accept = format!("/api/v1/activities/{id}/accept");
        let stale = world.post("qian", &accept, json!({ "version": 1 })).await;
        assert_eq!((stale.status, &stale.json()["code"]), (StatusCode::CONFLICT, &json!("stale")));
        let accepted = world.post("qian", &accept, json!({ "version": 2 })).await.json();
        let again = world.ask("qian", Method::POST, &accept, None).await;
        assert_eq!((again.status, &again.json()["status"]), (StatusCode::OK, &json!("accepted")), "it stays accepted");
        assert_eq!((&accepted["status"], &accepted["version"]), (&json!("accepted"), &json!(2)));
        // Corrected once more, it is submitted again, and says so.
        let form = [
            ("version", "2"),
            ("unit", TIANPING),
            ("date", "2021-12-04"),
            ("theme", "constitution"),
            ("value.lecture", "1"),
            ("value.attendance", "90"),
            ("reason", "数漏了"),
        ];
        let done = world.submit("sun", &format!("{address}/correct"), &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(read(&world, "sun", &id).await["status"], "submitted");
        let page = world.get("sun", &address).await.text;
        for words in
            ["85余人次", "90人次", "数漏了", "钱芳通过（第 2 版）", "钱芳退回（第 1 版）：缺照片、数量存疑：请补照片"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        is_whole(&world).await;
    })
    .await;
}

#[tokio::test]
async fn who_is_not_above_the_unit_neither_accepts_nor_returns() {
    let world = World::new(sqlite().await).await;
    let id = log(&world, "sun", &lecture(TIANPING)).await;
    for (who, status) in [
        ("", StatusCode::UNAUTHORIZED),
        ("sun", StatusCode::FORBIDDEN),
        ("zhou", StatusCode::FORBIDDEN),
        ("li", StatusCode::NOT_FOUND),
    ] {
        for (verb, body) in [("accept", json!({})), ("return", json!({ "remark": "请补照片" }))] {
            let answer = world.post(who, &format!("/api/v1/activities/{id}/{verb}"), body).await;
            assert_eq!(answer.status, status, "{who} {verb}");
        }
    }
    assert_eq!(read(&world, "sun", &id).await["status"], "submitted");
    let wrong =
        world.post("qian", &format!("/api/v1/activities/{id}/return"), json!({ "presets": ["none such"] })).await;
    assert_eq!(
        (wrong.status, &wrong.json()["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("presets"))
    );
}

#[tokio::test]
async fn a_month_is_accepted_in_one_click_but_for_what_needs_a_look() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let unit = format!("/api/v1/units/{TIANPING}");
        assert_eq!(
            world.ask("qian", Method::PATCH, &unit, Some(json!({ "households": 312 }))).await.status,
            StatusCode::OK
        );
        let leaflets = |day: &str, value: i64| {
            json!({ "id": Uuid::now_v7(), "unit": TIANPING, "date": day, "type": "leaflet",
                "quantities": [{ "measure": "leaflet", "value": value, "precision": "exact" }] })
        };
        let clean = log(&world, "sun", &leaflets("2021-12-06", 100)).await;
        let asked = log(&world, "sun", &leaflets("2021-12-07", 2000)).await;
        let earlier = log(&world, "sun", &leaflets("2021-11-06", 100)).await;
        let home = world.get("qian", "/?year=2021").await.text;
        assert!(home.contains("3 条记录待审核") && home.contains("/review?unit="), "{home}");
        let page = world.get("qian", "/review?month=2021-12").await.text;
        assert!(page.contains("还没说明") && page.contains("312") && page.contains(&asked), "{page}");
        assert!(!page.contains(&earlier), "another month");
        let month = [("do", "month"), ("unit", TOWN), ("month", "2021-12")];
        assert_eq!(world.submit("qian", "/review", &month).await.status, StatusCode::SEE_OTHER);
        let status = async |id: &str| read(&world, "sun", id).await["status"].as_str().expect("a status").to_owned();
        assert_eq!((status(&clean).await, status(&asked).await), ("accepted".into(), "submitted".into()));
        // Answered in one line on the page that follows saving, it needs no look any more.
        let entry = world.get("sun", &format!("/activities/{asked}")).await.text;
        assert!(entry.contains("name=\"answer\""), "{entry}");
        let answer = [("do", "answer"), ("question", "households"), ("answer", "含赶场群众")];
        assert_eq!(world.submit("sun", &format!("/activities/{asked}"), &answer).await.status, StatusCode::SEE_OTHER);
        assert!(world.get("qian", "/review?month=2021-12").await.text.contains("含赶场群众"));
        assert_eq!(world.submit("qian", "/review", &month).await.status, StatusCode::SEE_OTHER);
        assert_eq!((status(&asked).await, status(&earlier).await), ("accepted".into(), "submitted".into()));
        // What is ticked is accepted in the version seen; what lies elsewhere is not found.
        let (seen, stale) = (format!("{earlier}:1"), format!("{clean}:7"));
        let ticked = [("do", "accept"), ("entry", seen.as_str()), ("entry", stale.as_str())];
        assert_eq!(world.submit("sun", "/review", &ticked).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.submit("qian", "/review", &ticked).await.status, StatusCode::SEE_OTHER);
        assert_eq!(status(&earlier).await, "accepted");
        assert_eq!(total(&world, "leaflet").await, 2200);
        is_whole(&world).await;
    })
    .await;
}

#[tokio::test]
async fn two_who_correct_the_same_version_see_both_and_choose_field_by_field() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let id = log(&world, "sun", &lecture(TIANPING)).await;
        let address = format!("/activities/{id}/correct");
        let form = |attendance: &'static str, place: &'static str, note: &'static str, reason: &'static str| {
            vec![
                ("version", "1"),
                ("unit", TIANPING),
                ("date", "2021-12-04"),
                ("theme", "constitution"),
                ("value.lecture", "1"),
                ("value.attendance", attendance),
                ("precision.attendance", "at_least"),
                ("place", place),
                ("note", note),
                ("reason", reason),
            ]
        };
        let first = form("95", "天坪村文化广场", "院坝会", "核对签到表");
        assert_eq!(world.submit("qian", &address, &first).await.status, StatusCode::SEE_OTHER);
        let second = world.submit("sun", &address, &form("100", "村小学操场", "", "又来了人")).await;
        assert_eq!(second.status, StatusCode::CONFLICT);
        // What both saw, what stands now, what she typed; nothing is lost.
        for words in
            ["85余人次", "95余人次", "100余人次", "村小学操场", "院坝会", "两人都改了", "核对签到表", "又来了人"]
        {
            assert!(second.text.contains(words), "{words}: {}", second.text);
        }
        assert!(second.text.contains("name=\"pick.count.attendance\"") && second.text.contains("name=\"pick.note\""));
        // A third correction comes between: she is shown that too, with what she chose so far.
        let third = patch(&world, "qian", &id, "2", json!({ "handler": "钱芳", "reason": "补经办人" })).await;
        assert_eq!(third.status, StatusCode::OK);
        let mut chosen = form("100", "村小学操场", "", "又来了人");
        chosen[0].1 = "2";
        chosen.extend([("pick.count.attendance", "now"), ("pick.place", "mine"), ("pick.note", "now")]);
        let again = world.submit("sun", &address, &chosen).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(!again.text.contains("pick.count.attendance") && again.text.contains("pick.place"), "{}", again.text);
        assert!(again.text.contains("name=\"value.attendance\" value=\"95\""), "{}", again.text);
        let mut last = form("95", "村小学操场", "院坝会", "又来了人");
        last[0].1 = "3";
        last.extend([("pick.place", "mine"), ("pick.handler", "now")]);
        assert_eq!(world.submit("sun", &address, &last).await.status, StatusCode::SEE_OTHER);
        let entry = read(&world, "sun", &id).await;
        assert_eq!(entry["quantities"][1]["value"], 95);
        let texts = [&entry["place"], &entry["note"], &entry["handler"], &entry["version"]];
        assert_eq!(texts, [&json!("村小学操场"), &json!("院坝会"), &json!("钱芳"), &json!(4)]);
        is_whole(&world).await;
    })
    .await;
}

#[tokio::test]
async fn who_withdraws_what_was_corrected_meanwhile_is_shown_the_change_first() {
    let world = World::new(sqlite().await).await;
    let id = log(&world, "sun", &lecture(TIANPING)).await;
    let changed = patch(&world, "qian", &id, "1", json!({ "note": "院坝会", "reason": "补充" })).await;
    assert_eq!(changed.status, StatusCode::OK);
    let address = format!("/activities/{id}");
    let stale = world.submit("sun", &address, &[("do", "withdraw"), ("version", "1"), ("reason", "重复登记了")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("院坝会") && stale.text.contains("重复登记了"), "{}", stale.text);
    assert!(stale.text.contains("name=\"version\" value=\"2\""), "{}", stale.text);
    assert_eq!(read(&world, "sun", &id).await["status"], "submitted");
    let done = world.submit("sun", &address, &[("do", "withdraw"), ("version", "2"), ("reason", "重复登记了")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(read(&world, "sun", &id).await["status"], "withdrawn");
}

#[tokio::test]
async fn two_hundred_leaflets_made_two_thousand_ask_again_and_stand_in_the_audit_log_with_the_reason() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let unit = format!("/api/v1/units/{TIANPING}");
        assert_eq!(
            world.ask("qian", Method::PATCH, &unit, Some(json!({ "households": 312 }))).await.status,
            StatusCode::OK
        );
        let leaflets = |value: i64| json!([{ "measure": "leaflet", "value": value, "precision": "exact" }]);
        let id = Uuid::now_v7().to_string();
        let body =
            json!({ "id": id, "unit": TIANPING, "date": "2021-12-04", "type": "leaflet", "quantities": leaflets(200) });
        assert_eq!(world.post("sun", "/api/v1/activities", body).await.json()["questions"], json!([]));
        let unsaid = patch(&world, "sun", &id, "1", json!({ "quantities": leaflets(2000) })).await;
        assert_eq!(
            (unsaid.status, &unsaid.json()["errors"][0]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("reason"))
        );
        let asked =
            patch(&world, "sun", &id, "1", json!({ "quantities": leaflets(2000), "reason": "少写一个零" })).await;
        assert!(
            asked.json()["questions"][0].as_str().is_some_and(|words| words.contains("312") && words.contains("2000"))
        );
        let address = format!("/activities/{id}");
        let answer = [("do", "answer"), ("question", "households"), ("answer", "含赶场群众")];
        assert_eq!(world.submit("sun", &address, &answer).await.status, StatusCode::SEE_OTHER);
        assert!(world.get("zhao", "/audit").await.text.contains("少写一个零"));
        // The entry's page tells both: the reason beside the question, and what was answered, here and in its history.
        let page = world.get("zhou", &address).await.text;
        for (words, times) in [("更正原因：少写一个零", 1), ("说明：含赶场群众", 2), ("孙丽说明：含赶场群众", 1)]
        {
            assert_eq!(page.matches(words).count(), times, "{words}: {page}");
        }
        // Asked in other words, the question is open again; answered by a correction, it is settled.
        let more = patch(&world, "sun", &id, "2", json!({ "quantities": leaflets(3000), "reason": "再补" })).await;
        assert!(more.json()["questions"][0].as_str().is_some_and(|words| words.contains("3000")));
        assert!(world.get("sun", &address).await.text.contains("name=\"answer\""));
        let less = patch(&world, "sun", &id, "3", json!({ "quantities": leaflets(300), "reason": "写多了" })).await;
        assert_eq!(less.json()["questions"], json!([]));
        assert!(!world.get("sun", &address).await.text.contains("name=\"answer\""));
        let mut conn = world.db.read().await.expect("a transaction");
        let open: i64 =
            run!(&mut conn, c => sqlx::query_scalar("select count(*) from activity_question where answer = ''")
            .fetch_one(c).await)
            .expect("a count");
        assert_eq!(open, 0);
    })
    .await;
}

#[tokio::test]
async fn a_day_with_thirty_visits_and_the_same_entry_twice_are_asked_about() {
    let world = World::new(sqlite().await).await;
    let visits = |value: i64| {
        json!({ "id": Uuid::now_v7(), "unit": TIANPING, "date": "2021-12-04", "type": "village_visit",
            "quantities": [{ "measure": "village_visit", "value": value, "precision": "exact" }] })
    };
    let ask = async |body: Value| world.post("sun", "/api/v1/activities", body).await.json()["questions"].clone();
    assert_eq!(ask(visits(12)).await, json!([]));
    assert_eq!(ask(visits(17)).await, json!([]));
    let thirty = ask(visits(1)).await;
    assert!(thirty[0].as_str().is_some_and(|words| words.contains("30")), "{thirty}");
    let twice = ask(visits(12)).await;
    assert_eq!(twice.as_array().map(Vec::len), Some(2), "{twice}");
}

#[tokio::test]
async fn what_lacks_the_evidence_that_its_type_requires_is_not_accepted_unseen() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        crate::execute!(&mut conn, sqlx::query("update activity_type set evidence = 'required' where key = 'lecture'"))
            .expect("required");
        conn.commit().await.expect("stored");
        let id = log(&world, "sun", &lecture(TIANPING)).await;
        let month = [("do", "month"), ("unit", TOWN), ("month", "2021-12")];
        assert_eq!(world.submit("qian", "/review", &month).await.status, StatusCode::SEE_OTHER);
        assert_eq!(read(&world, "sun", &id).await["status"], "submitted");
        assert!(world.get("qian", "/review?month=2021-12").await.text.contains("缺照片"));
        let (kind, body) = sample::form(&[("file", "现场.jpg", sample::fresh_photo().as_slice())]);
        let sent =
            world.send_bytes("sun", Method::POST, &format!("/api/v1/activities/{id}/evidence"), &kind, body).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
        assert_eq!(world.submit("qian", "/review", &month).await.status, StatusCode::SEE_OTHER);
        assert_eq!(read(&world, "sun", &id).await["status"], "accepted");
    })
    .await;
}

#[tokio::test]
async fn who_was_asked_for_a_photo_adds_it_and_submits_the_same_counts_again() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let id = log(&world, "sun", &lecture(TIANPING)).await;
        let page = format!("/activities/{id}");
        let back = [("do", "return"), ("version", "1"), ("presets", "photo")];
        assert_eq!(world.submit("qian", &page, &back).await.status, StatusCode::SEE_OTHER);
        assert!(world.get("sun", &page).await.text.contains("照片已补，重新提交"));
        // Before there is a photo, it only says how to go on.
        let again = [("do", "resubmit"), ("version", "1")];
        let refused = world.submit("sun", &page, &again).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("先在下面上传"), "{}", refused.text);
        let (kind, body) = sample::form(&[("file", "现场.jpg", sample::fresh_photo().as_slice())]);
        let sent = world.send_bytes("sun", Method::POST, &format!("/api/v1{page}/evidence"), &kind, body).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text);
        let before = read(&world, "sun", &id).await;
        assert_eq!(world.submit("li", &page, &again).await.status, StatusCode::NOT_FOUND, "another village's");
        assert_eq!(world.submit("sun", &page, &again).await.status, StatusCode::SEE_OTHER);
        let after = read(&world, "sun", &id).await;
        assert_eq!((&after["status"], &after["version"]), (&json!("submitted"), &json!(2)));
        assert_eq!(after["quantities"], before["quantities"]);
        // Once is enough.
        assert_eq!(world.submit("sun", &page, &again).await.status, StatusCode::CONFLICT);
        is_whole(&world).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_corrected_meanwhile_is_not_accepted_unseen() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let seen = log(&world, "sun", &lecture(TIANPING)).await;
        let changed = log(&world, "li", &lecture(LIANGHE)).await;
        let corrected = patch(&world, "li", &changed, "1", json!({ "note": "院坝会", "reason": "补充" })).await;
        assert_eq!(corrected.status, StatusCode::OK);
        // As though the correction had come between the look and the acceptance.
        let ids = [&seen, &changed].map(|id| id.parse::<Uuid>().expect("an id"));
        let ctx = crate::server::context::Ctx::for_program(world.db.clone(), Some(world.actor("qian").await));
        let account_id = ctx.actor().expect("somebody").account_id;
        let mut conn = world.db.write().await.expect("a transaction");
        let accepted = super::store::accept(&mut conn, &ids.map(|id| (id, 1)), account_id, ctx.now).await;
        assert_eq!(accepted.expect("accepted"), [(ids[0], 1)]);
        let reviews = super::store::of_entry(&mut conn, ids[1]).await.expect("reviews");
        assert!(reviews.is_empty(), "nothing is said of what was not seen: {reviews:?}");
        conn.commit().await.expect("stored");
        assert_eq!(read(&world, "li", &changed).await["status"], "submitted");
    })
    .await;
}
