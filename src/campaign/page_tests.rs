//! The pages as a browser without script sees them.

use crate::server::testing::{Answer, World, sqlite};
use axum::http::StatusCode;
use scraper::{Html, Selector};
use serde_json::json;

const TIANPING: &str = "500999001201";

/// A world with the campaign `drugs` of the town in June 2090.
async fn world() -> World {
    let world = World::new(sqlite().await).await;
    let body = json!({
        "key": "drugs", "title": "禁毒宣传月", "themes": ["drugs"], "from": "2090-06-01", "to": "2090-06-30",
        "quantities": [{"measure": "banner", "value": 20}],
    });
    let answer = world.post("qian", "/api/v1/campaigns", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    world
}

fn texts(answer: &Answer, selector: &str) -> Vec<String> {
    let document = Html::parse_document(&answer.text);
    let selector = Selector::parse(selector).expect("a selector");
    document.select(&selector).map(|found| found.text().collect::<String>()).collect()
}

#[tokio::test]
async fn a_campaign_is_planned_by_a_plain_form_and_a_refused_one_comes_back_filled() {
    let world = World::new(sqlite().await).await;
    let empty = world.get("qian", "/campaigns?year=2090").await;
    assert_eq!(texts(&empty, ".empty a"), ["新建专项"]);
    let fields = [
        ("title", "反诈进村"),
        ("themes", "fraud"),
        ("from", "2090-03-01"),
        ("to", "2090-02-01"),
        ("every_unit", "village"),
        ("units", "school-1"),
        ("value.leaflet", "300"),
        ("value.banner", ""),
    ];
    let refused = world.submit("qian", "/campaigns/new", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(texts(&refused, ".field.wrong label"), ["结束日期"]);
    assert!(refused.text.contains("反诈进村"), "what was typed is still there");
    let fields: Vec<(&str, &str)> =
        fields.into_iter().map(|(name, value)| (name, if name == "to" { "2090-03-31" } else { value })).collect();
    let saved = world.submit("qian", "/campaigns/new", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let key = saved.header("location").trim_start_matches("/campaigns/").to_owned();
    let stored = world.get("qian", &format!("/api/v1/campaigns/{key}")).await.json();
    assert_eq!(stored["units"].as_array().map(Vec::len), Some(4), "three villages and the school: {stored}");
    assert_eq!(stored["quantities"], json!([{"measure": "leaflet", "value": 300}]));
    let list = world.get("sun", "/campaigns?year=2090").await;
    assert_eq!(texts(&list, ".campaigns h2"), ["反诈进村"]);
}

#[tokio::test]
async fn a_campaign_is_changed_by_its_form() {
    let world = world().await;
    let form = world.get("qian", "/campaigns/drugs/edit").await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(form.text.contains("2090-06-30"));
    let fields = [("title", "禁毒"), ("from", "2090-06-01"), ("to", "2090-06-26"), ("units", TIANPING)];
    let saved = world.submit("qian", "/campaigns/drugs/edit", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let stored = world.get("qian", "/api/v1/campaigns/drugs").await.json();
    assert_eq!((&stored["title"], &stored["to"]), (&json!("禁毒"), &json!("2090-06-26")));
    assert_eq!((&stored["units"], &stored["quantities"]), (&json!([TIANPING]), &json!([])));
    assert_eq!(world.get("sun", "/campaigns/drugs/edit").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("li", "/campaigns/drugs").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_event_is_moved_and_cancelled_by_plain_forms() {
    let world = world().await;
    let body = json!({
        "campaign": "drugs", "unit": TIANPING, "starts_at": "2090-06-23T09:00", "ends_at": "2090-06-23T11:00",
        "type": "lecture",
    });
    let id = world.post("qian", "/api/v1/events", body).await.json()["id"].as_str().expect("an id").to_owned();
    let address = format!("/events/{id}");
    let page = world.get("sun", &address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains(&format!("/log/lecture?event={id}")));
    assert_eq!(texts(&page, "form"), Vec::<String>::new(), "a cadre logs and moves nothing");
    let to = |day: &'static str| {
        vec![
            ("do", "move"),
            ("day", day),
            ("starts", "14:00"),
            ("ends", "16:00"),
            ("type", "lecture"),
            ("lead", "李所长"),
        ]
    };
    assert_eq!(world.submit("sun", &address, &to("2090-06-24")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.submit("li", &address, &to("2090-06-24")).await.status, StatusCode::NOT_FOUND);
    let refused = world.submit("qian", &address, &to("2090-07-24")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(texts(&refused, ".field.wrong label"), ["日期"]);
    assert_eq!(world.submit("qian", &address, &to("2090-06-24")).await.status, StatusCode::SEE_OTHER);
    let stored = world.get("qian", &format!("/api/v1/events/{id}")).await.json();
    assert_eq!((&stored["starts_at"], &stored["sequence"]), (&json!("2090-06-24T14:00:00+08:00"), &json!(1)));
    let cancelled = world.submit("qian", &address, &[("do", "cancel"), ("reason", "下雨")]).await;
    assert_eq!(cancelled.status, StatusCode::SEE_OTHER);
    assert_eq!(texts(&world.get("qian", &address).await, ".tag"), ["已取消"]);
}

#[tokio::test]
async fn a_month_stands_as_whole_weeks_and_as_a_list() {
    let world = world().await;
    let body = json!({
        "campaign": "drugs", "unit": TIANPING, "starts_at": "2090-06-23T09:00", "ends_at": "2090-06-23T11:00",
    });
    world.post("qian", "/api/v1/events", body).await;
    let month = world.get("qian", "/calendar?month=2090-06").await;
    assert_eq!(month.status, StatusCode::OK);
    // June 2090 begins on a Thursday and ends on a Friday: five weeks.
    assert_eq!(texts(&month, "table.month td.day").len(), 35);
    // What runs through the month stands above it; ten days are a bar in each of their two weeks; one day stands in its cell.
    assert_eq!(texts(&month, ".themes a:not(.theme)"), ["禁毒宣传月"]);
    assert_eq!(texts(&month, "table.month td.span:not(.theme)").len(), 0);
    for (title, from, to) in [("暑期前行动", "2090-06-09", "2090-06-18"), ("国际禁毒日", "2090-06-26", "2090-06-26")]
    {
        let body = json!({ "title": title, "from": from, "to": to });
        assert_eq!(world.post("qian", "/api/v1/campaigns", body).await.status, StatusCode::CREATED);
    }
    let month = world.get("qian", "/calendar?month=2090-06").await;
    assert_eq!(texts(&month, "table.month td.span:not(.theme)"), ["暑期前行动", "暑期前行动"]);
    let day = texts(&month, "td[data-day='2090-06-26'] .key-dates li");
    assert_eq!(day, ["国际禁毒日"], "the campaign stands for the key date of its name");
    assert_eq!(texts(&month, "table.month li.event").len(), 1);
    let list = world.get("sun", "/calendar?month=2090-06&view=list").await;
    assert_eq!(texts(&list, "li.task").len(), 1);
    let elsewhere = world.get("qian", "/calendar?month=2090-06&unit=500999001202").await;
    assert_eq!(texts(&elsewhere, "table.month li.event").len(), 0);
    assert_eq!(world.get("li", &format!("/calendar?unit={TIANPING}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(texts(&world.get("li", "/calendar?month=2090-06").await, "li.event").len(), 0);
}

#[tokio::test]
async fn tasks_are_what_waits_now_each_with_one_action() {
    let world = world().await;
    let empty = world.get("sun", "/tasks").await;
    assert_eq!(texts(&empty, ".empty a"), ["登记活动"]);
    let today = crate::server::clock::today();
    let body = json!({
        "key": "now", "title": "天天普法", "from": (today - chrono::Days::new(9)).to_string(),
        "to": (today + chrono::Days::new(9)).to_string(),
    });
    world.post("qian", "/api/v1/campaigns", body).await;
    for day in [today - chrono::Days::new(9), today, today + chrono::Days::new(9)] {
        let body = json!({
            "campaign": "now", "unit": TIANPING, "starts_at": format!("{day}T09:00"), "ends_at": format!("{day}T10:00"),
        });
        assert_eq!(world.post("qian", "/api/v1/events", body).await.status, StatusCode::CREATED);
    }
    let page = world.get("sun", "/tasks?lang=en").await;
    assert_eq!(texts(&page, "main h2"), ["This week 1", "Overdue 1", "Next 1"]);
    assert_eq!(texts(&page, ".task .action a").len(), 3);
    let leader = world.get("zhou", "/tasks").await;
    assert_eq!(texts(&leader, ".task .action a").len(), 0, "a leader reads");
    assert_eq!(texts(&world.get("li", "/tasks").await, ".task").len(), 0);
}

#[tokio::test]
async fn a_sign_in_sheet_has_blank_rows_or_a_classs_numbers_and_no_childs_name() {
    let world = World::new(sqlite().await).await;
    let class = json!({ "classes": [{ "name": "2019级1班", "pupils": 41 }] });
    let patched = world.ask("zhao", axum::http::Method::PATCH, "/api/v1/units/school-1", Some(class)).await;
    assert_eq!(patched.status, StatusCode::OK, "{}", patched.text);
    let campaign = json!({ "key": "school", "title": "开学第一课", "unit": "500999001", "from": "2090-09-01", "to": "2090-09-30" });
    assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, StatusCode::CREATED);
    let event = json!({ "campaign": "school", "unit": "school-1", "place": "操场", "starts_at": "2090-09-01T09:00",
        "ends_at": "2090-09-01T10:00" });
    let event = world.post("qian", "/api/v1/events", event).await.json();
    let address = format!("/events/{}/sheet", event["id"].as_str().expect("an id"));
    let rows = |page: &str| page.matches("scope=\"row\"").count();
    let blank = world.get("qian", &format!("{address}?rows=12")).await.text;
    assert_eq!(rows(&blank), 12);
    assert!(blank.contains("操场") && blank.contains("签名"));
    // 41 pupils in two columns of numbers.
    let pupils = world.get("qian", &format!("{address}?class=2019%E7%BA%A71%E7%8F%AD")).await.text;
    assert_eq!(rows(&pupils), 21);
    assert!(pupils.contains("41") && !pupils.contains("姓名"), "{pupils}");
    assert_eq!(world.get("sun", &address).await.status, StatusCode::NOT_FOUND);
}
