//! What is written for people once something was logged: the message for the group, the brief (信息稿).

pub mod action;
pub mod page;
#[cfg(test)]
mod tests;
