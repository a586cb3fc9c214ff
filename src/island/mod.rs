//! The parts of a page that wake up in the browser. Each wraps a form that works without it; a page that has one asks
//! for the WebAssembly with `Page::with_islands`.
