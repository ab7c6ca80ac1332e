//! Details of one task, for the inspector.

use chrono::{DateTime, Utc};

use serde_json::Value;

use super::{
    badges::{self, Badge},
    command_text, format, task_row,
    why::{StateReason, state_reasons},
};
use engine::{ResultQuality, RunState, TaskState, Waiver};
use planning::{
    id::TaskId,
    plan::{Dependency, PlanNote, TaskIx},
    workflow::DependencyKind,
};

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// Its number; with the generation from the second on: `2`, `g2.1`.
    pub number: String,
    /// The start, exchange time.
    pub started: String,
    /// The duration so far.
    pub took: String,
    /// The state it ended in; RUNNING while it runs.
    pub state: TaskState,
    pub said: String,
}

/// One task this one waits for, or that waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DependencyLink {
    pub ix: TaskIx,
    pub id: TaskId,
    pub state: TaskState,
    /// Notes on the dependency: `soft`, `waived`, `stale 71m > 60m`, `when needed`; or empty.
    pub note: String,
}

/// The details of one task. External texts are already sanitized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    pub ix: TaskIx,
    pub id: TaskId,
    pub state: TaskState,
    /// `risk_recheck · attempt 3/3 · TIMEOUT since 10:42:03 (00:04)`.
    pub title: String,
    /// Badges.
    pub badges: Vec<Badge>,
    /// The reasons for the wait or for the end.
    pub why: Vec<StateReason>,
    /// Labels and values: stage, agent, type, priority, effect, window, deadline, timeout, …
    pub facts: Vec<(&'static str, String)>,
    /// Attempts, oldest first, the living one last.
    pub attempts: Vec<AttemptRow>,
    /// The dependencies.
    pub needs: Vec<DependencyLink>,
    /// The direct dependents.
    pub feeds: Vec<DependencyLink>,
    /// Conditions that were waived, and taint, in words.
    pub waived: Vec<String>,
    /// Its parameters, as lines of JSON.
    pub parameters: Vec<String>,
    /// The last result: summary and output as lines of JSON.
    pub output: Vec<String>,
    /// The origin of each value.
    pub origins: Vec<String>,
}

/// Longest list of links, attempts or lines of JSON that is shown; what is beyond is counted.
pub const LINES_MAX: usize = 500;

/// Inspects a task at `at`.
#[must_use]
pub fn inspect_task(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Inspection {
    let (plan, task) = (run.plan(), run.task(ix));
    let planned = plan.task(ix);
    let feeds = run.dependents(ix).iter().take(LINES_MAX).map(|&(dependent, hardness)| {
        let note = if hardness == DependencyKind::Soft { "soft" } else { "" };
        link(run, dependent, note.into())
    });
    Inspection {
        ix,
        id: planned.id.clone(),
        state: task.state,
        title: format!(
            "{} · attempt {} · {} since {} ({})",
            planned.id,
            task_row::attempt_text(run, ix),
            task.state,
            format::format_time(task.since),
            format::format_age(task.since, at),
        ),
        badges: badges::badges(run, ix, at),
        why: state_reasons(run, ix, at),
        facts: facts(run, ix),
        attempts: attempt_rows(run, ix, at),
        needs: needs(run, ix, at),
        feeds: feeds.collect(),
        waived: waiver_lines(run, ix),
        parameters: lines(&planned.task_data),
        output: output(run, ix),
        origins: origins(run, ix),
    }
}

fn facts(run: &RunState, ix: TaskIx) -> Vec<(&'static str, String)> {
    let (plan, task) = (run.plan(), run.task(ix));
    let planned = plan.task(ix);
    let window = format!(
        "{}–{}",
        format::format_minute(planned.opens_at),
        format::format_minute(planned.closes_at)
    );
    let mut facts = vec![
        ("stage", plan.stage(planned.stage).id.to_string()),
        ("agent", plan.agent(planned.agent).id.to_string()),
        ("type", planned.task_type.to_string()),
        ("priority", task.priority.as_str().to_owned()),
        ("effect", planned.effect.as_str().to_owned()),
        ("required", if planned.required { "yes" } else { "no" }.to_owned()),
        ("window", window),
        ("deadline", format::format_minute(planned.deadline)),
        ("timeout", planned.timeout.to_string()),
        ("usually takes", planned.estimate.to_string()),
        ("retries", planned.max_retries.to_string()),
    ];
    facts.extend(planned.queue_timeout.map(|span| ("longest in queue", span.to_string())));
    facts.extend(planned.every.map(|span| ("every", span.to_string())));
    facts.extend(planned.every.map(|_| ("rounds", task.rounds.to_string())));
    facts.extend(planned.valid_for.map(|span| ("valid for", span.to_string())));
    facts.extend(planned.when.as_ref().map(|(_, when)| ("when", when.to_string())));
    facts.extend(
        planned.group.as_ref().map(|group| ("group", format::sanitize(group).into_owned())),
    );
    if task.attempt > 1 {
        let attempts = format::count_noun(u64::from(task.attempt), "attempt");
        facts.push(("in all", format!("{attempts}, {} failed", task.failures)));
    }
    if task.generation > 1 {
        facts.push(("generation", task.generation.to_string()));
    }
    facts.extend(task.progress.as_ref().filter(|_| task.state.is_active()).map(
        |(percent, note)| {
            ("progress", format!("{percent}% {}", format::sanitize(note)).trim_end().to_owned())
        },
    ));
    facts
}

/// The attempts of a task that are remembered, oldest first, the living one last.
#[must_use]
pub fn attempt_rows(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Vec<AttemptRow> {
    let task = run.task(ix);
    let number = |generation: u32, n: u32| {
        if generation > 1 { format!("g{generation}.{n}") } else { n.to_string() }
    };
    let over = task.history.iter().map(|attempt| AttemptRow {
        number: number(attempt.generation, attempt.number),
        started: format::format_time(attempt.started_at),
        took: format::format_age(attempt.started_at, attempt.ended_at),
        state: attempt.ended_as,
        said: format::sanitize(&attempt.said).into_owned(),
    });
    let living = task.started_at.filter(|_| task.state.is_active()).map(|from| AttemptRow {
        number: number(task.generation, task.attempt),
        started: format::format_time(from),
        took: format::format_age(from, at),
        state: task.state,
        said: task
            .progress
            .as_ref()
            .map(|p| format::sanitize(&p.1).into_owned())
            .unwrap_or_default(),
    });
    over.chain(living).collect()
}

fn link(run: &RunState, ix: TaskIx, note: String) -> DependencyLink {
    DependencyLink { ix, id: run.plan().task(ix).id.clone(), state: run.task(ix).state, note }
}

fn needs(run: &RunState, ix: TaskIx, at: DateTime<Utc>) -> Vec<DependencyLink> {
    let (planned, task) = (run.plan().task(ix), run.task(ix));
    let one = |&dependency: &Dependency| {
        let on = dependency.on;
        let mut notes = Vec::new();
        if dependency.hardness == DependencyKind::Soft {
            notes.push("soft".to_owned());
        }
        if planned.when.as_ref().is_some_and(|(asked, _)| *asked == on) {
            notes.push("`when` condition".to_owned());
        }
        if task.has_waiver_for(Waiver::Dependency(on)) || task.has_waiver_for(Waiver::Freshness(on))
        {
            notes.push("waived".to_owned());
        }
        if let Some((age, limit)) = run.staleness(dependency, at) {
            notes.push(format!("stale: {} old, valid for {limit}", format::format_duration(age)));
        }
        link(run, on, notes.join(", "))
    };
    planned.dependencies.iter().take(LINES_MAX).map(one).collect()
}

fn waiver_lines(run: &RunState, ix: TaskIx) -> Vec<String> {
    let task = run.task(ix);
    let waived = task
        .waivers
        .iter()
        .map(|&w| format!("waived: {}", command_text::waiver_text(w, run.plan())));
    let tainted = task
        .tainted
        .then(|| "tainted: an input depends on a waiver or an operator override".to_owned());
    waived.chain(tainted).collect()
}

fn output(run: &RunState, ix: TaskIx) -> Vec<String> {
    let Some(outcome) = &run.task(ix).outcome else { return Vec::new() };
    let quality = match outcome.quality {
        ResultQuality::Ok => "",
        ResultQuality::Degraded => "degraded: ",
        ResultQuality::Abstained => "abstained: ",
    };
    let head = format!("{quality}{}", format::sanitize(&outcome.summary));
    let head = (!head.is_empty()).then_some(head);
    head.into_iter().chain(lines(&outcome.output)).collect()
}

/// A value as lines of JSON, each safe for a terminal; nothing for null.
fn lines(value: &Value) -> Vec<String> {
    if value.is_null() {
        return Vec::new();
    }
    // A JSON value always has a text form; `{:#}` writes it without a fallible call.
    let text = format!("{value:#}");
    let mut lines: Vec<_> =
        text.lines().take(LINES_MAX).map(|line| format::sanitize(line).into_owned()).collect();
    let more = text.lines().count().saturating_sub(lines.len());
    if more > 0 {
        let more = format::count_noun(u64::try_from(more).unwrap_or(u64::MAX), "more line");
        lines.push(format!("… {more}"));
    }
    lines
}

fn origins(run: &RunState, ix: TaskIx) -> Vec<String> {
    let id = &run.plan().task(ix).id;
    let notes = run.plan().notes.iter().filter(|note| note.task.as_ref() == Some(id));
    let line = |note: &PlanNote| {
        let was = note.was.as_ref().map(|was| format!(" (was {was})")).unwrap_or_default();
        let conflict = note.conflict.as_ref().map(|c| format!("; {c}")).unwrap_or_default();
        let text =
            format!("{} = {}{was}: {}{conflict}", note.about.name(), note.value, note.origin);
        format::sanitize(&text).into_owned()
    };
    notes.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::sample::{self, SampleRun, exchange_time, task, with_dependencies};

    fn text(day: &SampleRun, ix: u32, time: &str) -> String {
        let found = inspect_task(day.run(), TaskIx(ix), exchange_time(time));
        let mut lines = vec![found.title.clone()];
        lines.extend(found.why.iter().map(|w| format!("why   {}", w.to_line(day.run()))));
        lines.extend(found.facts.iter().map(|(label, value)| format!("{label}: {value}")));
        lines.extend(found.attempts.iter().map(|a| {
            format!("try   {} {} {} {} {}", a.number, a.started, a.took, a.state, a.said)
        }));
        lines.extend(found.needs.iter().map(|l| format!("needs {} {} {}", l.id, l.state, l.note)));
        lines.extend(found.feeds.iter().map(|l| format!("feeds {} {} {}", l.id, l.state, l.note)));
        lines.extend(found.waived.iter().chain(&found.output).chain(&found.parameters).cloned());
        lines.join("\n")
    }

    #[test]
    fn a_retried_and_forced_task_is_told_in_full() {
        let mut risk = task("risk_check", 2);
        risk.valid_for = Some(planning::time::Span::mins(5));
        let mut plan = sample::sample_plan(vec![
            risk,
            with_dependencies(task("trades", 2), &[0]),
            with_dependencies(task("orders", 2), &[1]),
        ]);
        plan.tasks[1].opens_at = exchange_time("11:00");
        let mut day = SampleRun::start(plan, "10:30");
        day.end_attempt("10:31", 0, sample::completed("VaR 1.2 %"));
        let waivers = vec![Waiver::Window, Waiver::Freshness(TaskIx(0))];
        let force = engine::Command::Force { task: TaskIx(1), waivers };
        day.order("10:40", force, "desk agrees");
        assert_eq!(day.refused, None);
        let crash = sample::failed(engine::FailureKind::Crash, "core dumped");
        day.end_attempt("10:41", 1, crash);
        day.advance_to("10:41:01");
        day.end_attempt("10:42", 1, sample::completed("2 trades"));
        insta::assert_snapshot!(text(&day, 1, "10:42:07"), @r#"
        trades · attempt 2/3 · COMPLETED since 10:42:00 (7s)
        why   completed by its agent · since 10:42:00 · rerun
        stage: intraday
        agent: economist
        type: trades
        priority: MEDIUM
        effect: pure
        required: yes
        window: 11:00–15:00
        deadline: 15:00
        timeout: 5m
        usually takes: 1m
        retries: 2
        in all: 2 attempts, 1 failed
        try   1 10:40:00 1m00s RETRYING core dumped
        try   2 10:41:01 59s COMPLETED 2 trades
        needs risk_check COMPLETED waived, stale: 11m07s old, valid for 5m
        feeds orders RUNNING 
        waived: window
        waived: freshness of risk_check
        tainted: an input depends on a waiver or an operator override
        2 trades
        {
          "data": {
            "regime": "calm"
          }
        }
        {
          "symbols": [
            "AAPL",
            "MSFT"
          ]
        }
        "#);
    }

    #[test]
    fn long_outputs_end_with_a_count_of_what_is_left_out() {
        let long = serde_json::json!((0..10_000).collect::<Vec<_>>());
        let lines = lines(&long);
        assert_eq!(lines.len(), LINES_MAX + 1);
        assert_eq!(lines.last().unwrap(), "… 9502 more lines");
        assert_eq!(super::lines(&serde_json::json!({ "a": "\u{202e}x" }))[1], "  \"a\": \"x\"");
    }
}
