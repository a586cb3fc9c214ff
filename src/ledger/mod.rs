//! The ledger: which activities were logged, what they add up to, and their export.

pub mod csv;
pub mod filter;
pub mod page;
mod sums;
#[cfg(test)]
mod tests;
pub mod words;
