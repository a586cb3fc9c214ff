//! Looking at what was logged: accept, return with a remark, offer doubles for merging.

pub mod page;
