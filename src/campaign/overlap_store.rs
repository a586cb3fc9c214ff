//! Activities that belong to several campaigns: each campaign shows them, the totals count them once.

use super::store::push_below;
use crate::{
    domain::{access::Scope, period::Day, unit::path_end},
    error::Result,
    run,
    server::db::Conn,
};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

/// An activity that counts for a campaign and for others too.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Shared {
    pub id: Uuid,
    pub day: Day,
    pub unit_name: String,
    pub type_name: String,
    pub type_name_en: Option<String>,
}

const SHARED: &str = " from activity_campaign join activity on activity.id = activity_campaign.activity_id \
     join unit on unit.id = activity.unit_id join activity_type on activity_type.id = activity.type_id \
     where activity.status <> 'withdrawn' and exists (select 1 from activity_campaign as other \
     where other.activity_id = activity.id and other.campaign_id <> activity_campaign.campaign_id) \
     and activity_campaign.campaign_id = ";

/// How many activities of a campaign, not withdrawn, belong to other campaigns too.
pub async fn count(conn: &mut Conn, scope: &Scope, campaign_id: i64) -> Result<i64> {
    let count = run!(conn, c => {
        let mut query = QueryBuilder::new("select count(*)");
        query.push(SHARED).push_bind(campaign_id).push(" and ");
        push_below!(query, "unit.path", scope.paths());
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(count)
}

/// The latest of them.
pub async fn latest(conn: &mut Conn, scope: &Scope, campaign_id: i64, limit: i64) -> Result<Vec<Shared>> {
    let latest = run!(conn, c => {
        let mut query = QueryBuilder::new(
            "select activity.id, activity.day, unit.short_name as unit_name, activity_type.name as type_name, \
             activity_type.name_en as type_name_en",
        );
        query.push(SHARED).push_bind(campaign_id).push(" and ");
        push_below!(query, "unit.path", scope.paths());
        query.push(" order by activity.day desc, activity.id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(latest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        execute,
        server::testing::{World, each_engine},
    };
    use serde_json::json;

    const TIANPING: &str = "500999001201";

    /// An activity of 天坪村 that counts for all these campaigns and points at the event.
    async fn log(conn: &mut Conn, campaigns: &[&str], event: Option<Uuid>) -> Uuid {
        let id = Uuid::now_v7();
        execute!(
            &mut *conn,
            sqlx::query(
                "insert into activity (id, unit_id, day, type_id, event_id, status, version, place, organiser, handler, \
                 note, posted, entered_by, entered_at, late) select $1, unit.id, $2, activity_type.id, $3, 'submitted', \
                 1, '', '', '', '', $4, account.id, account.created_at, false from unit, activity_type, account \
                 where unit.code = $5 and activity_type.key = 'lecture' and account.name = 'sun'"
            )
            .bind(id)
            .bind("2021-06-24".parse::<Day>().expect("a day"))
            .bind(event)
            .bind(sqlx::types::Json(json!({})))
            .bind(TIANPING)
        )
        .expect("an activity");
        for key in campaigns {
            execute!(
                &mut *conn,
                sqlx::query(
                    "insert into activity_campaign (activity_id, campaign_id) select $1, id from campaign where key = $2"
                )
                .bind(id)
                .bind(*key)
            )
            .expect("its campaign");
        }
        id
    }

    #[tokio::test]
    async fn a_session_of_two_campaigns_stands_on_both_pages_and_fulfils_its_event() {
        each_engine(|db| async move {
            let world = World::new(db).await;
            for key in ["one", "two"] {
                let body = json!({"key": key, "title": key, "from": "2021-06-01", "to": "2021-06-30"});
                world.post("qian", "/api/v1/campaigns", body).await;
            }
            let body = json!({
                "campaign": "one", "unit": TIANPING, "starts_at": "2021-06-24T09:00", "ends_at": "2021-06-24T11:00",
            });
            let event = world.post("qian", "/api/v1/events", body).await.json();
            let event_id: Uuid = event["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
            let mut conn = world.db.write().await.expect("a transaction");
            log(&mut conn, &["one"], None).await;
            let id = log(&mut conn, &["one", "two"], Some(event_id)).await;
            conn.commit().await.expect("they are stored");
            for key in ["one", "two"] {
                let page = world.get("qian", &format!("/campaigns/{key}")).await.text;
                assert!(page.contains("跨专项 1 场（已去重）"), "{page}");
                assert!(page.contains(&format!("/activities/{id}")));
            }
            let address = format!("/api/v1/events/{event_id}");
            let done = world.get("sun", &address).await.json();
            assert_eq!((&done["state"], &done["activity"]), (&json!("done"), &json!(id)));
            assert!(world.get("qian", "/campaigns?year=2021").await.text.contains("已办 1 / 1 场"));
            let cancel = json!({"cancelled": true});
            let refused = world.ask("qian", axum::http::Method::PATCH, &address, Some(cancel)).await.json();
            assert_eq!(refused["errors"][0]["field"], "cancelled");
            let mut conn = world.db.write().await.expect("a transaction");
            execute!(&mut conn, sqlx::query("update activity set status = 'withdrawn' where id = $1").bind(id))
                .expect("it is withdrawn");
            conn.commit().await.expect("it is stored");
            assert_eq!(world.get("sun", &address).await.json()["state"], "missed");
            assert!(!world.get("qian", "/campaigns/two").await.text.contains("跨专项"));
        })
        .await;
    }
}
