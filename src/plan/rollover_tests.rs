//! From 八五 to 九五: what goes on, what is taken along, and both plans on one chart; and whose target holds.

use super::tests::{activity, goal, post, target};
use crate::{
    run,
    server::testing::{World, each_engine, sqlite},
};
use axum::http::StatusCode;
use serde_json::{Value, json};

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";

async fn items(world: &World, address: &str) -> Vec<Value> {
    world.get("qian", address).await.json()["items"].as_array().cloned().unwrap_or_default()
}

/// The years of an indicator, the first first.
async fn years(world: &World, who: &str, indicator: &str) -> Vec<Value> {
    let address = format!("/api/v1/indicators/{indicator}/series?unit={TOWN}&from=2025&to=2026");
    let answer = world.get(who, &address).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["rows"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn scenario_10_what_is_entered_late_counts_in_its_year_and_one_chart_shows_both_plans() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        target(&world, "qian", "leaflets", TOWN, 1_000.0).await;
        let next =
            json!({"plan": "plan-9", "indicator": "leaflets", "unit": TOWN, "value": 1_200, "basis": "镇里的通知"});
        post(&world, "qian", "/api/v1/targets", next).await;
        activity(&world, "sun", TIANPING, "2025-12-31", "leaflet", 120, json!({})).await;
        activity(&world, "sun", TIANPING, "2026-01-05", "leaflet", 30, json!({})).await;
        let late = items(&world, "/api/v1/activities?unit=500999001&from=2025-12-31&to=2025-12-31").await;
        assert_eq!(late[0]["late"], json!(true));
        let former = goal(&world, "qian", TOWN, "leaflets", "2025-12-31").await;
        assert_eq!((&former["plan"], former["actual"].as_f64()), (&json!("plan-8"), Some(120.0)));
        let running = goal(&world, "qian", TOWN, "leaflets", "2026-06-30").await;
        assert_eq!((&running["plan"], running["actual"].as_f64()), (&json!("plan-9"), Some(30.0)));
        let rows = years(&world, "zhou", "leaflets").await;
        let told: Vec<_> = rows
            .iter()
            .map(|row| {
                let year = row["year"].as_i64().unwrap_or_default();
                (year, &row["plan"], row["actual"].as_f64(), row["target"].as_f64(), &row["begins_plan"])
            })
            .collect();
        assert_eq!(
            told,
            [
                (2025, &json!("plan-8"), Some(120.0), Some(1_000.0), &json!(false)),
                (2026, &json!("plan-9"), Some(30.0), Some(1_200.0), &json!(true)),
            ]
        );
        assert_eq!(rows[0]["late"].as_i64(), Some(120));
        let page = world.get("zhou", &format!("/indicators/leaflets?unit={TOWN}")).await;
        for word in ["2026年起为九五普法规划", "chart wide years", "其中补报", "from=2025-01-01&amp;to=2025-12-31"]
        {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
        let outside = world.get("sun", "/api/v1/indicators/leaflets/series?unit=500999001202").await;
        assert_eq!(outside.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn the_next_plan_begins_with_the_former_ones_indicators_and_only_the_targets_that_were_ticked() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for indicator in ["leaflets", "banners", "village_visits"] {
            target(&world, "qian", indicator, TOWN, 100.0).await;
        }
        let targets = items(&world, "/api/v1/targets?plan=plan-8").await;
        let number = |indicator: &str| {
            let found = targets.iter().find(|one| one["indicator"] == indicator).expect("a target");
            found["id"].as_i64().unwrap_or_default().to_string()
        };
        let (leaflets, banners) = (number("leaflets"), number("banners"));
        let page = world.get("qian", "/plans/plan-8/next").await;
        for word in ["map.leaflets", "九五普法规划", "name=\"take\""] {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
        let settle = |take: &str, visits: &'static str| {
            vec![
                ("do", "settle".to_owned()),
                ("unit", TOWN.to_owned()),
                ("next", "plan-9".to_owned()),
                ("map.leaflets", "copy".to_owned()),
                ("map.banners", "drop".to_owned()),
                ("map.village_visits", visits.to_owned()),
                ("new", "law_literate".to_owned()),
                ("take", take.to_owned()),
            ]
        };
        let submit = async |fields: Vec<(&'static str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            world.submit("qian", "/plans/plan-8/next", &fields).await
        };
        let refused = submit(settle(&banners, "law_literate")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in ["f-take-problem", "f-new-problem", "<option value=\"drop\" selected>"] {
            assert!(refused.text.contains(word), "{word}: {}", refused.text);
        }
        let done = submit(settle(&leaflets, "same")).await;
        assert_eq!(done.header("location"), format!("/plans/plan-9?unit={TOWN}"), "{}", done.text);
        let taken = items(&world, "/api/v1/targets?plan=plan-9").await;
        assert_eq!(taken.len(), 1, "{taken:?}");
        assert_eq!((&taken[0]["indicator"], taken[0]["value"].as_f64()), (&json!("leaflets-1"), Some(100.0)));
        assert!(taken[0]["basis"].as_str().is_some_and(|basis| basis.contains("沿用八五普法规划")), "{taken:?}");
        assert_eq!(items(&world, "/api/v1/targets?plan=plan-8").await.len(), 3, "the former plan stays");
        let page = world.get("zhou", &format!("/plans/plan-9?unit={TOWN}")).await;
        for word in ["调整", "不再考核", "沿用", "新增", "宣传资料（九五普法规划）"] {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
        activity(&world, "sun", TIANPING, "2025-06-01", "leaflet", 70, json!({})).await;
        activity(&world, "sun", TIANPING, "2026-02-01", "leaflet", 30, json!({})).await;
        for asked in ["leaflets", "leaflets-1"] {
            let rows = years(&world, "qian", asked).await;
            let line: Vec<(&Value, Option<f64>)> =
                rows.iter().map(|row| (&row["indicator"], row["actual"].as_f64())).collect();
            assert_eq!(line, [(&json!("leaflets"), Some(70.0)), (&json!("leaflets-1"), Some(30.0))], "{asked}");
        }
        let dropped = years(&world, "qian", "banners").await;
        assert_eq!((&dropped[1]["indicator"], &dropped[1]["actual"]), (&Value::Null, &Value::Null));
        // Settled again, the latest holds.
        assert_eq!(submit(settle("", "drop")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(years(&world, "qian", "village_visits").await[1]["indicator"], Value::Null);
    })
    .await;
}

/// The newest entry of the audit log about an action.
async fn audited(world: &World, action: &str) -> Value {
    let mut conn = world.db.read().await.expect("a transaction");
    let action = action.to_owned();
    let detail: sqlx::types::Json<Value> = run!(&mut conn, c => sqlx::query_scalar(
        "select detail from audit where action = $1 order by id desc limit 1",
    ).bind(&action).fetch_one(c).await)
    .expect("an entry");
    detail.0
}

async fn settle(world: &World, fields: &[(&str, &str)]) {
    let fixed = [("do", "settle"), ("unit", TOWN), ("next", "plan-9")];
    let fields: Vec<(&str, &str)> = fixed.into_iter().chain(fields.iter().copied()).collect();
    let done = world.submit("qian", "/plans/plan-8/next", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test]
async fn a_target_that_is_taken_along_over_another_leaves_both_in_the_audit_log() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        target(&world, "qian", "leaflets", TOWN, 100.0).await;
        let own = json!({"plan": "plan-9", "indicator": "leaflets", "unit": TOWN, "value": 900, "basis": "县里的通知"});
        post(&world, "qian", "/api/v1/targets", own).await;
        let former = items(&world, "/api/v1/targets?plan=plan-8").await[0]["id"].to_string();
        settle(&world, &[("map.leaflets", "same"), ("take", &former)]).await;
        assert_eq!(items(&world, "/api/v1/targets?plan=plan-9").await[0]["value"].as_f64(), Some(100.0));
        let detail = audited(&world, "plan.rollover").await;
        let taken = &detail["targets"][0];
        assert_eq!(
            (taken["from"]["value"].as_f64(), &taken["from"]["basis"], taken["to"]["value"].as_f64()),
            (Some(900.0), &json!("县里的通知"), Some(100.0)),
            "{detail}"
        );
        assert_eq!(detail["targets"].as_array().map(Vec::len), Some(1));
        // Where nothing stood, there is nothing before.
        target(&world, "qian", "banners", TOWN, 50.0).await;
        let targets = items(&world, "/api/v1/targets?plan=plan-8").await;
        let banners = targets.iter().find(|one| one["indicator"] == "banners").expect("a target")["id"].to_string();
        settle(&world, &[("take", &banners)]).await;
        assert_eq!(audited(&world, "plan.rollover").await["targets"][0]["from"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn what_was_settled_is_taken_back_by_settling_anew_by_settling_nothing_and_as_a_whole() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        target(&world, "qian", "banners", TOWN, 100.0).await;
        activity(&world, "sun", TIANPING, "2026-02-01", "banner", 30, json!({})).await;
        let goes_on = async |indicator: &str| !years(&world, "qian", indicator).await[1]["indicator"].is_null();
        assert!(goes_on("banners").await);
        settle(&world, &[("map.banners", "drop")]).await;
        assert!(!goes_on("banners").await);
        settle(&world, &[("map.banners", "same")]).await;
        assert!(goes_on("banners").await, "settled anew");

        settle(&world, &[("map.banners", "drop")]).await;
        let page = world.get("qian", &format!("/plans/plan-8/next?unit={TOWN}&next=plan-9")).await;
        assert!(page.text.contains("撤回这次衔接"), "{}", page.text);
        let back = [("do", "take_back"), ("unit", TOWN), ("next", "plan-9")];
        assert_eq!(world.submit("zhou", "/plans/plan-8/next", &back).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.submit("qian", "/plans/plan-8/next", &back).await.status, StatusCode::SEE_OTHER);
        assert!(goes_on("banners").await, "taken back");
        let detail = audited(&world, "plan.rollover_back").await;
        assert_eq!((detail["from"][0][1].is_null(), &detail["lines"]), (true, &json!([])), "{detail}");
        assert_eq!(
            world.submit("qian", "/plans/plan-8/next", &back).await.status,
            StatusCode::NOT_FOUND,
            "there is nothing left to take back"
        );
        let page = world.get("qian", &format!("/plans/plan-8/next?unit={TOWN}&next=plan-9")).await;
        assert!(!page.text.contains("撤回这次衔接"), "{}", page.text);

        // An indicator is new; then nothing is settled at all.
        let ended = items(&world, "/api/v1/targets?plan=plan-8").await[0]["id"].to_string();
        let end = world.submit("qian", &format!("/targets/{ended}"), &[("do", "end")]).await;
        assert_eq!(end.status, StatusCode::SEE_OTHER, "{}", end.text);
        settle(&world, &[("new", "leaflets")]).await;
        assert!(years(&world, "qian", "leaflets").await[0]["indicator"].is_null(), "nothing went before it");
        settle(&world, &[]).await;
        assert!(!years(&world, "qian", "leaflets").await[0]["indicator"].is_null(), "nothing is settled any more");
    })
    .await;
}

#[tokio::test]
async fn a_plan_that_is_not_there_yet_is_made_and_lies_behind_the_former_one() {
    let world = World::new(sqlite().await).await;
    let fields = |from| {
        [("do", "settle"), ("unit", TOWN), ("next", ""), ("name", "青山镇十五五"), ("from", from), ("to", "2035-12-31")]
    };
    let refused = world.submit("qian", "/plans/plan-9/next", &fields("2030-01-01")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("f-from-problem") && refused.text.contains("青山镇十五五"), "{}", refused.text);
    assert_eq!(items(&world, "/api/v1/plans").await.len(), 2, "a refused form leaves nothing");
    let done = world.submit("qian", "/plans/plan-9/next", &fields("2031-01-01")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(items(&world, "/api/v1/plans").await.iter().any(|plan| plan["name"] == "青山镇十五五"));
}

#[tokio::test]
async fn a_towns_total_is_not_held_against_a_village_and_does_not_hide_its_own() {
    let world = World::new(sqlite().await).await;
    target(&world, "qian", "leaflets", TOWN, 7_000.0).await;
    activity(&world, "sun", TIANPING, "2025-03-01", "leaflet", 120, json!({})).await;
    let row = goal(&world, "sun", TIANPING, "leaflets", "2025-06-30").await;
    assert_eq!(
        (row["shared"].clone(), row["status"].clone(), row["missing"].as_f64()),
        (json!(true), json!("no_data"), Some(0.0))
    );
    assert_eq!(row["words"], "青山镇合计7,000份，本单位已有120份");
    let gaps = world.get("sun", &format!("/api/v1/gaps?unit={TIANPING}&as_of=2025-06-30")).await.json();
    assert_eq!(gaps["rows"], json!([]));
    target(&world, "qian", "leaflets", TIANPING, 500.0).await;
    let row = goal(&world, "sun", TIANPING, "leaflets", "2025-06-30").await;
    assert_eq!(
        (row["target"].as_f64(), row["missing"].as_f64(), row["inherited"].clone()),
        (Some(500.0), Some(380.0), json!(false))
    );
    let layers = row["layers"].as_array().cloned().unwrap_or_default();
    let told: Vec<(&Value, &Value)> = layers.iter().map(|layer| (&layer["unit"], &layer["holds"])).collect();
    assert_eq!(told, [(&json!(TOWN), &json!(false)), (&json!(TIANPING), &json!(true))]);
    let page = world.get("sun", &format!("/goals?unit={TIANPING}&as_of=2025-06-30")).await;
    assert!(page.text.contains("各级怎么定的") && page.text.contains("青山镇：7,000份"), "{}", page.text);
    let plan = world.get("sun", &format!("/plans/plan-8?unit={TIANPING}")).await;
    assert!(plan.text.contains("以天坪村的为准"), "{}", plan.text);
}

#[tokio::test]
async fn an_indicator_may_look_at_one_type_and_at_what_people_took_part_in() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for (key, kind, more) in [
            ("at_lectures", "sum", json!({"measure": "leaflet", "activity_type": "lecture"})),
            ("beside_banners", "sum", json!({"measure": "leaflet", "interactive": false})),
            ("lectures", "sum", json!({"activity_type": "lecture"})),
            ("taking_part", "coverage", json!({"unit_kind": "village", "at_least": 1, "interactive": true})),
        ] {
            let mut body = json!({"key": key, "name": key, "kind": kind});
            if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
                body.extend(more);
            }
            let added = post(&world, "qian", "/api/v1/indicators", body).await.json();
            assert_eq!(added["activity_type"].is_null(), !key.contains("lectures"), "{added}");
            target(&world, "qian", key, TOWN, if kind == "sum" { 100.0 } else { 1.0 }).await;
        }
        for (kind, unit, leaflets) in [("lecture", TIANPING, 40), ("banner", "500999001202", 5)] {
            let quantities = json!([
                {"measure": kind, "value": 1, "precision": "exact"},
                {"measure": "leaflet", "value": leaflets, "precision": "exact"},
            ]);
            activity(&world, "qian", unit, "2025-03-01", kind, 1, json!({"quantities": quantities})).await;
        }
        for (key, actual) in [("at_lectures", 40.0), ("beside_banners", 5.0), ("lectures", 1.0)] {
            let row = goal(&world, "qian", TOWN, key, "2025-06-30").await;
            assert_eq!(row["actual"].as_f64(), Some(actual), "{key}");
        }
        let row = goal(&world, "qian", TOWN, "taking_part", "2025-06-30").await;
        assert_eq!((row["numerator"].as_i64(), row["denominator"].as_i64()), (Some(1), Some(3)));
        let edit = [("do", "edit"), ("name", "讲座资料"), ("measure", "leaflet"), ("activity_type", "banner")];
        let page = format!("/indicators/at_lectures?unit={TOWN}");
        assert_eq!(world.submit("qian", &page, &edit).await.status, StatusCode::SEE_OTHER);
        assert_eq!(goal(&world, "qian", TOWN, "at_lectures", "2025-06-30").await["actual"].as_f64(), Some(5.0));
        let unknown = json!({"name": "无", "kind": "sum", "activity_type": "juggling"});
        let refused = world.post("qian", "/api/v1/indicators", unknown).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    })
    .await;
}
