//! Replay of a recorded run from its events: no agent works, no command is accepted, and
//! subscribers see what they would have seen.

use std::{collections::VecDeque, fmt, sync::Arc};

use chrono::{DateTime, Utc};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::{
    clock::{HeartbeatTimer, RunClock},
    driver::DriveError,
    handle::{ASKED_MAX, DriverRequest, RunHandle},
    log_filter::change_log_filter,
    operator_session::SessionRequest,
    session_table::SessionTable,
    subscription::BEHIND_MAX,
};
use crate::protocol::Heartbeat;
use engine::{
    CommandRefusal, Event, IllegalEvent, RecordedEvent, RunState,
    control::{Authority, CommitError, SessionOpening},
    port::EventSink,
};
use planning::plan::{DayPlan, RunMode};

/// A driver that publishes the recorded events of a run at the pace of a clock.
pub struct ReplayDriver {
    run: RunState,
    first: Option<Arc<RecordedEvent>>,
    rest: VecDeque<Arc<RecordedEvent>>,
    from: DateTime<Utc>,
    clock: RunClock,
    sinks: Vec<Box<dyn EventSink>>,
    control: mpsc::Receiver<DriverRequest>,
    events: broadcast::Sender<Arc<RecordedEvent>>,
    beats: watch::Sender<Heartbeat>,
    sessions: SessionTable,
}

impl fmt::Debug for ReplayDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay").field("run", &self.run.plan().run).finish_non_exhaustive()
    }
}

impl ReplayDriver {
    /// Creates a replay at the first of `events`, with its handle. Events before `from` are
    /// published at once; `clock` sets the pace of the rest. The published plan has mode
    /// [`RunMode::Replay`].
    ///
    /// # Errors
    ///
    /// `IllegalEventError` if the events are not those of a run from its first on.
    pub fn new(
        events: Vec<RecordedEvent>,
        from: Option<DateTime<Utc>>,
        mut clock: RunClock,
        sinks: Vec<Box<dyn EventSink>>,
    ) -> Result<(Self, RunHandle), IllegalEvent> {
        let mut rest: VecDeque<_> = events.into_iter().map(as_replayed).map(Arc::new).collect();
        let first = rest.pop_front().ok_or(IllegalEvent::Start { seq: 0 })?;
        let run = RunState::from_first_event(&first)?;
        let mut whole = run.clone();
        rest.iter().try_for_each(|event| whole.apply(event))?;
        let (asks, control) = mpsc::channel(ASKED_MAX);
        let (events, _) = broadcast::channel(BEHIND_MAX);
        let (beats, heard) = watch::channel(clock.heartbeat(0));
        // Nothing is recorded, so no fault can occur.
        let (_, frozen) = watch::channel(None);
        let told = events.downgrade();
        // A recorded run has no desk.
        let (_, orders) = watch::channel(Arc::default());
        let handle = RunHandle {
            control: asks,
            events: told,
            beats: heard,
            frozen,
            orders,
            taken_up: false,
        };
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
            sessions: SessionTable::default(),
        };
        Ok((replay, handle))
    }

    /// Replays the run to its last event or until it is stopped; returns the state reached.
    ///
    /// # Errors
    ///
    /// [`DriveError`] if a sink did not take an event.
    pub async fn run(mut self) -> Result<RunState, DriveError> {
        if let Some(first) = self.first.take() {
            self.publish(first)?;
        }
        while self.rest.front().is_some_and(|next| next.at < self.from) {
            self.go_on()?;
        }
        let mut heart = HeartbeatTimer::new();
        while let Some(next) = self.rest.front().map(|next| next.at) {
            if heart.is_due() {
                let beat = self.clock.heartbeat(self.beats.borrow().count + 1);
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
            // Without pauses, other tasks of this thread would never get a turn.
            tokio::task::yield_now().await;
        }
        Ok(self.run)
    }

    /// Publishes the next event.
    fn go_on(&mut self) -> Result<(), DriveError> {
        let Some(event) = self.rest.pop_front() else { return Ok(()) };
        self.run.apply(&event).expect("every event was applied once before the replay");
        self.publish(event)
    }

    fn publish(&mut self, event: Arc<RecordedEvent>) -> Result<(), DriveError> {
        for sink in &mut self.sinks {
            sink.record(std::slice::from_ref(&event), &self.run).map_err(DriveError::Record)?;
        }
        // There may be no subscriber.
        let _ = self.events.send(event);
        Ok(())
    }

    /// Handles a request; returns whether to continue.
    fn controlled(&mut self, control: DriverRequest) -> bool {
        match control {
            DriverRequest::Snapshot(answer) => {
                let _ = answer.send(Box::new(self.run.clone()));
            }
            // A recorded run does not react to flag files.
            DriverRequest::LogFilter(filter, answer) => {
                let _ = answer.send(change_log_filter(&filter));
            }
            DriverRequest::ReadOnlySession => {}
            DriverRequest::Pace(pace) => self.clock.set_pace(pace),
            DriverRequest::Session(ask) => self.answer_request(ask),
            DriverRequest::Stop => return false,
        }
        true
    }

    /// Opens view-only sessions and refuses every command.
    fn answer_request(&mut self, ask: SessionRequest) {
        match ask {
            SessionRequest::Open(opening, answer) => {
                let opening = SessionOpening { authority: Authority::ReadOnly, ..opening };
                let opened = self.sessions.open(&opening).map_err(CommitError::from);
                let _ = answer.send(opened);
            }
            SessionRequest::Propose(_, _, answer) => refuse(answer),
            SessionRequest::Commit(_, _, answer) => refuse(answer),
            SessionRequest::Direct(_, _, answer) => refuse(answer),
        }
    }
}

fn refuse<T>(answer: oneshot::Sender<Result<T, CommitError>>) {
    let refusal = CommandRefusal {
        what: "this is a replay".into(),
        state: None,
        why: "the day has been, and nothing can be done in it".into(),
        remedy: Some("a recorded run is read-only".into()),
    };
    let _ = answer.send(Err(CommitError::Refused(refusal)));
}

/// Returns an event as published by a replay: the plan has the mode of a replay.
fn as_replayed(recorded: RecordedEvent) -> RecordedEvent {
    let RecordedEvent { event: Event::WorkflowStarted { plan }, .. } = &recorded else {
        return recorded;
    };
    let plan = Arc::new(DayPlan { mode: RunMode::Replay, ..(**plan).clone() });
    RecordedEvent { event: Event::WorkflowStarted { plan }, ..recorded }
}
