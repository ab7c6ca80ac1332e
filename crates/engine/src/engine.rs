//! The engine as a value: state, agenda, and one function that takes an input and says what follows.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    agenda::Agenda,
    command::{CommandRefusal, CommandRequest},
    decide,
    event::Event,
    event_types::{AlertSeverity, CorrelationId, RecordedEvent},
    outcome::AttemptOutcome,
    recovery::Recovery,
    run_state::RunState,
    step::{EngineInput, EngineStep, work_of},
    task_state::TaskState,
    trading_state::TighteningRequest,
};
use planning::plan::{DayPlan, TaskIx};

/// The engine of one run.
#[derive(Debug)]
pub struct Engine {
    state: RunState,
    agenda: Agenda,
    /// What an answer leads to, between deciding and recording; empty otherwise.
    decided: Vec<Event>,
}

impl Engine {
    /// Begins a run at moment `at`.
    #[must_use]
    pub fn start(plan: Arc<DayPlan>, at: DateTime<Utc>) -> (Self, EngineStep) {
        Self::start_under(plan, at, None)
    }

    /// As [`Engine::start`], with a trading state that is in force before anything begins.
    #[must_use]
    pub fn start_under(
        plan: Arc<DayPlan>,
        at: DateTime<Utc>,
        tightened: Option<TighteningRequest>,
    ) -> (Self, EngineStep) {
        let (mut engine, mut step) = Self::start_inner(plan, at, tightened);
        engine.advance(at, &mut step);
        (engine, step)
    }

    /// As [`Engine::start_under`], but an order is carried out before anything is decided: what becomes
    /// of work that is missed already.
    #[must_use]
    pub fn start_with(
        plan: Arc<DayPlan>,
        at: DateTime<Utc>,
        (tightened, order): (Option<TighteningRequest>, CommandRequest),
    ) -> (Self, EngineStep) {
        let (mut engine, mut step) = Self::start_inner(plan, at, tightened);
        engine.order(at, order, &mut step);
        engine.advance(at, &mut step);
        (engine, step)
    }

    fn start_inner(
        plan: Arc<DayPlan>,
        at: DateTime<Utc>,
        tightened: Option<TighteningRequest>,
    ) -> (Self, EngineStep) {
        let first = RecordedEvent {
            seq: 1,
            at,
            corr: CorrelationId::RUN,
            event: Event::WorkflowStarted { plan },
        };
        let state = match RunState::from_first_event(&first) {
            Ok(state) => state,
            Err(illegal) => unreachable!("a run begins with its plan: {illegal}"),
        };
        let mut step = EngineStep { events: vec![first], ..EngineStep::default() };
        let agenda = Agenda::from_state(&state);
        let mut engine = Self { state, agenda, decided: Vec::new() };
        if let Some(tightened) = tightened {
            engine.tighten(at, tightened, &mut step);
        }
        (engine, step)
    }

    /// Takes a run up whose program ended, at moment `at` of the run and `wall` of the world. Nothing
    /// is started until it is told to [`Recover`](super::Command::Recover).
    #[must_use]
    pub fn recover(state: RunState, at: DateTime<Utc>, wall: DateTime<Utc>) -> (Self, EngineStep) {
        let mut engine = Self::from_state(state);
        let mut step = EngineStep::default();
        if !engine.state.has_ended() {
            let at = at.max(engine.state.last_event_at());
            let number = engine.state.recovery().times + 1;
            engine.record(at, Event::RecoveryStarted { number, wall }, &mut step);
            engine.crash_loop(at, wall, &mut step);
        }
        (engine, step)
    }

    /// Tells people when the run had to be taken up too often lately.
    fn crash_loop(&mut self, at: DateTime<Utc>, wall: DateTime<Utc>, step: &mut EngineStep) {
        let lately = self.state.recovery().recent_count(wall);
        if !self.state.crash_looping(wall) {
            return;
        }
        let minutes = Recovery::LOOP_MINUTES;
        let text = format!(
            "{lately} recoveries in {minutes} minutes: no task starts until an operator runs `recover`"
        );
        let (severity, code) = (AlertSeverity::Critical, "crash_loop".into());
        self.record(at, Event::SystemAlert { severity, code, text }, step);
    }

    /// Takes a run up again where its events left it. The next step looks at everything once.
    #[must_use]
    pub fn from_state(state: RunState) -> Self {
        let mut agenda = Agenda::from_state(&state);
        agenda.settle.extend(state.tasks().map(|(ix, _)| ix));
        Self { state, agenda, decided: Vec::new() }
    }

    /// What is known of the run.
    #[must_use]
    pub const fn state(&self) -> &RunState {
        &self.state
    }

    /// The events an order would be answered with, before anything follows from them; none for one
    /// already given. Changes nothing, and costs no copy of the run.
    ///
    /// # Errors
    ///
    /// The refusal it would meet.
    pub fn preview(
        state: &RunState,
        at: DateTime<Utc>,
        order: &CommandRequest,
    ) -> Result<Vec<Event>, CommandRefusal> {
        if state.has_command(order.id) {
            return Ok(Vec::new());
        }
        decide::decide_command(state, at.max(state.last_event_at()), order)
    }

    /// When the engine must be woken at the latest, even if nothing happens.
    #[must_use]
    pub fn next_wake(&self) -> Option<DateTime<Utc>> {
        let waits = self.state.has_ended() || self.state.is_recovering();
        if waits { None } else { self.agenda.next() }
    }

    /// Takes one input at moment `at` and says what follows.
    pub fn step(&mut self, at: DateTime<Utc>, input: EngineInput) -> EngineStep {
        let mut step = EngineStep::default();
        self.step_into(at, input, &mut step);
        step
    }

    /// As [`Engine::step`], adding to a step that is used again and again.
    ///
    /// A moment before the last event's counts as that event's: time does not run backwards.
    pub fn step_into(&mut self, at: DateTime<Utc>, input: EngineInput, step: &mut EngineStep) {
        let at = at.max(self.state.last_event_at());
        self.hear(at, input, step);
        self.advance(at, step);
    }

    /// Takes what cannot wait at moment `at`, while nothing can be recorded: what follows by itself, and
    /// whatever else is due, is left to the next input.
    pub fn step_aside(&mut self, at: DateTime<Utc>, input: EngineInput) -> EngineStep {
        let mut step = EngineStep::default();
        self.hear(at.max(self.state.last_event_at()), input, &mut step);
        step
    }

    fn hear(&mut self, at: DateTime<Utc>, input: EngineInput, step: &mut EngineStep) {
        match input {
            EngineInput::AttemptEnded { task, attempt, answer } => {
                self.answer(at, (task, attempt), answer, step);
            }
            EngineInput::Progress { task, attempt, percent, note } => {
                let run = self.state.task(task);
                if run.state == TaskState::Running && run.attempt == attempt {
                    self.record(at, Event::TaskProgress { task, attempt, percent, note }, step);
                }
            }
            EngineInput::Probed { task, probe, lookup }
                if task.at() < self.state.plan().tasks.len() =>
            {
                for event in decide::decide_probe_result(&self.state, at, (task, probe), lookup) {
                    self.record(at, event, step);
                }
            }
            EngineInput::Command(order) => self.order(at, order, step),
            EngineInput::Market { code, text } if !self.state.has_ended() => {
                self.record(at, Event::MarketEvent { code, text }, step);
            }
            EngineInput::Alert { severity, code, text } if !self.state.has_ended() => {
                self.record(at, Event::SystemAlert { severity, code, text }, step);
            }
            EngineInput::TradingTightened(tightened) if !self.state.has_ended() => {
                self.tighten(at, tightened, step);
            }
            EngineInput::OrdersCancelled { withdrawn, working } if !self.state.has_ended() => {
                self.record(at, Event::OrdersCancelled { withdrawn, working }, step);
            }
            EngineInput::Tick
            | EngineInput::Probed { .. }
            | EngineInput::Market { .. }
            | EngineInput::Alert { .. }
            | EngineInput::TradingTightened(_)
            | EngineInput::OrdersCancelled { .. } => {}
        }
    }

    /// Carries an order out at moment `at`, adding to a step; what follows by itself is left to the next
    /// input, which is to come at the same moment.
    pub fn order_into(&mut self, at: DateTime<Utc>, order: CommandRequest, step: &mut EngineStep) {
        self.order(at.max(self.state.last_event_at()), order, step);
    }

    fn tighten(&mut self, at: DateTime<Utc>, wish: TighteningRequest, step: &mut EngineStep) {
        for event in decide::decide_external_tightening(&self.state, wish) {
            self.record(at, event, step);
        }
    }

    fn answer(
        &mut self,
        at: DateTime<Utc>,
        of: (TaskIx, u32),
        answer: AttemptOutcome,
        step: &mut EngineStep,
    ) {
        let known = of.0.at() < self.state.plan().tasks.len();
        if known {
            let mut decided = std::mem::take(&mut self.decided);
            decide::decide_attempt_end(&self.state, at, of, answer, &mut decided);
            for event in decided.drain(..) {
                self.record(at, event, step);
            }
            self.decided = decided;
        }
    }

    fn order(&mut self, at: DateTime<Utc>, order: CommandRequest, step: &mut EngineStep) {
        if self.state.has_command(order.id) {
            return;
        }
        let decided = decide::decide_command(&self.state, at, &order);
        let CommandRequest { id, by, reason, command } = order;
        let command = Box::new(command);
        match decided {
            Ok(events) => {
                let corr = CorrelationId::command(self.state.last_seq() + 1);
                self.record_as(at, corr, Event::CommandAccepted { id, by, command, reason }, step);
                for event in events {
                    self.record(at, event, step);
                }
            }
            Err(refusal) => {
                step.refusal = Some(refusal.clone());
                self.record(
                    at,
                    Event::CommandRefused { by, command, refusal: Box::new(refusal) },
                    step,
                );
            }
        }
    }

    /// Decides everything that follows by itself, until nothing more does.
    fn advance(&mut self, at: DateTime<Utc>, step: &mut EngineStep) {
        if self.state.is_recovering() {
            return;
        }
        loop {
            self.timers(at, step);
            self.agenda.wake_opened_windows(&self.state, at);
            while let Some(task) = self.agenda.settle.pop() {
                while let Some(event) = decide::next_event_for(&self.state, at, task) {
                    self.record(at, event, step);
                }
            }
            while !self.state.has_ended()
                && let Some(event) = decide::next_start(&self.state, at, &self.agenda)
            {
                self.record(at, event, step);
            }
            while let Some(stage) = self.agenda.next_stage() {
                if let Some(event) = decide::stage(&self.state, at, stage) {
                    self.record(at, event, step);
                }
            }
            for event in decide::stuck_stage_events(&self.state, at) {
                self.record(at, event, step);
            }
            if let Some(event) = decide::run_end(&self.state) {
                self.record(at, event, step);
            }
            if self.state.has_ended() || !self.agenda.has_work_at(at) {
                return;
            }
        }
    }

    fn timers(&mut self, at: DateTime<Utc>, step: &mut EngineStep) {
        while !self.state.has_ended()
            && let Some((moment, timer)) = self.agenda.pop_due(at)
        {
            let decided = decide::decide_timer(&self.state, at, (moment, timer));
            for event in decided.events {
                self.record(at, event, step);
            }
            self.agenda.settle.extend(decided.settle);
            if let Some(stage) = decided.stage {
                self.agenda.look_at(stage);
            }
            if let Some((moment, timer)) = decided.again {
                self.agenda.add_timer(moment, timer);
            }
        }
        while !self.state.has_ended()
            && let Some(task) = self.agenda.pop_closed_window(at)
        {
            if let Some(event) = decide::window_closed(&self.state, at, task) {
                self.record(at, event, step);
            }
        }
    }

    fn record(&mut self, at: DateTime<Utc>, event: Event, step: &mut EngineStep) {
        let corr = event.task().map_or(CorrelationId::RUN, |task| {
            CorrelationId::task(task, self.state.task(task).generation)
        });
        self.record_as(at, corr, event, step);
    }

    fn record_as(
        &mut self,
        at: DateTime<Utc>,
        corr: CorrelationId,
        event: Event,
        step: &mut EngineStep,
    ) {
        self.agenda.before_event(&self.state, &event);
        let recorded = RecordedEvent { seq: self.state.last_seq() + 1, at, corr, event };
        if let Err(illegal) = self.state.apply(&recorded) {
            unreachable!("decide only emits legal events: {illegal}");
        }
        self.agenda.after_event(&self.state, &recorded.event);
        step.work.extend(work_of(&recorded.event, &self.state));
        step.events.push(recorded);
    }
}
