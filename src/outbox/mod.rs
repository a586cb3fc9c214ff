//! Logging without a network: the shell a phone keeps, and what waits on it to be sent.

pub mod page;
