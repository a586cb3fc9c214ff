//! What is closed turns entries away by every way in; an unlock lets them in, late.

use super::{action, store};
use crate::{
    activity::{self, check::check},
    domain::{
        activity::Draft,
        period::{Day, Period},
    },
    error::Error,
    figure,
    server::{
        clock,
        context::Ctx,
        testing::{World, each_engine, sqlite},
    },
    unit,
};
use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use uuid::Uuid;

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";
const LIANGHE: &str = "500999001202";

/// Somebody of the cast on a day.
async fn on(world: &World, who: &str, day: &str) -> Ctx {
    let today: Day = day.parse().expect("a day");
    let mut ctx = Ctx::for_program(world.db.clone(), Some(world.actor(who).await));
    let noon = today.and_hms_opt(12, 0, 0).expect("noon");
    ctx.now = noon.and_local_timezone(clock::offset()).single().expect("an instant").to_utc();
    ctx.today = today;
    ctx
}

fn body(unit: &str, day: &str) -> Value {
    json!({ "id": Uuid::now_v7(), "unit": unit, "date": day, "type": "leaflet",
        "quantities": [{ "measure": "leaflet", "value": 30, "precision": "exact" }] })
}

fn draft(unit: &str, day: &str) -> Draft {
    serde_json::from_value(body(unit, day)).expect("a draft")
}

fn code(error: &Error) -> &'static str {
    error.code()
}

#[tokio::test]
async fn the_last_day_of_a_closed_year_entered_in_january_needs_an_unlock_and_is_late() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        // Before anything is closed it is accepted, counts in 2025 and is late.
        let sun = on(&world, "sun", "2026-01-05").await;
        let first = activity::action::save(&sun, draft(TIANPING, "2025-12-31")).await.expect("2025 is open");
        assert!(first.entry.late);
        let qian = on(&world, "qian", "2026-01-05").await;
        action::close(&qian, TOWN, "2025").await.expect("closed");
        let again = action::close(&qian, TOWN, "2025").await.expect_err("closed already");
        assert_eq!(code(&again), "closed_already");
        let refused = activity::action::save(&sun, draft(TIANPING, "2025-12-31")).await.expect_err("closed");
        assert_eq!(code(&refused), "period_closed");
        let words = refused.to_string();
        assert!(words.contains("钱芳") && words.contains("2026-01-05") && words.contains("开启补报"), "{words}");
        activity::action::save(&sun, draft(TIANPING, "2026-01-01")).await.expect("2026 is open");
        action::unlock(&qian, TIANPING, "2025-12", "2026-01-10", "雪灾断网").await.expect("unlocked");
        let late = activity::action::save(&sun, draft(TIANPING, "2025-12-31")).await.expect("unlocked");
        assert!(late.entry.late);
        let li = on(&world, "li", "2026-01-06").await;
        let other = activity::action::save(&li, draft(LIANGHE, "2025-12-31")).await.expect_err("not unlocked");
        assert_eq!(code(&other), "period_closed");
        let after = on(&world, "sun", "2026-01-11").await;
        let over = activity::action::save(&after, draft(TIANPING, "2025-12-31")).await.expect_err("it ended by itself");
        assert_eq!(code(&over), "period_closed");
        // Two entries in 2025, one in 2026; twelve months are the year, and what came late stands apart.
        let mut conn = world.db.read().await.expect("a transaction");
        let town = unit::store::by_code(&mut conn, &qian.scope().expect("a scope"), TOWN).await.expect("the town");
        let all = figure::Filter::all();
        let year = figure::store::total_by_measure(&mut conn, &town, Period::year(2025), &all).await.expect("totals");
        let months = figure::store::by_month(&mut conn, &town, Period::year(2025), &all).await.expect("totals");
        let late = action::late_totals(&mut conn, &town, Period::year(2025)).await.expect("late ones");
        let leaflet = *year.iter().find(|(measure, _)| **measure > 0).expect("leaflets").0;
        assert_eq!((year[&leaflet].total(), year[&0].activities, late[&leaflet].total()), (60, 2, 60));
        let sum: i64 = months.iter().filter(|((_, measure), _)| *measure == leaflet).map(|(_, one)| one.total()).sum();
        assert_eq!(sum, year[&leaflet].total());
        let next = figure::store::total_by_measure(&mut conn, &town, Period::year(2026), &all).await.expect("totals");
        assert_eq!(next[&leaflet].total(), 30);
        drop(conn);
        let board = action::board(&qian, Some(TOWN), 2025).await.expect("the year");
        assert_eq!((board.lines[0].activities, board.lines[0].late, board.lines[12].late), (2, 2, 2));
        assert!(check(&world.db).await.expect("a check").differences.is_empty());
    })
    .await;
}

#[tokio::test]
async fn every_change_of_a_closed_month_is_turned_away_by_the_api() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let (stored, open) = (body(TIANPING, "2021-06-24"), body(TIANPING, "2021-07-01"));
        for body in [&stored, &open] {
            assert_eq!(world.post("sun", "/api/v1/activities", body.clone()).await.status, StatusCode::CREATED);
        }
        let close = [("do", "close"), ("unit", TOWN), ("period", "2021-06")];
        assert_eq!(world.submit("qian", "/closing", &close).await.status, StatusCode::SEE_OTHER);
        let refused = world.post("sun", "/api/v1/activities", body(TIANPING, "2021-06-01")).await;
        assert_eq!((refused.status, refused.json()["code"].clone()), (StatusCode::CONFLICT, json!("period_closed")));
        assert_eq!(refused.header("content-type"), "application/problem+json");
        // A play of many days that reaches into the month, too.
        let mut lasting = body(TIANPING, "2021-05-30");
        lasting["date_to"] = json!("2021-06-02");
        assert_eq!(world.post("sun", "/api/v1/activities", lasting).await.status, StatusCode::CONFLICT);
        // What was stored before is a replay, not an entry.
        assert_eq!(world.post("sun", "/api/v1/activities", stored.clone()).await.status, StatusCode::OK);
        let patch = async |body: &Value, change: Value| {
            let request = axum::http::Request::builder()
                .method(Method::PATCH)
                .uri(format!("/api/v1/activities/{}", body["id"].as_str().expect("an id")))
                .header(header::AUTHORIZATION, format!("Bearer {}", crate::server::testing::token("sun")))
                .header(header::IF_MATCH, "1")
                .body(axum::body::Body::from(change.to_string()))
                .expect("a request");
            world.send(request).await
        };
        for (body, change) in [
            (&stored, json!({ "note": "村口", "reason": "补充" })),
            (&stored, json!({ "date": "2021-07-02", "reason": "日期错了" })),
            (&open, json!({ "date": "2021-06-30", "reason": "日期错了" })),
        ] {
            let answer = patch(body, change.clone()).await;
            assert_eq!(
                (answer.status, answer.json()["code"].clone()),
                (StatusCode::CONFLICT, json!("period_closed")),
                "{change}"
            );
        }
        let withdraw = format!("/api/v1/activities/{}/withdraw", stored["id"].as_str().expect("an id"));
        assert_eq!(world.post("sun", &withdraw, json!({ "reason": "重复" })).await.status, StatusCode::CONFLICT);
        assert_eq!(
            patch(&open, json!({ "note": "村口", "reason": "补充" })).await.status,
            StatusCode::OK,
            "July is open"
        );
        // The officer opens it again, and says why.
        let reopen = |why| [("do", "reopen"), ("unit", TOWN), ("period", "2021-06"), ("why", why)];
        let address = format!("/closing?unit={TOWN}&period=2021-06");
        let unsaid = world.submit("qian", &address, &reopen("")).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unsaid.text.contains("f-why-problem"), "{}", unsaid.text);
        assert_eq!(world.submit("qian", &address, &reopen("县里要求更正")).await.status, StatusCode::SEE_OTHER);
        assert!(world.get("qian", &address).await.text.contains("县里要求更正"));
        let moved = patch(&stored, json!({ "date": "2021-07-02", "reason": "日期错了" })).await;
        assert_eq!(moved.status, StatusCode::OK);
        assert!(check(&world.db).await.expect("a check").differences.is_empty());
        let mut conn = world.db.read().await.expect("a transaction");
        assert_eq!(crate::server::audit::first_broken(&mut conn).await.expect("a check"), None);
    })
    .await;
}

#[tokio::test]
async fn the_form_comes_back_filled_and_an_unlock_for_the_village_lets_it_through() {
    let world = World::new(sqlite().await).await;
    let close = [("do", "close"), ("unit", TOWN), ("period", "2021-12")];
    assert_eq!(world.submit("qian", "/closing", &close).await.status, StatusCode::SEE_OTHER);
    let form = [("unit", TIANPING), ("date", "2021-12-04"), ("value.banner", "3"), ("note", "村口和学校")];
    let refused = world.submit("sun", "/log/banner", &form).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    for words in ["钱芳", "开启补报", "村口和学校", "value=\"3\""] {
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    // Several villages at once: none of them is stored.
    let each = [("unit", TOWN), ("date", "2021-12-04"), ("value.banner", "3"), ("units", TIANPING), ("units", LIANGHE)];
    let each = [each.as_slice(), &[("manner", "each")]].concat();
    assert_eq!(world.submit("qian", "/log/banner", &each).await.status, StatusCode::CONFLICT);
    let until = (clock::today() + chrono::Days::new(3)).to_string();
    let unlock = |until: &'static str, reason: &'static str| {
        vec![
            ("do", "unlock"),
            ("unit", TIANPING),
            ("here", TOWN),
            ("period", "2021-12"),
            ("until", until),
            ("reason", reason),
        ]
    };
    let address = format!("/closing?unit={TOWN}&period=2021-12");
    let mut right = unlock("", "漏报");
    right[4].1 = &until;
    for who in ["sun", "zhou"] {
        assert_eq!(world.submit(who, &address, &right).await.status, StatusCode::FORBIDDEN, "{who}");
    }
    for wrong in [unlock("2021-12-31", "漏报"), unlock("2999-01-01", "漏报"), unlock("", "漏报")] {
        assert_eq!(world.submit("qian", &address, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(world.submit("qian", &address, &right).await.status, StatusCode::SEE_OTHER);
    let done = world.submit("sun", "/log/banner", &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let entry = world.get("sun", done.header("location")).await;
    assert!(entry.text.contains("补报"), "{}", entry.text);
    let page = world.get("qian", &address).await;
    assert!(page.text.contains("漏报") && page.text.contains("late=1"), "{}", page.text);
    // It is ended before its day.
    let mut conn = world.db.read().await.expect("a transaction");
    let town = unit::store::by_code(&mut conn, &world.actor("qian").await.scope(), TOWN).await.expect("the town");
    let closings = store::in_force(&mut conn, store::Of::Above(&town), Period::year(2021)).await.expect("closings");
    drop(conn);
    let id = closings[0].unlocks[0].id.to_string();
    let end = [("do", "end"), ("unit", TOWN), ("period", "2021-12"), ("id", &id)];
    assert_eq!(world.submit("qian", &address, &end).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.submit("sun", "/log/banner", &form).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn what_the_county_closed_the_town_cannot_unlock() {
    let world = World::new(sqlite().await).await;
    let zhao = on(&world, "zhao", "2026-01-05").await;
    let qian = on(&world, "qian", "2026-01-05").await;
    action::close(&zhao, "500999", "2025").await.expect("closed");
    let refused = action::unlock(&qian, TIANPING, "2025-12", "2026-01-10", "漏报").await.expect_err("the county's");
    assert!(refused.to_string().contains("赵明"), "{refused}");
    let refused = action::reopen(&qian, TOWN, "2025", "漏报").await.expect_err("not closed here");
    assert_eq!(code(&refused), "invalid");
    action::unlock(&zhao, TOWN, "2025-12", "2026-01-10", "漏报").await.expect("the county may");
    let saved = activity::action::save(&qian, draft(TIANPING, "2025-12-31")).await.expect("unlocked");
    assert!(saved.entry.late);
    // The year to come is not closed by mistake.
    let early = action::close(&zhao, "500999", "2027").await.expect_err("not begun");
    assert_eq!(code(&early), "invalid");
}

#[tokio::test]
async fn what_is_late_over_several_days_falls_into_its_months_in_part() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let sun = on(&world, "sun", "2022-03-01").await;
        let mut lasting = body(TIANPING, "2021-11-29");
        lasting["date_to"] = json!("2021-12-05");
        lasting["quantities"][0]["value"] = json!(14);
        let saved =
            activity::action::save(&sun, serde_json::from_value(lasting).expect("a draft")).await.expect("stored");
        assert!(saved.entry.late);
        let mut conn = world.db.read().await.expect("a transaction");
        let scope = sun.scope().expect("a scope");
        let village = unit::store::by_code(&mut conn, &scope, TIANPING).await.expect("the village");
        let of = async |conn: &mut _, span: &str| {
            let span = crate::domain::closing::Span::parse(span).expect("a span");
            let late = action::late_totals(conn, &village, span.period()).await.expect("late ones");
            late.values().map(|total| total.total()).sum::<i64>()
        };
        assert_eq!(
            (of(&mut conn, "2021-11").await, of(&mut conn, "2021-12").await, of(&mut conn, "2021").await),
            (4, 10, 14)
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_closes_a_period_while_an_entry_is_on_its_way_into_it() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let sun = on(&world, "sun", "2026-01-05").await;
        let qian = on(&world, "qian", "2026-01-05").await;
        let mut conn = world.db.write().await.expect("a transaction");
        let day: Day = "2025-12-31".parse().expect("a day");
        let village = unit::store::by_code(&mut conn, &sun.scope().expect("a scope"), TIANPING).await.expect("hers");
        let places = [(village.path.as_str(), Period { from: day, to: day })];
        assert_eq!(action::pass(&mut conn, &sun, &places).await.expect("open"), [false]);
        let closing = tokio::spawn({
            let qian = qian.clone();
            async move { action::close(&qian, TOWN, "2025").await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert!(!closing.is_finished(), "it waits for the entry");
        activity::action::save_in(&mut conn, &sun, &draft(TIANPING, "2025-12-31"), sun.now, None)
            .await
            .expect("in time");
        conn.commit().await.expect("stored");
        closing.await.expect("no panic").expect("closed");
        let refused = activity::action::save(&sun, draft(TIANPING, "2025-12-31")).await.expect_err("closed");
        assert_eq!(code(&refused), "period_closed");
    })
    .await;
}
