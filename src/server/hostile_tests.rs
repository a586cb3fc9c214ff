//! What somebody types who means harm, or whose cat walks over the keys: at every address and in every field the answer
//! is a clear refusal, and never a fault of ours.

use super::{
    access_request::{self, address, body, fields},
    access_tests::table,
    form::FormData,
    testing::{self, Answer, World, token},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

/// Days that no engine reckons with, numbers at the end of their type, a byte that PostgreSQL takes in no text.
const ODD: [&str; 14] = [
    "+262142-12-31",
    "-262143-01-01",
    "0000-01-01",
    "9999-12-31",
    "+262142-12",
    "+262142-12-31T23:59",
    "9223372036854775807",
    "-9223372036854775808",
    "1e308",
    "NaN",
    "a\0b",
    "+262142-12-31_01920000-0000-7000-8000-000000000001",
    "-262143-01-01_01920000-0000-7000-8000-000000000001",
    "-9000000000000_01920000-0000-7000-8000-000000000001",
];

/// What nearly every page reads.
const EVERYDAY: [&str; 4] = ["unit", "year", "as_of", "cursor"];

/// What the pages of the access table read from their addresses besides; the API's own description tells the same of it.
const QUERIES: [(&str, &[&str]); 48] = [
    ("/", &["theme", "lang"]),
    ("/screen", &["theme", "lang"]),
    ("/login", &["next"]),
    ("/accounts", &["closed"]),
    ("/log/:type", &["event", "copy"]),
    ("/activities", LEDGER),
    ("/activities.csv", LEDGER),
    ("/activities.xlsx", LEDGER),
    ("/review", &["month", "type", "show"]),
    ("/review/doubles", &["month"]),
    ("/campaigns/year", &["tick"]),
    ("/campaigns/new", &["from", "to", "title", "lead", "themes"]),
    ("/campaigns/:key", &["month"]),
    ("/campaigns/:key/edit", &["from", "to"]),
    ("/countdowns/:key", &["lang"]),
    ("/events/new", &["campaign", "units", "every_unit", "first", "starts", "until", "repeat", "change"]),
    ("/events/:id/sheet", &["class", "rows"]),
    ("/responsibilities", &["lead"]),
    ("/calendar", &["month", "week", "view", "by"]),
    ("/goals", &["plan"]),
    ("/goals/:indicator", &["plan"]),
    ("/gaps", &["plan", "indicator"]),
    ("/schedule/propose", &["indicator", "from", "to", "per_day", "per_week", "together", "holidays"]),
    ("/plans/:key", &["edit"]),
    ("/plans/:key/next", &["next"]),
    ("/indicators/:key", &["from", "to"]),
    ("/stocks", &["measure"]),
    ("/surveys", &["indicator"]),
    ("/milestones", &["indicator"]),
    ("/rosters.xlsx", &["kind", "ended"]),
    ("/rosters/:kind", &["ended", "q"]),
    ("/rosters/:kind/import", &["ended"]),
    ("/inspection", &["edit"]),
    ("/inspection/:id/print", &["children"]),
    ("/inspection/:id/folder.zip", &["children"]),
    ("/report", &["style", "lang"]),
    ("/reports/new", &["period", "style"]),
    ("/claims", &["text"]),
    ("/tables", &["form", "part", "rows", "period"]),
    ("/tables.xlsx", &["form", "part", "rows", "period"]),
    ("/tables/forms", &["id"]),
    ("/tables/templates/:id", &["part"]),
    ("/tables/templates/:id/filled.xlsx", &["part"]),
    ("/closing", &["period"]),
    ("/units", &["q"]),
    ("/audit", &["who", "action", "from", "to", "before"]),
    ("/evidence", &["kind", "without"]),
    ("/statement.xlsx", &["lang"]),
];

const LEDGER: &[&str] = &[
    "from",
    "to",
    "measure",
    "theme",
    "campaign",
    "type",
    "status",
    "own",
    "kind",
    "q",
    "precision",
    "late",
    "shared",
    "interactive",
    "place",
    "handler",
    "by",
    "sort",
    "group",
    "col",
    "per",
    "edit",
    "evidence",
];

/// A stream does not end, and what bears nobody's name reads no question.
const ASKS_NOTHING: [&str; 6] = ["/live", "/sw.js", "/healthz", "/readyz", "/metrics", "/pkg/:fingerprint/:name"];

/// A question: the address, what has to stand beside it, the name that is asked for, and whether nothing else asks for it.
struct Question {
    path: String,
    beside: FormData,
    name: String,
    own: bool,
}

/// Every address of the access table with every parameter that it reads.
async fn questions(world: &World) -> Vec<Question> {
    let mut found = Vec::new();
    let mut listed: BTreeMap<&str, &[&str]> = QUERIES.into_iter().collect();
    let routes = table().into_iter().filter(|(method, route, _)| *method == "GET" && !route.starts_with("/api/"));
    for (_, route, _) in routes.filter(|(_, route, _)| !ASKS_NOTHING.contains(route)) {
        let address = address(world, route).await;
        let (path, beside) = address.split_once('?').unwrap_or((&address, ""));
        let own = listed.remove(route).unwrap_or_default();
        for name in own.iter().copied().chain(EVERYDAY) {
            found.push(Question {
                path: path.to_owned(),
                beside: FormData::parse(if beside.is_empty() { BESIDE } else { beside }),
                name: name.to_owned(),
                own: own.contains(&name),
            });
        }
    }
    assert!(listed.is_empty(), "no such addresses in the access table: {listed:?}");
    let api = world.get("", "/api/openapi.json").await.json();
    for (path, methods) in api["paths"].as_object().expect("paths") {
        let Some(list) = methods["get"]["parameters"].as_array() else { continue };
        for one in list.iter().filter(|one| one["in"] == "query") {
            let name = one["name"].as_str().expect("a name").to_owned();
            found.push(Question { path: path.clone(), beside: FormData::parse(BESIDE), name, own: true });
        }
    }
    found
}

/// What most addresses want.
const BESIDE: &str = "unit=500999001201&year=2021";

/// The cast on the engine that is stricter about texts, days and numbers, where it is there.
async fn world() -> World {
    let db = match testing::postgres().await {
        Some(db) => db,
        None => testing::sqlite().await,
    };
    access_request::world(db).await
}

/// What was not answered as it should be.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn note(&mut self, is_fault: bool, what: impl FnOnce() -> String) {
        if is_fault {
            self.0.push(what());
        }
    }

    /// Waits for an answer; a fault of ours and one that lets everybody wait are noted.
    async fn hear(&mut self, what: &str, answer: impl Future<Output = Answer>) -> Option<Answer> {
        const PATIENCE: Duration = Duration::from_secs(10);
        let answer = tokio::time::timeout(PATIENCE, answer).await.ok();
        match &answer {
            None => self.0.push(format!("{what}: no answer in time")),
            Some(answer) => self.note(answer.status.is_server_error(), || format!("{what}: {}", answer.status)),
        }
        answer
    }

    fn refuse(self) {
        assert!(self.0.is_empty(), "{} faults:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[tokio::test]
async fn no_address_breaks_by_what_stands_behind_its_question_mark() {
    let world = world().await;
    let mut faults = Faults::default();
    let questions = questions(&world).await;
    assert!(questions.len() > 500, "the parameters were not found: {}", questions.len());
    let words = "词 ".repeat(3_000);
    for Question { path, beside, name, own } in questions {
        let odd = ODD.into_iter().chain(["<script>", "' or 1=1 --", "%", &words]);
        // What is asked everywhere is asked in full where a page has a parameter of its own.
        for value in odd.step_by(if own { 1 } else { 4 }) {
            let address = format!("{path}?{}", beside.with(&name, Some(value)));
            let what = format!("{path} {name}={value:.40}");
            if let Some(answer) = faults.hear(&what, world.get("zhao", &address)).await {
                let is_page = answer.header("content-type").starts_with("text/html");
                faults.note(is_page && answer.text.contains("<script>"), || format!("{what}: markup"));
            }
        }
    }
    faults.refuse();
}

#[tokio::test]
async fn no_form_breaks_by_what_is_typed_and_none_stores_a_book() {
    let world = world().await;
    let mut faults = Faults::default();
    let book = "书".repeat(50_000);
    for (_, route, _) in table().into_iter().filter(|(method, ..)| *method == "FORM") {
        let good = fields(route, "zhao");
        for place in 0..good.len() {
            for value in ODD.into_iter().chain([book.as_str()]) {
                let typed: Vec<(&str, &str)> = good
                    .iter()
                    .enumerate()
                    .map(|(index, (name, good))| (*name, if index == place { value } else { good.as_str() }))
                    .collect();
                let what = format!("{route} {}={value:.20}", typed[place].0);
                let address = address(&world, route).await;
                let answer = faults.hear(&what, world.submit("zhao", &address, &typed)).await;
                let is_kept = value == book && !LETS_GO.contains(&(route, typed[place].0));
                let is_done = answer.is_some_and(|answer| !answer.status.is_client_error());
                faults.note(is_kept && is_done, || format!("{what}: taken"));
            }
        }
    }
    faults.refuse();
}

/// Fields that do not say what is done, and are not kept: another value does no harm.
const LETS_GO: [(&str, &str); 3] = [("/campaigns/:key/edit", "unit"), ("/indicators", "do"), ("/claims", "text")];
/// A draft is read and not kept: it may be as long as a report.
const READS_ONLY: &str = "/api/v1/claims/check";

/// `good` with one member, at any depth, replaced by `odd`; one for each member.
fn replaced(good: &Value, odd: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match good {
        Value::Object(members) => {
            for (name, member) in members {
                let mut put = |path: String, value: Value| {
                    let mut copy = members.clone();
                    copy.insert(name.clone(), value);
                    all.push((path, Value::Object(copy)));
                };
                put(name.clone(), odd.clone());
                for (path, value) in replaced(member, odd) {
                    put(format!("{name}.{path}"), value);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for (path, value) in replaced(item, odd) {
                    let mut copy = items.clone();
                    copy[index] = value;
                    all.push((format!("{index}.{path}"), Value::Array(copy)));
                }
            }
        }
        _ => {}
    }
    all
}

#[tokio::test]
async fn no_body_breaks_the_api_and_none_stores_a_book() {
    let world = world().await;
    let mut faults = Faults::default();
    let book = "书".repeat(50_000);
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let mut odd: Vec<Value> = ODD.iter().map(|text| json!(text)).collect();
    odd.extend([json!(book), json!(-1), json!(i64::MAX), json!(1.5e300), json!({}), json!(vec!["x"; 20_000])]);
    odd.push(serde_json::from_str(&deep).expect("deep"));
    for (method, route, _) in table().into_iter().filter(|(method, ..)| ["POST", "PATCH"].contains(method)) {
        for value in &odd {
            for (member, body) in replaced(&body(route, "zhao"), value) {
                let request = Request::builder()
                    .method(method)
                    .uri(address(&world, route).await)
                    .header(header::IF_MATCH, "1")
                    .header(header::AUTHORIZATION, format!("Bearer {}", token("zhao")))
                    .body(Body::from(body.to_string()))
                    .expect("a request");
                let what = format!("{method} {route} {member}={:.40}", value.to_string());
                let answer = faults.hear(&what, world.send(request)).await;
                let is_done = answer.is_some_and(|answer| !answer.status.is_client_error());
                faults.note(value == &json!(book) && is_done && route != READS_ONLY, || format!("{what}: taken"));
            }
        }
    }
    faults.refuse();
}

#[tokio::test]
async fn json_that_is_none_and_bodies_without_end_are_refused_everywhere() {
    let world = world().await;
    let endless = format!("{{\"note\": \"{}\"}}", "x".repeat(10 * 1024 * 1024));
    let bottomless = "[".repeat(200_000);
    for (method, route, _) in table().into_iter().filter(|(method, ..)| ["POST", "PATCH"].contains(method)) {
        let address = address(&world, route).await;
        for (text, status) in [("{\"unit\":", 422), ("", 422), ("null", 422), (&bottomless, 422), (&endless, 413)] {
            // To accept an entry needs no words.
            if text.is_empty() && route.ends_with("/accept") {
                continue;
            }
            let request = Request::builder()
                .method(method)
                .uri(&address)
                .header(header::IF_MATCH, "1")
                .header(header::AUTHORIZATION, format!("Bearer {}", token("zhao")))
                .body(Body::from(text.to_owned()))
                .expect("a request");
            let answer = world.send(request).await;
            assert_eq!(answer.status, status, "{method} {route} {text:.20}: {}", answer.text);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {route}");
        }
    }
    for (_, route, _) in table().into_iter().filter(|(method, ..)| *method == "FORM") {
        let note = [("note", endless.as_str())];
        let answer = world.submit("zhao", &address(&world, route).await, &note).await;
        assert_eq!(answer.status, 413, "{route}");
        assert!(answer.text.len() < 200_000, "{route}: what was sent is not sent back");
    }
}

#[tokio::test]
async fn no_name_becomes_markup_on_any_page() {
    let world = world().await;
    const MARKUP: &str = "<img src=x>\"'</textarea></title>&";
    let named = |body: Value| {
        let text = body.to_string().replace("NAME", &MARKUP.replace('"', "\\\""));
        serde_json::from_str::<Value>(&text).expect("a body")
    };
    let today = super::clock::today();
    let quantities = json!([{ "measure": "marked", "value": 3, "precision": "exact" }]);
    let id = uuid::Uuid::now_v7();
    for (route, body) in [
        ("units", json!({ "code": "marked", "name": "NAME", "parent": "500999001", "kind": "department" })),
        ("measures", json!({ "key": "marked", "name": "NAME", "unit_word": "<b>", "unit": "500999001" })),
        ("themes", json!({ "key": "marked", "name": "NAME", "unit": "500999001" })),
        ("activity-types", json!({ "key": "marked", "name": "NAME", "measures": ["marked"], "unit": "500999001" })),
        ("indicators", json!({ "key": "marked", "name": "NAME", "kind": "sum", "measure": "marked", "each": "year" })),
        (
            "targets",
            json!({ "plan": "plan-9", "indicator": "marked", "unit": "500999001", "value": 9, "basis": "NAME" }),
        ),
        (
            "campaigns",
            json!({ "key": "marked", "title": "NAME", "from": today, "to": today, "lead": "NAME", "note": "NAME",
            "themes": ["marked"], "unit": "500999001", "quantities": [{ "measure": "marked", "value": 9 }] }),
        ),
        (
            "events",
            json!({ "campaign": "marked", "unit": "marked", "lead": "NAME", "type": "marked",
            "starts_at": format!("{today}T09:00"), "ends_at": format!("{today}T10:00") }),
        ),
        (
            "activities",
            json!({ "id": id, "unit": "marked", "date": today, "type": "marked", "themes": ["marked"],
            "campaigns": ["marked"], "quantities": quantities, "note": "NAME", "place": "NAME", "handler": "NAME" }),
        ),
    ] {
        let answer = world.post("qian", &format!("/api/v1/{route}"), named(body)).await;
        assert_eq!(answer.status, 201, "{route}: {}", answer.text);
    }
    let add = [("do", "add"), ("name", "marked"), ("display_name", MARKUP), ("role", "cadre"), ("at", "marked")];
    assert_eq!(world.submit("qian", "/accounts", &add).await.status, 303);
    let (entry, correct) = (format!("/activities/{id}"), format!("/activities/{id}/correct"));
    let more = [
        "/campaigns/marked",
        "/campaigns/marked/edit",
        "/catalogue/measure/marked?unit=500999001",
        "/tasks",
        "/catalogue",
        "/units",
        "/units/marked",
        "/accounts/marked",
        "/log",
        "/log/marked",
        "/?unit=marked",
        "/feedback",
        "/plans/plan-9",
        &entry,
        &correct,
    ];
    let mut seen = 0;
    let mut addresses: Vec<String> = more.iter().map(|path| (*path).to_owned()).collect();
    for (method, route, statuses) in table() {
        let is_page = method == "GET" && !route.starts_with("/api/") && !ASKS_NOTHING.contains(&route);
        // What 钱芳 is shown: she stands before the last one.
        if is_page && !route.contains(':') && statuses[5] == 200 {
            addresses.push(address(&world, route).await);
        }
    }
    for path in &addresses {
        let page = world.get("qian", path).await;
        let kinds = ["text/html", "text/csv", "application/vnd.openxmlformats"];
        assert!(kinds.iter().any(|kind| page.header("content-type").starts_with(kind)), "{path}");
        if page.header("content-type").starts_with("text/html") {
            assert!(!page.text.contains("<img") && !page.text.contains("<b>"), "{path}: {}", page.text);
            seen += usize::from(page.text.contains("&lt;img src=x"));
        }
    }
    assert!(seen > 15, "the names were seen on {seen} pages only");
}
