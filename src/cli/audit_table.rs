//! Entries of a trail in a line of words each, or as rows of a table, and which of them are asked for.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};

use super::CliError;
use audit::AuditEntry;
use view::audit::entry_text;

/// Which entries are asked for: those of which all that is named is true.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct EntryFilter {
    /// Only of this order: its id, or the beginning of it
    #[arg(long, value_name = "ID")]
    pub order: Option<String>,
    /// Only of this task
    #[arg(long, value_name = "TASK")]
    pub task: Option<String>,
    /// Only what this person, policy or agent did: the name, or a part of it
    #[arg(long, value_name = "WHO")]
    pub who: Option<String>,
}

impl EntryFilter {
    pub(super) fn matches(&self, entry: &AuditEntry) -> bool {
        let act = &entry.act;
        let order = |id: &String| {
            act.subject.strip_prefix("order ").is_some_and(|order| order.starts_with(id.as_str()))
        };
        let told = || act.after.as_ref()?.get("task")?.as_str();
        let task =
            |task: &String| act.subject.strip_prefix("task ").or_else(told) == Some(task.as_str());
        let who = |who: &String| act.actor.to_lowercase().contains(&who.to_lowercase());
        self.order.as_ref().is_none_or(order)
            && self.task.as_ref().is_none_or(task)
            && self.who.as_ref().is_none_or(who)
    }

    pub(super) const fn is_active(&self) -> bool {
        self.order.is_some() || self.task.is_some() || self.who.is_some()
    }
}

/// `A-17 2018-12-19 14:30:00 UTC anna: retry risk_check; was FAILED; why: …`
pub(super) fn entry_line(entry: &AuditEntry) -> String {
    let at = entry.act.ts_utc.format("%Y-%m-%d %H:%M:%S UTC");
    format!("A-{} {at} {}", entry.seq, entry_text(entry))
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

/// Writes entries as comma-separated values with a head line.
pub(super) fn write_csv(entries: &[&AuditEntry], out: &mut dyn Write) -> Result<(), CliError> {
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
