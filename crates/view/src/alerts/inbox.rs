//! Alerts and approvals of a run as rows.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    filter::{FilterRecord, StateFilter},
    format,
};
use engine::{Alert, AlertSeverity, OrchestrationEvent, RunState, TaskState};
use planning::{id::TaskId, plan::TaskIx};

/// An alert as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// The number of the event that raised it; what an acknowledgement names.
    pub seq: u64,
    /// What people call it: `AL-17`.
    pub name: String,
    /// When it was raised, UTC.
    pub at: DateTime<Utc>,
    /// When it was raised last, UTC.
    pub last_at: DateTime<Utc>,
    pub severity: AlertSeverity,
    /// In words, with the name of what it is about.
    pub text: String,
    /// Who acknowledged it; `None`: nobody yet.
    pub acked_by: Option<String>,
    /// The task it is about.
    pub task: Option<TaskIx>,
}

impl AlertRow {
    /// `NEW`, or `acked ana`.
    #[must_use]
    pub fn state_text(&self) -> String {
        self.acked_by.as_ref().map_or_else(|| "NEW".into(), |by| format!("acked {by}"))
    }

    /// As the filter of the list sees it; `texts` is where the texts are put together.
    #[must_use]
    pub fn filter_record<'a>(&'a self, texts: &'a [&'a str]) -> FilterRecord<'a> {
        let state = if self.acked_by.is_some() { StateFilter::Acked } else { StateFilter::New };
        FilterRecord {
            texts,
            state: Some(state),
            level: Some(self.severity.into()),
            at: Some(self.at),
            ..FilterRecord::default()
        }
    }
}

/// Returns what people call the alert of an event.
#[must_use]
pub fn alert_label(seq: u64) -> String {
    format!("AL-{seq}")
}

/// The alerts a run remembers: those nobody has seen first, then by loudness, then the newest.
#[must_use]
pub fn alert_rows(run: &RunState) -> Vec<AlertRow> {
    let mut rows: Vec<_> = run.alerts().iter().map(|(&seq, alert)| row(run, seq, alert)).collect();
    rows.sort_by_key(|row| {
        let last = std::cmp::Reverse((row.severity, row.last_at, row.seq));
        (row.acked_by.is_some(), last)
    });
    rows
}

fn row(run: &RunState, seq: u64, alert: &Alert) -> AlertRow {
    let plan = run.plan();
    let about = alert.task.map(|ix| plan.task(ix).id.to_string());
    let about = about.or_else(|| alert.stage.map(|ix| format!("stage {}", plan.stage(ix).id)));
    let about = about.or_else(|| alert.agent.map(|ix| format!("agent {}", plan.agent(ix).id)));
    let said = format::sanitize(&alert.text);
    let text = match (about, alert_kind(alert.kind)) {
        (Some(about), Some(happened)) if said.is_empty() => format!("{about} {happened}"),
        (Some(about), Some(happened)) => format!("{about} {happened}: {said}"),
        (Some(about), None) => format!("{about}: {said}"),
        (None, Some(happened)) => format!("{happened} by {said}"),
        (None, None) => said.into_owned(),
    };
    let last_at = alert.repeated.map_or(alert.at, |(_, at)| at);
    let text = match alert.repeated {
        Some((again, at)) => {
            let times = again.saturating_add(1);
            format!("{text} ({times} times, last {})", format::format_time(at))
        }
        None => text,
    };
    AlertRow {
        seq,
        last_at,
        name: alert_label(seq),
        at: alert.at,
        severity: alert.severity,
        text,
        acked_by: alert.acked.as_ref().map(|a| format::sanitize(&a.by.to_string()).into_owned()),
        task: alert.task,
    }
}

/// Returns what happened, when the kind of the event says it.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other alerts say themselves what happened")]
const fn alert_kind(kind: OrchestrationEvent) -> Option<&'static str> {
    match kind {
        OrchestrationEvent::TaskFailed | OrchestrationEvent::StageFailed => Some("failed"),
        OrchestrationEvent::TaskTimedOut => Some("timed out"),
        OrchestrationEvent::TaskInDoubt => Some("is in doubt"),
        OrchestrationEvent::StageMissed => Some("closed before any of its tasks started"),
        OrchestrationEvent::BreakerOpened => Some("breaker open: too many failures"),
        OrchestrationEvent::GateClosed => Some("paused"),
        _says_itself => None,
    }
}

/// A question to a person as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRow {
    /// The task that asks; what an answer names.
    pub ix: TaskIx,
    pub id: TaskId,
    /// Since when it asks, UTC.
    pub since: DateTime<Utc>,
    /// When the question lapses, UTC.
    pub deadline: DateTime<Utc>,
    /// How long that is; `00:00` when it is over.
    pub remaining: String,
    /// `sizing needs a yes or a no`: the tasks whose result is asked about.
    pub text: String,
}

/// The questions that wait for a person, the one that lapses first before the others.
#[must_use]
pub fn approval_rows(run: &RunState, at: DateTime<Utc>) -> Vec<ApprovalRow> {
    // Whoever asks a person is at work and holds no slot: mostly nobody does.
    let active = run.count_in_state(TaskState::Running) + run.count_in_state(TaskState::Cancelling);
    if active <= run.slots_used() {
        return Vec::new();
    }
    let asks = run.tasks().filter(|(ix, task)| task.state.is_active() && run.is_human_task(*ix));
    let mut rows: Vec<_> = asks
        .map(|(ix, task)| {
            let planned = run.plan().task(ix);
            let since = task.started_at.unwrap_or(task.since);
            let deadline = since
                .checked_add_signed(planned.timeout.to_delta())
                .unwrap_or(since + TimeDelta::days(1));
            let about = planned.dependencies.iter().take(ABOUT_MAX);
            let about: Vec<_> = about.map(|d| run.plan().task(d.on).id.as_str()).collect();
            let about =
                if about.is_empty() { planned.task_type.to_string() } else { about.join(", ") };
            ApprovalRow {
                ix,
                id: planned.id.clone(),
                since,
                deadline,
                remaining: format::format_age(at, deadline),
                text: format!("approve {about}?"),
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.deadline, row.ix));
    rows
}

/// Most tasks named in a question.
const ABOUT_MAX: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;
    use engine::Command;
    use planning::workflow::EffectClass;
    use testkit::sample::{self, SampleRun, exchange_time, task, with_dependencies};

    #[test]
    fn what_nobody_has_seen_comes_first_and_the_loudest_of_it() {
        let mut day = sample::every_state();
        let told = |day: &SampleRun| {
            let rows = alert_rows(day.run());
            let line = |r: AlertRow| {
                format!(
                    "{} {} {} {}",
                    format::format_time(r.at),
                    format::severity_label(r.severity),
                    r.text,
                    r.state_text()
                )
            };
            rows.into_iter().map(line).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(told(&day), @"
        10:33:00 CRIT t_timeout timed out NEW
        10:32:00 CRIT t_in_doubt is in doubt: no word from the broker NEW
        10:32:00 CRIT t_failed failed: no such symbol NEW
        ");
        let first = alert_rows(day.run())[0].seq;
        day.order("10:43", Command::Acknowledge { alert: first }, "seen");
        assert_eq!(day.refused, None);
        let last = alert_rows(day.run()).pop().unwrap();
        assert_eq!(
            (last.seq, last.state_text(), last.name.clone()),
            (first, "acked ana".into(), alert_label(first))
        );
        let filter = Filter::parse("state:acked sev>=warning").unwrap();
        let texts = [last.text.as_str()];
        assert!(filter.matches_record(&last.filter_record(&texts), exchange_time("10:44")));
    }

    #[test]
    fn questions_are_sorted_by_when_they_lapse() {
        let mut tasks = vec![task("sizing", 2), task("calm", 2), task("urgent", 2)];
        for (one, minutes) in tasks.iter_mut().zip([5, 30, 10]) {
            one.timeout = planning::time::Span::mins(minutes);
        }
        tasks[1].effect = EffectClass::Human;
        tasks[2] = with_dependencies(tasks[2].clone(), &[0]);
        tasks[2].effect = EffectClass::Human;
        let mut day = SampleRun::start(sample::sample_plan(tasks), "10:30");
        day.end_attempt("10:31", 0, sample::completed("ok"));
        let rows = approval_rows(day.run(), exchange_time("10:36"));
        let lines: Vec<_> =
            rows.iter().map(|r| format!("{} {} {}", r.id, r.remaining, r.text)).collect();
        assert_eq!(lines, ["urgent 5m00s approve sizing?", "calm 24m00s approve calm?"]);
        assert_eq!(approval_rows(day.run(), exchange_time("11:36"))[0].remaining, "0s");
    }
}
