//! What [`super::access_tests`] sends to every address: names of things made for it, a form's fields, an API's body.

use super::{
    access_table::CONFIRMED_DRAFT,
    access_tests::WHO,
    db::Db,
    testing::{self, World},
};
use crate::{domain::access::Role, evidence::sample, run};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI32, Ordering};

const TOWN: &str = "500999001";
const TIANPING: &str = "500999001201";

/// Something new of its own for each one who tries it, made by those who may: so that every try meets the same.
async fn fresh_activity(world: &World) -> String {
    let id = uuid::Uuid::now_v7().to_string();
    let quantities = json!([{ "measure": "leaflet", "value": 3, "precision": "exact" }]);
    let body = json!({ "id": id, "unit": TIANPING, "date": "2021-06-01", "quantities": quantities });
    let answer = world.post("sun", "/api/v1/activities", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    id
}

async fn fresh_campaign(world: &World) -> String {
    let body =
        json!({ "title": "禁毒月", "unit": TOWN, "from": "2090-06-01", "to": "2090-06-30", "themes": ["drugs"] });
    let answer = world.post("qian", "/api/v1/campaigns", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["key"].as_str().expect("a key").to_owned()
}

async fn fresh_indicator(world: &World) -> String {
    let body = json!({ "name": "指标", "kind": "sum", "measure": "leaflet", "unit": TOWN });
    let answer = world.post("qian", "/api/v1/indicators", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["key"].as_str().expect("a key").to_owned()
}

/// The number of a new target for 天坪村.
async fn fresh_target(world: &World) -> String {
    let indicator = fresh_indicator(world).await;
    let body =
        json!({ "plan": "plan-9", "indicator": indicator, "unit": TIANPING, "value": 70, "basis": "镇里的通知" });
    let answer = world.post("qian", "/api/v1/targets", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let mut conn = world.db.read().await.expect("a connection");
    let newest: i64 =
        run!(&mut conn, c => sqlx::query_scalar("select max(id) from target").fetch_one(c).await).expect("a target");
    newest.to_string()
}

/// The number of a new row on the town's responsibility list.
async fn fresh_responsibility(world: &World) -> String {
    let fields = [("content", "禁毒法"), ("lead", "禁毒办"), ("deadline", "2026-06-26")];
    let address = format!("/responsibilities?unit={TOWN}&year=2026");
    assert_eq!(world.submit("qian", &address, &fields).await.status, 303);
    let mut conn = world.db.read().await.expect("a connection");
    let newest: i64 = run!(&mut conn, c => sqlx::query_scalar("select max(id) from responsibility").fetch_one(c).await)
        .expect("a row");
    newest.to_string()
}

/// The number of a new report of the town.
async fn fresh_report(world: &World) -> String {
    let fields = [("unit", TOWN), ("span", "2021"), ("style", "official")];
    let answer = world.submit("qian", "/reports/new", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").trim_start_matches("/reports/").to_owned()
}

/// The number of a new law-literate villager of 天坪村.
async fn fresh_roster(world: &World) -> String {
    let name = uuid::Uuid::now_v7().to_string();
    let fields = [("unit", TIANPING), ("name", name.as_str()), ("from", "2021-03-01"), ("left", "2021-06-01")];
    assert_eq!(world.submit("qian", "/rosters/law_literate", &fields).await.status, 303);
    let mut conn = world.db.read().await.expect("a connection");
    let newest: i64 = run!(&mut conn, c => sqlx::query_scalar("select max(id) from roster_entry").fetch_one(c).await)
        .expect("an entry");
    newest.to_string()
}

/// The number of a new inspection of 天坪村, and of its one item.
async fn fresh_inspection(world: &World) -> (String, String) {
    let scheme = [("unit", TIANPING), ("title", "考核"), ("from", "2021-01-01"), ("to", "2021-12-31")];
    let made = world.submit("qian", "/inspection", &scheme).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let id = made.header("location").rsplit('/').next().unwrap_or_default().to_owned();
    let item = [("do", "item"), ("name", "宣传栏")];
    assert_eq!(world.submit("qian", &format!("/inspection/{id}"), &item).await.status, 303);
    let mut conn = world.db.read().await.expect("a connection");
    let newest: i64 =
        run!(&mut conn, c => sqlx::query_scalar("select max(id) from inspection_item").fetch_one(c).await)
            .expect("an item");
    (id, newest.to_string())
}

/// The number of a new item of a new campaign's materials.
async fn fresh_material(world: &World) -> String {
    let address = format!("/campaigns/{}/materials", fresh_campaign(world).await);
    assert_eq!(
        world.submit("qian", &address, &[("do", "add"), ("name", "展架"), ("unit_word", "个")]).await.status,
        303
    );
    let mut conn = world.db.read().await.expect("a connection");
    let newest: i64 =
        run!(&mut conn, c => sqlx::query_scalar("select max(id) from material").fetch_one(c).await).expect("an item");
    newest.to_string()
}

/// A new photo of a new entry.
async fn fresh_evidence(world: &World) -> String {
    crate::evidence::api_tests::piece(world, &fresh_activity(world).await).await
}

async fn fresh_event(world: &World) -> String {
    let campaign = fresh_campaign(world).await;
    let times = ("2090-06-02T09:00", "2090-06-02T11:00");
    let body = json!({ "campaign": campaign, "unit": TIANPING, "starts_at": times.0, "ends_at": times.1 });
    let answer = world.post("qian", "/api/v1/events", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// A year for whose key dates nobody made campaigns yet.
fn fresh_year() -> i32 {
    static NEXT: AtomicI32 = AtomicI32::new(0);
    2031 + NEXT.fetch_add(1, Ordering::Relaxed) % 1_000
}

/// The address with its names filled in.
pub(super) async fn address(world: &World, route: &str) -> String {
    let name = match route {
        "/api/v1/activities/:id/evidence/:sha256" => {
            let (activity, photo) = (fresh_activity(world).await, sample::one_photo());
            return format!(
                "/api/v1/activities/{activity}/evidence/{}?offset=0&size={}",
                sample::hash(&photo),
                photo.len()
            );
        }
        route if route.contains("/activities/:id") => fresh_activity(world).await,
        route if route.contains("/evidence/:id") => fresh_evidence(world).await,
        route if route.contains("/campaigns/:key") => fresh_campaign(world).await,
        route if route.contains("/events/:id") => fresh_event(world).await,
        route if route.contains("/reports/:id") => fresh_report(world).await,
        "/tables" => return format!("/tables?unit={TIANPING}"),
        route if route.starts_with("/tables/sent/:id") => crate::table::sample::fresh_sent(world).await,
        route if route.starts_with("/tables/templates/:id") => crate::table::sample::fresh_template(world).await,
        "/import/:id" => crate::import::sample_tests::stored(world).await,
        "/plans/:key/next" => "plan-8".into(),
        "/catalogue/:kind" => return format!("/catalogue/theme?unit={TIANPING}"),
        "/indicators/:key/evidence" => return format!("/indicators/{}/evidence", fresh_indicator(world).await),
        "/indicators/:key" | "/api/v1/indicators/:key/series" => fresh_indicator(world).await,
        "/goals/:indicator" => return format!("/goals/sessions?unit={TIANPING}&as_of=2021-12-31"),
        "/materials/:id" => fresh_material(world).await,
        "/responsibilities/:id" => fresh_responsibility(world).await,
        "/targets/:id" => fresh_target(world).await,
        route if route.starts_with("/inspection/:id/items/:item") => {
            let (id, item) = fresh_inspection(world).await;
            return route.replace(":id", &id).replace(":item", &item);
        }
        route if route.starts_with("/inspection/:id") => fresh_inspection(world).await.0,
        "/rosters.xlsx" => return "/rosters.xlsx?kind=law_literate".into(),
        "/rosters/:kind" => return "/rosters/law_literate".into(),
        "/rosters/:kind/import" => return format!("/rosters/law_literate/import?unit={TIANPING}"),
        "/rosters/:kind/:id" => return format!("/rosters/law_literate/{}", fresh_roster(world).await),
        "/rosters/:kind/:id/evidence" => {
            return format!("/rosters/law_literate/{}/evidence", fresh_roster(world).await);
        }
        "/catalogue/:kind/:key" => return format!("/catalogue/measure/banner?unit={TIANPING}"),
        "/campaigns/year" => return format!("/campaigns/year?unit={TIANPING}&year={}", fresh_year()),
        "/countdowns/:key" => return format!("/countdowns/constitution-day?unit={TIANPING}"),
        "/key-dates/:key" => return format!("/key-dates/constitution-day?unit={TIANPING}"),
        "/api/v1/key-dates" => return format!("{route}?unit={TIANPING}&year=2026"),
        "/pkg/:fingerprint/:name" => return "/pkg/0/..%2F..%2FCargo.toml".into(),
        "/api/v1/totals" | "/api/v1/coverage" => {
            return format!("{route}?unit={TIANPING}&from=2021-01-01&to=2021-12-31");
        }
        "/api/v1/reports/annual" => return format!("{route}?unit={TIANPING}&year=2021"),
        _ => match route.rsplit(':').next().unwrap_or_default() {
            "secret" | "file" => "nobody-gave-it".into(),
            "name" => "sun".into(),
            "type" => "leaflet".into(),
            "code" => TIANPING.into(),
            "key" => "plan-8".into(),
            _ => String::new(),
        },
    };
    let mut parts: Vec<&str> = route.split('/').collect();
    for part in parts.iter_mut().filter(|part| part.starts_with(':')) {
        *part = &name;
    }
    parts.join("/")
}

/// A form's fields, such that whoever may do it succeeds.
pub(super) fn fields(route: &str, who: &str) -> Vec<(&'static str, String)> {
    let fields: &[(&'static str, &str)] = match route {
        "/login" => &[("name", "nobody-there"), ("password", "a wrong password")],
        "/me" => &[("do", "end_others")],
        "/feeds" => &[("do", "add")],
        "/accounts" => &[("do", "add"), ("name", "new-"), ("display_name", "新"), ("role", "cadre"), ("at", TIANPING)],
        "/accounts/:name" => &[("do", "link")],
        "/log/:type" => &[("unit", TIANPING), ("date", "2021-06-01"), ("value.leaflet", "3")],
        "/log/message" => CONFIRMED_DRAFT,
        "/activities" => &[("do", "columns"), ("col", "unit"), ("per", "100")],
        "/activities/:id" => &[("do", "withdraw"), ("reason", "重复")],
        "/import" => &[("unit", TIANPING), ("rows", "日期\t横幅\n2021-06-01\t3\n")],
        "/import/:id" => &[("do", "undo"), ("reason", "重复")],
        "/evidence" => &[("do", "time"), ("policy", "keep")],
        "/evidence/:id/uses" => &[("do", "children"), ("children", "1")],
        "/activities/:id/correct" => {
            let typed = [("unit", TIANPING), ("date", "2021-06-01"), ("value.leaflet", "4")];
            &[typed[0], typed[1], typed[2], ("version", "1"), ("reason", "数错")]
        }
        "/campaigns/new" | "/campaigns/:key/edit" => {
            &[("unit", TIANPING), ("title", "安全"), ("from", "2090-06-01"), ("to", "2090-06-30"), ("themes", "safety")]
        }
        "/campaigns/year" => &[("key_date", "arbor-day")],
        "/campaigns" => &[("do", "dismiss"), ("unit", TOWN), ("key_date", "arbor-day"), ("key_date_year", "2090")],
        "/campaigns/:key" | "/events/:id" => &[("do", "cancel")],
        "/campaigns/:key/materials" => &[("do", "add"), ("name", "展架"), ("unit_word", "个")],
        "/countdowns/:key" => &[("do", "put"), ("from.0", "day"), ("days.0", "-10"), ("what.0", "定标语")],
        "/materials/:id" => &[("do", "close")],
        "/reports/new" => &[("unit", TOWN), ("span", "2021"), ("style", "official")],
        "/reports/:id" => &[("do", "review"), ("version", "1")],
        "/reports/:id/edit" => &[("version", "1"), ("title", "报告"), ("opening", "报告如下：")],
        "/reports/:id/quotes" => &[
            ("do", "add"),
            ("version", "1"),
            ("name", "执法证"),
            ("figure", "22"),
            ("source", "执法办"),
            ("person", "王伟"),
            ("day", "2021-12-20"),
        ],
        "/responsibilities" => &[("content", "禁毒法"), ("lead", "禁毒办"), ("deadline", "today")],
        "/responsibilities/:id" => &[("do", "close")],
        "/inspection" => &[("unit", TIANPING), ("title", "考核"), ("from", "2021-01-01"), ("to", "2021-12-31")],
        "/inspection/:id" => &[("do", "close")],
        "/inspection/:id/items/:item" => &[("do", "remove")],
        "/rosters/erase" => &[("do", "erase"), ("entry", "1")],
        "/rosters/:kind" => &[("unit", TIANPING), ("name", "new-"), ("from", "2021-03-01")],
        "/rosters/:kind/import" => &[("do", "store"), ("rows", "row-")],
        "/rosters/:kind/:id" => &[("do", "withdraw")],
        "/events/new" => &[
            ("do", "draft"),
            ("campaign", "standing"),
            ("starts", "09:00"),
            ("ends", "10:00"),
            ("row.0.unit", TIANPING),
            ("row.0.day", "2090-06-03"),
            ("row.0.keep", "1"),
        ],
        "/calendar" => &[("do", "release"), ("from", "2090-06-01"), ("to", "2090-06-30")],
        "/schedule/propose" => &[
            ("campaign", "standing"),
            ("starts", "09:00"),
            ("ends", "10:00"),
            ("unit.0", TIANPING),
            ("day.0", "2090-06-03"),
            ("take.0", "1"),
        ],
        "/review/doubles" => &[
            ("do", "dismiss"),
            ("first", "01900000-0000-7000-8000-0000000000a1:1"),
            ("second", "01900000-0000-7000-8000-0000000000a2:1"),
        ],
        "/review" => &[("do", "month"), ("unit", TIANPING), ("month", "2021-06")],
        "/tables" => &[("do", "cutoff"), ("cutoff", "25")],
        "/tables/forms" => &[("do", "save"), ("name", "月报"), ("c.0.name", "横幅"), ("c.0.formula", "banner")],
        "/tables/templates/:id" => &[("do", "settle"), ("c.2", "banner")],
        "/claims" => &[("unit", TIANPING), ("year", "2021"), ("text", "悬挂横幅3条。")],
        "/closing" => &[("do", "close"), ("unit", TIANPING), ("period", "closed-by-")],
        "/plans" => &[("name", "自己的规划"), ("from", "2031-01-01"), ("to", "2035-12-31")],
        "/plans/:key" => &[
            ("unit", TIANPING),
            ("indicator", "leaflets"),
            ("value", "500"),
            ("year", "2021"),
            ("basis", "镇里的通知"),
        ],
        "/plans/:key/next" => &[("do", "settle"), ("unit", TIANPING), ("next", "plan-9")],
        "/indicators" => &[("do", "add"), ("name", "自己的指标"), ("kind", "sum"), ("measure", "leaflet")],
        "/catalogue/:kind" => &[("do", "as_above")],
        "/key-dates" => &[("name", "新"), ("rule", "day"), ("month", "12"), ("day", "4"), ("layer", "town")],
        "/key-dates/:key" => &[("do", "off")],
        "/holidays" => &[("do", "holiday"), ("from", "2027-01-01"), ("kind", "rest"), ("name", "元旦")],
        "/blackouts" => {
            &[("do", "add"), ("at", TIANPING), ("from", "2027-01-10"), ("to", "2027-01-16"), ("reason", "考试")]
        }
        "/indicators/:key" => &[("do", "retire")],
        "/targets/:id" => &[("do", "edit"), ("value", "80"), ("basis", "镇里的新通知")],
        "/stocks" => &[("measure", "venue"), ("as_of", "2021-12-01"), ("value.500999001201", "2")],
        "/surveys" => {
            &[("unit", TOWN), ("indicator", "asked"), ("date", "2021-12-01"), ("sample", "100"), ("value", "90")]
        }
        "/milestones" => &[("unit", TOWN), ("indicator", "reached"), ("date", "2021-12-01")],
        "/units" => &[
            ("do", "add"),
            ("new_parent", TOWN),
            ("new_code", "new-"),
            ("new_name", "司法所"),
            ("new_kind", "department"),
        ],
        "/units/:code" => &[("do", "size"), ("households", "600")],
        "/catalogue" => &[("do", "theme"), ("h_unit", TOWN), ("h_name", "防溺水")],
        "/catalogue/:kind/:key" => &[("do", "word"), ("form", "more"), ("phrase", "悬挂横幅{figure}")],
        "/feedback" => &[("text", "字太小")],
        _ => &[],
    };
    // What may stand once only is each one's own.
    fields
        .iter()
        .map(|(name, value)| match *value {
            "new-" => (*name, format!("new-{who}x")),
            "row-" => (*name, format!("天坪村\t新{who}\t\t\t\t2021-03-01")),
            // Each one another month, in which nothing else is entered.
            "closed-by-" => {
                (*name, format!("1991-{:02}", WHO.iter().position(|own| *own == who).unwrap_or_default() + 1))
            }
            "today" => (*name, super::clock::day_of(super::clock::now()).to_string()),
            value => (*name, value.to_owned()),
        })
        .collect()
}

/// An API body, such that whoever may do it succeeds.
pub(super) fn body(route: &str, who: &str) -> Value {
    let quantities = json!([{ "measure": "leaflet", "value": 3, "precision": "exact" }]);
    match route {
        "/api/v1/units" => {
            json!({ "code": format!("api-{who}"), "name": "派出所", "parent": TOWN, "kind": "department" })
        }
        "/api/v1/units/:code" => json!({ "households": 601 }),
        "/api/v1/measures" => json!({ "name": "展板", "unit_word": "块", "unit": TOWN }),
        "/api/v1/activity-types" => json!({ "name": "巡展", "measures": ["board"], "unit": TOWN }),
        "/api/v1/themes" => json!({ "name": "反诈", "unit": TOWN }),
        "/api/v1/plans" => json!({ "name": "规划", "from": "2041-01-01", "to": "2045-12-31", "unit": TOWN }),
        "/api/v1/indicators" => json!({ "name": "指标", "kind": "sum", "measure": "leaflet", "unit": TOWN }),
        "/api/v1/targets" => {
            json!({ "plan": "plan-8", "indicator": "leaflets", "unit": TOWN, "value": 7000, "basis": "镇里的通知" })
        }
        "/api/v1/stocks" => json!({ "unit": TIANPING, "measure": "venue", "as_of": "2021-12-01", "value": 2 }),
        "/api/v1/surveys" => {
            json!({ "unit": TOWN, "indicator": "asked", "date": "2021-12-01", "sample": 100, "value": 0.9 })
        }
        "/api/v1/milestones" => json!({ "unit": TOWN, "indicator": "reached", "date": "2021-12-01" }),
        "/api/v1/schedule/propose" => {
            json!({ "unit": TIANPING, "indicator": "sessions", "from": "2021-10-08", "to": "2021-12-31", "per_day": 1 })
        }
        "/api/v1/claims/check" => json!({ "unit": TIANPING, "year": 2021, "text": "悬挂横幅3条。" }),
        "/api/v1/activities" => {
            json!({ "id": uuid::Uuid::now_v7(), "unit": TIANPING, "date": "2021-06-01", "quantities": quantities })
        }
        "/api/v1/activities/:id" => json!({ "note": "在村口", "reason": "补充" }),
        "/api/v1/activities/:id/return" => json!({ "remark": "请补照片", "presets": ["photo"] }),
        "/api/v1/activities/:id/withdraw" => json!({ "reason": "重复" }),
        "/api/v1/campaigns" => json!({ "title": "安全", "unit": TOWN, "from": "2090-06-01", "to": "2090-06-30" }),
        "/api/v1/campaigns/:key" => json!({ "title": "禁毒" }),
        "/api/v1/events" => {
            let times = ("2090-06-03T09:00", "2090-06-03T11:00");
            json!({ "campaign": "standing", "unit": TIANPING, "starts_at": times.0, "ends_at": times.1 })
        }
        "/api/v1/events/:id" => json!({ "lead": "司法所" }),
        _ => json!({}),
    }
}

/// The cast, the officer of another county's town, and what the bodies name.
pub(super) async fn world(db: Db) -> World {
    let world = World::new(db).await;
    let mut conn = world.db.write().await.expect("a transaction");
    let county = testing::add_unit(&mut conn, "500888", None, "county", "白水县").await;
    let town = testing::add_unit(&mut conn, "500888001", Some(county), "town", "白水镇").await;
    testing::add_account(&mut conn, "wu", "吴刚", Role::Officer, town).await;
    conn.commit().await.expect("another county");
    let campaign =
        json!({ "key": "standing", "title": "长期", "unit": TOWN, "from": "2090-06-01", "to": "2090-06-30" });
    assert_eq!(world.post("qian", "/api/v1/campaigns", campaign).await.status, 201);
    for (id, unit) in [("a1", TIANPING), ("a2", "500999001202")] {
        let quantities = json!([{ "measure": "leaflet", "value": 3, "precision": "exact" }]);
        let body = json!({ "id": format!("01900000-0000-7000-8000-0000000000{id}"), "unit": unit, "date": "2021-03-15",
            "quantities": quantities });
        assert_eq!(world.post("qian", "/api/v1/activities", body).await.status, 201);
    }
    for (key, kind) in [("asked", "survey"), ("reached", "milestone")] {
        let indicator = json!({ "key": key, "name": key, "kind": kind, "unit": TOWN });
        assert_eq!(world.post("qian", "/api/v1/indicators", indicator).await.status, 201);
    }
    let first = [("unit", TIANPING), ("name", "王五"), ("from", "2021-03-01")];
    assert_eq!(world.submit("qian", "/rosters/law_literate", &first).await.status, 303);
    let sessions = json!({ "key": "sessions", "name": "学法", "kind": "frequency", "measure": "study",
        "unit_kind": "village", "each": "year", "unit": TOWN });
    assert_eq!(world.post("qian", "/api/v1/indicators", sessions).await.status, 201);
    let target = json!({ "plan": "plan-8", "indicator": "sessions", "unit": TOWN, "value": 4, "basis": "通知" });
    assert_eq!(world.post("qian", "/api/v1/targets", target).await.status, 201);
    world
}
