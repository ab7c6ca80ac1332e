//! A running child process: its pipes, its error output and its end.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop, ProcessSession};
use tokio::{
    io::{AsyncWriteExt as _, BufReader},
    process::{ChildStderr, ChildStdin, ChildStdout},
    sync::mpsc,
    task::JoinSet,
};

use super::{
    ProcessCommand,
    lines::{ProcessLine, next_line},
    secrets::Secrets,
};
use crate::protocol::LINE_MAX;
use engine::port::{AttemptNote, AttemptNotes};

/// Longest wait for the exit status of a process that has closed its output.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// Lines of error output that are kept.
const LOG_LINES: usize = 2_000;
/// Longest line of error output.
const LOG_LINE_MAX: usize = 4_096;
/// Lines of standard output that wait to be handled.
const OUTPUT_LINES: usize = 64;
/// Lines of error output that a message repeats.
const TAIL: usize = 3;

/// Error output of a process, the last lines of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ErrorOutput(Arc<Mutex<ErrorLines>>);

#[derive(Debug, Default)]
struct ErrorLines {
    last: VecDeque<String>,
    /// The attempts under way, by the id of their requests: what the process says belongs to each.
    followers: BTreeMap<u64, AttemptNotes>,
}

impl ErrorOutput {
    fn lines(&self) -> MutexGuard<'_, ErrorLines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, line: String) {
        let mut lines = self.lines();
        for notes in lines.followers.values() {
            notes.add(AttemptNote::ErrorOutput(line.clone()));
        }
        if lines.last.len() == LOG_LINES {
            lines.last.pop_front();
        }
        lines.last.push_back(line);
    }

    /// Passes lines to the attempt of a request from now on.
    pub(crate) fn follow(&self, id: u64, notes: AttemptNotes) {
        self.lines().followers.insert(id, notes);
    }

    /// Passes no more lines to attempts whose request is not open.
    pub(crate) fn retain_followers(&self, is_open: impl Fn(u64) -> bool) {
        self.lines().followers.retain(|&id, _| is_open(id));
    }

    /// Passes a stray line of the standard output to the attempts under way.
    pub(crate) fn add_stray(&self, line: &str) {
        for notes in self.lines().followers.values() {
            notes.add(AttemptNote::Stray(line.to_owned()));
        }
    }

    /// Returns the last lines, for a message.
    pub(crate) fn tail(&self) -> String {
        let lines = self.lines();
        let from = lines.last.len().saturating_sub(TAIL);
        lines.last.iter().skip(from).map(String::as_str).collect::<Vec<_>>().join(" | ")
    }

    /// Returns the last line.
    pub(crate) fn last_line(&self) -> Option<String> {
        self.lines().last.back().cloned()
    }
}

/// The end of a process.
#[derive(Debug)]
pub(crate) struct ProcessEnd {
    pub(crate) status: Option<ExitStatus>,
    /// Whether it had to be killed: it had closed its output and gone on.
    pub(crate) killed: bool,
}

/// A child process in a session of its own, so that it has no terminal and its children end with it.
#[derive(Debug)]
pub(crate) struct AgentChild {
    child: Box<dyn ChildWrapper>,
    /// Lines for its standard input; `None` once that is closed.
    input: Option<mpsc::UnboundedSender<String>>,
    output: mpsc::Receiver<ProcessLine>,
    pub(crate) errors: ErrorOutput,
    pipes: JoinSet<()>,
    pub(crate) pid: u32,
}

impl AgentChild {
    /// Starts the process.
    pub(crate) fn spawn(command: &ProcessCommand) -> io::Result<Self> {
        let Some((program, arguments)) = command.words.split_first() else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the command is empty"));
        };
        let mut wrapped = CommandWrap::with_new(program, |process| {
            process
                .args(arguments)
                .current_dir(&command.folder)
                .env_clear()
                .envs(command.environment.iter().map(|(name, value)| (name, value)))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
        });
        let mut child = wrapped.wrap(ProcessSession).wrap(KillOnDrop).spawn()?;
        let missing = || io::Error::other("the process has no pipes");
        let stdin = child.stdin().take().ok_or_else(missing)?;
        let stdout = child.stdout().take().ok_or_else(missing)?;
        let stderr = child.stderr().take().ok_or_else(missing)?;
        let errors = ErrorOutput::default();
        // Each pipe has a task of its own: an agent that does not read must not keep the others waiting.
        let (input, lines) = mpsc::unbounded_channel();
        let (heard, output) = mpsc::channel(OUTPUT_LINES);
        let mut pipes = JoinSet::new();
        pipes.spawn(write_lines(stdin, lines));
        pipes.spawn(read_lines(stdout, heard));
        pipes.spawn(read_errors(stderr, errors.clone(), command.secrets(), command.agent.clone()));
        let pid = child.id().unwrap_or_default();
        Ok(Self { child, input: Some(input), output, errors, pipes, pid })
    }

    /// Queues a line for the process. Its end, not this call, tells that it no longer reads.
    pub(crate) fn write(&self, line: String) {
        if let Some(input) = &self.input {
            let _ = input.send(line);
        }
    }

    /// Closes the standard input, which asks the process to end.
    pub(crate) fn close_input(&mut self) {
        self.input = None;
    }

    /// Returns the next line of the process; none at the end of its output.
    pub(crate) async fn next_line(&mut self) -> Option<ProcessLine> {
        self.output.recv().await
    }

    /// Sends SIGTERM to the process and all its children.
    pub(crate) fn terminate(&self) {
        const SIGTERM: i32 = 15;
        if let Err(error) = self.child.signal(SIGTERM) {
            tracing::debug!(%error, "SIGTERM does not reach the agent's process");
        }
    }

    /// Kills the process and all its children.
    pub(crate) fn kill(&mut self) {
        if let Err(error) = self.child.start_kill() {
            tracing::debug!(%error, "SIGKILL does not reach the agent's process");
        }
    }

    /// Kills what is left of the process and its children, and waits for their end.
    pub(crate) async fn reap(mut self) -> ProcessEnd {
        // A process that has ended keeps its own exit status.
        let ended = tokio::time::timeout(LAST_WORDS, self.child.inner_mut().wait()).await;
        self.kill();
        let all = self.child.wait().await;
        self.pipes.shutdown().await;
        let killed = ended.is_err();
        ProcessEnd { status: ended.ok().and_then(Result::ok).or(all.ok()), killed }
    }
}

async fn write_lines(mut stdin: ChildStdin, mut lines: mpsc::UnboundedReceiver<String>) {
    while let Some(line) = lines.recv().await {
        // The end of the process is told by its output.
        if stdin.write_all(line.as_bytes()).await.is_err() || stdin.flush().await.is_err() {
            return;
        }
    }
}

async fn read_lines(stdout: ChildStdout, heard: mpsc::Sender<ProcessLine>) {
    let mut reader = BufReader::new(stdout);
    while let Ok(Some(line)) = next_line(&mut reader, LINE_MAX).await {
        if heard.send(line).await.is_err() {
            return;
        }
    }
}

async fn read_errors(stderr: ChildStderr, errors: ErrorOutput, secrets: Secrets, agent: String) {
    let mut reader = BufReader::new(stderr);
    while let Ok(Some(line)) = next_line(&mut reader, LOG_LINE_MAX).await {
        let text = match line {
            ProcessLine::Text(bytes) => secrets.hide(&String::from_utf8_lossy(&bytes)),
            ProcessLine::TooLong => format!("(a line of more than {LOG_LINE_MAX} bytes)"),
        };
        tracing::debug!(agent, "{text}");
        errors.push(text);
    }
}
