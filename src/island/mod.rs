//! The parts of a page that wake up in the browser. Each wraps a form that works without it.
//!
//! A page that has any says so with `Page::with_islands`; all others load no script.

mod save_button;
mod stepper;

pub use save_button::{Counter, SaveButton};
pub use stepper::Stepper;
