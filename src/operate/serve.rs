//! `pufa serve`: listen, over TLS or not, until told to stop.

use crate::{
    live::hub::Hub,
    server::{
        db::Db,
        router::router,
        state::{AppState, Settings},
    },
};
use axum_server::{Handle, Server, tls_rustls::RustlsConfig};
use std::{
    io::Write,
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

/// How long the head of a request may take to arrive, and a connection may be idle.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long requests under way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(8);

/// The options of `pufa serve`.
#[derive(Clone, Debug, clap::Args)]
pub struct Serve {
    /// Address and port
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: String,
    /// Certificate chain for TLS, a PEM file
    #[arg(long, requires = "tls_key", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Private key for TLS, a PEM file
    #[arg(long, requires = "tls_cert", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Serve plain HTTP to other machines: passwords travel readably, and phones cannot work offline
    #[arg(long, value_parser = clap::builder::FalseyValueParser::new())]
    insecure_http: bool,
    /// A token that may read /metrics from other machines
    #[arg(long, value_name = "TOKEN")]
    metrics_token: Option<String>,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// An address that cannot be listened on, certificates that cannot be read, a database that does not open; each in
/// one line.
pub async fn serve(options: Serve, database_url: &str, data_dir: PathBuf) -> Result<(), String> {
    let address =
        options.listen.to_socket_addrs().ok().and_then(|mut found| found.next()).ok_or_else(|| {
            format!("--listen: `{}` is no address with a port, such as 127.0.0.1:3000", options.listen)
        })?;
    let tls = match (&options.tls_cert, &options.tls_key) {
        (Some(cert), Some(key)) => Some(certificates(cert, key).await?),
        _ => None,
    };
    if tls.is_none() && !address.ip().is_loopback() {
        if !options.insecure_http {
            return Err(format!(
                "plain HTTP on {address} would show passwords to the network: give --tls-cert and --tls-key, or \
                 --insecure-http to do it all the same"
            ));
        }
        say_err(
            "warning: plain HTTP to other machines. Lost are: the secrecy of passwords and entries on the way, the \
                 __Host- cookie that only travels over TLS, and working offline (browsers allow it over HTTPS only).",
        );
    }
    let listener = TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}"))?;
    listener.set_nonblocking(true).map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let db = Db::open(database_url).await.map_err(|error| error.to_string())?;
    let settings = Settings {
        tls: tls.is_some(),
        metrics_token: options.metrics_token.filter(|token| !token.is_empty()),
        data_dir,
        ..Settings::default()
    };
    let live = settings.live.clone();
    live.start(db.clone());
    let service = router(AppState { db: db.clone(), settings: Arc::new(settings) })
        .into_make_service_with_connect_info::<SocketAddr>();
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone(), live));
    let scheme = if tls.is_some() { "https" } else { "http" };
    // Who started it may have closed the other end: that is no reason not to serve.
    let _ = writeln!(std::io::stdout(), "Pufa serves {scheme}://{address}");
    let served = match tls {
        Some(config) => match axum_server::from_tcp_rustls(listener, config) {
            Ok(server) => patient(server).handle(handle).serve(service).await,
            Err(error) => Err(error),
        },
        None => match axum_server::from_tcp(listener) {
            Ok(server) => patient(server).handle(handle).serve(service).await,
            Err(error) => Err(error),
        },
    };
    // A write under way keeps its connection; whoever still waits after that is cut off by the end of the process.
    let _ = tokio::time::timeout(Duration::from_secs(1), db.close()).await;
    served.map_err(|error| error.to_string())
}

/// A server that does not wait for ever for a request's head: whoever sends it letter by letter holds a connection.
fn patient<A: axum_server::Address, Acc>(mut server: Server<A, Acc>) -> Server<A, Acc> {
    server.http_builder().http1().header_read_timeout(PATIENCE);
    server
}

async fn certificates(cert: &PathBuf, key: &PathBuf) -> Result<RustlsConfig, String> {
    // Fails only when one was chosen before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    for file in [cert, key] {
        std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    RustlsConfig::from_pem_file(cert, key)
        .await
        .map_err(|error| format!("{} and {} are no certificate with its key: {error}", cert.display(), key.display()))
}

/// SIGTERM or SIGINT: no new connections, a grace for what is under way; streams are told to end.
async fn stop_on_signal(handle: Handle<SocketAddr>, live: Hub) {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
    // Streams never end by themselves.
    live.stop();
    handle.graceful_shutdown(Some(GRACE));
}

fn say_err(text: &str) {
    let _ = writeln!(std::io::stderr(), "pufa: {text}");
}
