//! The first page: where we stand, which village is left out, what comes next. A figure touched opens its records.

pub mod action;
pub mod county;
pub mod cover;
pub mod figures;
pub mod goals;
pub mod link;
pub mod many;
pub mod matrix;
pub mod months;
pub mod next;
pub mod page;
pub mod parts;
pub mod screen_page;
pub mod store;
pub mod tasks_page;
#[cfg(test)]
mod tests;
pub mod years;
