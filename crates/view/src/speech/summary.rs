//! Status of a run as a paragraph to be read aloud.

use chrono::{DateTime, Utc};

use super::line::spell_out;
use crate::{
    agents, day,
    filter::Filter,
    format,
    task_list::{self, AttentionRank, SortKey},
    trading_state,
    why::state_reasons,
};
use engine::{
    AgentHealth, Gate, RunState, RunStatus, StageStatus, TaskState, TradingState,
    control::CommandVerb,
};
use planning::plan::TaskIx;

/// Returns how a run stands at `at`, in sentences. `key` tells which key gives an act,
/// a verb as the reasons name it, when one does.
#[must_use]
pub fn spoken_summary(
    run: &RunState,
    at: DateTime<Utc>,
    key: &dyn Fn(CommandVerb) -> Option<String>,
) -> String {
    let mut said = vec![stages(run)];
    if run.trading_status().state > TradingState::Active {
        let told = trading_state::trading_state_text(run).unwrap_or_default();
        let (state, orders) = (run.trading_status().state, trading_state::orders(run));
        let word = state.to_string().replace('_', " ");
        said.push(format!("Trading is {word} {}; {}.", spell_out(&told), orders.to_lowercase()));
    }
    if run.closed_gates().contains_key(&Gate::Engine) {
        said.push("The engine is paused: only CRITICAL tasks start.".into());
    } else if !run.closed_gates().is_empty() {
        let count = u64::try_from(run.closed_gates().len()).unwrap_or(u64::MAX);
        said.push(format!("{} closed by a pause.", are(count, "gate")));
    }
    said.push(counts(run));
    said.push(needs(run, at, key));
    let unseen = run.alerts().values().filter(|alert| alert.acked.is_none()).count();
    if unseen > 0 {
        let count = u64::try_from(unseen).unwrap_or(u64::MAX);
        said.push(format!("{} not acknowledged.", are(count, "alert")));
    }
    for row in agents::agents(run, at).into_iter().filter(|a| a.health != AgentHealth::Healthy) {
        let health = row.health.as_str().to_lowercase().replace('_', " ");
        said.push(format!("Agent {} is {health}.", row.id));
    }
    said.push(progress_sentence(run));
    said.retain(|sentence| !sentence.is_empty());
    said.join(" ")
}

/// `1 task is`, `3 tasks are`.
fn are(count: u64, noun: &str) -> String {
    format!("{} {}", format::count_noun(count, noun), if count == 1 { "is" } else { "are" })
}

fn stages(run: &RunState) -> String {
    match run.status() {
        RunStatus::Running => {}
        RunStatus::Completed(_) => return "The run has completed.".into(),
        RunStatus::Failed(why) => return format!("The run has failed: {}.", spell_out(why)),
        RunStatus::Cancelled => return "The run was cancelled by an operator.".into(),
    }
    let open = run.stages().filter(|(_, stage)| stage.status == StageStatus::Open);
    let open: Vec<_> = open
        .map(|(ix, stage)| {
            let planned = run.plan().stage(ix);
            let stuck = if stage.stuck_since.is_some() { ", and stuck" } else { "" };
            format!(
                "{} is open until {}{stuck}",
                planned.id,
                format::format_minute(planned.closes_at)
            )
        })
        .collect();
    if !open.is_empty() {
        return format!("{}.", open.join("; "));
    }
    let next = run.stages().filter(|(_, stage)| stage.status == StageStatus::Waiting);
    let next = next.map(|(ix, _)| run.plan().stage(ix)).min_by_key(|stage| stage.opens_at);
    match next {
        Some(stage) => {
            format!(
                "No stage is open; {} opens at {}.",
                stage.id,
                format::format_minute(stage.opens_at)
            )
        }
        None => "No stage is open.".into(),
    }
}

fn counts(run: &RunState) -> String {
    let told = [
        TaskState::Running,
        TaskState::Retrying,
        TaskState::Queued,
        TaskState::Cancelling,
        TaskState::Held,
        TaskState::UpstreamFailed,
    ];
    let parts = told.into_iter().filter(|&state| run.count_in_state(state) > 0).map(|state| {
        let word = if state == TaskState::UpstreamFailed {
            "blocked by a failure"
        } else if state == TaskState::Retrying {
            "waiting to be retried"
        } else {
            format::state_text(state)
        };
        format!("{} {word}", run.count_in_state(state))
    });
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() { String::new() } else { format!("{}.", parts.join(", ")) }
}

/// Most tasks that are told one by one.
const TOLD_MAX: usize = 3;

fn needs(run: &RunState, at: DateTime<Utc>, key: &dyn Fn(CommandVerb) -> Option<String>) -> String {
    let count = day::needs_person(run);
    if count == 0 {
        let stuck = run.stages().any(|(_, stage)| stage.stuck_since.is_some());
        let nobody = "No action needed.";
        return if stuck { "It needs an operator." } else { nobody }.into();
    }
    let sort = task_list::Sort { key: SortKey::Severity, reversed: false };
    let order = task_list::order(run, at, sort, &Filter::default());
    let pressing = order
        .into_iter()
        .take_while(|&ix| task_list::attention_rank(run, ix) == AttentionRank::NeedsOperator);
    let told: Vec<_> = pressing.take(TOLD_MAX).map(|ix| task_sentence(run, ix, at, key)).collect();
    let more = u64::from(count).saturating_sub(u64::try_from(told.len()).unwrap_or(0));
    let head = if count == 1 {
        "1 task needs an operator".into()
    } else {
        format!("{count} tasks need an operator")
    };
    let tail = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{head}: {}{tail}.", told.join("; "))
}

fn task_sentence(
    run: &RunState,
    ix: TaskIx,
    at: DateTime<Utc>,
    key: &dyn Fn(CommandVerb) -> Option<String>,
) -> String {
    let (id, state) = (&run.plan().task(ix).id, run.task(ix).state);
    let reason = state_reasons(run, ix, at).into_iter().next();
    let text = reason.as_ref().map(|why| format!(", {}", spell_out(&why.text))).unwrap_or_default();
    let help = reason.and_then(|why| why.verb).map(|verb| match key(verb) {
        Some(key) => format!("; press {key} to {verb}"),
        None => format!("; fix: {verb}"),
    });
    let state = if state == TaskState::Running {
        format!("{id} needs approval")
    } else if matches!(state, TaskState::Failed | TaskState::Timeout) {
        format!("{id} {}", format::state_text(state))
    } else {
        format!("{id} is {}", format::state_text(state))
    };
    format!("{state}{text}{}", help.unwrap_or_default())
}

fn progress_sentence(run: &RunState) -> String {
    let done = run.count_in_state(TaskState::Completed) + run.count_in_state(TaskState::Skipped);
    format!(
        "{done} of {} completed or skipped.",
        format::count_noun(u64::try_from(run.plan().tasks.len()).unwrap_or(u64::MAX), "task")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{Command, PauseMode};
    use testkit::sample::{self, SampleRun, exchange_time, task};

    fn keys(verb: CommandVerb) -> Option<String> {
        (verb == CommandVerb::Retry).then(|| "r".to_owned())
    }

    #[test]
    fn a_paragraph_tells_what_goes_on_and_what_is_asked_of_whom() {
        let day = sample::every_state();
        insta::assert_snapshot!(spoken_summary(day.run(), exchange_time("10:42:07"), &keys), @"intraday is open until 15:00. 1 running, 1 waiting to be retried, 1 queued, 1 cancelling, 1 held, 1 blocked by a failure. 3 tasks need an operator: t_in_doubt is in doubt, outcome unknown: no word from the broker; fix: resolve; t_failed failed, no such symbol (bad input); press r to retry; t_timeout timed out, took longer than 3m; press r to retry. 3 alerts are not acknowledged. Agent portfolio_manager is degraded. 2 of 14 tasks completed or skipped.");
        assert!(spoken_summary(day.run(), exchange_time("10:42:07"), &keys).is_ascii());
    }

    #[test]
    fn a_quiet_and_a_paused_day_say_so() {
        let mut day = SampleRun::start(sample::sample_plan(vec![task("a", 2)]), "05:30");
        assert_eq!(
            spoken_summary(day.run(), exchange_time("05:30"), &keys),
            "No stage is open; pre_market opens at 06:00. No action needed. 0 of 1 task completed or skipped."
        );
        let pause = Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None };
        day.order("10:31", pause, "stop");
        let told = spoken_summary(day.run(), exchange_time("10:31"), &keys);
        assert!(told.contains("The engine is paused: only CRITICAL tasks start."), "{told}");
    }
}
