//! What of the run is shown where the console is not looked at: the window's title and its bar.

use super::Model;
use engine::{RunState, StageStatus, TaskState};
use view::{day, format};

/// What the window is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WindowStatus {
    /// What needs a person, where the day is, and its mode: `x1 ~2 intraday LIVE`.
    pub title: String,
    /// The number of of a hundred tasks are over; `None` without a run and after its end.
    pub progress: Option<u8>,
}

/// What needs a person first, what may need one last.
const TOLD: [TaskState; 6] = [
    TaskState::Failed,
    TaskState::Timeout,
    TaskState::InDoubt,
    TaskState::Missed,
    TaskState::UpstreamFailed,
    TaskState::Retrying,
];

/// Returns what the window is told of the model now.
#[must_use]
pub fn window_status(model: &Model) -> WindowStatus {
    let Some(run) = model.run() else {
        return WindowStatus { title: "bellwether".into(), progress: None };
    };
    let glyphs = model.settings.theme.glyphs;
    let told = TOLD.iter().filter(|&&state| run.count_in_state(state) > 0);
    let mut parts: Vec<_> = told
        .map(|&state| {
            format!("{}{}", format::state_glyph(state, glyphs), run.count_in_state(state))
        })
        .collect();
    let open = run.stages().filter(|(_, stage)| stage.status == StageStatus::Open);
    parts.extend(open.map(|(ix, _)| run.plan().stage(ix).id.to_string()));
    if run.has_ended() {
        parts.push(day::run_status(run.status()).to_lowercase().replace('_', " "));
    }
    parts.push(run.plan().mode.as_str().into());
    WindowStatus { title: parts.join(" "), progress: progress(run) }
}

fn progress(run: &RunState) -> Option<u8> {
    let over: u32 =
        TaskState::ALL.iter().filter(|s| s.is_terminal()).map(|s| run.count_in_state(*s)).sum();
    let all: u32 = run.state_counts().iter().sum();
    let percent = u64::from(over) * 100 / u64::from(all.max(1));
    (!run.has_ended()).then(|| u8::try_from(percent).unwrap_or(100))
}
