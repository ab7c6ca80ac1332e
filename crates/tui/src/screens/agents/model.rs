//! The agents, trouble first, and one of them from all sides.

use ratatui::{style::Style, text::Line};

use crate::screens::task::model::push_heading;
use crate::{
    model::{Model, Pane},
    widget::wrap,
};
use engine::{AgentHealth, Gate, RunState};
use planning::plan::{AgentIx, TaskIx};
use view::{
    agents::{self, AgentRow},
    event_line,
    filter::FilterRecord,
    format, task_list,
};

/// The agents as they are listed: those that need a person first, then by name.
pub(crate) fn agent_rows(model: &Model) -> Vec<AgentRow> {
    let Some(run) = model.displayed_run() else { return Vec::new() };
    let mut rows = agents::with_work(run, model.displayed_moment(), model.tasks.at_work());
    rows.sort_by_key(|row| trouble(row.health));
    rows
}

/// Those that pass the filter of the list.
pub(crate) fn filtered_rows(model: &Model) -> Vec<AgentRow> {
    let filter = model.sights.filter(Pane::Agents);
    let passes = |row: &AgentRow| {
        let error = row.last_error.as_deref().unwrap_or_default();
        let texts = [row.id.as_str(), row.health.as_str(), &row.now, error];
        let record =
            FilterRecord { texts: &texts, agent: Some(row.id.as_str()), ..FilterRecord::default() };
        filter.is_empty() || filter.matches_record(&record, model.displayed_moment())
    };
    agent_rows(model).into_iter().filter(passes).collect()
}

/// The less, the sooner somebody should look.
const fn trouble(health: AgentHealth) -> u8 {
    match health {
        AgentHealth::BreakerOpen => 0,
        AgentHealth::Unresponsive => 1,
        AgentHealth::BreakerHalfOpen => 2,
        AgentHealth::Degraded => 3,
        AgentHealth::Paused => 4,
        AgentHealth::Healthy => 5,
    }
}

/// Appends the processes of own agents that do tasks of an agent.
fn processes(out: &mut Vec<Line<'static>>, model: &Model, agent: &str) {
    let own = model.own_agents.iter().filter(|own| own.agents.iter().any(|of| of == agent));
    for process in own {
        push_heading(out, model.settings.theme, "process of an own agent");
        let wide = process.facts.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
        let line = |(label, value): &(_, String)| Line::raw(format!("  {label:wide$}  {value}"));
        out.extend(process.facts.iter().map(line));
    }
}

/// Calls and failures shown of an agent.
const NEWEST: usize = 20;
/// Tasks still to come that are shown of an agent.
const NEXT: usize = 10;

/// Returns the details of an agent, line by line.
pub(crate) fn detail_lines(model: &Model, ix: AgentIx) -> Vec<Line<'static>> {
    let Some(run) = model.displayed_run() else { return Vec::new() };
    let theme = model.settings.theme;
    let rows = agents::with_work(run, model.displayed_moment(), model.tasks.at_work());
    let Some(row) = rows.iter().find(|row| row.ix == ix) else {
        return vec![Line::raw("  operator: tasks of this agent wait for approval")];
    };
    let mut out = Vec::new();
    health(&mut out, model, run, row);
    processes(&mut out, model, row.id.as_str());
    push_heading(&mut out, theme, "works on");
    if row.tasks.is_empty() {
        out.push(Line::raw("  none"));
    }
    out.extend(row.tasks.iter().map(|&task| at_work(model, run, task)));
    let waiting = model.tasks.order.iter().copied().filter(|&task| {
        let (planned, state) = (run.plan().task(task), run.task(task).state);
        planned.agent == ix && !state.is_terminal() && !state.is_active()
    });
    let waiting: Vec<_> = waiting.take(NEXT).map(|task| at_work(model, run, task)).collect();
    if !waiting.is_empty() {
        push_heading(&mut out, theme, "waiting for this agent");
        out.extend(waiting);
    }
    calls(&mut out, model, (run, ix));
    trouble_lines(&mut out, model, ix);
    out
}

/// Health, drain, breaker, load and speed.
fn health(out: &mut Vec<Line<'static>>, model: &Model, run: &RunState, row: &AgentRow) {
    let theme = model.settings.theme;
    let span = |span: Option<planning::time::Span>| {
        span.map_or_else(|| "-".into(), format::format_duration)
    };
    push_heading(out, theme, "health");
    let word = row.health.as_str().to_lowercase().replace('_', " ");
    out.push(Line::styled(format!("  {word}"), theme.agent_health(row.health)));
    let drain = match run.closed_gates().get(&Gate::Agent(row.ix)) {
        None => "takes work".to_owned(),
        Some(closed) => {
            let (by, age) = (
                format::sanitize(&closed.by),
                format::format_age(closed.since, model.displayed_moment()),
            );
            let left = match row.running {
                0 => "drained".to_owned(),
                n => format!("drains: {} left", format::count_noun(u64::from(n), "task")),
            };
            format!("paused by {by} {age} ago; {left}; CRITICAL tasks still start")
        }
    };
    let slots = match row.slots {
        u32::MAX => format!("{} in use, no limit", row.running),
        slots => format!("{} of {slots} in use", row.running),
    };
    let facts = [
        ("pause", drain),
        (
            "last reply",
            if row.answered == "-" { "none yet".into() } else { format!("{} ago", row.answered) },
        ),
        ("slots", slots),
        ("breaker", row.breaker.clone()),
        ("attempts", format!("{} completed, {} failed", row.done, row.failed)),
        ("median duration", span(row.p50)),
        ("95th percentile", span(row.p95)),
        ("last agent error", row.last_error.clone().unwrap_or_else(|| "none".into())),
    ];
    let wide = facts.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    let room = model.size.0.saturating_sub(8).max(20);
    for (label, value) in facts {
        for (i, part) in wrap(&format!("{label:wide$}  {value}"), room).into_iter().enumerate() {
            out.push(Line::raw(format!("{}{part}", if i == 0 { "  " } else { "      " })));
        }
    }
}

/// A task in a line: mark, name, attempt, age and what is said of it.
fn at_work(model: &Model, run: &RunState, ix: TaskIx) -> Line<'static> {
    let theme = model.settings.theme;
    let row = task_list::task_row(run, model.displayed_moment(), ix);
    let mark = format::state_glyph(row.state, theme.glyphs);
    let text =
        format!("  {mark} {}  {}  {}  {}  {}", row.id, row.attempt, row.age, row.next, row.note);
    Line::styled(text, theme.task_state(row.state))
}

/// Its last attempts, newest first, from the tasks' own histories.
fn calls(out: &mut Vec<Line<'static>>, model: &Model, (run, ix): (&RunState, AgentIx)) {
    let theme = model.settings.theme;
    let own = run.tasks().filter(|(task, _)| run.plan().task(*task).agent == ix);
    let attempts = own.flat_map(|(task, state)| state.history.iter().map(move |a| (a, task)));
    let mut calls: Vec<_> = attempts.collect();
    calls.sort_by_key(|(attempt, task)| (std::cmp::Reverse(attempt.ended_at), *task));
    push_heading(out, theme, "last calls");
    if calls.is_empty() {
        out.push(Line::raw("  none yet"));
    }
    for (attempt, task) in calls.into_iter().take(NEWEST) {
        let mark = format::state_glyph(attempt.ended_as, theme.glyphs);
        let text = format!(
            "  {} {mark} {}  {}  {}",
            format::format_time(attempt.ended_at),
            run.plan().task(task).id,
            format::format_age(attempt.started_at, attempt.ended_at),
            format::sanitize(&attempt.said),
        );
        out.push(Line::styled(text.trim_end().to_owned(), theme.task_state(attempt.ended_as)));
    }
}

/// Appends the agent's failures, breaker changes and pauses.
fn trouble_lines(out: &mut Vec<Line<'static>>, model: &Model, ix: AgentIx) {
    let theme = model.settings.theme;
    let of_agent = ["AGENT_ERROR", "BREAKER", "GATE"];
    let Some(run) = model.displayed_run() else { return };
    // Made into text only when it is about this agent and no task of its: most events are not.
    let own = model.displayed_events().all().rev().filter(|event| event.event.agent() == Some(ix));
    let lines: Vec<_> = own
        .map(|event| event_line::event_line(event, run.plan()))
        .filter(|line| of_agent.iter().any(|kind| line.kind.starts_with(kind)))
        .take(NEWEST)
        .map(|line| {
            let time = line.time.split('.').next().unwrap_or("");
            let style: Style = theme.severity(line.severity);
            Line::styled(format!("  {time} {} {}", line.kind, line.what), style)
        })
        .collect();
    if !lines.is_empty() {
        push_heading(out, theme, "failures, breaker, pauses");
        out.extend(lines);
    }
}
