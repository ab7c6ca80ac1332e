//! Everything the driver has had recorded, folded anew beside it and held against the laws event by event.

use std::sync::Arc;

use bellwether::{
    engine::{RecordedEvent, RunState, TaskState},
    view::why::state_reasons,
};

use super::{
    laws::LAWS,
    picture::{Moment, Past, Picture},
};

/// A law that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) law: &'static str,
    pub(crate) what: String,
}

impl Broken {
    pub(crate) fn new(law: &'static str, what: impl Into<String>) -> Self {
        Self { law, what: what.into() }
    }
}

/// That folding is what the engine does.
pub(crate) const FOLD: &str = "6: the fold of the journal is the live state";

/// The other half of law 3, of the state as a whole.
pub(crate) const WAITS: &str = "3: whatever waits can say what for, and not that it is due";

/// What waits has a reason that the engine itself can see.
fn waits(run: &RunState) -> Result<(), Broken> {
    let waiting = |state| matches!(state, TaskState::Pending | TaskState::Queued | TaskState::Held);
    let over = run.has_ended() || run.is_recovering();
    for (ix, task) in run.tasks().filter(|(_, task)| waiting(task.state) && !over) {
        let first = state_reasons(run, ix, run.last_event_at()).into_iter().next();
        if first.as_ref().is_none_or(|why| why.code == "due") {
            let what = format!("event {}: {ix:?} is {:?}: {first:?}", run.last_seq(), task.state);
            return Err(Broken::new(WAITS, what));
        }
    }
    Ok(())
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) journal: Vec<Arc<RecordedEvent>>,
    pub(crate) fold: Option<RunState>,
    picture: Option<Picture>,
    past: Past,
}

impl Told {
    /// A step was recorded; `run` is the driver's own state after it, if it lived to have one.
    pub(crate) fn step(
        &mut self,
        events: &[Arc<RecordedEvent>],
        run: Option<&RunState>,
    ) -> Result<(), Broken> {
        self.past.acted = false;
        for (i, recorded) in events.iter().enumerate() {
            self.event(recorded, i + 1 == events.len())?;
        }
        if run.is_some() && self.fold.as_ref() != run {
            return Err(Broken::new(FOLD, "they differ after this step"));
        }
        self.fold.as_ref().map_or(Ok(()), waits)
    }

    /// Whether a command of this number was recorded.
    pub(crate) fn knows(&self, id: u64) -> bool {
        self.past.commands.contains(&id)
    }

    fn event(&mut self, recorded: &Arc<RecordedEvent>, settled: bool) -> Result<(), Broken> {
        let wrong = |illegal: &dyn std::fmt::Display| Broken::new(FOLD, illegal.to_string());
        self.journal.push(Arc::clone(recorded));
        let Some(fold) = &mut self.fold else {
            let fold = RunState::from_first_event(recorded).map_err(|illegal| wrong(&illegal))?;
            self.picture = Some(Picture::of(&fold));
            self.fold = Some(fold);
            return Ok(());
        };
        fold.apply(recorded).map_err(|illegal| wrong(&illegal))?;
        let after = Picture::of(fold);
        let plan = Arc::clone(fold.plan());
        if let Some(before) = &self.picture {
            let past = &self.past;
            let moment = Moment { plan: &plan, before, recorded, after: &after, past, settled };
            for (law, holds) in LAWS {
                holds(&moment)
                    .map_err(|what| Broken::new(law, format!("event {}: {what}", recorded.seq)))?;
            }
            self.past.note(&plan, before, recorded);
        }
        self.picture = Some(after);
        Ok(())
    }
}
