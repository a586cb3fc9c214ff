//! The command line of the contract: each subcommand is read here and done elsewhere.
//!
//! Errors are one line `pufa: …` on stderr with a status that is not zero, and nothing is half-written.

use super::{backup, check, config, serve};
use crate::{
    account, activity,
    domain::access::Role,
    error::Error,
    import,
    locale::Locale,
    report,
    server::{context::Ctx, db::Db},
    unit,
};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};
use std::{
    io::{BufRead, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

/// Plan and log legal publicity (普法) in a Chinese county and its towns
#[derive(Debug, Parser)]
#[command(name = "pufa", version)]
struct Cli {
    /// sqlite:FILE or postgres://…; by default sqlite:DATA_DIR/pufa.db
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Where the database and other files lie
    #[arg(long, global = true, value_name = "FOLDER", default_value = "data")]
    data_dir: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and API
    Serve(serve::Serve),
    /// Build the seed's town in 2021 in an empty database and print the log-ins
    Demo,
    /// Take in what stands elsewhere
    #[command(subcommand)]
    Import(Import),
    /// Write a report
    #[command(subcommand)]
    Report(Report),
    /// Accounts
    #[command(subcommand)]
    User(User),
    /// Bearer tokens for programs
    #[command(subcommand)]
    Token(Token),
    /// Make synthetic activities for measurements
    Generate {
        /// How many
        #[arg(long)]
        activities: u64,
        /// At and below this unit; by default everywhere
        #[arg(long, value_name = "CODE")]
        units: Option<String>,
        /// The same seed makes the same activities
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Recompute totals from the records and follow the audit chain
    Check,
    /// Copy the database into one file, also while the server runs
    Backup { file: PathBuf },
    /// Put a backup in the database's place, also while the server runs; what was there is kept in the data folder
    Restore {
        file: PathBuf,
        /// Keep no copy of the data that was there
        #[arg(long, value_parser = clap::builder::FalseyValueParser::new())]
        force: bool,
    },
}

#[derive(Debug, Subcommand)]
enum Import {
    /// Units from a CSV file with the columns code,name,parent_code
    Units { file: PathBuf },
    /// A ledger kept in a spreadsheet
    Ledger {
        file: PathBuf,
        #[arg(long, value_name = "CODE")]
        unit: String,
        #[arg(long, value_parser = clap::builder::FalseyValueParser::new())]
        dry_run: bool,
    },
}

#[derive(Debug, Subcommand)]
enum Report {
    /// The yearly report of a unit
    Annual {
        #[arg(long, value_name = "CODE")]
        unit: String,
        #[arg(long)]
        year: i32,
        #[arg(long, default_value = "official", value_parser = ["official", "exact", "internal"])]
        style: String,
        #[arg(long, default_value = "text", value_parser = ["text", "json", "docx", "xlsx"])]
        format: String,
        /// A file instead of the standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
enum User {
    /// Add an account; the password is asked, or read from the standard input
    Add {
        name: String,
        /// admin, officer, cadre or leader
        #[arg(long, value_parser = role)]
        role: Role,
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// The name people read; by default the log-in name
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Make a token and print it, and nothing else
    Create {
        #[arg(long, value_name = "NAME")]
        user: String,
        /// What the token is for
        #[arg(long, value_name = "LABEL", default_value = "")]
        name: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_key(text).ok_or_else(|| "it is one of admin, officer, cadre, leader".into())
}

/// What happens when the subcommand fails: one line on stderr.
type Outcome = Result<(), String>;

/// Reads the command line and does what it says.
pub async fn run() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let level = if matches!(cli.command, Command::Serve(_)) { "info" } else { "error" };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match execute(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message, 1),
    }
}

fn fail(message: &str, status: u8) -> ExitCode {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(std::io::stderr(), "pufa: {line}");
    ExitCode::from(status)
}

fn parse() -> Result<Cli, ExitCode> {
    let command =
        config::read().and_then(|file| config::apply(Cli::command(), &file)).map_err(|message| fail(&message, 2))?;
    let read = command.try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    read.map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            fail("say what to do; `pufa --help` lists it", 2)
        }
        _ => {
            // clap tells the matter in its first paragraph and the usage in the others.
            let text = error.to_string();
            let matter = text.split("\n\n").next().unwrap_or_default();
            fail(matter.strip_prefix("error: ").unwrap_or(matter), 2)
        }
    })
}

async fn execute(cli: Cli) -> Outcome {
    let url = cli
        .database_url
        .filter(|url| !url.is_empty())
        .unwrap_or_else(|| format!("sqlite:{}", cli.data_dir.join("pufa.db").display()));
    match cli.command {
        Command::Serve(options) => serve::serve(options, &url, cli.data_dir).await,
        Command::User(User::Add { name, role, unit, display_name }) => {
            let display_name = display_name.unwrap_or_else(|| name.trim().to_owned());
            let password = read_password()?;
            let ctx = open(&url).await?;
            let added = account::program::add(&ctx, &name, &display_name, role, &unit, &password).await;
            close(ctx, added).await
        }
        Command::Token(Token::Create { user, name }) => {
            let ctx = open(&url).await?;
            let token = account::program::create_token(&ctx, &user, &name).await;
            let token = close(ctx, token).await?;
            say(&token)
        }
        Command::Demo => {
            let ctx = open(&url).await?;
            let built = backup::demo(&ctx.db, &url).await;
            say(&close(ctx, built).await?)
        }
        Command::Import(Import::Units { file }) => {
            let list = std::fs::File::open(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let ctx = open(&url).await?;
            let imported = unit::import::import_units(&ctx, list).await;
            say(&close(ctx, imported).await?.to_string())
        }
        Command::Import(Import::Ledger { file, unit, dry_run }) => {
            // Before the database is made for a file that is not there.
            std::fs::metadata(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let ctx = open(&url).await?;
            let imported = import::cli::ledger(&ctx, &file, &unit, dry_run).await;
            say(&close(ctx, imported).await?)
        }
        Command::Report(Report::Annual { unit, year, style, format, out }) => {
            let ctx = open(&url).await?;
            let written = report::cli::annual(&ctx.db, &unit, year, &style, &format, out.as_deref()).await;
            match close(ctx, written).await? {
                Some(text) => say(text.trim_end()),
                None => Ok(()),
            }
        }
        Command::Generate { activities, units, seed } => {
            let ctx = open(&url).await?;
            let number = i64::try_from(activities).map_err(|_| "--activities: that is too many".to_owned())?;
            let made = activity::generate::generate(&ctx.db, units.as_deref(), number, seed).await;
            close(ctx, made).await?;
            say(&format!("{number} activities"))
        }
        Command::Check => {
            let ctx = open(&url).await?;
            let checked = check::check(&ctx.db, &cli.data_dir).await;
            say(&close(ctx, checked).await?)
        }
        Command::Backup { file } => {
            let written = backup::backup(&url, &file, &cli.data_dir).await.map_err(|error| error.to_string())?;
            if written.missing > 0 {
                let _ = writeln!(std::io::stderr(), "pufa: {} files of evidence are missing", written.missing);
            }
            say(&format!("{}: {} bytes", file.display(), written.bytes))
        }
        Command::Restore { file, force } => {
            let keep = if force { None } else { Some(cli.data_dir.as_path()) };
            let kept = backup::restore(&url, &file, keep, &cli.data_dir).await.map_err(|error| error.to_string())?;
            say(&format!("restored from {}", file.display()))?;
            match kept {
                Some(kept) => say(&format!("what was there before is kept in {}", kept.display())),
                None => Ok(()),
            }
        }
    }
}

/// Opens the database for a subcommand. Messages are in Chinese where the terminal speaks it.
async fn open(url: &str) -> Result<Ctx, String> {
    let db = Db::open(url).await.map_err(|error| error.to_string())?;
    let mut ctx = Ctx::for_program(db, None);
    let tongue = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| std::env::var(name).ok());
    ctx.locale = tongue.and_then(|tongue| Locale::parse(&tongue)).unwrap_or(Locale::En);
    Ok(ctx)
}

/// Closes the database and puts an error into words.
async fn close<T>(ctx: Ctx, outcome: Result<T, Error>) -> Result<T, String> {
    ctx.db.close().await;
    outcome.map_err(|error| match error {
        Error::Internal(cause) => cause.to_string(),
        other => other.message(ctx.locale),
    })
}

/// Prints a result.
fn say(text: &str) -> Outcome {
    writeln!(std::io::stdout(), "{text}").map_err(|error| format!("cannot print the result: {error}"))
}

/// Asks for a new password, twice; or reads the first line of the standard input.
fn read_password() -> Result<String, String> {
    let read = |prompt: &str| rpassword::prompt_password(prompt).map_err(|error| error.to_string());
    if std::io::stdin().is_terminal() {
        let password = read("Password: ")?;
        if read("Once more: ")? != password {
            return Err("the two passwords differ; nothing was stored".into());
        }
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| format!("the password cannot be read: {error}"))?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
