//! The parts of a page that wake up in the browser. Each wraps a form that works without it.
