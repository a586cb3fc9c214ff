//! What a roster may be relied on for: a typed figure gives way only when somebody said so, a preview writes nothing, names
//! leave the house on record and are gone when they were erased, and nobody reads or writes another unit's.

use crate::{
    domain::access::Role,
    evidence::sample,
    execute,
    import::read_file,
    operate::check,
    run,
    server::{
        db::Conn,
        router::router,
        state::{AppState, Settings},
        testing::{Answer, World, add_account, add_unit, each_engine, sqlite},
    },
};
use axum::http::{Method, StatusCode};
use serde_json::json;
use std::{sync::Arc, time::Duration};

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";
const LIANGHE: &str = "500999001202";
const LITERATE: &str = "/rosters/law_literate";

async fn typed(world: &World, unit: &str, value: i64) {
    let stock = json!({ "unit": unit, "measure": "law_literate", "as_of": "2021-01-01", "value": value });
    assert_eq!(world.post("qian", "/api/v1/stocks", stock).await.status, StatusCode::CREATED);
}

async fn add(world: &World, fields: &[(&str, &str)]) -> Answer {
    world.submit("qian", LITERATE, fields).await
}

/// What a page says, without its tags.
fn plain(answer: &Answer) -> String {
    answer.text.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect()
}

async fn count(conn: &mut Conn, table: &str) -> i64 {
    let text = match table {
        "audit" => "select count(*) from audit",
        _ => "select count(*) from roster_entry",
    };
    run!(conn, c => sqlx::query_scalar(text).fetch_one(c).await).expect("a count")
}

async fn counts(world: &World) -> (i64, i64) {
    let mut conn = world.db.read().await.expect("a transaction");
    (count(&mut conn, "audit").await, count(&mut conn, "roster_entry").await)
}

/// The details of the audit entries of an action, as text.
async fn trail(world: &World, action: &str) -> Vec<String> {
    let mut conn = world.db.read().await.expect("a transaction");
    run!(&mut conn, c => sqlx::query_scalar("select cast(detail as text) from audit where action = $1 order by id")
        .bind(action).fetch_all(c).await)
    .expect("the trail")
}

async fn newest(world: &World) -> String {
    let mut conn = world.db.read().await.expect("a transaction");
    let id: i64 = run!(&mut conn, c => sqlx::query_scalar("select max(id) from roster_entry").fetch_one(c).await)
        .expect("an entry");
    format!("{LITERATE}/{id}")
}

#[tokio::test]
async fn the_first_entry_takes_a_typed_figures_place_only_when_somebody_says_so() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        typed(&world, TIANPING, 35).await;
        let mut fields = vec![("unit", TIANPING), ("name", "王五"), ("category", "党员"), ("from", "2024-03-01")];
        let before = counts(&world).await;
        let asked = add(&world, &fields).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        let words = "天坪村法律明白人本期数原填35（2021-01-01），改由名册计为1（2024-03-01起）";
        assert!(plain(&asked).contains(words) && asked.text.contains("name=\"replace\""), "{}", asked.text);
        assert!(asked.text.contains("value=\"党员\""), "what was typed stays");
        assert_eq!(counts(&world).await, before);
        fields.push(("replace", "1"));
        assert_eq!(add(&world, &fields).await.status, StatusCode::SEE_OTHER);
        let told = trail(&world, "roster.add").await;
        assert!(told[0].contains("replaced") && told[0].contains("35"), "{told:?}");
        // More of them are no surprise, and where nothing was typed there is nothing to say.
        let second = [("unit", TIANPING), ("name", "赵六"), ("from", "2025-03-01")];
        assert_eq!(add(&world, &second).await.status, StatusCode::SEE_OTHER);
        let elsewhere = [("unit", LIANGHE), ("name", "孙七"), ("from", "2025-03-01")];
        assert_eq!(add(&world, &elsewhere).await.status, StatusCode::SEE_OTHER);
        let stocks = world.get("qian", "/stocks?measure=law_literate").await.text;
        assert!(stocks.contains("来自名册（2024-03-01起）") && stocks.contains("来自名册（2025-03-01起）"), "{stocks}");

        // Who was appointed earlier moves the beginning, and the days before are told too.
        let earlier = [("unit", TIANPING), ("name", "周八"), ("from", "2022-03-01")];
        let asked = add(&world, &earlier).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(plain(&asked).contains("原填35（2021-01-01），改由名册计为1（2022-03-01起）"), "{}", asked.text);
        let change = [("do", "change"), ("name", "赵六"), ("from", "2022-03-01")];
        let entry = format!("{LITERATE}/2");
        let asked = world.submit("qian", &entry, &change).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(plain(&asked).contains("改由名册计为1（2022-03-01起）") && asked.text.contains("name=\"replace\""));
        // Taken back, the typed figure holds again, and whoever takes it back has seen that; taken up again, somebody is
        // asked again.
        for (one, words) in [
            (format!("{LITERATE}/1"), "现由名册计为1（2025-02-28），作废后改回原来填的35（2021-01-01）"),
            (entry, "作废后改回原来填的35（2021-01-01）"),
        ] {
            let before = counts(&world).await;
            let asked = world.submit("qian", &one, &[("do", "withdraw")]).await;
            assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(plain(&asked).contains(words) && asked.text.contains("name=\"replace\""), "{}", asked.text);
            assert_eq!(counts(&world).await, before);
            assert!(!world.get("qian", &one).await.text.contains("已作废"), "nothing was done");
            let sure = [("do", "withdraw"), ("replace", "1")];
            assert_eq!(world.submit("qian", &one, &sure).await.status, StatusCode::SEE_OTHER);
        }
        let told = trail(&world, "roster.withdraw").await;
        assert!(told.len() == 2 && told.iter().all(|one| one.contains("given_back") && one.contains("35")), "{told:?}");
        let again = world.submit("qian", &format!("{LITERATE}/1"), &[("do", "reopen")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
        let sure = [("do", "reopen"), ("replace", "1")];
        assert_eq!(world.submit("qian", &format!("{LITERATE}/1"), &sure).await.status, StatusCode::SEE_OTHER);
        // A figure that stays the same asks nobody.
        let same = [("unit", "500999001203"), ("name", "吴九"), ("from", "2024-03-01")];
        typed(&world, "500999001203", 1).await;
        assert_eq!(add(&world, &same).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn a_preview_reads_and_an_import_names_each_figure_that_gives_way() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        typed(&world, TIANPING, 35).await;
        typed(&world, LIANGHE, 2).await;
        let rows = "村\t姓名\t聘任日期\n天坪村\t王一\t2024-03-01\n天坪村\t王二\t2024-03-01\n天坪村\t王三\t2025-03-01\n\
                    两河村\t李一\t2024-03-01\n两河村\t李二\t2024-03-01\n两河村\t李二\t2024-03-01\n两河村\t已删除\t2024-03-01\n";
        let address = format!("{LITERATE}/import?unit={TOWN}");
        let before = counts(&world).await;
        // While somebody else is writing: whoever only looks waits for nobody.
        let writer = world.db.write().await.expect("a writer");
        let look = async || world.submit("qian", &address, &[("do", "preview"), ("rows", rows)]).await;
        let seen = tokio::time::timeout(Duration::from_secs(20), look()).await.expect("a preview waits for no writer");
        drop(writer);
        assert_eq!(seen.status, StatusCode::OK);
        assert_eq!(counts(&world).await, before, "nothing was written, nor put on record");
        assert!(plain(&seen).contains("天坪村法律明白人本期数原填35（2021-01-01），改由名册计为3（2024-03-01起）"), "{}", seen.text);
        assert!(!seen.text.contains("两河村法律明白人本期数"), "two were typed and two there are");
        assert!(seen.text.contains("5条可以入册，2条有问题") && seen.text.contains("不是姓名"), "{}", seen.text);
        assert!(seen.text.contains("李二和第6行重复"), "twice in one file: {}", seen.text);
        let unsure = world.submit("qian", &address, &[("do", "store"), ("rows", rows)]).await;
        assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unsure.text.contains("原填35") && unsure.text.contains("王一"), "the preview is still there");
        assert_eq!(counts(&world).await, before);
        let sure = world.submit("qian", &address, &[("do", "store"), ("rows", rows), ("replace", "1")]).await;
        assert_eq!(sure.status, StatusCode::SEE_OTHER, "{}", sure.text);
        let (audit, entries) = counts(&world).await;
        assert_eq!((audit - before.0, entries - before.1), (6, 5));
        let told = trail(&world, "roster.import").await.concat();
        assert!(told.contains("35") && told.contains(TIANPING) && !told.contains(LIANGHE), "{told}");
    })
    .await;
}

#[tokio::test]
async fn a_figure_says_how_much_of_it_is_counted_and_how_much_was_typed() {
    let world = World::new(sqlite().await).await;
    assert_eq!(add(&world, &[("unit", TIANPING), ("name", "王五"), ("from", "2024-03-01")]).await.status, 303);
    assert!(!plain(&world.get("zhou", "/rosters").await).contains("名册1名"), "all of it is counted");
    typed(&world, LIANGHE, 5).await;
    for page in ["/rosters", LITERATE, "/stocks?measure=law_literate"] {
        let answer = world.get("zhou", page).await;
        assert!(plain(&answer).contains("名册1名，填报5名（1个村）"), "{page}: {}", answer.text);
        for part in
            ["/rosters/law_literate?unit=500999001&amp;as_of=", "/stocks?unit=500999001&amp;measure=law_literate"]
        {
            assert!(answer.text.contains(part), "{page} {part}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_countys_rosters_are_folded_by_town_and_a_towns_are_not() {
    let world = World::new(sqlite().await).await;
    let mut conn = world.db.write().await.expect("a transaction");
    let county: i64 =
        run!(&mut conn, c => sqlx::query_scalar("select id from unit where code = '500999'").fetch_one(c).await)
            .expect("the county");
    let town = add_unit(&mut conn, "500999002", Some(county), "town", "白石镇").await;
    add_unit(&mut conn, "500999002201", Some(town), "village", "白石村").await;
    conn.commit().await.expect("another town");
    for (unit, name) in [("500999002201", "周八"), (TIANPING, "王五")] {
        let fields = [("unit", unit), ("name", name), ("from", "2024-03-01")];
        assert_eq!(world.submit("zhao", LITERATE, &fields).await.status, StatusCode::SEE_OTHER);
    }
    let list = plain(&world.get("zhao", &format!("{LITERATE}?unit=500999")).await);
    let (first, second) = (list.find("青山镇 1 名").expect("a town"), list.find("白石镇 1 名").expect("the other"));
    assert!(first < second, "in the order of codes: {list}");
    assert!(list[first..second].contains("王五") && list[second..].contains("周八"), "{list}");
    let all = plain(&world.get("zhao", "/rosters?unit=500999").await);
    assert!(all.contains("白石镇 1个村，1个有差额"), "{all}");
    for page in [LITERATE, "/rosters"] {
        assert!(
            !world.get("qian", page).await.text.contains("<details class=\"brief\""),
            "{page}: one town is read whole"
        );
    }
}

#[tokio::test]
async fn what_was_withdrawn_is_not_changed_and_a_closed_unit_takes_nobody() {
    let world = World::new(sqlite().await).await;
    let fields = [("unit", TIANPING), ("name", "王五"), ("from", "2024-03-01")];
    assert_eq!(add(&world, &fields).await.status, StatusCode::SEE_OTHER);
    let entry = newest(&world).await;
    assert_eq!(world.submit("qian", &entry, &[("do", "withdraw")]).await.status, StatusCode::SEE_OTHER);
    let before = counts(&world).await;
    let change = [("do", "change"), ("name", "赵六"), ("from", "2024-03-01")];
    let mark = [("do", "mark"), ("day", "2024-06-01"), ("hours", "4")];
    for fields in [&change[..], &mark[..]] {
        let refused = world.submit("qian", &entry, fields).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("请先恢复再改"), "{}", refused.text);
    }
    assert_eq!(world.submit("qian", &entry, &[("do", "withdraw")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(counts(&world).await, before, "asked twice it is done once");
    assert_eq!(world.submit("qian", &entry, &[("do", "reopen")]).await.status, StatusCode::SEE_OTHER);
    let mut conn = world.db.write().await.expect("a transaction");
    execute!(&mut conn, sqlx::query("update unit set active_from = '2024-01-01' where code = $1").bind(TIANPING))
        .expect("a young village");
    conn.commit().await.expect("it is stored");
    let before_it_was = [("do", "change"), ("name", "王五"), ("from", "2023-03-01")];
    assert_eq!(world.submit("qian", &entry, &before_it_was).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_export_is_on_record_and_bears_no_erased_name() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for (name, from) in [("王五", "2024-03-01"), ("赵六", "2025-03-01")] {
            assert_eq!(add(&world, &[("unit", TIANPING), ("name", name), ("from", from)]).await.status, 303);
        }
        let entry = format!("{LITERATE}/1");
        assert_eq!(world.submit("qian", &entry, &[("do", "erase"), ("sure", "1")]).await.status, StatusCode::SEE_OTHER);
        let sheet = world.get("sun", &format!("/rosters.xlsx?kind=law_literate&unit={TIANPING}")).await;
        let book = read_file("x.xlsx", &sheet.bytes).expect("a workbook");
        let shown: Vec<String> =
            book.sheets[0].rows.iter().flat_map(|row| &row.cells).map(|cell| cell.value.shown()).collect();
        assert!(shown.iter().any(|cell| cell == "已删除") && shown.iter().any(|cell| cell == "赵六"), "{shown:?}");
        assert!(!shown.iter().any(|cell| cell.contains("王五")), "{shown:?}");
        let told = trail(&world, "roster.export").await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("law_literate") && told[0].contains('2') && !told[0].contains("赵六"), "{told:?}");
        let page = world.get("qian", "/audit").await.text;
        assert!(page.contains("导出名册") && page.contains("孙丽"), "{page}");
        let (audit, _) = counts(&world).await;
        assert_eq!(world.get("li", &format!("/rosters.xlsx?kind=law_literate&unit={TIANPING}")).await.status, 404);
        assert_eq!(counts(&world).await.0, audit, "what was not given is not on record as given");
    })
    .await;
}

#[tokio::test]
async fn a_letter_goes_with_the_person_and_what_shows_something_else_stays_and_says_so() {
    each_engine(|db| async move {
        let data_dir = World::new_data_dir();
        let settings = Settings { data_dir: data_dir.clone(), ..Settings::default() };
        let router = router(AppState { db: db.clone(), settings: Arc::new(settings) });
        let world = World { router, ..World::new(db).await };
        assert_eq!(add(&world, &[("unit", TIANPING), ("name", "王五"), ("from", "2024-03-01")]).await.status, 303);
        let entry = newest(&world).await;
        let (letter, shared) = (b"%PDF-1.4\n1\n%%EOF\n".as_slice(), sample::jpeg(1, 120, 90));
        for (name, bytes) in [("王五聘书.pdf", letter), ("授牌.jpg", shared.as_slice())] {
            let (kind, body) = sample::form(&[("file", name, bytes)]);
            let sent = world.send_bytes("qian", Method::POST, &format!("{entry}/evidence"), &kind, body).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        }
        let activity = uuid::Uuid::now_v7();
        let body = json!({ "id": activity, "unit": TIANPING, "date": "2024-03-01",
            "quantities": [{ "measure": "lecture", "value": 1, "precision": "exact" }] });
        assert_eq!(world.post("qian", "/api/v1/activities", body).await.status, StatusCode::CREATED);
        let (kind, body) = sample::form(&[("file", "授牌.jpg", &shared)]);
        let sent =
            world.send_bytes("qian", Method::POST, &format!("/activities/{activity}/evidence"), &kind, body).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        let files = async || {
            let mut conn = world.db.read().await.expect("a transaction");
            crate::evidence::file_store::keys(&mut conn).await.expect("files")
        };
        let (before, folder) = (files().await, data_dir.join("evidence"));
        let erased = world.submit("qian", &entry, &[("do", "erase"), ("sure", "1")]).await;
        assert_eq!(erased.status, StatusCode::SEE_OTHER, "{}", erased.text);
        let after = files().await;
        let gone: Vec<_> = before.iter().filter(|key| !after.contains(key)).collect();
        assert_eq!(gone.len(), 1, "the letter's: {gone:?}");
        assert!(before.iter().any(|key| folder.join(key).is_file()), "{}", folder.display());
        assert!(!folder.join(gone[0]).exists() && after.iter().all(|key| folder.join(key).is_file()));
        let page = world.get("qian", &entry).await.text;
        assert!(page.contains("有1份文件还用作别的佐证") && !page.contains("王五"), "{page}");
        let told = trail(&world, "roster.erase").await.concat();
        assert!(told.contains("\"documents\":1") || told.contains("\"documents\": 1"), "{told}");
        check::check(&world.db, &data_dir).await.expect("nothing is missing");
        // The same letter sent for somebody else is another piece.
        assert_eq!(add(&world, &[("unit", TIANPING), ("name", "赵六"), ("from", "2024-03-01")]).await.status, 303);
        let other = newest(&world).await;
        let (kind, body) = sample::form(&[("file", "聘书.pdf", letter)]);
        let sent = world.send_bytes("qian", Method::POST, &format!("{other}/evidence"), &kind, body).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert_eq!(files().await, before);
        check::check(&world.db, &data_dir).await.expect("all is there again");
    })
    .await;
}

#[tokio::test]
async fn each_tree_of_units_says_for_itself_how_long_names_are_kept() {
    let world = World::new(sqlite().await).await;
    let mut conn = world.db.write().await.expect("a transaction");
    let other = add_unit(&mut conn, "500998", None, "county", "白石县").await;
    let village = add_unit(&mut conn, "500998001201", Some(other), "village", "白石村").await;
    add_account(&mut conn, "wu", "吴刚", Role::Admin, other).await;
    conn.commit().await.expect("another county");
    assert!(village > 0);
    let (old, left) = (("from", "2010-01-01"), ("left", "2014-01-01"));
    assert_eq!(add(&world, &[("unit", TIANPING), ("name", "王五"), old, left]).await.status, 303);
    let there = [("unit", "500998001201"), ("name", "赵六"), old, left];
    assert_eq!(world.submit("wu", LITERATE, &there).await.status, StatusCode::SEE_OTHER);
    let years = [("do", "years"), ("unit", "500999"), ("years", "30")];
    assert_eq!(world.submit("wu", "/rosters/erase", &years).await.status, StatusCode::FORBIDDEN, "another's tree");
    assert_eq!(world.submit("zhao", "/rosters/erase", &years).await.status, StatusCode::SEE_OTHER);
    let own = world.get("zhao", "/rosters/erase").await.text;
    assert!(own.contains("30年") && !own.contains("王五"), "{own}");
    let theirs = world.get("wu", "/rosters/erase").await.text;
    assert!(theirs.contains("5年") && theirs.contains("赵六") && !theirs.contains("王五"), "{theirs}");
}

#[tokio::test]
async fn by_no_address_is_another_villages_roster_read_and_a_leader_writes_nothing() {
    let world = World::new(sqlite().await).await;
    assert_eq!(add(&world, &[("unit", TIANPING), ("name", "王五"), ("from", "2024-03-01")]).await.status, 303);
    let entry = newest(&world).await;
    let id = entry.rsplit('/').next().expect("an id").to_owned();
    let (evidence, import) = (format!("{entry}/evidence"), format!("{LITERATE}/import?unit={TIANPING}"));
    let of_unit = format!("?unit={TIANPING}");
    for address in [
        format!("/rosters{of_unit}"),
        format!("{LITERATE}{of_unit}"),
        format!("{LITERATE}{of_unit}&ended=1&as_of=2025-01-01"),
        format!("/rosters.xlsx{of_unit}&kind=law_literate"),
        entry.clone(),
        evidence.clone(),
        import.clone(),
    ] {
        assert_eq!(world.get("li", &address).await.status, StatusCode::NOT_FOUND, "{address}");
        let status = world.get("zhou", &address).await.status;
        let expected = if address == import { StatusCode::FORBIDDEN } else { StatusCode::OK };
        assert_eq!(status, expected, "{address}: a leader reads and does not import");
    }
    for page in ["/rosters", LITERATE, "/tasks", "/"] {
        assert!(!world.get("li", page).await.text.contains("王五"), "{page}");
    }
    let row = "天坪村\t赵六\t\t\t\t2024-03-01\n";
    let erase = [("do", "erase"), ("entry", id.as_str())];
    let before = counts(&world).await;
    for who in ["sun", "li", "zhou"] {
        for (address, fields) in [
            (LITERATE, &[("unit", TIANPING), ("name", "赵六"), ("from", "2024-03-01"), ("replace", "1")][..]),
            (&entry, &[("do", "change"), ("name", "赵六"), ("from", "2024-03-01")]),
            (&entry, &[("do", "withdraw")]),
            (&entry, &[("do", "reopen")]),
            (&entry, &[("do", "mark"), ("day", "2024-05-01"), ("hours", "1")]),
            (&entry, &[("do", "unmark"), ("mark", "1")]),
            (&entry, &[("do", "erase"), ("sure", "1")]),
            (&import, &[("do", "store"), ("rows", row), ("replace", "1")]),
            (&import, &[("do", "preview"), ("rows", row)]),
            ("/rosters/erase", &erase),
            ("/rosters/erase", &[("do", "years"), ("years", "1")]),
        ] {
            let answer = world.submit(who, address, fields).await;
            let is_refused = matches!(
                answer.status,
                StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY
            );
            assert!(is_refused, "{who} {address} {fields:?}: {}", answer.status);
            assert!(who != "li" || !answer.text.contains("王五"), "{address}");
        }
        let (kind, body) = sample::form(&[("file", "聘书.pdf", b"%PDF-1.4\n1\n%%EOF\n")]);
        let sent = world.send_bytes(who, Method::POST, &evidence, &kind, body).await.status;
        assert_eq!(sent, if who == "li" { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN }, "{who}");
    }
    assert_eq!(counts(&world).await, before);
}
