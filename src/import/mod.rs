//! Old ledgers in: spreadsheets of an office become activities, or are refused cell by cell.

pub mod page;
