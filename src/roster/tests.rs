//! Rosters as a town keeps them, over HTTP.

use crate::{
    evidence::sample,
    import::read_file,
    operate::check,
    run,
    server::{
        clock,
        testing::{self, World, each_engine, sqlite},
    },
};
use axum::http::{Method, StatusCode};
use chrono::{Datelike, Days, Months};
use serde_json::json;
use std::path::Path;

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";
const LIANGHE: &str = "500999001202";
const LITERATE: &str = "/rosters/law_literate";

/// The id of the newest entry.
async fn newest(world: &World) -> i64 {
    let mut conn = world.db.read().await.expect("a transaction");
    run!(&mut conn, c => sqlx::query_scalar("select max(id) from roster_entry").fetch_one(c).await).expect("an entry")
}

/// The officer adds an entry; where it can be read.
async fn add(world: &World, kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = world.submit("qian", &format!("/rosters/{kind}"), fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    format!("/rosters/{kind}/{}", newest(world).await)
}

/// Rows pasted into a roster; the page that comes back, or where it leads.
async fn paste(world: &World, kind: &str, unit: &str, what: &str, rows: &str) -> testing::Answer {
    let address = format!("/rosters/{kind}/import?unit={unit}");
    world.submit("qian", &address, &[("do", what), ("rows", rows)]).await
}

/// Rows stored by somebody who has seen which typed figures give way.
async fn store_sure(world: &World, kind: &str, unit: &str, rows: &str) -> testing::Answer {
    let address = format!("/rosters/{kind}/import?unit={unit}");
    world.submit("qian", &address, &[("do", "store"), ("rows", rows), ("replace", "1")]).await
}

async fn all_agrees(world: &World) {
    let found = super::check::check(&world.db).await.expect("a check");
    assert!(found.entries > 0 && found.faults.is_empty(), "{found:?}");
}

#[tokio::test]
async fn villagers_by_name_are_the_stock_of_every_day_and_nobody_types_it() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        let town: i64 = run!(&mut conn, c => sqlx::query_scalar("select id from unit where code = $1")
            .bind(TOWN).fetch_one(c).await)
        .expect("the town");
        for number in 204..=212 {
            let (code, name) = (format!("{TOWN}{number}"), format!("村{number}村民委员会"));
            testing::add_unit(&mut conn, &code, Some(town), "village", &name).await;
        }
        conn.commit().await.expect("twelve villages");
        let indicator = json!({ "key": "literate", "name": "法律明白人", "kind": "stock", "measure": "law_literate",
            "unit_kind": "village", "at_least": 3, "unit": TOWN });
        assert_eq!(world.post("qian", "/api/v1/indicators", indicator).await.status, StatusCode::CREATED);
        let target = json!({ "plan": "plan-9", "indicator": "literate", "unit": TOWN, "value": 1, "basis": "通知" });
        assert_eq!(world.post("qian", "/api/v1/targets", target).await.status, StatusCode::CREATED);
        // Typed before there was a roster.
        let typed = json!({ "unit": TIANPING, "measure": "law_literate", "as_of": "2025-12-31", "value": 9 });
        assert_eq!(world.post("qian", "/api/v1/stocks", typed).await.status, StatusCode::CREATED);
        let goal = async |day: &str| {
            let answer = world.get("qian", &format!("/api/v1/goals?unit={TOWN}&plan=plan-9&as_of={day}")).await.json();
            let rows = answer["rows"].as_array().cloned().unwrap_or_default();
            let row = rows.into_iter().find(|row| row["indicator"] == "literate").expect("the goal");
            (row["actual"].as_f64().expect("a share") * 1000.0).round() / 10.0
        };
        assert_eq!(goal("2026-01-31").await.to_string(), "8.3", "one village of twelve, as typed");

        let mut rows = String::from("村\t姓名\t身份\t聘任日期\t离任日期\n");
        for number in 201..=212 {
            for person in 1..=if number == 201 { 2 } else { 3 } {
                let left = if (number, person) == (202, 3) { "2026-08-31" } else { "" };
                rows += &format!("{TOWN}{number}\t王{number}{person}\t村干部\t2026-02-01\t{left}\n");
            }
        }
        let stored = store_sure(&world, "law_literate", TOWN, &rows).await;
        assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.text);
        assert_eq!(goal("2026-06-30").await.to_string(), "91.7", "11 of 12");
        assert_eq!(goal("2026-08-30").await.to_string(), "91.7");
        assert_eq!(goal("2026-08-31").await.to_string(), "83.3");
        assert_eq!(goal("2026-09-30").await.to_string(), "83.3", "10 of 12");
        assert_eq!(goal("2026-01-31").await.to_string(), "8.3", "the day before the roster begins is as it was typed");
        for (day, people) in [("2026-06-30", 35), ("2026-09-30", 34)] {
            let page = world.get("zhou", &format!("/rosters?as_of={day}")).await.text;
            assert!(page.contains(&format!("{people} <small>")), "{day}: {page}");
        }
        // What the goal's figure is made of is the rosters, and not what was typed before.
        let drill = world.get("zhou", &format!("/goals/literate?unit={TOWN}&plan=plan-9&as_of=2026-09-30")).await.text;
        assert_eq!(drill.matches("来自名册（2026-02-01起）").count(), 12, "{drill}");
        assert!(drill.contains(&format!("/rosters/law_literate?unit={TIANPING}&amp;as_of=2026-09-30")), "{drill}");
        let gaps = world.get("qian", &format!("/api/v1/gaps?unit={TOWN}&plan=plan-9&as_of=2026-09-30")).await.json();
        let missing: Vec<_> = gaps["rows"].as_array().expect("rows").iter().map(|row| row["unit"].clone()).collect();
        assert_eq!(missing, [TIANPING, LIANGHE]);
        let held = world.get("qian", &format!("/api/v1/stocks?unit={TIANPING}&as_of=2026-06-30")).await.json();
        let expected = json!([{ "unit": TIANPING, "measure": "law_literate", "as_of": "2026-06-30", "value": 2,
            "source": "roster" }]);
        assert_eq!(held["items"], expected);
        let stocks = world.get("qian", "/stocks?measure=law_literate").await.text;
        assert!(stocks.contains("来自名册") && !stocks.contains("value.500999001201"), "{stocks}");
        let venues = world.get("qian", "/stocks?measure=venue").await.text;
        assert!(!venues.contains("来自名册") && venues.contains("value.500999001201"), "no roster of venues is kept");
        all_agrees(&world).await;
        let said = check::check(&world.db, Path::new("")).await.expect("all is well");
        assert!(said.contains("35 entries of rosters agree"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn a_vice_principal_has_two_schools_at_a_time_and_the_third_names_them() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        let town: i64 = run!(&mut conn, c => sqlx::query_scalar("select id from unit where code = $1")
            .bind(TOWN).fetch_one(c).await)
        .expect("the town");
        let county: i64 = run!(&mut conn, c => sqlx::query_scalar("select id from unit where code = '500999'")
            .fetch_one(c).await)
        .expect("the county");
        let other = testing::add_unit(&mut conn, "500999002", Some(county), "town", "白石镇").await;
        testing::add_unit(&mut conn, "school-2", Some(town), "school", "青山中学").await;
        testing::add_unit(&mut conn, "school-3", Some(town), "school", "天坪小学").await;
        testing::add_unit(&mut conn, "school-9", Some(other), "school", "白石小学").await;
        conn.commit().await.expect("more schools");
        let at = |school: &'static str, from: &'static str, to: &'static str| {
            [("unit", school), ("name", "陈警官"), ("body", "青山派出所"), ("from", from), ("to", to)]
        };
        add(&world, "vice_principal", &at("school-1", "2024-09-01", "2027-08-31")).await;
        add(&world, "vice_principal", &at("school-2", "2024-09-01", "2027-08-31")).await;
        let third = at("school-3", "2025-09-01", "");
        let refused = world.submit("qian", "/rosters/vice_principal", &third).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("青山小学、青山中学") && refused.text.contains("陈警官"), "{}", refused.text);
        add(&world, "vice_principal", &at("school-3", "2027-09-01", "")).await;
        let elsewhere = [("unit", "school-3"), ("name", "陈警官"), ("body", "白石派出所"), ("from", "2025-09-01")];
        add(&world, "vice_principal", &elsewhere).await;
        // The county's officer sees the school of another town; the town's own does not, and is told how many.
        let school = [("unit", "school-9"), ("name", "李法官"), ("body", "县法院"), ("from", "2025-01-01")];
        assert_eq!(world.submit("zhao", "/rosters/vice_principal", &school).await.status, StatusCode::SEE_OTHER);
        let mut judge = [("unit", "school-1"), ("name", "李法官"), ("body", "县法院"), ("from", "2025-01-01")];
        add(&world, "vice_principal", &judge).await;
        judge[0] = ("unit", "school-2");
        let refused = world.submit("qian", "/rosters/vice_principal", &judge).await.text;
        assert!(refused.contains("青山小学，以及外单位的1所学校") && !refused.contains("白石小学"), "{refused}");
        let village = [("unit", TIANPING), ("name", "李法官"), ("body", "县法院"), ("from", "2025-01-01")];
        let refused = world.submit("qian", "/rosters/vice_principal", &village).await.text;
        assert!(refused.contains("不是学校"), "{refused}");
        all_agrees(&world).await;
    })
    .await;
}

#[tokio::test]
async fn class_hours_are_those_logged_at_the_school() {
    let world = World::new(sqlite().await).await;
    let fields = [("unit", "school-1"), ("name", "陈警官"), ("body", "派出所"), ("from", "2026-01-01")];
    let entry = add(&world, "vice_principal", &fields).await;
    let body = json!({ "id": uuid::Uuid::now_v7(), "unit": "school-1", "date": clock::today(),
        "quantities": [{ "measure": "class_hour", "value": 3, "precision": "exact" }] });
    assert_eq!(world.post("qian", "/api/v1/activities", body).await.status, StatusCode::CREATED);
    for page in ["/rosters", "/rosters/vice_principal", &entry] {
        let text = world.get("qian", page).await.text;
        assert!(text.contains("已上3课时，全年应上4课时") && text.contains("还差1课时"), "{page}: {text}");
    }
    let year = clock::today().year();
    let last = world.get("qian", &format!("/rosters?as_of={}-12-31", year - 1)).await.text;
    assert!(last.contains("已上0课时，全年应上4课时"), "{last}");
}

#[tokio::test]
async fn what_ends_and_what_was_not_renewed_is_called_to_mind_where_it_is_mended() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let today = clock::today();
        let day = |offset: i64| {
            let days = Days::new(offset.unsigned_abs());
            (if offset < 0 { today - days } else { today + days }).to_string()
        };
        let (soon, later, past) = (day(10), day(90), (today - Months::new(12)).to_string());
        for (name, to) in [("李律师", soon.as_str()), ("张律师", later.as_str())] {
            let fields = [("unit", TIANPING), ("name", name), ("from", past.as_str()), ("to", to)];
            add(&world, "legal_adviser", &fields).await;
        }
        let board = [
            ("unit", TIANPING),
            ("name", "村口宣传栏"),
            ("category", "宣传栏"),
            ("from", past.as_str()),
            ("renews", "1"),
        ];
        let board = add(&world, "venue", &board).await;
        let square = [("unit", TIANPING), ("name", "法治广场"), ("category", "法治广场"), ("from", past.as_str())];
        add(&world, "venue", &square).await;
        for who in ["qian", "sun", "zhou"] {
            let tasks = world.get(who, "/tasks").await.text;
            assert!(tasks.contains("李律师") && tasks.contains("还有10天"), "{who}: {tasks}");
            assert!(tasks.contains("村口宣传栏") && tasks.contains("本季度未更新"), "{who}");
            assert!(!tasks.contains("张律师") && !tasks.contains("法治广场"), "{who}: not yet, and never asked");
        }
        assert!(!world.get("li", "/tasks").await.text.contains("李律师"), "another village's");
        assert!(world.get("qian", "/").await.text.contains("名册有2条"), "the first page");
        assert_eq!(
            world.submit("qian", &board, &[("do", "mark"), ("day", &day(0))]).await.status,
            StatusCode::SEE_OTHER
        );
        let tasks = world.get("qian", "/tasks").await.text;
        assert!(!tasks.contains("村口宣传栏") && tasks.contains("李律师"), "{tasks}");
        // Renewed by what the village logged.
        let page = world.get("qian", &board).await.text;
        let mark = page.split("name=\"mark\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a mark");
        let undo = [("do", "unmark"), ("mark", mark)];
        assert_eq!(world.submit("qian", &board, &undo).await.status, StatusCode::SEE_OTHER);
        assert!(world.get("qian", "/tasks").await.text.contains("村口宣传栏"));
        let body = json!({ "id": uuid::Uuid::now_v7(), "unit": TIANPING, "date": today,
            "quantities": [{ "measure": "bulletin", "value": 1, "precision": "exact" }] });
        assert_eq!(world.post("sun", "/api/v1/activities", body).await.status, StatusCode::CREATED);
        assert!(
            !world.get("qian", "/tasks").await.text.contains("村口宣传栏"),
            "nobody is asked again for what is logged"
        );
    })
    .await;
}

#[tokio::test]
async fn a_name_is_erased_for_good_and_what_it_counted_stays() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let fields = [
            ("unit", TIANPING),
            ("name", "王五"),
            ("certificate", "FL-77"),
            ("from", "2015-03-01"),
            ("left", "2018-06-01"),
        ];
        let entry = add(&world, "law_literate", &fields).await;
        let stays = [("unit", TIANPING), ("name", "赵六"), ("from", "2015-03-01")];
        add(&world, "law_literate", &stays).await;
        let training = [("do", "mark"), ("day", "2016-05-01"), ("hours", "8"), ("note", "王五参加")];
        assert_eq!(world.submit("qian", &entry, &training).await.status, StatusCode::SEE_OTHER);
        let (kind, letter) = sample::form(&[("file", "王五聘书.pdf", b"%PDF-1.4\n%%EOF\n")]);
        let address = format!("{entry}/evidence");
        let sent = world.send_bytes("qian", Method::POST, &address, &kind, letter).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let documents = world.get("sun", &address).await.text;
        let piece =
            documents.split("/evidence/").find_map(|rest| rest.split_once("/uses")).expect("a letter").0.to_owned();
        assert_eq!(world.get("sun", &format!("/evidence/{piece}")).await.status, StatusCode::OK, "the own village's");
        assert_eq!(world.get("li", &format!("/evidence/{piece}")).await.status, StatusCode::NOT_FOUND);
        assert!(world.get("sun", &format!("/evidence/{piece}/uses")).await.text.contains("王五"));

        let due = world.get("qian", "/rosters/erase").await.text;
        assert!(due.contains("王五") && !due.contains("赵六"), "{due}");
        let id = entry.rsplit('/').next().expect("an id");
        assert_eq!(world.submit("qian", "/rosters/erase", &[("do", "erase"), ("entry", id)]).await.status, 303);
        for (page, word) in [
            (entry.as_str(), "已删除"),
            ("/rosters/law_literate?as_of=2016-01-01", "已删除"),
            ("/rosters/law_literate?ended=1", "赵六"),
            ("/rosters/erase", "赵六"),
            (&address, "已删除"),
            ("/audit", "抹去姓名"),
        ] {
            let text = world.get("qian", page).await.text;
            assert!(!text.contains("王五") && !text.contains("FL-77"), "{page}: {text}");
            assert_eq!(text.contains(word), page != "/rosters/erase", "{page}: {text}");
        }
        assert!(world.get("qian", "/rosters?as_of=2016-01-01").await.text.contains("2 <small>"), "two were there");
        assert!(world.get("qian", "/rosters?as_of=2019-01-01").await.text.contains("1 <small>"));
        assert_eq!(world.get("qian", &format!("/evidence/{piece}")).await.status, StatusCode::NOT_FOUND);
        let mut conn = world.db.read().await.expect("a transaction");
        let trail: Vec<(String, String)> = run!(&mut conn, c => {
            sqlx::query_as("select subject, cast(detail as text) from audit").fetch_all(c).await
        })
        .expect("the trail");
        assert!(
            trail.iter().all(|(subject, detail)| !subject.contains("王五") && !detail.contains("王五")),
            "{trail:?}"
        );
        drop(conn);
        let change = [("do", "change"), ("name", "王五"), ("from", "2015-03-01")];
        assert_eq!(world.submit("qian", &entry, &change).await.status, StatusCode::CONFLICT, "it stays away");
        let years = [("do", "years"), ("years", "20")];
        assert_eq!(world.submit("qian", "/rosters/erase", &years).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.submit("zhao", "/rosters/erase", &years).await.status, StatusCode::SEE_OTHER);
        assert!(world.get("qian", "/rosters/erase").await.text.contains("20年"));
        all_agrees(&world).await;
    })
    .await;
}

#[tokio::test]
async fn rows_are_looked_at_cell_by_cell_and_stored_once() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let rows = "村（社区）\t姓名\t身份\t证书编号\t聘任日期\n天坪村\t王五\t村干部\tFL-1\t2024年3月1日\n\t赵六\t网格员\t\t2024.3.1\n\
                    两河村\t孙七\t党员\t\t去年\n火星村\t周八\t党员\t\t2024-03-01\n大佛村\t\t党员\t\t2024-03-01\n";
        let seen = paste(&world, "law_literate", TOWN, "preview", rows).await;
        assert_eq!(seen.status, StatusCode::OK);
        for word in ["2条可以入册，3条有问题", ">E4<", ">A5<", "火星村", ">B6<", "入册 2 条"] {
            assert!(seen.text.contains(word), "{word}: {}", seen.text);
        }
        assert!(world.get("qian", LITERATE).await.text.contains("名册里没有人"), "a preview stores nothing");
        assert!(!seen.text.contains("role=\"alert\""), "nothing was refused");
        let stored = paste(&world, "law_literate", TOWN, "store", rows).await;
        assert_eq!(stored.header("location"), "/rosters/law_literate?unit=500999001", "{}", stored.text);
        let page = world.get("qian", LITERATE).await.text;
        assert!(page.contains("王五") && page.contains("赵六") && !page.contains("孙七"), "{page}");
        let again = paste(&world, "law_literate", TOWN, "store", rows).await;
        assert_eq!(again.status, StatusCode::OK);
        assert!(again.text.contains("已经有王五"), "{}", again.text);

        // What was exported is read again, and is all there.
        let sheet = world.get("qian", "/rosters.xlsx?kind=law_literate").await.bytes;
        let book = read_file("名册.xlsx", &sheet).expect("a workbook");
        let shown: Vec<String> =
            book.sheets[0].rows.iter().flat_map(|row| &row.cells).map(|cell| cell.value.shown()).collect();
        for word in ["姓名", "聘任日期", "王五", "赵六", "FL-1", "2024-03-01"] {
            assert!(shown.iter().any(|own| own == word), "{word}: {shown:?}");
        }
        let (kind, file) = sample::form(&[("file", "名册.xlsx", &sheet)]);
        let address = format!("/rosters/law_literate/import?unit={TOWN}");
        let seen = world.send_bytes("qian", Method::POST, &address, &kind, file).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
        assert!(seen.text.contains("0条可以入册，2条有问题"), "{}", seen.text);
        let nothing = paste(&world, "law_literate", TOWN, "preview", " ").await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn a_roster_is_read_by_its_own_unit_and_those_above_and_written_by_the_officer() {
    let world = World::new(sqlite().await).await;
    let fields = [("unit", TIANPING), ("name", "王五"), ("from", "2024-03-01")];
    for who in ["sun", "zhou"] {
        assert_eq!(world.submit(who, LITERATE, &fields).await.status, StatusCode::FORBIDDEN, "{who}");
    }
    assert_eq!(world.submit("li", LITERATE, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let empty = [("unit", TIANPING), ("name", ""), ("category", "党员"), ("from", "2024-13-01")];
    let refused = world.submit("qian", LITERATE, &empty).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"党员\"") && refused.text.contains("没有这一天"), "what was typed stays");
    let entry = add(&world, "law_literate", &fields).await;
    for (who, reads) in [("sun", true), ("zhou", true), ("zhao", true), ("li", false)] {
        assert_eq!(world.get(who, LITERATE).await.text.contains("王五"), reads, "{who}");
        assert_eq!(world.get(who, &entry).await.status.is_success(), reads, "{who}");
        let sheet = world.get(who, "/rosters.xlsx?kind=law_literate").await.bytes;
        let book = read_file("x.xlsx", &sheet).expect("a workbook");
        let named = book.sheets[0].rows.iter().flat_map(|row| &row.cells).any(|cell| cell.value.shown() == "王五");
        assert_eq!(named, reads, "{who}");
    }
    assert_eq!(world.get("qian", &entry.replace("law_literate", "venue")).await.status, StatusCode::NOT_FOUND);
    let wrong = [("do", "mark"), ("day", "2023-01-01"), ("hours", "0")];
    let refused = world.submit("qian", &entry, &wrong).await;
    assert!(refused.text.contains("value=\"王五\""), "another form of the page keeps what is stored: {}", refused.text);
    assert_eq!(world.submit("qian", &entry, &[("do", "withdraw")]).await.status, StatusCode::SEE_OTHER);
    assert!(!world.get("qian", LITERATE).await.text.contains("王五"));
    assert_eq!(world.submit("qian", &entry, &[("do", "reopen")]).await.status, StatusCode::SEE_OTHER);
    assert!(world.get("qian", LITERATE).await.text.contains("王五"));
    all_agrees(&world).await;
}
