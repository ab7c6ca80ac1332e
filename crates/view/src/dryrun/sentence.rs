//! Reasons, warnings and critical chains of a dry run, each in one sentence.

use chrono::{DateTime, Utc};

use crate::format;
use engine::forecast::{
    ChainLink, DryRunReport, DryRunStage, DryRunWarning, NotRunReason, StartCause,
};
use planning::time::Span;

/// A moment on the exchange's clock, with seconds.
pub(super) fn time_with_seconds(at: DateTime<Utc>) -> String {
    format::local_time(at).format("%H:%M:%S").to_string()
}

/// A moment on the exchange's clock, seconds only where there are some.
pub(super) fn short_clock(at: DateTime<Utc>) -> String {
    let text = time_with_seconds(at);
    text.strip_suffix(":00").map(Into::into).unwrap_or(text)
}

/// `28m45s`, `3h28m`, `-5m10s`; whole seconds, rounded down.
pub(super) fn format_slack(ms: i64) -> String {
    let (sign, s) = if ms < 0 { ("-", -ms.div_euclid(1_000)) } else { ("", ms / 1_000) };
    let span = Span::secs(s.unsigned_abs());
    let minutes = Span::mins(span.as_secs() / 60);
    let shown = if span < Span::mins(60) { span } else { minutes };
    format!("{sign}{shown}")
}

/// Returns what decided a start: `window`, `after collect_data`.
pub(super) fn start_cause_text(driver: &StartCause) -> String {
    match driver {
        StartCause::Start => "at once".into(),
        StartCause::Window => "window".into(),
        StartCause::Dependency(on) => format!("after {on}"),
        StartCause::AgentSlots => "agent slot".into(),
        StartCause::GlobalSlots => "engine slot".into(),
    }
}

/// Returns why a task does not run, and in brackets after its name what of that is its own.
pub(super) fn not_run_text(why: &NotRunReason) -> (String, Option<String>) {
    let alike = |text: String| (text, None);
    let each = |text: &str, own: String| (text.to_owned(), Some(own));
    match why {
        NotRunReason::Closed { day } => alike(day.clone()),
        NotRunReason::Removed { because, origin } => {
            alike(format!("removed: {because} [{origin}]"))
        }
        NotRunReason::Condition { condition } => {
            alike(format!("runs only if {condition}; assumed false"))
        }
        NotRunReason::OnDemand => alike("runs only when an operator asks for it".to_owned()),
        NotRunReason::Upstream { on } => {
            each("the dependency in brackets does not complete", on.to_string())
        }
        NotRunReason::StartedLate { closed_at } => {
            each("late start: its window has closed", short_clock(*closed_at))
        }
        NotRunReason::WindowCloses { closes_at, waits_for } => {
            let on = waits_for.as_ref().map_or_else(String::new, |on| format!(", needs {on}"));
            each("its window closes while it waits", format!("{}{on}", short_clock(*closes_at)))
        }
        NotRunReason::Stale { on, valid_for } => {
            alike(format!("the result of {on} is valid for {valid_for} and stale by then"))
        }
        NotRunReason::TimedOut { estimate, timeout } => {
            alike(format!("takes {estimate}, and an attempt may take {timeout}"))
        }
        NotRunReason::Cancelled => alike("cancelled when its stage closes".into()),
        NotRunReason::NoSlot => alike("no slot becomes free for it".into()),
        NotRunReason::GateClosed => alike("a pause or an open circuit breaker keeps it".into()),
        NotRunReason::Ended { at } => each("has ended", time_with_seconds(*at)),
    }
}

/// All warnings; tasks that are not done are counted, since the reasons stand with their names.
pub(super) fn warning_lines(day: &DryRunReport) -> Vec<String> {
    let not_done = |w: &&DryRunWarning| matches!(w, DryRunWarning::TaskNotRun { .. });
    let count = day.warnings.iter().filter(not_done).count();
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let first = (count > 0).then(|| {
        let (tasks, are) =
            (format::count_noun(count, "required task"), if count == 1 { "is" } else { "are" });
        format!("{tasks} {are} not run: see the list of reasons")
    });
    let others = day.warnings.iter().filter(|w| !not_done(w)).map(warning);
    first.into_iter().chain(others).collect()
}

/// A warning.
fn warning(warning: &DryRunWarning) -> String {
    match warning {
        DryRunWarning::DeadlineMissed { task, deadline, end } => {
            let over = format::format_age(*deadline, *end);
            format!(
                "{task} ends {}, {over} after its deadline {}",
                time_with_seconds(*end),
                time_with_seconds(*deadline)
            )
        }
        DryRunWarning::TaskNotRun { task, state } => {
            format!("{task} is required but does not run ({})", format::state_text(*state))
        }
        DryRunWarning::WindowTooSmall { task, estimate, room } => {
            format!("{task} takes {estimate} and has {room} from its window to its deadline")
        }
        DryRunWarning::TimeoutTooShort { task, estimate, timeout } => {
            format!("{task} takes {estimate}, and an attempt may take {timeout}")
        }
        DryRunWarning::MonitorOverruns { task, estimate, every } => {
            format!("a round of {task} takes {estimate}, and one is due every {every}")
        }
        DryRunWarning::IdleAgent { agent } => format!("{agent} has no tasks"),
    }
}

/// `pre_market: gap_scan (window); least slack: gap_scan`.
pub(super) fn critical_chain_text(stage: &DryRunStage) -> String {
    let links = if stage.critical_chain.is_empty() {
        "no task runs".into()
    } else {
        chain(&stage.critical_chain)
    };
    let tightest = stage.tightest.as_ref();
    let tightest = tightest.map_or_else(String::new, |task| format!("; least slack: {task}"));
    format!("{}: {links}{tightest}", stage.stage)
}

/// `3m30s of work: collect_data (window) -> market_analysis -> deep_dive`, unless it is one task or
/// the critical chain itself.
pub(super) fn longest_chain_text(stage: &DryRunStage) -> Option<String> {
    let tells = stage.longest_chain.len() > 1 && stage.longest_chain != stage.critical_chain;
    let length = Span::millis(stage.longest_ms);
    tells.then(|| format!("most work, {length}: {}", chain(&stage.longest_chain)))
}

/// Returns why the first starts, then who follows whom; a start that waited for a slot says so.
fn chain(links: &[ChainLink]) -> String {
    let link = |(place, link): (usize, &ChainLink)| match &link.driver {
        StartCause::Dependency(_) if place > 0 => link.task.to_string(),
        StartCause::Start
        | StartCause::Window
        | StartCause::Dependency(_)
        | StartCause::AgentSlots
        | StartCause::GlobalSlots => format!("{} ({})", link.task, start_cause_text(&link.driver)),
    };
    links.iter().enumerate().map(link).collect::<Vec<_>>().join(" -> ")
}
