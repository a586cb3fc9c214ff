//! The figures of a draft, held against the log (数字核对). The rules are in [`crate::domain::claim`].

pub mod action;
mod draft;
#[cfg(test)]
mod draft_tests;
pub mod page;
#[cfg(test)]
mod tests;
mod view;
