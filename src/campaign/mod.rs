//! Campaigns (专项宣传) and their events (活动安排): plan, move, cancel; the calendar and everybody's tasks.

pub mod action;
mod calendar_page;
mod edit_page;
pub mod event_action;
mod event_check;
pub mod event_page;
pub mod event_store;
mod figures;
pub mod overlap_store;
pub mod page;
mod parts_store;
mod show_page;
pub mod store;
pub mod view;

#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod store_tests;
