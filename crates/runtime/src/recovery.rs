//! Recovery of a run whose process ended: its last state, and the decision to continue.

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

/// The policy that continues a run automatically.
const POLICY: &str = "recovery";
/// The policy that settles missed work.
const CATCH_UP: &str = "catch-up";

/// The decision to continue a recovered run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryMode {
    /// By the operator, who first sees the decision about each task.
    Ask,
    /// Automatically, except in a crash loop.
    Auto,
    /// As `Auto`, with the engine paused.
    Paused,
}

/// The way in which a recovered run continues at once.
#[derive(Debug)]
pub(super) enum AutoRecovery {
    /// By policy, except in a crash loop.
    Automatic {
        /// True to continue with the engine paused.
        paused: bool,
    },
    /// By an operator who has seen the decisions.
    Confirmed(Actor),
}

impl Driver {
    /// Creates a driver for a run that another process left unfinished, with its handle. No task
    /// starts before [`Command::Recover`], given by an operator or according to `how`.
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

    /// Sets the choice about work missed while the run was not driven; it is settled when the run
    /// continues. Without a choice it is left to the operator.
    pub fn set_default_catch_up(&mut self, choice: CatchUpChoice) {
        self.missed = Some(choice);
    }

    /// Does the same as `RunDriver::set_default_catch_up`, unless a choice was already set; for
    /// callers that cannot ask later.
    pub fn or_unasked(&mut self, choice: CatchUpChoice) {
        self.missed.get_or_insert(choice);
    }

    /// Continues the run as soon as it is driven, confirmed by an operator who has seen the
    /// decisions.
    pub fn confirm_recovery(&mut self, by: Actor) {
        self.recover = Some(AutoRecovery::Confirmed(by));
    }

    /// Returns the command that continues a recovered run, if it may continue at once.
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

    /// Continues a recovered run if no confirmation is needed.
    pub(super) fn auto_recover(&mut self) -> Result<(), DriveError> {
        let Some(order) = self.going_on() else { return Ok(()) };
        let now = self.now();
        let step = self.complete_recovery(now, order);
        self.record_step(step)
    }

    /// Continues the run and first settles the missed work: otherwise the run could end before
    /// catch-up or excuses are recorded.
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

    /// Returns the command about work missed since the run was left, where no operator is asked.
    fn making_up(&mut self, left_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<CommandRequest> {
        let choice = self.missed?;
        let state = self.engine.state();
        let away = Downtime::between(state, left_at, now).filter(|away| !away.missed.is_empty())?;
        let (reason, command) =
            (away.describe(state.plan()), catch_up_plan(state, now, choice).command());
        let by = Actor::Policy(CATCH_UP.into());
        Some(CommandRequest { id: self.own_order(), by, reason: Some(reason), command })
    }

    /// Returns the time of the run; that of a simulated run stands still during recovery.
    pub(super) fn now(&mut self) -> DateTime<Utc> {
        if self.is_time_stopped() {
            self.clock.discard_elapsed();
        }
        self.clock.now()
    }

    /// Returns whether time stands still because of a recovery.
    pub(super) fn is_time_stopped(&self) -> bool {
        self.is_simulated() && self.engine.state().is_recovering()
    }

    /// Returns whether the run waits for an operator's confirmation that cannot come.
    pub(super) fn waits_in_vain(&self) -> bool {
        self.attendance == Attendance::Unattended && self.engine.state().is_recovering()
    }
}
