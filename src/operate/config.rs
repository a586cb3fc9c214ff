//! Every option is also an environment variable `PUFA_…` and a key of `pufa.toml`: what is typed wins over the
//! environment, the environment over the file, the file over what is built in.

use clap::{Arg, ArgAction, Command};
use std::collections::BTreeSet;

/// The options that the file sets, read from `PUFA_CONFIG`, or from `pufa.toml` in the working folder where there is one.
///
/// # Errors
/// A file that was named and is not there, or that cannot be read.
pub fn read() -> Result<toml::Table, String> {
    let named = std::env::var_os("PUFA_CONFIG");
    let path = std::path::PathBuf::from(named.clone().unwrap_or("pufa.toml".into()));
    match std::fs::read_to_string(&path) {
        Ok(text) => parse(&text).map_err(|error| format!("{}: {error}", path.display())),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(toml::Table::new()),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

fn parse(text: &str) -> Result<toml::Table, String> {
    text.parse::<toml::Table>().map_err(|error| error.message().to_owned())
}

/// Gives every option its environment variable, and the file's value as its default.
///
/// # Errors
/// A key that is no option, a value that is no text, number or yes and no.
pub fn apply(command: Command, file: &toml::Table) -> Result<Command, String> {
    let mut options = BTreeSet::new();
    collect(&command, &mut options);
    let mut values = Vec::new();
    for (key, value) in file {
        let option = key.replace('_', "-");
        if !options.contains(&option) {
            return Err(format!("pufa.toml: there is no option `{key}`"));
        }
        let value = match value {
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(yes) => yes.to_string(),
            other => {
                return Err(format!("pufa.toml: `{key}` takes a text, a number or true, not {}", other.type_str()));
            }
        };
        values.push((option, value));
    }
    Ok(set(command, &values))
}

fn collect(command: &Command, options: &mut BTreeSet<String>) {
    options.extend(command.get_arguments().filter_map(Arg::get_long).map(str::to_owned));
    for sub in command.get_subcommands() {
        collect(sub, options);
    }
}

fn set(command: Command, values: &[(String, String)]) -> Command {
    command
        .mut_args(|arg| {
            let Some(long) = arg.get_long().map(str::to_owned) else { return arg };
            let arg = arg.env(format!("PUFA_{}", long.replace('-', "_").to_uppercase())).hide_env_values(true);
            match values.iter().find(|(option, _)| *option == long) {
                Some((_, value)) => {
                    // A flag that is off in the file is as good as not there.
                    if matches!(arg.get_action(), ArgAction::SetTrue) && value == "false" {
                        return arg;
                    }
                    arg.required(false).default_value(value.clone())
                }
                None => arg,
            }
        })
        .mut_subcommands(|sub| set(sub, values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command() -> Command {
        let listen = Arg::new("listen").long("listen").default_value("127.0.0.1:3000");
        let unit = Arg::new("unit").long("unit").required(true);
        let flag = Arg::new("insecure-http").long("insecure-http").action(ArgAction::SetTrue);
        Command::new("pufa").subcommand(Command::new("serve").args([listen, unit, flag]))
    }

    #[test]
    fn what_is_typed_wins_over_the_file_and_the_file_over_what_is_built_in() {
        let file = parse("listen = \"0.0.0.0:80\"\nunit = 500113108\ninsecure_http = true").expect("a file");
        let command = apply(command(), &file).expect("known options");
        let matches = command.clone().get_matches_from(["pufa", "serve"]);
        let (_, serve) = matches.subcommand().expect("serve");
        assert_eq!(serve.get_one::<String>("listen").map(String::as_str), Some("0.0.0.0:80"));
        assert_eq!(serve.get_one::<String>("unit").map(String::as_str), Some("500113108"));
        assert!(serve.get_flag("insecure-http"));
        let matches = command.get_matches_from(["pufa", "serve", "--listen", "[::1]:1"]);
        let (_, serve) = matches.subcommand().expect("serve");
        assert_eq!(serve.get_one::<String>("listen").map(String::as_str), Some("[::1]:1"));
    }

    #[test]
    fn a_key_that_is_no_option_is_refused() {
        let file = parse("lisen = \"x\"").expect("a file");
        assert_eq!(apply(command(), &file).expect_err("a typing mistake"), "pufa.toml: there is no option `lisen`");
        assert!(parse("listen = ").is_err());
    }
}
