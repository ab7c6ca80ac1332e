//! The notifiers of a run: where they are declared, who follows the run for them, and their end.

use std::{path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, NaiveTime, Utc};
use serde_json::Value;
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

use super::alert_teller::AlertTeller;
use crate::cli::{CliError, Exit};
use crate::host::input_file::read_input_text;
use config::Config;
use engine::{OrchestrationEvent, RunState};
use notify::{
    Notification, NotificationStatus, NotifierClock, NotifierHandle, NotifierThreads, Notifiers,
    RetryDelays, Severity,
};
use planning::calendar::exchange_local;
use runtime::{EventBus, RunHandle, SubscriptionItem, instant_now, wall_now};

/// The kind of a notification that an approval waits.
pub(super) const APPROVAL: &str = "approval_requested";
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
    pub(crate) async fn close(self) {
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
pub(crate) fn start_notifiers(
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

/// Returns the folder of outboxes of a state folder.
pub(crate) fn outboxes(state: &Path) -> std::path::PathBuf {
    NotifierThreads::outboxes(state)
}

/// Returns the path of a page in the documentation.
#[expect(clippy::unnecessary_wraps, reason = "the field of a notification may be empty")]
pub(super) fn runbook(name: &str) -> Option<String> {
    Some(format!("docs/runbooks/{name}.md"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
