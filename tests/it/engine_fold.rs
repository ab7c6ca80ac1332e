//! Runs taken up from what was kept of them, after any event, and brought to an end by people, answers and time.

use std::collections::BTreeMap;

use bellwether::{
    engine::{
        Actor, Command, CommandRequest, Engine, EngineInput, EngineStep, Gate, PauseMode,
        RecordedEvent, Resolution, RetryScope, RunState, TaskEnding, TaskState, TimeoutCause,
        TradingState, WorkItem,
    },
    planning::{
        plan::{PlannedTask, TaskIx},
        time::Span,
        workflow::OnClose,
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::{
    engine_random::{Day, random_answer, random_plan},
    engine_script::{Script, add, quiet},
    laws::check_journal,
    support::plans::{self, Dice},
};

/// A run taken up again, with everything recorded of it before and since.
struct TakenUp {
    engine: Engine,
    at: DateTime<Utc>,
    alive: BTreeMap<TaskIx, u32>,
    journal: Vec<RecordedEvent>,
    orders: u64,
}

impl TakenUp {
    /// From what stood on disk: the events, and for a reader the snapshot after the last of them.
    fn from(journal: &[RecordedEvent]) -> Self {
        let state = fold(journal);
        let kept = serde_json::to_vec(&state).expect("a state can be written");
        let state: RunState = serde_json::from_slice(&kept).expect("and read");
        let active = state.tasks().filter(|(_, run)| run.state.is_active());
        let alive = active.map(|(ix, run)| (ix, run.attempt)).collect();
        let (at, journal) = (state.last_event_at(), journal.to_vec());
        // No id a person of the day before has used.
        Self { engine: Engine::from_state(state), at, alive, journal, orders: 1_000_000 }
    }

    fn input(&mut self, input: EngineInput) {
        let EngineStep { events, work, .. } = self.engine.step(self.at, input);
        for work in work {
            if let WorkItem::Start { task, attempt } = work {
                self.alive.insert(task, attempt);
            }
        }
        self.journal.extend(events);
    }

    fn order(&mut self, command: Command) {
        self.orders += 1;
        let by = Actor::Operator("ana".into());
        let order =
            CommandRequest { id: self.orders, by, reason: Some("after the crash".into()), command };
        self.input(EngineInput::Command(order));
    }

    /// Whatever waits for a person gets one.
    fn attend(&mut self) {
        let state = self.engine.state();
        let gates: Vec<Gate> = state.closed_gates().keys().copied().collect();
        let waiting = |wanted: TaskState| {
            let there = state.tasks().filter(move |(_, run)| run.state == wanted);
            there.map(|(ix, _)| ix).collect::<Vec<_>>()
        };
        let trading = state.trading_status().state;
        let (held, doubts) = (waiting(TaskState::Held), waiting(TaskState::InDoubt));
        // What leans on a result that is too old waits for somebody to say what becomes of it.
        let stale = waiting(TaskState::Pending).into_iter();
        let stale: Vec<_> = stale.filter(|ix| state.first_stale(*ix, self.at).is_some()).collect();
        self.order(Command::Arm);
        // KILLED is left by way of HALTED.
        if trading == TradingState::Killed {
            self.order(Command::ReEnableTrading { to: TradingState::Halted });
        }
        if trading >= TradingState::Halted {
            self.order(Command::ReEnableTrading { to: TradingState::Active });
        }
        for gate in gates {
            self.order(Command::Resume { gate });
        }
        for task in held {
            self.order(Command::Release { task });
        }
        for task in stale {
            self.order(Command::Skip { task, satisfies: true });
        }
        for task in doubts {
            self.order(Command::Resolve { task, finding: Resolution::DidNotHappen });
        }
    }

    /// Goes on until nothing is left to do.
    fn finish(&mut self, dice: &mut Dice) {
        for _ in 0..5_000 {
            if self.engine.state().has_ended() {
                return;
            }
            self.attend();
            if let Some((task, attempt)) = self.alive.pop_first() {
                self.input(EngineInput::AttemptEnded {
                    task,
                    attempt,
                    answer: random_answer(dice),
                });
            } else {
                self.at = self.engine.next_wake().unwrap_or(self.at).max(self.at);
                self.input(EngineInput::Tick);
            }
        }
    }
}

fn fold(journal: &[RecordedEvent]) -> RunState {
    let mut state = RunState::from_first_event(&journal[0]).expect("a run begins");
    for recorded in &journal[1..] {
        state.apply(recorded).expect("an event of the engine is legal");
    }
    state
}

fn shaken(dice: &mut Dice) -> Day {
    let mut day = Day::begin(random_plan(dice, 14));
    for _ in 0..100 {
        day.shake(dice, 30);
    }
    day
}

proptest! {
    #[test]
    fn a_run_taken_up_after_any_event_is_brought_to_a_legal_end(
        seed in any::<u64>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut dice = Dice(seed);
        let day = shaken(&mut dice);
        let kept = 1 + cut.index(day.journal.len());
        let mut run = TakenUp::from(&day.journal[..kept]);
        run.finish(&mut dice);
        let state = run.engine.state();
        let left: Vec<_> = state.tasks().filter(|(_, t)| !t.state.is_terminal()).collect();
        prop_assert!(state.has_ended(), "the run never ended; left: {left:#?}");
        prop_assert!(left.is_empty(), "the run ended over {left:#?}");
        // The events of both lives are one run: each may follow, nothing went out twice.
        check_journal(&run.journal, state.plan());
        prop_assert_eq!(&fold(&run.journal), state);
        prop_assert!(run.journal.starts_with(&day.journal[..kept]));
    }
}

#[test]
fn the_limit_of_a_wait_for_a_slot_outlives_a_crash() {
    let mut plan = quiet();
    plan.agents[0].slots = 1;
    add(&mut plan, |task| task.timeout = Span::mins(60));
    let waits = add(&mut plan, |task| task.queue_timeout = Some(Span::mins(3)));
    let mut day = Script::begin(plan);
    day.until(2);
    day.crash();
    day.pass(59);
    assert_eq!(day.state(waits), TaskState::Queued);
    day.until(3);
    assert_eq!(day.task(waits).ending, Some(TaskEnding::TimedOut(TimeoutCause::Queue)));
}

#[test]
fn a_crash_every_minute_repeats_no_reminder_of_a_pause_and_swallows_none() {
    let mut plan = quiet();
    add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    for minute in 1..60 {
        day.until(minute);
        day.crash();
        day.input(EngineInput::Tick);
        let due = [5, 15, 30].iter().filter(|due| **due <= minute).count();
        assert_eq!(day.alerts("pause_reminder"), due, "at minute {minute}");
    }
}

#[test]
fn a_reminder_looked_at_late_is_given_all_the_same() {
    let mut plan = quiet();
    add(&mut plan, |_| {});
    let mut day = Script::begin(plan);
    day.order(Command::Pause { gate: Gate::Engine, mode: PauseMode::Drain, until: None });
    day.at += TimeDelta::milliseconds(5 * 60_000 + 7);
    day.input(EngineInput::Tick);
    assert_eq!(day.alerts("pause_reminder"), 1);
}

#[test]
fn what_a_person_began_after_a_stage_called_its_rest_off_outlives_a_crash() {
    let mut plan = plans::empty(2, 1);
    plan.stages[0].on_close = OnClose::CancelRest;
    let long = |task: &mut PlannedTask| {
        task.closes_at += TimeDelta::minutes(60);
        task.timeout = Span::mins(200);
    };
    let task = add(&mut plan, long);
    let other = add(&mut plan, long);
    // The day goes on after the stage.
    let later = plans::task(&plan, 1, 0);
    plan.tasks.push(later);
    let mut day = Script::begin(plan);
    day.until(181);
    assert_eq!(day.state(task), TaskState::Cancelled);
    day.order(Command::Retry { task, scope: RetryScope::Task });
    assert_eq!((day.state(task), day.state(other)), (TaskState::Running, TaskState::Cancelled));
    day.crash();
    day.pass(30);
    assert_eq!((day.state(task), day.state(other)), (TaskState::Running, TaskState::Cancelled));
}
