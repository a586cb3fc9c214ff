//! The command line: a few lines per subcommand.

use pufa::server::{
    db::Db,
    router::router,
    state::{AppState, Settings},
};
use std::sync::Arc;

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let url = std::env::var("PUFA_DATABASE_URL").unwrap_or("sqlite:data/pufa.db".into());
    let db = Db::open(&url).await.unwrap_or_else(|error| {
        eprintln!("pufa: {error}");
        std::process::exit(1)
    });
    let state = AppState { db, settings: Arc::new(Settings::default()) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await.expect("port");
    axum::serve(listener, router(state)).await.expect("serve");
}
