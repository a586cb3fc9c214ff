//! Scenario 1, the replay of 2021: the demo's report is the seed's sentence, and follows every deletion.

use super::{
    build, campaigns,
    place::{SCHOOLS, TOWN},
    year,
};
use crate::{
    account, activity,
    domain::access::Scope,
    figure::{self, Filter},
    report, run,
    server::{
        audit,
        context::Ctx,
        db::Db,
        router::router,
        setting,
        state::{AppState, Settings},
        testing::{World, each_engine, sqlite},
    },
    unit,
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use std::sync::Arc;

const SENTENCE: &str = "2021年，圣灯山镇开展扫黑除恶专项斗争、禁毒、安全、校园暴力等法治宣传进村（社区）、进学校活动共10次，\
                        悬挂宣传横幅150余条，进村宣传100余次，利用镇LED电屏幕以及广播播放法律知识多达上百次，\
                        发放宣传资料7000份以上。";

const ADDRESS: &str = "/api/v1/reports/annual?unit=500113108&year=2021";

/// The demo behind the whole server, and the officer's token.
struct Demo {
    world: World,
    token: String,
}

impl Demo {
    async fn new(db: Db) -> Demo {
        build(&db).await.expect("the demo");
        let state = AppState { db: db.clone(), settings: Arc::new(Settings::default()) };
        let token = account::program::create_token(&Ctx::for_program(db.clone(), None), "officer", "test").await;
        Demo { world: World { db, router: router(state) }, token: token.expect("a token") }
    }

    async fn ask(&self, method: Method, address: &str, body: Value) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let answer = self.world.send(request.body(body).expect("a request")).await;
        (answer.status, answer.text)
    }

    async fn get(&self, address: &str) -> Value {
        let (status, text) = self.ask(Method::GET, address, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{address}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    async fn sentence(&self) -> String {
        self.get(ADDRESS).await["sentence"].as_str().unwrap_or_default().to_owned()
    }

    /// Withdraws entries of one banner and nothing else until `count` banners are gone.
    async fn withdraw_banners(&self, count: usize) {
        let address = "/api/v1/activities?unit=500113108&from=2021-01-01&to=2021-12-31&measure=banner&status=submitted";
        let list = self.get(&format!("{address}&limit=200")).await;
        let single = json!([{ "measure": "banner", "value": 1, "precision": "exact" }]);
        let items = list["items"].as_array().expect("items");
        let ids: Vec<&str> =
            items.iter().filter(|item| item["quantities"] == single).filter_map(|item| item["id"].as_str()).collect();
        assert!(ids.len() >= count, "{} entries of one banner", ids.len());
        for id in &ids[..count] {
            let address = format!("/api/v1/activities/{id}/withdraw");
            let (status, text) = self.ask(Method::POST, &address, json!({ "reason": "重复登记" })).await;
            assert_eq!(status, StatusCode::OK, "{text}");
        }
    }
}

#[tokio::test]
async fn the_report_of_the_demo_is_the_seeds_sentence_and_follows_every_deletion() {
    each_engine(|db| async move {
        let demo = Demo::new(db).await;
        assert_eq!(demo.sentence().await, SENTENCE);

        let exact = demo.get(&format!("{ADDRESS}&style=exact")).await;
        for figure in ["共10次", "横幅156条", "进村宣传108次", "多达112次", "发放宣传资料7,065份"] {
            assert!(exact["sentence"].as_str().is_some_and(|text| text.contains(figure)), "{figure}: {exact}");
        }
        assert!(exact["paragraphs"][1].as_str().is_some_and(|text| text.contains("中心组学法4次。")), "{exact}");

        demo.withdraw_banners(6).await;
        assert!(demo.sentence().await.contains("悬挂宣传横幅150条，"));
        demo.withdraw_banners(1).await;
        assert!(demo.sentence().await.contains("悬挂宣传横幅140余条，"));
    })
    .await;
}

#[tokio::test]
async fn every_figure_of_the_report_is_the_sum_of_its_activities() {
    let demo = Demo::new(sqlite().await).await;
    let report = demo.get(ADDRESS).await;
    let figures = report["figures"].as_array().expect("figures");
    let of = |key: &str| figures.iter().find(|one| one["measure"] == key).expect(key);
    assert_eq!(
        *of("banner"),
        json!({
            "measure": "banner", "exact": 156, "at_least": 0, "estimate": 0, "wording": "150余条",
            "activities": of("banner")["activities"],
        })
    );
    for (key, sum, wording) in [
        ("village_visit", 108, "100余次"),
        ("led", 64, "64次"),
        ("broadcast", 48, "48次"),
        ("leaflet", 7_065, "7000份以上"),
        ("study", 4, "4次"),
    ] {
        assert_eq!((of(key)["exact"].as_i64(), of(key)["wording"].as_str()), (Some(sum), Some(wording)), "{key}");
        let mut cursor = String::new();
        let (mut count, mut total) = (0, 0);
        loop {
            let address = format!("/api/v1/activities?unit={TOWN}&from=2021-01-01&to=2021-12-31&measure={key}{cursor}");
            let page = demo.get(&address).await;
            for item in page["items"].as_array().expect("items") {
                assert_eq!((item["late"].as_bool(), item["status"].as_str()), (Some(false), Some("submitted")));
                count += 1;
                let parts = item["quantities"].as_array().expect("quantities");
                total += parts
                    .iter()
                    .filter(|one| one["measure"] == key)
                    .filter_map(|one| one["value"].as_i64())
                    .sum::<i64>();
            }
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!((Some(count), Some(total)), (of(key)["activities"].as_i64(), of(key)["exact"].as_i64()), "{key}");
    }
}

#[tokio::test]
async fn the_demos_goals_are_met_but_for_the_village_that_was_left_out() {
    let demo = Demo::new(sqlite().await).await;
    let goals = demo.get(&format!("/api/v1/goals?unit={TOWN}&plan=plan-8&as_of=2021-12-31")).await;
    let rows = goals["rows"].as_array().expect("rows");
    for (key, actual, status) in [
        ("campaigns", 10.0, "reached"),
        ("banners", 156.0, "reached"),
        ("village_visits", 108.0, "reached"),
        ("broadcasts", 112.0, "reached"),
        ("leaflets", 7_065.0, "reached"),
        ("study_sessions", 4.0, "reached"),
        ("pupils_reached", 1.0, "reached"),
        ("villages_visited", 13.0 / 14.0, "missed"),
        ("law_literate", 13.0 / 14.0, "behind"),
        ("vice_principals", 1.0, "reached"),
        ("venues", 13.0 / 14.0, "behind"),
    ] {
        let row = rows.iter().find(|row| row["indicator"] == key).expect(key);
        assert!(row["actual"].as_f64().is_some_and(|value| (value - actual).abs() < 1e-6), "{row}");
        assert_eq!(row["status"], status, "{row}");
    }
}

#[tokio::test]
async fn the_demos_totals_and_audit_chain_are_whole_and_nothing_in_it_is_asked_about() {
    each_engine(|db| async move {
        build(&db).await.expect("the demo");
        let found = activity::check::check(&db).await.expect("a check");
        assert_eq!((found.differences, found.activities), (Vec::new(), year::entries().len() as u64));
        let mut conn = db.read().await.expect("a transaction");
        assert_eq!(audit::first_broken(&mut conn).await.expect("a check"), None);
        let asked: i64 = run!(&mut conn, c => sqlx::query_scalar("select count(*) from activity_question")
            .fetch_one(c).await)
        .expect("a count");
        assert_eq!(asked, 0);
    })
    .await;
}

#[tokio::test]
async fn a_database_in_use_is_refused_and_left_alone() {
    let world = World::new(sqlite().await).await;
    let error = build(&world.db).await.expect_err("there are units already");
    assert!(error.to_string().contains("not empty"), "{error}");
    let mut conn = world.db.read().await.expect("a transaction");
    assert!(unit::store::by_code(&mut conn, &Scope::everything(), TOWN).await.is_err());
}

#[tokio::test]
async fn two_demos_are_the_same_year() {
    let mut years = Vec::new();
    for _ in 0..2 {
        let db = sqlite().await;
        build(&db).await.expect("the demo");
        let mut conn = db.read().await.expect("a transaction");
        let ids: Vec<uuid::Uuid> = run!(&mut conn, c => sqlx::query_scalar("select id from activity order by id")
            .fetch_all(c).await)
        .expect("ids");
        let town = unit::store::by_code(&mut conn, &Scope::everything(), TOWN).await.expect("the town");
        let period = crate::domain::period::Period::year(campaigns::YEAR);
        let totals = figure::store::by_month(&mut conn, &town, period, &Filter::default()).await.expect("totals");
        years.push((ids, totals));
    }
    assert!(years[0].0.len() > 250 && years[0] == years[1]);
}

#[tokio::test]
async fn the_command_line_prints_the_sentence() {
    let db = sqlite().await;
    build(&db).await.expect("the demo");
    let text = report::cli::annual(&db, TOWN, 2021, "official", "text", None).await.expect("a report");
    assert!(text.is_some_and(|text| text.contains(SENTENCE)));
    let json = report::cli::annual(&db, TOWN, 2021, "exact", "json", None).await.expect("a report").expect("printed");
    let report: Value = serde_json::from_str(&json).expect("JSON");
    assert!(report["sentence"].as_str().is_some_and(|text| text.contains("156条")), "{report}");
    let school = report::cli::annual(&db, SCHOOLS[0].code, 2021, "official", "text", None).await.expect("a report");
    let school = school.expect("printed");
    assert!(school.contains("进学校活动") && !school.contains("进村"), "{school}");
    let error = report::cli::annual(&db, "1", 2021, "official", "text", None).await.expect_err("no such unit");
    assert!(error.to_string().contains("--unit"), "{error}");
}

#[tokio::test]
async fn every_page_of_the_demo_says_what_is_invented_and_no_other_does() {
    each_engine(|db| async move {
        let world = World::new(db.clone()).await;
        for address in ["/", "/nowhere"] {
            assert!(!world.get("zhao", address).await.text.contains("class=\"invented\""), "{address}");
        }
        let mut conn = db.write().await.expect("a connection");
        setting::mark_demo(&mut conn).await.expect("a mark");
        conn.commit().await.expect("a commit");
        for (who, address) in [("zhao", "/"), ("sun", "/log"), ("zhou", "/nowhere"), ("", "/login")] {
            let answer = world.get(who, address).await;
            assert!(answer.text.contains("示例数据"), "{who} {address}");
        }
        assert!(world.get("zhao", "/?lang=en").await.text.contains("Demo data"));
    })
    .await;
}

/// The claims of a draft: text, measure, verdict, proposed wording.
async fn claims(demo: &Demo, text: &str) -> Vec<(String, String, String, String)> {
    let body = json!({ "unit": TOWN, "year": 2021, "text": text });
    let (status, answer) = demo.ask(Method::POST, "/api/v1/claims/check", body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let claims = answer["claims"].as_array().expect("claims");
    let text = |claim: &Value, name: &str| claim[name].as_str().unwrap_or_default().to_owned();
    claims
        .iter()
        .map(|one| (text(one, "text"), text(one, "measure"), text(one, "verdict"), text(one, "proposed")))
        .collect()
}

#[tokio::test]
async fn every_figure_of_the_seeds_report_is_held_against_the_log() {
    let demo = Demo::new(sqlite().await).await;
    let own = |text: &str, measure: &str, proposed: &str| {
        (text.to_owned(), measure.to_owned(), "supported".to_owned(), proposed.to_owned())
    };
    let foreign = |text: &str| (text.to_owned(), String::new(), "unknown".to_owned(), String::new());
    let sentence = vec![
        own("10次", "campaigns", "10次"),
        own("150余条", "banner", "150余条"),
        own("100余次", "village_visit", "100余次"),
        own("上百次", "broadcast", "上百次"),
        own("7000份以上", "leaflet", "7000份以上"),
    ];
    assert_eq!(claims(&demo, SENTENCE).await, sentence);
    let mut whole = vec![foreign("22名"), foreign("100%"), own("不少于4次", "study", "4次")];
    whole.extend(sentence);
    assert_eq!(claims(&demo, include_str!("../claim/report_2021.txt")).await, whole);

    demo.withdraw_banners(7).await;
    let after = claims(&demo, SENTENCE).await;
    let higher = ("150余条".to_owned(), "banner".to_owned(), "higher_than_logged".to_owned(), "140余条".to_owned());
    assert_eq!(after[1], higher);
    assert!(after.iter().filter(|claim| claim.2 == "supported").count() == 4, "{after:?}");
}
