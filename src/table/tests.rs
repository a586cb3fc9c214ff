//! Tables through the whole server: they reconcile, are sent and corrected, go out as workbooks and into a county's own file.

use super::sample::{county_form, upload};
use crate::{
    execute,
    server::testing::{Answer, World, each_engine, sqlite},
};
use axum::http::{Method, StatusCode};
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

pub(super) const TOWN: &str = "500999001";
pub(super) const TIANPING: &str = "500999001201";
pub(super) const LIANGHE: &str = "500999001202";

/// Logs counts as the officer; each is measure, value, precision.
async fn log(world: &World, unit: &str, date: &str, more: Value, counts: &[(&str, i64, &str)]) -> String {
    let quantities: Vec<Value> = counts
        .iter()
        .map(|(measure, value, precision)| json!({ "measure": measure, "value": value, "precision": precision }))
        .collect();
    let id = uuid::Uuid::now_v7().to_string();
    let mut body = json!({ "id": id, "unit": unit, "date": date, "type": "attendance", "quantities": quantities });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let answer = world.post("qian", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    id
}

/// All that is logged here came in time; what a test wants late it says.
async fn in_time(world: &World, late: &[&str]) {
    let mut conn = world.db.write().await.expect("a transaction");
    execute!(&mut conn, sqlx::query("update activity set late = false")).expect("in time");
    for id in late {
        let id: uuid::Uuid = id.parse().expect("an id");
        execute!(&mut conn, sqlx::query("update activity set late = true where id = $1").bind(id)).expect("late");
    }
    conn.commit().await.expect("stored");
}

/// The cells of a page's table, row by row.
fn rows(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let page = scraper::Html::parse_document(&answer.text);
    let select = |text: &str| scraper::Selector::parse(text).expect("a selector");
    let text = |cell: scraper::ElementRef<'_>| {
        // What only a screen reader hears is left out.
        let hidden = select(".visually-hidden");
        let mut all = cell.text().collect::<String>();
        for part in cell.select(&hidden) {
            all = all.replacen(&part.text().collect::<String>(), "", 1);
        }
        all.trim().to_owned()
    };
    page.select(&select("table.statistics tr")).map(|row| row.select(&select("th, td")).map(text).collect()).collect()
}

fn row(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let found = rows.iter().find(|row| row[0] == name).unwrap_or_else(|| panic!("no row {name}: {rows:?}"));
    found[1..].to_vec()
}

/// The id of a form with three columns.
async fn form(world: &World) -> String {
    let fields = [
        ("do", "save"),
        ("name", "月报"),
        ("c.0.name", "横幅"),
        ("c.0.word", "条"),
        ("c.0.formula", "banner"),
        ("c.1.name", "播放"),
        ("c.1.formula", "led + broadcast"),
        ("c.2.name", "广播占比"),
        ("c.2.word", "%"),
        ("c.2.formula", "broadcast ÷ (led + broadcast) %"),
    ];
    let answer = world.submit("qian", &format!("/tables/forms?unit={TOWN}"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = world.get("qian", &format!("/tables/forms?unit={TOWN}")).await.text;
    let (_, rest) = page.split_once("&amp;form=").expect("the form is listed");
    rest.chars().take_while(char::is_ascii_digit).collect()
}

pub(super) async fn year(world: &World) -> (String, String) {
    log(world, TIANPING, "2021-01-25", json!({ "themes": ["drugs"] }), &[("banner", 3, "exact"), ("led", 4, "exact")])
        .await;
    log(world, LIANGHE, "2021-01-26", json!({ "themes": ["drugs", "safety"] }), &[("banner", 5, "at_least")]).await;
    // Twice a day over the turn of the month: 7 days in March, 3 in April.
    let spread = json!({ "date_to": "2021-04-03" });
    log(world, TIANPING, "2021-03-25", spread, &[("broadcast", 20, "exact")]).await;
    let late = log(world, TOWN, "2021-06-02", json!({}), &[("banner", 7, "estimate")]).await;
    let last = log(world, LIANGHE, "2021-12-31", json!({}), &[("led", 6, "exact")]).await;
    in_time(world, &[&late]).await;
    (late, last)
}

#[tokio::test]
async fn twelve_months_are_the_year_and_what_came_late_stands_apart_within_it() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        let form = form(&world).await;
        let ask = |query: &str| {
            let address = format!("/tables?unit={TOWN}&year=2021&form={form}&{query}");
            let world = &world;
            async move { rows(&world.get("zhou", &address).await) }
        };
        let months = ask("rows=time").await;
        assert_eq!(row(&months, "1月"), ["8≥", "4", "0%", "0"]);
        assert_eq!(row(&months, "3月"), ["0", "14", "100%", "0"]);
        assert_eq!(row(&months, "4月"), ["0", "6", "100%", "0"]);
        assert_eq!(row(&months, "5月"), ["0", "0", "—", "0"]);
        assert_eq!(row(&months, "合计"), ["15≈", "30", "66.7%", "1"]);
        assert_eq!(row(&months, "其中补报"), ["7≈", "0", "—", ""]);
        let sum = |column: usize| -> i64 {
            let cells = months.iter().filter(|row| row[0].ends_with('月'));
            cells.map(|row| row[column].trim_matches(['≥', '≈']).parse::<i64>().expect("a number")).sum()
        };
        assert_eq!((sum(1), sum(2)), (15, 30), "twelve months are the year");

        let units = ask("rows=unit").await;
        let names: Vec<&str> = units.iter().map(|row| row[0].as_str()).collect();
        let expected = ["单位", "天坪村", "两河村", "大佛村", "青山小学", "青山镇本级", "合计", "其中补报"];
        assert_eq!(names, expected, "in the order of the codes");
        assert_eq!(row(&units, "天坪村")[..2], ["3", "24"]);
        assert_eq!(row(&units, "两河村")[..2], ["5≥", "6"]);
        assert_eq!(row(&units, "青山镇本级"), ["7≈", "0", "—", "1"], "and which row it came late in");
        assert_eq!(row(&months, "6月")[3], "1");
        assert_eq!(row(&units, "合计"), row(&months, "合计"));

        let themes = ask("rows=theme").await;
        assert_eq!(row(&themes, "禁毒")[..2], ["8≥", "4"]);
        assert_eq!(row(&themes, "安全")[..2], ["5≥", "0"]);
        assert_eq!(row(&themes, "无主题")[..2], ["7≈", "26"]);
        assert_eq!(row(&themes, "减：重复归属")[..2], ["5≥", "0"], "parts less what is counted twice are the whole");
        assert_eq!(row(&themes, "合计")[..], row(&months, "合计")[..3]);

        let measures = ask("rows=measure").await;
        assert_eq!(row(&measures, "横幅 条"), ["15≈", "3", "5", "7", "7"]);

        let quarter = ask("part=Q1&rows=time").await;
        assert_eq!(row(&quarter, "合计")[..2], ["8≥", "18"]);
        let page = world.get("zhou", &format!("/tables?unit={TOWN}&year=2021&form={form}&rows=unit")).await.text;
        let own = format!("/activities?unit={TOWN}&amp;from=2021-01-01&amp;to=2021-12-31&amp;own=1&amp;measure=banner");
        let village = format!("/activities?unit={TIANPING}&amp;from=2021-01-01&amp;to=2021-12-31&amp;measure=banner");
        assert!(page.contains(&own) && page.contains(&village), "figures lead to their records");
        let late = format!("/activities?unit={TOWN}&amp;from=2021-01-01&amp;to=2021-12-31&amp;own=1&amp;late=1");
        assert!(page.contains(&late), "{page}");
        // A figure of several measures leads to the entries that count any of them, and to no others.
        let both = format!("/activities?unit={LIANGHE}&from=2021-01-01&to=2021-12-31&measure=led&measure=broadcast");
        assert!(page.contains(&both.replace('&', "&amp;")), "{page}");
        let ledger = world.get("zhou", &both).await;
        let html = scraper::Html::parse_document(&ledger.text);
        let entries = scraper::Selector::parse("table.ledger tbody tr").expect("a selector");
        let entries: Vec<String> = html.select(&entries).map(|row| row.text().collect()).collect();
        // One entry below its month: the banners of January are none of them.
        assert!(entries.len() == 2 && entries[1].contains("12-31"), "{entries:?}");
        assert!(
            page.contains("大佛村") && page.contains("2021年还没有普法活动记录的有1个村（社区）：大佛村。"),
            "{page}"
        );
    })
    .await;
}

#[tokio::test]
async fn months_that_end_on_the_25th_are_reckoned_day_by_day() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        let form = form(&world).await;
        let address = format!("/tables?unit={TOWN}&year=2021&form={form}&rows=time");
        let refused = world.submit("qian", &address, &[("do", "cutoff"), ("cutoff", "29")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let answer = world.submit("qian", &address, &[("do", "cutoff"), ("cutoff", "25")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let months = rows(&world.get("zhou", &address).await);
        assert_eq!(row(&months, "1月")[..2], ["3", "4"]);
        assert_eq!(row(&months, "2月")[..2], ["5≥", "0"]);
        assert_eq!(row(&months, "3月")[..2], ["0", "2"], "one day until the 25th");
        assert_eq!(row(&months, "4月")[..2], ["0", "18"]);
        assert_eq!(row(&months, "12月")[..2], ["0", "0"], "the 31st is next January's");
        assert_eq!(row(&months, "合计")[..2], ["15≈", "24"]);
        let page = world.get("zhou", &address).await.text;
        assert!(page.contains("2020-12-26至2021-12-25，每月25日截止"), "{page}");
        // The county's other towns go on as before, and a village below takes the town's.
        let below = world.get("sun", &format!("/tables?unit={TIANPING}&year=2021&rows=time")).await.text;
        assert!(below.contains("每月25日截止"));
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_stays_and_corrections_are_told_against_it() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let (late, last) = year(&world).await;
        let form = form(&world).await;
        let address = format!("/tables?unit={TOWN}&year=2021&form={form}&rows=unit");
        assert_eq!(world.submit("zhou", &address, &[("do", "send")]).await.status, StatusCode::FORBIDDEN);
        let answer = world.submit("qian", &address, &[("do", "send"), ("note", "年报")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let sent = answer.header("location").to_owned();
        let page = world.get("zhou", &sent).await;
        assert!(page.text.contains("钱芳") && page.text.contains("报送以后没有更正"), "{}", page.text);
        let before = rows(&page);

        for id in [&late, &last] {
            let answer =
                world.post("qian", &format!("/api/v1/activities/{id}/withdraw"), json!({ "reason": "重复" })).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        }
        // The form is changed meanwhile: what was sent keeps its own columns.
        let change =
            [("do", "save"), ("id", form.as_str()), ("name", "月报"), ("c.0.name", "展板"), ("c.0.formula", "board")];
        let answer = world.submit("qian", &format!("/tables/forms?unit={TOWN}"), &change).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = world.get("zhou", &sent).await;
        assert_eq!(rows(&page), before, "the kept table never changes");
        for words in ["更正：", "青山镇本级", "两河村"] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let list = world.get("zhou", &format!("/tables?unit={TOWN}")).await.text;
        assert!(list.contains(&sent) && list.contains("年报"));
        assert_eq!(world.get("li", &sent).await.status, StatusCode::NOT_FOUND);
        let future = format!("/tables?unit={TOWN}&year=2199&rows=unit");
        assert_eq!(world.submit("qian", &future, &[("do", "send")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test]
async fn columns_without_figures_are_named_instead_of_shown_and_empty_years_are_not_offered() {
    let world = World::new(sqlite().await).await;
    year(&world).await;
    let address = format!("/tables?unit={TOWN}&year=2021&rows=unit");
    let heads = |answer: &Answer| rows(answer)[0].join(" ");
    let page = world.get("zhou", &address).await;
    assert!(heads(&page).contains("横幅") && !heads(&page).contains("展板"), "{}", heads(&page));
    assert!(page.text.contains("栏没有列出：") && page.text.contains("展板"), "what is left out is named");
    let all = format!("{address}&all=1");
    assert!(page.text.contains(&format!("href=\"{}\"", all.replace('&', "&amp;"))), "{}", page.text);
    assert!(heads(&world.get("zhou", &all).await).contains("展板"));
    let english = world.get("zhao", &format!("{address}&lang=en")).await;
    assert!(heads(&english).contains("Banners") && !heads(&english).contains("横幅"), "{}", heads(&english));
    // Whoever made a form wants its columns as they are.
    let form = form(&world).await;
    let page = world.get("zhou", &format!("/tables?unit={TOWN}&year=2021&part=05&form={form}")).await;
    assert!(heads(&page).contains("横幅") && page.text.contains("这段时间还没有登记"), "{}", page.text);
    // What was sent is read in the same way.
    let answer = world.submit("qian", &address, &[("do", "send"), ("note", "")]).await;
    let sent = answer.header("location").to_owned();
    assert!(!heads(&world.get("zhou", &sent).await).contains("展板"));
    assert!(heads(&world.get("zhou", &format!("{sent}?all=1")).await).contains("展板"));

    let html = scraper::Html::parse_document(&page.text);
    let years = scraper::Selector::parse("select[name=year] option").expect("a selector");
    let years: Vec<String> = html.select(&years).map(|year| year.text().collect()).collect();
    assert!(years.contains(&"2021".to_owned()) && years.len() == 2, "this year and those with entries: {years:?}");
}

#[tokio::test]
async fn a_share_of_an_estimate_is_marked_as_one() {
    let world = World::new(sqlite().await).await;
    log(&world, TIANPING, "2021-01-25", json!({}), &[("led", 30, "estimate"), ("broadcast", 10, "exact")]).await;
    log(&world, LIANGHE, "2021-01-25", json!({}), &[("led", 30, "exact"), ("broadcast", 10, "exact")]).await;
    in_time(&world, &[]).await;
    let form = form(&world).await;
    let table = rows(&world.get("zhou", &format!("/tables?unit={TOWN}&year=2021&form={form}")).await);
    assert_eq!(row(&table, "天坪村"), ["0", "40≈", "25%≈"]);
    assert_eq!(row(&table, "两河村"), ["0", "40", "25%"]);
    assert_eq!(row(&table, "大佛村"), ["0", "0", "—"]);
}

#[tokio::test]
async fn two_forms_of_one_name_are_refused() {
    let world = World::new(sqlite().await).await;
    let id = form(&world).await;
    let address = format!("/tables/forms?unit={TOWN}");
    let fields = [("do", "save"), ("name", "月报"), ("c.0.name", "横幅"), ("c.0.formula", "banner")];
    let answer = world.submit("qian", &address, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("青山镇已有叫“月报”的表样"), "{}", answer.text);
    let itself = [&fields[..], &[("id", id.as_str())]].concat();
    assert_eq!(world.submit("qian", &address, &itself).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_wrong_form_comes_back_filled_and_names_the_column() {
    let world = World::new(sqlite().await).await;
    let address = format!("/tables/forms?unit={TOWN}");
    let fields = [
        ("do", "save"),
        ("name", ""),
        ("c.0.name", "横幅"),
        ("c.0.formula", "banner + lanterns"),
        ("c.1.formula", "(led"),
    ];
    let answer = world.submit("qian", &address, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["banner + lanterns", "没有“lanterns”这个统计项目", "算式没写完", "请给表样起个名称", "没有名称"]
    {
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
    assert_eq!(world.submit("zhou", &address, &fields).await.status, StatusCode::FORBIDDEN);
    for wrong in ["year=99", "part=13&year=2021", "rows=person", "form=99", "unit=500999"] {
        assert_eq!(world.get("zhou", &format!("/tables?{wrong}")).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

pub(super) fn cells(bytes: &[u8], sheet: &str) -> BTreeMap<(u32, u32), Data> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook");
    let range = book.worksheet_range(sheet).expect("the sheet");
    let (top, left) = range.start().unwrap_or_default();
    let used = range.used_cells();
    used.map(|(row, column, value)| ((row as u32 + top, column as u32 + left), value.clone())).collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    zip.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
    text
}

#[tokio::test]
async fn a_table_goes_out_as_a_workbook_with_real_numbers() {
    let world = World::new(sqlite().await).await;
    year(&world).await;
    let form = form(&world).await;
    let answer = world.get("zhou", &format!("/tables.xlsx?unit={TOWN}&year=2021&form={form}&rows=unit")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let found = cells(&answer.bytes, "统计表");
    assert_eq!(found[&(0, 0)], Data::String("青山镇2021年统计表（月报）".into()));
    assert_eq!(found[&(3, 0)], Data::String("天坪村".into()));
    assert_eq!((&found[&(3, 1)], &found[&(3, 2)]), (&Data::Float(3.0), &Data::Float(24.0)));
    let total = found.iter().find(|(_, value)| **value == Data::String("合计".into())).expect("a total").0.0;
    assert_eq!((&found[&(total, 1)], &found[&(total, 2)]), (&Data::Float(15.0), &Data::Float(30.0)));
    let sheet = part(&answer.bytes, "xl/worksheets/sheet1.xml");
    for set_up in ["orientation=\"landscape\"", "paperSize=\"9\"", "fitToHeight=\"0\"", "state=\"frozen\""] {
        assert!(sheet.contains(set_up), "{set_up}");
    }
    assert!(part(&answer.bytes, "xl/workbook.xml").contains("Print_Titles"), "the head on every page");
    // How sure a number is stands in its format, and what the signs mean below.
    let styles = part(&answer.bytes, "xl/styles.xml");
    assert!(styles.contains("#,##0&quot;≈&quot;") && styles.contains("#,##0&quot;≥&quot;"), "{styles}");
    assert!(found.values().any(|value| *value == Data::String("≥ 含“以上”的数，≈ 含估计的数。".into())));
    // Columns without figures find no room on paper; they are named.
    let answer = world.get("zhou", &format!("/tables.xlsx?unit={TOWN}&year=2021&rows=unit")).await;
    let texts: Vec<String> = cells(&answer.bytes, "统计表").values().map(ToString::to_string).collect();
    assert!(!texts.iter().any(|text| text.starts_with("展板（")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("栏没有列出：") && text.contains("展板")), "{texts:?}");
}

#[tokio::test]
async fn a_countys_own_form_comes_back_filled_in_its_own_layout() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        year(&world).await;
        let original = county_form(&["天坪村", "两河村民委员会", "大佛村委会", "外镇村"]);
        let address = format!("/tables/templates?unit={TOWN}");
        let answer = upload(&world, "qian", &address, "区普法月报.xlsx", &original).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = answer.header("location").to_owned();
        let text = world.get("qian", &page).await.text;
        for words in ["C · 横幅(条)", "value=\"banner\"", "value=\"leaflet\"", "value=\"lecture\"", "6 · 外镇村"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
        // 两河村民委员会 was not recognised or was: the officer settles it, and it is kept.
        let settled = [("do", "settle"), ("r.4", "unit:500999001202"), ("c.3", "led + broadcast"), ("c.4", "")];
        assert_eq!(world.submit("qian", &page, &settled).await.status, StatusCode::SEE_OTHER);
        let wrong = [("do", "settle"), ("c.3", "led +"), ("r.4", "unit:500888")];
        assert_eq!(world.submit("qian", &page, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);

        let filled = world.get("zhou", &format!("{page}/filled.xlsx?year=2021")).await;
        assert_eq!(filled.status, StatusCode::OK, "{}", filled.text);
        let (was, is) = (cells(&original, "普法统计"), cells(&filled.bytes, "普法统计"));
        assert_eq!((&is[&(2, 2)], &is[&(2, 3)]), (&Data::Float(3.0), &Data::Float(24.0)), "天坪村");
        assert_eq!((&is[&(3, 2)], &is[&(3, 3)]), (&Data::Float(5.0), &Data::Float(6.0)), "两河村");
        assert_eq!(is[&(4, 2)], Data::Float(0.0), "大佛村 did nothing, and that is a number too");
        assert_eq!(is[&(5, 2)], Data::String("（填）".into()), "what is nobody's is left as it was");
        for place in [(0, 0), (1, 2), (2, 0), (2, 1), (2, 5), (6, 1)] {
            assert_eq!(was[&place], is[&place], "{place:?}");
        }
        let (before, after) =
            (part(&original, "xl/worksheets/sheet1.xml"), part(&filled.bytes, "xl/worksheets/sheet1.xml"));
        for kept in ["<mergeCell ref=\"A1:F1\"/>", "SUM(C3:C6)", "<col min=\"2\""] {
            assert!(before.contains(kept) && after.contains(kept), "{kept}");
        }
        for whole in ["xl/styles.xml", "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"] {
            assert_eq!(part(&original, whole), part(&filled.bytes, whole), "{whole}");
        }
        assert!(part(&filled.bytes, "xl/workbook.xml").contains("fullCalcOnLoad=\"1\""), "sums are reckoned anew");

        // By month, for a village, with the sum that the form does not reckon.
        let monthly = county_form(&["1月", "三月", "第二季度"]);
        let answer = upload(&world, "qian", &format!("/tables/templates?unit={TIANPING}"), "月.xlsx", &monthly).await;
        let page = answer.header("location").to_owned();
        assert_eq!(world.submit("qian", &page, &[("do", "settle"), ("c.3", "led + broadcast")]).await.status, 303);
        let filled = world.get("sun", &format!("{page}/filled.xlsx?year=2021")).await;
        let is = cells(&filled.bytes, "普法统计");
        assert_eq!(
            [&is[&(2, 3)], &is[&(3, 3)], &is[&(4, 3)], &is[&(5, 3)]],
            [4.0, 14.0, 6.0, 24.0].map(Data::Float).each_ref()
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_no_form_is_refused_and_says_how_to_go_on() {
    let world = World::new(sqlite().await).await;
    let address = format!("/tables/templates?unit={TOWN}");
    let mut blank = rust_xlsxwriter::Workbook::new();
    blank.add_worksheet().write_string(0, 0, "你好").expect("a cell");
    let blank = blank.save_to_buffer().expect("a workbook");
    let bomb = vec![b' '; 60 * 1024 * 1024];
    let bomb = crate::evidence::sample::archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/styles.xml", &bomb)]);
    for (bytes, words) in [
        (blank, "没有认出表头"),
        (b"PK\x03\x04 broken".to_vec(), "f-file-problem"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old".to_vec(), "这不是 XLSX 表格"),
        (bomb, "f-file-problem"),
        (vec![b'x'; 5 * 1024 * 1024], "文件超过4 MB"),
    ] {
        let answer = upload(&world, "qian", &address, "a.xlsx", &bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
    assert_eq!(upload(&world, "zhou", &address, "a.xlsx", b"x").await.status, StatusCode::FORBIDDEN);
    let nobody = world.ask("", Method::GET, &address, None).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}
