//! The ledger as a browser gets it, and as a spreadsheet does.

use crate::server::testing::{Answer, World, each_engine, sqlite};
use axum::http::StatusCode;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use uuid::Uuid;

pub const TOWN: &str = "500999001";
pub const TIANPING: &str = "500999001201";
pub const LIANGHE: &str = "500999001202";

pub fn texts(answer: &Answer, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&answer.text);
    let selector = Selector::parse(selector).expect("a selector");
    html.select(&selector).map(|found| found.text().collect::<String>()).collect()
}

pub async fn log(world: &World, who: &str, unit: &str, date: &str, quantities: Value, more: Value) -> Uuid {
    let id = Uuid::now_v7();
    let mut body = json!({ "id": id, "unit": unit, "date": date, "quantities": quantities });
    for (name, value) in more.as_object().expect("members") {
        body[name] = value.clone();
    }
    let answer = world.post(who, "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    id
}

pub fn count(measure: &str, value: i64, precision: &str) -> Value {
    json!({ "measure": measure, "value": value, "precision": precision })
}

/// Two entries at the village, one at the other village, one at the town itself.
pub async fn book(world: &World) {
    let counts = json!([count("banner", 3, "exact"), count("leaflet", 120, "at_least")]);
    let more = json!({ "themes": ["drugs"], "note": "=1+1", "place": "老院子" });
    log(world, "sun", TIANPING, "2021-06-24", counts, more).await;
    let counts = json!([count("banner", 20, "estimate")]);
    log(world, "sun", TIANPING, "2021-11-29", counts, json!({ "date_to": "2021-12-05" })).await;
    log(world, "li", LIANGHE, "2021-03-01", json!([count("banner", 100, "exact")]), json!({ "handler": "李强" })).await;
    log(world, "qian", TOWN, "2020-12-04", json!([count("banner", 33, "exact")]), json!({})).await;
}

#[tokio::test]
async fn filters_narrow_the_ledger_and_totals_keep_the_precisions_apart() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        let days = async |address: &str| {
            let answer = world.get("qian", address).await;
            assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
            texts(&answer, "table.ledger tbody th")
        };
        assert_eq!(days("/activities").await, ["2021-11-29 至 2021-12-05", "2021-06-24", "2021-03-01", "2020-12-04"]);
        assert_eq!(days("/activities?year=2020&unit=&q=").await, ["2020-12-04"]);
        assert_eq!(days("/activities?from=2021-12-01&to=2021-12-31").await, ["2021-11-29 至 2021-12-05"]);
        assert_eq!(days("/activities?own=1").await, ["2020-12-04"]);
        assert_eq!(days(&format!("/activities?unit={LIANGHE}")).await, ["2021-03-01"]);
        assert_eq!(days("/activities?measure=leaflet").await, ["2021-06-24"]);
        assert_eq!(days("/activities?theme=drugs").await, ["2021-06-24"]);
        assert_eq!(days("/activities?theme=none&year=2021").await.len(), 2);
        assert_eq!(days("/activities?campaign=none").await.len(), 4);
        assert_eq!(days("/activities?type=banner&q=李强").await, ["2021-03-01"]);
        assert_eq!(days("/activities?status=withdrawn").await.len(), 0);
        assert_eq!(days("/activities?theme=drugs&theme=none&year=2021").await.len(), 3);
        assert_eq!(days("/activities?precision=estimate").await, ["2021-11-29 至 2021-12-05"]);
        assert_eq!(days("/activities?precision=estimate&measure=leaflet").await.len(), 0);
        assert_eq!(days("/activities?place=院子").await, ["2021-06-24"]);
        assert_eq!(days("/activities?handler=李强").await, ["2021-03-01"]);
        assert_eq!(days("/activities?handler=李").await.len(), 0);
        assert_eq!(days("/activities?handler=none").await.len(), 3);
        assert_eq!(days("/activities?by=孙").await.len(), 2);
        // Everything was entered long after its month.
        assert_eq!(days("/activities?late=1").await.len(), 4);
        assert_eq!(days("/activities?late=0").await.len(), 0);
        assert_eq!(days("/activities?sort=day").await[0], "2020-12-04");
        assert_eq!(days("/activities?sort=-measure.banner").await[0], "2021-03-01");
        assert_eq!(days("/activities?sort=unit").await[0], "2020-12-04");
        let answer = world.get("qian", "/activities?unit=500999001&year=2021&measure=banner").await;
        assert_eq!(texts(&answer, ".totals li"), ["横幅/标语 123 条，其中估计 20"]);
        assert_eq!(texts(&answer, ".count"), ["共 3 条记录 其中补报 3 条"]);
        let lead = texts(&answer, ".behind").join("");
        assert!(lead.starts_with("2021-01-01 至 2021-12-31 的横幅/标语是 123 条"), "{lead}");
        // Of twenty over seven days November has the first two days, three each.
        let answer = world.get("qian", "/activities?from=2021-11-01&to=2021-11-30&measure=banner").await;
        let lead = texts(&answer, ".behind").join("");
        assert!(lead.contains("是 6 条，其中估计 6") && lead.contains("合计 20 条"), "{lead}");
        let answer = world.get("qian", "/activities?theme=drugs").await;
        let figures = texts(&answer, "td[data-label=数量]");
        assert_eq!(figures, ["横幅/标语 3条、宣传资料 120余份"]);
        assert!(texts(&answer, ".totals li").contains(&"宣传资料 120 份，其中“以上”口径 120".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn words_are_found_wherever_people_write_them() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        let campaign =
            json!({ "key": "led", "title": "LED屏宣传周", "unit": TOWN, "from": "2021-05-01", "to": "2021-05-31" });
        assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, StatusCode::CREATED);
        let more = json!({ "campaigns": ["led"], "organiser": "司法所_1", "note": "100%覆盖" });
        log(&world, "sun", TIANPING, "2021-05-05", json!([count("lecture", 1, "exact")]), more).await;
        let found = async |words: &str| {
            let query = serde_html_form::to_string([("q", words)]).expect("a query");
            let answer = world.get("qian", &format!("/activities?{query}")).await;
            texts(&answer, "table.ledger tbody th")
        };
        let lecture = ["2021-05-05"];
        for words in ["宣传周", "led屏", "讲座", "司法所", "所_1", "100%", "宣传周 司法", "天坪 覆盖"]
        {
            assert_eq!(found(words).await, lecture, "{words}");
        }
        for words in ["0%0", "所%1", "宣传周 两河"] {
            assert!(found(words).await.is_empty(), "{words}");
        }
        assert_eq!(found("两河").await, ["2021-03-01"]);
        assert_eq!(found("院子").await, ["2021-06-24"]);
    })
    .await;
}

#[tokio::test]
async fn each_condition_is_said_and_dropped_by_itself() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let answer =
        world.get("qian", "/activities?year=2021&theme=drugs&theme=none&q=院子&late=1&precision=at_least").await;
    assert_eq!(
        texts(&answer, ".conditions li").join("|"),
        "青山镇|2021年 ×|口径：以上 ×|主题：禁毒 ×|主题：未注明主题 ×|只看补报 ×|搜索：“院子” ×|清除条件"
    );
    let html = Html::parse_document(&answer.text);
    let drops = Selector::parse(".conditions a.drop").expect("a selector");
    let addresses: Vec<&str> = html.select(&drops).filter_map(|link| link.value().attr("href")).collect();
    assert!(addresses[2].contains("theme=none") && !addresses[2].contains("drugs"), "{addresses:?}");
    assert!(texts(&world.get("qian", "/activities").await, ".conditions").is_empty());
}

#[tokio::test]
async fn groups_open_to_their_entries_and_what_is_in_two_is_taken_off_once() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        let both = json!({ "themes": ["drugs", "safety"] });
        log(&world, "li", LIANGHE, "2021-06-26", json!([count("banner", 10, "exact")]), both).await;
        let answer = world.get("qian", "/activities?year=2021&group=theme").await;
        let rows = texts(&answer, "table.groups tbody tr, table.groups tfoot tr");
        let rows: Vec<&str> = rows.iter().map(|row| row.trim()).collect();
        assert_eq!(
            rows,
            [
                "禁毒213120（以上 120）",
                "安全110",
                "未注明主题2120（约 20）",
                "各组之和5143（约 20）120（以上 120）",
                "重复归属（已去重）−1−10",
                "合计4133（约 20）120（以上 120）",
            ]
        );
        let html = Html::parse_document(&answer.text);
        let link = Selector::parse("table.groups tbody a").expect("a selector");
        let address = html.select(&link).next().and_then(|link| link.value().attr("href")).expect("a link");
        assert_eq!(address, "/activities?year=2021&theme=drugs");
        let months = texts(&world.get("qian", "/activities?group=month").await, "table.groups tbody th");
        assert_eq!(months, ["2021年11月", "2021年6月", "2021年3月", "2020年12月"]);
        for group in ["unit", "type", "campaign", "handler"] {
            let answer = world.get("qian", &format!("/activities?group={group}&year=2021")).await;
            assert_eq!(answer.status, StatusCode::OK, "{group}");
            let links = Html::parse_document(&answer.text);
            let mut sum = 0;
            for link in links.select(&Selector::parse("table.groups tbody th a").expect("a selector")) {
                let to = world.get("qian", link.value().attr("href").expect("an address")).await;
                sum += texts(&to, "table.ledger tbody th").len();
            }
            assert_eq!(sum, 4, "{group}: opened, its groups have all entries");
        }
    })
    .await;
}

#[tokio::test]
async fn wechat_is_told_to_open_a_browser() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    for (agent, told) in [("Mozilla/5.0 MicroMessenger/8.0", true), ("Mozilla/5.0", false)] {
        let request = axum::http::Request::builder()
            .uri("/activities")
            .header("authorization", format!("Bearer {}", crate::server::testing::token("sun")))
            .header("user-agent", agent)
            .body(axum::body::Body::empty())
            .expect("a request");
        assert_eq!(world.send(request).await.text.contains("在浏览器打开"), told, "{agent}");
    }
}

#[tokio::test]
async fn a_cadre_sees_the_own_village_and_nobody_elses() {
    let world = World::new(sqlite().await).await;
    book(&world).await;
    let answer = world.get("sun", "/activities").await;
    assert_eq!(texts(&answer, "table.ledger tbody th").len(), 2);
    assert!(!answer.text.contains("两河村") && !answer.text.contains("李强"), "{}", answer.text);
    for address in ["/activities", "/activities.csv"] {
        for unit in [LIANGHE, TOWN] {
            let answer = world.get("sun", &format!("{address}?unit={unit}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address} {unit}");
        }
    }
    let table = world.get("sun", "/activities.csv").await.text;
    assert!(table.contains("天坪村") && !table.contains("两河村"), "{table}");
    assert_eq!(world.get("", "/activities").await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("", "/activities.csv").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_spreadsheet_gets_every_count_and_no_formula() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        let answer = world.get("qian", "/activities.csv?year=2021").await;
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        assert!(answer.header("content-disposition").starts_with("attachment; "), "{:?}", answer.headers);
        let table = answer.text.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        assert_eq!(&reader.headers().expect("a header")[8], "口径");
        let lines: Vec<csv::StringRecord> = reader.records().map(|line| line.expect("a line")).collect();
        assert_eq!(lines.len(), 4);
        let leaflet = lines.iter().find(|line| &line[6] == "宣传资料").expect("the leaflets");
        let cells: Vec<&str> = leaflet.iter().skip(1).take(15).collect();
        assert_eq!(
            cells,
            [
                "2021-06-24",
                "",
                TIANPING,
                "天坪村",
                "挂横幅/标语",
                "宣传资料",
                "120",
                "以上",
                "禁毒",
                "",
                "老院子",
                "",
                "",
                "'=1+1",
                "待审"
            ]
        );
        assert_eq!(&leaflet[19], "孙丽");
        let english = world.get("qian", "/activities.csv?year=2021&lang=en").await.text;
        assert!(
            english.starts_with("\u{feff}id,date,date_to,unit_code,unit,type,measure,value,precision,"),
            "{english}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_long_ledger_goes_page_by_page_and_its_export_has_it_all() {
    let world = World::new(sqlite().await).await;
    for n in 0..51 {
        let day = format!("2021-0{}-{:02}", 1 + n / 20, 1 + n % 20);
        log(&world, "sun", TIANPING, &day, json!([count("banner", 1, "exact")]), json!({})).await;
    }
    let answer = world.get("sun", "/activities?year=2021").await;
    assert_eq!(texts(&answer, "table.ledger tbody tr:not(.month)").len(), 50);
    let html = Html::parse_document(&answer.text);
    let next = Selector::parse("a[rel=next]").expect("a selector");
    let address = html.select(&next).next().and_then(|link| link.value().attr("href")).expect("a next page").to_owned();
    let second = world.get("sun", &address).await;
    assert_eq!(texts(&second, "table.ledger tbody th"), ["2021-01-01"]);
    assert_eq!(texts(&second, ".count"), ["共 51 条记录"]);
    assert!(texts(&second, "a[rel=next]").is_empty());
    assert_eq!(world.get("sun", "/activities.csv").await.text.lines().count(), 52);
}

#[tokio::test]
async fn an_empty_ledger_says_what_to_do_and_a_wrong_filter_what_is_wrong() {
    let world = World::new(sqlite().await).await;
    let link = format!("/log?unit={TIANPING}");
    let page = world.get("sun", "/activities").await.text;
    assert!(!page.contains("type=\"module\"") && !page.contains(".wasm"), "a page without islands loads none: {page}");
    assert!(world.get("sun", "/activities").await.text.contains(&link));
    assert!(!world.get("zhou", "/activities").await.text.contains("/log?unit="));
    for query in [
        "measure=none",
        "year=x",
        "from=2021-02-30",
        "from=2021-02-02&to=2021-02-01",
        "status=x",
        "cursor=x",
        "sort=x",
        "group=x",
        "late=2",
        "precision=x",
    ] {
        let answer = world.get("qian", &format!("/activities?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
    let answer = world.get("qian", "/activities?lang=en&year=2021&type=lecture&own=1").await;
    assert_eq!(texts(&answer, ".empty p")[0], "No entry meets these conditions.");
}
