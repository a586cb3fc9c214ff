//! Materials and budget of a campaign (宣传物料与经费): planned, prepared, fetched by each village (领用), handed out, left.

pub mod action;
mod item_page;
pub mod page;
pub mod store;
#[cfg(test)]
mod tests;
