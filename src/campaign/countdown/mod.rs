//! A campaign's countdown (任务倒排): its tasks, and the templates that they are laid out from.

pub mod task_action;
pub mod task_store;
pub(super) mod task_view;
pub mod template_action;
pub mod template_page;
pub mod template_store;

#[cfg(test)]
mod template_tests;
