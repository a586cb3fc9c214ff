//! Being built.

pub mod event_page;
pub mod page;
