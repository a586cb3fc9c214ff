//! Goals from end to end: the acceptance scenarios with their figures, who may write, what is refused.
//!
//! The days lie in 2025, in the plan of that time, so that nothing lies in the future of whoever runs the tests.

use crate::{
    execute,
    server::testing::{Answer, World, add_account, add_unit, each_engine, sqlite},
};
use axum::http::StatusCode;
use serde_json::{Value, json};

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";

/// 赵's county has a second town, T, with 12 villages (…101 to …112) and 4 schools of 820, 610, 480 and 230 pupils in
/// classes of 40 and a rest; 何 is its officer.
async fn town_of_twelve(world: &World) {
    let mut conn = world.db.write().await.expect("a transaction");
    let county: i64 = crate::run!(&mut conn, c => sqlx::query_scalar("select id from unit where code = '500999'")
        .fetch_one(c).await)
    .expect("the county");
    let town = add_unit(&mut conn, "500999002", Some(county), "town", "红岩镇").await;
    for number in 1..=12 {
        let code = format!("5009990022{number:02}");
        add_unit(&mut conn, &code, Some(town), "village", &format!("{number}号村")).await;
    }
    for (index, pupils) in [820, 610, 480, 230].into_iter().enumerate() {
        let school =
            add_unit(&mut conn, &format!("t-school-{index}"), Some(town), "school", &format!("{index}校")).await;
        let mut left = pupils;
        let mut number = 1;
        while left > 0 {
            let size = if left < 80 { left } else { 40 };
            let name = format!("2024级{number}班");
            execute!(
                &mut conn,
                sqlx::query("insert into class (unit_id, name, pupils) values ($1, $2, $3)")
                    .bind(school)
                    .bind(name)
                    .bind(i64::from(size))
            )
            .expect("a class");
            left -= size;
            number += 1;
        }
    }
    add_account(&mut conn, "he", "何敏", crate::domain::access::Role::Officer, town).await;
    conn.commit().await.expect("the town is stored");
}

pub(super) async fn post(world: &World, who: &str, address: &str, body: Value) -> Answer {
    let answer = world.post(who, address, body.clone()).await;
    assert!(answer.status.is_success(), "{address} {body}: {}", answer.text);
    answer
}

pub(super) async fn activity(
    world: &World,
    who: &str,
    unit: &str,
    date: &str,
    measure: &str,
    value: i64,
    more: Value,
) -> Answer {
    let mut body = json!({
        "id": uuid::Uuid::now_v7(), "unit": unit, "date": date, "type": measure, "themes": [], "campaigns": [],
        "quantities": [{"measure": measure, "value": value, "precision": "exact"}],
    });
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    post(world, who, "/api/v1/activities", body).await
}

pub(super) async fn target(world: &World, who: &str, indicator: &str, unit: &str, value: f64) {
    let body =
        json!({"plan": "plan-8", "indicator": indicator, "unit": unit, "value": value, "basis": "镇发〔2021〕3号"});
    post(world, who, "/api/v1/targets", body).await;
}

/// The row of an indicator in a unit's goals.
pub(super) async fn goal(world: &World, who: &str, unit: &str, indicator: &str, as_of: &str) -> Value {
    let answer = world.get(who, &format!("/api/v1/goals?unit={unit}&as_of={as_of}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let rows = answer.json()["rows"].as_array().cloned().unwrap_or_default();
    rows.into_iter().find(|row| row["indicator"] == indicator).unwrap_or_else(|| panic!("no row: {}", answer.text))
}

fn fields(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| error["field"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn scenario_3_the_pupils_of_three_classes_were_not_reached() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        town_of_twelve(&world).await;
        target(&world, "he", "pupils_reached", "500999002", 1.0).await;
        for school in 0..4 {
            let mut conn = world.db.read().await.expect("a transaction");
            let classes: Vec<String> = crate::run!(&mut conn, c => sqlx::query_scalar(
                "select class.name from class join unit on unit.id = unit_id where code = $1 order by class.id",
            ).bind(format!("t-school-{school}")).fetch_all(c).await)
            .expect("classes");
            drop(conn);
            // The first three classes of the first school stay unreached; one class is reached twice.
            let skip = if school == 0 { 3 } else { 0 };
            let unit = format!("t-school-{school}");
            let ticked = json!({"classes": classes[skip..]});
            activity(&world, "he", &unit, "2025-05-12", "attendance", 1_325, ticked).await;
            if school == 1 {
                activity(&world, "he", &unit, "2025-06-12", "attendance", 0x7d, json!({"classes": [classes[0]]})).await;
            }
        }
        let row = goal(&world, "he", "500999002", "pupils_reached", "2025-11-20").await;
        assert_eq!((row["numerator"].as_i64(), row["denominator"].as_i64()), (Some(2_020), Some(2_140)));
        let actual = row["actual"].as_f64().expect("a share");
        assert_eq!(format!("{:.1}", actual * 100.0), "94.4");
        assert_eq!(row["missing"].as_f64(), Some(120.0));
        let page = world.get("he", "/goals?unit=500999002&plan=plan-8&year=2025").await;
        assert!(page.text.contains("94.4%"), "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn scenario_4_one_study_session_is_missing_and_the_next_years_does_not_count() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        target(&world, "qian", "study_sessions", TOWN, 4.0).await;
        for date in ["2025-02-10", "2025-05-10", "2025-09-10", "2026-01-02"] {
            activity(&world, "qian", TOWN, date, "study", 1, json!({})).await;
        }
        // A village's study is not the town's own.
        activity(&world, "sun", TIANPING, "2025-03-01", "study", 1, json!({})).await;
        let row = goal(&world, "qian", TOWN, "study_sessions", "2025-11-20").await;
        assert_eq!((row["actual"].as_f64(), row["missing"].as_f64()), (Some(3.0), Some(1.0)));
        assert_eq!((row["days_left"].as_i64(), row["progress"].as_f64()), (Some(41), Some(0.75)));
        assert_eq!((row["status"].as_str(), row["basis"].as_str()), (Some("behind"), Some("镇发〔2021〕3号")));
        assert_eq!(row["words"], "还差1次，剩41天");
        assert_eq!(goal(&world, "zhou", TOWN, "study_sessions", "2025-12-31").await["status"], "missed");
        let page = world.get("zhou", &format!("/goals?unit={TOWN}&plan=plan-8&as_of=2025-11-20")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("还差1次，剩41天"), "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn scenario_8_a_stock_is_looked_at_as_of_a_day() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        town_of_twelve(&world).await;
        target(&world, "he", "law_literate", "500999002", 1.0).await;
        for number in 1..=12 {
            let value = if number == 1 { 2 } else { 3 };
            let unit = format!("5009990022{number:02}");
            let body = json!({"unit": unit, "measure": "law_literate", "as_of": "2025-01-01", "value": value});
            assert_eq!(post(&world, "he", "/api/v1/stocks", body).await.status, StatusCode::CREATED);
        }
        let body = json!({"unit": "500999002202", "measure": "law_literate", "as_of": "2025-08-31", "value": 2});
        post(&world, "he", "/api/v1/stocks", body).await;
        for (as_of, people, villages, shown) in [("2025-06-30", 35, 11, "91.7"), ("2025-09-30", 34, 10, "83.3")] {
            let row = goal(&world, "he", "500999002", "law_literate", as_of).await;
            assert_eq!(row["total"].as_i64(), Some(people), "{as_of}");
            assert_eq!((row["numerator"].as_i64(), row["denominator"].as_i64()), (Some(villages), Some(12)), "{as_of}");
            assert_eq!(format!("{:.1}", row["actual"].as_f64().expect("a share") * 100.0), shown);
        }
        let page = world.get("he", "/stocks?unit=500999002&measure=law_literate").await;
        assert!(page.status == StatusCode::OK && page.text.contains("value.500999002201"), "{}", page.text);
        let filled = [
            ("measure", "law_literate"),
            ("as_of", "2025-10-01"),
            ("value.500999002201", "3"),
            ("value.500999002202", ""),
        ];
        assert_eq!(world.submit("he", "/stocks?unit=500999002", &filled).await.status, StatusCode::SEE_OTHER);
        let row = goal(&world, "he", "500999002", "law_literate", "2025-10-01").await;
        assert_eq!((row["total"].as_i64(), row["numerator"].as_i64()), (Some(35), Some(11)));
    })
    .await;
}

#[tokio::test]
async fn a_sum_two_measures_and_a_coverage_follow_the_ledger() {
    let world = World::new(sqlite().await).await;
    target(&world, "qian", "broadcasts", TOWN, 100.0).await;
    target(&world, "qian", "villages_visited", TOWN, 1.0).await;
    activity(&world, "sun", TIANPING, "2025-03-01", "broadcast", 48, json!({})).await;
    activity(&world, "qian", TOWN, "2025-03-02", "led", 64, json!({})).await;
    activity(&world, "sun", TIANPING, "2025-03-03", "village_visit", 4, json!({})).await;
    activity(&world, "li", "500999001202", "2025-03-03", "village_visit", 3, json!({})).await;
    let row = goal(&world, "zhou", TOWN, "broadcasts", "2025-06-30").await;
    assert_eq!((row["actual"].as_f64(), row["status"].as_str()), (Some(112.0), Some("reached")));
    let row = goal(&world, "zhou", TOWN, "villages_visited", "2025-06-30").await;
    assert_eq!((row["numerator"].as_i64(), row["denominator"].as_i64()), (Some(1), Some(3)));
    assert_eq!(row["units"].as_array().map(Vec::len), Some(3));
    // Another year begins at nothing.
    assert_eq!(goal(&world, "zhou", TOWN, "broadcasts", "2024-06-30").await["actual"].as_f64(), Some(0.0));
}

#[tokio::test]
async fn the_strictest_layer_holds_and_says_whose_it_is() {
    let world = World::new(sqlite().await).await;
    for (who, unit, value) in [("zhao", "500999", 0.8), ("qian", TOWN, 0.9), ("qian", TIANPING, 0.5)] {
        target(&world, who, "villages_visited", unit, value).await;
    }
    let row = goal(&world, "sun", TIANPING, "villages_visited", "2025-06-30").await;
    assert_eq!((row["target"].as_f64(), row["target_unit"].as_str()), (Some(0.9), Some(TOWN)));
    assert_eq!((row["inherited"].as_bool(), row["shared"].as_bool()), (Some(true), Some(false)));
    target(&world, "zhao", "villages_visited", "500999", 1.0).await;
    let row = goal(&world, "sun", TIANPING, "villages_visited", "2025-06-30").await;
    assert_eq!((row["target"].as_f64(), row["target_unit_name"].as_str()), (Some(1.0), Some("青山县")));
    let page = world.get("sun", &format!("/goals?unit={TIANPING}&plan=plan-8&year=2025")).await;
    assert!(page.status == StatusCode::OK && page.text.contains("青山县"), "{}", page.text);
}

#[tokio::test]
async fn an_offices_own_indicator_and_plan_work_like_the_built_in_ones() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let plan = json!({"key": "town-2025", "name": "青山镇三年规划", "from": "2023-01-01", "to": "2025-12-31"});
        assert_eq!(post(&world, "qian", "/api/v1/plans", plan.clone()).await.status, StatusCode::CREATED);
        assert_eq!(fields(&world.post("qian", "/api/v1/plans", plan).await), ["key"]);
        let indicator = json!({
            "key": "talks", "name": "每村每月一场宣讲", "kind": "frequency", "measure": "lecture",
            "unit_kind": "village", "each": "month",
        });
        post(&world, "qian", "/api/v1/indicators", indicator).await;
        let body = json!({
            "plan": "town-2025", "indicator": "talks", "unit": TOWN, "value": 1, "year": 2025, "basis": "镇规划第三条",
        });
        post(&world, "qian", "/api/v1/targets", body).await;
        activity(&world, "sun", TIANPING, "2025-01-15", "lecture", 2, json!({})).await;
        let row = goal(&world, "sun", TIANPING, "talks", "2025-02-10").await;
        assert_eq!((row["missing"].as_f64(), row["irrecoverable"].as_i64()), (Some(11.0), Some(0)));
        let answer = world.get("qian", &format!("/api/v1/goals?unit={TOWN}&plan=town-2025&as_of=2025-02-10")).await;
        let row = answer.json()["rows"][0].clone();
        assert_eq!((row["status"].as_str(), row["irrecoverable"].as_i64()), (Some("missed"), Some(2)));
        assert_eq!((row["actual"].as_f64(), row["denominator"].as_i64()), (Some(2.0), Some(36)));
        let listed = world.get("sun", "/api/v1/indicators").await.json();
        assert!(listed["items"].as_array().is_some_and(|items| items.iter().any(|one| one["key"] == "talks")));
    })
    .await;
}

#[tokio::test]
async fn surveys_and_milestones_are_entered_and_told() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for (key, kind) in [("awareness", "survey"), ("midterm", "milestone")] {
            post(&world, "qian", "/api/v1/indicators", json!({"key": key, "name": key, "kind": kind})).await;
        }
        let set = |indicator: &str, value: f64, year: Option<i32>| {
            json!({"plan": "plan-8", "indicator": indicator, "unit": TOWN, "value": value, "year": year, "basis": "规划"})
        };
        post(&world, "qian", "/api/v1/targets", set("awareness", 0.9, None)).await;
        post(&world, "qian", "/api/v1/targets", set("midterm", 1.0, Some(2023))).await;
        assert_eq!(goal(&world, "qian", TOWN, "awareness", "2023-06-30").await["status"], "no_data");
        assert_eq!(goal(&world, "qian", TOWN, "midterm", "2023-06-30").await["status"], "on_pace");
        let survey = json!({"unit": TOWN, "indicator": "awareness", "date": "2023-05-01", "sample": 400, "value": 0.92});
        post(&world, "qian", "/api/v1/surveys", survey).await;
        post(&world, "qian", "/api/v1/milestones", json!({"unit": TOWN, "indicator": "midterm", "date": "2023-06-01"})).await;
        let row = goal(&world, "qian", TOWN, "awareness", "2023-06-30").await;
        assert_eq!((row["actual"].as_f64(), row["status"].as_str()), (Some(0.92), Some("reached")));
        assert_eq!(goal(&world, "qian", TOWN, "midterm", "2023-06-30").await["status"], "reached");
        let wrong = json!({"unit": TOWN, "indicator": "midterm", "date": "2099-05-01", "sample": 0, "value": 92});
        assert_eq!(fields(&world.post("qian", "/api/v1/surveys", wrong).await), ["indicator", "date", "sample", "value"]);
    })
    .await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_field_and_not_stored() {
    let world = World::new(sqlite().await).await;
    let right = json!({"plan": "plan-8", "indicator": "villages_visited", "unit": TOWN, "value": 0.9, "basis": "规划"});
    for (member, value, field) in [
        ("plan", json!("plan-7"), "plan"),
        ("indicator", json!("happiness"), "indicator"),
        ("unit", json!("999"), "unit"),
        ("value", json!(1.2), "value"),
        ("value", json!(-1), "value"),
        ("value", json!("viel"), "value"),
        ("value", Value::Null, "value"),
        ("year", json!(2026), "year"),
        ("basis", json!(" "), "basis"),
    ] {
        let mut body = right.clone();
        body[member] = value;
        let answer = world.post("qian", "/api/v1/targets", body).await;
        assert_eq!((answer.status, fields(&answer)), (StatusCode::UNPROCESSABLE_ENTITY, vec![field.to_owned()]));
    }
    let right = json!({"unit": TIANPING, "measure": "law_literate", "as_of": "2025-06-30", "value": 3});
    for (member, value, field) in [
        ("unit", json!("999"), "unit"),
        ("measure", json!("banner"), "measure"),
        ("measure", json!("happiness"), "measure"),
        ("as_of", json!("2099-01-01"), "as_of"),
        ("as_of", json!("2025-02-30"), "as_of"),
        ("value", json!(-1), "value"),
        ("value", Value::Null, "value"),
    ] {
        let mut body = right.clone();
        body[member] = value;
        let answer = world.post("qian", "/api/v1/stocks", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{member}: {}", answer.text);
        assert!(fields(&answer).contains(&field.to_owned()), "{member}: {}", answer.text);
    }
    assert_eq!(world.get("qian", "/api/v1/targets").await.json()["items"], json!([]));
    assert_eq!(world.get("qian", "/api/v1/stocks").await.json()["items"], json!([]));
    let stock = json!({"key": "x", "name": "无", "kind": "stock"});
    assert_eq!(fields(&world.post("qian", "/api/v1/indicators", stock).await), ["measure"]);
    let ratio = json!({"key": "y", "name": "合格率", "kind": "ratio", "numerator": "exam"});
    assert_eq!(fields(&world.post("qian", "/api/v1/indicators", ratio).await), ["denominator"]);
    let plan = json!({"key": "z", "name": "倒着", "from": "2025-01-01", "to": "2024-01-01"});
    assert_eq!(fields(&world.post("qian", "/api/v1/plans", plan).await), ["to"]);
    let unknown = world.get("qian", "/api/v1/goals?plan=plan-7").await;
    assert_eq!((unknown.status, fields(&unknown)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["plan".to_owned()]));
}

#[tokio::test]
async fn only_officers_and_administrators_of_the_unit_write() {
    let world = World::new(sqlite().await).await;
    town_of_twelve(&world).await;
    let target = json!({"plan": "plan-8", "indicator": "leaflets", "unit": TIANPING, "value": 100, "basis": "规划"});
    let stock = json!({"unit": TIANPING, "measure": "law_literate", "as_of": "2025-06-30", "value": 3});
    let indicator = json!({"key": "own", "name": "自己的", "kind": "sum", "measure": "leaflet"});
    let plan = json!({"key": "own", "name": "自己的", "from": "2025-01-01", "to": "2026-01-01"});
    for who in ["sun", "zhou"] {
        for (address, body) in [("targets", &target), ("stocks", &stock), ("indicators", &indicator), ("plans", &plan)]
        {
            let answer = world.post(who, &format!("/api/v1/{address}"), body.clone()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who} {address}: {}", answer.text);
        }
    }
    for (address, body) in [("targets", &target), ("stocks", &stock)] {
        let answer = world.post("he", &format!("/api/v1/{address}"), body.clone()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "he {address}");
        assert_eq!(world.post("", &format!("/api/v1/{address}"), body.clone()).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(world.get("sun", "/api/v1/goals?unit=500999001202").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("sun", "/goals?unit=500999001202").await.status, StatusCode::NOT_FOUND);
    let fields = [("measure", "law_literate"), ("as_of", "2025-06-30"), ("value.500999001201", "3")];
    assert_eq!(world.submit("sun", "/stocks", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("qian", "/api/v1/stocks").await.json()["items"], json!([]));
}
