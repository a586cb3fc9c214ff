//! The ledger's entries: logged, corrected, withdrawn; and the totals' upkeep in the same transaction.

pub mod action;
pub mod fact_store;
pub mod page;
pub mod rollup_store;
pub mod store;
pub mod write_store;
