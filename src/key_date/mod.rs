//! Key dates (宣传节点), statutory holidays, market days and blackouts: what a calendar has to know of a day.

pub mod action;
pub mod day_store;
pub mod store;
