//! The organisation tree: see, add, rename, close, merge, import; households, population, classes.

pub mod page;
pub mod store;
