//! Inspections (迎检): scoring rules as data, what shows each item, and the folder that is handed over: notice, plan,
//! sign-in, photos, brief, summary, numbered, with a table of contents and what is missing.

pub mod action;
mod folder;
pub mod gather;
mod item_page;
mod layout;
mod list_page;
pub mod page;
mod paste;
mod print_page;
mod show_page;
pub mod store;
#[cfg(test)]
mod tests;
mod words;
