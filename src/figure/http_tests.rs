//! Totals and coverage as programs ask for them.

use crate::server::testing::{World, each_engine};
use axum::http::StatusCode;

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
        let rows = |answer: crate::server::testing::Answer| -> Vec<(String, String, i64, i64)> {
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
        let all = rows(world.get("qian", &format!("/api/v1/coverage?unit=500999001&{quarter}")).await);
        assert_eq!(all.len(), 3 * 3 + 2, "three months of three units, two of the one that went: {all:?}");
        assert!(all.iter().all(|row| row.2 == 0 && row.3 == 0));
        let own = rows(world.get("sun", &format!("/api/v1/coverage?unit=500999001201&{quarter}")).await);
        assert_eq!(own.len(), 3);
        assert_eq!(own[1].1, "2021-02");
    })
    .await;
}
