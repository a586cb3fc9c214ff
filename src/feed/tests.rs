//! Feeds as a phone's calendar reads them: by another parser than the one that writes them.

use crate::server::testing::{World, each_engine, sqlite};
use axum::http::StatusCode;
use ical::parser::ical::component::{IcalCalendar, IcalEvent};
use serde_json::{Value, json};

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";
const LIANGHE: &str = "500999001202";

async fn made(world: &World, address: &str, body: Value) -> Value {
    let answer = world.post("qian", address, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{address}: {}", answer.text);
    answer.json()
}

/// Today as the server reckons it, some days on.
fn on(days: u64) -> String {
    (crate::server::clock::day_of(crate::server::clock::now()) + chrono::Days::new(days)).to_string()
}

async fn campaign(world: &World) {
    let body = json!({ "key": "drugs-month", "title": "禁毒宣传月，“全民”参与；人人有责", "unit": TOWN, "from": on(0),
        "to": on(60), "themes": ["drugs", "safety"], "lead": "禁毒办" });
    made(world, "/api/v1/campaigns", body).await;
}

async fn event(world: &World, unit: &str, lead: &str, days: u64) -> String {
    let day = on(days);
    let body = json!({ "campaign": "drugs-month", "unit": unit, "type": "lecture", "lead": lead, "place": "村委会院坝",
        "starts_at": format!("{day}T09:00:00+08:00"), "ends_at": format!("{day}T10:30:00+08:00") });
    made(world, "/api/v1/events", body).await["id"].as_str().expect("an id").to_owned()
}

/// Makes a feed and answers its address.
async fn feed(world: &World, who: &str, unit: &str) -> String {
    let answer = world.submit(who, "/feeds", &[("do", "add"), ("unit", unit)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let cookie = answer.header("set-cookie");
    let secret = cookie.trim_start_matches("pufa_once=").split(';').next().expect("a secret");
    assert_eq!(secret.len(), 64, "{cookie}");
    format!("/calendar/{secret}.ics")
}

async fn read(world: &World, address: &str) -> IcalCalendar {
    let answer = world.get("", address).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    for line in answer.text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "RFC 5545 folds lines at 75 octets: {line:?}");
    }
    let mut calendars = ical::IcalParser::new(answer.text.as_bytes());
    let calendar = calendars.next().expect("a calendar").expect("a calendar that another parser reads");
    assert!(calendars.next().is_none());
    calendar
}

fn property(event: &IcalEvent, name: &str) -> String {
    let found = event.properties.iter().find(|property| property.name == name);
    found.and_then(|property| property.value.clone()).unwrap_or_default()
}

fn by_uid<'a>(calendar: &'a IcalCalendar, uid: &str) -> &'a IcalEvent {
    calendar.events.iter().find(|event| property(event, "UID") == uid).expect("the event")
}

#[tokio::test]
async fn a_feed_says_what_is_planned_and_a_moved_event_stays_the_same_one() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        campaign(&world).await;
        let id = event(&world, TIANPING, "孙丽", 10).await;
        let address = feed(&world, "qian", TOWN).await;
        let calendar = read(&world, &address).await;
        let planned = by_uid(&calendar, &id);
        let day = on(10).replace('-', "");
        assert_eq!(property(planned, "DTSTART"), format!("{day}T010000Z"));
        assert_eq!(property(planned, "DTEND"), format!("{day}T023000Z"));
        assert_eq!((property(planned, "SEQUENCE"), property(planned, "STATUS")), ("0".into(), "CONFIRMED".into()));
        assert_eq!(property(planned, "SUMMARY"), "讲座·院坝会 · 天坪村".replace("讲座·院坝会", &lecture(&world).await));
        assert_eq!(property(planned, "LOCATION"), "村委会院坝");
        assert_eq!(property(planned, "CATEGORIES"), "禁毒,安全");
        assert_eq!(planned.alarms.len(), 1);
        let whole = by_uid(&calendar, "campaign-drugs-month");
        // The end of whole days is the day behind the last one.
        assert_eq!(property(whole, "DTEND"), on(61).replace('-', ""));
        assert_eq!(property(whole, "SUMMARY"), "禁毒宣传月，“全民”参与；人人有责");
        assert!(calendar.events.iter().any(|event| property(event, "UID").starts_with("key-date-")));

        let day = on(12);
        let moved = json!({ "starts_at": format!("{day}T14:00:00+08:00") });
        let answer = world.ask("qian", axum::http::Method::PATCH, &format!("/api/v1/events/{id}"), Some(moved)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let calendar = read(&world, &address).await;
        let planned = by_uid(&calendar, &id);
        assert_eq!(property(planned, "DTSTART"), format!("{}T060000Z", day.replace('-', "")));
        assert_eq!(property(planned, "SEQUENCE"), "1");

        world.submit("qian", &format!("/events/{id}"), &[("do", "cancel")]).await;
        let calendar = read(&world, &address).await;
        let planned = by_uid(&calendar, &id);
        assert_eq!((property(planned, "STATUS"), property(planned, "SEQUENCE")), ("CANCELLED".into(), "2".into()));
        assert!(planned.alarms.is_empty(), "nobody is reminded of what is cancelled");
    })
    .await;
}

#[tokio::test]
async fn the_tasks_of_a_countdown_stand_in_the_planners_calendars_until_they_are_dropped() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        campaign(&world).await;
        let here = "/campaigns/drugs-month";
        assert_eq!(world.submit("qian", here, &[("do", "task_template")]).await.status, StatusCode::SEE_OTHER);
        let (town, own, cadre) =
            (feed(&world, "qian", TOWN).await, feed(&world, "qian", "").await, feed(&world, "sun", "").await);
        let tasks = |calendar: &IcalCalendar| -> Vec<String> {
            let uids = calendar.events.iter().map(|event| property(event, "UID"));
            uids.filter(|uid| uid.starts_with("task-")).collect()
        };
        let calendar = read(&world, &town).await;
        let uids = tasks(&calendar);
        assert_eq!(uids.len(), 6, "{calendar:?}");
        assert_eq!(tasks(&read(&world, &own).await), uids);
        assert!(tasks(&read(&world, &cadre).await).is_empty(), "a cadre plans no campaign");
        let uid = uids.last().expect("a task").clone();
        let last = by_uid(&calendar, &uid);
        // Three days after the last day of sixty.
        assert_eq!(property(last, "DTSTART"), on(63).replace('-', ""));
        assert_eq!((property(last, "SEQUENCE"), last.alarms.len()), ("0".into(), 1));

        let id = uid.trim_start_matches("task-");
        world.submit("qian", here, &[("do", "task_done"), ("task", id)]).await;
        let calendar = read(&world, &town).await;
        let done = by_uid(&calendar, &uid);
        assert!(property(done, "SUMMARY").starts_with("（已办）") && done.alarms.is_empty());
        assert_eq!(property(done, "SEQUENCE"), "1");
        world.submit("qian", here, &[("do", "task_drop"), ("task", id)]).await;
        let calendar = read(&world, &town).await;
        assert_eq!(property(by_uid(&calendar, &uid), "STATUS"), "CANCELLED");
    })
    .await;
}

async fn lecture(world: &World) -> String {
    let types = world.get("qian", "/api/v1/activity-types").await.json();
    let types = types["items"].as_array().or(types.as_array()).expect("types").clone();
    let lecture = types.into_iter().find(|one| one["key"] == "lecture").expect("it");
    lecture["name"].as_str().expect("a name").to_owned()
}

#[tokio::test]
async fn a_cadres_feed_has_the_own_village_only_and_ones_own_sessions_everywhere() {
    let world = World::new(sqlite().await).await;
    campaign(&world).await;
    let here = event(&world, TIANPING, "", 5).await;
    let there = event(&world, LIANGHE, "钱芳", 6).await;
    let uids = async |address: &str| -> Vec<String> {
        read(&world, address).await.events.iter().map(|event| property(event, "UID")).collect()
    };
    assert_eq!(uids(&feed(&world, "sun", "").await).await, std::slice::from_ref(&here));
    assert_eq!(
        uids(&feed(&world, "qian", "").await).await,
        std::slice::from_ref(&there),
        "of the town only what she holds herself"
    );
    let village = uids(&feed(&world, "sun", TIANPING).await).await;
    assert!(village.contains(&here) && !village.contains(&there));
    // Another village's is not hers to read, whatever she sends.
    let refused = world.submit("sun", "/feeds", &[("do", "add"), ("unit", LIANGHE)]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_feed_ends_when_it_is_revoked_or_its_owner_may_no_longer_read() {
    let world = World::new(sqlite().await).await;
    campaign(&world).await;
    event(&world, TIANPING, "", 5).await;
    let (suns, own) = (feed(&world, "sun", TIANPING).await, feed(&world, "sun", "").await);
    let tag = world.get("", &suns).await.header("etag").to_owned();
    let again = axum::http::Request::get(&suns).header("if-none-match", &tag);
    let again = world.send(again.body(axum::body::Body::empty()).expect("a request")).await;
    assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(world.get("", "/calendar/0000.ics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("", suns.trim_end_matches(".ics")).await.status, StatusCode::NOT_FOUND);

    let mut conn = world.db.read().await.expect("a transaction");
    let scope = world.actor("sun").await;
    let mine = super::store::seen_by(&mut conn, scope.account_id, &scope.planning_scope()).await.expect("feeds");
    drop(conn);
    let of_village = mine.iter().find(|feed| feed.unit_id.is_some()).expect("it").id.to_string();
    // 李强 of another village cannot; the town's officer can.
    let revoke = [("do", "revoke"), ("id", of_village.as_str())];
    assert_eq!(world.submit("li", "/feeds", &revoke).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("", &suns).await.status, StatusCode::OK);
    assert_eq!(world.submit("qian", "/feeds", &revoke).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("", &suns).await.status, StatusCode::NOT_FOUND);

    let answer = world.submit("qian", "/accounts/sun", &[("do", "close")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(world.get("", &own).await.status, StatusCode::NOT_FOUND, "a closed account's feed");
}
