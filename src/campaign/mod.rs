//! Campaigns (专项宣传) and their events (活动安排): plan, move, cancel; the calendar and everybody's tasks.

pub mod action;
mod bulk_action;
mod bulk_page;
mod calendar;
pub mod clash_action;
pub mod countdown;
pub mod draft_action;
mod draft_view;
mod draft_year_page;
mod edit_page;
pub mod event_action;
mod event_check;
mod event_count_store;
pub mod event_page;
pub mod event_store;
pub mod figures;
pub mod notice;
pub mod notice_action;
mod notice_page;
pub mod overlap_store;
pub mod page;
mod parts_store;
mod series_action;
pub mod sheet_page;
mod show_page;
pub mod store;
pub mod view;

#[cfg(test)]
mod draft_tests;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod plan_tests;
#[cfg(test)]
mod store_tests;
