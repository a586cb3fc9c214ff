//! Calendar feeds (日历订阅): what is planned, for the calendar of a phone or a desk, behind a secret address.

pub mod action;
mod ics;
pub mod page;
mod serve;
pub mod store;
#[cfg(test)]
mod tests;
