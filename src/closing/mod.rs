//! Closing a month or a year: what was reported stays as it was, and late entries need an unlock.

pub mod action;
pub mod page;
pub mod store;
#[cfg(test)]
mod tests;
mod view;
