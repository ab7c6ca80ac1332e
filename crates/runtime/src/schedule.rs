//! Schedule of a run: planned replies, market hours, and the end of an unattended run.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::driver::{DriveError, Driver};
use engine::{Actor, AttemptOutcome, Command, CommandRequest, EngineInput, TaskState};
use planning::plan::{DayPlan, TaskIx};

/// Time after the last window at which a stuck unattended run is ended.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

/// An item due at a known moment of a run.
#[derive(Debug)]
pub(super) enum ScheduledItem {
    PlannedApproval(TaskIx, u32, AttemptOutcome),
    Command(CommandRequest),
    Market(&'static str, String),
}

/// The schedule, by moment, kind and index.
pub(super) type RunSchedule = BTreeMap<(DateTime<Utc>, u8, u32, u32), ScheduledItem>;

impl Driver {
    pub(super) fn next_moment(&self) -> Option<DateTime<Utc>> {
        let planned = self.agenda.keys().next().map(|key| key.0);
        let next = [planned, self.engine.next_wake()].into_iter().flatten().min();
        // With an empty schedule, an unattended run waits for its own end, not indefinitely. A run
        // in recovery waits for confirmation without limit.
        let alone = self.attendance.is_unattended()
            && self.alive.is_empty()
            && !self.engine.state().is_recovering();
        let patience = || self.patience_ends().max(self.engine.state().last_event_at());
        if alone && self.engine.state().plan().ends_with_work && self.is_stuck() {
            return Some(patience());
        }
        next.or_else(|| alone.then(patience))
    }

    /// Returns the moment at which a stuck unattended run is ended.
    fn patience_ends(&self) -> DateTime<Utc> {
        let plan = self.engine.state().plan();
        if plan.ends_with_work && self.is_stuck() {
            return self.engine.state().last_event_at();
        }
        let closes = plan.tasks.iter().map(|task| task.closes_at);
        let stages = plan.stages.iter().map(|stage| stage.closes_at);
        closes.chain(stages).max().map_or(plan.close, |last| last + PATIENCE)
    }

    /// Returns whether only an operator could continue the run: a stage is stuck, and no effect in
    /// doubt will be probed again.
    fn is_stuck(&self) -> bool {
        let state = self.engine.state();
        let asked = state.in_doubt().values().any(|doubt| doubt.next_at.is_some());
        !asked && state.stages().any(|(_, stage)| stage.stuck_since.is_some())
    }

    /// Handles one item due at `moment`, or else the engine's own timers.
    pub(super) fn run_due(&mut self, moment: DateTime<Utc>) -> Result<(), DriveError> {
        let first = self.agenda.first_entry().filter(|entry| entry.key().0 <= moment);
        let input = match first.map(std::collections::btree_map::OccupiedEntry::remove) {
            Some(ScheduledItem::PlannedApproval(task, attempt, answer)) => {
                let answer = self.settle_attempt((task, attempt), moment, answer);
                self.forward_agent_alerts(moment, &answer)?;
                EngineInput::AttemptEnded { task, attempt, answer }
            }
            Some(ScheduledItem::Command(order)) => {
                // A policy answers an approval only while it is pending.
                let asked = order
                    .command
                    .task()
                    .is_none_or(|task| self.engine.state().task(task).state == TaskState::Running);
                if asked { EngineInput::Command(order) } else { EngineInput::Tick }
            }
            Some(ScheduledItem::Market(code, text)) => {
                EngineInput::Market { code: code.into(), text }
            }
            None => EngineInput::Tick,
        };
        self.step_with(moment, input)?;
        self.give_up(moment)
    }

    /// Ends an unattended run that waits for an operator.
    fn give_up(&mut self, now: DateTime<Utc>) -> Result<(), DriveError> {
        let run = self.engine.state();
        let patient = now < self.patience_ends() || !self.alive.is_empty() || run.is_recovering();
        if !self.attendance.is_unattended() || run.has_ended() || patient {
            return Ok(());
        }
        let order = CommandRequest {
            id: self.own_order(),
            by: Actor::Policy("unattended".into()),
            reason: Some("the run cannot continue and is unattended".into()),
            command: Command::CancelRun,
        };
        self.step_with(now, EngineInput::Command(order))
    }

    /// Returns whether another item is due at the same moment, so that both are recorded together.
    pub(super) fn has_more_now(&self) -> bool {
        let now = self.engine.state().last_event_at();
        !self.engine.state().has_ended()
            && self.agenda.keys().next().is_some_and(|key| key.0 <= now)
    }
}

/// Returns the market hours of the day from `now` on, as numbered schedule items.
pub(super) fn market_events(
    plan: &DayPlan,
    now: DateTime<Utc>,
) -> impl Iterator<Item = ((DateTime<Utc>, u8, u32, u32), ScheduledItem)> + use<> {
    let mut events = Vec::new();
    if !plan.is_closed() {
        events.push((plan.open, "market_open", format!("the market opens ({})", plan.day)));
        events.push((plan.close, "market_close", "the market closes".to_owned()));
    }
    for blackout in &plan.blackouts {
        let what = format!("no {} orders ({})", blackout.orders(), blackout.origin);
        events.push((blackout.from, "blackout_begins", what.clone()));
        events.push((blackout.to, "blackout_ends", what));
    }
    let ahead = events.into_iter().filter(move |(at, ..)| *at >= now).enumerate();
    let mut planned: Vec<_> = ahead
        .map(|(i, (at, code, text))| {
            ((at, 2, u32::try_from(i).unwrap_or(u32::MAX), 0), ScheduledItem::Market(code, text))
        })
        .collect();
    planned.sort_by_key(|(key, _)| *key);
    planned.into_iter()
}
