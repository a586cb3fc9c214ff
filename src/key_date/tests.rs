//! Key dates through the pages and the API, on both engines.

use super::{action, store};
use crate::{
    domain::{
        access::Scope,
        key_date::built_in::key_dates,
        period::{Day, Period},
    },
    server::testing::{World, each_engine, sqlite},
    unit,
};

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// A row of `GET /api/v1/key-dates`: from, to, whether a notice moved it.
async fn row(world: &World, who: &str, unit: &str, year: i32, key: &str) -> Option<(String, String, bool)> {
    let answer = world.get(who, &format!("/api/v1/key-dates?unit={unit}&year={year}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let json = answer.json();
    let row = json["rows"].as_array().expect("rows").iter().find(|row| row["key"] == key)?.clone();
    let text = |name: &str| row[name].as_str().expect("a text").to_owned();
    Some((text("from"), text("to"), row["overridden"].as_bool().expect("a flag")))
}

#[tokio::test]
async fn the_built_in_dates_are_there_once_however_often_they_are_seeded() {
    each_engine(|db| async move {
        store::seed(&db).await.expect("a second seeding");
        let world = World::new(db).await;
        let answer = world.get("sun", "/api/v1/key-dates?year=2026").await.json();
        assert_eq!(answer["rows"].as_array().map(Vec::len), Some(key_dates().len()));
        let week = answer["rows"].as_array().expect("rows").iter().find(|row| row["key"] == "family-education-week");
        let expected = serde_json::json!({
            "key": "family-education-week", "name": "家庭教育宣传周", "from": "2026-05-11", "to": "2026-05-17",
            "themes": ["family", "minors"], "lead": "妇联、教育", "basis": "家庭教育促进法第十三条", "overridden": false,
        });
        assert_eq!(week, Some(&expected));
        let moved = row(&world, "sun", TIANPING, 2022, "constitution-week").await;
        assert_eq!(moved, Some(("2022-12-04".into(), "2022-12-10".into(), true)));
        assert_eq!(world.get("sun", "/api/v1/key-dates?year=20000").await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn a_towns_own_dates_notices_and_switches_hold_for_it_and_below_alone() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let typed = [
            ("do", "add"),
            ("name", "赶集普法日"),
            ("rule", "nth_weekday"),
            ("month", "3"),
            ("nth", "2"),
            ("weekday", "6"),
            ("themes", "drugs"),
            ("layer", "town"),
            ("basis", "镇里的通知"),
        ];
        let done = world.submit("qian", "/key-dates", &typed).await;
        assert_eq!(done.status, 303, "{}", done.text);
        // The second Saturday of March 2026.
        let own = Some(("2026-03-14".to_owned(), "2026-03-14".to_owned(), false));
        assert_eq!(row(&world, "sun", TIANPING, 2026, "own-1").await, own);
        assert_eq!(row(&world, "zhao", "500999", 2026, "own-1").await, None, "not for the county");

        let notice = [("do", "notice"), ("from", "2026-11-29"), ("to", "2026-12-05"), ("notice", "县普法办通知")];
        assert_eq!(world.submit("qian", "/key-dates/constitution-week", &notice).await.status, 303);
        let moved = Some(("2026-11-29".to_owned(), "2026-12-05".to_owned(), true));
        assert_eq!(row(&world, "sun", TIANPING, 2026, "constitution-week").await, moved);
        let by_rule = Some(("2026-11-30".to_owned(), "2026-12-06".to_owned(), false));
        assert_eq!(row(&world, "zhao", "500999", 2026, "constitution-week").await, by_rule);
        let again = [("do", "notice"), ("from", "2026-12-01"), ("to", "2026-12-07"), ("notice", "更正通知")];
        assert_eq!(world.submit("qian", "/key-dates/constitution-week", &again).await.status, 303);
        assert_eq!(
            row(&world, "sun", TIANPING, 2026, "constitution-week").await.map(|row| row.0),
            Some("2026-12-01".into())
        );
        let withdraw = [("do", "withdraw"), ("year", "2026")];
        assert_eq!(world.submit("qian", "/key-dates/constitution-week", &withdraw).await.status, 303);
        assert_eq!(row(&world, "sun", TIANPING, 2026, "constitution-week").await, by_rule);
        assert_eq!(world.submit("qian", "/key-dates/constitution-week", &withdraw).await.status, 404, "there is none");

        for (what, there) in [("off", false), ("on", true)] {
            assert_eq!(world.submit("qian", "/key-dates/arbor-day", &[("do", what)]).await.status, 303);
            assert_eq!(row(&world, "sun", TIANPING, 2026, "arbor-day").await.is_some(), there, "{what}");
            assert!(row(&world, "zhao", "500999", 2026, "arbor-day").await.is_some());
        }
        assert_eq!(world.submit("qian", "/key-dates/arbor-day", &[("do", "retire")]).await.status, 403, "nobody's own");
        assert_eq!(world.submit("qian", "/key-dates/own-1", &[("do", "retire")]).await.status, 303);
        assert_eq!(row(&world, "sun", TIANPING, 2026, "own-1").await, None);
        let mut conn = world.db.read().await.expect("a transaction");
        assert_eq!(crate::server::audit::first_broken(&mut conn).await.expect("a check"), None);
    })
    .await;
}

#[tokio::test]
async fn a_refused_key_date_comes_back_filled() {
    let world = World::new(sqlite().await).await;
    let typed =
        [("do", "add"), ("name", "不存在的日子"), ("rule", "day"), ("month", "4"), ("day", "31"), ("layer", "town")];
    let refused = world.submit("qian", "/key-dates", &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("不存在的日子") && refused.text.contains("没有这样的日子"), "{}", refused.text);
    let lines = world.get("qian", "/key-dates?year=2026").await.text;
    assert!(lines.contains("5月11日至5月17日") && lines.contains("家庭教育促进法第十三条"), "{lines}");
}

#[tokio::test]
async fn holidays_market_days_and_blackouts_are_marks_of_a_day() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for (who, address, fields) in [
            (
                "qian",
                "/holidays",
                vec![
                    ("do", "holiday"),
                    ("from", "2027-10-01"),
                    ("to", "2027-10-07"),
                    ("kind", "rest"),
                    ("name", "国庆节"),
                ],
            ),
            ("qian", "/holidays", vec![("do", "holiday"), ("from", "2026-10-07"), ("kind", "ordinary")]),
            (
                "qian",
                "/holidays",
                vec![("do", "market"), ("calendar", "solar"), ("digits", "4"), ("digits", "1"), ("digits", "7")],
            ),
            (
                "qian",
                "/blackouts",
                vec![
                    ("do", "add"),
                    ("at", "school-1"),
                    ("from", "2026-06-22"),
                    ("to", "2026-06-30"),
                    ("reason", "期末考试"),
                ],
            ),
        ] {
            let done = world.submit(who, address, &fields).await;
            assert_eq!(done.status, 303, "{address}: {}", done.text);
        }
        let mut conn = world.db.read().await.expect("a transaction");
        let town = unit::store::by_code(&mut conn, &Scope::everything(), TOWN).await.expect("the town");
        let school = unit::store::by_code(&mut conn, &Scope::everything(), "school-1").await.expect("the school");
        let village = unit::store::by_code(&mut conn, &Scope::everything(), TIANPING).await.expect("the village");
        let county = unit::store::by_code(&mut conn, &Scope::everything(), "500999").await.expect("the county");
        let period = Period { from: day("2026-01-01"), to: day("2027-12-31") };
        let marks = action::marks(&mut conn, &town, period).await.expect("marks");
        assert!(
            marks.is_rest(day("2027-10-07")) && !marks.is_rest(day("2026-10-07")) && marks.is_rest(day("2026-10-06"))
        );
        assert!(marks.is_market(day("2026-10-14")) && !marks.is_market(day("2026-10-15")));
        assert_eq!(marks.blackout(&school.path, day("2026-06-22")), Some("期末考试"));
        assert_eq!(marks.blackout(&village.path, day("2026-06-22")), None);
        let below = action::marks(&mut conn, &village, period).await.expect("marks");
        assert!(below.is_market(day("2026-10-31")) && below.is_rest(day("2027-10-01")));
        let above = action::marks(&mut conn, &county, period).await.expect("marks");
        assert!(!above.is_rest(day("2027-10-01")) && above.is_rest(day("2026-10-07")), "the town's word is the town's");
        assert!(!above.is_market(day("2026-10-14")) && above.is_market_at(&village.path, day("2026-10-14")));
        drop(conn);
        let shown = world.get("qian", "/blackouts?year=2026").await.text;
        let id = shown.split("name=\"id\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a row");
        assert_eq!(world.submit("sun", "/blackouts", &[("do", "withdraw"), ("id", id)]).await.status, 404);
        assert_eq!(world.submit("qian", "/blackouts", &[("do", "withdraw"), ("id", id)]).await.status, 303);
        assert!(!world.get("qian", "/blackouts?year=2026").await.text.contains("name=\"id\""));
    })
    .await;
}
