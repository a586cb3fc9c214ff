//! Statistical tables (统计表): by time, unit, theme or measure, with columns that are data; sent as a snapshot, and written into
//! a county's own file. The rules are in [`crate::domain::table`].

mod across;
#[cfg(test)]
mod across_tests;
pub mod action;
mod address;
mod fill;
mod form_action;
mod form_page;
mod guess;
pub mod page;
pub mod reckon;
#[cfg(test)]
pub mod sample;
pub mod sent_action;
mod sent_page;
pub mod store;
mod template_action;
mod template_cells;
mod template_page;
mod template_store;
#[cfg(test)]
mod tests;
mod view;
mod xlsx;
