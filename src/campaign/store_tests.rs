//! Which campaigns concern whom, on both engines.

use super::{action, store};
use crate::{
    campaign::action::Change,
    domain::{campaign::Draft, period::Day},
    error::Error,
    server::{
        context::Ctx,
        testing::{World, each_engine},
    },
    unit,
};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn draft(key: &str, unit: &str, units: &[&str]) -> Draft {
    Draft {
        key: key.into(),
        unit: unit.into(),
        title: "禁毒宣传月".into(),
        themes: vec!["drugs".into()],
        from: "2026-06-01".into(),
        to: "2026-06-30".into(),
        units: units.iter().map(|code| (*code).to_owned()).collect(),
        ..Draft::default()
    }
}

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";
const LIANGHE: &str = "500999001202";

#[tokio::test]
async fn a_campaign_is_open_where_it_goes_to_while_it_runs() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let ctx = Ctx::for_program(world.db.clone(), Some(world.actor("zhao").await));
        for draft in [draft("all", "", &[]), draft("town", "", &[TOWN]), draft("one", TOWN, &[TIANPING])] {
            action::create(&ctx, draft).await.expect("a campaign");
        }
        let open = async |code: &str, on: &str| {
            let mut conn = world.db.read().await.expect("a transaction");
            let scope = ctx.scope().expect("a scope");
            let unit = unit::store::by_code(&mut conn, &scope, code).await.expect("a unit");
            let found = store::open_on(&mut conn, &unit, day(on)).await.expect("a list");
            found.into_iter().map(|campaign| campaign.key).collect::<Vec<_>>()
        };
        assert_eq!(open(TIANPING, "2026-06-30").await, ["all", "town", "one"]);
        assert_eq!(open(LIANGHE, "2026-06-01").await, ["all", "town"]);
        assert_eq!(open(TOWN, "2026-06-01").await, ["all", "town", "one"], "the owner logs for its own campaigns");
        assert_eq!(open(TIANPING, "2026-07-01").await, Vec::<String>::new());
        let cancelled = Change { cancelled: Some(true), ..Change::default() };
        action::change(&ctx, "all", cancelled).await.expect("it is cancelled");
        assert_eq!(open(LIANGHE, "2026-06-01").await, ["town"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_it_does_not_concern_does_not_find_it() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let ctx = Ctx::for_program(world.db.clone(), Some(world.actor("zhao").await));
        for draft in [draft("county", "", &[]), draft("town", "", &[TOWN]), draft("one", TOWN, &[TIANPING])] {
            action::create(&ctx, draft).await.expect("a campaign");
        }
        let readable = async |who: &str| {
            let scope = world.actor(who).await.scope();
            let mut conn = world.db.read().await.expect("a transaction");
            let filter = store::Filter::default();
            let found = store::list(&mut conn, &scope, &filter, None, 10).await.expect("a list");
            let keys: Vec<String> = found.into_iter().map(|campaign| campaign.key).collect();
            for key in ["county", "town", "one"] {
                let one = store::by_key(&mut conn, &scope, key).await;
                assert_eq!(one.is_ok(), keys.iter().any(|own| own == key), "{who} {key}");
                assert!(matches!(one, Ok(_) | Err(Error::NotFound)));
            }
            keys
        };
        assert_eq!(readable("qian").await, ["county", "town", "one"]);
        assert_eq!(readable("sun").await, ["county", "town", "one"]);
        assert_eq!(readable("li").await, ["county", "town"]);
        assert_eq!(readable("zhou").await, ["county", "town", "one"]);
    })
    .await;
}
