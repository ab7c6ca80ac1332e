//! An effect in doubt in words: what was meant, when the outside was asked about it, what it said.

use chrono::{DateTime, Utc};

use super::{
    inspect,
    why::Why,
    words::{self, safe},
};
use crate::{
    engine::{Doubt, Event, Failure, Probed, Recorded, RunState},
    plan::TaskIx,
};

/// Why a task is in doubt, and what comes next.
pub(super) fn why(run: &RunState, task: TaskIx, failure: &Failure) -> Vec<Why> {
    let text = format!("nobody knows whether it happened: {}", safe(&failure.message));
    let again = "not tried again: it must not happen twice".to_owned();
    let mut list = vec![
        Why::new("in_doubt", text).verb("resolve"),
        Why::new("not_idempotent", again).verb("resolve"),
    ];
    list.extend(run.doubts().get(&task).map(|doubt| asks(run, doubt)));
    list
}

/// When the outside is asked next, or that only a person can say more.
fn asks(run: &RunState, doubt: &Doubt) -> Why {
    let so_far = match doubt.probes {
        0 => String::new(),
        n => format!(", asked {}", words::plural(n.into(), "time")),
    };
    let so_far = match &doubt.last {
        Some((_, probed, _)) if !doubt.asking => {
            format!("{so_far}: {}", words::probed(*probed))
        }
        Some(_) | None => so_far,
    };
    match (doubt.asking, doubt.next_at) {
        (true, _) => Why::new("probing", format!("the outside is being asked{so_far}")),
        (false, _) if run.recovering() => {
            let text = format!("the outside is asked once the run goes on{so_far}");
            Why::new("probe_waits", text).verb("recover")
        }
        (false, Some(at)) => {
            let text = format!("the outside is asked again at {}{so_far}", words::time(at));
            Why::new("probe_next", text).next(at).verb("probe")
        }
        (false, None) => {
            let text = format!("only a person can say more{so_far}");
            Why::new("probes_spent", text).verb("resolve")
        }
    }
}

/// Everything known of an effect in doubt, line by line: what was meant and under which key, its
/// attempts, each time the outside was asked, and what comes next. `events` may begin after the
/// doubt did; what they lack is told from the state. Nothing for a task that is not in doubt.
#[must_use]
pub fn lines<'a>(
    run: &RunState,
    task: TaskIx,
    events: impl Iterator<Item = &'a Recorded>,
    at: DateTime<Utc>,
) -> Vec<String> {
    let Some(doubt) = run.doubts().get(&task) else { return Vec::new() };
    let planned = run.plan().task(task);
    let agent = &run.plan().agent(planned.agent).id;
    let mut lines = vec![
        format!(
            "intent: {} by {agent}, in doubt since {}",
            planned.task_type,
            words::time(doubt.since)
        ),
        format!("key: {}", run.intent_key(task)),
    ];
    let attempts = inspect::attempts(run, task, at);
    lines.extend(attempts.iter().map(|attempt| {
        let inspect::AttemptRow { number, started, took, state, said } = attempt;
        format!("attempt {number}: {started} for {took}, {state}: {said}")
    }));
    let probes = probes(task, doubt, events);
    if probes.is_empty() {
        lines.push("the outside was not asked yet".into());
    }
    lines.extend(probes);
    let next = asks(run, doubt);
    lines.push(format!("next: {}", next.text));
    lines
}

/// Each answer of the outside since the doubt began.
fn probes<'a>(
    task: TaskIx,
    doubt: &Doubt,
    events: impl Iterator<Item = &'a Recorded>,
) -> Vec<String> {
    let about = |it: &&Recorded| it.at >= doubt.since && it.event.task() == Some(task);
    let mut lines = Vec::new();
    for it in events.filter(about) {
        if let Event::TaskProbed { probe, probed, evidence, .. } = &it.event {
            lines.push(said((it.at, *probe), *probed, evidence));
        }
    }
    if let (true, Some((at, probed, evidence))) = (lines.is_empty(), &doubt.last) {
        let last = doubt.probes.saturating_sub(u32::from(doubt.asking));
        lines.push(said((*at, last), *probed, evidence));
    }
    lines
}

fn said((at, probe): (DateTime<Utc>, u32), probed: Probed, evidence: &str) -> String {
    let answer = words::probed(probed);
    format!("probe {probe} at {}: {answer} ({})", words::time(at), safe(evidence))
}
