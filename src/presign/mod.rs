//! Checks before signing (签发前核查): what of a report somebody may want to look at before it is signed. Findings, no verdict.

pub mod action;
pub mod page;
pub mod store;
#[cfg(test)]
mod tests;
