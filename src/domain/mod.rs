//! The rules of legal publicity: pure, without clock, database or network, and built for the browser too.
//!
//! Nothing here imports anything of ours but `locale`. Today, random ids and rows are arguments.

pub mod access;
pub mod activity;
pub mod alias;
pub mod amount;
pub mod brief;
pub mod campaign;
pub mod catalogue;
pub mod claim;
pub mod clash;
pub mod closing;
pub mod countdown;
pub mod day_mark;
pub mod day_text;
pub mod double;
pub mod event;
pub mod evidence;
pub mod flow;
pub mod goal;
#[cfg(test)]
mod goal_tests;
pub mod indicator;
pub mod inspection;
pub mod key_date;
pub mod keyed;
pub mod lay;
pub mod material;
pub mod measure;
pub mod message;
pub mod numeral;
pub mod pace;
#[cfg(test)]
mod pace_tests;
pub mod period;
pub mod presign;
pub mod problem;
pub mod report;
pub mod responsibility;
pub mod review;
pub mod rollover;
pub mod rollup;
pub mod roster;
pub mod schedule;
#[cfg(test)]
mod schedule_tests;
pub mod series;
pub mod table;
pub mod target;
pub mod unit;
pub mod version;
pub mod wording;
