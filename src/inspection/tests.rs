//! An inspection from the county's rules to the folder, over HTTP; the folder is opened again.

use crate::{
    evidence::sample,
    run,
    server::testing::{World, each_engine, sqlite},
};
use axum::http::{Method, StatusCode};
use serde_json::json;
use std::io::{Cursor, Read};

const COUNTY: &str = "500999";
const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";
const RULES: &str = "序号\t考核内容\t分值\t佐证材料\n1\t开展禁毒宣传月\t5分\t通知、方案、签到、照片、简报、总结\n\
                     2\t法律明白人队伍\t3\t\n3\t悬挂横幅\t2.5\t照片\n";

/// The ZIP's files: name and bytes.
fn unpacked(zip: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).expect("a ZIP archive");
    (0..archive.len())
        .map(|place| {
            let mut file = archive.by_index(place).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("its bytes");
            (file.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

/// The words of a DOCX file.
fn words(docx: &[u8]) -> String {
    let part = unpacked(docx).into_iter().find(|(name, _)| name == "word/document.xml").expect("a document").1;
    String::from_utf8(part).expect("UTF-8")
}

/// A scheme for the town with the three items of [`RULES`]: its address and theirs.
async fn scheme(world: &World) -> (String, Vec<String>) {
    let fields = [("unit", TOWN), ("title", "2021年普法考核"), ("from", "2021-01-01"), ("to", "2021-12-31")];
    let made = world.submit("qian", "/inspection", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let here = made.header("location").to_owned();
    let looked = world.submit("qian", &here, &[("do", "rows"), ("rows", RULES)]).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(looked.text.contains("预览：3项") && looked.text.contains("开展禁毒宣传月"), "{}", looked.text);
    let stored = world.submit("qian", &here, &[("do", "rows"), ("rows", RULES), ("store", "1")]).await;
    assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.text);
    let mut conn = world.db.read().await.expect("a transaction");
    let ids: Vec<i64> = run!(&mut conn, c => {
        sqlx::query_scalar("select id from inspection_item where removed_at is null order by id desc limit 3").fetch_all(c).await
    })
    .expect("items");
    let items = ids.into_iter().rev().map(|id| format!("{here}/items/{id}")).collect();
    (here, items)
}

async fn activity(world: &World, unit: &str, campaign: bool, banner: i64) -> String {
    let id = uuid::Uuid::now_v7();
    let body = json!({ "id": id, "unit": unit, "date": "2021-06-24", "place": "老街",
        "campaigns": if campaign { vec!["drugs"] } else { Vec::new() },
        "quantities": [{ "measure": "banner", "value": banner, "precision": "exact" }] });
    let answer = world.post("qian", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    id.to_string()
}

/// Sends a file to an address as the officer; with children on it where `children`.
async fn send(world: &World, address: &str, name: &str, bytes: &[u8], children: bool) {
    let (kind, mut body) = sample::form(&[("file", name, bytes)]);
    if children {
        let boundary = kind.split("boundary=").nth(1).expect("a boundary");
        let field = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"children\"\r\n\r\n1\r\n");
        body = [field.into_bytes(), body].concat();
    }
    let sent = world.send_bytes("qian", Method::POST, address, &kind, body).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
}

#[tokio::test]
async fn the_folder_has_each_item_numbered_in_order_and_tells_what_is_missing() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let campaign = json!({ "key": "drugs", "title": "禁毒宣传月", "unit": TOWN, "from": "2021-06-01",
            "to": "2021-06-30", "themes": ["drugs"] });
        assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, StatusCode::CREATED);
        let (here, items) = scheme(&world).await;
        let empty = world.get("qian", &here).await.text;
        assert!(empty.contains("还没有指明用什么来证明") && empty.contains("选择来源"), "{empty}");
        for (item, what, key) in
            [(&items[0], "campaign", "drugs"), (&items[1], "roster", "law_literate"), (&items[2], "measure", "banner")]
        {
            let done = world.submit("qian", item, &[("do", "prove"), (what, key)]).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        }
        let unknown = world.submit("qian", &items[0], &[("do", "prove"), ("theme", "none")]).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        let in_campaign = activity(&world, TIANPING, true, 3).await;
        activity(&world, "500999001202", false, 2).await;
        let entry = format!("/activities/{in_campaign}/evidence");
        send(&world, &entry, "a.jpg", &sample::jpeg(1, 120, 90), false).await;
        send(&world, &entry, "学生.jpg", &sample::jpeg(2, 120, 90), true).await;
        send(&world, &entry, "签到表.jpg", &sample::jpeg(3, 120, 90), false).await;
        let documents = "/campaigns/drugs/evidence";
        send(&world, documents, "工作总结.pdf", b"%PDF-1.4\n1\n%%EOF\n", false).await;
        send(&world, documents, "关于禁毒的通知.pdf", b"%PDF-1.4\n2\n%%EOF\n", false).await;
        send(&world, &format!("{}/evidence", items[1]), "培育方案.pdf", b"%PDF-1.4\n3\n%%EOF\n", false).await;
        let person = [("unit", TIANPING), ("name", "王五"), ("from", "2021-03-01")];
        assert_eq!(world.submit("qian", "/rosters/law_literate", &person).await.status, StatusCode::SEE_OTHER);

        let page = world.get("zhou", &here).await.text;
        assert!(page.contains("缺：方案、简报") && page.contains("系统草稿 1") && page.contains("横幅"), "{page}");
        assert!(page.contains("台账2条，1条没有佐证") && page.contains("有儿童的照片1张未放入"), "{page}");
        let zip = world.get("zhou", &format!("{here}/folder.zip")).await;
        assert_eq!((zip.status, zip.header("content-type")), (StatusCode::OK, "application/zip"));
        let files = unpacked(&zip.bytes);
        let names: Vec<&str> =
            files.iter().filter_map(|(name, _)| name.split_once('/')).map(|(_, name)| name).collect();
        let expected = [
            "01 开展禁毒宣传月/01 关于禁毒的通知.pdf",
            "01 开展禁毒宣传月/02 2021-06-24 签到表.jpg",
            "01 开展禁毒宣传月/03 照片 2021-06-24 老街 天坪村.jpg",
            "01 开展禁毒宣传月/04 系统草稿 简报 禁毒宣传月.docx",
            "01 开展禁毒宣传月/05 工作总结.pdf",
            "02 法律明白人队伍/法律明白人/01 法律明白人 · 青山镇.xlsx",
            "02 法律明白人队伍/本项文件/01 培育方案.pdf",
        ];
        for name in expected {
            assert!(names.contains(&name), "{name}: {names:?}");
        }
        let text = |name: &str| {
            let found = files.iter().find(|(own, _)| own.ends_with(name));
            String::from_utf8(found.unwrap_or_else(|| panic!("{name}: {names:?}")).1.clone()).expect("UTF-8")
        };
        let (contents, gaps) = (text("00 目录.txt"), text("00 缺漏清单.txt"));
        assert!(contents.contains("05 工作总结.pdf") && contents.contains("（分值5）"), "{contents}");
        assert!(contents.contains("系统草稿1份，只供参考"), "{contents}");
        assert!(
            gaps.contains("缺：方案、简报") && gaps.contains("有1条台账没有佐证") && gaps.contains("儿童"),
            "{gaps}"
        );
        let docx = files.iter().find(|(name, _)| name.ends_with("00 目录.docx")).expect("contents").1.clone();
        assert!(words(&docx).contains("03 照片 2021-06-24 老街 天坪村.jpg"));
        let brief = files.iter().find(|(name, _)| name.contains("系统草稿 简报")).expect("a brief").1.clone();
        assert!(words(&brief).contains("禁毒宣传月") && words(&brief).contains("不能当作正式文件"));
        let photo = files.iter().find(|(name, _)| name.contains("03 照片")).expect("a photo").1.clone();
        assert!(image::load_from_memory(&photo).is_ok());

        // Children's pictures go along only with who manages the unit, and the trail tells it.
        let with = format!("{here}/folder.zip?children=1");
        assert_eq!(world.get("zhou", &with).await.status, StatusCode::FORBIDDEN);
        let all = unpacked(&world.get("qian", &with).await.bytes);
        assert_eq!(all.len(), files.len() + 2, "under the campaign and under the banners");
        let trail = world.get("qian", "/audit").await.text;
        assert!(trail.contains("打包下载"), "{trail}");
        let print = world.get("qian", &format!("{here}/print")).await.text;
        assert_eq!(print.matches("<figure>").count(), 4, "a photo and a sign-in sheet under either item: {print}");
        assert!(print.contains("2021年6月24日 · 老街 · 天坪村"), "{print}");
    })
    .await;
}

#[tokio::test]
async fn a_town_takes_the_countys_rules_over_and_nobody_below_changes_them() {
    let world = World::new(sqlite().await).await;
    let fields = [("unit", COUNTY), ("title", "全县考核"), ("from", "2021-01-01"), ("to", "2021-12-31")];
    let made = world.submit("zhao", "/inspection", &fields).await;
    let county = made.header("location").to_owned();
    let item = [("do", "item"), ("name", "宣传栏更新"), ("points", "2"), ("own_points", "1.5"), ("materials", "photo")];
    assert_eq!(world.submit("zhao", &county, &item).await.status, StatusCode::SEE_OTHER);
    let over = [("do", "item"), ("name", "宣传栏更新"), ("points", "2"), ("own_points", "3")];
    let refused = world.submit("zhao", &county, &over).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("自评不能超过分值2") && refused.text.contains("value=\"全县考核\""),
        "{}",
        refused.text
    );
    let seen = world.get("qian", &county).await.text;
    assert!(seen.contains("宣传栏更新") && seen.contains("存为本单位的一份") && !seen.contains("1.5"), "{seen}");
    assert_eq!(world.get("qian", &format!("{county}/folder.zip")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.submit("qian", &county, &item).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        world.submit("sun", &county, &[("do", "take_over"), ("unit", TIANPING)]).await.status,
        StatusCode::FORBIDDEN
    );
    let taken = world.submit("qian", &county, &[("do", "take_over"), ("unit", TOWN)]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let own = taken.header("location").to_owned();
    let page = world.get("zhou", &own).await.text;
    assert!(page.contains("宣传栏更新") && !page.contains("name=\"rows\""), "a leader reads");
    assert_eq!(world.submit("zhou", &own, &item).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("zhao", &own).await.status, StatusCode::OK);
}

#[tokio::test]
async fn rules_with_a_wrong_cell_are_not_stored_and_name_it() {
    let world = World::new(sqlite().await).await;
    let (here, items) = scheme(&world).await;
    let wrong = "序号\t考核内容\t分值\n1\t禁毒\t五\n";
    let looked = world.submit("qian", &here, &[("do", "rows"), ("rows", wrong), ("store", "1")]).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(looked.text.contains(">C2<"), "{}", looked.text);
    assert!(looked.text.contains("1\t禁毒\t五"), "what was pasted stays");
    // The row beside it is good, and is taken.
    let some = format!("{}2\t聘任法治副校长\t10分\t名册、聘书、通知\n", wrong.replace("分值\n", "分值\t佐证材料\n"));
    let looked = world.submit("qian", &here, &[("do", "rows"), ("rows", &some)]).await;
    assert!(looked.text.contains("存入1项") && looked.text.contains(">C2<"), "{}", looked.text);
    let stored = world.submit("qian", &here, &[("do", "rows"), ("rows", &some), ("store", "1")]).await;
    assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.text);
    let page = world.get("qian", &here).await.text;
    assert!(page.contains("聘任法治副校长") && !page.contains("禁毒</"), "{page}");
    assert!(page.contains("未选来源，缺通知、名册、聘书") && page.contains("缺：通知、名册、聘书"), "{page}");
    assert!(page.contains("未选来源，缺通知、方案、签到、照片、简报、总结"), "{page}");
    let own = page.split("聘任法治副校长").nth(1).and_then(|rest| rest.split("href=\"").nth(1)).expect("the item");
    let own = own.split(['#', '"']).next().expect("its address");
    send(&world, &format!("{own}/evidence"), "法治副校长聘书.pdf", b"%PDF-1.4\n9\n%%EOF\n", false).await;
    let page = world.get("qian", own).await.text;
    assert!(page.contains("缺：通知、名册") && !page.contains("缺：通知、名册、聘书"), "{page}");
    assert!(page.contains("value=\"名册、聘书\""), "the words can be changed: {page}");
    let none = world.submit("qian", &here, &[("do", "rows"), ("rows", " ")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.submit("qian", &items[0], &[("do", "remove")]).await.status, StatusCode::SEE_OTHER);
    assert!(trail(&world, "inspection.remove").await.contains("开展禁毒宣传月"), "the trail names what was taken out");
    assert_eq!(world.get("qian", &items[0]).await.status, StatusCode::NOT_FOUND);
    let page = world.get("qian", &here).await.text;
    assert!(!page.contains("开展禁毒宣传月") && page.contains("法律明白人队伍"), "{page}");
}

/// The details of the newest audit entry of an action, as text.
async fn trail(world: &World, action: &str) -> String {
    let mut conn = world.db.read().await.expect("a transaction");
    let told: Option<String> = run!(&mut conn, c => {
        sqlx::query_scalar("select cast(detail as text) from audit where action = $1 order by id desc limit 1")
            .bind(action).fetch_optional(c).await
    })
    .expect("the trail");
    told.unwrap_or_default()
}

async fn counts(world: &World) -> (i64, i64) {
    let mut conn = world.db.read().await.expect("a transaction");
    run!(&mut conn, c => {
        sqlx::query_as("select (select count(*) from inspection_item), (select count(*) from audit)").fetch_one(c).await
    })
    .expect("counts")
}

#[tokio::test]
async fn a_draft_is_the_units_whoever_opens_the_folder_and_shows_nothing() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let campaign = json!({ "key": "drugs", "title": "禁毒宣传月", "unit": COUNTY, "from": "2021-06-01",
            "to": "2021-06-30", "themes": ["drugs"] });
        assert_eq!(world.post("zhao", "/api/v1/campaigns", campaign).await.status, StatusCode::CREATED);
        let own = json!({ "key": "fraud", "title": "反诈宣传", "unit": TOWN, "from": "2021-07-01", "to": "2021-07-31",
            "themes": ["fraud"] });
        assert_eq!(world.post("qian", "/api/v1/campaigns", own).await.status, StatusCode::CREATED);
        let (here, items) = scheme(&world).await;
        let proofs = [("do", "prove"), ("campaign", "drugs"), ("campaign", "fraud")];
        assert_eq!(world.submit("qian", &items[0], &proofs).await.status, StatusCode::SEE_OTHER);
        activity(&world, TIANPING, true, 3).await;
        // The county logged more for its campaign than the town did.
        let more = json!({ "id": uuid::Uuid::now_v7(), "unit": COUNTY, "date": "2021-06-25", "campaigns": ["drugs"],
            "quantities": [{ "measure": "banner", "value": 70, "precision": "exact" }] });
        assert_eq!(world.post("zhao", "/api/v1/activities", more).await.status, StatusCode::CREATED);
        let mut drafts = Vec::new();
        // The officer who keeps it, the leader who reads it, the administrator who sees the county.
        for who in ["qian", "zhou", "zhao"] {
            let files = unpacked(&world.get(who, &format!("{here}/folder.zip")).await.bytes);
            let own: Vec<(String, String)> = files
                .iter()
                .filter(|(name, _)| name.contains("系统草稿"))
                .map(|(name, bytes)| (name.clone(), words(bytes)))
                .collect();
            drafts.push(own);
            let page = world.get(who, &items[0]).await.text;
            assert!(page.contains("缺：通知、方案、签到、照片、简报、总结"), "{who}: {page}");
        }
        assert_eq!((&drafts[0], &drafts[0]), (&drafts[1], &drafts[2]));
        let names: Vec<&str> = drafts[0].iter().map(|(name, _)| name.rsplit('/').next().unwrap_or_default()).collect();
        // The county's notice is the county's to write.
        assert_eq!(
            names,
            ["01 系统草稿 简报 禁毒宣传月.docx", "01 系统草稿 通知 反诈宣传.docx", "02 系统草稿 简报 反诈宣传.docx"]
        );
        assert!(drafts[0][0].1.contains("3条") && !drafts[0][0].1.contains("73"), "{}", drafts[0][0].1);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_longer_offered_stays_chosen_until_somebody_unticks_it() {
    let world = World::new(sqlite().await).await;
    let campaign = json!({ "key": "drugs", "title": "禁毒宣传月", "unit": TOWN, "from": "2021-06-01",
        "to": "2021-06-30", "themes": ["drugs"] });
    assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, StatusCode::CREATED);
    let (_, items) = scheme(&world).await;
    let first = [("do", "prove"), ("campaign", "drugs"), ("theme", "drugs")];
    assert_eq!(world.submit("qian", &items[0], &first).await.status, StatusCode::SEE_OTHER);
    let moved = json!({ "from": "2022-06-01", "to": "2022-06-30" });
    let patched = world.ask("qian", Method::PATCH, "/api/v1/campaigns/drugs", Some(moved)).await;
    assert!(patched.status.is_success(), "{}", patched.text);
    let page = world.get("qian", &items[0]).await.text;
    assert!(page.contains("禁毒宣传月（已不在考核期内）"), "{page}");
    let other = world.get("qian", &items[1]).await.text;
    assert!(!other.contains("禁毒宣传月"), "nobody is offered what is not in the period");
    // Saved as the page shows it, with one more.
    let again = [("do", "prove"), ("campaign", "drugs"), ("theme", "drugs"), ("theme", "safety")];
    assert_eq!(world.submit("qian", &items[0], &again).await.status, StatusCode::SEE_OTHER);
    let told = trail(&world, "inspection.prove").await;
    assert!(told.contains("campaign:drugs") && told.contains("theme:safety") && told.contains("before"), "{told}");
    let page = world.get("qian", &items[0]).await.text;
    assert!(page.contains("禁毒宣传月（已不在考核期内）") && page.contains("已选2个"), "{page}");
    let without = [("do", "prove"), ("theme", "drugs")];
    assert_eq!(world.submit("qian", &items[0], &without).await.status, StatusCode::SEE_OTHER);
    assert!(!world.get("qian", &items[0]).await.text.contains("已不在考核期内"));
}

#[tokio::test]
async fn a_closed_scheme_stays_as_it_was_handed_over() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let (here, items) = scheme(&world).await;
        let documents = format!("{}/evidence", items[0]);
        send(&world, &documents, "年度总结.pdf", b"%PDF-1.4\n1\n%%EOF\n", false).await;
        let piece = world.get("qian", &documents).await.text;
        let piece = piece.split("/evidence/").find_map(|rest| rest.split_once("/uses")).expect("a piece").0.to_owned();
        let uses = format!("/evidence/{piece}/uses");
        let page = world.get("qian", &uses).await.text;
        let link = page.split("name=\"link\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        assert_eq!(world.submit("qian", &here, &[("do", "close")]).await.status, StatusCode::SEE_OTHER);
        let before = counts(&world).await;
        let own = items[0].as_str();
        for (address, fields) in [
            (here.as_str(), &[("do", "item"), ("name", "新的")][..]),
            (&here, &[("do", "rows"), ("rows", RULES), ("store", "1")]),
            (&here, &[("do", "rows"), ("rows", RULES)]),
            (&here, &[("do", "change"), ("title", "别的"), ("from", "2021-01-01"), ("to", "2021-12-31")]),
            (own, &[("do", "change"), ("name", "别的")]),
            (own, &[("do", "prove"), ("theme", "drugs")]),
            (own, &[("do", "remove")]),
            (&uses, &[("do", "unlink"), ("link", link), ("reason", "错了")]),
        ] {
            let refused = world.submit("qian", address, fields).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{address} {fields:?}: {}", refused.text);
            assert!(refused.text.contains("请先重新打开"), "{address} {fields:?}");
        }
        let (kind, body) = sample::form(&[("file", "补.pdf", b"%PDF-1.4\n2\n%%EOF\n")]);
        let sent = world.send_bytes("qian", Method::POST, &documents, &kind, body).await;
        assert_eq!(sent.status, StatusCode::CONFLICT, "{}", sent.text);
        assert_eq!(world.submit("qian", &here, &[("do", "close")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(counts(&world).await, before, "closed twice it is closed once");
        let page = world.get("qian", &here).await.text;
        assert!(page.contains("已结束") && page.contains("重新打开") && !page.contains("name=\"rows\""), "{page}");
        assert_eq!(world.get("qian", &format!("{here}/folder.zip")).await.status, StatusCode::OK, "it is still read");
        assert_eq!(world.submit("qian", &here, &[("do", "reopen")]).await.status, StatusCode::SEE_OTHER);
        let change = [("do", "change"), ("number", "9"), ("name", "别的"), ("points", "4"), ("materials", "photo")];
        assert_eq!(world.submit("qian", own, &change).await.status, StatusCode::SEE_OTHER);
        let told = trail(&world, "inspection.item").await;
        for word in ["开展禁毒宣传月", "别的", "notice", "photo", "before", "after"] {
            assert!(told.contains(word), "{word}: {told}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_preview_of_rules_writes_nothing_and_waits_for_no_writer() {
    let world = World::new(sqlite().await).await;
    let (here, _) = scheme(&world).await;
    let before = counts(&world).await;
    let writer = world.db.write().await.expect("a writer");
    let look = world.submit("qian", &here, &[("do", "rows"), ("rows", RULES)]);
    let seen = tokio::time::timeout(std::time::Duration::from_secs(20), look).await.expect("a preview only reads");
    drop(writer);
    assert!(seen.status == StatusCode::OK && seen.text.contains("预览：3项"), "{}", seen.text);
    assert_eq!(counts(&world).await, before);
}
