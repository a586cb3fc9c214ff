//! What waits on a phone to be sent, and the service worker that opens the log form without a network.
//!
//! The browser's part stands in `public/`: `outbox.js` keeps and sends, `phone.js` works the pages, `sw.js` is the
//! service worker. The form that a phone keeps is `activity/shell_page.rs`.

pub mod page;
#[cfg(test)]
mod tests;
mod worker;
