//! The ledger's entries: logged, corrected, withdrawn; and the totals' upkeep in the same transaction.

pub mod action;
pub mod bulk;
pub mod bulk_question;
pub mod bulk_store;
pub mod check;
pub mod check_store;
pub mod correct_page;
pub mod fact_store;
pub mod filter_store;
pub mod form;
pub mod generate;
pub mod generate_store;
pub mod list_store;
pub mod log_page;
pub mod origin_store;
pub mod page;
#[cfg(test)]
mod page_tests;
mod question;
pub(crate) mod readable_store;
pub mod rollup_store;
mod shell_page;
pub mod show_page;
pub mod store;
#[cfg(test)]
mod tests;
pub mod version_view;
pub mod write_store;
