//! What is counted, what is logged, what about: measures, activity types and themes, built in or an office's own.

pub mod page;
pub mod store;
