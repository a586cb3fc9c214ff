//! What a new user's files brought to light: figures nobody asked about, rows without a unit, rows that stand twice, names
//! that are not known, and who is said to have done what the command line did.

use super::sample_tests::{TOWN, drafts, entries, import, outcome};
use crate::{
    run,
    server::testing::{Answer, World, each_engine, sqlite},
};
use encoding_rs::GB18030;

/// Rows sent by the officer of the town: the address of their preview, and its page.
async fn look(world: &World, rows: &str) -> (String, String) {
    let sent = world.submit("qian", "/import", &[("unit", TOWN), ("rows", rows)]).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let here = sent.header("location").to_owned();
    let page = world.get("qian", &here).await.text;
    (here, page)
}

/// The tags of a page that bear a name.
fn tag<'a>(page: &'a str, name: &str) -> &'a str {
    page.split('<').find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap_or_default()
}

async fn store(world: &World, here: &str, fields: &[(&str, &str)]) -> Answer {
    world.submit("qian", here, &[&[("do", "store"), ("mode", "all")], fields].concat()).await
}

async fn questions(world: &World) -> Vec<(String, String)> {
    let mut conn = world.db.read().await.expect("a transaction");
    run!(&mut conn, c => sqlx::query_as("select question, answer from activity_question order by question, answer")
        .fetch_all(c).await)
    .expect("the questions")
}

async fn households(world: &World) {
    let mut conn = world.db.write().await.expect("a transaction");
    crate::execute!(&mut conn, sqlx::query("update unit set households = 498 where code = '500999001201'"))
        .expect("the village");
    conn.commit().await.expect("stored");
}

#[tokio::test]
async fn twelve_thousand_leaflets_in_a_village_of_498_households_are_asked_about() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        households(&world).await;
        let rows = "日期\t单位\t宣传资料\t备注\n2021-12-04\t天坪村\t12000\t\n2021-12-05\t天坪村\t120\t\n2021-12-06\t天坪村\t9000\t赶场\n";
        let (here, page) = look(&world, rows).await;
        assert!(page.contains("2 行的数量要核实") && page.contains("498"), "{page}");
        assert!(tag(&page, "answer.0.2").starts_with("input") && tag(&page, "answer.0.3").is_empty());
        let fields = [
            ("seen.0.2", "row"), ("row.0.2", "1"), ("answer.0.2", ""),
            ("seen.0.4", "row"), ("row.0.4", "1"), ("answer.0.4", "镇里集中发放"),
        ];
        let stored = store(&world, &here, &fields).await;
        assert_eq!(stored.status, 303, "{}", stored.text);
        assert_eq!(
            questions(&world).await,
            [("households".to_owned(), String::new()), ("households".to_owned(), "镇里集中发放".to_owned())]
        );
        // The reviewer's list holds the unanswered one back: what is clean is ticked.
        let mut conn = world.db.read().await.expect("a transaction");
        let unit = crate::unit::store::by_code(&mut conn, &crate::domain::access::Scope::everything(), TOWN).await;
        let clean = crate::review::store::clean(&mut conn, &unit.expect("the town"), &Default::default(), 10).await;
        assert_eq!(clean.expect("what waits").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_command_line_stores_what_is_asked_and_says_so_before_its_last_line() {
    let world = World::new(sqlite().await).await;
    households(&world).await;
    let folder = std::env::temp_dir().join(format!("pufa-import-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("台账.csv");
    std::fs::write(&file, "日期,单位,宣传资料\n2021-12-04,天坪村,12000\n2021-12-04,天坪村,12000\n").expect("a file");
    let ctx = super::sample_tests::context(&world.db);
    let told = super::cli::ledger(&ctx, &file, TOWN, false).await.expect("a ledger");
    std::fs::remove_dir_all(&folder).expect("removed");
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "1 行与前面的行相同，没有入账：台账!第 3 行",
            "1 行的数量要核实，审核时会看到：台账!第 2 行",
            "1 accepted, 0 refused"
        ]
    );
    assert_eq!(questions(&world).await, [("households".to_owned(), String::new())]);
    // Nobody is said to have typed it.
    let id = drafts(&world.db).await.remove(0).id;
    let page = world.get("qian", &format!("/activities/{id}")).await.text;
    assert!(page.contains("命令行导入"), "{page}");
    let list = world.get("qian", "/import").await.text;
    assert!(list.contains("命令行导入 · ") || list.contains("命令行导入"), "{list}");
}

#[tokio::test]
async fn a_place_names_the_unit_where_no_column_does_and_the_rest_is_asked() {
    let world = World::new(sqlite().await).await;
    let text = "日期,地点,横幅,经办\n2021-12-04,天坪村村委会,2,孙丽\n2021-12-05,两河村,1,\n2021-12-06,大佛村院坝,3,\n2021-12-07,老街,1,\n";
    let done = import(&world.db, "台账.csv", &GB18030.encode(text).0, TOWN).await.expect("a ledger");
    assert_eq!(outcome(&done), (4, 0, 0, vec![]));
    assert_eq!(done.findings.unplaced, (1, vec!["台账!第 5 行".into()]));
    let units: Vec<String> = entries(&world.db).await.iter().map(|one| one[11..23].trim().to_owned()).collect();
    assert_eq!(units, ["500999001201", "500999001202", "500999001203", "500999001 ba"]);
    assert_eq!(drafts(&world.db).await.iter().filter(|draft| draft.handler == "孙丽").count(), 1);

    let (here, page) = look(&world, "日期\t地点\t横幅\n2021-11-04\t老街\t2\n").await;
    assert!(page.contains("1 行没有单位，记在青山镇名下"), "{page}");
    let refused = store(&world, &here, &[("at_root_asked", "1")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("请在上面打勾"), "{}", refused.text);
    assert_eq!(entries(&world.db).await.len(), 4);
    let stored = store(&world, &here, &[("at_root_asked", "1"), ("at_root", "1")]).await;
    assert_eq!(stored.status, 303, "{}", stored.text);
    assert_eq!(entries(&world.db).await.len(), 5);
}

#[tokio::test]
async fn a_row_that_stands_twice_is_unticked_and_may_be_taken_in_by_hand() {
    let world = World::new(sqlite().await).await;
    let rows = "日期\t单位\t横幅\n2021-12-04\t天坪村\t2\n2021-12-04\t天坪村\t2\n2021-12-05\t天坪村\t1\n";
    let (here, page) = look(&world, rows).await;
    assert!(page.contains("与第 2 行相同") && page.contains("1 行没有勾选"), "{page}");
    assert!(tag(&page, "row.0.2").contains(" checked") && !tag(&page, "row.0.3").contains(" checked"));
    // The second is taken in by hand, the third left out; the page keeps it.
    let ticks = [
        ("do", "ticks"),
        ("seen.0.2", "row"),
        ("row.0.2", "1"),
        ("seen.0.3", "same"),
        ("row.0.3", "1"),
        ("seen.0.4", "row"),
    ];
    assert_eq!(world.submit("qian", &here, &ticks).await.status, 303);
    let page = world.get("qian", &here).await.text;
    assert!(tag(&page, "row.0.3").contains(" checked") && !tag(&page, "row.0.4").contains(" checked"), "{page}");
    assert_eq!(store(&world, &here, &[]).await.status, 303);
    let stored = entries(&world.db).await;
    assert_eq!(stored, ["2021-12-04 500999001201 banner banner=2"; 2]);
}

#[tokio::test]
async fn a_name_that_is_not_known_is_settled_once_and_kept() {
    let world = World::new(sqlite().await).await;
    let rows = "日期\t单位\tLED播放（次）\n2021-12-04\t滩子口\t2\n2021-12-05\t天坪村\t1\n";
    let (here, page) = look(&world, rows).await;
    assert!(page.contains("“滩子口”是") && tag(&page, "code.0").starts_with("select"), "{page}");
    assert!(page.contains("LED播放（次）"), "heads are shown as the file has them: {page}");
    let list = world.get("qian", "/import").await.text;
    assert!(list.contains("仅预览") && !list.contains("<td class=\"num\">0</td>"), "{list}");
    let settled = [("do", "settle"), ("unit", TOWN), ("year", ""), ("name.0", "滩子口"), ("code.0", "500999001202")];
    assert_eq!(world.submit("qian", &here, &settled).await.status, 303);
    assert_eq!(store(&world, &here, &[]).await.status, 303);
    assert_eq!(entries(&world.db).await[0], "2021-12-04 500999001202 led led=2");
    let done = import(&world.db, "b.csv", "日期,单位,横幅\n2021-12-06,滩子口,2\n".as_bytes(), TOWN).await;
    assert_eq!(outcome(&done.expect("a ledger")), (1, 0, 0, vec![]), "the next file is read the same way");
}
