//! The calendar under mouse and keys: an event is dragged to another day, the arrows go from day to day.
//!
//! Dropping fills and sends the form `move-day`, the same that the event's own page has. Arrows only count while the
//! focus is on a day, and never while an input method composes.

use crate::domain::period::Day;
use chrono::Duration;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

/// Wakes the days (`data-day`) and the events (`data-event`) of the page; shows nothing itself.
#[island]
pub fn DayGrid() -> impl IntoView {
    Effect::new(move |_| {
        window_event_listener(ev::keydown, |event| {
            if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
                return;
            }
            let Some(days) = step(&event.key()) else { return };
            if go(&event, days).is_some() {
                event.prevent_default();
            }
        });
        let taken: RwSignal<Option<String>> = RwSignal::new(None);
        window_event_listener(ev::dragstart, move |event| {
            let found = near(&event, "[data-event]");
            if let (Some(found), Some(transfer)) = (&found, event.data_transfer()) {
                transfer.set_effect_allowed("move");
                // Firefox drags nothing that carries nothing.
                let _ = transfer.set_data("text/plain", &found.text_content().unwrap_or_default());
                mark("moving", Some(found));
            }
            taken.set(found.and_then(|found| found.get_attribute("data-event")));
        });
        window_event_listener(ev::dragover, move |event| {
            if taken.with_untracked(Option::is_some) {
                let day = near(&event, "[data-day]");
                if day.is_some() {
                    event.prevent_default();
                }
                mark("target", day.as_ref());
            }
        });
        window_event_listener(ev::drop, move |event| {
            if let (Some(id), Some(cell)) = (taken.get_untracked(), near(&event, "[data-day]")) {
                event.prevent_default();
                let _ = send(&id, &cell);
            }
        });
        window_event_listener(ev::dragend, move |_| {
            taken.set(None);
            mark("target", None);
            mark("moving", None);
        });
    });
}

/// How many days an arrow goes.
fn step(key: &str) -> Option<i64> {
    match key {
        "ArrowLeft" => Some(-1),
        "ArrowRight" => Some(1),
        "ArrowUp" => Some(-7),
        "ArrowDown" => Some(7),
        _ => None,
    }
}

/// The element with this selector that the event happened in; browser only.
fn near(event: &Event, selector: &str) -> Option<Element> {
    let target = event.target()?;
    let element = match target.dyn_into::<Element>() {
        Ok(element) => element,
        // Text can be dragged too.
        Err(target) => target.dyn_into::<web_sys::Node>().ok()?.parent_element()?,
    };
    element.closest(selector).ok()?
}

/// Gives the class to this element alone, or to none.
fn mark(class: &str, element: Option<&Element>) {
    if let Ok(marked) = document().query_selector_all(&format!(".{class}")) {
        for index in 0..marked.length() {
            if let Some(other) = marked.get(index).and_then(|node| node.dyn_into::<Element>().ok()) {
                let _ = other.class_list().remove_1(class);
            }
        }
    }
    if let Some(element) = element {
        let _ = element.class_list().add_1(class);
    }
}

/// Puts the focus on the day so many days on, if it is on the page.
fn go(event: &Event, days: i64) -> Option<()> {
    let day: Day = near(event, "[data-day]")?.get_attribute("data-day")?.parse().ok()?;
    let to = day.checked_add_signed(Duration::days(days))?;
    let link = document().query_selector(&format!("[data-day='{to}'] a")).ok()??;
    link.dyn_into::<HtmlElement>().ok()?.focus().ok()
}

/// Sends the form that moves the event to the cell's day.
fn send(id: &str, cell: &Element) -> Option<()> {
    let form = document().get_element_by_id("move-day")?.dyn_into::<HtmlFormElement>().ok()?;
    let field = form.query_selector("[name='day']").ok()??.dyn_into::<HtmlInputElement>().ok()?;
    field.set_value(&cell.get_attribute("data-day")?);
    form.set_action(&format!("/events/{id}"));
    form.submit().ok()
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn only_arrows_go_from_day_to_day() {
        let steps = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "t", "Enter"].map(step);
        assert_eq!(steps, [Some(-1), Some(1), Some(-7), Some(7), None, None]);
    }
}
