//! A day that has been, played again from its events: no agent works, nothing can be done, and whoever watches sees what
//! they would have seen.

use std::{collections::VecDeque, fmt, sync::Arc};

use chrono::{DateTime, Utc};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::{
    clock::{Clock, Heart},
    driver::DriveError,
    feed::BEHIND_MAX,
    handle::{ASKED_MAX, Control, Handle},
    session::Ask,
    sessions::Sessions,
};
use crate::{
    acting::{Authority, NotCommitted, Opening},
    engine::{Event, IllegalEvent, Recorded, Refusal, RunState},
    journal::Sink,
    plan::{Mode, Plan},
    wire::Beat,
};

/// Plays the events of a run at the pace of a clock, and is reached and watched as a driver is.
pub struct Replay {
    run: RunState,
    first: Option<Arc<Recorded>>,
    rest: VecDeque<Arc<Recorded>>,
    from: DateTime<Utc>,
    clock: Clock,
    sinks: Vec<Box<dyn Sink>>,
    control: mpsc::Receiver<Control>,
    events: broadcast::Sender<Arc<Recorded>>,
    beats: watch::Sender<Beat>,
    sessions: Sessions,
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay").field("run", &self.run.plan().run).finish_non_exhaustive()
    }
}

impl Replay {
    /// A replay at the first of `events`, and the way to reach it. What happened before `from` is told at once; `clock`
    /// says how fast the rest goes. The plan that is shown has mode [`Mode::Replay`], whatever the day's was.
    ///
    /// # Errors
    ///
    /// [`IllegalEvent`] when the events are not those of a run from its first on.
    pub fn new(
        events: Vec<Recorded>,
        from: Option<DateTime<Utc>>,
        mut clock: Clock,
        sinks: Vec<Box<dyn Sink>>,
    ) -> Result<(Self, Handle), IllegalEvent> {
        let mut rest: VecDeque<_> = events.into_iter().map(shown).map(Arc::new).collect();
        let first = rest.pop_front().ok_or(IllegalEvent::Start { seq: 0 })?;
        let run = RunState::begin(&first)?;
        let mut whole = run.clone();
        rest.iter().try_for_each(|event| whole.apply(event))?;
        let (asks, control) = mpsc::channel(ASKED_MAX);
        let (events, _) = broadcast::channel(BEHIND_MAX);
        let (beats, heard) = watch::channel(clock.beat(0));
        // Nothing is recorded, so nothing can keep it from being.
        let (_, frozen) = watch::channel(None);
        let told = events.downgrade();
        let handle = Handle { control: asks, events: told, beats: heard, frozen, taken_up: false };
        let from = from.unwrap_or(first.at);
        let replay = Self {
            run,
            first: Some(first),
            rest,
            from,
            clock,
            sinks,
            control,
            events,
            beats,
            sessions: Sessions::default(),
        };
        Ok((replay, handle))
    }

    /// Plays the run to its last event or until it is told to stop; gives the run as far as it was played.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when a sink did not take an event.
    pub async fn run(mut self) -> Result<RunState, DriveError> {
        if let Some(first) = self.first.take() {
            self.tell(first)?;
        }
        while self.rest.front().is_some_and(|next| next.at < self.from) {
            self.go_on()?;
        }
        let mut heart = Heart::new();
        while let Some(next) = self.rest.front().map(|next| next.at) {
            if heart.due() {
                let beat = self.clock.beat(self.beats.borrow().count + 1);
                self.beats.send_replace(beat);
            }
            tokio::select! {
                biased;
                Some(control) = self.control.recv() => {
                    if !self.controlled(control) {
                        break;
                    }
                }
                _now = self.clock.wait_until(Some(next)) => self.go_on()?,
                () = heart.next() => {}
            }
            // Without waiting there is never a pause in which others of this thread would get their turn.
            tokio::task::yield_now().await;
        }
        Ok(self.run)
    }

    /// Plays the next event.
    fn go_on(&mut self) -> Result<(), DriveError> {
        let Some(event) = self.rest.pop_front() else { return Ok(()) };
        self.run.apply(&event).expect("the whole run was folded before it was played");
        self.tell(event)
    }

    fn tell(&mut self, event: Arc<Recorded>) -> Result<(), DriveError> {
        for sink in &mut self.sinks {
            sink.record(std::slice::from_ref(&event), &self.run).map_err(DriveError::Record)?;
        }
        // Nobody may be watching.
        let _ = self.events.send(event);
        Ok(())
    }

    /// Whether to go on.
    fn controlled(&mut self, control: Control) -> bool {
        match control {
            Control::Snapshot(answer) => {
                let _ = answer.send(Box::new(self.run.clone()));
            }
            // What has been obeys no flag file.
            Control::Look => {}
            Control::Pace(pace) => self.clock.set_pace(pace),
            Control::Ask(ask) => self.asked(ask),
            Control::Stop => return false,
        }
        true
    }

    /// Lets anybody look, and refuses every act.
    fn asked(&mut self, ask: Ask) {
        match ask {
            Ask::Open(opening, answer) => {
                let opening = Opening { authority: Authority::Locked, ..opening };
                let opened = self.sessions.open(&opening).map_err(NotCommitted::from);
                let _ = answer.send(opened);
            }
            Ask::Propose(_, _, answer) => refuse(answer),
            Ask::Commit(_, _, answer) => refuse(answer),
            Ask::Give(_, _, answer) => refuse(answer),
        }
    }
}

fn refuse<T>(answer: oneshot::Sender<Result<T, NotCommitted>>) {
    let refusal = Refusal {
        what: "this is a replay".into(),
        state: None,
        why: "the day has been, and nothing can be done in it".into(),
        remedy: Some("look at it; only a run that goes on can be acted on".into()),
    };
    let _ = answer.send(Err(NotCommitted::Refused(refusal)));
}

/// An event as a replay shows it: the plan says that it is one.
fn shown(recorded: Recorded) -> Recorded {
    let Recorded { event: Event::WorkflowStarted { plan }, .. } = &recorded else {
        return recorded;
    };
    let plan = Arc::new(Plan { mode: Mode::Replay, ..(**plan).clone() });
    Recorded { event: Event::WorkflowStarted { plan }, ..recorded }
}
