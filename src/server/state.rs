//! What every request shares.

use super::db::Db;
use crate::{account::limit::LoginLimit, live::hub::Hub};
use std::sync::Arc;

/// How the server was started; made by `main` from the command line, the environment and `pufa.toml`.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether pages travel over TLS: then cookies are `Secure` and named `__Host-`.
    pub tls: bool,
    /// A token that may read `/metrics` from elsewhere than the machine itself.
    pub metrics_token: Option<String>,
    /// Where evidence and other files lie.
    pub data_dir: std::path::PathBuf,
    /// How often somebody may try to log in.
    pub login_limit: LoginLimit,
    /// Who waits to be told that something was written.
    pub live: Hub,
}

#[derive(Clone, Debug)]
pub struct AppState {
    pub db: Db,
    pub settings: Arc<Settings>,
}
