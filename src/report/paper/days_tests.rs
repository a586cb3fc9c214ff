//! A report and its days: all it says is of the same ones, and nothing of it lies ahead.

use super::{
    action, gather,
    store::{self, Report},
    text::written,
};
use crate::{
    domain::period::Day,
    ledger::tests::{TIANPING, TOWN, count, log},
    server::{
        context::Ctx,
        testing::{World, each_engine},
    },
};
use axum::http::StatusCode;
use serde_json::json;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The officer on a day.
async fn on(world: &World, today: &str) -> Ctx {
    Ctx { today: day(today), ..Ctx::for_program(world.db.clone(), Some(world.actor("qian").await)) }
}

async fn read(ctx: &Ctx, id: i64) -> Report {
    let mut conn = ctx.db.read().await.expect("a transaction");
    store::one(&mut conn, &ctx.scope().expect("a scope"), id).await.expect("the report")
}

fn text(report: &Report) -> String {
    written(report).plain()
}

#[tokio::test]
async fn what_is_told_of_november_is_all_of_november() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        log(&world, "sun", TIANPING, "2021-06-01", json!([count("study", 1, "exact")]), json!({})).await;
        let december = log(&world, "sun", TIANPING, "2021-12-02", json!([count("study", 1, "exact")]), json!({})).await;
        let indicator = json!({ "key": "sessions", "name": "村级学法", "kind": "frequency", "measure": "study",
            "unit_kind": "village", "each": "year", "unit": TOWN });
        assert_eq!(world.post("qian", "/api/v1/indicators", indicator).await.status, StatusCode::CREATED);
        let target = json!({ "plan": "plan-8", "indicator": "sessions", "unit": TOWN, "value": 2, "basis": "通知" });
        assert_eq!(world.post("qian", "/api/v1/targets", target).await.status, StatusCode::CREATED);

        let november = on(&world, "2021-11-20").await;
        let id = action::make(&november, TOWN, "2021", "exact").await.expect("a report");
        let report = read(&november, id).await;
        let said = text(&report);
        assert!(said.contains("现将青山镇2021年（截至11月20日）普法工作情况报告如下"), "{said}");
        assert!(said.contains("中心组学法1次") && !said.contains("中心组学法2次"), "{said}");
        assert!(said.contains("村级学法尚未达标，还差5次"), "goal and quantity are of the same day: {said}");

        // What comes later is no correction, and the check before signing tells of it.
        let christmas = on(&world, "2021-12-25").await;
        let changes = |ctx: Ctx| async move {
            let mut conn = ctx.db.read().await.expect("a transaction");
            let report = store::one(&mut conn, &ctx.scope().expect("a scope"), id).await.expect("the report");
            action::changes(&ctx, &mut conn, &report).await.expect("changes")
        };
        assert_eq!(changes(christmas.clone()).await, []);
        let check = world.get("zhou", &format!("/reports/{id}/check")).await.text;
        assert!(check.contains("报告的数字算到2021-11-20，此后台账又有1条记录"), "{check}");
        assert!(check.contains("from=2021-11-21"), "{check}");

        let version = report.version.to_string();
        let told = action::refresh(&christmas, id, &version).await.expect("refreshed");
        assert!(told.iter().any(|one| (one.before.as_str(), one.now.as_str()) == ("1次", "2次")), "{told:?}");
        let said = text(&read(&christmas, id).await);
        assert!(said.contains("中心组学法2次") && said.contains("还差4次"), "{said}");

        // A correction of the very days is one, and the sender keeps the name of the day.
        let gone = json!({ "reason": "重复" });
        let answer = world.post("qian", &format!("/api/v1/activities/{december}/withdraw"), gone).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let found = changes(christmas.clone()).await;
        assert!(found.iter().any(|one| (one.before.as_str(), one.now.as_str()) == ("2次", "1次")), "{found:?}");
        let renamed = json!({ "name": "新青山镇" });
        let answer =
            world.ask("zhao", axum::http::Method::PATCH, &format!("/api/v1/units/{TOWN}"), Some(renamed)).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        let end = written(&read(&christmas, id).await).end;
        assert_eq!(end[0], "青山镇");
    })
    .await;
}

#[tokio::test]
async fn a_month_ends_where_the_towns_months_end() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for (date, value) in [("2021-05-25", 1), ("2021-05-26", 20), ("2021-06-25", 300), ("2021-06-26", 4_000)] {
            log(&world, "sun", TIANPING, date, json!([count("leaflet", value, "exact")]), json!({})).await;
        }
        let choice = [("do", "cutoff"), ("cutoff", "25")];
        let answer = world.submit("qian", &format!("/tables?unit={TOWN}&year=2021&rows=time"), &choice).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let ctx = on(&world, "2022-01-10").await;
        let id = action::make(&ctx, TOWN, "2021-06", "exact").await.expect("a report");
        let said = text(&read(&ctx, id).await);
        assert!(said.contains("2021年6月（2021年5月26日至2021年6月25日）"), "{said}");
        assert!(said.contains("发放宣传资料320份"), "{said}");
        let id = action::make(&ctx, TOWN, "2021", "exact").await.expect("a report");
        assert!(text(&read(&ctx, id).await).contains("发放宣传资料4,321份"), "a year is the calendar's");
        let page = world.get("zhou", &format!("/reports/{id}")).await.text;
        assert!(page.contains("本单位每月统计到25日"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn events_that_were_not_held_are_a_cause_and_the_nearest_ahead_are_the_next_steps() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        log(&world, "sun", TIANPING, "2021-06-01", json!([count("leaflet", 10, "exact")]), json!({})).await;
        let campaign = json!({ "unit": TOWN, "title": "禁毒宣传", "themes": ["drugs"], "from": "2021-06-01", "to": "2021-12-31" });
        let answer = world.post("qian", "/api/v1/campaigns", campaign).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let key = answer.json()["key"].as_str().expect("a key").to_owned();
        for starts in ["2021-06-26T09:00", "2021-11-26T09:00"] {
            let event = json!({ "campaign": key, "unit": TIANPING, "starts_at": starts, "ends_at": starts.replace("09", "10") });
            let answer = world.post("qian", "/api/v1/events", event).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        }
        let ctx = on(&world, "2021-11-20").await;
        let mut conn = ctx.db.read().await.expect("a transaction");
        let unit = crate::plan::action::read_unit(&ctx, &mut conn, Some(TOWN)).await.expect("the town");
        let span = crate::domain::report::Span::Year(2021);
        let days = gather::days(&ctx, &mut conn, &unit, span).await.expect("days");
        let gathered = gather::gather(&ctx, &mut conn, &unit, (span, days), ctx.locale).await.expect("gathered");
        let words = |key: &str| gathered.snapshot.facts.iter().find(|fact| fact.key == key).map(|fact| fact.words.clone());
        assert_eq!(words("not_held").as_deref(), Some("计划的1场活动中，1场没有开展记录"));
        assert_eq!(words("planned").as_deref(), Some("1场（“禁毒宣传”1场）"), "next week is ahead, though still this year");
        let texts = gather::first_texts(&gathered);
        let problems = &texts[&crate::domain::report::Section::Problems];
        assert!(problems.contains("主要原因：计划落实不够到位，{:not_held}"), "{problems}");
    })
    .await;
}
