//! Decides what is told of the alerts and approvals of a run.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::run_notifiers::{APPROVAL, runbook};
use engine::{
    Alert, AlertSeverity, Breaker, OrchestrationEvent, RunState, TaskState, TradingState,
};
use notify::{Notification, NotificationStatus, Severity};
use planning::plan::TaskIx;
use view::{
    alerts::{alert_label, alert_rows, approval_rows},
    why::state_reasons,
};

/// What was told of the alerts of a run.
#[derive(Debug, Default)]
pub(super) struct AlertTeller {
    /// By the number of the event that raised it.
    open: BTreeMap<u64, Notification>,
    approvals: BTreeMap<TaskIx, Notification>,
    /// The last event whose alert was told.
    seen: u64,
}

impl AlertTeller {
    /// Takes the alerts of a run as told.
    pub(super) fn remember(&mut self, run: &RunState) {
        self.seen = run.last_seq();
        let unseen = run.alerts().iter().filter(|(_, alert)| alert.acked.is_none());
        self.open = unseen.map(|(seq, alert)| (*seq, notification(run, *seq, alert))).collect();
    }

    /// Returns what is to be told since the last call.
    pub(super) fn changes(&mut self, run: &RunState) -> Vec<Notification> {
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

fn utc(at: DateTime<Utc>) -> String {
    at.format("%H:%M:%S UTC").to_string()
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
}
