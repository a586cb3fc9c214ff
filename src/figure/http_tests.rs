//! Totals and coverage as programs ask for them.

use crate::server::testing::{Answer, World, each_engine};
use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

/// Logs a session as the officer does.
async fn log(world: &World, unit: &str, date: &str, themes: &[&str], quantities: &[(&str, i64, &str)]) -> String {
    let id = Uuid::now_v7().to_string();
    let quantities: Vec<Value> = quantities
        .iter()
        .map(|(measure, value, precision)| json!({"measure": measure, "value": value, "precision": precision}))
        .collect();
    let body =
        json!({"id": id, "unit": unit, "date": date, "type": "lecture", "themes": themes, "quantities": quantities});
    let answer = world.post("qian", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    id
}

/// The rows of an answer that have these members.
fn rows(answer: &Answer, members: &[(&str, &str)]) -> Vec<Value> {
    let json = answer.json();
    let all = json["rows"].as_array().unwrap_or_else(|| panic!("{json}"));
    all.iter().filter(|row| members.iter().all(|(name, value)| row[name] == *value)).cloned().collect()
}

/// The one row with these members: its total and its activities.
fn sum(answer: &Answer, members: &[(&str, &str)]) -> (i64, i64) {
    match rows(answer, members).as_slice() {
        [] => (0, 0),
        [row] => (row["total"].as_i64().expect("a total"), row["activities"].as_i64().expect("a count")),
        more => panic!("{more:?}"),
    }
}

#[tokio::test]
async fn one_session_for_two_themes_counts_once_and_the_overlap_is_said() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let quantities =
            [("lecture", 1, "exact"), ("banner", 3, "exact"), ("leaflet", 200, "exact"), ("attendance", 85, "exact")];
        log(&world, "500999001201", "2026-06-24", &["drugs", "safety"], &quantities).await;
        log(&world, "500999001202", "2026-06-30", &[], &[("banner", 4, "at_least"), ("leaflet", 60, "estimate")]).await;
        let june = "from=2026-06-01&to=2026-06-30";
        let town = world.get("zhou", &format!("/api/v1/totals?unit=500999001&{june}&by=measure")).await;
        for (measure, total) in
            [("lecture", (1, 1)), ("banner", (7, 2)), ("leaflet", (260, 2)), ("attendance", (85, 1))]
        {
            assert_eq!(sum(&town, &[("measure", measure)]), total, "{}", town.text);
        }
        let banner = &rows(&town, &[("measure", "banner")])[0];
        assert_eq!(
            (banner["exact"].as_i64(), banner["at_least"].as_i64(), banner["estimate"].as_i64()),
            (Some(3), Some(4), Some(0))
        );
        assert_eq!(town.json()["activities"], 2);
        let themes = world.get("zhou", &format!("/api/v1/totals?unit=500999001&{june}&by=measure,theme")).await;
        for theme in ["drugs", "safety"] {
            assert_eq!(sum(&themes, &[("measure", "leaflet"), ("theme", theme)]), (200, 1), "{}", themes.text);
        }
        assert_eq!(sum(&themes, &[("measure", "leaflet"), ("theme", "none")]), (60, 1));
        let overlaps = &themes.json()["overlaps"];
        assert_eq!(overlaps["lecture"]["total"], 1);
        assert_eq!(overlaps["leaflet"]["total"], 200);
        assert_eq!(overlaps["leaflet"]["activities"], 1);
        assert_eq!(overlaps["banner"]["exact"], 3);
        assert_eq!(overlaps["activities"]["activities"], 1);
        let one = world
            .get("zhou", &format!("/api/v1/totals?unit=500999001&{june}&by=measure&theme=drugs&measure=banner"))
            .await;
        assert_eq!(sum(&one, &[]), (3, 1), "{}", one.text);
        let children = world.get("zhao", &format!("/api/v1/totals?unit=500999&{june}&by=measure,child")).await;
        assert_eq!(sum(&children, &[("measure", "banner"), ("unit", "500999001")]), (7, 2), "{}", children.text);
        let units = world.get("zhao", &format!("/api/v1/totals?unit=500999&{june}&by=measure,unit")).await;
        assert_eq!(sum(&units, &[("measure", "banner"), ("unit", "500999001202")]), (4, 1), "{}", units.text);
        assert_eq!(sum(&units, &[("measure", "banner"), ("unit", "500999001")]), (0, 0));
        let quarters = world.get("zhao", "/api/v1/totals?unit=500999&from=2026-01-01&to=2026-12-31&by=quarter").await;
        assert_eq!(sum(&quarters, &[("measure", "banner"), ("quarter", "2026-Q2")]), (7, 2), "{}", quarters.text);
        let months = world.get("zhao", "/api/v1/totals?unit=500999&from=2026-06-25&to=2026-12-31&by=month").await;
        assert_eq!(sum(&months, &[("measure", "banner"), ("month", "2026-06")]), (4, 1), "{}", months.text);
        let coverage = world.get("qian", &format!("/api/v1/coverage?unit=500999001&{june}&measure=leaflet")).await;
        let of = |unit| rows(&coverage, &[("unit", unit)])[0]["total"].as_i64();
        assert_eq!(
            (of("500999001201"), of("500999001202"), of("500999001203"), of("school-1")),
            (Some(200), Some(60), Some(0), Some(0))
        );
    })
    .await;
}

#[tokio::test]
async fn what_lies_outside_is_not_found_and_what_is_wrong_is_told_by_field() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for path in ["totals", "coverage"] {
            for (who, unit, status) in [
                ("sun", "500999001201", StatusCode::OK),
                ("sun", "500999001202", StatusCode::NOT_FOUND),
                ("sun", "500999001", StatusCode::NOT_FOUND),
                ("zhou", "500999001", StatusCode::OK),
                ("zhou", "500999", StatusCode::NOT_FOUND),
                ("zhao", "500999", StatusCode::OK),
                ("zhao", "nowhere", StatusCode::NOT_FOUND),
                ("", "500999001", StatusCode::UNAUTHORIZED),
            ] {
                let answer = world.get(who, &format!("/api/v1/{path}?unit={unit}")).await;
                assert_eq!(answer.status, status, "{who} {path} {unit}: {}", answer.text);
            }
            for (query, field) in [
                ("from=yesterday", "from"),
                ("to=2021-13-01", "to"),
                ("from=2021-02-01&to=2021-01-31", "to"),
                ("measure=horses", "measure"),
                ("theme=horses", "theme"),
                ("campaign=horses", "campaign"),
            ] {
                let answer = world.get("qian", &format!("/api/v1/{path}?unit=500999001&{query}")).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.text);
                assert_eq!(answer.json()["errors"][0]["field"], field, "{}", answer.text);
            }
        }
        for by in ["horses", "measure,month,year", "unit,child", "month,month"] {
            let answer = world.get("qian", &format!("/api/v1/totals?unit=500999001&by={by}")).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{by}: {}", answer.text);
            assert_eq!(answer.json()["errors"][0]["field"], "by");
        }
        let answer = world.get("qian", "/api/v1/totals").await;
        assert_eq!(answer.json()["errors"][0]["field"], "unit", "{}", answer.text);
        let answer = world.get("qian", "/api/v1/coverage?unit=500999001&from=0001-01-01&to=9999-12-31").await;
        assert_eq!(answer.json()["errors"][0]["field"], "to", "{}", answer.text);
        let answer = world.get("qian", "/api/v1/totals?unit=500999001&from=0001-01-01&to=9999-12-31&by=month").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    })
    .await;
}

#[tokio::test]
async fn coverage_has_a_row_for_each_village_and_school_in_each_month_in_which_it_was_there() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        crate::execute!(
            &mut conn,
            sqlx::query("update unit set active_to = $1 where code = '500999001203'")
                .bind("2021-02-10".parse::<crate::domain::period::Day>().expect("a day"))
        )
        .expect("a village is merged away");
        conn.commit().await.expect("stored");
        let listed = |answer: Answer| -> Vec<(String, String, i64, i64)> {
            let json = answer.json();
            let list = json["rows"].as_array().unwrap_or_else(|| panic!("{json}"));
            list.iter()
                .map(|row| {
                    let text = |name: &str| row[name].as_str().expect("a text").to_owned();
                    let number = |name: &str| row[name].as_i64().expect("a number");
                    (text("unit"), text("month"), number("activities"), number("total"))
                })
                .collect()
        };
        let quarter = "from=2021-01-01&to=2021-03-31";
        let all = listed(world.get("qian", &format!("/api/v1/coverage?unit=500999001&{quarter}")).await);
        assert_eq!(all.len(), 3 * 3 + 2, "three months of three units, two of the one that went: {all:?}");
        assert!(all.iter().all(|row| row.2 == 0 && row.3 == 0));
        let own = listed(world.get("sun", &format!("/api/v1/coverage?unit=500999001201&{quarter}")).await);
        assert_eq!(own.len(), 3);
        assert_eq!(own[1].1, "2021-02");
    })
    .await;
}
