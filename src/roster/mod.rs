//! Rosters (法律明白人, 法治副校长, 法律顾问) and registers (阵地, 学法用法示范户, 民主法治示范村): who and what there is by name.
//!
//! What is in force on a day is the stock of the measure that bears the roster's key ([`stock_store`]); the class hours of
//! a vice principal are those logged at the school. Names are personal data: read by who reads the unit, never in the
//! audit trail, erased on a page of their own.

pub mod action;
mod beside;
pub mod check;
mod entry_page;
pub mod erase_action;
mod erase_page;
mod list_page;
pub mod mind;
mod overview_page;
pub mod page;
mod paste;
mod paste_action;
mod paste_page;
pub mod split;
pub mod stock_store;
pub mod store;
#[cfg(test)]
mod tests;
mod town;
#[cfg(test)]
mod trust_tests;
pub mod words;
pub mod workbook;
mod write_store;
