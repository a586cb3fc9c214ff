//! Countdown templates: whose holds, and what a town changes for itself.

use super::{
    super::draft_action,
    task_store,
    template_action::{self, GENERAL},
    template_store,
};
use crate::{
    domain::{countdown::StepDraft, period::Day},
    server::{
        context::Ctx,
        testing::{World, each_engine, sqlite},
    },
};

const COUNTY: &str = "500999";
const TOWN: &str = "500999001";

async fn ctx(world: &World, who: &str, today: &str) -> Ctx {
    let mut ctx = Ctx::for_program(world.db.clone(), Some(world.actor(who).await));
    ctx.today = today.parse().expect("a day");
    ctx
}

fn step(row: usize, days: &str, what: &str) -> StepDraft {
    let (days, what) = (days.to_owned(), what.to_owned());
    StepDraft { row, from: "day".into(), days, what, owner: "司法所".into() }
}

/// The tasks of a campaign that 钱芳 makes for a key date of a year: days around day D, and what.
async fn tasks(world: &World, key: &str, year: i32) -> Vec<(Day, i64, String)> {
    let ctx = ctx(world, "qian", "2026-11-06").await;
    let campaign = draft_action::accept(&ctx, TOWN, key, year).await.expect("a campaign");
    let mut conn = world.db.read().await.expect("a transaction");
    let tasks = task_store::tasks(&mut conn, campaign.id).await.expect("tasks");
    tasks.into_iter().map(|task| (task.plan.due, task.plan.offset, task.plan.what)).collect()
}

#[tokio::test]
async fn a_town_keeps_a_countdown_of_its_own_and_gives_it_up_again() {
    each_engine(|db| async move {
        template_store::seed(&db).await.expect("a second seeding");
        let world = World::new(db).await;
        let qian = ctx(&world, "qian", "2026-11-06").await;
        let built_in = template_action::show(&qian, Some(TOWN), "constitution-week").await.expect("a template");
        assert_eq!((built_in.template.steps.len(), built_in.keeper, built_in.next.is_some()), (8, None, true));

        let own = [step(0, "-7", "排练模拟法庭"), step(5, "0", "模拟法庭开庭")];
        let put = template_action::put(&qian, Some(TOWN), "drugs-day", "", &own).await;
        assert_eq!(put.expect("kept").code, TOWN);
        let shown = template_action::show(&qian, Some(TOWN), "drugs-day").await.expect("a template");
        assert!(shown.is_own() && shown.template.steps.len() == 2);
        let day = |text: &str| text.parse::<Day>().expect("a day");
        let expected =
            [(day("2027-06-19"), -7, "排练模拟法庭".to_owned()), (day("2027-06-26"), 0, "模拟法庭开庭".into())];
        assert_eq!(tasks(&world, "drugs-day", 2027).await, expected);
        assert_eq!(tasks(&world, "fire-day", 2027).await.len(), 6, "the others count down as before");

        // Changed again, then given up: the general one holds as before.
        template_action::put(&qian, Some(TOWN), "drugs-day", "06-20", &own[..1]).await.expect("changed");
        assert_eq!(tasks(&world, "drugs-day", 2028).await.len(), 1);
        template_action::withdraw(&qian, Some(TOWN), "drugs-day").await.expect("given up");
        assert_eq!(tasks(&world, "drugs-day", 2029).await.len(), 6);
        let again = template_action::withdraw(&qian, Some(TOWN), "drugs-day").await.expect_err("there is none");
        assert_eq!(again.status(), 404);
    })
    .await;
}

#[tokio::test]
async fn the_countys_template_holds_in_its_towns_and_day_d_is_the_one_it_names() {
    let world = World::new(sqlite().await).await;
    let zhao = ctx(&world, "zhao", "2026-01-06").await;
    let steps = [step(0, "-30", "县里印发通知"), step(1, "0", "禁毒日集中宣传")];
    template_action::put(&zhao, Some(COUNTY), "drugs-month", "06-26", &steps).await.expect("kept");
    let shown = template_action::show(&ctx(&world, "sun", "2026-01-06").await, None, "drugs-month").await;
    let shown = shown.expect("a cadre reads it");
    assert!(!shown.is_own() && shown.keeper.is_some_and(|unit| unit.code == COUNTY));
    let days: Vec<String> = tasks(&world, "drugs-month", 2027).await.iter().map(|task| task.0.to_string()).collect();
    assert_eq!(days, ["2027-05-27", "2027-06-26"]);
}

#[tokio::test]
async fn the_page_shows_the_days_ahead_keeps_what_was_typed_and_is_not_for_everybody_to_change() {
    let world = World::new(sqlite().await).await;
    let address = format!("/countdowns/constitution-week?unit={TOWN}");
    let page = world.get("qian", &address).await.text;
    assert!(page.contains("D−20") && page.contains("系统自带") && page.contains("name=\"what.10\""), "{page}");
    assert!(!world.get("zhou", &address).await.text.contains("name=\"what.0\""), "a leader only reads");
    assert!(world.get("qian", &format!("/countdowns/{GENERAL}")).await.text.contains("结束后3天"));
    assert_eq!(world.get("qian", "/countdowns/no-such-day").await.status, 404);

    let typed = [
        ("do", "put"),
        ("day_d", "12-40"),
        ("from.0", "day"),
        ("days.0", "早些"),
        ("what.0", "定标语"),
        ("what.1", ""),
    ];
    let refused = world.submit("qian", &address, &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("value=\"定标语\"") && refused.text.contains("value=\"12-40\""), "{}", refused.text);
    assert!(refused.text.contains("f-days-0-problem") && refused.text.contains("f-day_d-problem"));
    let good = [("do", "put"), ("day_d", ""), ("from.0", "end"), ("days.0", "2"), ("what.0", "报送总结")];
    let own = address.replace(TOWN, "500999001201");
    assert_eq!(world.submit("sun", &own, &good).await.status, 403, "a cadre's own village is the town's to plan");
    assert_eq!(world.submit("qian", &address, &good).await.status, 303);
    let page = world.get("qian", &address).await.text;
    assert!(page.contains("现用：青山镇的模板") && page.contains("结束后2天"), "{page}");
    assert_eq!(world.submit("qian", &address, &[("do", "withdraw")]).await.status, 303);
    assert!(world.get("qian", &address).await.text.contains("系统自带"));
}
