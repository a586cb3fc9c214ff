//! Who works with Pufa: accounts, roles, log-in, sessions, one-time links, tokens.

pub mod action;
pub mod limit;
pub mod manage;
mod manage_page;
mod me_page;
pub mod once;
pub mod page;
pub mod password;
pub mod program;
pub mod rule;
pub mod session_store;
pub mod set_up;
pub mod store;
#[cfg(test)]
mod tests;
