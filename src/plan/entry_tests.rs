//! Surveys and milestones, as a browser without script enters them.

use crate::server::testing::{World, each_engine, sqlite};
use axum::http::StatusCode;
use serde_json::json;

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";

/// The town asks about awareness and a mid-term check.
async fn asked(world: &World) {
    for (key, kind, value) in [("awareness", "survey", 0.9), ("midterm", "milestone", 1.0)] {
        let indicator = json!({"key": key, "name": key, "kind": kind});
        assert_eq!(world.post("qian", "/api/v1/indicators", indicator).await.status, StatusCode::CREATED);
        let target = json!({"plan": "plan-8", "indicator": key, "unit": TOWN, "value": value, "basis": "规划"});
        assert_eq!(world.post("qian", "/api/v1/targets", target).await.status, StatusCode::CREATED);
    }
}

async fn status(world: &World, indicator: &str) -> (Option<f64>, String) {
    let answer = world.get("qian", &format!("/api/v1/goals?unit={TOWN}&as_of=2023-06-30")).await.json();
    let rows = answer["rows"].as_array().cloned().unwrap_or_default();
    let row = rows.into_iter().find(|row| row["indicator"] == indicator).expect("the goal");
    (row["actual"].as_f64(), row["status"].as_str().unwrap_or_default().to_owned())
}

const SURVEY: [(&str, &str); 6] = [
    ("do", "enter"),
    ("indicator", "awareness"),
    ("unit", TOWN),
    ("date", "2023-05-01"),
    ("sample", "1,200"),
    ("value", "92.5"),
];

#[tokio::test]
async fn a_survey_is_entered_in_percent_shown_with_day_and_name_and_withdrawn() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        asked(&world).await;
        let goals = world.get("qian", "/goals?plan=plan-8&year=2023").await;
        assert!(goals.text.contains("/surveys?unit=500999001&amp;indicator=awareness"), "{}", goals.text);
        let done = world.submit("qian", "/surveys", &SURVEY).await;
        assert_eq!(done.header("location"), "/surveys?unit=500999001", "{}", done.text);
        assert_eq!(status(&world, "awareness").await, (Some(0.925), "reached".into()));
        let page = world.get("zhou", "/surveys").await;
        for word in ["2023-05-01", "92.5%", "1,200", "钱芳"] {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
        assert!(!page.text.contains("method=\"post\""), "a leader has no form");
        let withdraw = [
            ("do", "withdraw"),
            ("entered_unit", TOWN),
            ("entered_indicator", "awareness"),
            ("entered_date", "2023-05-01"),
        ];
        assert_eq!(world.submit("zhou", "/surveys", &withdraw).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.submit("sun", "/surveys", &withdraw).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.submit("qian", "/surveys", &withdraw).await.status, StatusCode::SEE_OTHER);
        assert_eq!(status(&world, "awareness").await, (None, "no_data".into()));
        let page = world.get("qian", "/surveys").await;
        assert!(page.text.contains("已作废") && page.text.contains("92.5%"), "it stays: {}", page.text);
        assert_eq!(world.submit("qian", "/surveys", &withdraw).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.submit("qian", "/surveys", &SURVEY).await.status, StatusCode::SEE_OTHER);
        assert_eq!(status(&world, "awareness").await.0, Some(0.925), "entered again, it counts again");
    })
    .await;
}

#[tokio::test]
async fn a_milestone_is_marked_as_done_and_taken_back() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        asked(&world).await;
        let enter = [("do", "enter"), ("indicator", "midterm"), ("unit", TOWN), ("date", "2023-06-01")];
        let done = world.submit("zhao", "/milestones", &enter).await;
        assert_eq!(done.header("location"), "/milestones?unit=500999001", "{}", done.text);
        assert_eq!(status(&world, "midterm").await.1, "reached");
        let page = world.get("sun", "/milestones").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(world.get("qian", "/milestones").await.text.contains("赵明"));
        let withdraw = [
            ("do", "withdraw"),
            ("entered_unit", TOWN),
            ("entered_indicator", "midterm"),
            ("entered_date", "2023-06-01"),
        ];
        assert_eq!(world.submit("qian", "/milestones", &withdraw).await.status, StatusCode::SEE_OTHER);
        assert_eq!(status(&world, "midterm").await.1, "on_pace");
    })
    .await;
}

#[tokio::test]
async fn a_refused_survey_comes_back_as_typed() {
    let world = World::new(sqlite().await).await;
    asked(&world).await;
    let wrong = [
        ("do", "enter"),
        ("indicator", "awareness"),
        ("unit", TIANPING),
        ("date", "2099-05-01"),
        ("sample", "许多"),
        ("value", "925"),
    ];
    let refused = world.submit("qian", "/surveys", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for word in
        ["f-date-problem", "f-sample-problem", "f-value-problem", "许多", "value=\"925\"", "value=\"2099-05-01\""]
    {
        assert!(refused.text.contains(word), "{word}: {}", refused.text);
    }
    assert!(refused.text.contains("<option value=\"500999001201\" selected>"), "{}", refused.text);
    let wrong = [("do", "enter"), ("indicator", "awareness"), ("unit", TOWN), ("date", "2023-06-01")];
    let refused = world.submit("qian", "/milestones", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("f-indicator-problem"), "a survey is no milestone: {}", refused.text);
}

#[tokio::test]
async fn cadres_and_leaders_enter_neither() {
    let world = World::new(sqlite().await).await;
    asked(&world).await;
    for who in ["sun", "zhou"] {
        for unit in [TOWN, TIANPING] {
            let mut survey = SURVEY;
            survey[2].1 = unit;
            assert_eq!(world.submit(who, "/surveys", &survey).await.status, StatusCode::FORBIDDEN, "{who} {unit}");
            let milestone = [("do", "enter"), ("indicator", "midterm"), ("unit", unit), ("date", "2023-06-01")];
            assert_eq!(
                world.submit(who, "/milestones", &milestone).await.status,
                StatusCode::FORBIDDEN,
                "{who} {unit}"
            );
        }
        for page in ["/surveys", "/milestones"] {
            assert!(!world.get(who, page).await.text.contains("method=\"post\""), "{who} {page}");
        }
    }
    assert_eq!(status(&world, "awareness").await.0, None);
    let none = World::new(sqlite().await).await;
    assert!(none.get("qian", "/surveys").await.text.contains("/indicators#add"), "what to do first");
}
