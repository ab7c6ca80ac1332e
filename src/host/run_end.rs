//! The end of a run without a screen: after its driver, the server, the flag watcher, the journal.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{sync::oneshot, task::JoinHandle};

use super::{
    day::error_chain,
    print_queue::Unprinted,
    serve::{ServeGuard, ServeMode},
    signals::SignalWatch,
    start::PendingDriver,
    stderr::write_stderr,
};
use crate::cli::{CliError, Exit};
use audit::TrailHead;
use engine::{RunState, RunStatus};
use runtime::{KillWatch, wall_now};
use store::{Store, TrailHeadHandle};
use view::{format::count_noun, recovery};

/// The longest a program that was asked to end waits for its last lines to be read.
const LAST_LINES: Duration = Duration::from_secs(2);

/// A run that is ready to be driven, and everything that has to be ended after it.
pub(crate) struct UnattendedRun {
    pub(crate) driver: PendingDriver,
    pub(crate) kill: Option<KillWatch>,
    pub(crate) served: ServeGuard,
    pub(crate) store: Store,
    pub(crate) seal: TrailHeadHandle,
    pub(crate) service: ServeMode,
    pub(crate) signals: SignalWatch,
    /// The file for the day's report.
    pub(crate) report: Option<PathBuf>,
    /// One line for each input that differs since the run was begun.
    pub(crate) differing: Vec<String>,
    pub(crate) unprinted: Unprinted,
}

/// A run that is driven in tasks of its own, whatever the thread that prints it waits for.
pub(crate) struct DrivenRun {
    /// The run and the head of its audit trail, as soon as its driver has ended; closed where it failed.
    pub(crate) ended: oneshot::Receiver<(RunState, Option<TrailHead>)>,
    /// The run once everything has ended, or why it could not be driven to its end.
    pub(crate) concluded: oneshot::Receiver<Result<EndedRun, CliError>>,
    task: JoinHandle<()>,
}

impl Drop for DrivenRun {
    fn drop(&mut self) {
        // The program goes on by itself: nothing is left to be waited for.
        self.task.abort();
    }
}

/// A run whose driver, server and journal have ended.
pub(crate) struct EndedRun {
    pub(crate) state: RunState,
    /// A line about the report that was written.
    pub(crate) report: Option<String>,
}

impl UnattendedRun {
    /// Drives the run, and ends the program if its last lines are not read: of a service after its end, of
    /// any run after a signal. Must be called inside a runtime.
    pub(crate) fn spawn(self) -> DrivenRun {
        let (tell_end, ended) = oneshot::channel();
        let (conclude, concluded) = oneshot::channel();
        let (signals, unprinted) = (self.signals.clone(), self.unprinted.clone());
        let service = self.service;
        let task = tokio::spawn(async move {
            let result = self.conclude(tell_end).await;
            let exit = match &result {
                Err(error) => error.exit,
                Ok(end) if end.state.has_ended() => exit_of_run(&end.state),
                Ok(_stopped) => service.exit_after_signal(),
            };
            // The printer may have failed already.
            let _ = conclude.send(result);
            if !service.recovers_on_restart() {
                signals.wait().await;
            }
            tokio::time::sleep(LAST_LINES).await;
            let events = count_noun(unprinted.all(), "event");
            write_stderr(format!("ended while nobody read the output: {events} not printed")).await;
            std::process::exit(exit.code().into());
        });
        DrivenRun { ended, concluded, task }
    }

    async fn conclude(
        self,
        tell_end: oneshot::Sender<(RunState, Option<TrailHead>)>,
    ) -> Result<EndedRun, CliError> {
        let driven = tokio::spawn(self.driver.run()).await;
        if let Ok(Ok(state)) = &driven {
            // The printer may have failed already.
            let _ = tell_end.send((state.clone(), self.seal.head()));
        }
        self.served.close().await;
        drop(self.kill);
        let state = match driven {
            Ok(Ok(state)) => state,
            Ok(Err(error)) => return Err(CliError::new(Exit::Internal, error_chain(&error))),
            Err(crash) => {
                let message = format!("the engine crashed: {crash}");
                return Err(CliError::new(Exit::Internal, message));
            }
        };
        let restarts = self.service.recovers_on_restart();
        if state.is_recovering() && !(restarts && self.signals.signal_name().is_some()) {
            let (why, _) = recovery::recovery_count_text(&state, wall_now());
            return Err(CliError::new(Exit::Refused, format!("nothing was started: {why}")));
        }
        if !state.has_ended() && !restarts {
            self.store.mark_left_unfinished()?;
        }
        let report = match &self.report {
            Some(path) => {
                Some(write_report(path, &state, (self.seal.head().as_ref(), &self.differing))?)
            }
            None => None,
        };
        Ok(EndedRun { state, report })
    }
}

/// Returns the exit code of a run.
pub(crate) const fn exit_of_run(state: &RunState) -> Exit {
    match state.status() {
        RunStatus::Completed(_) => Exit::Success,
        RunStatus::Running | RunStatus::Failed(_) | RunStatus::Cancelled => Exit::Failed,
    }
}

/// Writes the text of the day's report to a file; returns a line about it.
fn write_report(
    path: &Path,
    state: &RunState,
    (head, differing): (Option<&TrailHead>, &[String]),
) -> Result<String, CliError> {
    let text = state.tasks().find_map(|(ix, task)| {
        let report = state.plan().task(ix).task_type.as_str() == "daily_report";
        task.outcome.as_ref().filter(|_| report)?.output.pointer("/data/markdown")?.as_str()
    });
    let shown = path.display();
    let Some(text) = text else {
        return Ok(format!("no report was written to {shown}: the day has no `daily_report`"));
    };
    let wrong = |error| CliError::new(Exit::Internal, format!("cannot write {shown}: {error}"));
    let sealed = head.map(|head| format!("\nAudit trail: ends with entry {head}\n"));
    let mut text = text.to_owned();
    if !differing.is_empty() {
        text.push_str("\n## Inputs that differ since the run was begun\n\n");
        text.extend(differing.iter().flat_map(|line| ["- ", line, "\n"]));
    }
    std::fs::write(path, format!("{text}{}", sealed.unwrap_or_default())).map_err(wrong)?;
    Ok(format!("the report is in {shown}"))
}
