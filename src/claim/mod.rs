//! The figures of a draft, held against the log (数字核对). The rules are in [`crate::domain::claim`].

pub mod action;
#[cfg(test)]
mod against_tests;
mod draft;
#[cfg(test)]
mod draft_tests;
mod log;
pub mod page;
#[cfg(test)]
mod report_tests;
mod sight;
#[cfg(test)]
mod tests;
mod view;
pub mod words;
