//! `bellwether kill`, `halt` and `reduce`: orders stopped from outside, whether or not the engine listens.

use std::{io::Write, time::Duration};

use clap::Args;
use serde_json::json;

use super::{CliError, Context, Exit, day::tokio_runtime};
use crate::{
    engine::{Actor, TradingState},
    present::words,
    runtime::wall,
    store::{Answer, Flag, Flags, owner},
};

/// How often the answer is looked for, and for how long in all.
const EVERY: Duration = Duration::from_millis(50);
const TRIES: u32 = 40;

/// Words of `bellwether kill`, `halt` and `reduce`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether kill --reason 'orders nobody sent'     no order at all, agents stop; KILLED until re-armed
  bellwether halt                                   own orders withdrawn, no new ones; HALTED
  bellwether reduce                                 only what makes positions smaller
  bellwether --set state_dir=/var/lib/desk kill     of the desk of another state folder

Writes a flag file into the state folder, which works when the engine hangs and when none runs: a day
begun later starts under it. `touch` does the same. `kill` also signals the process (SIGUSR1).
Ends with 0 when the process has obeyed or none runs, with 1 when it does not answer within 2 s or
orders may still fill. `bellwether rearm` takes a flag away.")]
pub struct KillArgs {
    /// Why, for the record
    #[arg(long, short)]
    pub reason: Option<String>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// Raises the flag of `to` and tells what came of it.
///
/// # Errors
///
/// [`CliError`] for a configuration that makes no sense, a flag that cannot be written, or when `out`
/// cannot be.
pub fn run(
    (to, args): (TradingState, &KillArgs),
    context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let by = Actor::Operator(config.day.operator.clone());
    let why = args.reason.clone().unwrap_or_else(|| "no reason given".into());
    let flag = Flag { by: Some(by), why, at: Some(wall()) };
    let told = stop(&Flags::of(&config.places.state), to, &flag)?;
    if args.json {
        writeln!(out, "{:#}", told.json())?;
    } else {
        for line in told.lines() {
            writeln!(out, "{line}")?;
        }
    }
    Ok(told.exit())
}

/// What came of a flag.
#[derive(Debug)]
#[expect(clippy::option_option, reason = "none, one and one whose id is known are three things")]
pub(super) struct Told {
    to: TradingState,
    file: String,
    /// The process that writes there: none, or one, and its id if known.
    process: Option<Option<u32>>,
    /// What kept the signal from it, if something did.
    signal: Option<String>,
    answer: Option<Answer>,
}

/// Raises a flag, signals the process for a kill, and waits for its answer.
pub(super) fn stop(flags: &Flags, to: TradingState, flag: &Flag) -> Result<Told, CliError> {
    let file = flags.folder().join(Flags::name(to).unwrap_or_default()).display().to_string();
    let wrong = |error| CliError::new(Exit::Internal, format!("cannot write {file}: {error}"));
    std::fs::create_dir_all(flags.folder()).map_err(wrong)?;
    flags.raise(to, flag).map_err(wrong)?;
    let process = owner(flags.folder())?;
    let mut told = Told { to, file, process, signal: None, answer: None };
    let Some(pid) = process else { return Ok(told) };
    if to == TradingState::Killed
        && let Some(Err(error)) = pid.map(signal)
    {
        told.signal = Some(error);
    }
    told.answer = tokio_runtime()?.block_on(answer(flags, to, flag));
    Ok(told)
}

/// The last answer to a flag: the whole one as soon as it is there.
async fn answer(flags: &Flags, to: TradingState, flag: &Flag) -> Option<Answer> {
    let mut often = tokio::time::interval(EVERY);
    let mut answer = None;
    for _ in 0..TRIES {
        often.tick().await;
        answer = flags.answered().filter(|it| it.state >= to && it.flag_at == flag.at);
        if answer.as_ref().is_some_and(|it| it.engine && it.orders.is_some()) {
            break;
        }
    }
    answer
}

/// Sends SIGUSR1.
#[cfg(unix)]
fn signal(pid: u32) -> Result<(), String> {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or("its number is no process")?;
    kill_process(pid, Signal::USR1).map_err(|error| error.to_string())
}

#[cfg(not(unix))]
fn signal(_pid: u32) -> Result<(), String> {
    Err("this system knows no SIGUSR1".into())
}

impl Told {
    fn exit(&self) -> Exit {
        let left = self.answer.as_ref().and_then(|answer| answer.orders);
        match (self.process, &self.answer, left) {
            (None, ..) => Exit::Good,
            (Some(_), Some(answer), Some((_, 0))) if answer.engine => Exit::Good,
            // Exits may go on working while only exits may be sent.
            (Some(_), Some(answer), Some(_))
                if answer.engine && self.to == TradingState::ReduceOnly =>
            {
                Exit::Good
            }
            _otherwise => Exit::Failed,
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{}: {} is written", self.to, self.file)];
        let Some(pid) = self.process else {
            lines.push("no process writes there; the next day begins under it".into());
            return lines;
        };
        let process = pid.map_or_else(|| "the process".into(), |pid| format!("process {pid}"));
        if let Some(why) = &self.signal {
            lines.push(format!("{process} could not be signalled: {why}"));
        }
        let Some(answer) = &self.answer else {
            lines.push(format!(
                "{process} does not answer within 2 s: it reads the flag before each order it sends, if it lives; end it if in doubt"
            ));
            return lines;
        };
        lines.push(format!("{process} has seen it: its sends are blocked"));
        lines.push(match answer.orders {
            Some((withdrawn, 0)) => format!(
                "{} withdrawn, none may still fill",
                words::plural(withdrawn.into(), "order")
            ),
            Some((withdrawn, left)) => format!(
                "{} withdrawn, {left} MAY STILL FILL",
                words::plural(withdrawn.into(), "order")
            ),
            None => {
                "its desk is held by a call that does not end: own orders are NOT WITHDRAWN".into()
            }
        });
        lines.push(if answer.engine {
            format!("its engine is {}", answer.state)
        } else {
            "its engine DOES NOT ANSWER: end the process when its orders are safe".into()
        });
        lines
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "state": self.to, "file": self.file,
            "running": self.process.is_some(), "pid": self.process.flatten(),
            "signal": self.signal, "answered": self.answer.is_some(),
            "engine": self.answer.as_ref().is_some_and(|answer| answer.engine),
            "withdrawn": self.answer.as_ref().and_then(|answer| Some(answer.orders?.0)),
            "working": self.answer.as_ref().and_then(|answer| Some(answer.orders?.1)),
        })
    }
}
