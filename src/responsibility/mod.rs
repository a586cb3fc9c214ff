//! The responsibility list (谁执法谁普法 责任清单): each department's rows of a year, tied to campaigns.

pub mod action;
mod edit_page;
pub mod page;
pub mod store;
#[cfg(test)]
mod tests;
