//! Events on both engines.

use super::*;
use crate::campaign::event_count_store::{counts, span};
use crate::{
    campaign::store::{self, Parts},
    domain::campaign::Checked,
    server::testing::{World, each_engine},
};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn nine_o_clock(on: Day) -> DateTime<Utc> {
    on.and_hms_opt(1, 0, 0).expect("a time").and_utc()
}

/// A campaign of the town over all of 2026, an event at 天坪村 on `on`.
async fn planned(conn: &mut Conn, world: &World, on: Day) -> (i64, Uuid) {
    let qian = world.actor("qian").await;
    let sun = world.actor("sun").await;
    let key = format!("c-{on}");
    let checked =
        Checked { title: "禁毒".into(), period: Period::year(2026), lead: String::new(), note: String::new() };
    let town = qian.grants[0].unit_id;
    let now = nine_o_clock(day("2026-01-01"));
    let campaign = store::insert(conn, town, &key, &checked, &Parts::default(), qian.account_id, now)
        .await
        .expect("a campaign is stored");
    let id = Uuid::now_v7();
    let content = Content {
        unit_id: sun.grants[0].unit_id,
        type_id: None,
        day: on,
        starts_at: nine_o_clock(on),
        ends_at: nine_o_clock(on) + chrono::Duration::hours(2),
        lead: "孙丽".into(),
        place: String::new(),
        draft: false,
    };
    insert(conn, campaign, None, &[(id, content)], qian.account_id, now).await.expect("an event is stored");
    (campaign, id)
}

async fn log(conn: &mut Conn, event: Uuid, account_id: i64, status: &str) -> Uuid {
    let id = Uuid::now_v7();
    let type_id: i64 = run!(&mut *conn, c => sqlx::query_scalar(
        "insert into activity_type (key, name, evidence, position) values ($1, '讲座', 'none', 999) returning id",
    ).bind(id.to_string()).fetch_one(c).await)
    .expect("a type");
    execute!(
        conn,
        sqlx::query(
            "insert into activity (id, unit_id, day, type_id, event_id, status, version, place, organiser, handler, \
             note, posted, entered_by, entered_at, late) select $1, unit_id, day, $2, id, $3, 1, '', '', '', '', $4, \
             $5, $6, false from event where id = $7"
        )
        .bind(id)
        .bind(type_id)
        .bind(status)
        .bind(sqlx::types::Json(serde_json::json!({})))
        .bind(account_id)
        .bind(nine_o_clock(day("2026-06-01")))
        .bind(event)
    )
    .expect("an activity");
    id
}

#[tokio::test]
async fn an_activity_that_was_not_withdrawn_fulfils_its_event() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        let (campaign, event) = planned(&mut conn, &world, day("2026-06-24")).await;
        let sun = world.actor("sun").await;
        let (scope, today) = (sun.scope(), day("2026-06-26"));
        let state = async |conn: &mut Conn| {
            let own = by_id(conn, &scope, event).await.expect("the event").state(today);
            let counts = counts(conn, &scope, &[campaign], today).await.expect("counts")[&campaign];
            let filter = Filter { state: Some((own, today)), ..Filter::default() };
            assert_eq!(list(conn, &scope, &filter, None, 10).await.expect("a list").len(), 1);
            (own, counts.missed, counts.done)
        };
        assert_eq!(state(&mut conn).await, (State::Missed, 1, 0));
        assert_eq!(due(&mut conn, &scope, today).await.expect("what is due").len(), 1);
        log(&mut conn, event, sun.account_id, "withdrawn").await;
        assert_eq!(state(&mut conn).await, (State::Missed, 1, 0));
        log(&mut conn, event, sun.account_id, "submitted").await;
        assert_eq!(state(&mut conn).await, (State::Done, 0, 1));
        assert_eq!(due(&mut conn, &scope, today).await.expect("what is due").len(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_a_cancelled_campaign_had_ahead_is_cancelled_with_it() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        let (campaign, event) = planned(&mut conn, &world, day("2026-06-24")).await;
        let scope = world.actor("qian").await.scope();
        let (before, after) = (day("2026-06-24"), day("2026-06-25"));
        let cancelled = cancel_planned(&mut conn, campaign, after, nine_o_clock(after)).await.expect("it runs");
        assert_eq!(cancelled, 0, "what is past was missed and stays so");
        cancel_planned(&mut conn, campaign, before, nine_o_clock(before)).await.expect("it runs");
        let event = by_id(&mut conn, &scope, event).await.expect("the event");
        assert_eq!((event.state(before), event.sequence), (State::Cancelled, 1));
        assert_eq!(span(&mut conn, campaign).await.expect("a span"), None);
    })
    .await;
}

#[tokio::test]
async fn the_cadre_next_door_finds_nothing() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut conn = world.db.write().await.expect("a transaction");
        let (_, event) = planned(&mut conn, &world, day("2026-06-24")).await;
        let scope = world.actor("li").await.scope();
        assert!(matches!(by_id(&mut conn, &scope, event).await, Err(Error::NotFound)));
        let found = in_period(&mut conn, &scope, Period::year(2026), &Filter::default()).await.expect("a list");
        assert_eq!(found, Vec::new());
    })
    .await;
}
