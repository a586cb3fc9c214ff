//! The command line; what each subcommand does stands in `operate/cli.rs`.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    pufa::operate::cli::run().await
}
