//! The organisation tree: see, add, rename, close, merge, import; households, population, classes.

pub mod action;
mod class;
pub mod import;
pub mod page;
pub mod store;
#[cfg(test)]
mod tests;
pub mod write_store;
