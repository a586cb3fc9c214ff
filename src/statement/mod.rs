//! The yearly statement of a unit (年度说明): what it logged in a year, month by month, for nothing but what was logged.

pub mod action;
pub mod page;
pub mod store;
mod table;
#[cfg(test)]
mod tests;
mod xlsx;
