//! Goals by their own calendars, from end to end: what is planned, key dates, last year's months.

use super::tests::{activity, goal, post, target};
use crate::server::testing::{World, each_engine, sqlite};
use serde_json::{Value, json};

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";

fn number(row: &Value, member: &str) -> f64 {
    row[member].as_f64().unwrap_or_else(|| panic!("no {member}: {row}"))
}

/// The row, with what it says of its calendar and what is due.
async fn due(world: &World, indicator: &str, as_of: &str) -> (Value, f64) {
    let row = goal(world, "qian", TOWN, indicator, as_of).await;
    (row["basis_of_pace"].clone(), number(&row, "expected"))
}

#[tokio::test]
async fn a_drug_campaign_is_due_in_june_and_what_is_planned_on_its_days() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let themed =
            json!({"key": "drug_leaflets", "name": "禁毒资料", "kind": "sum", "measure": "leaflet", "theme": "drugs"});
        post(&world, "qian", "/api/v1/indicators", themed).await;
        target(&world, "qian", "drug_leaflets", TOWN, 1_000.0).await;
        target(&world, "qian", "leaflets", TOWN, 1_000.0).await;
        let (basis, before) = due(&world, "drug_leaflets", "2025-05-31").await;
        assert_eq!((basis, before.round()), (json!("key_dates"), 207.0));
        assert_eq!(due(&world, "drug_leaflets", "2025-06-30").await.1.round(), 748.0);
        assert_eq!(due(&world, "leaflets", "2025-06-30").await, (json!("even"), 1_000.0 * 181.0 / 365.0));
        let campaign = json!({
            "title": "开学法治课", "unit": TOWN, "from": "2025-09-01", "to": "2025-09-10", "themes": ["safety"],
            "quantities": [{"measure": "leaflet", "value": 400}],
        });
        let key = post(&world, "qian", "/api/v1/campaigns", campaign).await.json()["key"].clone();
        let (basis, before) = due(&world, "leaflets", "2025-08-31").await;
        assert_eq!((basis, before.round()), (json!("planned"), 399.0));
        assert_eq!(due(&world, "leaflets", "2025-09-10").await.1.round(), 816.0);
        assert_eq!(due(&world, "drug_leaflets", "2025-06-30").await.1.round(), 748.0, "another theme's campaign");
        // Its two sessions share what it plans.
        for day in ["2025-09-02", "2025-09-09"] {
            let (from, to) = (format!("{day}T09:00"), format!("{day}T10:00"));
            let event = json!({"campaign": key, "unit": TIANPING, "starts_at": from, "ends_at": to, "type": "leaflet"});
            post(&world, "qian", "/api/v1/events", event).await;
        }
        assert_eq!(due(&world, "leaflets", "2025-09-02").await.1.round(), 603.0);
        let page = world.get("qian", &format!("/goals?unit={TOWN}&as_of=2025-08-31")).await;
        for word in ["已排40%按活动安排", "需每月", "一半按主题的宣传节点"] {
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
    })
    .await;
}

#[tokio::test]
async fn last_years_months_are_followed_and_the_forecast_has_a_range() {
    let world = World::new(sqlite().await).await;
    target(&world, "qian", "leaflets", TOWN, 1_200.0).await;
    for month in 7..=12 {
        activity(&world, "sun", TIANPING, &format!("2024-{month:02}-10"), "leaflet", 100, json!({})).await;
    }
    assert_eq!(due(&world, "leaflets", "2025-06-30").await, (json!("last_year"), 0.0));
    for (month, count) in [(7, 100), (8, 300), (9, 200)] {
        activity(&world, "sun", TIANPING, &format!("2025-{month:02}-10"), "leaflet", count, json!({})).await;
    }
    let row = goal(&world, "zhou", TOWN, "leaflets", "2025-09-30").await;
    assert_eq!((number(&row, "expected").round(), number(&row, "forecast").round()), (600.0, 1_200.0));
    assert_eq!(row["status"], "on_pace");
    let (low, high) = (number(&row, "forecast_low"), number(&row, "forecast_high"));
    assert!(600.0 < low && low < 1_200.0 && 1_200.0 < high, "{low} to {high}");
    assert_eq!(number(&row, "per_month"), 198.3);
    let over = goal(&world, "zhou", TOWN, "leaflets", "2025-12-31").await;
    assert_eq!((number(&over, "forecast_low"), number(&over, "forecast_high")), (600.0, 600.0));
    assert_eq!((over["per_month"].clone(), over["status"].clone()), (Value::Null, json!("missed")));
}
