//! The events of one run as they came, and a few states between them: any moment can be had again.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, Utc};

use engine::{IllegalEvent, RecordedEvent, RunState};

/// What is kept of one run. Its memory is bounded; what is older than it keeps is folded into the
/// state it begins with, and cannot be looked back at.
#[derive(Debug, Clone)]
pub struct RunRecording {
    /// The state before the first event kept.
    base: RunState,
    /// The event that began the run, while it is the last before those kept.
    opening: Option<Arc<RecordedEvent>>,
    /// The events after the base state, without gaps.
    events: VecDeque<Arc<RecordedEvent>>,
    /// States in between, oldest first.
    marks: VecDeque<RunState>,
    /// Events between two of them.
    every: u64,
    began: DateTime<Utc>,
    /// Events kept at most.
    most: usize,
}

impl RunRecording {
    /// Events kept of a run; the oldest go first. A trading day has some thousands.
    pub const EVENTS_MAX: usize = 200_000;
    /// Least number of events between two states kept: what is applied between two keys.
    const EVERY: u64 = 4_096;
    /// Tasks in all states kept together, and so the memory they take.
    const TASKS_MAX: usize = 200_000;

    /// Begins with a state: that after the first event of a run, which then is known too, or a
    /// snapshot in the middle.
    #[must_use]
    pub fn start(run: RunState, opening: Option<Arc<RecordedEvent>>) -> Self {
        let tasks = u64::try_from(run.tasks().len()).unwrap_or(u64::MAX);
        Self {
            began: run.last_event_at(),
            opening,
            base: run,
            events: VecDeque::new(),
            marks: VecDeque::new(),
            // A state costs as much as it has tasks: no event pays for more than one.
            every: Self::EVERY.max(tasks),
            most: Self::EVENTS_MAX,
        }
    }

    /// The record of these events, from `workflow_started` on.
    ///
    /// # Errors
    ///
    /// [`IllegalEvent`] when they do not follow from one another.
    pub fn from_events(events: &[Arc<RecordedEvent>]) -> Result<Self, IllegalEvent> {
        let Some((first, rest)) = events.split_first() else {
            return Err(IllegalEvent::Start { seq: 0 });
        };
        let mut run = RunState::from_first_event(first)?;
        let mut record = Self::start(run.clone(), Some(Arc::clone(first)));
        for event in rest {
            run.apply(event)?;
            record.push(event, &run);
        }
        Ok(record)
    }

    /// Takes the next event, and the state after it. One that does not follow is not taken.
    pub fn push(&mut self, event: &Arc<RecordedEvent>, after: &RunState) {
        if event.seq != self.last_seq() + 1 || after.last_seq() != event.seq {
            return;
        }
        self.events.push_back(Arc::clone(event));
        if event.seq - self.marks.back().map_or(self.first_seq(), RunState::last_seq) >= self.every
        {
            self.marks.push_back(after.clone());
            self.thin();
        }
        if self.events.len() > self.most
            && let Some(oldest) = self.events.pop_front()
        {
            // It followed when it came, so it follows now.
            let _ = self.base.apply(&oldest);
            self.opening = None;
            self.marks.pop_front_if(|mark| mark.last_seq() <= oldest.seq);
        }
    }

    /// Keeps every second state once there are too many.
    fn thin(&mut self) {
        let most = (Self::TASKS_MAX / self.base.tasks().len().max(1)).clamp(2, 64);
        if self.marks.len() > most {
            let mut odd = false;
            self.marks.retain(|_| {
                odd = !odd;
                !odd
            });
            self.every *= 2;
        }
    }

    /// Number of the last event before those kept: nothing earlier can be shown.
    #[must_use]
    pub const fn first_seq(&self) -> u64 {
        self.base.last_seq()
    }

    /// Number of the newest event.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.events.back().map_or(self.first_seq(), |event| event.seq)
    }

    /// Returns when the record begins, UTC.
    #[must_use]
    pub const fn started_at(&self) -> DateTime<Utc> {
        self.began
    }

    /// The state after event `seq`, or the nearest there is: a kept state and at most the events up
    /// to the next one.
    #[must_use]
    pub fn state_at(&self, seq: u64) -> RunState {
        let after = self.marks.partition_point(|mark| mark.last_seq() <= seq);
        let near = after.checked_sub(1).and_then(|at| self.marks.get(at)).unwrap_or(&self.base);
        let mut run = near.clone();
        self.apply_up_to(&mut run, seq);
        run
    }

    /// Folds a state of this run forward, up to event `seq`.
    pub fn apply_up_to(&self, run: &mut RunState, seq: u64) {
        let from = self.events_up_to(run.last_seq());
        for event in self.events.range(from..).take_while(|event| event.seq <= seq) {
            // They followed when they came, so they follow now.
            let _ = run.apply(event);
        }
    }

    /// Number of the last event at or before a moment, or the first that can be shown.
    #[must_use]
    pub fn seq_at(&self, moment: DateTime<Utc>) -> u64 {
        let count = self.events.partition_point(|event| event.at <= moment);
        count.checked_sub(1).and_then(|at| self.events.get(at)).map_or(self.first_seq(), |e| e.seq)
    }

    /// At most `count` events up to `seq`, oldest first.
    pub fn events_until(
        &self,
        seq: u64,
        count: usize,
    ) -> impl Iterator<Item = &Arc<RecordedEvent>> {
        let end = self.events_up_to(seq);
        let opening = self.opening.as_ref().filter(|first| first.seq <= seq && end < count);
        opening.into_iter().chain(self.events.range(end.saturating_sub(count)..end))
    }

    /// Returns how many of the kept events have a number up to `seq`.
    fn events_up_to(&self, seq: u64) -> usize {
        let count = usize::try_from(seq.saturating_sub(self.first_seq())).unwrap_or(usize::MAX);
        count.min(self.events.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::forecast::dry_run_with_events;
    use testkit::sample::{self, exchange_time, task};

    /// A day with a loop of some hundred rounds, as its events.
    fn events() -> Vec<Arc<RecordedEvent>> {
        let mut round = task("round", 2);
        round.every = Some(planning::time::Span::mins(1));
        round.closes_at = exchange_time("15:00");
        let plan = sample::sample_plan(vec![task("once", 0), round]);
        dry_run_with_events(Arc::new(plan), exchange_time("06:00")).events
    }

    fn fold(events: &[Arc<RecordedEvent>], seq: u64) -> RunState {
        let mut run = RunState::from_first_event(&events[0]).unwrap();
        for event in events[1..].iter().take_while(|event| event.seq <= seq) {
            run.apply(event).unwrap();
        }
        run
    }

    /// A record with few states and few events.
    fn small(events: &[Arc<RecordedEvent>], every: u64, most: usize) -> RunRecording {
        let mut run = RunState::from_first_event(&events[0]).unwrap();
        let mut record = RunRecording { every, most, ..RunRecording::start(run.clone(), None) };
        for event in &events[1..] {
            run.apply(event).unwrap();
            record.push(event, &run);
        }
        record
    }

    #[test]
    fn every_state_had_again_is_the_one_there_was() {
        let events = events();
        assert!(events.len() > 300, "{}", events.len());
        let record = small(&events, 7, usize::MAX);
        for seq in 1..=record.last_seq() {
            assert_eq!(record.state_at(seq), fold(&events, seq), "at {seq}");
        }
        assert_eq!(record.first_seq(), 1);
    }

    #[test]
    fn what_is_too_old_cannot_be_shown_and_the_rest_is_as_it_was() {
        let events = events();
        let record = small(&events, 10, 100);
        let last = u64::try_from(events.len()).unwrap();
        assert_eq!((record.first_seq(), record.last_seq()), (last - 100, last));
        assert_eq!(record.state_at(1), fold(&events, last - 100), "the nearest there is");
        for seq in last - 100..=last {
            assert_eq!(record.state_at(seq), fold(&events, seq), "at {seq}");
        }
        assert!(record.marks.len() <= 10, "{} states of a hundred events", record.marks.len());
    }

    #[test]
    fn there_are_never_more_states_than_their_tasks_allow() {
        let events = events();
        let record = small(&events, 1, usize::MAX);
        assert!(record.marks.len() <= 64, "{}", record.marks.len());
        assert!(record.every > 1);
        let last = record.last_seq();
        assert_eq!(record.state_at(last - 1), fold(&events, last - 1));
    }

    #[test]
    fn a_moment_finds_the_last_event_before_it() {
        let events = events();
        let record = small(&events, 50, usize::MAX);
        assert_eq!(record.seq_at(exchange_time("05:00")), 1);
        assert_eq!(record.seq_at(exchange_time("23:00")), record.last_seq());
        let noon = record.seq_at(exchange_time("12:00"));
        let at = |seq: u64| events[usize::try_from(seq).unwrap() - 1].at;
        assert!(at(noon) <= exchange_time("12:00") && at(noon + 1) > exchange_time("12:00"));
        let shown: Vec<_> = record.events_until(noon, 3).map(|event| event.seq).collect();
        assert_eq!(shown, [noon - 2, noon - 1, noon]);
    }

    #[test]
    fn an_event_that_does_not_follow_is_not_taken() {
        let events = events();
        let mut record = small(&events[..20], 50, usize::MAX);
        record.push(&events[25], &fold(&events, 26));
        assert_eq!(record.last_seq(), 20);
        assert!(RunRecording::from_events(&[]).is_err());
        assert!(RunRecording::from_events(&events[1..]).is_err());
    }
}
