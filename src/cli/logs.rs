//! `bellwether logs`: the logs of attempts, listed, printed and followed.

use std::{io::Write, time::Duration};

use clap::Args;
use serde_json::json;

use super::{CliContext, CliError, Exit};
use store::{AttemptLogKind, AttemptLogLine, AttemptLogs, JournalReader};
use view::format;

/// Time between two looks at a log that is followed.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Longest line that is printed, in characters.
const LINE_MAX: usize = 8_192;

/// Arguments of `bellwether logs`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether logs                          attempts of the last run that have a log
  bellwether logs score_news               log of its last attempt
  bellwether logs score_news --attempt 1 --run 2018-12-19
  bellwether logs score_news --follow      until the attempt ends
  bellwether logs score_news --json        one JSON object per line, texts as they were received

The log of an attempt has what its agent logs and reports, and the error output of its process. It is
kept in the folder `logs` of the state folder, at most 4 MiB of an attempt, as long as the run is.")]
pub struct LogsArgs {
    /// The task; without it, the attempts that have a log are listed
    #[arg(value_name = "TASK")]
    task: Option<String>,
    /// Number of the attempt; without it, the last one that has a log
    #[arg(long, value_name = "N", requires = "task")]
    attempt: Option<u32>,
    /// A run of the journal by number, date or name
    #[arg(long, value_name = "RUN", default_value = "last")]
    run: String,
    /// Print new lines as they come, until the attempt ends
    #[arg(long, requires = "task")]
    follow: bool,
    /// JSON instead of words
    #[arg(long)]
    json: bool,
}

/// Lists or prints logs of attempts.
///
/// # Errors
///
/// [`CliError`] for an unknown run, a task or an attempt without a log, a log that cannot be read, or
/// when `out` cannot be written.
pub fn run(
    args: &LogsArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let state = context.config()?.places.state;
    let logs = AttemptLogs::in_folder(&state);
    let run = JournalReader::open(&state)?.find_run(&args.run)?.name;
    let Some(task) = &args.task else { return list(&logs, &run, args.json, out) };
    let attempt = args.attempt.map_or_else(|| logs.last_attempt(&run, task), |n| Ok(Some(n)));
    let attempt = match attempt.map_err(|error| unreadable(&run, &error))? {
        Some(attempt) => attempt,
        None if args.follow => 1,
        None => return Err(without_log(&logs, &run, task)),
    };
    let mut printed = None;
    loop {
        let lines = logs.read(&run, task, attempt).map_err(|error| unreadable(&run, &error))?;
        if lines.is_empty() && !args.follow {
            return Err(without_log(&logs, &run, &format!("{task}, attempt {attempt},")));
        }
        // The last words of a process may arrive after the answer that ended its attempt.
        let mut bounds = lines.iter().rev().map(|line| line.kind);
        let ended = bounds.find(|kind| matches!(kind, AttemptLogKind::Start | AttemptLogKind::End))
            == Some(AttemptLogKind::End);
        print_new(&lines, &mut printed, args.json, out)?;
        out.flush()?;
        if !args.follow || ended {
            return Ok(Exit::Success);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Prints the lines behind the last one printed.
fn print_new(
    lines: &[AttemptLogLine],
    printed: &mut Option<AttemptLogLine>,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    // The earlier half of a long log goes away while it is followed, so lines are not counted.
    let from = printed.as_ref().and_then(|last| lines.iter().rposition(|line| line == last));
    for line in lines.iter().skip(from.map_or(0, |at| at + 1)) {
        if json {
            writeln!(out, "{}", json!(line))?;
        } else {
            writeln!(out, "{}", text_of(line))?;
        }
    }
    *printed = lines.last().cloned();
    Ok(())
}

fn text_of(line: &AttemptLogLine) -> String {
    let text = format::safe_to(&line.text, LINE_MAX);
    let level = match line.level.as_str() {
        "" => String::new(),
        level => format!("{} ", format::safe_to(level, 16)),
    };
    format!("{} {:<8} {level}{text}", format::time_ms(line.at), line.kind.as_str())
}

fn list(logs: &AttemptLogs, run: &str, json: bool, out: &mut dyn Write) -> Result<Exit, CliError> {
    let found = logs.list(run).map_err(|error| unreadable(run, &error))?;
    if json {
        let rows: Vec<_> =
            found.iter().map(|(task, n)| json!({"task": task, "attempt": n})).collect();
        writeln!(out, "{:#}", json!(rows))?;
        return Ok(Exit::Success);
    }
    if found.is_empty() {
        writeln!(out, "no attempt of {} has a log", format::safe_to(run, 60))?;
    }
    for (task, attempt) in found {
        writeln!(out, "{}  attempt {attempt}", format::sanitize(&task))?;
    }
    Ok(Exit::Success)
}

fn unreadable(run: &str, error: &std::io::Error) -> CliError {
    CliError::new(Exit::Failed, format!("cannot read the logs of {run}: {error}"))
}

fn without_log(logs: &AttemptLogs, run: &str, what: &str) -> CliError {
    let mut known: Vec<_> =
        logs.list(run).unwrap_or_default().into_iter().map(|(task, _)| task).collect();
    known.dedup();
    let advice = match (diag::nearest(what, known.iter().map(String::as_str)), known.is_empty()) {
        (Some(near), _) => format!("do you mean {near}?"),
        (None, true) => "no attempt of this run has one".into(),
        (None, false) => format!("there are logs of {}", known.join(", ")),
    };
    let what = format::sanitize(what);
    CliError::new(
        Exit::Usage,
        format!("{what} has no log in {run}: its agent said nothing; {advice}"),
    )
}
