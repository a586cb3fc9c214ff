//! A statement over HTTP and as a workbook: the months make the year, what came late stands apart, nobody typed a figure.

use super::action;
use crate::{
    ledger::{
        export_tests::workbook,
        tests::{LIANGHE, TIANPING, TOWN, book, count, log, texts},
    },
    server::{
        context::Ctx,
        testing::{World, each_engine, sqlite},
    },
    unit,
};
use axum::http::StatusCode;
use calamine::Reader;
use serde_json::json;

async fn made(world: &World, who: &str, code: &str, year: i32) -> action::Statement {
    let ctx = Ctx::for_program(world.db.clone(), Some(world.actor(who).await));
    let mut conn = world.db.read().await.expect("a transaction");
    let unit = unit::store::by_code(&mut conn, &ctx.scope().expect("a scope"), code).await.expect("a unit");
    drop(conn);
    action::statement(&ctx, unit, year, 1_000).await.expect("a statement")
}

#[tokio::test]
async fn twelve_months_and_four_quarters_are_the_year_whatever_lasted_over_their_ends() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        crate::figure::tests::book(&world).await;
        for year in [2020, 2021, 2022] {
            let statement = made(&world, "zhao", TOWN, year).await;
            assert!(statement.is_balanced(), "{year}");
            for measure in statement.measures() {
                let quarters = (1..=4).map(|quarter| statement.quarter(quarter, measure.id)).sum();
                assert_eq!(statement.total(measure.id), quarters, "{year} {}", measure.key);
            }
            let themes = super::table::themes(crate::locale::Locale::Zh, &statement);
            for (index, measure) in statement.measures().iter().enumerate() {
                let parts: i64 = themes.rows.iter().map(|row| row.3[index].total()).sum();
                let whole = statement.total(measure.id).total();
                assert_eq!(parts - themes.overlap.1[index].total(), whole, "{year} {}", measure.key);
            }
            assert_eq!(statement.total(0).activities, statement.counts.entries, "{year}: counted and kept alike");
        }
    })
    .await;
}

#[tokio::test]
async fn a_village_has_its_statement_without_filling_anything_in() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        let id = log(&world, "sun", TIANPING, "2021-07-01", json!([count("lecture", 1, "exact")]), json!({})).await;
        let wrong = log(&world, "sun", TIANPING, "2021-07-02", json!([count("banner", 9, "exact")]), json!({})).await;
        let withdraw = format!("/api/v1/activities/{wrong}/withdraw");
        assert_eq!(world.post("sun", &withdraw, json!({ "reason": "重复" })).await.status, StatusCode::OK);
        let answer = world.get("sun", "/statement?year=2021").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.text.contains("天坪村 2021年普法工作年度说明"));
        let facts = texts(&answer, ".statement dl.meta dd");
        // Three stand, one with people taking part; all came long after their months; one was withdrawn.
        assert_eq!(facts, ["3", "1", "2", "0", "3", "0", "0", "1"]);
        let rows = texts(&answer, ".statement section:nth-of-type(1) tbody tr");
        assert!(rows[0].starts_with("横幅/标语 条"), "{rows:?}");
        assert!(rows[0].ends_with("23（约 20）202"), "23 of which 20 estimated in two entries: {rows:?}");
        let line = texts(&answer, ".check-line").join("");
        assert!(line.contains("等于全年"), "{line}");
        assert!(answer.text.contains(&format!("/activities/{id}")) && !answer.text.contains(&wrong.to_string()));
        assert_eq!(texts(&answer, ".signatures p").len(), 4);
        assert!(!texts(&answer, "form input, form textarea").iter().any(|text| !text.is_empty()));
        // 29 November to 5 December: twenty over seven days, six of them in November.
        let statement = made(&world, "sun", TIANPING, 2021).await;
        let banner = statement.catalogue.measure("banner").expect("banners").id;
        let month = |number| {
            let month = crate::domain::period::Month::new(2021, number).expect("a month");
            statement.month(month, banner).total()
        };
        assert_eq!((month(6), month(11), month(12)), (3, 6, 14));
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_the_statement_of_a_unit_that_is_not_theirs() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    for path in ["/statement", "/statement.xlsx"] {
        assert_eq!(world.get("sun", &format!("{path}?unit={LIANGHE}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get("qian", &format!("{path}?unit={LIANGHE}&year=x")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get("zhou", &format!("{path}?unit={LIANGHE}")).await.status, StatusCode::OK);
    }
    let empty = world.get("li", "/statement?year=2019").await;
    assert_eq!(texts(&empty, ".empty").len(), 1);
}

#[tokio::test]
async fn the_workbook_has_the_same_figures() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let mut workbook = workbook(&world, "qian", &format!("/statement.xlsx?unit={TOWN}&year=2021")).await;
    assert_eq!(workbook.sheet_names(), ["年度", "分主题", "分专项", "活动记录"]);
    let sheet = workbook.worksheet_range("年度").expect("the year");
    let row: Vec<String> = sheet.rows().nth(2).expect("the banners").iter().map(ToString::to_string).collect();
    assert_eq!(row[0], "横幅/标语（条）");
    let months: f64 = row[1..=12].iter().filter_map(|cell| cell.parse::<f64>().ok()).sum();
    let quarters: f64 = row[14..=17].iter().filter_map(|cell| cell.parse::<f64>().ok()).sum();
    assert_eq!((months, row[13].as_str(), quarters), (123.0, "123", 123.0));
    assert_eq!(workbook.worksheet_range("活动记录").expect("the entries").rows().count(), 4);
}
