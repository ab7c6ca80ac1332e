//! `bellwether kill`, `halt` and `reduce-only`: orders stopped from outside, whether or not the engine listens.

use std::{
    io::{self, Write},
    time::Duration,
};

use clap::Args;
use serde_json::json;

use super::{CliContext, CliError, Exit, attach::AttachTarget};
use crate::host::day::{error_chain, tokio_runtime};
use config::Config;
use engine::{Actor, TradingState};
use runtime::wall_now;
use store::{FlagFiles, FlagResponse, Raised, TradingFlag, journal_owner};
use view::format;

/// How often the answer is looked for, and for how long in all.
const EVERY: Duration = Duration::from_millis(50);
const TRIES: u32 = 40;

/// Words of `bellwether kill`, `halt` and `reduce-only`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether kill --reason 'unknown orders'        no orders, no tasks; KILLED until re-enabled
  bellwether halt                                   no new orders, working orders cancelled; HALTED
  bellwether reduce-only                             only orders that reduce positions
  bellwether --set state_dir=/var/lib/desk kill     of the desk of another state folder

Signals the process that runs a day in the state folder (SIGUSR1 for kill, SIGUSR2 for halt, SIGURG for
reduce-only), then writes a flag file there; either works without the other, when the engine hangs and when the
disk is full. A day that starts later obeys the flag. `touch` makes one too.
Ends with
  0  the process has obeyed, or none runs, and the flag is raised
  1  signalled, but the process does not answer within 2 s, some of its orders still work, or the flag could
     not be written: then it holds only as long as the process lives
  4  nothing was done: no process could be signalled and no flag could be written
`bellwether re-enable` removes a flag.")]
pub struct TradingFlagArgs {
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
    (to, args): (TradingState, &TradingFlagArgs),
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let by = Actor::Operator(config.day.operator.clone());
    let why = args.reason.clone().unwrap_or_else(|| "no reason given".into());
    let flag = TradingFlag { by: Some(by), why, at: Some(wall_now()) };
    let flags = FlagFiles::in_folder(&config.places.state);
    let mut told = raise_flag(&flags, to, &flag, FlagFiles::raise)?;
    if told.process.is_some() && told.answer.is_none() {
        told.served = tokio_runtime()?.block_on(ask_server(&config));
    }
    if args.json {
        writeln!(out, "{:#}", told.json())?;
    } else {
        for line in told.lines() {
            writeln!(out, "{line}")?;
        }
    }
    Ok(told.exit())
}

/// What the day that is served there says by itself: its trading state, and own orders that may still fill.
async fn ask_server(config: &Config) -> Option<(TradingState, Option<u32>)> {
    let looked =
        tokio::time::timeout(EVERY * TRIES, AttachTarget::snapshot_if_served(config)).await;
    // Whoever serves no day, or does not answer here either, says nothing.
    let (run, _) = looked.ok()?.ok()??;
    Some((run.trading_status().state, run.trading_status().working))
}

/// What came of it.
#[derive(Debug)]
#[expect(clippy::option_option, reason = "none, one and one whose id is known are three things")]
pub(super) struct FlagResult {
    to: TradingState,
    file: String,
    /// The process that writes there: none, or one, and its id if known.
    process: Option<Option<u32>>,
    /// What kept the signal from it, if something did.
    signal: Option<String>,
    /// Whether the flag is there, and what kept its words, or all of it, from being written.
    flag: Result<Option<String>, String>,
    answer: Option<FlagResponse>,
    /// Where it did not answer: what its day says by itself.
    served: Option<(TradingState, Option<u32>)>,
    /// Whether it ended meanwhile.
    gone: bool,
}

/// Signals the process, raises a flag, and waits for an answer. The signal comes first: it needs no disk.
pub(super) fn raise_flag(
    flags: &FlagFiles,
    to: TradingState,
    flag: &TradingFlag,
    raise: impl FnOnce(&FlagFiles, TradingState, &TradingFlag) -> io::Result<Raised>,
) -> Result<FlagResult, CliError> {
    let file =
        flags.folder().join(FlagFiles::file_name(to).unwrap_or_default()).display().to_string();
    let begun = wall_now();
    // Who cannot be told of may be there.
    let (process, unknown) = match journal_owner(flags.folder()) {
        Ok(process) => (process, None),
        Err(error) => (Some(None), Some(error_chain(&error))),
    };
    let signal = match process {
        None => None,
        Some(Some(pid)) => send_sigusr1(pid, to).err(),
        Some(None) => Some(unknown.unwrap_or_else(|| "its id is not known".into())),
    };
    let made = std::fs::create_dir_all(flags.folder()).and_then(|()| raise(flags, to, flag));
    let raised = match made {
        Ok(Raised::Whole) => Ok(None),
        Ok(Raised::Bare(error)) => Ok(Some(error.to_string())),
        Err(error) => Err(error.to_string()),
    };
    let (served, gone) = (None, false);
    let whole = matches!(raised, Ok(None));
    let mut told =
        FlagResult { to, file, process, signal, flag: raised, answer: None, served, gone };
    if process.is_none() || !told.is_done() {
        return Ok(told);
    }
    let heard = |it: &FlagResponse| {
        let mine = it.flag_at == flag.at || (!whole && it.at >= begun);
        it.state >= to && mine
    };
    told.answer = tokio_runtime()?.block_on(await_response(flags, heard));
    told.gone = told.answer.is_none() && matches!(journal_owner(flags.folder()), Ok(None));
    Ok(told)
}

/// The last answer that is `heard`: the whole one as soon as it is there.
async fn await_response(
    flags: &FlagFiles,
    heard: impl Fn(&FlagResponse) -> bool,
) -> Option<FlagResponse> {
    let mut often = tokio::time::interval(EVERY);
    let mut answer = None;
    for _ in 0..TRIES {
        often.tick().await;
        answer = flags.read_response().filter(&heard);
        let whole = answer.as_ref().is_some_and(|it| it.engine && it.orders.is_some());
        if whole || matches!(journal_owner(flags.folder()), Ok(None)) {
            break;
        }
    }
    answer
}

/// Sends the signal that asks for a state.
fn send_sigusr1(pid: u32, to: TradingState) -> Result<(), String> {
    use nix::{
        sys::signal::{Signal, kill},
        unistd::Pid,
    };
    let signal = match to {
        TradingState::Active => return Err("no signal asks for ACTIVE".into()),
        TradingState::ReduceOnly => Signal::SIGURG,
        TradingState::Halted => Signal::SIGUSR2,
        TradingState::Killed => Signal::SIGUSR1,
    };
    // 0 would be the whole process group of this command.
    let pid = i32::try_from(pid).ok().filter(|pid| *pid > 0).ok_or("its number is no process")?;
    kill(Pid::from_raw(pid), signal).map_err(|error| error.to_string())
}

impl FlagResult {
    /// Whether anything was done.
    const fn is_done(&self) -> bool {
        self.flag.is_ok() || (self.process.is_some() && self.signal.is_none())
    }

    fn exit(&self) -> Exit {
        if !self.is_done() {
            return Exit::Internal;
        }
        if self.flag.is_ok() { self.obeyed() } else { Exit::Failed }
    }

    /// How far the process has obeyed.
    fn obeyed(&self) -> Exit {
        let engine = match (&self.answer, self.served) {
            (Some(answer), _) => answer.engine,
            (None, served) => served.is_some_and(|(state, _)| state >= self.to),
        };
        let left = match (&self.answer, self.served) {
            (Some(answer), _) => answer.orders.map(|(_, left)| left),
            (None, served) => served.and_then(|(_, left)| left),
        };
        match (self.process, left) {
            (None, _) => Exit::Success,
            (Some(_), Some(0)) if engine => Exit::Success,
            // Exits may go on working while only exits may be sent.
            (Some(_), Some(_)) if engine && self.to == TradingState::ReduceOnly => Exit::Success,
            _otherwise => Exit::Failed,
        }
    }

    /// What became of the flag.
    fn flag_text(&self) -> String {
        let Self { to, file, .. } = self;
        match &self.flag {
            Ok(None) => format!("{to}: {file} is written"),
            Ok(Some(why)) => format!("{to}: {file} is there, without who and why: {why}"),
            Err(why) => format!(
                "{to}: {file} is NOT WRITTEN: {why}; it holds only as long as the process lives: make room, then say it again"
            ),
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.flag_text()];
        let Some(pid) = self.process else {
            lines.push(if self.flag.is_ok() {
                "no process writes there; the next day begins under it".into()
            } else {
                "no process writes there, so nothing is stopped and nothing was done".into()
            });
            return lines;
        };
        let process = pid.map_or_else(|| "the process".into(), |pid| format!("process {pid}"));
        if let Some(why) = &self.signal {
            lines.push(format!("{process} could not be signalled: {why}"));
        }
        let Some(answer) = &self.answer else {
            lines.push(self.no_answer_text(&process));
            return lines;
        };
        lines.push(format!("{process} has seen it: its sends are blocked"));
        lines.push(match answer.orders {
            Some((cancelled, 0)) => format!(
                "{} cancelled, none still working",
                format::count_noun(cancelled.into(), "order")
            ),
            Some((cancelled, left)) => format!(
                "{} cancelled, {left} STILL WORKING",
                format::count_noun(cancelled.into(), "order")
            ),
            None => {
                "its desk is held by a call that does not end: working orders are NOT CANCELLED"
                    .into()
            }
        });
        lines.push(if answer.engine {
            format!("its engine is {}", answer.state)
        } else {
            "its engine DOES NOT ANSWER: end the process when its orders are safe".into()
        });
        lines
    }

    /// What is known of a process that wrote no answer down.
    fn no_answer_text(&self, process: &str) -> String {
        match self.served {
            _ if self.gone => format!("{process} has ended, and sends nothing more"),
            Some((state, left)) if state >= self.to => {
                let left = match left {
                    Some(0) => "none of its orders is still working".into(),
                    Some(left) => {
                        format!("{} STILL WORKING", format::count_noun(left.into(), "order"))
                    }
                    None => "its working orders are NOT CANCELLED yet".into(),
                };
                format!("{process} has obeyed: its engine is {state}, {left}")
            }
            Some(_) | None => format!(
                "{process} does not answer within 2 s: if it lives, it looks before each order it sends; end it if in doubt"
            ),
        }
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "state": self.to, "file": self.file,
            "running": self.process.is_some(), "pid": self.process.flatten(),
            "signal": self.signal, "flag_raised": self.flag.is_ok(),
            "flag_unwritten": self.flag.as_ref().map_or_else(Some, Option::as_ref),
            "ended": self.gone, "answered": self.answer.is_some(),
            "engine": self.answer.as_ref().is_some_and(|answer| answer.engine),
            "withdrawn": self.answer.as_ref().and_then(|answer| Some(answer.orders?.0)),
            "working": self.answer.as_ref().and_then(|answer| Some(answer.orders?.1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs::{self, File},
        os::unix::process::ExitStatusExt as _,
        process::Command,
    };

    use super::*;

    fn full(_: &FlagFiles, _: TradingState, _: &TradingFlag) -> io::Result<Raised> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flag() -> TradingFlag {
        TradingFlag { by: None, why: "test".into(), at: Some(wall_now()) }
    }

    /// What was said of a process that holds the lock, and how it ended.
    fn stopped_process(to: TradingState) -> (FlagResult, Option<i32>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = File::create(&path).unwrap();
        lock.lock().unwrap();
        // Only a process that has the lock open is signalled.
        let mut cat = Command::new("cat");
        cat.stdin(std::process::Stdio::piped()).stdout(lock.try_clone().unwrap());
        let mut child = cat.spawn().unwrap();
        fs::write(&path, format!("process {}, started by ana\n", child.id())).unwrap();
        let told = raise_flag(&FlagFiles::in_folder(folder.path()), to, &flag(), full).unwrap();
        // One that ignores the signal ends with its input.
        drop(child.stdin.take());
        (told, child.wait().unwrap().signal())
    }

    #[test]
    fn the_process_is_signalled_although_the_flag_cannot_be_written_and_both_are_told() {
        let signals = [(TradingState::Killed, Some(10)), (TradingState::Halted, Some(12))];
        for (to, signal) in signals.into_iter().chain([(TradingState::ReduceOnly, None)]) {
            let (told, ended) = stopped_process(to);
            // The numbers are those of Linux; elsewhere it is enough that it came.
            assert_eq!(ended.is_some(), signal.is_some(), "{to}");
            assert!(!cfg!(target_os = "linux") || ended == signal, "{to}: {ended:?}");
            assert_eq!(told.exit(), Exit::Failed, "{to}");
            let lines = told.lines().join("\n");
            assert!(lines.contains("NOT WRITTEN") && lines.contains("does not answer"), "{lines}");
        }
    }

    #[test]
    fn with_no_process_and_no_room_nothing_was_done_and_the_exit_code_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let told =
            raise_flag(&FlagFiles::in_folder(folder.path()), TradingState::Killed, &flag(), full)
                .unwrap();
        assert_eq!(told.exit(), Exit::Internal);
        assert!(told.lines().join("\n").contains("nothing was done"), "{:?}", told.lines());
    }
}
