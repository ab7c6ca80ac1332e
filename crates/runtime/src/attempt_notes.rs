//! Notes of agents on their attempts: kept in the log of the attempt, and progress passed to the run.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU8, Ordering},
};

use tokio::sync::mpsc;

use super::clock::wall_now;
use engine::{
    AttemptOutcome, EngineInput,
    port::{AttemptNote, AttemptNotes, AttemptRequest},
};
use store::{AttemptLogKind, AttemptLogLine, AttemptLogWriter, AttemptLogs};

/// The notes of a run's attempts.
#[derive(Debug)]
pub(super) struct NoteKeeper {
    /// Where logs are kept; `None` for a run without a state folder.
    logs: Option<AttemptLogs>,
    progress: mpsc::UnboundedSender<EngineInput>,
    received: mpsc::UnboundedReceiver<EngineInput>,
}

/// The log of one attempt.
#[derive(Debug)]
pub(super) struct AttemptLog {
    writer: Option<AttemptLogWriter>,
    /// First line of the log, written with the first note.
    title: String,
    begun: AtomicBool,
}

impl NoteKeeper {
    pub(super) fn new(logs: Option<AttemptLogs>) -> Self {
        let (progress, received) = mpsc::unbounded_channel();
        Self { logs, progress, received }
    }

    /// Returns the log of an attempt, and what its agent notes are taken by.
    pub(super) fn begin(&self, request: &AttemptRequest) -> (Arc<AttemptLog>, AttemptNotes) {
        let AttemptRequest { run, task_id, attempt, agent, task_type, task, .. } = request;
        let writer = self.logs.as_ref().map(|logs| logs.writer(run, task_id.as_str(), *attempt));
        let title = format!("attempt {attempt} of {task_id}: {agent}.{task_type}");
        let log = Arc::new(AttemptLog { writer, title, begun: AtomicBool::new(false) });
        let (kept, told) = (Arc::clone(&log), self.progress.clone());
        let (task, attempt, furthest) = (*task, *attempt, AtomicU8::new(0));
        let notes = AttemptNotes::new(move |note| {
            // Only progress beyond what was reported is an event: at most a hundred of an attempt.
            if let AttemptNote::Progress { percent, text } = &note
                && furthest.fetch_max(*percent, Ordering::Relaxed) < *percent
            {
                let (percent, note) = (*percent, text.clone());
                // A driver that has ended needs no progress.
                let _ = told.send(EngineInput::Progress { task, attempt, percent, note });
            }
            kept.take(note);
        });
        (log, notes)
    }

    /// Waits for the next progress report.
    pub(super) async fn next_progress(&mut self) -> Option<EngineInput> {
        self.received.recv().await
    }

    /// Returns the next progress report that has arrived.
    pub(super) fn try_next_progress(&mut self) -> Option<EngineInput> {
        self.received.try_recv().ok()
    }
}

impl AttemptLog {
    fn take(&self, note: AttemptNote) {
        let (kind, level, text) = match note {
            AttemptNote::Progress { percent, text } => {
                (AttemptLogKind::Progress, String::new(), format!("{percent}% {text}"))
            }
            AttemptNote::Log { level, text } => (AttemptLogKind::Log, level, text),
            AttemptNote::Usage { tokens_in, tokens_out, usd } => {
                let text = format!("{tokens_in} tokens in, {tokens_out} tokens out, {usd} USD");
                (AttemptLogKind::Usage, String::new(), text)
            }
            AttemptNote::ErrorOutput(text) => (AttemptLogKind::ErrorOutput, String::new(), text),
            AttemptNote::Stray(text) => (AttemptLogKind::Stray, String::new(), text),
        };
        if !self.begun.swap(true, Ordering::Relaxed) {
            self.write(AttemptLogKind::Start, String::new(), self.title.clone());
        }
        self.write(kind, level, text.trim_end().to_owned());
    }

    /// Adds the last line, unless the log is empty.
    pub(super) fn end(&self, answer: &AttemptOutcome) {
        if self.begun.load(Ordering::Relaxed) {
            let text = match answer {
                AttemptOutcome::Completed(result) => format!("completed: {}", result.summary),
                AttemptOutcome::Failed(failure) => format!("failed: {}", failure.message),
                AttemptOutcome::InDoubt(failure) => format!("in doubt: {}", failure.message),
                AttemptOutcome::Stopped => "stopped".to_owned(),
            };
            self.write(AttemptLogKind::End, String::new(), text);
        }
    }

    fn write(&self, kind: AttemptLogKind, level: String, text: String) {
        let Some(writer) = &self.writer else { return };
        if let Err(error) = writer.write(&AttemptLogLine { at: wall_now(), kind, level, text }) {
            tracing::warn!(%error, "cannot write the log of an attempt; {}", self.title);
        }
    }
}
