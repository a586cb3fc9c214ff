//! Planning as officers do it: many at once, series, drafts and what speaks against an event; by page and by API.

use crate::server::testing::{Answer, World, sqlite};
use axum::http::{Method, StatusCode};
use scraper::{Html, Selector};
use serde_json::{Value, json};

const TIANPING: &str = "500999001201";
const LIANGHE: &str = "500999001202";

/// A world with the campaign `drugs` of the town in June 2026.
async fn world() -> World {
    let world = World::new(sqlite().await).await;
    let body =
        json!({ "key": "drugs", "title": "禁毒宣传月", "themes": ["drugs"], "from": "2026-06-01", "to": "2026-06-30" });
    let answer = world.post("qian", "/api/v1/campaigns", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    world
}

fn texts(answer: &Answer, selector: &str) -> Vec<String> {
    let document = Html::parse_document(&answer.text);
    let selector = Selector::parse(selector).expect("a selector");
    document.select(&selector).map(|found| found.text().collect::<String>().trim().to_owned()).collect()
}

/// The fields of a form as a browser would send them, unticked boxes left out.
fn fields(answer: &Answer, form: &str) -> Vec<(String, String)> {
    let document = Html::parse_document(&answer.text);
    let selector = Selector::parse(&format!("{form} input")).expect("a selector");
    document
        .select(&selector)
        .filter(|input| input.attr("type") != Some("checkbox") || input.attr("checked").is_some())
        .filter_map(|input| Some((input.attr("name")?.to_owned(), input.attr("value").unwrap_or_default().to_owned())))
        .collect()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

async fn events(world: &World, who: &str) -> Vec<Value> {
    world.get(who, "/api/v1/events").await.json()["items"].as_array().expect("items").clone()
}

fn times(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["starts_at"].as_str().expect("a time")).collect()
}

const LECTURES: &str = "/events/new?campaign=drugs&every_unit=village&first=2026-06-05&pace=daily&number=1&skip=weekends\
    &skip=holidays&starts=09:00&ends=11:00&type=lecture&leads=%E6%9D%8E%E5%BC%BA%E3%80%81%E5%AD%99%E4%B8%BD";

#[tokio::test]
async fn a_lecture_in_every_village_is_laid_out_looked_at_and_released() {
    let world = world().await;
    let preview = world.get("qian", LECTURES).await;
    assert_eq!(preview.status, StatusCode::OK);
    // 2026-06-05 is a Friday.
    let typed = fields(&preview, "form.bulk-preview");
    let of = |name: &str| -> Vec<&str> {
        typed.iter().filter(|(own, _)| own.ends_with(name)).map(|(_, value)| value.as_str()).collect()
    };
    assert_eq!(of(".day"), ["2026-06-05", "2026-06-08", "2026-06-09"]);
    assert_eq!(of(".lead"), ["李强", "孙丽", "李强"], "in turn");
    assert_eq!(events(&world, "qian").await.len(), 0, "a look stores nothing");
    let mut kept = typed.clone();
    kept.retain(|(name, _)| name != "row.1.keep");
    kept.push(("do".into(), "release".into()));
    let saved = world.submit("qian", LECTURES, &pairs(&kept)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let stored = events(&world, "qian").await;
    assert_eq!(times(&stored), ["2026-06-05T09:00:00+08:00", "2026-06-09T09:00:00+08:00"], "one was dropped");
    assert_eq!((&stored[0]["type"], &stored[0]["draft"]), (&json!("lecture"), &json!(false)));
    assert_eq!(world.get("sun", LECTURES).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_refused_preview_comes_back_with_the_row_that_is_wrong_and_nothing_is_stored() {
    let world = world().await;
    let mut typed = fields(&world.get("qian", LECTURES).await, "form.bulk-preview");
    for (name, value) in &mut typed {
        if name == "row.2.day" {
            *value = "2026-07-09".into();
        }
    }
    typed.push(("do".into(), "draft".into()));
    let refused = world.submit("qian", LECTURES, &pairs(&typed)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(texts(&refused, ".field.wrong .problem").len(), 1);
    assert!(refused.text.contains("2026-07-09"), "what was typed is still there");
    assert_eq!(events(&world, "qian").await.len(), 0, "all or none");
    let nothing = [("do", "draft"), ("campaign", "drugs"), ("starts", "09:00"), ("ends", "10:00")];
    assert_eq!(world.submit("qian", LECTURES, &nothing).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_is_wanted_is_checked_before_it_is_laid_out() {
    let world = world().await;
    let wrong = "/events/new?campaign=&first=2026-06-05&pace=daily&number=0&starts=09:00&ends=08:00";
    let page = world.get("qian", wrong).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(texts(&page, ".problems li").len(), 4, "campaign, units, end, pace: {:?}", texts(&page, ".problems li"));
    let tight = LECTURES.replace("2026-06-05", "2026-06-29");
    let page = world.get("qian", &tight).await;
    assert_eq!(texts(&page, ".bulk-row").len(), 2);
    assert_eq!(texts(&page, ".unplaced").len(), 1, "the third village does not fit");
}

#[tokio::test]
async fn a_draft_is_seen_by_who_plans_until_it_is_released() {
    let world = world().await;
    let body = json!({
        "campaign": "drugs", "unit": TIANPING, "starts_at": "2026-06-24T09:00", "ends_at": "2026-06-24T11:00",
        "draft": true, "place": "村委会院坝",
    });
    let made = world.post("qian", "/api/v1/events", body).await.json();
    assert_eq!(
        (&made["draft"], &made["place"], &made["state"]),
        (&json!(true), &json!("村委会院坝"), &json!("planned"))
    );
    let id = made["id"].as_str().expect("an id").to_owned();
    let address = format!("/api/v1/events/{id}");
    let month = "/calendar?month=2026-06";
    for who in ["sun", "zhou"] {
        assert_eq!(world.get(who, &address).await.status, StatusCode::NOT_FOUND, "{who}");
        assert_eq!(world.get(who, &format!("/events/{id}")).await.status, StatusCode::NOT_FOUND, "{who}");
        assert_eq!(events(&world, who).await.len(), 0, "{who}");
        assert_eq!(texts(&world.get(who, month).await, "li.event").len(), 0, "{who}");
    }
    assert_eq!(texts(&world.get("qian", month).await, "li.event .draft-tag"), ["草稿"]);
    let quantities = json!([{ "measure": "banner", "value": 1, "precision": "exact" }]);
    let log = json!({ "id": uuid::Uuid::now_v7(), "unit": TIANPING, "date": "2026-06-24", "type": "lecture", "event": id,
        "quantities": quantities });
    assert_eq!(world.post("sun", "/api/v1/activities", log).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let released =
        world.submit("qian", month, &[("do", "release"), ("from", "2026-06-01"), ("to", "2026-06-30")]).await;
    assert_eq!(released.status, StatusCode::SEE_OTHER, "{}", released.text);
    let now = world.get("sun", &address).await.json();
    assert_eq!((&now["draft"], &now["sequence"]), (&json!(false), &json!(1)));
    let back = world.ask("qian", Method::PATCH, &address, Some(json!({ "draft": true }))).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "what was released is no draft again");
}

#[tokio::test]
async fn a_series_is_made_changed_from_one_day_on_and_keeps_its_ids() {
    let world = world().await;
    let wish = format!(
        "/events/new?campaign=drugs&units={TIANPING}&first=2026-06-03&repeat=weeks&every=1&times=4&starts=09:00&ends=10:00"
    );
    let mut typed = fields(&world.get("qian", &wish).await, "form.bulk-preview");
    typed.push(("do".into(), "release".into()));
    let saved = world.submit("qian", &wish, &pairs(&typed)).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let before = events(&world, "qian").await;
    assert_eq!(before.len(), 4);
    assert!(before.iter().all(|event| event["series"] == before[0]["series"] && event["series"].is_string()));
    // Nobody is at 2026 when this is tested years later: what is gone by is not changed with the others.
    let pivot = before[1]["id"].as_str().expect("an id");
    let change = [
        ("do", "move"),
        ("day", "2026-06-11"),
        ("starts", "14:00"),
        ("ends", "15:30"),
        ("type", ""),
        ("lead", "李强"),
        ("place", ""),
        ("reach", "following"),
    ];
    let answer = world.submit("qian", &format!("/events/{pivot}"), &change).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let after = events(&world, "qian").await;
    let ids = |events: &[Value]| -> Vec<String> { events.iter().map(|event| event["id"].to_string()).collect() };
    assert_eq!(ids(&after), ids(&before), "the ids stay");
    assert_eq!(times(&after)[..2], ["2026-06-03T09:00:00+08:00", "2026-06-11T14:00:00+08:00"]);
    assert_eq!((&after[0]["sequence"], &after[1]["sequence"]), (&json!(0), &json!(1)));
}

#[tokio::test]
async fn an_event_is_dropped_on_another_day_and_keeps_its_time() {
    let world = world().await;
    let body = json!({ "campaign": "drugs", "unit": TIANPING, "starts_at": "2026-06-24T09:30", "ends_at": "2026-06-24T11:00" });
    let id = world.post("qian", "/api/v1/events", body).await.json()["id"].as_str().expect("an id").to_owned();
    let drop = [("do", "day"), ("day", "2026-06-26"), ("back", "/calendar?month=2026-06")];
    let moved = world.submit("qian", &format!("/events/{id}"), &drop).await;
    assert_eq!((moved.status, moved.header("location")), (StatusCode::SEE_OTHER, "/calendar?month=2026-06"));
    let stored = world.get("qian", &format!("/api/v1/events/{id}")).await.json();
    assert_eq!(
        (&stored["starts_at"], &stored["ends_at"], &stored["sequence"]),
        (&json!("2026-06-26T09:30:00+08:00"), &json!("2026-06-26T11:00:00+08:00"), &json!(1))
    );
    let away = [("do", "day"), ("day", "2026-06-26"), ("back", "https://example.org/calendar?")];
    let moved = world.submit("qian", &format!("/events/{id}"), &away).await;
    assert_eq!(moved.header("location"), format!("/events/{id}"), "nobody is sent elsewhere");
    assert_eq!(world.submit("sun", &format!("/events/{id}"), &drop).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn answers_and_views_tell_what_speaks_against_an_event() {
    let world = world().await;
    let body = |unit: &str, from: &str, to: &str| json!({ "campaign": "drugs", "unit": unit, "starts_at": from, "ends_at": to, "lead": "李强", "draft": true });
    let first =
        world.post("qian", "/api/v1/events", body(TIANPING, "2026-06-19T09:00", "2026-06-19T11:00")).await.json();
    // The Dragon Boat Festival of 2026.
    assert_eq!(first["warnings"][0]["kind"], json!("holiday"), "{first}");
    let second = world.post("qian", "/api/v1/events", body(LIANGHE, "2026-06-19T10:00", "2026-06-19T12:00")).await;
    assert_eq!(second.status, StatusCode::CREATED, "warned of, not forbidden");
    let second = second.json();
    let kinds: Vec<&Value> = second["warnings"].as_array().expect("warnings").iter().map(|one| &one["kind"]).collect();
    assert_eq!(kinds, [&json!("person"), &json!("holiday")]);
    assert_eq!(second["warnings"][0]["event"], first["id"]);
    let month = world.get("qian", "/calendar?month=2026-06").await;
    assert_eq!(texts(&month, "li.event .clash").len(), 2);
    let id = second["id"].as_str().expect("an id");
    assert_eq!(texts(&world.get("qian", &format!("/events/{id}")).await, ".clashes li").len(), 2);
    let moved = json!({ "starts_at": "2026-06-22T10:00" });
    let answer = world.ask("qian", Method::PATCH, &format!("/api/v1/events/{id}"), Some(moved)).await.json();
    assert_eq!(answer["warnings"], json!([]));
    let cancelled =
        world.ask("qian", Method::PATCH, &format!("/api/v1/events/{id}"), Some(json!({ "cancelled": true }))).await;
    assert_eq!(cancelled.json()["warnings"], json!([]));
}

#[tokio::test]
async fn every_view_stands_for_everybody_and_tells_the_days() {
    let world = world().await;
    let body = json!({
        "campaign": "drugs", "unit": TIANPING, "starts_at": "2026-06-24T09:00", "ends_at": "2026-06-24T11:00", "lead": "李强",
    });
    world.post("qian", "/api/v1/events", body).await;
    let year = world.get("qian", "/calendar?view=year&year=2026").await;
    assert_eq!(texts(&year, ".year-months > li").len(), 12);
    assert_eq!(texts(&year, ".year-months .none").len(), 11, "thin months are told in words");
    assert_eq!(texts(&year, ".year-bars a"), ["禁毒宣传月"]);
    assert!(year.text.contains("国家宪法日"), "key dates stand in their months");
    let month = world.get("qian", "/calendar?month=2026-10").await;
    assert_eq!(texts(&month, "td.day .rest").len(), 7);
    assert!(!texts(&month, "td.day .work").is_empty());
    assert!(texts(&month, ".lunar").contains(&"初九".to_owned()), "the ninth of the ninth");
    let week = world.get("qian", "/calendar?view=week&week=2026-06-24").await;
    assert_eq!(texts(&week, ".week-table tbody tr").len(), 3, "a row for each village");
    assert_eq!(texts(&week, ".week-table li.event").len(), 1);
    let by = world.get("qian", "/calendar?view=week&week=2026-06-24&by=officer").await;
    assert_eq!(texts(&by, ".week-table tbody th"), ["李强"]);
    for view in ["year", "month", "week", "list"] {
        for who in ["sun", "zhou", "li", "zhao"] {
            let page = world.get(who, &format!("/calendar?view={view}&month=2026-06")).await;
            assert_eq!(page.status, StatusCode::OK, "{who} {view}");
            assert!(!page.text.contains("data-event") || who == "zhao", "{who} moves nothing");
        }
    }
}
