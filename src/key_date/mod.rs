//! Key dates (宣传节点), statutory holidays, market days and blackouts: what a calendar has to know of a day.

pub mod action;
mod day_action;
mod day_page;
pub mod day_store;
pub mod page;
mod show_page;
pub mod store;
pub mod view;

#[cfg(test)]
mod tests;
