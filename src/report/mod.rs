//! The yearly report: its sentence and figures, in official and in exact style.

pub mod action;
pub mod cli;
pub mod hub;
pub mod page;
pub mod store;
#[cfg(test)]
mod tests;
