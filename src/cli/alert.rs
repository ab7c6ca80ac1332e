//! `bellwether alert`: whether the notifiers are reached, and what waits for them.

use std::io::Write;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{CliContext, CliError, Exit};
use crate::host::alerts::{
    delivery::deliver,
    lane::{Batch, WaitingMessage},
    message::{AlertMessage, AlertStatus, digest},
    outbox::Outbox,
    service::require_secrets,
};
use config::{Config, Notifier};
use engine::AlertSeverity;
use runtime::wall_now;

/// Words of `bellwether alert`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether alert test                    one test alert to each notifier, past its rules and quiet hours
  bellwether alert test --notifier oncall  only to that one
  bellwether alert list                    the notifiers, what waits for them, and what was sent last
  bellwether alert list --json             the same for a program

docs/alerts.md describes notifiers, rules and messages. `test` ends with 1 when a notifier was not reached.")]
pub struct AlertArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AlertCommand,
}

/// What can be done about alerts.
#[derive(Debug, Clone, Subcommand)]
pub enum AlertCommand {
    /// Send a test alert now
    Test {
        /// Only to this notifier
        #[arg(long, value_name = "NAME")]
        notifier: Option<String>,
    },
    /// List notifiers, waiting messages and the last deliveries
    List {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Tests or lists the notifiers.
///
/// # Errors
///
/// [`CliError`] for a configuration without notifiers, a name that is none, or an outbox that cannot be
/// read.
pub fn run(
    args: &AlertArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    match &args.command {
        AlertCommand::Test { notifier } => test(&config, notifier.as_deref(), out),
        AlertCommand::List { json } => list(&config, *json, out),
    }
}

fn test(config: &Config, name: Option<&str>, out: &mut dyn Write) -> Result<Exit, CliError> {
    let all = &config.monitoring.notifiers;
    let chosen: Vec<_> =
        all.iter().filter(|it| name.is_none_or(|name| it.name == name)).cloned().collect();
    if chosen.is_empty() {
        let message = match name {
            Some(name) if !all.is_empty() => {
                let names: Vec<_> = all.iter().map(|it| it.name.as_str()).collect();
                format!("no notifier {}; notifiers: {}", diag::quote(name), names.join(", "))
            }
            Some(_) | None => {
                "no notifier is configured; set ALERT_WEBHOOK_URL or `notifiers:`".into()
            }
        };
        return Err(CliError::new(Exit::Usage, message));
    }
    require_secrets(&chosen)?;
    let mut exit = Exit::Success;
    for notifier in chosen {
        let (name, kind) = (&notifier.name, notifier.target.as_str());
        match deliver(&notifier, &test_batch(&notifier)) {
            Ok(()) => writeln!(out, "{name} ({kind}): delivered")?,
            Err(error) => {
                writeln!(out, "{name} ({kind}): not delivered: {}", error.text)?;
                exit = Exit::Failed;
            }
        }
    }
    out.flush()?;
    Ok(exit)
}

fn test_batch(notifier: &Notifier) -> Batch {
    let now = wall_now();
    let stamp = now.to_rfc3339();
    let message = AlertMessage {
        key: "bellwether/test".into(),
        status: AlertStatus::Firing,
        severity: AlertSeverity::Info,
        kind: "test".into(),
        text: "test alert: no action is needed".into(),
        since: now,
        run: "none".into(),
        mode: "TEST".into(),
        task: None,
        agent: None,
        stage: None,
        alert: None,
        count: 1,
        command: None,
        console_key: None,
        runbook: None,
    };
    let id = digest([notifier.name.as_str(), "test", &stamp]);
    Batch { messages: vec![WaitingMessage::new(id.clone(), message, now)], id }
}

fn list(config: &Config, as_json: bool, out: &mut dyn Write) -> Result<Exit, CliError> {
    let folder = &config.places.state;
    let outbox = Outbox::load(folder).map_err(|error| {
        let message = format!("cannot read the outbox of alerts in {}: {error}", folder.display());
        CliError::new(Exit::Internal, message)
    })?;
    let notifiers = &config.monitoring.notifiers;
    if as_json {
        let of = |it: &Notifier| {
            let lane = outbox.lanes.get(&it.name);
            json!({
                "name": it.name, "kind": it.target.as_str(), "severity": it.severity,
                "kinds": it.kinds, "missing": it.missing,
                "waiting": lane.map(|lane| &lane.waiting),
                "dropped": lane.map_or(0, |lane| lane.dropped),
                "last_error": lane.and_then(|lane| lane.last_error.as_ref()),
            })
        };
        let rows: Vec<_> = notifiers.iter().map(of).collect();
        writeln!(out, "{:#}", json!({"notifiers": rows, "sent": outbox.sent}))?;
        out.flush()?;
        return Ok(Exit::Success);
    }
    if notifiers.is_empty() {
        writeln!(out, "no notifier is configured")?;
    }
    for notifier in notifiers {
        let (name, kind) = (&notifier.name, notifier.target.as_str());
        let lane = outbox.lanes.get(name);
        let waiting = lane.map_or(0, |lane| lane.waiting.len());
        let missing = match notifier.missing.as_slice() {
            [] => String::new(),
            names => format!("; {} is not set", names.join(", ")),
        };
        let error = lane.and_then(|lane| Some((lane.tries, lane.last_error.as_ref()?)));
        let error = error.map_or_else(String::new, |(tries, text)| {
            if tries > 0 {
                format!("; {tries} tries failed: {text}")
            } else {
                format!("; last: {text}")
            }
        });
        writeln!(out, "{name} ({kind}): {waiting} waiting{error}{missing}")?;
        for it in lane.into_iter().flat_map(|lane| &lane.waiting) {
            writeln!(out, "  waits  {}", it.message.line())?;
        }
    }
    for sent in &outbox.sent {
        let at = sent.at.format("%Y-%m-%dT%H:%M:%SZ");
        let error = sent.error.iter().map(|why| format!(" (dropped: {why})")).collect::<String>();
        writeln!(out, "{at}  {}  {}{error}", sent.notifier, sent.line)?;
    }
    out.flush()?;
    Ok(Exit::Success)
}
