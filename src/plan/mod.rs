//! Plans, indicators and targets; stocks, surveys and milestones; and how far each target is.

pub mod entry_store;
pub mod figure_store;
pub mod page;
pub mod store;
