//! Evidence (佐证材料): photos, sign-in sheets and documents behind the figures.
//!
//! What is sent is known by the SHA-256 of its bytes and stored once; it may support many entries. A photo is stored as
//! what its pixels are written anew to ([`picture`]); files lie in the data folder under their own SHA-256 ([`files`]).

pub mod action;
#[cfg(test)]
pub mod api_tests;
pub mod check;
mod document_page;
pub mod erase_action;
pub mod file_store;
pub mod files;
mod kind;
mod list_page;
mod list_store;
pub mod page;
#[cfg(test)]
mod page_tests;
pub mod picture;
#[cfg(test)]
mod picture_tests;
mod piece_action;
mod piece_page;
mod reading;
#[cfg(test)]
pub mod sample;
pub mod serve;
pub mod store;
pub mod upload;
mod upload_store;
#[cfg(test)]
mod upload_tests;
pub mod view;
pub mod write_store;

pub use kind::find;
