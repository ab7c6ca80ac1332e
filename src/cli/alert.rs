//! `bellwether alert`: the notifiers of the desk, and whether they work.

use std::{io::Write, path::Path};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{CliContext, CliError, Exit};
use crate::host::notifications::{notifiers, outboxes};
use notify::{
    Notification, NotificationStatus, NotifierDeclaration, NotifierReport, NotifierThreads,
    Notifiers, Severity,
};
use runtime::wall_now;
use view::format::safe_to;

/// Words of `bellwether alert`.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  bellwether alert list                      the notifiers, what waits for them, and the last error
  bellwether alert test                      send a test to every notifier
  bellwether alert test --notifier oncall    send it to one

Notifiers are declared in the file of the setting `notifiers`; the setting `alert_webhook_url` is one more.")]
pub struct AlertArgs {
    #[command(subcommand)]
    command: AlertCommand,
}

/// Subcommands of `bellwether alert`.
#[derive(Debug, Clone, Subcommand)]
enum AlertCommand {
    /// List the notifiers, what waits for them, and their last error
    List {
        /// One JSON array
        #[arg(long)]
        json: bool,
    },
    /// Send a test notification and report what came of it
    Test {
        /// Only this notifier
        #[arg(long, value_name = "NAME")]
        notifier: Option<String>,
    },
}

/// Runs `bellwether alert`.
///
/// # Errors
///
/// [`CliError`] for notifiers that make no sense, an unknown name, or when `out` cannot be written.
pub(super) fn run(
    args: &AlertArgs,
    context: &CliContext<'_>,
    out: &mut dyn Write,
) -> Result<Exit, CliError> {
    let config = context.config()?;
    let all = notifiers(&config)?;
    let root = outboxes(&config.places.state);
    match &args.command {
        AlertCommand::List { json: true } => {
            let rows = all.0.iter().map(|one| notifier_json(&root, one)).collect();
            writeln!(out, "{:#}", Value::Array(rows))?;
        }
        AlertCommand::List { json: false } if all.0.is_empty() => writeln!(out, "{NONE}")?,
        AlertCommand::List { json: false } => {
            for one in &all.0 {
                writeln!(out, "{}", notifier_line(&root, one))?;
            }
        }
        AlertCommand::Test { notifier } => return test(&all, notifier.as_deref(), out),
    }
    Ok(Exit::Success)
}

/// What is said where nobody is told of alerts.
const NONE: &str = "no notifier is declared: set `notifiers` or `alert_webhook_url`";

fn notifier_json(root: &Path, one: &NotifierDeclaration) -> Value {
    let NotifierReport { waiting, standing } = NotifierReport::read(root, &one.name);
    json!({
        "notifier": one.name, "least_severity": one.severity, "waiting": waiting,
        "delivered": standing.delivered, "lost": standing.lost,
        "last_delivered": standing.last_delivered,
        "last_error": standing.last_error.map(|(_, error)| error),
    })
}

fn notifier_line(root: &Path, one: &NotifierDeclaration) -> String {
    let NotifierReport { waiting, standing } = NotifierReport::read(root, &one.name);
    let error = standing.last_error.map(|(_, error)| safe_to(&error, 200).into_owned());
    let error = error.map_or_else(String::new, |error| format!("; last error: {error}"));
    let (name, grave, sent) = (&one.name, one.severity.as_str(), standing.delivered);
    let lost = standing.lost;
    format!(
        "{name:<20} {grave} and graver: {sent} delivered, {waiting} waiting, {lost} lost{error}"
    )
}

/// Sends a test to the notifier of a name, or to all.
fn test(all: &Notifiers, only: Option<&str>, out: &mut dyn Write) -> Result<Exit, CliError> {
    let named = |one: &&NotifierDeclaration| only.is_none_or(|wanted| wanted == one.name);
    let wanted: Vec<_> = all.0.iter().filter(named).collect();
    if wanted.is_empty() {
        let names = diag::list_of(all.0.iter().map(|one| one.name.as_str()));
        let text = only.filter(|_| !all.0.is_empty()).map_or_else(
            || NONE.to_owned(),
            |name| format!("no notifier is called {}; declared are: {names}", diag::quote(name)),
        );
        return Err(CliError::new(Exit::Usage, text));
    }
    let mut exit = Exit::Success;
    for one in wanted {
        match NotifierThreads::try_once(one, &test_notification()) {
            Ok(()) => writeln!(out, "{:<20} delivered", one.name)?,
            Err(error) => {
                exit = Exit::Failed;
                writeln!(out, "{:<20} not delivered: {}", one.name, safe_to(error.cause(), 200))?;
            }
        }
    }
    Ok(exit)
}

fn test_notification() -> Notification {
    let at = wall_now();
    Notification {
        alert: format!("test/{}", at.timestamp_millis()),
        status: NotificationStatus::Test,
        severity: Severity::Info,
        kind: "test".into(),
        title: "a test of this notifier".into(),
        text: "nothing has happened".into(),
        since: at,
        at,
        repeats: 0,
        run: "none".into(),
        mode: "none".into(),
        task: None,
        agent: None,
        help: None,
        runbook: Some("docs/alerts.md".into()),
    }
}
