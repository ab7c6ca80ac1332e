//! How much is asked of whoever wants an act done: from nothing to a typed phrase.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::trial;
use crate::{
    definition::Effect,
    engine::{Command, Gate, RetryScope, RunState},
    plan::{Mode, TaskIx},
    time::Span,
};

/// How much stands between the wish and the act. Ordered: a later one asks for more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Changes nothing: asks for nothing.
    Look,
    /// Makes things safer: always allowed, armed or not.
    Brake,
    /// Armed, and one line answered with `y`.
    Confirm,
    /// Armed; a dialog with the plan, and a reason. May be recalled for 3 s.
    Careful,
    /// Armed; a dialog with the plan, a reason, a typed phrase, and 1.5 s before it can be given.
    Grave,
}

impl Tier {
    /// The word on screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Brake => "brake",
            Self::Confirm => "confirm",
            Self::Careful => "careful",
            Self::Grave => "grave",
        }
    }

    /// Whether only an armed operator may do it.
    #[must_use]
    pub const fn needs_arming(self) -> bool {
        match self {
            Self::Look | Self::Brake => false,
            Self::Confirm | Self::Careful | Self::Grave => true,
        }
    }

    /// Whether it is done only with a reason, whatever the verb demands.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        match self {
            Self::Look | Self::Brake | Self::Confirm => false,
            Self::Careful | Self::Grave => true,
        }
    }

    /// How long a dialog keeps its button closed.
    #[must_use]
    pub const fn wait(self) -> Span {
        match self {
            Self::Look | Self::Brake | Self::Confirm | Self::Careful => Span::ZERO,
            Self::Grave => Span::millis(1_500),
        }
    }

    /// How long an act agreed to may be recalled before it is given to the engine.
    #[must_use]
    pub const fn grace(self) -> Span {
        match self {
            Self::Look | Self::Brake | Self::Confirm | Self::Grave => Span::ZERO,
            Self::Careful => Span::secs(3),
        }
    }
}

/// How strict a run is with those who act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Guards {
    /// As its mode says: at most `Confirm` in DRY, at most `Careful` in SIM.
    #[default]
    ByMode,
    /// A rehearsal: SIM is guarded as LIVE is. Other modes are guarded as always.
    Full,
}

impl Guards {
    /// Whether sessions of a run may open armed, and stay so: nothing in it can be harmed.
    #[must_use]
    pub fn lenient(self, mode: Mode) -> bool {
        match mode {
            Mode::Dry => true,
            Mode::Sim => self == Self::ByMode,
            Mode::Paper | Mode::Live | Mode::Replay => false,
        }
    }

    /// Whether what is done in a run counts as done with real money.
    fn live(self, mode: Mode) -> bool {
        mode == Mode::Live || (mode == Mode::Sim && self == Self::Full)
    }
}

/// The tier of doing all of `commands` at `now`: the gravest of them, at least `Careful` for more
/// than one that is no brake, capped where nothing can be harmed.
#[must_use]
pub fn tier(run: &RunState, now: DateTime<Utc>, commands: &[Command], guards: Guards) -> Tier {
    let ranks = commands.iter().map(|command| {
        let reached = trial::reached(run, now, command);
        rank(run, now, (command, &reached), guards)
    });
    settle(run.plan().mode, commands.len(), ranks.max().unwrap_or(Tier::Look), guards)
}

/// What becomes of the gravest rank of so many commands.
pub(super) fn settle(mode: Mode, commands: usize, gravest: Tier, guards: Guards) -> Tier {
    let many = commands > 1 && gravest > Tier::Brake;
    let tier = if many { gravest.max(Tier::Careful) } else { gravest };
    tier.min(match mode {
        Mode::Dry => Tier::Confirm,
        Mode::Sim if guards == Guards::ByMode => Tier::Careful,
        Mode::Sim | Mode::Paper | Mode::Live | Mode::Replay => Tier::Grave,
    })
}

/// How grave one command is that reaches these tasks, before any cap.
pub(super) fn rank(
    run: &RunState,
    now: DateTime<Utc>,
    (command, reached): (&Command, &BTreeSet<TaskIx>),
    guards: Guards,
) -> Tier {
    let base = base(run, command);
    // A probe only asks, whatever it asks about.
    let harmless =
        matches!(command, Command::Acknowledge { .. } | Command::Arm | Command::Probe { .. });
    if base <= Tier::Brake || harmless {
        return base;
    }
    let orders = reached.iter().any(|&ix| run.plan().task(ix).effect == Effect::Effectful);
    let live = guards.live(run.plan().mode);
    if (orders && live) || outside(run, now, command, reached) {
        return Tier::Grave;
    }
    if orders { base.max(Tier::Careful) } else { base }
}

/// How grave a verb is by itself, aimed at work that sends no orders.
fn base(run: &RunState, command: &Command) -> Tier {
    match command {
        Command::Pause { .. }
        | Command::Hold { .. }
        | Command::Reject { .. }
        | Command::Tighten { .. }
        | Command::Disarm => Tier::Brake,
        Command::Acknowledge { .. }
        | Command::Probe { .. }
        | Command::Arm
        | Command::Release { .. }
        | Command::Unskip { .. }
        | Command::Retry { scope: RetryScope::Task, .. }
        | Command::Resume { gate: Gate::Stage(_) | Gate::Agent(_) } => Tier::Confirm,
        Command::Resume { gate: Gate::Engine } if run.halted() => Tier::Grave,
        Command::Resume { gate: Gate::Engine }
        | Command::Retry { scope: RetryScope::WithBlocked, .. }
        | Command::CatchUp { .. }
        | Command::RetryFailed { .. }
        | Command::Rerun { .. }
        | Command::RunNow { .. }
        | Command::Skip { .. }
        | Command::Cancel { .. }
        | Command::Recover { .. }
        | Command::SetPriority { .. } => Tier::Careful,
        Command::Force { .. }
        | Command::ForceStage { .. }
        | Command::SetOk { .. }
        | Command::SetFailed { .. }
        | Command::Approve { .. }
        | Command::Resolve { .. }
        | Command::Rearm { .. }
        | Command::CancelRun => Tier::Grave,
    }
}

/// Whether a command starts work whose time is over: its window has closed, or its market.
fn outside(
    run: &RunState,
    now: DateTime<Utc>,
    command: &Command,
    reached: &BTreeSet<TaskIx>,
) -> bool {
    let plan = run.plan();
    let late = |&ix: &TaskIx| {
        let task = plan.task(ix);
        let shut = task.effect == Effect::Effectful && !(plan.open <= now && now < plan.close);
        task.closes_at <= now || shut
    };
    match command {
        Command::Retry { .. }
        | Command::RetryFailed { .. }
        | Command::Rerun { .. }
        | Command::RunNow { .. }
        | Command::Release { .. }
        | Command::Unskip { .. } => reached.iter().any(late),
        Command::Resume { gate: Gate::Stage(stage) } => plan.stage(*stage).closes_at <= now,
        Command::Resume { gate: Gate::Engine | Gate::Agent(_) }
        | Command::Pause { .. }
        | Command::Hold { .. }
        | Command::Force { .. }
        | Command::ForceStage { .. }
        | Command::Skip { .. }
        | Command::Cancel { .. }
        | Command::SetOk { .. }
        | Command::SetFailed { .. }
        | Command::Approve { .. }
        | Command::Reject { .. }
        | Command::Resolve { .. }
        | Command::Probe { .. }
        | Command::Recover { .. }
        | Command::SetPriority { .. }
        | Command::CatchUp { .. }
        | Command::CancelRun
        | Command::Arm
        | Command::Disarm
        | Command::Tighten { .. }
        | Command::Rearm { .. }
        | Command::Acknowledge { .. } => false,
    }
}
