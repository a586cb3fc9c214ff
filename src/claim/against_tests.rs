//! What a figure was held against, told and linked: theme, campaign, kind of unit, time, the year before; and what is beyond the
//! bounds.

use super::tests::{TOWN, VILLAGE, check, log, told};
use crate::server::testing::{World, each_engine, sqlite};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// Logs leaflets and attendances somewhere.
async fn leaflets(world: &World, unit: &str, date: &str, value: i64, themes: &[&str], campaigns: &[&str]) {
    let quantities = json!([{ "measure": "leaflet", "value": value, "precision": "exact" }]);
    let id = uuid::Uuid::now_v7();
    let body = json!({ "id": id, "unit": unit, "date": date, "type": "leaflet", "quantities": quantities,
        "themes": themes, "campaigns": campaigns });
    let answer = world.post("qian", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

/// 1200份 leaflet supported 1200 → 1200份 | 禁毒主题、2021年
fn whole(claim: &Value) -> String {
    let doubt = claim["not_told_apart"].as_str().map_or(String::new(), |words| format!(" ?{words}"));
    format!("{} | {}{doubt}", told(claim), claim["held_against"].as_str().unwrap_or("-"))
}

async fn year(world: &World) {
    let run = json!({ "key": "week", "title": "2021年国家宪法日宣传周", "from": "2021-11-29", "to": "2021-12-05",
        "unit": TOWN, "themes": ["constitution"] });
    assert_eq!(world.post("qian", "/api/v1/campaigns", run).await.status, StatusCode::CREATED);
    leaflets(world, VILLAGE, "2021-06-26", 1_200, &["drugs"], &[]).await;
    leaflets(world, "500999001202", "2021-06-20", 300, &["drugs", "fraud"], &[]).await;
    leaflets(world, "school-1", "2021-09-01", 400, &["bullying"], &[]).await;
    leaflets(world, VILLAGE, "2021-12-02", 800, &["constitution"], &["week"]).await;
    leaflets(world, TOWN, "2021-12-20", 5_000, &[], &[]).await;
}

#[tokio::test]
async fn a_figure_is_held_against_what_its_sentence_names_and_says_so() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        for (text, expected) in [
            ("发放资料7700份。", "7700份 leaflet supported 7700 → 7700份 | 2021年"),
            ("开展禁毒宣传，发放资料1500份。", "1500份 leaflet supported 1500 → 1500份 | 禁毒主题、2021年"),
            ("开展禁毒宣传，发放资料7700份。", "7700份 leaflet higher_than_logged 1500 → 1500份 | 禁毒主题、2021年"),
            (
                "天坪村开展禁毒宣传，发放资料1200份。",
                "1200份 leaflet supported 1200 → 1200份 | 天坪村、禁毒主题、2021年",
            ),
            (
                "上半年发放禁毒资料1500份。",
                "1500份 leaflet supported 1500 → 1500份 | 禁毒主题、2021-01-01至2021-06-30（“上半年”）",
            ),
            (
                "国家宪法日宣传周共发放资料800份。",
                "800份 leaflet supported 800 → 800份 | 专项宣传“2021年国家宪法日宣传周”、2021年",
            ),
            (
                "国家宪法日宣传周共发放资料900份。",
                "900份 leaflet higher_than_logged 800 → 800份 | 专项宣传“2021年国家宪法日宣传周”、2021年",
            ),
            ("在学校发放资料400份。", "400份 leaflet supported 400 → 400份 | 学校自己登记的、2021年"),
            ("在学校发放资料900份。", "900份 leaflet unknown 400 → 400份 | 学校自己登记的、2021年"),
            ("在学校发放资料9000份。", "9000份 leaflet higher_than_logged 400 → 400份 | 学校自己登记的、2021年"),
            ("各村（社区）发放资料2300份。", "2300份 leaflet supported 2300 → 2300份 | 村和社区自己登记的、2021年"),
            ("联合派出所发放资料500份。", "500份 leaflet unknown 7700 → 7700份 | 2021年 ?联合派出所"),
            ("红旗村发放资料500份。", "500份 leaflet unknown 7700 → 7700份 | 2021年 ?红旗村"),
            ("开展知识产权宣传，发放资料500份。", "500份 leaflet unknown 7700 → 7700份 | 2021年 ?知识产权"),
            ("开展禁毒、反诈宣传，发放资料1500份。", "1500份 leaflet unknown 7700 → 7700份 | 2021年 ?禁毒、反诈"),
            ("近期发放资料500份。", "500份 leaflet unknown 7700 → 7700份 | 2021年"),
            ("近期发放资料8000份。", "8000份 leaflet higher_than_logged 7700 → 7700份 | 2021年"),
            (
                "12月以来发放资料5800份。",
                "5800份 leaflet supported 5800 → 5800份 | 2021-12-01至2021-12-31（“12月以来”）",
            ),
            ("（一）禁毒宣传\n发放资料2000份。", "2000份 leaflet higher_than_logged 1500 → 1500份 | 禁毒主题、2021年"),
        ] {
            let claims = check(&world, text).await;
            let last = claims.last().map(whole);
            assert_eq!(last.as_deref(), Some(expected), "{text}");
        }
        let dated = "12月以来发放资料5800份。\n2021年12月10日";
        assert_eq!(
            whole(&check(&world, dated).await[0]),
            "5800份 leaflet higher_than_logged 800 → 800份 | 2021-12-01至2021-12-10（“12月以来”）"
        );
    })
    .await;
}

#[tokio::test]
async fn the_page_says_in_both_languages_what_was_looked_at_and_leads_to_those_records() {
    let world = World::new(sqlite().await).await;
    year(&world).await;
    let text = "开展禁毒宣传，发放资料7700份。在学校发放资料400份。国家宪法日宣传周发放资料800份。联合派出所发放资料20份。近期发放资料30份。";
    let typed = [("unit", TOWN), ("year", "2021"), ("text", text)];
    let page = world.submit("zhou", "/claims", &typed).await.text;
    for words in [
        "按禁毒主题、2021年核对",
        "不分主题和专项共7,700",
        "按学校自己登记的、2021年核对",
        "台账分不出“联合派出所”",
        "“近期”从哪天到哪天说不准",
        "measure=leaflet&amp;theme=drugs\"",
        "measure=leaflet&amp;kind=school\"",
        "measure=leaflet&amp;campaign=week\"",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let english = world.submit("zhou", "/claims?lang=en", &typed).await.text;
    for words in ["Held against the theme Drug prevention, 2021", "The log does not tell “联合派出所” apart"] {
        assert!(english.contains(words), "{words}: {english}");
    }
    for (query, expected) in
        [("kind=school", "400"), ("theme=drugs", "1,500"), ("campaign=week", "800"), ("kind=village", "2,300")]
    {
        let address = format!("/activities?unit={TOWN}&from=2021-01-01&to=2021-12-31&measure=leaflet&{query}");
        let ledger = world.get("zhou", &address).await;
        assert_eq!(ledger.status, StatusCode::OK);
        assert!(ledger.text.contains(expected), "{query}: {}", ledger.text);
    }
    assert_eq!(world.get("zhou", "/activities?kind=palace").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_growth_is_held_against_the_same_time_of_the_year_before() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        log(&world, "2020-05-01", &[("banner", 100, "exact"), ("lecture", 10, "at_least")]).await;
        log(&world, "2020-11-01", &[("banner", 50, "exact")]).await;
        log(&world, "2021-03-01", &[("banner", 119, "exact"), ("lecture", 12, "exact"), ("board", 9, "exact")]).await;
        log(&world, "2021-12-01", &[("banner", 60, "exact")]).await;
        for (text, expected) in [
            ("悬挂横幅179条，同比增长19%。", "19% banner supported 179 → 19% former 150"),
            ("悬挂横幅179条，同比增长19.3%。", "19.3% banner supported 179 → 19.3% former 150"),
            ("悬挂横幅179条，同比增长20%。", "20% banner higher_than_logged 179 → 19% former 150"),
            ("悬挂横幅179条，较去年增加29条。", "29条 banner supported 179 → 29条 former 150"),
            ("悬挂横幅179条，较去年增加30条。", "30条 banner higher_than_logged 179 → 29条 former 150"),
            ("悬挂横幅179条，同比下降5%。", "5% banner higher_than_logged 179 → - former 150"),
            ("上半年悬挂横幅119条，同比增长19%。", "19% banner supported 119 → 19% former 100"),
            ("举办讲座12场，同比增长20%。", "20% lecture unknown 12 → - former 10"),
            ("制作展板9块，同比增长20%。", "20% board unknown 9 → - former 0"),
            ("悬挂横幅179条，增长20%。", "20% - unknown - → - former -"),
        ] {
            let claims = check(&world, text).await;
            let last = claims.last().expect("a claim");
            let former = last["former"].as_i64().map_or("-".into(), |former| former.to_string());
            assert_eq!(format!("{} former {former}", told(last)), expected, "{text}");
        }
        let claims = check(&world, "制作展板9块，同比增长20%。").await;
        assert_eq!(claims[1]["why"], "no_former");
    })
    .await;
}

#[tokio::test]
async fn attendances_are_never_silently_called_people() {
    let world = World::new(sqlite().await).await;
    log(&world, "2021-03-02", &[("attendance", 4_022, "exact")]).await;
    for (text, expected) in [
        ("受教育4022人。", "4022人 attendance unknown 4022 → 4022人次"),
        ("受教育群众四千余名。", "四千余名 attendance unknown 4022 → 四千余人次"),
        ("受教育人数4022。", "4022 attendance unknown 4022 → 4022人次"),
        ("受教育5000人。", "5000人 attendance higher_than_logged 4022 → 4000余人次"),
        ("受教育4022人次。", "4022人次 attendance supported 4022 → 4000余人次"),
    ] {
        assert_eq!(told(&check(&world, text).await[0]), expected, "{text}");
    }
    let typed = [("unit", TOWN), ("year", "2021"), ("text", "受教育4022人。")];
    let page = world.submit("zhou", "/claims", &typed).await.text;
    assert!(page.contains("台账记的是人次，不是人数") && page.contains("受教育4022人次。"), "{page}");
}

#[tokio::test]
async fn a_draft_of_thirty_pages_is_checked_whole_and_what_is_beyond_the_bound_is_told() {
    let world = World::new(sqlite().await).await;
    log(&world, "2021-03-02", &[("banner", 156, "exact")]).await;
    let villages = ["天坪村", "两河村", "大佛村", "青山小学"];
    let sentence = |index: usize| {
        let (village, month) = (villages[index % villages.len()], index % 12 + 1);
        format!(
            "{month}月，{village}开展法治宣传，悬挂横幅{}条，取得了良好的社会效果，营造了浓厚的法治氛围。",
            index + 1
        )
    };
    let draft: String = (0..700).map(sentence).collect();
    assert!(draft.chars().count() > 25_000, "thirty pages");
    let claims = check(&world, &draft).await;
    assert_eq!(claims.len(), 700);
    assert!(claims.iter().all(|claim| claim["why"].is_null()), "every one was checked");

    // 250 different spans of days, more than one draft is held against.
    let span =
        |index: usize| format!("{}月{}日至12月{}日，悬挂横幅1条。", index % 9 + 1, index / 9 % 28 + 1, index % 25 + 1);
    let draft: String = (0..252).map(span).collect();
    let claims = check(&world, &draft).await;
    let beyond: Vec<&Value> = claims.iter().filter(|claim| claim["why"] == "too_many").collect();
    assert_eq!((claims.len(), beyond.len()), (252, 52));
    assert!(beyond.iter().all(|claim| claim["verdict"] == "unknown" && claim["logged"].is_null()));
    let page = world.submit("zhou", "/claims", &[("unit", TOWN), ("year", "2021"), ("text", &draft)]).await;
    assert!(page.text.contains("这个数没有核对"), "told on the page");
}

#[tokio::test]
async fn a_draft_without_a_single_full_stop_does_not_let_others_wait() {
    /// A guard against what grows with the square of the text, not a measurement: each takes a second or two.
    const HANGS: std::time::Duration = std::time::Duration::from_secs(120);
    let world = World::new(sqlite().await).await;
    for text in [
        "天坪村悬挂横幅20条，",
        "禁毒、",
        "《法",
        "“名”专项行动联合",
        "11月以来近期",
        "2021年12月10日\n",
        "20条",
        "同比增长12%，",
    ] {
        let draft = format!("{}20份", text.repeat(20_000 / text.chars().count()));
        let body = json!({ "unit": TOWN, "year": 2021, "text": draft });
        let before = std::time::Instant::now();
        let answer = world.post("zhou", "/api/v1/claims/check", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{text}");
        assert!(before.elapsed() < HANGS, "{text}: {:?}", before.elapsed());
    }
}
