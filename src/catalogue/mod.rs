//! What is counted, what is logged, what about: measures, activity types and themes, built in or an office's own.

pub mod action;
mod entry_view;
mod list_view;
pub mod page;
#[cfg(test)]
mod page_tests;
pub mod store;
#[cfg(test)]
mod tests;
mod view;
mod write_store;
