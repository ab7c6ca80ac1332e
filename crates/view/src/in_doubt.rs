//! An effect in doubt in words: what was meant, when the outside was asked about it, what it said.

use chrono::{DateTime, Utc};

use super::{
    format::{self, sanitize},
    inspect,
    why::StateReason,
};
use engine::{
    Event, Failure, InDoubtEffect, ProbeFinding, RecordedEvent, RunState, control::CommandVerb,
};
use planning::plan::TaskIx;

/// Returns why a task is in doubt, and what comes next.
pub(super) fn in_doubt_reasons(
    run: &RunState,
    task: TaskIx,
    failure: &Failure,
) -> Vec<StateReason> {
    let text = format!("outcome unknown: {}", sanitize(&failure.message));
    let again = "not retried: a second attempt could send it twice".to_owned();
    let mut list = vec![
        StateReason::new("in_doubt", text).with_fix(CommandVerb::Resolve),
        StateReason::new("not_idempotent", again).with_fix(CommandVerb::Resolve),
    ];
    list.extend(run.in_doubt().get(&task).map(|doubt| next_probe_reason(run, doubt)));
    list
}

/// Returns when the outside is asked next, or that only a person can say more.
fn next_probe_reason(run: &RunState, doubt: &InDoubtEffect) -> StateReason {
    let so_far = match doubt.probes {
        0 => String::new(),
        n => format!(", probed {}", format::count_noun(n.into(), "time")),
    };
    let so_far = match &doubt.last {
        Some((_, probed, _)) if !doubt.asking => {
            format!("{so_far}: {}", format::probe_finding_text(*probed))
        }
        Some(_) | None => so_far,
    };
    match (doubt.asking, doubt.next_at) {
        (true, _) => StateReason::new("probing", format!("probing the broker{so_far}")),
        (false, _) if run.is_recovering() => {
            let text = format!("the broker is probed when the run recovers{so_far}");
            StateReason::new("probe_waits", text).with_fix(CommandVerb::Recover)
        }
        (false, Some(at)) => {
            let text = format!("next probe at {}{so_far}", format::format_time(at));
            StateReason::new("probe_next", text).next(at).with_fix(CommandVerb::Probe)
        }
        (false, None) => {
            let text = format!("an operator must resolve it{so_far}");
            StateReason::new("probes_spent", text).with_fix(CommandVerb::Resolve)
        }
    }
}

/// Returns the details of an effect in doubt: intent, idempotency key, attempts, probes and the
/// next step. `events` may start after the doubt did; missing probes are taken from the state.
/// Empty for a task that is not in doubt.
#[must_use]
pub fn in_doubt_lines<'a>(
    run: &RunState,
    task: TaskIx,
    events: impl Iterator<Item = &'a RecordedEvent>,
    at: DateTime<Utc>,
) -> Vec<String> {
    let Some(doubt) = run.in_doubt().get(&task) else { return Vec::new() };
    let planned = run.plan().task(task);
    let agent = &run.plan().agent(planned.agent).id;
    let mut lines = vec![
        format!(
            "intent: {} by {agent}, in doubt since {}",
            planned.task_type,
            format::format_time(doubt.since)
        ),
        format!("key: {}", run.intent_key(task)),
    ];
    let attempts = inspect::attempt_rows(run, task, at);
    lines.extend(attempts.iter().map(|attempt| {
        let inspect::AttemptRow { number, started, took, state, said } = attempt;
        format!("attempt {number}: {started} for {took}, {state}: {said}")
    }));
    let probes = probes(task, doubt, events);
    if probes.is_empty() {
        lines.push("not probed yet".into());
    }
    lines.extend(probes);
    let next = next_probe_reason(run, doubt);
    lines.push(format!("next: {}", next.text));
    lines
}

/// Each answer of the outside since the doubt began.
fn probes<'a>(
    task: TaskIx,
    doubt: &InDoubtEffect,
    events: impl Iterator<Item = &'a RecordedEvent>,
) -> Vec<String> {
    let about = |it: &&RecordedEvent| it.at >= doubt.since && it.event.task() == Some(task);
    let mut lines = Vec::new();
    for it in events.filter(about) {
        if let Event::TaskProbeCompleted { probe, probed, evidence, .. } = &it.event {
            lines.push(probe_line((it.at, *probe), *probed, evidence));
        }
    }
    if let (true, Some((at, probed, evidence))) = (lines.is_empty(), &doubt.last) {
        let last = doubt.probes.saturating_sub(u32::from(doubt.asking));
        lines.push(probe_line((*at, last), *probed, evidence));
    }
    lines
}

fn probe_line((at, probe): (DateTime<Utc>, u32), probed: ProbeFinding, evidence: &str) -> String {
    let answer = format::probe_finding_text(probed);
    format!("probe {probe} at {}: {answer} ({})", format::format_time(at), sanitize(evidence))
}
