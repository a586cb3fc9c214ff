//! Any figure on any page leads to the records whose sum it is: every page that bears figures is walked, every link with a
//! figure followed, and what stands there compared.

use super::tests::{LIANGHE, TIANPING, TOWN, book, count, log};
use crate::{
    account, demo,
    server::{
        context::Ctx,
        router::router,
        state::{AppState, Settings},
        testing::{Answer, World, each_engine, sqlite},
    },
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A server that is walked as one person.
struct Walk {
    world: World,
    token: String,
}

/// A link with the figure that it bears.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Borne {
    page: String,
    text: String,
    address: String,
}

fn select(html: &Html, selector: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let selector = Selector::parse(selector).expect("a selector");
    let told = |found: ElementRef| {
        let text = found.text().collect::<String>();
        let attributes = found.value().attrs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        (text.split_whitespace().collect::<Vec<_>>().join(" "), attributes)
    };
    // What is drawn stands in a table too, with the same links.
    let is_drawn = |found: &ElementRef| {
        found.ancestors().filter_map(|node| node.value().as_element()).any(|element| element.name() == "svg")
    };
    html.select(&selector).filter(|found| !is_drawn(found)).map(told).collect()
}

/// The figure that a text begins with, or is besides its unit word: 7,065份 → 7065. `None` where it has none, or several.
fn figure(text: &str) -> Option<i64> {
    let plain = text.replace(',', "");
    // Parts by precision are said behind the figure: 156（以上 20）.
    let first = plain.split(['（', '(', '，']).next().unwrap_or_default().to_owned();
    let numbers: Vec<&str> =
        first.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    match numbers.as_slice() {
        [one] if !first.contains('%') && !first.contains('.') => one.parse().ok(),
        _ => None,
    }
}

/// So many figures of one kind on a page are followed.
const MOST: usize = 16;

/// What an address asks: its path, and the names of its fields.
fn kind(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{path} {}", names.join(" "))
}

impl Walk {
    async fn get(&self, address: &str) -> Answer {
        let request = Request::builder()
            .uri(address)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::empty())
            .expect("a request");
        let answer = self.world.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
        answer
    }

    /// The links of a page that bear a figure, and lead to records.
    async fn borne(&self, page: &str) -> Vec<Borne> {
        let html = Html::parse_document(&self.get(page).await.text);
        let links = select(&html, "main a[href^='/activities?'], main a[href^='/goals/']");
        links
            .into_iter()
            .filter(|(text, attributes)| {
                !attributes.contains_key("data-part") && text.chars().any(|letter| letter.is_ascii_digit())
            })
            .map(|(text, attributes)| Borne { page: page.to_owned(), text, address: attributes["href"].clone() })
            .collect()
    }

    /// Follows every figure of these pages; how many there were.
    async fn follow(&self, pages: &[String]) -> usize {
        // Of figures of one kind on a page, some of all.
        let mut kinds: BTreeMap<(String, String), BTreeSet<Borne>> = BTreeMap::new();
        for page in pages {
            for one in self.borne(page).await {
                kinds.entry((page.clone(), kind(&one.address))).or_default().insert(one);
            }
        }
        let some = |all: BTreeSet<Borne>| {
            let step = all.len().div_ceil(MOST);
            all.into_iter().step_by(step.max(1))
        };
        let all: BTreeSet<Borne> = kinds.into_values().flat_map(some).collect();
        let mut found: BTreeMap<String, Html> = BTreeMap::new();
        let mut wrong = Vec::new();
        for one in &all {
            if !found.contains_key(&one.address) {
                let answer = self.get(&one.address.replace("&amp;", "&")).await;
                found.insert(one.address.clone(), Html::parse_document(&answer.text));
            }
            let there = &found[&one.address];
            if one.address.starts_with("/goals/") {
                let parts = select(there, ".drill");
                let shown = parts.iter().flat_map(|(_, of)| [of["data-figure"].clone(), of["data-missing"].clone()]);
                let shown: Vec<String> = shown.collect();
                if !shown.iter().any(|figure| !figure.is_empty() && one.text.contains(figure)) {
                    wrong.push(format!("{one:?} is there {shown:?}"));
                }
                continue;
            }
            let Some(figure) = figure(&one.text) else { continue };
            let origin = select(there, "details.origin").into_iter().next();
            let read = |name: &str| origin.as_ref().and_then(|(_, of)| of.get(name)?.parse::<i64>().ok());
            let shown = [read("data-figure"), read("data-certain"), read("data-entries"), read("data-sum")];
            // Where nothing is, nothing is told.
            if !shown.contains(&Some(figure)) && (figure != 0 || origin.is_some()) {
                wrong.push(format!("{one:?} is there {shown:?}"));
            }
        }
        assert!(
            wrong.is_empty(),
            "{} of {} figures are not what they lead to:\n{}",
            wrong.len(),
            all.len(),
            wrong.join("\n")
        );
        all.len()
    }

    /// Addresses of the pages of this kind that a list links to.
    async fn linked(&self, list: &str, below: &str) -> Vec<String> {
        let html = Html::parse_document(&self.get(list).await.text);
        let links = select(&html, &format!("main a[href^='{below}']"));
        let addresses: BTreeSet<String> = links.into_iter().map(|(_, of)| of["href"].clone()).collect();
        addresses.into_iter().filter(|address| !address.trim_start_matches(below).contains(['/', '?', '#'])).collect()
    }
}

#[tokio::test]
async fn every_figure_of_the_demos_pages_leads_to_what_it_is_made_of() {
    let db = sqlite().await;
    demo::build(&db).await.expect("the demo");
    let state = AppState { db: db.clone(), settings: Arc::new(Settings::default()) };
    let token = account::program::create_token(&Ctx::for_program(db.clone(), None), "officer", "test").await;
    let walk = Walk { world: World { db, router: router(state) }, token: token.expect("a token") };
    let mut pages: Vec<String> = [
        "/?year=2021",
        "/?year=2021&theme=drugs",
        "/screen?year=2021",
        "/goals?year=2021",
        "/goals?as_of=2021-09-15",
        "/gaps?as_of=2021-09-15",
        "/report?year=2021&style=exact",
        "/statement?year=2021",
        "/activities?year=2021&group=month",
        "/activities?year=2021&group=theme",
        "/activities?year=2021&measure=leaflet&group=unit",
        "/closing?year=2021",
    ]
    .map(str::to_owned)
    .to_vec();
    let campaigns = walk.linked("/campaigns?year=2021", "/campaigns/").await;
    assert!(campaigns.len() >= 10, "{campaigns:?}");
    pages.extend(campaigns.iter().take(12).cloned());
    pages.extend(campaigns.iter().take(3).map(|address| format!("{address}/materials")));
    for key in ["broadcasts", "study_sessions", "pupils_reached", "villages_visited", "law_literate", "campaigns"] {
        pages.push(format!("/goals/{key}?unit=500113108&plan=plan-8&as_of=2021-12-31"));
        pages.push(format!("/indicators/{key}?unit=500113108"));
    }
    let walked = walk.follow(&pages).await;
    assert!(walked > 150, "only {walked} figures were found");
}

#[tokio::test]
async fn figures_with_every_precision_and_over_several_days_lead_to_their_sum_also_in_a_county() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        for (indicator, value) in [("banners", 150.0), ("leaflets", 500.0), ("villages_visited", 1.0)] {
            let body = json!({"plan": "plan-8", "indicator": indicator, "unit": TOWN, "value": value, "basis": "通知"});
            assert_eq!(world.post("qian", "/api/v1/targets", body).await.status, StatusCode::CREATED);
        }
        log(&world, "li", LIANGHE, "2021-05-01", json!([count("village_visit", 4, "exact")]), json!({})).await;
        let walk = Walk { world, token: crate::server::testing::token("zhao") };
        let mut pages = vec!["/?year=2021".to_owned(), "/goals?year=2021".into(), "/statement?year=2021".into()];
        for unit in [TOWN, TIANPING, LIANGHE] {
            pages.push(format!("/?unit={unit}&year=2021"));
            pages.push(format!("/goals?unit={unit}&as_of=2021-12-03"));
        }
        assert!(walk.follow(&pages).await > 20);
    })
    .await;
}

#[tokio::test]
async fn the_head_of_the_ledger_tells_parts_rule_overlaps_late_entries_and_evidence_apart() {
    each_engine(|db| async move {
        let world = World::new(db).await;
        book(&world).await;
        let body =
            json!({"title": "禁毒月", "unit": TOWN, "from": "2021-06-01", "to": "2021-06-30", "themes": ["drugs"]});
        let mut keys = Vec::new();
        for title in ["禁毒月", "安全月"] {
            let mut body = body.clone();
            body["title"] = json!(title);
            let answer = world.post("qian", "/api/v1/campaigns", body).await;
            keys.push(answer.json()["key"].clone());
        }
        let counts = json!([count("banner", 7, "exact")]);
        let more = json!({ "themes": ["drugs", "safety"], "campaigns": keys });
        log(&world, "sun", TIANPING, "2021-06-25", counts, more).await;
        let page = world.get("qian", "/activities?from=2021-01-01&to=2021-12-31&measure=banner").await;
        let html = Html::parse_document(&page.text);
        let origin = select(&html, "details.origin");
        let (text, of) = origin.first().expect("the head");
        assert_eq!((of["data-figure"].as_str(), of["data-certain"].as_str()), ("130", "110"), "{text}");
        for word in [
            "跨专项 1 场（已去重）",
            "多主题 1 场（已去重）",
            "统计口径",
            "期间没有改过",
            "4条记录中0条有佐证",
            "4条没有",
        ] {
            assert!(text.contains(word), "{word}: {text}");
        }
        // Whatever is entered now for 2021 is late.
        assert!(text.contains("补报") && text.contains("4条记录，130条"), "{text}");
        let parts = select(&html, "details.origin a[data-part]");
        assert_eq!(parts.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["确数 110", "约 20"]);
        let people = world.get("qian", "/activities?year=2021&interactive=0").await;
        assert!(people.text.contains("只看展示式活动"), "{}", people.text);
        let none = world.get("qian", "/activities?year=2021&interactive=1").await;
        assert!(!none.text.contains("details class=\"origin\""), "{}", none.text);
    })
    .await;
}
