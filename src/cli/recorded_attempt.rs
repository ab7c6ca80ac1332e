//! The input of an attempt of a recorded run.

use std::path::Path;

use super::{CliError, Exit, run_printer::apply_event};
use crate::host::find_task_by_name;
use engine::{Event, RunState, port::AttemptRequest};
use planning::{id::TaskType, plan::TaskIx};
use runtime::recorded_request;
use store::JournalReader;

/// An attempt of a recorded run.
pub(super) struct RecordedAttempt<'a> {
    /// The run, by number, date or name.
    pub(super) run: &'a str,
    pub(super) task: &'a str,
    /// Number of the attempt; `None` for the last one.
    pub(super) attempt: Option<u32>,
}

impl RecordedAttempt<'_> {
    /// Returns the request of the attempt for a task type, as its agent received it.
    ///
    /// # Errors
    ///
    /// [`CliError`] for an unknown run, task or attempt, or a name that no task type can have.
    pub(super) fn request(
        &self,
        state: &Path,
        task_type: &str,
    ) -> Result<AttemptRequest, CliError> {
        let task_type = TaskType::parse(task_type).map_err(|error| {
            let quoted = diag::quote(task_type);
            CliError::new(Exit::Usage, format!("{quoted} is no task type: {error}"))
        })?;
        let reader = JournalReader::open(state)?;
        let found = reader.find_run(self.run)?;
        let (mut run, mut known, mut request) = (None::<RunState>, None::<TaskIx>, None);
        for recorded in reader.recorded_events(found.id)? {
            apply_event(&mut run, &recorded)?;
            let Some(run) = &run else { continue };
            let task = match known {
                Some(task) => task,
                None => find_task_by_name(run, self.task)
                    .map_err(|error| CliError::new(Exit::Usage, error))?,
            };
            known = Some(task);
            let begins = matches!(
                recorded.event,
                Event::TaskStarted { task: started, attempt }
                    if started == task && self.attempt.is_none_or(|wanted| wanted == attempt)
            );
            if begins {
                request = Some(recorded_request(run, task));
            }
        }
        let attempt = self.attempt.map_or_else(String::new, |n| format!(" {n}"));
        let message = || {
            let (task, run) = (self.task, &found.name);
            format!("no attempt{attempt} of {task} was started in {run}; choose another run")
        };
        let request = request.ok_or_else(|| CliError::new(Exit::Usage, message()))?;
        Ok(AttemptRequest { task_type, ..request })
    }
}
