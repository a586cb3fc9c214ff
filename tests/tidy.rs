//! The house rules that a compiler does not check: who may import whom, where SQL stands, how long a file may be.
//! Each refusal names the file and line, and ARCHITECTURE.md tells the reason.
#![allow(clippy::expect_used)] // A test's helpers.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every Rust file below `folder`, with its path from the project's root and its text.
fn sources(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> = fs::read_dir(folder)
            .expect("a folder of the project")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), &mut found);
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(root).expect("below the root").display().to_string();
            (name, fs::read_to_string(&path).expect("a readable file"))
        })
        .collect()
}

/// The text without its tests, which may use everything.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

/// The first path segments that a file takes from this crate, with their lines: `crate::domain` → `domain`.
/// Braced imports (`use crate::{a, b::c}`) are taken apart.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("crate::") {
        let line = text[..start].matches('\n').count() + 1;
        let rest = &text[start + "crate::".len()..];
        if text[..start].ends_with('$') {
            continue;
        }
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            let mut taking = true;
            for letter in group.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        found.push((line, std::mem::take(&mut name)));
                        taking = true;
                    }
                    ':' if depth == 0 => taking = false,
                    letter if depth == 0 && taking && (letter.is_alphanumeric() || letter == '_') => name.push(letter),
                    _ => {}
                }
            }
            found.push((line, name));
        } else {
            found.push((line, rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()));
        }
    }
    found.retain(|(_, name)| !name.is_empty());
    found
}

fn refuse(refusals: Vec<String>, rule: &str) {
    assert!(refusals.is_empty(), "{rule}:\n{}", refusals.join("\n"));
}

/// Refuses every import of a file below `folder` that is not in `allowed`.
fn only_imports(folder: &str, allowed: &[&str], rule: &str) {
    let mut refusals = Vec::new();
    for (file, text) in sources(folder) {
        for (line, name) in imports(without_tests(&text)) {
            if !allowed.contains(&name.as_str()) {
                refusals.push(format!("{file}:{line} imports crate::{name}"));
            }
        }
    }
    refuse(refusals, rule);
}

#[test]
fn the_rules_know_nothing_but_rules_and_texts() {
    only_imports("src/domain", &["domain", "locale", "keyed"], "domain/ imports only domain and locale");
}

#[test]
fn charts_know_nothing_of_ours() {
    only_imports("src/chart", &["chart"], "chart/ imports nothing of ours: numbers in, SVG out");
}

#[test]
fn islands_are_built_for_the_browser() {
    only_imports("src/island", &["domain", "locale", "island"], "island/ imports only domain and locale");
}

#[test]
fn sql_stands_in_stores_only() {
    let mut refusals = Vec::new();
    for (file, text) in sources("src") {
        let is_store = file.ends_with("store.rs") || file.starts_with("src/server/");
        let is_test = file.ends_with("tests.rs");
        if is_store || is_test || file == "src/error.rs" {
            continue;
        }
        for (number, line) in without_tests(&text).lines().enumerate() {
            if line.contains("sqlx::query") || line.contains("QueryBuilder") {
                refusals.push(format!("{file}:{}", number + 1));
            }
        }
    }
    refuse(refusals, "SQL stands only in files whose name ends with store.rs, and in server/");
}

#[test]
fn stores_know_no_pages_and_no_requests() {
    let mut refusals = Vec::new();
    for (file, text) in sources("src") {
        if !file.ends_with("store.rs") || file.starts_with("src/server/") {
            continue;
        }
        let text = without_tests(&text);
        for word in ["leptos", "axum::", "Ctx", "crate::ui"] {
            if text.contains(word) {
                refusals.push(format!("{file} speaks of {word}"));
            }
        }
    }
    refuse(refusals, "a store is given a connection, a scope and values");
}

#[test]
fn nobody_reaches_into_another_features_pages() {
    let mut refusals = Vec::new();
    for (file, text) in sources("src") {
        if ["src/app.rs", "src/server/router.rs"].contains(&file.as_str()) {
            continue;
        }
        let room = file.split('/').nth(1).unwrap_or_default();
        for (number, line) in without_tests(&text).lines().enumerate() {
            for part in line.split("crate::").skip(1) {
                let mut names = part.split("::");
                let (feature, file_name) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
                if feature != room && !["ui", "server"].contains(&feature) && file_name.starts_with("page") {
                    refusals.push(format!("{file}:{} uses crate::{feature}::{file_name}", number + 1));
                }
            }
        }
    }
    refuse(refusals, "only the table of pages and the router know a feature's pages");
}

#[test]
fn the_clock_is_asked_in_one_place() {
    let mut refusals = Vec::new();
    for (file, text) in sources("src") {
        if file != "src/server/clock.rs" && (text.contains("Utc::now(") || text.contains("Local::now(")) {
            refusals.push(file);
        }
    }
    refuse(refusals, "today is an argument; server/clock.rs is the clock");
}

#[test]
fn a_file_can_be_read_in_one_go() {
    const MOST: usize = 450;
    let mut refusals = Vec::new();
    for (file, text) in sources("src").into_iter().chain(sources("tests")) {
        let lines = text.lines().count();
        if lines > MOST {
            refusals.push(format!("{file} has {lines} lines; {MOST} is the most"));
        }
    }
    refuse(refusals, "is there a second thing inside that wants a file of its own?");
}

#[test]
fn every_file_says_what_it_is() {
    let mut refusals = Vec::new();
    for (file, text) in sources("src").into_iter().chain(sources("tests")) {
        if !text.starts_with("//!") {
            refusals.push(file);
        }
    }
    refuse(refusals, "a file begins with a line that says what it holds");
}
