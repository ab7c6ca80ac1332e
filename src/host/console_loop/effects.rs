//! Does what the model wants done outside: asks the engine, writes files, speaks to the terminal.

use std::{
    io::{self, Write as _},
    path::Path,
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    super::console_requests::{refused_message, send_request},
    EngineConnection,
    console::{ConsoleError, ConsoleLoop, ExitCause},
    export::export_file,
    saved_filters::save_atomically,
    signals,
};
use engine::{CatchUpChoice, RecordedEvent, RunState, forecast::dry_run_from};
use planning::plan::DayPlan;
use runtime::ClockPace;
use store::{JournalReader, StoreError};
use tui::{
    DryRunRecording, Effect, Model, Msg,
    terminal::{self, TerminalGuard},
};

impl ConsoleLoop {
    /// Does one thing; answers that take time come back to the loop as messages.
    pub(super) fn perform(
        &mut self,
        effect: Effect,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        match effect {
            question @ (Effect::Propose { .. }
            | Effect::Commit { .. }
            | Effect::Brake { .. }
            | Effect::Arm { .. }
            | Effect::Disarm) => self.send_request(question),
            Effect::Speed(factor) => {
                self.pace(factor);
                self.update_model(Msg::Speed(factor), model, guard)?;
            }
            Effect::DryRun { plan, from } => self.rehearse(plan, from),
            Effect::Forecast { state, at } => self.forecast(state, at),
            Effect::ChooseCatchUp(choice) => self.start_late_day(choice, model, guard)?,
            Effect::Resync => self.watcher = self.handle.subscribe(),
            Effect::LoadHistory { run, until } => self.load_history(run, until),
            Effect::Quit(quit) => {
                self.leaving.get_or_insert(ExitCause::Quit(quit));
            }
            Effect::Suspend if !signals::has_job_control() => {
                let outcome = Err("not suspended: no shell is here to continue it".to_owned());
                self.update_model(Msg::Outcome(outcome), model, guard)?;
            }
            Effect::Suspend => {
                terminal::restore_terminal();
                write_stderr_now(if self.line.is_some() {
                    "the console is suspended, its run goes on; `fg` comes back"
                } else {
                    "suspended with its engine: no task starts and no order is watched until `fg`"
                });
                signals::suspend_process()?;
                self.return_to(model, guard)?;
            }
            Effect::Redraw => {
                guard.clear()?;
                self.throttle.on_key(self.elapsed());
            }
            Effect::Notify { title, body } => {
                let how = self.look.notifications;
                guard.write_escape(&terminal::notify(guard.capabilities(), how, &title, &body))?;
            }
            Effect::Mouse(on) => {
                guard.set_mouse(on)?;
                self.update_model(Msg::Captured(on), model, guard)?;
            }
            Effect::Copy(text) => {
                let outcome = copy_to_clipboard(&text, guard)?;
                self.update_model(Msg::Outcome(outcome), model, guard)?;
            }
            Effect::Export { name, text } => {
                let folder = self.exports.clone();
                self.write_aside(move || {
                    let path = export_file(&folder, &name, &text)?;
                    Ok(format!("written: {}", path.display()))
                });
            }
            Effect::SaveFilters(filters) => {
                let path = self.filters.clone();
                self.write_aside(move || {
                    save_atomically(&path, &filters)?;
                    Ok("the filter is saved".to_owned())
                });
            }
        }
        Ok(())
    }

    /// Nothing more comes. Of a day that has not ended that must be said: its engine is gone.
    pub(super) fn on_run_closed(
        &mut self,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        self.live = false;
        if model.run().is_none_or(RunState::has_ended) {
            return Ok(());
        }
        if let Some(line) = &mut self.line {
            line.fell_silent();
            self.session = None;
            return Ok(());
        }
        let gone = "the engine is gone: nothing more happens here; leave, and attach again";
        self.update_model(Msg::Outcome(Err(gone.into())), model, guard)
    }

    /// Lets a late day begin. Its clock stood still while it was asked about.
    fn start_late_day(
        &mut self,
        choice: CatchUpChoice,
        model: &mut Model,
        guard: &mut TerminalGuard,
    ) -> Result<(), ConsoleError> {
        let Some(answer) = self.late.take() else { return Ok(()) };
        if answer.send(choice).is_err() {
            // Whoever would drive the day is gone.
            return self.update_model(Msg::Terminate, model, guard);
        }
        if self.clock.pace() == ClockPace::Max && model.speed().is_finite() {
            self.clock.set_pace(ClockPace::Times(model.speed()));
        }
        Ok(())
    }

    /// Sets the pace of the virtual clock.
    fn pace(&mut self, factor: f64) {
        let pace = ClockPace::Times(factor);
        self.clock.set_pace(pace);
        tracing::info!("the virtual clock goes at {factor}x");
        let handle = self.handle.clone();
        tokio::spawn(async move {
            // A day that is over has no clock any more.
            let _ = handle.set_pace(pace).await;
        });
    }

    /// Asks the engine something; the answer comes back as a message.
    fn send_request(&self, question: Effect) {
        let (answers, session) = (self.answers.clone(), self.session.clone());
        let refused = self.line.as_ref().and_then(EngineConnection::refusal);
        tokio::spawn(async move {
            let answer = match refused {
                Some(why) => refused_message(&question, why),
                None => send_request(session, question).await,
            };
            if let Some(answer) = answer {
                // The console may have been left meanwhile.
                let _ = answers.send(answer).await;
            }
        });
    }

    /// Reads the events of a run from its journal, beside the loop.
    fn load_history(&self, run: String, until: u64) {
        let (answers, folder) = (self.answers.clone(), self.journal.clone());
        tokio::task::spawn_blocking(move || {
            let read = history_of(&folder, &run, until);
            let answer = match read {
                Ok(events) => Msg::History(events),
                Err(error) => {
                    let text = format!("cannot show the run before this console: {error}");
                    Msg::Outcome(Err(text))
                }
            };
            // The console may have been left meanwhile.
            let _ = answers.blocking_send(answer);
        });
    }

    /// Plays a day beforehand, beside the loop.
    fn rehearse(&self, plan: Arc<DayPlan>, from: DateTime<Utc>) {
        let answers = self.answers.clone();
        tokio::task::spawn_blocking(move || match DryRunRecording::new(&plan, from) {
            // The console may have been left meanwhile.
            Ok(rehearsed) => drop(answers.blocking_send(Msg::DryRun(Box::new(rehearsed)))),
            Err(error) => tracing::error!("the day cannot be played beforehand: {error}"),
        });
    }

    /// Plays the rest of a run, beside the loop.
    fn forecast(&self, state: Box<RunState>, at: DateTime<Utc>) {
        let answers = self.answers.clone();
        tokio::task::spawn_blocking(move || {
            let report = dry_run_from(&state, at);
            // The console may have been left meanwhile.
            let _ = answers.blocking_send(Msg::Forecast(Box::new(report)));
        });
    }

    /// Writes something where waiting for a disk keeps nobody, and tells the model what came of it.
    fn write_aside(&self, write: impl FnOnce() -> io::Result<String> + Send + 'static) {
        let answers = self.answers.clone();
        tokio::task::spawn_blocking(move || {
            let outcome = write().map_err(|error| format!("not written: {error}"));
            // The console may have been left meanwhile.
            let _ = answers.blocking_send(Msg::Outcome(outcome));
        });
    }
}

/// Returns the events of a run up to the one numbered `until`, from the journal of a state folder.
fn history_of(folder: &Path, run: &str, until: u64) -> Result<Vec<Arc<RecordedEvent>>, StoreError> {
    let journal = JournalReader::open(folder)?;
    let found = journal.find_run(run)?;
    let events = journal.recorded_events(found.id)?;
    Ok(events.into_iter().take_while(|event| event.seq <= until).map(Arc::new).collect())
}

/// Gives a text to the clipboard. Whether the terminal took it, it does not tell.
fn copy_to_clipboard(text: &str, guard: &mut TerminalGuard) -> io::Result<Result<String, String>> {
    let size = text.len();
    let Some(bytes) = terminal::copy(guard.capabilities(), text) else {
        let most = terminal::COPY_MAX;
        return Ok(Err(format!("not copied: {size} bytes, a terminal takes {most}; export it")));
    };
    guard.write_escape(&bytes)?;
    Ok(Ok(format!("copied to the terminal's clipboard: {size} bytes")))
}

/// Writes a line for whoever sits at the shell, before the process stops.
fn write_stderr_now(text: &str) {
    // A terminal that takes no line takes no other word about it either.
    let _ = writeln!(io::stderr(), "bellwether: {text}");
}
