//! The ledger: which activities were logged, what they add up to, in groups or one by one, and its exports.

pub mod address;
pub mod columns;
pub mod condition;
pub mod csv;
#[cfg(test)]
mod drill_tests;
#[cfg(test)]
mod edit_tests;
mod edit_view;
#[cfg(test)]
pub mod export_tests;
pub mod export_view;
pub mod filter;
#[cfg(test)]
mod filter_of_test;
mod filter_view;
mod group_view;
#[cfg(test)]
mod list_tests;
mod origin;
pub mod page;
pub mod sheet;
pub mod sums;
mod table_view;
#[cfg(test)]
pub mod tests;
pub mod words;
pub mod xlsx;
