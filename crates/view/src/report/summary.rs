//! Summary of a run: stages, counts, bad ends and their reasons, commands, profit and loss.

use chrono::{DateTime, Utc};
use serde_json::{Value, json as object};

use crate::{
    day,
    filter::Filter,
    format::{self, GlyphSet},
    task_list,
    why::state_reasons,
};
use audit::TrailHead;
use engine::{Event, RunState, RunStatus, TaskState};
use planning::plan::TaskIx;

/// Totals that only the events contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunTally {
    retries: u64,
    acts: Vec<String>,
    /// Acts beyond those kept.
    more_acts: u64,
    refused: u64,
    late: u64,
    /// Events that were dropped, and so are missing in the other numbers.
    missed: u64,
    /// One line for each input that differs since the run was begun.
    inputs: Vec<String>,
    head: Option<TrailHead>,
}

/// Acts of people told one by one; a longer list is counted.
const ACTS_MAX: usize = 1_000;

impl RunTally {
    pub(super) const NONE: Self = Self {
        retries: 0,
        acts: Vec::new(),
        more_acts: 0,
        refused: 0,
        late: 0,
        missed: 0,
        inputs: Vec::new(),
        head: None,
    };

    pub(super) fn add_event(&mut self, event: &Event) {
        self.retries += u64::from(matches!(event, Event::TaskRetrying { .. }));
        self.refused += u64::from(matches!(event, Event::CommandRefused { .. }));
        self.late += u64::from(matches!(event, Event::LateResult { .. }));
    }

    pub(super) fn set_input_changes(&mut self, lines: Vec<String>) {
        self.inputs = lines;
    }

    /// Counts events that were dropped.
    pub(super) const fn add_missed(&mut self, missed: u64) {
        self.missed = self.missed.saturating_add(missed);
    }

    /// Keeps where the audit trail ends.
    pub(super) fn set_trail_head(&mut self, head: Option<TrailHead>) {
        self.head = head;
    }

    /// Keeps an act of a person, as its line of the day says it.
    pub(super) fn add_command(&mut self, told: String) {
        if self.acts.len() < ACTS_MAX {
            self.acts.push(told);
        } else {
            self.more_acts += 1;
        }
    }
}

/// The tasks that ended badly or in doubt, most pressing first.
fn bad_ends(run: &RunState, at: DateTime<Utc>) -> Vec<TaskIx> {
    let all = task_list::order(run, at, task_list::Sort::default(), &Filter::default());
    let wanted = |state: TaskState| state.is_bad_end() || state == TaskState::InDoubt;
    all.into_iter().filter(|&ix| wanted(run.task(ix).state)).collect()
}

/// Net profit and loss of the day, from the first output that has it: `performance_analysis` says
/// `pnl.total`, others `pnl_net` or `pnl_usd`.
fn pnl(run: &RunState) -> Option<f64> {
    let paths = ["/data/pnl/total", "/pnl/total", "/data/pnl_net", "/data/pnl_usd"];
    let outputs = run.tasks().filter(|(_, task)| task.state == TaskState::Completed);
    outputs
        .filter_map(|(ix, task)| Some((ix, &task.outcome.as_ref()?.output)))
        .filter(|(ix, _)| {
            let kind = run.plan().task(*ix).task_type.as_str();
            matches!(kind, "performance_analysis" | "daily_report" | "report_generation")
        })
        .find_map(|(_, output)| paths.iter().find_map(|path| number(output.pointer(path)?)))
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// The summary as lines.
pub(super) fn summary_lines(
    run: &RunState,
    tally: &RunTally,
    glyphs: GlyphSet,
    at: DateTime<Utc>,
) -> Vec<String> {
    let header = day::run_header(run, at);
    let why_failed = match run.status() {
        RunStatus::Failed(why) => format!(": {}", format::sanitize(why)),
        RunStatus::Running | RunStatus::Completed(_) | RunStatus::Cancelled => String::new(),
    };
    let mut lines = vec![
        String::new(),
        format!("{} {}{why_failed}", header.run, header.status),
        format!(
            "tasks    {} of {} ended  {}",
            header.done,
            header.all,
            day::counts_line(&header.counts, glyphs)
        ),
    ];
    for stage in day::stages(run, at) {
        let bad = if stage.bad > 0 { format!("  {} bad", stage.bad) } else { String::new() };
        let (id, word) = (stage.id.as_str(), stage.status.as_str());
        lines.push(format!("stage    {id:<14} {word:<22} {}/{}{bad}", stage.done, stage.all));
    }
    for ix in bad_ends(run, at) {
        let task = run.task(ix);
        let text =
            state_reasons(run, ix, at).first().map(|why| why.text.clone()).unwrap_or_default();
        let (mark, id) = (format::state_glyph(task.state, glyphs), &run.plan().task(ix).id);
        lines.push(format!("{mark} {id} {}: {text}", task.state));
    }
    for (ix, no) in format::rejected_tasks(run) {
        let (at, id) = (format::format_time(run.task(ix).since), &run.plan().task(ix).id);
        lines.push(format!("rejected {at} {id}: {}", format::rejection_text(no)));
    }
    lines.push(format!("retries  {}", tally.retries));
    if tally.late > 0 {
        lines.push(format!("late     {}", format::count_noun(tally.late, "result")));
    }
    let refused = match tally.refused {
        0 => String::new(),
        n => format!(", {n} refused"),
    };
    let kept = u64::try_from(tally.acts.len()).unwrap_or(u64::MAX);
    let acts = kept.saturating_add(tally.more_acts);
    lines.push(format!("commands {acts}{refused}"));
    lines.extend(tally.acts.iter().map(|act| format!("  {act}")));
    if tally.more_acts > 0 {
        lines.push(format!("  and {} more in the audit trail", tally.more_acts));
    }
    lines.extend(tally.inputs.iter().map(|line| format!("input    {}", format::sanitize(line))));
    if tally.missed > 0 {
        let events = format::count_noun(tally.missed, "event");
        lines.push(format!("missed   {events} were not printed, nor counted in retries and acts"));
    }
    lines.extend(pnl(run).map(|pnl| format!("P&L      {pnl:+.2} USD")));
    lines.extend(tally.head.as_ref().map(|head| format!("audit    {head}")));
    lines
}

/// The summary as one object.
pub(super) fn summary_json(run: &RunState, tally: &RunTally, at: DateTime<Utc>) -> Value {
    let header = day::run_header(run, at);
    let tasks =
        TaskState::ALL.iter().map(|&s| (s.as_str().to_owned(), run.count_in_state(s).into()));
    let bad: Vec<Value> = bad_ends(run, at)
        .into_iter()
        .map(|ix| {
            let reasons = state_reasons(run, ix, at);
            object!({
                "task": run.plan().task(ix).id,
                "state": run.task(ix).state,
                "why": reasons.first().map(|why| why.text.as_str()),
                "codes": reasons.iter().map(|why| why.code).collect::<Vec<_>>(),
            })
        })
        .collect();
    let rejected = format::rejected_tasks(run).map(|(ix, no)| {
        let (task, at) = (&run.plan().task(ix).id, run.task(ix).since);
        object!({ "task": task, "at": at, "by": no.by, "reason": no.reason })
    });
    let stages = day::stages(run, at).into_iter().map(|stage| {
        object!({
            "stage": stage.id, "status": stage.status.as_str(),
            "done": stage.done, "tasks": stage.all, "bad": stage.bad,
        })
    });
    object!({
        "event": "summary", "run": header.run, "status": header.status,
        "tasks": tasks.collect::<serde_json::Map<String, Value>>(),
        "stages": stages.collect::<Vec<_>>(), "bad": bad, "rejected": rejected.collect::<Vec<_>>(),
        "retries": tally.retries, "acts": tally.acts, "refused": tally.refused, "pnl_usd": pnl(run),
        "missed_events": tally.missed, "inputs_changed": tally.inputs,
        "audit_head": tally.head.as_ref().map(ToString::to_string),
    })
}
