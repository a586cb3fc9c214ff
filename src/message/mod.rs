//! A message pasted from the group becomes a draft for each village, to confirm.

pub mod action;
pub mod form;
pub mod page;
#[cfg(test)]
mod tests;
mod view;
