//! The day as a whole: its stages on a time axis, and the facts of the header.

use chrono::{DateTime, NaiveDate, Utc};

pub use super::timeline::{Timeline, TimelineCell};
use super::{
    agents, command_text,
    format::{self, GlyphSet},
};
use engine::{
    AgentHealth, Breaker, ClosedGate, Gate, RunEnd, RunState, RunStatus, StageRun, StageStatus,
    TaskState, Waiver,
};
use planning::{
    id::StageId,
    plan::{AgentIx, RunMode, StageIx},
    time::Span,
    workflow::EffectClass,
};

/// One stage as a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRow {
    /// Its place in the plan.
    pub ix: StageIx,
    pub id: StageId,
    pub status: StageStatus,
    /// When its window opens, UTC.
    pub opens: DateTime<Utc>,
    /// When its window closes, UTC.
    pub closes: DateTime<Utc>,
    /// Its tasks that are over; see `over`.
    pub done: u32,
    pub all: u32,
    /// Its tasks that ended badly or are in doubt.
    pub bad: u32,
    /// Its tasks at work.
    pub running: u32,
    /// When it opened, UTC.
    pub started: Option<DateTime<Utc>>,
    /// When it ended, UTC.
    pub ended: Option<DateTime<Utc>>,
    /// How far from plan, with a sign: `-6m` ended early, `+1m` is late; `-` when nothing is to say.
    pub slip: String,
    /// What keeps it, if something does: `paused by ana`, `stuck 04:12`, `forced`.
    pub note: Option<String>,
}

/// All stages, in order.
#[must_use]
pub fn stages(run: &RunState, at: DateTime<Utc>) -> Vec<StageRow> {
    run.stages().map(|(ix, _)| stage(run, ix, at)).collect()
}

fn stage(run: &RunState, ix: StageIx, at: DateTime<Utc>) -> StageRow {
    let (planned, stage) = (run.plan().stage(ix), run.stage(ix));
    let sum = |wanted: fn(TaskState) -> bool| {
        TaskState::ALL.iter().zip(stage.counts).filter(|(s, _)| wanted(**s)).map(|(_, n)| n).sum()
    };
    StageRow {
        ix,
        id: planned.id.clone(),
        status: stage.status,
        opens: planned.opens_at,
        closes: planned.closes_at,
        done: sum(is_over),
        all: sum(|_any| true),
        bad: sum(|state| state.is_bad_end() || state == TaskState::InDoubt),
        running: sum(TaskState::is_active),
        started: stage.started_at,
        ended: stage.ended_at,
        slip: slip(run, ix, at),
        note: stage_note(run, ix, at),
    }
}

/// Returns whether a task in this state is over, well or badly. What was blocked or missed has
/// ended too, but nobody has done anything of it: counted as done it would look like work.
#[must_use]
pub const fn is_over(state: TaskState) -> bool {
    state.is_terminal() && !matches!(state, TaskState::UpstreamFailed | TaskState::Missed)
}

/// Minutes from plan: of the end once it has ended or is overdue, of the start while it waits.
fn slip(run: &RunState, ix: StageIx, at: DateTime<Utc>) -> String {
    let (planned, stage) = (run.plan().stage(ix), run.stage(ix));
    let minutes = match stage.ended_at {
        Some(ended_at) => (ended_at - planned.closes_at).num_minutes(),
        None if stage.status == StageStatus::Waiting => {
            (at - planned.opens_at).num_minutes().max(0)
        }
        None => (at - planned.closes_at).num_minutes().max(0),
    };
    if minutes == 0 { "-".into() } else { format!("{minutes:+}m") }
}

fn stage_note(run: &RunState, ix: StageIx, at: DateTime<Utc>) -> Option<String> {
    let stage = run.stage(ix);
    if let Some(closed) = run.closed_gates().get(&Gate::Stage(ix)) {
        return Some(format!("paused by {}", format::sanitize(&closed.by)));
    }
    if let Some(since) = stage.stuck_since {
        return Some(format!("stuck {}", format::format_age(since, at)));
    }
    (!stage.waivers.is_empty()).then(|| "forced".into())
}

/// The next opening or closing of a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextBoundary {
    /// The boundary: `intraday opens`, `post_market closes`.
    pub what: String,
    pub at: DateTime<Utc>,
    pub within: Span,
}

/// The status of a run that is being taken up.
pub const RECOVERING: &str = "RECOVERING";

/// The facts every screen has on top.
#[derive(Debug, Clone, PartialEq)]
pub struct RunHeader {
    /// SIM, PAPER, LIVE, DRY or REPLAY.
    pub mode: RunMode,
    pub run: String,
    pub workflow: String,
    /// Trading date.
    pub date: NaiveDate,
    /// The kind of day, as text.
    pub day: String,
    /// Overlays that apply.
    pub overlays: Vec<String>,
    /// `RUNNING`, [`RECOVERING`], `COMPLETED`, `COMPLETED_WITH_ISSUES`, `FAILED`, `CANCELLED`.
    pub status: &'static str,
    /// The time of day, exchange time.
    pub clock: String,
    /// The stages that are open, in order.
    pub stages: Vec<StageId>,
    pub next: Option<NextBoundary>,
    /// Whether the engine is paused.
    pub paused: bool,
    /// All closed gates in words: `PAUSED by ana 4m12s (CRITICAL exempt)`.
    pub gates: Vec<String>,
    /// Slots in use.
    pub slots: u32,
    /// Slots for all tasks.
    pub slots_max: u32,
    /// Agents that are HEALTHY.
    pub agents_healthy: usize,
    /// Agents.
    pub agents: usize,
    /// The number of tasks are in each state, in the order of `TaskState::ALL`.
    pub counts: [u32; 14],
    /// Tasks that are over; see `over`.
    pub done: u32,
    /// Tasks.
    pub all: u32,
    /// Tasks that need a person: failed, timed out, in doubt, to be approved, or kept by an open breaker
    /// from sending orders or from meeting their deadline.
    pub needs_person: u32,
}

/// The header at `at`.
#[must_use]
pub fn run_header(run: &RunState, at: DateTime<Utc>) -> RunHeader {
    let plan = run.plan();
    let open = |(ix, stage): (StageIx, &StageRun)| {
        (stage.status == StageStatus::Open).then(|| plan.stage(ix).id.clone())
    };
    let healthy = |ix: &AgentIx| agents::agent_health(run, *ix, at) == AgentHealth::Healthy;
    let counts = *run.state_counts();
    let done = |state: &&TaskState| is_over(**state);
    RunHeader {
        mode: plan.mode,
        run: plan.run.clone(),
        workflow: plan.workflow.clone(),
        date: plan.date,
        day: plan.day.clone(),
        overlays: plan.overlays.clone(),
        status: if run.is_recovering() { RECOVERING } else { run_status(run.status()) },
        clock: format!("{} {}", format::format_time(at), planning::calendar::clock_name()),
        stages: run.stages().filter_map(open).collect(),
        next: boundary(run, at),
        paused: run.closed_gates().contains_key(&Gate::Engine),
        gates: run
            .is_recovering()
            .then(|| "RECOVERING: no task starts".to_owned())
            .into_iter()
            .chain(
                run.closed_gates().iter().map(|(&gate, closed)| gate_words(run, gate, closed, at)),
            )
            .collect(),
        slots: run.slots_used(),
        slots_max: plan.limits.max_concurrent_tasks,
        agents_healthy: agents::program_agents(run).filter(healthy).count(),
        agents: agents::program_agents(run).count(),
        counts,
        done: TaskState::ALL.iter().filter(done).map(|s| run.count_in_state(*s)).sum(),
        all: counts.iter().sum(),
        needs_person: needs_person(run),
    }
}

/// Tasks that need a person: failed, timed out, in doubt, to be approved.
#[must_use]
pub fn needs_person(run: &RunState) -> u32 {
    // What is active and holds no slot asks a person.
    let active = run.count_in_state(TaskState::Running) + run.count_in_state(TaskState::Cancelling);
    let bad = [TaskState::Failed, TaskState::Timeout, TaskState::InDoubt];
    active.saturating_sub(run.slots_used())
        + bad.map(|s| run.count_in_state(s)).iter().sum::<u32>()
        + kept_by_breaker(run)
}

/// Returns how many ready tasks an open breaker keeps from sending orders, or from meeting their
/// deadline if it stays open for another trial.
fn kept_by_breaker(run: &RunState) -> u32 {
    if run.agents().all(|(_, agent)| agent.breaker == Breaker::Closed) {
        return 0;
    }
    let next_trial = run.last_event_at() + run.plan().limits.breaker_cooldown.to_delta();
    let kept = run.tasks().filter(|(ix, task)| {
        let planned = run.plan().task(*ix);
        let stopped = task.state == TaskState::Queued
            && run.agent(planned.agent).breaker != Breaker::Closed
            && planned.effect != EffectClass::Human
            && !task.has_waiver_for(Waiver::Breaker);
        let late =
            next_trial + planned.estimate.to_delta() > planned.deadline.min(planned.closes_at);
        stopped && (late || planned.effect == EffectClass::Effectful)
    });
    u32::try_from(kept.count()).unwrap_or(u32::MAX)
}

/// A run's status as a word.
#[must_use]
pub const fn run_status(status: &RunStatus) -> &'static str {
    match status {
        RunStatus::Running => "RUNNING",
        RunStatus::Completed(RunEnd::Completed) => "COMPLETED",
        RunStatus::Completed(RunEnd::CompletedWithIssues) => "COMPLETED_WITH_ISSUES",
        RunStatus::Failed(_) => "FAILED",
        RunStatus::Cancelled => "CANCELLED",
    }
}

/// The next edge of a stage's window that still means something.
fn boundary(run: &RunState, at: DateTime<Utc>) -> Option<NextBoundary> {
    let edges = run.stages().filter(|(_, stage)| !stage.status.has_ended()).flat_map(|(ix, _)| {
        let planned = run.plan().stage(ix);
        // At one moment a closing is told before an opening: the open stage is what is looked at.
        [(planned.closes_at, 0, ix, "closes"), (planned.opens_at, 1, ix, "opens")]
    });
    let (moment, _, ix, verb) = edges.filter(|edge| edge.0 > at).min_by_key(|e| (e.0, e.1))?;
    let what = format!("{} {verb}", run.plan().stage(ix).id);
    Some(NextBoundary { what, at: moment, within: Span::between(&at, &moment) })
}

/// A closed gate in words, with how long it has been closed and what it lets through.
fn gate_words(run: &RunState, gate: Gate, closed: &ClosedGate, at: DateTime<Utc>) -> String {
    let target = match gate {
        Gate::Engine => String::new(),
        Gate::Stage(_) | Gate::Agent(_) => {
            format!("{} ", command_text::gate_text(gate, run.plan()))
        }
    };
    let by = format::sanitize(&closed.by);
    let until =
        closed.until.map(|t| format!(", until {}", format::format_minute(t))).unwrap_or_default();
    let age = format::format_age(closed.since, at);
    format!("{target}PAUSED by {by} {age}{until} (CRITICAL exempt)")
}

/// The counts in a line, states that no task is in left out: `18+ 2> 2~ 1T 1b 7.`.
#[must_use]
pub fn counts_line(counts: &[u32; 14], set: GlyphSet) -> String {
    let shown = COUNTS_ORDER.iter().filter_map(|&state| {
        let count = counts.get(state.index()).copied().filter(|&n| n > 0)?;
        Some(format!("{count}{}", format::state_glyph(state, set)))
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// Done first, then what moves, then what went wrong, then what waits.
const COUNTS_ORDER: [TaskState; 14] = [
    TaskState::Completed,
    TaskState::Running,
    TaskState::Cancelling,
    TaskState::Queued,
    TaskState::Retrying,
    TaskState::InDoubt,
    TaskState::Failed,
    TaskState::Timeout,
    TaskState::UpstreamFailed,
    TaskState::Missed,
    TaskState::Held,
    TaskState::Cancelled,
    TaskState::Skipped,
    TaskState::Pending,
];

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{Command, PauseMode};
    use testkit::sample::{self, SampleRun, exchange_time, task};

    #[test]
    fn the_header_says_where_the_day_stands() {
        let mut day = sample::every_state();
        let pause = |mode, until| Command::Pause { gate: Gate::Engine, mode, until };
        let header_at = |day: &SampleRun, time| run_header(day.run(), exchange_time(time));
        let head = header_at(&day, "10:42:07");
        assert_eq!((head.clock.as_str(), head.status), ("10:42:07 ET", "RUNNING"));
        assert_eq!(head.stages.iter().map(StageId::as_str).collect::<Vec<_>>(), ["intraday"]);
        let next = head.next.unwrap();
        assert_eq!(next.what, "intraday closes");
        assert_eq!(format::format_duration(next.within), "4h17m");
        assert_eq!((head.done, head.all, head.needs_person), (5, 14, 3));
        assert_eq!((head.slots, head.slots_max), (2, 12));
        assert_eq!((head.agents_healthy, head.agents), (2, 3));
        assert_eq!(head.gates, Vec::<String>::new());

        day.order("10:43", pause(PauseMode::Drain, Some(exchange_time("11:00"))), "lunch");
        let head = header_at(&day, "10:47:12");
        assert!(head.paused);
        assert_eq!(head.gates, ["PAUSED by ana (lunch) 4m12s, until 11:00 (CRITICAL exempt)"]);
    }

    #[test]
    fn counts_name_every_state_once_with_its_own_mark() {
        let day = sample::every_state();
        let line = counts_line(day.run().state_counts(), GlyphSet::Ascii);
        assert_eq!(line, "1+ 1> 1/ 1o 1~ 1? 1x 1T 1b 1m 1= 1c 1- 1.");
        let mut order = COUNTS_ORDER;
        order.sort_unstable();
        assert_eq!(order, TaskState::ALL);
    }

    #[test]
    fn a_stage_counts_its_own_tasks_and_says_how_late_it_is() {
        let mut tasks = vec![task("one", 0), task("two", 0), task("next", 2)];
        tasks[1].required = false;
        let mut day = SampleRun::start(sample::sample_plan(tasks), "06:00");
        day.end_attempt("06:01", 0, sample::completed("ok"));
        let bad = sample::failed(engine::FailureKind::BadInput, "no");
        day.end_attempt("06:02", 1, bad);
        let rows = stages(day.run(), exchange_time("06:03"));
        assert_eq!((rows[0].done, rows[0].all, rows[0].bad), (2, 2, 1));
        assert_eq!(rows[0].status, StageStatus::CompletedWithIssues);
        assert_eq!(rows[0].slip, "-208m");
        assert_eq!((rows[2].done, rows[2].all, rows[2].slip.as_str()), (0, 1, "-"));
        let sums: u32 = rows.iter().map(|row| row.all).sum();
        assert_eq!(sums, run_header(day.run(), exchange_time("06:03")).all);
    }
}
