//! A button that says what it will save.

use leptos::{html::Button, prelude::*, wasm_bindgen::JsCast, web_sys};
use serde::{Deserialize, Serialize};

/// A number field of the form and how its count is said: `value.banner`, 横幅, 条.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counter {
    /// The field's name.
    pub name: String,
    /// What is counted.
    pub what: String,
    /// The counter behind a figure; empty for none.
    pub unit_word: String,
}

/// What the button says: the word alone where nothing is counted yet, else 保存 3 条横幅、120 份资料; of more than two
/// counts the first two and 等.
fn sentence(word: &str, list: &str, others: &str, counts: &[(String, Counter)]) -> String {
    let filled: Vec<(i64, &Counter)> = counts
        .iter()
        .filter_map(|(typed, counter)| Some((typed.trim().parse::<i64>().ok().filter(|count| *count > 0)?, counter)))
        .collect();
    if filled.is_empty() {
        return word.to_owned();
    }
    let named: Vec<String> = filled
        .iter()
        .take(2)
        .map(|(count, counter)| match counter.unit_word.is_empty() {
            true => format!("{count} {}", counter.what),
            // Chinese counters stand before the thing: 3 条横幅.
            false => format!("{count} {}{}", counter.unit_word, counter.what),
        })
        .collect();
    let rest = if filled.len() > named.len() { others } else { "" };
    format!("{word} {}{rest}", named.join(list))
}

/// The button that saves a form and names what will be saved. Without script it says the word alone and saves as well.
///
/// It listens to its own form, so that it stands anywhere within it; [`super::Stepper`] is heard as well as typing.
///
/// ```text
/// <SaveButton
///     word="保存".to_owned()
///     list="、".to_owned()                  // between two counts: "、" or ", "
///     others="等".to_owned()                // after the second of more: "等" or " and more"
///     counters=vec![Counter { name: "value.banner".into(), what: "横幅".into(), unit_word: "条".into() }]
/// />
/// ```
/// In English leave `unit_word` empty: "Save 3 banners".
#[island]
pub fn SaveButton(word: String, list: String, others: String, counters: Vec<Counter>) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let text = RwSignal::new(word.clone());
    let read = move || {
        let Some(form) = button.get_untracked().and_then(|own| own.form()) else { return };
        let counts: Vec<(String, Counter)> =
            counters.iter().map(|counter| (typed(&form, &counter.name), counter.clone())).collect();
        text.set(sentence(&word, &list, &others, &counts));
    };
    Effect::new(move || {
        let Some(form) = button.get().and_then(|own| own.form()) else { return };
        read();
        let read = read.clone();
        // The page keeps the island for as long as it lives, and the listener with it.
        window_event_listener_untyped("input", move |event| {
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if form.contains(target.as_ref()) {
                read();
            }
        });
    });
    view! { <button type="submit" class="button primary save" node_ref=button>{move || text.get()}</button> }
}

/// What stands in the form's field with this name.
fn typed(form: &web_sys::HtmlFormElement, name: &str) -> String {
    let found = form.query_selector(&format!("[name=\"{name}\"]")).ok().flatten();
    found.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()).map(|field| field.value()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(what: &str, unit_word: &str) -> Counter {
        Counter { name: format!("value.{what}"), what: what.into(), unit_word: unit_word.into() }
    }

    fn said(typed: &[(&str, Counter)]) -> String {
        let counts: Vec<(String, Counter)> =
            typed.iter().map(|(typed, counter)| ((*typed).to_owned(), counter.clone())).collect();
        sentence("保存", "、", "等", &counts)
    }

    #[test]
    fn the_button_names_what_will_be_saved() {
        let (banner, leaflet, board) = (counter("横幅", "条"), counter("资料", "份"), counter("展板", "块"));
        assert_eq!(said(&[("", banner.clone()), ("0", leaflet.clone())]), "保存");
        assert_eq!(said(&[("3", banner.clone()), ("", leaflet.clone())]), "保存 3 条横幅");
        assert_eq!(said(&[("3", banner.clone()), ("120", leaflet.clone())]), "保存 3 条横幅、120 份资料");
        assert_eq!(said(&[("3", banner), ("120", leaflet), ("1", board)]), "保存 3 条横幅、120 份资料等");
        let english = vec![("3".to_owned(), counter("banners", ""))];
        assert_eq!(sentence("Save", ", ", " and more", &english), "Save 3 banners");
    }
}
