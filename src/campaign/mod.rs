//! Campaigns (专项宣传) and their events (活动安排): plan, move, cancel; the calendar and everybody's tasks.

pub mod event_page;
pub mod event_store;
pub mod page;
pub mod store;
