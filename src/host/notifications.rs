//! Tells the notifiers what the alerts of a run are, and when they are over.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, NaiveTime, Utc};
use serde_json::Value;
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

use super::input_file::read_input_text;
use crate::cli::{CliError, Exit};
use config::Config;
use engine::{
    Alert, AlertSeverity, Breaker, OrchestrationEvent, RunState, TaskState, TradingState,
};
use notify::{
    Notification, NotificationStatus, NotifierClock, NotifierHandle, NotifierThreads, Notifiers,
    RetryDelays, Severity,
};
use planning::{calendar::exchange_local, plan::TaskIx};
use runtime::{EventBus, RunHandle, SubscriptionItem, instant_now, wall_now};
use view::{
    alerts::{alert_label, alert_rows, approval_rows},
    why::state_reasons,
};

/// The kind of a notification that an approval waits.
const APPROVAL: &str = "approval_requested";
/// The code of the events about components.
const HEALTH: &str = "component_health";
/// How long the end of a run waits for what follows its events.
const FOLLOWER_MAX: Duration = Duration::from_secs(2);

/// Returns the notifiers of a configuration: those of the file, and the one of `alert_webhook_url`.
///
/// # Errors
///
/// [`CliError`] with exit code 2 for a file that cannot be read or makes no sense.
pub(crate) fn notifiers(config: &Config) -> Result<Notifiers, CliError> {
    let mut all = Notifiers::default();
    if let Some(file) = &config.monitoring.notifiers {
        let name = file.display().to_string();
        let wrong = |text| CliError::new(Exit::Usage, text);
        let text = read_input_text(file)
            .map_err(|error| wrong(format!("cannot read the notifiers {name}: {error}")))?;
        let known = |kind: &str| {
            let mut kinds = OrchestrationEvent::ALL.into_iter();
            kind == APPROVAL || kinds.any(|known| known.name() == kind)
        };
        all = Notifiers::parse((&name, &text), &config::env::secret_variable, &known)
            .map_err(wrong)?;
    }
    if let Some(url) = &config.monitoring.alert_webhook_url {
        all.add_webhook(url.expose());
    }
    Ok(all)
}

/// The notifiers of a run. Closing it gives them a moment for the last notifications.
#[derive(Debug, Default)]
pub(crate) struct NotifierGuard {
    threads: NotifierThreads,
    follower: Option<JoinHandle<()>>,
}

impl NotifierGuard {
    /// Waits until the end of the run is told, a moment at most, and ends the threads.
    pub(super) async fn close(self) {
        if let Some(follower) = self.follower {
            // A follower that is late leaves what it did not tell untold.
            let _ = timeout(FOLLOWER_MAX, follower).await;
        }
        let ended = spawn_blocking(move || drop(self.threads)).await;
        if let Err(error) = ended {
            tracing::error!("the notifiers did not end in order: {error}");
        }
    }
}

/// Starts the threads of the notifiers of a configuration, and follows a run for them.
///
/// # Errors
///
/// [`CliError`] for notifiers that make no sense, or an outbox that cannot be used.
pub(super) fn start_notifiers(
    config: &Config,
    day: &RunHandle,
    bus: &EventBus,
) -> Result<NotifierGuard, CliError> {
    let root = NotifierThreads::outboxes(&config.places.state);
    let clock = NotifierClock { now: wall_now, instant: instant_now, time_of_day };
    let threads =
        NotifierThreads::start(notifiers(config)?, &root, (RetryDelays::default(), clock))
            .map_err(|error| CliError::new(Exit::Internal, error.to_string()))?;
    let follower = follow(day, threads.handle());
    if !threads.handle().is_empty() {
        tell_of_health(bus, threads.handle());
    }
    Ok(NotifierGuard { threads, follower })
}

/// Tells the notifiers of components that are no longer well, and that are well again.
fn tell_of_health(bus: &EventBus, to: NotifierHandle) {
    bus.register_event_handler(
        OrchestrationEvent::SystemAlert,
        Arc::new(move |message| {
            if let Some(told) = health_notification(&message.data) {
                to.tell(&told);
            }
            Box::pin(async {})
        }),
    );
}

/// Returns the notification about a component whose health changed; `None` for other data.
fn health_notification(data: &Value) -> Option<Notification> {
    let text = |pointer: &str| data.pointer(pointer).and_then(Value::as_str);
    if text("/code") != Some(HEALTH) {
        return None;
    }
    let (component, state) = (text("/now/component")?, text("/now/state")?);
    let (status, severity) = match state {
        "ok" => (NotificationStatus::Resolved, Severity::Warning),
        "failed" => (NotificationStatus::Firing, Severity::Critical),
        _degraded => (NotificationStatus::Firing, Severity::Warning),
    };
    let at = wall_now();
    Some(Notification {
        alert: format!("health/{component}"),
        status,
        severity,
        kind: OrchestrationEvent::SystemAlert.name().into(),
        title: format!("component {component} is {state}"),
        text: text("/now/detail").unwrap_or_default().into(),
        since: at,
        at,
        repeats: 0,
        run: "none".into(),
        mode: "none".into(),
        task: None,
        agent: None,
        help: Some(format!("bellwether health --component {component}")),
        runbook: runbook("BellwetherComponentFailed"),
    })
}

fn time_of_day(at: DateTime<Utc>) -> NaiveTime {
    exchange_local(at).time()
}

/// Follows a run until it ends, and tells the notifiers of its alerts and approvals.
fn follow(day: &RunHandle, to: NotifierHandle) -> Option<JoinHandle<()>> {
    if to.is_empty() {
        return None;
    }
    let mut events = day.subscribe();
    Some(tokio::spawn(async move {
        let mut teller = AlertTeller::default();
        let mut run: Option<RunState> = None;
        while let Some(item) = events.next().await {
            let told = match item {
                SubscriptionItem::Snapshot(now) => {
                    // What was raised before this process began was told by the one before.
                    if run.is_none() {
                        teller.remember(&now);
                    }
                    teller.changes(run.insert(*now))
                }
                SubscriptionItem::Event(event) => {
                    let applied = run.as_mut().and_then(|run| run.apply(&event).ok().map(|()| run));
                    applied.map_or_else(Vec::new, |run| teller.changes(run))
                }
            };
            for notification in told {
                to.tell(&notification);
            }
        }
    }))
}

/// What was told of the alerts of a run.
#[derive(Debug, Default)]
struct AlertTeller {
    /// By the number of the event that raised it.
    open: BTreeMap<u64, Notification>,
    approvals: BTreeMap<TaskIx, Notification>,
    /// The last event whose alert was told.
    seen: u64,
}

impl AlertTeller {
    /// Takes the alerts of a run as told.
    fn remember(&mut self, run: &RunState) {
        self.seen = run.last_seq();
        let unseen = run.alerts().iter().filter(|(_, alert)| alert.acked.is_none());
        self.open = unseen.map(|(seq, alert)| (*seq, notification(run, *seq, alert))).collect();
    }

    /// Returns what is to be told since the last call.
    fn changes(&mut self, run: &RunState) -> Vec<Notification> {
        let mut told = Vec::new();
        for (seq, alert) in run.alerts().range(self.seen + 1..) {
            let raised = notification(run, *seq, alert);
            self.open.insert(*seq, raised.clone());
            told.push(raised);
        }
        self.seen = self.seen.max(run.last_seq());
        let at = run.last_event_at();
        self.open.retain(|seq, open| {
            let Some(alert) = run.alerts().get(seq) else { return false };
            let status = if is_over(run, alert) {
                NotificationStatus::Resolved
            } else if alert.acked.is_some() && open.status != NotificationStatus::Acknowledged {
                NotificationStatus::Acknowledged
            } else {
                let repeats = alert.repeated.map_or(0, |(times, _)| times);
                // The first repeat and every tenth: the run goes on counting on the alert.
                if repeats > open.repeats && (open.repeats == 0 || repeats >= open.repeats + 10) {
                    open.repeats = repeats;
                    told.push(Notification {
                        status: NotificationStatus::Repeated,
                        at,
                        ..open.clone()
                    });
                }
                return true;
            };
            open.status = status;
            told.push(Notification { at, ..open.clone() });
            status != NotificationStatus::Resolved
        });
        told.extend(self.approval_changes(run, at));
        told
    }

    fn approval_changes(&mut self, run: &RunState, at: DateTime<Utc>) -> Vec<Notification> {
        let waiting = approval_rows(run, at);
        let mut told = Vec::new();
        for row in &waiting {
            if self.approvals.contains_key(&row.ix) {
                continue;
            }
            let attempt = run.task(row.ix).attempt;
            let asked = Notification {
                alert: format!("{}/{}/{attempt}", run.plan().run, row.id),
                status: NotificationStatus::Firing,
                severity: Severity::Warning,
                kind: APPROVAL.into(),
                title: format!("{} waits for an operator until {}", row.id, utc(row.deadline)),
                text: row.text.clone(),
                since: row.since,
                at,
                repeats: 0,
                run: run.plan().run.clone(),
                mode: run.plan().mode.as_str().into(),
                task: Some(row.id.to_string()),
                agent: None,
                help: Some(format!(
                    "bellwether approve {0} REASON, or bellwether reject {0} REASON",
                    row.id
                )),
                runbook: runbook("BellwetherOperatorNeeded"),
            };
            self.approvals.insert(row.ix, asked.clone());
            told.push(asked);
        }
        self.approvals.retain(|ix, asked| {
            let waits = waiting.iter().any(|row| row.ix == *ix);
            if !waits {
                let status = NotificationStatus::Resolved;
                told.push(Notification { status, at, ..asked.clone() });
            }
            waits
        });
        told
    }
}

/// Returns whether the cause of an alert is gone. What only a person can judge stays until it is acknowledged.
fn is_over(run: &RunState, alert: &Alert) -> bool {
    if let Some(task) = alert.task {
        return matches!(run.task(task).state, TaskState::Completed | TaskState::Skipped);
    }
    if let Some(agent) = alert.agent {
        return run.agent(agent).breaker == Breaker::Closed;
    }
    alert.kind == OrchestrationEvent::TradingChanged
        && run.trading_status().state == TradingState::Active
}

fn notification(run: &RunState, seq: u64, alert: &Alert) -> Notification {
    let row = alert_rows(run).into_iter().find(|row| row.seq == seq);
    let task = alert.task.map(|ix| run.plan().task(ix).id.to_string());
    Notification {
        alert: format!("{}/{seq}", run.plan().run),
        status: NotificationStatus::Firing,
        severity: match alert.severity {
            AlertSeverity::Info => Severity::Info,
            AlertSeverity::Warning => Severity::Warning,
            AlertSeverity::Critical => Severity::Critical,
        },
        kind: alert.kind.name().into(),
        title: row.map_or_else(|| alert_label(seq), |row| row.text),
        text: alert.text.clone(),
        since: alert.at,
        at: run.last_event_at(),
        repeats: 0,
        run: run.plan().run.clone(),
        mode: run.plan().mode.as_str().into(),
        help: Some(help(run, seq, alert)),
        runbook: page(alert).and_then(runbook),
        agent: alert.agent.map(|ix| run.plan().agent(ix).id.to_string()),
        task,
    }
}

/// Returns the command that helps: the verb that the console suggests, else to acknowledge the alert.
fn help(run: &RunState, seq: u64, alert: &Alert) -> String {
    let suggested = alert.task.and_then(|ix| {
        let reasons = state_reasons(run, ix, run.last_event_at());
        let verb = reasons.into_iter().find_map(|reason| reason.verb)?;
        Some(format!("bellwether {verb} {} REASON", run.plan().task(ix).id))
    });
    let trading = (alert.kind == OrchestrationEvent::TradingChanged)
        .then(|| "key K in the console re-enables trading".to_owned());
    let acknowledge = || format!("bellwether acknowledge {}", alert_label(seq));
    suggested.or(trading).unwrap_or_else(acknowledge)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other kinds have no page of their own")]
fn page(alert: &Alert) -> Option<&'static str> {
    Some(match alert.kind {
        OrchestrationEvent::TaskFailed | OrchestrationEvent::TaskTimedOut => "BellwetherTaskFailed",
        OrchestrationEvent::TaskInDoubt => "BellwetherOrderUnknown",
        OrchestrationEvent::TradingChanged => "BellwetherTradingStopped",
        OrchestrationEvent::BreakerOpened => "BellwetherAgentUnhealthy",
        _without => return None,
    })
}

/// Returns the path of a page in the documentation.
#[expect(clippy::unnecessary_wraps, reason = "the field of a notification may be empty")]
fn runbook(name: &str) -> Option<String> {
    Some(format!("docs/runbooks/{name}.md"))
}

fn utc(at: DateTime<Utc>) -> String {
    at.format("%H:%M:%S UTC").to_string()
}

/// Returns the folder of outboxes of a state folder.
pub(crate) fn outboxes(state: &Path) -> std::path::PathBuf {
    NotifierThreads::outboxes(state)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::Command;
    use testkit::sample::{self, SampleRun};

    /// The statuses told of a task's alert, in order.
    fn statuses(told: &[Notification], task: &str) -> Vec<NotificationStatus> {
        told.iter().filter(|one| one.task.as_deref() == Some(task)).map(|one| one.status).collect()
    }

    fn teller_of(day: &SampleRun) -> AlertTeller {
        let mut teller = AlertTeller::default();
        teller.remember(day.run());
        teller
    }

    #[test]
    fn recovery_of_a_failed_task_is_told_once() {
        let mut day = sample::every_state();
        let mut teller = teller_of(&day);
        let ix = day.run().plan().find_task("t_failed").expect("a failed task");
        day.order("10:42", Command::SetCompleted { task: ix }, "seen to be done");
        let told = teller.changes(day.run());
        assert_eq!(statuses(&told, "t_failed"), [NotificationStatus::Resolved]);
        assert_eq!(statuses(&teller.changes(day.run()), "t_failed"), []);
    }

    #[test]
    fn acknowledged_alert_is_told_and_not_again() {
        let mut day = sample::every_state();
        let mut teller = teller_of(&day);
        let of_task = |(_, alert): &(&u64, &Alert)| {
            alert.task.is_some_and(|ix| day.run().plan().task(ix).id.as_str() == "t_failed")
        };
        let alert = *day.run().alerts().iter().find(of_task).expect("an alert").0;
        day.order("10:42", Command::Acknowledge { alert }, "seen");
        let told = teller.changes(day.run());
        assert_eq!(statuses(&told, "t_failed"), [NotificationStatus::Acknowledged]);
        assert!(statuses(&teller.changes(day.run()), "t_failed").is_empty());
    }

    #[test]
    fn new_alert_names_the_command_that_helps() {
        let day = sample::every_state();
        let mut teller = AlertTeller::default();
        let told = teller.changes(day.run());
        let failed = told.iter().find(|one| one.task.as_deref() == Some("t_failed"));
        let help = failed.and_then(|one| one.help.as_deref());
        assert_eq!(help, Some("bellwether retry t_failed REASON"));
    }

    #[test]
    fn component_that_fails_and_recovers_is_one_alert() {
        let data = |state: &str| {
            serde_json::json!({"code": HEALTH, "before": "ok",
                "now": {"component": "broker", "state": state, "detail": "no answer"}})
        };
        let [gone, back] = ["failed", "ok"].map(|state| health_notification(&data(state)));
        let (gone, back) = (gone.expect("an alert"), back.expect("its end"));
        assert_eq!(
            (gone.alert.as_str(), gone.status),
            ("health/broker", NotificationStatus::Firing)
        );
        assert_eq!(
            (back.alert.as_str(), back.status),
            ("health/broker", NotificationStatus::Resolved)
        );
        assert_eq!(health_notification(&serde_json::json!({"code": "other"})), None);
    }
}
