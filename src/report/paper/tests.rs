//! Reports as the town makes them: a snapshot that keeps, texts whose figures stay bound, and a way from draft to public.

use crate::{
    ledger::tests::{TIANPING, TOWN, count, log, texts},
    server::testing::{Answer, World, each_engine, sqlite},
};
use axum::http::{Method, StatusCode};
use serde_json::json;
use std::io::Read;

/// Another office's figure, as the form takes it.
pub const QUOTE: [(&str, &str); 7] = [
    ("do", "add"),
    ("name", "持有行政执法证人员"),
    ("figure", "22"),
    ("unit_word", "名"),
    ("source", "镇综合行政执法办"),
    ("person", "王伟"),
    ("day", "2021-12-20"),
];

/// Makes a report as the officer; its address.
async fn made(world: &World, span: &str, style: &str) -> String {
    let answer = world.submit("qian", "/reports/new", &[("unit", TOWN), ("span", span), ("style", style)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").to_owned()
}

/// The document's paragraphs.
fn lines(answer: &Answer) -> Vec<String> {
    texts(answer, "article.gazette > *")
}

/// A form of the report, with the version that stands on its page.
async fn act(world: &World, who: &str, address: &str, fields: &[(&str, &str)]) -> Answer {
    let page = world.get(who, address).await;
    let version = page
        .text
        .split_once("name=\"version\" value=\"")
        .map_or("0", |(_, rest)| rest.split('"').next().unwrap_or("0"));
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("version", version)]).collect();
    world.submit(who, address, &fields).await
}

/// What the edit form holds.
async fn typed(world: &World, address: &str) -> Vec<(String, String)> {
    let page = world.get("qian", &format!("{address}/edit")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let html = scraper::Html::parse_document(&page.text);
    let selector = scraper::Selector::parse("form textarea").expect("a selector");
    html.select(&selector)
        .map(|area| {
            let name = area.value().attr("name").expect("a name").to_owned();
            (name, area.text().collect::<String>().trim().to_owned())
        })
        .collect()
}

fn fields<'a>(typed: &'a [(String, String)], change: Option<(&'a str, &'a str)>) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("title", "青山镇2021年普法工作情况报告"), ("addressee", "县委、县政府")];
    fields.extend(typed.iter().map(|(name, body)| {
        let body = change.filter(|(own, _)| own == name).map_or(body.as_str(), |(_, body)| body);
        (name.as_str(), body)
    }));
    fields
}

/// Banners, leaflets for drugs, a study session of the town itself, all in 2021.
async fn year(world: &World) -> uuid::Uuid {
    let banners = log(world, "sun", TIANPING, "2021-06-01", json!([count("banner", 156, "exact")]), json!({})).await;
    let drugs = json!({ "themes": ["drugs"] });
    log(world, "sun", TIANPING, "2021-06-26", json!([count("leaflet", 4_836, "exact")]), drugs).await;
    log(world, "qian", TOWN, "2021-11-02", json!([count("study", 4, "exact")]), json!({})).await;
    banners
}

async fn correct(world: &World, id: uuid::Uuid, value: i64, version: &str) {
    let body = json!({ "quantities": [count("banner", value, "exact")], "reason": "数错了" });
    let request = axum::http::Request::builder()
        .method(Method::PATCH)
        .uri(format!("/api/v1/activities/{id}"))
        .header("authorization", format!("Bearer {}", crate::server::testing::token("qian")))
        .header("content-type", "application/json")
        .header("if-match", version)
        .body(axum::body::Body::from(body.to_string()))
        .expect("a request");
    let answer = world.send(request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test]
async fn a_report_keeps_its_figures_and_tells_what_was_corrected_since() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let banners = year(&world).await;
        let address = made(&world, "2021", "official").await;
        let page = world.get("zhou", &address).await;
        let text = lines(&page).join("\n");
        assert!(text.contains("悬挂宣传横幅150余条") && text.contains("发放宣传资料4800余份"), "{text}");
        assert_eq!(texts(&page, ".corrections"), Vec::<String>::new(), "nothing was corrected");

        correct(&world, banners, 149, "1").await;
        let page = world.get("zhou", &address).await;
        assert!(lines(&page).join("\n").contains("悬挂宣传横幅150余条"), "the report stays as it was");
        let row = texts(&page, ".corrections tbody tr").join("");
        assert_eq!(row, "横幅/标语150余条156140余条149-7");
        assert!(
            page.text.contains("/activities?unit=500999001&amp;from=2021-01-01&amp;to=2021-12-31&amp;measure=banner")
        );

        let refreshed = act(&world, "qian", &address, &[("do", "refresh")]).await;
        assert_eq!(refreshed.status, StatusCode::SEE_OTHER, "{}", refreshed.text);
        let page = world.get("zhou", &address).await;
        assert!(lines(&page).join("\n").contains("悬挂宣传横幅140余条"), "{}", page.text);
        assert_eq!(texts(&page, ".corrections"), Vec::<String>::new());

        // Signed, it changes no more, and says so.
        assert_eq!(act(&world, "qian", &address, &[("do", "review")]).await.status, StatusCode::SEE_OTHER);
        let signed = act(&world, "qian", &address, &[("do", "sign"), ("signer", "周波")]).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        correct(&world, banners, 46, "2").await;
        let refused = act(&world, "qian", &address, &[("do", "refresh")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let page = world.get("qian", &address).await;
        assert!(lines(&page).join("\n").contains("140余条") && page.text.contains("46条"), "{}", page.text);
        assert!(texts(&page, ".corrections p").join("").contains("报告已签发"));
    })
    .await;
}

#[tokio::test]
async fn a_report_has_the_sections_of_an_official_document_and_leaves_out_what_says_nothing() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let empty = made(&world, "2020", "official").await;
        let page = world.get("qian", &empty).await;
        assert_eq!(
            texts(&page, "article.gazette h2").first().map(String::as_str),
            Some("一、下一步工作"),
            "{}",
            page.text
        );
        assert!(!page.text.contains("主要举措和成效</h2>"), "no achievements, no heading");

        year(&world).await;
        let indicator = json!({ "key": "sessions", "name": "村级学法", "kind": "frequency", "measure": "study",
            "unit_kind": "village", "each": "year", "unit": TOWN });
        assert_eq!(world.post("qian", "/api/v1/indicators", indicator).await.status, 201);
        let target = json!({ "plan": "plan-8", "indicator": "sessions", "unit": TOWN, "value": 1, "basis": "通知" });
        assert_eq!(world.post("qian", "/api/v1/targets", target).await.status, 201);
        let address = made(&world, "2021", "official").await;
        let page = world.get("qian", &address).await;
        assert_eq!(
            texts(&page, "article.gazette h2"),
            [
                "一、主要举措和成效",
                "二、党政主要负责人履行推进法治建设第一责任人职责情况",
                "三、存在的问题和原因",
                "四、下一步工作"
            ]
        );
        let text = lines(&page);
        assert_eq!(text[0], "青山镇2021年普法工作情况报告");
        assert_eq!(text[1], "县委、县政府：", "the county is whom a town reports to");
        let text = text.join("\n");
        assert!(text.contains("（二）突出重点主题。\n禁毒：开展活动1次，发放宣传资料4800余份。"), "{text}");
        assert!(text.contains("落实领导干部学法制度，中心组学法4次。"), "{text}");
        assert_eq!(text.matches("中心组学法4次").count(), 1, "what the leaders studied is told once: {text}");
        assert!(text.contains("村级学法尚未达标，还差3次（天坪村、两河村、大佛村）。"), "{text}");
        assert!(text.contains("两河村、大佛村没有活动记录"), "{text}");
        assert!(text.contains("禁毒只有横幅、资料等单向宣传"), "{text}");
        assert!(text.contains("本期没有完成、已无法补做的村级学法，列入2022年计划优先安排。"), "{text}");
        for link in ["/goals?unit=500999001", "measure=leaflet&amp;theme=drugs", "own=1"] {
            assert!(page.text.contains(link), "{link}: {}", page.text);
        }
    })
    .await;
}

#[tokio::test]
async fn texts_are_edited_and_a_figure_is_never_typed() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        let address = made(&world, "2021-H1", "exact").await;
        let edit = format!("{address}/edit");
        let before = typed(&world, &address).await;
        let achievements = &before.iter().find(|(name, _)| name == "achievements").expect("the section").1;
        assert!(achievements.contains("悬挂宣传横幅{banner}"), "{achievements}");

        let wrong = fields(&before, Some(("problems", "横幅挂得不够，只有{bannner}。")));
        let refused = act(&world, "qian", &edit, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("只有{bannner}。"), "what was typed stays");
        assert!(texts(&refused, ".problems").join("").contains("{bannner}"), "{}", refused.text);

        let right = fields(&before, Some(("problems", "横幅{banner}，其中\n禁毒资料{leaflet@drugs}。")));
        let saved = act(&world, "qian", &edit, &right).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let page = world.get("qian", &address).await;
        let text = lines(&page).join("\n");
        assert!(text.contains("横幅156条，其中\n禁毒资料4,836份。"), "{text}");
        assert!(text.contains("2021年上半年"), "{text}");

        // Somebody whose page is older is told, and loses nothing.
        let mut late = fields(&before, Some(("problems", "我写的一段。")));
        late.push(("version", "1"));
        let refused = world.submit("qian", &edit, &late).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("我写的一段。") && refused.text.contains("别人刚改过"), "{}", refused.text);
        let theirs = texts(&refused, ".theirs").join("");
        assert!(theirs.contains("横幅{banner}，其中"), "what the other wrote stands beside it: {theirs}");
        for who in ["zhou", "sun"] {
            let status = if who == "sun" { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
            assert_eq!(world.submit(who, &edit, &late).await.status, status, "{who}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_report_goes_from_draft_to_public_step_by_step_and_each_step_is_kept() {
    let world = World::new(sqlite().await).await;
    year(&world).await;
    let address = made(&world, "2021", "official").await;
    let early = act(&world, "qian", &address, &[("do", "sign"), ("signer", "周波")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "nothing is signed that was not looked at");
    for (who, fields, status) in [
        ("zhou", vec![("do", "review")], StatusCode::FORBIDDEN),
        ("sun", vec![("do", "review")], StatusCode::NOT_FOUND),
        ("qian", vec![("do", "review")], StatusCode::SEE_OTHER),
        ("qian", vec![("do", "back")], StatusCode::UNPROCESSABLE_ENTITY),
        ("qian", vec![("do", "back"), ("remark", "补充民法典的内容")], StatusCode::SEE_OTHER),
        ("qian", vec![("do", "review")], StatusCode::SEE_OTHER),
        ("zhao", vec![("do", "sign")], StatusCode::UNPROCESSABLE_ENTITY),
        ("zhao", vec![("do", "sign"), ("signer", "周波")], StatusCode::SEE_OTHER),
        ("qian", vec![("do", "send"), ("receiver", "县委、县政府")], StatusCode::SEE_OTHER),
        ("qian", vec![("do", "publish")], StatusCode::SEE_OTHER),
    ] {
        let answer = act(&world, who, &address, &fields).await;
        assert_eq!(answer.status, status, "{who} {fields:?}: {}", answer.text);
    }
    let page = world.get("zhou", &address).await;
    let steps = texts(&page, "ol.steps li").join("\n");
    for step in
        ["钱芳 起草", "钱芳 退回修改：补充民法典的内容", "赵明 签发：周波", "钱芳 报送：县委、县政府", "钱芳 公开"]
    {
        assert!(steps.contains(step), "{step}: {steps}");
    }
    let audit = world.get("zhao", "/audit").await.text;
    assert!(audit.contains("推进报告"), "{audit}");
    let edit = act(&world, "qian", &format!("{address}/edit"), &[("title", "别的")]).await;
    assert_eq!(edit.status, StatusCode::CONFLICT);
    assert!(world.get("qian", &address).await.text.contains("青山镇2021年普法工作情况报告"));
}

#[tokio::test]
async fn another_offices_figure_is_quoted_with_its_source_and_enters_no_total() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        let address = made(&world, "2021", "official").await;
        let quotes = format!("{address}/quotes");
        let nobodys = QUOTE.map(|(name, value)| (name, if name == "source" { "" } else { value }));
        let refused = act(&world, "qian", &quotes, &nobodys).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("王伟"), "what was typed stays");
        assert_eq!(act(&world, "qian", &quotes, &QUOTE).await.status, StatusCode::SEE_OTHER);
        let before = typed(&world, &address).await;
        let text = fields(&before, Some(("leaders", "全镇{:quote.1}持有行政执法证。")));
        let saved = act(&world, "qian", &format!("{address}/edit"), &text).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let page = world.get("qian", &address).await;
        let said = lines(&page).join("\n");
        assert!(said.contains("全镇22名（镇综合行政执法办提供，王伟，2021-12-20）持有行政执法证。"), "{said}");
        let sums = texts(&page, "tr[id^=figure-] th").join("");
        assert!(!sums.contains("执法证"), "{sums}");
        let used = act(&world, "qian", &quotes, &[("do", "withdraw"), ("number", "1")]).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY, "the text still has it");
    })
    .await;
}

#[tokio::test]
async fn a_measure_of_the_towns_own_is_told_in_its_own_words() {
    let world = World::new(sqlite().await).await;
    for (key, name, word, phrase) in
        [("poster", "展架", "个", "摆放展架{figure}"), ("truck", "宣传车", "台次", "出动宣传车{figure}")]
    {
        let measure = json!({ "key": key, "name": name, "unit_word": word, "phrase": phrase, "unit": TOWN });
        assert_eq!(world.post("qian", "/api/v1/measures", measure).await.status, StatusCode::CREATED);
    }
    let counts = json!([count("poster", 62, "exact"), count("truck", 120, "at_least")]);
    let truck = json!({ "themes": ["fraud"], "type": "board" });
    log(&world, "sun", TIANPING, "2021-02-01", counts, truck).await;
    let address = made(&world, "2021-Q1", "official").await;
    let text = lines(&world.get("qian", &address).await).join("\n");
    assert!(text.contains("摆放展架62个") && text.contains("出动宣传车120余台次"), "{text}");
    assert!(text.contains("反诈：开展活动1次，摆放展架62个，出动宣传车120余台次。"), "{text}");
    let address = made(&world, "2021-02", "internal").await;
    let text = lines(&world.get("qian", &address).await).join("\n");
    assert!(text.contains("出动宣传车120台次（以上120，1条记录）"), "{text}");
}

/// A file inside a document.
pub fn part(docx: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(docx)).expect("a document is an archive");
    let mut text = String::new();
    zip.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
    text
}

#[tokio::test]
async fn the_document_is_opened_again_with_its_headings_and_figures() {
    let world = World::new(sqlite().await).await;
    year(&world).await;
    let address = made(&world, "2021", "official").await;
    let answer = world.get("zhou", &format!("{address}/report.docx")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.header("content-disposition").contains(".docx"));
    let text = part(&answer.bytes, "word/document.xml");
    for words in ["青山镇2021年普法工作情况报告", "县委、县政府：", "一、主要举措和成效", "150余条", "Heading1"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("{banner}"), "no token is printed");
    assert_eq!(world.get("", &format!("{address}/report.docx")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("li", &format!("{address}/report.docx")).await.status, StatusCode::NOT_FOUND);
}
