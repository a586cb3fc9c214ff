//! Drafts 30 days ahead of a key date, the countdown, and the notice to the villages.

use super::{
    action,
    countdown::{
        task_action::{self, Deed},
        task_store,
    },
    draft_action::{self, Fate, YearRow},
    notice, store,
};
use crate::{
    domain::{access::Scope, campaign::Draft, period::Day},
    error::Error,
    server::{
        context::Ctx,
        testing::{World, each_engine, sqlite},
    },
    unit,
};
use docx_rs::{DocumentChild, ParagraphChild, RunChild};

const TOWN: &str = "500999001";

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

async fn ctx(world: &World, who: &str, today: &str) -> Ctx {
    let mut ctx = Ctx::for_program(world.db.clone(), Some(world.actor(who).await));
    ctx.today = day(today);
    ctx
}

/// The keys of the drafts that wait for the town, and of those it dismissed.
async fn keys(world: &World, today: &str) -> (Vec<String>, Vec<String>) {
    let mut conn = world.db.read().await.expect("a transaction");
    let town = unit::store::by_code(&mut conn, &Scope::everything(), TOWN).await.expect("the town");
    let found = draft_action::drafts(&mut conn, &town, day(today)).await.expect("drafts");
    let keys = |list: Vec<crate::domain::key_date::Occurrence>| list.into_iter().map(|one| one.key).collect();
    (keys(found.waiting), keys(found.dismissed))
}

#[tokio::test]
async fn a_draft_waits_thirty_days_and_is_accepted_dismissed_and_taken_back() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        assert_eq!(keys(&world, "2026-07-15").await.0, Vec::<String>::new(), "31 days before 08-15");
        assert_eq!(keys(&world, "2026-07-16").await.0, ["ecology-day"]);
        assert_eq!(keys(&world, "2026-08-15").await.0[0], "ecology-day", "also on its day");
        assert!(!keys(&world, "2026-08-16").await.0.contains(&"ecology-day".to_owned()));

        let ctx = ctx(&world, "qian", "2026-11-06").await;
        let campaign = draft_action::accept(&ctx, TOWN, "constitution-week", 2026).await.expect("a campaign");
        assert_eq!((campaign.title.as_str(), campaign.lead.as_str()), ("宪法宣传周", "司法、宣传、教育"));
        assert_eq!((campaign.period.from, campaign.period.to), (day("2026-11-30"), day("2026-12-06")));
        assert!(!keys(&world, "2026-11-06").await.0.contains(&"constitution-week".to_owned()));
        let again = draft_action::accept(&ctx, TOWN, "constitution-week", 2026).await.expect_err("there is one");
        assert_eq!(again.code(), "draft_taken");

        draft_action::dismiss(&ctx, TOWN, "aids-day", 2026, true).await.expect("dismissed");
        let (waiting, dismissed) = keys(&world, "2026-11-06").await;
        assert!(!waiting.contains(&"aids-day".to_owned()));
        assert_eq!(dismissed, ["aids-day"]);
        draft_action::dismiss(&ctx, TOWN, "aids-day", 2026, false).await.expect("taken back");
        assert!(keys(&world, "2026-11-06").await.0.contains(&"aids-day".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_draft_brings_last_years_quantities() {
    let world = World::new(sqlite().await).await;
    let ctx = ctx(&world, "qian", "2025-11-10").await;
    let last = draft_action::accept(&ctx, TOWN, "constitution-week", 2025).await.expect("last year's");
    assert!(last.quantities.is_empty(), "nothing was before");
    let logged = serde_json::json!({
        "id": uuid::Uuid::now_v7(), "unit": "500999001201", "date": "2025-12-04", "campaigns": [last.key],
        "quantities": [{ "measure": "banner", "value": 12, "precision": "exact" }],
    });
    assert_eq!(world.post("sun", "/api/v1/activities", logged).await.status, 201);
    let next = draft_action::accept(&ctx, TOWN, "constitution-week", 2026).await.expect("this year's");
    let planned = |campaign: &crate::domain::campaign::Campaign| -> Vec<(String, i64)> {
        campaign.quantities.iter().map(|own| (own.measure.clone(), own.value)).collect()
    };
    assert_eq!(planned(&next), [("banner".to_owned(), 12)], "what was logged, for nothing was planned");
    let change = action::Change {
        quantities: Some(vec![crate::domain::campaign::DraftQuantity {
            measure: "leaflet".into(),
            value: Some(300),
            ..Default::default()
        }]),
        ..Default::default()
    };
    action::change(&ctx, &next.key, change).await.expect("changed");
    let after = draft_action::accept(&ctx, TOWN, "constitution-week", 2027).await.expect("next year's");
    assert_eq!(planned(&after), [("leaflet".to_owned(), 300)], "what was planned before what was logged");
}

#[tokio::test]
async fn a_whole_years_key_dates_become_campaigns_at_once_and_none_twice() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let ctx = ctx(&world, "qian", "2026-01-04").await;
        draft_action::accept(&ctx, TOWN, "constitution-week", 2025).await.expect("the year before");
        draft_action::dismiss(&ctx, TOWN, "aids-day", 2026, true).await.expect("dismissed");
        let rows = || async {
            let mut conn = world.db.read().await.expect("a transaction");
            let town = unit::store::by_code(&mut conn, &Scope::everything(), TOWN).await.expect("the town");
            draft_action::of_year(&mut conn, &town, 2026).await.expect("rows")
        };
        let before = rows().await;
        let row = |rows: &[YearRow], key: &str| rows.iter().find(|row| row.occurrence.key == key).cloned().expect("it");
        assert_eq!(row(&before, "aids-day").fate, Fate::Dismissed);
        let week = row(&before, "constitution-week");
        assert_eq!(week.fate, Fate::Waiting);
        assert_eq!(week.year_before.map(|made| made.title), Some("宪法宣传周".to_owned()));

        let keys: Vec<&str> = before.iter().map(|row| row.occurrence.key.as_str()).collect();
        let count = draft_action::accept_all(&ctx, TOWN, 2026, &keys).await.expect("campaigns");
        assert!(count == keys.len() && count > 40, "{count}");
        let after = rows().await;
        assert!(after.iter().all(|row| matches!(row.fate, Fate::Made(_))), "{after:?}");
        let mut conn = world.db.read().await.expect("a transaction");
        let Fate::Made(made) = row(&after, "constitution-week").fate else { panic!("no campaign") };
        let campaign = store::by_key(&mut conn, &Scope::everything(), &made.key).await.expect("the campaign");
        assert_eq!(campaign.period.from, day("2026-11-30"));
        assert_eq!(task_store::tasks(&mut conn, campaign.id).await.expect("tasks").len(), 8);
        drop(conn);

        // One of them has a campaign already: nothing is made, and the message names it.
        let again = draft_action::accept_all(&ctx, TOWN, 2026, &["aids-day"]).await.expect_err("there is one");
        assert!(matches!(&again, Error::Invalid(found) if found[0].message.contains("艾滋病")), "{again:?}");
        assert_eq!(draft_action::accept_all(&ctx, TOWN, 2026, &[]).await.expect_err("none").status(), 422);
        let sun = self::ctx(&world, "sun", "2026-01-04").await;
        let refused = draft_action::accept_all(&sun, "500999001201", 2027, &["aids-day"]).await.expect_err("a cadre");
        assert_eq!(refused.status(), 403);
    })
    .await;
}

#[tokio::test]
async fn the_years_page_ticks_what_is_asked_for_and_makes_the_campaigns() {
    let world = World::new(sqlite().await).await;
    let address = format!("/campaigns/year?unit={TOWN}&year=2027");
    let page = world.get("qian", &address).await.text;
    assert!(page.contains("value=\"constitution-week\"") && !page.contains(" checked"), "{page}");
    assert!(world.get("qian", &format!("{address}&tick=all")).await.text.contains(" checked"));
    assert_eq!(world.submit("qian", &address, &[]).await.status, 422);
    let done = world.submit("qian", &address, &[("key_date", "constitution-week"), ("key_date", "police-day")]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/campaigns?unit=500999001&year=2027"));
    let page = world.get("qian", &address).await.text;
    assert!(page.contains("已定2个") && !page.contains("value=\"police-day\""), "{page}");
    assert!(!world.get("zhou", &address).await.text.contains("checkbox"), "a leader reads");
}

#[tokio::test]
async fn the_countdown_is_ticked_off_changed_and_moves_with_its_campaign() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let ctx = ctx(&world, "qian", "2026-11-20").await;
        let campaign = draft_action::accept(&ctx, TOWN, "constitution-week", 2026).await.expect("a campaign");
        let read = || async {
            let mut conn = world.db.read().await.expect("a transaction");
            task_store::tasks(&mut conn, campaign.id).await.expect("tasks")
        };
        let due = || async {
            let mut conn = world.db.read().await.expect("a transaction");
            let town = unit::store::by_code(&mut conn, &Scope::everything(), TOWN).await.expect("the town");
            task_store::due(&mut conn, &town, ctx.today, 10).await.expect("tasks").len()
        };
        let tasks = read().await;
        assert_eq!((tasks.len(), tasks[0].plan.due), (8, day("2026-11-14")));
        assert_eq!(due().await, 2, "D−20 and D−15 have come");
        task_action::act(&ctx, &campaign.key, Deed::Done(tasks[0].id)).await.expect("ticked off");
        assert_eq!((due().await, read().await[0].done.as_ref().map(|done| done.0.clone())), (1, Some("钱芳".into())));
        let draft = task_action::TaskDraft { offset: Some(-1), what: "布置会场".into(), owner: "文化站".into() };
        task_action::act(&ctx, &campaign.key, Deed::Add(draft.clone())).await.expect("added");
        assert!(read().await.iter().any(|task| task.plan.due == day("2026-12-03") && task.plan.what == "布置会场"));
        let wrong = task_action::TaskDraft { offset: None, ..draft };
        assert_eq!(task_action::act(&ctx, &campaign.key, Deed::Add(wrong)).await.expect_err("no day").status(), 422);
        task_action::act(&ctx, &campaign.key, Deed::Drop(tasks[1].id)).await.expect("dropped");
        assert_eq!(due().await, 0);
        let change =
            action::Change { from: Some("2026-12-01".into()), to: Some("2026-12-07".into()), ..Default::default() };
        action::change(&ctx, &campaign.key, change).await.expect("moved");
        let moved = read().await;
        assert_eq!(moved[0].plan.due, day("2026-11-14"), "what is done stays");
        assert!(moved.iter().any(|task| task.plan.due == day("2026-12-04") && task.plan.what == "布置会场"));
        let cadre = self::ctx(&world, "sun", "2026-11-20").await;
        let refused = task_action::act(&cadre, &campaign.key, Deed::Open(tasks[0].id)).await.expect_err("a cadre");
        assert_eq!(refused.status(), 403);
    })
    .await;
}

#[tokio::test]
async fn the_pages_offer_drafts_tick_tasks_off_and_give_the_notice() {
    let world = World::new(sqlite().await).await;
    let ctx = ctx(&world, "qian", "2026-11-20").await;
    let draft = Draft {
        key: "week".into(),
        title: "宪法宣传周".into(),
        themes: vec!["constitution".into()],
        from: "2026-11-30".into(),
        to: "2026-12-06".into(),
        key_date: Some(("constitution-week".into(), 2026)),
        ..Draft::default()
    };
    let campaign = action::create(&ctx, draft).await.expect("a campaign");
    let shown = world.get("qian", "/campaigns/week").await.text;
    assert!(shown.contains("D−20") && shown.contains("各村（社区）、学校领取资料"), "{shown}");
    let id = shown.split("name=\"task\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a task");
    let done = world.submit("qian", "/campaigns/week", &[("do", "task_done"), ("task", id)]).await;
    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/campaigns/week#tasks"));
    assert!(world.get("qian", "/campaigns/week").await.text.contains("钱芳"));

    let notice = world.get("qian", "/campaigns/week/notice").await.text;
    assert!(notice.contains("/log?unit=500999001201&amp;campaign=week"), "{notice}");
    assert!(world.get("sun", "/log/leaflet?unit=500999001201&campaign=week").await.status == 200);
    assert_eq!(world.get("sun", "/campaigns/week/notice.docx").await.status, 403);
    let mut conn = world.db.read().await.expect("a transaction");
    let town = unit::store::by_code(&mut conn, &Scope::everything(), TOWN).await.expect("the town");
    let units = unit::store::children(&mut conn, &town).await.expect("villages");
    let tasks = task_store::tasks(&mut conn, campaign.id).await.expect("tasks");
    let bytes = notice::of(&campaign, &units, &tasks, day("2026-11-20")).docx().expect("a document");
    let lines = lines_of(&bytes);
    assert_eq!(lines[0], "关于开展“宪法宣传周”的通知");
    assert!(lines.contains(&"各村（社区）、各学校：".to_owned()), "{lines:?}");
    assert!(lines.contains(&"活动时间为2026年11月30日至2026年12月6日，主题为宪法。".to_owned()), "{lines:?}");
    assert!(lines.contains(&"12月7日：报送总结和统计表（司法所）。".to_owned()), "{lines:?}");
    assert_eq!(lines[lines.len() - 2..], ["青山镇".to_owned(), "2026年11月20日".to_owned()]);
}

/// The paragraphs of a document, read by another hand than the one that wrote it.
fn lines_of(bytes: &[u8]) -> Vec<String> {
    let docx = docx_rs::read_docx(bytes).expect("a whole document");
    let text = |child: &ParagraphChild| match child {
        ParagraphChild::Run(run) => run
            .children
            .iter()
            .filter_map(|child| match child {
                RunChild::Text(text) => Some(text.text.clone()),
                _ => None,
            })
            .collect(),
        _ => String::new(),
    };
    let paragraph = |child: &DocumentChild| match child {
        DocumentChild::Paragraph(paragraph) => Some(paragraph.children.iter().map(text).collect::<String>()),
        _ => None,
    };
    docx.document.children.iter().filter_map(paragraph).filter(|line| !line.is_empty()).collect()
}
