//! The log of the attempt whose task is open, and the processes of own agents, read from the state folder: of a run in this process or in
//! another one.

use std::path::{Path, PathBuf};

use crate::host::agent_status::{ProcessRow, read_processes};
use planning::plan::TaskIx;
use store::{AttemptLogLine, AttemptLogs};
use tui::{Model, Msg, Screen, log_line::AttemptLogText};
use view::format;

/// Lines shown of a log; `bellwether logs` prints all.
const LINES_MAX: usize = 500;

/// Follows the log of the open task.
#[derive(Debug)]
pub(super) struct AttemptLogFollower {
    logs: AttemptLogs,
    /// Task, attempt and size of the log that the console was told last.
    told: Option<(TaskIx, u32, u64)>,
    state: PathBuf,
    /// The processes of own agents that the console was told last.
    processes: Vec<ProcessRow>,
}

impl AttemptLogFollower {
    pub(super) fn new(state: &Path) -> Self {
        let (logs, state) = (AttemptLogs::in_folder(state), state.to_owned());
        Self { logs, told: None, state, processes: Vec::new() }
    }

    /// Returns the log of the open task, or the processes of own agents where an agent is open, if they
    /// have changed.
    pub(super) fn news(&mut self, model: &Model) -> Option<Msg> {
        if let Screen::Agent(_) = model.screen() {
            let rows = read_processes(&self.state);
            let changed = rows != self.processes;
            self.processes.clone_from(&rows);
            return changed.then(|| Msg::OwnAgents(rows.iter().map(ProcessRow::to_text).collect()));
        }
        let (Screen::Task(task), Some(run)) = (model.screen(), model.displayed_run()) else {
            return None;
        };
        let (name, id) = (run.plan().run.as_str(), run.plan().task(task).id.as_str());
        let attempt = run.task(task).attempt;
        let size = self.logs.size(name, id, attempt);
        if size == 0 || self.told == Some((task, attempt, size)) {
            return None;
        }
        // A log that cannot be read is not shown; the command that prints it says why.
        let lines = self.logs.read(name, id, attempt).ok()?;
        self.told = Some((task, attempt, size));
        let from = lines.len().saturating_sub(LINES_MAX);
        let lines = lines.iter().skip(from).map(line_text).collect();
        Some(Msg::AttemptLog(AttemptLogText { task, attempt, lines }))
    }
}

fn line_text(line: &AttemptLogLine) -> String {
    let level = match line.level.as_str() {
        "" => String::new(),
        level => format!("{} ", format::sanitize(level)),
    };
    let text = format::sanitize(&line.text);
    format!("{} {:<8} {level}{text}", format::format_time(line.at), line.kind.as_str())
}
