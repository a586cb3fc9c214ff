//! A message pasted from the group becomes a draft for each village, to confirm.

pub mod page;
