//! A message is pasted, checked and confirmed, by plain forms.

use super::form;
use crate::{
    domain::period::Day,
    server::{
        clock,
        form::FormData,
        testing::{Answer, World, each_engine, sqlite},
    },
};
use axum::http::StatusCode;

const TIANPING: &str = "500999001201";
const PAGE: &str = "/log/message";

/// The message of the contract's scenario, of a village of the cast.
const MESSAGE: &str = "天坪村12月4日开展宪法宣传，悬挂横幅2条，发放资料120余份，受教育60余人次";

/// The value of a field in a page.
fn value(page: &str, name: &str) -> String {
    let tag = page.split('<').find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap_or_default();
    let value = tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    value.to_owned()
}

/// The option that is chosen in a list.
fn chosen(page: &str, name: &str) -> String {
    let select = page.split("<select").find(|part| part.contains(&format!("name=\"{name}\""))).unwrap_or_default();
    let select = select.split("</select>").next().unwrap_or_default();
    let option = select.split("<option").find(|option| option.contains(" selected")).unwrap_or_default();
    option.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

/// The form as a browser would send it from the page, with changes.
fn confirmed(page: &str, text: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> =
        vec![("do".into(), "save".into()), ("read".into(), text.into()), ("text".into(), text.into())];
    for index in 0.. {
        if !page.contains(&format!("name=\"e.{index}.unit\"")) {
            break;
        }
        let name = |own: &str| form::field(index, own);
        for own in ["id", "date", "date_to", "place", "note"] {
            fields.push((name(own), value(page, &name(own))));
        }
        for own in ["unit", "type"] {
            fields.push((name(own), chosen(page, &name(own))));
        }
        let is_kept =
            page.split('<').any(|tag| tag.contains(&format!("name=\"{}\"", name("keep"))) && tag.contains(" checked"));
        if is_kept {
            fields.push((name("keep"), "1".into()));
        }
        for own in ["units", "covers", "theme"] {
            for tag in page.split('<').filter(|tag| tag.contains(&format!("name=\"{}\"", name(own)))) {
                let value = tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
                fields.push((name(own), value.to_owned()));
            }
        }
        for row in (0..20).filter(|row| page.contains(&format!("name=\"{}\"", name(&format!("c.{row}.value"))))) {
            let own = |part: &str| name(&format!("c.{row}.{part}"));
            fields.push((own("measure"), chosen(page, &own("measure"))));
            fields.push((own("value"), value(page, &own("value"))));
            fields.push((own("precision"), chosen(page, &own("precision"))));
        }
    }
    for (name, value) in changes {
        fields.retain(|(own, _)| own != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

async fn submit(world: &World, who: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    world.submit(who, PAGE, &fields).await
}

async fn read(world: &World, who: &str, text: &str) -> Answer {
    world.submit(who, PAGE, &[("do", "read"), ("text", text)]).await
}

/// Reads and confirms a text as it is.
async fn paste(world: &World, who: &str, text: &str) -> Answer {
    let page = read(world, who, text).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    submit(world, who, &confirmed(&page.text, text, &[])).await
}

/// The last 4th of December.
fn constitution_day() -> Day {
    use chrono::Datelike;
    let today = clock::day_of(clock::now());
    let this = Day::from_ymd_opt(today.year(), 12, 4).unwrap();
    if this <= today { this } else { Day::from_ymd_opt(today.year() - 1, 12, 4).unwrap() }
}

async fn entries(world: &World, who: &str) -> Vec<serde_json::Value> {
    let list = world.get(who, "/api/v1/activities?unit=500999001").await.json();
    list["items"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_pasted_message_is_confirmed_and_not_typed_and_twice_is_once() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let page = read(&world, "sun", MESSAGE).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let day = constitution_day().to_string();
        for (name, expected) in
            [("e.0.c.0.value", "2"), ("e.0.c.1.value", "120"), ("e.0.c.2.value", "60"), ("e.0.date", &day)]
        {
            assert_eq!(value(&page.text, name), expected, "{name}");
        }
        for (name, expected) in [
            ("e.0.unit", TIANPING),
            ("e.0.c.0.measure", "banner"),
            ("e.0.c.0.precision", "exact"),
            ("e.0.c.1.measure", "leaflet"),
            ("e.0.c.1.precision", "at_least"),
            ("e.0.c.2.measure", "attendance"),
        ] {
            assert_eq!(chosen(&page.text, name), expected, "{name}");
        }
        assert!(entries(&world, "qian").await.is_empty(), "nothing is stored before it is confirmed");

        let done = submit(&world, "sun", &confirmed(&page.text, MESSAGE, &[])).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(done.header("location").starts_with("/activities/"));
        let stored = entries(&world, "qian").await;
        assert_eq!(stored.len(), 1);
        assert_eq!((stored[0]["unit"].as_str(), stored[0]["date"].as_str()), (Some(TIANPING), Some(day.as_str())));
        assert_eq!(stored[0]["themes"], serde_json::json!(["constitution"]));
        assert_eq!(stored[0]["quantities"].as_array().map(Vec::len), Some(3));
        assert_eq!(stored[0]["note"], MESSAGE);

        // The officer pastes the same from the group, with other spaces.
        let again = paste(&world, "qian", &format!(" {}\r\n", MESSAGE.replace('，', "， "))).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
        let said = format!("pufa_said={}", hex::encode("这些消息以前登记过，没有重复登记。"));
        assert!(again.headers.get_all("set-cookie").iter().any(|cookie| cookie.to_str().unwrap().contains(&said)));
        assert_eq!(entries(&world, "qian").await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn ten_messages_at_once_are_ten_entries_and_a_longer_paste_adds_only_what_is_new() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let mut text = String::new();
        for index in 0..10 {
            let unit = ["天坪村", "两河村", "大佛村"][index % 3];
            text += &format!("张三 12-0{} 15:32:\n{unit}悬挂横幅{}条\n\n", 1 + index % 3, index + 1);
        }
        let done = paste(&world, "qian", &text).await;
        assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/activities"), "{}", done.text);
        assert_eq!(entries(&world, "qian").await.len(), 10);
        text += "李四 12-03 18:00:\n天坪村发放资料50份\n王五 12-03 19:00:\n收到";
        let page = read(&world, "qian", &text).await;
        assert!(
            page.text.contains("没有数量、没有列出的 1 处") && page.text.contains("收到"),
            "what is left out is said"
        );
        let done = submit(&world, "qian", &confirmed(&page.text, &text, &[])).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(entries(&world, "qian").await.len(), 11);
    })
    .await;
}

#[tokio::test]
async fn together_stays_one_entry_at_the_town_and_each_becomes_one_a_village() {
    let world = World::new(sqlite().await).await;
    let done = paste(&world, "qian", "12月4日，3个村共发放资料500份").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let stored = entries(&world, "qian").await;
    assert_eq!(stored.len(), 1);
    assert_eq!(
        (stored[0]["unit"].as_str(), stored[0]["quantities"][0]["value"].as_i64()),
        (Some("500999001"), Some(500))
    );
    assert_eq!(stored[0]["covers"].as_array().map(Vec::len), Some(3));

    let done = paste(&world, "qian", "天坪村、两河村12月4日各悬挂横幅2条").await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(entries(&world, "qian").await.len(), 3);

    // Not said: it is asked, and nothing is stored before it is answered.
    let text = "天坪村、大佛村12月4日发放手册60本";
    let page = read(&world, "qian", text).await;
    let refused = submit(&world, "qian", &confirmed(&page.text, text, &[("e.0.place", "老街")])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请选“每村各”或“合计”") && refused.text.contains("老街"), "{}", refused.text);
    let done = submit(&world, "qian", &confirmed(&page.text, text, &[("e.0.manner", "each")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(entries(&world, "qian").await.len(), 5);
}

#[tokio::test]
async fn what_is_doubtful_is_marked_in_the_words_and_told_beside_them() {
    let world = World::new(sqlite().await).await;
    let page = read(&world, "sun", "天坪村12月4日发放资料数百份，横幅2条，发米10袋").await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["<mark>数百份<", "<mark>10袋<", "“数百份”：没有写明数字", "“10袋”：对不上统计项目"]
    {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
    // Markup in a message stays text.
    let page = read(&world, "sun", "<script>alert(1)</script> 横幅2条\"'").await;
    assert!(page.status == StatusCode::OK && !page.text.contains("<script>alert"), "{}", page.text);
    let page = world.submit("sun", "/log/message?lang=en", &[("do", "read"), ("text", MESSAGE)]).await;
    assert!(page.text.contains("1 draft read"), "{}", page.text);
}

#[tokio::test]
async fn a_message_that_names_no_unit_is_the_cadres_own_and_asked_of_an_officer() {
    let world = World::new(sqlite().await).await;
    let text = "12月4日悬挂横幅2条";
    assert_eq!(chosen(&read(&world, "sun", text).await.text, "e.0.unit"), TIANPING);
    let page = read(&world, "qian", text).await;
    assert_eq!(chosen(&page.text, "e.0.unit"), "");
    assert!(page.text.contains("消息里没有写单位"), "{}", page.text);
    let refused = submit(&world, "qian", &confirmed(&page.text, text, &[])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("f-e-0-unit-problem"), "{}", refused.text);
    let done = submit(&world, "qian", &confirmed(&page.text, text, &[("e.0.unit", TIANPING)])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test]
async fn another_village_is_refused_by_its_name_and_by_a_forged_field() {
    let world = World::new(sqlite().await).await;
    let text = "两河村12月4日悬挂横幅2条";
    let page = read(&world, "sun", text).await;
    assert!(page.status == StatusCode::OK && page.text.contains("两河村不在您可以登记的范围内"), "{}", page.text);
    let refused = submit(&world, "sun", &confirmed(&page.text, text, &[])).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("一条也没有勾选"));
    let forged = [("e.0.keep", "1"), ("e.0.unit", "500999001202"), ("e.0.place", "村口")];
    let refused = submit(&world, "sun", &confirmed(&page.text, text, &forged)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("不在您可以登记的范围内，请另选") && refused.text.contains("村口"),
        "{}",
        refused.text
    );
    assert!(entries(&world, "qian").await.is_empty());
}

#[tokio::test]
async fn a_refused_form_keeps_all_that_was_typed() {
    let world = World::new(sqlite().await).await;
    let page = read(&world, "sun", MESSAGE).await;
    for (name, bad) in [
        ("e.0.c.0.value", "两条"),
        ("e.0.c.0.value", "0"),
        ("e.0.date", "昨天"),
        ("e.0.date", "2999-01-01"),
        ("e.0.c.0.measure", ""),
    ] {
        let typed = confirmed(&page.text, MESSAGE, &[(name, bad), ("e.0.place", "院坝里")]);
        let refused = submit(&world, "sun", &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={bad}");
        let id = crate::ui::field::id_of(name);
        assert!(refused.text.contains(&format!("{id}-problem")), "{name}={bad}");
        for text in ["院坝里", "悬挂横幅<", "value=\"120\""] {
            assert!(refused.text.contains(text) || text.ends_with('<'), "{name}={bad}: {text} is lost");
        }
        assert!(refused.text.contains("受教育60余人次"), "the message is lost");
    }
    assert!(entries(&world, "qian").await.is_empty(), "all or none");
    for text in ["", "收到", &"天坪村横幅2条\n".repeat(4_000)] {
        let refused = read(&world, "sun", text).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{text:.20}");
        assert!(refused.text.contains("f-text-problem") && refused.text.contains(text.trim()), "{text:.20}");
    }
}

#[tokio::test]
async fn a_measure_that_an_office_added_is_known_by_its_name() {
    let world = World::new(sqlite().await).await;
    let added = serde_json::json!({ "key": "lantern", "name": "普法灯笼", "unit_word": "盏", "unit": "500999001" });
    assert_eq!(world.post("zhao", "/api/v1/measures", added).await.status, StatusCode::CREATED);
    let page = read(&world, "sun", "天坪村12月4日挂普法灯笼30余盏").await;
    assert_eq!(
        (chosen(&page.text, "e.0.c.0.measure").as_str(), value(&page.text, "e.0.c.0.value").as_str()),
        ("lantern", "30")
    );
}

#[tokio::test]
async fn a_leader_logs_nothing() {
    let world = World::new(sqlite().await).await;
    assert_eq!(world.get("zhou", PAGE).await.status, StatusCode::FORBIDDEN);
    assert_eq!(read(&world, "zhou", MESSAGE).await.status, StatusCode::FORBIDDEN);
    assert!(world.get("sun", "/log").await.text.contains(PAGE), "the page is found from where one logs");
}

#[test]
fn the_drafts_of_a_form_are_found_whatever_their_numbers_are() {
    let form = FormData::from_pairs([("e.7.unit", "a"), ("e.0.unit", "b"), ("e.x.unit", "c"), ("e.7.c.3.value", "1")]);
    assert_eq!((form::indexes(&form), form::rows(&form, 7)), (vec![0, 7], vec![3]));
}

#[tokio::test]
async fn the_same_words_of_two_villages_are_two_entries() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let text = "12月4日发放资料120余份";
        let page = read(&world, "qian", text).await;
        let of = |unit| confirmed(&page.text, text, &[("e.0.unit", unit)]);
        for unit in [TIANPING, "500999001202", TIANPING] {
            let done = submit(&world, "qian", &of(unit)).await;
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        }
        let mut units: Vec<_> = entries(&world, "qian").await.iter().map(|one| one["unit"].to_string()).collect();
        units.sort_unstable();
        assert_eq!(units, [format!("\"{TIANPING}\""), "\"500999001202\"".to_owned()]);
    })
    .await;
}

#[tokio::test]
async fn what_was_withdrawn_may_be_pasted_again() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let standing = async || {
            let all = entries(&world, "qian").await;
            all.into_iter().filter(|one| one["status"] != "withdrawn").collect::<Vec<_>>()
        };
        // Twice: each time the words get an id of their own.
        for _ in 0..2 {
            for _ in 0..2 {
                assert_eq!(paste(&world, "sun", MESSAGE).await.status, StatusCode::SEE_OTHER);
                assert_eq!(standing().await.len(), 1);
            }
            let address = format!("/activities/{}", standing().await[0]["id"].as_str().unwrap());
            let withdraw = [("do", "withdraw"), ("version", "1"), ("reason", "填错了")];
            assert_eq!(world.submit("sun", &address, &withdraw).await.status, StatusCode::SEE_OTHER);
            assert_eq!(standing().await.len(), 0);
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_merged_into_anothers_entry_does_not_come_again() {
    let world = World::new(sqlite().await).await;
    let text = |unit: &str| format!("{unit}12月4日在龙门广场开展宪法宣传，发放资料120余份");
    for unit in ["天坪村", "两河村"] {
        assert_eq!(paste(&world, "qian", &text(unit)).await.status, StatusCode::SEE_OTHER);
    }
    let stored = entries(&world, "qian").await;
    let seen = |index: usize| format!("{}:1", stored[index]["id"].as_str().unwrap());
    let (first, second) = (seen(0), seen(1));
    let keep = stored[0]["id"].as_str().unwrap();
    let merge = [("do", "merge"), ("first", first.as_str()), ("second", second.as_str()), ("keep", keep)];
    let done = world.submit("qian", "/review/doubles", &merge).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    for unit in ["天坪村", "两河村"] {
        assert_eq!(paste(&world, "qian", &text(unit)).await.status, StatusCode::SEE_OTHER);
    }
    let stored = entries(&world, "qian").await;
    assert_eq!(stored.iter().filter(|one| one["status"] != "withdrawn").count(), 1);
}

/// Whether a draft is ticked in a page.
fn is_kept(page: &str, index: usize) -> bool {
    let name = form::field(index, "keep");
    page.split('<').any(|tag| tag.contains(&format!("name=\"{name}\"")) && tag.contains(" checked"))
}

#[tokio::test]
async fn a_plan_and_a_years_sum_are_told_and_not_ticked() {
    let world = World::new(sqlite().await).await;
    for (text, words) in
        [("下周计划发放500份资料", "是计划，还没有做，没有列入"), ("天坪村累计发放资料3000余份（全年）", "先没有勾选")]
    {
        let page = read(&world, "sun", text).await;
        assert!(page.text.contains(words), "{text}: {}", page.text);
        assert!(!is_kept(&page.text, 0), "{text}");
        let refused = submit(&world, "sun", &confirmed(&page.text, text, &[])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    }
    let page = read(&world, "sun", "天坪村12月4日横幅2条。下周计划发放500份资料").await;
    assert!(is_kept(&page.text, 0) && page.text.contains("<mark>500份<"), "{}", page.text);
    assert!(entries(&world, "qian").await.is_empty());
}

#[tokio::test]
async fn a_village_that_was_not_read_is_pointed_out_and_put_to_the_others() {
    let world = World::new(sqlite().await).await;
    let text = "天坪、大佛、沿滩三个村12月4日共发500份";
    let page = read(&world, "qian", text).await;
    assert!(page.text.contains("<mark>沿滩<") && page.text.contains("系统里没有这个单位"), "{}", page.text);
    let done = submit(&world, "qian", &confirmed(&page.text, text, &[("e.0.covers_more", "500999001202")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let stored = entries(&world, "qian").await;
    assert_eq!(stored[0]["covers"].as_array().map(Vec::len), Some(3));
    assert_eq!(stored[0]["quantities"][0]["measure"], "leaflet");
}
