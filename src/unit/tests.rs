//! Units by API, by page and by list, on both engines.

use super::import::{Imported, import_units};
use crate::{
    domain::{access::Scope, unit::UnitKind},
    error::Error,
    server::{
        context::Ctx,
        db::Db,
        testing::{World, each_engine, sqlite},
    },
    unit::store,
};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const BANAN: &[u8] = include_bytes!("../demo/banan-district-units.csv");

async fn import(db: &Db, list: &[u8]) -> Result<Imported, Error> {
    import_units(&Ctx::for_program(db.clone(), None), list).await
}

async fn patch(world: &World, who: &str, code: &str, body: Value) -> crate::server::testing::Answer {
    world.ask(who, Method::PATCH, &format!("/api/v1/units/{code}"), Some(body)).await
}

fn fields(answer: &crate::server::testing::Answer) -> Vec<String> {
    let json = answer.json();
    let errors = json["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().filter_map(|error| error["field"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_whole_district_comes_in_once() {
    each_engine(|db| async move {
        let done = import(&db, BANAN).await.expect("the district");
        assert_eq!(done, Imported { added: 337, renamed: 0, unchanged: 0 });
        assert_eq!(done.to_string(), "337 added, 0 renamed, 0 unchanged");
        let again = import(&db, BANAN).await.expect("the district again");
        assert_eq!(again, Imported { added: 0, renamed: 0, unchanged: 337 });
        let mut conn = db.read().await.expect("a transaction");
        let everything = Scope::everything();
        let town = store::by_code(&mut conn, &everything, "500113108").await.expect("圣灯山镇");
        let villages = store::children(&mut conn, &town).await.expect("its villages");
        assert_eq!(villages.len(), 14);
        let communities = villages.iter().filter(|unit| unit.kind == UnitKind::Community).count();
        assert!(communities > 0 && villages.iter().all(|unit| unit.path.starts_with(&town.path)));
        assert!(villages.iter().any(|unit| unit.short_name == "两河村" || unit.short_name == "天坪村"));
    })
    .await;
}

#[tokio::test]
async fn parents_may_stand_behind_their_children_and_roots_side_by_side() {
    each_engine(|db| async move {
        let list = "\u{feff}name,code,parent_code\n一村村民委员会,110001001201,110001001\n一镇,110001001,110001\n\
                    一县,110001,\n二镇,220002001,\n";
        assert_eq!(import(&db, list.as_bytes()).await.expect("it").added, 4);
        let renamed = "code,name,parent_code\n110001001,新一镇,220002001\n220002001,二镇,\n";
        let done = import(&db, renamed.as_bytes()).await.expect("a new name");
        assert_eq!(done, Imported { added: 0, renamed: 1, unchanged: 1 });
        let mut conn = db.read().await.expect("a transaction");
        let town = store::by_code(&mut conn, &Scope::everything(), "110001001").await.expect("it");
        assert_eq!((town.name.as_str(), town.ancestry().len()), ("新一镇", 2));
        assert_eq!(store::changes(&mut conn, town.id).await.expect("its history")[0].detail, "一镇");
    })
    .await;
}

#[tokio::test]
async fn a_list_with_one_wrong_line_changes_nothing_and_names_line_and_column() {
    let db = sqlite().await;
    let list = "code,name,parent_code\n110001,一县,\n110001001,,110001\n110001001201,一村,999\n12345,怪,110001\n\
                110001,一县,\n110001002201,二村,110001\n";
    let Err(Error::Invalid(problems)) = import(&db, list.as_bytes()).await else { panic!("it is refused") };
    let told: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    let expected =
        ["第 3 行 name 列", "第 6 行 code 列", "第 4 行 parent_code 列", "第 5 行 code 列", "第 7 行 parent_code 列"];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for place in expected {
        assert!(told.iter().any(|message| message.starts_with(place)), "{place}: {told:?}");
    }
    let mut conn = db.read().await.expect("a transaction");
    assert!(store::all(&mut conn, &Scope::everything()).await.expect("units").is_empty());
    drop(conn);
    assert!(matches!(import(&db, b"code;name\n1;2\n").await, Err(Error::Invalid(_))));
    assert!(matches!(import(&db, &[0xd2, 0xbb]).await, Err(Error::Invalid(_))), "GB18030 is told apart");
    assert!(matches!(import(&db, b"").await, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn an_officer_adds_a_school_with_classes_below_the_town() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let school = json!({
            "code": "school-2", "name": "青山中学", "parent": "500999001", "kind": "school",
            "classes": [{"name": "2019级1班", "pupils": 40}, {"name": "2019级2班", "pupils": 38}],
        });
        let answer = world.post("qian", "/api/v1/units", school.clone()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.json()["parent"], "500999001");
        assert_eq!(answer.json()["classes"], school["classes"]);
        assert_eq!(fields(&world.post("qian", "/api/v1/units", school).await), ["code"], "the code is taken");

        let classes = json!({"classes": [{"name": "2019级1班", "pupils": 41}, {"name": "2020级1班", "pupils": 45}]});
        let answer = patch(&world, "qian", "school-2", classes.clone()).await;
        assert_eq!((answer.status, answer.json()["classes"].clone()), (StatusCode::OK, classes["classes"].clone()));
        let mut conn = world.db.read().await.expect("a transaction");
        let unit = store::by_code(&mut conn, &Scope::everything(), "school-2").await.expect("the school");
        let all = store::classes(&mut conn, unit.id).await.expect("classes");
        let closed: Vec<&str> = all.iter().filter(|c| c.active_to.is_some()).map(|c| c.name.as_str()).collect();
        assert_eq!((all.len(), closed), (3, vec!["2019级2班"]), "a class that is gone stays in the books");

        let listed = world.get("qian", "/api/v1/units?unit=500999001&limit=2").await.json();
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
        let next = listed["next"].as_str().expect("there is more");
        let rest = world.get("qian", &format!("/api/v1/units?unit=500999001&cursor={next}")).await.json();
        assert_eq!((rest["items"].as_array().map(Vec::len), rest["next"].clone()), (Some(4), Value::Null));
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_unit_is_told_by_field() {
    let world = World::new(sqlite().await).await;
    let wrong = json!({
        "code": "a/b", "name": " ", "parent": "500999001", "kind": "town", "households": -1, "population": 99_000_000,
        "classes": [{"name": "", "pupils": -3}], "active_from": "2024-02-01", "active_to": "2024-01-01",
    });
    let answer = world.post("qian", "/api/v1/units", wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut told = fields(&answer);
    told.sort();
    let all = [
        "active_to",
        "classes",
        "classes[0].name",
        "classes[0].pupils",
        "code",
        "households",
        "kind",
        "name",
        "population",
    ];
    assert_eq!(told, all);
    let village = |parent: Value| json!({"code": "500999001299", "name": "新村", "parent": parent, "kind": "village"});
    assert_eq!(fields(&world.post("qian", "/api/v1/units", village(json!("nowhere"))).await), ["parent"]);
    assert_eq!(fields(&world.post("zhao", "/api/v1/units", village(json!("500999"))).await), ["kind"]);
    assert_eq!(fields(&world.post("zhao", "/api/v1/units", village(Value::Null)).await), ["kind"]);
    assert_eq!(fields(&patch(&world, "qian", "500999001201", json!({"parent": "500999"})).await), ["parent"]);
    assert_eq!(fields(&patch(&world, "qian", "500999001201", json!({"kind": "school"})).await), ["kind"]);
    assert_eq!(fields(&patch(&world, "qian", "500999001201", json!({"households": -5})).await), ["households"]);
    assert_eq!(fields(&world.get("qian", "/api/v1/units?kind=hamlet").await), ["kind"]);
}

#[tokio::test]
async fn a_unit_is_renamed_closed_merged_and_reopened_and_its_history_tells() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        let code = "500999001203";
        let renamed =
            patch(&world, "qian", code, json!({"name": "大佛寺村村民委员会", "households": 312})).await.json();
        assert_eq!((renamed["short_name"].as_str(), renamed["households"].as_i64()), (Some("大佛寺村"), Some(312)));
        let merge = json!({"merged_into": "500999001202", "active_to": "2025-12-31"});
        let merged = patch(&world, "qian", code, merge).await;
        assert_eq!(merged.status, StatusCode::OK, "{}", merged.text);
        assert_eq!(
            (merged.json()["merged_into"].as_str(), merged.json()["active_to"].as_str()),
            (Some("500999001202"), Some("2025-12-31"))
        );
        assert_eq!(merged.json()["parent"], "500999001", "it stays where it was");
        let back = json!({"merged_into": code, "active_to": "2026-12-31"});
        assert_eq!(fields(&patch(&world, "qian", "500999001202", back).await), ["merged_into"], "no circles");
        let odd = json!({"merged_into": "school-1", "active_to": "2026-12-31"});
        assert_eq!(fields(&patch(&world, "qian", "500999001202", odd).await), ["merged_into"]);
        let reopened = patch(&world, "qian", code, json!({"active_to": null, "households": null})).await.json();
        assert_eq!(
            (&reopened["active_to"], &reopened["merged_into"], &reopened["households"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
        let mut conn = world.db.read().await.expect("a transaction");
        let unit = store::by_code(&mut conn, &Scope::everything(), code).await.expect("it");
        let mut what: Vec<&str> =
            store::changes(&mut conn, unit.id).await.expect("it").iter().map(|one| one.what.key()).collect();
        what.sort_unstable();
        assert_eq!(what, ["merged", "renamed", "reopened"]);
    })
    .await;
}

#[tokio::test]
async fn scenario_13_nobody_changes_a_unit_that_is_not_theirs_to_manage() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        import(&world.db, "code,name,parent_code\n500888,外县,\n500888001,外镇,500888\n".as_bytes()).await.expect("it");
        let unit = json!({"code": "500999001299", "name": "新村村民委员会", "parent": "500999001", "kind": "village"});
        for who in ["sun", "li", "zhou"] {
            assert_eq!(world.post(who, "/api/v1/units", unit.clone()).await.status, StatusCode::FORBIDDEN, "{who}");
            let own = if who == "li" { "500999001202" } else { "500999001201" };
            let answer = patch(&world, who, own, json!({"name": "改名"})).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who}");
        }
        for (method, body) in [(Method::GET, None), (Method::PATCH, Some(json!({"name": "改名"})))] {
            for (who, code) in
                [("sun", "500999001202"), ("sun", "500999001"), ("qian", "500999"), ("zhao", "500888001")]
            {
                let address = format!("/api/v1/units/{code}");
                assert_eq!(world.ask(who, method.clone(), &address, body.clone()).await.status, StatusCode::NOT_FOUND);
            }
        }
        assert_eq!(world.get("sun", "/api/v1/units?unit=500999001202").await.status, StatusCode::NOT_FOUND);
        let seen = world.get("sun", "/api/v1/units").await.json();
        assert_eq!(seen["items"].as_array().map(Vec::len), Some(1));
        let foreign = json!({"code": "500888001201", "name": "外村", "parent": "500888001", "kind": "village"});
        assert_eq!(world.post("qian", "/api/v1/units", foreign).await.status, StatusCode::FORBIDDEN);
        let root = json!({"code": "500777", "name": "新县", "kind": "county"});
        assert_eq!(world.post("qian", "/api/v1/units", root.clone()).await.status, StatusCode::FORBIDDEN);
        assert_eq!(world.post("", "/api/v1/units", root.clone()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(world.post("zhao", "/api/v1/units", root).await.status, StatusCode::CREATED);
        assert_eq!(
            world.get("zhao", "/api/v1/units/500777").await.status,
            StatusCode::OK,
            "who adds a root manages it"
        );
    })
    .await;
}
