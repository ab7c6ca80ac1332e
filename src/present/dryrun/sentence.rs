//! Reasons, warnings and critical chains of a dry run, each in one sentence.

use chrono::{DateTime, Utc};

use crate::{
    forecast::{Driver, DryDay, DryStage, Link, Warning, Why},
    present::words,
    time::Span,
};

/// A moment on the exchange's clock, with seconds.
pub(super) fn clock(at: DateTime<Utc>) -> String {
    words::local(at).format("%H:%M:%S").to_string()
}

/// A moment on the exchange's clock, seconds only where there are some.
pub(super) fn short_clock(at: DateTime<Utc>) -> String {
    let text = clock(at);
    text.strip_suffix(":00").map(Into::into).unwrap_or(text)
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

/// Why a task does not run, and in brackets after its name what of that is its own.
pub(super) fn why(why: &Why) -> (String, Option<String>) {
    let alike = |text: String| (text, None);
    let each = |text: &str, own: String| (text.to_owned(), Some(own));
    match why {
        Why::Closed { day } => alike(day.clone()),
        Why::Removed { because, origin } => alike(format!("removed: {because} [{origin}]")),
        Why::Condition { condition } => {
            alike(format!("runs only if {condition}; taken not to hold"))
        }
        Why::Upstream { on } => each("what it needs, in brackets, is not done", on.to_string()),
        Why::StartedLate { closed_at } => {
            each("the start is late: its window has closed", short_clock(*closed_at))
        }
        Why::WindowCloses { closes_at, waits_for } => {
            let on = waits_for.as_ref().map_or_else(String::new, |on| format!(", needs {on}"));
            each("its window closes while it waits", format!("{}{on}", short_clock(*closes_at)))
        }
        Why::Stale { on, valid_for } => {
            alike(format!("the result of {on} is good for {valid_for} and too old by then"))
        }
        Why::TimedOut { estimate, timeout } => {
            alike(format!("takes {estimate}, and an attempt may take {timeout}"))
        }
        Why::CalledOff => alike("called off as its stage closes".into()),
        Why::NoSlot => alike("no slot becomes free for it".into()),
    }
}

/// All warnings; tasks that are not done are counted, since the reasons stand with their names.
pub(super) fn warnings(day: &DryDay) -> Vec<String> {
    let not_done = |w: &&Warning| matches!(w, Warning::NotDone { .. });
    let count = day.warnings.iter().filter(not_done).count();
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let first = (count > 0).then(|| {
        let (tasks, are) =
            (words::plural(count, "required task"), if count == 1 { "is" } else { "are" });
        format!("{tasks} {are} not done: see what does not run")
    });
    let others = day.warnings.iter().filter(|w| !not_done(w)).map(warning);
    first.into_iter().chain(others).collect()
}

/// A warning.
fn warning(warning: &Warning) -> String {
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

/// `pre_market: gap_scan (window); least slack: gap_scan`.
pub(super) fn critical(stage: &DryStage) -> String {
    let links = if stage.critical_chain.is_empty() {
        "nothing runs".into()
    } else {
        chain(&stage.critical_chain)
    };
    let tightest = stage.tightest.as_ref();
    let tightest = tightest.map_or_else(String::new, |task| format!("; least slack: {task}"));
    format!("{}: {links}{tightest}", stage.stage)
}

/// `3m30s of work: collect_data (window) -> market_analysis -> deep_dive`, unless it is one task or
/// the critical chain itself.
pub(super) fn longest(stage: &DryStage) -> Option<String> {
    let tells = stage.longest_chain.len() > 1 && stage.longest_chain != stage.critical_chain;
    let length = Span::millis(stage.longest_ms);
    tells.then(|| format!("most work, {length}: {}", chain(&stage.longest_chain)))
}

/// Why the first starts, then who follows whom; a start that waited for a slot says so.
fn chain(links: &[Link]) -> String {
    let link = |(place, link): (usize, &Link)| match &link.driver {
        Driver::Dependency(_) if place > 0 => link.task.to_string(),
        Driver::Start
        | Driver::Window
        | Driver::Dependency(_)
        | Driver::AgentSlots
        | Driver::GlobalSlots => format!("{} ({})", link.task, driver(&link.driver)),
    };
    links.iter().enumerate().map(link).collect::<Vec<_>>().join(" -> ")
}
