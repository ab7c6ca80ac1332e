//! The tables of a dry run: every task that runs, stage by stage, and the work of every agent.

use chrono::{DateTime, Utc};

use super::{
    page::PageStyle,
    sentence::{format_slack, short_clock, start_cause_text, time_with_seconds},
};
use crate::{
    format,
    page::{TextPage, truncate},
};
use engine::forecast::{DryRunAgent, DryRunReport, DryRunStage, DryRunTask};
use planning::time::Span;

/// Room for a task's name.
const TASK: usize = 20;
/// From this width on the names of agents are whole.
const ROOMY: usize = 100;

/// Room for an agent's name.
const fn agent_room(sheet: PageStyle) -> usize {
    if sheet.width >= ROOMY { 19 } else { 11 }
}

/// Every task that runs.
pub(super) fn tasks(day: &DryRunReport, sheet: PageStyle, page: &mut TextPage) {
    page.heading("what runs (* on the critical chain of its stage)");
    let agent = agent_room(sheet);
    page.row(&format!(
        "  {:<TASK$} {:<agent$} {:<8} {:<8} {:>7} starts",
        "task", "agent", "start", "end", "slack"
    ));
    for stage in &day.stages {
        page.text(0, &stage_words(stage));
        for task in day.tasks.iter().filter(|task| task.stage == stage.stage) {
            if let Some((start, end)) = task.start.zip(task.end) {
                page.row(&task_row(task, (start, end), agent));
            }
        }
    }
}

/// `pre_market 06:00–09:30: completed 14 of 14, work ends 09:15:15`.
fn stage_words(stage: &DryRunStage) -> String {
    let DryRunStage { opens_at, closes_at, done: (done, all), .. } = stage;
    let status = stage.status.as_str().to_lowercase().replace('_', " ");
    let mut text = format!(
        "{} {}–{}: {status} {done} of {all}",
        stage.stage,
        short_clock(*opens_at),
        short_clock(*closes_at)
    );
    let work = stage.work_ends_at.map(|end| format!(", work ends {}", time_with_seconds(end)));
    let loops = stage.ends_at.filter(|end| stage.work_ends_at != Some(*end));
    let loops = loops.map(|end| format!(", loops {}", time_with_seconds(end)));
    text.extend(work.into_iter().chain(loops));
    text
}

fn task_row(
    task: &DryRunTask,
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    room: usize,
) -> String {
    let mark = if task.critical { '*' } else { ' ' };
    let (name, agent) = (truncate(task.task.as_str(), TASK), truncate(task.agent.as_str(), room));
    let slack = match task.slack_ms {
        Some(ms) => format_slack(ms),
        None => "loop".into(),
    };
    let late = if task.misses_deadline() { "LATE; " } else { "" };
    let starts = task.driver.as_ref().map_or_else(String::new, start_cause_text);
    let rounds = u64::try_from(task.rounds).unwrap_or(u64::MAX);
    let more = match &task.assumed {
        Some(condition) => format!(", if {condition}"),
        None if task.every.is_some() => format!(", {}", format::count_noun(rounds, "round")),
        None if rounds > 1 => format!(", {}", format::count_noun(rounds, "attempt")),
        None => String::new(),
    };
    let (start, end) = (time_with_seconds(start), time_with_seconds(end));
    format!("{mark} {name:<TASK$} {agent:<room$} {start} {end} {slack:>7} {late}{starts}{more}")
}

/// Writes the table of agent usage.
pub(super) fn agents(day: &DryRunReport, page: &mut TextPage) {
    page.heading("agents");
    let columns = ["slots", "runs", "busy", "used", "at once"];
    let [slots, runs, busy, used, peak] = columns;
    page.row(&format!("  {:<20} {slots:>5} {runs:>6} {busy:>9} {used:>6} {peak:>8}", "agent"));
    for agent in &day.agents {
        page.row(&agent_row(agent));
    }
    page.text(2, &format!("{} at most at once in all", day.peak));
}

fn agent_row(agent: &DryRunAgent) -> String {
    let name = truncate(agent.agent.as_str(), 20);
    let slots = agent.slots.map_or_else(|| "-".into(), |slots| slots.to_string());
    let busy = format::format_duration(Span::millis(agent.busy_ms));
    let used = agent.utilisation.map_or_else(|| "-".into(), |used| format!("{:.1}%", used * 100.0));
    let (runs, peak) = (agent.runs, agent.peak);
    format!("  {name:<20} {slots:>5} {runs:>6} {busy:>9} {used:>6} {peak:>8}")
}
