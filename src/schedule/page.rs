//! The pages of gaps and of proposed schedules.

pub use super::{gap_page::gaps, propose_page::propose};
