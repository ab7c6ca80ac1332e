//! `bellwether audit`: whether an audit trail is sound, what it says, and the same as a table.

use std::{fs, io::Write, path::PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{CliError, Context, Exit};
use crate::{
    audit::{Entry, Head, Problem, verify, verify_from},
    present::words,
};

/// Words of `bellwether audit`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether audit verify audit/2018-12-19.jsonl          whole and unchanged, as far as it can tell itself
  bellwether audit verify --head 17:9f86… audit/*.jsonl   and ends where it is known to end
  bellwether audit show audit/2018-12-19.jsonl            who did what, when and why
  bellwether audit export audit/2018-12-19.jsonl          the same as CSV

Files are parts of one trail, in order. Ends with 0 when the trail is sound and with 1 when it is
not. That the end of a trail was cut off is seen only against a known head.")]
pub struct AuditArgs {
    /// What to do with the trail.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What can be done with a trail.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Tell every edit, deletion, reordering, insertion and truncation, by line
    Verify(TrailArgs),
    /// Tell every entry in a line of words, then what is wrong with the trail
    Show(TrailArgs),
    /// Write every entry as a row of CSV; of a trail that is not sound, only what is wrong with it
    Export(TrailArgs),
}

/// Which trail, and what is known of it.
#[derive(Debug, Clone, Args)]
pub struct TrailArgs {
    /// Files of the trail, in order
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The entry the trail is known to end with: its number, a colon, its hash
    #[arg(long, value_name = "SEQ:HASH")]
    pub head: Option<Head>,
    /// The entry before the first of these files, when they do not begin the trail
    #[arg(long, value_name = "SEQ:HASH")]
    pub from: Option<Head>,
    /// JSON: what was found, or one array of entries
    #[arg(long)]
    pub json: bool,
}

/// Verifies, shows or exports a trail.
///
/// # Errors
///
/// [`CliError`] for files that cannot be read, or when `out` cannot be written.
pub fn run(
    args: &AuditArgs,
    _context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let (AuditCommand::Verify(of) | AuditCommand::Show(of) | AuditCommand::Export(of)) =
        &args.command;
    let trail = Trail::read(of)?;
    match &args.command {
        AuditCommand::Verify(_) if of.json => writeln!(out, "{:#}", trail.json())?,
        AuditCommand::Show(_) | AuditCommand::Export(_) if of.json => {
            writeln!(out, "{:#}", json!(trail.entries))?;
        }
        AuditCommand::Show(_) => {
            for entry in &trail.entries {
                writeln!(out, "{}", told(entry))?;
            }
            trail.verdict(out)?;
        }
        AuditCommand::Export(_) if trail.problems.is_empty() => table(&trail.entries, out)?,
        AuditCommand::Verify(_) | AuditCommand::Export(_) => trail.verdict(out)?,
    }
    out.flush()?;
    Ok(if trail.problems.is_empty() { Exit::Good } else { Exit::Failed })
}

/// What stands in the files, and what is wrong with them.
struct Trail {
    entries: Vec<Entry>,
    problems: Vec<(String, Problem)>,
}

impl Trail {
    fn read(args: &TrailArgs) -> Result<Self, CliError> {
        let mut trail = Self { entries: Vec::new(), problems: Vec::new() };
        let mut start = args.from.clone();
        for (at, path) in args.files.iter().enumerate() {
            let name = path.display().to_string();
            let bytes = fs::read(path).map_err(|error| {
                CliError::new(Exit::Usage, format!("cannot read the trail `{name}`: {error}"))
            })?;
            let head = args.head.as_ref().filter(|_| at + 1 == args.files.len());
            let lines = bytes.split(|byte| *byte == b'\n');
            trail.entries.extend(lines.filter_map(|line| serde_json::from_slice(line).ok()));
            let verdict = match start.clone() {
                Some(start) => verify_from(start, &bytes, head),
                None => verify(&bytes, head),
            };
            match verdict {
                Ok(verified) => start = verified.head,
                Err(problems) => {
                    let named = problems.into_iter().map(|problem| (name.clone(), problem));
                    trail.problems.extend(named);
                    // The next file is judged by what this one claims.
                    start = trail.entries.last().map(Entry::head);
                }
            }
        }
        Ok(trail)
    }

    fn verdict(&self, out: &mut dyn Write) -> Result<(), CliError> {
        for (file, problem) in &self.problems {
            writeln!(out, "{file}: {}", words::safe(&problem.to_string()))?;
        }
        let count = self.entries.len();
        let many = if count == 1 { "entry" } else { "entries" };
        match (self.problems.len(), self.entries.last()) {
            (0, Some(last)) => writeln!(out, "{count} {many}: sound, head {}", last.head())?,
            (0, None) => writeln!(out, "no entries: nothing is wrong with none")?,
            (1, _) => writeln!(out, "{count} {many}: BROKEN, 1 problem")?,
            (n, _) => writeln!(out, "{count} {many}: BROKEN, {n} problems")?,
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let problem = |(file, problem): &(String, Problem)| {
            json!({
                "file": file,
                "line": problem.line,
                "what": problem.fault.to_string(),
                "remedy": problem.fault.remedy(),
            })
        };
        json!({
            "sound": self.problems.is_empty(),
            "entries": self.entries.len(),
            "head": self.entries.last().map(|last| last.head().to_string()),
            "problems": self.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    }
}

/// `#17 2018-12-19T14:30:00Z anna operator_acted task risk_check: …`
fn told(entry: &Entry) -> String {
    let act = &entry.act;
    let at = act.ts_utc.format("%Y-%m-%dT%H:%M:%S%.3fZ");
    let value = |value: &Option<Value>| value.as_ref().map(ToString::to_string);
    let change = match (value(&act.before), value(&act.after)) {
        (Some(before), Some(after)) => format!(": {before} -> {after}"),
        (None, Some(one)) | (Some(one), None) => format!(": {one}"),
        (None, None) => String::new(),
    };
    let why = act.reason.as_ref().map(|why| format!("; why: {why}")).unwrap_or_default();
    let cause = act.cause_seq.map(|cause| format!("; by event {cause}")).unwrap_or_default();
    let head = format!("#{} {at} {} {} {}", entry.seq, act.actor, act.kind, act.subject);
    words::safe(&format!("{head}{change}{why}{cause}")).into_owned()
}

const COLUMNS: [&str; 13] = [
    "seq",
    "ts_utc",
    "run",
    "event_seq",
    "actor",
    "kind",
    "subject",
    "before",
    "after",
    "reason",
    "cause_seq",
    "prev",
    "hash",
];

fn table(entries: &[Entry], out: &mut dyn Write) -> Result<(), CliError> {
    let mut table = csv::Writer::from_writer(out);
    let failed = |error: csv::Error| CliError::from(std::io::Error::other(error));
    table.write_record(COLUMNS).map_err(failed)?;
    for entry in entries {
        let fields = json!(entry);
        let cell = |name: &&str| match fields.get(*name) {
            None => String::new(),
            Some(Value::String(text)) => harmless(text),
            Some(other) => other.to_string(),
        };
        table.write_record(COLUMNS.iter().map(cell)).map_err(failed)?;
    }
    table.flush()?;
    Ok(())
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text.to_owned() }
}
