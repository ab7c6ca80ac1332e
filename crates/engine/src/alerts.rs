//! The alerts of a run: which events are alerts, what is remembered of them, and who saw them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    command::Actor,
    event::Event,
    event_kind::OrchestrationEvent,
    event_types::{AlertSeverity, NoRetryReason, PauseMode, RecordedEvent},
    run_state::RunState,
};
use planning::plan::{AgentIx, StageIx, TaskIx};

/// Who saw an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// What they said about it, if anything.
    pub reason: Option<String>,
}

/// Something of the run that somebody should look at, as one event said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// When it was raised.
    pub at: DateTime<Utc>,
    /// How loud.
    pub severity: AlertSeverity,
    /// The kind of the event that raised it.
    pub kind: OrchestrationEvent,
    /// The task it is about, if about one.
    pub task: Option<TaskIx>,
    /// The stage it is about as a whole, if about one.
    pub stage: Option<StageIx>,
    /// The agent it is about as a whole, if about one.
    pub agent: Option<AgentIx>,
    /// What the event itself said (an agent's or the market's words, unsafe to print); empty where
    /// the kind says all.
    pub text: String,
    /// Who saw it; nobody yet when `None`.
    pub acked: Option<Acknowledgement>,
    /// How often the same was raised again while nobody had seen it, and when last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated: Option<(u32, DateTime<Utc>)>,
}

impl Alert {
    /// Alerts remembered. When there are more, one that was seen goes first, the oldest of them;
    /// of unseen ones the quietest, the oldest of them. All stand in the events.
    pub const KEPT_MAX: usize = 256;
}

/// Market events that come every day and ask nobody to look.
const ROUTINE: [&str; 4] = ["market_open", "market_close", "blackout_begins", "blackout_ends"];

impl RunState {
    /// The alerts of the run that are remembered, by the number of the event that raised them.
    #[must_use]
    pub const fn alerts(&self) -> &std::collections::BTreeMap<u64, Alert> {
        &self.alerts
    }

    /// How many alerts are no longer remembered: [`Alert::KEPT_MAX`] was reached.
    #[must_use]
    pub const fn forgotten_alerts(&self) -> u64 {
        self.alerts_gone
    }

    /// Remembers the alert an event raises, if it raises one. The same alert again, while nobody has
    /// seen the first, is counted on it.
    pub(super) fn record_alert(&mut self, recorded: &RecordedEvent) {
        let Some((severity, text)) = self.alert_of_event(&recorded.event) else { return };
        let same = |alert: &Alert| {
            let about = (alert.task, alert.stage, alert.agent);
            alert.acked.is_none()
                && (alert.severity, alert.kind) == (severity, recorded.event.kind())
                && about == (recorded.event.task(), recorded.event.stage(), recorded.event.agent())
                && alert.text == text
        };
        if let Some(known) = self.alerts.values_mut().rev().find(|alert| same(alert)) {
            let times = known.repeated.map_or(0, |(times, _)| times);
            known.repeated = Some((times.saturating_add(1), recorded.at));
            return;
        }
        if self.alerts.len() >= Alert::KEPT_MAX {
            let order = |(seq, alert): &(&u64, &Alert)| {
                let unseen = alert.acked.is_none();
                (unseen, if unseen { alert.severity } else { AlertSeverity::Info }, **seq)
            };
            if let Some(seq) = self.alerts.iter().min_by_key(order).map(|(seq, _)| *seq) {
                self.alerts.remove(&seq);
                self.alerts_gone += 1;
            }
        }
        let event = &recorded.event;
        let alert = Alert {
            at: recorded.at,
            severity,
            kind: event.kind(),
            task: event.task(),
            stage: event.stage(),
            agent: event.agent(),
            text,
            acked: None,
            repeated: None,
        };
        self.alerts.insert(recorded.seq, alert);
    }

    /// How loud an event is and what it says, when it is an alert.
    fn alert_of_event(&self, event: &Event) -> Option<(AlertSeverity, String)> {
        let by_need = |task: TaskIx| {
            if self.plan.task(task).required {
                AlertSeverity::Critical
            } else {
                AlertSeverity::Warning
            }
        };
        Some(match event {
            Event::SystemAlert { severity, text, .. } => (*severity, text.clone()),
            Event::MarketEvent { code, text } if !ROUTINE.contains(&code.as_str()) => {
                (AlertSeverity::Warning, text.clone())
            }
            // What a person decided is no news to people.
            Event::TaskFailed { why: NoRetryReason::Operator, .. } => return None,
            // Their silence is.
            Event::TaskRejected { rejection, .. } if rejection.by.is_none() => {
                (AlertSeverity::Warning, rejection.reason.clone().unwrap_or_default())
            }
            Event::TaskFailed { task, failure, .. } => (by_need(*task), failure.message.clone()),
            Event::TaskTimedOut { task, .. } => (by_need(*task), String::new()),
            Event::TaskInDoubt { failure, .. } => {
                (AlertSeverity::Critical, failure.message.clone())
            }
            Event::StageFailed { .. } => (AlertSeverity::Critical, String::new()),
            Event::StageMissed { .. } | Event::BreakerOpened { .. } => {
                (AlertSeverity::Warning, String::new())
            }
            // Acknowledgements in journals of that time name this alert.
            Event::GateClosed { mode: PauseMode::RecordedHalt, by, .. } => {
                (AlertSeverity::Critical, by.clone())
            }
            Event::TradingChanged { from, to, why, .. } if to > from => {
                (AlertSeverity::Critical, format!("trading is {to}: {why}"))
            }
            // A stuck stage raises an alert of its own (`stage_stuck`), as a timeout of the run does.
            Event::MarketEvent { .. }
            | Event::LateResult { .. }
            | Event::CommandRefused { .. }
            | Event::StageCompleted { .. }
            | Event::GateClosed { .. }
            | Event::GateOpened { .. }
            | Event::AgentError { .. }
            | Event::BreakerHalfOpened { .. }
            | Event::BreakerClosed { .. }
            | Event::TaskRejected { .. }
            | Event::TaskCompleted { .. }
            | Event::TaskRoundCompleted { .. }
            | Event::TaskRoundFailed { .. }
            | Event::TaskRetrying { .. }
            | Event::TaskCancelled { .. }
            | Event::TaskSkipped { .. }
            | Event::TaskUpstreamFailed { .. }
            | Event::TaskMissed { .. }
            | events!(run, stage_change, recovery, operator)
            | events!(task_move, task_note, task_probe, task_priority) => return None,
        })
    }

    /// Notes who saw an alert; the first to say so stays.
    pub(super) fn acknowledge(
        &mut self,
        alert: u64,
        by: &Actor,
        reason: Option<&str>,
        at: DateTime<Utc>,
    ) {
        if let Some(alert) = self.alerts.get_mut(&alert).filter(|alert| alert.acked.is_none()) {
            alert.acked =
                Some(Acknowledgement { by: by.clone(), at, reason: reason.map(Into::into) });
        }
    }
}
