//! Old ledgers in: spreadsheets of an office become activities, or are refused cell by cell.
//!
//! `book` reads bytes into sheets, `table` finds the ledgers on them, `meaning` guesses their columns, `row` makes drafts of
//! their rows; all of it is pure. `plan` puts it together, `action` does it, `store` keeps what was uploaded and done.

pub mod action;
pub mod book;
pub mod cell;
pub mod cli;
pub mod examine;
#[cfg(test)]
mod hostile_tests;
mod identity;
pub mod job;
pub mod meaning;
mod meant;
pub mod page;
#[cfg(test)]
mod page_tests;
pub mod plan;
pub mod row;
mod rows_view;
#[cfg(test)]
pub mod sample_tests;
mod settle_view;
mod show_page;
pub mod skip;
pub mod store;
pub mod table;
#[cfg(test)]
mod tests;
mod text;
#[cfg(test)]
mod trial_tests;
pub mod units;
mod words;
mod xls;
mod xlsx;

pub use book::read_file;
