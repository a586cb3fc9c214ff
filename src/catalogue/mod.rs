//! What is counted, what is logged, what about: measures, activity types and themes, built in or an office's own.

pub mod action;
pub mod page;
pub mod store;
#[cfg(test)]
mod tests;
mod write_store;
