//! What carries the features: database, clock, who asks, forms, pages and the route table.

#[cfg(test)]
mod access_request;
#[cfg(test)]
mod access_table;
#[cfg(test)]
mod access_tests;
pub mod asset;
pub mod audit;
pub mod clock;
pub mod context;
pub mod cursor;
pub mod db;
pub mod document;
pub mod form;
#[cfg(test)]
mod hostile_tests;
pub mod multipart;
pub mod page;
pub mod router;
pub mod secret;
pub mod setting;
pub mod state;
#[cfg(test)]
pub mod testing;
