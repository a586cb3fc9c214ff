//! The pages over HTTP: a ledger is sent, looked at, settled, stored, undone; and by whom.

use super::sample_tests::{TIANPING, TOWN, context_of, drafts, entries, xlsx};
use crate::{
    activity, run,
    server::testing::{Answer, World, each_engine, sqlite, token},
};
use axum::{
    body::Body,
    http::{Request, header},
};

/// A file sent as a browser without script would.
async fn send(world: &World, who: &str, unit: &str, name: &str, content: &[u8]) -> Answer {
    let mut body = Vec::new();
    let part = |name: &str| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"");
    body.extend(format!("{}\r\n\r\n{unit}\r\n", part("unit")).into_bytes());
    body.extend(
        format!("{}; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n", part("file")).into_bytes(),
    );
    body.extend_from_slice(content);
    body.extend(b"\r\n--edge--\r\n");
    let request = Request::builder()
        .method("POST")
        .uri("/import")
        .header(header::AUTHORIZATION, format!("Bearer {}", token(who)))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .body(Body::from(body))
        .expect("a request");
    world.send(request).await
}

const GRID: &str = "日期|村|横幅（条）|经费
@2021-12-04|天坪村|#2|#60
2021.12.5|两河村|3|#60
2021.12.6|大佛村|很多|#60";

#[tokio::test]
async fn a_file_is_looked_at_settled_stored_and_undone() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let file = xlsx("台账", GRID, &[]);
        let sent = send(&world, "qian", TOWN, "台账.xlsx", &file).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let here = sent.header("location").to_owned();
        let page = world.get("qian", &here).await.text;
        for words in
            ["2 行可入账，1 行有问题", "台账!D 列“经费”没有采用", "C4", "“很多”", "天坪村", "只入账没有问题的 2 行"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(entries(&world.db).await.is_empty(), "nothing is stored yet");
        let all = world.submit("qian", &here, &[("do", "store"), ("mode", "all")]).await;
        assert_eq!(all.status, 409);
        assert!(all.text.contains("还有 1 行有问题"), "{}", all.text);
        assert!(entries(&world.db).await.is_empty());
        // The fees were given in yuan a banner; somebody takes the column for leaflets, and leaves it at that.
        let column = page.split("name=\"c.").nth(1).and_then(|rest| rest.split('"').next()).expect("a column");
        let signature = column.split('.').next().expect("a signature");
        let settled = format!("c.{signature}.3");
        let fields = [("do", "settle"), ("unit", TOWN), (settled.as_str(), "measure:leaflet"), ("year", "")];
        assert_eq!(world.submit("qian", &here, &fields).await.status, 303);
        let stored = world.submit("qian", &here, &[("do", "store"), ("mode", "good")]).await;
        assert_eq!(stored.status, 303, "{}", stored.text);
        assert_eq!(
            entries(&world.db).await,
            [
                "2021-12-04 500999001201 banner banner=2 leaflet=60",
                "2021-12-05 500999001202 banner banner=3 leaflet=60"
            ]
        );
        // What was settled is kept for the next file with these heads; its rows are there already.
        let again = send(&world, "qian", TOWN, "另存.xlsx", &file).await.header("location").to_owned();
        let page = world.get("qian", &again).await.text;
        assert!(page.contains("0 行可入账，1 行有问题，2 行早已入账"), "{page}");
        let nothing = world.submit("qian", &again, &[("do", "store"), ("mode", "good")]).await;
        assert_eq!(nothing.status, 409, "{}", nothing.text);
        assert_eq!(world.submit("qian", &again, &[("do", "drop")]).await.status, 303);
        assert_eq!(world.get("qian", &again).await.status, 404);
        let asked = world.submit("qian", &here, &[("do", "undo"), ("reason", "  ")]).await;
        assert_eq!(asked.status, 422);
        assert!(asked.text.contains("f-reason-problem"), "{}", asked.text);
        assert_eq!(entries(&world.db).await.len(), 2, "nothing is undone without a reason");
        let undone = world.submit("qian", &here, &[("do", "undo"), ("reason", "列对错了")]).await;
        assert_eq!(undone.status, 303, "{}", undone.text);
        assert!(entries(&world.db).await.is_empty());
        assert_eq!(world.submit("qian", &here, &[("do", "undo"), ("reason", "重复")]).await.status, 409);
        let findings = activity::check::check(&world.db).await.expect("a check");
        assert_eq!((findings.activities, findings.differences), (0, vec![]));
        let mut conn = world.db.read().await.expect("a transaction");
        let reasons: Vec<String> =
            run!(&mut conn, c => sqlx::query_scalar("select reason from activity_version").fetch_all(c).await)
                .expect("the versions");
        assert_eq!(reasons, ["列对错了", "列对错了"]);
        drop(conn);
        // After it was undone the same file may come in anew.
        let anew = send(&world, "qian", TOWN, "台账.xlsx", &file).await.header("location").to_owned();
        assert_eq!(world.submit("qian", &anew, &[("do", "store"), ("mode", "good")]).await.status, 303);
        assert_eq!(entries(&world.db).await.len(), 2);
        let list = world.get("qian", "/import").await.text;
        assert!(list.contains("已撤销") && list.contains("已入账"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn a_cadre_imports_for_the_own_village_only_and_nobody_else_sees_an_upload() {
    let world = World::new(sqlite().await).await;
    let rows = "日期\t横幅\n2021-12-04\t2\n2021-12-05\t1\n";
    for unit in [TOWN, "500999001202"] {
        let sent = world.submit("sun", "/import", &[("unit", unit), ("rows", rows)]).await;
        assert_eq!(sent.status, 403, "{unit}");
    }
    let sent = world.submit("sun", "/import", &[("unit", TIANPING), ("rows", rows)]).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let here = sent.header("location").to_owned();
    for who in ["qian", "li", "zhou"] {
        assert!([403, 404].contains(&world.get(who, &here).await.status.as_u16()), "{who}");
        let stored = world.submit(who, &here, &[("do", "store"), ("mode", "all")]).await;
        assert!([403, 404].contains(&stored.status.as_u16()), "{who}");
    }
    assert_eq!(world.submit("sun", &here, &[("do", "store"), ("mode", "all")]).await.status, 303);
    assert_eq!(entries(&world.db).await.len(), 2);
    assert_eq!(world.get("qian", &here).await.status, 200, "the officer sees what was stored");
    assert_eq!(world.get("li", &here).await.status, 404);
}

#[tokio::test]
async fn an_entry_that_moved_to_another_village_is_not_withdrawn_by_the_first_ones_cadre() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let rows = "日期\t横幅\n2021-12-04\t2\n2021-12-05\t1\n";
        let sent = world.submit("sun", "/import", &[("unit", TIANPING), ("rows", rows)]).await;
        let here = sent.header("location").to_owned();
        assert_eq!(world.submit("sun", &here, &[("do", "store"), ("mode", "all")]).await.status, 303);
        let ctx = context_of(&world, "qian").await;
        let mut moved = drafts(&world.db).await.remove(0);
        moved.unit = "500999001202".into();
        activity::action::correct(&ctx, moved.id, moved, Some(1), "是两河村的").await.expect("corrected");
        let undone = world.submit("sun", &here, &[("do", "undo"), ("reason", "重复")]).await;
        assert_eq!(undone.status, 409);
        assert!(undone.text.contains("其中 1 条记录后来改到了您不能登记的单位"), "{}", undone.text);
        assert_eq!(entries(&world.db).await.len(), 2);
        // The officer logs in both villages.
        assert_eq!(world.submit("qian", &here, &[("do", "undo"), ("reason", "重复")]).await.status, 303);
        assert!(entries(&world.db).await.is_empty());
        let findings = activity::check::check(&world.db).await.expect("a check");
        assert_eq!((findings.activities, findings.differences), (0, vec![]));
    })
    .await;
}

#[tokio::test]
async fn what_is_no_ledger_brings_the_form_back() {
    let world = World::new(sqlite().await).await;
    for (content, words) in [(&b"%PDF-1.7 x"[..], "PDF"), (b"", "请选择文件"), (b"a,b\n1,2\n", "没有找到台账")]
    {
        let sent = send(&world, "qian", TOWN, "x.xlsx", content).await;
        assert_eq!(sent.status, 422);
        assert!(sent.text.contains(words), "{words}: {}", sent.text);
    }
    let typed = world.submit("qian", "/import", &[("unit", TOWN), ("rows", "只是一句话")]).await;
    assert_eq!(typed.status, 422);
    assert!(typed.text.contains("只是一句话"), "what was typed comes back");
    assert_eq!(world.get("qian", "/import/none").await.status, 404);
}

#[tokio::test]
async fn a_closed_period_takes_no_rows_and_gives_none_back() {
    let world = World::new(sqlite().await).await;
    let ctx = context_of(&world, "qian").await;
    let done = super::sample_tests::import(&world.db, "a.csv", "日期,横幅\n2021-05-01,2\n".as_bytes(), TOWN)
        .await
        .expect("a row");
    assert_eq!(done.findings.counts.accepted, 1);
    let closed = world
        .submit(
            "qian",
            &format!("/closing?unit={TOWN}&year=2021"),
            &[("do", "close"), ("unit", TOWN), ("period", "2021-05")],
        )
        .await;
    assert_eq!(closed.status, 303, "{}", closed.text);
    let again =
        super::sample_tests::import(&world.db, "b.csv", "日期,横幅\n2021-05-02,2\n2021-06-02,2\n".as_bytes(), TOWN)
            .await;
    let (accepted, refused, _, told) = super::sample_tests::outcome(&again.expect("a ledger"));
    assert_eq!((accepted, refused), (1, 1), "{told:?}");
    assert!(told[0].starts_with("b!A2") && told[0].contains("这一行没有入账"), "{told:?}");
    assert!(!told[0].contains("已填的内容还在"), "nobody typed anything: {told:?}");
    let mut conn = world.db.read().await.expect("a transaction");
    let first: uuid::Uuid = run!(&mut conn, c => sqlx::query_scalar(
        "select batch_id from activity where day = '2021-05-01'",
    ).fetch_one(c).await)
    .expect("the batch");
    drop(conn);
    let refused = super::action::undo(&ctx, first, "重复").await.expect_err("the month is closed");
    assert_eq!(refused.code(), "period_closed");
    assert_eq!(entries(&world.db).await.len(), 2);
}

#[tokio::test]
async fn five_thousand_rows_go_in_at_once_and_the_totals_are_right() {
    let world = World::new(sqlite().await).await;
    let mut text = String::from("日期,单位,横幅,宣传资料,备注\n");
    for number in 0..5_000 {
        let unit = ["天坪村", "两河村", "大佛村"][number % 3];
        text.push_str(&format!(
            "2021-{:02}-{:02},{unit},{},{}余,{number}\n",
            number % 12 + 1,
            number % 28 + 1,
            number % 4 + 1,
            number % 90 + 1
        ));
    }
    let sent = send(&world, "qian", TOWN, "全年.csv", text.as_bytes()).await;
    let here = sent.header("location").to_owned();
    let answer = world.submit("qian", &here, &[("do", "store"), ("mode", "all")]).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    // It goes on in the background where it takes longer.
    for _ in 0..300 {
        if super::job::stand(here.trim_start_matches("/import/").parse().expect("an id")).is_none() {
            break;
        }
        let page = world.get("qian", &here).await.text;
        assert!(page.contains("http-equiv=\"refresh\"") || page.contains("已入账"), "{page}");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let findings = activity::check::check(&world.db).await.expect("a check");
    assert_eq!((findings.activities, findings.differences), (5_000, vec![]));
}
