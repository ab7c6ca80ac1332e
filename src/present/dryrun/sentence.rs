//! Reasons, warnings and critical chains of a dry run, each in one sentence.

use chrono::{DateTime, Utc};

use crate::{
    forecast::{Absent, Driver, DryStage, Warning, Why},
    present::words,
    time::Span,
};

/// A moment on the exchange's clock, with seconds.
pub(super) fn clock(at: DateTime<Utc>) -> String {
    words::local(at).format("%H:%M:%S").to_string()
}

/// `28m45s`, `3h28m`, `-5m10s`; whole seconds, rounded down.
pub(super) fn slack(ms: i64) -> String {
    let (sign, s) = if ms < 0 { ("-", -ms.div_euclid(1_000)) } else { ("", ms / 1_000) };
    let span = Span::secs(s.unsigned_abs());
    let minutes = Span::mins(span.as_secs() / 60);
    let shown = if span < Span::mins(60) { span } else { minutes };
    format!("{sign}{shown}")
}

/// What decided a start: `window`, `after collect_data`.
pub(super) fn driver(driver: &Driver) -> String {
    match driver {
        Driver::Start => "at once".into(),
        Driver::Window => "window".into(),
        Driver::Dependency(on) => format!("after {on}"),
        Driver::AgentSlots => "agent slot".into(),
        Driver::GlobalSlots => "engine slot".into(),
    }
}

/// Why a task does not run.
pub(super) fn why(absent: &Absent) -> String {
    match &absent.why {
        Why::Closed { day } => day.clone(),
        Why::Removed { because, origin } => format!("removed: {because} [{origin}]"),
        Why::Condition { condition } => format!("runs only if {condition}; taken not to hold"),
        Why::Upstream { on } => format!("needs {on}, which is not done"),
        Why::StartedLate { closed_at } => {
            format!("the start is late: its window closed at {}", clock(*closed_at))
        }
        Why::WindowCloses { closes_at, waits_for: Some(on) } => {
            format!("its window closes at {} while it waits for {on}", clock(*closes_at))
        }
        Why::WindowCloses { closes_at, waits_for: None } => {
            format!("its window closes at {} before it starts", clock(*closes_at))
        }
        Why::Stale { on, valid_for } => {
            format!("the result of {on} is good for {valid_for} and too old by then")
        }
        Why::TimedOut { estimate, timeout } => {
            format!("takes {estimate}, and an attempt may take {timeout}")
        }
        Why::CalledOff => "called off as its stage closes".into(),
        Why::NoSlot => "no slot becomes free for it".into(),
    }
}

/// A warning.
pub(super) fn warning(warning: &Warning) -> String {
    match warning {
        Warning::DeadlineMissed { task, deadline, end } => {
            let over = words::age(*deadline, *end);
            format!("{task} ends {}, {over} after its deadline {}", clock(*end), clock(*deadline))
        }
        Warning::NotDone { task, state } => {
            format!("{task} is required and not done ({})", words::lower(*state))
        }
        Warning::WindowTooSmall { task, estimate, room } => {
            format!("{task} takes {estimate} and has {room} from its window to its deadline")
        }
        Warning::TimeoutTooShort { task, estimate, timeout } => {
            format!("{task} takes {estimate}, and an attempt may take {timeout}")
        }
        Warning::LoopOverruns { task, estimate, every } => {
            format!("a round of {task} takes {estimate}, and one is due every {every}")
        }
        Warning::IdleAgent { agent } => format!("{agent} has nothing to do"),
    }
}

/// `pre_market: collect_data (window) -> market_analysis -> deep_dive; tightest gap_scan`.
pub(super) fn chain(stage: &DryStage) -> String {
    let link = |(place, link): (usize, &crate::forecast::Link)| match &link.driver {
        Driver::Dependency(_) if place > 0 => link.task.to_string(),
        other => format!("{} ({})", link.task, driver(other)),
    };
    let links: Vec<_> = stage.critical_chain.iter().enumerate().map(link).collect();
    let links = if links.is_empty() { "nothing runs".into() } else { links.join(" -> ") };
    let tightest = stage.tightest.as_ref();
    let tightest = tightest.map_or_else(String::new, |task| format!("; least slack: {task}"));
    format!("{}: {links}{tightest}", stage.stage)
}
