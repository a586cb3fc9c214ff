//! The command line; what each subcommand does stands in `operate/cli.rs`.

// A page is some ten thousand small strings, and the system's allocator was a quarter of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> std::process::ExitCode {
    pufa::operate::cli::run().await
}
