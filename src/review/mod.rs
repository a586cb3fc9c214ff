//! Looking at what was logged: accept, return with a remark, offer doubles for merging.

pub mod action;
pub mod double_action;
mod double_page;
pub mod double_store;
#[cfg(test)]
mod double_tests;
pub mod entry_view;
mod evidence;
pub mod page;
pub mod store;
#[cfg(test)]
mod tests;
