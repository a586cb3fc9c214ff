//! The save bar of the log form: the button says what it will save.

use super::input;
use crate::{
    domain::{activity::plays, measure::Precision, period::Day},
    locale::Locale,
};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use serde::{Deserialize, Serialize};
use web_sys::HtmlInputElement;

/// A measure that the form asks for, with its names in the reader's language.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counted {
    pub key: String,
    pub name: String,
    pub unit_word: String,
}

/// What stands in the form.
#[derive(Debug, Default, PartialEq)]
struct Typed {
    /// Place in the list of measures, how sure, how many.
    figures: Vec<(usize, Precision, i64)>,
    /// Units ticked in 一次登记多个村, and whether the figures are each one's.
    units: u32,
    each: Option<bool>,
}

/// The bar with the one primary button; `counts` in the order of the form.
#[island]
pub fn SaveBar(counts: Vec<Counted>, locale: Locale) -> impl IntoView {
    let words = RwSignal::new(locale.save().to_owned());
    Effect::new(move |_| {
        let counts = counts.clone();
        // The other islands fill fields when clicked, after this hears of the click: look when all have done so.
        let look = move || {
            let counts = counts.clone();
            request_animation_frame(move || words.set(promise(&typed(&counts), &counts, locale)));
        };
        look();
        for name in ["input", "click", "change"] {
            let look = look.clone();
            window_event_listener(ev::Custom::<web_sys::Event>::new(name), move |_| look());
        }
    });
    view! {
        <div class="savebar"><button class="primary" type="submit">{words}</button></div>
    }
}

/// Reads the form; browser only.
fn typed(counts: &[Counted]) -> Typed {
    let value = |id: &str| input(id).map(|input| input.value()).unwrap_or_default();
    let chosen = |name: &str| {
        let found = document().query_selector(&format!("input[name='{name}']:checked")).ok().flatten()?;
        Some(found.dyn_into::<HtmlInputElement>().ok()?.value())
    };
    let day = |id: &str| value(id).parse::<Day>().ok();
    // As the server reckons it: "so often a day" replaces the first measure's count.
    let played = match (value("f-times").parse(), day("f-date")) {
        (Ok(times), Some(from)) => Some(plays(times, from, day("f-date_to"))),
        _ => None,
    };
    let figures = counts
        .iter()
        .enumerate()
        .filter_map(|(place, one)| {
            let precision = chosen(&format!("precision.{}", one.key)).and_then(|key| Precision::from_key(&key));
            let typed = value(&format!("f-value-{}", one.key)).trim().parse::<i64>().ok();
            let count = if place == 0 { played.or(typed) } else { typed };
            Some((place, precision.unwrap_or(Precision::Exact), count.filter(|count| *count > 0)?))
        })
        .collect();
    let units = document().query_selector_all("input[name='units']:checked").map_or(0, |found| found.length());
    Typed { figures, units, each: chosen("manner").map(|manner| manner == "each") }
}

/// What the button says: 保存 3条横幅. More than two counts are cut short, for the button is as wide as a phone.
fn promise(typed: &Typed, counts: &[Counted], locale: Locale) -> String {
    let words: Vec<String> = typed
        .figures
        .iter()
        .take(2)
        .map(|(place, precision, value)| {
            let Counted { name, unit_word, .. } = &counts[*place];
            let figure = match precision {
                Precision::Exact => locale.figure_exact(unit_word, value),
                Precision::AtLeast => locale.figure_at_least(unit_word, value),
                Precision::Estimate => locale.figure_estimate(unit_word, value),
            };
            match locale {
                Locale::Zh => format!("{figure}{name}"),
                Locale::En => format!("{name}: {figure}"),
            }
        })
        .collect();
    if words.is_empty() {
        return locale.save().to_owned();
    }
    let mut figures = words.join(if locale == Locale::Zh { "、" } else { ", " });
    if typed.figures.len() > words.len() {
        figures = locale.log_and_more(figures);
    }
    match (typed.units, typed.each) {
        (0, _) | (_, None) => locale.log_save(figures),
        (units, Some(true)) => locale.log_save_each(figures, units),
        (units, Some(false)) => locale.log_save_together(figures, units),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> Vec<Counted> {
        [("banner", "横幅", "条"), ("leaflet", "宣传资料", "份"), ("attendance", "受教育", "人次")]
            .map(|(key, name, unit_word)| Counted { key: key.into(), name: name.into(), unit_word: unit_word.into() })
            .to_vec()
    }

    #[test]
    fn the_button_names_what_it_saves() {
        let said = |figures: Vec<(usize, Precision, i64)>, units, each| {
            promise(&Typed { figures, units, each }, &counts(), Locale::Zh)
        };
        let banners = (0, Precision::Exact, 3);
        let leaflets = (1, Precision::AtLeast, 120);
        assert_eq!(said(vec![], 0, None), "保存");
        assert_eq!(said(vec![banners], 0, None), "保存 3条横幅");
        assert_eq!(said(vec![banners, leaflets], 0, None), "保存 3条横幅、120余份宣传资料");
        assert_eq!(
            said(vec![banners, leaflets, (2, Precision::Exact, 60)], 0, None),
            "保存 3条横幅、120余份宣传资料等"
        );
        assert_eq!(said(vec![banners], 14, Some(true)), "保存 14个单位各3条横幅");
        assert_eq!(said(vec![leaflets], 14, Some(false)), "保存 14个单位合计120余份宣传资料");
    }
}
