//! The report as a document: made from the ledger, edited, refreshed on demand, taken from draft to public.

pub mod action;
#[cfg(test)]
mod days_tests;
mod docx;
mod edit_page;
pub mod gather;
pub mod list_view;
mod make_page;
pub mod page;
mod quote_page;
mod step_view;
pub mod store;
#[cfg(test)]
pub mod tests;
mod text;
