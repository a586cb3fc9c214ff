//! Logging by plain forms, as a phone without script does it.

use crate::server::testing::{World, sqlite};
use axum::http::StatusCode;

const TIANPING: &str = "500999001201";
const ID: &str = "0192f0c0-0000-7000-8000-000000000001";

fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("id", ID), ("unit", TIANPING), ("date", "2021-12-04"), ("theme", "constitution")];
    fields.extend(more);
    fields
}

#[tokio::test]
async fn a_cadre_logs_three_banners_without_script_and_sees_them() {
    let world = World::new(sqlite().await).await;
    let page = world.get("sun", "/log/banner").await;
    assert!(page.text.contains("name=\"value.banner\"") && page.text.contains("天坪村"), "{}", page.text);
    let done = world.submit("sun", "/log/banner", &fields(&[("value.banner", "3")])).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, format!("/activities/{ID}").as_str()));
    // A second touch of the button changes nothing.
    assert_eq!(
        world.submit("sun", "/log/banner", &fields(&[("value.banner", "3")])).await.status,
        StatusCode::SEE_OTHER
    );
    let page = world.get("sun", &format!("/activities/{ID}")).await;
    assert!(page.text.contains("3条"), "{}", page.text);
    assert_eq!(world.get("li", &format!("/activities/{ID}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let world = World::new(sqlite().await).await;
    let typed = fields(&[("value.banner", "三条"), ("note", "村口和学校")]);
    let page = world.submit("sun", "/log/banner", &typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in ["村口和学校", "三条", ID, "2021-12-04"] {
        assert!(page.text.contains(text), "{text} is lost");
    }
    let page = world.submit("sun", "/log/banner", &fields(&[("value.banner", "-3")])).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.contains("f-value-banner-problem"));
}

#[tokio::test]
async fn a_unit_that_is_closed_unknown_or_anothers_is_told_at_its_field() {
    let world = World::new(sqlite().await).await;
    let log = async |unit: &str| {
        let typed = [("id", ID), ("unit", unit), ("date", "2021-12-04"), ("value.banner", "3"), ("note", "村口")];
        world.submit("qian", "/log/banner", &typed).await
    };
    let close = [("do", "close"), ("active_to", "2021-06-30")];
    assert_eq!(world.submit("qian", "/units/500999001203", &close).await.status, StatusCode::SEE_OTHER);
    for unit in ["500999001203", "999"] {
        let refused = log(unit).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{unit}");
        assert!(refused.text.contains("f-unit-problem") && refused.text.contains("村口"), "{unit}");
    }
    assert_eq!(log("500999").await.status, StatusCode::FORBIDDEN, "the county's");
    let list = world.get("qian", "/api/v1/activities?unit=500999001").await.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(0), "nothing is stored");
}

#[tokio::test]
async fn one_form_logs_for_each_village_or_for_all_together() {
    let world = World::new(sqlite().await).await;
    let villages = [("units", TIANPING), ("units", "500999001202"), ("value.leaflet", "500")];
    let town = |manner| {
        let mut form = vec![("id", ID), ("unit", "500999001"), ("date", "2021-12-04"), ("manner", manner)];
        form.extend(villages);
        form
    };
    let list = async |unit: &str| {
        let answer = world.get("qian", &format!("/api/v1/activities?unit={unit}")).await.json();
        answer["items"].as_array().expect("items").len()
    };
    assert_eq!(world.submit("qian", "/log/leaflet", &town("")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.submit("qian", "/log/leaflet", &town("each")).await.status, StatusCode::SEE_OTHER);
    assert_eq!((list(TIANPING).await, list("500999001").await), (1, 2));
    let mut together = town("together");
    together[0].1 = "0192f0c0-0000-7000-8000-000000000002";
    assert_eq!(world.submit("qian", "/log/leaflet", &together).await.status, StatusCode::SEE_OTHER);
    assert_eq!((list(TIANPING).await, list("500999001").await), (1, 3));
    let totals =
        world.get("qian", "/api/v1/totals?unit=500999001&from=2021-01-01&to=2021-12-31&by=measure").await.json();
    assert_eq!(totals["rows"][0]["total"], 1_500);
}

#[tokio::test]
async fn an_entry_is_corrected_and_withdrawn_by_forms_and_a_leader_has_none() {
    let world = World::new(sqlite().await).await;
    world.submit("sun", "/log/banner", &fields(&[("value.banner", "3")])).await;
    let address = format!("/activities/{ID}/correct");
    let form = fields(&[("value.banner", "2"), ("version", "1"), ("reason", "数错了")]);
    assert_eq!(world.submit("sun", &address, &form).await.status, StatusCode::SEE_OTHER);
    let stale = world.submit("sun", &address, &form).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("数错了"), "what was typed stays");
    let page = world.get("sun", &format!("/activities/{ID}")).await;
    assert!(page.text.contains("数错了") && page.text.contains("2条"), "{}", page.text);
    let gone = world.submit("sun", &format!("/activities/{ID}"), &[("do", "withdraw"), ("reason", "重复")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("zhou", "/log").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        world.submit("zhou", "/log/banner", &fields(&[("value.banner", "3")])).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn repeats_over_days_are_reckoned() {
    let world = World::new(sqlite().await).await;
    let form = [
        ("id", ID),
        ("unit", TIANPING),
        ("date", "2021-11-29"),
        ("date_to", "2021-12-05"),
        ("times", "2"),
        ("value.broadcast", ""),
    ];
    assert_eq!(world.submit("sun", "/log/broadcast", &form).await.status, StatusCode::SEE_OTHER);
    let page = world.get("sun", &format!("/activities/{ID}")).await;
    assert!(page.text.contains("14次"), "{}", page.text);
}
