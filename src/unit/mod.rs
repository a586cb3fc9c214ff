//! The organisation tree: see, add, rename, close, merge, import; households, population, classes.

pub mod action;
mod class;
mod class_view;
pub mod import;
pub mod page;
#[cfg(test)]
mod page_tests;
pub mod store;
#[cfg(test)]
mod tests;
mod tree_view;
mod unit_view;
mod view;
pub mod write_store;
