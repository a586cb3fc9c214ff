//! Drafts of several towns through the whole server: by API, by form, as a file.

use crate::{
    evidence::sample,
    server::{
        document::Document,
        testing::{Answer, World, each_engine, sqlite},
    },
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

pub(super) const TOWN: &str = "500999001";
pub(super) const VILLAGE: &str = "500999001201";

/// Logs counts in 天坪村 as the officer; each is measure, value, precision.
pub(super) async fn log(world: &World, date: &str, counts: &[(&str, i64, &str)]) -> String {
    let quantities: Vec<Value> = counts
        .iter()
        .map(|(measure, value, precision)| json!({ "measure": measure, "value": value, "precision": precision }))
        .collect();
    let id = uuid::Uuid::now_v7().to_string();
    let body = json!({ "id": id, "unit": VILLAGE, "date": date, "type": "attendance", "quantities": quantities });
    let answer = world.post("qian", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    id
}

pub(super) async fn check(world: &World, text: &str) -> Vec<Value> {
    let answer = world.post("zhou", "/api/v1/claims/check", json!({ "unit": TOWN, "year": 2021, "text": text })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let claims = answer.json()["claims"].as_array().expect("claims").clone();
    let chars: Vec<char> = text.chars().collect();
    for claim in &claims {
        let place = |name: &str| usize::try_from(claim[name].as_u64().expect("a place")).expect("a place");
        let words: String = chars[place("start")..place("end")].iter().collect();
        assert_eq!(claim["text"], words.as_str(), "offsets are in characters");
    }
    claims
}

/// 150余条 supported 160 → 160条
pub(super) fn told(claim: &Value) -> String {
    let text = |name: &str| claim[name].as_str().unwrap_or("-").to_owned();
    let logged = claim["logged"].as_i64().map_or("-".into(), |logged| logged.to_string());
    format!("{} {} {} {logged} → {}", text("text"), text("measure"), text("verdict"), text("proposed"))
}

#[tokio::test]
async fn drafts_of_other_towns_are_held_against_their_log() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let poster = json!({ "key": "poster", "name": "海报", "unit_word": "张", "unit": TOWN });
        let text = "张贴海报120张。";
        assert_eq!(told(&check(&world, text).await[0]), "120张 - unknown - → -");
        assert_eq!(world.post("zhao", "/api/v1/measures", poster).await.status, StatusCode::CREATED);
        assert_eq!(told(&check(&world, text).await[0]), "120张 poster higher_than_logged 0 → -", "known at once");

        log(&world, "2021-03-02", &[("poster", 120, "exact"), ("board", 62, "exact"), ("vehicle", 20, "exact")]).await;
        log(&world, "2021-06-26", &[("booklet", 1_200, "exact"), ("leaflet", 30_500, "exact")]).await;
        log(&world, "2021-09-03", &[("lecture", 46, "exact"), ("attendance", 3_412, "exact")]).await;
        log(&world, "2021-11-30", &[("attendance", 600, "estimate"), ("consultation", 300, "at_least")]).await;
        log(&world, "2021-12-04", &[("led", 64, "exact"), ("broadcast", 48, "exact"), ("views", 12_345, "exact")])
            .await;
        log(&world, "2021-12-04", &[("banner", 150, "exact"), ("household_visit", 800, "exact")]).await;

        for (text, expected) in [
            (
                "全年在各村展出展板62块，出动宣传车20余台次，张贴海报一百二十张。",
                vec![
                    "62块 board supported 62 → 62块",
                    "20余台次 vehicle higher_than_logged 20 → 20台次",
                    "一百二十张 poster supported 120 → 120张",
                ],
            ),
            (
                "向群众发放手册１，２００本、宣传资料3万余份。",
                vec!["１，２００本 booklet supported 1200 → 1200本", "3万余份 leaflet supported 30500 → 30000余份"],
            ),
            (
                "召开院坝会40-50场，受教育群众约4000人次。",
                vec![
                    "40-50场 lecture higher_than_logged 46 → 46场",
                    "约4000人次 attendance supported 4012 → 约4000人次",
                ],
            ),
            (
                "举办法治讲座四十余场，4000余人次参加，接受法律咨询上百人次。",
                vec![
                    "四十余场 lecture supported 46 → 46场",
                    "4000余人次 attendance higher_than_logged 4012 → 约4000人次",
                    "上百人次 consultation supported 300 → 300余人次",
                ],
            ),
            (
                "利用LED电子屏和村村响大喇叭播放法律知识110余次，公众号阅读量1.2万余次。",
                vec!["110余次 broadcast supported 112 → 110余次", "1.2万余次 views supported 12345 → 12000余次"],
            ),
            (
                "悬挂横幅150余条、走访群众近900户，培训网格员80人次。",
                vec![
                    "150余条 banner higher_than_logged 150 → 150条",
                    "近900户 household_visit higher_than_logged 800 → 800户",
                    "80人次 - unknown - → -",
                ],
            ),
            (
                "参加群众3000余人，满意率98.5%，现有执法人员22名。",
                vec!["3000余人 attendance unknown 4012 → 3000余人次", "98.5% - unknown - → -", "22名 - unknown - → -"],
            ),
            (
                "3月，展出展板62块；悬挂横幅20条。12月4日当天悬挂横幅150条。",
                vec![
                    "62块 board supported 62 → 62块",
                    "20条 banner higher_than_logged 0 → -",
                    "150条 banner supported 150 → 150条",
                ],
            ),
        ] {
            let found: Vec<String> = check(&world, text).await.iter().map(told).collect();
            assert_eq!(found, expected, "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn campaigns_and_stocks_are_held_against_their_own_records() {
    let world = World::new(sqlite().await).await;
    for (key, from) in [("drugs", "2021-06-01"), ("law", "2021-12-01"), ("next", "2022-01-05")] {
        let body = json!({ "key": key, "title": key, "from": from, "to": "2022-12-31", "unit": TOWN, "themes": [] });
        assert_eq!(world.post("qian", "/api/v1/campaigns", body).await.status, StatusCode::CREATED);
    }
    for (unit, as_of, value) in [(VILLAGE, "2021-06-30", 3), (VILLAGE, "2021-12-20", 2), (TOWN, "2021-12-20", 4)] {
        let body = json!({ "unit": unit, "measure": "law_literate", "as_of": as_of, "value": value });
        assert_eq!(world.post("qian", "/api/v1/stocks", body).await.status, StatusCode::CREATED);
    }
    let text = "开展禁毒等法治宣传活动共2次，普法活动3次。上半年培养法律明白人3名，全年法律明白人4名，法律明白人5人。";
    let found: Vec<String> = check(&world, text).await.iter().map(told).collect();
    assert_eq!(
        found,
        [
            "2次 campaigns supported 2 → 2次",
            "3次 campaigns higher_than_logged 2 → 2次",
            "3名 law_literate supported 3 → 3名",
            "4名 law_literate supported 4 → 4名",
            "5人 law_literate higher_than_logged 4 → 4人",
        ]
    );
}

#[tokio::test]
async fn a_wrong_question_is_told_by_field_and_a_foreign_unit_is_not_found() {
    let world = World::new(sqlite().await).await;
    let ask = |body: Value| world.post("qian", "/api/v1/claims/check", body);
    for (body, field) in [
        (json!({ "unit": TOWN, "year": 2021, "text": " " }), "text"),
        (json!({ "unit": TOWN, "year": 2021, "text": "条".repeat(60_001) }), "text"),
        (json!({ "unit": TOWN, "year": 99_999, "text": "横幅3条" }), "year"),
        (json!({ "unit": "", "year": 2021, "text": "横幅3条" }), "unit"),
        (json!({ "unit": TOWN, "year": 2021 }), "text"),
    ] {
        let answer = ask(body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert_eq!(answer.json()["errors"][0]["field"], field);
    }
    let foreign = json!({ "unit": TOWN, "year": 2021, "text": "横幅3条" });
    assert_eq!(world.post("sun", "/api/v1/claims/check", foreign).await.status, StatusCode::NOT_FOUND);
}

async fn send(world: &World, who: &str, file: (&str, &[u8]), text: &str) -> Answer {
    let typed = [("unit", TOWN, &b""[..]), ("year", "2021", b""), ("text", text, b""), ("file", file.0, file.1)];
    let (kind, body) = sample::form(&typed);
    world.send_bytes(who, Method::POST, "/claims", &kind, body).await
}

#[tokio::test]
async fn the_page_marks_a_pasted_draft_and_comes_back_filled() {
    let world = World::new(sqlite().await).await;
    log(&world, "2021-03-02", &[("banner", 149, "exact"), ("leaflet", 7_065, "exact")]).await;
    let empty = world.get("zhou", "/claims").await;
    assert!(empty.text.contains("核对数字") && empty.text.contains("type=\"file\""), "who reads only sends files too");
    let text = "悬挂横幅150余条，发放宣传资料7000份以上。\r\n另有22名<b>人员</b>持证。";
    let answer = world.submit("zhou", "/claims", &[("unit", TOWN), ("year", "2021"), ("text", text)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let page = scraper::Html::parse_document(&answer.text);
    let texts = |selector: &str| -> Vec<String> {
        let selector = scraper::Selector::parse(selector).expect("a selector");
        page.select(&selector).map(|one| one.text().collect::<String>().trim().to_owned()).collect()
    };
    assert_eq!(texts(".claim-draft a.higher"), ["▲150余条（高于台账）"]);
    assert_eq!(texts(".claim-draft a.supported"), ["✓7000份以上（有据）"]);
    assert_eq!(texts(".claim-draft a.unknown"), ["?22名（无法核对）"]);
    assert_eq!(texts("textarea#corrected"), ["悬挂横幅140余条，发放宣传资料7000份以上。\n另有22名<b>人员</b>持证。"]);
    assert_eq!(texts("textarea#f-text"), [text.replace("\r\n", "\n")], "filled as it was typed");
    assert_eq!(texts("select#f-year option[selected]"), ["2021"]);
    let ledger = "/activities?unit=500999001&amp;from=2021-01-01&amp;to=2021-12-31&amp;measure=banner";
    assert!(answer.text.contains(ledger), "{}", answer.text);

    let refused = world.submit("zhou", "/claims", &[("unit", TOWN), ("year", "soon"), ("text", text)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("悬挂横幅150余条"), "nothing typed is lost");
}

#[tokio::test]
async fn a_document_is_checked_and_a_hostile_one_loses_nothing() {
    let world = World::new(sqlite().await).await;
    log(&world, "2021-03-02", &[("banner", 156, "exact")]).await;
    let document =
        Document { title: "总结".into(), body: vec!["悬挂横幅150余条。".into()], ..Document::default() };
    let docx = document.docx().expect("a document");
    for who in ["qian", "zhou"] {
        let answer = send(&world, who, ("总结.docx", &docx), "").await;
        assert_eq!(answer.status, StatusCode::OK, "{who}: {}", answer.text);
        assert!(answer.text.contains("claim supported") && answer.text.contains("总结"), "{}", answer.text);
    }
    assert_eq!(send(&world, "", ("总结.docx", &docx), "").await.status, StatusCode::UNAUTHORIZED);

    let bomb = vec![b' '; 30 * 1024 * 1024];
    let bomb = sample::archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &bomb)]);
    for (name, bytes) in [
        ("bomb.docx", bomb),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()),
        ("a.docx", b"PK\x03\x04".to_vec()),
    ] {
        let answer = send(&world, "zhou", (name, &bytes), "悬挂横幅20条").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(
            answer.text.contains("悬挂横幅20条") && answer.text.contains("f-file-problem"),
            "{name}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn what_a_sentence_says_of_a_village_is_held_against_the_village() {
    let world = World::new(sqlite().await).await;
    log(&world, "2021-06-26", &[("leaflet", 580, "exact")]).await;
    for (text, expected) in [
        ("全镇发放资料580份。", "580份 leaflet supported 580 → 580份"),
        ("天坪村发放资料580份。", "580份 leaflet supported 580 → 580份"),
        ("两河村发放资料20份。", "20份 leaflet higher_than_logged 0 → -"),
        ("两河村办了讲座。全镇发放资料580份。", "580份 leaflet supported 580 → 580份"),
        ("天坪村、两河村发放资料500份。", "500份 leaflet unknown 580 → 500余份"),
        ("天坪村、两河村发放资料600份。", "600份 leaflet higher_than_logged 580 → 500余份"),
    ] {
        let claims = check(&world, text).await;
        let told: Vec<String> = claims.iter().map(told).collect();
        assert_eq!(told.last().map(|told| told.split(" → ").next()), Some(expected.split(" → ").next()), "{text}");
    }
    let claim = &check(&world, "两河村发放资料20份。").await[0];
    assert_eq!(claim["unit"], "500999001202");
    let typed = [("unit", TOWN), ("year", "2021"), ("text", "两河村发放资料20份。天坪村、两河村发放资料500份。")];
    let page = world.submit("qian", "/claims", &typed).await;
    assert!(page.text.contains("按两河村、2021年核对") && page.text.contains("写了几个村"), "{}", page.text);
    assert!(page.text.contains("unit=500999001202"), "its records are the village's: {}", page.text);
}
