//! The law: what Pufa writes itself, its own check carries; and a figure of a theme that is put higher is not carried by what
//! the whole town has.

use super::tests::{TOWN, VILLAGE, check, told};
use crate::{
    ledger::tests::{LIANGHE, count, log, texts},
    server::testing::{World, each_engine},
};
use axum::http::StatusCode;
use serde_json::{Value, json};

/// A year with several themes, campaigns, villages and measures.
async fn year(world: &World) {
    for (key, title, from, to, theme) in [
        ("drugs-2021", "全民禁毒宣传月", "2021-06-01", "2021-06-30", "drugs"),
        ("week-2021", "2021年宪法宣传周", "2021-11-29", "2021-12-05", "constitution"),
        ("safe-2021", "安全生产月", "2021-06-01", "2021-06-30", "safety"),
    ] {
        let body = json!({ "key": key, "title": title, "from": from, "to": to, "unit": TOWN, "themes": [theme] });
        assert_eq!(world.post("qian", "/api/v1/campaigns", body).await.status, StatusCode::CREATED);
    }
    for (unit, date, themes, campaign, counts) in [
        (VILLAGE, "2021-06-03", vec!["drugs"], "drugs-2021", [("banner", 13, "exact"), ("leaflet", 900, "at_least")]),
        (
            LIANGHE,
            "2021-06-26",
            vec!["drugs", "safety"],
            "drugs-2021",
            [("banner", 5, "exact"), ("lecture", 2, "exact")],
        ),
        (LIANGHE, "2021-06-16", vec!["safety"], "safe-2021", [("banner", 40, "exact"), ("village_visit", 14, "exact")]),
        (
            TOWN,
            "2021-12-02",
            vec!["constitution"],
            "week-2021",
            [("led", 31, "exact"), ("attendance", 500, "estimate")],
        ),
        (
            VILLAGE,
            "2021-12-04",
            vec!["constitution"],
            "week-2021",
            [("broadcast", 12, "exact"), ("banner", 32, "exact")],
        ),
        (VILLAGE, "2021-09-10", vec!["drugs"], "", [("leaflet", 150, "exact"), ("board", 4, "exact")]),
        (TOWN, "2021-10-11", vec!["fraud"], "", [("leaflet", 2_000, "exact"), ("banner", 60, "exact")]),
    ] {
        let counts: Vec<Value> = counts.iter().map(|(key, value, how)| count(key, *value, how)).collect();
        let campaigns: Vec<&str> = Some(campaign).filter(|key| !key.is_empty()).into_iter().collect();
        log(world, "qian", unit, date, json!(counts), json!({ "themes": themes, "campaigns": campaigns })).await;
    }
}

async fn report(world: &World, style: &str) -> String {
    let fields = [("unit", TOWN), ("span", "2021"), ("style", style)];
    let made = world.submit("qian", "/reports/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    texts(&world.get("zhou", made.header("location")).await, "article.gazette > *").join("\n")
}

/// The place in the text at which a claim begins or ends.
fn place(claim: &Value, name: &str) -> usize {
    claim[name].as_u64().and_then(|place| usize::try_from(place).ok()).expect("a place")
}

/// The claims that are more than the log has.
fn higher(claims: &[Value]) -> Vec<String> {
    claims.iter().filter(|claim| claim["verdict"] == "higher_than_logged").map(told).collect()
}

#[tokio::test]
async fn the_reports_own_figures_are_carried_and_a_higher_one_of_a_theme_is_not() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        for style in ["exact", "internal"] {
            let text = report(&world, style).await;
            assert_eq!(higher(&check(&world, &text).await), Vec::<String>::new(), "{text}");
        }
        let text = report(&world, "official").await;
        let claims = check(&world, &text).await;
        assert_eq!(higher(&claims), Vec::<String>::new(), "{text}");

        // Each paragraph of a theme or campaign is held against that.
        let chars: Vec<char> = text.chars().collect();
        let (mut start, mut held) = (0, Vec::new());
        for line in text.split_inclusive('\n') {
            let end = start + line.chars().count();
            let own = |claim: &&Value| (start..end).contains(&place(claim, "start"));
            for (name, field, key) in [
                ("禁毒：", "theme", "drugs"),
                ("安全：", "theme", "safety"),
                ("宪法：", "theme", "constitution"),
                ("反诈：", "theme", "fraud"),
                ("全民禁毒宣传月：", "campaign", "drugs-2021"),
                ("宪法宣传周：", "campaign", "week-2021"),
                ("安全生产月：", "campaign", "safe-2021"),
            ] {
                if line
                    .trim_start_matches(|letter: char| letter.is_ascii_digit() || ".年".contains(letter))
                    .starts_with(name)
                {
                    let found: Vec<&Value> = claims.iter().filter(own).collect();
                    assert!(!found.is_empty(), "{line}");
                    assert!(found.iter().all(|claim| claim[field] == key), "{line}: {found:?}");
                    assert_eq!(found[0]["measure"], "activities", "{line}");
                    held.extend(found);
                }
            }
            start = end;
        }
        assert!(held.len() > 20, "{text}");
        for claim in held {
            let (start, end) = (place(claim, "start"), place(claim, "end"));
            let more = claim["logged"].as_i64().expect("a sum") + 1;
            let word = claim["unit_word"].as_str().unwrap_or_default();
            let before: String = chars[..start].iter().collect();
            let after: String = chars[end..].iter().collect();
            let inflated = check(&world, &format!("{before}{more}{word}{after}")).await;
            let one = inflated.iter().find(|one| place(one, "start") == start).expect("the figure");
            assert_ne!(one["verdict"], "supported", "{more}{word} for {}", told(claim));
        }
    })
    .await;
}

#[tokio::test]
async fn activities_are_narrowed_by_place_theme_campaign_and_time_and_read_both_ways() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        for (text, expected) in [
            ("全年开展活动7次。", "7次 activities supported 7 → 7次"),
            ("各类普法活动6余场次。", "6余场次 activities supported 7 → 7场次"),
            ("开展普法活动9次。", "9次 activities higher_than_logged 7 → 7次"),
            ("天坪村开展普法活动3次。", "3次 activities supported 3 → 3次"),
            ("天坪村开展普法活动4次。", "4次 activities higher_than_logged 3 → 3次"),
            ("禁毒：开展活动4次。", "4次 activities higher_than_logged 3 → 3次"),
            ("全民禁毒宣传月：开展活动2次。", "2次 activities supported 2 → 2次"),
            ("全民禁毒宣传月期间，悬挂横幅18条。", "18条 banner supported 18 → 18条"),
            ("6月，开展法治宣传活动3次。", "3次 activities supported 3 → 3次"),
            ("两河村开展法治讲座等活动2场。", "2场 lecture supported 2 → 2场"),
            ("开展禁毒、安全等法治宣传活动共3次。", "3次 campaigns supported 3 → 3次"),
            ("开展禁毒、安全等法治宣传活动共4次。", "4次 campaigns higher_than_logged 3 → 3次"),
        ] {
            let claims = check(&world, text).await;
            assert_eq!(claims.last().map(told).as_deref(), Some(expected), "{text}");
        }
        let typed =
            [("unit", TOWN), ("year", "2021"), ("text", "禁毒：开展活动4次。调解成功率98.8%。知晓率提高2.1个百分点。")];
        let page = world.submit("zhou", "/claims", &typed).await.text;
        let ledger = "/activities?unit=500999001&amp;from=2021-01-01&amp;to=2021-12-31&amp;theme=drugs";
        for words in ["活动次数", ledger, "也不是目标里的比例", "百分点是两个比例的差", "禁毒：开展活动3次。"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
    })
    .await;
}
