//! The settings that the help of each subcommand lists: those that change what it does. All are
//! accepted everywhere.

use clap::{Arg, Command, CommandFactory as _};

use super::args::Cli;

/// The line under the help of a subcommand that does not list every setting.
const OTHERS: &str =
    "`bellwether --help` lists the settings of the other commands; each is accepted here too.";

/// The flags of the configuration, which every subcommand lists.
const ALWAYS: [&str; 2] = ["config", "set"];
const LOOK: [&str; 4] = ["theme", "color", "ascii", "no_color"];
const WORDS: [&str; 3] = ["color", "ascii", "no_color"];
const PLANNED: [&str; 6] = ["date", "data", "scenario", "book", "workflow", "agents_file"];

/// Returns the flags that change what a subcommand does; `None` if all may.
fn applicable(subcommand: &str) -> Option<Vec<&'static str>> {
    Some(match subcommand {
        "run" | "serve" | "config" | "help" => return None,
        "attach" => [&LOOK[..], &["read_only"]].concat(),
        "replay" => [&LOOK[..], &["speed"]].concat(),
        "keys" => LOOK.to_vec(),
        "dry-run" | "status" => [&PLANNED[..], &["start", "catch_up"], &WORDS[..]].concat(),
        "check" | "health" => ["date", "data", "workflow", "agents_file"].to_vec(),
        "calendar" => ["date", "data", "workflow"].to_vec(),
        "data" => ["data"].to_vec(),
        "book" => ["date", "book"].to_vec(),
        "agents" => ["agents_file"].to_vec(),
        "drill" => ["date", "data", "speed"].to_vec(),
        "events" => WORDS.to_vec(),
        _without_a_day => Vec::new(),
    })
}

/// Returns the command line with, for each subcommand, only the settings that apply in its help.
pub(super) fn command_line() -> Command {
    let cli = Cli::command();
    let global: Vec<Arg> = cli.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    let names: Vec<String> =
        cli.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    names.into_iter().fold(cli, |cli, name| {
        let Some(mut shown) = applicable(&name) else { return cli };
        shown.extend(ALWAYS);
        let hidden = global.iter().filter(|arg| !shown.contains(&arg.get_id().as_str())).cloned();
        let hidden: Vec<Arg> = hidden.map(|arg| arg.hide(true)).collect();
        cli.mut_subcommand(name, |command| with_hidden(command, &hidden))
    })
}

/// Hides arguments in the help of a command and, as they are global, of those below it.
fn with_hidden(command: Command, hidden: &[Arg]) -> Command {
    let below: Vec<String> =
        command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    let command =
        below.into_iter().fold(command, |command, name| command.mut_subcommand(name, with_note));
    with_note(command.args(hidden.iter().cloned()))
}

fn with_note(command: Command) -> Command {
    let after = command.get_after_help().map_or_else(String::new, |text| format!("{text}\n\n"));
    command.after_help(format!("{after}{OTHERS}"))
}
