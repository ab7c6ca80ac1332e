//! Alerts and approvals of a run as rows.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    engine::{Alert, OrchestrationEvent, RunState, Severity, TaskState},
    id::TaskId,
    plan::TaskIx,
    present::{
        filter::{Record, Standing},
        words,
    },
};

/// An alert as a row. Texts from outside are already made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// The number of the event that raised it; what an acknowledgement names.
    pub seq: u64,
    /// What people call it: `AL-17`.
    pub name: String,
    /// When it was raised, UTC.
    pub at: DateTime<Utc>,
    /// How loud.
    pub severity: Severity,
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
    pub fn state(&self) -> String {
        self.acked_by.as_ref().map_or_else(|| "NEW".into(), |by| format!("acked {by}"))
    }

    /// As the filter of the list sees it; `texts` is where the texts are put together.
    #[must_use]
    pub fn record<'a>(&'a self, texts: &'a [&'a str]) -> Record<'a> {
        let state = if self.acked_by.is_some() { Standing::Acked } else { Standing::New };
        Record {
            texts,
            state: Some(state),
            level: Some(self.severity.into()),
            at: Some(self.at),
            ..Record::default()
        }
    }
}

/// What people call the alert of an event.
#[must_use]
pub fn number(seq: u64) -> String {
    format!("AL-{seq}")
}

/// The alerts a run remembers: those nobody has seen first, then by loudness, then the newest.
#[must_use]
pub fn alerts(run: &RunState) -> Vec<AlertRow> {
    let mut rows: Vec<_> = run.alerts().iter().map(|(&seq, alert)| row(run, seq, alert)).collect();
    rows.sort_by_key(|row| (row.acked_by.is_some(), std::cmp::Reverse((row.severity, row.seq))));
    rows
}

fn row(run: &RunState, seq: u64, alert: &Alert) -> AlertRow {
    let plan = run.plan();
    let about = alert.task.map(|ix| plan.task(ix).id.to_string());
    let about = about.or_else(|| alert.stage.map(|ix| format!("stage {}", plan.stage(ix).id)));
    let about = about.or_else(|| alert.agent.map(|ix| format!("agent {}", plan.agent(ix).id)));
    let said = words::safe(&alert.text);
    let text = match (about, happened(alert.kind)) {
        (Some(about), Some(happened)) if said.is_empty() => format!("{about} {happened}"),
        (Some(about), Some(happened)) => format!("{about} {happened}: {said}"),
        (Some(about), None) => format!("{about}: {said}"),
        (None, Some(happened)) => format!("{happened} by {said}"),
        (None, None) => said.into_owned(),
    };
    AlertRow {
        seq,
        name: number(seq),
        at: alert.at,
        severity: alert.severity,
        text,
        acked_by: alert.acked.as_ref().map(|a| words::safe(&a.by.to_string()).into_owned()),
        task: alert.task,
    }
}

/// What happened, when the kind of the event says it.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other alerts say themselves what happened")]
const fn happened(kind: OrchestrationEvent) -> Option<&'static str> {
    match kind {
        OrchestrationEvent::TaskFailed | OrchestrationEvent::StageFailed => Some("failed"),
        OrchestrationEvent::TaskTimedOut => Some("timed out"),
        OrchestrationEvent::TaskInDoubt => Some("may or may not have happened"),
        OrchestrationEvent::StageMissed => Some("closed before any of its tasks started"),
        OrchestrationEvent::BreakerOpened => Some("failed too often and gets no work for a while"),
        OrchestrationEvent::GateClosed => Some("halted"),
        _says_itself => None,
    }
}

/// A question to a person as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRow {
    /// The task that asks; what an answer names.
    pub ix: TaskIx,
    /// Its name.
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
pub fn approvals(run: &RunState, at: DateTime<Utc>) -> Vec<ApprovalRow> {
    // Whoever asks a person is at work and holds no slot: mostly nobody does.
    let active = run.count(TaskState::Running) + run.count(TaskState::Cancelling);
    if active <= run.slots_used() {
        return Vec::new();
    }
    let asks = run.tasks().filter(|(ix, task)| task.state.active() && run.human(*ix));
    let mut rows: Vec<_> = asks
        .map(|(ix, task)| {
            let planned = run.plan().task(ix);
            let since = task.started_at.unwrap_or(task.since);
            let deadline = since
                .checked_add_signed(planned.timeout.delta())
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
                remaining: words::age(at, deadline),
                text: format!("{about}: yes or no?"),
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
    use crate::{
        definition::Effect,
        engine::Command,
        present::{
            filter::Filter,
            sample::{self, Day, after, et, task},
        },
    };

    #[test]
    fn what_nobody_has_seen_comes_first_and_the_loudest_of_it() {
        let mut day = sample::every_state();
        let told = |day: &Day| {
            let rows = alerts(day.run());
            let line = |r: AlertRow| {
                format!(
                    "{} {} {} {}",
                    words::time(r.at),
                    words::severity(r.severity),
                    r.text,
                    r.state()
                )
            };
            rows.into_iter().map(line).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(told(&day), @"
        10:33:00 CRIT t_timeout timed out NEW
        10:32:00 CRIT t_in_doubt may or may not have happened: no word from the broker NEW
        10:32:00 CRIT t_failed failed: no such symbol NEW
        ");
        let first = alerts(day.run())[0].seq;
        day.order("10:43", Command::Acknowledge { alert: first }, "seen");
        assert_eq!(day.refused, None);
        let last = alerts(day.run()).pop().unwrap();
        assert_eq!(
            (last.seq, last.state(), last.name.clone()),
            (first, "acked ana".into(), number(first))
        );
        let filter = Filter::parse("state:acked sev>=warning").unwrap();
        let texts = [last.text.as_str()];
        assert!(filter.record(&last.record(&texts), et("10:44")));
    }

    #[test]
    fn questions_are_sorted_by_when_they_lapse() {
        let mut tasks = vec![task("sizing", 2), task("calm", 2), task("urgent", 2)];
        for (one, minutes) in tasks.iter_mut().zip([5, 30, 10]) {
            one.timeout = crate::time::Span::mins(minutes);
        }
        tasks[1].effect = Effect::Human;
        tasks[2] = after(tasks[2].clone(), &[0]);
        tasks[2].effect = Effect::Human;
        let mut day = Day::start(sample::plan(tasks), "10:30");
        day.answer("10:31", 0, sample::done("ok"));
        let rows = approvals(day.run(), et("10:36"));
        let lines: Vec<_> =
            rows.iter().map(|r| format!("{} {} {}", r.id, r.remaining, r.text)).collect();
        assert_eq!(lines, ["urgent 05:00 sizing: yes or no?", "calm 24:00 calm: yes or no?"]);
        assert_eq!(approvals(day.run(), et("11:36"))[0].remaining, "00:00");
    }
}
