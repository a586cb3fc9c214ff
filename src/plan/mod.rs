//! Plans, indicators and targets; stocks, surveys and milestones; and how far each target is.

pub mod action;
pub mod entry_action;
pub mod entry_store;
pub mod figure_store;
pub mod goals;
pub mod indicator_action;
mod indicator_page;
pub mod page;
mod plan_page;
pub mod source;
mod stock_page;
pub mod store;
#[cfg(test)]
mod tests;
pub mod words;
