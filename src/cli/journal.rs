//! `bellwether journal`: whether the journal is whole, and what becomes of old runs.

use std::io::Write;

use clap::{Args, Subcommand};

use super::{CliContext, CliError, Exit};
use crate::host::day::open_journal_writer;
use config::Config;
use runtime::wall_now;
use store::{
    AttemptLogs, IntegrityReport, JournalReader, MovedRun, Retention, RetentionReport, RunCheck,
    RunIntegrity, Store,
};
use view::format::safe_to;

/// Runs moved into the archive when a day begins: a day must not begin late for them.
const AT_ONCE: usize = 1;
/// Characters shown of a row that was set aside.
const ASIDE_MAX: usize = 100;

/// Words of `bellwether journal`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether journal check                    every page and every event; 1 when something is wrong
  bellwether journal compact --dry-run        which runs would go into the archive
  bellwether journal compact                  move them there and give the room back to the disk
  bellwether journal prune --older-than 800   delete archives of runs seen more than 800 days ago

A run that has not ended is never touched. Ages count from the day the program first saw a run.
`compact` and `prune` refuse while another bellwether writes the journal.")]
pub struct JournalArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: JournalCommand,
}

/// What can be done to a journal.
#[derive(Debug, Clone, Subcommand)]
pub enum JournalCommand {
    /// Look at every page of the database, its log, and every event of every run; change nothing
    Check {
        /// As one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Move the events of old runs into a file each, and pack the database
    Compact(RetentionArgs),
    /// Delete old files of the archive; that the runs were stays
    Prune(RetentionArgs),
}

/// Words of what makes a journal smaller.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct RetentionArgs {
    /// Of runs seen more than so many days ago; default: the settings `compact_after_days` and `keep_days`
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub older_than: Option<u32>,
    /// Tell what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// As one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Checks a journal, or makes it smaller.
///
/// # Errors
///
/// [`CliError`] when there is no journal, it cannot be used, somebody else writes it, or `out` cannot be written.
pub fn run(
    args: &JournalArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    // Nothing is made where nothing was.
    let reader = JournalReader::open(&config.places.state)?;
    let exit = match &args.verb {
        JournalCommand::Check { json } => {
            let checked = reader.check()?;
            if *json {
                object(&checked, out)?;
            } else {
                print_report(&checked, out)?;
            }
            if checked.is_sound() { Exit::Success } else { Exit::Failed }
        }
        JournalCommand::Compact(upkeep) => {
            drop(reader);
            compact(upkeep, &config, out)?
        }
        JournalCommand::Prune(upkeep) => {
            drop(reader);
            prune(upkeep, &config, out)?
        }
    };
    out.flush()?;
    Ok(exit)
}

fn object(value: &impl serde::Serialize, out: &mut dyn Write) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(value);
    Ok(writeln!(
        out,
        "{}",
        text.map_err(|error| CliError::new(Exit::Internal, error.to_string()))?
    )?)
}

fn print_report(checked: &IntegrityReport, out: &mut dyn Write) -> Result<(), CliError> {
    let IntegrityReport {
        database,
        lost_ends,
        sound_facts,
        damaged_facts,
        runs,
        remarks,
        set_aside,
    } = checked;
    match database.as_slice() {
        [] => writeln!(out, "database    whole")?,
        complaints => {
            for line in complaints {
                writeln!(out, "database    DAMAGED: {}", safe_to(line, 200))?;
            }
        }
    }
    for line in lost_ends {
        writeln!(out, "end         LOST: {}", safe_to(line, 600))?;
    }
    if lost_ends.is_empty() {
        writeln!(out, "end         whole")?;
    }
    for line in damaged_facts {
        writeln!(out, "facts       DAMAGED: {}", safe_to(line, 600))?;
    }
    writeln!(out, "facts       {sound_facts} of desks and simulated brokers whole")?;
    for RunCheck { run, verdict } in runs {
        let name = safe_to(&run.name, 40);
        let what = match verdict {
            RunIntegrity::Sound => "whole".to_owned(),
            RunIntegrity::Newer { unknown, first } => format!(
                "whole; {unknown} events of another version, the first is {first}: it can be shown, not gone on with"
            ),
            RunIntegrity::Damaged { what } => format!("DAMAGED: {what}"),
            RunIntegrity::Broken { what } => format!("BROKEN: {what}"),
            RunIntegrity::Gone => "events no longer kept".to_owned(),
        };
        writeln!(out, "run {:<7} {name}, {} events: {what}", run.id, run.events)?;
    }
    for (run, seq, kind, body) in set_aside {
        let (kind, body) = (safe_to(kind, 40), safe_to(body, ASIDE_MAX));
        writeln!(out, "moved away  run {run}, event {seq}, {kind}: {body}")?;
    }
    for remark in remarks {
        writeln!(out, "dealt with  {}", safe_to(remark, 600))?;
    }
    Ok(())
}

fn compact(upkeep: &RetentionArgs, config: &Config, out: &mut dyn Write) -> Result<Exit, CliError> {
    let (store, now) = (open_journal_writer(config)?, wall_now());
    let mut retention = retention(config);
    retention.compact_after_days = upkeep.older_than.unwrap_or(retention.compact_after_days);
    let kept = if upkeep.dry_run {
        RetentionReport { deleted: Vec::new(), ..store.retention_preview(retention, now)? }
    } else {
        let kept = store.compact(retention, now, usize::MAX)?;
        RetentionReport { packed: Some(store.vacuum()?), ..kept }
    };
    print_outcome(&kept, upkeep, out)
}

fn prune(upkeep: &RetentionArgs, config: &Config, out: &mut dyn Write) -> Result<Exit, CliError> {
    let (store, now) = (open_journal_writer(config)?, wall_now());
    let mut retention = retention(config);
    retention.keep_days = upkeep.older_than.unwrap_or(retention.keep_days);
    let kept = if upkeep.dry_run {
        let due = store.retention_preview(retention, now)?;
        RetentionReport { deleted: due.deleted, ..RetentionReport::default() }
    } else {
        let pruned = store.prune(retention, now)?;
        remove_logs(config, &pruned.deleted)?;
        pruned
    };
    print_outcome(&kept, upkeep, out)
}

fn retention(config: &Config) -> Retention {
    let keeping = config.keeping;
    Retention { compact_after_days: keeping.compact_after_days, keep_days: keeping.keep_days }
}

fn print_outcome(
    kept: &RetentionReport,
    upkeep: &RetentionArgs,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    if upkeep.json {
        object(kept, out)?;
        return Ok(Exit::Success);
    }
    let RetentionReport { archived, deleted, left, packed } = kept;
    let would = if upkeep.dry_run { "would be " } else { "" };
    for MovedRun { run, name, events, file } in archived {
        writeln!(
            out,
            "run {run} {}: {events} events {would}moved to archive/{file}",
            safe_to(name, 40)
        )?;
    }
    for MovedRun { run, name, events, file } in deleted {
        writeln!(
            out,
            "run {run} {}: archive/{file} with {events} events {would}deleted",
            safe_to(name, 40)
        )?;
    }
    for (run, why) in left {
        writeln!(out, "run {run}: left as it is, {why}")?;
    }
    if archived.is_empty() && deleted.is_empty() {
        writeln!(out, "no run is old enough")?;
    }
    if let Some((before, after)) = packed {
        writeln!(out, "journal.db: {before} bytes before, {after} after")?;
    }
    Ok(Exit::Success)
}

/// Deletes the logs of attempts of deleted runs.
fn remove_logs(config: &Config, deleted: &[MovedRun]) -> std::io::Result<()> {
    let logs = AttemptLogs::in_folder(&config.places.state);
    deleted.iter().try_for_each(|run| logs.remove(&run.name))
}

/// What is done about old runs when a day begins: little enough not to be felt. What fails is said and done later.
pub(crate) fn apply_retention(store: &Store, config: &Config) -> Vec<String> {
    let moved = store.compact(retention(config), wall_now(), AT_ONCE).and_then(|moved| {
        let deleted = store.prune(retention(config), wall_now())?;
        if let Err(error) = remove_logs(config, &deleted.deleted) {
            tracing::warn!(%error, "cannot delete the logs of old runs");
        }
        Ok(moved.archived.into_iter().chain(deleted.deleted).collect::<Vec<_>>())
    });
    match moved {
        Ok(moved) => {
            let line = |MovedRun { run, file, .. }| {
                format!("run {run} is old: see archive/{file}, `bellwether runs`")
            };
            moved.into_iter().map(line).collect()
        }
        Err(error) => vec![format!("old runs stay where they are: {error}")],
    }
}
