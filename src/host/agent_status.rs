//! The status of own agents' processes, in a file of the state folder for consoles of any process.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use agents::{ProcessState, ProcessStatus, StartedAgents};

/// The file, inside the state folder.
const FILE: &str = "agents/status.json";
/// Time between two looks at the processes.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The process of an own agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProcessRow {
    name: String,
    /// The agents of the workflow whose tasks it does.
    agents: Vec<String>,
    /// `running`, `not running` or `crash loop`.
    state: String,
    pid: Option<u32>,
    restarts: u32,
    version: Option<String>,
    latency_us: Option<u64>,
    pings_missed: u32,
    last_error: Option<String>,
}

impl ProcessRow {
    fn new(name: String, agents: Vec<String>, status: ProcessStatus) -> Self {
        let (state, pid) = match status.state {
            ProcessState::Stopped => ("not running", None),
            ProcessState::Running { pid } => ("running", Some(pid)),
            ProcessState::CrashLoop => ("crash loop", None),
        };
        Self {
            name,
            agents,
            state: state.into(),
            pid,
            restarts: status.restarts,
            version: status.version,
            latency_us: status.latency.and_then(|it| u64::try_from(it.as_micros()).ok()),
            pings_missed: status.pings_missed,
            last_error: status.last_error,
        }
    }

    /// Returns the row as the console shows it.
    #[cfg(feature = "tui")]
    pub(crate) fn to_text(&self) -> tui::log_line::OwnAgentText {
        use view::format::sanitize;

        let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".into());
        let health = match (self.state.as_str(), self.pings_missed) {
            ("running", 0) => "answers".to_owned(),
            ("running", missed) => format!("left {missed} pings unanswered"),
            (other, _) => sanitize(other).into_owned(),
        };
        let latency = self.latency_us.map(|us| format!("{}.{} ms", us / 1_000, us % 1_000 / 100));
        let version = self.version.as_deref().map(|version| sanitize(version).into_owned());
        let error = self.last_error.as_deref().map(|line| sanitize(line).into_owned());
        tui::log_line::OwnAgentText {
            agents: self.agents.clone(),
            facts: vec![
                ("own agent", sanitize(&self.name).into_owned()),
                ("health", health),
                ("process id", or_none(self.pid.map(|pid| pid.to_string()))),
                ("restarts", self.restarts.to_string()),
                ("version", or_none(version)),
                ("last ping", or_none(latency)),
                ("last line of stderr", or_none(error)),
            ],
        }
    }
}

/// Writes the status of own agents until it is dropped; then the file goes away.
#[derive(Debug)]
pub(crate) struct StatusWriter {
    writing: JoinHandle<()>,
    path: PathBuf,
}

impl StatusWriter {
    /// Starts writing; `None` without own agents. Must be called inside a runtime.
    pub(crate) fn start(agents: &StartedAgents, state: &Path) -> Option<Self> {
        agents.iter().next()?;
        let path = state.join(FILE);
        let (agents, file) = (agents.clone(), path.clone());
        let writing = tokio::spawn(async move {
            let (mut written, mut looks) = (Vec::new(), tokio::time::interval(LOOK_EVERY));
            loop {
                looks.tick().await;
                let rows = rows(&agents);
                if rows != written && write(&file, &rows).is_ok() {
                    // A file that cannot be written is tried again: no run depends on it.
                    written = rows;
                }
            }
        });
        Some(Self { writing, path })
    }
}

impl Drop for StatusWriter {
    fn drop(&mut self) {
        self.writing.abort();
        // It may never have been written.
        let _ = fs::remove_file(&self.path);
    }
}

fn rows(agents: &StartedAgents) -> Vec<ProcessRow> {
    let rows = agents.iter().map(|(declared, process)| {
        let served = declared.serves.iter().map(|route| route.agent.to_string());
        let mut names: Vec<_> = served.chain([declared.id.to_string()]).collect();
        names.sort();
        names.dedup();
        ProcessRow::new(declared.id.to_string(), names, process.status())
    });
    rows.collect()
}

fn write(path: &Path, rows: &[ProcessRow]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension("new");
    fs::write(&new, serde_json::to_vec(rows)?)?;
    fs::rename(new, path)
}

/// Reads the processes of own agents; none if no run writes them.
#[cfg(feature = "tui")]
pub(crate) fn read_processes(state: &Path) -> Vec<ProcessRow> {
    let text = fs::read(state.join(FILE)).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

#[cfg(all(test, feature = "tui"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_shown_with_its_health_and_its_last_words_made_safe() {
        let folder = tempfile::tempdir().unwrap();
        let mut status = ProcessStatus::default();
        status.state = ProcessState::Running { pid: 7 };
        status.restarts = 2;
        status.version = Some("1.0".into());
        status.latency = Some(Duration::from_micros(1_250));
        status.last_error = Some("\u{1b}[2Jslow".into());
        let row = ProcessRow::new("mine".into(), vec!["senior_analyst".into()], status);
        write(&folder.path().join(FILE), std::slice::from_ref(&row)).unwrap();
        let read = read_processes(folder.path());
        assert_eq!(read, [row]);
        let facts = read[0].to_text().facts.into_iter();
        let values: Vec<_> = facts.map(|(_, value)| value).collect();
        assert_eq!(values, ["mine", "answers", "7", "2", "1.0", "1.2 ms", "slow"]);
        assert!(read_processes(Path::new("/nowhere")).is_empty());
    }
}
