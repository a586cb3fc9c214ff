//! An open dashboard moves by itself: `GET /live` tells a browser that something at a unit, below it or above it was
//! written, and never what; `public/live.js` then fetches the page again. Without script a page simply stays as it is.
//!
//! What was written is seen in the audit log, which every write ends with: so the command line and other servers on the
//! same database are heard too, and nothing is asked of who writes. One task asks for all listeners.

pub mod action;
pub mod hub;
pub mod page;
mod store;
#[cfg(test)]
mod tests;
pub mod view;
