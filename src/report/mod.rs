//! Reports: the yearly sentence with its figures, live; and the report as a document that is made, edited, signed and sent.

pub mod action;
pub mod cli;
pub mod hub;
pub mod page;
pub mod paper;
pub mod store;
#[cfg(test)]
mod tests;
pub mod xlsx;
