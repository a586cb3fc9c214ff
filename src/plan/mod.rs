//! Plans, indicators and targets; stocks, surveys and milestones; and how far each target is.

pub mod action;
mod below_view;
mod drill_page;
pub mod drill_store;
#[cfg(test)]
mod edit_tests;
pub mod entry_action;
mod entry_page;
pub mod entry_store;
#[cfg(test)]
mod entry_tests;
pub mod figure_store;
pub mod goal_row;
mod goal_view;
pub mod goals;
pub mod indicator_action;
mod indicator_page;
mod indicator_view;
pub mod link;
pub mod need;
mod pace;
mod pace_store;
#[cfg(test)]
mod pace_tests;
pub mod page;
mod plan_page;
pub mod rollover_action;
mod rollover_page;
pub mod rollover_store;
#[cfg(test)]
mod rollover_tests;
pub mod series;
mod series_store;
mod series_view;
pub mod source;
mod stock_page;
pub mod store;
pub mod target_action;
mod target_page;
pub mod target_store;
#[cfg(test)]
mod tests;
pub mod view;
pub mod words;
