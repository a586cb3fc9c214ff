//! Changing plans, indicators and targets by plain forms: what is kept, what is refused, who may.

use crate::server::testing::{World, each_engine, sqlite};
use axum::http::StatusCode;
use serde_json::{Value, json};

const TOWN: &str = "500999001";

async fn post(world: &World, who: &str, list: &str, body: Value) {
    let answer = world.post(who, &format!("/api/v1/{list}"), body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

/// The town has a plan of its own, an indicator of its own and a target of 2024 for it.
async fn own_plan(world: &World) {
    let plan = json!({"key": "town", "name": "青山镇规划", "from": "2023-01-01", "to": "2025-12-31"});
    post(world, "qian", "plans", plan).await;
    let indicator =
        json!({"key": "talks", "name": "每村宣讲", "kind": "coverage", "measure": "lecture", "at_least": 2});
    post(world, "qian", "indicators", indicator).await;
    let target = json!({
        "plan": "town", "indicator": "talks", "unit": TOWN, "value": 0.8, "year": 2024, "basis": "镇规划第一条",
    });
    post(world, "qian", "targets", target).await;
}

/// The entry of a list by API with this key.
async fn entry(world: &World, list: &str, key: &str) -> Value {
    let json = world.get("qian", &format!("/api/v1/{list}")).await.json();
    let items = json["items"].as_array().cloned().unwrap_or_default();
    items.into_iter().find(|item| item["key"] == key).unwrap_or_else(|| panic!("no {key}: {json}"))
}

/// What the audit trail tells of the last deed of this name.
async fn told(world: &World, action: &str) -> Value {
    let mut conn = world.db.read().await.expect("a transaction");
    let text: sqlx::types::Json<Value> = crate::run!(&mut conn, c => sqlx::query_scalar(
        "select detail from audit where action = $1 order by id desc limit 1",
    ).bind(action).fetch_one(c).await)
    .expect("an audit entry");
    text.0
}

#[tokio::test]
async fn a_plans_name_and_days_change_and_no_targets_year_is_left_outside() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        own_plan(&world).await;
        let edit = |name, from, to| [("do", "edit"), ("name", name), ("from", from), ("to", to)];
        let refused = world.submit("qian", "/plans/town", &edit("改名", "2025-01-01", "2025-12-31")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in ["f-from-problem", "2024年还有目标", "value=\"改名\"", "value=\"2025-01-01\""] {
            assert!(refused.text.contains(word), "{word}: {}", refused.text);
        }
        let refused = world.submit("qian", "/plans/town", &edit("", "2023-01-01", "2023-12-31")).await;
        assert!(refused.text.contains("f-to-problem") && refused.text.contains("f-name-problem"), "{}", refused.text);
        assert_eq!(entry(&world, "plans", "town").await["name"], "青山镇规划");
        let done = world.submit("qian", "/plans/town", &edit("青山镇普法规划", "2022-01-01", "2024-12-31")).await;
        assert_eq!(done.header("location"), "/plans/town", "{}", done.text);
        let plan = entry(&world, "plans", "town").await;
        assert_eq!(
            (&plan["name"], &plan["from"], &plan["to"]),
            (&json!("青山镇普法规划"), &json!("2022-01-01"), &json!("2024-12-31"))
        );
        let told = told(&world, "plan.change").await;
        assert_eq!((&told["from"]["to"], &told["to"]["to"]), (&json!("2025-12-31"), &json!("2024-12-31")));
    })
    .await;
}

#[tokio::test]
async fn an_indicator_changes_what_it_looks_at_and_keeps_its_kind() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        own_plan(&world).await;
        let page = format!("/indicators/talks?unit={TOWN}");
        let shown = world.get("qian", &page).await;
        assert_eq!(shown.status, StatusCode::OK);
        for word in ["value=\"每村宣讲\"", "<option value=\"lecture\" selected>", "<option value=\"village\" selected>"]
        {
            assert!(shown.text.contains(word), "{word}: {}", shown.text);
        }
        assert!(!shown.text.contains("name=\"kind\""), "the kind is no field");
        let edit = |name, at_least| {
            [
                ("do", "edit"),
                ("name", name),
                ("kind", "sum"),
                ("measure", "consultation"),
                ("unit_kind", "school"),
                ("at_least", at_least),
                ("each", "year"),
                ("theme", "drugs"),
            ]
        };
        let refused = world.submit("qian", &page, &edit("", "0")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in ["f-name-problem", "f-at_least-problem", "<option value=\"school\" selected>"] {
            assert!(refused.text.contains(word), "{word}: {}", refused.text);
        }
        let done = world.submit("qian", &page, &edit("每校咨询", "3")).await;
        assert_eq!(done.header("location"), page, "{}", done.text);
        let one = entry(&world, "indicators", "talks").await;
        assert_eq!(
            (&one["name"], &one["kind"], &one["measure"]),
            (&json!("每校咨询"), &json!("coverage"), &json!("consultation"))
        );
        assert_eq!(
            (&one["unit_kind"], &one["at_least"], &one["theme"]),
            (&json!("school"), &json!(3), &json!("drugs"))
        );
        let told = told(&world, "indicator.change").await;
        assert_eq!((&told["from"]["measure"], &told["to"]["measure"]), (&json!("lecture"), &json!("consultation")));
        for (action, retired) in [("retire", true), ("resume", false)] {
            assert_eq!(world.submit("qian", &page, &[("do", action)]).await.status, StatusCode::SEE_OTHER);
            assert_eq!(entry(&world, "indicators", "talks").await["retired"], retired);
        }
    })
    .await;
}

#[tokio::test]
async fn a_target_changes_its_value_and_basis_and_is_ended_but_kept() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        own_plan(&world).await;
        let targets = || async { world.get("qian", "/api/v1/targets").await.json()["items"].clone() };
        let page = format!("/targets/{}", targets().await[0]["id"]);
        let plan = world.get("qian", "/plans/town").await;
        assert!(plan.text.contains(&format!("href=\"{page}\"")), "{}", plan.text);
        assert!(world.get("qian", &page).await.text.contains("value=\"80%\""));
        let edit = |value, basis| [("do", "edit"), ("value", value), ("basis", basis)];
        let refused = world.submit("qian", &page, &edit("180", " ")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for word in ["f-value-problem", "f-basis-problem", "value=\"180\""] {
            assert!(refused.text.contains(word), "{word}: {}", refused.text);
        }
        let done = world.submit("qian", &page, &edit("90", "镇规划第二条")).await;
        assert_eq!(done.header("location"), "/plans/town?unit=500999001", "{}", done.text);
        let stored = targets().await;
        assert_eq!((stored[0]["value"].as_f64(), &stored[0]["basis"]), (Some(0.9), &json!("镇规划第二条")));
        assert_eq!((&stored[0]["year"], stored.as_array().map(Vec::len)), (&json!(2024), Some(1)));
        let change = told(&world, "target.change").await;
        assert_eq!((change["from"]["value"].as_f64(), change["to"]["value"].as_f64()), (Some(0.8), Some(0.9)));
        assert_eq!(world.submit("qian", &page, &[("do", "end")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(targets().await, json!([]));
        assert_eq!(world.get("qian", &page).await.status, StatusCode::NOT_FOUND);
        let plan = world.get("qian", "/plans/town").await.text;
        assert!(plan.contains("已取消的目标（1）") && plan.contains("镇规划第二条") && plan.contains("90%"), "{plan}");
        assert_eq!(told(&world, "target.cancel").await["basis"], "镇规划第二条");
        // The days that the ended target forbade are free now.
        let days = [("do", "edit"), ("name", "青山镇规划"), ("from", "2025-01-01"), ("to", "2025-12-31")];
        assert_eq!(world.submit("qian", "/plans/town", &days).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test]
async fn nobody_changes_what_is_built_in_or_another_units() {
    let world = World::new(sqlite().await).await;
    own_plan(&world).await;
    let county = json!({"key": "county", "name": "县指标", "kind": "sum", "measure": "leaflet"});
    post(&world, "zhao", "indicators", county).await;
    let id = world.get("qian", "/api/v1/targets").await.json()["items"][0]["id"].to_string();
    let target = format!("/targets/{id}");
    let fields = [
        ("do", "edit"),
        ("name", "改名"),
        ("from", "2020-01-01"),
        ("to", "2030-12-31"),
        ("value", "90"),
        ("basis", "依据"),
    ];
    let forbidden = StatusCode::FORBIDDEN;
    for (who, address, status) in [
        ("zhao", "/plans/plan-8", forbidden),
        ("zhao", "/indicators/banners", forbidden),
        ("qian", "/indicators/county", forbidden),
        ("zhou", "/plans/town", forbidden),
        ("sun", "/plans/town", forbidden),
        ("zhou", "/indicators/talks", forbidden),
        ("sun", "/indicators/talks", forbidden),
        ("zhou", &target, forbidden),
        ("sun", &target, StatusCode::NOT_FOUND),
        ("qian", "/plans/nothing", StatusCode::NOT_FOUND),
        ("qian", "/indicators/nothing", StatusCode::NOT_FOUND),
        ("qian", "/targets/9999", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.submit(who, address, &fields).await.status, status, "{who} {address}");
    }
    for (who, address) in [("qian", "/indicators"), ("sun", "/indicators"), ("zhou", &target), ("sun", "/plans/town")] {
        let page = world.get(who, address).await;
        assert_eq!(page.status, StatusCode::OK, "{who} {address}");
        assert!(who == "qian" || !page.text.contains("method=\"post\""), "{who} {address}");
    }
    let list = world.get("qian", "/indicators").await.text;
    assert!(list.contains("href=\"/indicators/county\""), "the county's is opened as the town sees it: {list}");
    let page = world.get("qian", "/indicators/county").await;
    assert!(page.status == StatusCode::OK && page.text.contains("归青山县"), "{}", page.text);
}

#[tokio::test]
async fn a_target_is_set_and_ended_by_plain_forms() {
    let world = World::new(sqlite().await).await;
    for page in ["/goals", "/plans", "/plans/plan-8", "/indicators", "/stocks"] {
        for who in ["zhao", "qian", "sun", "zhou"] {
            let answer = world.get(who, page).await;
            assert_eq!(answer.status, StatusCode::OK, "{who} {page}");
            assert_eq!(
                answer.text.contains("method=\"post\""),
                matches!(who, "zhao" | "qian") && page != "/goals",
                "{who} {page}"
            );
        }
    }
    let fields = |value| {
        [
            ("do", "set"),
            ("indicator", "villages_visited"),
            ("unit", TOWN),
            ("year", ""),
            ("value", value),
            ("basis", "规划第一条"),
        ]
    };
    let refused = world.submit("qian", "/plans/plan-8", &fields("120")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("120") && refused.text.contains("规划第一条"), "{}", refused.text);
    assert_eq!(world.submit("qian", "/plans/plan-8", &fields("95")).await.status, StatusCode::SEE_OTHER);
    let stored = world.get("qian", "/api/v1/targets?plan=plan-8").await.json();
    assert_eq!(stored["items"][0]["value"].as_f64(), Some(0.95));
    let page = format!("/targets/{}", stored["items"][0]["id"]);
    assert_eq!(world.submit("zhou", &page, &[("do", "end")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.submit("qian", &page, &[("do", "end")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("qian", "/api/v1/targets").await.json()["items"], json!([]));
}

#[tokio::test]
async fn an_own_indicator_is_added_and_retired_by_plain_forms_and_a_built_in_one_is_not() {
    let world = World::new(sqlite().await).await;
    let add = [("do", "add"), ("name", "发放手册"), ("kind", "sum"), ("measure", "booklet"), ("each", "")];
    assert_eq!(world.submit("qian", "/indicators", &add).await.status, StatusCode::SEE_OTHER);
    let listed = world.get("qian", "/api/v1/indicators").await.json();
    let items = listed["items"].as_array().cloned().unwrap_or_default();
    let own = items.iter().find(|one| one["name"] == "发放手册").expect("it is listed");
    assert_eq!((own["each"].as_str(), own["unit"].as_str()), (Some("year"), Some(TOWN)));
    let own = format!("/indicators/{}", own["key"].as_str().expect("a key"));
    let retire = [("do", "retire")];
    assert_eq!(world.submit("qian", "/indicators/banners", &retire).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.submit("zhou", &own, &retire).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.submit("qian", &own, &retire).await.status, StatusCode::SEE_OTHER);
    let listed = world.get("qian", "/api/v1/indicators").await.json();
    assert!(listed["items"].as_array().is_some_and(|items| items.iter().any(|one| one["retired"] == true)));
}
