//! What is counted, what is logged, what about: measures, activity types and themes, built in or an office's own.

pub mod action;
mod change_action;
mod entry_view;
mod kept_store;
mod list_view;
mod order_view;
pub mod page;
#[cfg(test)]
mod page_tests;
pub mod rule;
pub mod store;
#[cfg(test)]
mod tests;
mod view;
mod word_action;
pub mod word_store;
#[cfg(test)]
mod word_tests;
mod word_view;
mod write_store;
