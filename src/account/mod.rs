//! Who works with Pufa: accounts, roles, log-in, sessions, one-time links, tokens.

pub mod action;
pub mod page;
pub mod store;
