//! What somebody who signs is shown of a town's year, and what a steady year shows.

use crate::{
    ledger::tests::{LIANGHE, TIANPING, TOWN, count, log, texts},
    report::paper::tests::QUOTE,
    server::testing::{Answer, World, each_engine, sqlite},
};
use axum::http::StatusCode;
use serde_json::json;

async fn check(world: &World, who: &str) -> Answer {
    let made = world.submit("qian", "/reports/new", &[("unit", TOWN), ("span", "2021"), ("style", "official")]).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    world.get(who, &format!("{}/check", made.header("location"))).await
}

/// The findings of the kind with this heading.
fn finding(answer: &Answer, heading: &str) -> Vec<String> {
    let all = texts(answer, "section.finding");
    all.into_iter().filter(|text| text.starts_with(heading)).collect()
}

#[tokio::test]
async fn who_signs_sees_what_has_no_evidence_what_is_estimated_and_what_came_all_at_once() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        for day in 1..=25 {
            let date = format!("2021-03-{day:02}");
            log(&world, "sun", TIANPING, &date, json!([count("leaflet", 100, "exact")]), json!({})).await;
        }
        let counts = json!([count("attendance", 3_412, "exact"), count("attendance", 600, "estimate")]);
        log(&world, "li", LIANGHE, "2021-05-01", counts, json!({})).await;
        let answer = check(&world, "zhou").await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let bare = finding(&answer, "没有佐证的记录").join("");
        assert!(bare.contains("26条记录没有佐证，占100%"), "{bare}");
        let estimated = finding(&answer, "含估计的数字").join("");
        assert!(estimated.contains("受教育：4,012（其中估计600，15.0%）人次"), "{estimated}");
        let entered = finding(&answer, "集中录入").join("");
        assert!(entered.contains("26条是2021年12月起才补录的以前月份的记录，占100%"), "{entered}");
        assert!(entered.contains("一天录入26条，占100%"), "{entered}");
        for link in ["evidence=0", "late=1", "measure=attendance&amp;precision=estimate"] {
            assert!(answer.text.contains(link), "{link}: {}", answer.text);
        }
        assert!(answer.text.contains("上年同期没有记录，无法比较。"));
        let clear = texts(&answer, ".clear").join("");
        assert!(clear.contains("多个村数字相同") && clear.contains("报告和台账不一致"), "{clear}");
        for name in ["孙丽", "李强"] {
            assert!(!texts(&answer, "main").join("").contains(name), "nobody is named");
        }
    })
    .await;
}

#[tokio::test]
async fn equal_figures_in_many_villages_and_jumps_against_last_year_are_told() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let village = json!({ "code": "500999001204", "name": "石桥村", "parent": TOWN, "kind": "village" });
        assert_eq!(world.post("zhao", "/api/v1/units", village).await.status, StatusCode::CREATED);
        for unit in ["500999001201", "500999001202", "500999001203", "500999001204"] {
            log(&world, "qian", unit, "2021-06-26", json!([count("leaflet", 200, "exact")]), json!({})).await;
        }
        log(&world, "sun", TIANPING, "2020-06-26", json!([count("leaflet", 300, "exact")]), json!({})).await;
        let answer = check(&world, "qian").await;
        let alike = finding(&answer, "多个村数字相同").join("");
        let words = "2021年6月，4个村（社区）的宣传资料都是200份：天坪村、两河村、大佛村、石桥村";
        assert!(alike.contains(words), "{alike}");
        let jumps = finding(&answer, "和上年同期相差很大").join("");
        assert!(jumps.contains("宣传资料：上年同期300份，这一期800份"), "{jumps}");
        assert!(answer.text.contains("from=2020-01-01&amp;to=2020-12-31&amp;measure=leaflet"), "{}", answer.text);
    })
    .await;
}

#[tokio::test]
async fn what_changed_since_the_report_was_made_is_told_before_it_is_signed() {
    let world = World::new(sqlite().await).await;
    let made = world.submit("qian", "/reports/new", &[("unit", TOWN), ("span", "2021"), ("style", "official")]).await;
    log(&world, "sun", TIANPING, "2021-06-26", json!([count("leaflet", 46, "exact")]), json!({})).await;
    let answer = world.get("qian", &format!("{}/check", made.header("location"))).await;
    let changed = finding(&answer, "报告和台账不一致").join("");
    assert!(changed.contains("宣传资料：报告写0份，台账现在46份"), "{changed}");
    assert_eq!(world.get("sun", &format!("{}/check", made.header("location"))).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_table_that_was_sent_and_says_otherwise_is_told_and_so_is_a_quote_that_nobody_reads() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        log(&world, "sun", TIANPING, "2021-06-02", json!([count("leaflet", 300, "exact")]), json!({})).await;
        let june = log(&world, "sun", TIANPING, "2021-06-26", json!([count("leaflet", 46, "exact")]), json!({})).await;
        for part in ["06", "07"] {
            let address = format!("/tables?unit={TOWN}&year=2021&part={part}&rows=unit");
            let sent = world.submit("qian", &address, &[("do", "send"), ("note", "")]).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        }
        let answer = check(&world, "zhou").await;
        assert_eq!(finding(&answer, "和已报送的统计表不一致"), Vec::<String>::new(), "what agrees is no finding");

        let gone = json!({ "reason": "重复" });
        let withdrawn = world.post("qian", &format!("/api/v1/activities/{june}/withdraw"), gone).await;
        assert_eq!(withdrawn.status, StatusCode::OK, "{}", withdrawn.text);
        let answer = check(&world, "zhou").await;
        let told = finding(&answer, "和已报送的统计表不一致").join("");
        assert!(told.contains("青山镇2021年6月") && told.contains("报346，台账现在300"), "{told}");
        assert!(!told.contains("7月") && answer.text.contains("/tables/sent/"), "{told}");

        let made = world.submit("qian", "/reports/new", &[("unit", TOWN), ("span", "2021"), ("style", "exact")]).await;
        let report = made.header("location").to_owned();
        let quote: Vec<_> = QUOTE.into_iter().chain([("version", "1")]).collect();
        let added = world.submit("qian", &format!("{report}/quotes"), &quote).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let answer = world.get("zhou", &format!("{report}/check")).await;
        let unread = finding(&answer, "引用了却没写进正文的外部数字").join("");
        assert!(unread.contains("持有行政执法证人员：正文里没有 {:quote.1}"), "{unread}");
    })
    .await;
}

#[tokio::test]
async fn a_figure_that_somebody_typed_is_held_against_the_log_and_one_in_braces_is_not_doubted() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        log(&world, "sun", TIANPING, "2021-06-02", json!([count("banner", 157, "exact")]), json!({})).await;
        log(&world, "sun", TIANPING, "2021-06-03", json!([count("leaflet", 300, "exact")]), json!({})).await;
        let made =
            world.submit("qian", "/reports/new", &[("unit", TOWN), ("span", "2021"), ("style", "official")]).await;
        let report = made.header("location").to_owned();
        let drafted = finding(&world.get("zhou", &format!("{report}/check")).await, "手写的数字");
        assert_eq!(drafted, Vec::<String>::new(), "what was drafted is bound");

        let fields = [
            ("version", "1"),
            ("title", "青山镇2021年普法工作情况报告"),
            ("addressee", "县委、县政府"),
            ("achievements", "全年悬挂横幅300条，张贴{banner}；发放宣传资料300份，调解成功率98.8%。"),
            ("next", "明年计划悬挂横幅900条。"),
        ];
        let saved = world.submit("qian", &format!("{report}/edit"), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let answer = world.get("zhou", &format!("{report}/check")).await;
        let told = finding(&answer, "手写的数字").join("");
        assert!(told.contains("“300条”：横幅/标语台账只有157，可写150余条"), "{told}");
        assert!(told.contains("1处台账无法核对：98.8%"), "{told}");
        assert!(!told.contains("300份") && !told.contains("900条") && !told.contains("150余条”"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_nobody_explained_is_told_before_its_figure_is_signed() {
    let world = World::new(sqlite().await).await;
    let patched = json!({ "households": 312 });
    let answer =
        world.ask("zhao", axum::http::Method::PATCH, &format!("/api/v1/units/{TIANPING}"), Some(patched)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    log(&world, "sun", TIANPING, "2021-12-07", json!([count("leaflet", 20_000, "exact")]), json!({})).await;
    let asked = finding(&check(&world, "qian").await, "有疑问还没有说明的记录").join("");
    assert!(asked.contains("1条记录填得异常、还没有说明原因"), "{asked}");
}
