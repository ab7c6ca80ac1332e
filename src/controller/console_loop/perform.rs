//! Does what the model wants done outside: asks the engine, writes files, speaks to the terminal.

use std::{io, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    super::asking::{answered, asked},
    Line,
    attached::{Attached, ConsoleError, Leaving},
    export::export,
    filters::keep,
    stops,
};
use crate::{
    console::{
        Effect, Model, Msg, Rehearsed,
        terminal::{self, Guard},
    },
    engine::{LateChoice, RunState},
    plan::Plan,
    runtime::Pace,
};

impl Attached {
    /// Does one thing; answers that take time come back to the loop as messages.
    pub(super) fn perform(
        &mut self,
        effect: Effect,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<(), ConsoleError> {
        match effect {
            question @ (Effect::Propose { .. }
            | Effect::Commit { .. }
            | Effect::Brake { .. }
            | Effect::Arm { .. }
            | Effect::Disarm) => self.ask(question),
            Effect::Speed(factor) => {
                self.pace(factor);
                self.tell(Msg::Speed(factor), model, guard)?;
            }
            Effect::DryRun { plan, from } => self.rehearse(plan, from),
            Effect::Late(choice) => self.begin(choice, model, guard)?,
            Effect::Resync => self.watcher = self.handle.watch(),
            Effect::Quit(quit) => {
                self.leaving.get_or_insert(Leaving::Quit(quit));
            }
            Effect::Suspend => {
                terminal::leave();
                stops::stop()?;
                self.return_to(model, guard)?;
            }
            Effect::Redraw => {
                guard.wipe()?;
                self.throttle.pressed(self.elapsed());
            }
            Effect::Notify { title, body } => {
                let how = self.look.notifications;
                guard.say(&terminal::notify(guard.talk(), how, &title, &body))?;
            }
            Effect::Mouse(on) => {
                guard.mouse(on)?;
                self.tell(Msg::Captured(on), model, guard)?;
            }
            Effect::Copy(text) => {
                let outcome = copied(&text, guard)?;
                self.tell(Msg::Outcome(outcome), model, guard)?;
            }
            Effect::Export { name, text } => {
                let folder = self.exports.clone();
                self.aside(move || {
                    let path = export(&folder, &name, &text)?;
                    Ok(format!("written: {}", path.display()))
                });
            }
            Effect::SaveFilters(filters) => {
                let path = self.filters.clone();
                self.aside(move || {
                    keep(&path, &filters)?;
                    Ok("the filter is saved".to_owned())
                });
            }
        }
        Ok(())
    }

    /// Nothing more comes. Of a day that has not ended that must be said: its engine is gone.
    pub(super) fn silent(
        &mut self,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<(), ConsoleError> {
        self.live = false;
        if model.run().is_none_or(RunState::ended) {
            return Ok(());
        }
        if let Some(line) = &mut self.line {
            line.fell_silent();
            self.session = None;
            return Ok(());
        }
        let gone = "the engine is gone: nothing more happens here; leave, and attach again";
        self.tell(Msg::Outcome(Err(gone.into())), model, guard)
    }

    /// Lets a late day begin. Its clock stood still while it was asked about.
    fn begin(
        &mut self,
        choice: LateChoice,
        model: &mut Model,
        guard: &mut Guard,
    ) -> Result<(), ConsoleError> {
        let Some(answer) = self.late.take() else { return Ok(()) };
        if answer.send(choice).is_err() {
            // Whoever would drive the day is gone.
            return self.tell(Msg::Terminate, model, guard);
        }
        if self.clock.pace() == Pace::Max && model.speed().is_finite() {
            self.clock.set_pace(Pace::Times(model.speed()));
        }
        Ok(())
    }

    /// Sets the pace of the virtual clock.
    fn pace(&mut self, factor: f64) {
        let pace = Pace::Times(factor);
        self.clock.set_pace(pace);
        tracing::info!("the virtual clock goes at {factor}x");
        let handle = self.handle.clone();
        tokio::spawn(async move {
            // A day that is over has no clock any more.
            let _ = handle.set_pace(pace).await;
        });
    }

    /// Asks the engine something; the answer comes back as a message.
    fn ask(&self, question: Effect) {
        let (answers, session) = (self.answers.clone(), self.session.clone());
        let refused = self.line.as_ref().and_then(Line::refuses);
        tokio::spawn(async move {
            let answer = match refused {
                Some(why) => answered(&question, why),
                None => asked(session, question).await,
            };
            if let Some(answer) = answer {
                // The console may have been left meanwhile.
                let _ = answers.send(answer).await;
            }
        });
    }

    /// Plays a day beforehand, beside the loop.
    fn rehearse(&self, plan: Arc<Plan>, from: DateTime<Utc>) {
        let answers = self.answers.clone();
        tokio::task::spawn_blocking(move || match Rehearsed::new(&plan, from) {
            // The console may have been left meanwhile.
            Ok(rehearsed) => drop(answers.blocking_send(Msg::DryRun(Box::new(rehearsed)))),
            Err(error) => tracing::error!("the day cannot be played beforehand: {error}"),
        });
    }

    /// Writes something where waiting for a disk keeps nobody, and tells the model what came of it.
    fn aside(&self, write: impl FnOnce() -> io::Result<String> + Send + 'static) {
        let answers = self.answers.clone();
        tokio::task::spawn_blocking(move || {
            let outcome = write().map_err(|error| format!("not written: {error}"));
            // The console may have been left meanwhile.
            let _ = answers.blocking_send(Msg::Outcome(outcome));
        });
    }
}

/// Gives a text to the clipboard. Whether the terminal took it, it does not tell.
fn copied(text: &str, guard: &mut Guard) -> io::Result<Result<String, String>> {
    let size = text.len();
    let Some(bytes) = terminal::copy(guard.talk(), text) else {
        let most = terminal::COPY_MAX;
        return Ok(Err(format!("not copied: {size} bytes, a terminal takes {most}; export it")));
    };
    guard.say(&bytes)?;
    Ok(Ok(format!("copied to the terminal's clipboard: {size} bytes")))
}
