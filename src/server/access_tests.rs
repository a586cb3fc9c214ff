//! Who gets what at every address: pages, forms, API. A route that is not in the table fails the test.

use super::{
    access_request::{address, body, fields, world},
    access_table::TABLE,
    testing::{World, sqlite, token},
};
use crate::evidence::sample;
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use std::{collections::BTreeSet, fmt::Write, path::Path};

/// The columns: nobody; 吴刚, the officer of another county's town; then the cast of [`testing`]: 周波 leads the town, 孙丽 is
/// the cadre of 天坪村, 李强 of 两河村, 钱芳 the town's officer, 赵明 the county's administrator.
pub(super) const WHO: [&str; 7] = ["", "wu", "zhou", "sun", "li", "qian", "zhao"];

/// A line of the table: method, address, and the status that each of [`WHO`] gets.
pub(super) fn table() -> Vec<(&'static str, &'static str, Vec<u16>)> {
    let lines = TABLE.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines
        .filter(|words| words.len() == WHO.len() + 2)
        .map(|words| (words[0], words[1], words[2..].iter().map(|status| status.parse().expect("a status")).collect()))
        .collect()
}

/// Every route there is: pages from the table of pages, forms and other addresses from where they are routed, the API
/// from its own description.
async fn routes(world: &World) -> BTreeSet<(String, String)> {
    let plain = |path: &str| path.replace('{', ":").replace('}', "");
    let between = |text: &str, start: &str| -> Vec<String> {
        text.split(start).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
    };
    let mut found = BTreeSet::new();
    for path in between(include_str!("../app.rs"), "path!(\"") {
        found.insert(("GET".to_owned(), path));
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the source") {
            let path = entry.expect("a file").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            // This file says it in words of its own.
            for rest in text.split(concat!(".route", "(\"")).skip(1) {
                let (path, handler) = rest.split_once("\", ").expect("an address and its handler");
                let method = if handler.starts_with("get(") { "GET" } else { "FORM" };
                if !path.contains('*') {
                    found.insert((method.to_owned(), plain(path)));
                }
            }
        }
    }
    let api = world.get("", "/api/openapi.json").await.json();
    for (path, methods) in api["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            found.insert((method.to_uppercase(), plain(path)));
        }
    }
    found
}

async fn ask(world: &World, method: &str, route: &str, who: &str) -> u16 {
    let address = address(world, route).await;
    if ["FORM", "POST"].contains(&method) && route.ends_with("/evidence") && route != "/evidence" {
        let (kind, body) = sample::form(&[("file", "a.jpg", &sample::one_photo())]);
        return world.send_bytes(who, Method::POST, &address, &kind, body).await.status.as_u16();
    }
    if method == "FILE" {
        let fields = fields(route, who);
        let typed = fields.iter().map(|(name, value)| (*name, value.as_str(), &b""[..]));
        let typed: Vec<_> = typed.chain([("file", "a.txt", "悬挂横幅3条。".as_bytes())]).collect();
        let (kind, body) = sample::form(&typed);
        return world.send_bytes(who, Method::POST, &address, &kind, body).await.status.as_u16();
    }
    if method == "FORM" {
        let fields = fields(route, who);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        return world.submit(who, &address, &fields).await.status.as_u16();
    }
    let mut request = Request::builder().method(method).uri(address).header(header::IF_MATCH, "1");
    if !who.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", token(who)));
    }
    let body = match method {
        "GET" => Body::empty(),
        "PUT" => Body::from(sample::one_photo()),
        _ => Body::from(body(route, who).to_string()),
    };
    world.send(request.body(body).expect("a request")).await.status.as_u16()
}

#[tokio::test]
async fn every_route_gives_each_role_what_the_table_says() {
    let world = world(sqlite().await).await;
    let mut wrong = String::new();
    for (method, route, expected) in table() {
        let mut got = Vec::new();
        for who in WHO {
            got.push(ask(&world, method, route, who).await);
        }
        if got != expected {
            let _ = writeln!(wrong, "{method:5} {route:38} {got:?} instead of {expected:?}");
        }
    }
    assert!(wrong.is_empty(), "for {WHO:?}:\n{wrong}");
    let mut conn = world.db.read().await.expect("a transaction");
    assert_eq!(super::audit::first_broken(&mut conn).await.expect("a check"), None);
}

#[tokio::test]
async fn every_route_stands_in_the_table() {
    let world = World::new(sqlite().await).await;
    let listed: BTreeSet<_> =
        table().into_iter().map(|(method, path, _)| (method.to_owned(), path.to_owned())).collect();
    let listed: BTreeSet<_> = listed.into_iter().filter(|(method, _)| method != "FILE").collect();
    let there = routes(&world).await;
    assert!(there.len() > 90, "the routes were not found: {there:?}");
    assert_eq!(there.difference(&listed).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not in the table");
    assert_eq!(listed.difference(&there).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not there any more");
}

#[tokio::test]
async fn what_has_no_form_takes_none() {
    let world = World::new(sqlite().await).await;
    let forms: BTreeSet<_> =
        table().into_iter().filter(|(method, ..)| *method == "FORM").map(|(_, path, _)| path).collect();
    for (_, path, _) in table().into_iter().filter(|(method, path, _)| *method == "GET" && !path.starts_with("/api")) {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            if method != Method::POST || !forms.contains(path) {
                let answer = world.ask("zhao", method.clone(), &path.replace(':', ""), None).await;
                assert_eq!(answer.status, 405, "{method} {path}");
            }
        }
    }
}
