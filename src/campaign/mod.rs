//! Being built.

pub mod page;
pub mod event_page;
