//! Taking a run up whose program ended: from where it stood, and by whose word it goes on.

use chrono::{DateTime, Utc};

use super::{
    driver::{Attendance, DriveError, Driver, DriverConfig},
    handle::RunHandle,
    schedule::market_events,
};
use engine::{
    Actor, CatchUpChoice, Command, CommandRequest, Engine, EngineInput, EngineStep, RunState,
    forecast::{Downtime, catch_up::catch_up_plan},
};

/// The policy that lets a run go on.
const POLICY: &str = "recovery";
/// The policy that settles missed work.
const ON_MISSED: &str = "on-missed";

/// Who lets a run go on that is taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryMode {
    /// A person, who first sees what is decided about each task.
    Ask,
    /// The program, unless the run had to be taken up too often lately.
    Auto,
    /// As `Auto`, and the engine is paused at once.
    Paused,
}

/// How a run that is taken up goes on at once.
#[derive(Debug)]
pub(super) enum AutoRecovery {
    /// By the program's own word, unless it had to be taken up too often lately.
    Automatic {
        /// Whether with the engine paused.
        paused: bool,
    },
    /// By the word of a person, who has seen what is decided.
    Confirmed(Actor),
}

impl Driver {
    /// A driver of a run that was begun by a program that ended, and the way to reach it. Nothing is
    /// started until the run is told to [`Command::Recover`], by a person or by `how`.
    #[must_use]
    pub fn recover(
        mut setup: DriverConfig,
        state: RunState,
        how: RecoveryMode,
    ) -> (Self, RunHandle) {
        if state.plan().mode.has_virtual_clock() {
            setup.clock.discard_elapsed();
        }
        let (now, wall) = (setup.clock.now(), setup.clock.wall_time());
        let heard = usize::try_from(state.market_events()).unwrap_or(usize::MAX);
        let market = market_events(state.plan(), state.started_at()).skip(heard).collect();
        let (engine, first) = Engine::recover(state, now, wall);
        let (mut driver, handle) = Self::from_parts(setup, (engine, first), market);
        driver.own_orders = u64::from(driver.engine.state().recovery().times) << 32;
        driver.recover = match how {
            RecoveryMode::Ask => None,
            RecoveryMode::Auto => Some(AutoRecovery::Automatic { paused: false }),
            RecoveryMode::Paused => Some(AutoRecovery::Automatic { paused: true }),
        };
        (driver, handle)
    }

    /// Says what becomes of work that was missed while nobody drove the run, so that it is settled when it
    /// goes on; otherwise it is left to whoever watches.
    pub fn set_default_catch_up(&mut self, choice: CatchUpChoice) {
        self.missed = Some(choice);
    }

    /// As [`Driver::unless_asked`], where nothing was said yet: for whoever cannot ask later.
    pub fn or_unasked(&mut self, choice: CatchUpChoice) {
        self.missed.get_or_insert(choice);
    }

    /// Lets the run go on as soon as it is driven, by the word of a person who has seen what is decided.
    pub fn confirm_recovery(&mut self, by: Actor) {
        self.recover = Some(AutoRecovery::Confirmed(by));
    }

    /// The order by which a run goes on that is taken up, if it may at once.
    fn going_on(&mut self) -> Option<CommandRequest> {
        let goes_on = self.recover.take()?;
        let state = self.engine.state();
        let (by, paused) = match goes_on {
            AutoRecovery::Confirmed(by) => (by, false),
            AutoRecovery::Automatic { .. } if state.crash_looping(self.clock.wall_time()) => {
                return None;
            }
            AutoRecovery::Automatic { paused } => (Actor::Policy(POLICY.into()), paused),
        };
        state.is_recovering().then(|| CommandRequest {
            id: self.own_order(),
            by,
            reason: Some("the program had ended".into()),
            command: Command::Recover { paused },
        })
    }

    /// Lets a run go on that is taken up, if it may without anybody being asked.
    pub(super) fn auto_recover(&mut self) -> Result<(), DriveError> {
        let Some(order) = self.going_on() else { return Ok(()) };
        let now = self.now();
        let step = self.complete_recovery(now, order);
        self.record_step(step)
    }

    /// Lets the run go on, and settles first what was missed meanwhile: work that is made up for, or
    /// whose not being done fails nothing, must not end the run before that is said.
    pub(super) fn complete_recovery(
        &mut self,
        now: DateTime<Utc>,
        order: CommandRequest,
    ) -> EngineStep {
        let left_at = self.engine.state().recovery().left_at;
        let mut step = EngineStep::default();
        self.engine.order_into(now, order, &mut step);
        let refusal = step.refusal.clone();
        let input = left_at
            .filter(|_| !self.engine.state().is_recovering())
            .and_then(|left_at| self.making_up(left_at, now))
            .map_or(EngineInput::Tick, EngineInput::Command);
        self.engine.step_into(now, input, &mut step);
        step.refusal = refusal;
        step
    }

    /// What becomes of the work that was missed since the run was left, where nobody is asked.
    fn making_up(&mut self, left_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<CommandRequest> {
        let choice = self.missed?;
        let state = self.engine.state();
        let away = Downtime::between(state, left_at, now).filter(|away| !away.missed.is_empty())?;
        let (reason, command) =
            (away.describe(state.plan()), catch_up_plan(state, now, choice).command());
        let by = Actor::Policy(ON_MISSED.into());
        Some(CommandRequest { id: self.own_order(), by, reason: Some(reason), command })
    }

    /// The run's time: that of a simulated day stands still while it is being taken up.
    pub(super) fn now(&mut self) -> DateTime<Utc> {
        if self.is_time_stopped() {
            self.clock.discard_elapsed();
        }
        self.clock.now()
    }

    /// Whether time stands still because the run is being taken up.
    pub(super) fn is_time_stopped(&self) -> bool {
        self.is_simulated() && self.engine.state().is_recovering()
    }

    /// Whether the run waits for a person to let it go on, and none will come.
    pub(super) fn waits_in_vain(&self) -> bool {
        self.attendance == Attendance::Unattended && self.engine.state().is_recovering()
    }
}
