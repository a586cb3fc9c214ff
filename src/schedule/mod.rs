//! Gaps (缺口) and the schedule proposed from them: what each unit still lacks, and on which days it could be held.

pub mod accept_action;
pub mod action;
pub mod gap_action;
mod gap_page;
pub mod page;
mod proposal_view;
mod propose_page;
pub mod store;
#[cfg(test)]
mod tests;
pub mod words;
