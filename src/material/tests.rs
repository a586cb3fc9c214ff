//! Materials as the town's office hands them to its villages.

use crate::server::testing::{World, each_engine, sqlite};
use axum::http::StatusCode;
use serde_json::{Value, json};

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";
const PAGE: &str = "/campaigns/drugs/materials";

/// The town's anti-drug month with 800 leaflets in store, for 1200.50 yuan.
async fn month(world: &World) {
    let campaign = json!({ "key": "drugs", "title": "禁毒宣传月", "unit": TOWN, "from": "2021-06-01",
        "to": "2021-06-30", "themes": ["drugs"] });
    assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, StatusCode::CREATED);
    let item = [
        ("do", "add"),
        ("measure", "leaflet"),
        ("planned", "1000"),
        ("prepared", "800"),
        ("budget", "1200.5"),
        ("spent", "900"),
    ];
    assert_eq!(world.submit("qian", PAGE, &item).await.status, StatusCode::SEE_OTHER);
}

/// The number of the first item on the page.
async fn item(world: &World) -> String {
    let page = world.get("qian", PAGE).await.text;
    let (_, rest) = page.split_once("href=\"/materials/").expect("a link to the item");
    rest.split('"').next().expect("its number").to_owned()
}

/// Notes that villages fetched leaflets.
async fn fetch(world: &World, quantities: &[(&str, &str)]) -> (StatusCode, String) {
    let item = item(world).await;
    let mut fields = vec![("do", "fetch"), ("item", item.as_str()), ("day", "2021-06-02"), ("fetched_by", "孙文书")];
    fields.extend_from_slice(quantities);
    let answer = world.submit("qian", PAGE, &fields).await;
    (answer.status, answer.text)
}

async fn log(world: &World, leaflets: i64) -> Value {
    let body = json!({ "id": uuid::Uuid::now_v7(), "unit": TIANPING, "date": "2021-06-10", "campaigns": ["drugs"],
        "type": "leaflet", "quantities": [{ "measure": "leaflet", "value": leaflets, "precision": "exact" }] });
    let answer = world.post("sun", "/api/v1/activities", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn what_was_handed_out_follows_from_the_ledger() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        month(&world).await;
        let fetched = fetch(&world, &[("quantity.500999001201", "500"), ("quantity.500999001202", "200")]).await;
        assert_eq!(fetched.0, StatusCode::SEE_OTHER);
        log(&world, 480).await;
        let page = world.get("zhou", PAGE).await.text;
        assert!(page.contains("领500，发480，余20") && page.contains("领200，发0，余200"), "{page}");
        assert!(page.contains("预算1200.50元，已支出900元，结余300.50元。"), "{page}");
        // The village sees its own and no money.
        let page = world.get("sun", PAGE).await.text;
        assert!(page.contains("领500，发480，余20") && !page.contains("领200") && !page.contains("1200.50"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn handing_out_more_than_was_fetched_is_asked_about_and_stored() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        month(&world).await;
        assert_eq!(log(&world, 7).await["questions"], json!([]), "nothing was fetched: the village has its own");
        fetch(&world, &[("quantity.500999001201", "500")]).await;
        assert_eq!(log(&world, 480).await["questions"], json!([]));
        let over = log(&world, 30).await;
        let asked = over["questions"][0].as_str().unwrap_or_default().to_owned();
        assert!(asked.contains("领用 500 份") && asked.contains("517 份"), "{over}");
        assert!(world.get("zhou", PAGE).await.text.contains("超出17"), "it is stored, and seen");
        // Corrected to what is there, it is asked about no more: the former figure does not count twice.
        let id = over["id"].as_str().expect("an id");
        let fields = [
            ("unit", TIANPING),
            ("date", "2021-06-10"),
            ("value.leaflet", "13"),
            ("campaign", "drugs"),
            ("version", "1"),
            ("reason", "数错"),
            ("id", id),
        ];
        let corrected = world.submit("sun", &format!("/activities/{id}/correct"), &fields).await;
        assert_eq!(corrected.status, StatusCode::SEE_OTHER, "{}", corrected.text);
        let page = world.get("zhou", PAGE).await.text;
        assert!(page.contains("领500，发500，余0"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_fetch_names_its_field_and_keeps_what_was_typed() {
    let world = World::new(sqlite().await).await;
    month(&world).await;
    for (quantities, said) in [
        (vec![("quantity.500999001201", "五百"), ("quantity.500999001202", "77")], "整数"),
        (vec![("quantity.500999002201", "5")], "不在这项活动范围内"),
        (vec![("quantity.500999001201", "")], "还没有填数量"),
    ] {
        let (status, text) = fetch(&world, &quantities).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text.contains(said) && text.contains("孙文书"), "{said}: {text}");
    }
    let number = item(&world).await;
    let ahead = [("do", "fetch"), ("item", &number), ("day", "2199-01-01"), ("quantity.500999001202", "77")];
    let refused = world.submit("qian", PAGE, &ahead).await;
    assert!(refused.text.contains("日期还没有到") && refused.text.contains("value=\"77\""), "{}", refused.text);
    assert!(!world.get("qian", PAGE).await.text.contains("领77"), "nothing was stored");
    let money = [("do", "add"), ("name", "展架"), ("unit_word", "个"), ("budget", "1.005")];
    let refused = world.submit("qian", PAGE, &money).await;
    assert!(
        refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("两位小数"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn a_fetch_is_withdrawn_and_an_item_closed_and_both_stay() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        month(&world).await;
        let twice = world.submit("qian", PAGE, &[("do", "add"), ("measure", "leaflet")]).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "one item of a measure");
        fetch(&world, &[("quantity.500999001202", "200")]).await;
        let one = format!("/materials/{}", item(&world).await);
        let page = world.get("qian", &one).await.text;
        let (_, rest) = page.split_once("name=\"fetch\" value=\"").expect("a button to withdraw");
        let number = rest.split('"').next().expect("a number");
        for who in ["zhou", "sun"] {
            let answer = world.submit(who, &one, &[("do", "withdraw"), ("fetch", number)]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who}");
        }
        let withdrawn = world.submit("qian", &one, &[("do", "withdraw"), ("fetch", number)]).await;
        assert_eq!(withdrawn.status, StatusCode::SEE_OTHER);
        assert!(world.get("qian", &one).await.text.contains("已作废"));
        assert!(!world.get("qian", PAGE).await.text.contains("领200"));
        assert_eq!(world.submit("qian", &one, &[("do", "close")]).await.status, StatusCode::SEE_OTHER);
        assert!(world.get("qian", PAGE).await.text.contains("已停用"));
        let again = world.submit("qian", PAGE, &[("do", "add"), ("measure", "leaflet")]).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "the closed one is out of the way");
        let taken = world.submit("qian", &one, &[("do", "reopen")]).await;
        assert_eq!(taken.status, StatusCode::CONFLICT, "{}", taken.text);
    })
    .await;
}
