//! Views that several features share. Classes are explained in `style/`.

pub mod copy;
pub mod field;
pub mod layout;
pub mod page;
pub mod phone;
pub mod table;

/// Text as it may stand in markup that is written by hand.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The address of an asset, with the build's fingerprint so that a browser may keep it for ever.
pub fn asset(name: &str) -> String {
    format!("/pkg/{}/{name}", crate::server::asset::fingerprint())
}
