//! `bellwether retry …` and its like: one act on a served day, from the shell.

use std::io::{self, Write};

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand};

use super::{CliContext, CliError, Exit, attach::AttachTarget, plain};
use crate::host::day::{error_chain, tokio_runtime};
use crate::host::{
    ArmingConflict, CommandResult, Consent, PlainError, line_verbs, run_command_line,
};
use engine::control::{CommandVerb, ShellForm};
use runtime::attach::ClientConnection;

/// How an act of the shell is agreed to.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct ConsentFlags {
    /// Do not ask: it is agreed to as it is
    #[arg(long, short)]
    pub yes: bool,
    /// The phrase of a grave act, where nobody is asked
    #[arg(long, requires = "yes")]
    pub phrase: Option<String>,
    /// Be armed in the place of whoever is
    #[arg(long)]
    pub take_over: bool,
    /// Where the day is served.
    #[command(flatten)]
    pub at: AttachTarget,
}

/// Words of `bellwether control`.
#[derive(Debug, Clone, Args)]
#[command(after_help = after_help("control retry collect_data"))]
pub struct ControlArgs {
    /// How it is agreed to.
    #[command(flatten)]
    pub manner: ConsentFlags,
    /// What to do, as the console in words takes it; `help` lists it
    #[arg(value_name = "LINE", required = true)]
    pub line: Vec<String>,
}

/// Returns the verbs that are subcommands handled here; the others work without an engine too.
fn shell_verbs() -> impl Iterator<Item = CommandVerb> {
    line_verbs().filter(|verb| verb.spec().shell == ShellForm::Control)
}

/// What names the part, as the line of a console does: word, value and help.
const PART: [(&str, &str, &str); 2] = [
    ("only", "1,2", "Approve only the orders with these numbers, and none of the others"),
    ("trim", "2=50", "Approve 50 shares of order 2, fewer than planned; several with commas"),
];

fn part(sub: Command) -> Command {
    let options = PART.map(|(id, value, help)| {
        Arg::new(id).long(id).value_name(value).help(help).action(ArgAction::Append)
    });
    let reason = Arg::new("reason").long("reason").value_name("WHY");
    sub.args(options).arg(reason.help("Why; the same as words after the task"))
}

/// An option as one word of a line, which has no blanks in it.
fn option_word(words: &ArgMatches, id: &str) -> Option<String> {
    let values = words.get_many::<String>(id)?;
    let all = values.flat_map(|value| value.split([',', ' ']));
    let all: Vec<_> = all.filter(|word| !word.is_empty()).collect();
    Some(format!("--{id}={}", all.join(",")))
}

/// A verb of the table as a subcommand: `bellwether retry TASK REASON`.
#[derive(Debug, Clone)]
pub struct VerbArgs {
    /// Which.
    pub verb: CommandVerb,
    /// The rest of the line, and how it is agreed to.
    pub args: ControlArgs,
}

fn after_help(example: &str) -> String {
    format!(
        "\
Examples:
  bellwether {example} \"the feed is back\"
  bellwether {example} --yes \"the feed is back\"

The command shows a preview and acts after `yes`; brakes (halt, pause, hold, reject) act at once. It
acts on the day that is served in the state folder, as the configured operator. `bellwether serve`,
`bellwether run` and the console serve their day.
Ends with 0 when it was done, with 1 when no process serves a day, with 2 when the line cannot be read,
and with 3 when it was refused or not confirmed."
    )
}

impl FromArgMatches for VerbArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (word, words) = matches.subcommand().ok_or_else(missing)?;
        let verb = CommandVerb::from_word(word).ok_or_else(missing)?;
        let mut line: Vec<String> =
            words.get_many::<String>("line").into_iter().flatten().cloned().collect();
        if verb == CommandVerb::Approve {
            let options: Vec<_> =
                PART.iter().filter_map(|(id, ..)| option_word(words, id)).collect();
            line.splice(line.len().min(1)..line.len().min(1), options);
            line.extend(words.get_one::<String>("reason").cloned());
        }
        let manner = ConsentFlags::from_arg_matches(words)?;
        Ok(Self { verb, args: ControlArgs { manner, line } })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for VerbArgs {
    fn augment_subcommands(command: Command) -> Command {
        command.subcommands(shell_verbs().map(|verb| {
            let takes = verb.spec().parameters;
            let name = if takes.is_empty() { "REASON" } else { takes };
            let help = "What it is done to, and then why, in any number of words";
            let line = Arg::new("line").num_args(0..).value_name(name).help(help);
            let example = match takes.split(' ').next() {
                Some(_) if verb == CommandVerb::Approve => {
                    "approve approve_trades --only 1,2 --trim 2=50".to_owned()
                }
                Some("TASK") => format!("{verb} collect_data"),
                Some("STAGE") => format!("{verb} pre_market"),
                Some("ALERT") => format!("{verb} AL-418"),
                Some(_) | None => verb.as_str().to_owned(),
            };
            // The arguments bring a text of their own, so the verb's comes after them.
            let sub = ConsentFlags::augment_args(Command::new(verb.as_str()))
                .arg(line)
                .about(verb.effect());
            let sub = if verb == CommandVerb::Approve { part(sub) } else { sub };
            // `control help` lists them; the page of all commands would be nothing else.
            sub.after_help(after_help(&example)).hide(true)
        }))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        shell_verbs().any(|verb| verb.as_str() == name)
    }
}

impl VerbArgs {
    /// Returns the same line as words of `bellwether control`.
    pub(super) fn to_control_args(&self) -> ControlArgs {
        let word = std::iter::once(self.verb.as_str().to_owned());
        ControlArgs {
            line: word.chain(self.args.line.iter().cloned()).collect(),
            ..self.args.clone()
        }
    }
}

/// Does what a line says on a served day.
///
/// # Errors
///
/// [`CliError`] for a configuration that makes no sense, when nobody serves a day or lets this command
/// in, or when `out` cannot be written.
pub fn run(
    args: &ControlArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let runtime = tokio_runtime()?;
    let _inside = runtime.enter();
    let manner = &args.manner;
    let ClientConnection { handle, .. } = runtime.block_on(manner.at.attach(&config))?;
    let agreement = if manner.yes {
        Consent::PhraseGiven(manner.phrase.clone())
    } else {
        Consent::Typed(plain::stdin_lines())
    };
    let manners =
        if manner.take_over { ArmingConflict::TakeOver } else { ArmingConflict::RefuseIfArmed };
    let operator = config.day.operator.clone();
    let line = args.line.join(" ");
    let acted = run_command_line((handle, operator), &line, (agreement, manners), out);
    match runtime.block_on(acted) {
        Ok(CommandResult::Done) => Ok(Exit::Success),
        Ok(CommandResult::Refused) => Ok(Exit::Refused),
        Ok(CommandResult::NotUnderstood) => Ok(Exit::Usage),
        Ok(CommandResult::EngineGone) => {
            Err(CliError::new(Exit::Failed, "the day is over or its engine gone"))
        }
        Err(PlainError::Write(error)) => Err(io::Error::into(error)),
        Err(error) => Err(CliError::new(Exit::Internal, error_chain(&error))),
    }
}
