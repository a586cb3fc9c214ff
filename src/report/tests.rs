//! The yearly report through the whole server.

use crate::server::testing::{World, each_engine, sqlite};
use axum::http::{Method, StatusCode};
use calamine::{Data, DataType, Reader};
use serde_json::{Value, json};

const ADDRESS: &str = "/api/v1/reports/annual?unit=500999001&year=2021";

#[tokio::test]
async fn a_year_without_records_is_said_so_and_never_in_zeros() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let answer = world.get("zhou", ADDRESS).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let report = answer.json();
        assert_eq!(report["sentence"], "2021年，青山镇没有普法活动记录。");
        assert_eq!(report["figures"], serde_json::json!([]));
        let page = world.get("zhou", "/report?unit=500999001&year=2021").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("2021年，青山镇没有普法活动记录。"), "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn a_wrong_question_is_told_by_field() {
    let world = World::new(sqlite().await).await;
    for (query, field) in [
        ("year=2021", "unit"),
        ("unit=500999001", "year"),
        ("unit=500999001&year=twenty", "year"),
        ("unit=500999001&year=99999", "year"),
        ("unit=500999001&year=2021&style=poetic", "style"),
        ("unit=500999001&year=2021&format=pdf", "format"),
    ] {
        let answer = world.get("qian", &format!("/api/v1/reports/annual?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.text);
        assert_eq!(answer.json()["errors"][0]["field"], field, "{query}");
    }
}

#[tokio::test]
async fn who_may_not_read_a_unit_finds_no_report_of_it() {
    let world = World::new(sqlite().await).await;
    for (who, unit, status) in [
        ("", "500999001", StatusCode::UNAUTHORIZED),
        ("sun", "500999001", StatusCode::NOT_FOUND),
        ("sun", "500999001202", StatusCode::NOT_FOUND),
        ("sun", "500999001201", StatusCode::OK),
        ("zhou", "500999001202", StatusCode::OK),
        ("zhou", "500999", StatusCode::NOT_FOUND),
    ] {
        let answer = world.get(who, &format!("/api/v1/reports/annual?unit={unit}&year=2021")).await;
        assert_eq!(answer.status, status, "{who} {unit}: {}", answer.text);
    }
    assert_eq!(world.get("sun", "/report?unit=500999001202&year=2021").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("sun", "/report").await.status, StatusCode::OK);
}

const VILLAGE: &str = "500999001201";

/// Logs counts in 2021 as the officer; each is measure, value, precision.
async fn log(world: &World, unit: &str, date: &str, more: Value, counts: &[(&str, i64, &str)]) {
    let quantities: Vec<Value> = counts
        .iter()
        .map(|(measure, value, precision)| json!({ "measure": measure, "value": value, "precision": precision }))
        .collect();
    let mut body = json!({
        "id": uuid::Uuid::now_v7(), "unit": unit, "date": date, "type": "attendance", "themes": [], "campaigns": [],
        "quantities": quantities,
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let answer = world.post("qian", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

async fn campaign(world: &World, key: &str, from: &str, themes: &[&str]) {
    let body = json!({
        "key": key, "title": key, "themes": themes, "from": from, "to": "2021-12-31", "lead": "司法所",
        "units": ["500999001"], "quantities": [],
    });
    let answer = world.post("qian", "/api/v1/campaigns", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

async fn sentence(world: &World, query: &str) -> String {
    world.get("zhou", &format!("{ADDRESS}{query}")).await.json()["sentence"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn another_town_is_told_by_the_same_rule() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        campaign(&world, "labour", "2021-01-10", &["labor", "fraud"]).await;
        campaign(&world, "drugs", "2021-06-01", &["drugs"]).await;
        campaign(&world, "off", "2021-05-01", &["gangs"]).await;
        let off = Some(json!({ "cancelled": true }));
        let answer = world.ask("qian", Method::PATCH, "/api/v1/campaigns/off", off).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let poster = json!({ "key": "poster", "name": "海报", "unit_word": "张", "phrase": "张贴海报{figure}" });
        let answer = world.post("zhao", "/api/v1/measures", poster).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);

        log(&world, VILLAGE, "2021-06-26", json!({ "themes": ["drugs"] }), &[("leaflet", 4_836, "exact")]).await;
        log(&world, VILLAGE, "2021-03-02", json!({}), &[("banner", 46, "exact"), ("board", 62, "exact")]).await;
        log(&world, VILLAGE, "2021-03-03", json!({}), &[("led", 215, "exact"), ("poster", 120, "at_least")]).await;
        log(&world, VILLAGE, "2020-03-03", json!({}), &[("banner", 900, "exact")]).await;

        let report = world.get("zhou", ADDRESS).await.json();
        assert_eq!(
            report["sentence"],
            "2021年，青山镇开展禁毒、反诈、农民工与劳动权益等法治宣传进村（社区）活动共2次，悬挂宣传横幅46条，\
             利用LED电子屏播放法律知识210余次，发放宣传资料4800余份。"
        );
        assert_eq!(report["paragraphs"], json!([report["sentence"], "展板62块。张贴海报120余张。"]));
        let figures = report["figures"].as_array().expect("figures");
        let poster = json!({
            "measure": "poster", "exact": 0, "at_least": 120, "estimate": 0, "wording": "120余张", "activities": 1,
        });
        assert!(figures.contains(&poster), "{figures:?}");

        let english = sentence(&world, "&lang=en").await;
        assert!(english.starts_with("In 2021, 青山镇: 2 legal publicity campaigns on Drug prevention"), "{english}");
        assert!(english.contains("Leaflets: at least 4,800"), "{english}");
        let text = world.get("zhou", &format!("{ADDRESS}&format=text")).await;
        assert!(text.header("content-type").starts_with("text/plain") && text.text.contains("张贴海报120余张。"));
        let page = world.get("zhou", "/report?unit=500999001&year=2021").await;
        let link = "/activities?unit=500999001&amp;from=2021-01-01&amp;to=2021-12-31&amp;measure=banner";
        assert!(page.text.contains(link), "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn nobody_goes_where_nothing_was_done() {
    let world = World::new(sqlite().await).await;
    log(&world, "500999001", "2021-03-01", json!({}), &[("banner", 150, "exact")]).await;
    assert_eq!(sentence(&world, "").await, "2021年，青山镇悬挂宣传横幅150条。");
    log(&world, "school-1", "2021-03-02", json!({ "themes": ["bullying"] }), &[("lecture", 1, "exact")]).await;
    assert_eq!(sentence(&world, "").await, "2021年，青山镇开展校园暴力等法治宣传进学校活动，悬挂宣传横幅150条。");
    log(&world, "500999001", "2021-03-03", json!({ "covers": [VILLAGE] }), &[("leaflet", 500, "exact")]).await;
    assert!(sentence(&world, "").await.contains("进村（社区）、进学校活动，"));
}

#[tokio::test]
async fn estimates_are_said_and_never_carry_a_figure() {
    let world = World::new(sqlite().await).await;
    for (unit, certain, estimate, exact, official) in [
        ("500999001201", 3_412, 600, "4,012（其中估计600，15.0%）", "约4000人次"),
        ("500999001202", 4_000, 12, "4,012（其中估计12，0.3%）", "4000余人次"),
        ("500999001203", 4_000, 600, "4,600（其中估计600，13.0%）", "约4600人次"),
    ] {
        let counts = [("attendance", certain, "exact"), ("attendance", estimate, "estimate")];
        log(&world, unit, "2021-05-01", json!({}), &counts).await;
        let address = format!("/api/v1/reports/annual?unit={unit}&year=2021&format=text");
        let text = world.get("zhou", &address).await.text;
        assert!(text.contains(&format!("受教育{official}")), "{text}");
        let text = world.get("zhou", &format!("{address}&style=exact")).await.text;
        assert!(text.contains(exact), "{text}");
    }
}

#[tokio::test]
async fn the_year_is_a_document_and_a_workbook_with_real_numbers() {
    let world = World::new(sqlite().await).await;
    let counts = [("leaflet", 4_000, "exact"), ("attendance", 3_412, "exact"), ("attendance", 600, "estimate")];
    log(&world, VILLAGE, "2021-05-01", json!({}), &counts).await;
    let docx = world.get("zhou", &format!("{ADDRESS}&format=docx")).await;
    assert_eq!(docx.status, StatusCode::OK, "{}", docx.text);
    let text = super::paper::tests::part(&docx.bytes, "word/document.xml");
    assert!(text.contains("青山镇2021年普法工作情况") && text.contains("发放宣传资料4000份"), "{text}");

    let address = format!("{ADDRESS}&format=xlsx&style=exact");
    let mut book = crate::ledger::export_tests::workbook(&world, "zhou", &address).await;
    assert_eq!(book.sheet_names(), ["数字", "正文"]);
    let sheet = book.worksheet_range("数字").expect("the figures");
    let row: Vec<Data> = sheet.rows().find(|row| row[0] == Data::String("受教育".into())).expect("a row").to_vec();
    let numbers: Vec<f64> = row[3..8].iter().map(|cell| cell.as_f64().expect("a real number")).collect();
    assert_eq!(numbers, [4_012.0, 3_412.0, 0.0, 600.0, 1.0]);
    assert_eq!(row[2], Data::String("4,012（其中估计600，15.0%）人次".into()));
    let words = book.worksheet_range("正文").expect("the text");
    assert!(words.rows().any(|row| row[0].to_string().contains("发放宣传资料4,000份")), "{words:?}");
}
