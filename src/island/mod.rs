//! The parts of a page that wake up in the browser. Each helps with a form that works without it; a page that has one
//! asks for the WebAssembly with `Page::with_islands`.
//!
//! Until it is awake a helper keeps its place and is hidden (`asleep`), so that nothing moves under a thumb and no
//! button is seen that does nothing.

mod day_chips;
mod day_grid;
mod save_bar;
mod stepper;

pub use day_chips::DayChips;
pub use day_grid::DayGrid;
pub use save_bar::{Counted, SaveBar};
pub use stepper::Stepper;

use leptos::{prelude::*, wasm_bindgen::JsCast};
use web_sys::HtmlInputElement;

/// True on the server and until the island wakes.
fn asleep() -> RwSignal<bool> {
    let asleep = RwSignal::new(true);
    // Effects run in the browser only.
    Effect::new(move |_| asleep.set(false));
    asleep
}

/// The input with this id; browser only.
fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
