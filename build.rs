//! Turns `locales/*.json` into one method of `Locale` per text, so that a missing text or a missing
//! argument is a compile error and not a blank on somebody's screen.
//!
//! A file holds `{ "key": { "zh": "还差{missing}次", "en": "{missing} to go" } }`. A text with `{name}` in it
//! becomes a function with one argument per name, in alphabetical order. English counts: `{count:day|days}` is "1 day"
//! or "3 days".
#![allow(clippy::expect_used)] // A build that cannot write its texts has to stop.

use std::{collections::BTreeMap, collections::BTreeSet, env, fmt::Write, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=migrations");
    let mut texts: BTreeMap<String, (String, String, String)> = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir("locales")
        .expect("the folder locales/ stands beside build.rs")
        .map(|entry| entry.expect("a readable folder entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    for path in files {
        read(&path, &mut texts);
    }
    let mut code = String::from("impl Locale {\n");
    for (key, (zh, en, file)) in &texts {
        write_method(&mut code, key, zh, en, file);
    }
    code.push_str("}\n");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("texts.rs"), code).expect("OUT_DIR is writable");
}

fn read(path: &Path, texts: &mut BTreeMap<String, (String, String, String)>) {
    let file = path.display().to_string();
    let json = fs::read_to_string(path).expect("a readable locale file");
    let entries: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{file}: {error}"));
    for (key, mut both) in entries {
        let mut take =
            |tongue: &str| both.remove(tongue).unwrap_or_else(|| panic!("{file}: `{key}` has no `{tongue}`"));
        let (zh, en) = (take("zh"), take("en"));
        assert!(both.is_empty(), "{file}: `{key}` has a language that Pufa does not speak");
        assert_eq!(arguments(&zh), arguments(&en), "{file}: `{key}` takes other arguments in zh than in en");
        let former = texts.insert(key.clone(), (zh, en, file.clone()));
        assert!(former.is_none(), "{file}: `{key}` stands in another file already");
    }
}

/// What stands in braces.
fn braced(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(inside, _)| inside)
}

/// The names in braces, each once, sorted.
fn arguments(text: &str) -> BTreeSet<String> {
    braced(text).map(|inside| inside.split(':').next().unwrap_or_default().to_owned()).collect()
}

/// The call of `format!` for a text: `{count:day|days}` becomes the count and the word that fits it.
fn formatted(text: &str) -> String {
    let (mut pattern, mut words) = (text.to_owned(), String::new());
    for inside in braced(text) {
        let Some((name, (one, many))) =
            inside.split_once(':').and_then(|(name, words)| Some((name, words.split_once('|')?)))
        else {
            continue;
        };
        pattern = pattern.replacen(&format!("{{{inside}}}"), &format!("{{{name}}} {{}}"), 1);
        write!(words, ", if {name}.to_string() == \"1\" {{ {one:?} }} else {{ {many:?} }}")
            .expect("writing to a string");
    }
    format!("format!({pattern:?}{words})")
}

fn write_method(code: &mut String, key: &str, zh: &str, en: &str, file: &str) {
    let arguments = arguments(zh);
    writeln!(code, "    /// {}: {}", file, zh.replace('\n', " ")).expect("writing to a string");
    if arguments.is_empty() {
        writeln!(
            code,
            "    pub fn {key}(self) -> &'static str {{ match self {{ Locale::Zh => {zh:?}, Locale::En => {en:?} }} }}"
        )
        .expect("writing to a string");
    } else {
        let list: Vec<String> = arguments.iter().map(|name| format!("{name}: impl std::fmt::Display")).collect();
        writeln!(
            code,
            "    pub fn {key}(self, {}) -> String {{ match self {{ Locale::Zh => {}, Locale::En => {} }} }}",
            list.join(", "),
            formatted(zh),
            formatted(en)
        )
        .expect("writing to a string");
    }
}
