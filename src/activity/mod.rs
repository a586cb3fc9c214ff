//! The ledger's entries: logged, corrected, withdrawn; and the totals' upkeep in the same transaction.

pub mod action;
pub mod check;
pub mod check_store;
pub mod fact_store;
pub mod generate;
pub mod generate_store;
pub mod page;
pub mod rollup_store;
pub mod store;
#[cfg(test)]
mod tests;
pub mod write_store;
