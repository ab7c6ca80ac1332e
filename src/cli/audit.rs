//! `bellwether audit`: whether an audit trail is sound, what it says, and the same as a table.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{
    CliContext, CliError, Exit,
    audit_table::{EntryFilter, entry_line},
    history::RowFormat,
};
use audit::{AuditEntry, TrailHead, TrailProblem, verify, verify_from};
use store::{JournalOwner, JournalReader, Store, rebuild_trail, verify_trails};
use view::format;

/// Words of `bellwether audit`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether audit verify                                 every trail of the state folder, against the journal
  bellwether audit show                                   the last run: who did what, when and why
  bellwether audit show 3 --who maria --task approve      what Maria did about that task in run 3
  bellwether audit export 2018-12-19 --format ndjson      a day's entries, a JSON object per line
  bellwether audit rebuild 3                              writes run 3's trail again from the journal
  bellwether audit verify --head 17:9f86… copy.jsonl      a copy: is it whole, and does it end at that entry

Runs are numbers, dates or names as `bellwether runs` lists them. Files are parts of one trail, in
order. Ends with 0 when the trail is sound and with 1 when it is not.")]
pub struct AuditArgs {
    /// What to do with the trail.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What can be done with a trail.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Tell every edit, deletion, reordering, insertion, truncation, missing or swapped file, by line
    Verify(VerifyArgs),
    /// Tell every entry in a line of words, then what is wrong with the trail
    Show(ShowArgs),
    /// Write every entry as a row; of a trail that is not sound, only what is wrong with it
    Export(AuditExportArgs),
    /// Write a run's trail anew of the journal's events; the file there was is kept beside it
    Rebuild(RebuildArgs),
}

/// Words of `bellwether audit verify`.
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// Files of one trail, in order; without any, all of the state folder against the journal
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What is known of the files.
    #[command(flatten)]
    pub known: ExpectedHead,
    /// JSON: what was found
    #[arg(long)]
    pub json: bool,
}

/// Words of `bellwether audit show`.
#[derive(Debug, Clone, Args)]
pub struct ShowArgs {
    /// A run by number, date or name, or files of one trail in order; without any, the last run
    #[arg(value_name = "RUN|FILE")]
    pub of: Vec<String>,
    /// What is known of the files.
    #[command(flatten)]
    pub known: ExpectedHead,
    /// Which entries.
    #[command(flatten)]
    pub wanted: EntryFilter,
    /// JSON: one array of entries
    #[arg(long)]
    pub json: bool,
}

/// Words of `bellwether audit export`.
#[derive(Debug, Clone, Args)]
pub struct AuditExportArgs {
    /// A run by number, date or name, or files of one trail in order; without any, the last run
    #[arg(value_name = "RUN|FILE")]
    pub of: Vec<String>,
    /// What is known of the files.
    #[command(flatten)]
    pub known: ExpectedHead,
    /// Which entries.
    #[command(flatten)]
    pub wanted: EntryFilter,
    /// How rows are written
    #[arg(long, value_enum, default_value = "csv")]
    pub format: RowFormat,
    /// JSON: one array of entries
    #[arg(long)]
    pub json: bool,
}

/// Words of `bellwether audit rebuild`.
#[derive(Debug, Clone, Args)]
pub struct RebuildArgs {
    /// The run by number, date or name
    #[arg(value_name = "RUN")]
    pub of: String,
}

/// What is known of files.
#[derive(Debug, Clone, Args)]
pub struct ExpectedHead {
    /// The entry the trail is known to end with: its number, a colon, its hash
    #[arg(long, value_name = "SEQ:HASH")]
    pub head: Option<TrailHead>,
    /// The entry before the first of these files, when they do not begin the trail
    #[arg(long, value_name = "SEQ:HASH")]
    pub from: Option<TrailHead>,
}

/// Verifies, shows, exports or rebuilds a trail.
///
/// # Errors
///
/// [`CliError`] for files or runs that cannot be read, or when `out` cannot be written.
pub fn run(
    args: &AuditArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let exit = match &args.command {
        AuditCommand::Verify(args) => {
            let trail = if args.files.is_empty() {
                TrailReport::of_folder(&context.config()?.places.state)?
            } else {
                TrailReport::of_files(&args.files, &args.known)?
            };
            if args.json {
                writeln!(out, "{:#}", trail.json())?;
            } else {
                trail.verdict(out)?;
            }
            trail.exit()
        }
        AuditCommand::Show(args) => show(args, context, out)?,
        AuditCommand::Export(args) => export(args, context, out)?,
        AuditCommand::Rebuild(args) => rebuild_trails(args, context, out)?,
    };
    out.flush()?;
    Ok(exit)
}

fn show(args: &ShowArgs, context: &CliContext<'_>, out: &mut dyn Write) -> Result<Exit, CliError> {
    let trail = TrailReport::open(&args.of, &args.known, context)?;
    let entries: Vec<&AuditEntry> =
        trail.entries.iter().filter(|one| args.wanted.matches(one)).collect();
    if args.json {
        writeln!(out, "{:#}", json!(entries))?;
        return Ok(trail.exit());
    }
    for entry in &entries {
        writeln!(out, "{}", entry_line(entry))?;
    }
    if args.wanted.is_active() {
        writeln!(out, "{} of {}", entries.len(), many(trail.entries.len()))?;
    }
    trail.verdict(out)?;
    Ok(trail.exit())
}

fn export(
    args: &AuditExportArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let trail = TrailReport::open(&args.of, &args.known, context)?;
    let entries: Vec<&AuditEntry> =
        trail.entries.iter().filter(|one| args.wanted.matches(one)).collect();
    if args.json {
        writeln!(out, "{:#}", json!(entries))?;
    } else if !trail.problems.is_empty() {
        trail.verdict(out)?;
    } else {
        match args.format {
            RowFormat::Csv => super::audit_table::write_csv(&entries, out)?,
            RowFormat::Ndjson => {
                for entry in entries {
                    writeln!(out, "{}", entry.to_line())?;
                }
            }
        }
    }
    Ok(trail.exit())
}

fn rebuild_trails(
    args: &RebuildArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let state = &config.places.state;
    let run = JournalReader::open(state)?.find_run(&args.of)?;
    let owner = JournalOwner { pid: std::process::id(), operator: config.day.operator.clone() };
    let kept = rebuild_trail(&Store::open(state, &owner)?, &run)?;
    let kept = kept.map(|path| format!("; what was there is kept as {path}"));
    let kept = kept.unwrap_or_default();
    writeln!(out, "the trail of run {} was made of the journal's events{kept}", run.id)?;
    Ok(Exit::Success)
}

/// What stands in files, and what is wrong with them.
#[derive(Default)]
struct TrailReport {
    entries: Vec<AuditEntry>,
    /// A line for each file of a state folder.
    files: Vec<(String, String)>,
    problems: Vec<(String, TrailProblem)>,
}

impl TrailReport {
    /// The trail of files if it is files that are named, else of a run.
    fn open(
        named: &[String],
        known: &ExpectedHead,
        context: &CliContext<'_>,
    ) -> Result<Self, CliError> {
        let file = |name: &String| {
            let path = Path::new(name);
            let trail = path.extension().is_some_and(|extension| extension == "jsonl");
            trail || name.contains(['/', '\\']) || path.is_file()
        };
        if !named.is_empty() && named.iter().all(file) {
            let files: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
            return Self::of_files(&files, known);
        }
        let asked = match named {
            [] => "last",
            [one] => one,
            [_, _, ..] => {
                let message = "name one run, or files of one trail";
                return Err(CliError::new(Exit::Usage, message));
            }
        };
        let config = context.config()?;
        let run = JournalReader::open(&config.places.state)?.find_run(asked)?;
        let mut all = Self::default();
        let files = verify_trails(&config.places.state)?;
        for file in files.into_iter().filter(|file| file.run == Some(run.id)) {
            all.add_file(file);
        }
        Ok(all)
    }

    /// Every trail of a state folder.
    fn of_folder(state: &Path) -> Result<Self, CliError> {
        let mut all = Self::default();
        for file in verify_trails(state)? {
            all.add_file(file);
        }
        Ok(all)
    }

    fn add_file(&mut self, file: store::TrailFileReport) {
        let name = file.path.display().to_string();
        let head = file.head().map_or_else(|| "no head".into(), |head| format!("head {head}"));
        let state = match file.problems.len() {
            0 => "sound",
            _broken => "BROKEN",
        };
        let notes = file.notes.iter().fold(String::new(), |all, note| all + "; " + note);
        let run = file.run.map_or_else(|| "no run".into(), |run| format!("run {run}"));
        let line = format!("{run}: {}, {state}, {head}{notes}", many(file.entries.len()));
        self.files.push((name.clone(), line));
        self.problems.extend(file.problems.into_iter().map(|problem| (name.clone(), problem)));
        self.entries.extend(file.entries);
    }

    fn of_files(files: &[PathBuf], known: &ExpectedHead) -> Result<Self, CliError> {
        let mut trail = Self::default();
        let mut start = known.from.clone();
        for (at, path) in files.iter().enumerate() {
            let name = path.display().to_string();
            let bytes = fs::read(path).map_err(|error| {
                CliError::new(Exit::Usage, format!("cannot read the trail `{name}`: {error}"))
            })?;
            let head = known.head.as_ref().filter(|_| at + 1 == files.len());
            let lines = bytes.split(|byte| *byte == b'\n');
            let entries: Vec<AuditEntry> =
                lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
            // A day's own file counts from 1 again, and goes on from the hash before it.
            if entries.first().is_some_and(|first| first.seq == 1) {
                start = start.map(|before| TrailHead { seq: 0, ..before });
            }
            trail.entries.extend(entries);
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
                    start = trail.entries.last().map(AuditEntry::head);
                }
            }
        }
        Ok(trail)
    }

    const fn exit(&self) -> Exit {
        if self.problems.is_empty() { Exit::Success } else { Exit::Failed }
    }

    fn verdict(&self, out: &mut dyn Write) -> Result<(), CliError> {
        for (file, line) in &self.files {
            writeln!(out, "{file}: {}", format::sanitize(line))?;
        }
        for (file, problem) in &self.problems {
            writeln!(out, "{file}: {}", format::sanitize(&problem.to_string()))?;
        }
        let of = many(self.entries.len());
        match (self.problems.len(), self.entries.last()) {
            (0, Some(last)) => writeln!(out, "{of}: sound, head {}", last.head())?,
            (0, None) => writeln!(out, "no entries: nothing is wrong with none")?,
            (1, _) => writeln!(out, "{of}: BROKEN, 1 problem")?,
            (n, _) => writeln!(out, "{of}: BROKEN, {n} problems")?,
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let problem = |(file, problem): &(String, TrailProblem)| {
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
            "files": self.files.iter().map(|(file, _)| file).collect::<Vec<_>>(),
            "problems": self.problems.iter().map(problem).collect::<Vec<_>>(),
        })
    }
}

fn many(count: usize) -> String {
    let entries = if count == 1 { "entry" } else { "entries" };
    format!("{count} {entries}")
}
