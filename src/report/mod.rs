//! Being built.

pub mod page;
